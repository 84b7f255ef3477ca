//! Clients who ask the same at the same time share one answer, unless it is a stream.

use axum::body::{Body, HttpBody};
use axum::http::response::Parts;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;

/// What is being asked at this moment. Nobody is signed in: answers differ by address alone.
/// `None` stands for an answer that is too long to be kept.
#[derive(Default)]
pub(crate) struct Sharing(sharing::Sharing<String, Option<(Parts, Bytes)>>);

impl Sharing {
    /// The answer to `question`, which `answer` finds.
    pub(super) async fn answer<F>(&self, question: &str, answer: impl Fn() -> F) -> Response
    where
        F: Future<Output = Response>,
    {
        let mut long = None;
        let find = async || match keep(answer().await).await {
            Ok(kept) => Some(kept),
            Err(response) => {
                long = Some(response);
                None
            }
        };
        let kept = self.0.share(question.to_owned(), find).await;
        match (kept, long) {
            (Some((parts, body)), _) => Response::from_parts(parts, Body::from(body)),
            (None, Some(response)) => response,
            (None, None) => answer().await,
        }
    }
}

/// The answer as something to give again, unless it is a stream.
async fn keep(response: Response) -> Result<(Parts, Bytes), Response> {
    if response.body().size_hint().exact().is_none() {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    // A body that is in memory already cannot fail.
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Ok((parts, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;

    #[tokio::test]
    async fn streams_are_everybody_s_own() {
        let sharing = Sharing::default();
        let answer = || async {
            let chunks = futures::stream::iter([Ok::<_, std::io::Error>("a"), Ok("b")]);
            Response::new(Body::from_stream(chunks))
        };

        let responses = join_all((0..3).map(|_| sharing.answer("/users/", answer))).await;

        for response in responses {
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(bytes, "ab");
        }
    }
}
