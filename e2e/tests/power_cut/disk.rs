//! A disk whose power can fail: what was synced is on it, what was written since may be.

use crate::trace::Call;
use fastrand::Rng;
use std::collections::{BTreeMap, HashMap};

/// What a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

/// File names and contents, as they are found when the power is back.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

/// What becomes of everything that was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Lost,
    Kept,
    /// Some of it is there, in any order, and of some writes only some sectors.
    Torn,
}

impl Fate {
    pub(crate) const ALL: [Self; 3] = [Self::Lost, Self::Kept, Self::Torn];
}

#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: Vec<File>,
    names: BTreeMap<String, Name>,
    /// Threads that wait for a sync: of which file, and how many of its changes it is about.
    syncing: HashMap<u32, (Option<usize>, usize)>,
}

#[derive(Debug, Default)]
struct File {
    synced: Vec<u8>,
    /// How many changes are in `synced`.
    synced_changes: usize,
    waiting: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { length: usize },
}

/// Which file has a name: on the disk for sure, and for the program. They differ until the
/// directory is synced.
#[derive(Debug, Default)]
struct Name {
    synced: Option<usize>,
    live: Option<usize>,
}

impl Disk {
    /// A disk on which these files are for sure.
    pub(crate) fn with(image: &Image) -> Self {
        let mut disk = Self::default();
        for (name, content) in image {
            let file = Some(disk.files.len());
            disk.files.push(File { synced: content.clone(), ..File::default() });
            disk.names.insert(name.clone(), Name { synced: file, live: file });
        }
        disk
    }

    pub(crate) fn apply(&mut self, call: &Call) {
        match call {
            Call::Open { file } => {
                self.live(file);
            }
            Call::Write { file, offset, bytes } => {
                let change = Change::Write { offset: *offset, bytes: bytes.clone() };
                let file = self.live(file);
                self.files[file].waiting.push(change);
            }
            Call::Truncate { file, length } => {
                let file = self.live(file);
                self.files[file].waiting.push(Change::Truncate { length: *length });
            }
            Call::Delete { file } => self.names.entry(file.clone()).or_default().live = None,
            Call::SyncBegins { file, thread } => {
                let file = (!file.is_empty()).then(|| self.live(file));
                let changes = file.map_or(0, |file| self.files[file].changes());
                self.syncing.insert(*thread, (file, changes));
            }
            Call::SyncEnds { thread } => match self.syncing.remove(thread) {
                Some((Some(file), changes)) => self.files[file].sync(changes),
                Some((None, _)) => self.names.values_mut().for_each(|name| name.synced = name.live),
                // Of a file that is not ours.
                None => {}
            },
        }
    }

    /// The file that a thread waits for; `""` for the directory and for one that has no name now.
    pub(crate) fn synced_by(&self, thread: u32) -> Option<&str> {
        let (file, _) = self.syncing.get(&thread)?;
        let Some(file) = file else { return Some("") };
        let named = self.names.iter().find(|(_, name)| name.live == Some(*file));
        Some(named.map_or("", |(name, _)| name))
    }

    /// What is found after the power failed now, of files whose names begin so.
    pub(crate) fn image(&self, prefix: &str, fate: Fate, rng: &mut Rng) -> Image {
        let mut image = Image::new();
        for (name, file) in self.names.iter().filter(|(name, _)| name.starts_with(prefix)) {
            let file = match fate {
                Fate::Lost => file.synced,
                Fate::Kept => file.live,
                Fate::Torn => *rng.choice([&file.synced, &file.live]).unwrap(),
            };
            if let Some(file) = file {
                image.insert(name.clone(), self.files[file].content(fate, rng));
            }
        }
        image
    }

    fn live(&mut self, name: &str) -> usize {
        let next = self.files.len();
        let file = *self.names.entry(name.to_owned()).or_default().live.get_or_insert(next);
        if file == next {
            self.files.push(File::default());
        }
        file
    }
}

impl File {
    fn changes(&self) -> usize {
        self.synced_changes + self.waiting.len()
    }

    fn sync(&mut self, changes: usize) {
        let count = changes.saturating_sub(self.synced_changes);
        for change in self.waiting.drain(..count) {
            change.apply(&mut self.synced);
        }
        self.synced_changes += count;
    }

    fn content(&self, fate: Fate, rng: &mut Rng) -> Vec<u8> {
        let mut content = self.synced.clone();
        for change in &self.waiting {
            match fate {
                Fate::Lost => {}
                Fate::Kept => change.apply(&mut content),
                Fate::Torn => match rng.u8(..3) {
                    0 => {}
                    1 => change.apply(&mut content),
                    _ => change.tear(&mut content, rng),
                },
            }
        }
        content
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => write(content, *offset, bytes),
            Self::Truncate { length } => content.resize(*length, 0),
        }
    }

    /// Some of its sectors.
    fn tear(&self, content: &mut Vec<u8>, rng: &mut Rng) {
        let Self::Write { offset, bytes } = self else { return };
        let mut start = 0;
        while start < bytes.len() {
            let sector_end = (offset + start) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES - offset;
            let end = sector_end.min(bytes.len());
            if rng.bool() {
                write(content, offset + start, &bytes[start..end]);
            }
            start = end;
        }
    }
}

fn write(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}
