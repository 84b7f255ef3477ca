//! `Node`, the interface of all entities, and how an entity is found by its global id.

use super::Loaders;
use super::order::Order;
use super::references::{Category, Product, Profile, Reservation, StockItem, User};
use crate::Error;
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Interface};
use chassis::graphql::NodeId;
use commerce::{CategoryId, OrderId, ProductId, ProfileId, StockItemId, UserId};
use uuid::Uuid;

/// An entity of the shop with a globally unique id (Relay's global object identification).
#[derive(Interface)]
#[graphql(field(
    name = "node_id",
    ty = "ID",
    desc = "Identifies the entity among all entities of the shop. Pass it to `node` to fetch the entity again."
))]
pub(crate) enum Node {
    Category(Category),
    Order(Order),
    Product(Product),
    Profile(Profile),
    Reservation(Reservation),
    StockItem(StockItem),
    User(User),
}

/// The entity with this global id. Of entities that other subgraphs own it is a reference; the
/// graph asks their owner whether they exist.
///
/// # Errors
/// [`Error::InvalidNodeId`], or when the database fails.
pub(crate) async fn find(ctx: &Context<'_>, id: &ID) -> Option<Result<Node, Error>> {
    let NodeId { type_name, id } = match id.parse() {
        Ok(id) => id,
        Err(error) => return Some(Err(Error::InvalidNodeId(error))),
    };
    // An id that no entity of the type can have names nothing.
    Some(Ok(match type_name.as_str() {
        "Category" => Node::Category(Category::new(id.parse::<CategoryId>().ok()?)),
        "Product" => Node::Product(Product::new(id.parse::<ProductId>().ok()?)),
        "Profile" => Node::Profile(Profile::new(id.parse::<ProfileId>().ok()?)),
        "Reservation" => Node::Reservation(Reservation::new(id.parse::<Uuid>().ok()?)),
        "StockItem" => Node::StockItem(StockItem::new(id.parse::<StockItemId>().ok()?)),
        "User" => Node::User(User(id.parse::<UserId>().ok()?)),
        "Order" => {
            let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
            let found = loaders.load_one(id.parse::<OrderId>().ok()?).await;
            return found.map(|order| order.map(|order| Node::Order(Order(order)))).transpose();
        }
        _ => return None,
    }))
}
