//! Random query trees over the schema, written in two ways that must have the same answer.

use crate::shop::{ORDERS, PRODUCTS, Shop, USERS};
use fastrand::Rng;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// The maximum depth of a query, with a level in reserve.
const MAX_DEPTH: usize = 11;

/// The maximum number of aliases of a query.
const MAX_ALIASES: usize = 30;

/// A field with its arguments as literals, and what is selected below it.
pub(crate) struct Node {
    name: String,
    arguments: Vec<(&'static str, &'static str, Value)>,
    below: Vec<Node>,
    parent: String,
    of: String,
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) of: String,
    arguments: HashSet<String>,
    is_required: bool,
}

/// The fields of the object types.
pub(crate) struct Types(HashMap<String, Vec<Field>>);

impl Types {
    pub(crate) fn read(shop: &Shop) -> Self {
        let reference = "{ name ofType { name ofType { name ofType { name } } } }";
        let data = shop.data(
            &format!(
                "{{ __schema {{ types {{ name fields {{ name type {reference}
                   args {{ name type {{ kind }} }} }} }} }} }}"
            ),
            Value::Null,
        );
        let types = data["__schema"]["types"].as_array().unwrap().iter();
        let objects = types.filter_map(|of| Some((of, of["fields"].as_array()?)));
        Self(
            objects
                .map(|(of, fields)| (text(&of["name"]), fields.iter().map(field).collect()))
                .collect(),
        )
    }

    pub(crate) fn fields(&self, of: &str) -> &[Field] {
        self.0.get(of).map(Vec::as_slice).unwrap_or_default()
    }

    fn is_object(&self, of: &str) -> bool {
        self.0.contains_key(of)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn field(field: &Value) -> Field {
    let mut of = &field["type"];
    while of["name"].is_null() {
        of = &of["ofType"];
    }
    let arguments = field["args"].as_array().unwrap();
    Field {
        name: text(&field["name"]),
        of: text(&of["name"]),
        arguments: arguments.iter().map(|argument| text(&argument["name"])).collect(),
        is_required: arguments.iter().any(|argument| argument["type"]["kind"] == "NON_NULL"),
    }
}

/// A random tree below an object of the type `parent`.
pub(crate) fn grow(types: &Types, rng: &mut Rng, parent: &str, depth: usize) -> Vec<Node> {
    let mut fields: Vec<&Field> = types
        .fields(parent)
        .iter()
        .filter(|field| !field.name.starts_with("__") && (depth > 0 || !types.is_object(&field.of)))
        .collect();
    rng.shuffle(&mut fields);
    let count = rng.usize(1..=4);
    let grown = fields.into_iter().filter_map(|field| {
        let arguments = arguments(field, rng)?;
        let below = if types.is_object(&field.of) {
            let below = grow(types, rng, &field.of, depth - 1);
            if below.is_empty() {
                return None;
            }
            below
        } else {
            Vec::new()
        };
        let (name, of, parent) = (field.name.clone(), field.of.clone(), parent.to_owned());
        Some(Node { name, arguments, below, parent, of })
    });
    grown.take(count).collect()
}

fn arguments(field: &Field, rng: &mut Rng) -> Option<Vec<(&'static str, &'static str, Value)>> {
    let mut given = Vec::new();
    if field.arguments.contains("id") {
        let count = match field.name.as_str() {
            "user" | "profile" => USERS,
            "order" => ORDERS,
            "reservation" => return None,
            _ => PRODUCTS,
        };
        let id = rng.usize(1..=count + 1);
        given.push(("id", "ID!", if rng.bool() { json!(id) } else { json!(id.to_string()) }));
    } else if field.is_required {
        return None;
    }
    if field.arguments.contains("first") && rng.bool() {
        given.push(("first", "Int", json!(rng.usize(1..=3))));
    }
    if field.arguments.contains("productIds") && rng.bool() {
        given.push(("productIds", "[ID!]", json!([rng.usize(1..=3), "4"])));
    }
    Some(given)
}

/// The query without aliases, fragments, conditions and variables.
pub(crate) fn plain(nodes: &[Node]) -> String {
    let mut text = "{ ".to_owned();
    for node in nodes {
        text.push_str(&node.name);
        if !node.arguments.is_empty() {
            let arguments =
                node.arguments.iter().map(|(name, _, value)| format!("{name}: {value}"));
            let _ = write!(text, "({})", arguments.collect::<Vec<_>>().join(", "));
        }
        text.push(' ');
        if !node.below.is_empty() {
            text.push_str(&plain(&node.below));
        }
    }
    text + "} "
}

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
        let keys = self.keys("Query", nodes);
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
    fn keys(&mut self, parent: &str, nodes: &[Node]) -> Vec<Keys> {
        let mut used = HashSet::new();
        let mut keys = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let later: HashSet<_> =
                nodes[index + 1..].iter().map(|node| node.name.as_str()).collect();
            let fields = self.types.fields(parent);
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
            let below = self.keys(&node.of, &node.below);
            keys.push(Keys { key, below });
        }
        keys
    }

    fn selection(&mut self, parent: &str, nodes: &[Node], keys: &[Keys]) -> String {
        let mut text = "{ ".to_owned();
        for (node, keys) in nodes.iter().zip(keys) {
            // A fragment is a level, a named one is two.
            let form = match self.rng.u8(0..10) {
                0..3 if self.depth + height(node) + 1 >= MAX_DEPTH => 9,
                form => form,
            };
            let levels = [1, 1, 2].get(usize::from(form)).copied().unwrap_or_default();
            self.depth += levels;
            let field = self.field(node, keys);
            self.depth -= levels;
            match form {
                0 => {
                    let _ = write!(text, "... {{ {field} }} ");
                }
                1 => {
                    let condition = self.condition(true);
                    let _ = write!(text, "... on {parent} {condition}{{ {field} }} ");
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
                    let again = self.field(node, keys);
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
            let renamed = nodes.iter().zip(keys).map(|(node, keys)| {
                (keys.key.clone(), rename(&object[&node.name], &node.below, &keys.below))
            });
            Value::Object(renamed.collect())
        }
        value => value.clone(),
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.parent, self.name)
    }
}
