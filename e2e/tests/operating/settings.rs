//! Secrets as they come out of files and `.env`: taken as they are, or refused by one line.

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testing::agora::Options;
use testing::{Agora, Database};

/// Every character that means something in a URL.
const PASSWORD: &str = "p@ss/w:rd#1 %41?&=";

/// The one line of a start that is refused.
async fn refusal(options: Options) -> String {
    let Err(ended) = options.try_start().await else { panic!("it starts") };
    assert_eq!(ended.status.and_then(|status| status.code()), Some(1), "{ended}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    ended.stderr
}

#[tokio::test]
async fn a_peer_secret_that_cannot_be_meant_is_refused_and_not_printed() {
    for secret in
        ["hunter2\n", " hunter2", "hunter2\t", "hunter2\u{a0}", "hun\nter2", "hünter2", ""]
    {
        for role in ["all", "user", "order", "router", "rest"] {
            let options = Agora::options().argument("--role").argument(role);
            let line = refusal(options.variable("AGORA_PEER_SECRET", secret)).await;
            assert!(line.contains("--peer-secret"), "{role} {secret:?}: {line}");
            assert!(!line.contains("ter2"), "{role} {secret:?}: {line}");
        }
    }
}

#[tokio::test]
async fn a_database_password_that_cannot_be_meant_is_refused_and_not_printed() {
    for password in ["hunter2\n", " hunter2", ""] {
        let options = Agora::options()
            .argument("--database-url")
            .argument("postgres://agora@127.0.0.1:1/agora");
        let line = refusal(options.variable("AGORA_DATABASE_PASSWORD", password)).await;
        assert!(line.contains("--database-password"), "{password:?}: {line}");
        assert!(!line.contains("hunter2"), "{password:?}: {line}");
    }
}

#[tokio::test]
async fn a_database_password_of_any_characters_is_taken_as_it_is() {
    let Some(database) = Database::postgres() else { return };
    // An account of this test's own, which must bring its password.
    let name = format!("keys_{}", std::process::id());
    let mut admin = PgConnection::connect(&database.url()).await.unwrap();
    let create = format!("create role {name} login superuser password '{PASSWORD}'");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    let mut url: url::Url = database.url().parse().unwrap();
    url.set_username(&name).unwrap();

    let options = Agora::options().argument("--database-url").argument(url.as_str());
    let shop = options.variable("AGORA_DATABASE_PASSWORD", PASSWORD).start().await;

    assert_eq!(shop.data("{ __typename }", json!({})).await["__typename"], "Query");
    assert!(!shop.output().contains(PASSWORD));
    drop(shop);
}

#[tokio::test]
async fn a_directory_that_may_not_be_written_names_the_flag_and_the_cause_once() {
    let options = Agora::options().argument("--database-url").argument("sqlite:/proc/nowhere");
    let line = refusal(options).await;
    assert!(line.contains("--database-url"), "{line}");
    assert_eq!(line.matches("os error").count(), 1, "{line}");
}

#[tokio::test]
async fn production_creates_no_account_whose_password_is_known() {
    for arguments in [&["--production"][..], &["--production", "--sample-data"]] {
        let options = Agora::options().sample_data();
        let options = arguments.iter().fold(options, |options, flag| options.argument(*flag));
        let shop = options.start().await;
        let data = shop.data("{ users { totalCount } }", json!({})).await;
        assert_eq!(data["users"]["totalCount"], 0, "{arguments:?}");
        let warned = shop.output().contains("--production");
        assert_eq!(warned, arguments.len() > 1, "{arguments:?}: {}", shop.output());
    }
}
