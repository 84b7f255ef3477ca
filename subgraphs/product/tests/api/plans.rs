//! Every statement costs what its answer costs, whatever the size of the shop.

use crate::catalogue::{
    CREATE, CREATE_CATEGORY, Catalogue, DELETE, DELETE_CATEGORY, UPDATE, UPDATE_CATEGORY, mug,
};
use chassis::Peer;
use chassis::db::Location;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use testing::{both_databases, plans, wait_for};
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(30);
const LIST: &str = "query($filter: ProductFilter, $sort: ProductSort, $after: String) {
    products(filter: $filter, sort: $sort, first: 1, after: $after) {
        totalCount nodes { category { id } } pageInfo { endCursor } } }";

/// Parts of statements that sort or filter more rows than they answer with, and why that is bounded.
const ALLOWED: &[(&str, &str)] = &[
    (") as product", "sorts and filters at most 1,000 rows of a walk"),
    ("with matched as materialized", "reads the rows that meet a condition which few rows meet"),
    ("product_id in (", "sorts at most 100 rows that the filter names"),
    (") as pages order by", "merges the pages of at most 100 categories"),
    (
        "product join product_text using (product_id) where",
        "PostgreSQL has no plan for its empty \
      tables that is better than another",
    ),
    ("deleted_at is", "skips or reads the few categories that are being deleted"),
    ("category_id in (select category_id from category_text", "more than 100 categories match"),
    (
        "from outbox_entry\n         where due_at <= $1 or due_at > $2",
        "reads the entries that are \
      due, of a table that is empty as a rule",
    ),
];

both_databases! {
    async fn no_statement_reads_more_than_it_answers_with(location: Location) {
        let catalogue = Catalogue::open(&location).await;
        let db = catalogue.db.clone();
        db.record();
        for name in ["Mugs", "Cups"] {
            catalogue.payload(CREATE_CATEGORY, json!({ "input": { "name": name } })).await;
        }
        let taken = json!({ "name": "Cups", "description": "x".repeat(100_001) });
        catalogue.payload(CREATE_CATEGORY, json!({ "input": taken })).await;
        let renamed = json!({ "id": "1", "input": { "name": "Beakers" } });
        catalogue.payload(UPDATE_CATEGORY, renamed).await;
        for _ in 0..4 {
            let input = mug(json!({ "categoryId": "1" }));
            catalogue.payload(CREATE, json!({ "input": input })).await;
        }
        product::prepare_search(&db).await.unwrap();
        let moved = json!({ "id": "1", "input": { "name": "Cup", "categoryId": "2" } });
        catalogue.payload(UPDATE, moved).await;

        for sort in ["NEWEST", "OLDEST", "NAME", "PRICE_ASC", "PRICE_DESC"] {
            for filter in [
                json!({}),
                json!({ "isActive": true }),
                json!({ "categoryId": "1" }),
                json!({ "categoryId": "1", "isActive": true }),
                json!({ "minPrice": "1" }),
                json!({ "minPrice": "1", "maxPrice": "9", "isActive": true, "categoryId": "1" }),
                json!({ "search": "mug" }),
                json!({ "search": "mu", "isActive": true }),
                json!({ "search": "mug", "ids": ["2", "3"] }),
                json!({ "category": "beak" }),
                json!({ "category": "be", "isActive": true }),
            ] {
                let list = json!({ "filter": filter, "sort": sort });
                let first = catalogue.data(LIST, list).await;
                let after = &first["products"]["pageInfo"]["endCursor"];
                let next = json!({ "filter": filter, "sort": sort, "after": after });
                catalogue.data(LIST, next).await;
            }
        }
        let categories = "{ categories(first: 2) { totalCount nodes {
            products(first: 1) { totalCount nodes { id } } } } category(id: 1) { id }
            product(id: 2) { id } }";
        catalogue.data(categories, json!({})).await;

        catalogue.payload(DELETE, json!({ "id": "2" })).await;
        let nowhere = "http://127.0.0.1:1/graphql".parse().unwrap();
        let nowhere = Peer::remote("inventory", nowhere, None).unwrap();
        let alone = catalogue.with_inventory(nowhere);
        alone.payload(DELETE_CATEGORY, json!({ "id": "1" })).await;
        let stopping = CancellationToken::new();
        let working = tokio::spawn(product::work(Arc::clone(&catalogue.state), stopping.clone()));
        let worked = async || {
            db.recorded().iter().any(|it| it.sql.contains("where deleted_at is not null order"))
                .then_some(())
        };
        wait_for(DEADLINE, worked).await;
        stopping.cancel();
        working.await.unwrap();

        let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
        // Filling a shop only inserts, and `verify` tests it.
        plans::check(&db, &store, (ALLOWED, &["bulk.rs"])).await;
    }
}
