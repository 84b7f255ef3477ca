//! What a health check sees.

use e2e::http::Request;
use std::time::Duration;
use testing::wait_until;

/// How long anything may take on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// Roles that have a port of their own, with the variable that says where the part is.
pub(crate) const URLS: [(&str, &str); 5] = [
    ("user", "AGORA_USER_URL"),
    ("product", "AGORA_PRODUCT_URL"),
    ("inventory", "AGORA_INVENTORY_URL"),
    ("order", "AGORA_ORDER_URL"),
    ("router", "AGORA_ROUTER_URL"),
];

/// The status of `GET path`; `None` when nothing answers.
pub(crate) async fn status(base: &str, path: &str) -> Option<u16> {
    let answer = Request::new("GET", path).send(base).await;
    answer.ok().map(|answer| answer.status)
}

/// Waits until `/readiness` answers `expected`.
pub(crate) async fn becomes(base: &str, expected: u16) {
    within(DEADLINE, base, expected).await;
}

/// As `becomes`, in less time.
pub(crate) async fn within(deadline: Duration, base: &str, expected: u16) {
    wait_until(deadline, || async { status(base, "/readiness").await == Some(expected) }).await;
}

/// `http://host:port` of a GraphQL endpoint.
pub(crate) fn base(graphql: &str) -> &str {
    graphql.strip_suffix("/graphql").unwrap()
}
