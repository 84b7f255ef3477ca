//! The power fails while a shop starts for the first time and loads its sample data.

use crate::disk::{Disk, Fate};
use crate::found::lay_out;
use crate::recorder::{Recorded, can_be_recorded};
use crate::trace::parse;
use crate::{SEED, assert_whole};
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use testing::{Agora, Database};

/// Moments at which the power fails, spread evenly; each has another fate than the one before.
const CUTS: usize = 25;

/// All that the sample data brings.
const SHOP: &str = "{
    users { totalCount nodes { id username } }
    categories { totalCount nodes { id name } }
    products { totalCount nodes { id name category { id } stockItem { onHand reserved } } }
    orders { totalCount nodes { id user { id } status total { amount }
        lines { product { id } quantity } } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_start_makes_up_a_first_start_that_was_cut_short() {
    if !can_be_recorded() {
        return;
    }
    let database = Database::sqlite();
    let directory = fs::canonicalize(database.directory().unwrap()).unwrap();
    let recorded = Recorded::start(Agora::options().sample_data().database(&database)).await;
    let whole = content(&recorded.shop).await;
    let events = parse(&recorded.end().await, &directory);

    let mut rng = Rng::with_seed(SEED);
    let mut disk = Disk::with(&BTreeMap::new());
    let mut cuts = 0;
    for (number, event) in events.iter().enumerate() {
        if number * CUTS / events.len() >= cuts {
            let fate = Fate::ALL[cuts % Fate::ALL.len()];
            let database = Database::sqlite();
            lay_out(&disk.image("", fate, &mut rng), database.directory().unwrap());
            let shop = Agora::options().sample_data().database(&database).start().await;

            assert_eq!(content(&shop).await, whole, "{fate:?} before call {number}");
            assert_whole(&shop, fate).await;
            cuts += 1;
        }
        disk.apply(&event.call);
    }
    assert_eq!(cuts, CUTS);
}

async fn content(shop: &Agora) -> Value {
    shop.data(SHOP, json!({})).await
}
