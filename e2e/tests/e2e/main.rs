//! A whole Agora, tried through its public ports as a real process.
#![cfg(test)]

mod bad_input;
mod graph;
mod mutations;
mod n_plus_one;
mod orders;
mod paging;
mod parts;
mod races;
mod refused_starts;
mod replays;
mod shop;
mod start;
mod stop;
mod streams;
mod subscriptions;
