//! However a client writes a query, it has the same answer.

use crate::disguise::Disguise;
use crate::shop::{Shop, ask};
use crate::tree::{Types, grow, plain};
use fastrand::Rng;
use futures::StreamExt;
use futures::stream;
use serde_json::Value;

const SEED: u64 = 9;
const TREES: usize = 250;
/// How often each tree is written anew.
const DISGUISES: usize = 8;
const DEPTH: usize = 4;

#[test]
fn a_query_has_the_same_answer_however_it_is_written() {
    let shop = Shop::new();
    let types = Types::read(&shop);
    let trees = (0..TREES).map(|tree| {
        let (types, graph) = (&types, &shop.graph);
        async move {
            let mut rng = Rng::with_seed(SEED.wrapping_mul(1_000_003).wrapping_add(tree as u64));
            let nodes = grow(types, &mut rng, "Query", DEPTH);
            let query = plain("Query", &nodes);
            let answer = ask(graph, &query, Value::Null).await;
            assert_eq!(answer.get("errors"), None, "{query}\n{answer}");
            for _ in 0..DISGUISES {
                let disguised = Disguise::new(types, &mut rng).write(&nodes, &answer["data"]);
                let same = ask(graph, &disguised.query, disguised.variables.clone()).await;
                let context =
                    || format!("{query}\n{}\n{}\n{same}", disguised.query, disguised.variables);
                assert_eq!(same.get("errors"), None, "{}", context());
                assert_eq!(same["data"], disguised.expected, "{}", context());
            }
        }
    });
    shop.block_on(stream::iter(trees).buffer_unordered(4).collect::<Vec<()>>());
}
