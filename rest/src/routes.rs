//! The table of everything that can be asked for, on every port alike.

use crate::adapters::{category, inventory, order, product, profile, stock, user};
use crate::http::{Call, Reply};
use axum::http::Method;
use futures::future::BoxFuture;
use std::sync::LazyLock;

/// One method of one path.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// With `{id}` where an id stands.
    pub(crate) path: &'static str,
    pub(crate) missing: Missing,
    pub(crate) run: fn(Call) -> BoxFuture<'static, Reply>,
}

impl Route {
    /// The first system's routes that are written by hand allow nothing that they do not name.
    fn knows_head(&self) -> bool {
        matches!(self.missing, Missing::Detail)
    }
}

/// How a route says that there is nothing with this id.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Missing {
    /// `{"detail":"Not found."}`
    Detail,
    /// `{"error": …}`: those routes of the first system that are written by hand.
    Error(&'static str),
}

const NO_USER: Missing = Missing::Error("User not found");
const NO_PRODUCT: Missing = Missing::Error("Product not found");
const NO_ORDER: Missing = Missing::Error("Order not found");

macro_rules! routes {
    ($($method:ident $path:literal $missing:expr => $module:ident::$handler:ident;)+) => {
        [$(Route {
            method: Method::$method,
            path: $path,
            missing: $missing,
            run: |call| Box::pin($module::$handler(call)),
        }),+]
    };
}

/// Rows of the same path stand together, in the order in which `Allow` names their methods.
pub(crate) static ROUTES: [Route; 57] = {
    use Missing::Detail;
    routes! {
        // The first system's user service.
        GET "/users/" Detail => user::list_users;
        POST "/users/" Detail => user::create_user;
        GET "/users/{id}/" Detail => user::show_user;
        PUT "/users/{id}/" Detail => user::update_user;
        PATCH "/users/{id}/" Detail => user::update_user;
        DELETE "/users/{id}/" Detail => user::delete_user;
        GET "/profiles/{id}/" Detail => profile::show_profile;
        PUT "/profiles/{id}/" Detail => profile::update_profile;
        PATCH "/profiles/{id}/" Detail => profile::update_profile;
        GET "/api/user/{id}/" NO_USER => profile::show_user_profile;
        POST "/api/verify/" Detail => user::verify;
        // The first system's product service.
        GET "/categories/" Detail => category::list_categories;
        POST "/categories/" Detail => category::create_category;
        GET "/categories/{id}/" Detail => category::show_category;
        PUT "/categories/{id}/" Detail => category::update_category;
        PATCH "/categories/{id}/" Detail => category::update_category;
        DELETE "/categories/{id}/" Detail => category::delete_category;
        GET "/products/" Detail => product::list_rows;
        POST "/products/" Detail => product::create_product;
        GET "/products/{id}/" Detail => product::show_product;
        PUT "/products/{id}/" Detail => product::update_product;
        PATCH "/products/{id}/" Detail => product::update_product;
        DELETE "/products/{id}/" Detail => product::delete_product;
        GET "/api/product/{id}/" NO_PRODUCT => product::show_active_product;
        POST "/api/check-stock/" NO_PRODUCT => stock::check_stock;
        POST "/api/update-stock/" NO_PRODUCT => stock::update_stock;
        // The first system's order service.
        GET "/orders/" Detail => order::list_orders;
        POST "/orders/" Detail => order::create_order;
        GET "/orders/{id}/" Detail => order::show_order;
        PUT "/orders/{id}/" Detail => order::update_order;
        PATCH "/orders/{id}/" Detail => order::update_order;
        DELETE "/orders/{id}/" Detail => order::delete_order;
        POST "/orders/{id}/cancel/" NO_ORDER => order::cancel_order;
        // The second system.
        GET "/api/users/" Detail => user::list_users;
        POST "/api/users/" Detail => user::create_user;
        GET "/api/users/{id}/" Detail => user::show_user;
        PUT "/api/users/{id}/" Detail => user::update_user;
        PATCH "/api/users/{id}/" Detail => user::update_user;
        DELETE "/api/users/{id}/" Detail => user::delete_user;
        GET "/api/products/" Detail => product::list_products;
        POST "/api/products/" Detail => product::create_plain_product;
        GET "/api/products/{id}/" Detail => product::show_product;
        PUT "/api/products/{id}/" Detail => product::update_plain_product;
        PATCH "/api/products/{id}/" Detail => product::update_plain_product;
        DELETE "/api/products/{id}/" Detail => product::delete_product;
        GET "/api/inventory/" Detail => inventory::list_items;
        POST "/api/inventory/" Detail => inventory::create_item;
        GET "/api/inventory/{id}/" Detail => inventory::show_item;
        PUT "/api/inventory/{id}/" Detail => inventory::update_item;
        PATCH "/api/inventory/{id}/" Detail => inventory::update_item;
        DELETE "/api/inventory/{id}/" Detail => inventory::delete_item;
        GET "/api/orders/" Detail => order::list_orders;
        POST "/api/orders/" Detail => order::create_plain_order;
        GET "/api/orders/{id}/" Detail => order::show_order;
        PUT "/api/orders/{id}/" Detail => order::update_order;
        PATCH "/api/orders/{id}/" Detail => order::update_order;
        DELETE "/api/orders/{id}/" Detail => order::delete_order;
    }
};

