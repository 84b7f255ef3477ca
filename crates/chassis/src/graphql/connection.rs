//! The two types that every connection consists of.

use async_graphql::Context;
use futures::future::BoxFuture;
use futures::lock::Mutex;

/// Declares a connection and its edge over a node type: `connection!(docs… UserConnection, UserEdge, User, Error)`.
///
/// `new` takes the slice, already wrapped in node types, and how to count the whole list; the count
/// is only taken when a client asks for `totalCount`.
#[macro_export]
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $error:ty, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        pub struct $connection {
            edges: Vec<$edge>,
            page_info: $crate::graphql::PageInfo,
            total: $crate::graphql::Counted<$error>,
        }

        #[doc = concat!("One of the ", $what, " and its place in the list.")]
        #[derive(::async_graphql::SimpleObject)]
        pub struct $edge {
            /// Names this place, for `after` and `before`.
            cursor: String,
            /// What stands here.
            node: $node,
        }

        impl $connection {
            pub(crate) fn new<T>(
                slice: $crate::graphql::Slice<T>,
                node: impl Fn(T) -> $node,
                total: $crate::graphql::Total<$error>,
            ) -> Self {
                let edges = slice
                    .edges
                    .into_iter()
                    .map(|(cursor, row)| $edge { cursor, node: node(row) })
                    .collect();
                Self { edges, page_info: slice.page_info, total: total.into() }
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        #[::async_graphql::Object]
        impl $connection {
            /// The entries with their cursors.
            async fn edges(&self) -> &[$edge] {
                &self.edges
            }

            /// The entries alone.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where this page lies in the list.
            async fn page_info(&self) -> &$crate::graphql::PageInfo {
                &self.page_info
            }

            /// The number of entries in the whole list, up to 10,000. 10,001 if there are more.
            /// Counted only when selected.
            async fn total_count(
                &self,
                ctx: &::async_graphql::Context<'_>,
            ) -> ::std::result::Result<i32, $error> {
                let total = self.total.get(ctx).await?;
                Ok(i32::try_from(total).unwrap_or(i32::MAX))
            }

            /// Whether `totalCount` is the exact number of entries. False if there are more than
            /// 10,000.
            async fn total_count_is_exact(
                &self,
                ctx: &::async_graphql::Context<'_>,
            ) -> ::std::result::Result<bool, $error> {
                Ok(self.total.get(ctx).await? <= $crate::db::EXACT_COUNT)
            }
        }
    };
}

/// Counts a whole list, up to one entry more than [`crate::db::EXACT_COUNT`].
pub type Total<E> =
    Box<dyn for<'a> Fn(&'a Context<'_>) -> BoxFuture<'a, Result<i64, E>> + Send + Sync>;

/// The number of entries of a list, counted once for all fields that need it.
pub struct Counted<E> {
    count: Total<E>,
    // Not one of tokio's locks: its cooperative budget would make a field wait although it is free,
    // and would so split the batch of a long list.
    counted: Mutex<Option<i64>>,
}

impl<E> From<Total<E>> for Counted<E> {
    fn from(count: Total<E>) -> Self {
        Self { count, counted: Mutex::new(None) }
    }
}

impl<E> Counted<E> {
    /// The number of entries.
    ///
    /// # Errors
    /// When counting fails.
    pub async fn get(&self, ctx: &Context<'_>) -> Result<i64, E> {
        let mut counted = self.counted.lock().await;
        match *counted {
            Some(count) => Ok(count),
            None => Ok(*counted.insert((self.count)(ctx).await?)),
        }
    }
}
