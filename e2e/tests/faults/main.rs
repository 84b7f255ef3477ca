//! Faults of the ground: what clients see while disk, locks, databases or other parts fail, and that
//! everything is as before when the fault is over.
#![cfg(test)]

mod disk;
mod ground;
mod locked;
mod parts;
mod postgres;
mod pressure;
mod shop;
