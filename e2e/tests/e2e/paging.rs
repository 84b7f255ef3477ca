//! Every connection, page by page, in both directions.

use crate::shop::{Shop, ids};
use e2e::on_both_databases;
use serde_json::{Value, json};
use testing::Database;

/// Entries of each list: two pages and a half.
const ENTRIES: usize = 5;
const ARGUMENTS: &str = "first: $first, after: $after, last: $last, before: $before";

/// Each connection of the graph: the fields around it, where `(…)` stands for its arguments.
const CONNECTIONS: [(&str, &str); 8] = [
    ("{ users(…) { page } }", "/users"),
    ("{ categories(…) { page } }", "/categories"),
    ("{ products(…) { page } }", "/products"),
    ("{ category(id: 1) { products(…) { page } } }", "/category/products"),
    ("{ stockItems(…) { page } }", "/stockItems"),
    ("{ product(id: 1) { stockItem { movements(…) { page } } } }", "/product/stockItem/movements"),
    ("{ orders(…) { page } }", "/orders"),
    ("{ user(id: 1) { orders(…) { page } } }", "/user/orders"),
];

async fn stocked_shop(database: &Database) -> Shop {
    let shop = Shop::on(database).await;
    for number in 1..=ENTRIES {
        shop.user(&format!("user{number}")).await;
        shop.category(&format!("Shelf {number}")).await;
    }
    for number in 1..=ENTRIES {
        let product = shop.product(&format!("Mug {number}"), "5.00", 9).await;
        let shelve = "mutation ($id: ID!) { updateProduct(id: $id, input: { categoryId: 1 }) {
            userErrors { code } } }";
        shop.change(shelve, json!({ "id": product })).await;
    }
    // Each is a movement of the first product, whose count was the first.
    for _ in 1..ENTRIES {
        shop.order("1", &[("1", 1)]).await;
    }
    shop.order("1", &[("2", 1)]).await;
    shop
}

async fn page(shop: &Shop, (fields, pointer): (&str, &str), arguments: Value) -> Value {
    let page = "totalCount nodes { id } edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    let fields = fields.replace('…', ARGUMENTS).replace("page", page);
    let declared = "$first: Int, $after: String, $last: Int, $before: String";
    let mut data = shop.data(&format!("query ({declared}) {fields}"), arguments).await;
    data.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")).take()
}

fn assert_whole(page: &Value, list: &str) {
    assert_eq!(page["totalCount"], ENTRIES, "{list}");
    let edges = page["edges"].as_array().unwrap();
    let nodes: Vec<_> = edges.iter().map(|edge| edge["node"].clone()).collect();
    assert_eq!(page["nodes"], json!(nodes), "{list}");
    let (first, last) = (edges.first().unwrap(), edges.last().unwrap());
    assert_eq!(page["pageInfo"]["startCursor"], first["cursor"], "{list}");
    assert_eq!(page["pageInfo"]["endCursor"], last["cursor"], "{list}");
}

on_both_databases! {
    async fn every_connection_holds_every_entry_once_in_both_directions(database: &Database) {
        let shop = stocked_shop(database).await;
        for connection in CONNECTIONS {
            let list = connection.1;
            let whole = page(&shop, connection, json!({})).await;
            assert_whole(&whole, list);
            let all = ids(&whole);
            assert_eq!(all.len(), ENTRIES, "{list}");

            let (mut forward, mut after) = (Vec::new(), Value::Null);
            for last in [false, false, true] {
                let arguments = json!({ "first": 2, "after": after });
                let page = page(&shop, connection, arguments).await;
                assert_whole(&page, list);
                assert_eq!(page["pageInfo"]["hasNextPage"], !last, "{list}");
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !forward.is_empty(), "{list}");
                forward.extend(ids(&page));
                after = page["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(forward, all, "{list}");

            let (mut backward, mut before) = (Vec::new(), Value::Null);
            for last in [false, false, true] {
                let arguments = json!({ "last": 2, "before": before });
                let page = page(&shop, connection, arguments).await;
                assert_whole(&page, list);
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !last, "{list}");
                assert_eq!(page["pageInfo"]["hasNextPage"], !backward.is_empty(), "{list}");
                backward.splice(0..0, ids(&page));
                before = page["pageInfo"]["startCursor"].clone();
            }
            assert_eq!(backward, all, "{list}");
        }
    }
}
