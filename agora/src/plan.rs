//! `agora plan`: how the router would execute a query.

use crate::cli;
use crate::compose::sdls;
use anyhow::{Context, anyhow};
use composition::Composition;
use std::io::{self, Write};

/// Where the subgraphs are does not matter for a plan, but composition wants to know.
const CONFIG: &str = include_str!("../../supergraph.yaml");

pub(crate) fn plan(arguments: &cli::Plan) -> anyhow::Result<()> {
    let operation = match arguments.operation.as_str() {
        "-" => io::read_to_string(io::stdin()).context("cannot read standard input")?,
        text => text.to_owned(),
    };
    let composition = Composition::new(CONFIG, &sdls()).map_err(|problems| {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        anyhow!("the graph does not compose: {}", lines.join("; "))
    })?;
    let tree = composition.plan(&operation)?;
    writeln!(io::stdout(), "{}", tree.trim_end()).context("cannot print")
}
