//! Telling people and programs where everything is.

use anyhow::Context;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Where everything is; the contents of the ready file.
#[derive(Debug, Default, Serialize)]
pub(super) struct Addresses {
    /// The GraphQL endpoint of what was started.
    pub(super) graphql: String,
    /// GraphiQL, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) graphiql: Option<String>,
    /// The REST interface, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<RestAddresses>,
}

/// The REST interface; every route is on every port.
#[derive(Debug, Serialize)]
pub(super) struct RestAddresses {
    pub(super) user: String,
    pub(super) product: String,
    pub(super) inventory: String,
    pub(super) order: String,
}

/// Writes the ready file, whole or not at all, and says so on standard output.
pub(super) fn announce(
    addresses: &Addresses,
    title: &str,
    ready_file: Option<&Path>,
) -> anyhow::Result<()> {
    if let Some(path) = ready_file {
        write(path, addresses)
            .with_context(|| format!("cannot write {}: change --ready-file", path.display()))?;
    }
    // The reader may have gone away.
    let _ = match std::io::stdout().is_terminal() {
        true => writeln!(std::io::stdout(), "{}", for_people(addresses, title)),
        false => writeln!(std::io::stdout(), "{}", for_programs(addresses, title)),
    };
    tracing::info!(graphql = addresses.graphql, "{title}");
    Ok(())
}

/// As a line of the log: containers merge both.
fn for_programs(addresses: &Addresses, title: &str) -> serde_json::Value {
    serde_json::json!({ "level": "INFO", "message": title, "addresses": addresses })
}

fn for_people(addresses: &Addresses, title: &str) -> String {
    let bold = |text: &str| format!("\u{1b}[1m{text}\u{1b}[0m");
    let mut lines = vec![bold(title)];
    if let Some(graphiql) = &addresses.graphiql {
        lines.push(format!("  GraphiQL  {}", bold(graphiql)));
    }
    lines.push(format!("  GraphQL   {}", addresses.graphql));
    if let Some(rest) = &addresses.rest {
        lines.push(format!("  REST      {}  (documented at /swagger/)", rest.user));
        for url in [&rest.product, &rest.inventory, &rest.order] {
            lines.push(format!("            {url}"));
        }
    }
    lines.push("  Stop with Ctrl-C.".to_owned());
    lines.join("\n")
}

fn write(path: &Path, addresses: &Addresses) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    std::fs::write(new, serde_json::to_vec(addresses)?)?;
    std::fs::rename(new, path)
}
