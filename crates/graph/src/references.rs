//! References to entities that another subgraph owns.
//!
//! A subgraph that refers to an entity knows its key only: `OrderLine.product` is an id. Whether the
//! entity exists, its owner knows. So the planner is asked for a field of the owner wherever a
//! reference is selected, and where the owner does not know the entity, the reference is null,
//! whatever the client selects of it.
//!
//! The owner of an entity is the only subgraph with non-null fields of its own: those that other
//! subgraphs contribute are nullable, so that a subgraph that is down takes only them.

use crate::schema::{FieldInfo, named, types};
use hive_router::graphql_tools::static_graphql::query::Type;
use hive_router::graphql_tools::static_graphql::schema::{Document, Field, TypeDefinition};
use std::collections::{HashMap, HashSet};

/// How to find out whether an entity exists.
pub(crate) struct Owner {
    pub(crate) subgraph: String,
    /// A field without arguments that the owner returns of every entity.
    pub(crate) field: String,
    /// Its alias, which no client's alias and no other type's is.
    pub(crate) alias: String,
}

/// The owners of entities by the names of their types. `mark` starts the aliases.
pub(crate) fn owners<'a>(
    document: &Document,
    mark: &str,
    info: impl Fn(&str, &str) -> Option<&'a FieldInfo>,
) -> HashMap<String, Owner> {
    let leaves = leaves(document);
    let objects = types(document).filter_map(|of| match of {
        TypeDefinition::Object(object) => Some(object),
        _ => None,
    });
    let owned = objects.filter_map(|object| {
        let own = object.fields.iter().filter_map(|field| {
            match (&field.field_type, &*info(&object.name, &field.name)?.subgraphs) {
                (Type::NonNullType(_), [subgraph]) => Some((field, subgraph)),
                _ => None,
            }
        });
        let own: Vec<(&Field, &String)> = own.collect();
        let (_, subgraph) = own.first()?;
        if own.iter().any(|(_, other)| other != subgraph) {
            return None;
        }
        let is_plain =
            |field: &Field| field.arguments.is_empty() && leaves.contains(named(&field.field_type));
        let (field, _) = own.iter().find(|(field, _)| is_plain(field))?;
        let alias = format!("{mark}{}", object.name);
        let owner = Owner { subgraph: (*subgraph).clone(), field: field.name.clone(), alias };
        Some((object.name.clone(), owner))
    });
    owned.collect()
}

fn leaves(document: &Document) -> HashSet<&str> {
    let custom = types(document).filter_map(|of| match of {
        TypeDefinition::Scalar(scalar) => Some(scalar.name.as_str()),
        TypeDefinition::Enum(of) => Some(of.name.as_str()),
        _ => None,
    });
    custom.chain(["Int", "Float", "String", "Boolean", "ID"]).collect()
}
