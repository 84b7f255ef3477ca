//! The subgraphs with their databases and background workers.

use super::DRAIN_TIME;
use super::data::{Opened, open};
use crate::cli::{Role, Serve};
use anyhow::Context;
use chassis::{Db, Peer, Subgraph};
use commerce::{Clock, SystemClock};
use order::{Orders, Peers};
use product::Catalogue;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// One subgraph that runs in this process.
pub(super) struct Part {
    pub(super) subgraph: Subgraph,
    pub(super) db: Db,
    /// The first start of its database has not ended yet.
    pub(super) fresh: bool,
}

/// What runs in the background until `stopping` is cancelled.
#[derive(Clone)]
pub(super) struct Background {
    pub(super) tasks: TaskTracker,
    pub(super) stopping: CancellationToken,
}

impl Background {
    pub(super) fn new(stopping: CancellationToken) -> Self {
        Self { tasks: TaskTracker::new(), stopping }
    }

    /// Waits until the process is told to stop, and then until every task has ended, for
    /// [`DRAIN_TIME`] at most: what has not ended by then is cut off.
    pub(super) async fn stopped(&self) {
        self.stopping.cancelled().await;
        self.tasks.close();
        if timeout(DRAIN_TIME, self.tasks.wait()).await.is_err() {
            tracing::warn!("Requests were still running after {DRAIN_TIME:?} and were cut off.");
        }
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

pub(super) async fn user(arguments: &Serve) -> anyhow::Result<Part> {
    let Opened { db, fresh } = open(arguments, user::NAME, &user::MIGRATIONS).await?;
    Ok(Part { subgraph: user::subgraph(db.clone(), clock()), db, fresh })
}

pub(super) async fn product(
    arguments: &Serve,
    inventory: Peer,
    background: &Background,
) -> anyhow::Result<Part> {
    let Opened { db, fresh } = open(arguments, product::NAME, &product::MIGRATIONS).await?;
    product::prepare_search(&db).await.context("cannot prepare the catalogue for searches")?;
    let catalogue = Catalogue::new(db.clone(), clock(), inventory);
    background.tasks.spawn(product::work(Arc::clone(&catalogue), background.stopping.clone()));
    Ok(Part { subgraph: product::subgraph(&catalogue), db, fresh })
}

pub(super) async fn inventory(arguments: &Serve, background: &Background) -> anyhow::Result<Part> {
    let Opened { db, fresh } = open(arguments, inventory::NAME, &inventory::MIGRATIONS).await?;
    let work = inventory::workers(db.clone(), clock(), background.stopping.clone());
    background.tasks.spawn(work);
    Ok(Part { subgraph: inventory::subgraph(db.clone(), clock()), db, fresh })
}

pub(super) async fn order(
    arguments: &Serve,
    peers: Peers,
    background: &Background,
) -> anyhow::Result<Part> {
    let Opened { db, fresh } = open(arguments, order::NAME, &order::MIGRATIONS).await?;
    let orders = Orders::new(db.clone(), clock(), peers);
    background.tasks.spawn(order::work(Arc::clone(&orders), background.stopping.clone()));
    Ok(Part { subgraph: order::subgraph(&orders), db, fresh })
}

/// All four, the order subgraph beside its peers.
pub(super) async fn all(arguments: &Serve, background: &Background) -> anyhow::Result<[Part; 4]> {
    let (user, inventory) = futures::try_join!(user(arguments), inventory(arguments, background))?;
    let stock = Peer::local(inventory.subgraph.clone());
    let product = product(arguments, stock, background).await?;
    let peers = Peers {
        user: Peer::local(user.subgraph.clone()),
        product: Peer::local(product.subgraph.clone()),
        inventory: Peer::local(inventory.subgraph.clone()),
    };
    let order = order(arguments, peers, background).await?;
    Ok([user, product, inventory, order])
}

/// The one that `role` names.
pub(super) async fn alone(arguments: &Serve, background: &Background) -> anyhow::Result<Part> {
    let peer =
        |name, url: &url::Url| Peer::remote(name, url.clone(), arguments.peer_secret.clone());
    let urls = &arguments.peers;
    match arguments.listen.role {
        Role::User => user(arguments).await,
        Role::Product => {
            let inventory = peer(inventory::NAME, &urls.inventory_url)?;
            product(arguments, inventory, background).await
        }
        Role::Inventory => inventory(arguments, background).await,
        Role::All | Role::Router | Role::Rest | Role::Order => {
            let peers = Peers {
                user: peer(user::NAME, &urls.user_url)?,
                product: peer(product::NAME, &urls.product_url)?,
                inventory: peer(inventory::NAME, &urls.inventory_url)?,
            };
            order(arguments, peers, background).await
        }
    }
}
