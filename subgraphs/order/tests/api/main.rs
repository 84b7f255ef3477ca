//! The order subgraph through its schema, beside its real peers, on both databases.
#![cfg(test)]

mod attempts;
mod clock;
mod door;
mod life_cycle;
mod outages;
mod placing;
mod plans;
mod races;
mod reading;
mod refusals;
mod repeating;
mod shop;
mod statements;
mod sweeping;
