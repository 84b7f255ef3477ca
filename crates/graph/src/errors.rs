//! Which errors of subgraphs a client sees as they are, and what it sees of the others.

use chassis::codes;
use hive_router::GraphQLError;

/// The codes of subgraphs' errors that are meant for clients. Their messages pass. The message of
/// any other error is hidden, and its code becomes `INTERNAL_SERVER_ERROR`.
pub const CLIENT_CODES: [&str; 12] = [
    codes::BAD_USER_INPUT,
    codes::QUERY_TOO_EXPENSIVE,
    codes::UNAVAILABLE,
    "CONFLICT",
    "FORBIDDEN",
    "IDEMPOTENCY_CONFLICT",
    "ILLEGAL_TRANSITION",
    "INSUFFICIENT_STOCK",
    codes::NOT_FOUND,
    "OUT_OF_RANGE",
    "PRICE_CHANGED",
    "UNAUTHENTICATED",
];

/// The code of a query that does not fit the schema.
pub(crate) const INVALID_QUERY: &str = "GRAPHQL_VALIDATION_FAILED";

/// The message of an error whose cause is hidden.
pub(crate) const INTERNAL_MESSAGE: &str = "internal server error";

/// Makes an error fit for a client.
pub(crate) fn settle(error: &mut GraphQLError) {
    match error.extensions.service_name.take() {
        Some(subgraph) => settle_subgraph(error, &subgraph),
        None => settle_request(error),
    }
}

/// Whether the client may succeed if it tries again later. For a settled error.
pub(crate) fn is_unavailable(error: &GraphQLError) -> bool {
    let code = error.extensions.code.as_deref().unwrap_or_default();
    [codes::UNAVAILABLE, codes::SUBGRAPH_UNAVAILABLE].contains(&code)
}

/// hive-router's own errors about a request are written for clients. Only their codes are of two
/// kinds: words in upper case, and the names of the specification's rules that a query breaks.
fn settle_request(error: &mut GraphQLError) {
    let is_rule = |code: &String| code.contains(|letter: char| letter.is_ascii_lowercase());
    if error.extensions.code.as_ref().is_some_and(is_rule) {
        error.extensions.code = Some(INVALID_QUERY.to_owned());
    }
}

fn settle_subgraph(error: &mut GraphQLError, subgraph: &str) {
    error.extensions.affected_path = None;
    let missing = std::mem::take(&mut error.extensions.extensions).remove(codes::SUBGRAPH_KEY);
    let code = error.extensions.code.as_deref().unwrap_or_default();
    if CLIENT_CODES.contains(&code) {
        return;
    }
    if let Some(missing) = missing.filter(|_| code == codes::SUBGRAPH_UNAVAILABLE) {
        // This subgraph answered. Another one, which it needs, did not.
        error.extensions.extensions.insert(codes::SUBGRAPH_KEY.to_owned(), missing);
        return;
    }
    let (code, message) = if is_transport(code) {
        tracing::warn!(subgraph, code, "A subgraph did not answer: {}", error.message);
        error.extensions.extensions.insert(codes::SUBGRAPH_KEY.to_owned(), subgraph.into());
        (codes::SUBGRAPH_UNAVAILABLE, format!("the {subgraph} subgraph is unavailable, try again"))
    } else {
        if code != codes::INTERNAL {
            tracing::error!(
                subgraph,
                code,
                "A subgraph's error has no known code: {}",
                error.message
            );
        }
        (codes::INTERNAL, INTERNAL_MESSAGE.to_owned())
    };
    error.extensions.code = Some(code.to_owned());
    error.message = message;
}

/// The codes for a fetch that failed.
fn is_transport(code: &str) -> bool {
    code.starts_with("SUBGRAPH_") || code.starts_with("SUBREQUEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(code: &str) -> (String, String) {
        let mut error =
            GraphQLError::from_message_and_code("cause", code).add_subgraph_name("user");
        settle(&mut error);
        assert_eq!(error.extensions.service_name, None);
        (error.message, error.extensions.code.unwrap_or_default())
    }

    #[test]
    fn a_coded_error_of_a_subgraph_passes_as_it_is() {
        assert_eq!(settled("NOT_FOUND"), ("cause".to_owned(), "NOT_FOUND".to_owned()));
    }

    #[test]
    fn a_subgraph_that_misses_another_one_says_which() {
        let code = codes::SUBGRAPH_UNAVAILABLE;
        let mut error =
            GraphQLError::from_message_and_code("no stock", code).add_subgraph_name("order");
        error.extensions.extensions.insert(codes::SUBGRAPH_KEY.to_owned(), "inventory".into());
        error.extensions.extensions.insert("cause".to_owned(), "a socket".into());
        settle(&mut error);
        assert_eq!(error.message, "no stock");
        let named: Vec<_> = error.extensions.extensions.into_iter().collect();
        assert_eq!(named, [(codes::SUBGRAPH_KEY.to_owned(), "inventory".into())]);
    }

    #[test]
    fn a_query_that_breaks_a_rule_has_a_code_of_the_common_form() {
        for (code, expected) in [("FieldsOnCorrectType", INVALID_QUERY), ("MAX_DEPTH", "MAX_DEPTH")]
        {
            let mut error = GraphQLError::from_message_and_code("what is wrong", code);
            settle(&mut error);
            assert_eq!(error.extensions.code.as_deref(), Some(expected));
            assert_eq!(error.message, "what is wrong");
        }
    }

    #[test]
    fn causes_are_hidden() {
        for code in ["INTERNAL_SERVER_ERROR", "DOWNSTREAM_SERVICE_ERROR", "ANYTHING", ""] {
            let internal = ("internal server error".to_owned(), codes::INTERNAL.to_owned());
            assert_eq!(settled(code), internal);
        }
    }

    #[test]
    fn a_fetch_that_failed_says_which_subgraph_is_unavailable() {
        for code in ["SUBREQUEST_HTTP_ERROR", "SUBGRAPH_REQUEST_TIMEOUT"] {
            let (message, code) = settled(code);
            assert_eq!(code, codes::SUBGRAPH_UNAVAILABLE);
            assert!(message.contains("user"));
        }
    }
}
