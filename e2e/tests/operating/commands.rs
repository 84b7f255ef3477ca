//! `agora ready`, the health check of containers.

use std::process::Output;
use testing::Agora;
use tokio::process::Command;

async fn ready(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(testing::agora::binary());
    command.arg("ready").args(arguments).env_clear().envs(variables.iter().copied());
    command.output().await.unwrap()
}

#[tokio::test]
async fn ready_answers_by_its_exit_status() {
    let mut shop = Agora::start().await;
    let url = shop.url().replace("/graphql", "/readiness");
    let port = url.rsplit(':').next().unwrap().trim_end_matches("/readiness").to_owned();
    let rest = shop.rest_url("user").rsplit(':').next().unwrap().to_owned();
    let rest = format!("{rest},0,0,0");

    for (arguments, variables) in [
        (vec![url.as_str()], vec![]),
        (vec!["--port", &port], vec![]),
        (vec![], vec![("AGORA_PORT", port.as_str()), ("AGORA_HOST", "0.0.0.0")]),
        (vec![], vec![("AGORA_ROLE", "rest"), ("AGORA_REST_PORTS", rest.as_str())]),
    ] {
        let output = ready(&arguments, &variables).await;
        assert_eq!(output.status.code(), Some(0), "{arguments:?} {variables:?}: {output:?}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
    }

    shop.terminate().await;
    for arguments in [vec![url.as_str()], vec!["--port", &port], vec!["--port", "0"]] {
        let output = ready(&arguments, &[]).await;
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        let line = String::from_utf8(output.stderr).unwrap();
        assert_eq!(line.lines().count(), 1, "{line}");
    }
}

#[tokio::test]
async fn ready_fails_for_an_answer_that_is_an_error() {
    let shop = Agora::start().await;
    let url = shop.url().replace("/graphql", "/nowhere");
    let output = ready(&[&url], &[]).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("404"));
}
