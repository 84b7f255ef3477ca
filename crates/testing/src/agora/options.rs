//! How an Agora is started.

use super::{Agora, NotReady, REQUEST_TIMEOUT, START_TIMEOUT, binary, data_dir};
use crate::databases::{Database, temporary_directory};
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Pause between two looks for the ready file.
const PAUSE: Duration = Duration::from_millis(10);
/// Where a process writes its addresses.
const READY_FILE: &str = "ready.json";
/// Any free port for everything that listens.
const FREE_PORTS: [(&str, &str); 2] = [("--port", "0"), ("--rest-ports", "0,0,0,0")];

/// How an Agora is started; by default an empty shop on SQLite, in one process, on free ports.
#[derive(Clone, Debug, Default)]
pub struct Options {
    binary: Option<PathBuf>,
    database_url: Option<String>,
    sample_data: bool,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Options {
    /// Loads the sample data at the first start, as Agora does when nobody says otherwise.
    #[must_use]
    pub fn sample_data(mut self) -> Self {
        self.sample_data = true;
        self
    }

    /// Keeps its data in `database`, which must outlive it.
    #[must_use]
    pub fn database(mut self, database: &Database) -> Self {
        self.database_url = Some(database.url());
        self
    }

    /// Adds an argument to `agora serve`; `--port`, `--rest-ports` and their values replace ours.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets an environment variable; those of the test's own that begin with `AGORA_` are taken
    /// away.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Runs this program instead of the `agora` that was built here.
    #[must_use]
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Panics
    /// When it does not get there, with everything that it wrote.
    pub async fn start(self) -> Agora {
        self.try_start().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// As `start`, for tests that expect a start to fail.
    ///
    /// # Errors
    /// When it ended, or was killed at the deadline, before it was ready.
    pub async fn try_start(self) -> Result<Agora, NotReady> {
        self.spawn().ready().await
    }

    /// Starts it without waiting, for tests of what it does before it is ready.
    pub fn spawn(self) -> Starting {
        let directory = temporary_directory();
        let process = Killed(Some(self.spawn_in(directory.path())));
        Starting { process, options: self, directory }
    }

    /// The binary, without arguments, in an environment that says nothing about Agora.
    pub(super) fn command(&self, directory: &Path) -> Command {
        let mut command = Command::new(self.binary.as_deref().unwrap_or_else(|| binary()));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AGORA_") {
                command.env_remove(name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(directory).stdin(Stdio::null());
        command
    }

    /// The arguments that say where the data is.
    pub(super) fn storage(&self, directory: &Path) -> Vec<OsString> {
        let mut arguments = vec!["--data-dir".into(), data_dir(directory).into()];
        if let Some(url) = &self.database_url {
            arguments.extend(["--database-url".into(), url.into()]);
        }
        arguments
    }

    pub(super) async fn launch(&self, directory: &Path) -> Result<(Child, Value), NotReady> {
        let mut process = self.spawn_in(directory);
        let ready = await_ready(&mut process, directory).await?;
        Ok((process, ready))
    }

    fn spawn_in(&self, directory: &Path) -> Child {
        let ready_file = directory.join(READY_FILE);
        // That of an earlier start would be believed.
        let _ = fs::remove_file(&ready_file);
        let mut command = self.command(directory);
        command.arg("serve");
        for (flag, free) in FREE_PORTS {
            if !self.arguments.iter().any(|argument| argument == flag) {
                command.args([flag, free]);
            }
        }
        command.args(self.storage(directory)).arg("--ready-file").arg(&ready_file);
        if !self.sample_data {
            command.arg("--no-sample-data");
        }
        command.args(&self.arguments);
        command.stdout(log(directory, "stdout")).stderr(log(directory, "stderr"));
        command
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} does not start: {error}", command.get_program()))
    }
}

/// An Agora that has been started and may not be ready yet; killed when dropped.
#[derive(Debug)]
pub struct Starting {
    process: Killed,
    options: Options,
    directory: TempDir,
}

/// A process that is killed when this is dropped, unless it was taken out.
#[derive(Debug)]
struct Killed(Option<Child>);

impl Drop for Killed {
    fn drop(&mut self) {
        if let Some(process) = &mut self.0 {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Starting {
    /// Waits until it is ready.
    ///
    /// # Errors
    /// When it ended, or was killed at the deadline, before it was ready.
    pub async fn ready(self) -> Result<Agora, NotReady> {
        let Self { mut process, options, directory } = self;
        let Some(mut process) = process.0.take() else { unreachable!("taken once, here") };
        let ready = await_ready(&mut process, directory.path()).await;
        if ready.is_err() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let ready = ready?;
        let client = reqwest::Client::builder().timeout(REQUEST_TIMEOUT).no_proxy().build();
        let client = client.unwrap_or_else(|error| panic!("no HTTP client: {error}"));
        Ok(Agora { process, ready, client, options, directory })
    }

    /// What it has written so far to standard output and standard error.
    pub fn output(&self) -> (String, String) {
        written(self.directory.path())
    }
}

async fn await_ready(process: &mut Child, directory: &Path) -> Result<Value, NotReady> {
    let ready_file = directory.join(READY_FILE);
    let end = Instant::now() + START_TIMEOUT;
    loop {
        // In this order: what ended may still have been ready before.
        let ended = process.try_wait().unwrap_or_else(|error| panic!("{error}"));
        if let Some(ready) = read(&ready_file) {
            return Ok(ready);
        }
        if ended.is_some() {
            return Err(not_ready(directory, ended));
        }
        if Instant::now() > end {
            let _ = process.kill();
            let _ = process.wait();
            return Err(not_ready(directory, None));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The ready file, once it is there and whole.
fn read(file: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

fn not_ready(directory: &Path, status: Option<ExitStatus>) -> NotReady {
    let (stdout, stderr) = written(directory);
    NotReady { status, stdout, stderr }
}

/// A file, not a pipe: nobody has to keep reading, and a restart adds to it.
fn log(directory: &Path, stream: &str) -> File {
    let path = directory.join(stream);
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the process wrote to standard output and standard error.
pub(super) fn written(directory: &Path) -> (String, String) {
    let text = |stream| {
        let bytes = fs::read(directory.join(stream)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    (text("stdout"), text("stderr"))
}
