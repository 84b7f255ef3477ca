//! A PostgreSQL server for the tests: the one `TEST_POSTGRES_URL` names, or a cluster of our own.
//!
//! The cluster lives in a temporary directory and listens on a socket in it, so it needs no port.
//! A guard stops it and removes the directory as soon as the process that started it has ended,
//! however it ended.

use crate::skipped;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use url::Url;

/// The variable that names a server to use, with the right to create databases.
pub const VARIABLE: &str = "TEST_POSTGRES_URL";

/// How long a server may take to accept connections.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it may take to end.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause between two looks at whether it does.
const PAUSE: Duration = Duration::from_millis(20);
/// Where a server that runs says so, and how far it is.
const PID_FILE: &str = "data/postmaster.pid";
/// Where Debian keeps the server's programs, which are not in its PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Who may run the server when we are root; the server refuses to run as root.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];
/// No commit of a test must survive a power cut, so nothing waits for the disk.
const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=500",
    "shared_buffers=32MB",
    "fsync=off",
    "full_page_writes=off",
    "autovacuum=off",
];
/// `$0` is the server's program, `$1` our directory, the rest its arguments. Each line of standard
/// input starts the server again after it has been stopped. Standard input ends when its other end
/// is closed, which the kernel does for a process that is killed, too.
const GUARD: &str = r#"
directory=$1; shift
"$0" "$@" >"$directory/log" 2>&1 </dev/null &
while read -r again; do
  wait
  "$0" "$@" >"$directory/log" 2>&1 </dev/null &
done
kill -INT $! && wait
cd / && rm -rf "$directory"
"#;

/// The server of this process, started by the first caller; `None`, after saying why on standard
/// error, where there can be none.
///
/// # Panics
/// When `TEST_POSTGRES_URL` is no URL: who names a server wants it used.
pub fn server() -> Option<&'static Url> {
    static SERVER: OnceLock<Option<(Url, Option<Cluster>)>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var(VARIABLE) {
            let url = url.parse().unwrap_or_else(|error| panic!("{VARIABLE} is no URL: {error}"));
            return Some((url, None));
        }
        match Cluster::start() {
            Ok(cluster) => Some((cluster.url().clone(), Some(cluster))),
            Err(reason) => {
                skipped("PostgreSQL tests", &reason);
                None
            }
        }
    });
    server.as_ref().map(|(url, _)| url)
}

/// A running PostgreSQL of our own; it is gone when this is dropped or the process ends.
#[derive(Debug)]
pub struct Cluster {
    url: Url,
    directory: PathBuf,
    guard: Child,
}

