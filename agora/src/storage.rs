//! Which database belongs to which subgraph.

use crate::cli::Storage;
use anyhow::{anyhow, ensure};
use chassis::db::Location;

/// Where the password comes from.
const PASSWORD: &str = "--database-password (AGORA_DATABASE_PASSWORD)";

/// Where a subgraph's database is, and the flag that says so.
pub(crate) struct Place {
    pub(crate) location: Location,
    flag: String,
    /// Its password may have come from a flag of its own.
    has_password: bool,
}

impl Place {
    /// Of the subgraph `name`. An error names the flag to change.
    pub(crate) fn of(storage: &Storage, name: &str) -> anyhow::Result<Self> {
        let databases = &storage.databases;
        let own = match name {
            user::NAME => &databases.user_database_url,
            product::NAME => &databases.product_database_url,
            inventory::NAME => &databases.inventory_database_url,
            _ => &databases.order_database_url,
        };
        let (url, flag) = match (own, &storage.database_url) {
            (Some(url), _) => (url, format!("--{name}-database-url")),
            (None, Some(url)) => (url, "--database-url".to_owned()),
            (None, None) => {
                let location = Location::Directory(storage.data_dir.clone());
                return Ok(Self { location, flag: "--data-dir".to_owned(), has_password: false });
            }
        };
        let location = Location::parse(url);
        let mut location = location.map_err(|why| anyhow!("{flag} is not usable: {why}"))?;
        if let Some(password) = &storage.database_password {
            check_secret(PASSWORD, password)?;
            location = location.with_password(url, password);
        }
        let has_password =
            storage.database_password.is_some() && matches!(location, Location::Postgres(_));
        Ok(Self { location, flag, has_password })
    }

    /// What to say when it cannot be opened.
    pub(crate) fn cannot_open(&self, name: &str) -> String {
        let place = match &self.location {
            Location::Directory(directory) => directory.display().to_string(),
            Location::Postgres(_) => "PostgreSQL".to_owned(),
        };
        let flag = &self.flag;
        let hint = if self.has_password { ", --database-password" } else { "" };
        format!("cannot open the {name} database in {place}: change {flag}{hint}")
    }
}

/// Refuses a secret that is empty, or was read with more than was meant, such as the newline at the
/// end of a file.
///
/// # Errors
/// Names the flag.
pub(crate) fn check_secret(flag: &str, secret: &str) -> anyhow::Result<()> {
    ensure!(!secret.is_empty(), "{flag} is empty: leave it out, or give a secret");
    ensure!(secret.trim() == secret, "{flag} begins or ends with white space: remove it");
    Ok(())
}
