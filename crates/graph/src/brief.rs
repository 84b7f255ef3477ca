//! Keeps the errors of an invalid query shorter than the query.
//!
//! The validation reports every pair of selections that contradict each other: the errors of a query
//! of a few kilobytes could take twenty megabytes.

use hive_router::graphql_tools::ast::{OperationVisitor, OperationVisitorContext};
use hive_router::graphql_tools::static_graphql::query::Document;
use hive_router::graphql_tools::validation::rules::{ValidationRule, ValidationVisitor};
use hive_router::graphql_tools::validation::utils::{ValidationError, ValidationErrorContext};

/// The maximum number of errors reported for one query.
const MAX_ERRORS: usize = 50;
/// The maximum length of a message in bytes, and the maximum number of locations per error.
const MAX_MESSAGE: usize = 500;
const MAX_LOCATIONS: usize = 10;

/// A rule that no query breaks. It runs last and shortens the errors of the other rules.
pub(crate) struct Brief;

impl ValidationRule for Brief {
    fn visitor<'doc>(&self) -> ValidationVisitor<'doc> {
        Box::new(Self)
    }

    fn error_code(&self) -> &'static str {
        "Brief"
    }
}

impl<'doc> OperationVisitor<'doc, ValidationErrorContext> for Brief {
    fn leave_document(
        &mut self,
        _: &mut OperationVisitorContext<'doc>,
        context: &mut ValidationErrorContext,
        _: &Document,
    ) {
        context.errors.truncate(MAX_ERRORS);
        context.errors.shrink_to_fit();
        context.errors.iter_mut().for_each(shorten);
    }
}

fn shorten(error: &mut ValidationError) {
    error.locations.truncate(MAX_LOCATIONS);
    error.locations.shrink_to_fit();
    if error.message.len() > MAX_MESSAGE {
        error.message.truncate(error.message.floor_char_boundary(MAX_MESSAGE));
        error.message.push('…');
        error.message.shrink_to_fit();
    }
}
