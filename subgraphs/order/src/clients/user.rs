//! What the order subgraph asks the user subgraph.

use super::{Peers, failed};
use crate::Error;
use commerce::UserId;
use graphql_client::GraphQLQuery;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/user.graphql")]
struct UserExists;

impl Peers {
    /// Whether there is such a user.
    pub(crate) async fn user_exists(&self, id: UserId) -> Result<bool, Error> {
        let variables = user_exists::Variables { id: id.to_string() };
        let data = self.user.call::<UserExists>(variables).await.map_err(failed)?;
        Ok(data.user.is_some())
    }
}
