//! Which products a filter finds.

use crate::catalogue::{Catalogue, DELETE, UPDATE, UPDATE_CATEGORY};
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
    async fn a_search_ignores_case_by_unicode_in_names_descriptions_and_categories(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let shelf = catalogue.category("FÜR ÄRZTE").await;
        catalogue.product(json!({ "name": "ÄRZTE-Kittel", "description": "white" })).await;
        catalogue.product(json!({ "name": "Kittel", "description": "Für A\u{308}rzte" })).await;
        catalogue.product(json!({ "name": "Mug", "categoryId": shelf })).await;

        for search in ["ärzte", "ÄRZTE", "Ärzte", "A\u{308}RZTE"] {
            let found = catalogue.names(json!({ "search": search }), "NEWEST").await;
            assert_eq!(found, ["Kittel", "ÄRZTE-Kittel"], "{search}");
            let found = catalogue.names(json!({ "category": search }), "NEWEST").await;
            assert_eq!(found, ["Mug"], "{search}");
        }
        let updated = json!({ "id": "1", "input": { "name": "Apron", "description": "ΟΔΟΣ" } });
        catalogue.payload(UPDATE, updated).await;
        assert_eq!(catalogue.names(json!({ "search": "ärzte" }), "NEWEST").await, ["Kittel"]);
        assert_eq!(catalogue.names(json!({ "search": "οδος" }), "NEWEST").await, ["Apron"]);
        catalogue.payload(DELETE, json!({ "id": "1" })).await;
        assert!(catalogue.names(json!({ "search": "οδος" }), "NEWEST").await.is_empty());
    }

    async fn one_or_two_characters_are_searched_for_too(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        catalogue.product(json!({ "name": "Ölkanne", "description": "tin" })).await;
        catalogue.product(json!({ "name": "Tin", "description": "ölig" })).await;

        for (search, expected) in [("ö", vec!["Ölkanne", "Tin"]), ("ÖL", vec!["Ölkanne", "Tin"]),
            ("lk", vec!["Ölkanne"]), ("IG", vec!["Tin"]), ("kl", vec![]), ("ölig", vec!["Tin"])]
        {
            let found = catalogue.names(json!({ "search": search }), "OLDEST").await;
            assert_eq!(found, expected, "{search}");
        }
    }

    async fn what_is_rare_in_a_long_list_is_found_in_every_order(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let shelf = catalogue.category("Rare things").await;
        let insert = catalogue.db.write(|tx| Box::pin(async {
            let sql = "with recursive number (n) as (
                           select 1 union all select n + 1 from number where n < 3000)
                       insert into product (name, description, price, category_id, active,
                                            created_at, updated_at)
                       select 'Mug ' || (10000 + n), 'plain', 1000 + n, null, true,
                              '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z' from number";
            tx.query(sql).execute().await?;
            // Their texts are those of an earlier release.
            tx.query("update unfolded set last_product = 0").execute().await
        }));
        insert.await.unwrap();
        product::prepare_search(&catalogue.db).await.unwrap();
        let rare = json!({ "name": "Rarity", "price": "9.99", "categoryId": shelf });
        catalogue.product(rare.clone()).await;
        for (name, price) in [("mug 0", "1.00"), ("mug 99999", "900.00")] {
            catalogue.product(json!({ "name": name, "price": price })).await;
        }

        for sort in ["NEWEST", "OLDEST", "NAME", "PRICE_ASC", "PRICE_DESC"] {
            for filter in [
                json!({ "search": "RARITY" }),
                json!({ "search": "ty" }),
                json!({ "minPrice": "9.98", "maxPrice": "9.99" }),
                json!({ "category": "rare" }),
                json!({ "category": "th", "search": "rarity", "isActive": true }),
                json!({ "search": "rar", "maxPrice": "9.99", "categoryId": shelf }),
            ] {
                let found = catalogue.names(filter.clone(), sort).await;
                assert_eq!(found, ["Rarity"], "{filter} {sort}");
            }
            let nothing = json!({ "search": "absent" });
            assert!(catalogue.names(nothing, sort).await.is_empty(), "{sort}");
        }
        // By bytes: capital letters first.
        let names = "query($search: String, $sort: ProductSort) {
            products(filter: { search: $search }, sort: $sort, first: 2) { nodes { name } } }";
        let sorted = json!({ "search": "mug", "sort": "NAME" });
        let data = catalogue.data(names, sorted).await;
        assert_eq!(data["products"]["nodes"],
            json!([{ "name": "Mug 10001" }, { "name": "Mug 10002" }]));
    }
}
