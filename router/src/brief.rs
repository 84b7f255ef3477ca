//! Keeps what is wrong with a query shorter than the query.
//!
//! hive-router's validation tells of every two selections that contradict each other, and remembers
//! what it told for each text: a query of some kilobytes could take twenty megabytes for an hour.

use hive_router::graphql_tools::ast::{OperationVisitor, OperationVisitorContext};
use hive_router::graphql_tools::static_graphql::query::Document;
use hive_router::graphql_tools::validation::rules::{ValidationRule, ValidationVisitor};
use hive_router::graphql_tools::validation::utils::{ValidationError, ValidationErrorContext};

/// Most errors that are told of one query.
const MAX_ERRORS: usize = 50;
/// Most bytes of a message, and most places in the text that one error names.
const MAX_MESSAGE: usize = 500;
const MAX_LOCATIONS: usize = 10;

/// A rule that nothing breaks. It comes last and cuts what the others said.
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
