//! What is said while checking and at the end.

use super::shop::Shop;
use super::violation::{Invariant, Remedy, Violation};
use anyhow::ensure;
use chassis::db::Snapshot;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};

const BAR: &str = "{bar:40} {percent}% of {human_len} rows, {eta} left";

/// What is done about violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// They are printed.
    Check,
    /// They are mended, and what was changed is printed; the rest comes up again.
    Repair,
    /// They are printed with what a person can do.
    Left,
}

/// One pass over everything.
pub(super) struct Report {
    mode: Mode,
    checked: [i64; Invariant::ALL.len()],
    violated: [i64; Invariant::ALL.len()],
    repaired: i64,
    ledger_is_torn: bool,
    lines_are_torn: bool,
    bar: ProgressBar,
}

impl Report {
    pub(super) fn new(mode: Mode) -> Self {
        let none = [0; Invariant::ALL.len()];
        Self {
            mode,
            checked: none,
            violated: none,
            repaired: 0,
            ledger_is_torn: false,
            lines_are_torn: false,
            bar: ProgressBar::hidden(),
        }
    }

    /// Shows a bar where somebody sees it. Elsewhere nothing has to be counted first.
    pub(super) async fn measure(
        &mut self,
        orders: &mut Snapshot,
        inventory: &mut Snapshot,
    ) -> anyhow::Result<()> {
        if !std::io::stderr().is_terminal() {
            return Ok(());
        }
        let (attempts, orders) = order::audit::row_counts(orders).await?;
        let (movements, reservations) = inventory::audit::row_counts(inventory).await?;
        let rows = u64::try_from(attempts + orders + movements + reservations)?;
        self.bar = ProgressBar::new(rows).with_style(ProgressStyle::with_template(BAR)?);
        Ok(())
    }

    /// So many rows were looked at.
    pub(super) fn checked(&mut self, invariant: Invariant, rows: i64) {
        self.checked[invariant as usize] += rows;
        self.bar.inc(rows.unsigned_abs());
    }

    /// Says or mends what is not as it must be.
    pub(super) async fn violated(
        &mut self,
        shop: &Shop,
        violation: &Violation,
    ) -> anyhow::Result<()> {
        self.violated[violation.invariant as usize] += 1;
        self.ledger_is_torn |= violation.remedy == Remedy::Ledger;
        self.lines_are_torn |= violation.remedy == Remedy::Lines;
        if self.mode != Mode::Repair {
            self.say(&violation.to_string());
        } else if let Some(change) = violation.remedy.apply(shop).await? {
            self.repaired += 1;
            self.say(&violation.to_string());
            self.say(&format!("repaired: {change}"));
        }
        if self.mode == Mode::Left {
            self.say(&format!("cannot be repaired: {}: {}", violation.subject, violation.advice));
        }
        Ok(())
    }

    /// Rows of the ledger are missing: its sums are no ground for a repair.
    pub(super) fn ledger_is_torn(&self) -> bool {
        self.ledger_is_torn
    }

    /// The same of order lines.
    pub(super) fn lines_are_torn(&self) -> bool {
        self.lines_are_torn
    }

    pub(super) fn is_clean(&self) -> bool {
        self.violated.iter().all(|violated| *violated == 0)
    }

    /// How many violations were mended.
    pub(super) fn repaired(&self) -> i64 {
        self.repaired
    }

    /// Prints the summary.
    ///
    /// # Errors
    /// When there are violations: how many, and `advice`.
    pub(super) fn finish(self, advice: &str) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        self.say(&format!("{:<20}{:>12} {:<14}violations", "invariant", "checked", ""));
        for invariant in Invariant::ALL {
            let (checked, violated) =
                (self.checked[invariant as usize], self.violated[invariant as usize]);
            self.say(&format!(
                "{invariant:<20}{checked:>12} {:<14}{violated:>10}",
                invariant.rows()
            ));
        }
        let count: i64 = self.violated.iter().sum();
        ensure!(count == 0, "{count} violation{}: {advice}", if count == 1 { "" } else { "s" });
        Ok(())
    }

    fn say(&self, line: &str) {
        // Nobody may be reading.
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stdout(), "{line}");
        });
    }
}
