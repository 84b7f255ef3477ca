//! `Node`, the interface of all entities.

use super::category::Category;
use super::product::Product;
use async_graphql::{ID, Interface};

/// An entity of the shop with a globally unique id (Relay's global object identification).
#[derive(Interface)]
#[graphql(field(
    name = "node_id",
    ty = "ID",
    desc = "Identifies the entity among all entities of the shop. Pass it to `node` to fetch the entity again."
))]
pub(crate) enum Node {
    Category(Category),
    Product(Product),
}
