//! Placing an order: every step is recorded before it is taken.
//!
//! 1. Check the input; a key that was used before answers with its order.
//! 2. Ask who orders and what it costs now, both at once.
//! 3. Record the placement (`started`).
//! 4. Reserve the stock under the placement's id.
//! 5. In one transaction: the placement becomes `placed`; order, lines and first event are there.
//!
//! When 4 says no, the placement is aborted. When 4 or 5 fail in any other way, it is aborted and,
//! in the same transaction, a release of whatever was reserved is recorded. When this process dies
//! in between, the sweeper does the same.

use super::record_placement::{self, Attempt};
use super::{refused, settle};
use crate::clients::{Offer, Reserved};
use crate::domain::{
    EffectKind, MAX_LINES, NewLine, Order, OrderStatus, PlacementStatus, WantedLine,
    idempotency_key, request_hash, shipping_address, total,
};
use crate::store::{self, order::NewOrder};
use crate::{Error, Orders};
use chassis::graphql::{Faults, UserError, UserErrorCode};
use chassis::step;
use commerce::{Money, ProductId, Quantity, UserId};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// An order as a client asks for it.
pub(crate) struct PlaceOrder {
    pub(crate) user_id: String,
    pub(crate) shipping_address: String,
    /// Product id and quantity.
    pub(crate) lines: Vec<(String, i64)>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) expected_total: Option<String>,
}

/// What an attempt came to.
pub(crate) struct Placed {
    pub(crate) order: Order,
    /// An earlier request with the same key placed it, and this one nothing.
    pub(crate) replayed: bool,
}

impl Placed {
    const fn now(order: Order) -> Self {
        Self { order, replayed: false }
    }

    const fn before(order: Order) -> Self {
        Self { order, replayed: true }
    }
}

/// A request that obeys every rule that needs no question to others.
pub(super) struct Request {
    pub(super) user_id: UserId,
    pub(super) shipping_address: String,
    pub(super) lines: Vec<WantedLine>,
    pub(super) idempotency_key: Option<String>,
    pub(super) hash: String,
    expected_total: Option<Money>,
}

/// # Errors
/// [`Error::Refused`]: faults of the input, `NOT_FOUND` for user or product, `PRICE_CHANGED`,
/// `OUT_OF_RANGE` for the total, `INSUFFICIENT_STOCK`, `CONFLICT`, `IDEMPOTENCY_CONFLICT`,
/// `NOT_FOUND` for the key of an order that was deleted.
/// [`Error::Crowded`]: too many others are at it. [`Error::PeerUnavailable`]: nothing was placed,
/// and what was reserved is given back.
pub(crate) async fn place_order(orders: &Orders, input: PlaceOrder) -> Result<Placed, Error> {
    let request = checked(input)?;
    let _turn = orders.turns.take().await?;
    if let Some(order) = record_placement::earlier_order(orders, &request).await? {
        return Ok(Placed::before(order));
    }
    let lines = priced(orders, &request).await?;
    let total = agreed_total(&lines, request.expected_total)?;

    let reservation = match step!("place/start", record_placement::start(orders, &request))? {
        Attempt::Started(reservation) => reservation,
        Attempt::Placed(order) => return Ok(Placed::before(order)),
    };
    match step!("place/reserve", orders.peers.reserve(reservation, &request.lines)) {
        Ok(Reserved::Held) => {}
        Ok(Reserved::Refused(errors)) => {
            step!("place/refuse", record_placement::abort(orders, reservation, None))?;
            return Err(Error::Refused(errors));
        }
        Ok(Reserved::Released) => return give_up(orders, reservation, given_up()).await,
        Err(error) => return give_up(orders, reservation, error).await,
    }
    let new = NewOrder {
        user_id: request.user_id,
        total,
        shipping_address: request.shipping_address,
        reservation_id: reservation,
    };
    match step!("place/record", record(orders, new, lines)) {
        Ok(order) => Ok(Placed::now(order)),
        Err(error) => give_up(orders, reservation, error).await,
    }
}

fn checked(input: PlaceOrder) -> Result<Request, Error> {
    let mut faults = Faults::default();
    let user_id = faults.check("userId", input.user_id.parse::<UserId>());
    let address = faults.check("shippingAddress", shipping_address(&input.shipping_address));
    let key = input.idempotency_key.as_deref().map(idempotency_key);
    let idempotency_key = faults.check_given("idempotencyKey", key);
    let expected_total = input.expected_total.map(|total| total.parse::<Money>());
    let expected_total = faults.check_given("expectedTotal", expected_total);
    let lines = match input.lines.len() {
        0 => {
            faults.add(UserErrorCode::Blank, "lines", "lines: an order has at least one line");
            Vec::new()
        }
        1..=MAX_LINES => checked_lines(&mut faults, &input.lines),
        _ => {
            let message = format!("lines: an order has at most {MAX_LINES} lines");
            faults.add(UserErrorCode::TooLong, "lines", message);
            Vec::new()
        }
    };
    let request = faults.finish(|| {
        let (user_id, shipping_address) = (user_id?, address?);
        let hash = request_hash(user_id, &shipping_address, &lines, expected_total);
        Some(Request { user_id, shipping_address, lines, idempotency_key, hash, expected_total })
    })?;
    Ok(request)
}

