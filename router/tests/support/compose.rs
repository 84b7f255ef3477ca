//! Just enough composition for the tests; the project's own has all the checks.

use chassis::Subgraph;
use graphql_composition::{Subgraphs, compose, render_federated_sdl};

/// The supergraph of `list`, with the one thing added that hive-router needs and the composition
/// library leaves out: which subgraphs have which root type.
pub(crate) fn supergraph(list: &[&Subgraph]) -> String {
    let mut subgraphs = Subgraphs::default();
    for subgraph in list {
        let url = Some("http://composed/");
        subgraphs.ingest_str(subgraph.sdl(), subgraph.name(), url).unwrap();
    }
    let graph = compose(&mut subgraphs).into_result().expect("the test's subgraphs compose");
    let mut sdl = render_federated_sdl(&graph).unwrap();
    for root in ["Query", "Mutation", "Subscription"] {
        let having: String = list
            .iter()
            .filter(|subgraph| {
                subgraph.sdl().lines().any(|line| {
                    line.trim_start_matches("extend ").starts_with(&format!("type {root} "))
                })
            })
            .map(|subgraph| format!("  @join__type(graph: {})\n", subgraph.name().to_uppercase()))
            .collect();
        let (plain, typed) = (format!("\ntype {root}\n{{"), format!("\ntype {root}\n{having}{{"));
        sdl = sdl.replacen(&plain, &typed, 1);
    }
    sdl
}
