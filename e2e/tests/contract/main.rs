//! The recorded REST contract, played against Agora.
#![cfg(test)]

mod outage;
mod replayer;

use e2e::replay::{ControlStep, Services, parse, play};
use testing::{Agora, Database};

const CONTRACT: &str = include_str!("../../contract/contract.public.json");

#[tokio::test]
async fn everything_is_answered_as_recorded_on_sqlite() {
    replay(Agora::start().await).await;
}

#[tokio::test]
async fn everything_is_answered_as_recorded_on_postgres() {
    if let Some(database) = Database::postgres() {
        replay(Agora::options().database(&database).start().await).await;
    }
}

/// Everything in one process.
struct Whole(Agora);

impl Services for Whole {
    fn base(&self, service: &str) -> String {
        self.0.rest_url(service).to_owned()
    }

    async fn control(&mut self, step: &ControlStep) {
        panic!("{step:?} needs parts that run apart");
    }
}

async fn replay(agora: Agora) {
    let mut whole = Whole(agora);
    let (passed, failures) = play(&parse(CONTRACT), &mut whole).await;
    report(passed, &failures, &whole.0.output());
}

/// Fails with one line for each exchange that was answered otherwise.
fn report(passed: usize, failures: &[String], log: &str) {
    assert!(passed > 0 || !failures.is_empty(), "the recording is empty");
    assert!(
        failures.is_empty(),
        "{}\n{passed} exchanges passed, {} failed\n{log}",
        failures.join("\n"),
        failures.len()
    );
}
