//! Variables, conditions and literals.

use crate::shop::SHOP;
use serde_json::{Value, json};

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

#[test]
fn a_whole_number_is_an_id_wherever_it_stands() {
    let name = json!({ "product": { "name": "2" } });
    let by_variable = "query($id: ID!) { product(id: $id) { name } }";
    for (query, variables) in [
        ("{ product(id: 1) { name } }", Value::Null),
        (by_variable, json!({ "id": 1 })),
        (by_variable, json!({ "id": "1" })),
        ("query($id: ID! = 1) { product(id: $id) { name } }", Value::Null),
        ("query($id: ID = 1) { product(id: $id) { name } }", Value::Null),
    ] {
        assert_eq!(SHOP.data(query, variables), name, "{query}");
    }
    let list = "query($ids: [ID!] = [1, 2]) { stockItems(productIds: $ids) { totalCount } }";
    for (variables, count) in
        [(Value::Null, 2), (json!({ "ids": [1, "2", 3] }), 3), (json!({ "ids": 1 }), 1)]
    {
        assert_eq!(SHOP.data(list, variables)["stockItems"]["totalCount"], count);
    }
    let filter = "query($f: ProductFilter) { products(filter: $f) { totalCount } }";
    assert_eq!(SHOP.data(filter, json!({ "f": { "ids": [1, 2] } }))["products"]["totalCount"], 2);
    for wrong in [json!(1.5), json!(true), json!([1]), json!({}), Value::Null] {
        let answer = SHOP.ask(by_variable, json!({ "id": wrong }));
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
        assert_eq!(answer.get("data"), None);
    }
}

#[test]
fn an_id_beyond_64_bits_is_an_id_that_does_not_exist_or_is_invalid() {
    for query in [
        "{ product(id: 99999999999999999999) { name } }",
        "{ product(id: \"99999999999999999999\") { name } }",
    ] {
        let answer = SHOP.ask(query, Value::Null);
        assert_eq!(
            answer,
            SHOP.ask("{ product(id: \"99999999999999999999\") { name } }", Value::Null),
            "{query}"
        );
    }
}

#[test]
fn an_error_names_the_variable_and_the_place_in_it() {
    let query = "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
    let line = json!({ "productId": 1, "quantity": 1 });
    for (input, place) in [
        (
            json!({ "userId": 1, "shippingAddress": "x", "lines": [line, { "productId": 1, "quantity": "two" }] }),
            "$input.lines[1].quantity",
        ),
        (
            json!({ "userId": 1, "shippingAddress": "x", "lines": [{ "productId": 1, "quantity": 2_147_483_648_i64 }] }),
            "$input.lines[0].quantity",
        ),
        (
            json!({ "userId": 1, "shippingAddress": "x", "lines": [{ "quantity": 1 }] }),
            "$input.lines[0].productId",
        ),
        (json!({ "userId": 1, "shippingAddress": "x", "lines": [null] }), "$input.lines[0]"),
        (
            json!({ "userId": 1, "shippingAddress": "x", "lines": [{ "productId": 1, "quantity": 1, "colour": "red" }] }),
            "$input.lines[0] has the member `colour`",
        ),
        (json!({ "userId": 1, "lines": [] }), "$input.shippingAddress"),
        (json!([]), "$input"),
    ] {
        let before = orders();
        let answer = SHOP.ask(query, json!({ "input": input }));
        assert_eq!((code(&answer), answer.get("data")), ("BAD_USER_INPUT", None), "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(place), "{answer}");
        assert_eq!(orders(), before);
    }
}

fn orders() -> Value {
    SHOP.data("{ orders { totalCount } }", Value::Null)["orders"]["totalCount"].take()
}

#[test]
fn a_wrong_variable_of_the_second_mutation_lets_the_first_not_run() {
    let query = "mutation($first: CreateCategoryInput!, $second: SetStockInput!) {
        createCategory(input: $first) { category { id } } setStock(input: $second) { stockItem { id } } }";
    let before = SHOP.data("{ categories { totalCount } }", Value::Null);
    for second in [json!({ "productId": 1, "onHand": "many" }), Value::Null] {
        let answer = SHOP.ask(query, json!({ "first": { "name": "new" }, "second": second }));
        assert_eq!((code(&answer), answer.get("data")), ("BAD_USER_INPUT", None), "{answer}");
    }
    assert_eq!(SHOP.data("{ categories { totalCount } }", Value::Null), before);
}

