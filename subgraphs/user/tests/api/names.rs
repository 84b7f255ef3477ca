//! Usernames: every script, one owner.

use crate::accounts::{Accounts, UPDATE, faults};
use chassis::db::Location;
use futures::future::join_all;
use serde_json::{Value, json};
use testing::both_databases;

/// Creations, or renamings, of one name at the same time.
const RIVALS: usize = 20;

both_databases! {
    async fn names_and_texts_of_every_script_come_back_as_they_were(location: Location) {
        let accounts = Accounts::open(&location).await;

        for (name, text) in [
            ("Ünï.cødé_Жук-山@+", "Zoë 🎉"),
            ("٤٢", "O'Brien \"quoted\" <b>"),
            ("josé", "Straße 1\nÅrhus"),
        ] {
            let input =
                json!({ "username": name, "password": "p", "firstName": text, "address": text });
            let created = accounts.create(input).await;
            assert_eq!(created["user"]["username"], name, "{created}");
            assert_eq!(created["user"]["firstName"], text);
            assert_eq!(created["user"]["profile"]["address"], text);
        }
    }

    async fn names_that_differ_in_case_are_two_names(location: Location) {
        let accounts = Accounts::open(&location).await;

        assert_eq!(accounts.user("john_doe").await, "1");
        assert_eq!(accounts.user("JOHN_DOE").await, "2");
    }

    async fn a_name_is_normalised_when_it_is_new_and_not_when_it_is_changed(location: Location) {
        let accounts = Accounts::open(&location).await;
        let id = accounts.user("ﬁx_me").await;

        let taken = accounts.create(json!({ "username": "fix_me", "password": "p" })).await;
        assert_eq!(faults(&taken), [("TAKEN", "username".to_owned())]);
        let input = json!({ "username": "ﬁx_me" });
        let updated = accounts.data(UPDATE, json!({ "id": id, "input": input })).await;
        assert_eq!(updated["updateUser"]["user"]["username"], "ﬁx_me");
        assert_eq!(accounts.user("fix_me").await, "2");
    }

    async fn of_many_who_want_a_new_name_at_once_one_gets_it(location: Location) {
        let accounts = Accounts::open(&location).await;
        let creation = |_| accounts.create(json!({ "username": "wanted", "password": "p" }));

        let created = join_all((0..RIVALS).map(creation)).await;

        let winners = created.iter().filter(|payload| payload["user"] != Value::Null);
        let ids: Vec<_> = winners.map(|payload| &payload["user"]["id"]).collect();
        assert_eq!(ids.len(), 1, "{created:?}");
        let taken = [("TAKEN", "username".to_owned())];
        let losers = created.iter().filter(|payload| faults(payload) == taken);
        assert_eq!(losers.count(), RIVALS - 1, "{created:?}");
        let all = "{ users { totalCount nodes { id profile { id } } } }";
        let all = accounts.data(all, json!({})).await;
        let profile = json!({ "id": ids[0] });
        let winner = json!([{ "id": ids[0], "profile": profile }]);
        assert_eq!(all["users"], json!({ "totalCount": 1, "nodes": winner }));
    }

    async fn of_many_who_change_to_a_name_at_once_one_gets_it(location: Location) {
        let accounts = Accounts::open(&location).await;
        for rival in 1..=RIVALS {
            accounts.insert(&format!("rival{rival}"), "!").await;
        }
        let renaming = |rival: usize| {
            accounts.data(UPDATE, json!({ "id": rival, "input": { "username": "wanted" } }))
        };

        let renamed = join_all((1..=RIVALS).map(renaming)).await;

        let winners = renamed.iter().filter(|data| data["updateUser"]["user"] != Value::Null);
        assert_eq!(winners.count(), 1, "{renamed:?}");
        let taken = [("TAKEN", "username".to_owned())];
        let losers = renamed.iter().filter(|data| faults(&data["updateUser"]) == taken);
        assert_eq!(losers.count(), RIVALS - 1, "{renamed:?}");
    }
}
