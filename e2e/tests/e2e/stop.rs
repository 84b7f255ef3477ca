//! How it ends.

use crate::shop::Shop;
use crate::streams::Events;
use std::time::{Duration, Instant};
use testing::Agora;

/// Half of what something that runs is given: an idle Agora does not wait for anything.
const STOP_TIME: Duration = Duration::from_secs(5);

#[tokio::test]
async fn either_signal_ends_an_idle_agora_at_once_with_status_zero() {
    let mut agora = Agora::start().await;

    for signal in ["TERM", "INT"] {
        let asked = Instant::now();
        agora.signal(signal);
        let status = agora.ended().await;

        assert_eq!(status.code(), Some(0), "{signal}: {}", agora.output());
        assert!(asked.elapsed() < STOP_TIME, "{signal} took {:?}", asked.elapsed());
        agora.restart().await;
    }
}

#[tokio::test]
async fn an_open_subscription_does_not_hold_the_exit() {
    let mut shop = Shop::open().await;
    let user = shop.user("ann").await;
    let product = shop.product("Mug", "5.00", 9).await;
    let order = shop.order(&user, &[(&product, 1)]).await;
    let mut over_sse = Events::over_sse(&shop, &order).await;
    let mut over_websocket = Events::over_websocket(&shop, &order).await;

    let asked = Instant::now();
    let status = shop.agora.terminate().await;

    assert_eq!(status.code(), Some(0), "{}", shop.agora.output());
    assert!(asked.elapsed() < STOP_TIME, "it took {:?}", asked.elapsed());
    over_sse.end().await;
    over_websocket.end().await;
}

#[tokio::test]
async fn every_part_alone_ends_with_status_zero() {
    for role in ["user", "product", "inventory", "order", "router", "rest"] {
        let mut part = Agora::options().argument("--role").argument(role).start().await;

        let asked = Instant::now();
        let status = part.terminate().await;

        assert_eq!(status.code(), Some(0), "{role}: {}", part.output());
        assert!(asked.elapsed() < STOP_TIME, "{role} took {:?}", asked.elapsed());
    }
}
