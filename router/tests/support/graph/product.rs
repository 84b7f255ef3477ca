//! Products, of which some fields fail in every way that a field can fail.

use super::Error;
use async_graphql::{EmptySubscription, ID, Object, Schema};
use chassis::Subgraph;
use chassis::graphql::ErrorCodes;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;

static RENAMES: AtomicU64 = AtomicU64::new(0);
/// Tells that a `held` field is being resolved.
pub(crate) static HELD: Notify = Notify::const_new();
/// Tells that a product is about to be renamed later.
pub(crate) static RENAMING: Notify = Notify::const_new();
/// Lets one product be renamed.
pub(crate) static RENAME: Notify = Notify::const_new();
/// Lets one `held` field go.
pub(crate) static RELEASE: Notify = Notify::const_new();

/// How often a product was renamed.
pub(crate) fn renames() -> u64 {
    RENAMES.load(Ordering::SeqCst)
}

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
        renames()
    }

    #[graphql(entity)]
    async fn find_product_by_id(&self, id: ID) -> Option<Product> {
        Some(Product(id))
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn rename_product(&self, id: ID) -> Product {
        RENAMES.fetch_add(1, Ordering::SeqCst);
        Product(id)
    }

    /// Waits before it renames the product.
    async fn rename_product_later(&self, id: ID) -> Product {
        RENAMING.notify_one();
        RENAME.notified().await;
        RENAMES.fetch_add(1, Ordering::SeqCst);
        Product(id)
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

    async fn held(&self) -> &str {
        HELD.notify_one();
        RELEASE.notified().await;
        "released"
    }

    async fn panics(&self) -> Option<String> {
        assert!(self.0.is_empty(), "the test's own panic");
        None
    }
}
