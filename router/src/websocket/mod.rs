//! The graphql-transport-ws protocol.

mod connection;
mod message;
mod operations;

use crate::edge::Edge;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, WebSocketUpgrade};
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const PROTOCOL: &str = "graphql-transport-ws";
/// The version of RFC 6455.
const VERSION: &str = "13";
/// The greatest message of a client.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// What is read from a connection at once.
const READ_BUFFER_BYTES: usize = 16 * 1024;

/// Whether the request asks to become a WebSocket.
pub(crate) fn is_upgrade(headers: &HeaderMap) -> bool {
    has_token(headers, UPGRADE, "websocket") && has_token(headers, CONNECTION, "upgrade")
}

fn has_token(headers: &HeaderMap, name: axum::http::HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|it| it.trim().eq_ignore_ascii_case(token))
}

/// Opens a WebSocket.
pub(crate) async fn upgrade(edge: Arc<Edge>, mut request: Parts) -> Result<Response, Problem> {
    if !edge.origins.allow_socket(&request) {
        let message = "a web page of another site may not open a WebSocket";
        return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    if edge.stopping.is_cancelled() {
        return Err(Problem::stopping());
    }
    if request.headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != VERSION) {
        let problem = Problem::new(
            StatusCode::UPGRADE_REQUIRED,
            "BAD_REQUEST",
            "Sec-WebSocket-Version must be 13",
        );
        let mut response = problem.into_response();
        let version = HeaderValue::from_static(VERSION);
        response.headers_mut().insert(SEC_WEBSOCKET_VERSION, version);
        return Ok(response);
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut request, &()).await;
    let upgrade = upgrade.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    let permit = edge.reserve_stream()?;
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .protocols([PROTOCOL]);
    let speaks = upgrade.selected_protocol().is_some();
    let token = edge.connections.upgraded.token();
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _open = (permit, token);
        connection::serve(edge, socket, speaks).await;
    }))
}
