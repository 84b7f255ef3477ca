//! What the composer leaves out: two things that Hive Router needs, and two for people and tools.
//!
//! Without `@join__type` on the root types no plan starts. Without `@link` to the specs of the
//! access directives the router starts, answers, and does *not* enforce them.
//! The root types lose their descriptions, since every subgraph has its own.
//! Without `repeatable` the join directives' definitions contradict how they are used.

use crate::ast::{Definition, Directive, Document, Field, ObjectType, TypeDefinition, Value};
use hive_router::graphql_tools::parser::Pos;
use std::collections::BTreeSet;

/// Directive, version of its spec, and whether ignoring it would open what it closes.
const SPECS: [(&str, &str, bool); 6] = [
    ("authenticated", "v0.1", true),
    ("requiresScopes", "v0.1", true),
    ("policy", "v0.1", true),
    ("tag", "v0.3", false),
    ("cost", "v0.1", false),
    ("listSize", "v0.1", false),
];

/// The directives that say which subgraph has what, once for each subgraph.
const REPEATED: [&str; 5] =
    ["join__enumValue", "join__field", "join__implements", "join__type", "join__unionMember"];

pub(crate) fn for_hive(mut supergraph: Document) -> Document {
    let roots: [(Option<String>, &str); 3] = [
        (supergraph.query_type_name().cloned(), "What can be read."),
        (supergraph.mutation_type_name().cloned(), "What can be changed."),
        (supergraph.subscription_type_name().cloned(), "What can be watched."),
    ];
    let used = directives_in(&supergraph);
    for definition in &mut supergraph.definitions {
        match definition {
            Definition::TypeDefinition(TypeDefinition::Object(object)) => {
                let is_root =
                    |(name, _): &&(Option<String>, _)| name.as_ref() == Some(&object.name);
                if let Some((_, text)) = roots.iter().find(is_root) {
                    object.description.get_or_insert_with(|| (*text).to_owned());
                    join_root(object);
                }
            }
            Definition::DirectiveDefinition(directive)
                if REPEATED.contains(&directive.name.as_str()) =>
            {
                directive.repeatable = true;
            }
            Definition::SchemaDefinition(schema) => link(&mut schema.directives, &used),
            _ => {}
        }
    }
    supergraph
}

/// A root type belongs to every subgraph that has a field in it.
fn join_root(root: &mut ObjectType) {
    let owners = root.fields.iter().flat_map(|field| &field.directives).filter_map(graph);
    let owners: BTreeSet<String> = owners.collect();
    let joined: BTreeSet<String> = root
        .directives
        .iter()
        .filter(|directive| directive.name == "join__type")
        .filter_map(graph)
        .collect();
    for owner in owners.difference(&joined) {
        let argument = ("graph".to_owned(), Value::Enum(owner.clone()));
        root.directives.push(directive("join__type", vec![argument]));
    }
}

fn graph(directive: &Directive) -> Option<String> {
    directive.arguments.iter().find_map(|(name, value)| match value {
        Value::Enum(graph) if name == "graph" => Some(graph.clone()),
        _ => None,
    })
}

fn link(directives: &mut Vec<Directive>, used: &BTreeSet<String>) {
    for (name, version, access) in SPECS {
        // `@listSize` is part of the cost spec.
        let spec = if name == "listSize" { "cost" } else { name };
        let prefix = format!("https://specs.apollo.dev/{spec}/");
        let linked = directives.iter().any(|link| {
            link.arguments
                .iter()
                .any(|(_, value)| matches!(value, Value::String(url) if url.starts_with(&prefix)))
        });
        if linked || !used.contains(name) {
            continue;
        }
        let mut arguments = vec![("url".to_owned(), Value::String(format!("{prefix}{version}")))];
        if access {
            arguments.push(("for".to_owned(), Value::Enum("SECURITY".to_owned())));
        }
        directives.push(directive("link", arguments));
    }
}

fn directive(name: &str, arguments: Vec<(String, Value)>) -> Directive {
    Directive { position: Pos::default(), name: name.to_owned(), arguments }
}

/// The names of all directives that the graph's types, fields, arguments and values carry.
fn directives_in(supergraph: &Document) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |directives: &[Directive]| {
        names.extend(directives.iter().map(|directive| directive.name.clone()));
    };
    for definition in &supergraph.definitions {
        let Definition::TypeDefinition(definition) = definition else { continue };
        match definition {
            TypeDefinition::Scalar(scalar) => add(&scalar.directives),
            TypeDefinition::Union(union) => add(&union.directives),
            TypeDefinition::Object(object) => {
                add(&object.directives);
                fields(&object.fields, &mut add);
            }
            TypeDefinition::Interface(interface) => {
                add(&interface.directives);
                fields(&interface.fields, &mut add);
            }
            TypeDefinition::Enum(values) => {
                add(&values.directives);
                values.values.iter().for_each(|value| add(&value.directives));
            }
            TypeDefinition::InputObject(input) => {
                add(&input.directives);
                input.fields.iter().for_each(|field| add(&field.directives));
            }
        }
    }
    names
}

fn fields(fields: &[Field], add: &mut impl FnMut(&[Directive])) {
    for field in fields {
        add(&field.directives);
        field.arguments.iter().for_each(|argument| add(&argument.directives));
    }
}
