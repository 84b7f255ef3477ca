//! `supergraph.yaml`, in rover's format.

use crate::{CONFIG, Problem, Sdls};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Component;
use std::path::PathBuf;

/// The composition's input: which subgraphs there are, where they answer, where their SDL is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// For other tools that read the file: the version of federation that the subgraphs use.
    pub federation_version: String,
    /// Subgraphs by name.
    pub subgraphs: BTreeMap<String, SubgraphConfig>,
}

/// One subgraph.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubgraphConfig {
    /// Where the router sends its operations unless told otherwise.
    pub routing_url: String,
    /// Where its SDL is.
    pub schema: SchemaConfig,
}

/// Where a subgraph's SDL is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaConfig {
    /// Path from the directory of `supergraph.yaml`.
    pub file: PathBuf,
}

impl SchemaConfig {
    /// The path as it is shown and compared: without a leading `./`, with `/`.
    pub fn file_name(&self) -> String {
        let parts = self.file.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

impl Config {
    /// Reads the text of `supergraph.yaml`.
    pub fn parse(yaml: &str) -> Result<Self, Vec<Problem>> {
        let problem = |error: serde_yaml_ng::Error| vec![Problem::new(CONFIG, error.to_string())];
        // Only the untyped reading notices a subgraph that is named twice.
        serde_yaml_ng::from_str::<serde_yaml_ng::Value>(yaml).map_err(problem)?;
        let config: Self = serde_yaml_ng::from_str(yaml).map_err(problem)?;
        let problems = config.problems();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.subgraphs.is_empty() {
            problems.push(Problem::new(CONFIG, "names no subgraph"));
        }
        for (name, subgraph) in &self.subgraphs {
            let url = url::Url::parse(&subgraph.routing_url);
            if !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
                let url = &subgraph.routing_url;
                let message = format!("subgraph {name}: routing_url {url:?} is no http URL");
                problems.push(Problem::new(CONFIG, message));
            }
            let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
            if !subgraph.schema.file.components().all(inside) {
                let file = subgraph.schema.file.display();
                let message = format!("subgraph {name}: {file} is outside of the project");
                problems.push(Problem::new(CONFIG, message));
            }
        }
        problems
    }

    /// Whether the subgraphs named here and the `sdls` given are the same ones.
    pub(crate) fn check_names(&self, sdls: &Sdls) -> Result<(), Vec<Problem>> {
        let missing = self.subgraphs.iter().filter(|(name, _)| !sdls.contains_key(*name));
        let missing = missing.map(|(name, subgraph)| {
            let message = format!("there is no SDL of the subgraph {name}");
            Problem::new(subgraph.schema.file_name(), message)
        });
        let unknown = sdls.keys().filter(|name| !self.subgraphs.contains_key(*name));
        let unknown =
            unknown.map(|name| Problem::new(CONFIG, format!("does not name the subgraph {name}")));
        let problems: Vec<Problem> = missing.chain(unknown).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The file of the subgraph of this name.
    pub(crate) fn file(&self, subgraph: &str) -> Option<String> {
        self.subgraphs.get(subgraph).map(|subgraph| subgraph.schema.file_name())
    }
}
