//! Puts errors where the client can find them: paths and locations in its own terms.

use crate::shape::{Below, Field, Shape};
use hive_router::GraphQLError;
use hive_router::executor::response::graphql_error::{
    GraphQLErrorLocation, GraphQLErrorPath, GraphQLErrorPathSegment as Segment,
};
use hive_router::graphql_tools::parser::Pos;
use std::collections::HashSet;

/// A step on the way through an answer.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The places of an answer that errors explain.
#[derive(Default)]
pub(crate) struct Explained {
    /// The places that errors name.
    places: HashSet<String>,
    /// These, and all places above them.
    above: HashSet<String>,
}

impl Explained {
    pub(crate) fn add(&mut self, path: &[Segment]) {
        let mut place = String::new();
        for segment in path {
            match segment {
                Segment::String(key) => append(&mut place, Step::Key(key)),
                Segment::Index(index) => append(&mut place, Step::Index(*index)),
            }
            self.above.insert(place.clone());
        }
        self.places.insert(place);
    }

    /// Whether an error names this place, one above it or one below it.
    pub(crate) fn has(&self, path: &[Step<'_>]) -> bool {
        if self.places.is_empty() {
            return false;
        }
        let mut place = String::new();
        for step in path {
            append(&mut place, *step);
            if self.places.contains(&place) {
                return true;
            }
        }
        self.above.contains(&place)
    }
}

fn append(place: &mut String, step: Step<'_>) {
    place.push('/');
    match step {
        Step::Key(key) => place.push_str(key),
        Step::Index(index) => place.push_str(&index.to_string()),
    }
}

/// Where an error belongs.
#[derive(PartialEq)]
pub(crate) enum Place {
    /// At a field of the answer.
    Known,
    /// At a field that the client's conditions leave out.
    LeftOut,
    /// The path leads to no place of the answer.
    Unknown,
}

/// Replaces the path that a subgraph or hive-router gave by the client's. Of an unknown place it is
/// removed. `is_true` looks a variable up.
pub(crate) fn locate(
    error: &mut GraphQLError,
    shape: &Shape,
    is_true: &impl Fn(&str) -> bool,
) -> Place {
    error.locations = None;
    let path = error.path.take().map(|path| path.segments).unwrap_or_default();
    let mut found = GraphQLErrorPath::with_capacity(path.len());
    let (mut fields, mut at) = (vec![shape.fields.as_slice()], None);
    for segment in path {
        match segment {
            Segment::Index(index) if at.is_some() => found.push_index(index),
            Segment::Index(_) => break,
            Segment::String(key) => {
                let mut fields_here = fields.iter().flat_map(|fields| fields.iter());
                let Some(field) = fields_here.find(|field| field.data_key == key) else { break };
                if !field.is_selected(is_true) {
                    return Place::LeftOut;
                }
                found.push_field(&field.key);
                at = Some(field.at.as_slice());
                fields = below(field);
            }
        }
    }
    let Some(at) = at else { return Place::Unknown };
    error.path = Some(found);
    error.locations = Some(locations(at));
    Place::Known
}

fn below(field: &Field) -> Vec<&[Field]> {
    match &field.below {
        Below::Typename | Below::Leaf(_) => Vec::new(),
        Below::Object(_, fields) => vec![fields],
        Below::Abstract(each) => each.values().map(Vec::as_slice).collect(),
    }
}

/// Sets path and locations of an error at a field of the answer.
pub(crate) fn place(error: &mut GraphQLError, path: &[Step<'_>], field: &Field) {
    let mut found = GraphQLErrorPath::with_capacity(path.len());
    for step in path {
        match step {
            Step::Key(key) => found.push_field(key),
            Step::Index(index) => found.push_index(*index),
        }
    }
    error.path = Some(found);
    error.locations = Some(locations(&field.at));
}

fn locations(at: &[Pos]) -> Vec<GraphQLErrorLocation> {
    at.iter().map(GraphQLErrorLocation::from).collect()
}
