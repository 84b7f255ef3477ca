//! Coerces variables by GraphQL's rules. Every one is checked before anything is executed.

use crate::schema::types;
use hive_router::GraphQLError;
use hive_router::executor::execution::plan::VariablesMap;
use hive_router::graphql_tools::static_graphql::query::{
    Type, Value as Literal, VariableDefinition,
};
use hive_router::graphql_tools::static_graphql::schema::{Document, TypeDefinition};
use hive_router::sonic_rs;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The maximum number of wrong variables and members that are reported.
const MAX_REPORTED: usize = 50;
/// The maximum number of characters of a wrong value that an error shows.
const MAX_SHOWN: usize = 60;

struct Field {
    name: String,
    of: Type,
    default: Option<Value>,
}

enum Input {
    Scalar,
    Enum(HashSet<String>),
    Object { fields: Vec<Field>, one_of: bool },
}

/// The input types of the schema.
pub(crate) struct Inputs(HashMap<String, Input>);

impl Inputs {
    pub(crate) fn new(schema: &Document) -> Self {
        let inputs = types(schema).filter_map(|definition| match definition {
            TypeDefinition::Scalar(scalar) => Some((scalar.name.clone(), Input::Scalar)),
            TypeDefinition::Enum(values) => {
                let names = values.values.iter().map(|value| value.name.clone()).collect();
                Some((values.name.clone(), Input::Enum(names)))
            }
            TypeDefinition::InputObject(object) => {
                let fields = object.fields.iter().map(|field| Field {
                    name: field.name.clone(),
                    of: field.value_type.clone(),
                    default: field.default_value.as_ref().map(literal),
                });
                let one_of = object.directives.iter().any(|directive| directive.name == "oneOf");
                Some((object.name.clone(), Input::Object { fields: fields.collect(), one_of }))
            }
            _ => None,
        });
        Self(inputs.collect())
    }

    /// The coerced values, or an error for each that is wrong. `required` names the variables that
    /// are used where null is not allowed although their type allows it.
    pub(crate) fn coerce(
        &self,
        definitions: &[VariableDefinition],
        required: &HashSet<String>,
        given: &Map<String, Value>,
    ) -> Result<VariablesMap, Vec<GraphQLError>> {
        let mut coerced = HashMap::with_capacity(definitions.len());
        let mut coercion = Coercion { inputs: &self.0, path: String::new(), errors: Vec::new() };
        for definition in definitions {
            let VariableDefinition { name, var_type, default_value, .. } = definition;
            coercion.path = format!("${name}");
            let default = default_value.as_ref().map(literal);
            let Some(value) = given.get(name).cloned().or(default) else {
                if matches!(var_type, Type::NonNullType(_)) {
                    coercion.report(&format!("of the type {var_type} is required"));
                }
                continue;
            };
            if value.is_null() && required.contains(name) {
                coercion.report("must not be null where it is used");
                continue;
            }
            let value = coercion.value(value, var_type);
            match sonic_rs::to_value(&value) {
                Ok(value) => drop(coerced.insert(name.clone(), value)),
                Err(error) => coercion.report(&format!("cannot be used: {error}")),
            }
        }
        if coercion.errors.is_empty() { Ok(coerced) } else { Err(coercion.errors) }
    }
}

struct Coercion<'a> {
    inputs: &'a HashMap<String, Input>,
    /// The place of the value: `$input.lines[2].quantity`.
    path: String,
    errors: Vec<GraphQLError>,
}

