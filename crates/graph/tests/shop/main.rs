//! The shop's own graph: the four subgraphs on SQLite, in this process.
#![cfg(test)]

mod aliases;
mod differential;
mod disguise;
mod events;
mod introspection;
mod nodes;
mod references;
mod shop;
mod tree;
mod variables;
