//! Lists of products in every order, page by page in both directions.

use crate::catalogue::{Catalogue, id};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

const PAGE: &str = "query($sort: ProductSort, $first: Int, $after: String, $last: Int,
        $before: String) {
    products(sort: $sort, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id } } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";
const SORTS: [(&str, [&str; 7]); 5] = [
    ("NEWEST", ["7", "6", "5", "4", "3", "2", "1"]),
    ("OLDEST", ["1", "2", "3", "4", "5", "6", "7"]),
    ("NAME", ["2", "4", "6", "1", "5", "3", "7"]),
    ("PRICE_ASC", ["3", "1", "4", "7", "2", "6", "5"]),
    ("PRICE_DESC", ["5", "6", "2", "7", "4", "1", "3"]),
];

/// Names and prices of which some are equal: equal ones are told apart by their age.
async fn with_seven(location: &Location) -> Catalogue {
    let catalogue = Catalogue::open(location).await;
    for (name, price) in [
        ("bowl", "2.00"),
        ("apron", "5.00"),
        ("cup", "1.00"),
        ("apron", "2.00"),
        ("bowl", "9.00"),
        ("apron", "5.00"),
        ("cup", "2.00"),
    ] {
        catalogue.product(json!({ "name": name, "price": price })).await;
    }
    catalogue
}

fn ids(page: &Value) -> Vec<String> {
    page["edges"].as_array().unwrap().iter().map(|edge| id(&edge["node"])).collect()
}

both_databases! {
    async fn every_order_is_total_and_pages_hold_everything_once(location: Location) {
        let catalogue = with_seven(&location).await;
        for (sort, expected) in SORTS {
            let (mut forward, mut backward) = (Vec::new(), Vec::new());
            let (mut after, mut before) = (Value::Null, Value::Null);
            for page in 0..3 {
                let next = json!({ "sort": sort, "first": 3, "after": after });
                let next = catalogue.data(PAGE, next).await["products"].take();
                forward.extend(ids(&next));
                after = next["pageInfo"]["endCursor"].clone();
                assert_eq!(next["pageInfo"]["hasNextPage"], page < 2, "{sort}");
                assert_eq!(next["pageInfo"]["hasPreviousPage"], page > 0, "{sort}");
                assert_eq!(next["totalCount"], 7);

                let previous = json!({ "sort": sort, "last": 3, "before": before });
                let previous = catalogue.data(PAGE, previous).await["products"].take();
                backward.splice(0..0, ids(&previous));
                before = previous["pageInfo"]["startCursor"].clone();
                assert_eq!(previous["pageInfo"]["hasPreviousPage"], page < 2, "{sort}");
                assert_eq!(previous["pageInfo"]["hasNextPage"], page > 0, "{sort}");
            }
            assert_eq!(forward, expected, "{sort} forward");
            assert_eq!(backward, expected, "{sort} backward");
        }
    }

    async fn a_page_may_lie_between_two_cursors(location: Location) {
        let catalogue = with_seven(&location).await;
        for (sort, expected) in SORTS {
            let whole = catalogue.data(PAGE, json!({ "sort": sort })).await;
            let cursor = |place: usize| whole["products"]["edges"][place]["cursor"].clone();
            let (after, before) = (cursor(1), cursor(5));
            for (direction, range) in [("first", 2..4), ("last", 3..5)] {
                let variables =
                    json!({ "sort": sort, direction: 2, "after": after, "before": before });
                let page = catalogue.data(PAGE, variables).await;
                assert_eq!(ids(&page["products"]), expected[range], "{sort} {direction}");
            }
        }
    }

    async fn a_cursor_belongs_to_one_order(location: Location) {
        let catalogue = with_seven(&location).await;
        for (sort, _) in SORTS {
            let page = catalogue.data(PAGE, json!({ "sort": sort, "first": 1 })).await;
            let cursor = &page["products"]["pageInfo"]["endCursor"];
            for (other, _) in SORTS {
                for side in ["after", "before"] {
                    let variables = json!({ "sort": other, side: cursor });
                    let answer = catalogue.answer(PAGE, variables).await;
                    let code = answer["errors"][0]["extensions"]["code"].as_str();
                    let expected = (other != sort).then_some("BAD_USER_INPUT");
                    assert_eq!(code, expected, "{sort} {other}: {answer}");
                }
            }
        }
        // ["products by newest", "x"] and ["products by name", [1]] in Base64: made up.
        for (sort, cursor) in [
            ("NEWEST", "WyJwcm9kdWN0cyBieSBuZXdlc3QiLCJ4Il0"),
            ("NAME", "WyJwcm9kdWN0cyBieSBuYW1lIixbMV1d"),
        ] {
            let answer = catalogue.answer(PAGE, json!({ "sort": sort, "after": cursor })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        }
    }

    async fn a_cursor_outlives_its_row(location: Location) {
        let catalogue = with_seven(&location).await;
        let first = catalogue.data(PAGE, json!({ "sort": "NAME", "first": 3 })).await;
        let cursor = &first["products"]["pageInfo"]["endCursor"];

        let delete = "mutation { deleteProduct(id: 6) { deletedProductId } }";
        catalogue.data(delete, json!({})).await;

        let next = catalogue.data(PAGE, json!({ "sort": "NAME", "after": cursor })).await;
        assert_eq!(ids(&next["products"]), ["1", "5", "3", "7"]);
    }
}
