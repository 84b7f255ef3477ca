//! What mutations answer: the thing, or why not.

use super::category::Category;
use super::product::Product;
use async_graphql::{ID, SimpleObject};
use chassis::graphql::UserError;

/// What `createProduct` did.
#[derive(SimpleObject)]
pub(crate) struct CreateProductPayload {
    /// The new product; null when there are user errors.
    pub(crate) product: Option<Product>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `updateProduct` did.
#[derive(SimpleObject)]
pub(crate) struct UpdateProductPayload {
    /// The product as it is now; null when there are user errors.
    pub(crate) product: Option<Product>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `deleteProduct` did.
#[derive(SimpleObject)]
pub(crate) struct DeleteProductPayload {
    /// The id that is gone; null when there are user errors.
    pub(crate) deleted_product_id: Option<ID>,
    /// The `nodeId` of the deleted product, or null if there are user errors. For Relay's
    /// `@deleteEdge` and `@deleteRecord`.
    pub(crate) deleted_node_id: Option<ID>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `createCategory` did.
#[derive(SimpleObject)]
pub(crate) struct CreateCategoryPayload {
    /// The new category; null when there are user errors.
    pub(crate) category: Option<Category>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `updateCategory` did.
#[derive(SimpleObject)]
pub(crate) struct UpdateCategoryPayload {
    /// The category as it is now; null when there are user errors.
    pub(crate) category: Option<Category>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}

/// What `deleteCategory` did.
#[derive(SimpleObject)]
pub(crate) struct DeleteCategoryPayload {
    /// The id that is gone; null when there are user errors.
    pub(crate) deleted_category_id: Option<ID>,
    /// The `nodeId` of the deleted category, or null if there are user errors. For Relay's
    /// `@deleteEdge` and `@deleteRecord`.
    pub(crate) deleted_node_id: Option<ID>,
    /// Why nothing changed; empty when it worked.
    pub(crate) user_errors: Vec<UserError>,
}
