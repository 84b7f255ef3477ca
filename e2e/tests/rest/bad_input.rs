//! Nonsense gets an answer: always one, never 5xx, and it says in the recorded style what is wrong.

use crate::shop::Shop;
use e2e::http::{Answer, Request};
use futures::future::join_all;
use serde_json::{Value, json};
use std::fs;

const MEGABYTE: usize = 1 << 20;
/// How much more memory the process may hold after all of it.
const GROWTH_MAX: usize = 96 * MEGABYTE;

#[tokio::test]
async fn bodies_of_ten_megabytes_are_refused_without_being_kept() {
    let shop = Shop::start().await;
    shop.stock_up(1).await;
    let before = resident(&shop);
    let text = "x".repeat(10 * MEGABYTE);
    let json = json!({"username": text, "password": "x"}).to_string();
    let form = format!("username={text}&password=x");
    let rows = [
        ("POST", "/users/", "application/json", json.clone()),
        ("PUT", "/users/1/", "application/json", json.clone()),
        ("POST", "/api/verify/", "application/json", json.clone()),
        ("POST", "/users/", "application/x-www-form-urlencoded", form.clone()),
        ("POST", "/categories/", "multipart/form-data; boundary=b", form),
        ("POST", "/users/", "application/json", "[".repeat(10 * MEGABYTE)),
    ];
    for (method, path, content_type, body) in rows {
        let request = Request::new(method, path).header("Content-Type", content_type).body(body);
        let answer = shop.send(path, request).await;
        assert!([400, 413].contains(&answer.status), "{method} {path}: {}", answer.status);
        clear(&format!("{method} {path}"), &answer);
    }
    let request = Request::new("POST", "/users/").header("Content-Type", "application/json");
    let request = request.body(json).header("Transfer-Encoding", "chunked");
    let many = join_all((0..8).map(|_| shop.send("/users/", request.clone()))).await;
    assert!(many.iter().all(|answer| answer.status == 413), "{:?}", many[0].status);
    let grown = resident(&shop).saturating_sub(before);
    assert!(grown < GROWTH_MAX, "{} MB more in memory", grown / MEGABYTE);
    alive(&shop).await;
}

#[tokio::test]
async fn bodies_that_make_no_sense_are_refused() {
    let shop = Shop::start().await;
    shop.stock_up(1).await;
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let items = vec![json!({"product_id": 1, "quantity": 1, "price": "1.00"}); 10_000];
    let many = json!({"user_id": 1, "shipping_address": "A", "items": items});
    let broken = json!({"user_id": 1, "shipping_address": "A", "items": vec![json!(7); 10_000]});
    let members: String = (0..50_000).map(|number| format!("\"m{number}\":1,")).collect();
    let digits = "9".repeat(5000);
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("/orders/", many.to_string().into()),
        ("/orders/", broken.to_string().into()),
        ("/users/", nested(200_000).into()),
        ("/users/", format!("{{\"username\":{},\"password\":\"x\"}}", nested(100)).into()),
        ("/users/", format!("{{\"username\":{}}}", nested(100_000)).into()),
        ("/users/", format!("{{{members}\"password\":\"x\"}}").into()),
        ("/users/", b"{\"username\":\"\xff\xfe\",\"password\":\"x\"}".into()),
        ("/users/", b"{\"username\":\"a\\u0000b\",\"password\":\"x\"}".into()),
        ("/users/", b"{\"username\":\"\\ud800\",\"password\":\"x\"}".into()),
        ("/users/", b"{\"username\":{},\"password\":[]}".into()),
        ("/users/", b"\xef\xbb\xbf{}".into()),
        ("/users/", b"null".into()),
        ("/users/", b"\"text\"".into()),
        ("/users/", b"{}{}".into()),
        ("/api/verify/", b"[]".into()),
        ("/api/verify/", b"{\"username\":true,\"password\":{}}".into()),
        ("/products/", b"{\"price\":1e400}".into()),
        ("/products/", format!("{{\"price\":{digits},\"category_id\":{digits}}}").into()),
        ("/products/", b"{\"price\":Infinity}".into()),
        ("/api/update-stock/", b"{\"product_id\":1,\"quantity\":1.5}".into()),
        ("/api/update-stock/", b"{\"product_id\":{},\"quantity\":[]}".into()),
        ("/api/check-stock/", format!("{{\"product_id\":1,\"quantity\":{digits}}}").into()),
        ("/api/inventory/", b"{\"product_id\":1,\"quantity\":-1}".into()),
        ("/api/orders/", b"{\"user_id\":1,\"product_id\":1,\"quantity\":0}".into()),
        ("/api/orders/", b"{\"user_id\":1,\"items\":{}}".into()),
    ];
    for (path, body) in rows {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let request = Request::new("POST", path).header("Content-Type", "application/json");
        let answer = shop.send(path, request.body(body)).await;
        let expected = (400..500).contains(&answer.status);
        assert!(expected, "POST {path} {shown}: {} {}", answer.status, answer.text());
        clear(&format!("POST {path} {shown}"), &answer);
    }
    alive(&shop).await;
    assert_eq!(shop.stock().await, 1);
}

#[tokio::test]
async fn forms_that_make_no_sense_are_refused() {
    let shop = Shop::start().await;
    shop.stock_up(1).await;
    let parts = "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nann";
    let rows = [
        ("application/x-www-form-urlencoded", "username=%ff%fe&password=x"),
        ("application/x-www-form-urlencoded", "username=%00&password=x"),
        ("application/x-www-form-urlencoded", "%%%&&&==="),
        ("multipart/form-data", "no boundary"),
        ("multipart/form-data; boundary=b", parts),
        ("multipart/form-data; boundary=b", "--b\r\n\r\n"),
        ("application/xml", "<user/>"),
        ("nonsense", "nonsense"),
        ("", "{}"),
    ];
    for (content_type, body) in rows {
        let request = Request::new("POST", "/users/").header("Content-Type", content_type);
        let answer = shop.send("/users/", request.body(body)).await;
        let place = format!("{content_type:?} {body:?}");
        assert!(
            [400, 415].contains(&answer.status),
            "{place}: {} {}",
            answer.status,
            answer.text()
        );
        clear(&place, &answer);
    }
    alive(&shop).await;
}

