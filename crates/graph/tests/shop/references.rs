//! A reference is null once its owner does not know the entity, whatever is selected of it.

use crate::introspection::nowhere;
use crate::shop::{SUPERGRAPH, Shop, ask, fill, subgraphs};
use chassis::db::Location;
use graph::{Endpoint, Graph, Options};
use serde_json::{Value, json};

#[test]
fn what_was_deleted_is_null_whatever_is_selected_of_it() {
    let shop = Shop::new();
    let item = shop.data("{ product(id: 1) { stockItem { id } } }", Value::Null);
    let item = item["product"]["stockItem"]["id"].clone();
    let deleted = "mutation { deleteProduct(id: 1) { deletedProductId } deleteUser(id: 2) { deletedUserId } }";
    shop.data(deleted, Value::Null);

    for selection in ["id", "nodeId", "__typename", "name", "availableQuantity", "x: id isInStock"]
    {
        let lines =
            format!("{{ order(id: 1) {{ lines {{ productId product {{ {selection} }} }} }} }}");
        let line = &shop.data(&lines, Value::Null)["order"]["lines"][0];
        assert_eq!(line, &json!({ "productId": "1", "product": null }), "{selection}");
        // Units are reserved for the order: the stock item stays until it is shipped.
        let stock = format!(
            "query($i: ID!) {{ stockItem(id: $i) {{ productId available product {{ {selection} }} }} }}"
        );
        let stock = &shop.data(&stock, json!({ "i": item }))["stockItem"];
        let expected = json!({ "productId": "1", "available": 0, "product": null });
        assert_eq!(stock, &expected, "{selection}");
    }
    for selection in ["id", "nodeId", "__typename", "username", "orders { totalCount }"] {
        let query = format!("{{ order(id: 1) {{ userId user {{ {selection} }} }} }}");
        let order = &shop.data(&query, Value::Null)["order"];
        assert_eq!(order, &json!({ "userId": "2", "user": null }), "{selection}");
    }
}

#[test]
fn a_reference_stays_while_its_owner_is_unavailable() {
    let shop = Shop::new();
    let directory = tempfile::tempdir().unwrap();
    let graph = shop.block_on(async {
        let place = Location::Directory(directory.path().to_owned());
        let subgraphs = subgraphs(&place).await;
        let mut endpoints: Vec<Endpoint> = subgraphs.into_iter().map(Endpoint::InProcess).collect();
        let graph = |subgraphs| {
            let supergraph = SUPERGRAPH.to_owned();
            Graph::new(Options { supergraph, subgraphs, introspection: true }).unwrap()
        };
        fill(&graph(endpoints.clone())).await;
        endpoints[1] = nowhere("product");
        graph(endpoints)
    });
    let query = "{ order(id: 2) { lines { product { id availableQuantity } } } }";
    let answer = shop.block_on(ask(&graph, query, Value::Null));
    let product =
        |id: &str, units: i64| json!({ "product": { "id": id, "availableQuantity": units } });
    let lines = json!([product("2", 197), product("3", 296)]);
    assert_eq!(answer, json!({ "data": { "order": { "lines": lines } } }));

    let query = "{ order(id: 2) { lines { product { id name } } } }";
    let answer = shop.block_on(ask(&graph, query, Value::Null));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SUBGRAPH_UNAVAILABLE", "{answer}");
    assert_eq!(answer["errors"][0]["path"], json!(["order", "lines", 0, "product", "name"]));
}
