//! Fields that do not obey a rule of the shop, or of the schema.

use super::Told::{self, Field, Request};
use serde_json::{Value, json};

type Row = (&'static str, Value, Told);

const CREATE_USER: &str = "mutation ($input: CreateUserInput!) {
    createUser(input: $input) { thing: user { id } userErrors { code field message } } }";
const UPDATE_USER: &str = "mutation ($id: ID!, $input: UpdateUserInput!) {
    updateUser(id: $id, input: $input) { thing: user { id } userErrors { code field message } } }";
const UPDATE_PROFILE: &str = "mutation ($id: ID!, $input: UpdateProfileInput!) {
    updateProfile(id: $id, input: $input) {
        thing: profile { id } userErrors { code field message } } }";
const DELETE_USER: &str = "mutation ($id: ID!) {
    deleteUser(id: $id) { thing: deletedUserId userErrors { code field message } } }";
const CREATE_PRODUCT: &str = "mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { thing: product { id } userErrors { code field message } } }";
const UPDATE_PRODUCT: &str = "mutation ($id: ID!, $input: UpdateProductInput!) {
    updateProduct(id: $id, input: $input) {
        thing: product { id } userErrors { code field message } } }";
const DELETE_PRODUCT: &str = "mutation ($id: ID!) {
    deleteProduct(id: $id) { thing: deletedProductId userErrors { code field message } } }";
const CREATE_CATEGORY: &str = "mutation ($input: CreateCategoryInput!) {
    createCategory(input: $input) { thing: category { id } userErrors { code field message } } }";
const DELETE_CATEGORY: &str = "mutation ($id: ID!) {
    deleteCategory(id: $id) { thing: deletedCategoryId userErrors { code field message } } }";
const SET_STOCK: &str = "mutation ($input: SetStockInput!) {
    setStock(input: $input) { thing: stockItem { id } userErrors { code field message } } }";
const ADJUST_STOCK: &str = "mutation ($input: AdjustStockInput!) {
    adjustStock(input: $input) { thing: stockItem { id } userErrors { code field message } } }";
const RESERVE: &str = "mutation ($input: ReserveStockInput!) {
    reserveStock(input: $input) { thing: reservation { id } userErrors { code field message } } }";
const PLACE: &str = "mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) { thing: order { id } userErrors { code field message } } }";
const MOVE: &str = "mutation ($id: ID!, $to: OrderStatus!) {
    transitionOrder(id: $id, to: $to) { thing: order { id } userErrors { code field message } } }";
const CANCEL: &str = "mutation ($id: ID!) {
    cancelOrder(id: $id) { thing: order { id } userErrors { code field message } } }";
const ADDRESS: &str = "mutation ($id: ID!, $to: String!) {
    updateShippingAddress(id: $id, shippingAddress: $to) {
        thing: order { id } userErrors { code field message } } }";
const DELETE_ORDER: &str = "mutation ($id: ID!) {
    deleteOrder(id: $id) { thing: deletedOrderId userErrors { code field message } } }";

/// All of them, subgraph by subgraph.
pub(super) fn rows() -> impl Iterator<Item = super::Row> {
    let rows = [accounts(), catalogue(), stock(), orders()].into_iter().flatten();
    rows.map(|(operation, variables, told)| (operation.to_owned(), variables, told))
}

