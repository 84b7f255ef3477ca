//! A shop with a few users, products and orders.

use chassis::db::Location;
use chassis::{Db, Peer, Subgraph};
use commerce::{Clock, SystemClock};
use graph::{Answer, Endpoint, Graph, Options, Request};
use order::{Orders, Peers};
use product::Catalogue;
use serde_json::{Map, Value, json};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const SUPERGRAPH: &str = include_str!("../../../../schema/supergraph.graphql");
pub(crate) const USERS: usize = 3;
pub(crate) const PRODUCTS: usize = 6;
pub(crate) const ORDERS: usize = 4;

/// One shop for all tests that only read or bring what they change.
pub(crate) static SHOP: LazyLock<Shop> = LazyLock::new(Shop::new);

pub(crate) struct Shop {
    runtime: Runtime,
    pub(crate) graph: Graph,
    _directory: TempDir,
}

impl Shop {
    /// A shop of its own, which no other test changes.
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let graph = runtime.block_on(async {
            let subgraphs = subgraphs(&Location::Directory(directory.path().to_owned())).await;
            let graph = Graph::new(Options {
                supergraph: SUPERGRAPH.to_owned(),
                subgraphs: subgraphs.into_iter().map(Endpoint::InProcess).collect(),
                introspection: true,
            });
            let graph = graph.unwrap();
            fill(&graph).await;
            graph
        });
        Self { runtime, graph, _directory: directory }
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The response, also of a request that is rejected.
    pub(crate) fn ask(&self, query: &str, variables: Value) -> Value {
        self.block_on(ask(&self.graph, query, variables))
    }

    /// The data of an answer without errors.
    pub(crate) fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(query, variables);
        assert_eq!(answer.get("errors"), None, "{query}\n{answer}");
        answer["data"].take()
    }
}

pub(crate) fn request(query: &str, variables: Value) -> Request {
    let variables = match variables {
        Value::Object(variables) => variables,
        _ => Map::new(),
    };
    Request { query: query.to_owned(), operation_name: None, variables }
}

pub(crate) async fn ask(graph: &Graph, query: &str, variables: Value) -> Value {
    let body = match graph.answer(request(query, variables)).await {
        Ok(Answer::Once { response, .. }) => response.await.body,
        Ok(Answer::Stream(_)) => panic!("a subscription: {query}"),
        Err(rejection) => rejection.body(),
    };
    serde_json::from_slice(&body).unwrap()
}

async fn open(place: &Location, name: &'static str) -> Db {
    place.open(name).await.unwrap()
}

pub(crate) async fn subgraphs(place: &Location) -> Vec<Subgraph> {
    let clock = || -> Arc<dyn Clock> { Arc::new(SystemClock) };
    let user = open(place, user::NAME).await;
    user.migrate(&user::MIGRATIONS).await.unwrap();
    let product = open(place, product::NAME).await;
    product.migrate(&product::MIGRATIONS).await.unwrap();
    let inventory = open(place, inventory::NAME).await;
    inventory.migrate(&inventory::MIGRATIONS).await.unwrap();
    let order = open(place, order::NAME).await;
    order.migrate(&order::MIGRATIONS).await.unwrap();
    let user = user::subgraph(user, clock());
    let inventory = inventory::subgraph(inventory, clock());
    let catalogue = Catalogue::new(product, clock(), Peer::local(inventory.clone()));
    let product = product::subgraph(&catalogue);
    let peers = Peers {
        user: Peer::local(user.clone()),
        product: Peer::local(product.clone()),
        inventory: Peer::local(inventory.clone()),
    };
    let order = order::subgraph(&Orders::new(order, clock(), peers));
    vec![user, product, inventory, order]
}

/// Names and descriptions are numbers that are ids of other rows: a value that is mistaken for a
/// key leads to another row.
pub(crate) async fn fill(graph: &Graph) {
    let run = async |query: &str, variables: Value| {
        let answer = ask(graph, query, variables).await;
        assert!(
            answer.get("errors").is_none() && !answer.to_string().contains("\"code\""),
            "{answer}"
        );
    };
    for n in 1..=USERS {
        let input = json!({ "username": format!("{}", n % USERS + 1), "password": "not secret 1",
            "firstName": format!("{}", (n + 1) % USERS + 1) });
        run("mutation ($input: CreateUserInput!) { createUser(input: $input) { userErrors { code } } }", json!({ "input": input })).await;
    }
    run("mutation { createCategory(input: { name: \"2\" }) { userErrors { code } } }", Value::Null)
        .await;
    for n in 1..=PRODUCTS {
        let category = (n % 2 == 0).then_some(1);
        let input = json!({ "name": format!("{}", n % PRODUCTS + 1), "price": format!("{n}.50"),
            "description": format!("{}", (n + 2) % PRODUCTS + 1), "categoryId": category });
        run("mutation ($input: CreateProductInput!) { createProduct(input: $input) { userErrors { code } } }", json!({ "input": input })).await;
        if n < PRODUCTS {
            let input = json!({ "productId": n, "onHand": 100 * n });
            run("mutation ($input: SetStockInput!) { setStock(input: $input) { userErrors { code } } }", json!({ "input": input })).await;
        }
    }
    for n in 1..=ORDERS {
        let lines =
            json!([{ "productId": n, "quantity": n }, { "productId": n % 5 + 1, "quantity": 1 }]);
        let input = json!({ "userId": n % 2 + 1, "shippingAddress": "3", "lines": lines });
        run("mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }", json!({ "input": input })).await;
    }
}