impl Cluster {
    /// Makes a cluster and starts its server.
    ///
    /// # Errors
    /// A clause that says why there can be none.
    pub fn start() -> Result<Self, String> {
        let (initdb, postgres) = (program("initdb")?, program("postgres")?);
        let directory = TempDir::with_prefix("agora-postgres-").map_err(|e| e.to_string())?;
        let account = account_for(directory.path())?;
        let data = directory.path().join("data");
        let mut init = Command::new(initdb);
        init.arg("--pgdata").arg(&data).args(["--username=agora", "--auth=trust", "--no-sync"]);
        init.args(["--encoding=UTF8", "--locale=C"]).current_dir(directory.path());
        let made = account.of(&mut init).output();
        made.map_err(|error| format!("initdb does not start: {error}")).and_then(succeeded)?;

        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD]).arg(postgres).arg(directory.path());
        guard.arg("-D").arg(&data).arg("-k").arg(directory.path());
        guard.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        guard.current_dir(directory.path()).stdin(Stdio::piped());
        guard.stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: Ctrl-C must reach us, not the guard that cleans up after us.
        let guard = account.of(guard.process_group(0)).spawn().map_err(|e| e.to_string())?;

        // From here on the guard removes the directory.
        let directory = directory.keep();
        let cluster = Self { url: url(&directory)?, directory, guard };
        await_ready(&cluster.directory)?;
        Ok(cluster)
    }

    /// The address of its maintenance database.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Stops the server as a crash does: every connection is cut where it is, nothing is tidied up.
    ///
    /// # Errors
    /// A clause that says why it cannot be stopped.
    pub fn stop(&self) -> Result<(), String> {
        self.signal("QUIT")?;
        let end = Instant::now() + STOP_TIMEOUT;
        while self.directory.join(PID_FILE).exists() {
            if Instant::now() > end {
                return Err("its server does not stop".to_owned());
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Starts the server again, and returns when it takes connections.
    ///
    /// # Errors
    /// A clause that says why it does not start.
    pub fn start_again(&mut self) -> Result<(), String> {
        // What was written before would be taken for the new server's.
        fs::write(self.directory.join("log"), "").map_err(|error| error.to_string())?;
        let input = self.guard.stdin.as_mut().ok_or("its guard has ended")?;
        input.write_all(b"again\n").map_err(|error| error.to_string())?;
        await_ready(&self.directory)
    }

    /// Sends the server, and none of its children, a signal by its name.
    ///
    /// # Errors
    /// A clause that says why it cannot be sent.
    pub fn signal(&self, name: &str) -> Result<(), String> {
        let file = fs::read_to_string(self.directory.join(PID_FILE)).unwrap_or_default();
        let server = file.lines().next().ok_or("its server does not run")?;
        let mut kill = Command::new("sh");
        let sent = kill.args(["-c", "kill -s \"$0\" \"$1\"", name, server]).status();
        match sent {
            Ok(status) if status.success() => Ok(()),
            _ => Err(format!("its server, process {server}, takes no signal")),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A test that failed may have left it stopped, and then it would not end.
        let _ = self.signal("CONT");
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

fn url(directory: &Path) -> Result<Url, String> {
    let socket = directory.to_str().ok_or("the temporary directory's name is no text")?;
    Url::parse_with_params("postgres://agora@localhost/postgres", [("host", socket)])
        .map_err(|error| error.to_string())
}

/// The server writes what it is doing into the last line of this file.
fn await_ready(directory: &Path) -> Result<(), String> {
    let end = Instant::now() + START_TIMEOUT;
    loop {
        let status = fs::read_to_string(directory.join(PID_FILE)).unwrap_or_default();
        if status.lines().nth(7).is_some_and(|line| line.trim_end() == "ready") {
            return Ok(());
        }
        let log = fs::read_to_string(directory.join("log")).unwrap_or_default();
        // While it starts it may refuse somebody who cannot wait, and writes that down.
        let gave_up = status.is_empty() && log.contains("FATAL");
        if gave_up || Instant::now() > end {
            return Err(format!("its server does not start:\n{log}"));
        }
        std::thread::sleep(PAUSE);
    }
}

/// Finds a server program in PATH or where Debian keeps it, the newest release first.
fn program(name: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut releases: Vec<PathBuf> = fs::read_dir(DEBIAN)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    releases.sort_by_key(|path| path.file_name()?.to_str()?.parse::<u32>().ok());
    let debian = releases.into_iter().rev().map(|release| release.join("bin"));
    std::env::split_paths(&path)
        .chain(debian)
        .map(|directory| directory.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| format!("{name} is not installed (Debian: apt-get install postgresql)"))
}

/// Whom the server's programs run as; `None` is whoever we are.
struct Account(Option<(u32, u32)>);

impl Account {
    fn of<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match self.0 {
            Some((user, group)) => command.uid(user).gid(group),
            None => command,
        }
    }
}

/// Gives `directory` to the account the server will run as.
fn account_for(directory: &Path) -> Result<Account, String> {
    let owner = fs::metadata(directory).map_err(|error| error.to_string())?.uid();
    if owner != 0 {
        return Ok(Account(None));
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let (user, group) = ACCOUNTS
        .iter()
        .find_map(|name| ids(&accounts, name))
        .ok_or("it refuses to run as root and there is no other account to run it as")?;
    chown(directory, Some(user), Some(group)).map_err(|error| error.to_string())?;
    Ok(Account(Some((user, group))))
}

/// The user and group id of `name` in the text of `/etc/passwd`.
fn ids(accounts: &str, name: &str) -> Option<(u32, u32)> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn succeeded(output: Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("initdb ended with {}:\n{errors}", output.status))
}
