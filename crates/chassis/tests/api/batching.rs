//! What the resolvers of one request ask for together is loaded together.

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Request, Schema};
use chassis::Subgraph;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

/// The sizes of the batches that were loaded.
type Batches = Arc<Mutex<Vec<usize>>>;

/// Answers each number with its successor; others may run while it loads.
struct Successors(Batches);

impl Loader<i32> for Successors {
    type Value = i32;
    type Error = Infallible;

    async fn load(&self, numbers: &[i32]) -> Result<HashMap<i32, i32>, Infallible> {
        self.0.lock().unwrap().push(numbers.len());
        tokio::task::yield_now().await;
        Ok(numbers.iter().map(|number| (*number, number + 1)).collect())
    }
}

struct Number(i32);

#[Object]
impl Number {
    async fn value(&self) -> i32 {
        self.0
    }

    async fn successor(&self, ctx: &Context<'_>) -> i32 {
        let loader = ctx.data_unchecked::<DataLoader<Successors>>();
        loader.load_one(self.0).await.unwrap().unwrap()
    }

    async fn next(&self, ctx: &Context<'_>) -> Number {
        // Siblings do not all ask at the same moment.
        for _ in 0..self.0 % 3 {
            tokio::task::yield_now().await;
        }
        let loader = ctx.data_unchecked::<DataLoader<Successors>>();
        Number(loader.load_one(self.0).await.unwrap().unwrap())
    }

    async fn broken(&self) -> i32 {
        assert_ne!(self.0, 0, "a bug in a resolver");
        self.0
    }
}

struct Query;

#[Object]
impl Query {
    async fn numbers(&self, count: i32) -> Vec<Number> {
        (0..count).map(Number).collect()
    }
}

/// A subgraph, and the sizes of its batches so far.
fn subgraph() -> (Subgraph, Batches) {
    let batches = Batches::default();
    let counted = Arc::clone(&batches);
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let subgraph = Subgraph::new("numbers", schema, move |batch, request| {
        request.data(batch.loader(Successors(Arc::clone(&counted))))
    });
    (subgraph, batches)
}

async fn answer(subgraph: &Subgraph, query: &str) -> Value {
    serde_json::to_value(subgraph.execute(Request::new(query)).await).unwrap()
}

#[tokio::test]
async fn the_keys_of_siblings_are_one_batch() {
    let (subgraph, batches) = subgraph();

    let answer = answer(&subgraph, "{ numbers(count: 100) { successor } }").await;

    let expected: Vec<_> = (1..=100).map(|value| json!({ "successor": value })).collect();
    assert_eq!(answer["data"]["numbers"], json!(expected));
    assert_eq!(*batches.lock().unwrap(), [100]);
}

#[tokio::test]
async fn siblings_that_ask_at_different_moments_still_share_batches() {
    let (subgraph, batches) = subgraph();

    let answer = answer(&subgraph, "{ numbers(count: 100) { next { value } } }").await;

    let expected: Vec<_> = (1..=100).map(|value| json!({ "next": { "value": value } })).collect();
    assert_eq!(answer["data"]["numbers"], json!(expected));
    let batches = batches.lock().unwrap();
    assert_eq!(batches.iter().sum::<usize>(), 100);
    // One for each moment at which some of them had to ask.
    assert!(batches.len() <= 3, "{batches:?}");
}

#[tokio::test]
async fn a_batch_has_a_greatest_size() {
    let (subgraph, batches) = subgraph();

    let answer = answer(&subgraph, "{ numbers(count: 2500) { next { value } } }").await;

    assert_eq!(answer["data"]["numbers"][2499]["next"]["value"], 2500);
    let batches = batches.lock().unwrap();
    assert_eq!(batches.iter().sum::<usize>(), 2500);
    assert!(batches.iter().all(|size| *size <= 1000), "{batches:?}");
    assert!(batches.len() <= 6, "{batches:?}");
}

#[tokio::test]
async fn each_level_of_a_query_is_loaded_at_once() {
    let (subgraph, batches) = subgraph();
    let deep = "{ numbers(count: 1) { next { next { next { value } } } } }";
    let wide = deep.replace("count: 1", "count: 90");

    let one = answer(&subgraph, deep).await;
    let for_one = std::mem::take(&mut *batches.lock().unwrap()).len();
    let many = answer(&subgraph, &wide).await;

    assert_eq!(one["data"]["numbers"][0]["next"]["next"]["next"]["value"], 3);
    assert_eq!(many["data"]["numbers"][89]["next"]["next"]["next"]["value"], 92);
    let batches = batches.lock().unwrap();
    assert_eq!(for_one, 3);
    assert!(batches.len() <= 9, "{batches:?}");
}

#[tokio::test]
async fn a_resolver_that_panics_is_a_masked_error_and_the_next_request_is_answered() {
    let (subgraph, _) = subgraph();

    let broken = answer(&subgraph, "{ numbers(count: 1) { broken } }").await;
    let next = answer(&subgraph, "{ numbers(count: 1) { value } }").await;

    assert_eq!(broken["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert!(!broken.to_string().contains("a bug"), "{broken}");
    assert_eq!(next["data"], json!({ "numbers": [{ "value": 0 }] }));
}
