//! What goes wrong: a disk that is full, a file that nobody may write, a lock that is not ours.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use testing::Agora;
use testing::agora::Options;

/// A small file system of its own, gone when this is dropped.
pub(crate) struct Disk {
    directory: TempDir,
}

impl Disk {
    /// Mounts one of so many MiB.
    pub(crate) fn mount(mebibytes: u32) -> Result<Self, String> {
        let directory = TempDir::with_prefix("agora-disk-").map_err(|error| error.to_string())?;
        let options = format!("size={mebibytes}m,mode=0777");
        let mut mount = as_root("mount", directory.path());
        mount.args(["-t", "tmpfs", "-o", &options, "agora-test"]).arg(directory.path());
        succeed(mount)?;
        Ok(Self { directory })
    }

    /// An Agora that keeps its databases here.
    pub(crate) fn options(&self) -> Options {
        Agora::options().argument("--database-url").argument(self.url())
    }

    /// Where that Agora's databases are.
    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.directory.path().join("databases").display())
    }

    /// Takes every byte that is left.
    pub(crate) fn fill(&self) -> Ballast {
        let path = self.directory.path().join("ballast");
        let mut file = File::create(&path).unwrap();
        let mut bytes: &[u8] = &[1; 64 * 1024];
        while !bytes.is_empty() {
            match file.write(bytes) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => {
                    bytes = &bytes[..bytes.len() / 2];
                }
                Err(error) => panic!("cannot fill the disk: {error}"),
            }
        }
        Ballast(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mut unmount = as_root("umount", self.directory.path());
        // Lazily: a process that was killed a moment ago may still be on its way out.
        let _ = succeed({
            unmount.arg("-l").arg(self.directory.path());
            unmount
        });
    }
}

/// What fills a disk, until it is dropped.
pub(crate) struct Ballast(PathBuf);

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Files that nobody can write, not even root through a handle that is open, until this is dropped.
pub(crate) struct Immutable(Vec<PathBuf>);

impl Immutable {
    pub(crate) fn set(files: Vec<PathBuf>) -> Result<Self, String> {
        let frozen = Self(files);
        for file in &frozen.0 {
            let mut change = as_root("chattr", file);
            change.arg("+i").arg(file);
            succeed(change)?;
        }
        Ok(frozen)
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        for file in &self.0 {
            let mut change = as_root("chattr", file);
            change.arg("-i").arg(file);
            let _ = succeed(change);
        }
    }
}

/// The write lock of a SQLite database, held by this process, which is another than Agora's.
pub(crate) struct Lock(SqliteConnection);

impl Lock {
    pub(crate) async fn take(file: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
        let mut connection = options.disable_statement_logging().connect().await.unwrap();
        sqlx::raw_sql("begin immediate").execute(&mut connection).await.unwrap();
        Self(connection)
    }

    pub(crate) async fn release(mut self) {
        sqlx::raw_sql("rollback").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

/// A command that needs root's rights: ours, or those that `sudo` lends without asking.
fn as_root(program: &str, ours: &Path) -> Command {
    // What we made belongs to us.
    if fs::metadata(ours).is_ok_and(|file| file.uid() == 0) {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    command
}

fn succeed(mut command: Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program} does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} says: {}", errors.trim().replace('\n', " ")))
}
