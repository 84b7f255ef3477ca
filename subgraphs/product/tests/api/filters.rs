//! Which products a filter finds.

use crate::catalogue::{Catalogue, UPDATE_CATEGORY};
use chassis::db::Location;
use serde_json::json;
use testing::both_databases;

both_databases! {
    async fn the_characters_of_a_search_stand_for_themselves(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let names =
            ["100% wool", "snake_case", "back\\slash", "it's", "plain", "\\%", "1000 wool"];
        for name in names {
            catalogue.product(json!({ "name": name, "description": "none" })).await;
        }

        for (search, expected) in [
            ("%", vec!["100% wool", "\\%"]),
            ("0%", vec!["100% wool"]),
            ("_", vec!["snake_case"]),
            ("e_c", vec!["snake_case"]),
            ("\\", vec!["back\\slash", "\\%"]),
            ("\\%", vec!["\\%"]),
            ("k\\s", vec!["back\\slash"]),
            ("'", vec!["it's"]),
            ("' or 1=1 --", vec![]),
            ("wool", vec!["100% wool", "1000 wool"]),
        ] {
            let found = catalogue.names(json!({ "search": search }), "OLDEST").await;
            assert_eq!(found, expected, "{search:?}");
        }
    }

    async fn a_search_looks_at_names_and_descriptions_in_any_case(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        catalogue.product(json!({ "name": "Blue MUG", "description": "to drink" })).await;
        catalogue.product(json!({ "name": "Saucer", "description": "Under a mug" })).await;
        catalogue.product(json!({ "name": "Spoon", "description": "Silver" })).await;

        for search in ["mug", "MUG", "Mug"] {
            let found = catalogue.names(json!({ "search": search }), "OLDEST").await;
            assert_eq!(found, ["Blue MUG", "Saucer"], "{search}");
        }
        assert_eq!(catalogue.names(json!({ "search": "" }), "OLDEST").await.len(), 3);
        assert_eq!(catalogue.names(json!({ "search": "mug spoon" }), "OLDEST").await, [""; 0]);
    }

    async fn a_category_is_named_in_part_and_in_any_case(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let shelves = [
            catalogue.category("50% off").await,
            catalogue.category("Kitchen_ware").await,
        ];
        catalogue.product(json!({ "name": "cheap", "categoryId": shelves[0] })).await;
        catalogue.product(json!({ "name": "pan", "categoryId": shelves[1] })).await;
        catalogue.product(json!({ "name": "kitchen", "description": "on no shelf" })).await;

        for (part, expected) in [
            ("KITCHEN", vec!["pan"]),
            ("n_w", vec!["pan"]),
            ("_", vec!["pan"]),
            ("%", vec!["cheap"]),
            ("shelf", vec![]),
            ("", vec!["cheap", "pan", "kitchen"]),
        ] {
            let found = catalogue.names(json!({ "category": part }), "OLDEST").await;
            assert_eq!(found, expected, "{part:?}");
        }
        let renamed = json!({ "id": shelves[1], "input": { "name": "Stove" } });
        catalogue.payload(UPDATE_CATEGORY, renamed).await;
        assert_eq!(catalogue.names(json!({ "category": "stove" }), "OLDEST").await, ["pan"]);
    }

    async fn every_condition_must_be_met(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let shelf = catalogue.category("Mugs").await;
        for (name, price, shelf, active) in [
            ("a", "1.00", Some(&shelf), true),
            ("b", "2.00", Some(&shelf), false),
            ("c", "3.00", None, true),
            ("d", "3.00", Some(&shelf), true),
        ] {
            let input = json!({ "name": name, "price": price, "categoryId": shelf,
                "isActive": active });
            catalogue.product(input).await;
        }

        for (filter, expected) in [
            (json!({}), "a b c d"),
            (json!({ "categoryId": shelf }), "a b d"),
            (json!({ "categoryId": "99" }), ""),
            (json!({ "isActive": true }), "a c d"),
            (json!({ "isActive": false }), "b"),
            (json!({ "minPrice": "2" }), "b c d"),
            (json!({ "maxPrice": "2.00" }), "a b"),
            (json!({ "minPrice": "2", "maxPrice": "2" }), "b"),
            (json!({ "minPrice": "2.01", "maxPrice": "2.99" }), ""),
            (json!({ "ids": ["4", "1", "4", "99"] }), "a d"),
            (json!({ "ids": [] }), ""),
            (json!({ "ids": ["1", "2", "3"], "categoryId": shelf, "isActive": true }), "a"),
            (json!({ "category": "mug", "search": "d", "maxPrice": "3" }), "d"),
        ] {
            let found = catalogue.names(filter.clone(), "OLDEST").await.join(" ");
            assert_eq!(found, expected, "{filter}");
        }
    }
}
