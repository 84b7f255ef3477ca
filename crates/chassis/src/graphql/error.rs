//! Codes and masking, once, at the edge.

use crate::codes::{BAD_USER_INPUT, INTERNAL, SUBGRAPH_KEY, UNAVAILABLE};
use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextRequest, NextSubscribe,
};
use async_graphql::{Response, ServerError};
use futures::{StreamExt, stream::BoxStream};
use std::marker::PhantomData;
use std::sync::Arc;

/// What a client may rely on: a stable code, listed in `docs/errors.md`.
pub trait ErrorCode: std::error::Error + Send + Sync + 'static {
    /// The code of this error.
    fn code(&self) -> &'static str;

    /// The subgraph that did not answer, if that is what went wrong.
    fn unavailable_subgraph(&self) -> Option<&'static str> {
        None
    }
}

/// Gives every error its `extensions.code` and keeps causes that are ours out of the answer.
pub struct ErrorCodes<E>(PhantomData<fn() -> E>);

impl<E> Default for ErrorCodes<E> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<E: ErrorCode> ExtensionFactory for ErrorCodes<E> {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self::default())
    }
}

#[async_trait]
impl<E: ErrorCode> Extension for ErrorCodes<E> {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        coded::<E>(next.run(ctx).await)
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        next.run(ctx, stream).map(coded::<E>).boxed()
    }
}

fn coded<E: ErrorCode>(mut response: Response) -> Response {
    for error in &mut response.errors {
        let code = code_of::<E>(error);
        if code == INTERNAL || code == UNAVAILABLE {
            tracing::error!(cause = ?error.source::<E>(), path = ?error.path, "A resolver failed: {}", error.message);
            error.message = match code {
                INTERNAL => "internal server error".to_owned(),
                _ => "temporarily unavailable, try again".to_owned(),
            };
        }
        let unavailable = error.source::<E>().and_then(ErrorCode::unavailable_subgraph);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", code);
        if let Some(subgraph) = unavailable {
            extensions.set(SUBGRAPH_KEY, subgraph);
        }
    }
    response
}

fn code_of<E: ErrorCode>(error: &ServerError) -> &'static str {
    match error.source::<E>() {
        Some(source) => source.code(),
        // An error of another type is a bug; one without a source is the library's own word on the request.
        None if error.source.is_some() => INTERNAL,
        None => BAD_USER_INPUT,
    }
}
