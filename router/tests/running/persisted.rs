//! Operations that clients name instead of sending them.

use crate::ROUTER;
use crate::support::{Router, code, http};
use router::TrustedDocuments;
use serde_json::{Value, json};

const QUERY: &str = "query Persisted { renames __typename }";
const HASH: &str = "26d44a8f42ab7be2ae0b5fdd7a6f2a0e0f5d0b2d0f64e1dd4a8a1b8b7d0a8a1c";

fn post(router: &Router, body: &Value) -> (u16, Value) {
    let post = http().post(router.url("/graphql")).json(body);
    let post = post.header("accept", "application/graphql-response+json");
    router.block_on(async {
        let response = post.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    })
}

fn extensions(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_query_that_was_sent_with_its_hash_may_be_asked_for_by_its_hash() {
    let hash = sha256(QUERY);
    let by_hash = json!({ "extensions": extensions(&hash) });
    let (status, answer) = post(&ROUTER, &by_hash);
    assert_eq!((status, code(&answer)), (400, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotFound");
    for (accept, status) in [("application/json", 200), ("text/event-stream", 200)] {
        let post = http().post(ROUTER.url("/graphql")).json(&by_hash).header("accept", accept);
        let (given, text) = ROUTER.block_on(async {
            let response = post.send().await.unwrap();
            (response.status(), response.text().await.unwrap())
        });
        assert_eq!(given, status, "{accept}");
        assert!(text.contains("PERSISTED_QUERY_NOT_FOUND"), "{accept}: {text}");
    }

    let wrong = json!({ "query": QUERY, "extensions": extensions(HASH) });
    assert_eq!(post(&ROUTER, &wrong).0, 400);
    let both = json!({ "query": QUERY, "extensions": extensions(&hash) });
    assert_eq!(post(&ROUTER, &both).1["data"]["__typename"], "Query");
    assert_eq!(post(&ROUTER, &by_hash).1["data"]["__typename"], "Query");

    let get = http().get(ROUTER.url("/graphql"));
    let get = get.query(&[("extensions", extensions(&hash).to_string())]);
    let answer =
        ROUTER.block_on(async { get.send().await.unwrap().json::<Value>().await.unwrap() });
    assert_eq!(answer["data"]["__typename"], "Query");
}

#[test]
fn a_document_that_is_not_valid_is_not_remembered() {
    let query = "{ nothingOfTheKind }";
    let hash = sha256(query);
    let both = json!({ "query": query, "extensions": extensions(&hash) });
    assert_eq!(code(&post(&ROUTER, &both).1), "GRAPHQL_VALIDATION_FAILED");

    let (_, answer) = post(&ROUTER, &json!({ "extensions": extensions(&hash) }));
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
}

#[test]
fn a_mutation_by_its_hash_is_not_executed_by_get() {
    let mutation = "mutation ByHash { renameProduct(id: 1) { name } }";
    let hash = sha256(mutation);
    let both = json!({ "query": mutation, "extensions": extensions(&hash) });
    assert_eq!(post(&ROUTER, &both).0, 200);

    let get = http().get(ROUTER.url("/graphql"));
    let get = get.query(&[("extensions", extensions(&hash).to_string())]);
    assert_eq!(ROUTER.block_on(async { get.send().await.unwrap().status() }), 405);
}

#[test]
fn a_router_may_execute_trusted_documents_only() {
    let manifest = json!({ "abc": QUERY });
    let trusted = TrustedDocuments::parse(manifest.to_string().as_bytes()).unwrap();
    let router = Router::start_with(false, &[], trusted);

    for request in [
        json!({ "documentId": "abc" }),
        json!({ "id": "abc" }),
        json!({ "extensions": extensions("abc") }),
    ] {
        let (status, answer) = post(&router, &request);
        assert_eq!((status, &answer["data"]["__typename"]), (200, &json!("Query")), "{answer}");
    }
    let (status, answer) = post(&router, &json!({ "query": "{ renames }" }));
    assert_eq!((status, code(&answer)), (403, "TRUSTED_DOCUMENT_REQUIRED"));
    let (status, answer) = post(&router, &json!({ "documentId": "other" }));
    assert_eq!((status, code(&answer)), (400, "PERSISTED_QUERY_NOT_FOUND"));
}
