//! What a start leads to: the sample data, the ready file, where it listens.

use crate::shop::Shop;
use e2e::on_both_databases;
use serde_json::{Value, json};
use std::time::Duration;
use testing::{Agora, Database, wait_until};

/// How long it may take until what a crash left behind is put in order.
const SETTLED: Duration = Duration::from_secs(60);

const SAMPLE: &str = include_str!("../../../agora/src/sample-data.json");

/// Everything that the sample data says, and when it was said.
const SHOP: &str = "{
    users { totalCount nodes { id username email firstName lastName dateJoined
        profile { phone address } } }
    categories { totalCount nodes { id name description createdAt } }
    products(sort: OLDEST) { totalCount nodes { id name description price { amount } isActive
        category { id } stockItem { onHand reserved available } createdAt } }
    orders { totalCount nodes { id user { id } status total { amount } shippingAddress createdAt
        lines { product { id } productName quantity unitPrice { amount } } } }
}";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Hundredths: the sample's amounts have two decimals.
fn cents(amount: &Value) -> i64 {
    text(amount).replace('.', "").parse().unwrap()
}

/// The entry with this number, which the sample counts from 1.
fn nth<'s>(list: &'s Value, number: &Value) -> &'s Value {
    &list[usize::try_from(number.as_u64().unwrap()).unwrap() - 1]
}

/// Takes away what the sample data does not say, and checks that it is there.
fn undated(mut shop: Value) -> Value {
    for (list, field) in [
        ("users", "dateJoined"),
        ("categories", "createdAt"),
        ("products", "createdAt"),
        ("orders", "createdAt"),
    ] {
        for node in shop[list]["nodes"].as_array_mut().unwrap() {
            let instant = node.as_object_mut().unwrap().remove(field).unwrap();
            assert!(text(&instant).ends_with('Z'), "{instant}");
        }
    }
    shop
}

fn connection(nodes: Vec<Value>) -> Value {
    json!({ "totalCount": nodes.len(), "nodes": nodes })
}

fn numbered(list: &Value) -> impl Iterator<Item = (String, &Value)> {
    (1..).map(|number: i32| number.to_string()).zip(list.as_array().unwrap())
}

/// What the graph must answer, worked out from the sample data.
fn expected(sample: &Value) -> Value {
    let users = numbered(&sample["users"]).map(|(id, user)| {
        json!({ "id": id, "username": user["username"], "email": user["email"],
            "firstName": user["first_name"], "lastName": user["last_name"],
            "profile": { "phone": user["phone"], "address": user["address"] } })
    });
    let categories = numbered(&sample["categories"]).map(|(id, category)| {
        json!({ "id": id, "name": category["name"], "description": category["description"] })
    });
    let products = numbered(&sample["products"]).map(|(id, product)| {
        let on_hand = product["stock_quantity"].as_i64().unwrap();
        let items = sample["orders"].as_array().unwrap().iter();
        let items = items.flat_map(|order| order["items"].as_array().unwrap());
        let of_product = items.filter(|item| item["product_id"].as_i64() == id.parse().ok());
        let reserved: i64 = of_product.map(|item| item["quantity"].as_i64().unwrap()).sum();
        let available = on_hand - reserved;
        json!({ "id": id, "name": product["name"], "description": product["description"],
            "price": { "amount": product["price"] }, "isActive": true,
            "category": { "id": product["category_id"].to_string() },
            "stockItem": { "onHand": on_hand, "reserved": reserved, "available": available } })
    });
    let mut orders: Vec<_> =
        numbered(&sample["orders"]).map(|(id, order)| expected_order(sample, &id, order)).collect();
    // Newest first.
    orders.reverse();
    json!({
        "users": connection(users.collect()),
        "categories": connection(categories.collect()),
        "products": connection(products.collect()),
        "orders": connection(orders),
    })
}

fn expected_order(sample: &Value, id: &str, order: &Value) -> Value {
    let mut total = 0;
    let lines = order["items"].as_array().unwrap().iter().map(|item| {
        let product = nth(&sample["products"], &item["product_id"]);
        total += cents(&product["price"]) * item["quantity"].as_i64().unwrap();
        json!({ "product": { "id": item["product_id"].to_string() },
            "productName": product["name"], "quantity": item["quantity"],
            "unitPrice": { "amount": product["price"] } })
    });
    let lines: Vec<_> = lines.collect();
    let total = format!("{}.{:02}", total / 100, total % 100);
    json!({ "id": id, "user": { "id": order["user_id"].to_string() }, "status": "PENDING",
        "total": { "amount": total }, "shippingAddress": order["shipping_address"],
        "lines": lines })
}

