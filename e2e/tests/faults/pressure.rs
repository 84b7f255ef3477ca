//! More work than can be done: refused at once, in bounded memory, while reads go on.

use crate::ground::Lock;
use crate::shop::{DEADLINE, Shop, assert_unavailable};
use e2e::http::Answer;
use futures::StreamExt;
use futures::stream;
use std::time::{Duration, Instant};
use testing::{Agora, wait_until};

/// Writes thrown at a shop that cannot write.
const WRITES: usize = 2_000;
/// Of which so many at the same time.
const CLIENTS: usize = 200;
/// How long a refusal may take.
const AT_ONCE: Duration = Duration::from_millis(100);
/// What those writes may add to the process for good, in KiB: far less than one page of each.
const GROWTH_KIB: u64 = 48 * 1024;

#[tokio::test]
async fn a_stalled_writer_refuses_at_once_in_bounded_memory_while_reads_go_on() {
    let shop = &Shop::open(Agora::options()).await;
    let orders = shop.order_count().await;
    let lock = Lock::take(&shop.agora.data_dir().join("order.db")).await;
    // The first who write wait for the lock; then the stall is noticed.
    wait_until(DEADLINE, || async { timed(shop).await.1 < AT_ONCE }).await;
    flood(shop, CLIENTS).await;
    let before = resident_kib(shop);

    let (refusals, reads) = tokio::join!(flood(shop, WRITES), reading(shop));

    let mut times: Vec<_> = refusals.iter().map(|(_, time)| *time).collect();
    times.sort();
    println!("{:?} median, {:?} longest; reads {reads:?}", times[times.len() / 2], times.last());
    for (answer, _) in &refusals {
        assert_unavailable(answer);
    }
    let growth = resident_kib(shop).saturating_sub(before);
    assert!(growth < GROWTH_KIB, "grew by {growth} KiB");

    // One after the other, so that the machine is not busy with the others.
    let mut times = Vec::new();
    for _ in 0..21 {
        let (answer, time) = timed(shop).await;
        assert_unavailable(&answer);
        times.push(time);
        shop.assert_readable().await;
    }
    times.sort();
    assert!(times[times.len() / 2] < AT_ONCE, "{times:?}");

    lock.release().await;
    wait_until(DEADLINE, || async { shop.rest_order().await.status == 201 }).await;
    shop.assert_settles_at(orders + 1).await;
    shop.assert_verified(&[]).await;
}

async fn timed(shop: &Shop) -> (Answer, Duration) {
    let start = Instant::now();
    (shop.rest_order().await, start.elapsed())
}

async fn flood(shop: &Shop, writes: usize) -> Vec<(Answer, Duration)> {
    stream::iter((0..writes).map(|_| timed(shop))).buffer_unordered(CLIENTS).collect().await
}

/// The longest of some reads beside a flood.
async fn reading(shop: &Shop) -> Duration {
    let mut longest = Duration::ZERO;
    for _ in 0..20 {
        let start = Instant::now();
        shop.assert_readable().await;
        longest = longest.max(start.elapsed());
    }
    longest
}

fn resident_kib(shop: &Shop) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", shop.agora.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
