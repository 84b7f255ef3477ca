//! Systems that bring nothing: no CA certificates, no HOME, nothing but the C library.

use crate::probe::{DEADLINE, status};
use e2e::parts::free_port;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::Stdio;
use tempfile::TempDir;
use testing::{Agora, skipped, wait_until};
use tokio::process::{Child, Command};

/// An account that no system has.
const ACCOUNT: u32 = 47_110;

#[tokio::test]
async fn every_role_becomes_ready_without_ca_certificates() {
    for role in ["all", "router", "order", "rest"] {
        let options = Agora::options().argument("--role").argument(role);
        let options = options.variable("SSL_CERT_FILE", "/nonexistent");
        let part = options.variable("SSL_CERT_DIR", "/nonexistent").start().await;
        if role == "all" {
            let answer = part.data("{ users { totalCount } }", Value::Null).await;
            assert_eq!(answer["users"]["totalCount"], 0);
        }
    }
}

/// A root directory with the program, the libraries that it names, and a directory for its data.
struct Root(TempDir);

impl Root {
    async fn make() -> Self {
        let root = TempDir::with_prefix("agora-root-").unwrap();
        let program = testing::agora::binary();
        fs::copy(program, root.path().join("agora")).unwrap();
        let libraries = Command::new("ldd").arg(program).output().await.unwrap();
        for line in String::from_utf8(libraries.stdout).unwrap().lines() {
            let path = line.split_whitespace().find(|word| word.starts_with('/'));
            let Some(path) = path.map(PathBuf::from) else { continue };
            let copy = root.path().join(path.strip_prefix("/").unwrap());
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(&path, &copy).unwrap();
        }
        let data = root.path().join("data");
        fs::create_dir(&data).unwrap();
        chown(&data, Some(ACCOUNT), Some(ACCOUNT)).unwrap();
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o555)).unwrap();
        Self(root)
    }

    fn serve(&self, port: u16, rest: [u16; 4]) -> Child {
        let mut command = Command::new("chroot");
        command.arg(format!("--userspec={ACCOUNT}:{ACCOUNT}")).arg(self.0.path());
        command.args(["/agora", "serve", "--data-dir", "/data", "--port", &port.to_string()]);
        command.arg("--rest-ports").arg(rest.map(|port| port.to_string()).join(","));
        // `chroot` is not where everybody looks for programs.
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        command.stderr(fs::File::create(self.log()).unwrap()).spawn().unwrap()
    }

    fn log(&self) -> PathBuf {
        // Not below the root: there it may write to /data only.
        self.0.path().with_extension("log")
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.log());
        let _ = fs::set_permissions(self.0.path(), fs::Permissions::from_mode(0o755));
    }
}

#[tokio::test]
async fn it_runs_as_any_account_in_a_root_that_holds_nothing_but_the_c_library() {
    if fs::metadata("/proc/self").map(|file| is_root(&file)).ok() != Some(true) {
        return skipped("the start in a bare root", "only root may change the root directory");
    }
    let root = Root::make().await;
    let (port, rest) = (free_port(), [(); 4].map(|()| free_port()));
    let mut process = root.serve(port, rest);
    let base = format!("http://127.0.0.1:{port}");
    wait_until(DEADLINE, || {
        let ended = process.try_wait().unwrap();
        assert!(ended.is_none(), "{ended:?}: {}", fs::read_to_string(root.log()).unwrap());
        async { status(&base, "/readiness").await == Some(200) }
    })
    .await;

    // With the sample data, as a first start anywhere.
    let query = json!({ "query": "{ users { totalCount } }" });
    let request = e2e::http::Request::new("POST", "/graphql").json(&query);
    wait_until(DEADLINE, || async {
        let answer = request.clone().send(&base).await.unwrap().json();
        answer["data"]["users"]["totalCount"] == 2
    })
    .await;
    let rest = format!("http://127.0.0.1:{}", rest[1]);
    wait_until(DEADLINE, || async { status(&rest, "/products/").await == Some(200) }).await;

    terminate(&process).await;
    let ended = tokio::time::timeout(DEADLINE, process.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0), "{}", fs::read_to_string(root.log()).unwrap());
}

fn is_root(file: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(file) == 0
}

async fn terminate(process: &Child) {
    let id = process.id().unwrap().to_string();
    let kill = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().await;
    assert!(kill.unwrap().success());
}
