//! What is done when the process dies, and what must come of it.

use serde_json::{Value, json};

/// Units of the one product in the beginning.
pub(crate) const STOCK: i64 = 20;

const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id } userErrors { code field message } } }";
const MOVE: &str = "mutation ($id: ID!, $to: OrderStatus!) { transitionOrder(id: $id, to: $to) {
    order { status } userErrors { code field message } } }";
const CANCEL: &str = "mutation ($id: ID!) { cancelOrder(id: $id) {
    order { status } userErrors { code field message } } }";
const DELETE: &str = "mutation ($id: ID!) { deleteOrder(id: $id) {
    deletedOrderId userErrors { code field message } } }";
const DELETE_PRODUCT: &str = "mutation ($id: ID!) { deleteProduct(id: $id) {
    deletedProductId userErrors { code field message } } }";
const CREATE_CATEGORY: &str =
    "mutation ($input: CreateCategoryInput!) { createCategory(input: $input) {
    category { id } userErrors { code field message } } }";
const UPDATE_PRODUCT: &str = "mutation ($id: ID!, $input: UpdateProductInput!) {
    updateProduct(id: $id, input: $input) { product { id } userErrors { code field message } } }";
const DELETE_CATEGORY: &str = "mutation ($id: ID!) { deleteCategory(id: $id) {
    deletedCategoryId userErrors { code field message } } }";
const RESERVE: &str = "mutation ($input: ReserveStockInput!) { reserveStock(input: $input) {
    reservation { status } userErrors { code field message } } }";

/// A mutation and its variables.
pub(crate) type Operation = (&'static str, Value);

/// One walk through the shop.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// What is done before anything can die.
    pub(crate) before: fn() -> Vec<Operation>,
    /// A point at which the process has died before, in the middle of `act`.
    pub(crate) died_at: Option<&'static str>,
    /// What becomes of calls between subgraphs.
    pub(crate) calls: &'static str,
    /// What is done until there is an answer; then the process may die. `None` waits for the workers.
    pub(crate) act: fn() -> Option<Operation>,
    /// Refusals that are a right answer: always, and when an attempt before may have worked.
    pub(crate) refusals: (&'static [&'static str], &'static [&'static str]),
    /// On hand and reserved in the end; `None` if there is no stock item.
    pub(crate) stock: Option<(i64, i64)>,
    /// The status of the one order in the end.
    pub(crate) order: Option<&'static str>,
}

const NOTHING: Scenario = Scenario {
    name: "",
    before: Vec::new,
    died_at: None,
    calls: "call=off",
    act: || None,
    refusals: (&[], &[]),
    stock: Some((STOCK, 0)),
    order: None,
};

fn order(quantity: i64) -> Operation {
    let lines = json!([{ "productId": "1", "quantity": quantity }]);
    let input = json!({
        "userId": "1", "shippingAddress": "1 Main St", "lines": lines, "idempotencyKey": "key",
    });
    (PLACE, json!({ "input": input }))
}

fn placed() -> Vec<Operation> {
    vec![order(3)]
}

fn shipped() -> Vec<Operation> {
    vec![order(3), ship()]
}

fn ship() -> Operation {
    (MOVE, json!({ "id": "1", "to": "SHIPPED" }))
}

fn cancel() -> Option<Operation> {
    Some((CANCEL, json!({ "id": "1" })))
}

fn delete_product() -> Option<Operation> {
    Some((DELETE_PRODUCT, json!({ "id": "1" })))
}

fn in_a_category() -> Vec<Operation> {
    let (category, product) = (json!({ "name": "Mugs" }), json!({ "categoryId": "1" }));
    vec![
        (CREATE_CATEGORY, json!({ "input": category })),
        (UPDATE_PRODUCT, json!({ "id": "1", "input": product })),
    ]
}

fn expiring() -> Vec<Operation> {
    #[expect(clippy::disallowed_methods, reason = "what expires does so by the wall clock")]
    let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(3);
    let lines = json!([{ "productId": "1", "quantity": 3 }]);
    let id = "018f0000-0000-7000-8000-000000000001";
    let input = json!({ "id": id, "lines": lines, "expiresAt": soon.to_rfc3339() });
    vec![(RESERVE, json!({ "input": input }))]
}

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "placing",
        act: || Some(order(3)),
        stock: Some((STOCK, 3)),
        order: Some("PENDING"),
        ..NOTHING
    },
    Scenario {
        name: "placing what is not there",
        act: || Some(order(STOCK + 1)),
        refusals: (&["INSUFFICIENT_STOCK"], &[]),
        ..NOTHING
    },
    Scenario {
        name: "placing when the answer of the inventory is lost",
        // The first two ask for the user and the prices.
        calls: "call=2*off->1*return(answer lost)",
        act: || Some(order(3)),
        stock: Some((STOCK, 3)),
        order: Some("PENDING"),
        ..NOTHING
    },
    Scenario {
        name: "sweeping up after an order that died",
        died_at: Some("place/reserve after"),
        act: || Some(order(3)),
        stock: Some((STOCK, 3)),
        order: Some("PENDING"),
        ..NOTHING
    },
    Scenario {
        name: "shipping",
        before: placed,
        act: || Some(ship()),
        stock: Some((STOCK - 3, 0)),
        order: Some("SHIPPED"),
        ..NOTHING
    },
    Scenario {
        name: "cancelling",
        before: placed,
        act: cancel,
        refusals: (&[], &["ILLEGAL_TRANSITION"]),
        order: Some("CANCELLED"),
        ..NOTHING
    },
    Scenario {
        name: "cancelling when the inventory does not hear of it at first",
        before: placed,
        calls: "call=1*return(lost)",
        act: cancel,
        refusals: (&[], &["ILLEGAL_TRANSITION"]),
        order: Some("CANCELLED"),
        ..NOTHING
    },
    Scenario {
        name: "cancelling what was shipped",
        before: shipped,
        act: cancel,
        refusals: (&[], &["ILLEGAL_TRANSITION"]),
        order: Some("CANCELLED"),
        ..NOTHING
    },
    Scenario {
        name: "deleting",
        before: placed,
        act: || Some((DELETE, json!({ "id": "1" }))),
        refusals: (&[], &["NOT_FOUND"]),
        ..NOTHING
    },
    Scenario {
        name: "deleting a product",
        act: delete_product,
        refusals: (&[], &["NOT_FOUND"]),
        stock: None,
        ..NOTHING
    },
    Scenario {
        name: "deleting a product when the inventory does not hear of it at first",
        calls: "call=1*return(lost)",
        act: delete_product,
        refusals: (&[], &["NOT_FOUND"]),
        stock: None,
        ..NOTHING
    },
    Scenario {
        name: "deleting a product that was ordered",
        before: placed,
        act: delete_product,
        refusals: (&[], &["NOT_FOUND"]),
        stock: Some((3, 3)),
        order: Some("PENDING"),
        ..NOTHING
    },
    Scenario {
        name: "cancelling an order of a deleted product",
        before: || vec![order(3), (DELETE_PRODUCT, json!({ "id": "1" }))],
        act: cancel,
        refusals: (&[], &["ILLEGAL_TRANSITION"]),
        stock: None,
        order: Some("CANCELLED"),
        ..NOTHING
    },
    Scenario {
        name: "deleting a category",
        before: in_a_category,
        act: || Some((DELETE_CATEGORY, json!({ "id": "1" }))),
        refusals: (&[], &["NOT_FOUND"]),
        stock: None,
        ..NOTHING
    },
    Scenario { name: "expiring", before: expiring, ..NOTHING },
];
