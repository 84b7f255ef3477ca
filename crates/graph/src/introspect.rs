//! `__schema` and `__type`.
//!
//! hive-router's introspection lists types in random order and shows deprecated arguments and input
//! fields to clients that did not ask for them.

use crate::complete::is_true;
use crate::schema::{Schema, types};
use crate::shape::{Below, Field};
use hive_router::executor::execution::plan::VariablesMap;
use hive_router::executor::json_writer::write_and_escape_string;
use hive_router::graphql_tools::static_graphql::query::{Directive, Type, Value};
use hive_router::graphql_tools::static_graphql::schema::{
    Definition, DirectiveDefinition, Document, EnumValue, Field as FieldDefinition, InputValue,
    TypeDefinition,
};
use hive_router::sonic_rs::JsonValueTrait;

/// The specification's reason where the schema gives none.
const NO_REASON: &str = "No longer supported";

/// Writes the value of `__schema` or `__type`.
pub(crate) fn write(
    out: &mut Vec<u8>,
    schema: &Schema,
    variables: Option<&VariablesMap>,
    field: &Field,
) {
    let writer = Writer { schema, document: &schema.document, variables };
    let found = match field.name.as_str() {
        "__schema" => Found::One(Node::Schema),
        _ => writer.name(field).and_then(|name| writer.definition(&name)).into(),
    };
    writer.write(out, field, found);
}

