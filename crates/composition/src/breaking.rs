//! What a client that was written for one API can no longer do with another.
//!
//! Not counted: what only adds (a field, an enum value), and what a client survives (an output
//! that is no longer null, an input that may now be left out, another default).

use crate::api::type_name;
use crate::ast::{Definition, Document, Field, InputValue, Type, TypeDefinition};
use crate::{API, Problem};
use hive_router::query_planner::utils::parsing::safe_parse_schema;
use std::collections::BTreeMap;
use std::fmt;

/// One change that breaks clients.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breaking {
    /// What changed: `Type` or `Type.field`.
    pub coordinate: String,
    /// How; one line that stays the same from run to run.
    pub change: String,
}

impl fmt::Display for Breaking {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.coordinate, self.change)
    }
}

/// Every change between two texts of `api.graphql` that breaks clients of the first.
pub fn breaking_changes(old: &str, new: &str) -> Result<Vec<Breaking>, Problem> {
    let parse = |sdl| safe_parse_schema(sdl).map_err(|error| Problem::new(API, error.to_string()));
    let (old, new) = (parse(old)?, parse(new)?);
    let (old, new) = (types(&old), types(&new));
    let mut found = Found(Vec::new());
    for (name, old) in old {
        match new.get(name) {
            Some(new) => found.in_type(name, old, new),
            None => found.add(name, "type is gone"),
        }
    }
    found.0.sort();
    Ok(found.0)
}

fn types(document: &Document) -> BTreeMap<&str, &TypeDefinition> {
    let types = document.definitions.iter().filter_map(|definition| match definition {
        Definition::TypeDefinition(definition) => Some((type_name(definition), definition)),
        _ => None,
    });
    types.collect()
}

struct Found(Vec<Breaking>);

impl Found {
    fn add(&mut self, coordinate: &str, change: impl Into<String>) {
        self.0.push(Breaking { coordinate: coordinate.to_owned(), change: change.into() });
    }

    fn in_type(&mut self, name: &str, old: &TypeDefinition, new: &TypeDefinition) {
        use hive_router::graphql_tools::parser::schema::TypeDefinition::{
            Enum, InputObject, Interface, Object, Scalar, Union,
        };
        match (old, new) {
            (Scalar(_), Scalar(_)) => {}
            (Object(old), Object(new)) => {
                self.interfaces(name, &old.implements_interfaces, &new.implements_interfaces);
                self.fields(name, &old.fields, &new.fields);
            }
            (Interface(old), Interface(new)) => {
                self.interfaces(name, &old.implements_interfaces, &new.implements_interfaces);
                self.fields(name, &old.fields, &new.fields);
            }
            (Union(old), Union(new)) => {
                for gone in old.types.iter().filter(|member| !new.types.contains(member)) {
                    self.add(name, format!("{gone} is no longer a member"));
                }
            }
            (Enum(old), Enum(new)) => {
                for value in &old.values {
                    if !new.values.iter().any(|other| other.name == value.name) {
                        self.add(&format!("{name}.{}", value.name), "enum value is gone");
                    }
                }
            }
            (InputObject(old), InputObject(new)) => {
                self.inputs(&old.fields, &new.fields, |field| {
                    (format!("{name}.{field}"), "input field".to_owned())
                });
            }
            _ => self.add(name, format!("changed from {} to {}", kind(old), kind(new))),
        }
    }

    fn interfaces(&mut self, name: &str, old: &[String], new: &[String]) {
        for gone in old.iter().filter(|interface| !new.contains(interface)) {
            self.add(name, format!("no longer implements {gone}"));
        }
    }

    fn fields(&mut self, name: &str, old: &[Field], new: &[Field]) {
        for old in old {
            let coordinate = format!("{name}.{}", old.name);
            let Some(new) = new.iter().find(|new| new.name == old.name) else {
                self.add(&coordinate, "field is gone");
                continue;
            };
            if !is_at_least(&new.field_type, &old.field_type) {
                let change = format!("type changed from {} to {}", old.field_type, new.field_type);
                self.add(&coordinate, change);
            }
            self.inputs(&old.arguments, &new.arguments, |argument| {
                (coordinate.clone(), format!("argument \"{argument}\""))
            });
        }
    }

    /// Arguments or input fields; `place` gives the coordinate and the words for one of them.
    fn inputs(
        &mut self,
        old: &[InputValue],
        new: &[InputValue],
        place: impl Fn(&str) -> (String, String),
    ) {
        for old in old {
            let (coordinate, what) = place(&old.name);
            let Some(new) = new.iter().find(|new| new.name == old.name) else {
                self.add(&coordinate, format!("{what} is gone"));
                continue;
            };
            if is_required(new) && !is_required(old) {
                self.add(&coordinate, format!("{what} is now required"));
            } else if !is_at_least(&old.value_type, &new.value_type) {
                let (old, new) = (&old.value_type, &new.value_type);
                self.add(&coordinate, format!("{what} changed from {old} to {new}"));
            }
        }
        for new in new.iter().filter(|new| is_required(new)) {
            if !old.iter().any(|old| old.name == new.name) {
                let (coordinate, what) = place(&new.name);
                self.add(&coordinate, format!("{what} is now required"));
            }
        }
    }
}

fn is_required(input: &InputValue) -> bool {
    matches!(input.value_type, Type::NonNullType(_)) && input.default_value.is_none()
}

/// Whether every value of `narrow` is one of `wide`.
fn is_at_least(narrow: &Type, wide: &Type) -> bool {
    match (narrow, wide) {
        (Type::NonNullType(narrow), Type::NonNullType(wide)) => is_at_least(narrow, wide),
        (Type::NonNullType(narrow), wide) => is_at_least(narrow, wide),
        (Type::ListType(narrow), Type::ListType(wide)) => is_at_least(narrow, wide),
        (Type::NamedType(narrow), Type::NamedType(wide)) => narrow == wide,
        _ => false,
    }
}

fn kind(definition: &TypeDefinition) -> &'static str {
    match definition {
        TypeDefinition::Scalar(_) => "scalar",
        TypeDefinition::Object(_) => "type",
        TypeDefinition::Interface(_) => "interface",
        TypeDefinition::Union(_) => "union",
        TypeDefinition::Enum(_) => "enum",
        TypeDefinition::InputObject(_) => "input",
    }
}