/// Everything that one path can do.
pub(crate) struct Resource {
    /// What stands in front of the id, or the whole path.
    prefix: &'static str,
    /// What stands behind the id, if the path has one.
    suffix: Option<&'static str>,
    routes: Vec<&'static Route>,
}

/// A path that is known.
pub(crate) struct Found {
    pub(crate) resource: &'static Resource,
    /// 0 where the path has none; `None` when it is the id of nothing.
    pub(crate) id: Option<i64>,
}

static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    ROUTES
        .chunk_by(|one, other| one.path == other.path)
        .map(|routes| {
            let path = routes.first().map_or("", |route| route.path);
            let (prefix, suffix) = match path.split_once("{id}") {
                Some((prefix, suffix)) => (prefix, Some(suffix)),
                None => (path, None),
            };
            Resource { prefix, suffix, routes: routes.iter().collect() }
        })
        .collect()
});

/// What stands at this path.
pub(crate) fn resource(path: &str) -> Option<Found> {
    RESOURCES.iter().find_map(|resource| Some(Found { resource, id: resource.id_in(path)? }))
}

impl Resource {
    /// What this method does here. HEAD is GET without the body.
    pub(crate) fn route(&self, method: &Method) -> Option<&'static Route> {
        let asked = if *method == Method::HEAD { &Method::GET } else { method };
        let route = self.routes.iter().find(|route| route.method == *asked).copied();
        route.filter(|route| *method != Method::HEAD || route.knows_head())
    }

    /// The methods, as the header `Allow` names them.
    pub(crate) fn allow(&self) -> String {
        let mut methods: Vec<&str> =
            self.routes.iter().map(|route| route.method.as_str()).collect();
        if self.route(&Method::HEAD).is_some() {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.join(", ")
    }

    /// The id in `path`, if it is this resource's. Ids are digits; Django reads any number of them.
    fn id_in(&self, path: &str) -> Option<Option<i64>> {
        let Some(suffix) = self.suffix else { return (path == self.prefix).then_some(Some(0)) };
        let digits = path.strip_prefix(self.prefix)?.strip_suffix(suffix)?;
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok().filter(|id| *id > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(path: &str) -> Option<Option<i64>> {
        resource(path).map(|found| found.id)
    }

    #[test]
    fn a_path_leads_to_its_resource_and_id() {
        assert_eq!(id("/users/"), Some(Some(0)));
        assert_eq!(id("/users/42/"), Some(Some(42)));
        assert_eq!(id("/orders/007/cancel/"), Some(Some(7)));
        assert_eq!(resource("/api/user/1/").unwrap().resource.routes.len(), 1);
        assert_eq!(resource("/api/users/1/").unwrap().resource.routes.len(), 4);
    }

    #[test]
    fn an_id_that_nothing_can_have_is_known_as_such() {
        assert_eq!(id("/users/0/"), Some(None));
        assert_eq!(id("/users/99999999999999999999/"), Some(None));
    }

    #[test]
    fn anything_else_is_no_path() {
        for path in [
            "/",
            "/Users/",
            "/users",
            "/users/abc/",
            "/users/-1/",
            "/users/1.5/",
            "/users/1/x/",
            "/users//",
            "/api/user/",
            "/users%2F1/",
            "/users/%00/",
            "//users/",
            "",
        ] {
            assert_eq!(id(path), None, "{path:?}");
        }
    }

    #[test]
    fn allow_names_every_method_of_a_path() {
        let allow = |path| resource(path).unwrap().resource.allow();
        assert_eq!(allow("/users/"), "GET, POST, HEAD, OPTIONS");
        assert_eq!(allow("/orders/1/"), "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
        assert_eq!(allow("/orders/1/cancel/"), "POST, OPTIONS");
        assert_eq!(allow("/api/user/1/"), "GET, OPTIONS");
    }

    #[test]
    fn every_path_is_one_resource() {
        let mut paths: Vec<&str> = RESOURCES.iter().map(|it| it.routes[0].path).collect();
        let count = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), count);
    }
}
