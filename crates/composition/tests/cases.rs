//! Small graphs, right and wrong. A directory under `cases` is one: subgraphs in, and what becomes
//! of them out, either `supergraph.graphql` or `problems.txt`.
#![cfg(test)]

use composition::{Composition, Sdls};
use hive_router::query_planner::state::supergraph_state::SupergraphState;
use hive_router::query_planner::utils::parsing::safe_parse_schema;
use std::path::Path;

const OUTPUTS: [&str; 2] = ["supergraph", "api"];

/// What becomes of a case: the supergraph's text, or the problems one a line.
fn compose(case: &Path) -> Result<Composition, String> {
    let mut sdls = Sdls::new();
    for entry in std::fs::read_dir(case).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_some_and(|kind| kind == "graphql")
            && !OUTPUTS.contains(&name.as_str())
        {
            sdls.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    let subgraphs = sdls.keys().map(|name| {
        format!(
            "  {name}:\n    routing_url: http://{name}/graphql\n    schema:\n      \
             file: ./schema/{name}.graphql\n"
        )
    });
    let subgraphs: String = subgraphs.collect();
    let yaml = format!("federation_version: \"=2.5.0\"\nsubgraphs:\n{subgraphs}");
    Composition::new(&yaml, &sdls).map_err(|problems| {
        problems.iter().map(|problem| format!("{problem}\n")).collect::<String>()
    })
}

fn check(case: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case);
    let expected = |file: &str| std::fs::read_to_string(directory.join(file)).unwrap_or_default();
    match compose(&directory) {
        Ok(composition) => {
            assert_eq!("", expected("problems.txt"), "composed, unexpectedly");
            assert_eq!(composition.supergraph(), expected("supergraph.graphql"));
            assert_eq!(composition.api(), expected("api.graphql"));
        }
        Err(problems) => assert_eq!(problems, expected("problems.txt")),
    }
}

#[test]
fn access_directives_are_linked_so_that_the_router_enforces_them() {
    check("access");
}

#[test]
fn the_router_reads_the_access_directives() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/access");
    let composition = compose(&directory).unwrap_or_else(|problems| panic!("{problems}"));
    let document = safe_parse_schema(composition.supergraph()).unwrap();

    let state = SupergraphState::new(&document);

    let query = state.definitions["Query"].fields();
    assert!(!query["users"].authenticated.is_empty());
    assert!(!query["audit"].requires_scopes.is_empty());
    assert!(query["me"].authenticated.is_empty());
    assert!(!state.definitions["User"].fields()["email"].authenticated.is_empty());
}

#[test]
fn a_warning_of_the_composer_is_an_error() {
    check("warning");
}

#[test]
fn arguments_and_deprecations_and_values_keep_their_texts() {
    check("texts");
}

#[test]
fn what_is_inaccessible_is_in_the_supergraph_only() {
    check("inaccessible");
}

#[test]
fn abstract_types_are_reached_through_their_members() {
    check("abstract");
}

#[test]
fn a_subgraph_that_does_not_parse_is_named_with_the_place() {
    check("syntax");
}

#[test]
fn kinds_that_differ_between_subgraphs_name_the_type() {
    check("kinds");
}

#[test]
fn fields_of_two_owners_name_the_field() {
    check("sharing");
}

#[test]
fn a_field_of_types_that_do_not_fit_names_the_field() {
    check("types");
}

#[test]
fn an_unknown_type_is_named() {
    check("unknown");
}

#[test]
fn a_field_that_no_plan_reaches_is_named_with_the_way_there() {
    check("unreachable");
}

#[test]
fn only_some_ways_to_a_type_reach_a_field() {
    check("one_way");
}

#[test]
fn a_graph_without_queries_is_refused() {
    check("empty");
}

#[test]
fn a_description_counts_whichever_subgraph_has_it() {
    check("owners");
}
