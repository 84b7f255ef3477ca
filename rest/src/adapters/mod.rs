//! The routes' handlers: what comes in becomes variables, what the graph answers becomes JSON.

pub(crate) mod category;
pub(crate) mod inventory;
pub(crate) mod order;
pub(crate) mod place_order;
pub(crate) mod product;
pub(crate) mod product_forms;
pub(crate) mod profile;
pub(crate) mod stock;
pub(crate) mod user;
mod write_product;

/// The rows of a page, and where the next one begins.
macro_rules! page {
    ($page:expr) => {{
        let page = $page;
        let info = page.page_info;
        crate::http::Page {
            rows: page.nodes.into_iter().map(Into::into).collect(),
            next: info.end_cursor.filter(|_| info.has_next_page),
        }
    }};
}
use page;
