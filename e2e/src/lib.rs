//! What the tests of the whole shop share beside `testing`: plain HTTP, the recorded REST contract
//! with its replayer, shops whose processes die and come back, and the soak that kills them.

pub mod http;
pub mod parts;
pub mod replay;
pub mod soak;

/// Makes one scenario two tests, each with a fresh database: `name::sqlite`, `name::postgres`.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($database:ident: $type:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn scenario($database: $type) $body

            #[tokio::test]
            async fn sqlite() {
                scenario(&testing::Database::sqlite()).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(database) = testing::Database::postgres() {
                    scenario(&database).await;
                }
            }
        }
    )+};
}
