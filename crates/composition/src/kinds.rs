//! Whether the subgraphs mean the same kind of thing by a name.
//!
//! The composer asks that of most kinds, but takes a scalar and an object of one name for a
//! scalar, and the object's fields are gone.

use crate::{Config, Problem, Sdls};
use cynic_parser::type_system::{Definition, TypeDefinition};
use std::collections::BTreeMap;

pub(crate) fn mismatches(config: &Config, sdls: &Sdls) -> Vec<Problem> {
    let mut first: BTreeMap<String, (&'static str, &str)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (subgraph, sdl) in sdls {
        // What does not parse has been reported by the composer.
        let Ok(document) = cynic_parser::parse_type_system_document(sdl) else { continue };
        for definition in document.definitions() {
            let (Definition::Type(definition) | Definition::TypeExtension(definition)) = definition
            else {
                continue;
            };
            let (name, here) = (definition.name(), kind(&definition));
            let (there, owner) = *first.entry(name.to_owned()).or_insert((here, subgraph));
            if here != there {
                let file = config.file(subgraph).unwrap_or_default();
                let message = format!("{name} is {here} here and {there} in {owner}");
                problems.push(Problem::new(file, message));
            }
        }
    }
    problems
}

fn kind(definition: &TypeDefinition<'_>) -> &'static str {
    match definition {
        TypeDefinition::Scalar(_) => "a scalar",
        TypeDefinition::Object(_) => "a type",
        TypeDefinition::Interface(_) => "an interface",
        TypeDefinition::Union(_) => "a union",
        TypeDefinition::Enum(_) => "an enum",
        TypeDefinition::InputObject(_) => "an input",
    }
}
