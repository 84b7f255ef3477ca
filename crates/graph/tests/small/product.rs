//! Products, of which some fields fail in every way that a field can fail.

use crate::support::Error;
use async_graphql::{EmptySubscription, ID, Object, Schema};
use chassis::Subgraph;
use chassis::graphql::ErrorCodes;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;

static RENAMES: AtomicU64 = AtomicU64::new(0);
/// A `slowRename` has begun.
pub(crate) static BEGUN: Notify = Notify::const_new();
/// Lets a `slowRename` go on.
pub(crate) static GO_ON: Notify = Notify::const_new();

pub(crate) fn subgraph() -> Subgraph {
    let schema = Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .extension(ErrorCodes::<Error>::default())
        .finish();
    Subgraph::new("product", schema, |_, request| request)
}

struct Query;

#[Object]
impl Query {
    async fn product(&self, id: ID) -> Option<Product> {
        (id.as_str() != "0").then_some(Product(id))
    }

    async fn products(&self, ids: Vec<ID>) -> Vec<Product> {
        ids.into_iter().map(Product).collect()
    }

    /// How often a product was renamed.
    async fn renames(&self) -> u64 {
        RENAMES.load(Ordering::SeqCst)
    }

    #[graphql(entity)]
    async fn find_product_by_id(&self, id: ID) -> Option<Product> {
        (id.as_str() != "0").then_some(Product(id))
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn rename_product(&self, id: ID) -> Product {
        RENAMES.fetch_add(1, Ordering::SeqCst);
        Product(id)
    }

    async fn slow_rename(&self) -> bool {
        BEGUN.notify_one();
        GO_ON.notified().await;
        RENAMES.fetch_add(1, Ordering::SeqCst);
        true
    }
}

struct Product(ID);

#[Object]
impl Product {
    async fn id(&self) -> &ID {
        &self.0
    }

    async fn name(&self) -> String {
        format!("Product {}", *self.0)
    }

    async fn related(&self) -> Product {
        Product(self.0.clone())
    }

    async fn missing(&self) -> Option<Result<String, Error>> {
        Some(Err(Error::Missing))
    }

    async fn broken(&self) -> Option<Result<String, Error>> {
        Some(Err(Error::Broken))
    }

    async fn endless(&self) -> Option<String> {
        std::future::pending().await
    }

    async fn panics(&self) -> Option<String> {
        assert!(self.0.is_empty(), "the test's own panic");
        None
    }

    /// Fails for even ids, and may not be null.
    async fn odd(&self) -> Result<bool, Error> {
        let number: u64 = self.0.parse().unwrap_or_default();
        if number % 2 == 1 { Ok(true) } else { Err(Error::Missing) }
    }

    /// Fails for even ids, is null for 1 and may be null.
    async fn odd_or_null(&self) -> Option<Result<bool, Error>> {
        match self.0.parse().unwrap_or_default() {
            1 => None,
            number if number % 2 == 1 => Some(Ok(true)),
            _ => Some(Err(Error::Missing)),
        }
    }
}
