//! Starts that cannot work: one line that names the flag to change, and status 1.

use serde_json::json;
use std::fs;
use std::process::Output;
use std::time::Duration;
use tempfile::TempDir;
use testing::Agora;
use tokio::net::TcpListener;
use tokio::process::Command;

/// How long a start may take to be refused: a database server is given some seconds.
const DEADLINE: Duration = Duration::from_secs(60);

/// `agora serve` with these arguments, in a directory and an environment of its own.
async fn serve(arguments: &[&str]) -> Output {
    let directory = TempDir::new().unwrap();
    let mut command = Command::new(testing::agora::binary());
    command.arg("serve").args(arguments);
    if !arguments.contains(&"--rest-ports") {
        command.args(["--rest-ports", "0,0,0,0"]);
    }
    command.current_dir(directory.path()).env_clear().kill_on_drop(true);
    let ended = tokio::time::timeout(DEADLINE, command.output()).await;
    ended.unwrap_or_else(|_| panic!("agora serve {arguments:?} goes on")).unwrap()
}

/// Checks the status, and answers the line.
async fn refusal(arguments: &[&str], flag: &str) -> String {
    let output = serve(arguments).await;
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {line}");
    assert_eq!(line.lines().count(), 1, "{arguments:?}: {line}");
    assert!(line.contains(flag), "{arguments:?} names another flag: {line}");
    line
}

#[tokio::test]
async fn a_port_that_is_taken_names_the_flag_and_the_address() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();

    for role in ["all", "router", "user", "order"] {
        let line = refusal(&["--port", &port, "--role", role], "--port").await;
        assert!(line.contains(&address.to_string()), "{line}");
    }
}

#[tokio::test]
async fn a_rest_port_that_is_taken_names_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ports = format!("0,0,{},0", taken.local_addr().unwrap().port());

    for role in ["all", "rest"] {
        refusal(&["--port", "0", "--role", role, "--rest-ports", &ports], "--rest-ports").await;
    }
    refusal(&["--port", "0", "--rest-ports", "0,0,0"], "--rest-ports").await;
}

#[tokio::test]
async fn a_directory_that_is_none_names_the_flag_that_named_it() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("data");
    fs::write(&file, "not a directory").unwrap();
    let path = file.to_str().unwrap();
    let url = format!("sqlite:{path}");

    let line = refusal(&["--port", "0", "--data-dir", path], "--data-dir").await;
    assert!(line.contains(path), "{line}");
    refusal(&["--port", "0", "--data-dir", &format!("{path}/below")], "--data-dir").await;
    refusal(&["--port", "0", "--database-url", &url], "--database-url").await;
    refusal(&["--port", "0", "--order-database-url", &url], "--order-database-url").await;
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a directory");
}

#[tokio::test]
async fn a_damaged_database_names_the_flag() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("user.db"), "this is no database, however long it is").unwrap();

    let path = directory.path().to_str().unwrap();
    refusal(&["--port", "0", "--data-dir", path], "--data-dir").await;
}

#[tokio::test]
async fn a_directory_that_another_process_serves_is_refused_until_that_one_ends() {
    let mut shop = Agora::start().await;
    let directory = shop.data_dir();
    let path = directory.to_str().unwrap();

    for role in ["all", "order"] {
        let line =
            refusal(&["--port", "0", "--role", role, "--data-dir", path], "--data-dir").await;
        assert!(line.contains(path) && line.contains("another process"), "{line}");
    }

    let users = shop.data("{ users { totalCount } }", json!({})).await;
    assert_eq!(users["users"]["totalCount"], 0);
    shop.kill().await;
    shop.restart().await;
}

#[tokio::test]
async fn a_url_that_is_none_names_the_flag_and_the_forms_that_work() {
    for url in ["mysql://localhost/shop", "nonsense", "sqlite:", "postgres"] {
        refusal(&["--port", "0", "--database-url", url], "--database-url").await;
        refusal(&["--port", "0", "--user-database-url", url], "--user-database-url").await;
    }
    let line = refusal(&["--port", "0", "--database-url", "nonsense"], "--database-url").await;
    assert!(line.contains("sqlite:") && line.contains("postgres://"), "{line}");
}

#[tokio::test]
async fn a_database_server_that_is_not_there_names_the_flag_and_no_secret() {
    // A port that was free a moment ago, and one that nobody may listen on.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for server in [free.to_string(), "127.0.0.1:1".to_owned()] {
        let url = format!("postgres://shop:hunter2@{server}/shop");

        let arguments = ["--port", "0", "--start-timeout", "1", "--database-url", &url];
        let line = refusal(&arguments, "--database-url").await;

        assert!(!line.contains("hunter2"), "{line}");
    }
}

#[tokio::test]
async fn a_log_filter_that_is_none_names_the_flag() {
    for role in ["all", "user"] {
        refusal(&["--port", "0", "--role", role, "--log", "a=b=c"], "--log").await;
    }
}

#[tokio::test]
async fn a_manifest_that_cannot_be_used_names_its_flag() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("manifest.json");
    fs::write(&file, "[]").unwrap();
    let missing = directory.path().join("missing.json");

    for path in [&file, &missing] {
        let path = path.to_str().unwrap();
        let arguments = ["--port", "0", "--data-dir", "data", "--trusted-documents", path];
        let line = refusal(&arguments, "--trusted-documents").await;
        assert!(line.contains(path), "{line}");
    }
}

#[tokio::test]
async fn an_argument_that_cannot_be_read_names_its_flag() {
    refusal(&["--port", "many"], "--port").await;
    refusal(&["--user-url", "nonsense"], "--user-url").await;
    refusal(&["--role", "king"], "--role").await;
    refusal(&["--nonsense"], "--nonsense").await;
    refusal(&["--cors-origin", "shop.example"], "--cors-origin").await;
    refusal(&["--cors-origin", "https://a.example,https://b.example/x"], "--cors-origin").await;
    refusal(&["--trusted-documents-only"], "--trusted-documents").await;
}
