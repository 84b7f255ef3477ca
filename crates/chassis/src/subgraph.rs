//! A subgraph as everybody outside sees it: a name, its SDL, and a way to execute operations.

use crate::codes::INTERNAL;
use crate::graphql::Replay;
use crate::graphql::batch::{Batch, Driven};
use crate::graphql::entities::{ENTITIES, Entities};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    ErrorExtensionValues, ObjectType, Request, Response, SDLExportOptions, Schema, ServerError,
    SubscriptionType,
};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError, RwLock};

/// Parsed documents kept; when there are more texts than that, the cache starts over.
const DOCUMENTS: usize = 1024;
/// Longer texts are parsed each time.
const DOCUMENT_BYTES: usize = 16 * 1024;

/// One subgraph, whatever its schema's types are. Cheap to clone.
#[derive(Clone)]
pub struct Subgraph(Arc<Inner>);

type Execute = Box<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;
type Subscribe = Box<dyn Fn(Request) -> BoxStream<'static, Response> + Send + Sync>;
type AddLoaders = Box<dyn Fn(&Batch, Request) -> Request + Send + Sync>;

struct Inner {
    name: &'static str,
    sdl: String,
    execute: Execute,
    subscribe: Subscribe,
    loaders: AddLoaders,
    documents: RwLock<HashMap<String, ExecutableDocument>>,
}

impl Subgraph {
    /// Wraps `schema`; `loaders` gives each request the loaders that batch what it reads.
    pub fn new<Q, M, S>(
        name: &'static str,
        schema: Schema<Q, M, S>,
        loaders: impl Fn(&Batch, Request) -> Request + Send + Sync + 'static,
    ) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let (executed, subscribed) = (schema.clone(), schema.clone());
        Self(Arc::new(Inner {
            name,
            sdl: schema.sdl_with_options(SDLExportOptions::new().federation()),
            execute: Box::new(move |request| {
                let schema = executed.clone();
                async move { schema.execute(request).await }.boxed()
            }),
            subscribe: Box::new(move |request| subscribed.execute_stream(request).boxed()),
            loaders: Box::new(loaders),
            documents: RwLock::default(),
        }))
    }

    /// Its name in the supergraph.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Its schema with the federation directives, as composition reads it.
    pub fn sdl(&self) -> &str {
        &self.0.sdl
    }

    /// Executes a query or mutation. Never panics: a resolver that does is an internal error.
    ///
    /// An error of an entity has the index of the entity in its path, and takes no other entity
    /// with it.
    pub async fn execute(&self, request: Request) -> Response {
        let again = request
            .query
            .contains(ENTITIES)
            .then(|| (request.query.clone(), request.variables.clone()));
        let response = self.execute_once(request).await;
        let Some((query, variables)) = again.filter(|_| response.is_err()) else {
            return response;
        };
        let entities = self
            .document(&query)
            .and_then(|document| Entities::new(query, variables, document))
            .filter(|entities| entities.are_unattributed(&response));
        match entities {
            Some(entities) => {
                let execute = |request| {
                    let subgraph = self.clone();
                    async move { subgraph.execute_once(request).await }.boxed()
                };
                entities.attribute(response, execute).await
            }
            None => response,
        }
    }

    async fn execute_once(&self, request: Request) -> Response {
        let (request, batch, replay) = self.prepare(request);
        let response = stream::once((self.0.execute)(request));
        let mut driven = Driven::new(response, batch);
        match AssertUnwindSafe(driven.next()).catch_unwind().await {
            Ok(Some(response)) => replay.tell(response),
            Ok(None) | Err(_) => {
                tracing::error!(subgraph = self.0.name, "A resolver panicked.");
                let mut error = ServerError::new("internal server error", None);
                let mut extensions = ErrorExtensionValues::default();
                extensions.set("code", INTERNAL);
                error.extensions = Some(extensions);
                Response::from_errors(vec![error])
            }
        }
    }

    /// Executes any operation as a stream; a query or mutation is a stream of one.
    pub fn subscribe(&self, request: Request) -> BoxStream<'static, Response> {
        let (request, batch, replay) = self.prepare(request);
        let responses = Driven::new((self.0.subscribe)(request), batch);
        responses.map(move |response| replay.tell(response)).boxed()
    }

    fn prepare(&self, request: Request) -> (Request, Batch, Replay) {
        let (batch, replay) = (Batch::default(), Replay::default());
        let mut request = replay.watch((self.0.loaders)(&batch, request));
        if let Some(document) = self.document(&request.query) {
            request.set_parsed_query(document);
        }
        (request, batch, replay)
    }

    /// The parsed text; `None` leaves it to the schema to report what is wrong with it.
    fn document(&self, text: &str) -> Option<ExecutableDocument> {
        if text.len() > DOCUMENT_BYTES {
            return None;
        }
        let known = self.0.documents.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = known.get(text) {
            return Some(document.clone());
        }
        drop(known);
        let document = async_graphql::parser::parse_query(text).ok()?;
        let mut documents = self.0.documents.write().unwrap_or_else(PoisonError::into_inner);
        if documents.len() >= DOCUMENTS {
            documents.clear();
        }
        documents.insert(text.to_owned(), document.clone());
        Some(document)
    }
}
