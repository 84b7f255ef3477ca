//! What a document has to be before hive-router may look at it closely.
//!
//! Its validation compares all selections of one field at one place of the answer with each other,
//! and whatever lies below them; then it copies each fragment to where it is spread. A text far
//! below the limit of tokens could keep a worker busy for minutes, or fill the memory.

use hive_router::graphql_tools::static_graphql::query::{
    Definition, Document, OperationDefinition, Selection, SelectionSet,
};
use hive_router::graphql_tools::validation::utils::ValidationError;
use std::collections::HashMap;
use std::sync::Arc;

/// Most selections of a document: those of a fragment count once, and once more wherever it is
/// spread. As many as tokens are allowed: a document without fragments never meets it.
const MAX_SELECTIONS: usize = 5_000;
/// Most selections of one field at one place of the answer, and most fragments spread there.
///
/// Two fields at one place cost the validation one comparison, and one more look at each of the
/// selections below them; two fragments likewise. So no selection is looked at more often than
/// twice with each of its like and twice with each field like the one it belongs to: a million
/// steps in all, at most. The worst documents we found need about 50 ms in a release build; without
/// these limits it was more than 20 s. Clients select a field once for each part of a page that
/// wants it.
const MAX_REPEATS: usize = 50;
const TOO_MANY: &str = "MAX_SELECTIONS_EXCEEDED";

/// What is wrong with a document, before it is validated: nothing, when there is nothing to
/// validate, and `None` when the validation shall say it.
pub(crate) fn verdict(document: &Document) -> Option<Arc<Vec<ValidationError>>> {
    if document.definitions.is_empty() {
        return Some(Arc::default());
    }
    let refusal = || {
        let message = format!(
            "the document selects more than {MAX_SELECTIONS} fields once its fragments are \
             spread, or one field more than {MAX_REPEATS} times at one place"
        );
        ValidationError { locations: Vec::new(), message, error_code: TOO_MANY }
    };
    selects_too_much(document).then(|| Arc::new(vec![refusal()]))
}

/// A document that does not say which of its operations is meant when the request does not either
/// becomes one without any: hive-router would take the first.
pub(crate) fn without_choice(document: Arc<Document>) -> Arc<Document> {
    let is_operation = |definition: &&Definition| matches!(definition, Definition::Operation(_));
    if document.definitions.iter().filter(is_operation).nth(1).is_some() {
        Arc::new(Document { definitions: Vec::new() })
    } else {
        document
    }
}

/// Goes through the places of the answers, each with all selection sets that are merged there.
fn selects_too_much(document: &Document) -> bool {
    let fragments: HashMap<&str, &SelectionSet> =
        document.definitions.iter().filter_map(fragment).collect();
    let mut selections = 0;
    let mut places: Vec<_> = document.definitions.iter().map(|root| vec![set(root)]).collect();
    while let Some(mut sets) = places.pop() {
        let mut below: HashMap<&str, Vec<&SelectionSet>> = HashMap::new();
        let mut spreads = 0;
        while let Some(set) = sets.pop() {
            for selection in &set.items {
                selections += 1;
                // Ends the walk through fragments that spread themselves, too.
                if selections > MAX_SELECTIONS {
                    return true;
                }
                let repeats = match selection {
                    Selection::Field(field) => {
                        let name = field.alias.as_ref().unwrap_or(&field.name);
                        let same = below.entry(name).or_default();
                        same.push(&field.selection_set);
                        same.len()
                    }
                    Selection::FragmentSpread(spread) => {
                        sets.extend(fragments.get(spread.fragment_name.as_str()));
                        spreads += 1;
                        spreads
                    }
                    Selection::InlineFragment(inline) => {
                        sets.push(&inline.selection_set);
                        0
                    }
                };
                if repeats > MAX_REPEATS {
                    return true;
                }
            }
        }
        places.extend(below.into_values());
    }
    false
}

fn fragment(definition: &Definition) -> Option<(&str, &SelectionSet)> {
    match definition {
        Definition::Fragment(fragment) => Some((&fragment.name, &fragment.selection_set)),
        Definition::Operation(_) => None,
    }
}

fn set(definition: &Definition) -> &SelectionSet {
    match definition {
        Definition::Operation(OperationDefinition::SelectionSet(set)) => set,
        Definition::Operation(OperationDefinition::Query(query)) => &query.selection_set,
        Definition::Operation(OperationDefinition::Mutation(mutation)) => &mutation.selection_set,
        Definition::Operation(OperationDefinition::Subscription(subscription)) => {
            &subscription.selection_set
        }
        Definition::Fragment(fragment) => &fragment.selection_set,
    }
}
