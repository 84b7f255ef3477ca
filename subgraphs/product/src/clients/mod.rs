//! Typed calls to the inventory subgraph. The operation beside this file is checked against
//! `schema/api.graphql` when this crate is compiled.

use chassis::Peer;
use commerce::ProductId;
use graphql_client::GraphQLQuery;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/inventory.graphql")]
struct EndStock;

/// Ends the stock of these products, at most 100. Idempotent.
///
/// # Errors
/// Why the inventory did not do it, for the log.
pub(crate) async fn end_stock(
    inventory: &Peer,
    products: impl Iterator<Item = ProductId>,
) -> Result<(), String> {
    let product_ids = products.map(|id| id.to_string()).collect();
    let variables = end_stock::Variables { product_ids };
    let answer = inventory.call::<EndStock>(variables).await;
    let answer = answer.map_err(|error| error.to_string())?;
    match answer.end_stock.user_errors.into_iter().next() {
        None => Ok(()),
        Some(error) => Err(format!("the inventory refused: {}", error.message)),
    }
}
