//! Which document a request names.

use super::*;
use serde_json::json;

const QUERY: &str = "{__typename}";
const OTHER: &str = "query Other { __typename }";

fn parameters(json: Value) -> Parameters {
    Parameters::from_value(json).unwrap()
}

fn resolved(documents: &Documents, json: Value) -> Result<String, String> {
    match documents.resolve(parameters(json)) {
        Ok((request, registration)) => {
            registration.into_iter().for_each(|it| documents.register(it));
            Ok(request.query)
        }
        Err(problem) => {
            let body: Value = serde_json::from_slice(&problem.body()).unwrap();
            Err(body["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned())
        }
    }
}

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

#[test]
fn a_document_is_known_by_its_hash_once_it_was_sent() {
    let documents = Documents::new(TrustedDocuments::default(), false);
    let hash = sha256(QUERY);
    assert_eq!(hash, "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38");
    let by_hash = || resolved(&documents, json!({ "extensions": persisted(&hash) }));

    assert_eq!(by_hash(), Err("PERSISTED_QUERY_NOT_FOUND".to_owned()));
    let wrong = json!({ "query": OTHER, "extensions": persisted(&hash) });
    assert_eq!(resolved(&documents, wrong), Err("BAD_REQUEST".to_owned()));
    assert_eq!(by_hash(), Err("PERSISTED_QUERY_NOT_FOUND".to_owned()));
    let both = json!({ "query": QUERY, "extensions": persisted(&hash.to_ascii_uppercase()) });
    assert_eq!(resolved(&documents, both), Ok(QUERY.to_owned()));
    assert_eq!(by_hash(), Ok(QUERY.to_owned()));
}

#[test]
fn registered_documents_take_a_limited_amount_of_memory() {
    let documents = Documents::new(TrustedDocuments::default(), false);
    for number in 0..100 {
        let query = format!("{{ __typename }} # {number} {}", "x".repeat(200 * 1024));
        let hash = sha256(&query);
        let json = json!({ "query": query, "extensions": persisted(&hash) });
        assert!(resolved(&documents, json).is_ok());
    }
    documents.registered.run_pending_tasks();
    assert!(documents.registered.weighted_size() <= MAX_REGISTERED_BYTES);
    assert!(documents.registered.entry_count() > 0);
}

#[test]
fn a_persisted_query_that_cannot_be_read_is_refused() {
    let documents = Documents::new(TrustedDocuments::default(), false);
    for extension in [
        json!({ "version": 2, "sha256Hash": sha256(QUERY) }),
        json!({ "version": 1 }),
        json!({ "version": 1, "sha256Hash": 7 }),
        json!("hash"),
    ] {
        let json = json!({ "query": QUERY, "extensions": { "persistedQuery": extension } });
        assert_eq!(resolved(&documents, json), Err("BAD_REQUEST".to_owned()));
    }
    assert_eq!(resolved(&documents, json!({})), Err("MISSING_QUERY_PARAM".to_owned()));
}

#[test]
fn all_three_kinds_of_manifest_are_read() {
    let apollo = json!({ "format": "apollo-persisted-query-manifest", "version": 1,
        "operations": [{ "id": "a", "name": "A", "type": "query", "body": QUERY }] });
    for manifest in [json!({ "a": QUERY }), json!({ "sha256:a": QUERY }), apollo] {
        let trusted = TrustedDocuments::parse(manifest.to_string().as_bytes()).unwrap();
        let documents = Documents::new(trusted, true);
        for request in [
            json!({ "documentId": "a" }),
            json!({ "documentId": "sha256:a" }),
            json!({ "id": "a", "query": QUERY }),
            json!({ "extensions": persisted("a") }),
            json!({ "query": QUERY }),
        ] {
            assert_eq!(resolved(&documents, request), Ok(QUERY.to_owned()), "{manifest}");
        }
    }
}

#[test]
fn a_file_that_is_not_a_manifest_is_refused() {
    for text in [
        "",
        "[]",
        "{\"a\": 1}",
        r#"{"format": "other", "version": 1, "operations": []}"#,
        r#"{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}"#,
        r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{}]}"#,
    ] {
        assert!(TrustedDocuments::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn where_only_trusted_documents_are_executed_others_are_refused() {
    let trusted: TrustedDocuments = [("a".to_owned(), QUERY.to_owned())].into_iter().collect();
    let documents = Documents::new(trusted.clone(), true);
    let required = Err("TRUSTED_DOCUMENT_REQUIRED".to_owned());

    assert_eq!(resolved(&documents, json!({ "query": OTHER })), required);
    let registering = json!({ "query": OTHER, "extensions": persisted(&sha256(OTHER)) });
    assert_eq!(resolved(&documents, registering), required);
    let unknown = Err("PERSISTED_QUERY_NOT_FOUND".to_owned());
    assert_eq!(resolved(&documents, json!({ "documentId": "b" })), unknown);
    assert_eq!(resolved(&documents, json!({ "extensions": persisted("b") })), unknown);
    let contradiction = json!({ "documentId": "a", "query": OTHER });
    assert_eq!(resolved(&documents, contradiction), Err("BAD_REQUEST".to_owned()));

    let open = Documents::new(trusted, false);
    assert_eq!(resolved(&open, json!({ "query": OTHER })), Ok(OTHER.to_owned()));
    assert_eq!(resolved(&open, json!({ "documentId": "a" })), Ok(QUERY.to_owned()));
}
