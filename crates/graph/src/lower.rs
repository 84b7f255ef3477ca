//! The form of an operation that the planner sees.
//!
//! hive-router's planner adds key fields beside what the client selects, and mistakes a selection
//! whose response key is the name of a key for the key: for `{ product { id: name
//! availableQuantity } }` it would fetch the stock of the product whose id is the name. So every
//! alias is renamed to one that is not the name of any field. The completion of the answer
//! (`complete.rs`) knows both names.
//!
//! It also drops conditions on `__typename`. So `__typename` is asked without conditions where an
//! object can have several types, and not at all at the root; the completion adds it.
//!
//! A reference to an entity also asks the entity's owner whether it exists (`references.rs`).

use crate::schema::{FieldInfo, Schema, TypeInfo, named};
use hive_router::graphql_tools::static_graphql::query::{
    Definition, Document, Field, InlineFragment, OperationDefinition, Selection, SelectionSet,
    TypeCondition,
};

/// A document with this operation only, and the fragments.
pub(crate) fn lower(
    schema: &Schema,
    document: &Document,
    operation: &OperationDefinition,
) -> Document {
    let mut definitions = vec![Definition::Operation(operation.clone())];
    let fragments = document.definitions.iter().filter(|of| matches!(of, Definition::Fragment(_)));
    definitions.extend(fragments.cloned());
    for definition in &mut definitions {
        let (root, set) = match definition {
            Definition::Operation(OperationDefinition::SelectionSet(set)) => {
                (Some(schema.query.clone()), set)
            }
            Definition::Operation(OperationDefinition::Query(query)) => {
                (Some(schema.query.clone()), &mut query.selection_set)
            }
            Definition::Operation(OperationDefinition::Mutation(mutation)) => {
                (schema.mutation.clone(), &mut mutation.selection_set)
            }
            Definition::Operation(OperationDefinition::Subscription(subscription)) => {
                (schema.subscription.clone(), &mut subscription.selection_set)
            }
            Definition::Fragment(fragment) => {
                let TypeCondition::On(on) = &fragment.type_condition;
                (Some(on.clone()), &mut fragment.selection_set)
            }
        };
        lower_set(schema, root.as_deref().unwrap_or_default(), set);
    }
    Document { definitions }
}

fn lower_set(schema: &Schema, parent: &str, set: &mut SelectionSet) {
    let is_root = parent == schema.query
        || schema.mutation.as_deref() == Some(parent)
        || schema.subscription.as_deref() == Some(parent);
    if is_root {
        set.items.retain(|selection| {
            !matches!(selection, Selection::Field(field) if field.name.starts_with("__"))
        });
    }
    let is_abstract = matches!(schema.get(parent), Some(TypeInfo::Abstract(_)));
    if set.items.is_empty() && is_root || is_abstract {
        set.items.push(plain(set, None, "__typename"));
    }
    for selection in &mut set.items {
        match selection {
            Selection::Field(field) if field.name == "__typename" => {
                field.alias = None;
                field.directives.clear();
            }
            Selection::Field(field) => {
                let alias = field.alias.take().filter(|alias| *alias != field.name);
                field.alias = alias.map(|alias| format!("{}{alias}", schema.mark));
                if let Some(info) = schema.field(parent, &field.name) {
                    lower_set(schema, named(&info.of), &mut field.selection_set);
                    ask_owners(schema, info, &mut field.selection_set);
                }
            }
            Selection::InlineFragment(inline) => {
                let parent = match &inline.type_condition {
                    Some(TypeCondition::On(on)) => on.clone(),
                    None => parent.to_owned(),
                };
                lower_set(schema, &parent, &mut inline.selection_set);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Adds a field of the owner to the selections of a reference.
fn ask_owners(schema: &Schema, info: &FieldInfo, set: &mut SelectionSet) {
    let name = named(&info.of);
    match schema.get(name) {
        Some(TypeInfo::Object(_)) => {
            if let Some(owner) = schema.owner(name, &info.subgraphs) {
                let selection = plain(set, Some(&owner.alias), &owner.field);
                set.items.push(selection);
            }
        }
        Some(TypeInfo::Abstract(_)) => {
            for object in schema.possible(name) {
                let Some(owner) = schema.owner(object, &info.subgraphs) else { continue };
                let items = vec![plain(set, Some(&owner.alias), &owner.field)];
                set.items.push(Selection::InlineFragment(InlineFragment {
                    position: set.span.0,
                    type_condition: Some(TypeCondition::On(object.clone())),
                    directives: Vec::new(),
                    selection_set: SelectionSet { span: set.span, items },
                }));
            }
        }
        _ => {}
    }
}

fn plain(set: &SelectionSet, alias: Option<&str>, name: &str) -> Selection {
    Selection::Field(Field {
        position: set.span.0,
        alias: alias.map(str::to_owned),
        name: name.to_owned(),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: SelectionSet { span: set.span, items: Vec::new() },
    })
}
