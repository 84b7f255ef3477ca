//! A running shop and the few requests that most tests begin with.

use e2e::http::{Answer, Request};
use serde_json::{Value, json};
use testing::{Agora, Database};
use tokio::sync::Mutex;

/// A running, empty shop, seen through its REST interface.
pub(crate) struct Shop {
    pub(crate) agora: Agora,
}

impl Shop {
    /// Starts one on SQLite.
    pub(crate) async fn start() -> Self {
        Self { agora: Agora::start().await }
    }

    /// Runs `scenario` on SQLite and, where there is one, on PostgreSQL.
    ///
    /// One at a time: hundreds of requests at once are enough for a small machine.
    pub(crate) async fn on_both(scenario: impl AsyncFn(&Self)) {
        static TURN: Mutex<()> = Mutex::const_new(());
        let _turn = TURN.lock().await;
        scenario(&Self::start().await).await;
        if let Some(database) = Database::postgres() {
            let agora = Agora::options().database(&database).start().await;
            scenario(&Self { agora }).await;
        }
    }

    /// Where a path is documented to be.
    pub(crate) fn base(&self, path: &str) -> &str {
        let is = |beginnings: &[&str]| beginnings.iter().any(|beginning| path.contains(beginning));
        self.agora.rest_url(match path {
            _ if is(&["/inventory"]) => "inventory",
            _ if is(&["/order"]) => "order",
            _ if is(&["/product", "/categor", "-stock"]) => "product",
            _ => "user",
        })
    }

    pub(crate) async fn send(&self, path: &str, request: Request) -> Answer {
        let answer = request.send(self.base(path)).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.agora.output()))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(path, Request::new("GET", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(path, Request::new("POST", path).json(body)).await
    }

    /// The JSON that answers; it must come with `status`.
    pub(crate) async fn posted(&self, path: &str, body: &Value, status: u16) -> Value {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, status, "POST {path} {body}: {}", answer.text());
        answer.json()
    }

    /// The JSON at `path`.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.text());
        answer.json()
    }

    /// A user with id 1, a category with id 1 and a product with id 1, of which there are so many.
    pub(crate) async fn stock_up(&self, quantity: u32) {
        let user = json!({"username": "john_doe", "password": "password123"});
        self.posted("/users/", &user, 201).await;
        self.posted("/categories/", &json!({"name": "Kitchen"}), 201).await;
        self.posted("/products/", &mug(quantity), 201).await;
    }

    /// What is left of the product with id 1.
    pub(crate) async fn stock(&self) -> Value {
        self.json("/products/1/").await["stock_quantity"].take()
    }
}

/// A product to create.
pub(crate) fn mug(quantity: u32) -> Value {
    json!({
        "name": "Mug", "description": "Holds tea", "price": "5.00",
        "category_id": 1, "stock_quantity": quantity,
    })
}

/// An order of the product with id 1.
pub(crate) fn order(quantity: u32) -> Value {
    json!({
        "user_id": 1, "shipping_address": "Mill Lane 1",
        "items": [{"product_id": 1, "quantity": quantity, "price": "5.00"}],
    })
}
