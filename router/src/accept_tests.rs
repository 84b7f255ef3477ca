//! The negotiation as a table.

use super::*;
use axum::http::HeaderValue;

fn headers(values: &[&str]) -> HeaderMap {
    let values = values.iter().map(|value| (ACCEPT, HeaderValue::from_str(value).unwrap()));
    let mut headers = HeaderMap::new();
    values.for_each(|(name, value)| {
        headers.append(name, value);
    });
    headers
}

const JSON: Form = Form::Single(Single::Json);
const GRAPHQL: Form = Form::Single(Single::GraphQl);
const EVENTS: Form = Form::Streamed(Streamed::Events);
const APOLLO: Form = Form::Streamed(Streamed::Apollo);
const MULTIPART: Form = Form::Streamed(Streamed::Multipart);

#[test]
fn the_client_gets_the_form_that_it_prefers() {
    let table: &[(&[&str], Form)] = &[
        (&[], JSON),
        (&[""], JSON),
        (&["*/*"], JSON),
        (&["application/*"], JSON),
        (&["application/json"], JSON),
        (&["application/json; charset=utf-8"], JSON),
        (&["application/json;charset=\"UTF-8\""], JSON),
        (&["APPLICATION/JSON"], JSON),
        (&["application/json; version=2"], JSON),
        (&["application/graphql-response+json"], GRAPHQL),
        (&["Application/GraphQL-Response+JSON ; Charset=UTF-8"], GRAPHQL),
        (&["application/graphql-response+json, application/json"], GRAPHQL),
        (&["application/json, application/graphql-response+json"], JSON),
        (&["application/json;q=0.9, application/graphql-response+json"], GRAPHQL),
        (&["application/json;q=0.9, application/graphql-response+json;q=0.8"], JSON),
        (&["application/graphql-response+json;q=0, */*"], JSON),
        (&["application/json;q=0, */*"], GRAPHQL),
        (&["*/*, application/graphql-response+json"], GRAPHQL),
        (&["text/html, application/xhtml+xml, */*;q=0.8"], JSON),
        (&["image/png", "application/graphql-response+json"], GRAPHQL),
        (&["nonsense, application/json"], JSON),
        (&["text/event-stream"], EVENTS),
        (&["text/event-stream; charset=utf-8"], EVENTS),
        (&["TEXT/EVENT-STREAM"], EVENTS),
        (&["text/*"], EVENTS),
        (&["text/event-stream, application/json"], JSON),
        (&["text/event-stream, application/json;q=0.5"], EVENTS),
        (&["text/event-stream;q=0.5, application/json;q=0.6"], JSON),
        (&["multipart/mixed"], MULTIPART),
        (&["multipart/mixed;deferSpec=20220824"], MULTIPART),
        (&["multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\""], APOLLO),
        (&["multipart/mixed;boundary=\"a,b;c\";subscriptionSpec=1.0"], APOLLO),
        (&["multipart/mixed;subscriptionSpec=1.0, application/json"], JSON),
        (&["multipart/mixed;subscriptionSpec=1.0;q=0.5, text/event-stream;q=0.4"], APOLLO),
    ];
    for (values, expected) in table {
        assert_eq!(Accepted::new(&headers(values)).unwrap().form(), *expected, "{values:?}");
    }
}

#[test]
fn a_subscription_gets_a_form_that_comes_in_parts() {
    let table: &[(&[&str], Option<Streamed>)] = &[
        (&[], Some(Streamed::Events)),
        (&["*/*"], Some(Streamed::Events)),
        (&["text/event-stream, application/json"], Some(Streamed::Events)),
        (&["multipart/mixed;subscriptionSpec=1.0,application/json"], Some(Streamed::Apollo)),
        (&["multipart/mixed, application/json"], Some(Streamed::Multipart)),
        (&["multipart/mixed, text/event-stream;q=0.9"], Some(Streamed::Multipart)),
        (&["multipart/*"], Some(Streamed::Apollo)),
        (&["application/json"], None),
        (&["application/json, text/event-stream;q=0"], None),
        (&["application/json, multipart/*;q=0, */*"], Some(Streamed::Events)),
    ];
    for (values, expected) in table {
        let form = Accepted::new(&headers(values)).unwrap().stream_form();
        assert_eq!(form.ok(), *expected, "{values:?}");
    }
}

#[test]
fn nothing_that_the_router_can_send_is_not_acceptable() {
    for values in [
        &["image/png"][..],
        &["text/html"],
        &["application/json;q=0"],
        &["application/json;q=0.0, text/html"],
        &["*/*;q=0"],
        &["application/json; charset=iso-8859-1"],
        &["nonsense"],
    ] {
        let problem = Accepted::new(&headers(values)).unwrap_err();
        assert_eq!(problem.status, StatusCode::NOT_ACCEPTABLE, "{values:?}");
    }
}

#[test]
fn gzip_is_sent_only_to_clients_that_ask_for_it() {
    let table = [
        ("gzip", true),
        ("GZIP;q=0.5, br", true),
        ("*", true),
        ("br, *;q=0.1", true),
        ("identity", false),
        ("gzip;q=0", false),
        ("gzip;q=0, *", false),
        ("", false),
    ];
    for (value, expected) in table {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_static(value);
        headers.insert(axum::http::header::ACCEPT_ENCODING, value.clone());
        assert_eq!(takes_gzip(&headers), expected, "{value:?}");
    }
    assert!(!takes_gzip(&HeaderMap::new()));
}
