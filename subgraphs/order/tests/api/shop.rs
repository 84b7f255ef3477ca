//! Four subgraphs on one location: orders under test, and what they ask.

use chassis::db::Location;
use chassis::{Db, Peer, Subgraph};
use commerce::{Clock, SystemClock};
use order::{Orders, Peers};
use product::Catalogue;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What tests read of an order.
pub(crate) const ORDER: &str = "id status total { amount } shippingAddress allowedTransitions
    lines { quantity productName unitPrice { amount } lineTotal { amount } product { id } }
    events { status }";

pub(crate) struct Shop {
    pub(crate) orders: Arc<Orders>,
    pub(crate) order: Subgraph,
    pub(crate) user: Subgraph,
    pub(crate) product: Subgraph,
    pub(crate) inventory: Subgraph,
    pub(crate) databases: [Db; 4],
}

impl Shop {
    /// One user, and products 1, 2, … with these prices and this much stock each.
    pub(crate) async fn open(location: &Location, prices: &[&str], stock: i64) -> Self {
        let mut shop = Self::with_inventory(location, Peer::local).await;
        shop.fill(prices, stock).await;
        shop
    }

    /// As `open`, with another way to the inventory.
    pub(crate) async fn with_inventory(
        location: &Location,
        door: impl FnOnce(Subgraph) -> Peer,
    ) -> Self {
        Self::with(location, Arc::new(SystemClock), door).await
    }

    /// As `with_inventory`, with another clock.
    pub(crate) async fn with(
        location: &Location,
        clock: Arc<dyn Clock>,
        door: impl FnOnce(Subgraph) -> Peer,
    ) -> Self {
        let users = migrated(location, user::NAME, &user::MIGRATIONS).await;
        let products = migrated(location, product::NAME, &product::MIGRATIONS).await;
        let stock = migrated(location, inventory::NAME, &inventory::MIGRATIONS).await;
        let db = migrated(location, order::NAME, &order::MIGRATIONS).await;
        let user = user::subgraph(users.clone(), clock.clone());
        let inventory = inventory::subgraph(stock.clone(), clock.clone());
        let peer = Peer::local(inventory.clone());
        let catalogue = Catalogue::new(products.clone(), clock.clone(), peer);
        let product = product::subgraph(&catalogue);
        let created = "mutation { createUser(input: {username: \"ada\", password: \"secret\"}) {
            user { id } } }";
        data(&user, created, json!({})).await;
        let peers = Peers {
            user: Peer::local(user.clone()),
            product: Peer::local(product.clone()),
            inventory: door(inventory.clone()),
        };
        let orders = Orders::new(db.clone(), clock, peers);
        let order = order::subgraph(&orders);
        Self { orders, order, user, product, inventory, databases: [users, products, stock, db] }
    }

    /// The order subgraph once more, with another way to the products.
    pub(crate) fn with_products(&self, product: Peer) -> Subgraph {
        let (user, inventory) =
            (Peer::local(self.user.clone()), Peer::local(self.inventory.clone()));
        let peers = Peers { user, product, inventory };
        order::subgraph(&Orders::new(self.databases[3].clone(), Arc::new(SystemClock), peers))
    }

    pub(crate) async fn fill(&mut self, prices: &[&str], stock: i64) {
        for (index, price) in prices.iter().enumerate() {
            let create = "mutation ($input: CreateProductInput!) {
                createProduct(input: $input) { product { id } } }";
            let name = format!("Product {}", index + 1);
            let input = json!({ "name": name, "description": "d", "price": price });
            data(&self.product, create, json!({ "input": input })).await;
            let count = "mutation ($input: SetStockInput!) {
                setStock(input: $input) { userErrors { message } } }";
            let input = json!({ "productId": index + 1, "onHand": stock });
            data(&self.inventory, count, json!({ "input": input })).await;
        }
    }

    /// Places an order of (product, quantity) and answers the whole payload.
    pub(crate) async fn place(&self, lines: &[(i64, i64)], key: Option<&str>) -> Value {
        self.place_input(input(lines, key)).await
    }

    pub(crate) async fn place_input(&self, input: Value) -> Value {
        let place = format!(
            "mutation ($input: PlaceOrderInput!) {{ placeOrder(input: $input) {{
                order {{ {ORDER} }} userErrors {{ code field message }} }} }}"
        );
        data(&self.order, &place, json!({ "input": input })).await["placeOrder"].take()
    }

    /// Runs a mutation that answers an `OrderPayload`.
    pub(crate) async fn change(&self, mutation: &str) -> Value {
        let text = format!(
            "mutation {{ {mutation} {{ order {{ {ORDER} }} userErrors {{ code field message }} }} }}"
        );
        let mut data = data(&self.order, &text, json!({})).await;
        let field = mutation.split('(').next().unwrap_or_default();
        data[field].take()
    }

    /// On hand and reserved units of a product.
    pub(crate) async fn stock(&self, product: i64) -> (i64, i64) {
        let query = "query ($ids: [ID!]) { stockItems(productIds: $ids) {
            nodes { onHand reserved } } }";
        let data = data(&self.inventory, query, json!({ "ids": [product.to_string()] })).await;
        let item = &data["stockItems"]["nodes"][0];
        (item["onHand"].as_i64().unwrap(), item["reserved"].as_i64().unwrap())
    }

    /// Statements sent to all four databases so far.
    pub(crate) fn statements(&self) -> u64 {
        self.databases.iter().map(Db::statement_count).sum()
    }

    /// The order subgraph's background work, until the token is cancelled.
    pub(crate) fn work(&self) -> (CancellationToken, JoinHandle<()>) {
        let stopping = CancellationToken::new();
        (stopping.clone(), tokio::spawn(order::work(Arc::clone(&self.orders), stopping)))
    }
}

pub(crate) fn input(lines: &[(i64, i64)], key: Option<&str>) -> Value {
    let line = |(product, quantity): &(i64, i64)| json!({ "productId": product.to_string(), "quantity": quantity });
    let lines: Vec<Value> = lines.iter().map(line).collect();
    json!({ "userId": "1", "shippingAddress": "1 Main St", "lines": lines, "idempotencyKey": key })
}

pub(crate) async fn ask(subgraph: &Subgraph, query: &str, variables: Value) -> Value {
    let request = async_graphql::Request::new(query)
        .variables(async_graphql::Variables::from_json(variables));
    serde_json::to_value(subgraph.execute(request).await).unwrap()
}

pub(crate) async fn data(subgraph: &Subgraph, query: &str, variables: Value) -> Value {
    let mut answer = ask(subgraph, query, variables).await;
    assert!(answer["errors"].is_null(), "{query}\n{answer:#}");
    answer["data"].take()
}

async fn migrated(location: &Location, name: &str, migrations: &sqlx::migrate::Migrator) -> Db {
    let db = location.open(name).await.unwrap();
    db.migrate(migrations).await.unwrap();
    db
}
