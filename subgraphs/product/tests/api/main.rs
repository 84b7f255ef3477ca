//! The subgraph through its schema, on both databases.
#![cfg(test)]

mod catalogue;
mod categories;
mod changes;
mod entities;
mod filters;
mod outbox;
mod plans;
mod refusals;
mod sorts;
