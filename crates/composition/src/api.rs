//! The schema that clients see, without introspection's own types, in alphabetical order.
//!
//! The order makes the file's diff the graph's diff: a new field moves nothing else.

use crate::ast::{Definition, Document, Field, TypeDefinition};

/// Directives and scalars that every GraphQL implementation brings along.
const BUILT_IN: [&str; 10] = [
    "skip",
    "include",
    "deprecated",
    "specifiedBy",
    "oneOf",
    "ID",
    "String",
    "Int",
    "Float",
    "Boolean",
];

/// `consumer` is what Hive derives from the supergraph: no joins, nothing inaccessible.
pub(crate) fn of(consumer: &Document) -> Document {
    let mut definitions: Vec<Definition> =
        consumer.definitions.iter().filter(|definition| is_ours(definition)).cloned().collect();
    definitions.iter_mut().for_each(sort);
    definitions.sort_by_cached_key(|definition| (rank(definition), name(definition).to_owned()));
    Document::new(definitions)
}

fn is_ours(definition: &Definition) -> bool {
    let name = name(definition);
    // Two underscores separate a linked spec's name from what it brings.
    !name.contains("__") && !BUILT_IN.contains(&name)
}

fn sort(definition: &mut Definition) {
    let Definition::TypeDefinition(definition) = definition else { return };
    match definition {
        TypeDefinition::Object(object) => {
            object.implements_interfaces.sort();
            sort_fields(&mut object.fields);
        }
        TypeDefinition::Interface(interface) => {
            interface.implements_interfaces.sort();
            sort_fields(&mut interface.fields);
        }
        TypeDefinition::Union(union) => union.types.sort(),
        TypeDefinition::Enum(values) => values.values.sort_by(|a, b| a.name.cmp(&b.name)),
        TypeDefinition::InputObject(input) => input.fields.sort_by(|a, b| a.name.cmp(&b.name)),
        TypeDefinition::Scalar(_) => {}
    }
}

fn sort_fields(fields: &mut Vec<Field>) {
    // Introspection's fields of Query.
    fields.retain(|field| !field.name.starts_with("__"));
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    for field in fields {
        field.arguments.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

fn rank(definition: &Definition) -> u8 {
    match definition {
        Definition::SchemaDefinition(_) => 0,
        Definition::DirectiveDefinition(_) => 1,
        Definition::TypeDefinition(_) | Definition::TypeExtension(_) => 2,
    }
}

fn name(definition: &Definition) -> &str {
    match definition {
        Definition::DirectiveDefinition(directive) => &directive.name,
        Definition::TypeDefinition(definition) => type_name(definition),
        Definition::SchemaDefinition(_) | Definition::TypeExtension(_) => "",
    }
}

pub(crate) fn type_name(definition: &TypeDefinition) -> &str {
    match definition {
        TypeDefinition::Scalar(scalar) => &scalar.name,
        TypeDefinition::Object(object) => &object.name,
        TypeDefinition::Interface(interface) => &interface.name,
        TypeDefinition::Union(union) => &union.name,
        TypeDefinition::Enum(values) => &values.name,
        TypeDefinition::InputObject(input) => &input.name,
    }
}
