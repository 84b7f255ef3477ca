//! What may be said about a product.

use crate::fields::{Body, Checked, LONG_TEXT, Member};

/// As the first system takes products.
pub(crate) static PRODUCT: &[Member] = &[
    Member::text("name").max(200).required(),
    Member::text("description").max(LONG_TEXT).required(),
    Member::money("price").required(),
    Member::integer("category_id").required(),
    Member::units("stock_quantity", 0),
    Member::boolean("is_active"),
];

/// The second system's products need neither category nor stock, nor much of a description.
pub(crate) static PLAIN_PRODUCT: &[Member] = &[
    Member::text("name").max(200).required(),
    Member::text("description").max(LONG_TEXT),
    Member::money("price").required(),
    Member::integer("category_id"),
    Member::units("stock_quantity", 0),
    Member::boolean("is_active"),
];

/// Which system's products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    First,
    Second,
}

/// A product, or changes of one, as a client describes it.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) price: Option<String>,
    /// Any whole number: the graph knows which are categories.
    pub(super) category_id: Option<i128>,
    pub(super) stock_quantity: Option<i64>,
    pub(super) is_active: Option<bool>,
}

impl System {
    /// Checks what a body says about a product.
    pub(super) fn check(self, body: &Body, partial: bool) -> Checked {
        let form = match self {
            Self::First => PRODUCT,
            Self::Second => PLAIN_PRODUCT,
        };
        body.check(form, partial)
    }
}

impl From<Checked> for Described {
    fn from(mut product: Checked) -> Self {
        Self {
            name: product.text("name"),
            description: product.text("description"),
            price: product.decimal("price"),
            category_id: product.integer("category_id"),
            stock_quantity: product.units("stock_quantity"),
            is_active: product.boolean("is_active"),
        }
    }
}
