//! What the REST interface shows: each shape once, and how it comes out of the graph's answers.

use crate::graph::OrderStatus;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

/// An instant as the graph writes it: UTC, with six decimals. Later ones compare greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[schema(value_type = String, format = DateTime, description = "An instant in UTC.")]
pub(crate) struct Time(pub(crate) String);

/// Django leaves the microseconds out when there are none.
impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.strip_suffix(".000000Z") {
            Some(seconds) => serializer.collect_str(&format_args!("{seconds}Z")),
            None => serializer.serialize_str(&self.0),
        }
    }
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) date_joined: Time,
}

/// How to reach a user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Profile {
    pub(crate) user: User,
    pub(crate) phone: String,
    pub(crate) address: String,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
}

/// The answer to right credentials.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verified {
    pub(crate) valid: bool,
    pub(crate) user: User,
}

/// A shelf of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Category {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) created_at: Time,
}

/// A product in full.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: String,
    /// The first system's products always have one.
    pub(crate) category: Option<Category>,
    pub(crate) stock_quantity: i64,
    pub(crate) is_active: bool,
    pub(crate) created_at: Time,
    /// The first system kept the stock in the product's row: whichever changed later counts.
    pub(crate) updated_at: Time,
}

/// A product as the first system lists it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: String,
    pub(crate) category_name: Option<String>,
    pub(crate) stock_quantity: i64,
    pub(crate) is_active: bool,
}

/// There is enough of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockCheck {
    pub(crate) available: bool,
    pub(crate) product_name: String,
    /// The one price that the first system writes as a number.
    pub(crate) price: f64,
    pub(crate) stock_quantity: i64,
}

/// Units were added or taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockUpdate {
    pub(crate) success: bool,
    pub(crate) new_stock: i64,
}

/// The stock of one product, as the second system's inventory service shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockItem {
    pub(crate) id: i64,
    pub(crate) product_id: i64,
    /// Units available for sale: on hand minus reserved. It decreases when an order is placed.
    pub(crate) quantity: i64,
    /// Units in the warehouse.
    pub(crate) on_hand: i64,
    /// Units reserved by orders.
    pub(crate) reserved: i64,
    /// The same as `quantity`.
    pub(crate) available: i64,
    pub(crate) updated_at: Time,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Order {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) status: &'static str,
    pub(crate) total_amount: String,
    pub(crate) shipping_address: String,
    pub(crate) items: Vec<Item>,
    pub(crate) created_at: Time,
    pub(crate) updated_at: Time,
    /// The first system leaves it out of answers to PUT, PATCH and cancel; null is an unknown user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Profile>)]
    pub(crate) user_info: Option<Option<Profile>>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) product_id: i64,
    pub(crate) quantity: i64,
    pub(crate) price: String,
    /// As the product is called now; left out when it cannot be had any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product_name: Option<String>,
}

impl OrderStatus {
    /// Every status, as REST writes them.
    pub(crate) const NAMES: [&'static str; 5] =
        ["pending", "confirmed", "shipped", "delivered", "cancelled"];

    /// As REST writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Pending, Self::Confirmed, Self::Shipped, Self::Delivered, Self::Cancelled]
            .into_iter()
            .find(|status| status.name() == name)
    }
}
