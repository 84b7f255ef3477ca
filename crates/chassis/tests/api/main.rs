//! What every subgraph relies on: storage on both engines, batching, faults that stay inside.
#![cfg(test)]

mod batching;
mod engines;
mod faults;
mod migrations;
mod notes;
mod reads;
mod snapshots;
mod writes;
