//! Lists of products: filtered, sorted, page by page.
//!
//! A condition on category or activity is served by an index in each sort order, so a page of such a
//! list costs its own rows. A search, a price range in another order than the price's, and many
//! categories are not: no index can serve every combination. Their pages are looked for in two
//! steps, see [`Listing::page`].

use super::product::{COLUMNS, Place};
use super::search::{self, PRODUCTS};
use crate::domain::{Product, Term};
use chassis::Db;
use chassis::db::{DbError, Order, Select};
use chassis::graphql::Page;
use commerce::{CategoryId, Money, ProductId};

/// Categories whose lists are merged; those of more are filtered row by row.
const MERGED_CATEGORIES: i64 = 100;
/// Rows of a list that are looked through for a page before the index of the condition is asked: few
/// at first, which are enough where most rows meet the condition.
const WALKS: [i64; 2] = [100, 1_000];

/// Which products a list holds; every condition that is given must be met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) ids: Option<Vec<ProductId>>,
    pub(crate) category: Option<Term>,
    pub(crate) category_id: Option<CategoryId>,
    pub(crate) search: Option<Term>,
    pub(crate) active: Option<bool>,
    pub(crate) min_price: Option<Money>,
    pub(crate) max_price: Option<Money>,
}

/// The categories that a part of a name stands for.
enum Categories {
    /// The filter names none.
    Any,
    /// These, if they are few.
    Few(Vec<i64>),
    /// All with the term in their names.
    Many(Term),
}

struct Listing<'f> {
    filter: &'f Filter,
    categories: Categories,
}

pub(crate) async fn page(
    db: &Db,
    filter: &Filter,
    order: Order,
    page: &Page<Place>,
) -> Result<Vec<Product>, DbError> {
    Listing::of(db, filter).await?.page(db, order, page).await
}

pub(crate) async fn count(db: &Db, filter: &Filter) -> Result<i64, DbError> {
    let listing = Listing::of(db, filter).await?;
    listing.by_index(db).count(db).await
}

impl<'f> Listing<'f> {
    async fn of(db: &Db, filter: &'f Filter) -> Result<Self, DbError> {
        let categories = match &filter.category {
            None => Categories::Any,
            Some(term) => {
                let found = search::categories(db, term, MERGED_CATEGORIES + 1).await?;
                if i64::try_from(found.len()).is_ok_and(|count| count <= MERGED_CATEGORIES) {
                    Categories::Few(found)
                } else {
                    Categories::Many(term.clone())
                }
            }
        };
        Ok(Self { filter, categories })
    }

    /// The rows of one page.
    ///
    /// Where a condition is left that the order's index does not serve, the first rows of the list
    /// are looked through for a page. When it is not full then, few rows meet the condition: they
    /// are read from the condition's own index and sorted. So a page costs at most the walk, and
    /// rows in proportion to how rare they are. Only where those that meet the condition are many and
    /// all at the list's other end does it cost more: then all of them are read. The deadline of
    /// reads bounds that.
    async fn page(
        self,
        db: &Db,
        order: Order,
        page: &Page<Place>,
    ) -> Result<Vec<Product>, DbError> {
        if self.filter.ids.is_some() {
            // At most a hundred rows.
            return self.row_by_row(self.served(order), order).page(db, order, page).await;
        }
        if let (false, Categories::Few(categories)) = (self.has_unserved(order), &self.categories) {
            let select = self.served(order);
            return select.page_of_any(db, ("category_id", categories), (order, page)).await;
        }
        if !self.has_unserved(order) && matches!(self.categories, Categories::Any) {
            return self.served(order).page(db, order, page).await;
        }
        let is_rare = match &self.filter.search {
            Some(term) => search::is_rare(db, term).await?,
            None => false,
        };
        for rows in WALKS.into_iter().filter(|_| !is_rare) {
            let walk = self.served(order).walk("product", (order, page), rows);
            let walked: Vec<Product> = self.row_by_row(walk, order).page(db, order, page).await?;
            if i64::try_from(walked.len()).is_ok_and(|count| count == page.row_limit()) {
                return Ok(walked);
            }
        }
        self.by_index(db).materialized().page(db, order, page).await
    }

    /// Whether a condition is left that the order's index does not serve, the category's name aside.
    fn has_unserved(&self, order: Order) -> bool {
        let has_price = self.filter.min_price.is_some() || self.filter.max_price.is_some();
        self.filter.search.is_some() || has_price && !order.columns.contains(&"price")
    }

    /// The conditions that the order's index serves.
    fn served(&self, order: Order) -> Select {
        let select = self.and_partitions(Select::new(COLUMNS, "product"));
        if order.columns.contains(&"price") { self.and_prices(select) } else { select }
    }

    /// `select`, which has the conditions that are served, with all others.
    fn row_by_row(&self, mut select: Select, order: Order) -> Select {
        if let Some(term) = &self.filter.search {
            select = search::filter(select.join(" join product_text using (product_id)"), term);
        }
        if !order.columns.contains(&"price") {
            select = self.and_prices(select);
        }
        self.and_categories(select)
    }

    /// All conditions, of which the rarest has an index.
    fn by_index(&self, db: &Db) -> Select {
        let select = match &self.filter.search {
            Some(term) if self.filter.ids.is_none() => {
                search::products(db.dialect(), COLUMNS, term)
            }
            Some(term) => search::filter(Select::new(COLUMNS, PRODUCTS), term),
            None => Select::new(COLUMNS, "product"),
        };
        self.and_categories(self.and_prices(self.and_partitions(select)))
    }

    fn and_partitions(&self, mut select: Select) -> Select {
        if let Some(ids) = &self.filter.ids {
            let ids: Vec<i64> = ids.iter().map(|id| i64::from(*id)).collect();
            select = select.and_in("product_id", &ids);
        }
        if let Some(id) = self.filter.category_id {
            select = select.and("category_id = ?", i64::from(id));
        }
        match self.filter.active {
            Some(active) => select.and("active = ?", active),
            None => select,
        }
    }

    fn and_prices(&self, mut select: Select) -> Select {
        if let Some(price) = self.filter.min_price {
            select = select.and("price >= ?", price.minor());
        }
        match self.filter.max_price {
            Some(price) => select.and("price <= ?", price.minor()),
            None => select,
        }
    }

    fn and_categories(&self, select: Select) -> Select {
        match &self.categories {
            Categories::Any => select,
            Categories::Few(ids) => select.and_in("category_id", ids),
            Categories::Many(term) => search::in_categories(select, term),
        }
    }
}