/// A part of the schema.
#[derive(Clone, Copy)]
enum Node<'s> {
    Schema,
    Type(&'s TypeDefinition),
    Wrapper(&'static str, &'s Type),
    Field(&'s FieldDefinition),
    Input(&'s InputValue),
    EnumValue(&'s EnumValue),
    Directive(&'s DirectiveDefinition),
}

/// The value of one of its fields.
enum Found<'s> {
    Null,
    Text(&'s str),
    Owned(String),
    Flag(bool),
    One(Node<'s>),
    Many(Vec<Found<'s>>),
}

impl<'s> From<Option<&'s str>> for Found<'s> {
    fn from(text: Option<&'s str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl<'s> From<Option<Node<'s>>> for Found<'s> {
    fn from(node: Option<Node<'s>>) -> Self {
        node.map_or(Self::Null, Self::One)
    }
}

impl<'s> FromIterator<Node<'s>> for Found<'s> {
    fn from_iter<I: IntoIterator<Item = Node<'s>>>(nodes: I) -> Self {
        Self::Many(nodes.into_iter().map(Self::One).collect())
    }
}

struct Writer<'s> {
    schema: &'s Schema,
    document: &'s Document,
    variables: Option<&'s VariablesMap>,
}

impl<'s> Writer<'s> {
    fn write(&self, out: &mut Vec<u8>, field: &Field, found: Found<'s>) {
        match found {
            Found::Null => out.extend_from_slice(b"null"),
            Found::Text(text) => write_and_escape_string(out, text),
            Found::Owned(text) => write_and_escape_string(out, &text),
            Found::Flag(flag) => out.extend_from_slice(if flag { b"true" } else { b"false" }),
            Found::One(node) => self.object(out, field, node),
            Found::Many(items) => {
                out.push(b'[');
                for (index, item) in items.into_iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    self.write(out, field, item);
                }
                out.push(b']');
            }
        }
    }

    fn object(&self, out: &mut Vec<u8>, field: &Field, node: Node<'s>) {
        let Below::Object(name, fields) = &field.below else {
            out.extend_from_slice(b"null");
            return;
        };
        let selected = fields
            .iter()
            .filter(|field| field.is_selected(&|variable| is_true(self.variables, variable)));
        out.push(b'{');
        for (index, field) in selected.enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_and_escape_string(out, &field.key);
            out.push(b':');
            let found = match field.below {
                Below::Typename => Found::Owned(name.clone()),
                _ => self.resolve(node, field),
            };
            self.write(out, field, found);
        }
        out.push(b'}');
    }

    fn resolve(&self, node: Node<'s>, field: &Field) -> Found<'s> {
        let shows = |directives: &[Directive]| {
            self.includes_deprecated(field) || deprecated(directives).is_none()
        };
        let inputs = |inputs: &'s [InputValue]| -> Found<'s> {
            inputs.iter().filter(|input| shows(&input.directives)).map(Node::Input).collect()
        };
        match (node, field.name.as_str()) {
            (Node::Schema, name) => self.resolve_schema(name),
            (Node::Wrapper(kind, _), "kind") => Found::Text(kind),
            (Node::Wrapper(_, inner), "ofType") => self.type_of(inner),
            (Node::Wrapper(..), _) => Found::Null,
            (Node::Type(of), "fields") => match fields(of) {
                Some(fields) => fields
                    .iter()
                    .filter(|field| !field.name.starts_with("__") && shows(&field.directives))
                    .map(Node::Field)
                    .collect(),
                None => Found::Null,
            },
            (Node::Type(TypeDefinition::Enum(of)), "enumValues") => {
                let values = of.values.iter().filter(|value| shows(&value.directives));
                values.map(Node::EnumValue).collect()
            }
            (Node::Type(TypeDefinition::InputObject(of)), "inputFields") => inputs(&of.fields),
            (Node::Type(of), name) => self.resolve_type(of, name),
            (Node::Field(of), "args") => inputs(&of.arguments),
            (Node::Field(of), "type") => self.type_of(&of.field_type),
            (Node::Field(of), name) => {
                described(name, &of.name, of.description.as_deref(), &of.directives)
            }
            (Node::Input(of), "type") => self.type_of(&of.value_type),
            (Node::Input(of), "defaultValue") => match &of.default_value {
                Some(value) => Found::Owned(value.to_string()),
                None => Found::Null,
            },
            (Node::Input(of), name) => {
                described(name, &of.name, of.description.as_deref(), &of.directives)
            }
            (Node::EnumValue(of), name) => {
                described(name, &of.name, of.description.as_deref(), &of.directives)
            }
            (Node::Directive(of), "args") => inputs(&of.arguments),
            (Node::Directive(of), "isRepeatable") => Found::Flag(of.repeatable),
            (Node::Directive(of), "locations") => directive_locations(of),
            (Node::Directive(of), name) => {
                described(name, &of.name, of.description.as_deref(), &[])
            }
        }
    }

    fn resolve_schema(&self, name: &str) -> Found<'s> {
        match name {
            "types" => types(self.document).map(Node::Type).collect(),
            "queryType" => self.definition(&self.schema.query).into(),
            "mutationType" => self.root(self.schema.mutation.as_deref()).into(),
            "subscriptionType" => self.root(self.schema.subscription.as_deref()).into(),
            "directives" => {
                let directives =
                    self.document.definitions.iter().filter_map(|definition| match definition {
                        Definition::DirectiveDefinition(directive) => {
                            Some(Node::Directive(directive))
                        }
                        _ => None,
                    });
                directives.collect()
            }
            _ => Found::Null,
        }
    }

    fn resolve_type(&self, of: &'s TypeDefinition, name: &str) -> Found<'s> {
        let (description, directives) = described_type(of);
        match (name, of) {
            ("kind", of) => Found::Text(kind(of)),
            ("name", of) => Found::Text(of.name()),
            ("description", _) => description.into(),
            ("specifiedByURL", TypeDefinition::Scalar(_)) => {
                argument(directives, "specifiedBy", "url").into()
            }
            ("isOneOf", TypeDefinition::InputObject(_)) => {
                Found::Flag(directives.iter().any(|directive| directive.name == "oneOf"))
            }
            ("interfaces", TypeDefinition::Object(of)) => {
                self.definitions(&of.implements_interfaces)
            }
            ("interfaces", TypeDefinition::Interface(of)) => {
                self.definitions(&of.implements_interfaces)
            }
            ("possibleTypes", TypeDefinition::Interface(_) | TypeDefinition::Union(_)) => {
                self.definitions(self.schema.possible(of.name()))
            }
            _ => Found::Null,
        }
    }

    fn definition(&self, name: &str) -> Option<Node<'s>> {
        types(self.document).find(|of| of.name() == name).map(Node::Type)
    }

    fn definitions(&self, names: &[String]) -> Found<'s> {
        names.iter().filter_map(|name| self.definition(name)).collect()
    }

    fn root(&self, name: Option<&str>) -> Option<Node<'s>> {
        self.definition(name?)
    }

    fn type_of(&self, of: &'s Type) -> Found<'s> {
        match of {
            Type::NamedType(name) => self.definition(name).into(),
            Type::ListType(inner) => Found::One(Node::Wrapper("LIST", inner)),
            Type::NonNullType(inner) => Found::One(Node::Wrapper("NON_NULL", inner)),
        }
    }

    fn name(&self, field: &Field) -> Option<String> {
        match field.arguments.iter().find(|(name, _)| name == "name").map(|(_, value)| value)? {
            Value::String(name) => Some(name.clone()),
            Value::Variable(variable) => self.variables?.get(variable)?.as_str().map(str::to_owned),
            _ => None,
        }
    }

    fn includes_deprecated(&self, field: &Field) -> bool {
        let given = field.arguments.iter().find(|(name, _)| name == "includeDeprecated");
        match given.map(|(_, value)| value) {
            Some(Value::Boolean(given)) => *given,
            Some(Value::Variable(variable)) => is_true(self.variables, variable),
            _ => false,
        }
    }
}

fn described<'s>(
    asked: &str,
    name: &'s str,
    description: Option<&'s str>,
    directives: &'s [Directive],
) -> Found<'s> {
    match asked {
        "name" => Found::Text(name),
        "description" => description.into(),
        "isDeprecated" => Found::Flag(deprecated(directives).is_some()),
        "deprecationReason" => deprecated(directives).into(),
        _ => Found::Null,
    }
}

