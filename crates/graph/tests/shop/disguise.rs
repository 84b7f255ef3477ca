//! Writes a query tree in two ways that must have the same answer.

use crate::tree::{Node, Types};
use fastrand::Rng;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt::Write;

/// The maximum depth of a query, with a level in reserve.
const MAX_DEPTH: usize = 11;

/// The maximum number of aliases of a query.
const MAX_ALIASES: usize = 30;

/// Writes the same query with everything that a client may use, and what its answer must be.
pub(crate) struct Disguise<'a> {
    pub(crate) types: &'a Types,
    pub(crate) rng: &'a mut Rng,
    depth: usize,
    aliases: usize,
    directives: usize,
    definitions: Vec<String>,
    variables: Map<String, Value>,
    fragments: String,
    fragment_count: usize,
}

pub(crate) struct Disguised {
    pub(crate) query: String,
    pub(crate) variables: Value,
    pub(crate) expected: Value,
}

impl<'a> Disguise<'a> {
    pub(crate) fn new(types: &'a Types, rng: &'a mut Rng) -> Self {
        Self {
            types,
            rng,
            depth: 0,
            aliases: 0,
            directives: 0,
            definitions: Vec::new(),
            variables: Map::new(),
            fragments: String::new(),
            fragment_count: 0,
        }
    }

    pub(crate) fn write(mut self, nodes: &[Node], answer: &Value) -> Disguised {
        let keys = self.keys(nodes);
        let selection = self.selection("Query", nodes, &keys);
        let expected = rename(answer, nodes, &keys);
        let definitions = if self.definitions.is_empty() {
            String::new()
        } else {
            format!("({})", self.definitions.join(", "))
        };
        Disguised {
            query: format!("query{definitions} {selection}{}", self.fragments),
            variables: Value::Object(self.variables),
            expected,
        }
    }

