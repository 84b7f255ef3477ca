//! Subgraphs in, one document out. The only module that knows `graphql_composition`.

use crate::ast::Document;
use crate::problem::caught;
use crate::{CONFIG, Config, Problem, SUPERGRAPH, Sdls, kinds};
use graphql_composition::diagnostics::Diagnostic;
use graphql_composition::{Subgraphs, render_federated_sdl};
use hive_router::query_planner::utils::parsing::safe_parse_schema;

pub(crate) fn compose(config: &Config, sdls: &Sdls) -> Result<Document, Vec<Problem>> {
    let mut subgraphs = Subgraphs::default();
    let mut problems = Vec::new();
    for (name, subgraph) in &config.subgraphs {
        let Some(sdl) = sdls.get(name) else { continue };
        let file = subgraph.schema.file_name();
        let url = Some(subgraph.routing_url.as_str());
        match caught(|| subgraphs.ingest_str(sdl, name, url)) {
            Ok(Ok(())) => {}
            // The alternate form points at the line.
            Ok(Err(error)) => {
                let text = format!("{error:#}");
                problems.push(Problem::new(file, text.trim_end()));
            }
            Err(panic) => problems.push(Problem::new(file, format!("the composer {panic}"))),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let problems = kinds::mismatches(config, sdls);
    if !problems.is_empty() {
        return Err(problems);
    }
    let whole = |message: String| vec![Problem::new(CONFIG, message)];
    let result = caught(|| graphql_composition::compose(&mut subgraphs))
        .map_err(|panic| whole(format!("the composer {panic}")))?;
    let problems: Vec<Problem> =
        result.diagnostics().iter().map(|diagnostic| problem(config, diagnostic)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let graph = result.into_result().map_err(|_| whole("does not compose".to_owned()))?;
    let sdl = caught(|| render_federated_sdl(&graph))
        .map_err(|panic| whole(format!("the composer {panic}")))?
        .map_err(|error| whole(error.to_string()))?;
    safe_parse_schema(&sdl).map_err(|error| vec![Problem::new(SUPERGRAPH, error.to_string())])
}

/// The composer starts some messages with the subgraph's name in brackets: that is the file.
fn problem(config: &Config, diagnostic: &Diagnostic) -> Problem {
    let message = diagnostic.message();
    let named = message.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let file = named.and_then(|(name, text)| Some((config.file(name)?, text)));
    let (file, text) = file.unwrap_or_else(|| (CONFIG.to_owned(), message));
    Problem::new(file, text.trim_start_matches([':', ' ']))
}
