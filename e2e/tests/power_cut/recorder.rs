//! A shop under strace.

use crate::DEADLINE;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::NamedTempFile;
use testing::agora::{Options, binary};
use testing::{Agora, skipped, wait_until};

/// Whether programs can be watched here; says why not.
pub(crate) fn can_be_recorded() -> bool {
    let mut probe = Command::new("strace");
    probe.args(["-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
    let reason = match probe.output() {
        Ok(output) if output.status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("strace does not start: {error}"),
    };
    skipped("the power-cut test", reason);
    false
}

/// A shop whose writes are recorded, from its start to its end.
pub(crate) struct Recorded {
    pub(crate) shop: Agora,
    log: NamedTempFile,
}

impl Recorded {
    pub(crate) async fn start(options: Options) -> Self {
        let log = NamedTempFile::new().unwrap();
        let recorder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/power_cut/record.sh");
        let shop = options
            .binary(recorder)
            .variable("PROGRAM", binary().to_string_lossy())
            .variable("TRACE", log.path().to_string_lossy())
            .start()
            .await;
        Self { shop, log }
    }

    /// Stops the shop; answers what strace wrote.
    pub(crate) async fn end(mut self) -> String {
        let process = self.shop.id();
        assert!(self.shop.terminate().await.success(), "{}", self.shop.output());

        // The recorder ends after the program.
        let trace = || fs::read_to_string(self.log.path()).unwrap_or_default();
        let ended = format!("\n{process} ");
        wait_until(DEADLINE, async || {
            trace()
                .rsplit_once(&ended)
                .is_some_and(|(_, last)| last.contains("+++ exited with 0 +++\n"))
        })
        .await;
        trace()
    }
}
