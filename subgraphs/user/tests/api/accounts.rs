//! A user subgraph over a fresh database, and how tests talk to it.

use async_graphql::{Request, Variables};
use chassis::db::Location;
use chassis::{Db, Subgraph};
use commerce::MockClock;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) const CREATE: &str = "mutation($input: CreateUserInput!) { createUser(input: $input) {
    user { id username email firstName lastName dateJoined
           profile { id phone address createdAt updatedAt } }
    userErrors { code field message }
} }";

pub(crate) const UPDATE: &str = "mutation($id: ID!, $input: UpdateUserInput!) {
    updateUser(id: $id, input: $input) {
        user { id username email firstName lastName dateJoined }
        userErrors { code field message }
    }
}";

pub(crate) const UPDATE_PROFILE: &str = "mutation($id: ID!, $input: UpdateProfileInput!) {
    updateProfile(id: $id, input: $input) {
        profile { id phone address createdAt updatedAt user { id } }
        userErrors { code field message }
    }
}";

pub(crate) const DELETE: &str = "mutation($id: ID!) {
    deleteUser(id: $id) { deletedUserId userErrors { code field message } }
}";

pub(crate) const VERIFY: &str = "mutation($username: String!, $password: String!) {
    verifyCredentials(username: $username, password: $password) { valid user { id username } }
}";

/// When the tests' clock starts.
pub(crate) const START: &str = "2026-01-31T09:30:00.123456Z";

pub(crate) struct Accounts {
    pub(crate) db: Db,
    pub(crate) clock: MockClock,
    subgraph: Subgraph,
}

impl Accounts {
    pub(crate) async fn open(location: &Location) -> Self {
        let db = location.open(user::NAME).await.unwrap();
        db.migrate(&user::MIGRATIONS).await.unwrap();
        let clock = MockClock::at(START.parse().unwrap());
        let subgraph = user::subgraph(db.clone(), Arc::new(clock.clone()));
        Self { db, clock, subgraph }
    }

    /// The whole answer.
    pub(crate) async fn answer(&self, document: &str, variables: Value) -> Value {
        let request = Request::new(document).variables(Variables::from_json(variables));
        serde_json::to_value(self.subgraph.execute(request).await).unwrap()
    }

    /// The data of an answer without errors.
    pub(crate) async fn data(&self, document: &str, variables: Value) -> Value {
        let mut answer = self.answer(document, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].take()
    }

    /// The payload of `createUser`.
    pub(crate) async fn create(&self, input: Value) -> Value {
        self.data(CREATE, json!({ "input": input })).await["createUser"].take()
    }

    /// The id of a new user who has nothing but a name.
    pub(crate) async fn user(&self, name: &str) -> String {
        let created = self.create(json!({ "username": name, "password": "password123" })).await;
        created["user"]["id"].as_str().unwrap_or_else(|| panic!("{created}")).to_owned()
    }

    /// Stores a user with this hash, past the schema: hashing a hundred passwords takes a while.
    pub(crate) async fn insert(&self, name: &str, hash: &str) {
        let (name, hash) = (name.to_owned(), hash.to_owned());
        self.db
            .write::<_, chassis::DbError, _>(move |tx| {
                let (name, hash) = (name.clone(), hash.clone());
                Box::pin(async move {
                    let (id,): (i64,) = tx
                        .query(
                            "insert into account (username, email, first_name, last_name, password_hash, date_joined)
                             values ($1, '', '', '', $2, '2026-01-31T09:30:00Z') returning account_id",
                        )
                        .bind(name)
                        .bind(hash)
                        .fetch_one()
                        .await?;
                    tx.query(
                        "insert into profile (profile_id, account_id, phone, address, created_at, updated_at)
                         values ($1, $1, '', '', '2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z')",
                    )
                    .bind(id)
                    .execute()
                    .await
                })
            })
            .await
            .unwrap();
    }

    /// What is stored for the password of `name`.
    pub(crate) async fn stored_hash(&self, name: &str) -> String {
        let query = self.db.query("select password_hash from account where username = $1");
        let (hash,): (String,) = query.bind(name).fetch_one().await.unwrap();
        hash
    }
}

/// Code and field of each user error of a payload.
pub(crate) fn faults(payload: &Value) -> Vec<(&str, String)> {
    let errors = payload["userErrors"].as_array().unwrap().iter();
    let field = |error: &Value| {
        let parts = error["field"].as_array().unwrap().iter();
        parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    errors.map(|error| (error["code"].as_str().unwrap(), field(error))).collect()
}

/// Code of the only error of an answer.
pub(crate) fn code(answer: &Value) -> &str {
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap()
}
