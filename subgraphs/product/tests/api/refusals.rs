//! Input that changes nothing, and what it is told.

use crate::catalogue::{
    CREATE, CREATE_CATEGORY, Catalogue, DELETE, DELETE_CATEGORY, UPDATE, UPDATE_CATEGORY, faults,
    id, mug,
};
use chassis::db::Location;
use serde_json::{Value, json};
use testing::both_databases;

/// Mutation, variables, code and path of each user error.
type Case = (&'static str, Value, Vec<(&'static str, &'static str)>);

fn products() -> Vec<Case> {
    let new = |field: &str, value: Value| json!({ "input": mug(json!({ field: value })) });
    let change = |id: &str, input: Value| json!({ "id": id, "input": input });
    let fields = [
        ("name", json!(""), "BLANK"),
        ("name", json!(" \u{a0}\n"), "BLANK"),
        ("name", json!("ø".repeat(201)), "TOO_LONG"),
        ("name", json!("a\0b"), "INVALID"),
        ("description", json!(""), "BLANK"),
        ("description", json!("x".repeat(100_001)), "TOO_LONG"),
        ("description", json!("a\0"), "INVALID"),
        ("price", json!(""), "INVALID"),
        ("price", json!("1.005"), "INVALID"),
        ("price", json!("NaN"), "INVALID"),
        ("price", json!("Infinity"), "INVALID"),
        ("price", json!("1e3"), "INVALID"),
        ("price", json!("1,5"), "INVALID"),
        ("price", json!("-0.01"), "OUT_OF_RANGE"),
        ("price", json!("100000000.00"), "OUT_OF_RANGE"),
        ("price", json!("99999999999999999999"), "OUT_OF_RANGE"),
        ("categoryId", json!("x"), "INVALID"),
        ("categoryId", json!("0"), "INVALID"),
        ("categoryId", json!("99"), "NOT_FOUND"),
    ];
    let created = fields.clone().map(|(field, value, code)| {
        let case: Case = (CREATE, new(field, value), vec![(code, field)]);
        case
    });
    let updated = fields.map(|(field, value, code)| {
        let case: Case = (UPDATE, change("1", json!({ field: value })), vec![(code, field)]);
        case
    });
    let several = mug(json!({ "name": "", "price": "-1", "categoryId": "x" }));
    let several_faults =
        vec![("BLANK", "name"), ("OUT_OF_RANGE", "price"), ("INVALID", "categoryId")];
    let wrong_id = json!({ "id": "x", "input": { "name": "" } });
    let others: [Case; 7] = [
        (CREATE, json!({ "input": several }), several_faults),
        (UPDATE, change("99", json!({ "name": "Cup" })), vec![("NOT_FOUND", "id")]),
        (UPDATE, change("99", json!({ "categoryId": "1" })), vec![("NOT_FOUND", "id")]),
        (UPDATE, wrong_id, vec![("INVALID", "id"), ("BLANK", "name")]),
        (DELETE, json!({ "id": "99" }), vec![("NOT_FOUND", "id")]),
        (DELETE, json!({ "id": "1.0" }), vec![("INVALID", "id")]),
        (DELETE, json!({ "id": "9223372036854775808" }), vec![("INVALID", "id")]),
    ];
    created.into_iter().chain(updated).chain(others).collect()
}

fn categories() -> Vec<Case> {
    let new = |input: Value| json!({ "input": input });
    let change = |id: &str, input: Value| json!({ "id": id, "input": input });
    let long = "x".repeat(100_001);
    vec![
        (CREATE_CATEGORY, new(json!({ "name": " " })), vec![("BLANK", "name")]),
        (CREATE_CATEGORY, new(json!({ "name": "x".repeat(101) })), vec![("TOO_LONG", "name")]),
        (CREATE_CATEGORY, new(json!({ "name": "a\0" })), vec![("INVALID", "name")]),
        (CREATE_CATEGORY, new(json!({ "name": "Mugs" })), vec![("TAKEN", "name")]),
        (CREATE_CATEGORY, new(json!({ "name": " Mugs " })), vec![("TAKEN", "name")]),
        (
            CREATE_CATEGORY,
            new(json!({ "name": "", "description": long })),
            vec![("BLANK", "name"), ("TOO_LONG", "description")],
        ),
        (UPDATE_CATEGORY, change("1", json!({ "name": "Books" })), vec![("TAKEN", "name")]),
        (UPDATE_CATEGORY, change("1", json!({ "name": "" })), vec![("BLANK", "name")]),
        (UPDATE_CATEGORY, change("99", json!({ "name": "Cups" })), vec![("NOT_FOUND", "id")]),
        (UPDATE_CATEGORY, change("", json!({})), vec![("INVALID", "id")]),
        (DELETE_CATEGORY, json!({ "id": "99" }), vec![("NOT_FOUND", "id")]),
        (DELETE_CATEGORY, json!({ "id": "-1" }), vec![("INVALID", "id")]),
    ]
}

const EVERYTHING: &str = "{
    products { totalCount nodes { id name description price { amount } isActive category { id }
        createdAt updatedAt } }
    categories { totalCount nodes { id name description createdAt } }
}";