fn checked_lines(faults: &mut Faults, lines: &[(String, i64)]) -> Vec<WantedLine> {
    let checked = lines.iter().enumerate().filter_map(|(index, (product, quantity))| {
        let product_id = faults.check(&format!("lines.{index}.productId"), product.parse());
        let quantity = Quantity::try_from(*quantity);
        let quantity = faults.check(&format!("lines.{index}.quantity"), quantity);
        Some(WantedLine { product_id: product_id?, quantity: quantity? })
    });
    checked.collect()
}

/// Asks the user and the product subgraph at the same time. An unknown user is reported first.
async fn priced(orders: &Orders, request: &Request) -> Result<Vec<NewLine>, Error> {
    let mut products: Vec<ProductId> = request.lines.iter().map(|line| line.product_id).collect();
    products.sort_unstable();
    products.dedup();
    let exists = orders.peers.user_exists(request.user_id);
    let (exists, offers) =
        step!("place/ask", futures::future::join(exists, orders.peers.offers(&products)));
    if !exists? {
        let message = format!("user {} does not exist", request.user_id);
        return Err(refused(UserErrorCode::NotFound, "userId", message));
    }
    let offers = offers?;
    let line = |WantedLine { product_id, quantity }: &WantedLine| {
        let offer = offers.get(product_id)?;
        Some(NewLine {
            product_id: *product_id,
            product_name: offer.name.clone(),
            quantity: *quantity,
            unit_price: offer.price,
        })
    };
    match request.lines.iter().map(line).collect() {
        Some(lines) => Ok(lines),
        None => {
            let available = orders.peers.available(&products).await?;
            Err(Error::Refused(impossible_lines(&request.lines, &offers, &available)))
        }
    }
}

/// Every line that cannot be had, not only those whose product is unknown: whoever asks learns it
/// all at once.
fn impossible_lines(
    lines: &[WantedLine],
    offers: &HashMap<ProductId, Offer>,
    available: &HashMap<ProductId, i64>,
) -> Vec<UserError> {
    let mut wanted: HashMap<ProductId, i64> = HashMap::new();
    for line in lines {
        *wanted.entry(line.product_id).or_default() += line.quantity.get();
    }
    let fault = |(index, WantedLine { product_id, .. }): (usize, &WantedLine)| {
        let left = available.get(product_id).copied().unwrap_or(0);
        if !offers.contains_key(product_id) {
            let path = format!("lines.{index}.productId");
            let message = format!("product {product_id} does not exist or is not for sale");
            return Some(UserError::at(UserErrorCode::NotFound, &path, message));
        }
        (wanted[product_id] > left).then(|| {
            let path = format!("lines.{index}.quantity");
            let message = format!("product {product_id} has {left} units available");
            UserError::at(UserErrorCode::InsufficientStock, &path, message)
        })
    };
    lines.iter().enumerate().filter_map(fault).collect()
}

fn agreed_total(lines: &[NewLine], expected: Option<Money>) -> Result<Money, Error> {
    let total = total(lines).ok_or_else(|| {
        let message = format!("the total is greater than {}", Money::MAX);
        Error::Refused(vec![UserError::whole(UserErrorCode::OutOfRange, message)])
    })?;
    match expected {
        Some(expected) if expected != total => {
            let message = format!("the total is {total}, not {expected}");
            Err(refused(UserErrorCode::PriceChanged, "expectedTotal", message))
        }
        _ => Ok(total),
    }
}

/// Step 5. Fails when somebody aborted the placement meanwhile.
async fn record(orders: &Orders, new: NewOrder, lines: Vec<NewLine>) -> Result<Order, Error> {
    let now = orders.clock.now();
    let work = Arc::new((new, lines));
    orders
        .db
        .write(move |tx| {
            let work = Arc::clone(&work);
            Box::pin(async move {
                let (new, lines) = &*work;
                let (placement, placed) = (new.reservation_id, PlacementStatus::Placed);
                if !store::placement::end(tx, placement, placed).await? {
                    return Err(given_up());
                }
                let mut order = store::order::insert(tx, new, now).await?;
                order.lines = Some(store::line::insert(tx, order.id, lines).await?);
                store::event::append(tx, order.id, OrderStatus::Pending, now).await?;
                Ok(order)
            })
        })
        .await
}

/// Aborts, gives back what may have been reserved, and reports `error`. When even that cannot be
/// recorded, the placement stays `started` and the sweeper finds it.
async fn give_up(orders: &Orders, reservation: Uuid, error: Error) -> Result<Placed, Error> {
    let release = Some(EffectKind::Release);
    let aborted = step!("place/give up", record_placement::abort(orders, reservation, release))?;
    if aborted {
        settle(orders, reservation).await;
        return Err(error);
    }
    // The commit may have come through although its answer did not: the placement row knows.
    match store::order::by_reservation(&orders.db, reservation).await? {
        Some(order) => Ok(Placed::now(order)),
        None => Err(error),
    }
}

pub(crate) fn given_up() -> Error {
    let message = "placing the order took too long and was given up; try again";
    Error::Refused(vec![UserError::whole(UserErrorCode::Conflict, message)])
}
