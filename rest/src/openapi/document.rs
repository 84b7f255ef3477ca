//! The OpenAPI documents: one of everything, and one of each service.

use super::operation::Operation;
use super::{inventory, orders, products, users};
use crate::{Service, shapes};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AnyOfBuilder, Array, Object, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
};

/// All services, in the order of their ports.
pub(super) const SERVICES: [Service; 4] =
    [Service::User, Service::Product, Service::Inventory, Service::Order];

/// Why it cannot be done.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, not made")]
pub(super) struct Problem {
    /// In words.
    #[schema(example = "User not found")]
    error: String,
}

/// Why there is no answer of the usual kind.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, not made")]
pub(super) struct Detail {
    /// In words.
    #[schema(example = "Not found.")]
    detail: String,
}

/// There is too little of it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, not made")]
pub(super) struct Shortage {
    /// Always false.
    available: bool,
    /// In words.
    #[schema(example = "Only 5 items available")]
    message: String,
}

/// They do not belong together.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described, not made")]
pub(super) struct Unverified {
    /// Always false.
    valid: bool,
    /// In words.
    #[schema(example = "Invalid credentials")]
    error: String,
}

/// What one service offers, the first system's routes before the second's.
pub(super) fn operations(service: Service) -> Vec<Operation> {
    let (first, second) = match service {
        Service::User => (users::operations(), users::second_operations()),
        Service::Product => (products::operations(), products::second_operations()),
        Service::Inventory => (Vec::new(), inventory::second_operations()),
        Service::Order => (orders::operations(), orders::second_operations()),
    };
    first.into_iter().chain(second).collect()
}

/// The document of these services.
pub(super) fn document(services: &[Service]) -> OpenApi {
    let title = match services {
        [service] => format!("Agora: {}", about(*service).0),
        _ => "Agora".to_owned(),
    };
    let info = InfoBuilder::new()
        .title(title)
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The REST interface of the two systems that this shop replaces. Every route is on \
             every port. Bodies may be forms, too.",
        ))
        .license(Some(utoipa::openapi::License::new(env!("CARGO_PKG_LICENSE"))));
    let mut items: BTreeMap<&str, PathItem> = BTreeMap::new();
    for service in services {
        let (tag, _) = about(*service);
        for operation in operations(*service) {
            let (path, method) = (operation.path, operation.method.clone());
            let item = PathItem::new(method, operation.build(tag));
            match items.remove(path) {
                Some(mut other) => {
                    other.merge_operations(item);
                    items.insert(path, other);
                }
                None => drop(items.insert(path, item)),
            }
        }
    }
    let paths =
        items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path, item));
    let tags = services.iter().map(|service| {
        let (name, text) = about(*service);
        TagBuilder::new().name(name).description(Some(text)).build()
    });
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components()))
        .tags(Some(tags.collect::<Vec<_>>()))
        .build()
}

/// What a service is called and what it is for.
pub(super) const fn about(service: Service) -> (&'static str, &'static str) {
    match service {
        Service::User => ("Users", "Accounts, profiles and passwords"),
        Service::Product => ("Products", "Categories, products and their stock"),
        Service::Inventory => ("Inventory", "The stock, as a service of its own"),
        Service::Order => ("Orders", "Placing, changing and cancelling orders"),
    }
}

fn components() -> Components {
    ComponentsBuilder::new()
        .schema_from::<shapes::Time>()
        .schema_from::<shapes::User>()
        .schema_from::<shapes::Profile>()
        .schema_from::<shapes::Verified>()
        .schema_from::<shapes::Category>()
        .schema_from::<shapes::Product>()
        .schema_from::<shapes::ProductRow>()
        .schema_from::<shapes::StockCheck>()
        .schema_from::<shapes::StockUpdate>()
        .schema_from::<shapes::StockItem>()
        .schema_from::<shapes::Order>()
        .schema_from::<shapes::Item>()
        .schema("Faults", faults())
        .schema_from::<Problem>()
        .schema_from::<Detail>()
        .schema_from::<Shortage>()
        .schema_from::<Unverified>()
        .build()
}

/// Its members are named like those of the body that is refused.
fn faults() -> Object {
    let messages = Array::new(ObjectBuilder::new().schema_type(SchemaType::AnyValue));
    let nested = ObjectBuilder::new().schema_type(Type::Object);
    let values = AnyOfBuilder::new().item(messages).item(nested).build();
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What is wrong with each member; items of lists keep their places."))
        .additional_properties(Some(Schema::AnyOf(values)))
        .examples([json!({"username": ["This field is required."]})])
        .build()
}
