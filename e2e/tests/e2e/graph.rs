//! One graph out of four subgraphs.

use crate::shop::{Shop, codes};
use e2e::on_both_databases;
use serde_json::{Value, json};
use testing::{Agora, Database};

const DELETE_USER: &str = "mutation ($id: ID!) {
    deleteUser(id: $id) { deletedUserId userErrors { code } } }";
const DELETE_PRODUCT: &str = "mutation ($id: ID!) {
    deleteProduct(id: $id) { deletedProductId userErrors { code } } }";

#[tokio::test]
async fn one_query_walks_across_all_four_subgraphs() {
    let shop = Shop::from(Agora::options().sample_data()).await;

    let walk = "{ user(id: 1) { username orders { totalCount nodes {
        total { amount currency }
        lines { quantity product { name category { name products { totalCount } }
            availableQuantity isInStock stockItem { onHand movements { totalCount } } } }
    } } } }";
    let data = shop.data(walk, json!({})).await;

    let line = |quantity: i64, name: &str, category: Value, stock: (i64, i64)| {
        let (on_hand, available) = stock;
        json!({ "quantity": quantity, "product": {
            "name": name, "category": category,
            "availableQuantity": available, "isInStock": true,
            // The count, and this order.
            "stockItem": { "onHand": on_hand, "movements": { "totalCount": 2 } },
        } })
    };
    let shelf =
        |name: &str, count: i64| json!({ "name": name, "products": { "totalCount": count } });
    let order = json!({
        "total": { "amount": "1059.97", "currency": "USD" },
        "lines": [
            line(1, "iPhone 15", shelf("Electronics", 3), (50, 49)),
            line(2, "Python Programming Book", shelf("Books", 1), (100, 98)),
        ],
    });
    let orders = json!({ "totalCount": 1, "nodes": [order] });
    assert_eq!(data, json!({ "user": { "username": "john_doe", "orders": orders } }));
}

on_both_databases! {
    async fn what_was_deleted_is_a_null_reference_in_a_list_that_stays_whole(
        database: &Database
    ) {
        let shop = Shop::from(Agora::options().database(database).sample_data()).await;
        shop.change(DELETE_USER, json!({ "id": "1" })).await;
        shop.change(DELETE_PRODUCT, json!({ "id": "2" })).await;

        let data = shop.data("{ orders { totalCount nodes { id user { username }
            lines { product { name } productName } } } }", json!({})).await;
        let line = |product: Value, name: &str| json!({ "product": product, "productName": name });
        let kept = |name: &str| line(json!({ "name": name }), name);
        let second = json!({ "id": "2", "user": { "username": "jane_smith" },
            "lines": [line(Value::Null, "Samsung Galaxy S23"), kept("T-Shirt")] });
        let first = json!({ "id": "1", "user": null,
            "lines": [kept("iPhone 15"), kept("Python Programming Book")] });
        assert_eq!(data["orders"], json!({ "totalCount": 2, "nodes": [second, first] }));

        // The order itself remembers the id: an order of a deleted account can still be traced.
        let ids = shop.data("{ orders { nodes { userId user { id } } } }", json!({})).await;
        assert_eq!(ids["orders"]["nodes"],
            json!([{ "userId": "2", "user": { "id": "2" } }, { "userId": "1", "user": null }]));
        let gone = shop.data("{ user(id: 1) { id } product(id: 2) { id } }", json!({})).await;
        assert_eq!(gone, json!({ "user": null, "product": null }));
        let refused = shop.place("1", &[("1", 1)]).await;
        assert_eq!(codes(&refused), ["NOT_FOUND"]);
    }

    async fn a_category_takes_its_products_along_and_orders_stay(database: &Database) {
        let shop = Shop::from(Agora::options().database(database).sample_data()).await;

        let delete = "mutation { deleteCategory(id: 1) { deletedCategoryId userErrors { code } } }";
        shop.change(delete, json!({})).await;

        let data = shop.data("{ products(sort: OLDEST) { totalCount nodes { id } }
            order(id: 1) { lines { product { name } quantity } } }", json!({})).await;
        assert_eq!(data["products"],
            json!({ "totalCount": 2, "nodes": [{ "id": "4" }, { "id": "5" }] }));
        assert_eq!(data["order"]["lines"], json!([
            { "product": null, "quantity": 1 },
            { "product": { "name": "Python Programming Book" }, "quantity": 2 },
        ]));
    }
}

#[tokio::test]
async fn products_are_filtered_and_sorted() {
    let shop = Shop::from(Agora::options().sample_data()).await;
    let deactivate = "mutation { updateProduct(id: 5, input: { isActive: false }) {
        userErrors { code } } }";
    shop.change(deactivate, json!({})).await;
    let list = "query ($filter: ProductFilter, $sort: ProductSort) {
        products(filter: $filter, sort: $sort) { totalCount nodes { id } } }";

    for (filter, sort, expected) in [
        (json!({}), None, "5 4 3 2 1"),
        (json!({}), Some("NEWEST"), "5 4 3 2 1"),
        (json!({}), Some("OLDEST"), "1 2 3 4 5"),
        (json!({}), Some("PRICE_ASC"), "5 4 2 1 3"),
        (json!({}), Some("PRICE_DESC"), "3 1 2 4 5"),
        (json!({ "categoryId": "1" }), Some("NAME"), "3 2 1"),
        (json!({ "category": "ELECTRO" }), Some("OLDEST"), "1 2 3"),
        (json!({ "ids": ["4", "2", "99"] }), Some("OLDEST"), "2 4"),
        (json!({ "ids": [] }), None, ""),
        (json!({ "search": "pRoFeSsIoNaL" }), None, "3"),
        (json!({ "search": "100%" }), None, ""),
        (json!({ "isActive": false }), None, "5"),
        (json!({ "minPrice": "29.99", "maxPrice": "899.99" }), Some("OLDEST"), "2 4"),
        (json!({ "isActive": true, "maxPrice": "29.99" }), None, "4"),
    ] {
        let sort = sort.unwrap_or("NEWEST");
        let data = shop.data(list, json!({ "filter": filter, "sort": sort })).await;
        let found = crate::shop::ids(&data["products"]);
        assert_eq!(found.join(" "), expected, "{filter} {sort}");
        assert_eq!(data["products"]["totalCount"], found.len(), "{filter}");
    }
    let unsorted = shop.data("{ products { nodes { id } } }", json!({})).await;
    assert_eq!(crate::shop::ids(&unsorted["products"]).join(" "), "5 4 3 2 1");
}

#[tokio::test]
async fn orders_are_filtered_by_user_and_status() {
    let shop = Shop::from(Agora::options().sample_data()).await;
    shop.move_to("2", "CONFIRMED").await;
    let third = shop.order("1", &[("3", 1)]).await;
    let list = "query ($filter: OrderFilter) {
        orders(filter: $filter) { totalCount nodes { id } } }";

    for (filter, expected) in [
        (json!({}), vec![third.as_str(), "2", "1"]),
        (json!({ "userId": "1" }), vec![third.as_str(), "1"]),
        (json!({ "status": "CONFIRMED" }), vec!["2"]),
        (json!({ "userId": "2", "status": "PENDING" }), vec![]),
        (json!({ "userId": "999" }), vec![]),
    ] {
        let data = shop.data(list, json!({ "filter": filter })).await;
        assert_eq!(crate::shop::ids(&data["orders"]), expected, "{filter}");
        assert_eq!(data["orders"]["totalCount"], expected.len(), "{filter}");
    }
}
