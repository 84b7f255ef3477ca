//! The categories, the products, and their stock.

use super::progress::Progress;
use super::words::{ADJECTIVES, MATERIALS, RARE, SIZES, THINGS, description, pick};
use super::{BATCH, Plan, moment};
use anyhow::Context;
use chassis::Db;
use commerce::{CategoryId, Money, ProductId};
use fastrand::Rng;
use inventory::bulk::{Units, add_stock};
use product::bulk::{BulkProduct, add_categories, add_products};

/// Draws what the products are: a number of its own for each.
const PURPOSE: u64 = 1 << 32;
/// Draws how many units there are.
const STOCK_PURPOSE: u64 = 2;
/// Rows of one product: product, stock item, movement.
const ROWS: usize = 3;
/// The number of units that are counted at first.
const UNITS: std::ops::Range<i64> = 20..500;
/// Prices in minor units, and out of twenty products how many have them.
const PRICES: [(std::ops::Range<u32>, u32); 4] =
    [(100..1_000, 5), (1_000..10_000, 10), (10_000..100_000, 4), (100_000..500_000, 1)];

/// A product that was added, and how many units are left of it.
pub(super) struct Item {
    pub(super) id: ProductId,
    pub(super) price: Money,
    pub(super) available: i64,
}

pub(super) async fn add(
    products: &Db,
    inventory: &Db,
    plan: &Plan,
    progress: &Progress,
) -> anyhow::Result<Vec<Item>> {
    if plan.products == 0 {
        return Ok(Vec::new());
    }
    let category = |(name, thing): &(&str, &str)| {
        ((*name).to_owned(), format!("Every kind of {}.", thing.to_lowercase()))
    };
    let categories = THINGS.iter().map(category).collect();
    let categories = add_categories(products, categories, moment(0, plan.products)).await;
    let categories = categories.context("categories cannot be added")?;

    let mut units = plan.random(STOCK_PURPOSE);
    let mut counted = Vec::new();
    let mut items: Vec<Item> = Vec::with_capacity(plan.products);
    while items.len() < plan.products {
        let next = items.len()..plan.products.min(items.len() + BATCH);
        let new: Vec<BulkProduct> =
            next.clone().map(|index| product(plan, index, &categories)).collect();
        let prices: Vec<Money> = new.iter().map(|product| product.price).collect();
        // Two databases: the stock of the last batch is counted while the next products are added.
        let (ids, ()) = futures::try_join!(
            async { add_products(products, new).await.context("products cannot be added") },
            count(inventory, std::mem::take(&mut counted), plan, items.len()),
        )?;
        counted =
            ids.into_iter().map(|product| Units { product, units: units.i64(UNITS) }).collect();
        items.extend(counted.iter().zip(prices).map(|(stock, price)| Item {
            id: stock.product,
            price,
            available: stock.units,
        }));
        progress.wrote(next.len(), next.len() * ROWS);
    }
    count(inventory, counted, plan, items.len()).await?;
    Ok(items)
}

/// `done` is the number of products that were added before.
async fn count(db: &Db, stock: Vec<Units>, plan: &Plan, done: usize) -> anyhow::Result<()> {
    if stock.is_empty() {
        return Ok(());
    }
    let added = add_stock(db, stock, moment(done.saturating_sub(1), plan.products)).await;
    added.context("stock cannot be added")
}

fn product(plan: &Plan, index: usize, categories: &[CategoryId]) -> BulkProduct {
    let mut random = random(plan, index);
    let (name, thing) = named(plan, index, &mut random);
    BulkProduct {
        name,
        description: description(&mut random),
        price: price(&mut random),
        // One in fifty has none.
        category: (random.u32(..50) > 0).then(|| categories[thing]),
        active: index == 0 || random.u32(..10) > 0,
        created_at: moment(index, plan.products),
    }
}

/// The name of a product, drawn again.
pub(super) fn name(plan: &Plan, index: usize) -> String {
    named(plan, index, &mut random(plan, index)).0
}

fn random(plan: &Plan, index: usize) -> Rng {
    plan.random(PURPOSE + u64::try_from(index).unwrap_or(0))
}

/// The name, and which of [`THINGS`] it is.
fn named(plan: &Plan, index: usize, random: &mut Rng) -> (String, usize) {
    // The first category has the most products.
    let thing = (0..3).map(|_| random.usize(..THINGS.len())).min().unwrap_or(0);
    let adjective = match (1..4).any(|quarter| index == plan.products * quarter / 4) {
        true => RARE,
        false => pick(random, &ADJECTIVES),
    };
    let (material, size) = (pick(random, &MATERIALS), pick(random, &SIZES));
    (format!("{adjective} {material} {} {size} {}", THINGS[thing].1, index + 1), thing)
}

fn price(random: &mut Rng) -> Money {
    let shares: u32 = PRICES.iter().map(|(_, share)| share).sum();
    let mut drawn = random.u32(..shares);
    let band = PRICES.iter().find(|(_, share)| match drawn.checked_sub(*share) {
        Some(rest) => {
            drawn = rest;
            false
        }
        None => true,
    });
    let minor = random.u32(band.map_or(100..1_000, |(prices, _)| prices.clone()));
    // Two out of three prices end in 99.
    let cents = if random.u32(..3) > 0 { 99 } else { minor % 100 };
    format!("{}.{cents:02}", minor / 100).parse().unwrap_or(Money::ZERO)
}
