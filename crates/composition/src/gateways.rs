//! What the composer leaves out that other gateways need: definitions of the directives that the
//! supergraph links, and which subgraphs use a scalar.
//!
//! Apollo's gateway refuses a supergraph without them. Hive Router ignores them.

use crate::ast::{Definition, Directive, Document, Field, InputValue, Type, TypeDefinition, Value};
use hive_router::graphql_tools::parser::Pos;
use hive_router::query_planner::utils::parsing::parse_schema;
use std::collections::{BTreeMap, BTreeSet};

/// The definitions of <https://specs.apollo.dev/link/v1.0> and
/// <https://specs.apollo.dev/inaccessible/v0.2>, both of which every supergraph links.
const LINKED: &str = "
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
scalar link__Import
enum link__Purpose { EXECUTION SECURITY }
";

pub(crate) fn for_gateways(mut supergraph: Document) -> Document {
    let mut users = BTreeMap::new();
    for definition in &supergraph.definitions {
        let Definition::TypeDefinition(definition) = definition else { continue };
        match definition {
            TypeDefinition::Object(of) => output(&mut users, &of.directives, &of.fields),
            TypeDefinition::Interface(of) => output(&mut users, &of.directives, &of.fields),
            TypeDefinition::InputObject(of) => input(&mut users, &of.directives, &of.fields),
            _ => {}
        }
    }
    for definition in &mut supergraph.definitions {
        if let Definition::TypeDefinition(TypeDefinition::Scalar(scalar)) = definition
            && graphs(&scalar.directives, "join__type").is_empty()
        {
            let subgraphs = users.get(&scalar.name).into_iter().flatten();
            scalar.directives.extend(subgraphs.map(|graph| join_type(graph)));
        }
    }
    let known: BTreeSet<String> = supergraph.definitions.iter().filter_map(name).collect();
    let linked = parse_schema(LINKED).definitions.into_iter();
    supergraph
        .definitions
        .extend(linked.filter(|of| name(of).is_some_and(|name| !known.contains(&name))));
    supergraph
}

/// The subgraphs that use a type, by its name.
type Users = BTreeMap<String, BTreeSet<String>>;

fn output(users: &mut Users, directives: &[Directive], fields: &[Field]) {
    for field in fields {
        let graphs = of_field(directives, &field.directives);
        add(users, &field.field_type, &graphs);
        field.arguments.iter().for_each(|argument| add(users, &argument.value_type, &graphs));
    }
}

fn input(users: &mut Users, directives: &[Directive], fields: &[InputValue]) {
    for field in fields {
        add(users, &field.value_type, &of_field(directives, &field.directives));
    }
}

fn add(users: &mut Users, of: &Type, graphs: &BTreeSet<String>) {
    users.entry(named(of).to_owned()).or_default().extend(graphs.iter().cloned());
}

/// The subgraphs that a field belongs to: those that it names, or all of its type.
fn of_field(of_type: &[Directive], of_field: &[Directive]) -> BTreeSet<String> {
    let own = graphs(of_field, "join__field");
    if own.is_empty() { graphs(of_type, "join__type") } else { own }
}

fn graphs(directives: &[Directive], name: &str) -> BTreeSet<String> {
    let arguments = directives.iter().filter(|of| of.name == name).flat_map(|of| &of.arguments);
    let graphs = arguments.filter_map(|(name, value)| match value {
        Value::Enum(graph) if name == "graph" => Some(graph.clone()),
        _ => None,
    });
    graphs.collect()
}

fn named(of: &Type) -> &str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => named(inner),
    }
}

fn join_type(graph: &str) -> Directive {
    let argument = ("graph".to_owned(), Value::Enum(graph.to_owned()));
    Directive { position: Pos::default(), name: "join__type".to_owned(), arguments: vec![argument] }
}

fn name(definition: &Definition) -> Option<String> {
    match definition {
        Definition::DirectiveDefinition(directive) => Some(format!("@{}", directive.name)),
        Definition::TypeDefinition(of) => Some(match of {
            TypeDefinition::Scalar(of) => of.name.clone(),
            TypeDefinition::Object(of) => of.name.clone(),
            TypeDefinition::Interface(of) => of.name.clone(),
            TypeDefinition::Union(of) => of.name.clone(),
            TypeDefinition::Enum(of) => of.name.clone(),
            TypeDefinition::InputObject(of) => of.name.clone(),
        }),
        _ => None,
    }
}
