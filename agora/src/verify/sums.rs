//! What one database must say of itself: counters, totals, keys.

use super::report::Report;
use super::shop::Shop;
use super::violation::{Invariant, Remedy, Violation};
use chassis::db::Snapshot;
use futures::TryStreamExt;

const LEDGER: &str = "no counters can be what its ledger says: bring the ledger back from a backup";
const TORN_LEDGER: &str = "rows of the ledger are missing: bring it back from a backup first";
const LINES: &str = "its lines are worth what no total can be: delete the order";
const TORN_LINES: &str = "lines of orders are missing: bring them back from a backup first";
const KEY: &str = "the key could not be taken from the later order: run it again";

pub(super) async fn check_counters(
    shop: &Shop,
    inventory: &mut Snapshot,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut counters = inventory::audit::counters(inventory);
    while let Some(counters) = counters.try_next().await? {
        report.checked(Invariant::StockCounters, counters.movements());
        let Some(fault) = counters.fault() else { continue };
        let (remedy, advice) = match report.ledger_is_torn() {
            true => (Remedy::Nothing, TORN_LEDGER),
            false => (Remedy::Counters(counters.product()), LEDGER),
        };
        let violation = Violation {
            invariant: Invariant::StockCounters,
            subject: format!("product {}", counters.product()),
            expected: fault.expected,
            found: fault.found,
            remedy,
            advice,
        };
        report.violated(shop, &violation).await?;
    }
    Ok(())
}

pub(super) async fn check_totals(
    shop: &Shop,
    orders: &mut Snapshot,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut totals = order::audit::totals(orders);
    while let Some(total) = totals.try_next().await? {
        report.checked(Invariant::OrderTotals, 1);
        if total.stored == total.lines {
            continue;
        }
        let (remedy, advice) = match report.lines_are_torn() {
            true => (Remedy::Nothing, TORN_LINES),
            false => (Remedy::Total(total.order), LINES),
        };
        let violation = Violation {
            invariant: Invariant::OrderTotals,
            subject: format!("order {}", total.order),
            expected: format!("total {}", total.lines),
            found: format!("total {}", total.stored),
            remedy,
            advice,
        };
        report.violated(shop, &violation).await?;
    }
    Ok(())
}

pub(super) async fn check_keys(
    shop: &Shop,
    orders: &mut Snapshot,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut repeated = order::audit::repeated_keys(orders);
    while let Some(repeated) = repeated.try_next().await? {
        let violation = Violation {
            invariant: Invariant::OrderTotals,
            subject: format!("order {}", repeated.order),
            expected: format!("one order of user {} with key {:?}", repeated.user, repeated.key),
            found: format!("order {} with the same", repeated.first),
            remedy: Remedy::Key(repeated.reservation),
            advice: KEY,
        };
        report.violated(shop, &violation).await?;
    }
    Ok(())
}
