//! The REST interface as its clients meet it, where recordings cannot say it: many at once, long
//! lists, nonsense, and the documented commands, scripts and flows.
#![cfg(test)]

mod bad_input;
mod commands;
mod concurrency;
mod lists;
mod repeating;
mod scripts;
mod second_system;
mod shop;
