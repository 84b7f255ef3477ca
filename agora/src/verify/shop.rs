//! The databases that hold stock, orders and money.

use crate::cli::Verify;
use crate::storage::Place;
use anyhow::Context;
use chassis::Db;
use chassis::db::Access;
use sqlx::migrate::Migrator;
use tokio::sync::OnceCell;

/// Both databases, as they are: nothing is created, nothing migrated.
pub(super) struct Shop {
    pub(super) order: Db,
    pub(super) inventory: Db,
    orphans: OnceCell<bool>,
}

impl Shop {
    pub(super) async fn open(arguments: &Verify) -> anyhow::Result<Self> {
        Ok(Self {
            order: open(arguments, order::NAME, &order::MIGRATIONS).await?,
            inventory: open(arguments, inventory::NAME, &inventory::MIGRATIONS).await?,
            orphans: OnceCell::new(),
        })
    }

    /// Whether there are orders whose attempts are missing. Nothing here gives them any, so they are
    /// looked for once.
    pub(super) async fn has_orphans(&self) -> Result<bool, order::Error> {
        self.orphans.get_or_try_init(|| order::audit::has_orphans(&self.order)).await.copied()
    }

    pub(super) async fn close(&self) {
        futures::join!(self.order.close(), self.inventory.close());
    }
}

async fn open(arguments: &Verify, name: &str, migrations: &Migrator) -> anyhow::Result<Db> {
    let place = Place::of(&arguments.storage, name)?;
    let access = if arguments.repair { Access::ReadWrite } else { Access::ReadOnly };
    let opened = place.location.open_existing(name, migrations, access).await;
    opened.with_context(|| place.cannot_open(name))
}
