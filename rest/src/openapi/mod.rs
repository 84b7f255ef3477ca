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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::ROUTES;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn parsed(document: &Bytes) -> Value {
        serde_json::from_slice(document).unwrap()
    }

    /// Method and path of everything that a document describes.
    fn described(document: &Value) -> BTreeSet<(String, String)> {
        let paths = document["paths"].as_object().unwrap();
        let methods = |(path, item): (&String, &Value)| {
            let methods: Vec<_> = item.as_object().unwrap().keys().cloned().collect();
            methods.into_iter().map(|method| (method.to_uppercase(), path.clone())).collect()
        };
        paths.iter().flat_map(|item| -> Vec<_> { methods(item) }).collect()
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let routes = ROUTES.iter().map(|route| (route.method.to_string(), route.path.to_owned()));
        assert_eq!(described(&parsed(&DOCUMENTS.whole)), routes.collect());
    }

    #[test]
    fn the_services_documents_make_up_the_whole_one() {
        let services = DOCUMENTS.services.iter().map(|document| described(&parsed(document)));
        let parts: Vec<_> = services.flatten().collect();
        assert_eq!(parts.len(), ROUTES.len(), "an operation is described twice");
        assert_eq!(
            parts.into_iter().collect::<BTreeSet<_>>(),
            described(&parsed(&DOCUMENTS.whole))
        );
    }

    #[test]
    fn every_operation_has_schemas_and_examples() {
        let whole = parsed(&DOCUMENTS.whole);
        assert!(whole["openapi"].as_str().unwrap().starts_with("3.1"));
        for (method, path) in described(&whole) {
            let operation = &whole["paths"][&path][method.to_lowercase()];
            let shown = ["200", "201"].map(|status| &operation["responses"][status]);
            let bodies = shown.into_iter().chain([&operation["requestBody"]]);
            let contents = bodies.filter(|body| !body.is_null());
            for content in contents.map(|body| &body["content"]["application/json"]) {
                assert!(content["schema"].is_object(), "{method} {path} has no schema");
                assert!(!content["example"].is_null(), "{method} {path} has no example");
            }
        }
    }

    #[test]
    fn references_lead_somewhere() {
        let whole = parsed(&DOCUMENTS.whole);
        let text = whole.to_string();
        let names = text.split("#/components/schemas/").skip(1);
        for name in names.filter_map(|rest| rest.split('"').next()) {
            assert!(whole["components"]["schemas"][name].is_object(), "{name} is not described");
        }
    }
}
