//! The committed files: written from the graph, and checked against it.

use crate::breaking::breaking_changes;
use crate::history::{Committed, committed};
use crate::{API, Breaking, CONFIG, Composition, Config, Problem, Sdls, unlisted};
use std::collections::BTreeSet;
use std::path::Path;

/// Where breaking changes are admitted.
const CHANGELOG: &str = "CHANGELOG.md";

/// What writing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files whose contents changed.
    pub changed: Vec<String>,
    /// What breaks clients of the API that was there before, listed or not.
    pub breaking: Vec<Breaking>,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Any of these fails the check.
    pub problems: Vec<Problem>,
    /// What was not checked, and why; to be shown even when there is no problem.
    pub notes: Vec<String>,
}

/// Each subgraph's SDL from the file that `supergraph.yaml` names.
pub fn sdls(root: &Path) -> Result<Sdls, Vec<Problem>> {
    let config = Config::parse(&read(root, CONFIG).map_err(|problem| vec![problem])?)?;
    let mut sdls = Sdls::new();
    let mut problems = Vec::new();
    for (name, subgraph) in config.subgraphs {
        match read(root, &subgraph.schema.file_name()) {
            Ok(sdl) => {
                sdls.insert(name, sdl);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(sdls) } else { Err(problems) }
}

/// Composes `sdls` as the project's `supergraph.yaml` says.
pub fn compose(root: &Path, sdls: &Sdls) -> Result<Composition, Vec<Problem>> {
    let yaml = read(root, CONFIG).map_err(|problem| vec![problem])?;
    Composition::new(&yaml, sdls)
}

/// Writes every file whose contents differ; none at all when the graph does not compose.
///
/// It refuses no breaking change, only names them: `check` is what fails.
pub fn write(root: &Path, sdls: &Sdls) -> Result<Written, Vec<Problem>> {
    let composition = compose(root, sdls)?;
    let breaking = match read(root, API) {
        // A file that does not parse has no clients.
        Ok(old) => breaking_changes(&old, composition.api()).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let mut changed = Vec::new();
    for (file, text) in composition.files() {
        // An unchanged file keeps its time: what is built from it is not built again.
        if read(root, &file).is_ok_and(|old| old == text) {
            continue;
        }
        let path = root.join(&file);
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        written
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| vec![Problem::new(&file, format!("cannot be written: {error}"))])?;
        changed.push(file);
    }
    Ok(Written { changed, breaking })
}

/// Whether the committed files are what `sdls` make, and what clients would lose.
///
/// The new API is compared with the file and, because writing the file would make a breaking
/// change invisible, also with the one committed at `revision` (`HEAD` when none is named). A
/// breaking change that CHANGELOG.md admits is no problem, see [`unlisted`].
pub fn check(root: &Path, sdls: &Sdls, revision: Option<&str>) -> Report {
    let composition = match compose(root, sdls) {
        Ok(composition) => composition,
        Err(problems) => return Report { problems, notes: Vec::new() },
    };
    let mut report = Report::default();
    for (file, text) in composition.files() {
        report.problems.extend(stale(root, &file, text));
    }
    let changelog = read(root, CHANGELOG).unwrap_or_default();
    let breaking = breaking(root, composition.api(), revision, &mut report);
    report.problems.extend(unlisted(breaking, &changelog).into_iter().map(|change| {
        let item = format!("- Breaking: `{}` …", change.coordinate);
        let message = format!("breaks clients: {change}; admit it in {CHANGELOG}: {item}");
        Problem::new(API, message)
    }));
    report
}

/// What breaks clients of the file or of the committed API, each change once.
fn breaking(root: &Path, api: &str, revision: Option<&str>, report: &mut Report) -> Vec<Breaking> {
    let mut before = Vec::new();
    match committed(root, revision) {
        Ok(Committed::Text(text)) => before.push(text),
        Ok(Committed::Nothing(note)) => report.notes.push(note),
        Err(problem) => report.problems.push(problem),
    }
    // A missing file is already reported as stale.
    before.extend(read(root, API).ok());
    let mut breaking = BTreeSet::new();
    for old in before {
        match breaking_changes(&old, api) {
            Ok(changes) => breaking.extend(changes),
            Err(problem) => report.notes.push(format!("nothing was compared with {problem}")),
        }
    }
    breaking.into_iter().collect()
}

fn stale(root: &Path, file: &str, text: &str) -> Option<Problem> {
    const REMEDY: &str = "run `agora compose`";
    let old = match std::fs::read_to_string(root.join(file)) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Some(Problem::new(file, format!("is missing: {REMEDY}")));
        }
        Err(error) => return Some(Problem::new(file, format!("cannot be read: {error}"))),
    };
    if old == text {
        return None;
    }
    let (mut have, mut want) = (old.split('\n'), text.split('\n'));
    let mut line = 1;
    let (have, want) = loop {
        match (have.next(), want.next()) {
            (have, want) if have != want => break (have, want),
            (None, None) => break (None, None),
            _ => line += 1,
        }
    };
    let shown = |line: Option<&str>| line.map_or("the end".to_owned(), |text| format!("{text:?}"));
    let (have, want) = (shown(have), shown(want));
    let message = format!("is stale: {REMEDY} (line {line} is {have}, should be {want})");
    Some(Problem::new(file, message))
}

fn read(root: &Path, file: &str) -> Result<String, Problem> {
    std::fs::read_to_string(root.join(file))
        .map_err(|error| Problem::new(file, format!("cannot be read: {error}")))
}
