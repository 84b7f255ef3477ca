//! The named points, as the sources have them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every `step!` of the program has a point before and one after it.
pub(crate) fn in_the_sources() -> BTreeSet<String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut names = BTreeSet::new();
    for directory in ["crates", "subgraphs", "router", "rest", "agora"] {
        collect(&workspace.join(directory), &mut names);
    }
    assert!(names.contains("place/reserve"), "is it still called step!? {names:?}");
    names.iter().flat_map(|name| [format!("{name} before"), format!("{name} after")]).collect()
}

fn collect(path: &Path, names: &mut BTreeSet<String>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        entries.flatten().for_each(|entry| collect(&entry.path(), names));
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let uses = source.split("step!(").skip(1).map(str::trim_start);
        let named = uses.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
        names.extend(named.map(str::to_owned));
    }
}
