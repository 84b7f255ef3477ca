//! What can be changed.

use super::input::PlaceOrderInput;
use super::order::Order;
use super::payloads::{DeleteOrderPayload, OrderPayload, PlaceOrderPayload};
use super::status::OrderStatus;
use crate::{Error, Orders, commands, domain};
use async_graphql::{Context, ID, Object};
use chassis::graphql::refused;
use std::sync::Arc;

pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Checks the user, takes the prices of this moment, reserves the stock, and records the
    /// order: all of it or nothing.
    async fn place_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: PlaceOrderInput,
    ) -> Result<PlaceOrderPayload, Error> {
        let placed = commands::place_order(orders(ctx), input.into()).await;
        let (order, user_errors) = refused(placed)?;
        Ok(PlaceOrderPayload { order: order.map(Order), user_errors })
    }

    /// Moves an order along its life cycle. CANCELLED gives the stock back, exactly once. Naming
    /// the current status again changes nothing.
    async fn transition_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
        #[graphql(desc = "Where it goes.")] to: OrderStatus,
    ) -> Result<OrderPayload, Error> {
        payload(commands::transition_order(orders(ctx), &id, to.into()).await)
    }

    /// Cancels an order that is pending, confirmed or shipped and gives its stock back.
    async fn cancel_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
    ) -> Result<OrderPayload, Error> {
        payload(commands::cancel_order(orders(ctx), &id).await)
    }

    /// Sends an order elsewhere, whatever its status.
    async fn update_shipping_address(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
        #[graphql(desc = "Where it goes; not blank.")] shipping_address: String,
    ) -> Result<OrderPayload, Error> {
        payload(commands::update_shipping_address(orders(ctx), &id, &shipping_address).await)
    }

    /// Deletes the order; stock that it still holds is given back first.
    async fn delete_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
    ) -> Result<DeleteOrderPayload, Error> {
        let (deleted, user_errors) = refused(commands::delete_order(orders(ctx), &id).await)?;
        let deleted_order_id = deleted.map(|id| ID(id.to_string()));
        Ok(DeleteOrderPayload { deleted_order_id, user_errors })
    }
}

fn orders<'c>(ctx: &Context<'c>) -> &'c Orders {
    ctx.data_unchecked::<Arc<Orders>>()
}

fn payload(changed: Result<domain::Order, Error>) -> Result<OrderPayload, Error> {
    let (order, user_errors) = refused(changed)?;
    Ok(OrderPayload { order: order.map(Order), user_errors })
}
