//! The shape of an operation's answer: which keys each object has, in which order, and why.
//!
//! Fragments are resolved and fields that are merged are one. Only conditions on variables remain.

use crate::schema::{Leaf, Schema, TypeInfo, named};
use hive_router::graphql_tools::parser::Pos;
use hive_router::graphql_tools::static_graphql::query::{
    Definition, Directive, Document, Field as Selected, OperationDefinition, Selection,
    SelectionSet, Type, TypeCondition, Value,
};
use std::collections::HashMap;
use std::sync::Arc;

/// The maximum number of fields of a shape: those below an interface count once per object type.
const MAX_FIELDS: usize = 20_000;
/// The maximum number of locations of a field that are remembered.
const MAX_LOCATIONS: usize = 10;

pub(crate) struct Shape {
    /// The name of the root type.
    pub(crate) root: String,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    /// The key in the answer.
    pub(crate) key: String,
    /// The key in the data that the subgraphs return.
    pub(crate) data_key: String,
    pub(crate) name: String,
    pub(crate) of: Type,
    /// Where the client's document selects it.
    pub(crate) at: Vec<Pos>,
    /// The field is part of the answer if all conditions of one of these lists hold, or if there
    /// are none.
    pub(crate) when: Vec<Conditions>,
    pub(crate) subgraphs: Arc<[String]>,
    pub(crate) arguments: Vec<(String, Value)>,
    pub(crate) below: Below,
}

pub(crate) enum Below {
    Typename,
    Leaf(Leaf),
    /// The type and its fields.
    Object(String, Vec<Field>),
    /// The fields of each type that the object can have.
    Abstract(HashMap<String, Vec<Field>>),
}

pub(crate) type Conditions = Vec<Condition>;

/// A variable that must have this value.
#[derive(Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) variable: String,
    pub(crate) value: bool,
}

impl Field {
    /// Whether the field is part of the answer; `is_true` looks a variable up.
    pub(crate) fn is_selected(&self, is_true: &impl Fn(&str) -> bool) -> bool {
        self.when.is_empty()
            || self.when.iter().any(|all| {
                all.iter().all(|condition| is_true(&condition.variable) == condition.value)
            })
    }
}

impl Shape {
    /// The shape of `operation`'s answer, or `None` if it is too large.
    pub(crate) fn new(
        schema: &Schema,
        document: &Document,
        operation: &OperationDefinition,
    ) -> Option<Self> {
        let (root, set) = match operation {
            OperationDefinition::SelectionSet(set) => (Some(&schema.query), set),
            OperationDefinition::Query(query) => (Some(&schema.query), &query.selection_set),
            OperationDefinition::Mutation(mutation) => {
                (schema.mutation.as_ref(), &mutation.selection_set)
            }
            OperationDefinition::Subscription(subscription) => {
                (schema.subscription.as_ref(), &subscription.selection_set)
            }
        };
        let root = root?.clone();
        let fragments = document.definitions.iter().filter_map(|definition| match definition {
            Definition::Fragment(fragment) => {
                let TypeCondition::On(on) = &fragment.type_condition;
                Some((fragment.name.as_str(), (on.as_str(), &fragment.selection_set)))
            }
            Definition::Operation(_) => None,
        });
        let mut shaping = Shaping { schema, fragments: fragments.collect(), fields: 0 };
        let fields = shaping.fields(&root, &[(set, Vec::new())])?;
        Some(Self { root, fields })
    }

    /// Whether any subgraph has to be asked.
    pub(crate) fn needs_subgraphs(&self) -> bool {
        self.fields.iter().any(|field| !field.name.starts_with("__"))
    }

    /// Whether the client selects something that only this subgraph resolves.
    pub(crate) fn asks(&self, subgraph: &str) -> bool {
        asks(&self.fields, subgraph)
    }

    /// The fields that ask for the schema.
    pub(crate) fn introspection(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| matches!(field.name.as_str(), "__schema" | "__type"))
    }
}

fn asks(fields: &[Field], subgraph: &str) -> bool {
    fields.iter().any(|field| {
        let is_below = match &field.below {
            Below::Object(_, fields) => asks(fields, subgraph),
            Below::Abstract(each) => each.values().any(|fields| asks(fields, subgraph)),
            Below::Typename | Below::Leaf(_) => false,
        };
        is_below || matches!(&*field.subgraphs, [only] if only == subgraph)
    })
}

/// How many lists of types and fields a query for the schema nests. Each level multiplies its
/// answer.
pub(crate) fn introspection_levels(fields: &[Field]) -> usize {
    let below = |field: &Field| match &field.below {
        Below::Object(_, fields) => introspection_levels(fields),
        _ => 0,
    };
    let multiplies = |field: &Field| {
        ["fields", "inputFields", "interfaces", "possibleTypes"].contains(&field.name.as_str())
    };
    let levels = fields.iter().map(|field| below(field) + usize::from(multiplies(field)));
    levels.max().unwrap_or_default()
}

