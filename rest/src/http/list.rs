//! Lists without pages, out of a graph that only knows pages: never more than one of them is held.

use super::reply::{Refusal, Reply, of_bytes};
use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use futures::stream;
use serde::Serialize;
use std::io;

/// A page of a list.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    /// Where the next one begins.
    pub(crate) next: Option<String>,
}

/// Answers with the whole list. The first page is there before the status is sent, so that what
/// fails at once is an error; what fails later cuts the answer short, and the client sees that.
pub(crate) async fn list<T, F, P>(page_after: F) -> Reply
where
    T: Serialize + Send + 'static,
    F: Fn(Option<String>) -> P + Send + 'static,
    P: Future<Output = Result<Page<T>, Refusal>> + Send + 'static,
{
    let first = page_after(None).await?;
    let mut json = vec![b'['];
    append(&mut json, &first.rows)?;
    let Some(next) = first.next else {
        json.push(b']');
        return Ok(of_bytes(StatusCode::OK, json));
    };

    let begin = Ok::<_, io::Error>(Bytes::from(json));
    let rest = stream::unfold(Some(next), move |cursor| {
        let page = cursor.map(|cursor| page_after(Some(cursor)));
        async move {
            let written = page?.await.and_then(|page| chunk(&page));
            Some(match written {
                Ok((json, next)) => (Ok(json), next),
                Err(refusal) => {
                    tracing::warn!(?refusal, "A list could not be read to its end.");
                    (Err(io::Error::other("the list ends here")), None)
                }
            })
        }
    });
    let chunks = futures::StreamExt::chain(stream::once(async { begin }), rest);
    Ok(of_bytes(StatusCode::OK, Body::from_stream(chunks)))
}

fn chunk<T: Serialize>(page: &Page<T>) -> Result<(Bytes, Option<String>), Refusal> {
    let mut json = Vec::new();
    if !page.rows.is_empty() {
        json.push(b',');
        append(&mut json, &page.rows)?;
    }
    if page.next.is_none() {
        json.push(b']');
    }
    Ok((json.into(), page.next.clone()))
}

/// The rows with commas between them.
fn append<T: Serialize>(json: &mut Vec<u8>, rows: &[T]) -> Result<(), Refusal> {
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        serde_json::to_writer(&mut *json, row)
            .map_err(|error| Refusal::internal(error.to_string()))?;
    }
    Ok(())
}
