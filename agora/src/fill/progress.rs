//! The progress bar, and the summary at the end.

use super::Plan;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const BAR: &str = "{bar:40} {percent}% of {human_len} users, products and orders, {eta} left";

/// What was written so far.
pub(super) struct Progress {
    bar: ProgressBar,
    rows: AtomicU64,
    start: Instant,
}

impl Progress {
    /// Shows a bar on a terminal.
    pub(super) fn new(plan: &Plan) -> anyhow::Result<Self> {
        let items = u64::try_from(plan.products + plan.users + plan.orders)?;
        let bar = match std::io::stderr().is_terminal() {
            true => ProgressBar::new(items).with_style(ProgressStyle::with_template(BAR)?),
            false => ProgressBar::hidden(),
        };
        Ok(Self { bar, rows: AtomicU64::new(0), start: Instant::now() })
    }

    /// `items` users, products or orders were written, which are `rows` rows.
    pub(super) fn wrote(&self, items: usize, rows: usize) {
        let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.rows.fetch_add(wide(rows), Ordering::Relaxed);
        self.bar.inc(wide(items));
    }

    pub(super) fn finish(&self, plan: &Plan) {
        self.bar.finish_and_clear();
        let count = |number: usize| HumanCount(u64::try_from(number).unwrap_or(u64::MAX));
        let rows = self.rows.load(Ordering::Relaxed);
        let seconds = self.start.elapsed().as_secs_f64();
        let millis = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        eprintln!(
            "Added {} users, {} products and {} orders: {} rows in {seconds:.1} s, {} per second.",
            count(plan.users),
            count(plan.products),
            count(plan.orders),
            HumanCount(rows),
            HumanCount(rows.saturating_mul(1_000) / millis.max(1)),
        );
    }
}
