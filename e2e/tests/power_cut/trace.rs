//! What strace wrote, as changes of the files of one directory.
//!
//! A call that another thread interrupts is on two lines. A write counts from the first of them,
//! because parts of it may reach the disk from then on; a sync counts from the second, and for what
//! was written before the first.

use std::path::Path;

/// Databases and what belongs to them. The index of the write-ahead log (`-shm`) does not: it is
/// made anew from the log.
const FILES: [&str; 3] = [".db", ".db-wal", ".db-journal"];
/// Calls that would change a file in a way that is not read here.
const UNREAD: [&str; 4] = ["write", "pwritev", "pwritev2", "rename"];

/// A call, and when it was made.
#[derive(Debug)]
pub(crate) struct Event {
    /// Microseconds of the wall clock.
    pub(crate) at: i64,
    pub(crate) call: Call,
}

/// Files are named without their directory; the directory itself is "".
#[derive(Debug)]
pub(crate) enum Call {
    /// Opened, and created if it was not there.
    Open {
        file: String,
    },
    Write {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        length: usize,
    },
    Delete {
        file: String,
    },
    /// By this thread.
    SyncBegins {
        file: String,
        thread: u32,
    },
    SyncEnds {
        thread: u32,
    },
}

/// The calls about `directory`, in the order in which they were made.
pub(crate) fn parse(trace: &str, directory: &Path) -> Vec<Event> {
    trace.lines().flat_map(|line| events(line, directory)).collect()
}

fn events(line: &str, directory: &Path) -> Vec<Event> {
    let (thread, rest) = line.split_once(' ').unwrap_or_else(|| panic!("{line}"));
    let (time, call) = rest.trim_start().split_once(' ').unwrap_or_else(|| panic!("{line}"));
    let at = time.replace('.', "").parse().unwrap_or_else(|error| panic!("{error}: {line}"));
    let thread = thread.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
    let calls = calls(call, thread, directory);
    calls.into_iter().map(|call| Event { at, call }).collect()
}

fn calls(line: &str, thread: u32, directory: &Path) -> Vec<Call> {
    let resumed = |call| line.starts_with(&format!("<... {call} resumed>"));
    let failed = line.contains(" = -1 ");
    if resumed("fsync") || resumed("fdatasync") || resumed("pwrite64") {
        assert!(!failed, "failed: {line}");
        return if resumed("pwrite64") { Vec::new() } else { vec![Call::SyncEnds { thread }] };
    }
    let Some((name, arguments)) = line.split_once('(') else { return Vec::new() };
    let path = match name {
        // The first text is the name; of the directory in front of it only the number is needed.
        "openat" | "unlink" | "unlinkat" | "rename" => text(arguments),
        "fsync" | "fdatasync" | "ftruncate" | "pwrite64" | "write" | "pwritev" | "pwritev2" => {
            between(arguments, '<', '>').map(bytes)
        }
        _ => None,
    };
    let path = path.map(|path| String::from_utf8(path).unwrap());
    let Some(file) = path.and_then(|path| file_of(&path, directory)) else { return Vec::new() };
    assert!(!UNREAD.contains(&name), "not understood: {line:.200}");
    match name {
        // What is not there is not an error of the disk.
        "openat" | "unlink" | "unlinkat" if failed => Vec::new(),
        _ if failed => panic!("failed: {line:.200}"),
        "openat" if arguments.contains("O_CREAT") => vec![Call::Open { file }],
        "unlink" | "unlinkat" => vec![Call::Delete { file }],
        "ftruncate" => vec![Call::Truncate { file, length: last_number(arguments) }],
        "pwrite64" => {
            let bytes = text(arguments).unwrap_or_else(|| panic!("{line:.200}"));
            vec![Call::Write { file, offset: last_number(arguments), bytes }]
        }
        "fsync" | "fdatasync" => {
            let ended = (!line.contains("<unfinished")).then_some(Call::SyncEnds { thread });
            [Call::SyncBegins { file, thread }].into_iter().chain(ended).collect()
        }
        _ => Vec::new(),
    }
}

fn file_of(path: &str, directory: &Path) -> Option<String> {
    let inside = Path::new(path).strip_prefix(directory).ok()?.to_str()?;
    let known = inside.is_empty() || FILES.iter().any(|end| inside.ends_with(end));
    known.then(|| inside.to_owned())
}

/// The bytes of the first text among the arguments.
fn text(arguments: &str) -> Option<Vec<u8>> {
    between(arguments, '"', '"').map(bytes)
}

fn between(text: &str, open: char, close: char) -> Option<&str> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close).map(|(inside, _)| inside)
}

/// Every byte is written as `\x2f`.
fn bytes(text: &str) -> Vec<u8> {
    let byte = |digits: &str| u8::from_str_radix(digits, 16);
    let bytes = text.split("\\x").skip(1).map(byte).collect::<Result<_, _>>();
    bytes.unwrap_or_else(|error| panic!("{error}: {text:.200}"))
}

/// The last argument of a call, whether or not its result follows.
fn last_number(arguments: &str) -> usize {
    // Of `17<\x2f…>, 4096) = 0` what follows the name, of a write what follows the text.
    let (_, tail) = arguments.rsplit_once('"').or_else(|| arguments.split_once('>')).unwrap();
    let tail = tail.split([')', '<']).next().unwrap_or_default();
    let number = tail.rsplit(',').next().unwrap_or_default().trim();
    number.parse().unwrap_or_else(|error| panic!("{error}: {tail}"))
}
