//! Completes an answer: the client's keys in the client's order, every value checked against the
//! schema, null where something is missing, and an error that says why.
//!
//! hive-router's own projection does not check values, propagates null without an error, and knows
//! neither the client's aliases nor its locations. This is "CompleteValue" of the specification,
//! over the merged data of all fetches. Its cost is proportional to the answer.

use crate::answer::Response;
use crate::errors;
use crate::hooks::GONE;
use crate::introspect;
use crate::leaf;
use crate::limits::MAX_ERRORS;
use crate::paths::{self, Explained, Place, Step};
use crate::schema::Schema;
use crate::shape::{Below, Field, Shape};
use chassis::codes;
use hive_router::GraphQLError;
use hive_router::executor::execution::plan::VariablesMap;
use hive_router::executor::response::graphql_error::GraphQLErrorPathSegment as Segment;
use hive_router::executor::response::value::Value;
use hive_router::graphql_tools::static_graphql::query::Type;
use hive_router::sonic_rs::{self, JsonValueTrait};
use std::collections::HashMap;

/// What the subgraphs returned.
pub(crate) struct Fetched<'a> {
    pub(crate) data: &'a Value<'a>,
    pub(crate) errors: Vec<GraphQLError>,
    pub(crate) extensions: &'a HashMap<String, sonic_rs::Value>,
    /// The expected length of the answer in bytes.
    pub(crate) size: usize,
}

/// Writes the response.
pub(crate) fn complete(
    schema: &Schema,
    shape: &Shape,
    variables: Option<&VariablesMap>,
    fetched: Fetched<'_>,
) -> Response {
    let Fetched { data, errors, extensions, size } = fetched;
    let mut completion = Completion {
        schema,
        variables,
        out: Vec::with_capacity(size + 64),
        path: Vec::new(),
        errors: Vec::new(),
        failed: Vec::new(),
        explained: Explained::default(),
    };
    for error in errors {
        completion.sort(error, shape);
    }
    completion.out.extend_from_slice(b"{\"data\":");
    let root = data.as_object().map(Vec::as_slice).unwrap_or_default();
    if !completion.object(&shape.root, &shape.fields, root) {
        completion.out.extend_from_slice(b"null");
    }
    completion.finish(shape, extensions)
}

struct Completion<'a> {
    schema: &'a Schema,
    variables: Option<&'a VariablesMap>,
    out: Vec<u8>,
    path: Vec<Step<'a>>,
    /// The errors of the response.
    errors: Vec<GraphQLError>,
    /// Fetches that brought nothing: their errors belong to whatever is missing.
    failed: Vec<Failed>,
    explained: Explained,
}

struct Failed {
    subgraph: Option<String>,
    /// The field that an entity's error is about, if the error does not say of which entity.
    field: Option<String>,
    error: GraphQLError,
    is_reported: bool,
}

impl<'a> Completion<'a> {
    fn sort(&mut self, mut error: GraphQLError, shape: &Shape) {
        let subgraph = error.extensions.service_name.clone();
        let path = error.path.as_ref().map(|path| path.segments.as_slice()).unwrap_or_default();
        let field = match path {
            [_, .., Segment::String(key)] => Some(key.clone()),
            _ => None,
        };
        errors::settle(&mut error);
        let variables = self.variables;
        match paths::locate(&mut error, shape, &|name| is_true(variables, name)) {
            Place::Known => {
                let path = error.path.as_ref().map(|path| path.segments.as_slice());
                self.explained.add(path.unwrap_or_default());
                self.report(error);
            }
            Place::LeftOut => {}
            Place::Unknown => {
                self.failed.push(Failed { subgraph, field, error, is_reported: false });
            }
        }
    }

