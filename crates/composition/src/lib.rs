#![doc = include_str!("../README.md")]
// The planner's generic types nest deeper than the default allows.
#![recursion_limit = "256"]

mod api;
mod ast;
mod breaking;
mod changelog;
mod compose;
mod config;
pub mod files;
mod gateways;
mod history;
mod kinds;
mod mend;
mod plan;
mod print;
mod problem;
mod satisfiability;
mod subgraph;

pub use breaking::{Breaking, breaking_changes};
pub use changelog::unlisted;
pub use config::{Config, SchemaConfig, SubgraphConfig};
pub use plan::PlanError;
pub use problem::Problem;

use plan::Plans;
use std::collections::BTreeMap;

/// The composition's input, at the project's root.
pub const CONFIG: &str = "supergraph.yaml";
/// The composed graph with its federation directives, which the router loads.
pub const SUPERGRAPH: &str = "schema/supergraph.graphql";
/// The graph without them, which clients see.
pub const API: &str = "schema/api.graphql";

/// Each subgraph's SDL by its name in `supergraph.yaml`.
pub type Sdls = BTreeMap<String, String>;

/// A graph that composed and whose every field can be reached.
pub struct Composition {
    config: Config,
    sdls: Sdls,
    supergraph: String,
    api: String,
    plans: Plans,
}

impl Composition {
    /// Composes `sdls` as the text of `supergraph.yaml` says.
    ///
    /// Fails with every problem found: a subgraph that is not configured or not given, SDL that
    /// does not parse, subgraphs that do not fit together (warnings count), and fields that no
    /// plan reaches.
    pub fn new(yaml: &str, sdls: &Sdls) -> Result<Self, Vec<Problem>> {
        let config = Config::parse(yaml)?;
        config.check_names(sdls)?;
        let sdls: Sdls =
            sdls.iter().map(|(name, sdl)| (name.clone(), subgraph::tidy(sdl))).collect();
        let composed = compose::compose(&config, &sdls)?;
        let supergraph = gateways::for_gateways(mend::for_hive(composed));
        let plans = Plans::new(&supergraph).map_err(|problem| vec![problem])?;
        let unreachable = satisfiability::unreachable(&plans);
        if !unreachable.is_empty() {
            return Err(unreachable);
        }
        let api = print::document(&api::of(plans.schema()));
        Ok(Self { config, sdls, supergraph: print::document(&supergraph), api, plans })
    }

    /// The text of `schema/supergraph.graphql`.
    pub fn supergraph(&self) -> &str {
        &self.supergraph
    }

    /// The text of `schema/api.graphql`.
    pub fn api(&self) -> &str {
        &self.api
    }

    /// How the router would execute `operation`, as an indented tree.
    pub fn plan(&self, operation: &str) -> Result<String, PlanError> {
        self.plans.plan(operation)
    }

    /// Every file that is written from this graph, by its path from the project's root.
    pub fn files(&self) -> BTreeMap<String, &str> {
        let subgraphs = self.config.subgraphs.iter().filter_map(|(name, subgraph)| {
            Some((subgraph.schema.file_name(), self.sdls.get(name)?.as_str()))
        });
        let whole = [(SUPERGRAPH.to_owned(), self.supergraph()), (API.to_owned(), self.api())];
        subgraphs.chain(whole).collect()
    }
}
