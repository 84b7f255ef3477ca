//! `agora verify` says what is wrong with the data, mends it, and never cries wolf.
#![cfg(test)]

mod filling;
mod live;
mod mending;
mod refusals;
mod shop;
mod torn;
mod undecided;