fn accounts() -> Vec<Row> {
    let user = |field: &str, value: Value| {
        let mut input = json!({ "username": "bob", "password": "password123" });
        input[field] = value;
        json!({ "input": input })
    };
    let change = |id: &str, input: Value| json!({ "id": id, "input": input });
    let long = |count: usize| json!("x".repeat(count));
    vec![
        (CREATE_USER, user("username", json!("john_doe")), Field("TAKEN", "username")),
        (CREATE_USER, user("username", json!(" \t")), Field("BLANK", "username")),
        (CREATE_USER, user("username", long(151)), Field("TOO_LONG", "username")),
        (CREATE_USER, user("username", json!("a b")), Field("INVALID", "username")),
        (CREATE_USER, user("username", json!("a\0b")), Field("INVALID", "username")),
        (CREATE_USER, user("username", json!(7)), Request("BAD_USER_INPUT")),
        (CREATE_USER, user("password", json!("")), Field("BLANK", "password")),
        (CREATE_USER, user("email", json!("not-an-email")), Field("INVALID", "email")),
        (CREATE_USER, user("firstName", long(151)), Field("TOO_LONG", "firstName")),
        (CREATE_USER, user("phone", long(1_000)), Field("TOO_LONG", "phone")),
        (CREATE_USER, user("isStaff", json!(true)), Request("BAD_USER_INPUT")),
        (CREATE_USER, json!({ "input": { "username": "bob" } }), Request("BAD_USER_INPUT")),
        (UPDATE_USER, change("2", json!({ "username": "john_doe" })), Field("TAKEN", "username")),
        (UPDATE_USER, change("2", json!({ "email": "a@b@c" })), Field("INVALID", "email")),
        (UPDATE_USER, change("999", json!({ "firstName": "Bob" })), Field("NOT_FOUND", "id")),
        (UPDATE_USER, change("x", json!({ "firstName": "Bob" })), Field("INVALID", "id")),
        (UPDATE_USER, change("1", json!({ "dateJoined": "yesterday" })), Request("BAD_USER_INPUT")),
        (UPDATE_PROFILE, change("1", json!({ "address": "\0" })), Field("INVALID", "address")),
        (UPDATE_PROFILE, change("999", json!({ "phone": "1" })), Field("NOT_FOUND", "id")),
        (DELETE_USER, json!({ "id": "999" }), Field("NOT_FOUND", "id")),
        (DELETE_USER, json!({ "id": "1 or 1=1" }), Field("INVALID", "id")),
        (DELETE_USER, json!({ "id": "99999999999999999999" }), Field("INVALID", "id")),
        ("{ user(id: \"one\") { id } }", json!({}), Request("BAD_USER_INPUT")),
        ("{ user(id: \"-1\") { id } }", json!({}), Request("BAD_USER_INPUT")),
        ("{ user(id: 1.5) { id } }", json!({}), Request("GRAPHQL_VALIDATION_FAILED")),
    ]
}

