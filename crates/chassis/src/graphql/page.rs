//! Relay connections by keyset: parsing the four arguments, cutting the page.

use super::PageInfo;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Most edges of one page.
pub const MAX_PAGE: usize = 100;
/// Edges of a page when neither `first` nor `last` is given.
pub const DEFAULT_PAGE: usize = 20;

/// The four paging arguments as a client sent them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PageArgs {
    /// So many from the start (or behind `after`).
    pub first: Option<i32>,
    /// Only what comes behind this cursor.
    pub after: Option<String>,
    /// So many from the end (or in front of `before`).
    pub last: Option<i32>,
    /// Only what comes in front of this cursor.
    pub before: Option<String>,
}

/// Paging arguments that make no sense. Code: `BAD_USER_INPUT`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Both directions at once.
    #[error("first and last exclude each other")]
    BothDirections,
    /// Zero, negative, or above [`MAX_PAGE`].
    #[error("{argument} is {value}: a page has from 1 to {MAX_PAGE} entries")]
    OutOfRange {
        /// `first` or `last`.
        argument: &'static str,
        /// What was asked for.
        value: i32,
    },
    /// Not a cursor of this list in this order.
    #[error("{argument} is not a cursor of this list")]
    ForeignCursor {
        /// `after` or `before`.
        argument: &'static str,
    },
}

/// Checked paging arguments; `K` is the list's sort key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page<K> {
    list: &'static str,
    limit: usize,
    after: Option<K>,
    before: Option<K>,
    backward: bool,
}

impl<K: Serialize + DeserializeOwned> Page<K> {
    /// Checks `args` for the list of this name; a list in another order is another list.
    ///
    /// # Errors
    /// [`PageError`] says which argument is wrong and why.
    pub fn new(list: &'static str, args: &PageArgs) -> Result<Self, PageError> {
        let (limit, backward) = match (args.first, args.last) {
            (Some(_), Some(_)) => return Err(PageError::BothDirections),
            (Some(first), None) => (limit("first", first)?, false),
            (None, Some(last)) => (limit("last", last)?, true),
            (None, None) => (DEFAULT_PAGE, false),
        };
        let key = |argument, cursor: &Option<String>| {
            cursor
                .as_deref()
                .map(|cursor| decode(list, cursor).ok_or(PageError::ForeignCursor { argument }))
                .transpose()
        };
        let (after, before) = (key("after", &args.after)?, key("before", &args.before)?);
        Ok(Self { list, limit, after, before, backward })
    }

    /// Cuts the page out of at most [`Page::row_limit`] rows, in the order in which they were read.
    pub fn slice<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Slice<T> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        if self.backward {
            rows.reverse();
        }
        let edges: Vec<_> =
            rows.into_iter().map(|row| (encode(self.list, &key(&row)), row)).collect();
        let page_info = PageInfo {
            has_next_page: if self.backward { self.before.is_some() } else { more },
            has_previous_page: if self.backward { more } else { self.after.is_some() },
            start_cursor: edges.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: edges.last().map(|(cursor, _)| cursor.clone()),
        };
        Slice { edges, page_info }
    }
}

impl<K> Page<K> {
    /// The page when the list has no rows.
    pub fn empty<T>(&self) -> Slice<T> {
        let page_info = PageInfo {
            has_next_page: false,
            has_previous_page: false,
            start_cursor: None,
            end_cursor: None,
        };
        Slice { edges: Vec::new(), page_info }
    }

    /// Only rows behind this key, in the list's order.
    pub fn after(&self) -> Option<&K> {
        self.after.as_ref()
    }

    /// Only rows in front of this key, in the list's order.
    pub fn before(&self) -> Option<&K> {
        self.before.as_ref()
    }

    /// The rows are to be read from the list's end.
    pub fn is_backward(&self) -> bool {
        self.backward
    }

    /// How many rows to read: one more than the page has, to see whether there is another.
    pub fn row_limit(&self) -> i64 {
        i64::try_from(self.limit + 1).unwrap_or(i64::MAX)
    }
}

/// One page: rows with their cursors, and where the page lies.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// Cursor and row, in the list's order.
    pub edges: Vec<(String, T)>,
    /// What lies beyond.
    pub page_info: PageInfo,
}

fn limit(argument: &'static str, value: i32) -> Result<usize, PageError> {
    usize::try_from(value)
        .ok()
        .filter(|limit| (1..=MAX_PAGE).contains(limit))
        .ok_or(PageError::OutOfRange { argument, value })
}

/// A cursor is opaque to clients: the list's name and the row's sort key, as JSON in Base64.
fn encode<K: Serialize>(list: &str, key: &K) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::json!([list, key]).to_string())
}

fn decode<K: DeserializeOwned>(list: &str, cursor: &str) -> Option<K> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (of, key): (String, K) = serde_json::from_slice(&json).ok()?;
    (of == list).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(first: Option<i32>, last: Option<i32>) -> PageArgs {
        PageArgs { first, last, ..PageArgs::default() }
    }

    #[test]
    fn a_page_has_from_one_to_a_hundred_entries() {
        for value in [0, -1, 101, i32::MAX] {
            for args in [args(Some(value), None), args(None, Some(value))] {
                assert!(matches!(Page::<i64>::new("x", &args), Err(PageError::OutOfRange { .. })));
            }
        }
        let both = Page::<i64>::new("x", &args(Some(1), Some(1)));
        assert_eq!(both, Err(PageError::BothDirections));
        assert_eq!(Page::<i64>::new("x", &PageArgs::default()).unwrap().row_limit(), 21);
    }

    #[test]
    fn a_cursor_belongs_to_one_list() {
        let page = Page::<i64>::new("orders", &args(Some(1), None)).unwrap();
        let cursor = page.slice(vec![7], |row| *row).page_info.end_cursor;
        let next = PageArgs { after: cursor, ..PageArgs::default() };
        assert_eq!(Page::<i64>::new("orders", &next).unwrap().after(), Some(&7));
        let foreign = PageError::ForeignCursor { argument: "after" };
        assert_eq!(Page::<i64>::new("users", &next), Err(foreign.clone()));
        let garbage = PageArgs { after: Some("%%%".to_owned()), ..PageArgs::default() };
        assert_eq!(Page::<i64>::new("orders", &garbage), Err(foreign));
    }

    #[test]
    fn a_backward_page_keeps_the_list_s_order() {
        let page = Page::<i64>::new("x", &args(None, Some(2))).unwrap();
        let slice = page.slice(vec![9, 8, 7], |row| *row);
        assert_eq!(slice.edges.iter().map(|(_, row)| *row).collect::<Vec<_>>(), [8, 9]);
        assert!(slice.page_info.has_previous_page && !slice.page_info.has_next_page);
    }
}
