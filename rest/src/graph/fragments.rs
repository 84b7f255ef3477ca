//! From the fragments of the operations to the shapes of the REST interface. Each operation has
//! types of its own for the same fragment, hence the macros.

use super::answer::Fault;
use super::operations as op;
use crate::shapes::{Category, Item, Order, Product, ProductRow, Profile, StockItem, Time, User};

/// The graph's ids are whole numbers from 1, written as text.
pub(crate) fn number(id: &str) -> i64 {
    id.parse().unwrap_or_default()
}

macro_rules! users {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::UserFields> for User {
            fn from(user: op::$operation::UserFields) -> Self {
                Self {
                    id: number(&user.id),
                    username: user.username,
                    email: user.email,
                    first_name: user.first_name,
                    last_name: user.last_name,
                    date_joined: user.date_joined,
                }
            }
        }
    )+};
}
users! {
    create_user update_user user users verify_credentials profile user_profile update_profile
    orders shown_order place_order
}

macro_rules! profiles {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::ProfileFields> for Profile {
            fn from(profile: op::$operation::ProfileFields) -> Self {
                Self {
                    user: profile.user.into(),
                    phone: profile.phone,
                    address: profile.address,
                    created_at: profile.created_at,
                    updated_at: profile.updated_at,
                }
            }
        }
    )+};
}
profiles! { profile user_profile update_profile orders shown_order place_order }

macro_rules! categories {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::CategoryFields> for Category {
            fn from(category: op::$operation::CategoryFields) -> Self {
                Self {
                    id: number(&category.id),
                    name: category.name,
                    description: category.description,
                    created_at: category.created_at,
                }
            }
        }
    )+};
}
categories! {
    categories category create_category update_category product products create_product
    update_product
}

macro_rules! products {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::ProductFields> for Product {
            fn from(product: op::$operation::ProductFields) -> Self {
                let stocked = product.stock_item.map(|item| item.updated_at);
                Self {
                    id: number(&product.id),
                    name: product.name,
                    description: product.description,
                    price: product.price.amount,
                    category: product.category.map(Category::from),
                    // Null only with an error, and then there is no answer.
                    stock_quantity: product.available_quantity.unwrap_or_default(),
                    is_active: product.is_active,
                    created_at: product.created_at,
                    updated_at: later(product.updated_at, stocked),
                }
            }
        }
    )+};
}
products! { product products create_product update_product }

/// The later of both.
pub(crate) fn later(one: Time, other: Option<Time>) -> Time {
    match other {
        Some(other) if other > one => other,
        _ => one,
    }
}

impl From<op::product_rows::ProductRowsPageNodes> for ProductRow {
    fn from(product: op::product_rows::ProductRowsPageNodes) -> Self {
        Self {
            id: number(&product.id),
            name: product.name,
            description: product.description,
            price: product.price.amount,
            category_name: product.category.map(|category| category.name),
            stock_quantity: product.available_quantity.unwrap_or_default(),
            is_active: product.is_active,
        }
    }
}

macro_rules! stock_items {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::StockFields> for StockItem {
            fn from(item: op::$operation::StockFields) -> Self {
                Self {
                    id: number(&item.id),
                    product_id: number(&item.product_id),
                    quantity: item.available,
                    on_hand: item.on_hand,
                    reserved: item.reserved,
                    available: item.available,
                    updated_at: item.updated_at,
                }
            }
        }
    )+};
}
stock_items! { stock_item stock_items set_stock }

/// What answers to PUT, PATCH and cancel show: nothing of other services.
macro_rules! orders {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::OrderFields> for Order {
            fn from(order: op::$operation::OrderFields) -> Self {
                let items = order.lines.into_iter().map(|line| Item {
                    id: number(&line.id),
                    product_id: number(&line.product_id),
                    quantity: line.quantity,
                    price: line.unit_price.amount,
                    product_name: None,
                });
                Self {
                    id: number(&order.id),
                    user_id: number(&order.user_id),
                    status: order.status.name(),
                    total_amount: order.total.amount,
                    shipping_address: order.shipping_address,
                    items: items.collect(),
                    created_at: order.created_at,
                    updated_at: order.updated_at,
                    user_info: None,
                }
            }
        }
    )+};
}
orders! { update_order cancel_order }

/// What GET shows: the user's profile and the products' names as they are now. A product that is
/// not for sale shows no name.
macro_rules! shown_orders {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::ShownOrderFields> for Order {
            fn from(order: op::$operation::ShownOrderFields) -> Self {
                let items = order.lines.into_iter().map(|line| Item {
                    id: number(&line.id),
                    product_id: number(&line.product_id),
                    quantity: line.quantity,
                    price: line.unit_price.amount,
                    product_name: line.offer.filter(|offer| offer.is_active).map(|offer| offer.name),
                });
                let profile = order.user.and_then(|user| user.profile).map(Profile::from);
                Self {
                    id: number(&order.id),
                    user_id: number(&order.user_id),
                    status: order.status.name(),
                    total_amount: order.total.amount,
                    shipping_address: order.shipping_address,
                    items: items.collect(),
                    created_at: order.created_at,
                    updated_at: order.updated_at,
                    user_info: Some(profile),
                }
            }
        }
    )+};
}
shown_orders! { orders shown_order }

/// A new order's lines say what the products are called at this moment: nobody needs to be asked.
impl From<op::place_order::PlaceOrderPayloadOrder> for Order {
    fn from(order: op::place_order::PlaceOrderPayloadOrder) -> Self {
        let items = order.lines.into_iter().map(|line| Item {
            id: number(&line.id),
            product_id: number(&line.product_id),
            quantity: line.quantity,
            price: line.unit_price.amount,
            product_name: Some(line.product_name),
        });
        let profile = order.user.and_then(|user| user.profile).map(Profile::from);
        Self {
            id: number(&order.id),
            user_id: number(&order.user_id),
            status: order.status.name(),
            total_amount: order.total.amount,
            shipping_address: order.shipping_address,
            items: items.collect(),
            created_at: order.created_at,
            updated_at: order.updated_at,
            user_info: Some(profile),
        }
    }
}

macro_rules! faults {
    ($($operation:ident)+) => {$(
        impl From<op::$operation::Fault> for Fault {
            fn from(fault: op::$operation::Fault) -> Self {
                Self {
                    code: fault.code,
                    path: fault.field.unwrap_or_default(),
                    message: fault.message,
                }
            }
        }
    )+};
}
faults! {
    adjust_stock cancel_order create_category create_product create_user delete_category
    delete_order delete_product delete_stock_item delete_user place_order set_stock
    update_category update_order update_product update_profile update_user
}
