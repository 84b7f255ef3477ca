//! Many clients at once: exactly one winner, and counts that are exact.

use crate::shop::{Shop, order};
use e2e::http::Answer;
use futures::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn two_hundred_decreases_at_once_all_count() {
    Shop::on_both(async |shop| {
        shop.stock_up(1000).await;
        let one = json!({"product_id": 1, "quantity": 1, "operation": "decrease"});
        let answers = at_once(200, || shop.post("/api/update-stock/", &one)).await;
        let refused = answers.iter().find(|answer| answer.status != 200);
        assert!(refused.is_none(), "{refused:?}\n{}", shop.agora.output());
        assert_eq!(shop.stock().await, 800);
    })
    .await;
}

#[tokio::test]
async fn one_of_eight_cancels_of_an_order_succeeds() {
    Shop::on_both(async |shop| {
        shop.stock_up(10).await;
        shop.posted("/orders/", &order(4), 201).await;
        assert_eq!(shop.stock().await, 6);
        let nothing = json!({});
        let answers = at_once(8, || shop.post("/orders/1/cancel/", &nothing)).await;
        assert_eq!(with(&answers, 200).len(), 1);
        let refusal = json!({"error": "Cannot cancel order with status: cancelled"});
        assert_eq!(with(&answers, 400), vec![refusal; 7]);
        assert_eq!(shop.stock().await, 10);
    })
    .await;
}

#[tokio::test]
async fn one_of_twenty_creations_of_a_user_name_succeeds() {
    Shop::on_both(async |shop| {
        let user = json!({"username": "jane", "password": "secret"});
        let answers = at_once(20, || shop.post("/users/", &user)).await;
        assert_eq!(with(&answers, 201).len(), 1);
        let refusal = json!({"username": ["A user with that username already exists."]});
        assert_eq!(with(&answers, 400), vec![refusal; 19]);
        assert_eq!(shop.json("/users/").await.as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn forty_orders_at_once_sell_the_ten_that_are_there() {
    Shop::on_both(async |shop| {
        shop.stock_up(10).await;
        let one = order(1);
        let answers = at_once(40, || shop.post("/orders/", &one)).await;
        assert_eq!(with(&answers, 201).len(), 10);
        let refusal = json!({"error": "Product 1 is not available or insufficient stock"});
        assert_eq!(with(&answers, 400), vec![refusal; 30]);
        assert_eq!(shop.stock().await, 0);
        assert_eq!(shop.json("/orders/").await.as_array().map(Vec::len), Some(10));
    })
    .await;
}

async fn at_once<F: Future<Output = Answer>>(count: usize, request: impl Fn() -> F) -> Vec<Answer> {
    join_all((0..count).map(|_| request())).await
}

/// The bodies of the answers with `status`.
fn with(answers: &[Answer], status: u16) -> Vec<Value> {
    answers.iter().filter(|answer| answer.status == status).map(Answer::json).collect()
}
