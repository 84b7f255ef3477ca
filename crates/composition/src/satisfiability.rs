//! What the composer does not check: that every field can be reached.
//!
//! Every field of every type is planned once through every field that leads to that type. It is
//! not enough that a type can be reached somehow: `Order.product` may lead to a product of whom
//! another subgraph knows nothing.

use crate::ast::{Definition, Document, Field, Type, TypeDefinition};
use crate::plan::{PlanError, Plans};
use crate::{Problem, SUPERGRAPH, api};
use hive_router::query_planner::utils::parsing::safe_parse_operation;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One missing key makes many fields unreachable; nobody reads more of them than this.
const PROBLEMS: usize = 20;

pub(crate) fn unreachable(plans: &Plans) -> Vec<Problem> {
    let schema = plans.schema();
    let types = Types::of(schema);
    let roots = [
        ("query", schema.query_type_name()),
        ("mutation", schema.mutation_type_name()),
        ("subscription", schema.subscription_type_name()),
    ];
    let mut walk = Walk { plans, types: &types, failures: BTreeMap::new() };
    for (operation, root) in roots {
        if let Some(root) = root {
            walk.run(operation, root);
        }
    }
    let count = walk.failures.len();
    let mut problems: Vec<Problem> = walk
        .failures
        .into_iter()
        .take(PROBLEMS)
        .map(|(failure, why)| Problem::new(SUPERGRAPH, format!("{failure}: {why}")))
        .collect();
    if count > PROBLEMS {
        let more = format!("{} more fields cannot be reached", count - PROBLEMS);
        problems.push(Problem::new(SUPERGRAPH, more));
    }
    problems
}

/// The types that have fields, and which types an interface or union can turn out to be.
struct Types<'a> {
    fields: BTreeMap<&'a str, Vec<&'a Field>>,
    members: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Types<'a> {
    fn of(schema: &'a Document) -> Self {
        let mut types = Self { fields: BTreeMap::new(), members: BTreeMap::new() };
        for definition in &schema.definitions {
            let Definition::TypeDefinition(definition) = definition else { continue };
            let name = api::type_name(definition);
            match definition {
                TypeDefinition::Object(object) => {
                    for interface in &object.implements_interfaces {
                        types.members.entry(interface).or_default().push(name);
                    }
                    types.add(name, &object.fields);
                }
                TypeDefinition::Interface(interface) => types.add(name, &interface.fields),
                TypeDefinition::Union(union) => {
                    let members = types.members.entry(name).or_default();
                    members.extend(union.types.iter().map(String::as_str));
                    types.add(name, &[]);
                }
                _ => {}
            }
        }
        types
    }

    fn add(&mut self, name: &'a str, fields: &'a [Field]) {
        let fields = fields.iter().filter(|field| !field.name.starts_with("__"));
        self.fields.insert(name, fields.collect());
    }
}

/// The beginning of an operation: all that is needed to ask for a field of one type.
#[derive(Clone, Default)]
struct Path {
    text: String,
    variables: Vec<String>,
    depth: usize,
}

impl Path {
    /// Selects `field`; required arguments become variables, whose values no plan depends on.
    fn select(&self, field: &Field) -> Self {
        let mut path = self.clone();
        path.text.push_str(&field.name);
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            if matches!(argument.value_type, Type::NonNullType(_))
                && argument.default_value.is_none()
            {
                let variable = format!("$v{}", path.variables.len());
                arguments.push(format!("{}: {variable}", argument.name));
                path.variables.push(format!("{variable}: {}", argument.value_type));
            }
        }
        if !arguments.is_empty() {
            path.text.push_str(&format!("({})", arguments.join(", ")));
        }
        path
    }

    fn open(&self) -> Self {
        let mut path = self.clone();
        path.text.push_str(" { ");
        path.depth += 1;
        path
    }

    fn on(&self, member: &str) -> Self {
        let mut path = self.clone();
        path.text.push_str("... on ");
        path.text.push_str(member);
        path.open()
    }

    fn operation(&self, kind: &str, leaf: &str) -> String {
        let variables = match self.variables.join(", ") {
            none if none.is_empty() => none,
            some => format!("({some})"),
        };
        format!("{kind} q{variables} {{ {}{leaf}{} }}", self.text, " }".repeat(self.depth))
    }
}

struct Walk<'a> {
    plans: &'a Plans,
    types: &'a Types<'a>,
    failures: BTreeMap<String, String>,
}

impl<'a> Walk<'a> {
    fn run(&mut self, kind: &str, root: &'a str) {
        let mut known = BTreeSet::from([root]);
        let mut waiting = VecDeque::from([(root, Path::default())]);
        while let Some((from, path)) = waiting.pop_front() {
            for field in self.types.fields.get(from).into_iter().flatten() {
                let selected = path.select(field);
                let target = named(&field.field_type);
                if !self.types.fields.contains_key(target) {
                    // Elsewhere it was checked on the way into `from`.
                    if path.depth == 0 {
                        let failure = format!("{from}.{} cannot be reached", field.name);
                        self.check(&selected.operation(kind, ""), failure);
                    }
                    continue;
                }
                let opened = selected.open();
                let members = self.types.members.get(target).into_iter().flatten();
                let members = members.map(|member| (*member, opened.on(member)));
                let edge = format!("{from}.{}", field.name);
                for (reached, path) in [(target, opened.clone())].into_iter().chain(members) {
                    self.check_fields(kind, &edge, reached, &path);
                    if known.insert(reached) {
                        waiting.push_back((reached, path));
                    }
                }
            }
        }
    }

    /// Every field of `reached`, after coming there through `edge`.
    fn check_fields(&mut self, kind: &str, edge: &str, reached: &str, path: &Path) {
        let failure = format!("{reached} cannot be reached through {edge}");
        self.check(&path.operation(kind, "__typename"), failure);
        for field in self.types.fields.get(reached).into_iter().flatten() {
            let selected = path.select(field);
            let operation = if self.types.fields.contains_key(named(&field.field_type)) {
                selected.open().operation(kind, "__typename")
            } else {
                selected.operation(kind, "")
            };
            let failure = format!("{reached}.{} cannot be reached through {edge}", field.name);
            self.check(&operation, failure);
        }
    }

    fn check(&mut self, operation: &str, failure: String) {
        let planned = safe_parse_operation(operation)
            .map_err(|error| PlanError::Syntax(error.to_string()))
            .and_then(|operation| self.plans.tree(&operation));
        if let Err(error) = planned {
            self.failures.entry(failure).or_insert_with(|| format!("{error} in `{operation}`"));
        }
    }
}

fn named(of: &Type) -> &str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => named(inner),
    }
}
