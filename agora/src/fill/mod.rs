//! `agora sample-data --products N --users N --orders N`: adds any number of rows to a stopped shop.
//!
//! It writes through the subgraphs' `bulk` modules, in batches. Each step leaves the databases as a
//! crash of the shop could have left them, so an interrupted run does no harm.

mod catalogue;
mod customers;
mod databases;
mod progress;
mod sales;
mod words;

use crate::cli::SampleData;
use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use databases::Databases;
use progress::Progress;

/// The number of users, products or orders of one transaction.
const BATCH: usize = 2_000;
/// The last moment of the data, in seconds since 1970: the start of 2026. It is fixed, so that a
/// seed always gives the same data.
const END: i64 = 1_767_225_600;
/// The number of days that the data covers.
const DAYS: i64 = 3 * 365;

pub(crate) fn run(arguments: &SampleData) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let plan = Plan::of(arguments)?;
        let databases = Databases::open(&arguments.storage).await?;
        let filled = fill(&databases, &plan).await;
        databases.close().await;
        filled
    })
}

async fn fill(databases: &Databases, plan: &Plan) -> anyhow::Result<()> {
    let progress = Progress::new(plan)?;
    let (customers, products) = futures::try_join!(
        customers::add(&databases.user, plan, &progress),
        catalogue::add(&databases.product, &databases.inventory, plan, &progress),
    )?;
    sales::add(databases, plan, (&customers, products), &progress).await?;
    databases.end_first_start().await.context("the first start cannot be ended")?;
    progress.finish(plan);
    Ok(())
}

/// What to add.
struct Plan {
    products: usize,
    users: usize,
    orders: usize,
    seed: u64,
}

impl Plan {
    fn of(arguments: &SampleData) -> anyhow::Result<Self> {
        let amounts = &arguments.amounts;
        let number = |amount: Option<u32>| usize::try_from(amount.unwrap_or(0));
        let (products, users) = (number(amounts.products)?, number(amounts.users)?);
        let orders = number(amounts.orders)?;
        ensure!(
            orders == 0 || (products > 0 && users > 0),
            "--orders needs --products and --users: orders are placed by added users for added \
             products"
        );
        Ok(Self { products, users, orders, seed: amounts.seed })
    }

    /// Random numbers for one purpose: what is drawn for another does not change them.
    fn random(&self, purpose: u64) -> fastrand::Rng {
        // Multiplied by an odd constant, purposes and seeds that are close are far apart.
        fastrand::Rng::with_seed((self.seed ^ purpose.rotate_left(32)).wrapping_mul(MIX))
    }
}

/// 2^64 divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The moment of item `index` of `total`: they are spread evenly over the time that the data covers.
fn moment(index: usize, total: usize) -> DateTime<Utc> {
    let share = |whole: i64| {
        let part = i128::from(whole) * as_wide(index + 1) / as_wide(total.max(1) + 1);
        i64::try_from(part).unwrap_or(whole)
    };
    let start = DateTime::UNIX_EPOCH + TimeDelta::seconds(END) - TimeDelta::days(DAYS);
    start + TimeDelta::milliseconds(share(DAYS * 24 * 60 * 60 * 1_000))
}

fn as_wide(number: usize) -> i128 {
    i128::try_from(number).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_ascend_within_the_time_that_the_data_covers() {
        let moments: Vec<_> = (0..1_000).map(|index| moment(index, 1_000)).collect();
        assert!(moments.is_sorted());
        let end = DateTime::UNIX_EPOCH + TimeDelta::seconds(END);
        assert!(moments[0] > end - TimeDelta::days(DAYS) && moments[999] < end);
    }
}
