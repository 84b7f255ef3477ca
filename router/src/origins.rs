//! Which web pages may talk to the router: its own, those of the configured origins and, in
//! development, those of this machine.

use axum::http::header::{self, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use url::{Host, Origin, Url};

/// How long a browser may remember that it may send requests.
const MAX_AGE: Duration = Duration::from_secs(600);

/// The origins that are allowed beside the router's own.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    listed: Vec<Origin>,
    /// Any port of this machine is allowed.
    development: bool,
}

/// Why a text is not the origin of web pages.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is not an origin: expected a scheme, a host and perhaps a port, such as https://shop.example"
)]
pub struct OriginError(String);

/// Returns the text if it is the origin of web pages, such as `https://shop.example`.
///
/// # Errors
/// When it is something else.
pub fn check_origin(text: &str) -> Result<String, OriginError> {
    parse(text).map(|_| text.to_owned()).ok_or_else(|| OriginError(text.to_owned()))
}

impl Origins {
    pub(crate) fn new(listed: &[String], development: bool) -> Result<Self, OriginError> {
        let origin = |text: &String| parse(text).ok_or_else(|| OriginError(text.clone()));
        Ok(Self { listed: listed.iter().map(origin).collect::<Result<_, _>>()?, development })
    }

    /// Whether a page may open a WebSocket. Browsers let any page open a WebSocket to anywhere and
    /// only report where the page is from; other clients report nothing.
    pub(crate) fn allow_socket(&self, request: &Parts) -> bool {
        let mut given = request.headers.get_all(ORIGIN).iter();
        let (Some(origin), None) = (given.next(), given.next()) else {
            return !request.headers.contains_key(ORIGIN);
        };
        self.allow(origin) || is_same(origin, request)
    }

    fn allow(&self, origin: &HeaderValue) -> bool {
        let Some(origin) = origin.to_str().ok().and_then(parse) else { return false };
        self.listed.contains(&origin) || (self.development && is_local(&origin))
    }

    /// Answers browsers that ask whether a page may send requests.
    pub(crate) fn layer(&self) -> CorsLayer {
        let origins = self.clone();
        CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(move |origin, _| origins.allow(origin)))
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers([header::ALLOW, header::RETRY_AFTER])
            .vary([header::ACCEPT, header::ORIGIN])
            .max_age(MAX_AGE)
    }
}

fn is_same(origin: &HeaderValue, request: &Parts) -> bool {
    let host = match request.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => text(request, HOST),
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    match (origin, host) {
        (Some((_, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

fn text(request: &Parts, name: HeaderName) -> Option<&str> {
    request.headers.get(name).and_then(|value| value.to_str().ok())
}

fn parse(text: &str) -> Option<Origin> {
    let (_, authority) = text.split_once("://")?;
    let is_bare = !authority.is_empty() && !authority.contains(['/', '?', '#', '@', '*', ' ']);
    let origin = Url::parse(text).ok().filter(|_| is_bare)?.origin();
    origin.is_tuple().then_some(origin)
}

fn is_local(origin: &Origin) -> bool {
    let Origin::Tuple(_, host, _) = origin else { return false };
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn allows(origins: &Origins, origin: &str, host: &str) -> bool {
        let request = Request::builder().header(ORIGIN, origin).header(HOST, host);
        origins.allow_socket(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn pages_of_the_router_and_of_listed_origins_may_open_a_websocket() {
        let listed = ["https://shop.example".to_owned(), "http://other.example:8080".to_owned()];
        let origins = Origins::new(&listed, false).unwrap();
        for (origin, expected) in [
            ("http://router.example:4000", true),
            ("https://shop.example", true),
            ("https://shop.example:443", true),
            ("HTTPS://Shop.Example", true),
            ("http://other.example:8080", true),
            ("http://shop.example", false),
            ("https://shop.example:444", false),
            ("https://evil.example", false),
            ("https://shop.example.evil.example", false),
            ("http://localhost:5173", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(allows(&origins, origin, "router.example:4000"), expected, "{origin}");
        }
    }

    #[test]
    fn in_development_pages_of_this_machine_may_open_a_websocket() {
        let origins = Origins::new(&[], true).unwrap();
        for (origin, expected) in [
            ("http://localhost:5173", true),
            ("https://localhost", true),
            ("http://app.localhost:3000", true),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:3000", true),
            ("http://localhost.evil.example", false),
            ("http://notlocalhost:80", false),
            ("http://192.168.0.7:3000", false),
        ] {
            assert_eq!(allows(&origins, origin, "router.example:4000"), expected, "{origin}");
        }
    }

    #[test]
    fn a_text_that_is_not_an_origin_is_refused() {
        for text in
            ["shop.example", "https://shop.example/", "https://*.example", "*", "null", "https://"]
        {
            assert!(check_origin(text).is_err(), "{text}");
        }
        assert!(check_origin("https://shop.example").is_ok());
    }
}
