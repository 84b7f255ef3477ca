//! Tests that cannot run here.

use std::fmt::Display;
use std::io::{self, Write};

/// Says that `test` did not run, and why. `test.sh` counts these lines.
pub fn skipped(test: &str, reason: impl Display) {
    let text = format!("\nSKIPPED: {test}, because {reason}\n");
    // Not by `eprintln!`, which the test harness swallows for tests that pass.
    let _ = io::stderr().write_all(text.as_bytes());
}
