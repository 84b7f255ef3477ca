//! What the order subgraph asks the inventory subgraph.

use super::{Peers, failed};
use crate::Error;
use crate::domain::{EffectKind, WantedLine};
use chassis::graphql::{UserError, UserErrorCode};
use commerce::ProductId;
use graphql_client::GraphQLQuery;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/inventory.graphql")]
struct Reserve;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/inventory.graphql")]
struct Release;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/inventory.graphql")]
struct Fulfil;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/inventory.graphql")]
struct Stock;

/// What became of a reservation that was asked for.
pub(crate) enum Reserved {
    /// Every unit is promised.
    Held,
    /// Nothing is promised, and why: the caller can put it right.
    Refused(Vec<UserError>),
    /// It had been released before it was made: somebody gave up on it.
    Released,
}

/// What the inventory said to an effect.
pub(crate) enum StockAnswer {
    /// It is so now, or was already.
    Done,
    /// It cannot be.
    Refused(String),
}

impl Peers {
    /// Promises every line or none.
    pub(crate) async fn reserve(
        &self,
        reservation: Uuid,
        lines: &[WantedLine],
    ) -> Result<Reserved, Error> {
        let line = |line: &WantedLine| reserve::ReservationLineInput {
            product_id: line.product_id.to_string(),
            quantity: line.quantity.get(),
        };
        let variables = reserve::Variables {
            id: reservation.to_string(),
            lines: lines.iter().map(line).collect(),
        };
        let data = self.inventory.call::<Reserve>(variables).await.map_err(failed)?;
        let answer = data.reserve_stock;
        if !answer.user_errors.is_empty() {
            return answer
                .user_errors
                .into_iter()
                .map(refusal)
                .collect::<Result<_, _>>()
                .map(Reserved::Refused);
        }
        match answer.reservation.map(|reservation| reservation.status) {
            Some(reserve::ReservationStatus::HELD) => Ok(Reserved::Held),
            Some(_) => Ok(Reserved::Released),
            None => Err(Error::Peer("the inventory answered neither yes nor no".to_owned())),
        }
    }

    /// How many units of each of `ids` (at most [`crate::domain::MAX_LINES`]) are available; a
    /// product that was never stocked is left out.
    pub(crate) async fn available(
        &self,
        ids: &[ProductId],
    ) -> Result<HashMap<ProductId, i64>, Error> {
        let variables = stock::Variables {
            ids: ids.iter().map(ProductId::to_string).collect(),
            first: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        };
        let data = self.inventory.call::<Stock>(variables).await.map_err(failed)?;
        let available = |item: stock::StockStockItemsNodes| {
            Some((item.product?.id.parse().ok()?, item.available))
        };
        Ok(data.stock_items.nodes.into_iter().filter_map(available).collect())
    }

    /// Tells the inventory what happened to an order. May be said any number of times.
    pub(crate) async fn tell(
        &self,
        reservation: Uuid,
        kind: EffectKind,
    ) -> Result<StockAnswer, Error> {
        let id = reservation.to_string();
        let refused: Option<String> = match kind {
            EffectKind::Release => {
                let variables = release::Variables { id };
                let data = self.inventory.call::<Release>(variables).await.map_err(failed)?;
                data.release_reservation.user_errors.into_iter().next().map(|error| error.message)
            }
            EffectKind::Fulfil => {
                let variables = fulfil::Variables { id };
                let data = self.inventory.call::<Fulfil>(variables).await.map_err(failed)?;
                data.fulfil_reservation.user_errors.into_iter().next().map(|error| error.message)
            }
        };
        Ok(refused.map_or(StockAnswer::Done, StockAnswer::Refused))
    }
}

/// The inventory's `lines.N.…` are the order's: both lists are the same.
fn refusal(error: reserve::ReserveReserveStockUserErrors) -> Result<UserError, Error> {
    let code = match error.code {
        reserve::UserErrorCode::INSUFFICIENT_STOCK => UserErrorCode::InsufficientStock,
        reserve::UserErrorCode::CONFLICT => UserErrorCode::Conflict,
        reserve::UserErrorCode::OUT_OF_RANGE => UserErrorCode::OutOfRange,
        _ => return Err(Error::Peer(format!("the inventory refused: {}", error.message))),
    };
    Ok(UserError { code, field: error.field, message: error.message })
}
