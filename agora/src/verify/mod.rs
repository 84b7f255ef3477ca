//! `agora verify`: checks what must be true of stock, orders and money at any moment.
//!
//! Each database is read in one snapshot, row by row. Snapshots of two databases are not of the
//! same moment: what looks wrong across them is looked at again, until both sides stand still.

mod judge;
mod report;
mod reservations;
mod shop;
mod sums;
mod violation;

use crate::cli::Verify;
use anyhow::Context;
use report::{Mode, Report};
use shop::Shop;

/// Passes that repair before it is said what is left; one can bring another fault to light.
const REPAIRS: usize = 4;

pub(crate) fn verify(arguments: &Verify) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let shop = Shop::open(arguments).await?;
        let checked = if arguments.repair { repair(&shop).await } else { check(&shop).await };
        shop.close().await;
        checked
    })
}

async fn check(shop: &Shop) -> anyhow::Result<()> {
    let report = pass(shop, Mode::Check).await?;
    report.finish("agora verify --repair mends what can be mended")
}

async fn repair(shop: &Shop) -> anyhow::Result<()> {
    for _ in 0..REPAIRS {
        let report = pass(shop, Mode::Repair).await?;
        if report.is_clean() {
            return report.finish("");
        }
        if report.repaired() == 0 {
            break;
        }
    }
    let report = pass(shop, Mode::Left).await?;
    report.finish("they cannot be repaired without a decision")
}

async fn pass(shop: &Shop, mode: Mode) -> anyhow::Result<Report> {
    let mut report = Report::new(mode);
    let mut orders = shop.order.snapshot().await.context("cannot read the order database")?;
    let inventory = shop.inventory.snapshot().await;
    let mut inventory = inventory.context("cannot read the inventory database")?;
    report.measure(&mut orders, &mut inventory).await?;
    // First what needs both databases: the nearer their moments are, the less is looked at twice.
    reservations::check(shop, (&mut orders, &mut inventory), &mut report).await?;
    sums::check_counters(shop, &mut inventory, &mut report).await?;
    sums::check_totals(shop, &mut orders, &mut report).await?;
    sums::check_keys(shop, &mut orders, &mut report).await?;
    Ok(report)
}
