//! One minute of the soak, with another seed each time; `cargo run -p e2e --bin soak` is the long
//! form.
#![cfg(test)]

use clap::ValueEnum;
use e2e::soak::{Setup, soak};
use std::time::Duration;
use testing::Database;

/// For each of the four setups.
const DURATION: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_whatever_dies() {
    let seed = fastrand::u64(..);
    for setup in Setup::value_variants() {
        let on_postgres = matches!(setup, Setup::PostgresWhole | Setup::PostgresApart);
        if on_postgres && Database::postgres().is_none() {
            continue;
        }
        let report = soak(*setup, seed, DURATION).await.unwrap_or_else(|error| panic!("{error}"));
        println!("{setup}, seed {seed}: {report}");
    }
}
