//! Categories, products and what the first system does to stock.

use super::members::{object, part};
use super::operation::{Operation, delete, get, patch, post, put};
use crate::adapters::category::CATEGORY;
use crate::adapters::product_forms::{PLAIN_PRODUCT, PRODUCT};
use crate::adapters::stock::STOCK_QUESTION;
use crate::fields::Member;
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
            .takes(object(PLAIN_PRODUCT), creation())
            .shows(201, "Product", product()),
        get(one, "apiProduct", "A product").shows(200, "Product", product()),
        put(one, "apiReplaceProduct", "Replaces a product")
            .takes(object(PLAIN_PRODUCT), creation())
            .shows(200, "Product", product()),
        patch(one, "apiChangeProduct", "Changes a product")
            .takes(part(PLAIN_PRODUCT), json!({"price": "949.00"}))
            .shows(200, "Product", product()),
        delete(one, "apiDeleteProduct", "Deletes a product"),
    ]
}

fn categories() -> Vec<Operation> {
    let (all, one) = ("/categories/", "/categories/{id}/");
    let example = json!({"name": "Garden", "description": "Everything for outside"});
    vec![
        get(all, "categories", "All categories").lists("Category", json!([category()])),
        post(all, "createCategory", "Creates a category")
            .takes(object(CATEGORY), example.clone())
            .shows(201, "Category", category()),
        get(one, "category", "A category").shows(200, "Category", category()),
        put(one, "replaceCategory", "Replaces a category")
            .takes(object(CATEGORY), example.clone())
            .shows(200, "Category", category()),
        patch(one, "changeCategory", "Changes a category").takes(part(CATEGORY), example).shows(
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
            .takes(object(PRODUCT), creation())
            .shows(201, "Product", product()),
        get(one, "product", "A product, active or not").shows(200, "Product", product()),
        put(one, "replaceProduct", "Replaces a product")
            .describes("Stock and `is_active` keep their values when they are left out.")
            .takes(object(PRODUCT), creation())
            .shows(200, "Product", product()),
        patch(one, "changeProduct", "Changes a product")
            .takes(part(PRODUCT), json!({"price": "949.00"}))
            .shows(200, "Product", product()),
        delete(one, "deleteProduct", "Deletes a product"),
        get("/api/product/{id}/", "productForServices", "A product, for other services")
            .describes("Only active ones.")
            .shows(200, "Product", product())
            .refuses(404, "There is no such product, or it is not active.", &["Problem", "Detail"]),
    ]
}

fn stock() -> Vec<Operation> {
    // What is missing is checked by hand, in the order in which the first system looks at it.
    let mut check = object(STOCK_QUESTION);
    check.required = vec!["product_id".to_owned()];
    let operation = Member::choice("operation", &["decrease", "increase"]);
    let mut update = object(&[STOCK_QUESTION, &[operation]].concat());
    update.required = vec!["product_id".to_owned(), "quantity".to_owned()];
    let checked = json!({
        "available": true, "product_name": "iPhone 15", "price": 999.99, "stock_quantity": 50,
    });
    vec![
        post("/api/check-stock/", "checkStock", "Whether there is enough of a product")
            .takes(check, json!({"product_id": 1, "quantity": 2}))
            .shows(200, "StockCheck", checked)
            .refuses(400, "There is too little of it.", &["Faults", "Shortage", "Detail"])
            .refuses(404, "There is no such product, or it is not active.", &["Problem", "Detail"]),
        post(
            "/api/update-stock/",
            "updateStock",
            "Adds to the stock of a product, or takes from it",
        )
        .takes(update, json!({"product_id": 1, "quantity": 2, "operation": "increase"}))
        .shows(200, "StockUpdate", json!({"success": true, "new_stock": 52}))
        .repeats(200)
        .refuses(404, "There is no such product.", &["Problem", "Detail"]),
    ]
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
