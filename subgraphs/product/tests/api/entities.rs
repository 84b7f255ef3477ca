//! What the router asks for: products and categories by their keys.

use crate::catalogue::Catalogue;
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

const ENTITIES: &str = "query($representations: [_Any!]!) {
    _entities(representations: $representations) {
        ... on Product { id name }
        ... on Category { id name }
    }
}";
/// How many products there are; the batch asks for some more.
const PRODUCTS: usize = 45;
const ASKED: usize = 50;

async fn with_products(location: &Location) -> Catalogue {
    let catalogue = Catalogue::open(location).await;
    catalogue.category("Mugs").await;
    for number in 1..=PRODUCTS {
        let input = json!({ "name": format!("Mug {number}"), "categoryId": "1" });
        catalogue.product(input).await;
    }
    catalogue
}

both_databases! {
    async fn a_hundred_products_come_in_their_order_from_one_statement(location: Location) {
        let catalogue = with_products(&location).await;
        // Neither ascending nor without repetition.
        let keys: Vec<usize> = (0..2 * ASKED).map(|n| n * 7 % ASKED + 1).collect();
        let product = |id: &usize| json!({ "__typename": "Product", "id": id.to_string() });
        let representations: Vec<_> = keys.iter().map(product).collect();

        let variables = json!({ "representations": representations });
        let (cost, data) = catalogue.cost(ENTITIES, variables).await;

        assert_eq!(cost, 1);
        let expected = |id: &usize| match *id {
            id if id > PRODUCTS => Value::Null,
            id => json!({ "id": id.to_string(), "name": format!("Mug {id}") }),
        };
        let expected: Vec<_> = keys.iter().map(expected).collect();
        assert_eq!(data["_entities"], json!(expected));
    }

    async fn the_categories_of_a_hundred_products_cost_one_statement_more(location: Location) {
        let catalogue = with_products(&location).await;
        let list = "{ products(first: 100) { nodes { name category { name } } } }";

        let (cost, data) = catalogue.cost(list, json!({})).await;

        assert_eq!(cost, 2);
        let nodes = data["products"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), PRODUCTS);
        assert!(nodes.iter().all(|node| node["category"] == json!({ "name": "Mugs" })));
    }

    async fn a_wrong_key_is_null_and_its_neighbours_are_there(location: Location) {
        let catalogue = with_products(&location).await;
        for wrong in ["x", "0", "-1", "1.5", "", "99999999999999999999"] {
            for name in ["Product", "Category"] {
                let representations = json!([
                    { "__typename": "Product", "id": "1" },
                    { "__typename": name, "id": wrong },
                    { "__typename": "Category", "id": "1" },
                ]);
                let variables = json!({ "representations": representations });
                let data = catalogue.data(ENTITIES, variables).await;
                let (product, category) = (
                    json!({ "id": "1", "name": "Mug 1" }),
                    json!({ "id": "1", "name": "Mugs" }),
                );
                assert_eq!(data["_entities"], json!([product, null, category]), "{wrong:?}");
            }
        }
    }
}
