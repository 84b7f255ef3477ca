//! Queries and entities.

use crate::warehouse::{Warehouse, id};
use chassis::db::Location;
use chrono::TimeDelta;
use serde_json::{Value, json};
use testing::both_databases;

const ENTITIES: &str = "query($representations: [_Any!]!) {
    _entities(representations: $representations) {
        __typename
        ... on Product { id availableQuantity isInStock stockItem { onHand available } }
        ... on StockItem { onHand product { id } }
        ... on Reservation { status lines { quantity } }
    }
}";

async fn entities(warehouse: &Warehouse, representations: Vec<Value>) -> Vec<Value> {
    let variables = json!({ "representations": representations });
    let mut data = warehouse.data(ENTITIES, variables).await;
    data["_entities"].as_array_mut().unwrap().drain(..).collect()
}

both_databases! {
    async fn every_product_resolves_stocked_or_not(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.stock(2, 1).await;
        warehouse.reserve(&id(1), &[(1, 2), (2, 1)]).await;

        let found = entities(
            &warehouse,
            ["1", "2", "99", "x"].map(|id| json!({ "__typename": "Product", "id": id })).into(),
        )
        .await;

        let product = |id: &str, available: i32, item: Value| {
            json!({
                "__typename": "Product",
                "id": id,
                "availableQuantity": available,
                "isInStock": available > 0,
                "stockItem": item,
            })
        };
        let expected = [
            product("1", 3, json!({ "onHand": 5, "available": 3 })),
            product("2", 0, json!({ "onHand": 1, "available": 0 })),
            product("99", 0, Value::Null),
            Value::Null,
        ];
        assert_eq!(found, expected);
    }

    async fn a_hundred_products_cost_one_statement_and_their_ids_none(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        for product in 1..=50 {
            warehouse.stock(product, product).await;
        }
        let products: Vec<Value> = (1..=100)
            .map(|id: i32| json!({ "__typename": "Product", "id": id.to_string() }))
            .collect();

        let before = warehouse.db.statement_count();
        let found = entities(&warehouse, products.clone()).await;
        assert_eq!(warehouse.db.statement_count() - before, 1);
        assert_eq!(found.len(), 100);
        assert_eq!(found[49]["availableQuantity"], 50);
        assert_eq!(found[50]["availableQuantity"], 0);

        let before = warehouse.db.statement_count();
        let text = "query($representations: [_Any!]!) {
            _entities(representations: $representations) { ... on Product { id } }
        }";
        warehouse.data(text, json!({ "representations": products })).await;
        assert_eq!(warehouse.db.statement_count() - before, 0);
    }

    async fn unknown_entities_are_null_and_leave_the_others_alone(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        let set = warehouse.set(json!({ "productId": "7", "onHand": 5 })).await;
        warehouse.reserve(&id(1), &[(7, 2)]).await;
        let item = |id: &Value| json!({ "__typename": "StockItem", "id": id });
        let reservation = |id: &str| json!({ "__typename": "Reservation", "id": id });

        let found = entities(
            &warehouse,
            vec![
                item(&json!("999")),
                item(&json!("x")),
                item(&set["stockItem"]["id"]),
                reservation(&id(9)),
                reservation("x"),
                reservation(&id(1)),
            ],
        )
        .await;

        let known = [
            json!({ "__typename": "StockItem", "onHand": 5, "product": { "id": "7" } }),
            json!({ "__typename": "Reservation", "status": "HELD", "lines": [{ "quantity": 2 }] }),
        ];
        let [item, reservation] = known;
        assert_eq!(found, [Value::Null, Value::Null, item, Value::Null, Value::Null, reservation]);
    }

    async fn stock_items_are_listed_oldest_first_and_by_product(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        for product in [30, 10, 20] {
            warehouse.stock(product, product).await;
        }
        let text = "query($ids: [ID!], $first: Int, $after: String) {
            stockItems(productIds: $ids, first: $first, after: $after) {
                totalCount nodes { product { id } } pageInfo { hasNextPage endCursor }
            }
        }";
        let products = |list: &Value| -> Vec<String> {
            let nodes = list["stockItems"]["nodes"].as_array().unwrap().iter();
            nodes.map(|node| node["product"]["id"].as_str().unwrap().to_owned()).collect()
        };

        let first = warehouse.data(text, json!({ "first": 2 })).await;
        let cursor = &first["stockItems"]["pageInfo"]["endCursor"];
        let second = warehouse.data(text, json!({ "first": 2, "after": cursor })).await;
        let some = warehouse.data(text, json!({ "ids": ["20", "30", "99"] })).await;
        let none = warehouse.data(text, json!({ "ids": [] })).await;

        assert_eq!(products(&first), ["30", "10"]);
        assert_eq!(first["stockItems"]["totalCount"], 3);
        assert_eq!(first["stockItems"]["pageInfo"]["hasNextPage"], true);
        assert_eq!(products(&second), ["20"]);
        assert_eq!(products(&some), ["30", "20"]);
        assert_eq!(some["stockItems"]["totalCount"], 2);
        assert_eq!(products(&none), [""; 0]);
    }

    async fn movements_are_listed_newest_first_in_pages(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        warehouse.stock(1, 5).await;
        warehouse.clock.advance(TimeDelta::seconds(1));
        warehouse.reserve(&id(1), &[(1, 2)]).await;
        warehouse.adjust(json!({ "productId": "1", "delta": 3, "reference": " note 7 " })).await;
        let text = "query($first: Int, $last: Int, $after: String) {
            stockItems { nodes { updatedAt movements(first: $first, last: $last, after: $after) {
                totalCount
                nodes { kind onHandDelta reservedDelta reference createdAt }
                pageInfo { hasNextPage endCursor }
            } } }
        }";

        let mut first = warehouse.data(text, json!({ "first": 2 })).await;
        let mut node = first["stockItems"]["nodes"][0].take();
        assert_eq!(node["updatedAt"], "2026-03-01T12:00:01.000000Z");
        assert_eq!(node["movements"]["totalCount"], 3);
        assert_eq!(
            node["movements"]["nodes"],
            json!([
                { "kind": "ADJUSTED", "onHandDelta": 3, "reservedDelta": 0, "reference": "note 7",
                    "createdAt": "2026-03-01T12:00:01.000000Z" },
                { "kind": "RESERVED", "onHandDelta": 0, "reservedDelta": 2, "reference": null,
                    "createdAt": "2026-03-01T12:00:01.000000Z" },
            ])
        );

        let counted = json!([
            { "kind": "COUNTED", "onHandDelta": 5, "reservedDelta": 0, "reference": null,
                "createdAt": "2026-03-01T12:00:00.000000Z" },
        ]);
        let cursor = node["movements"]["pageInfo"]["endCursor"].take();
        for variables in [json!({ "first": 2, "after": cursor }), json!({ "last": 1 })] {
            let data = warehouse.data(text, variables).await;
            assert_eq!(data["stockItems"]["nodes"][0]["movements"]["nodes"], counted);
        }
    }

    async fn movements_of_many_stock_items_cost_one_statement(location: Location) {
        let warehouse = Warehouse::open(&location).await;
        for product in 1..=30 {
            warehouse.stock(product, 5).await;
            warehouse.stock(product, 6).await;
        }

        let before = warehouse.db.statement_count();
        let data = warehouse
            .data(
                "{ stockItems(first: 30) { nodes {
                product { id availableQuantity }
                movements(first: 1) { totalCount nodes { onHandDelta } }
            } } }",
                json!({}),
            )
            .await;

        // The list, the products' stock, the movements and their counts.
        assert_eq!(warehouse.db.statement_count() - before, 4);
        for node in data["stockItems"]["nodes"].as_array().unwrap() {
            assert_eq!(
                node["movements"],
                json!({ "totalCount": 2, "nodes": [{ "onHandDelta": 1 }] })
            );
        }
    }
}
