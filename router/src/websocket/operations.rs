//! The operations that run on one connection.

use super::message;
use crate::edge::{Edge, next_event};
use crate::parameters::Parameters;
use axum::extract::ws::Utf8Bytes;
use graph::Answer;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// Operations that run at the same time on one connection.
pub(super) const MAX_OPERATIONS: usize = 100;
/// Messages that wait for a client that reads slowly.
const MAX_WAITING_MESSAGES: usize = 16;

/// The running operations, by their ids. Dropping them ends them.
pub(super) struct Operations {
    edge: Arc<Edge>,
    count: u64,
    running: HashMap<String, Operation>,
    reporter: mpsc::Sender<Report>,
}

struct Operation {
    /// A later operation may have the same id.
    number: u64,
    /// A query or mutation that is being executed.
    short: bool,
    _task: AbortOnDropHandle<()>,
}

/// What an operation has to say.
pub(super) struct Report {
    id: String,
    number: u64,
    what: What,
}

enum What {
    /// A query or mutation has begun.
    Short,
    Message(Utf8Bytes),
    /// The last message.
    End(Utf8Bytes),
}

impl Operations {
    pub(super) fn new(edge: Arc<Edge>) -> (Self, mpsc::Receiver<Report>) {
        let (reporter, reports) = mpsc::channel(MAX_WAITING_MESSAGES);
        (Self { edge, count: 0, running: HashMap::new(), reporter }, reports)
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    pub(super) fn are_too_many(&self) -> bool {
        self.running.len() >= MAX_OPERATIONS
    }

    /// Whether a query or mutation is being executed.
    pub(super) fn has_short(&self) -> bool {
        self.running.values().any(|operation| operation.short)
    }

    pub(super) fn start(&mut self, id: String, parameters: Parameters) {
        self.count += 1;
        let number = self.count;
        let reporter = Reporter { id: id.clone(), number, reports: self.reporter.clone() };
        let work = run(Arc::clone(&self.edge), parameters, reporter);
        let task = AbortOnDropHandle::new(tokio::spawn(work));
        self.running.insert(id, Operation { number, short: false, _task: task });
    }

    pub(super) fn stop(&mut self, id: &str) {
        self.running.remove(id);
    }

    /// The message to send; `None` for what was reported after the client had stopped the
    /// operation.
    pub(super) fn accept(&mut self, report: Report) -> Option<Utf8Bytes> {
        let operation = self.running.get_mut(&report.id);
        let operation = operation.filter(|operation| operation.number == report.number)?;
        match report.what {
            What::Short => {
                operation.short = true;
                None
            }
            What::Message(message) => {
                // The end follows without anything that has to be waited for.
                operation.short = false;
                Some(message)
            }
            What::End(message) => {
                self.running.remove(&report.id);
                Some(message)
            }
        }
    }
}

struct Reporter {
    id: String,
    number: u64,
    reports: mpsc::Sender<Report>,
}

impl Reporter {
    /// Whether the connection is still there.
    async fn report(&self, what: What) -> bool {
        let report = Report { id: self.id.clone(), number: self.number, what };
        self.reports.send(report).await.is_ok()
    }

    async fn next(&self, body: &[u8]) -> bool {
        self.report(What::Message(message::next(&self.id, body))).await
    }

    async fn error(&self, body: &[u8]) {
        self.report(What::End(message::error(&self.id, body))).await;
    }

    async fn complete(&self) {
        self.report(What::End(message::complete(&self.id))).await;
    }
}

async fn run(edge: Arc<Edge>, parameters: Parameters, reporter: Reporter) {
    let deadline = Instant::now() + graph::REQUEST_TIMEOUT;
    match edge.plan(parameters, deadline).await {
        Err(refusal) => reporter.error(&refusal.body()).await,
        Ok(Answer::Once { mutates, response }) => {
            // The router waits for it when it stops.
            let _running = edge.connections.running.token();
            reporter.report(What::Short).await;
            match edge.execute(mutates, response, deadline).await {
                Ok(response) => {
                    reporter.next(&response.body).await;
                    reporter.complete().await;
                }
                Err(problem) => reporter.error(&problem.body()).await,
            }
        }
        Ok(Answer::Stream(mut events)) => {
            while let Some(event) = next_event(&mut events).await {
                match event {
                    Ok(event) if reporter.next(&event.body).await => {}
                    Ok(_) => return,
                    Err(problem) => return reporter.error(&problem.body()).await,
                }
            }
            reporter.complete().await;
        }
    }
}
