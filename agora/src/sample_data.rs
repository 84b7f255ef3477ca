//! The sample data, through the API. Loading it twice changes nothing.

use crate::cli::Target;
use crate::client::Client;
use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};

const SAMPLE: &str = include_str!("sample-data.json");

const EXISTING: &str = "query { users(first: 100) { nodes { id name: username } }
    categories(first: 100) { nodes { id name } }
    products(first: 100) { nodes { id name stockItem { id } } } }";
const CREATE_USER: &str = "mutation ($input: CreateUserInput!) {
    createUser(input: $input) { thing: user { id } userErrors { message } } }";
const CREATE_CATEGORY: &str = "mutation ($input: CreateCategoryInput!) {
    createCategory(input: $input) { thing: category { id } userErrors { message } } }";
const CREATE_PRODUCT: &str = "mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { thing: product { id } userErrors { message } } }";
const SET_STOCK: &str = "mutation ($input: SetStockInput!) {
    setStock(input: $input) { thing: stockItem { id } userErrors { message } } }";
const PLACE_ORDER: &str = "mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) { userErrors { code message } } }";
/// How long an order may count as being placed by an earlier start, which died over it.
const UNDECIDED: Duration = Duration::from_secs(40);
/// Pause before such an order is asked for again.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct Sample {
    users: Vec<User>,
    categories: Vec<Category>,
    products: Vec<Product>,
    orders: Vec<Order>,
}

#[derive(Deserialize)]
struct User {
    username: String,
    password: String,
    email: String,
    first_name: String,
    last_name: String,
    phone: String,
    address: String,
}

#[derive(Deserialize)]
struct Category {
    name: String,
    description: String,
}

/// Its `category_id` counts the sample's categories from 1; orders count users and products so.
#[derive(Deserialize)]
struct Product {
    name: String,
    description: String,
    price: String,
    category_id: usize,
    stock_quantity: i64,
}

#[derive(Deserialize)]
struct Order {
    user_id: usize,
    shipping_address: String,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    product_id: usize,
    quantity: i64,
}

pub(crate) fn run(target: &Target) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(load(&Client::new(&target.url)?))?;
    eprintln!("The sample data is there.");
    Ok(())
}

/// Creates whatever of the sample data the shop does not have yet.
pub(crate) async fn load(client: &Client) -> anyhow::Result<()> {
    let sample: Sample = serde_json::from_str(SAMPLE).context("the sample data is damaged")?;
    let existing = client.data(EXISTING, json!({})).await?;

    let known = Known::new(&existing["users"]);
    let mut users = Vec::new();
    for user in &sample.users {
        let input = json!({
            "username": user.username, "password": user.password, "email": user.email,
            "firstName": user.first_name, "lastName": user.last_name,
            "phone": user.phone, "address": user.address,
        });
        users.push(known.or_create(client, &user.username, CREATE_USER, input).await?);
    }
    let known = Known::new(&existing["categories"]);
    let mut categories = Vec::new();
    for category in &sample.categories {
        let input = json!({ "name": category.name, "description": category.description });
        categories.push(known.or_create(client, &category.name, CREATE_CATEGORY, input).await?);
    }
    let products = load_products(client, &sample.products, &existing, &categories).await?;
    load_orders(client, &sample.orders, &users, &products).await
}

async fn load_products(
    client: &Client,
    products: &[Product],
    existing: &Value,
    categories: &[Value],
) -> anyhow::Result<Vec<Value>> {
    let known = Known::new(&existing["products"]);
    let mut ids = Vec::new();
    for product in products {
        let input = json!({
            "name": product.name, "description": product.description, "price": product.price,
            "categoryId": nth(categories, product.category_id)?,
        });
        let id = known.or_create(client, &product.name, CREATE_PRODUCT, input).await?;
        if !known.is_stocked(&product.name) {
            let input = json!({
                "productId": id, "onHand": product.stock_quantity, "reference": "sample data",
            });
            client.change(SET_STOCK, json!({ "input": input })).await?;
        }
        ids.push(id);
    }
    Ok(ids)
}

async fn load_orders(
    client: &Client,
    orders: &[Order],
    users: &[Value],
    products: &[Value],
) -> anyhow::Result<()> {
    for (index, order) in orders.iter().enumerate() {
        let line = |item: &Item| {
            let product = nth(products, item.product_id)?;
            Ok(json!({ "productId": product, "quantity": item.quantity }))
        };
        let input = json!({
            "userId": nth(users, order.user_id)?,
            "shippingAddress": order.shipping_address,
            "lines": order.items.iter().map(line).collect::<anyhow::Result<Vec<_>>>()?,
            // The same key places the same order only once.
            "idempotencyKey": format!("sample-order-{}", index + 1),
        });
        place(client, json!({ "input": input })).await?;
    }
    Ok(())
}

async fn place(client: &Client, input: Value) -> anyhow::Result<()> {
    let start = Instant::now();
    loop {
        let data = client.data(PLACE_ORDER, input.clone()).await?;
        match data.pointer("/placeOrder/userErrors/0") {
            None => return Ok(()),
            Some(error) if error["code"] == "CONFLICT" && start.elapsed() < UNDECIDED => {
                tokio::time::sleep(PAUSE).await;
            }
            Some(error) => bail!("the shop refused a sample order: {}", error["message"]),
        }
    }
}

/// What the shop has of one kind, by name.
struct Known<'v>(HashMap<&'v str, &'v Value>);

impl<'v> Known<'v> {
    fn new(connection: &'v Value) -> Self {
        let nodes = connection["nodes"].as_array().into_iter().flatten();
        Self(nodes.filter_map(|node| Some((node["name"].as_str()?, node))).collect())
    }

    fn is_stocked(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|node| !node["stockItem"].is_null())
    }

    async fn or_create(
        &self,
        client: &Client,
        name: &str,
        mutation: &str,
        input: Value,
    ) -> anyhow::Result<Value> {
        if let Some(node) = self.0.get(name) {
            return Ok(node["id"].clone());
        }
        let payload = client.change(mutation, json!({ "input": input })).await;
        let mut payload = payload.with_context(|| format!("{name} cannot be created"))?;
        Ok(payload["thing"]["id"].take())
    }
}

/// The id of the entry that the sample counts from 1.
fn nth(ids: &[Value], number: usize) -> anyhow::Result<&Value> {
    number.checked_sub(1).and_then(|index| ids.get(index)).context("the sample data is damaged")
}
