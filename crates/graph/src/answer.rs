//! The result of a request.

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use hive_router::GraphQLError;
use hive_router::executor::execution::plan::FailedExecutionResult;
use std::fmt;

/// The answer to an operation. Nothing is executed before it is polled.
pub enum Answer {
    /// The answer to a query or mutation.
    Once {
        /// Whether the operation is a mutation.
        mutates: bool,
        /// Executes the operation.
        response: BoxFuture<'static, Response>,
    },
    /// The events of a subscription. Dropping the stream ends the subscription.
    Stream(BoxStream<'static, Response>),
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once { mutates, .. } => {
                f.debug_struct("Once").field("mutates", mutates).finish_non_exhaustive()
            }
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// A GraphQL response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The response as JSON.
    pub body: Bytes,
    /// Whether it has an error that may be gone when the client tries again later.
    pub unavailable: bool,
}

/// Why a request is not executed. It has no data.
#[derive(Clone, Debug)]
pub struct Rejection(pub(crate) Vec<GraphQLError>);

impl Rejection {
    /// A rejection with one error.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self(vec![GraphQLError::from_message_and_code(message.into(), code)])
    }

    /// The code of the first error.
    pub fn code(&self) -> &str {
        let code = self.0.first().and_then(|error| error.extensions.code.as_deref());
        code.unwrap_or_default()
    }

    /// The response as JSON: `{"errors": […]}`.
    pub fn body(&self) -> Bytes {
        FailedExecutionResult { errors: self.0.clone() }.serialize().into()
    }
}
