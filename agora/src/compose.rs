//! `agora compose`: the committed schema files, from the code.

use crate::cli;
use anyhow::bail;
use composition::{Problem, Sdls, files};

/// Each subgraph's SDL, as its code says.
pub(crate) fn sdls() -> Sdls {
    let subgraphs = [
        (user::NAME, user::sdl()),
        (product::NAME, product::sdl()),
        (inventory::NAME, inventory::sdl()),
        (order::NAME, order::sdl()),
    ];
    subgraphs.into_iter().map(|(name, sdl)| (name.to_owned(), sdl)).collect()
}

pub(crate) fn compose(arguments: &cli::Compose) -> anyhow::Result<()> {
    if arguments.check {
        let report = files::check(&arguments.root, &sdls(), arguments.base.as_deref());
        for note in &report.notes {
            eprintln!("note: {note}");
        }
        return failed(&report.problems);
    }
    match files::write(&arguments.root, &sdls()) {
        Ok(written) => {
            for file in &written.changed {
                eprintln!("wrote {file}");
            }
            for change in &written.breaking {
                eprintln!("note: this breaks clients: {change}");
            }
            Ok(())
        }
        Err(problems) => failed(&problems),
    }
}

fn failed(problems: &[Problem]) -> anyhow::Result<()> {
    for problem in problems {
        eprintln!("{problem}");
    }
    match problems.len() {
        0 => Ok(()),
        1 => bail!("the graph has a problem"),
        count => bail!("the graph has {count} problems"),
    }
}
