//! The limit of open files, which counts connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the documented limits need: the router's connections, those of REST, and databases.
const ENOUGH: u64 = 4_096;

/// Raises the limit of this process as far as the system allows. Many systems start processes with
/// a limit of 1,024.
pub(super) fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if setrlimit(Resource::Nofile, raised).is_err() {
        tracing::debug!("The limit of open files cannot be raised.");
    }
    // No number is no limit.
    let current = getrlimit(Resource::Nofile).current;
    if let Some(files) = current.filter(|files| *files < ENOUGH) {
        tracing::warn!(
            files,
            "The limit of open files is low: raise it to {ENOUGH} to serve many connections."
        );
    }
}
