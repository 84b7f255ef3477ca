//! What a client sees of what fails.

use crate::product::{BEGUN, GO_ON};
use crate::support::{answer, ask, build, code, paths, request, without_weather};
use chassis::codes;
use graph::{Answer, Endpoint, GraphError, Options, Request};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_coded_error_passes_and_the_rest_of_the_answer_is_there() {
    let graph = without_weather().await;
    let answer = ask(&graph, "{ p: product(id: 1) { name\n  m: missing orders } }").await;

    let product = json!({ "name": "Product 1", "m": null, "orders": 3 });
    assert_eq!(answer["data"]["p"], product);
    assert_eq!(code(&answer), "NOT_FOUND");
    let error = &answer["errors"][0];
    assert_eq!(error["message"], "there is no such thing");
    assert_eq!(error["path"], json!(["p", "m"]));
    assert_eq!(error["locations"], json!([{ "line": 2, "column": 3 }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_error_and_a_panic_are_masked() {
    let graph = without_weather().await;
    let answer = ask(&graph, "{ product(id: 1) { name broken } }").await;
    assert_eq!(answer["data"]["product"], json!({ "name": "Product 1", "broken": null }));
    assert_eq!(code(&answer), codes::INTERNAL);
    assert!(!answer.to_string().contains("secret_table"), "{answer}");

    let answer = ask(&graph, "{ product(id: 1) { panics } order(id: 1) { status } }").await;
    assert_eq!(answer["data"]["order"]["status"], "PENDING");
    assert_eq!(code(&answer), codes::INTERNAL);
    assert!(!answer.to_string().contains("own panic"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_an_entity_says_which_and_takes_no_other_with_it() {
    let graph = without_weather().await;
    let answer = ask(&graph, "{ o: orders(ids: [1, 2, 3, 4, 2]) { product { id odd } } }").await;
    assert_eq!(
        answer["data"]["o"],
        json!([
            { "product": { "id": "1", "odd": true } }, { "product": null },
            { "product": { "id": "3", "odd": true } }, { "product": null }, { "product": null }
        ])
    );
    let mut found = paths(&answer);
    found.sort_by_key(|path| path[1].as_u64());
    let path = |index: usize| json!(["o", index, "product", "odd"]);
    assert_eq!(found, [path(1), path(3), path(4)], "{answer}");

    let answer = ask(&graph, "{ orders(ids: [1, 2, 3]) { product { x: oddOrNull } } }").await;
    let product = |x: Value| json!({ "product": { "x": x } });
    let orders = [product(Value::Null), product(Value::Null), product(json!(true))];
    assert_eq!(answer["data"]["orders"], json!(orders));
    assert_eq!(paths(&answer), [json!(["orders", 1, "product", "x"])], "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entity_that_is_gone_is_null_without_an_error() {
    let graph = without_weather().await;
    let answer = ask(&graph, "{ orders(ids: [1, 0]) { product { name } } }").await;
    let orders = json!([{ "product": { "name": "Product 1" } }, { "product": null }]);
    assert_eq!(answer, json!({ "data": { "orders": orders } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subgraph_that_is_away_takes_its_own_fields_only() {
    let graph = without_weather().await;
    let query =
        "{ weather product(id: 1) { name } products(ids: [1, 2]) { u: umbrella id: name } }";
    let Ok(Answer::Once { response, mutates }) = graph.answer(request(query, Value::Null)).await
    else {
        panic!("it is rejected")
    };
    let response = response.await;
    let answer: Value = serde_json::from_slice(&response.body).unwrap();

    assert!(response.unavailable && !mutates);
    let product = |name: &str| json!({ "u": null, "id": name });
    let products = [product("Product 1"), product("Product 2")];
    let data = json!({ "weather": null, "product": { "name": "Product 1" }, "products": products });
    assert_eq!(answer["data"], data);
    for error in answer["errors"].as_array().unwrap() {
        assert_eq!(error["extensions"]["code"], codes::SUBGRAPH_UNAVAILABLE);
        assert_eq!(error["extensions"][codes::SUBGRAPH_KEY], "weather");
        assert!(error["locations"][0]["column"].is_u64(), "{error}");
    }
    let umbrella = |index: usize| json!(["products", index, "u"]);
    assert_eq!(paths(&answer), [json!(["weather"]), umbrella(0), umbrella(1)]);
    assert!(!answer.to_string().contains("127.0.0.1"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subgraph_that_takes_too_long_leaves_the_others_answers() {
    let graph = without_weather().await;
    let answer = ask(&graph, "{ product(id: 1) { endless } order(id: 1) { id } }").await;

    assert_eq!(answer["data"]["order"]["id"], "1");
    assert_eq!(code(&answer), codes::SUBGRAPH_UNAVAILABLE);
    assert_eq!(paths(&answer), [json!(["product"])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_subgraphs_say_about_their_answers_only_the_replay_passes() {
    let graph = without_weather().await;
    let replay = ask(&graph, "{ replayed order(id: 7) { product { name } } }").await;
    assert_eq!(replay["extensions"], json!({ "idempotentReplay": true }), "{replay}");
    let other = ask(&graph, "{ order(id: 7) { status } }").await;
    assert_eq!(other.get("extensions"), None, "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_is_not_executed_before_its_answer_is_polled_and_then_to_its_end() {
    let graph = without_weather().await;
    let renames = async || ask(&graph, "{ renames }").await["data"]["renames"].as_u64().unwrap();
    let before = renames().await;
    let query = "mutation { slowRename }";
    let answer = graph.answer(request(query, Value::Null)).await;
    let Ok(Answer::Once { mutates: true, response }) = answer else { panic!("{answer:?}") };
    drop(response);
    assert_eq!(renames().await, before);

    let answer = graph.answer(request(query, Value::Null)).await;
    let Ok(Answer::Once { response, .. }) = answer else { panic!("{answer:?}") };
    tokio::select! {
        _ = response => panic!("it waits"),
        () = BEGUN.notified() => {}
    }
    GO_ON.notify_one();
    graph.idle().await;
    assert_eq!(renames().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_request_has_an_error_with_a_code_and_no_data() {
    let graph = without_weather().await;
    let by_id = "query($id: ID!) { product(id: $id) { id } }";
    let table = [
        ("{ product(id: ", json!({}), "GRAPHQL_PARSE_FAILED"),
        (r#"{ product(id: "\uD800") { id } }"#, json!({}), "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        ("{ renames @skip(if: null) }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
        (by_id, json!({}), "BAD_USER_INPUT"),
        (by_id, json!({ "id": [1] }), "BAD_USER_INPUT"),
        ("subscription { __typename }", json!({}), "GRAPHQL_VALIDATION_FAILED"),
    ];
    for (query, variables, expected) in table {
        let answer = answer(&graph, request(query, variables)).await;
        assert_eq!((code(&answer), answer.get("data")), (expected, None), "{query}: {answer}");
        assert!(answer["errors"][0]["message"].as_str().is_some_and(|m| !m.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graph_that_is_closed_tells_nothing_of_its_schema() {
    let address = crate::support::free_address().await;
    let weather = Endpoint::Remote {
        name: "weather".to_owned(),
        url: format!("http://{address}/").parse().unwrap(),
        secret: None,
    };
    let in_process =
        [crate::product::subgraph(), crate::order::subgraph()].map(Endpoint::InProcess);
    let graph = build(in_process.into_iter().chain([weather]).collect(), false);
    for query in [
        "{ __schema { queryType { name } } }",
        "query($i: Boolean = false) { renames ...F @include(if: $i) } fragment F on Query { x: __type(name: \"Product\") { name } }",
    ] {
        let answer = ask(&graph, query).await;
        assert_eq!((code(&answer), answer.get("data")), ("INTROSPECTION_DISABLED", None));
    }
    assert_eq!(ask(&graph, "{ __typename }").await, json!({ "data": { "__typename": "Query" } }));
    let answer = ask(&graph, "{ produc }").await;
    assert!(!answer.to_string().contains("product"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_is_refused_when_the_graph_is_built() {
    let options = |subgraphs| Options { supergraph: String::new(), subgraphs, introspection: true };
    let remote = |url: &str, secret: &str| Endpoint::Remote {
        name: "weather".to_owned(),
        url: url.parse().unwrap(),
        secret: Some(secret.to_owned()),
    };
    assert!(matches!(graph::Graph::new(options(Vec::new())), Err(GraphError::Supergraph(_))));
    let supergraph = include_str!("../../../../schema/supergraph.graphql").to_owned();
    let with = |subgraphs| {
        let options = Options { supergraph: supergraph.clone(), ..options(subgraphs) };
        graph::Graph::new(options).unwrap_err().to_string()
    };
    assert!(with(vec![remote("https://weather/", "x")]).contains("must start with http://"));
    assert!(with(vec![remote("http://weather/", "a\nb")]).contains("secret"));
    assert!(with(Vec::new()).contains("no endpoint"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_operations_the_request_names_one() {
    let graph = without_weather().await;
    let table = [
        "query A { renames } query B { __typename }",
        "mutation A { renameProduct(id: 1) { id } } query B { renames }",
        "query A { product(id: 1) { ...f } } fragment f on Product { id } query B { renames }",
    ];
    for query in table {
        let answer = ask(&graph, query).await;
        assert_eq!((code(&answer), answer.get("data")), ("OPERATION_RESOLUTION_FAILURE", None));
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("operationName"));
    }
    let named = |query: &str, name: &str| Request {
        operation_name: Some(name.to_owned()),
        ..request(query, Value::Null)
    };
    let data = json!({ "data": { "__typename": "Query" } });
    assert_eq!(answer(&graph, named(table[0], "B")).await, data);
    let unknown = answer(&graph, named(table[0], "C")).await;
    assert_eq!(code(&unknown), "OPERATION_RESOLUTION_FAILURE");
    let wrong = answer(&graph, named("query A { nothing } query B { renames }", "B")).await;
    assert_eq!(code(&wrong), "GRAPHQL_VALIDATION_FAILED");
}
