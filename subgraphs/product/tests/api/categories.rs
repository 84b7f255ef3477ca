//! Categories with their products, and many who open the same one.

use crate::catalogue::{CREATE_CATEGORY, Catalogue, faults};
use chassis::db::Location;
use futures::future::join_all;
use serde_json::{Value, json};
use testing::both_databases;

const SHELVES: usize = 30;

/// Shelf 1 has no product, shelf 2 has one, shelf 3 two, and then again.
async fn with_shelves(location: &Location) -> Catalogue {
    let catalogue = Catalogue::open(location).await;
    for number in 1..=SHELVES {
        let shelf = catalogue.category(&format!("Shelf {number}")).await;
        for product in 0..(number - 1) % 3 {
            let name = format!("{number}.{product}");
            catalogue.product(json!({ "name": name, "categoryId": shelf })).await;
        }
    }
    catalogue
}

fn shelves(data: &Value) -> impl Iterator<Item = (usize, &Value)> {
    data["categories"]["nodes"].as_array().unwrap().iter().enumerate()
}

fn names(category: &Value) -> Vec<String> {
    let nodes = category["products"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

both_databases! {
    async fn the_products_of_many_categories_cost_one_statement(location: Location) {
        let catalogue = with_shelves(&location).await;
        let products = "{ categories(first: 100) { nodes { products { nodes { name } } } } }";
        let counted = products.replace("nodes { name }", "totalCount nodes { name }");

        let (cost, data) = catalogue.cost(products, json!({})).await;
        let (counted_cost, counted) = catalogue.cost(&counted, json!({})).await;

        assert_eq!((cost, counted_cost), (2, 3));
        for data in [&data, &counted] {
            for (index, category) in shelves(data) {
                let expected: Vec<_> =
                    (0..index % 3).map(|product| format!("{}.{product}", index + 1)).collect();
                assert_eq!(names(category), expected);
            }
        }
        for (index, category) in shelves(&counted) {
            assert_eq!(category["products"]["totalCount"], index % 3);
        }
    }

    async fn each_category_has_pages_of_its_own(location: Location) {
        let catalogue = with_shelves(&location).await;
        let list = "query($first: Int, $last: Int) { categories(first: 3) { nodes {
            products(first: $first, last: $last) {
                nodes { name } pageInfo { hasNextPage hasPreviousPage }
            } } } }";

        for (arguments, third, more) in [
            (json!({ "first": 1 }), "3.0", "hasNextPage"),
            (json!({ "last": 1 }), "3.1", "hasPreviousPage"),
        ] {
            let data = catalogue.data(list, arguments).await;
            let categories = data["categories"]["nodes"].as_array().unwrap();
            let found: Vec<_> = categories.iter().map(names).collect();
            assert_eq!(found, [vec![], vec!["2.0".to_owned()], vec![third.to_owned()]]);
            let page = |index: usize| &categories[index]["products"]["pageInfo"][more];
            assert_eq!((page(1), page(2)), (&json!(false), &json!(true)));
        }
    }

    async fn one_of_many_opens_a_category_and_the_others_find_the_name_taken(location: Location) {
        let catalogue = &Catalogue::open(&location).await;

        let payloads = join_all((0..50).map(|_| async move {
            catalogue.payload(CREATE_CATEGORY, json!({ "input": { "name": "Mugs" } })).await
        }))
        .await;

        let taken = [("TAKEN", "name".to_owned())];
        let (opened, refused): (Vec<_>, Vec<_>) =
            payloads.iter().partition(|payload| faults(payload).is_empty());
        assert_eq!(opened.len(), 1);
        assert!(refused.iter().all(|payload| faults(payload) == taken));
        let list = catalogue.data("{ categories { totalCount nodes { name } } }", json!({})).await;
        assert_eq!(list["categories"], json!({ "totalCount": 1, "nodes": [{ "name": "Mugs" }] }));
    }
}