async fn small_catalogue(location: &Location) -> Catalogue {
    let catalogue = Catalogue::open(location).await;
    catalogue.category("Mugs").await;
    catalogue.category("Books").await;
    catalogue.product(json!({ "categoryId": "1" })).await;
    catalogue
}

/// Every refusal once.
async fn refuse_everything(catalogue: &Catalogue) {
    for (mutation, variables, expected) in products().into_iter().chain(categories()) {
        let payload = catalogue.payload(mutation, variables.clone()).await;
        let row: String = variables.to_string().chars().take(200).collect();
        let found = faults(&payload);
        let found: Vec<_> = found.iter().map(|(code, path)| (*code, path.as_str())).collect();
        assert_eq!(found, expected, "{mutation} {row}");
        let thing = payload.as_object().unwrap().iter().find(|(name, _)| *name != "userErrors");
        assert_eq!(thing.unwrap().1, &Value::Null, "{row}");
    }
}

both_databases! {
    async fn what_is_refused_changes_nothing_and_every_fault_is_told(location: Location) {
        let catalogue = small_catalogue(&location).await;
        let before = catalogue.data(EVERYTHING, json!({})).await;

        refuse_everything(&catalogue).await;

        assert_eq!(catalogue.data(EVERYTHING, json!({})).await, before);
    }

    async fn a_query_that_makes_no_sense_has_a_code(location: Location) {
        let catalogue = small_catalogue(&location).await;
        let many: Vec<_> = (1..=101).map(|id: i32| id.to_string()).collect();
        let long = "x".repeat(201);
        let filters = [
            json!({ "ids": many }),
            json!({ "ids": ["1", "x"] }),
            json!({ "categoryId": "x" }),
            json!({ "search": long }),
            json!({ "search": "\0" }),
            json!({ "category": "a\0" }),
            json!({ "minPrice": "NaN" }),
            json!({ "maxPrice": "-1" }),
            json!({ "minPrice": 5.0 }),
            json!({ "sku": "x" }),
        ];
        for filter in filters {
            let list = "query($filter: ProductFilter) { products(filter: $filter) { totalCount } }";
            let answer = catalogue.answer(list, json!({ "filter": filter })).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "BAD_USER_INPUT", "{filter}: {answer}");
        }
        for query in [
            "{ product(id: \"x\") { id } }",
            "{ category(id: \"\") { id } }",
            "{ products(first: 0) { totalCount } }",
            "{ products(first: 101) { totalCount } }",
            "{ products(first: 1, last: 1) { totalCount } }",
            "{ products(after: \"x\") { totalCount } }",
            "{ categories(last: -1) { totalCount } }",
            "{ category(id: 1) { products(first: 10000) { totalCount } } }",
            "{ products(sort: CHEAPEST) { totalCount } }",
            "mutation { createProduct(input: { name: \"a\" }) { product { id } } }",
            "mutation { createProduct(input: { name: \"a\", description: \"a\", price: 5.5 }) {
                product { id } } }",
        ] {
            let answer = catalogue.answer(query, json!({})).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert_eq!(code, "BAD_USER_INPUT", "{query}: {answer}");
        }
    }
}

#[test]
fn refusals_use_up_no_id_on_sqlite() {
    testing::databases::on_sqlite(async |location| {
        let catalogue = small_catalogue(&location).await;

        refuse_everything(&catalogue).await;

        assert_eq!(id(&catalogue.product(json!({})).await), "2");
        assert_eq!(catalogue.category("Cups").await, "3");
    });
}
