//! What was done, line by line, for whoever must find out what went wrong.

use super::Setup;
use std::collections::VecDeque;
use std::fmt;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// Lines that a failure shows; all of them are in the file.
const SHOWN: usize = 60;

/// A file of lines. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct History(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    start: Option<Instant>,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    last: VecDeque<String>,
}

impl History {
    /// Begins a new file in the directory for temporary files.
    pub(super) fn create(setup: Setup, seed: u64) -> Self {
        let directory = std::env::temp_dir().join("agora-soak");
        let path = directory.join(format!("{setup}-{seed}.log"));
        let file = fs::create_dir_all(&directory).and_then(|()| File::create(&path));
        // Without a file the last lines must do.
        let file = file.ok().map(BufWriter::new);
        let lines = Lines { start: Some(Instant::now()), path, file, last: VecDeque::new() };
        Self(Arc::new(Mutex::new(lines)))
    }

    /// Removes the file: nobody has to find anything out.
    pub(super) fn discard(&self) {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = fs::remove_file(&lines.path);
    }

    /// Adds a line.
    pub(super) fn note(&self, text: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let millis = lines.start.map_or(0, |start| start.elapsed().as_millis());
        let line = format!("{millis:>8} ms {text}");
        if let Some(file) = &mut lines.file {
            let _ = writeln!(file, "{line}");
        }
        if lines.last.len() == SHOWN {
            lines.last.pop_front();
        }
        lines.last.push_back(line);
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut lines.file {
            let _ = file.flush();
        }
        for line in &lines.last {
            writeln!(f, "{line}")?;
        }
        write!(f, "the whole history: {}", lines.path.display())
    }
}
