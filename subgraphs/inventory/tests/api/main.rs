//! The inventory through its schema, on both databases.
#![cfg(test)]

mod adjusting;
mod counting;
mod ending;
mod expiring;
mod plans;
mod races;
mod reading;
mod refusals;
mod repeating;
mod reserving;
mod settling;
mod warehouse;
