//! Waiting ends with the condition or with the deadline.
#![cfg(test)]

use std::time::Duration;
use testing::{wait_for, wait_until};

#[tokio::test]
async fn waiting_ends_when_the_condition_is_met() {
    let mut looks = 0;

    wait_until(Duration::from_secs(10), || {
        looks += 1;
        std::future::ready(looks == 3)
    })
    .await;

    assert_eq!(looks, 3);
}

#[tokio::test]
async fn waiting_answers_what_it_was_waiting_for() {
    assert_eq!(wait_for(Duration::ZERO, || async { Some("mug") }).await, "mug");
}

#[tokio::test]
#[should_panic(expected = "tests/wait.rs")]
async fn waiting_in_vain_names_the_line_that_waited() {
    wait_until(Duration::from_millis(1), || async { false }).await;
}

#[tokio::test]
#[should_panic(expected = "in vain")]
async fn a_look_that_never_answers_does_not_outlive_the_deadline() {
    wait_until(Duration::from_millis(1), std::future::pending::<bool>).await;
}
