//! What the router answers to GraphQL requests.

use crate::ROUTER;
use crate::support::{code, http};
use chassis::codes;
use serde_json::{Value, json};

fn ask(query: &str, variables: Value) -> (u16, Value) {
    ROUTER.block_on(ROUTER.graphql(query, variables))
}

#[test]
fn one_query_walks_across_two_subgraphs() {
    let (status, answer) = ask(
        "query($id: ID!) { order(id: $id) { status product { name orders } } }",
        json!({ "id": "7" }),
    );

    assert_eq!(status, 200);
    let product = json!({ "name": "Product 7", "orders": 3 });
    assert_eq!(answer, json!({ "data": { "order": { "status": "PENDING", "product": product } } }));
}

#[test]
fn a_list_of_entities_is_put_together_in_order() {
    let (_, answer) = ask(
        "query($ids: [ID!]!) { products(ids: $ids) { id orders } }",
        json!({ "ids": ["2", "1", "2"] }),
    );

    let ids: Vec<_> =
        answer["data"]["products"].as_array().unwrap().iter().map(|p| p["id"].clone()).collect();
    assert_eq!(ids, ["2", "1", "2"]);
    assert_eq!(answer["data"]["products"][2]["orders"], 3);
}

#[test]
fn a_coded_error_passes_and_the_rest_of_the_answer_is_there() {
    let (status, answer) = ask(r#"{ product(id: "1") { name missing orders } }"#, Value::Null);

    assert_eq!(status, 200);
    assert_eq!(
        answer["data"]["product"],
        json!({ "name": "Product 1", "missing": null, "orders": 3 })
    );
    assert_eq!(code(&answer), "NOT_FOUND");
    assert_eq!(answer["errors"][0]["message"], "there is no such thing");
    assert_eq!(answer["errors"][0]["path"], json!(["product", "missing"]));
}

#[test]
fn of_what_subgraphs_say_about_their_answers_only_the_replay_passes() {
    let (_, replay) = ask(r#"{ replayed order(id: "7") { product { name } } }"#, Value::Null);
    let (_, other) = ask(r#"{ order(id: "7") { status } }"#, Value::Null);

    assert_eq!(replay["extensions"], json!({ "idempotentReplay": true }), "{replay}");
    assert_eq!(other.get("extensions"), None, "{other}");
}

#[test]
fn an_internal_error_is_masked_and_the_rest_of_the_answer_is_there() {
    let (_, answer) = ask(r#"{ product(id: "1") { name broken } }"#, Value::Null);

    assert_eq!(answer["data"]["product"], json!({ "name": "Product 1", "broken": null }));
    assert_eq!(code(&answer), "INTERNAL_SERVER_ERROR");
    assert!(!answer.to_string().contains("secret_table"), "{answer}");
}

#[test]
fn a_panic_is_a_masked_error() {
    let (status, answer) =
        ask(r#"{ product(id: "1") { panics } order(id: "1") { status } }"#, Value::Null);

    assert_eq!(status, 200);
    assert_eq!(answer["data"]["order"]["status"], "PENDING");
    assert_eq!(code(&answer), "INTERNAL_SERVER_ERROR");
    assert!(!answer.to_string().contains("own panic"), "{answer}");
}

#[test]
fn a_subgraph_that_is_away_leaves_the_others_answers() {
    let (status, answer) = ask(r#"{ weather product(id: "1") { name } }"#, Value::Null);

    assert_eq!(status, 200);
    assert_eq!(answer["data"], json!({ "weather": null, "product": { "name": "Product 1" } }));
    assert_eq!(code(&answer), codes::SUBGRAPH_UNAVAILABLE);
    assert_eq!(answer["errors"][0]["extensions"][codes::SUBGRAPH_KEY], "weather");
    assert!(!answer.to_string().contains("127.0.0.1"), "{answer}");
}

#[test]
fn a_subgraph_that_takes_too_long_leaves_the_others_answers() {
    let (_, answer) = ask(r#"{ product(id: "1") { endless } order(id: "1") { id } }"#, Value::Null);

    assert_eq!(answer["data"]["order"]["id"], "1");
    assert_eq!(code(&answer), codes::SUBGRAPH_UNAVAILABLE);
}

#[test]
fn a_wrong_request_gets_an_error_with_a_code() {
    let table = [
        ("{ product(id: ", json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { product(id: $id) { id } }", json!({}), "BAD_USER_INPUT"),
        ("query($id: ID!) { product(id: $id) { id } }", json!({ "id": [1] }), "BAD_USER_INPUT"),
    ];
    for (query, variables, expected) in table {
        let (status, answer) = ask(query, variables);
        assert!([200, 400].contains(&status), "{query}: {status} {answer}");
        assert_eq!(code(&answer), expected, "{query}: {answer}");
        assert!(answer["errors"][0]["message"].as_str().is_some_and(|m| !m.is_empty()));
        assert!(answer["data"].is_null());
    }
}

#[test]
fn what_is_not_json_is_refused() {
    let post = http().post(ROUTER.url("/graphql")).header("content-type", "application/json");
    let answer = ROUTER.block_on(async { post.body("{").send().await.unwrap() });

    assert_eq!(answer.status(), 400);
}

#[test]
fn too_much_is_refused_before_it_is_planned() {
    let aliases: String = (0..10_000).map(|n| format!("a{n}: renames ")).collect();
    let some_aliases: String = (0..31).map(|n| format!("a{n}: renames ")).collect();
    let nested = |levels| {
        let (down, up) = ("related { ".repeat(levels), "} ".repeat(levels));
        format!("{{ product(id: 1) {{ {down} id {up} }} }}")
    };
    let directives = format!("{{ renames {} }}", "@include(if: true) ".repeat(31));
    let table = [
        (format!("{{ {aliases} }}"), "TOKEN_LIMIT_EXCEEDED"),
        (format!("{{ {some_aliases} }}"), "MAX_ALIASES_EXCEEDED"),
        (directives, "MAX_DIRECTIVES_EXCEEDED"),
        (nested(11), "MAX_DEPTH_EXCEEDED"),
        // The parser goes down 50 levels.
        (nested(40), "MAX_DEPTH_EXCEEDED"),
        (nested(1_600), "GRAPHQL_PARSE_FAILED"),
    ];
    for (query, expected) in table {
        let (status, answer) = ask(&query, Value::Null);
        assert!([200, 400].contains(&status), "{status}");
        assert_eq!(code(&answer), expected, "{answer}");
        assert!(answer["data"].is_null(), "{answer}");
    }
}

#[test]
fn what_is_built_to_exhaust_the_router_is_refused() {
    let chain = |spreads: &str, count: usize| {
        let fragment = |n: usize| {
            let next = format!("...f{} ", n + 1).repeat(spreads.len());
            format!("fragment f{n} on Product {{ id related {{ {next} }} }} ")
        };
        let fragments: String = (0..count).map(fragment).collect();
        format!(
            "{{ product(id: 1) {{ ...f0 }} }} {fragments} fragment f{count} on Product {{ id }}"
        )
    };
    let cycle = "{ product(id: 1) { ...f } } fragment f on Product { related { ...f } }";
    let lists =
        format!("{{ products(ids: {}1{}) {{ id }} }}", "[".repeat(2_000), "]".repeat(2_000));
    for query in [chain("1", 400), chain("12", 30), cycle.to_owned(), lists] {
        let (status, answer) = ask(&query, Value::Null);
        assert!([200, 400].contains(&status), "{status}");
        assert!(!code(&answer).is_empty(), "{answer}");
    }
    let nest = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let body = format!(r#"{{"query":"{{ renames }}","variables":{{"id":{}}}}}"#, nest(100_000));
    let (post, get) = ROUTER.block_on(async {
        let post = http().post(ROUTER.url("/graphql")).header("content-type", "application/json");
        let variables = format!(r#"{{"id":{}}}"#, nest(2_000));
        let get = http().get(ROUTER.url("/graphql"));
        let get = get.query(&[("query", "{ renames }"), ("variables", &variables)]);
        (post.body(body).send().await.unwrap(), get.send().await.unwrap())
    });
    assert_eq!((post.status().as_u16(), get.status().as_u16()), (400, 400));
    assert_eq!(ask("{ __typename }", Value::Null).0, 200);
}

#[test]
fn the_deepest_useful_query_is_not_too_deep() {
    let path = "related { ".repeat(10);
    let (status, answer) =
        ask(&format!("{{ product(id: 1) {{ {path} id {} }} }}", "} ".repeat(10)), Value::Null);

    assert_eq!((status, &answer["errors"]), (200, &Value::Null));
}

#[test]
fn a_body_above_the_limit_is_refused() {
    let (status, answer) = ask("{ renames }", json!({ "text": "x".repeat(256 * 1024) }));

    assert_eq!(status, 413, "{answer}");
    assert!(!code(&answer).is_empty(), "{answer}");
}

#[test]
fn headers_above_the_limit_are_refused() {
    let status = ROUTER.block_on(async {
        let request = http().get(ROUTER.url("/graphql?query={renames}"));
        request.header("x-long", "x".repeat(17 * 1024)).send().await.unwrap().status()
    });

    assert_eq!(status, 431);
}

#[test]
fn a_query_may_be_a_get_and_a_mutation_may_not() {
    let (query, mutation) = ROUTER.block_on(async {
        let get = |text| http().get(ROUTER.url("/graphql")).query(&[("query", text)]).send();
        (
            get("{ __typename }").await.unwrap(),
            get("mutation { renameProduct(id: 1) { id } }").await.unwrap(),
        )
    });

    assert_eq!((query.status().as_u16(), mutation.status().as_u16()), (200, 405));
}

#[test]
fn only_json_mutates_because_another_site_cannot_send_it_without_asking() {
    let mutation = r#"{"query":"mutation { renameProduct(id: 1) { id } }"}"#;
    let renames = || ask("{ renames }", Value::Null).1["data"]["renames"].as_u64().unwrap();
    let before = renames();
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    {
        let post = http().post(ROUTER.url("/graphql")).header("content-type", kind).body(mutation);
        let status = ROUTER.block_on(async { post.send().await.unwrap().status() });
        assert_eq!(status, 403, "{kind}");
    }
    assert_eq!(renames(), before);

    let (status, answer) = ask("mutation { renameProduct(id: 1) { name orders } }", Value::Null);

    assert_eq!(status, 200);
    assert_eq!(answer["data"]["renameProduct"], json!({ "name": "Product 1", "orders": 3 }));
    assert_eq!(renames(), before + 1);
}
