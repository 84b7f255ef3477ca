//! The documents say what the code does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(checkout().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a source says before its own tests, in quotes, and looks like a code.
fn quoted_codes(path: &str) -> BTreeSet<String> {
    let source = read(path);
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let is_code = |text: &&str| {
        text.len() > 3
            && *text != "POST"
            && !text.ends_with('_')
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    code.split('"').skip(1).step_by(2).filter(is_code).map(str::to_owned).collect()
}

/// The values of the enum that clients see.
fn user_error_codes() -> BTreeSet<String> {
    let api = read("schema/api.graphql");
    let (_, rest) = api.split_once("enum UserErrorCode {").expect("the API has UserErrorCode");
    let (body, _) = rest.split_once('}').expect("the enum ends");
    let is_value = |line: &&str| {
        !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    body.lines().map(str::trim).filter(is_value).map(str::to_owned).collect()
}

#[test]
fn every_code_is_explained() {
    let mut codes = user_error_codes();
    assert!(codes.contains("INSUFFICIENT_STOCK"), "{codes:?}");
    for path in [
        "crates/chassis/src/codes.rs",
        "crates/chassis/src/server.rs",
        "crates/graph/src/errors.rs",
        "crates/graph/src/prepare.rs",
        "crates/graph/src/cost.rs",
        "router/src/accept.rs",
        "router/src/documents/mod.rs",
        "router/src/origins.rs",
        "router/src/parameters.rs",
        "router/src/payload.rs",
        "router/src/problem.rs",
        "router/src/streams/frames.rs",
        "router/src/streams/single.rs",
        "router/src/websocket/connection.rs",
        "router/src/websocket/mod.rs",
    ] {
        codes.extend(quoted_codes(path));
    }
    assert!(codes.contains("SUBGRAPH_UNAVAILABLE"), "{codes:?}");

    let explained = read("docs/errors.md");
    let missing: Vec<_> =
        codes.iter().filter(|code| !explained.contains(&format!("`{code}`"))).collect();

    assert!(missing.is_empty(), "add to docs/errors.md: {missing:?}");
}

#[test]
fn every_flag_of_the_command_line_is_in_the_readme() {
    let arguments = read("agora/src/cli.rs");
    let variables: BTreeSet<&str> = arguments
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| text.starts_with("AGORA_") && *text != "AGORA_API_BASE")
        .collect();
    assert!(variables.contains("AGORA_DATA_DIR"), "{variables:?}");

    let readme = read("README.md");
    let missing: Vec<_> =
        variables.iter().filter(|name| !readme.contains(&format!("`{name}`"))).collect();

    assert!(missing.is_empty(), "add to the flags of README.md: {missing:?}");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/durability.md",
        "docs/errors.md",
        "docs/containers.md",
        "docs/operations.md",
    ] {
        let text = read(document);
        let folder = checkout().join(document);
        let folder = folder.parent().expect("a document lies in a folder");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !target.contains("://") && !folder.join(file).exists() {
                broken.push(format!("{document}: {target}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
