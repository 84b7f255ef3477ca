//! Categories, products and what the first system does to stock.

use super::members::{Members, any_long_text, choice, id, long_text, money, quantity, text, truth};
use super::operation::{Operation, delete, get, patch, post, put};
use serde_json::{Value, json};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// The first system's routes.
pub(super) fn operations() -> Vec<Operation> {
    [categories(), products(), stock()].into_iter().flatten().collect()
}

/// The second system's routes.
pub(super) fn second_operations() -> Vec<Operation> {
    let (all, one) = ("/api/products/", "/api/products/{id}/");
    vec![
        get(all, "apiProducts", "All active products, the newest first")
            .filters("category", words(), "Part of the category's name.")
            .filters("search", words(), "Part of the name or of the description.")
            .lists("Product", json!([product()])),
        post(all, "apiCreateProduct", "Creates a product")
            .describes("Needs no category and no stock.")
            .takes(product_of_second_system().build(), creation())
            .shows(201, "Product", product()),
        get(one, "apiProduct", "A product").shows(200, "Product", product()),
        put(one, "apiReplaceProduct", "Replaces a product")
            .takes(product_of_second_system().build(), creation())
            .shows(200, "Product", product()),
        patch(one, "apiChangeProduct", "Changes a product")
            .takes(product_of_second_system().optional(), json!({"price": "949.00"}))
            .shows(200, "Product", product()),
        delete(one, "apiDeleteProduct", "Deletes a product"),
    ]
}

fn categories() -> Vec<Operation> {
    let (all, one) = ("/categories/", "/categories/{id}/");
    let body = || {
        Members::of("A category.")
            .must("name", text(100, "Unique."))
            .may("description", any_long_text("May be blank."))
    };
    let example = json!({"name": "Garden", "description": "Everything for outside"});
    vec![
        get(all, "categories", "All categories").lists("Category", json!([category()])),
        post(all, "createCategory", "Creates a category")
            .takes(body().build(), example.clone())
            .shows(201, "Category", category()),
        get(one, "category", "A category").shows(200, "Category", category()),
        put(one, "replaceCategory", "Replaces a category")
            .takes(body().build(), example.clone())
            .shows(200, "Category", category()),
        patch(one, "changeCategory", "Changes a category").takes(body().optional(), example).shows(
            200,
            "Category",
            category(),
        ),
        delete(one, "deleteCategory", "Deletes a category and its products"),
    ]
}

fn products() -> Vec<Operation> {
    let (all, one) = ("/products/", "/products/{id}/");
    let row = json!({
        "id": 1, "name": "iPhone 15", "description": "Latest Apple iPhone", "price": "999.99",
        "category_name": "Electronics", "stock_quantity": 50, "is_active": true,
    });
    vec![
        get(all, "products", "All active products in short, the newest first")
            .filters("category", words(), "Part of the category's name.")
            .filters("search", words(), "Part of the name or of the description.")
            .lists("ProductRow", json!([row])),
        post(all, "createProduct", "Creates a product, with its stock")
            .takes(product_of_first_system().build(), creation())
            .shows(201, "Product", product()),
        get(one, "product", "A product, active or not").shows(200, "Product", product()),
        put(one, "replaceProduct", "Replaces a product")
            .describes("Stock and `is_active` keep their values when they are left out.")
            .takes(product_of_first_system().build(), creation())
            .shows(200, "Product", product()),
        patch(one, "changeProduct", "Changes a product")
            .takes(product_of_first_system().optional(), json!({"price": "949.00"}))
            .shows(200, "Product", product()),
        delete(one, "deleteProduct", "Deletes a product"),
        get("/api/product/{id}/", "productForServices", "A product, for other services")
            .describes("Only active ones.")
            .shows(200, "Product", product())
            .refuses(404, "There is no such product, or it is not active.", &["Problem"]),
    ]
}

fn stock() -> Vec<Operation> {
    let check = Members::of("What somebody wants.")
        .must("product_id", id("The product."))
        .may("quantity", quantity(0, "How many; 1 when left out."));
    let update = Members::of("What changes.")
        .must("product_id", id("The product."))
        .must("quantity", quantity(0, "How many."))
        .may("operation", choice(["decrease", "increase"], "`decrease` when left out."));
    let checked = json!({
        "available": true, "product_name": "iPhone 15", "price": 999.99, "stock_quantity": 50,
    });
    vec![
        post("/api/check-stock/", "checkStock", "Whether there is enough of a product")
            .takes(check.build(), json!({"product_id": 1, "quantity": 2}))
            .shows(200, "StockCheck", checked)
            .refuses(400, "There is too little of it.", &["Faults", "Shortage", "Detail"])
            .refuses(404, "There is no such product, or it is not active.", &["Problem"]),
        post(
            "/api/update-stock/",
            "updateStock",
            "Adds to the stock of a product, or takes from it",
        )
        .takes(update.build(), json!({"product_id": 1, "quantity": 2, "operation": "increase"}))
        .shows(200, "StockUpdate", json!({"success": true, "new_stock": 52}))
        .refuses(404, "There is no such product.", &["Problem"]),
    ]
}

fn product_of_first_system() -> Members {
    naming("A product.").must("category_id", id("The category."))
}

fn product_of_second_system() -> Members {
    naming("A product.").may("category_id", id("The category; none when left out."))
}

fn naming(what: &str) -> Members {
    Members::of(what)
        .must("name", text(200, "Need not be unique."))
        .must("description", long_text("What there is to say about it."))
        .must("price", money("At most two decimals."))
        .may("stock_quantity", quantity(0, "How many can be sold; none when left out."))
        .may("is_active", truth("Whether it is offered for sale; it is when left out."))
}

fn words() -> Object {
    ObjectBuilder::new().schema_type(Type::String).build()
}

fn creation() -> Value {
    json!({
        "name": "iPhone 15", "description": "Latest Apple iPhone", "price": "999.99",
        "category_id": 1, "stock_quantity": 50,
    })
}

/// A category as examples show it.
fn category() -> Value {
    json!({
        "id": 1, "name": "Electronics", "description": "Electronic gadgets and devices",
        "created_at": "2026-01-31T12:34:56.123456Z",
    })
}

/// A product as examples show it.
fn product() -> Value {
    json!({
        "id": 1, "name": "iPhone 15", "description": "Latest Apple iPhone", "price": "999.99",
        "category": category(), "stock_quantity": 50, "is_active": true,
        "created_at": "2026-01-31T12:34:56.123456Z", "updated_at": "2026-01-31T12:34:56.123456Z",
    })
}