struct Shaping<'a> {
    schema: &'a Schema,
    fragments: HashMap<&'a str, (&'a str, &'a SelectionSet)>,
    fields: usize,
}

/// The selections with one response key, each with its conditions.
type Group<'a> = (&'a str, Vec<(&'a Selected, Conditions)>);

impl<'a> Shaping<'a> {
    fn fields(
        &mut self,
        parent: &str,
        sets: &[(&'a SelectionSet, Conditions)],
    ) -> Option<Vec<Field>> {
        let mut groups = Vec::new();
        let mut places = HashMap::new();
        for (set, conditions) in sets {
            self.collect(parent, set, conditions, &mut groups, &mut places);
        }
        groups.into_iter().map(|group| self.field(parent, group)).collect()
    }

    fn collect(
        &self,
        parent: &str,
        set: &'a SelectionSet,
        conditions: &Conditions,
        groups: &mut Vec<Group<'a>>,
        places: &mut HashMap<&'a str, usize>,
    ) {
        for selection in &set.items {
            let directives = match selection {
                Selection::Field(field) => &field.directives,
                Selection::FragmentSpread(spread) => &spread.directives,
                Selection::InlineFragment(inline) => &inline.directives,
            };
            let Some(conditions) = with_conditions(conditions, directives) else { continue };
            let (on, set) = match selection {
                Selection::Field(field) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name).as_str();
                    let place = *places.entry(key).or_insert_with(|| {
                        groups.push((key, Vec::new()));
                        groups.len() - 1
                    });
                    groups[place].1.push((field, conditions));
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragments.get(spread.fragment_name.as_str()) else {
                        continue;
                    };
                    (Some(fragment.0), fragment.1)
                }
                Selection::InlineFragment(inline) => {
                    let on =
                        inline.type_condition.as_ref().map(|TypeCondition::On(on)| on.as_str());
                    (on, &inline.selection_set)
                }
            };
            if on.is_none_or(|on| self.schema.fits(parent, on)) {
                self.collect(parent, set, &conditions, groups, places);
            }
        }
    }

    fn field(&mut self, parent: &str, (key, selected): Group<'a>) -> Option<Field> {
        self.fields += 1;
        if self.fields > MAX_FIELDS {
            return None;
        }
        let (first, _) = selected.first()?;
        let when = if selected.iter().any(|(_, conditions)| conditions.is_empty()) {
            Vec::new()
        } else {
            selected.iter().map(|(_, conditions)| conditions.clone()).collect()
        };
        let is_alias = first.alias.as_ref().is_some_and(|alias| *alias != first.name);
        let mark = if is_alias { self.schema.mark.as_str() } else { "" };
        let info = self.schema.field(parent, &first.name);
        let (of, below) = match info {
            _ if first.name == "__typename" => {
                (Type::NonNullType(Box::new(Type::NamedType("String".to_owned()))), Below::Typename)
            }
            Some(info) => (info.of.clone(), self.below(named(&info.of), &selected)?),
            // The validation lets no unknown field pass.
            None => return None,
        };
        Some(Field {
            key: key.to_owned(),
            data_key: format!("{mark}{key}"),
            name: first.name.clone(),
            of,
            at: selected.iter().map(|(field, _)| field.position).take(MAX_LOCATIONS).collect(),
            when,
            subgraphs: info.map(|info| info.subgraphs.clone()).unwrap_or_default(),
            arguments: first.arguments.clone(),
            below,
        })
    }

    fn below(&mut self, of: &str, selected: &[(&'a Selected, Conditions)]) -> Option<Below> {
        // What lies below one selection is only looked at when that selection is part of the answer.
        let sets: Vec<_> = match selected {
            [(field, _)] => vec![(&field.selection_set, Vec::new())],
            _ => {
                selected.iter().map(|(field, when)| (&field.selection_set, when.clone())).collect()
            }
        };
        Some(match self.schema.get(of)? {
            TypeInfo::Leaf(leaf) => Below::Leaf(leaf.clone()),
            TypeInfo::Object(_) => Below::Object(of.to_owned(), self.fields(of, &sets)?),
            TypeInfo::Abstract(_) => {
                let possible = self.schema.possible(of).iter();
                let each = possible.map(|name| Some((name.clone(), self.fields(name, &sets)?)));
                Below::Abstract(each.collect::<Option<_>>()?)
            }
        })
    }
}

/// `None` if the selection is not part of any answer.
fn with_conditions(conditions: &Conditions, directives: &[Directive]) -> Option<Conditions> {
    let mut all = conditions.clone();
    for directive in directives {
        let value = match directive.name.as_str() {
            "skip" => false,
            "include" => true,
            _ => continue,
        };
        match directive.arguments.iter().find(|(name, _)| name == "if") {
            Some((_, Value::Boolean(given))) if *given != value => return None,
            Some((_, Value::Variable(variable))) => {
                let condition = Condition { variable: variable.clone(), value };
                if !all.contains(&condition) {
                    all.push(condition);
                }
            }
            _ => {}
        }
    }
    Some(all)
}
