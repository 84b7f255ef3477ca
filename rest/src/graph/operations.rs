//! The operations, checked against `schema/api.graphql` when this crate is compiled.

use crate::shapes;
use graphql_client::GraphQLQuery;
use serde::{Deserialize, Serialize};

/// The scalar, for the generated types: an exact decimal text.
type Decimal = String;
/// The scalar, for the generated types.
type DateTime = shapes::Time;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OrderStatus {
    Pending,
    Confirmed,
    Shipped,
    Delivered,
    Cancelled,
}

/// What kind of fault a mutation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum UserErrorCode {
    Blank,
    Conflict,
    IdempotencyConflict,
    IllegalTransition,
    InsufficientStock,
    Invalid,
    NotFound,
    OutOfRange,
    PriceChanged,
    Taken,
    TooLong,
}

macro_rules! operations {
    ($($name:ident $path:tt;)+) => {$(
        #[derive(GraphQLQuery)]
        #[graphql(
            schema_path = "../schema/api.graphql",
            query_path = $path,
            extern_enums("OrderStatus", "UserErrorCode"),
            variables_derives = "Debug",
            skip_serializing_none
        )]
        pub(crate) struct $name;
    )+

    /// The documents of all operations that the REST interface sends.
    pub fn documents() -> Vec<&'static str> {
        vec![$(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path))),+]
    }
    };
}

operations! {
    AdjustStock "operations/stock/adjust_stock.graphql";
    CancelOrder "operations/order/cancel_order.graphql";
    Categories "operations/category/categories.graphql";
    Category "operations/category/category.graphql";
    CreateCategory "operations/category/create_category.graphql";
    CreateProduct "operations/product/create_product.graphql";
    CreateUser "operations/user/create_user.graphql";
    DeleteCategory "operations/category/delete_category.graphql";
    DeleteOrder "operations/order/delete_order.graphql";
    DeleteProduct "operations/product/delete_product.graphql";
    DeleteStockItem "operations/stock/delete_stock_item.graphql";
    DeleteUser "operations/user/delete_user.graphql";
    Order "operations/order/order.graphql";
    Orders "operations/order/orders.graphql";
    PlaceOrder "operations/order/place_order.graphql";
    Product "operations/product/product.graphql";
    ProductRows "operations/product/product_rows.graphql";
    Products "operations/product/products.graphql";
    Profile "operations/profile/profile.graphql";
    SetStock "operations/stock/set_stock.graphql";
    ShownOrder "operations/order/shown_order.graphql";
    StockItem "operations/stock/stock_item.graphql";
    StockItems "operations/stock/stock_items.graphql";
    UpdateCategory "operations/category/update_category.graphql";
    UpdateOrder "operations/order/update_order.graphql";
    UpdateProduct "operations/product/update_product.graphql";
    UpdateProfile "operations/profile/update_profile.graphql";
    UpdateUser "operations/user/update_user.graphql";
    User "operations/user/user.graphql";
    UserProfile "operations/profile/user_profile.graphql";
    Users "operations/user/users.graphql";
    VerifyCredentials "operations/user/verify_credentials.graphql";
}