/// The reason, if it is deprecated.
fn deprecated(directives: &[Directive]) -> Option<&str> {
    let is_deprecated = directives.iter().any(|directive| directive.name == "deprecated");
    is_deprecated.then(|| argument(directives, "deprecated", "reason").unwrap_or(NO_REASON))
}

fn argument<'s>(directives: &'s [Directive], directive: &str, name: &str) -> Option<&'s str> {
    let directive = directives.iter().find(|given| given.name == directive)?;
    match directive.arguments.iter().find(|(given, _)| given == name) {
        Some((_, Value::String(text))) => Some(text),
        _ => None,
    }
}

/// hive-router's definition of `@deprecated` leaves arguments out.
fn directive_locations(of: &DirectiveDefinition) -> Found<'_> {
    let mut locations: Vec<_> =
        of.locations.iter().map(|location| Found::Text(location.as_str())).collect();
    let has_arguments = of.locations.iter().any(|at| at.as_str() == "ARGUMENT_DEFINITION");
    if of.name == "deprecated" && !has_arguments {
        locations.push(Found::Text("ARGUMENT_DEFINITION"));
    }
    Found::Many(locations)
}

fn fields(of: &TypeDefinition) -> Option<&[FieldDefinition]> {
    match of {
        TypeDefinition::Object(of) => Some(&of.fields),
        TypeDefinition::Interface(of) => Some(&of.fields),
        _ => None,
    }
}

fn described_type(of: &TypeDefinition) -> (Option<&str>, &[Directive]) {
    let (description, directives) = match of {
        TypeDefinition::Scalar(of) => (&of.description, &of.directives),
        TypeDefinition::Object(of) => (&of.description, &of.directives),
        TypeDefinition::Interface(of) => (&of.description, &of.directives),
        TypeDefinition::Union(of) => (&of.description, &of.directives),
        TypeDefinition::Enum(of) => (&of.description, &of.directives),
        TypeDefinition::InputObject(of) => (&of.description, &of.directives),
    };
    (description.as_deref(), directives)
}

fn kind(of: &TypeDefinition) -> &'static str {
    match of {
        TypeDefinition::Scalar(_) => "SCALAR",
        TypeDefinition::Object(_) => "OBJECT",
        TypeDefinition::Interface(_) => "INTERFACE",
        TypeDefinition::Union(_) => "UNION",
        TypeDefinition::Enum(_) => "ENUM",
        TypeDefinition::InputObject(_) => "INPUT_OBJECT",
    }
}
