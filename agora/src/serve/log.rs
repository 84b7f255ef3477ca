//! The log: one format for every role, on standard error.

use anyhow::Context as _;
use std::io::IsTerminal;
use std::time::Duration;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::FilterExt;
use tracing_subscriber::layer::{Context, Filter, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};
use tracing_throttle::{Policy, TracingRateLimitLayer};

/// What is logged when `--log` is not given.
const DEFAULT_FILTER: &str = "warn";
/// A warning or error with the same cause is logged once within this time.
const REPEAT_WINDOW: Duration = Duration::from_secs(10);
/// Causes that are remembered for that; the least recent one is forgotten first.
const REMEMBERED_CAUSES: usize = 1_000;
/// Fields that say where an error was met, not what caused it.
const PLACES: [&str; 4] = ["path", "reservation.id", "user.id", "product"];

/// Installs the process's subscriber: text on a terminal, otherwise one JSON object per line.
///
/// # Errors
/// When `filter` is not in the notation of `RUST_LOG`.
pub(super) fn start(filter: Option<&str>) -> anyhow::Result<()> {
    let filter = filter.filter(|filter| !filter.trim().is_empty()).unwrap_or(DEFAULT_FILTER);
    let levels = EnvFilter::try_new(filter).context("--log is not a log filter")?;
    let throttle = TracingRateLimitLayer::builder()
        .with_policy(Policy::time_window(1, REPEAT_WINDOW)?)
        .with_max_signatures(REMEMBERED_CAUSES)
        .with_excluded_fields(PLACES.map(str::to_owned).to_vec())
        .build()?;
    let output = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let format = match std::io::stderr().is_terminal() {
        true => output.boxed(),
        false => output.json().flatten_event(true).boxed(),
    };
    let layer = format.with_filter(levels.and(Warnings(throttle)));
    tracing_subscriber::registry().with(layer).init();
    Ok(())
}

/// Applies a filter to warnings and errors only: who asks for more wants to see all of it.
struct Warnings<F>(F);

impl<S, F> Filter<S> for Warnings<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: Filter<S>,
{
    fn enabled(&self, metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        self.0.enabled(metadata, context)
    }

    fn event_enabled(&self, event: &Event<'_>, context: &Context<'_, S>) -> bool {
        *event.metadata().level() > Level::WARN || self.0.event_enabled(event, context)
    }
}
