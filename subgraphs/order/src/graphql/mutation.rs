//! What can be changed.

use super::input::{PlaceOrderInput, UpdateOrderInput};
use super::order::Order;
use super::payloads::{DeleteOrderPayload, OrderPayload, PlaceOrderPayload};
use super::status::OrderStatus;
use crate::commands::{self, UpdateOrder};
use crate::{Error, Orders, domain};
use async_graphql::{Context, ID, Object};
use chassis::graphql::{Replay, node_id, refused};
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
        let (placed, user_errors) = refused(placed)?;
        if placed.as_ref().is_some_and(|placed| placed.replayed) {
            Replay::mark(ctx);
        }
        let order = placed.map(|placed| Order(placed.order));
        Ok(PlaceOrderPayload { order, user_errors })
    }

    /// Changes an order: all of it or nothing. Fields left out stay as they are.
    async fn update_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateOrderInput,
    ) -> Result<OrderPayload, Error> {
        payload(commands::update_order(orders(ctx), &id, input.into()).await)
    }

    /// Moves an order along its life cycle. CANCELLED gives the stock back, exactly once. Naming
    /// the current status again changes nothing.
    async fn transition_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
        #[graphql(desc = "Where it goes.")] to: OrderStatus,
    ) -> Result<OrderPayload, Error> {
        let status = UpdateOrder { status: Some(to.into()), ..UpdateOrder::default() };
        payload(commands::update_order(orders(ctx), &id, status).await)
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
        let shipping_address = Some(shipping_address);
        let address = UpdateOrder { shipping_address, ..UpdateOrder::default() };
        payload(commands::update_order(orders(ctx), &id, address).await)
    }

    /// Deletes the order; stock that it still holds is given back first.
    async fn delete_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: ID,
    ) -> Result<DeleteOrderPayload, Error> {
        let (deleted, user_errors) = refused(commands::delete_order(orders(ctx), &id).await)?;
        let deleted_node_id = deleted.map(|id| node_id("Order", id));
        let deleted_order_id = deleted.map(|id| ID(id.to_string()));
        Ok(DeleteOrderPayload { deleted_order_id, deleted_node_id, user_errors })
    }
}

fn orders<'c>(ctx: &Context<'c>) -> &'c Orders {
    ctx.data_unchecked::<Arc<Orders>>()
}

fn payload(changed: Result<domain::Order, Error>) -> Result<OrderPayload, Error> {
    let (order, user_errors) = refused(changed)?;
    Ok(OrderPayload { order: order.map(Order), user_errors })
}
