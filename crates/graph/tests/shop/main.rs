//! The shop's own graph: the four subgraphs on SQLite, in this process.
#![cfg(test)]

mod aliases;
mod differential;
mod events;
mod introspection;
mod shop;
mod tree;
mod variables;
