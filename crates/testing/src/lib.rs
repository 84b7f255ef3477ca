//! What the tests of all crates share: fresh databases, a whole running Agora, waiting.
//!
//! A dev-dependency only. Everything here panics with a sentence instead of answering errors,
//! because its callers are tests. Deliberately absent: any knowledge of one subgraph.

pub mod agora;
pub mod databases;
pub mod plans;
pub mod postgres;
mod skipped;
mod wait;

pub use agora::Agora;
pub use databases::Database;
pub use skipped::skipped;
pub use wait::{wait_for, wait_until};
