//! Products and categories as they come, change and go.

use crate::catalogue::{
    CREATE_CATEGORY, Catalogue, DELETE, DELETE_CATEGORY, START, UPDATE, UPDATE_CATEGORY, id,
};
use chassis::db::Location;
use chrono::TimeDelta;
use serde_json::{Value, json};
use testing::both_databases;

const LATER: &str = "2026-01-31T09:31:00.123456Z";

both_databases! {
    async fn a_product_is_as_it_was_described(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let shelf = catalogue.category("Mugs").await;
        let text = "Blåbær 🫐 'quoted' \"twice\" -- ; drop table product";
        let input = json!({ "name": format!("  {text} "), "description": "\n two\nlines ",
            "price": "0.5", "categoryId": shelf, "isActive": false });

        let product = catalogue.product(input).await;

        let expected = json!({ "id": "1", "name": text, "description": "two\nlines",
            "price": { "amount": "0.50", "currency": "USD" }, "category": { "id": shelf },
            "isActive": false, "createdAt": START, "updatedAt": START });
        assert_eq!(product, expected);
        let plain = catalogue.product(json!({ "price": "99999999.99" })).await;
        assert_eq!(plain["category"], Value::Null);
        assert_eq!(plain["isActive"], true);
        assert_eq!(plain["price"]["amount"], "99999999.99");
    }

    async fn an_update_changes_what_it_names_and_when(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let shelf = catalogue.category("Mugs").await;
        let mut expected = catalogue.product(json!({ "categoryId": shelf })).await;
        catalogue.clock.advance(TimeDelta::minutes(1));
        expected["updatedAt"] = json!(LATER);

        for (input, field, value) in [
            (json!({}), "updatedAt", json!(LATER)),
            (json!({ "name": "Cup" }), "name", json!("Cup")),
            (json!({ "description": "Red" }), "description", json!("Red")),
            (json!({ "price": "7" }), "price", json!({ "amount": "7.00", "currency": "USD" })),
            (json!({ "isActive": false }), "isActive", json!(false)),
            (json!({ "name": null, "price": null }), "name", json!("Cup")),
            (json!({ "categoryId": null }), "category", Value::Null),
            (json!({ "categoryId": shelf }), "category", json!({ "id": shelf })),
        ] {
            let variables = json!({ "id": id(&expected), "input": input });
            let payload = catalogue.payload(UPDATE, variables).await;
            expected[field] = value;
            assert_eq!(payload, json!({ "product": expected, "userErrors": [] }), "{input}");
        }
    }

    async fn a_deleted_product_is_gone_and_its_id_is_never_used_again(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let first = id(&catalogue.product(json!({})).await);

        let deleted = catalogue.payload(DELETE, json!({ "id": first })).await;

        assert_eq!(deleted, json!({ "deletedProductId": first, "userErrors": [] }));
        let gone = catalogue.data("{ product(id: 1) { id } }", json!({})).await;
        assert_eq!(gone["product"], Value::Null);
        assert_eq!(id(&catalogue.product(json!({})).await), "2");
    }

    async fn a_category_is_updated_by_field_and_deleted_with_its_products(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let input = json!({ "name": " Mugs ", "description": " To drink from " });
        let created = catalogue.payload(CREATE_CATEGORY, json!({ "input": input })).await;
        let mut expected = json!({ "id": "1", "name": "Mugs", "description": "To drink from",
            "createdAt": START });
        assert_eq!(created["category"], expected);
        let other = catalogue.category("Books").await;
        for shelf in [json!("1"), json!("1"), json!(other), Value::Null] {
            catalogue.product(json!({ "categoryId": shelf })).await;
        }

        for (input, field, value) in [
            (json!({ "name": "Cups" }), "name", "Cups"),
            (json!({ "name": "Cups" }), "name", "Cups"),
            (json!({ "description": "" }), "description", ""),
        ] {
            expected[field] = json!(value);
            let variables = json!({ "id": "1", "input": input });
            let payload = catalogue.payload(UPDATE_CATEGORY, variables).await;
            assert_eq!(payload, json!({ "category": expected, "userErrors": [] }));
        }
        let deleted = catalogue.payload(DELETE_CATEGORY, json!({ "id": "1" })).await;
        assert_eq!(deleted, json!({ "deletedCategoryId": "1", "userErrors": [] }));
        let left = "{ categories { nodes { id } } products(sort: OLDEST) { nodes { id } } }";
        let left = catalogue.data(left, json!({})).await;
        assert_eq!(left["categories"]["nodes"], json!([{ "id": other }]));
        assert_eq!(left["products"]["nodes"], json!([{ "id": "3" }, { "id": "4" }]));
        assert_eq!(catalogue.category("Mugs").await, "3", "its name is free again");
    }
}
