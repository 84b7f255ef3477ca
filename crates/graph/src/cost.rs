//! Refuses documents that are too expensive to validate.
//!
//! hive-router's validation compares all selections of one field at one place of the answer with
//! each other, and everything below them. Then it copies each fragment to where it is spread. A
//! text far below the limit of tokens could keep a thread busy for minutes, or fill the memory.

use hive_router::graphql_tools::static_graphql::query::{
    Definition, Document, OperationDefinition, Selection, SelectionSet,
};
use std::collections::HashMap;

/// The maximum number of selections of a document: those of a fragment count once, and once more
/// wherever it is spread. It equals the maximum number of tokens, so a document without fragments
/// never exceeds it.
pub(crate) const MAX_SELECTIONS: usize = 5_000;
/// The maximum number of selections of one field at one place of the answer, and of fragments
/// spread there.
///
/// Two fields at one place cost the validation one comparison, and one more look at each of the
/// selections below them; two fragments likewise. So the validation takes a million steps at most.
/// The most expensive documents we found need about 50 ms in a release build; without these limits
/// it was more than 20 s. Clients select a field once for each part of a page that needs it.
const MAX_REPEATS: usize = 50;
/// The code of a document that selects too much.
pub(crate) const TOO_MANY: &str = "MAX_SELECTIONS_EXCEEDED";

/// The error of a document that selects too much.
pub(crate) fn message() -> String {
    format!(
        "the document selects more than {MAX_SELECTIONS} fields once its fragments are spread, or \
         one field more than {MAX_REPEATS} times at one place"
    )
}

/// Visits the places of the answers, each with all selection sets that are merged there.
pub(crate) fn selects_too_much(document: &Document) -> bool {
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
                // Also ends the walk through fragments that spread themselves.
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
