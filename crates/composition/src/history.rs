//! The API that was committed before, from git.

use crate::{API, Problem};
use std::path::Path;
use std::process::Command;

/// What git knows about the committed API.
pub(crate) enum Committed {
    /// Its text.
    Text(String),
    /// There is none to compare with, and why.
    Nothing(String),
}

/// The text of `schema/api.graphql` at `revision`, or at `HEAD` when none is named.
///
/// A revision that somebody named and that does not exist is a problem; a project without git,
/// or a first commit, is not.
pub(crate) fn committed(root: &Path, revision: Option<&str>) -> Result<Committed, Problem> {
    let nothing = |why: &str| {
        let why = why.trim().lines().next().unwrap_or("git says nothing");
        Ok(Committed::Nothing(format!("{API} is not compared with a committed one: {why}")))
    };
    if let Some(revision) = revision
        && let Err(why) = git(
            root,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{revision}^{{commit}}"),
            ],
        )
    {
        let why = if why.is_empty() { "no such commit" } else { why.trim() };
        return Err(Problem::new(API, format!("cannot be compared with {revision:?}: {why}")));
    }
    // With `./` the path is relative to the project, which may be a part of a repository.
    let object = format!("{}:./{API}", revision.unwrap_or("HEAD"));
    match git(root, &["show", "--end-of-options", &object]) {
        Ok(text) => Ok(Committed::Text(text)),
        Err(why) => nothing(&why),
    }
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
    let output = output.map_err(|error| format!("git does not start: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
