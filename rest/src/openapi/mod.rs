//! The REST interface described for machines (OpenAPI 3.1) and for people (Swagger UI).
//!
//! Everything is in the binary: the page loads nothing from elsewhere, and says so to the browser.

mod document;
mod inventory;
mod members;
mod operation;
mod orders;
mod page;
mod products;
mod users;

use crate::Service;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use document::{SERVICES, document};
use std::sync::LazyLock;

/// Where the document of everything is.
const WHOLE: &str = "/openapi.json";

/// Five documents, made when the first is asked for.
static DOCUMENTS: LazyLock<Documents> = LazyLock::new(|| Documents {
    whole: json(&SERVICES),
    services: SERVICES.map(|service| json(&[service])),
});

struct Documents {
    whole: Bytes,
    services: [Bytes; 4],
}

/// `/openapi.json`, `/openapi/{service}.json` and `/swagger/`, which shows `service` first.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(service: Service) -> Router<S> {
    let whole = Router::new().route(WHOLE, get(async || answer(&DOCUMENTS.whole)));
    let routes = SERVICES.into_iter().zip(0..).fold(whole, |routes, (service, place)| {
        routes.route(address(service), get(async move || answer(&DOCUMENTS.services[place])))
    });
    routes.merge(page::routes(service))
}

fn answer(document: &Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.clone()).into_response()
}

/// Where a service's own document is.
const fn address(service: Service) -> &'static str {
    match service {
        Service::User => "/openapi/user.json",
        Service::Product => "/openapi/product.json",
        Service::Inventory => "/openapi/inventory.json",
        Service::Order => "/openapi/order.json",
    }
}

fn json(services: &[Service]) -> Bytes {
    // Writing it cannot fail: it is made of text, numbers, lists and maps with text for keys.
    document(services).to_json().unwrap_or_default().into()
}
