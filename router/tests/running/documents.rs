//! Documents that fit the schema and are refused, or not, for what they would cost or mean.

use crate::ROUTER;
use crate::support::{code, http};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// A request for the newer media type, with which refusals have a status of their own.
fn ask(body: &Value) -> (u16, Value) {
    ROUTER.block_on(async {
        let post = http().post(ROUTER.url("/graphql"));
        let post = post.header("accept", "application/graphql-response+json");
        let response = post.json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    })
}

/// The same selections at one place, in every way in which they can come there.
fn repeated(times: usize) -> [String; 6] {
    let half = times / 2;
    let fields = |count| "id ".repeat(count);
    let product = |inner: String| format!("{{ product(id: 1) {{ {inner} }} }}");
    let names: String = (0..times).map(|n| format!("...f{n} ")).collect();
    let definitions: String =
        (0..times).map(|n| format!("fragment f{n} on Product {{ a{n}: id }} ")).collect();
    [
        product(fields(times)),
        product("id name __typename ".repeat(times)),
        product(format!(
            "... {{ {} }} ... on Product {{ {} }}",
            fields(half),
            fields(times - half)
        )),
        format!("{{ {} }}", "product(id: 1) { id } ".repeat(times)),
        format!(
            "{} fragment f on Product {{ {} }}",
            product(format!("...f {}", fields(half))),
            fields(times - half)
        ),
        format!("{} {definitions}", product(names)),
    ]
}

#[test]
fn one_field_may_be_selected_fifty_times_at_one_place() {
    for query in repeated(51) {
        let (status, answer) = ask(&json!({ "query": query }));
        assert_eq!((status, code(&answer)), (400, "MAX_SELECTIONS_EXCEEDED"), "{query}");
        assert_eq!(answer["data"], Value::Null);
    }
    let mut allowed = repeated(50);
    // The last one has more aliases than are allowed, which only the validation says.
    let aliases = std::mem::take(&mut allowed[5]);
    for query in &allowed[..5] {
        let (status, answer) = ask(&json!({ "query": query }));
        assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{query}");
        assert_eq!(answer["data"]["product"]["id"], "1");
    }
    assert_eq!(code(&ask(&json!({ "query": aliases })).1), "MAX_ALIASES_EXCEEDED");
}

#[test]
fn a_refusal_has_the_status_of_the_other_limits() {
    let status = |query: &str| ROUTER.block_on(ROUTER.graphql(query, Value::Null)).0;

    assert_eq!(status(&repeated(51)[0]), status(&format!("{{ {} }}", "renames ".repeat(6_000))));
}

#[test]
fn what_is_wrong_with_a_query_is_told_briefly() {
    let contradictions = |times| -> String { (0..times).map(|n| format!("x: f{n} ")).collect() };
    let product = |inner: String| format!("product(id: 1) {{ {inner} }}");
    let unknown: String = (0..2_000).map(|n| format!("f{n} ")).collect();
    let flat = format!("{{ {} }}", product(contradictions(30)));
    let nested = format!("{{ {} }}", product(contradictions(15)).repeat(2));
    for query in [format!("{{ {unknown} }}"), flat, nested] {
        let (status, answer) = ask(&json!({ "query": query }));
        assert_eq!((status, code(&answer)), (400, "GRAPHQL_VALIDATION_FAILED"));
        assert!((1..=50).contains(&answer["errors"].as_array().unwrap().len()));
        assert!(answer.to_string().len() < 50_000, "{}", answer.to_string().len());
        for error in answer["errors"].as_array().unwrap() {
            assert!(error["message"].as_str().is_some_and(|text| text.len() <= 503), "{error}");
        }
    }
}

#[test]
fn what_is_below_a_field_that_is_repeated_counts_together() {
    let related = format!("related {{ {} }} ", "id ".repeat(10));
    let query = |times| format!("{{ product(id: 1) {{ {} }} }}", related.repeat(times));

    assert_eq!(code(&ask(&json!({ "query": query(6) })).1), "MAX_SELECTIONS_EXCEEDED");
    assert_eq!(ask(&json!({ "query": query(5) })).1["errors"], Value::Null);
}

#[test]
fn fragments_count_wherever_they_are_spread() {
    let level = |from: &str, to: &str| {
        format!("fragment {from} on Product {{ {} }} ", format!("...{to} ").repeat(20))
    };
    let levels: String = [("a", "b"), ("b", "c"), ("c", "d")].map(|(a, b)| level(a, b)).concat();
    let bomb = format!("{{ product(id: 1) {{ ...a }} }} {levels} fragment d on Product {{ id }}");
    let at_many_places: String =
        (0..30).map(|n| format!("a{n}: product(id: 1) {{ ...f }} ")).collect();
    let wide = "id name orders related { id name orders related { id name } }";
    let page = format!("{{ {at_many_places} }} fragment f on Product {{ {wide} }}");

    assert_eq!(code(&ask(&json!({ "query": bomb })).1), "MAX_SELECTIONS_EXCEEDED");
    let (status, answer) = ask(&json!({ "query": page }));
    assert_eq!((status, &answer["errors"]), (200, &Value::Null));
    assert_eq!(answer["data"]["a29"]["name"], "Product 1");
}

