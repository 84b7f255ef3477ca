//! The pages beside `/graphql`.

use crate::ROUTER;
use crate::support::http;
use reqwest::Response;

fn get(path: &str, accept: &str) -> (Response, String) {
    ROUTER.block_on(async {
        let get = http().get(ROUTER.url(path)).header("accept", accept);
        let get = get.header("accept-encoding", "gzip");
        let response = get.send().await.unwrap();
        let copy = http().get(ROUTER.url(path)).header("accept", accept).send().await.unwrap();
        assert_eq!(copy.headers().get("content-encoding"), None, "gzip without being asked");
        (response, copy.text().await.unwrap_or_default())
    })
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn it_is_healthy_and_ready() {
    for path in ["/health", "/readiness"] {
        assert_eq!(get(path, "*/*").0.status(), 200, "{path}");
    }
}

#[test]
fn a_browser_at_the_endpoint_is_shown_graphiql() {
    for path in ["/", "/graphql"] {
        let (response, _) = get(path, "text/html,application/xhtml+xml");
        assert_eq!(
            (response.status().as_u16(), header(&response, "location")),
            (302, "/graphiql".to_owned())
        );
    }
}

#[test]
fn graphiql_loads_nothing_from_elsewhere() {
    let (page, text) = get("/graphiql", "text/html");

    assert!(text.contains("<title>"), "{text}");
    assert_eq!(page.status(), 200);
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&page, "content-encoding"), "gzip");
    let policy = header(&page, "content-security-policy");
    assert!(policy.starts_with("default-src 'self';") && !policy.contains("http"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("unsafe-eval"), "{policy}");
}

#[test]
fn the_files_of_graphiql_are_there_and_may_be_kept() {
    let table = include_str!("../../assets/graphiql/files.rs");
    let files = table.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split('"').next());
    for file in files {
        let (response, _) = get(&format!("/graphiql/{file}"), "*/*");
        assert_eq!(response.status(), 200, "{file}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{file}");
        let immutable = header(&response, "cache-control").contains("immutable");
        assert_eq!(immutable, file.starts_with("assets/"), "{file}");
    }
}

#[test]
fn metrics_are_the_callers() {
    let (response, text) = get("/metrics", "*/*");

    assert_eq!(header(&response, "content-type"), "text/plain; version=0.0.4");
    assert_eq!(text, "agora_up 1\n");
}

#[test]
fn there_is_nothing_anywhere_else() {
    for path in ["/nothing", "/", "/graphiql/nothing", "/graphiql/../Cargo.toml", "/graphiqlnot"] {
        let (response, text) = get(path, "*/*");
        assert_eq!(response.status(), 404, "{path}");
        assert!(text.contains("NOT_FOUND"), "{path}: {text}");
    }
}
