//! The metrics page.

use chassis::Db;
use router::Metrics;
use std::fmt::Write;
use std::sync::Arc;

/// What `/metrics` answers, in Prometheus' text format.
pub(super) fn metrics(databases: Vec<(&'static str, Db)>) -> Metrics {
    type Figure = fn(&Db) -> u64;
    let figures: [(&str, &str, &str, Figure); 2] = [
        ("agora_sql_statements_total", "counter", "SQL statements sent.", Db::statement_count),
        ("agora_sql_waiting_writes", "gauge", "Writes that wait for their turn.", |db| {
            u64::try_from(db.waiting_writes()).unwrap_or(u64::MAX)
        }),
    ];
    Arc::new(move || {
        let mut text = String::new();
        for (name, kind, help, figure) in figures {
            // Writing to a string cannot fail.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
            for (subgraph, db) in &databases {
                let _ = writeln!(text, "{name}{{subgraph=\"{subgraph}\"}} {}", figure(db));
            }
        }
        text
    })
}