    /// The response keys of a selection: names of other fields of the type, if possible.
    fn keys(&mut self, nodes: &[Node]) -> Vec<Keys> {
        let mut used = HashSet::new();
        let mut keys = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let later: HashSet<_> =
                nodes[index + 1..].iter().map(|node| node.name.as_str()).collect();
            let fields = self.types.fields(&node.parent);
            let alias = match self.rng.u8(0..6) {
                0 if !fields.is_empty() => fields[self.rng.usize(0..fields.len())].name.clone(),
                1 => "id".to_owned(),
                2 => "__typename".to_owned(),
                3 => format!("x{}", self.rng.u8(0..3)),
                _ => node.name.clone(),
            };
            let is_free = |key: &str| !used.contains(key) && !later.contains(key);
            let key = if self.aliases < 15 && is_free(&alias) {
                alias
            } else if is_free(&node.name) {
                node.name.clone()
            } else {
                format!("y{index}")
            };
            self.aliases += usize::from(key != node.name);
            used.insert(key.clone());
            let below = self.keys(&node.below);
            keys.push(Keys { key, below });
        }
        keys
    }

    fn selection(&mut self, parent: &str, nodes: &[Node], keys: &[Keys]) -> String {
        let mut text = "{ ".to_owned();
        for (node, keys) in nodes.iter().zip(keys) {
            // A fragment is a level, a named one is two.
            let narrowing = usize::from(node.parent != parent);
            let form = match self.rng.u8(0..10) {
                0..3 if self.depth + narrowing + height(node) + 1 >= MAX_DEPTH => 9,
                form => form,
            };
            let levels = [1, 1, 2].get(usize::from(form)).copied().unwrap_or_default() + narrowing;
            self.depth += levels;
            let mut field = self.field(node, keys);
            self.depth -= levels;
            if node.parent != parent && form != 1 {
                field = format!("... on {} {{ {field} }} ", node.parent);
            }
            let on = if form == 1 { node.parent.as_str() } else { parent };
            match form {
                0 => {
                    let _ = write!(text, "... {{ {field} }} ");
                }
                1 => {
                    let condition = self.condition(true);
                    let _ = write!(text, "... on {on} {condition}{{ {field} }} ");
                }
                2 => {
                    self.fragment_count += 1;
                    let name = format!("F{}", self.fragment_count);
                    let _ = write!(self.fragments, " fragment {name} on {parent} {{ {field} }}");
                    let condition = self.condition(true);
                    let _ = write!(text, "...{name} {condition}");
                }
                // Once more, with other or the same selections below.
                3 if self.aliases + aliases(node, keys) < MAX_ALIASES => {
                    self.aliases += aliases(node, keys);
                    let mut again = self.field(node, keys);
                    if node.parent != parent {
                        again = format!("... on {} {{ {again} }} ", node.parent);
                    }
                    let _ = write!(text, "{field} {again} ");
                }
                4 if self.aliases < MAX_ALIASES => {
                    self.aliases += 1;
                    let condition = self.condition(false);
                    let _ = match condition.is_empty() {
                        true => write!(text, "{field} "),
                        false => write!(text, "hidden: __typename {condition}{field} "),
                    };
                }
                _ => {
                    let _ = write!(text, "{field} ");
                }
            }
        }
        text + "} "
    }

    fn field(&mut self, node: &Node, keys: &Keys) -> String {
        let mut text = String::new();
        if keys.key != node.name {
            let _ = write!(text, "{}: ", keys.key);
        }
        text.push_str(&node.name);
        let arguments: Vec<String> =
            node.arguments.iter().map(|argument| self.argument(argument)).collect();
        if !arguments.is_empty() {
            let _ = write!(text, "({})", arguments.join(", "));
        }
        text.push(' ');
        text.push_str(&self.condition(true));
        if !node.below.is_empty() {
            self.depth += 1;
            text.push_str(&self.selection(&node.of, &node.below, &keys.below));
            self.depth -= 1;
        }
        text
    }

    fn argument(&mut self, (name, of, value): &(&'static str, &'static str, Value)) -> String {
        // The same argument has one form in a query: fields that are merged must agree.
        let variable = format!(
            "{name}_{}",
            value.to_string().replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        );
        let variable = format!("{variable}_{}", usize::from(value.is_string()));
        if variable.len() % 2 == 0 {
            return format!("{name}: {value}");
        }
        if !self.variables.contains_key(&variable) {
            self.definitions.push(format!("${variable}: {of}"));
            self.variables.insert(variable.clone(), value.clone());
        }
        format!("{name}: ${variable}")
    }

    /// A directive that includes or leaves out what it stands at, or none.
    fn condition(&mut self, includes: bool) -> String {
        if self.directives >= 28 || (includes && self.rng.u8(0..8) > 0) {
            return String::new();
        }
        self.directives += 1;
        let directive = if self.rng.bool() { "include" } else { "skip" };
        let value = includes == (directive == "include");
        if self.rng.bool() {
            return format!("@{directive}(if: {value}) ");
        }
        let variable = format!("is_{value}");
        if !self.variables.contains_key(&variable) {
            self.definitions.push(format!("${variable}: Boolean!"));
            self.variables.insert(variable.clone(), value.into());
        }
        format!("@{directive}(if: ${variable}) ")
    }
}

/// The aliases in a field and below it.
fn aliases(node: &Node, keys: &Keys) -> usize {
    let below = node.below.iter().zip(&keys.below).map(|(node, keys)| aliases(node, keys));
    usize::from(keys.key != node.name) + below.sum::<usize>()
}

fn height(node: &Node) -> usize {
    1 + node.below.iter().map(height).max().unwrap_or_default()
}

pub(crate) struct Keys {
    key: String,
    below: Vec<Keys>,
}

/// The plain query's answer with the disguised query's keys.
fn rename(answer: &Value, nodes: &[Node], keys: &[Keys]) -> Value {
    match answer {
        Value::Array(items) => items.iter().map(|item| rename(item, nodes, keys)).collect(),
        Value::Object(object) => {
            // An object behind an interface has the fields of its own type only.
            let renamed = nodes.iter().zip(keys).filter_map(|(node, keys)| {
                let value = object.get(&node.name)?;
                Some((keys.key.clone(), rename(value, &node.below, &keys.below)))
            });
            Value::Object(renamed.collect())
        }
        value => value.clone(),
    }
}