#[tokio::test]
async fn odd_paths_are_not_found() {
    let shop = Shop::start().await;
    shop.stock_up(1).await;
    let long = format!("/users/{}/", "9".repeat(2000));
    let rows = [
        "/users/%2F/",
        "/users/1%2F/",
        "/users%2F1/",
        "/users/1%00/",
        "/%00/",
        "/users/%00/",
        "/users/%E2%82%AC/",
        "/users/%ff/",
        "/users/%zz/",
        "/users/%/",
        "/users//",
        "//users/",
        "/users/1/../1/",
        "/users/./1/",
        "/users/0x1/",
        "/users/+1/",
        "/users/1e0/",
        "/users/%31%20/",
        "/users/\u{661}/",
        "/orders/1/cancel/cancel/",
        "/api/",
        "/api/users/x/",
        "/USERS/",
        "/api/product/18446744073709551616/",
        "/api/inventory/-1/",
        long.as_str(),
    ];
    for path in rows {
        for method in ["GET", "POST", "DELETE", "PATCH"] {
            let answer = shop.send(path, Request::new(method, path)).await;
            // Redirects lead to where a slash is missing; 405 where the route exists for others.
            let expected = [301, 308, 400, 404, 405].contains(&answer.status);
            assert!(expected, "{method} {path}: {} {}", answer.status, answer.text());
            if answer.status >= 400 {
                clear(&format!("{method} {path}"), &answer);
            }
        }
    }
    alive(&shop).await;
}

#[tokio::test]
async fn odd_queries_are_answered() {
    let shop = Shop::start().await;
    shop.stock_up(1).await;
    let many = format!("/products/?{}", "search=a&".repeat(1000));
    let rows = [
        "/products/?search=%00",
        "/products/?search=%ff",
        "/products/?category=%zz&search=",
        "/products/?%00=1",
        "/products/?search=%F0%9F%98%80",
        "/products/?&&&===",
        &many,
        "/orders/?user_id=%00",
        "/orders/?user_id=1e3",
        "/orders/?user_id=-9",
        "/orders/?user_id=1.5",
        "/orders/?user_id=99999999999999999999999",
        "/orders/?user_id=%ff",
        "/orders/?user_id=true",
    ];
    for path in rows {
        let answer = shop.get(path).await;
        assert!([200, 400].contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        assert_eq!(answer.media_type(), "application/json", "{path}");
    }
    alive(&shop).await;
}

#[tokio::test]
async fn unknown_methods_are_not_allowed_and_told_what_is() {
    let shop = Shop::start().await;
    for (path, method) in [
        ("/users/", "BREW"),
        ("/users/", "TRACE"),
        ("/users/1/", "PROPFIND"),
        ("/users/", "PUT"),
        ("/api/verify/", "GET"),
        ("/orders/1/cancel/", "GET"),
        ("/api/user/1/", "HEAD"),
        ("/products/", "X-A-VERY-LONG-METHOD-THAT-NOBODY-KNOWS"),
        ("/api/orders/", "DELETE"),
    ] {
        let answer = shop.send(path, Request::new(method, path)).await;
        assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text());
        assert!(answer.header("allow").is_some_and(|allow| allow.contains("OPTIONS")), "{path}");
        if method != "HEAD" {
            let detail = format!("Method \"{method}\" not allowed.");
            assert_eq!(answer.json(), json!({ "detail": detail }));
        }
    }
    alive(&shop).await;
}

/// The body says what is wrong, as the recorded ones do: under `detail`, `error` or members' names.
fn clear(place: &str, answer: &Answer) {
    assert_eq!(answer.media_type(), "application/json", "{place}: {}", answer.text());
    let body = answer.json();
    let said = body.as_object().is_some_and(|members| {
        !members.is_empty()
            && members.iter().all(|(name, said)| match name.as_str() {
                "detail" | "error" | "message" => {
                    said.as_str().is_some_and(|text| !text.is_empty())
                }
                "valid" | "available" => *said == Value::Bool(false),
                _ => said.is_array() || said.is_object(),
            })
    });
    assert!(said, "{place}: {} {body}", answer.status);
}

/// It still works, and nothing was created.
async fn alive(shop: &Shop) {
    let users = shop.json("/users/").await;
    assert!(users.as_array().is_some_and(|users| users.len() <= 1), "{users}");
}

/// Bytes of memory that the process holds.
fn resident(shop: &Shop) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", shop.agora.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn an_order_of_more_units_than_a_shop_can_have_is_short_of_stock() {
    let shop = Shop::start().await;
    shop.stock_up(5).await;
    for quantity in ["6", "1000001", "2147483648", "18446744073709551616"] {
        let body = format!(
            r#"{{"user_id": 1, "shipping_address": "A",
                "items": [{{"product_id": 1, "quantity": {quantity}, "price": "5.00"}}]}}"#
        );
        let request = Request::new("POST", "/orders/").header("Content-Type", "application/json");
        let answer = shop.send("/orders/", request.body(body)).await;
        let expected = json!({"error": "Product 1 is not available or insufficient stock"});
        assert_eq!((answer.status, answer.json()), (400, expected), "{quantity}");
    }
    assert_eq!(shop.stock().await, 5);
}
