//! The subgraph through its schema, on both databases.
#![cfg(test)]

mod accounts;
mod credentials;
mod entities;
mod names;
mod paging;
mod plans;
mod refusals;
mod users;
