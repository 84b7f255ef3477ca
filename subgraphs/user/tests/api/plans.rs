//! Every statement costs what its answer costs, whatever the size of the shop.

use crate::accounts::{Accounts, CREATE, DELETE, UPDATE, UPDATE_PROFILE, VERIFY};
use crate::credentials::DJANGO;
use chassis::db::Location;
use serde_json::json;
use std::path::Path;
use testing::{both_databases, plans};

both_databases! {
    async fn no_statement_reads_more_than_it_answers_with(location: Location) {
        let accounts = Accounts::open(&location).await;
        accounts.db.record();
        let ada = json!({ "username": "ada", "password": "password123" });
        accounts.data(CREATE, json!({ "input": ada })).await;
        accounts.insert("grace", DJANGO).await;
        let grace = json!({ "username": "grace", "password": "password123" });
        assert_eq!(accounts.data(VERIFY, grace).await["verifyCredentials"]["valid"], true);
        let input = json!({ "firstName": "Ada" });
        accounts.data(UPDATE, json!({ "id": "1", "input": input })).await;
        accounts.data(UPDATE_PROFILE, json!({ "id": "1", "input": { "phone": "1" } })).await;
        let list = "query($after: String) { users(first: 1, after: $after) {
            totalCount nodes { profile { id } } pageInfo { endCursor } }
            user(id: 1) { id } profile(id: 1) { id } }";
        let first = accounts.data(list, json!({})).await;
        let after = &first["users"]["pageInfo"]["endCursor"];
        accounts.data(list, json!({ "after": after })).await;
        accounts.data(DELETE, json!({ "id": "1" })).await;

        let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
        // Filling a shop only inserts, and `verify` tests it.
        plans::check(&accounts.db, &store, (&[], &["bulk.rs"])).await;
    }
}
