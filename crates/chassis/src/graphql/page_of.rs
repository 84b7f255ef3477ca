//! Pages of many parents at once, for loaders.

use super::{Page, Slice};
use std::collections::HashMap;
use std::hash::Hash;

/// A page of what belongs to one parent; a loader's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageOf<P> {
    /// Whose list it is.
    pub parent: P,
    /// Which part of the list.
    pub page: Page<i64>,
}

/// Parents that want the same page of their lists: one statement serves them.
pub struct SamePage<'k, P> {
    /// The page.
    pub page: &'k Page<i64>,
    parents: Vec<P>,
}

/// Groups keys by page. Siblings ask for the same page as a rule, so there is one group.
pub fn by_page<P: Copy>(keys: &[PageOf<P>]) -> Vec<SamePage<'_, P>> {
    let mut groups: HashMap<&Page<i64>, Vec<P>> = HashMap::new();
    for PageOf { parent, page } in keys {
        groups.entry(page).or_default().push(*parent);
    }
    groups.into_iter().map(|(page, parents)| SamePage { page, parents }).collect()
}

impl<P: Copy + Eq + Hash + Into<i64>> SamePage<'_, P> {
    /// The parents, for [`crate::db::Select::page_of_each`].
    pub fn parent_ids(&self) -> Vec<i64> {
        self.parents.iter().map(|parent| (*parent).into()).collect()
    }

    /// Deals the rows out to their parents; a parent without rows gets an empty page.
    /// `ids` answers a row's parent and its own id, which is the list's sort key.
    pub fn deal<T>(
        self,
        rows: Vec<T>,
        ids: impl Fn(&T) -> (i64, i64),
    ) -> Vec<(PageOf<P>, Slice<T>)> {
        let mut lists: HashMap<i64, Vec<T>> = HashMap::new();
        for row in rows {
            lists.entry(ids(&row).0).or_default().push(row);
        }
        let page = self.page;
        let slice = |parent: P| {
            let rows = lists.remove(&parent.into()).unwrap_or_default();
            let slice = page.slice(rows, |row| ids(row).1);
            (PageOf { parent, page: page.clone() }, slice)
        };
        self.parents.into_iter().map(slice).collect()
    }
}
