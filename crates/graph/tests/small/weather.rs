//! A subgraph that is only served when a test serves something in its place.

use async_graphql::{EmptyMutation, EmptySubscription, Enum, ID, Object, Schema, SimpleObject};
use chassis::Subgraph;

pub(crate) fn subgraph() -> Subgraph {
    let schema =
        Schema::build(Query, EmptyMutation, EmptySubscription).enable_federation().finish();
    Subgraph::new("weather", schema, |_, request| request)
}

struct Query;

#[Object]
impl Query {
    async fn weather(&self) -> Option<&str> {
        Some("sunny")
    }

    async fn station(&self) -> Option<Station> {
        Some(Station {
            id: "1".into(),
            name: None,
            height: 3,
            readings: Vec::new(),
            open: true,
            kind: Kind::Land,
        })
    }

    #[graphql(entity)]
    async fn find_product_by_id(&self, id: ID) -> Option<Product> {
        Some(Product { id })
    }
}

#[derive(SimpleObject)]
struct Station {
    id: ID,
    name: Option<String>,
    height: i32,
    readings: Vec<Reading>,
    open: bool,
    kind: Kind,
}

#[derive(SimpleObject)]
struct Reading {
    at: f64,
    next: Option<String>,
}

#[derive(Clone, Copy, Enum, Eq, PartialEq)]
enum Kind {
    Land,
    Sea,
}

struct Product {
    id: ID,
}

#[Object]
impl Product {
    async fn id(&self) -> &ID {
        &self.id
    }

    async fn umbrella(&self) -> Option<bool> {
        Some(self.id.is_empty())
    }
}
