//! Says which entity an error is about.
//!
//! async-graphql resolves all representations of an `_entities` field under one path, without an
//! index, and one entity that fails takes all others with it. So when `_entities` has an error, the
//! representations are executed again one by one, and each error gets its index. This costs one
//! execution per representation, and only where something failed.

use crate::codes;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationType, Selection,
};
use async_graphql::{Name, PathSegment, Request, Response, ServerError, Value, Variables};
use futures::future::BoxFuture;
use futures::stream;
use futures::{FutureExt, StreamExt};
use std::collections::BTreeSet;

/// The field that resolves representations.
pub(crate) const ENTITIES: &str = "_entities";
/// The argument of `_entities`.
const REPRESENTATIONS: &str = "representations";
/// The maximum number of representations that are executed again. The errors of longer lists keep
/// their paths without an index.
const MAX_REPRESENTATIONS: usize = 1_000;
/// How many of them are executed at the same time.
const CONCURRENCY: usize = 16;

/// The response for one representation.
struct Executed {
    variable: Name,
    index: usize,
    response: Response,
}

/// A query for entities, and what is needed to execute it again.
pub(crate) struct Entities {
    /// The response keys of `_entities`, with the variables that hold their representations.
    keys: Vec<(String, Name)>,
    query: String,
    variables: Variables,
    document: ExecutableDocument,
}

impl Entities {
    /// `None` if the document is not a query for entities.
    pub(crate) fn new(
        query: String,
        variables: Variables,
        document: ExecutableDocument,
    ) -> Option<Self> {
        let DocumentOperations::Single(operation) = &document.operations else { return None };
        if operation.node.ty != OperationType::Query {
            return None;
        }
        let items = operation.node.selection_set.node.items.iter();
        let keys = items.filter_map(|selection| match &selection.node {
            Selection::Field(field) if field.node.name.node == ENTITIES => {
                let given = field.node.get_argument(REPRESENTATIONS)?.node.to_string();
                let variable = Name::new(given.strip_prefix('$')?);
                Some((field.node.response_key().node.to_string(), variable))
            }
            _ => None,
        });
        let keys: Vec<_> = keys.collect();
        (!keys.is_empty()).then_some(Self { keys, query, variables, document })
    }

    /// Whether the response has an error about an entity that it does not name. What is
    /// unavailable is so for all of them, and is not asked again.
    pub(crate) fn are_unattributed(&self, response: &Response) -> bool {
        let is_away = |error: &ServerError| {
            let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            matches!(code, Some(Value::String(code))
                if [codes::UNAVAILABLE, codes::SUBGRAPH_UNAVAILABLE].contains(&code.as_str()))
        };
        let mut errors = response.errors.iter();
        errors.any(|error| self.is_unattributed(error)) && !response.errors.iter().any(is_away)
    }

    fn is_unattributed(&self, error: &ServerError) -> bool {
        let Some(PathSegment::Field(key)) = error.path.first() else { return false };
        let names_entity = matches!(error.path.get(1), Some(PathSegment::Index(_)));
        !names_entity && self.keys.iter().any(|(entities, _)| entities == key)
    }

    /// The response with errors that name their entities, and with the entities that did not fail.
    pub(crate) async fn attribute(
        self,
        response: Response,
        execute: impl Fn(Request) -> BoxFuture<'static, Response>,
    ) -> Response {
        let singles = self.singles();
        if singles.len() > MAX_REPRESENTATIONS {
            return response;
        }
        let executed: Vec<Executed> = stream::iter(singles)
            .map(|(variable, index, request)| {
                execute(request).map(move |response| Executed { variable, index, response })
            })
            .buffered(CONCURRENCY)
            .collect()
            .await;
        self.merge(response, &executed)
    }

    /// The same query for each representation.
    fn singles(&self) -> Vec<(Name, usize, Request)> {
        let mut singles = Vec::new();
        let variables: BTreeSet<_> = self.keys.iter().map(|(_, variable)| variable).collect();
        for variable in variables {
            let Some(Value::List(list)) = self.variables.get(variable) else { continue };
            let each = list.iter().enumerate().map(|(index, representation)| {
                (variable.clone(), index, self.request(variable, representation))
            });
            singles.extend(each);
        }
        singles
    }

    fn request(&self, variable: &Name, representation: &Value) -> Request {
        let mut variables = self.variables.clone();
        for (_, other) in &self.keys {
            variables.insert(other.clone(), Value::List(Vec::new()));
        }
        variables.insert(variable.clone(), Value::List(vec![representation.clone()]));
        let mut request = Request::new(self.query.clone()).variables(variables);
        request.set_parsed_query(self.document.clone());
        request
    }

    fn merge(&self, mut response: Response, executed: &[Executed]) -> Response {
        response.errors.retain(|error| match error.path.first() {
            Some(PathSegment::Field(key)) => self.keys.iter().all(|(entities, _)| entities != key),
            _ => true,
        });
        let mut data = match std::mem::take(&mut response.data) {
            Value::Object(data) => data,
            _ => Default::default(),
        };
        for (key, variable) in &self.keys {
            let mut entities = Vec::new();
            for Executed { index, response: single, .. } in
                executed.iter().filter(|single| single.variable == *variable)
            {
                let entity = match &single.data {
                    Value::Object(data) => match data.get(key.as_str()) {
                        Some(Value::List(found)) => found.first().cloned(),
                        _ => None,
                    },
                    _ => None,
                };
                entities.push(entity.unwrap_or_default());
                response.errors.extend(single.errors.iter().filter_map(|error| {
                    let mut error = error.clone();
                    match error.path.first() {
                        Some(PathSegment::Field(field)) if field == key => {
                            error.path.insert(1, PathSegment::Index(*index));
                            Some(error)
                        }
                        Some(_) => None,
                        // About the request: it is the same for each.
                        None => (*index == 0).then_some(error),
                    }
                }));
            }
            data.insert(Name::new(key), Value::List(entities));
        }
        response.data = Value::Object(data);
        response
    }
}
