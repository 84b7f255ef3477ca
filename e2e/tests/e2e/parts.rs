//! The parts as processes of their own.

use crate::replays::assert_replays;
use crate::shop::{PLACE, Shop, order_input};
use serde_json::{Value, json};
use testing::Agora;
use testing::agora::Options;

const SECRET: &str = "what only the parts know";
/// Everything that needs more than one subgraph.
const WALK: &str = "{ users { nodes { username orders { totalCount nodes { status total { amount }
    user { username profile { phone } }
    lines { quantity product { name category { name } availableQuantity stockItem { reserved } } }
} } } } }";

fn part(role: &str) -> Options {
    let options = Agora::options().argument("--role").argument(role);
    options.variable("AGORA_PEER_SECRET", SECRET)
}

/// The four subgraphs, in the order of `NAMES`.
struct Subgraphs([Agora; 4]);

const NAMES: [&str; 4] = ["user", "product", "inventory", "order"];

impl Subgraphs {
    async fn start() -> Self {
        let (user, product, inventory) =
            tokio::join!(part("user").start(), part("product").start(), part("inventory").start());
        let order = part("order")
            .variable("AGORA_USER_URL", user.url())
            .variable("AGORA_PRODUCT_URL", product.url())
            .variable("AGORA_INVENTORY_URL", inventory.url());
        Self([user, product, inventory, order.start().await])
    }

    /// A router in front of them, with the sample data loaded through it.
    async fn router(&self) -> Shop {
        Shop::from(self.router_options()).await
    }

    fn router_options(&self) -> Options {
        let flags = NAMES.map(|name| format!("--{name}-url"));
        let mut router = part("router").sample_data().argument("--sample-data");
        for (flag, subgraph) in flags.iter().zip(&self.0) {
            router = router.argument(flag).argument(subgraph.url());
        }
        router
    }
}

#[tokio::test]
async fn the_parts_answer_as_the_whole_does() {
    let whole = Shop::from(Agora::options().sample_data()).await;
    let mut subgraphs = Subgraphs::start().await;
    let router = subgraphs.router().await;

    let expected = whole.data(WALK, json!({})).await;
    assert_eq!(router.data(WALK, json!({})).await, expected);
    assert_eq!(expected["users"]["nodes"][0]["orders"]["nodes"][0]["lines"][0]["quantity"], 1);
    for shop in [&whole, &router] {
        let order = shop.order("1", &[("1", 2), ("5", 1)]).await;
        shop.move_to(&order, "SHIPPED").await;
        assert_eq!(shop.stock("1").await, (48, 1, 47));
        assert_eq!(shop.stock("5").await, (199, 3, 196));
    }

    let [.., inventory, _] = &mut subgraphs.0;
    inventory.terminate().await;
    let stock = r#"{ product(id: "1") { name stockItem { onHand } } user(id: "1") { username } }"#;
    let partial = router.agora.graphql(stock, json!({})).await;
    assert_eq!(
        partial["data"],
        json!({ "product": { "name": "iPhone 15", "stockItem": null },
            "user": { "username": "john_doe" } })
    );
    assert_eq!(partial["errors"][0]["extensions"]["code"], "SUBGRAPH_UNAVAILABLE", "{partial}");
    let input = order_input("1", &[("1", 1)], json!({}));
    let refused = router.agora.graphql(PLACE, json!({ "input": input })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "SUBGRAPH_UNAVAILABLE", "{refused}");
    assert_eq!(router.order_count().await, 3);
}

#[tokio::test]
async fn a_repeated_request_is_told_so_across_the_parts() {
    let subgraphs = Subgraphs::start().await;
    let router = subgraphs.router().await;
    let rest = part("rest").variable("AGORA_ROUTER_URL", router.agora.url()).start().await;

    assert_replays(&router, &rest).await;
}

/// In one process, and with the REST interface apart.
#[tokio::test]
async fn rest_needs_no_place_in_the_manifest_of_trusted_documents() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = directory.path().join("manifest.json");
    std::fs::write(&manifest, r#"{ "abc": "{ __typename }" }"#).unwrap();
    let trusting = |options: Options| {
        let manifest = manifest.to_str().unwrap();
        options
            .argument("--trusted-documents")
            .argument(manifest)
            .argument("--trusted-documents-only")
    };
    let whole = trusting(Agora::options().sample_data()).start().await;
    let subgraphs = Subgraphs::start().await;
    let router = trusting(subgraphs.router_options()).start().await;
    let rest = part("rest").variable("AGORA_ROUTER_URL", router.url()).start().await;

    for (router, rest) in [(&whole, &whole), (&router, &rest)] {
        let url = format!("{}/products/1/", rest.rest_url("product"));
        let product: Value = rest.client().get(url).send().await.unwrap().json().await.unwrap();
        assert_eq!(product["name"], "iPhone 15", "{product}");
        let order = json!({ "user_id": 1, "shipping_address": "x",
            "items": [{ "product_id": 1, "quantity": 1, "price": "1" }] });
        let url = format!("{}/orders/", rest.rest_url("order"));
        let placed = rest.client().post(url).json(&order).send().await.unwrap();
        assert_eq!(placed.status(), 201);
        let answer = router.graphql("{ products { totalCount } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "TRUSTED_DOCUMENT_REQUIRED");
    }
}

/// What a page of another site can send without the browser asking first.
#[tokio::test]
async fn a_subgraph_takes_json_only() {
    let subgraph = Agora::options().argument("--role").argument("product").start().await;
    let create = json!({ "query": "mutation { createCategory(input: { name: \"x\" }) { category { id } } }" });
    let types =
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"];
    for media_type in types.into_iter().map(Some).chain([None]) {
        let mut post = subgraph.client().post(subgraph.url()).body(create.to_string());
        if let Some(media_type) = media_type {
            post = post.header("content-type", media_type);
        }
        let response = post.header("origin", "http://evil.example").send().await.unwrap();
        assert_eq!(response.status(), 415, "{media_type:?}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNSUPPORTED_CONTENT_TYPE");
    }
    let json = subgraph
        .client()
        .post(subgraph.url())
        .header("content-type", "Application/JSON; charset=utf-8");
    let count = json!({ "query": "{ categories { totalCount } }" }).to_string();
    let answer: Value = json.body(count).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["categories"]["totalCount"], 0);
}

#[tokio::test]
async fn a_subgraph_answers_only_who_knows_the_secret() {
    for role in NAMES {
        let subgraph = part(role).start().await;
        let ask = |secret: Option<&'static str>| {
            let operation = json!({ "query": "{ __typename }" });
            let mut post = subgraph.client().post(subgraph.url()).json(&operation);
            if let Some(secret) = secret {
                post = post.header("x-agora-secret", secret);
            }
            async move {
                let response = post.send().await.unwrap();
                let status = response.status().as_u16();
                (status, response.json::<Value>().await.unwrap())
            }
        };

        for secret in [None, Some("a guess"), Some("")] {
            let (status, answer) = ask(secret).await;
            assert_eq!(status, 401, "{role}: {answer}");
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
            assert_eq!(answer.get("data"), None);
        }
        let (status, answer) = ask(Some(SECRET)).await;
        assert_eq!((status, answer), (200, json!({ "data": { "__typename": "Query" } })));
    }
}
