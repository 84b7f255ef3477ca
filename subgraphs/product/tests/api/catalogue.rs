//! A product subgraph over a fresh database, and how tests talk to it.

use async_graphql::{Request, Variables};
use chassis::db::Location;
use chassis::{Db, Peer, Subgraph};
use commerce::MockClock;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) const CREATE: &str = "mutation($input: CreateProductInput!) {
    createProduct(input: $input) {
        product { id name description price { amount currency } category { id } isActive
                  createdAt updatedAt }
        userErrors { code field message }
    }
}";
pub(crate) const UPDATE: &str = "mutation($id: ID!, $input: UpdateProductInput!) {
    updateProduct(id: $id, input: $input) {
        product { id name description price { amount currency } category { id } isActive
                  createdAt updatedAt }
        userErrors { code field message }
    }
}";
pub(crate) const DELETE: &str = "mutation($id: ID!) {
    deleteProduct(id: $id) { deletedProductId userErrors { code field message } }
}";
pub(crate) const CREATE_CATEGORY: &str = "mutation($input: CreateCategoryInput!) {
    createCategory(input: $input) {
        category { id name description createdAt } userErrors { code field message }
    }
}";
pub(crate) const UPDATE_CATEGORY: &str = "mutation($id: ID!, $input: UpdateCategoryInput!) {
    updateCategory(id: $id, input: $input) {
        category { id name description createdAt } userErrors { code field message }
    }
}";
pub(crate) const DELETE_CATEGORY: &str = "mutation($id: ID!) {
    deleteCategory(id: $id) { deletedCategoryId userErrors { code field message } }
}";
const LIST: &str = "query($filter: ProductFilter, $sort: ProductSort) {
    products(filter: $filter, sort: $sort, first: 100) { totalCount nodes { name } }
}";

/// When the tests' clock starts.
pub(crate) const START: &str = "2026-01-31T09:30:00.123456Z";

pub(crate) struct Catalogue {
    pub(crate) db: Db,
    pub(crate) clock: MockClock,
    pub(crate) state: Arc<product::Catalogue>,
    subgraph: Subgraph,
    pub(crate) inventory: Subgraph,
}

impl Catalogue {
    pub(crate) async fn open(location: &Location) -> Self {
        let db = location.open(product::NAME).await.unwrap();
        db.migrate(&product::MIGRATIONS).await.unwrap();
        let clock = MockClock::at(START.parse().unwrap());
        let stock = location.open(inventory::NAME).await.unwrap();
        stock.migrate(&inventory::MIGRATIONS).await.unwrap();
        let inventory = inventory::subgraph(stock, Arc::new(clock.clone()));
        Self::new(db, clock, Peer::local(inventory.clone()), inventory)
    }

    /// The same catalogue with another way to the inventory.
    pub(crate) fn with_inventory(&self, peer: Peer) -> Self {
        Self::new(self.db.clone(), self.clock.clone(), peer, self.inventory.clone())
    }

    fn new(db: Db, clock: MockClock, peer: Peer, inventory: Subgraph) -> Self {
        let state = product::Catalogue::new(db.clone(), Arc::new(clock.clone()), peer);
        let subgraph = product::subgraph(&state);
        Self { db, clock, state, subgraph, inventory }
    }

    /// The whole answer.
    pub(crate) async fn answer(&self, document: &str, variables: Value) -> Value {
        let request = Request::new(document).variables(Variables::from_json(variables));
        serde_json::to_value(self.subgraph.execute(request).await).unwrap()
    }

    /// The data of an answer without errors.
    pub(crate) async fn data(&self, document: &str, variables: Value) -> Value {
        let mut answer = self.answer(document, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// The payload of a mutation's one field.
    pub(crate) async fn payload(&self, mutation: &str, variables: Value) -> Value {
        let data = self.data(mutation, variables).await;
        data.as_object().unwrap().values().next().unwrap().clone()
    }

    /// The new product, which must be taken; what `input` leaves out is as of a plain mug.
    pub(crate) async fn product(&self, input: Value) -> Value {
        let payload = self.payload(CREATE, json!({ "input": mug(input) })).await;
        assert_eq!(faults(&payload), [], "{payload}");
        payload["product"].clone()
    }

    /// The id of a new category.
    pub(crate) async fn category(&self, name: &str) -> String {
        let payload = self.payload(CREATE_CATEGORY, json!({ "input": { "name": name } })).await;
        assert_eq!(faults(&payload), [], "{payload}");
        id(&payload["category"])
    }

    /// The names of the products that a filter finds, in the order asked for.
    pub(crate) async fn names(&self, filter: Value, sort: &str) -> Vec<String> {
        let data = self.data(LIST, json!({ "filter": filter, "sort": sort })).await;
        let nodes = data["products"]["nodes"].as_array().unwrap();
        assert_eq!(data["products"]["totalCount"], nodes.len(), "{filter}");
        nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
    }

    /// How many statements `work` sends.
    pub(crate) async fn cost(&self, document: &str, variables: Value) -> (u64, Value) {
        let before = self.db.statement_count();
        let data = self.data(document, variables).await;
        (self.db.statement_count() - before, data)
    }
}

/// The input of a product; what `given` leaves out is as of a plain mug.
pub(crate) fn mug(given: Value) -> Value {
    let mut input = json!({ "name": "Mug", "description": "Blue", "price": "5.00" });
    for (field, value) in given.as_object().unwrap() {
        input[field] = value.clone();
    }
    input
}

pub(crate) fn id(thing: &Value) -> String {
    thing["id"].as_str().unwrap_or_else(|| panic!("{thing}")).to_owned()
}

/// Code and field of each user error of a payload.
pub(crate) fn faults(payload: &Value) -> Vec<(&str, String)> {
    let errors = payload["userErrors"].as_array().unwrap().iter();
    let field = |error: &Value| {
        let parts = error["field"].as_array().unwrap().iter();
        parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    errors.map(|error| (error["code"].as_str().unwrap(), field(error))).collect()
}