fn catalogue() -> Vec<Row> {
    let product = |field: &str, value: Value| {
        let mut input = json!({ "name": "Mug", "description": "Blue", "price": "5.00" });
        input[field] = value;
        json!({ "input": input })
    };
    let change = |id: &str, input: Value| json!({ "id": id, "input": input });
    let category = |name: Value| json!({ "input": { "name": name } });
    vec![
        (CREATE_PRODUCT, product("name", json!("")), Field("BLANK", "name")),
        (CREATE_PRODUCT, product("name", json!("x".repeat(201))), Field("TOO_LONG", "name")),
        (CREATE_PRODUCT, product("description", json!(" ")), Field("BLANK", "description")),
        (CREATE_PRODUCT, product("price", json!("1.005")), Field("INVALID", "price")),
        (CREATE_PRODUCT, product("price", json!("NaN")), Field("INVALID", "price")),
        (CREATE_PRODUCT, product("price", json!("1e3")), Field("INVALID", "price")),
        (CREATE_PRODUCT, product("price", json!("-0.01")), Field("OUT_OF_RANGE", "price")),
        (CREATE_PRODUCT, product("price", json!("100000000")), Field("OUT_OF_RANGE", "price")),
        (CREATE_PRODUCT, product("price", json!(5.0)), Request("BAD_USER_INPUT")),
        (CREATE_PRODUCT, product("price", json!(null)), Request("BAD_USER_INPUT")),
        (CREATE_PRODUCT, product("price", json!("9".repeat(65))), Request("BAD_USER_INPUT")),
        (CREATE_PRODUCT, product("categoryId", json!("999")), Field("NOT_FOUND", "categoryId")),
        (CREATE_PRODUCT, product("categoryId", json!("x")), Field("INVALID", "categoryId")),
        (CREATE_PRODUCT, product("isActive", json!("yes")), Request("BAD_USER_INPUT")),
        (UPDATE_PRODUCT, change("1", json!({ "price": "NaN" })), Field("INVALID", "price")),
        (UPDATE_PRODUCT, change("1", json!({ "name": "a\0b" })), Field("INVALID", "name")),
        (UPDATE_PRODUCT, change("999", json!({ "name": "Mug" })), Field("NOT_FOUND", "id")),
        (DELETE_PRODUCT, json!({ "id": "999" }), Field("NOT_FOUND", "id")),
        (DELETE_PRODUCT, json!({ "id": "01" }), Field("INVALID", "id")),
        (CREATE_CATEGORY, category(json!("Books")), Field("TAKEN", "name")),
        (CREATE_CATEGORY, category(json!("x".repeat(101))), Field("TOO_LONG", "name")),
        (CREATE_CATEGORY, category(json!(["Mugs"])), Request("BAD_USER_INPUT")),
        (DELETE_CATEGORY, json!({ "id": "999" }), Field("NOT_FOUND", "id")),
        ("{ product(id: \"x\") { id } }", json!({}), Request("BAD_USER_INPUT")),
        (
            "{ products(filter: { minPrice: \"NaN\" }) { totalCount } }",
            json!({}),
            Request("BAD_USER_INPUT"),
        ),
        (
            "{ products(filter: { search: \"a\\u0000\" }) { totalCount } }",
            json!({}),
            Request("BAD_USER_INPUT"),
        ),
        (
            "{ products(sort: CHEAPEST) { totalCount } }",
            json!({}),
            Request("GRAPHQL_VALIDATION_FAILED"),
        ),
    ]
}

fn stock() -> Vec<Row> {
    let count = |on_hand: Value| json!({ "input": { "productId": "1", "onHand": on_hand } });
    let adjust = |delta: Value| json!({ "input": { "productId": "1", "delta": delta } });
    let reserve = |id: &str, quantity: Value| {
        let lines = json!([{ "productId": "1", "quantity": quantity }]);
        json!({ "input": { "id": id, "lines": lines } })
    };
    let id = "019a4b6e-3c00-7000-8000-00000000000f";
    vec![
        (SET_STOCK, count(json!(-1)), Field("OUT_OF_RANGE", "onHand")),
        (SET_STOCK, count(json!(0)), Field("OUT_OF_RANGE", "onHand")),
        (SET_STOCK, count(json!(2_147_483_648_i64)), Request("BAD_USER_INPUT")),
        (SET_STOCK, count(json!("many")), Request("BAD_USER_INPUT")),
        (ADJUST_STOCK, adjust(json!(-50)), Field("INSUFFICIENT_STOCK", "delta")),
        (ADJUST_STOCK, adjust(json!(0.5)), Request("BAD_USER_INPUT")),
        (RESERVE, reserve("7", json!(1)), Field("INVALID", "id")),
        (RESERVE, reserve(id, json!(0)), Field("OUT_OF_RANGE", "lines.0.quantity")),
        (RESERVE, reserve(id, json!(50)), Field("INSUFFICIENT_STOCK", "lines.0.quantity")),
        ("{ stockItem(id: \"x\") { id } }", json!({}), Request("BAD_USER_INPUT")),
        ("{ reservation(id: \"1\") { id } }", json!({}), Request("BAD_USER_INPUT")),
    ]
}

