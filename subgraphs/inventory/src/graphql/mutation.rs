//! What can be changed.

use super::payloads::{
    AdjustStockPayload, DeleteStockItemPayload, EndStockPayload, ReservationPayload,
    SetStockPayload,
};
use super::reservation::Reservation;
use super::stock_item::StockItem;
use crate::commands::{self, AdjustStock, ReserveLine, ReserveStock, SetStock};
use crate::{Error, Inventory, domain};
use async_graphql::{Context, ID, InputObject, Object};
use chassis::graphql::{DateTime, Replay, node_id, refused};
use commerce::ProductId;

/// How many units a product has. Exactly one of onHand and available.
#[derive(InputObject)]
pub(crate) struct SetStockInput {
    /// The id of the product. It is not checked that the catalogue has it, only that it was not
    /// deleted.
    product_id: ID,
    /// Units counted in the house; 0 to 2147483647, and not below what is reserved.
    on_hand: Option<i32>,
    /// Units that may still be promised: on hand becomes this plus what is reserved.
    available: Option<i32>,
    /// Only if on hand still is this; else CONFLICT. A product that was never stocked has 0.
    expected_on_hand: Option<i32>,
    /// What caused it; at most 255 characters.
    reference: Option<String>,
}

/// Units to add or to take.
#[derive(InputObject)]
pub(crate) struct AdjustStockInput {
    /// The id of the product. It is not checked that the catalogue has it, only that it was not
    /// deleted.
    product_id: ID,
    /// Adds so many, or takes them when negative.
    delta: i32,
    /// What caused it; at most 255 characters.
    reference: Option<String>,
    /// The caller's name for this adjustment, 1 to 255 characters; one name in the whole shop. With
    /// it, repeating is safe: for 24 hours at least, the same key with the same input counts once
    /// and answers with extensions.idempotentReplay, with another input with IDEMPOTENCY_CONFLICT.
    idempotency_key: Option<String>,
}

/// What is to be promised.
#[derive(InputObject)]
pub(crate) struct ReserveStockInput {
    /// A UUID, chosen by the caller; also the idempotency key.
    id: ID,
    /// 1 to 100 lines; lines of one product are added up.
    lines: Vec<ReservationLineInput>,
    /// When the units are given back unless they left the house by then; never when left out.
    expires_at: Option<DateTime>,
}

/// So many units of one product.
#[derive(InputObject)]
pub(crate) struct ReservationLineInput {
    /// The product.
    product_id: ID,
    /// 1 to 1000000 units.
    quantity: i32,
}

pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Counts: the product now has this many units on hand. With expectedOnHand, only if it still
    /// had that many.
    async fn set_stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was counted.")] input: SetStockInput,
    ) -> Result<SetStockPayload, Error> {
        let input = SetStock {
            product_id: input.product_id.0,
            on_hand: input.on_hand.map(i64::from),
            available: input.available.map(i64::from),
            expected_on_hand: input.expected_on_hand.map(i64::from),
            reference: input.reference,
        };
        let (item, user_errors) = refused(commands::set_stock(inventory(ctx), input).await)?;
        Ok(SetStockPayload { stock_item: item.map(StockItem), user_errors })
    }

    /// Adds (positive) or takes (negative) units. The same idempotencyKey never counts twice.
    async fn adjust_stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to add or to take.")] input: AdjustStockInput,
    ) -> Result<AdjustStockPayload, Error> {
        let input = AdjustStock {
            product_id: input.product_id.0,
            delta: i64::from(input.delta),
            reference: input.reference,
            idempotency_key: input.idempotency_key,
        };
        let adjusted = commands::adjust_stock(inventory(ctx), input).await;
        let (adjusted, user_errors) = refused(adjusted)?;
        if adjusted.as_ref().is_some_and(|adjusted| adjusted.replayed) {
            Replay::mark(ctx);
        }
        let item = adjusted.and_then(|adjusted| adjusted.item);
        Ok(AdjustStockPayload { stock_item: item.map(StockItem), user_errors })
    }

    /// Forgets a stock item that has no units reserved; what it had on hand is written off.
    async fn delete_stock_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stock item's id, not the product's.")] id: ID,
    ) -> Result<DeleteStockItemPayload, Error> {
        let deleted = commands::delete_stock_item(inventory(ctx), &id).await;
        let (deleted, user_errors) = refused(deleted)?;
        let deleted_node_id = deleted.map(|id| node_id("StockItem", id));
        let deleted_stock_item_id = deleted.map(|id| ID(id.to_string()));
        Ok(DeleteStockItemPayload { deleted_stock_item_id, deleted_node_id, user_errors })
    }

    /// Ends the stock of products that were deleted: the units that are not reserved are removed,
    /// and the stock cannot be set again. Reserved units stay until they are shipped or released.
    /// Idempotent. `deleteProduct` and `deleteCategory` do it by themselves.
    async fn end_stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids of the products. At most 100.")] product_ids: Vec<ID>,
    ) -> Result<EndStockPayload, Error> {
        let products: Vec<String> = product_ids.into_iter().map(|id| id.0).collect();
        let (ended, user_errors) = refused(commands::end_stock(inventory(ctx), &products).await)?;
        let ids = |ended: Vec<ProductId>| ended.iter().map(|id| ID(id.to_string())).collect();
        Ok(EndStockPayload { ended_product_ids: ended.map(ids), user_errors })
    }

    /// Promises every line or none. The same id with the same lines answers the same. An id that
    /// is no longer held reserves nothing: look at the status.
    async fn reserve_stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be promised.")] input: ReserveStockInput,
    ) -> Result<ReservationPayload, Error> {
        let line = |line: ReservationLineInput| ReserveLine {
            product_id: line.product_id.0,
            quantity: i64::from(line.quantity),
        };
        let input = ReserveStock {
            id: input.id.0,
            lines: input.lines.into_iter().map(line).collect(),
            expires_at: input.expires_at.map(|DateTime(instant)| instant),
        };
        payload(commands::reserve_stock(inventory(ctx), input).await)
    }

    /// Gives the units back; of a fulfilled reservation, the goods came back. Any number of times,
    /// one effect. A reservation released before it was made can never be made.
    async fn release_reservation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reservation's id.")] id: ID,
    ) -> Result<ReservationPayload, Error> {
        payload(commands::release_reservation(inventory(ctx), &id).await)
    }

    /// The units leave the house: on hand and reserved both fall. Any number of times, one effect.
    async fn fulfil_reservation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reservation's id.")] id: ID,
    ) -> Result<ReservationPayload, Error> {
        payload(commands::fulfil_reservation(inventory(ctx), &id).await)
    }
}

fn inventory<'c>(ctx: &Context<'c>) -> &'c Inventory {
    ctx.data_unchecked::<Inventory>()
}

fn payload(outcome: Result<domain::Reservation, Error>) -> Result<ReservationPayload, Error> {
    let (reservation, user_errors) = refused(outcome)?;
    Ok(ReservationPayload { reservation: reservation.map(Reservation), user_errors })
}
