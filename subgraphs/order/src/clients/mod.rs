//! Typed calls to the other subgraphs. The operations beside this file are checked against
//! `schema/api.graphql` when this crate is compiled.

mod inventory;
mod product;
mod user;

pub(crate) use inventory::{Reserved, StockAnswer};
pub(crate) use product::Offer;

use crate::Error;
use chassis::{CallError, Peer};

/// The subgraphs that placing an order needs. Cheap to clone.
#[derive(Clone)]
pub struct Peers {
    /// Who may order.
    pub user: Peer,
    /// What it is called and costs.
    pub product: Peer,
    /// Whether there is enough of it.
    pub inventory: Peer,
}

/// The scalar, for the generated types.
type Decimal = String;

fn failed(error: CallError) -> Error {
    tracing::warn!(cause = %error, "A call to another subgraph failed.");
    match error {
        CallError::Unavailable { peer, .. } => Error::PeerUnavailable(peer),
        CallError::Refused { .. } => Error::Peer(error.to_string()),
    }
}
