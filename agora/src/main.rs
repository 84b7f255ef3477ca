//! Agora: an online shop's backend as one federated graph, in one program.
//!
//! This crate is the command line. It reads the configuration, puts the parts together and hands
//! over; it holds no rule of the shop.
#![recursion_limit = "256"]

mod address;
mod cli;
mod client;
mod compose;
mod demo;
mod fill;
mod plan;
mod ready;
mod sample_data;
#[cfg(feature = "serve")]
mod serve;
mod storage;
mod verify;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            // One line, as every other error; it names the flag, which may be on a line of its own.
            let text = error.to_string();
            let lines = text.split("\n\n").next().unwrap_or_default();
            let line = lines.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            eprintln!("agora: {} (see agora --help)", line.trim_start_matches("error: "));
            return ExitCode::FAILURE;
        }
        // Help and version are no errors.
        Err(help) => help.exit(),
    };
    if let Err(error) = chassis::fault::arm() {
        eprintln!("agora: {error}");
        return ExitCode::FAILURE;
    }
    let done = match cli.command {
        None => serve(cli.serve),
        Some(Command::Serve(arguments)) => serve(*arguments),
        Some(Command::Compose(compose)) => compose::compose(&compose),
        Some(Command::Plan(plan)) => plan::plan(&plan),
        Some(Command::Verify(arguments)) => verify::verify(&arguments),
        Some(Command::SampleData(arguments)) if arguments.amounts.any() => fill::run(&arguments),
        Some(Command::SampleData(arguments)) => sample_data::run(&arguments.target),
        Some(Command::Demo(target)) => demo::run(&target),
        Some(Command::Ready(arguments)) => ready::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("agora: {}", one_line(&error));
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "serve")]
fn serve(arguments: cli::Serve) -> anyhow::Result<()> {
    serve::serve(arguments)
}

#[cfg(not(feature = "serve"))]
fn serve(_: cli::Serve) -> anyhow::Result<()> {
    anyhow::bail!("this program was built without the feature `serve`")
}

/// An error and its causes in one line. Some errors repeat their cause; each is said once.
fn one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.ends_with(&cause) {
            line.push_str(": ");
            line.push_str(&cause);
        }
    }
    line.replace('\n', " ")
}
