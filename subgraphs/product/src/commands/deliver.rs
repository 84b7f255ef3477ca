//! Delivering outbox entries to the inventory until it confirms them.

use crate::{Catalogue, Error, clients, store};
use chassis::step;
use chrono::TimeDelta;

/// The maximum number of entries of one delivery.
const BATCH: i64 = 100;
/// The pause before the second attempt, in milliseconds; it doubles each time.
const PAUSE_MS: i64 = 2_000;
/// The longest pause, in milliseconds.
const PAUSE_MS_MAX: i64 = 5_000;

/// Delivers what is due, so that whoever deleted something sees the final stock. What cannot be
/// delivered now stays for the worker: this never fails.
pub(super) async fn deliver_now(catalogue: &Catalogue) {
    if let Err(error) = deliver_due(catalogue).await {
        tracing::warn!(%error, "Outbox entries were not delivered; will retry.");
    }
}

/// Delivers the entries that are due, at most 100; returns how many were delivered.
///
/// # Errors
/// When the database fails. An inventory that does not respond is not an error: the entries are
/// postponed.
pub(crate) async fn deliver_due(catalogue: &Catalogue) -> Result<usize, Error> {
    let now = catalogue.clock.now();
    let latest = now + TimeDelta::milliseconds(PAUSE_MS_MAX);
    let due = store::outbox::due(&catalogue.db, now, latest, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ids: Vec<i64> = due.iter().map(|entry| entry.id).collect();
    let products = due.iter().map(|entry| entry.product_id);
    let deliver = clients::end_stock(&catalogue.inventory, products);
    if let Err(error) = step!("outbox/deliver", deliver) {
        tracing::warn!(%error, entries = due.len(), "Inventory did not respond; will retry.");
        let attempts = due.iter().map(|entry| entry.attempts).min().unwrap_or_default();
        return postpone(catalogue, ids, attempts).await.map(|()| 0);
    }
    let delete = catalogue.db.write(move |tx| {
        let ids = ids.clone();
        Box::pin(async move { Ok::<_, Error>(store::outbox::delete(tx, &ids).await?) })
    });
    step!("outbox/delete", delete)?;
    Ok(due.len())
}

async fn postpone(catalogue: &Catalogue, ids: Vec<i64>, attempts: i64) -> Result<(), Error> {
    let pause = PAUSE_MS.saturating_mul(1 << attempts.clamp(0, 10)).min(PAUSE_MS_MAX);
    let due_at = catalogue.clock.now() + TimeDelta::milliseconds(pause);
    let postpone = catalogue.db.write(move |tx| {
        let ids = ids.clone();
        Box::pin(async move { Ok::<_, Error>(store::outbox::postpone(tx, &ids, due_at).await?) })
    });
    step!("outbox/postpone", postpone)
}
