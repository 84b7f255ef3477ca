//! Whether the statements of a subgraph cost what their answers cost.

use chassis::Db;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How a statement begins in the sources.
const BEGINNINGS: [&str; 2] = [".query(", "Select::new("];

/// Fails when a statement that `db` recorded reads a whole table, or sorts, unless a part of its text
/// is among `allowed`, with the reason. Fails as well when a statement of `directory` was not
/// recorded: then the test proves nothing about it. `unproven` names files that are left out.
///
/// # Panics
/// With all that is wrong.
pub async fn check(db: &Db, directory: &Path, (allowed, unproven): (&[(&str, &str)], &[&str])) {
    let mut wrong = BTreeSet::new();
    let recorded = db.recorded();
    let mut explained = BTreeSet::new();
    for statement in &recorded {
        let is_ours = statement.file.contains("/store/");
        let is_allowed = allowed.iter().any(|(part, _)| statement.sql.contains(part));
        if !is_ours || is_allowed || !explained.insert(statement.sql.as_str()) {
            continue;
        }
        let costs = db.costs(statement).await;
        let costs = costs.unwrap_or_else(|error| panic!("{error}: {}", statement.sql));
        let place = (statement.file, statement.line);
        wrong.extend(costs.into_iter().map(|cost| format!("{place:?} {cost}: {}", statement.sql)));
    }
    for entry in fs::read_dir(directory).unwrap_or_else(|error| panic!("{directory:?}: {error}")) {
        let path = entry.unwrap_or_else(|error| panic!("{directory:?}: {error}")).path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if unproven.contains(&name.as_str()) {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        for (number, line) in (1..).zip(source.lines()) {
            let begins = BEGINNINGS.iter().any(|beginning| line.contains(beginning));
            let was_sent = recorded.iter().any(|statement| {
                statement.file.ends_with(&format!("/store/{name}"))
                    && statement.line.abs_diff(number) <= 1
            });
            if begins && !was_sent {
                wrong.insert(format!("{name}:{number} was not sent: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
