//! The parameters of a GraphQL request, from JSON or from a query string.

use crate::problem::Problem;
use axum::http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What a client asks for, as it was sent.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) query: Option<String>,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Map<String, Value>,
    pub(crate) extensions: Map<String, Value>,
    /// `documentId`, or `id`: the name of a trusted document.
    pub(crate) document_id: Option<String>,
}

impl Parameters {
    /// Reads the body of a POST.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self, Problem> {
        if graph::json::is_too_deep(json) {
            return Err(too_deep());
        }
        let value = serde_json::from_slice(json).map_err(|error| {
            Problem::bad_request(format!("the body is not a GraphQL request as JSON: {error}"))
        })?;
        Self::from_value(value)
    }

    /// Reads JSON that has been parsed.
    pub(crate) fn from_value(value: Value) -> Result<Self, Problem> {
        let mut members = match value {
            Value::Object(members) => members,
            Value::Array(_) => {
                let message = "batches are not supported: send one operation per request";
                return Err(Problem::bad_request(message));
            }
            _ => return Err(Problem::bad_request("a GraphQL request is a JSON object")),
        };
        let document_id = match text(&mut members, "documentId")? {
            None => text(&mut members, "id")?,
            given => given,
        };
        Ok(Self {
            query: text(&mut members, "query")?,
            operation_name: text(&mut members, "operationName")?,
            variables: object(&mut members, "variables")?,
            extensions: object(&mut members, "extensions")?,
            document_id,
        })
    }

    /// Reads the query string of a GET.
    pub(crate) fn from_query(query: &str) -> Result<Self, Problem> {
        let mut members = Map::new();
        for (name, value) in pairs(query)? {
            let value = match &*name {
                "query" | "operationName" | "documentId" | "id" => Value::String(value.into()),
                "variables" | "extensions" => json(&name, &value)?,
                _ => continue,
            };
            if members.insert(name.to_string(), value).is_some() {
                return Err(unreadable(format!("{name} is given more than once")));
            }
        }
        Self::from_value(Value::Object(members))
    }
}

/// The value of a parameter of a query string.
pub(crate) fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    let pairs = pairs(query?).ok()?;
    pairs.into_iter().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

fn pairs(query: &str) -> Result<Vec<(Cow<'_, str>, Cow<'_, str>)>, Problem> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decode(name)?, decode(value)?))
    });
    pairs.collect()
}

fn decode(text: &str) -> Result<Cow<'_, str>, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    let decoded = decoded.map_err(|_| unreadable("the query string is not UTF-8".to_owned()))?;
    Ok(Cow::Owned(decoded.into_owned()))
}

fn json(name: &str, text: &str) -> Result<Value, Problem> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if graph::json::is_too_deep(text.as_bytes()) {
        return Err(too_deep());
    }
    serde_json::from_str(text)
        .map_err(|error| Problem::bad_request(format!("{name} is not a JSON object: {error}")))
}

fn text(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::bad_request(format!("{name} must be a string"))),
    }
}

fn object(members: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, Problem> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Problem::bad_request(format!("{name} must be a JSON object"))),
    }
}

fn too_deep() -> Problem {
    Problem::bad_request("the request is nested too deep")
}

fn unreadable(message: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "UNPROCESSABLE_QUERY_PARAMS", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(problem: Result<Parameters, Problem>) -> String {
        let body: Value = serde_json::from_slice(&problem.unwrap_err().body()).unwrap();
        body["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    #[test]
    fn json_and_query_string_mean_the_same() {
        let json = json!({ "query": "query A { a }", "operationName": "A",
            "variables": { "x": "ä+ " }, "extensions": null, "documentId": null, "id": "d" });
        let query = "query=query+A+%7B+a+%7D&operationName=A&variables=%7B%22x%22:%22%C3%A4%2B+%22%7D\
                     &extensions=&id=d&other=1&";

        let expected = Parameters::from_json(json.to_string().as_bytes()).unwrap();
        assert_eq!(Parameters::from_query(query).unwrap(), expected);
        assert_eq!(expected.variables["x"], "ä+ ");
        assert_eq!(expected.document_id.as_deref(), Some("d"));
    }

    #[test]
    fn a_body_that_is_not_a_request_says_what_is_wrong() {
        for (body, word) in [
            (&b"{"[..], "JSON"),
            (b"", "JSON"),
            (b"{\"query\":\"\xff\"}", "JSON"),
            (b"[]", "batches"),
            (b"null", "object"),
            (br#"{"query":1}"#, "query must"),
            (br#"{"operationName":{}}"#, "operationName must"),
            (br#"{"variables":[]}"#, "variables must"),
            (br#"{"extensions":"x"}"#, "extensions must"),
            (br#"{"id":7}"#, "id must"),
        ] {
            let problem = Parameters::from_json(body).unwrap_err();
            let text = String::from_utf8(problem.body().to_vec()).unwrap();
            assert!(text.contains(word) && text.contains("BAD_REQUEST"), "{text}");
        }
        assert_eq!(Parameters::from_json(b"{}").unwrap(), Parameters::default());
    }

    #[test]
    fn a_query_string_that_cannot_be_read_is_refused() {
        for query in ["query=%FF", "query=a&query=b", "variables={}&variables={}"] {
            assert_eq!(code(Parameters::from_query(query)), "UNPROCESSABLE_QUERY_PARAMS");
        }
        for query in ["query=a&variables=[]", "query=a&variables={", "query=a&extensions=1"] {
            assert_eq!(code(Parameters::from_query(query)), "BAD_REQUEST");
        }
    }
}