fn orders() -> Vec<Row> {
    let line =
        |product: &str, quantity: Value| json!({ "productId": product, "quantity": quantity });
    let place = |user: &str, lines: Value| json!({ "input": { "userId": user, "shippingAddress": "1 Main St", "lines": lines } });
    let one = |quantity: Value| place("1", json!([line("1", quantity)]));
    let with = |field: &str, value: Value| {
        let mut variables = one(json!(1));
        variables["input"][field] = value;
        variables
    };
    let hundred_and_one = json!(vec![line("1", json!(1)); 101]);
    let too_dear = json!([
        line("5", json!(1_000_000)),
        line("5", json!(1_000_000)),
        line("5", json!(1_000_000)),
        line("5", json!(1_000_000)),
        line("5", json!(1_000_000)),
        line("5", json!(1_000_000))
    ]);
    vec![
        (PLACE, place("999", json!([line("1", json!(1))])), Field("NOT_FOUND", "userId")),
        (PLACE, place("x", json!([line("1", json!(1))])), Field("INVALID", "userId")),
        (
            PLACE,
            place("1", json!([line("999", json!(1))])),
            Field("NOT_FOUND", "lines.0.productId"),
        ),
        (
            PLACE,
            place("1", json!([line("1", json!(1)), line("x", json!(1))])),
            Field("INVALID", "lines.1.productId"),
        ),
        (PLACE, one(json!(0)), Field("OUT_OF_RANGE", "lines.0.quantity")),
        (PLACE, one(json!(-1)), Field("OUT_OF_RANGE", "lines.0.quantity")),
        (PLACE, one(json!(1_000_001)), Field("OUT_OF_RANGE", "lines.0.quantity")),
        (PLACE, one(json!(50)), Field("INSUFFICIENT_STOCK", "lines.0.quantity")),
        (PLACE, one(json!(1.5)), Request("BAD_USER_INPUT")),
        (PLACE, one(json!(9_223_372_036_854_775_808_u64)), Request("BAD_USER_INPUT")),
        (PLACE, one(json!("1")), Request("BAD_USER_INPUT")),
        (PLACE, place("1", json!([])), Field("BLANK", "lines")),
        (PLACE, place("1", hundred_and_one), Field("TOO_LONG", "lines")),
        (PLACE, place("1", json!(null)), Request("BAD_USER_INPUT")),
        (PLACE, place("1", too_dear), Field("OUT_OF_RANGE", "")),
        (PLACE, with("shippingAddress", json!("\n")), Field("BLANK", "shippingAddress")),
        (PLACE, with("shippingAddress", json!("a\0")), Field("INVALID", "shippingAddress")),
        (
            PLACE,
            with("shippingAddress", json!("x".repeat(100_001))),
            Field("TOO_LONG", "shippingAddress"),
        ),
        (PLACE, with("idempotencyKey", json!("")), Field("BLANK", "idempotencyKey")),
        (
            PLACE,
            with("idempotencyKey", json!("k".repeat(256))),
            Field("TOO_LONG", "idempotencyKey"),
        ),
        (PLACE, with("expectedTotal", json!("1.00")), Field("PRICE_CHANGED", "expectedTotal")),
        (PLACE, with("expectedTotal", json!("cheap")), Field("INVALID", "expectedTotal")),
        (PLACE, with("total", json!("0.01")), Request("BAD_USER_INPUT")),
        (PLACE, with("status", json!("DELIVERED")), Request("BAD_USER_INPUT")),
        (MOVE, json!({ "id": "999", "to": "SHIPPED" }), Field("NOT_FOUND", "id")),
        (MOVE, json!({ "id": "x", "to": "SHIPPED" }), Field("INVALID", "id")),
        (MOVE, json!({ "id": "1", "to": "LOST" }), Request("BAD_USER_INPUT")),
        (CANCEL, json!({ "id": "999" }), Field("NOT_FOUND", "id")),
        (ADDRESS, json!({ "id": "1", "to": " " }), Field("BLANK", "shippingAddress")),
        (ADDRESS, json!({ "id": "999", "to": "there" }), Field("NOT_FOUND", "id")),
        (DELETE_ORDER, json!({ "id": "999" }), Field("NOT_FOUND", "id")),
        ("{ order(id: \"x\") { id } }", json!({}), Request("BAD_USER_INPUT")),
        (
            "{ orders(filter: { userId: \"x\" }) { totalCount } }",
            json!({}),
            Request("BAD_USER_INPUT"),
        ),
    ]
}