#[test]
fn what_tools_ask_about_the_schema_is_answered() {
    let (down, up) = ("ofType { kind name ".repeat(9), "} ".repeat(9));
    let query = format!(
        "query Introspection {{ __schema {{
           description queryType {{ name kind }} mutationType {{ name }} subscriptionType {{ name }}
           types {{ ...Type }}
           directives {{ name description isRepeatable locations
             args(includeDeprecated: true) {{ ...Input }} }} }} }}
         fragment Type on __Type {{ kind name description specifiedByURL
           fields(includeDeprecated: true) {{ name description isDeprecated deprecationReason
             args(includeDeprecated: true) {{ ...Input }} type {{ ...Reference }} }}
           inputFields(includeDeprecated: true) {{ ...Input }} interfaces {{ ...Reference }}
           enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
           possibleTypes {{ ...Reference }} }}
         fragment Input on __InputValue {{ name description defaultValue isDeprecated
           deprecationReason type {{ ...Reference }} }}
         fragment Reference on __Type {{ kind name {down} {up} }}"
    );
    let (status, answer) = ask(&json!({ "query": query }));

    assert_eq!((status, &answer["errors"]), (200, &Value::Null));
    assert!(answer["data"]["__schema"]["types"].as_array().is_some_and(|types| !types.is_empty()));
}

#[test]
fn of_several_operations_the_request_names_one() {
    let table = [
        "query A { renames } query B { __typename }",
        "mutation A { renameProduct(id: 1) { id } } query B { renames }",
        "mutation A { renameProduct(id: 1) { id } } mutation B { renameProduct(id: 2) { id } }",
        "query A { product(id: 1) { ...f } } fragment f on Product { id } query B { renames }",
    ];
    for query in table {
        for body in [json!({ "query": query }), json!({ "query": query, "operationName": null })] {
            let (status, answer) = ask(&body);
            assert_eq!((status, code(&answer)), (400, "OPERATION_RESOLUTION_FAILURE"), "{query}");
            assert_eq!(answer.get("data"), None, "{answer}");
            let message = answer["errors"][0]["message"].as_str().unwrap();
            assert!(message.contains("operationName"), "{message}");
        }
    }
    // A refusal is not remembered for the text: the same one with a name runs.
    let (status, answer) = ask(&json!({ "query": table[0], "operationName": "B" }));
    assert_eq!((status, answer), (200, json!({ "data": { "__typename": "Query" } })));
    assert_eq!(ask(&json!({ "query": "query A { __typename }" })).0, 200);
    // And what does not fit the schema is validated as ever.
    let wrong = "query A { nothing } query B { renames }";
    assert_eq!(ask(&json!({ "query": wrong })).0, 400);
    let (_, answer) = ask(&json!({ "query": wrong, "operationName": "B" }));
    assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED");
}

#[test]
fn messages_over_websocket_are_refused_alike() {
    let several = "query A { renames } query B { __typename }".to_owned();
    let table = [
        (several, "OPERATION_RESOLUTION_FAILURE"),
        (repeated(51)[0].clone(), "MAX_SELECTIONS_EXCEEDED"),
    ];
    for (query, expected) in table {
        let answer = ROUTER.block_on(over_websocket(&query));
        assert_eq!(answer["payload"][0]["extensions"]["code"], expected, "{answer}");
    }
}

/// What answers the one operation that is sent.
async fn over_websocket(query: &str) -> Value {
    let mut request = format!("ws://{}/graphql", ROUTER.address).into_client_request().unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = connect_async(request).await.unwrap();
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": query } });
    for message in [json!({ "type": "connection_init" }), subscribe] {
        socket.send(Message::text(message.to_string())).await.unwrap();
    }
    loop {
        let Message::Text(text) = socket.next().await.unwrap().unwrap() else { continue };
        let message: Value = serde_json::from_str(&text).unwrap();
        if message["id"] == "1" {
            return message;
        }
    }
}

#[test]
fn a_media_type_may_be_written_in_large_letters() {
    for kind in ["APPLICATION/JSON", "Application/Json; charset=UTF-8"] {
        let post = http().post(ROUTER.url("/graphql")).header("content-type", kind);
        let post = post.body(r#"{"query":"{ __typename }"}"#);
        let status = ROUTER.block_on(async { post.send().await.unwrap().status() });
        assert_eq!(status, 200, "{kind}");
    }
}
