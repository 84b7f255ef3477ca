//! How a list of products is narrowed and sorted.

use crate::Error;
use crate::domain::{Product, Term};
use crate::store::listing::Filter;
use crate::store::product::{OLDEST, Place};
use async_graphql::{Enum, ID, InputObject};
use chassis::db::Order;
use chassis::graphql::{Decimal, Page, PageArgs, PageError};
use commerce::{InvalidId, InvalidMoney, Money};

/// Most ids that one filter names.
const FILTER_IDS: usize = 100;
/// Most characters of a text that is searched for.
const SEARCH_CHARS: usize = 200;

/// Which products a list holds; every condition that is given must be met.
#[derive(InputObject, Default)]
pub(crate) struct ProductFilter {
    /// Exactly these; at most 100.
    ids: Option<Vec<ID>>,
    /// Returns only products whose category has this text in its name, ignoring case.
    category: Option<String>,
    /// In this category.
    category_id: Option<ID>,
    /// Returns only products with this text in their names or descriptions, ignoring case.
    search: Option<String>,
    /// Offered for sale, or not.
    is_active: Option<bool>,
    /// Costs at least this.
    min_price: Option<Decimal>,
    /// Costs at most this.
    max_price: Option<Decimal>,
}

impl ProductFilter {
    pub(crate) fn checked(self) -> Result<Filter, Error> {
        if self.ids.as_ref().is_some_and(|ids| ids.len() > FILTER_IDS) {
            return Err(Error::InvalidFilter(format!("filter.ids names more than {FILTER_IDS}")));
        }
        let ids = self.ids.map(|ids| ids.iter().map(|id| id.parse()).collect());
        Ok(Filter {
            ids: ids.transpose().map_err(|error: InvalidId| error)?,
            category: text("filter.category", self.category)?.as_deref().map(Term::new),
            category_id: self.category_id.map(|id| id.parse()).transpose()?,
            search: text("filter.search", self.search)?.as_deref().map(Term::new),
            active: self.is_active,
            min_price: price("filter.minPrice", self.min_price)?,
            max_price: price("filter.maxPrice", self.max_price)?,
        })
    }
}

/// An empty text is no condition.
fn text(path: &str, text: Option<String>) -> Result<Option<String>, Error> {
    let text = text.filter(|text| !text.is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().nth(SEARCH_CHARS).is_some() || text.contains('\0'))
    {
        let rule = format!("{path} may have at most {SEARCH_CHARS} characters and no NUL");
        return Err(Error::InvalidFilter(rule));
    }
    Ok(text)
}

fn price(path: &str, amount: Option<Decimal>) -> Result<Option<Money>, Error> {
    let amount = amount.map(|Decimal(amount)| amount.parse());
    amount
        .transpose()
        .map_err(|error: InvalidMoney| Error::InvalidFilter(format!("{path} {error}")))
}

/// In which order products are listed. Equal ones follow their age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum ProductSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By name, compared character by character.
    Name,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
}

impl ProductSort {
    pub(crate) const fn order(self) -> Order {
        match self {
            Self::Newest => Order { descending: true, ..OLDEST },
            Self::Oldest => OLDEST,
            Self::Name => Order { columns: &["name", "product_id"], descending: false },
            Self::PriceAsc => Order { columns: &["price", "product_id"], descending: false },
            Self::PriceDesc => Order { columns: &["price", "product_id"], descending: true },
        }
    }

    /// The product's place in this order.
    pub(crate) fn place(self, product: &Product) -> Place {
        let id = i64::from(product.id);
        match self {
            Self::Newest | Self::Oldest => Place::Id((id,)),
            Self::Name => Place::Name((product.name.clone(), id)),
            Self::PriceAsc | Self::PriceDesc => Place::Price((product.price.minor(), id)),
        }
    }

    /// The page, if its cursors belong to a list in this order.
    pub(crate) fn page(self, args: &PageArgs) -> Result<Page<Place>, PageError> {
        let list = match self {
            Self::Newest => "products by newest",
            Self::Oldest => "products by oldest",
            Self::Name => "products by name",
            Self::PriceAsc => "products by price",
            Self::PriceDesc => "products by falling price",
        };
        let page = Page::new(list, args)?;
        // A made-up cursor may carry another order's key.
        let foreign = |place: &Place| {
            !matches!(
                (self, place),
                (Self::Newest | Self::Oldest, Place::Id(_))
                    | (Self::Name, Place::Name(_))
                    | (Self::PriceAsc | Self::PriceDesc, Place::Price(_))
            )
        };
        for (argument, place) in [("after", page.after()), ("before", page.before())] {
            if place.is_some_and(foreign) {
                return Err(PageError::ForeignCursor { argument });
            }
        }
        Ok(page)
    }
}
