//! Types and rules of the catalogue. Pure: no I/O.

mod category;
mod folding;
mod product;

pub(crate) use category::{Category, category_description, category_name};
pub(crate) use folding::{Term, fold, grams};
pub(crate) use product::{Product, product_description, product_name};

/// Most characters of a text that is meant to be long.
const LONG_TEXT_CHARS: usize = 100_000;
