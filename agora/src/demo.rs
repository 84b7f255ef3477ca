//! `agora demo`: the flow of an order, step by step, on a running shop.

use crate::cli::Target;
use crate::client::Client;
use anyhow::Context;
use serde_json::{Value, json};
use std::io::Write;

const SHOP: &str = "query { users(first: 1) { nodes { id username } }
    products(first: 2, filter: { isActive: true }) {
      nodes { id name price { amount } availableQuantity } } }";
const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status total { amount } lines { quantity productName } }
    userErrors { code message } } }";
const MOVE: &str = "mutation ($id: ID!, $to: OrderStatus!) { transitionOrder(id: $id, to: $to) {
    order { id status } userErrors { code message } } }";
const STOCK: &str = "query ($ids: [ID!]) { products(filter: { ids: $ids }, sort: OLDEST) {
    nodes { name stockItem { onHand reserved available } } } }";

pub(crate) fn run(target: &Target) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(walk(&Client::new(&target.url)?))
}

async fn walk(client: &Client) -> anyhow::Result<()> {
    let shop = client.data(SHOP, json!({})).await?;
    let user = shop.pointer("/users/nodes/0").context("the shop has no user: agora sample-data")?;
    let product = |index: usize| {
        let product = shop.pointer(&format!("/products/nodes/{index}"));
        product.context("the shop has fewer than two products: agora sample-data")
    };
    let (first, second) = (product(0)?, product(1)?);
    let ids = json!([first["id"], second["id"]]);
    say(&format!("1. {} looks at two products.", text(&user["username"])));
    stock(client, &ids).await?;

    let order = |first_quantity: i64, key: Option<&str>| {
        json!({ "input": {
            "userId": user["id"], "shippingAddress": "1 Demo Street", "idempotencyKey": key,
            "lines": [
                { "productId": first["id"], "quantity": first_quantity },
                { "productId": second["id"], "quantity": 2 },
            ],
        } })
    };
    let key = uuid::Uuid::now_v7().to_string();
    let placed = client.change(PLACE, order(1, Some(&key))).await?;
    let (id, total) = (&placed["order"]["id"], &placed["order"]["total"]["amount"]);
    say(&format!("2. Placed order {} of {}: its units are reserved.", text(id), text(total)));
    stock(client, &ids).await?;

    let again = client.change(PLACE, order(1, Some(&key))).await?;
    say(&format!(
        "3. The same request again, with the same idempotency key: order {} again, nothing doubled.",
        text(&again["order"]["id"])
    ));

    let available = first["availableQuantity"].as_i64().unwrap_or(0);
    let greedy = client.data(PLACE, order(available + 1, None)).await?;
    let refusal = greedy.pointer("/placeOrder/userErrors/0/message").unwrap_or(&Value::Null);
    say(&format!("4. An order of more than there is, refused: {}", text(refusal)));
    stock(client, &ids).await?;

    client.change(MOVE, json!({ "id": id, "to": "SHIPPED" })).await?;
    say("5. Shipped: the units leave the house.");
    stock(client, &ids).await?;

    client.change(MOVE, json!({ "id": id, "to": "CANCELLED" })).await?;
    say("6. Cancelled on the way: the goods come back, once.");
    stock(client, &ids).await
}

async fn stock(client: &Client, ids: &Value) -> anyhow::Result<()> {
    let data = client.data(STOCK, json!({ "ids": ids })).await?;
    for product in data["products"]["nodes"].as_array().into_iter().flatten() {
        let item = &product["stockItem"];
        say(&format!(
            "   {:<28} on hand {:>5}   reserved {:>5}   available {:>5}",
            text(&product["name"]),
            item["onHand"],
            item["reserved"],
            item["available"]
        ));
    }
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn say(line: &str) {
    // Nobody may be reading.
    let _ = writeln!(std::io::stdout(), "{line}");
}
