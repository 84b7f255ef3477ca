//! `Reservation` and its lines.

use super::{Loaders, int, loaders::LinesOf, product::Product};
use crate::{Error, domain};
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object};
use chassis::graphql::DateTime;

/// Where a reservation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ReservationStatus")]
pub(crate) enum ReservationStatus {
    /// The units are promised.
    Held,
    /// The units left the house.
    Fulfilled,
    /// The units were given back, or came back.
    Released,
    /// The units were given back because the reservation's time had passed.
    Expired,
}

/// A promise of units to one order.
pub(crate) struct Reservation(pub(crate) domain::Reservation);

/// A promise of units to one order.
#[Object]
impl Reservation {
    /// Identifies the reservation; a UUID that its caller chose.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Identifies the reservation among all entities of the shop, as Relay expects.
    #[graphql(shareable)]
    pub(super) async fn node_id(&self) -> ID {
        chassis::graphql::node_id("Reservation", self.0.id)
    }

    /// Where it stands.
    async fn status(&self) -> ReservationStatus {
        self.0.status.into()
    }

    /// What was promised, one line a product, also after it was given back. None when the
    /// reservation was released before it was made.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<ReservationLine>, Error> {
        let lines = match &self.0.lines {
            Some(lines) => lines.clone(),
            None => {
                let loaders = ctx.data_unchecked::<DataLoader<Loaders>>();
                loaders.load_one(LinesOf(self.0.id)).await?.unwrap_or_default()
            }
        };
        Ok(lines.into_iter().map(ReservationLine).collect())
    }

    /// When its units are given back unless they left the house by then; null is never.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime::from)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// So many units of one product.
pub(crate) struct ReservationLine(domain::Line);

/// So many units of one product.
#[Object]
impl ReservationLine {
    /// The product. Null when the product no longer exists.
    async fn product(&self) -> Option<Product> {
        Some(Product(self.0.product))
    }

    /// The id of the product, also after the product was deleted.
    async fn product_id(&self) -> ID {
        ID(self.0.product.to_string())
    }

    /// How many units.
    async fn quantity(&self) -> i32 {
        int(self.0.units)
    }
}
