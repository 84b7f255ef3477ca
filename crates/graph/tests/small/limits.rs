//! Documents that are refused, or not, for what they would cost.

use crate::support::{ask, code, without_weather};
use serde_json::Value;

/// The same selections at one place, in every way in which they can come there.
fn repeated(times: usize) -> [String; 6] {
    let half = times / 2;
    let fields = |count| "id ".repeat(count);
    let product = |inner: String| format!("{{ product(id: 1) {{ {inner} }} }}");
    let names: String = (0..times).map(|n| format!("...f{n} ")).collect();
    let definitions: String =
        (0..times).map(|n| format!("fragment f{n} on Product {{ a{n}: id }} ")).collect();
    [
        product(fields(times)),
        product("id name __typename ".repeat(times)),
        product(format!(
            "... {{ {} }} ... on Product {{ {} }}",
            fields(half),
            fields(times - half)
        )),
        format!("{{ {} }}", "product(id: 1) { id } ".repeat(times)),
        format!(
            "{} fragment f on Product {{ {} }}",
            product(format!("...f {}", fields(half))),
            fields(times - half)
        ),
        format!("{} {definitions}", product(names)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn one_field_may_be_selected_fifty_times_at_one_place() {
    let graph = without_weather().await;
    for query in repeated(51) {
        let answer = ask(&graph, &query).await;
        assert_eq!(
            (code(&answer), answer.get("data")),
            ("MAX_SELECTIONS_EXCEEDED", None),
            "{query}"
        );
    }
    let allowed = repeated(50);
    for query in &allowed[..5] {
        let answer = ask(&graph, query).await;
        assert_eq!(answer["errors"], Value::Null, "{query}");
        assert_eq!(answer["data"]["product"]["id"], "1");
    }
    // The last one has more aliases than are allowed, which only the validation says.
    assert_eq!(code(&ask(&graph, &allowed[5]).await), "MAX_ALIASES_EXCEEDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused_before_it_is_planned() {
    let graph = without_weather().await;
    let aliases = |count| -> String { (0..count).map(|n| format!("a{n}: renames ")).collect() };
    let nested = |levels| {
        let (down, up) = ("related { ".repeat(levels), "} ".repeat(levels));
        format!("{{ product(id: 1) {{ {down} id {up} }} }}")
    };
    let lists =
        format!("{{ products(ids: {}1{}) {{ id }} }}", "[".repeat(100_000), "]".repeat(100_000));
    let chain = |spreads: usize, count: usize| {
        let fragment = |n: usize| {
            let next = format!("...f{} ", n + 1).repeat(spreads);
            format!("fragment f{n} on Product {{ id related {{ {next} }} }} ")
        };
        let fragments: String = (0..count).map(fragment).collect();
        format!(
            "{{ product(id: 1) {{ ...f0 }} }} {fragments} fragment f{count} on Product {{ id }}"
        )
    };
    let types = |levels| {
        let (down, up) = ("fields { type { ".repeat(levels), "} } ".repeat(levels));
        format!("{{ __schema {{ types {{ {down} name {up} }} }} }}")
    };
    let table = [
        (types(4), "MAX_DEPTH_EXCEEDED"),
        (format!("{{ {} }}", aliases(10_000)), "TOKEN_LIMIT_EXCEEDED"),
        (format!("{{ {} }}", aliases(31)), "MAX_ALIASES_EXCEEDED"),
        (format!("{{ renames {} }}", "@include(if: true) ".repeat(31)), "MAX_DIRECTIVES_EXCEEDED"),
        (nested(11), "MAX_DEPTH_EXCEEDED"),
        // The parser goes down 50 levels.
        (nested(40), "MAX_DEPTH_EXCEEDED"),
        (nested(1_600), "GRAPHQL_PARSE_FAILED"),
        (lists, "GRAPHQL_PARSE_FAILED"),
        (chain(2, 30), "MAX_SELECTIONS_EXCEEDED"),
        (chain(1, 400), "MAX_SELECTIONS_EXCEEDED"),
        (
            "{ product(id: 1) { ...f } } fragment f on Product { related { ...f } }".to_owned(),
            "MAX_SELECTIONS_EXCEEDED",
        ),
    ];
    for (query, expected) in table {
        let answer = ask(&graph, &query).await;
        assert_eq!((code(&answer), answer.get("data")), (expected, None), "{query:.80} {answer}");
    }
    for allowed in [nested(10), types(3)] {
        assert_eq!(ask(&graph, &allowed).await["errors"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_errors_of_a_query_are_shorter_than_the_query() {
    let graph = without_weather().await;
    let contradictions = |times| -> String { (0..times).map(|n| format!("x: f{n} ")).collect() };
    let product = |inner: String| format!("product(id: 1) {{ {inner} }}");
    let unknown: String = (0..2_000).map(|n| format!("f{n} ")).collect();
    let flat = format!("{{ {} }}", product(contradictions(30)));
    let nested = format!("{{ {} }}", product(contradictions(15)).repeat(2));
    for query in [format!("{{ {unknown} }}"), flat, nested] {
        let answer = ask(&graph, &query).await;
        assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED");
        assert!((1..=50).contains(&answer["errors"].as_array().unwrap().len()));
        assert!(answer.to_string().len() < 50_000, "{}", answer.to_string().len());
    }
}
