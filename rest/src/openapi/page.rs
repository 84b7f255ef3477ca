//! Swagger UI.

use super::document::{SERVICES, about};
use super::{WHOLE, address};
use crate::Service;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use utoipa_swagger_ui::{Config, Url};

/// Its scripts and pictures come from here or are part of the page; React sets styles inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What the page consists of; the rest of the distribution is for those who bundle it anew.
const FILES: [&str; 8] = [
    "favicon-16x16.png",
    "favicon-32x32.png",
    "index.css",
    "index.html",
    "swagger-initializer.js",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-ui.css",
];

/// `/swagger/` and the files below it.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(service: Service) -> Router<S> {
    let config = Arc::new(config(service));
    let index = Arc::clone(&config);
    Router::new()
        .route("/swagger/", get(async move || file("index.html", index)))
        .route("/swagger/{file}", get(async move |Path(path): Path<String>| file(&path, config)))
}

/// The port's own service comes first and is shown first; the whole comes last.
fn config(service: Service) -> Config<'static> {
    let others = SERVICES.into_iter().filter(|other| *other != service);
    let one = |service| (about(service).0, address(service));
    let urls = std::iter::once(service)
        .chain(others)
        .map(one)
        .chain([("Everything", WHOLE)])
        .enumerate()
        .map(|(place, (title, url))| Url::with_primary(title, url, place == 0));
    Config::new(urls).try_it_out_enabled(false).display_operation_id(false).deep_linking(true)
}

fn file(path: &str, config: Arc<Config<'static>>) -> Response {
    if !FILES.contains(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Ok(Some(file)) = utoipa_swagger_ui::serve(path, config) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let policy = HeaderName::from_static("content-security-policy");
    let content_type = match file.content_type.as_str() {
        "text/html" => "text/html; charset=utf-8".to_owned(),
        _ => file.content_type,
    };
    let headers = [(header::CONTENT_TYPE, content_type), (policy, POLICY.to_owned())];
    let mut answer = (headers, file.bytes.into_owned()).into_response();
    if file.gzpipped {
        let gzip = header::HeaderValue::from_static("gzip");
        answer.headers_mut().insert(header::CONTENT_ENCODING, gzip);
    }
    answer
}
