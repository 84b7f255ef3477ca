//! A subgraph's SDL as its file holds it.
//!
//! The services print `extend schema @link(…)`. Readers of plain GraphQL, the one that types our
//! operations from these files among them, do not know how to extend a schema, so the file
//! defines it, which means the same.

use cynic_parser::type_system::Definition;
use std::collections::BTreeSet;

const INDENT: &str = "  ";
const ROOTS: [(&str, &str); 3] =
    [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")];

/// The same SDL without tabs, blanks at line ends, and extensions of the schema.
pub(crate) fn tidy(sdl: &str) -> String {
    let lines = sdl.lines().map(|line| {
        let text = line.trim_start_matches('\t');
        format!("{}{}", INDENT.repeat(line.len() - text.len()), text).trim_end().to_owned()
    });
    define_schema(&format!("{}\n", lines.collect::<Vec<_>>().join("\n").trim_matches('\n')))
}

fn define_schema(sdl: &str) -> String {
    // The composer reports what does not parse.
    let Ok(document) = cynic_parser::parse_type_system_document(sdl) else {
        return sdl.to_owned();
    };
    let mut names = BTreeSet::new();
    let mut extensions = Vec::new();
    for definition in document.definitions() {
        match definition {
            Definition::Schema(_) => return sdl.to_owned(),
            Definition::SchemaExtension(extension) => extensions.push(extension.span()),
            Definition::Type(definition) | Definition::TypeExtension(definition) => {
                names.insert(definition.name());
            }
            Definition::Directive(_) => {}
        }
    }
    let roots: String = ROOTS
        .iter()
        .filter(|(_, name)| names.contains(name))
        .map(|(kind, name)| format!("{INDENT}{kind}: {name}\n"))
        .collect();
    if roots.is_empty() || extensions.is_empty() {
        return sdl.to_owned();
    }
    let mut rest = sdl.to_owned();
    let mut directives = Vec::new();
    for span in extensions.iter().rev() {
        // The span starts after the word that makes it an extension.
        let before = rest[..span.start].trim_end();
        let start = before.strip_suffix("extend").map_or(span.start, str::len);
        let text = rest[span.start..span.end].trim_start_matches("schema").to_owned();
        rest.replace_range(start..span.end, "");
        directives.insert(0, text.trim().to_owned());
    }
    let rest = rest.trim_end();
    format!("{rest}\n\nschema {} {{\n{roots}}}\n", directives.join("\n"))
}
