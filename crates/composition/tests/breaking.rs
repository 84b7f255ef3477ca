//! What breaks clients, what does not, and how CHANGELOG.md admits it.
#![cfg(test)]

use composition::{Breaking, breaking_changes, unlisted};

fn breaks(old: &str, new: &str) -> Vec<String> {
    let changes = breaking_changes(old, new).unwrap();
    changes.iter().map(Breaking::to_string).collect()
}

/// Old and new text, and the one change that breaks clients.
const BREAKING: [(&str, &str, &str); 22] = [
    ("type A { x: Int } type B { x: Int }", "type A { x: Int }", "B: type is gone"),
    ("scalar A", "enum A { X }", "A: changed from scalar to enum"),
    ("type A { x: Int }", "interface A { x: Int }", "A: changed from type to interface"),
    ("type A { x: Int y: Int }", "type A { x: Int }", "A.y: field is gone"),
    ("interface A { x: Int y: Int }", "interface A { x: Int }", "A.y: field is gone"),
    ("type A { x: Int! }", "type A { x: Int }", "A.x: type changed from Int! to Int"),
    ("type A { x: Int }", "type A { x: ID }", "A.x: type changed from Int to ID"),
    ("type A { x: Int }", "type A { x: [Int] }", "A.x: type changed from Int to [Int]"),
    ("type A { x: [Int!]! }", "type A { x: [Int]! }", "A.x: type changed from [Int!]! to [Int]!"),
    ("type A { x(i: ID): Int }", "type A { x: Int }", "A.x: argument \"i\" is gone"),
    ("type A { x: Int }", "type A { x(i: ID!): Int }", "A.x: argument \"i\" is now required"),
    (
        "type A { x(i: ID): Int }",
        "type A { x(i: ID!): Int }",
        "A.x: argument \"i\" is now required",
    ),
    (
        "type A { x(i: Int! = 1): Int }",
        "type A { x(i: Int!): Int }",
        "A.x: argument \"i\" is now required",
    ),
    (
        "type A { x(i: ID): Int }",
        "type A { x(i: Int): Int }",
        "A.x: argument \"i\" changed from ID to Int",
    ),
    (
        "type A { x(i: Int): Int }",
        "type A { x(i: Int! = 1): Int }",
        "A.x: argument \"i\" changed from Int to Int!",
    ),
    ("input A { x: Int y: Int }", "input A { x: Int }", "A.y: input field is gone"),
    ("input A { x: Int }", "input A { x: Int y: Int! }", "A.y: input field is now required"),
    ("input A { x: Int }", "input A { x: Int! }", "A.x: input field is now required"),
    (
        "input A { x: [Int] }",
        "input A { x: [Int!] }",
        "A.x: input field changed from [Int] to [Int!]",
    ),
    ("enum A { X Y }", "enum A { X }", "A.Y: enum value is gone"),
    ("union A = B | C", "union A = B", "A: C is no longer a member"),
    ("type A implements N { x: Int }", "type A { x: Int }", "A: no longer implements N"),
];

/// Old and new text of changes that clients survive.
const HARMLESS: [(&str, &str); 11] = [
    ("type A { x: Int }", "type A { x: Int } type B { x: Int }"),
    ("type A { x: Int }", "type A { x: Int y: Int }"),
    ("type A { x: Int }", "type A { x: Int! }"),
    ("type A { x: [Int] }", "type A { x: [Int!]! }"),
    ("type A { x: Int }", "type A { x(i: ID): Int }"),
    ("type A { x: Int }", "type A { x(i: Int! = 1): Int }"),
    ("type A { x(i: ID!): Int }", "type A { x(i: ID): Int }"),
    ("input A { x: Int! }", "input A { x: Int y: Int z: Int! = 1 }"),
    ("enum A { X }", "enum A { X Y }"),
    ("union A = B", "union A = B | C"),
    ("\"old\" type A { x: Int y: Int }", "\"new\" type A { y: Int x: Int @deprecated }"),
];

#[test]
fn every_kind_of_breaking_change_is_named() {
    for (old, new, change) in BREAKING {
        assert_eq!(breaks(old, new), [change], "{old} → {new}");
    }
}

#[test]
fn what_clients_survive_is_not_a_breaking_change() {
    for (old, new) in HARMLESS {
        assert_eq!(breaks(old, new), [""; 0], "{old} → {new}");
    }
}

#[test]
fn several_changes_come_in_the_same_order_every_time() {
    let old = "type B { x: Int y: Int } enum A { X Y }";
    let new = "enum A { Y } type B { z: Int }";

    assert_eq!(
        breaks(old, new),
        ["A.X: enum value is gone", "B.x: field is gone", "B.y: field is gone"]
    );
}

#[test]
fn an_api_that_does_not_parse_is_a_problem_with_its_file() {
    let problem = breaking_changes("type {", "type A { x: Int }").unwrap_err();

    assert_eq!(problem.file, "schema/api.graphql");
}

fn left(changelog: &str) -> usize {
    let change = Breaking { coordinate: "A.x".to_owned(), change: "field is gone".to_owned() };
    unlisted(vec![change], changelog).len()
}

#[test]
fn a_change_is_admitted_under_the_unreleased_heading() {
    assert_eq!(left("# Log\n\n## Unreleased\n\n- Breaking: `A.x` is gone, use `A.y`.\n"), 0);
    assert_eq!(left("## [Unreleased]\n- Breaking: fields are gone:\n  `A.z`,\n  `A.x`.\n"), 0);
}

#[test]
fn without_that_heading_the_newest_release_counts() {
    assert_eq!(left("## 0.2.0\n- Breaking: `A.x` is gone.\n\n## 0.1.0\n- First.\n"), 0);
}

#[test]
fn a_change_is_not_admitted_by_an_older_release_or_another_word() {
    for changelog in [
        "",
        "- Breaking: `A.x` is gone.\n",
        "## Unreleased\n- Changed: `A.x` is gone.\n",
        "## Unreleased\n- Breaking: A.x is gone.\n",
        "## Unreleased\n- Breaking: `A.xy` is gone.\n",
        "## Unreleased\n- Breaking: `A.y` is gone.\n- Added: `A.x`.\n",
        "## Unreleased\n- Added: `A.y`.\n\n## 0.1.0\n- Breaking: `A.x` is gone.\n",
    ] {
        assert_eq!(left(changelog), 1, "{changelog}");
    }
}
