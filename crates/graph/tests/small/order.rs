//! Orders, which change their status while a client is subscribed.

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest};
use async_graphql::{
    Context, EmptyMutation, ID, Object, Response, Schema, SimpleObject, Subscription,
};
use chassis::Subgraph;
use chassis::graphql::{ErrorCodes, Replay};
use futures::{Stream, StreamExt, stream};
use std::sync::Arc;

pub(crate) fn subgraph() -> Subgraph {
    let schema = Schema::build(Query, EmptyMutation, Changes)
        .enable_federation()
        .enable_subscription_in_federation()
        .extension(ErrorCodes::<crate::support::Error>::default())
        .extension(Talkative)
        .finish();
    Subgraph::new("order", schema, |_, request| request)
}

/// Says more about every answer than clients should know.
struct Talkative;

impl ExtensionFactory for Talkative {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Talkative {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        next.run(ctx).await.extension("internal", "how it was done".into())
    }
}

struct Query;

#[Object]
impl Query {
    /// Says that it is a replay.
    async fn replayed(&self, ctx: &Context<'_>) -> bool {
        Replay::mark(ctx);
        true
    }

    async fn order(&self, id: ID) -> Order {
        Order::new(id, "PENDING")
    }

    async fn orders(&self, ids: Vec<ID>) -> Vec<Order> {
        ids.into_iter().map(|id| Order::new(id, "PENDING")).collect()
    }

    #[graphql(entity)]
    async fn find_product_by_id(&self, id: ID) -> Product {
        Product { id }
    }
}

struct Changes;

#[Subscription(name = "Subscription")]
impl Changes {
    /// Two changes, and then nothing for ever.
    async fn order_status_changed(&self, id: ID) -> impl Stream<Item = Order> {
        stream::iter(["CONFIRMED", "SHIPPED"])
            .map(move |status| Order::new(id.clone(), status))
            .chain(stream::pending())
    }
}

#[derive(SimpleObject)]
struct Order {
    id: ID,
    status: &'static str,
    /// Null for a product that is gone.
    product: Option<Product>,
}

impl Order {
    fn new(id: ID, status: &'static str) -> Self {
        Self { product: Some(Product { id: id.clone() }), id, status }
    }
}

struct Product {
    id: ID,
}

#[Object]
impl Product {
    async fn id(&self) -> &ID {
        &self.id
    }

    /// How often it was ordered.
    async fn orders(&self) -> i32 {
        3
    }
}
