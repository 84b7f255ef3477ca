//! Fault points: named places at which a test makes this process die, or a call go wrong.
//!
//! Without the feature `fault-points` all of this compiles to nothing. With it three variables of
//! the environment say what happens:
//!
//! - `AGORA_CRASH_AT=<point>`: the process gets SIGKILL when it comes to that point.
//! - `AGORA_POINTS_FILE=<path>`: each point that the process comes to is a line of that file.
//! - `FAILPOINTS=call=5%return(lost)->5%return(late)`: what happens to calls between subgraphs, in
//!   the crate `fail`'s own syntax. A call can be `lost`, `late` (its caller has given up when it
//!   arrives), `twice`, or its `answer lost`.

/// Awaits one durable step or one call of a flow. `<name> before` and `<name> after` are fault
/// points; tests find every name by looking for this macro in the sources.
#[macro_export]
macro_rules! step {
    ($name:literal, $future:expr) => {{
        $crate::fault::point(concat!($name, " before"));
        let outcome = $future.await;
        $crate::fault::point(concat!($name, " after"));
        outcome
    }};
}

/// What becomes of a call to another subgraph.
#[cfg_attr(not(feature = "fault-points"), expect(dead_code, reason = "only tests break calls"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallFault {
    /// It never arrives.
    Lost,
    /// It arrives when its caller has given up.
    Late,
    /// It arrives twice.
    Twice,
    /// It arrives, its answer does not.
    AnswerLost,
}

#[cfg(feature = "fault-points")]
mod armed {
    use super::CallFault;
    use fail::{FailScenario, fail_point};
    use rustix::process::{Signal, getpid, kill_process};
    use std::fs::File;
    use std::io::Write;
    use std::sync::OnceLock;

    /// Where points are written that the process comes to.
    static POINTS: OnceLock<File> = OnceLock::new();

    /// Reads the environment and arms what it names.
    ///
    /// # Errors
    /// When `AGORA_CRASH_AT` is no name of a point, or `AGORA_POINTS_FILE` cannot be written.
    pub fn arm() -> Result<(), String> {
        // Until the process ends: dropping it would disarm everything.
        std::mem::forget(FailScenario::setup());
        if let Some(path) = std::env::var_os("AGORA_POINTS_FILE") {
            let file = File::options().create(true).append(true).open(path);
            let _ = POINTS.set(file.map_err(|error| format!("AGORA_POINTS_FILE: {error}"))?);
        }
        match std::env::var("AGORA_CRASH_AT") {
            Ok(point) => fail::cfg_callback(point, die),
            Err(_) => Ok(()),
        }
    }

    /// Comes to the point of this name.
    pub fn point(name: &str) {
        if let Some(mut points) = POINTS.get() {
            // One write a line: they are not mixed up.
            let _ = points.write_all(format!("{name}\n").as_bytes());
        }
        fail_point!(name);
    }

    /// What a test makes of the next call.
    pub(crate) fn of_call() -> Option<CallFault> {
        fail_point!("call", |fault: Option<String>| match fault.as_deref() {
            Some("lost") => Some(CallFault::Lost),
            Some("late") => Some(CallFault::Late),
            Some("twice") => Some(CallFault::Twice),
            Some("answer lost") => Some(CallFault::AnswerLost),
            _ => None,
        });
        None
    }

    fn die() {
        // As `kill -9` does it: nothing is flushed, nothing is dropped.
        let _ = kill_process(getpid(), Signal::KILL);
        loop {
            std::thread::park();
        }
    }
}

#[cfg(not(feature = "fault-points"))]
mod armed {
    use super::CallFault;

    const VARIABLES: [&str; 3] = ["AGORA_CRASH_AT", "AGORA_POINTS_FILE", "FAILPOINTS"];

    /// Nothing can be armed in this build.
    ///
    /// # Errors
    /// When the environment asks for it: a proof that proves nothing must not pass.
    pub fn arm() -> Result<(), String> {
        match VARIABLES.iter().find(|name| std::env::var_os(name).is_some()) {
            Some(name) => Err(format!(
                "{name} is set, but this program has no fault points: \
                 build it with --features chassis/fault-points"
            )),
            None => Ok(()),
        }
    }

    /// Nothing happens in this build.
    #[inline]
    pub fn point(_: &str) {}

    #[inline]
    pub(crate) fn of_call() -> Option<CallFault> {
        None
    }
}

pub(crate) use armed::of_call;
pub use armed::{arm, point};