    fn report(&mut self, error: GraphQLError) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
    }

    fn report_here(&mut self, mut error: GraphQLError, field: &Field) {
        if self.errors.len() < MAX_ERRORS {
            paths::place(&mut error, &self.path, field);
            self.errors.push(error);
        }
    }

    /// Writes an object. False if it has to be null; then nothing is written.
    fn object(
        &mut self,
        type_name: &'a str,
        fields: &'a [Field],
        data: &'a [(&'a str, Value<'a>)],
    ) -> bool {
        let start = self.out.len();
        let mut separator = b'{';
        for field in fields {
            let variables = self.variables;
            if !field.is_selected(&|name| is_true(variables, name)) {
                continue;
            }
            self.out.push(separator);
            separator = b',';
            self.out.push(b'"');
            self.out.extend_from_slice(field.key.as_bytes());
            self.out.extend_from_slice(b"\":");
            self.path.push(Step::Key(&field.key));
            let is_written = self.field(type_name, field, data);
            self.path.pop();
            if !is_written {
                self.out.truncate(start);
                return false;
            }
        }
        if separator == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
        true
    }

    fn field(
        &mut self,
        type_name: &'a str,
        field: &'a Field,
        data: &'a [(&'a str, Value<'a>)],
    ) -> bool {
        match (&field.below, field.name.as_str()) {
            (Below::Typename, _) => {
                self.out.push(b'"');
                self.out.extend_from_slice(type_name.as_bytes());
                self.out.push(b'"');
                true
            }
            (_, "__schema" | "__type") => {
                introspect::write(&mut self.out, self.schema, self.variables, field);
                true
            }
            _ => match find(data, &field.data_key) {
                Some(value) => self.value(field, &field.of, value),
                None => {
                    let is_required = matches!(field.of, Type::NonNullType(_));
                    self.missing(field, is_required, find(data, GONE).is_some());
                    self.null_unless(is_required)
                }
            },
        }
    }

    fn null_unless(&mut self, is_required: bool) -> bool {
        if !is_required {
            self.out.extend_from_slice(b"null");
        }
        !is_required
    }

    /// Finds the error that explains why a field is missing.
    fn missing(&mut self, field: &Field, is_required: bool, is_gone: bool) {
        let resolves = |failed: &Failed| {
            failed.subgraph.as_ref().is_some_and(|name| field.subgraphs.contains(name))
        };
        let failed = self.failed.iter().position(resolves).or_else(|| {
            // A fetch that needed something from a failed one was not sent.
            let is_explained = is_gone || self.explained.has(&self.path);
            (!is_explained && !self.failed.is_empty()).then_some(0)
        });
        if let Some(failed) = failed.and_then(|index| self.failed.get_mut(index)) {
            failed.is_reported = true;
            let error = failed.error.clone();
            self.report_here(error, field);
        } else if is_required && !is_gone && !self.explained.has(&self.path) {
            self.does_not_fit(field, "a required field is missing");
        }
    }

    /// Finds the error that explains why a value is null.
    fn null(&mut self, field: &Field, is_required: bool) {
        let concerns = |failed: &Failed| {
            let resolves = |name: &String| field.subgraphs.contains(name);
            failed.field.as_ref() == Some(&field.data_key)
                && failed.subgraph.as_ref().is_some_and(resolves)
        };
        if let Some(failed) = self.failed.iter_mut().find(|failed| concerns(failed)) {
            failed.is_reported = true;
            let error = failed.error.clone();
            self.report_here(error, field);
        } else if is_required && !self.explained.has(&self.path) {
            self.does_not_fit(field, "a required value is null");
        }
    }

    fn does_not_fit(&mut self, field: &Field, problem: &str) {
        tracing::error!(
            field = field.name,
            subgraphs = ?field.subgraphs,
            "A subgraph's answer does not fit the schema: {problem}."
        );
        let error = GraphQLError::from_message_and_code(errors::INTERNAL_MESSAGE, codes::INTERNAL);
        self.report_here(error, field);
    }

    /// Writes a value. False if it is null although it must not be; then nothing is written.
    fn value(&mut self, field: &'a Field, of: &'a Type, value: &'a Value<'a>) -> bool {
        let (of, is_required) = match of {
            Type::NonNullType(inner) => (inner.as_ref(), true),
            of => (of, false),
        };
        let is_written = if is_null(value) || self.is_gone(field, value) {
            self.null(field, is_required);
            false
        } else if let Type::ListType(item) = of {
            self.list(field, item, value)
        } else {
            self.named(field, value)
        };
        is_written || self.null_unless(is_required)
    }

    /// Whether a reference names an entity that its owner does not know.
    fn is_gone(&self, field: &Field, value: &Value<'_>) -> bool {
        let Value::Object(data) = value else { return false };
        if find(data, GONE).is_none() {
            return false;
        }
        let name = match &field.below {
            Below::Object(name, _) => Some(name.as_str()),
            Below::Abstract(_) => find(data, "__typename").and_then(|name| name.as_str()),
            _ => None,
        };
        let owner = name.and_then(|name| self.schema.owner(name, &field.subgraphs));
        owner.is_some_and(|owner| find(data, &owner.alias).is_none())
    }

    fn list(&mut self, field: &'a Field, of: &'a Type, value: &'a Value<'a>) -> bool {
        let start = self.out.len();
        match value {
            Value::Array(items) => {
                self.out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.path.push(Step::Index(index));
                    let is_written = self.value(field, of, item);
                    self.path.pop();
                    if !is_written {
                        self.out.truncate(start);
                        return false;
                    }
                }
                self.out.push(b']');
                true
            }
            // A list of custom scalars, whose text hive-router keeps.
            Value::RawJson(text) if text.trim_start().starts_with('[') => {
                self.out.extend_from_slice(text.as_bytes());
                true
            }
            _ => {
                self.does_not_fit(field, "a value is not a list");
                false
            }
        }
    }

    fn named(&mut self, field: &'a Field, value: &'a Value<'a>) -> bool {
        let object = match (&field.below, value) {
            (Below::Leaf(of), value) => {
                let is_written = leaf::write(&mut self.out, of, value);
                if !is_written {
                    self.does_not_fit(field, "a value is not of its type");
                }
                return is_written;
            }
            (Below::Object(name, fields), Value::Object(data)) => Some((name, fields, data)),
            (Below::Abstract(each), Value::Object(data)) => find(data, "__typename")
                .and_then(|name| each.get_key_value(name.as_str()?))
                .map(|(name, fields)| (name, fields, data)),
            _ => None,
        };
        match object {
            Some((name, fields, data)) => self.object(name, fields, data),
            None => {
                self.does_not_fit(field, "a value is not an object of its type");
                false
            }
        }
    }

    fn finish(mut self, shape: &Shape, extensions: &HashMap<String, sonic_rs::Value>) -> Response {
        let failed = std::mem::take(&mut self.failed);
        // Several fetches from one subgraph fail alike: what is missing has the error of the first.
        let is_told = |error: &GraphQLError, subgraph: &Option<String>| {
            failed.iter().any(|failed| {
                failed.is_reported
                    && failed.subgraph == *subgraph
                    && failed.error.extensions.code == error.extensions.code
            })
        };
        for Failed { subgraph, error, .. } in &failed {
            // Without a field of this subgraph, it was only asked whether references exist.
            let is_asked = subgraph.as_ref().is_none_or(|name| shape.asks(name));
            if is_asked && !is_told(error, subgraph) {
                self.report(error.clone());
            }
        }
        if !self.errors.is_empty() {
            self.out.extend_from_slice(b",\"errors\":");
            append(&mut self.out, &self.errors);
        }
        if !extensions.is_empty() {
            self.out.extend_from_slice(b",\"extensions\":");
            append(&mut self.out, extensions);
        }
        self.out.push(b'}');
        let unavailable = self.errors.iter().any(errors::is_unavailable);
        Response { body: self.out.into(), unavailable }
    }
}

fn append(out: &mut Vec<u8>, value: &impl serde::Serialize) {
    match sonic_rs::to_vec(value) {
        Ok(json) => out.extend_from_slice(&json),
        Err(error) => {
            tracing::error!(%error, "A response cannot be written.");
            out.extend_from_slice(b"null");
        }
    }
}

pub(crate) fn is_true(variables: Option<&VariablesMap>, name: &str) -> bool {
    variables.and_then(|all| all.get(name)).and_then(|value| value.as_bool()).unwrap_or(false)
}

fn find<'v>(data: &'v [(&'v str, Value<'v>)], key: &str) -> Option<&'v Value<'v>> {
    data.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}

pub(crate) fn is_null(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::RawJson(text) => text.trim() == "null",
        _ => false,
    }
}
