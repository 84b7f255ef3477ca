//! Random query trees over the schema.

use crate::shop::{ORDERS, PRODUCTS, Shop, USERS};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// A field with its arguments as literals, and what is selected below it.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) arguments: Vec<(&'static str, &'static str, Value)>,
    pub(crate) below: Vec<Node>,
    /// The type that has the field: an object type, also where an interface is selected from.
    pub(crate) parent: String,
    pub(crate) of: String,
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) of: String,
    arguments: HashSet<String>,
    is_required: bool,
}

/// The fields of the object types and interfaces, and the object types of each interface.
pub(crate) struct Types {
    fields: HashMap<String, Vec<Field>>,
    possible: HashMap<String, Vec<String>>,
}

impl Types {
    pub(crate) fn read(shop: &Shop) -> Self {
        let reference = "{ name ofType { name ofType { name ofType { name } } } }";
        let data = shop.data(
            &format!(
                "{{ __schema {{ types {{ name possibleTypes {{ name }} fields {{ name type {reference}
                   args {{ name type {{ kind }} }} }} }} }} }}"
            ),
            Value::Null,
        );
        let types = data["__schema"]["types"].as_array().unwrap().iter();
        let fields = types.clone().filter_map(|of| Some((of, of["fields"].as_array()?)));
        let possible = types.filter_map(|of| Some((of, of["possibleTypes"].as_array()?)));
        let name = |of: &Value| text(&of["name"]);
        Self {
            fields: fields
                .map(|(of, fields)| (name(of), fields.iter().map(field).collect()))
                .collect(),
            possible: possible
                .map(|(of, possible)| (name(of), possible.iter().map(name).collect()))
                .collect(),
        }
    }

    pub(crate) fn fields(&self, of: &str) -> &[Field] {
        self.fields.get(of).map(Vec::as_slice).unwrap_or_default()
    }

    fn is_composite(&self, of: &str) -> bool {
        self.fields.contains_key(of)
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

/// A random tree below an object of the type `parent`. Below an interface each field has another
/// name: two types may have different ones of the same name.
pub(crate) fn grow(types: &Types, rng: &mut Rng, parent: &str, depth: usize) -> Vec<Node> {
    let Some(possible) = types.possible.get(parent) else {
        return grow_object(types, rng, parent, depth);
    };
    let mut names = HashSet::new();
    let grown = possible.iter().flat_map(|object| grow_object(types, rng, object, depth));
    grown.filter(|node| names.insert(node.name.clone())).collect()
}

fn grow_object(types: &Types, rng: &mut Rng, parent: &str, depth: usize) -> Vec<Node> {
    let mut fields: Vec<&Field> = types
        .fields(parent)
        .iter()
        .filter(|field| {
            !field.name.starts_with("__") && (depth > 0 || !types.is_composite(&field.of))
        })
        .collect();
    rng.shuffle(&mut fields);
    let count = rng.usize(1..=4);
    let grown = fields.into_iter().filter_map(|field| {
        let arguments = arguments(field, rng)?;
        let below = if types.is_composite(&field.of) {
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
    if field.of == "Node" && field.arguments.contains("id") {
        given.push(("id", "ID!", json!(global_id(rng))));
    } else if field.of == "Node" {
        let ids: Vec<String> = (0..4).map(|_| global_id(rng)).collect();
        given.push(("ids", "[ID!]!", json!(ids)));
    } else if field.arguments.contains("id") {
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

/// The id of an entity, which may not exist.
fn global_id(rng: &mut Rng) -> String {
    let types = ["Category", "Order", "Product", "Profile", "StockItem", "User"];
    let of = types[rng.usize(0..types.len())];
    BASE64_URL_SAFE_NO_PAD.encode(format!("{of}:{}", rng.usize(1..=USERS + 2)))
}

/// The query without aliases, fragments, conditions and variables.
pub(crate) fn plain(parent: &str, nodes: &[Node]) -> String {
    let mut text = "{ ".to_owned();
    for node in nodes {
        let is_narrowed = node.parent != parent;
        if is_narrowed {
            let _ = write!(text, "... on {} {{ ", node.parent);
        }
        text.push_str(&node.name);
        if !node.arguments.is_empty() {
            let arguments =
                node.arguments.iter().map(|(name, _, value)| format!("{name}: {value}"));
            let _ = write!(text, "({})", arguments.collect::<Vec<_>>().join(", "));
        }
        text.push(' ');
        if !node.below.is_empty() {
            text.push_str(&plain(&node.of, &node.below));
        }
        if is_narrowed {
            text.push_str("} ");
        }
    }
    text + "} "
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.parent, self.name)
    }
}
