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
    append(&mut json, &first.rows, true)?;
    let Some(next) = first.next else {
        json.push(b']');
        return Ok(of_bytes(StatusCode::OK, json));
    };

    let begin = Ok::<_, io::Error>(Bytes::from(json));
    let place = Place { cursor: next, is_first: first.rows.is_empty() };
    let rest = stream::unfold(Some(place), move |place| {
        let page = place.map(|place| (page_after(Some(place.cursor)), place.is_first));
        async move {
            let (page, is_first) = page?;
            let written = page.await.and_then(|page| chunk(page, is_first));
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

/// Where the next page begins.
struct Place {
    cursor: String,
    /// No row has been written yet.
    is_first: bool,
}

fn chunk<T: Serialize>(page: Page<T>, is_first: bool) -> Result<(Bytes, Option<Place>), Refusal> {
    let mut json = Vec::new();
    append(&mut json, &page.rows, is_first)?;
    if page.next.is_none() {
        json.push(b']');
    }
    let is_first = is_first && page.rows.is_empty();
    Ok((json.into(), page.next.map(|cursor| Place { cursor, is_first })))
}

/// The rows, with a comma in front of each but the first of the list.
fn append<T: Serialize>(json: &mut Vec<u8>, rows: &[T], is_first: bool) -> Result<(), Refusal> {
    for (index, row) in rows.iter().enumerate() {
        if index > 0 || !is_first {
            json.push(b',');
        }
        serde_json::to_writer(&mut *json, row)
            .map_err(|error| Refusal::internal(error.to_string()))?;
    }
    Ok(())
}
