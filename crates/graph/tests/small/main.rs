//! A graph of three small subgraphs that fail in every way.
#![cfg(test)]

mod failures;
mod faulty;
mod limits;
mod order;
mod product;
mod remote;
mod support;
mod weather;
