//! What the order subgraph asks the product subgraph.

use super::{Decimal, Peers, failed};
use crate::Error;
use commerce::{Money, ProductId};
use graphql_client::GraphQLQuery;
use std::collections::HashMap;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema/api.graphql", query_path = "src/clients/product.graphql")]
struct Offers;

/// A product that is for sale, as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) name: String,
    pub(crate) price: Money,
}

impl Peers {
    /// Those of `ids` (at most [`crate::domain::MAX_LINES`]) that are for sale.
    pub(crate) async fn offers(
        &self,
        ids: &[ProductId],
    ) -> Result<HashMap<ProductId, Offer>, Error> {
        let variables = offers::Variables {
            ids: ids.iter().map(ProductId::to_string).collect(),
            first: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        };
        let data = self.product.call::<Offers>(variables).await.map_err(failed)?;
        let nonsense = || Error::Peer("the product subgraph answered no id or no price".to_owned());
        let active = data.products.nodes.into_iter().filter(|product| product.is_active);
        active
            .map(|product| {
                let id = product.id.parse().map_err(|_| nonsense())?;
                let price = product.price.amount.parse().map_err(|_| nonsense())?;
                Ok((id, Offer { name: product.name, price }))
            })
            .collect()
    }
}
