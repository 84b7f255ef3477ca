//! Runs a command with a PostgreSQL server for tests beside it: `with-postgres COMMAND [ARGUMENT…]`.
//!
//! One server for a whole `cargo test` run is cheaper than one for each test binary.

use std::process::{Command, ExitCode};
use testing::postgres;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: with-postgres COMMAND [ARGUMENT…]");
        return ExitCode::FAILURE;
    };
    let mut command = Command::new(&program);
    command.args(arguments);
    if let Some(url) = postgres::server() {
        command.env(postgres::VARIABLE, url.as_str());
    }
    match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("{}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}
