//! A subgraph of which only the schema exists.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
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
}