#[test]
fn a_condition_holds_wherever_it_stands() {
    let product = |rest: Value| json!({ "product": rest });
    for (query, value, expected) in [
        (
            "query($t: Boolean!) { product(id: 1) { __typename @include(if: $t) name } }",
            true,
            product(json!({ "__typename": "Product", "name": "2" })),
        ),
        (
            "query($t: Boolean!) { product(id: 1) { __typename @include(if: $t) name } }",
            false,
            product(json!({ "name": "2" })),
        ),
        (
            "query($t: Boolean!) { __typename @skip(if: $t) product(id: 1) { name } }",
            false,
            json!({ "__typename": "Query", "product": { "name": "2" } }),
        ),
        (
            "query($t: Boolean!) { __typename @skip(if: $t) product(id: 1) { name } }",
            true,
            product(json!({ "name": "2" })),
        ),
        (
            "query($t: Boolean!) { order(id: 1) { user { __typename @include(if: $t) username } } }",
            false,
            json!({ "order": { "user": { "username": "3" } } }),
        ),
        (
            "query($t: Boolean!) { product(id: 1) { stockItem { __typename @include(if: $t) onHand } name } }",
            false,
            product(json!({ "stockItem": { "onHand": 100 }, "name": "2" })),
        ),
        (
            "query($t: Boolean!) { product(id: 1) { ... @include(if: $t) { __typename } name } }",
            false,
            product(json!({ "name": "2" })),
        ),
        (
            "query($t: Boolean!) { product(id: 1) { ...F @include(if: $t) name } } fragment F on Product { t: __typename }",
            true,
            product(json!({ "t": "Product", "name": "2" })),
        ),
        (
            "query($t: Boolean!) { product(id: 1) { name } product(id: 1) @include(if: $t) { stockItem { onHand } } }",
            false,
            product(json!({ "name": "2" })),
        ),
        (
            "query($t: Boolean!) { product(id: 1) { name } product(id: 1) @include(if: $t) { stockItem { onHand } } }",
            true,
            product(json!({ "name": "2", "stockItem": { "onHand": 100 } })),
        ),
        ("query($t: Boolean!) { product(id: 1) @skip(if: $t) { name } }", true, json!({})),
        (
            "mutation($t: Boolean!) { __typename @include(if: $t) setStock(input: { productId: 1, onHand: 100 }) { stockItem { onHand } } }",
            false,
            json!({ "setStock": { "stockItem": { "onHand": 100 } } }),
        ),
    ] {
        assert_eq!(SHOP.data(query, json!({ "t": value })), expected, "{query}");
    }
}

#[test]
fn a_query_that_leaves_everything_out_has_empty_data() {
    for query in [
        "{ product(id: 1) @skip(if: true) { name } }",
        "{ product(id: 1) @include(if: false) { name } }",
        "{ ...F @include(if: false) } fragment F on Query { product(id: 1) { name } }",
        "{ ... @skip(if: true) { __typename } }",
        "{ __typename @skip(if: true) }",
        "mutation { createCategory(input: { name: \"X\" }) @skip(if: true) { userErrors { code } } }",
    ] {
        assert_eq!(SHOP.ask(query, Value::Null), json!({ "data": {} }), "{query}");
    }
}

#[test]
fn null_for_a_condition_is_an_error() {
    let query =
        "query($i: Boolean = true) { product(id: 1) { id availableQuantity @include(if: $i) } }";
    let answer = SHOP.ask(query, json!({ "i": null }));
    assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
    assert_eq!(SHOP.data(query, Value::Null)["product"]["availableQuantity"], 99);
}

#[test]
fn every_escape_reaches_the_subgraph_as_its_character() {
    let table = [
        (r"\u0041", "A"),
        (r"\uD83D\uDE00", "😀"),
        (r"\u{1F600}", "😀"),
        (r"a\tb", "a\tb"),
        ("é", "é"),
    ];
    for (index, (escape, text)) in table.into_iter().enumerate() {
        let search = format!("{{ products(filter: {{ search: \"{escape}\" }}) {{ totalCount }} }}");
        assert_eq!(SHOP.data(&search, Value::Null)["products"]["totalCount"], 0, "{text}");
        let create = format!(
            "mutation {{ createCategory(input: {{ name: \"{index}{escape}d\" }}) {{ category {{ name }} }} }}"
        );
        let created = SHOP.data(&create, Value::Null);
        assert_eq!(created["createCategory"]["category"]["name"], format!("{index}{text}d"));
        let name = json!({ "name": format!("v{index}{text}") });
        let create = "mutation($i: CreateCategoryInput!) { createCategory(input: $i) { category { name } } }";
        let created = SHOP.data(create, json!({ "i": name }));
        assert_eq!(created["createCategory"]["category"]["name"], format!("v{index}{text}"));
    }
}
