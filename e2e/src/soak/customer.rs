//! A customer: does one thing after the other, at random, and keeps the book.

use super::client::{Client, Settled};
use super::model::{Book, Status};
use super::{History, PRICES, Totals, cost, operations as op, user_of};
use fastrand::Rng;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// What a customer asked for and has not learned the fate of.
enum Pending {
    Order { input: Value, lines: Vec<(i64, i64)> },
    Adjustment { input: Value, product: i64, delta: i64 },
}

pub(super) struct Customer {
    number: usize,
    random: Rng,
    client: Client,
    history: History,
    totals: Arc<Totals>,
    keys: u64,
    pending: Vec<Pending>,
    pub(super) book: Book,
}

impl Customer {
    pub(super) fn new(number: usize, seed: u64, client: Client, totals: Arc<Totals>) -> Self {
        let random = Rng::with_seed(seed.wrapping_add(number as u64 + 1));
        let (history, keys) = (totals.history.clone(), 0);
        let (pending, book) = (Vec::new(), Book::default());
        Self { number, random, client, history, totals, keys, pending, book }
    }

    /// Works until `end`, then learns the fate of everything that is open.
    pub(super) async fn work(mut self, end: Instant) -> Result<Book, String> {
        while Instant::now() < end {
            match self.random.u8(..100) {
                0..40 => self.place().await?,
                40..60 => self.advance().await?,
                60..72 => self.cancel().await?,
                72..77 => self.delete().await?,
                77..87 => self.adjust().await?,
                _ => self.read().await?,
            }
            self.totals.count(|totals| &totals.operations);
        }
        // Whatever was on its way has arrived by now: these answers are the last word.
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Order { input, lines } => {
                    let settled = self.client.settle(true, op::PLACE, &input).await?;
                    self.placed(settled, &input, lines)?;
                }
                Pending::Adjustment { input, product, delta } => {
                    let settled = self.client.settle(true, op::ADJUST, &input).await?;
                    self.adjusted(settled, &input, (product, delta))?;
                }
            }
        }
        self.pending.clear();
        Ok(self.book)
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("{}-{}", self.number, self.keys)
    }

    fn product(&mut self) -> i64 {
        self.random.i64(1..=PRICES.len() as i64)
    }

    /// One of its orders from which there is a way on.
    fn order(&mut self, open: impl Fn(Status) -> bool) -> Option<(i64, Status)> {
        let mut orders = self.book.orders.iter().map(|(id, bought)| (*id, bought.status));
        let found: Vec<_> = orders.by_ref().filter(|(_, status)| open(*status)).collect();
        self.random.choice(found)
    }

    async fn place(&mut self) -> Result<(), String> {
        let lines: Vec<(i64, i64)> = (0..self.random.usize(1..=3))
            .map(|_| (self.product(), self.random.i64(1..=4)))
            .collect();
        let line = |(product, quantity): &(i64, i64)| json!({ "productId": product.to_string(), "quantity": quantity });
        let input = json!({ "input": {
            "userId": user_of(self.number), "shippingAddress": "1 Main St",
            "lines": lines.iter().map(line).collect::<Vec<_>>(), "idempotencyKey": self.key(),
        } });
        match self.random.u8(..10) {
            // Hangs up, and asks again much later.
            0 => {
                let patience = Duration::from_millis(self.random.u64(1..40));
                self.client.hang_up(patience, op::PLACE, &input).await;
                self.history.note(&format!("{input} hung up"));
                self.totals.count(|totals| &totals.hung_up);
                self.pending.push(Pending::Order { input, lines });
                Ok(())
            }
            // Presses the button twice: both must hear of the same order.
            1 => {
                let (first, second) = tokio::join!(
                    self.client.settle(true, op::PLACE, &input),
                    self.client.settle(true, op::PLACE, &input)
                );
                let (first, second) = (first?, second?);
                let (one, two) =
                    (first.payload["order"]["id"].clone(), &second.payload["order"]["id"]);
                if !one.is_null() && !two.is_null() && one != *two {
                    return Err(format!("{input} became two orders, {one} and {two}"));
                }
                let either = if one.is_null() { second } else { first };
                self.placed(either, &input, lines)
            }
            _ => {
                let settled = self.client.settle(false, op::PLACE, &input).await?;
                self.placed(settled, &input, lines)
            }
        }
    }

    /// Books the order. A refusal after doubts is not the last word: an attempt that is still on
    /// its way may find stock.
    fn placed(
        &mut self,
        settled: Settled,
        input: &Value,
        lines: Vec<(i64, i64)>,
    ) -> Result<(), String> {
        self.history.note(&format!("{input} {} replayed {}", settled.payload, settled.replayed));
        match settled.refusal() {
            None => {
                let order = &settled.payload["order"];
                let id = id_of(&order["id"])?;
                let total = cost(&lines);
                if order["total"]["amount"] != json!(amount(total)) {
                    return Err(format!("{input} costs {} and not {total} cents", order["total"]));
                }
                if settled.replayed && !settled.doubtful {
                    return Err(format!("{input} was new, and answered as a replay"));
                }
                self.totals.count(|totals| &totals.orders);
                self.book.place(id, lines)
            }
            Some("INSUFFICIENT_STOCK") => {
                if settled.doubtful {
                    self.pending.push(Pending::Order { input: input.clone(), lines });
                }
                Ok(())
            }
            Some(_) => Err(format!("{input} was refused: {}", settled.payload)),
        }
    }

    async fn advance(&mut self) -> Result<(), String> {
        let Some((id, status)) = self.order(|status| !status.next().is_empty()) else {
            return Ok(());
        };
        let to = *self.random.choice(status.next()).unwrap_or(&status);
        let input = json!({ "id": id.to_string(), "to": to.word() });
        let settled = self.client.settle(false, op::MOVE, &input).await?;
        self.history.note(&format!("{input} {}", settled.payload));
        if settled.payload["order"]["status"] != json!(to.word()) {
            return Err(format!("{input} from {status:?} was answered with {}", settled.payload));
        }
        self.book.set_status(id, to);
        Ok(())
    }

    async fn cancel(&mut self) -> Result<(), String> {
        let open = |status: Status| status.next().contains(&Status::Cancelled);
        let Some((id, _)) = self.order(open) else { return Ok(()) };
        let input = json!({ "id": id.to_string() });
        let settled = self.client.settle(false, op::CANCEL, &input).await?;
        self.history.note(&format!("cancel {input} {}", settled.payload));
        match settled.refusal() {
            None => {}
            // The attempt whose answer was lost did it.
            Some("ILLEGAL_TRANSITION") if settled.doubtful => {}
            Some(_) => return Err(format!("cancelling {id} was refused: {}", settled.payload)),
        }
        self.book.set_status(id, Status::Cancelled);
        Ok(())
    }

    async fn delete(&mut self) -> Result<(), String> {
        let Some((id, _)) = self.order(|_| true) else { return Ok(()) };
        let input = json!({ "id": id.to_string() });
        let settled = self.client.settle(false, op::DELETE, &input).await?;
        self.history.note(&format!("delete {input} {}", settled.payload));
        match settled.refusal() {
            None => {}
            Some("NOT_FOUND") if settled.doubtful => {}
            Some(_) => return Err(format!("deleting {id} was refused: {}", settled.payload)),
        }
        self.book.delete(id);
        Ok(())
    }

    /// Units come in more often than they go out, so that there is something to sell.
    async fn adjust(&mut self) -> Result<(), String> {
        let (product, delta) = (self.product(), self.random.i64(-2..=12));
        let input = json!({ "input": {
            "productId": product.to_string(), "delta": delta, "idempotencyKey": self.key(),
        } });
        let settled = self.client.settle(false, op::ADJUST, &input).await?;
        self.adjusted(settled, &input, (product, delta))
    }

    fn adjusted(
        &mut self,
        settled: Settled,
        input: &Value,
        (product, delta): (i64, i64),
    ) -> Result<(), String> {
        self.history.note(&format!("{input} {}", settled.payload));
        match settled.refusal() {
            None => self.book.adjust(product, delta),
            Some("INSUFFICIENT_STOCK") => {
                if settled.doubtful {
                    let input = input.clone();
                    self.pending.push(Pending::Adjustment { input, product, delta });
                }
            }
            Some(_) => return Err(format!("{input} was refused: {}", settled.payload)),
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), String> {
        let Some((id, status)) = self.order(|_| true) else { return Ok(()) };
        let input = json!({ "id": id.to_string() });
        let order = self.client.settle(false, op::ORDER, &input).await?.payload;
        if order["status"] != json!(status.word()) {
            return Err(format!("order {id} must be {status:?} and is {order}"));
        }
        Ok(())
    }
}

pub(super) fn id_of(value: &Value) -> Result<i64, String> {
    let id = value.as_str().and_then(|id| id.parse().ok());
    id.ok_or_else(|| format!("{value} is no id"))
}

/// Cents as the graph writes them.
pub(super) fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