impl Coercion<'_> {
    fn report(&mut self, problem: &str) {
        if self.errors.len() < MAX_REPORTED {
            let message = format!("the variable {} {problem}", self.path);
            let code = chassis::codes::BAD_USER_INPUT;
            self.errors.push(GraphQLError::from_message_and_code(message, code));
        }
    }

    fn wrong(&mut self, value: &Value, of: &str) -> Value {
        self.report(&format!("is not a valid {of}: {}", shown(value)));
        Value::Null
    }

    fn below(&mut self, step: &str, coerce: impl FnOnce(&mut Self) -> Value) -> Value {
        let length = self.path.len();
        self.path.push_str(step);
        let value = coerce(self);
        self.path.truncate(length);
        value
    }

    fn value(&mut self, value: Value, of: &Type) -> Value {
        match (of, value) {
            (Type::NonNullType(inner), Value::Null) => {
                self.report(&format!("must not be null: it is of the type {inner}!"));
                Value::Null
            }
            (Type::NonNullType(inner), value) => self.value(value, inner),
            (_, Value::Null) => Value::Null,
            (Type::ListType(inner), Value::Array(items)) => {
                let items = items.into_iter().enumerate().map(|(index, item)| {
                    self.below(&format!("[{index}]"), |below| below.value(item, inner))
                });
                Value::Array(items.collect())
            }
            (Type::ListType(inner), value) => Value::Array(vec![self.value(value, inner)]),
            (Type::NamedType(name), value) => self.named(value, name),
        }
    }

    fn named(&mut self, value: Value, name: &str) -> Value {
        let is_valid = match (name, self.inputs.get(name)) {
            ("ID", _) => {
                if let Value::Number(number) = &value
                    && !number.is_f64()
                {
                    return Value::String(number.to_string());
                }
                value.is_string()
            }
            ("String", _) => value.is_string(),
            ("Boolean", _) => value.is_boolean(),
            ("Float", _) => value.is_number(),
            ("Int", _) => match whole(&value) {
                Some(number) => return number.into(),
                None => false,
            },
            (_, Some(Input::Enum(values))) => {
                value.as_str().is_some_and(|text| values.contains(text))
            }
            (_, Some(Input::Object { fields, one_of })) => match value {
                Value::Object(given) => return self.object(given, name, fields, *one_of),
                value => return self.wrong(&value, name),
            },
            // A custom scalar: its subgraph knows what is valid.
            _ => true,
        };
        if is_valid { value } else { self.wrong(&value, name) }
    }

    fn object(
        &mut self,
        mut given: Map<String, Value>,
        name: &str,
        fields: &[Field],
        one_of: bool,
    ) -> Value {
        let mut object = Map::new();
        for Field { name, of, default } in fields {
            match given.remove(name).or_else(|| default.clone()) {
                Some(value) => {
                    let value = self.below(&format!(".{name}"), |below| below.value(value, of));
                    object.insert(name.clone(), value);
                }
                None if matches!(of, Type::NonNullType(_)) => {
                    self.below(&format!(".{name}"), |below| {
                        below.report(&format!("of the type {of} is required"));
                        Value::Null
                    });
                }
                None => {}
            }
        }
        for unknown in given.keys() {
            let unknown: String = unknown.chars().take(MAX_SHOWN).collect();
            self.report(&format!("has the member `{unknown}`, which is not a field of {name}"));
        }
        if one_of && (object.len() != 1 || object.values().any(Value::is_null)) {
            self.report("must have exactly one member, which must not be null");
        }
        Value::Object(object)
    }
}

/// A whole number of 32 bits. `1.0` is one too.
fn whole(value: &Value) -> Option<i32> {
    match value.as_i64() {
        Some(number) => i32::try_from(number).ok(),
        None => {
            let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
            #[expect(clippy::cast_possible_truncation, reason = "it is in the range of i32")]
            let whole = number as i32;
            (f64::from(whole) == number).then_some(whole)
        }
    }
}

fn shown(value: &Value) -> String {
    let mut text = value.to_string();
    if text.chars().count() > MAX_SHOWN {
        text = text.chars().take(MAX_SHOWN).collect();
        text.push('…');
    }
    text
}

fn literal(value: &Literal) -> Value {
    match value {
        Literal::Variable(_) | Literal::Null => Value::Null,
        Literal::Int(number) => number.as_i64().into(),
        Literal::Float(number) => (*number).into(),
        Literal::String(text) | Literal::Enum(text) => text.as_str().into(),
        Literal::Boolean(truth) => (*truth).into(),
        Literal::List(items) => items.iter().map(literal).collect(),
        Literal::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), literal(value))).collect()
        }
    }
}
