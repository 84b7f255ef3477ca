//! The four databases of a stopped shop.

use crate::cli::Storage;
use crate::storage::Place;
use anyhow::Context;
use chassis::Db;
use chassis::db::DbError;
use sqlx::migrate::Migrator;

/// All databases, created if need be and with their tables up to date.
pub(super) struct Databases {
    pub(super) user: Db,
    pub(super) product: Db,
    pub(super) inventory: Db,
    pub(super) order: Db,
}

impl Databases {
    /// # Errors
    /// When one cannot be opened, for instance because a running shop owns it.
    pub(super) async fn open(storage: &Storage) -> anyhow::Result<Self> {
        Ok(Self {
            user: open(storage, user::NAME, &user::MIGRATIONS).await?,
            product: open(storage, product::NAME, &product::MIGRATIONS).await?,
            inventory: open(storage, inventory::NAME, &inventory::MIGRATIONS).await?,
            order: open(storage, order::NAME, &order::MIGRATIONS).await?,
        })
    }

    /// The shop is not empty any more: its next start does not load the five products.
    pub(super) async fn end_first_start(&self) -> Result<(), DbError> {
        for db in self.all() {
            db.end_first_start().await?;
        }
        Ok(())
    }

    pub(super) async fn close(&self) {
        futures::future::join_all(self.all().map(Db::close)).await;
    }

    fn all(&self) -> [&Db; 4] {
        [&self.user, &self.product, &self.inventory, &self.order]
    }
}

async fn open(storage: &Storage, name: &str, migrations: &Migrator) -> anyhow::Result<Db> {
    let place = Place::of(storage, name)?;
    let cannot = || place.cannot_open(name);
    let db = match place.location.open(name).await {
        Err(DbError::Owned) => {
            return Err(DbError::Owned).with_context(|| format!("{}: stop the shop", cannot()));
        }
        opened => opened.with_context(cannot)?,
    };
    db.migrate(migrations).await.with_context(cannot)?;
    Ok(db)
}
