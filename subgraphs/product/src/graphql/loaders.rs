//! Every entity and association goes through here: one statement a batch.

use crate::domain::{Category, Product};
use crate::{Error, store};
use async_graphql::dataloader::Loader;
use chassis::Db;
use chassis::graphql::{PageOf, Slice, by_page};
use commerce::{CategoryId, ProductId};
use std::collections::HashMap;

/// Loads for one request.
pub(crate) struct Loaders {
    db: Db,
}

/// How many products a category has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ProductCountOf(pub(crate) CategoryId);

impl Loaders {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Loader<ProductId> for Loaders {
    type Value = Product;
    type Error = Error;

    async fn load(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Product>, Error> {
        let products = store::product::by_ids(&self.db, ids).await?;
        Ok(products.into_iter().map(|product| (product.id, product)).collect())
    }
}

impl Loader<CategoryId> for Loaders {
    type Value = Category;
    type Error = Error;

    async fn load(&self, ids: &[CategoryId]) -> Result<HashMap<CategoryId, Category>, Error> {
        let categories = store::category::by_ids(&self.db, ids).await?;
        Ok(categories.into_iter().map(|category| (category.id, category)).collect())
    }
}

impl Loader<PageOf<CategoryId>> for Loaders {
    type Value = Slice<Product>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[PageOf<CategoryId>],
    ) -> Result<HashMap<PageOf<CategoryId>, Slice<Product>>, Error> {
        let mut slices = HashMap::new();
        for group in by_page(keys) {
            let ids = group.parent_ids();
            let rows = store::product::page_of_categories(&self.db, &ids, group.page).await?;
            slices.extend(group.deal(rows, |product| {
                (product.category_id.map_or(0, i64::from), i64::from(product.id))
            }));
        }
        Ok(slices)
    }
}

impl Loader<ProductCountOf> for Loaders {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[ProductCountOf]) -> Result<HashMap<ProductCountOf, i64>, Error> {
        let ids: Vec<i64> = keys.iter().map(|ProductCountOf(id)| i64::from(*id)).collect();
        let counts = store::product::count_of_categories(&self.db, &ids).await?;
        let counts: HashMap<i64, i64> = counts.into_iter().collect();
        let count = |key: &ProductCountOf| counts.get(&i64::from(key.0)).copied().unwrap_or(0);
        Ok(keys.iter().map(|key| (*key, count(key))).collect())
    }
}
