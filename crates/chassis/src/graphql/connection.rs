//! The two types that every connection consists of.

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
            total: $crate::graphql::Total<$error>,
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
                Self { edges, page_info: slice.page_info, total }
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

            /// How many entries the whole list has; counted only when asked for.
            async fn total_count(
                &self,
                ctx: &::async_graphql::Context<'_>,
            ) -> ::std::result::Result<i32, $error> {
                let total = (self.total)(ctx).await?;
                Ok(i32::try_from(total).unwrap_or(i32::MAX))
            }
        }
    };
}

/// Counts a whole list.
pub type Total<E> = Box<
    dyn for<'a> Fn(&'a async_graphql::Context<'_>) -> futures::future::BoxFuture<'a, Result<i64, E>>
        + Send
        + Sync,
>;
