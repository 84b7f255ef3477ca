//! The form of an operation that the planner sees: written anew from the shape of its answer.
//!
//! hive-router's planner is right about plain operations only. Each of these is kept from it:
//!
//! - **Aliases.** It adds key fields beside what the client selects, and mistakes a selection whose
//!   response key is the name of a key for the key: for `{ product { id: name availableQuantity } }`
//!   it would fetch the stock of the product whose id is the name. So every alias is renamed to one
//!   that is not the name of any field.
//! - **Fields that are selected more than once**, under different conditions or in several
//!   fragments. It loses some when it shortens the operation of a fetch. In a shape each field
//!   stands once.
//! - **Conditions on `__typename`**, which it drops. `__typename` is selected without conditions
//!   where an object can have several types, and not at all at the root; the completion adds it.
//!
//! A reference to an entity also asks the entity's owner whether it exists (`references.rs`).

use crate::schema::{Schema, named};
use crate::shape::{Below, Condition, Field, Shape};
use hive_router::graphql_tools::parser::Pos;
use hive_router::graphql_tools::static_graphql::query::{
    Definition, Directive, Document, Field as Selected, InlineFragment, OperationDefinition,
    Selection, SelectionSet, TypeCondition, Value,
};

/// Positions do not matter to the planner.
const AT: Pos = Pos { line: 0, column: 0 };

/// A document with this operation only.
pub(crate) fn lower(schema: &Schema, shape: &Shape, operation: &OperationDefinition) -> Document {
    let set = set(selections(schema, &shape.root, &shape.fields));
    let mut operation = operation.clone();
    match &mut operation {
        OperationDefinition::SelectionSet(of) => *of = set,
        OperationDefinition::Query(of) => of.selection_set = set,
        OperationDefinition::Mutation(of) => of.selection_set = set,
        OperationDefinition::Subscription(of) => of.selection_set = set,
    }
    Document { definitions: vec![Definition::Operation(operation)] }
}

fn selections(schema: &Schema, parent: &str, fields: &[Field]) -> Vec<Selection> {
    let is_fetched =
        |field: &&Field| !matches!(field.below, Below::Typename) && !field.name.starts_with("__");
    fields.iter().filter(is_fetched).flat_map(|field| selection(schema, parent, field)).collect()
}

/// A field, once for each list of conditions that has to be kept.
fn selection(schema: &Schema, parent: &str, field: &Field) -> Vec<Selection> {
    let alias = (field.data_key != field.name).then_some(field.data_key.as_str());
    let mut selected = plain(alias, &field.name);
    selected.arguments = field.arguments.clone();
    selected.selection_set = set(below(schema, field));
    match field.when.as_slice() {
        [] => vec![Selection::Field(selected)],
        [all] => vec![on_conditions(all, selected)],
        // A field that a client may not have selected is left out by the completion. A mutation
        // must not be executed for that.
        _ if schema.mutation.as_deref() != Some(parent) => vec![Selection::Field(selected)],
        lists => lists.iter().map(|all| on_conditions(all, selected.clone())).collect(),
    }
}

fn below(schema: &Schema, field: &Field) -> Vec<Selection> {
    match &field.below {
        Below::Typename | Below::Leaf(_) => Vec::new(),
        Below::Object(name, fields) => {
            let mut items = object(schema, field, name, fields);
            if items.is_empty() {
                items.push(Selection::Field(plain(None, "__typename")));
            }
            items
        }
        Below::Abstract(each) => {
            let mut items = vec![Selection::Field(plain(None, "__typename"))];
            for name in schema.possible(named(&field.of)) {
                let Some(fields) = each.get(name) else { continue };
                let of_type = object(schema, field, name, fields);
                if !of_type.is_empty() {
                    items.push(Selection::InlineFragment(InlineFragment {
                        position: AT,
                        type_condition: Some(TypeCondition::On(name.clone())),
                        directives: Vec::new(),
                        selection_set: set(of_type),
                    }));
                }
            }
            items
        }
    }
}

/// What is selected of an object of the type `name`, and the question whether it exists.
fn object(schema: &Schema, field: &Field, name: &str, fields: &[Field]) -> Vec<Selection> {
    let mut items = selections(schema, name, fields);
    if let Some(owner) = schema.owner(name, &field.subgraphs) {
        items.push(Selection::Field(plain(Some(&owner.alias), &owner.field)));
    }
    items
}

/// The field with its conditions: at most one `@include` and one `@skip` fit on a field or fragment.
fn on_conditions(all: &[Condition], mut field: Selected) -> Selection {
    let (included, skipped): (Vec<_>, Vec<_>) = all.iter().partition(|condition| condition.value);
    let mut pairs = Vec::new();
    for index in 0..included.len().max(skipped.len()) {
        let pair = [included.get(index), skipped.get(index)];
        pairs.push(pair.into_iter().flatten().map(|condition| directive(condition)).collect());
    }
    field.directives = pairs.pop().unwrap_or_default();
    let inner = Selection::Field(field);
    pairs.into_iter().fold(inner, |inner, directives| {
        Selection::InlineFragment(InlineFragment {
            position: AT,
            type_condition: None,
            directives,
            selection_set: set(vec![inner]),
        })
    })
}

fn directive(condition: &Condition) -> Directive {
    let name = if condition.value { "include" } else { "skip" };
    let variable = Value::Variable(condition.variable.clone());
    Directive { position: AT, name: name.to_owned(), arguments: vec![("if".to_owned(), variable)] }
}

fn plain(alias: Option<&str>, name: &str) -> Selected {
    Selected {
        position: AT,
        alias: alias.map(str::to_owned),
        name: name.to_owned(),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: set(Vec::new()),
    }
}

fn set(items: Vec<Selection>) -> SelectionSet {
    SelectionSet { span: (AT, AT), items }
}
