//! A whole Agora as a real process, on free ports and in a directory of its own.

mod binary;
mod options;

pub use binary::binary;
pub use options::{Options, Starting};

use crate::wait::wait_for;
use reqwest::Client;
use serde_json::{Value, json};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Output};
use std::time::Duration;
use tempfile::TempDir;

/// How long a start may take on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it may take to end: its own limit is ten seconds.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);
/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an operation may be planned, again and again.
const PLANNING_TIMEOUT: Duration = Duration::from_secs(60);

/// A running Agora; killed and removed when dropped.
#[derive(Debug)]
pub struct Agora {
    process: Child,
    ready: Value,
    client: Client,
    options: Options,
    directory: TempDir,
}

/// An Agora that ended, or said nothing, instead of becoming ready.
#[derive(Debug)]
pub struct NotReady {
    /// How it ended; `None` when it was still running at the deadline.
    pub status: Option<ExitStatus>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "agora ended with {status} before it was ready")?,
            None => write!(f, "agora was not ready after {START_TIMEOUT:?}")?,
        }
        write!(f, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }
}

impl Agora {
    /// Starts an empty shop on SQLite and waits until it is ready.
    pub async fn start() -> Self {
        Self::options().start().await
    }

    /// Another way to start: on PostgreSQL, with sample data, with more arguments.
    pub fn options() -> Options {
        Options::default()
    }

    /// Where it takes GraphQL requests.
    pub fn url(&self) -> &str {
        self.address("/graphql")
    }

    /// Where a browser finds GraphiQL.
    pub fn graphiql_url(&self) -> &str {
        self.address("/graphiql")
    }

    /// Where the REST interface of `service` is: `user`, `product`, `inventory` or `order`.
    pub fn rest_url(&self, service: &str) -> &str {
        self.address(&format!("/rest/{service}"))
    }

    /// The ready file, for parts that run alone and have only some of the addresses.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    fn address(&self, pointer: &str) -> &str {
        let address = self.ready.pointer(pointer).and_then(Value::as_str);
        address.unwrap_or_else(|| panic!("the ready file has no {pointer}: {}", self.ready))
    }

    /// The client that `graphql` uses, for requests of another kind.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The directory it was given as `--data-dir`.
    pub fn data_dir(&self) -> PathBuf {
        data_dir(&self.directory)
    }

    /// The process, for example to measure it.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The whole answer to an operation, errors included. An unoptimised planner on a busy machine
    /// may need more than the second it is given: then nothing was executed, and it is asked again.
    pub async fn graphql(&self, query: &str, variables: Value) -> Value {
        wait_for(PLANNING_TIMEOUT, || async {
            let answer = self.try_graphql(query, variables.clone()).await;
            let answer = answer
                .unwrap_or_else(|error| panic!("no GraphQL answer: {error:?}\n{}", self.output()));
            let code = &answer["errors"][0]["extensions"]["code"];
            (code != "QUERY_PLAN_BUILD_FAILED").then_some(answer)
        })
        .await
    }

    /// The answer to one request, for tests that expect the process to vanish.
    ///
    /// # Errors
    /// When there is no answer, or one that is not JSON.
    pub async fn try_graphql(&self, query: &str, variables: Value) -> reqwest::Result<Value> {
        let operation = json!({ "query": query, "variables": variables });
        self.client.post(self.url()).json(&operation).send().await?.json().await
    }

    /// The data that answers an operation.
    ///
    /// # Panics
    /// When the answer has errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.graphql(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}\n{}", self.output());
        answer["data"].take()
    }

    /// Ends it the hard way (SIGKILL), as a crash does.
    pub async fn kill(&mut self) -> ExitStatus {
        let _ = self.process.kill();
        self.ended().await
    }

    /// Asks it to end (SIGTERM) and answers its exit status.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended().await
    }

    /// Sends a signal by its name, for example `INT`.
    pub fn signal(&self, name: &str) {
        // The shell's own `kill`: the program of that name is not installed everywhere.
        let mut kill = std::process::Command::new("sh");
        kill.args(["-c", "kill -s \"$0\" \"$1\"", name]).arg(self.id().to_string());
        let sent = kill.status().is_ok_and(|status| status.success());
        assert!(sent, "cannot send {name} to agora: has it ended?\n{}", self.output());
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let process = &mut self.process;
        wait_for(STOP_TIMEOUT, || {
            let status = process.try_wait();
            async move { status.unwrap_or_else(|error| panic!("cannot wait for agora: {error}")) }
        })
        .await
    }

    /// Starts it again on the same directory and database, killing it first if it still runs.
    pub async fn restart(&mut self) {
        self.try_restart_with(&[]).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// As `restart`, with these environment variables for this one run, for tests that expect it
    /// to end before it is ready.
    ///
    /// # Errors
    /// When it ended, or was killed at the deadline, before it was ready.
    pub async fn try_restart_with(&mut self, variables: &[(&str, &str)]) -> Result<(), NotReady> {
        self.kill().await;
        let mut options = self.options.clone();
        for (name, value) in variables {
            options = options.variable(*name, *value);
        }
        let (process, ready) = options.launch(self.directory.path()).await?;
        self.process = process;
        self.ready = ready;
        Ok(())
    }

    /// Runs another of the binary's commands, such as `verify`, on the same data.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.options.command(self.directory.path());
        command.args(arguments).args(self.options.storage(self.directory.path()));
        let run = tokio::task::spawn_blocking(move || command.output()).await;
        run.map_err(std::io::Error::other)
            .flatten()
            .unwrap_or_else(|error| panic!("agora {arguments:?} does not start: {error}"))
    }

    /// What it has written so far, for messages of failing tests.
    pub fn output(&self) -> String {
        let (stdout, stderr) = options::written(self.directory.path());
        format!("--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

impl Drop for Agora {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn data_dir(directory: impl AsRef<Path>) -> PathBuf {
    directory.as_ref().join("data")
}
