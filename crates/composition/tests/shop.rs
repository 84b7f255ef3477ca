//! The shop's four subgraphs, written as the services export them.
#![cfg(test)]

use composition::{Composition, Sdls};
use std::path::Path;
use std::sync::LazyLock;

fn sdls() -> Sdls {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shop");
    let read = |name: &str| {
        let text = std::fs::read_to_string(directory.join(format!("{name}.graphql"))).unwrap();
        (name.to_owned(), text)
    };
    ["user", "product", "inventory", "order"].map(read).into()
}

fn compose() -> Composition {
    let yaml = include_str!("../../../supergraph.yaml");
    Composition::new(yaml, &sdls()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// One for all tests: planning every field takes a moment.
fn shop() -> &'static Composition {
    static SHOP: LazyLock<Composition> = LazyLock::new(compose);
    &SHOP
}

#[test]
fn the_shop_composes_and_every_field_can_be_reached() {
    let shop = shop();

    assert!(shop.supergraph().contains("type Order\n  @join__type(graph: ORDER, key: \"id\")"));
}

#[test]
fn root_types_belong_to_the_subgraphs_that_have_fields_in_them() {
    let supergraph = shop().supergraph();

    for root in [
        "type Query\n  @join__type(graph: INVENTORY)\n  @join__type(graph: ORDER)\n  \
         @join__type(graph: PRODUCT)\n  @join__type(graph: USER) {",
        "type Mutation\n  @join__type(graph: INVENTORY)\n  @join__type(graph: ORDER)\n  \
         @join__type(graph: PRODUCT)\n  @join__type(graph: USER) {",
        "type Subscription\n  @join__type(graph: ORDER) {",
    ] {
        assert!(supergraph.contains(root), "{root} is not in\n{supergraph}");
    }
}

#[test]
fn composing_twice_gives_the_same_texts() {
    let again = compose();

    assert_eq!(shop().files(), again.files());
}

#[test]
fn the_api_knows_nothing_of_federation_and_introspection() {
    let api = shop().api();

    for plumbing in ["join__", "@link", "@key", "@shareable", "_entities", "_service", "__Type"] {
        assert!(!api.contains(plumbing), "{plumbing} is in\n{api}");
    }
}

#[test]
fn the_api_keeps_descriptions_and_defaults() {
    let api = shop().api();

    for text in [
        "\"\"\"One line of the append-only ledger; the counters are always its sums.\"\"\"\n\
         type StockMovement {",
        "\"\"\"What can be read.\"\"\"\ntype Query {",
        "  \"\"\"Null when the account no longer exists.\"\"\"\n  user: User\n",
        "\"\"\"An exact decimal number as a string: \"999.99\". Never a float.\"\"\"\nscalar Decimal",
        "  \"\"\"Part of the category's name, in any case.\"\"\"\n  category: String\n",
        "sort: ProductSort = NEWEST",
        "isActive: Boolean = true",
    ] {
        assert!(api.contains(text), "{text} is not in\n{api}");
    }
}

#[test]
fn the_api_is_in_alphabetical_order() {
    let api = shop().api();
    let names: Vec<&str> = api
        .lines()
        .filter(|line| !line.starts_with([' ', '}', '"']) && !line.starts_with("schema"))
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();

    assert!(names.len() > 50, "{names:?}");
    assert_eq!(names, sorted);
}

#[test]
fn a_plan_is_a_tree_of_calls_to_subgraphs() {
    let plan = shop().plan("{ order(id: 1) { lines { product { name } } } }").unwrap();

    assert_eq!(plan, include_str!("plans/order.txt").trim_end());
}

#[test]
fn a_query_of_an_unknown_field_is_told_which() {
    let error = shop().plan("{ user(id: 1) { ordrs { totalCount } } }").unwrap_err();

    assert_eq!(
        error.to_string(),
        "the operation does not fit the graph:\n  \
         line 1, column 17: Cannot query field \"ordrs\" on type \"User\"."
    );
}

#[test]
fn a_query_that_does_not_parse_is_told_where() {
    let error = shop().plan("{ user(id: 1) {").unwrap_err().to_string();

    assert!(error.starts_with("the operation does not parse: Parse error at 1:"), "{error}");
}

#[test]
fn two_operations_without_names_are_refused() {
    let error = shop().plan("{ me { id } } { me { id } }").unwrap_err().to_string();

    assert!(error.contains("does not fit the graph"), "{error}");
}

#[test]
fn two_operations_in_one_document_are_refused() {
    let error = shop().plan("query A { me { id } } query B { me { id } }").unwrap_err().to_string();

    assert!(error.contains("2 operations: plan one at a time"), "{error}");
}

#[test]
fn what_is_asked_about_the_schema_needs_no_subgraph() {
    let plan = shop().plan("{ __schema { queryType { name } } }").unwrap();
    let mixed = shop().plan("{ __schema { queryType { name } } me { id } }").unwrap();

    assert_eq!(plan, "QueryPlan {\n}");
    assert!(mixed.contains("Fetch(service: \"user\")"), "{mixed}");
}

#[test]
fn a_subscription_is_a_stream_with_calls_after_it() {
    let operation = "subscription { orderStatusChanged(id: 1) { user { username } } }";
    let plan = shop().plan(operation).unwrap();

    for part in ["Subscription {", "Fetch(service: \"order\")", "orderStatusChanged.user"] {
        assert!(plan.contains(part), "{part} is not in\n{plan}");
    }
}

#[test]
fn the_files_of_subgraphs_define_the_schema_so_that_every_reader_understands_them() {
    let files = shop().files();

    let user = files["schema/user.graphql"];
    assert!(!user.contains("extend"), "{user}");
    assert!(user.ends_with(") {\n  query: Query\n  mutation: Mutation\n}\n"), "{user}");
    assert!(files["schema/order.graphql"].ends_with("\n  subscription: Subscription\n}\n"));
}

#[test]
fn the_files_of_subgraphs_compose_to_the_same_graph() {
    let yaml = include_str!("../../../supergraph.yaml");
    let files = shop().files();
    let written = ["user", "product", "inventory", "order"]
        .map(|name| (name.to_owned(), files[format!("schema/{name}.graphql").as_str()].to_owned()));

    let again =
        Composition::new(yaml, &written.into()).unwrap_or_else(|problems| panic!("{problems:#?}"));

    assert_eq!(again.files(), files);
}
