//! Which web pages may send requests and open WebSockets.

use crate::ROUTER;
use crate::support::{Router, http};
use reqwest::{Method, Response};
use router::TrustedDocuments;
use serde_json::json;

fn preflight(router: &Router, origin: &str) -> Response {
    let request = http().request(Method::OPTIONS, router.url("/graphql"));
    let request = request.header("origin", origin).header("access-control-request-method", "POST");
    let request = request.header("access-control-request-headers", "content-type,x-anything");
    router.block_on(async { request.send().await.unwrap() })
}

fn allowed(response: &Response) -> Option<&str> {
    let allowed = response.headers().get("access-control-allow-origin");
    allowed.map(|origin| origin.to_str().unwrap())
}

#[test]
fn in_development_pages_of_this_machine_may_send_requests() {
    let local = "http://localhost:5173";
    let response = preflight(&ROUTER, local);
    assert!(response.status().is_success());
    assert_eq!(allowed(&response), Some(local));
    let headers = &response.headers()["access-control-allow-headers"];
    assert!(headers.to_str().unwrap().contains("content-type"), "{headers:?}");
    assert_eq!(allowed(&preflight(&ROUTER, "http://elsewhere.example")), None);

    let post = http().post(ROUTER.url("/graphql")).json(&json!({ "query": "{ __typename }" }));
    let answer = ROUTER.block_on(async { post.header("origin", local).send().await.unwrap() });
    assert_eq!((answer.status().as_u16(), allowed(&answer)), (200, Some(local)));
}

#[test]
fn otherwise_only_pages_of_the_listed_origins_may() {
    let router = Router::start_with(false, &["https://shop.example"], TrustedDocuments::default());

    assert_eq!(allowed(&preflight(&router, "https://shop.example")), Some("https://shop.example"));
    for origin in ["http://localhost:5173", "https://other.example", "http://shop.example"] {
        assert_eq!(allowed(&preflight(&router, origin)), None, "{origin}");
    }
}

#[test]
fn an_origin_that_is_none_is_an_error_of_the_start() {
    let options = |listener| router::Options {
        listener,
        graph: crate::support::graph(false),
        development: false,
        stopping: tokio_util::sync::CancellationToken::new(),
        metrics: None,
        readiness: None,
        cors_origins: vec!["shop.example".to_owned()],
        trusted_documents: TrustedDocuments::default(),
        trusted_documents_only: false,
        limits: router::Limits::default(),
    };
    let error = ROUTER.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        router::serve(options(listener)).await.unwrap_err()
    });
    assert!(error.to_string().contains("shop.example"), "{error}");
}
