//! `/graphql`: GraphQL over HTTP. Whatever can be refused is refused before anything is executed.

use crate::accept::{Accepted, Form, Single, Streamed};
use crate::edge::{Edge, Refusal};
use crate::parameters::{Parameters, query_value};
use crate::problem::{ENDPOINT_METHODS, Problem};
use crate::streams::{self, Source};
use crate::{pages, payload, respond, websocket};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use graph::Answer;
use std::sync::Arc;
use tokio::time::Instant;

/// Carries the token of a stream that many operations share.
const TOKEN_HEADER: &str = "x-graphql-event-stream-token";

/// Answers every request for the endpoint.
pub(crate) async fn endpoint(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let answered = match head.method {
        Method::GET | Method::HEAD if websocket::is_upgrade(&head.headers) => {
            websocket::upgrade(edge, head).await
        }
        Method::GET | Method::HEAD => match pages::redirect(&edge, &head) {
            Some(redirect) => Ok(redirect),
            None => operation(&edge, head, body).await,
        },
        Method::POST => operation(&edge, head, body).await,
        Method::PUT => streams::reserve(&edge),
        Method::DELETE => {
            let id = query_value(head.uri.query(), "operationId");
            let token = token(&head).ok_or_else(missing_token);
            match token {
                Ok(token) => streams::stop(&edge, &token, id.as_deref()).await,
                Err(problem) => Err(problem),
            }
        }
        Method::OPTIONS => Ok(StatusCode::NO_CONTENT.into_response()),
        _ => Err(Problem::method_not_allowed(ENDPOINT_METHODS)),
    };
    answered.unwrap_or_else(IntoResponse::into_response)
}

fn missing_token() -> Problem {
    Problem::bad_request("the header X-GraphQL-Event-Stream-Token is missing")
}

fn token(head: &Parts) -> Option<String> {
    let header = head.headers.get(TOKEN_HEADER).and_then(|token| token.to_str().ok());
    header.map(str::to_owned).or_else(|| query_value(head.uri.query(), "token"))
}

/// A GET or a POST that brings an operation, or opens a stream.
async fn operation(edge: &Arc<Edge>, head: Parts, body: Body) -> Result<Response, Problem> {
    let accepted = Accepted::new(&head.headers)?;
    if edge.stopping.is_cancelled() {
        return Err(Problem::stopping());
    }
    let posted = head.method == Method::POST;
    let token = token(&head);
    if let Some(token) = &token
        && !posted
        && accepted.form() == Form::Streamed(Streamed::Events)
        && query_value(head.uri.query(), "query").is_none()
    {
        return streams::open(edge, token);
    }
    let form = match accepted.form() {
        Form::Single(form) => form,
        Form::Streamed(_) => Single::Json,
    };
    let parameters = match posted {
        true => payload::read(&head.headers, body).await.and_then(|it| Parameters::from_json(&it)),
        false => Parameters::from_query(head.uri.query().unwrap_or_default()),
    };
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(problem) => return Ok(respond::problem(form, &problem)),
    };
    let deadline = Instant::now() + graph::REQUEST_TIMEOUT;
    match token {
        Some(token) if matches!(accepted.form(), Form::Single(_)) => {
            let started = streams::start(edge, &token, parameters, posted, deadline).await;
            Ok(started.unwrap_or_else(|refusal| respond::refusal(Single::GraphQl, &refusal)))
        }
        _ => execute(edge, &accepted, parameters, posted, deadline).await,
    }
}

async fn execute(
    edge: &Edge,
    accepted: &Accepted,
    parameters: Parameters,
    may_write: bool,
    deadline: Instant,
) -> Result<Response, Problem> {
    let form = accepted.form();
    match (edge.plan(parameters, deadline).await, form) {
        (Ok(Answer::Once { mutates: true, .. }), form) if !may_write => {
            let form = if let Form::Single(form) = form { form } else { Single::Json };
            Ok(respond::problem(form, &Problem::mutation_by_get()))
        }
        (Ok(Answer::Once { mutates, response }), Form::Single(form)) => {
            match edge.execute(mutates, response, deadline).await {
                Ok(answer) => Ok(respond::answer(form, answer)),
                Err(problem) => Ok(respond::problem(form, &problem)),
            }
        }
        (Ok(Answer::Once { mutates, response }), Form::Streamed(form)) => {
            let response = edge.execute(mutates, response, deadline);
            Ok(streams::respond(edge, form, Source::Once(response)))
        }
        (Ok(Answer::Stream(events)), _) => {
            let form = accepted.stream_form()?;
            let permit = edge.reserve_stream()?;
            Ok(streams::respond(edge, form, Source::Events(events, permit)))
        }
        (Err(refusal), Form::Single(form)) => Ok(respond::refusal(form, &refusal)),
        // A client that reads a stream sees neither the status nor the body of a refusal.
        (Err(Refusal::Rejection(rejection)), Form::Streamed(form)) => {
            Ok(streams::respond(edge, form, Source::Errors(rejection.body())))
        }
        (Err(Refusal::Problem(problem)), Form::Streamed(form)) if problem.is_result => {
            Ok(streams::respond(edge, form, Source::Errors(problem.body())))
        }
        (Err(Refusal::Problem(problem)), Form::Streamed(_)) => Err(problem),
    }
}
