//! What operators rely on: starting anywhere and in any order, readiness, the log, stopping.
#![cfg(test)]

mod bare_system;
mod commands;
mod log;
mod probe;
mod readiness;
mod settings;
mod stopping;
mod waiting;
