//! Finding the `agora` binary, and building it when it is older than its sources.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The variable that names a binary to test instead.
const VARIABLE: &str = "AGORA_BIN";
/// The workspace, seen from this crate.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Directories without sources of the binary. Any other file may be one: building once too often
/// takes cargo a second.
const SKIPPED: [&str; 6] = ["target", "node_modules", ".git", "data", "tests", "e2e"];

/// The `agora` beside this executable, built first if it is missing or stale.
///
/// # Panics
/// When it does not build.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os(VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => built(),
    })
}

fn built() -> PathBuf {
    // target/<profile>/deps/<this test>, or target/<profile>/<this program>
    let this = std::env::current_exe().unwrap_or_else(|error| panic!("where am I? {error}"));
    let profile = this
        .ancestors()
        .skip(1)
        .take(2)
        .find(|directory| directory.join("deps").is_dir())
        .unwrap_or_else(|| panic!("{} is in no target directory: set {VARIABLE}", this.display()));
    let binary = profile.join("agora");
    let built = fs::metadata(&binary).and_then(|file| file.modified()).ok();
    if built.is_none_or(|built| newest(Path::new(WORKSPACE)) > Some(built)) {
        build(profile);
    }
    binary
}

fn build(profile: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "agora", "--bin", "agora"]);
    // As in a build of the whole workspace.
    command.args(["--features", "chassis/fault-points"]);
    if profile.file_name() == Some(OsStr::new("release")) {
        command.arg("--release");
    }
    if let Some(target) = profile.parent() {
        command.arg("--target-dir").arg(target);
    }
    let status = command.current_dir(WORKSPACE).status();
    assert!(status.is_ok_and(|status| status.success()), "cargo build -p agora failed");
}

/// When the youngest source below `directory` was changed.
fn newest(directory: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(directory).ok()?.flatten();
    let times = entries.filter_map(|entry| {
        let path = entry.path();
        let name = entry.file_name();
        if entry.file_type().ok()?.is_dir() {
            return if SKIPPED.iter().any(|skipped| name == *skipped) {
                None
            } else {
                newest(&path)
            };
        }
        entry.metadata().ok()?.modified().ok()
    });
    times.max()
}
