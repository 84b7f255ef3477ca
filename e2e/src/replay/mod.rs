//! Plays a recording of the REST contract and tells what is answered otherwise.

mod compare;
mod recording;
mod relations;

pub use recording::{Control, ControlStep, Step, parse};

use crate::http::{Answer, Request};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use compare::{differences, short};
use recording::{Exchange, Wanted};
use relations::Saved;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Pause before something that takes a while is asked for again.
const PAUSE: Duration = Duration::from_millis(100);
/// The most text of a body that a failure shows.
const SHOWN: usize = 300;
/// The most differences of one exchange that a failure names.
const NAMED: usize = 4;

/// The services that a recording is played against.
pub trait Services {
    /// The address of a service.
    fn base(&self, service: &str) -> String;

    /// Stops a service or starts it again on the same data, and comes back when that is done.
    fn control(&mut self, step: &ControlStep) -> impl Future<Output = ()>;
}

/// Plays all of it; answers how many exchanges passed, and one line for each that did not.
pub async fn play(steps: &[Step], services: &mut impl Services) -> (usize, Vec<String>) {
    let mut saved = Saved::default();
    let (mut passed, mut failures) = (0, Vec::new());
    for step in steps {
        match step {
            Step::Control(step) => services.control(step).await,
            Step::Exchange(exchange) => {
                let base = services.base(&exchange.service);
                match exchange.play(&base, &mut saved).await {
                    None => passed += 1,
                    Some(failure) => failures.push(failure),
                }
            }
        }
    }
    (passed, failures)
}

impl Exchange {
    /// Sends it, for as long as it may take; answers what was wrong.
    async fn play(&self, base: &str, saved: &mut Saved) -> Option<String> {
        let request = self.request();
        let end = Instant::now() + Duration::from_secs(self.within_s);
        loop {
            let answer = request.send(base).await;
            let problems = match &answer {
                Ok(answer) => self.problems(answer),
                Err(error) => vec![format!("no answer: {error}")],
            };
            if !problems.is_empty() && Instant::now() < end {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let related = answer.as_ref().map(|answer| saved.relate(self, &value(answer)));
            let problems = [problems, related.unwrap_or_default()].concat();
            return (!problems.is_empty()).then(|| self.failure(&problems, answer.as_ref().ok()));
        }
    }

    fn request(&self) -> Request {
        let headers = self.headers.iter();
        let request = headers.fold(Request::new(&self.method, &self.path), |request, header| {
            request.header(header.0, header.1)
        });
        if let Some(body) = &self.body {
            let typed = request.has("content-type");
            let request =
                if typed { request } else { request.header("Content-Type", "application/json") };
            return request.body(body.get());
        }
        if let Some(encoded) = &self.raw_body_b64 {
            let bytes = BASE64_STANDARD.decode(encoded);
            return request.body(bytes.unwrap_or_else(|error| panic!("{}: {error}", self.id)));
        }
        match &self.raw_body {
            Some(text) => request.body(text.as_str()),
            None => request,
        }
    }

    fn problems(&self, answer: &Answer) -> Vec<String> {
        let against = |wanted: &Wanted| differences(wanted, &self.volatile, answer);
        let problems = against(self.wanted());
        // Of two answers that are equally good it may be the original's.
        if self.quirk && against(&self.expect).is_empty() { Vec::new() } else { problems }
    }

    fn failure(&self, problems: &[String], answer: Option<&Answer>) -> String {
        let wanted = self.wanted();
        let body = wanted.body.as_ref().map_or_else(|| "anything".to_owned(), |b| short(b, SHOWN));
        let got = answer.map_or_else(
            || "nothing".to_owned(),
            |answer| format!("{} {}", answer.status, short(&value(answer), SHOWN)),
        );
        format!(
            "{} [{}] {} {} {}: {} | wanted {:?} {body} | got {got}",
            self.id,
            self.group,
            self.service,
            self.method,
            self.path,
            problems[..problems.len().min(NAMED)].join("; "),
            wanted.status.as_slice(),
        )
    }
}

fn value(answer: &Answer) -> Value {
    compare::body(answer).1
}