on_both_databases! {
    async fn the_first_start_loads_the_sample_data_and_the_second_finds_it(database: &Database) {
        let sample: Value = serde_json::from_str(SAMPLE).unwrap();
        let mut shop = Shop::from(Agora::options().database(database).sample_data()).await;

        let first = shop.data(SHOP, json!({})).await;
        shop.agora.restart().await;
        let second = shop.data(SHOP, json!({})).await;

        assert_eq!(second, first, "the second start changes nothing");
        assert_eq!(undated(first), expected(&sample));
        for user in sample["users"].as_array().unwrap() {
            let verify = "mutation ($username: String!, $password: String!) {
                verifyCredentials(username: $username, password: $password) { valid } }";
            let verified = shop.data(verify, user.clone()).await;
            assert_eq!(verified["verifyCredentials"]["valid"], true, "{user}");
        }
    }
}

on_both_databases! {
    async fn a_first_start_that_dies_over_an_order_is_completed_by_the_next(database: &Database) {
        let sample: Value = serde_json::from_str(SAMPLE).unwrap();
        let options = || Agora::options().database(database).sample_data();
        let dying = options().variable("AGORA_CRASH_AT", "place/reserve after").try_start().await;
        let Err(_) = dying else { panic!("it does not die") };

        let shop = Shop::from(options()).await;

        // Units that it had reserved come back a moment after its attempt is given up.
        let whole = || async { undated(shop.data(SHOP, json!({})).await) == expected(&sample) };
        wait_until(SETTLED, whole).await;
    }
}

#[tokio::test]
async fn a_start_without_sample_data_is_an_empty_shop() {
    let mut shop = Shop::open().await;
    let counts = "{ users { totalCount } categories { totalCount } products { totalCount }
        stockItems { totalCount } orders { totalCount } }";

    let first = shop.data(counts, json!({})).await;
    shop.agora.restart().await;
    let second = shop.data(counts, json!({})).await;

    for list in first.as_object().unwrap().values() {
        assert_eq!(list["totalCount"], 0, "{first}");
    }
    assert_eq!(second, first);
}

#[tokio::test]
async fn the_ready_file_says_where_everything_is() {
    let agora = Agora::start().await;
    let (graphql, graphiql) = (agora.url(), agora.graphiql_url());

    let port = graphql.strip_prefix("http://127.0.0.1:").unwrap().strip_suffix("/graphql").unwrap();
    assert_ne!(port.parse::<u16>().unwrap(), 0, "a free port was taken, and named");
    let page = agora.client().get(graphiql).header("accept", "text/html").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(agora.data("{ __typename }", json!({})).await["__typename"], "Query");
    for service in ["user", "product", "inventory", "order"] {
        let rest = agora.client().get(agora.rest_url(service)).send().await.unwrap();
        assert!(!rest.status().is_server_error(), "{service}: {}", rest.status());
    }
    assert!(agora.output().contains(graphiql), "people are told, too: {}", agora.output());
}

#[tokio::test]
async fn a_start_beyond_loopback_warns_and_can_still_be_reached_from_here() {
    let agora = Agora::options().argument("--host").argument("0.0.0.0").start().await;

    let answer = agora.data("{ __typename }", json!({})).await;

    assert_eq!(answer["__typename"], "Query");
    let output = agora.output();
    assert!(output.contains("warning") && output.contains("0.0.0.0"), "{output}");
    assert!(output.contains("nobody has to sign in"), "{output}");
}

#[tokio::test]
async fn in_production_nothing_tells_about_the_schema() {
    let agora = Agora::options().argument("--production").start().await;

    let answer = agora.graphql("{ __schema { queryType { name } } }", json!({})).await;
    let misspelt = agora.graphql("{ prodcts { totalCount } }", json!({})).await;
    let page = agora.url().replace("/graphql", "/graphiql");
    let page = agora.client().get(page).header("accept", "text/html").send().await.unwrap();

    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTROSPECTION_DISABLED", "{answer}");
    assert!(!misspelt.to_string().contains("products"), "{misspelt}");
    assert_eq!(page.status(), 404);
    assert_eq!(agora.ready().get("graphiql"), None);
    assert_eq!(agora.data("{ users { totalCount } }", json!({})).await["users"]["totalCount"], 0);
}
