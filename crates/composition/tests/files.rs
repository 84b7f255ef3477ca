//! Writing the files and checking them, in a directory that is a project.
#![cfg(test)]

use composition::{Problem, Sdls, files};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const YAML: &str = "federation_version: \"=2.5.0\"
subgraphs:
  product:
    routing_url: http://127.0.0.1:4002/graphql
    schema:
      file: ./schema/product.graphql
";
const PRODUCT: &str = "type Query {\n\tproduct(id: ID!): Product\n}\n\ntype Product {\n\tid: ID!\n\tname: String!\n}\n";

fn sdls(product: &str) -> Sdls {
    [("product".to_owned(), product.to_owned())].into()
}

fn without_name() -> Sdls {
    sdls(&PRODUCT.replace("\tname: String!\n", ""))
}

fn project() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("supergraph.yaml"), YAML).unwrap();
    root
}

fn git(root: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(identity)
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn commit(root: &Path) {
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "Commit everything"]);
}

/// A project whose files are written and committed.
fn committed() -> TempDir {
    let root = project();
    files::write(root.path(), &sdls(PRODUCT)).unwrap();
    git(root.path(), &["init", "--quiet"]);
    commit(root.path());
    root
}

fn texts(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

#[test]
fn what_is_written_passes_the_check_and_is_written_once() {
    let root = committed();

    assert_eq!(files::check(root.path(), &sdls(PRODUCT), None), files::Report::default());
    assert_eq!(files::write(root.path(), &sdls(PRODUCT)).unwrap(), files::Written::default());
    assert_eq!(files::check(root.path(), &files::sdls(root.path()).unwrap(), None).problems, []);
}

#[test]
fn the_first_writing_names_every_file() {
    let written = files::write(project().path(), &sdls(PRODUCT)).unwrap();

    assert_eq!(
        written.changed,
        ["schema/api.graphql", "schema/product.graphql", "schema/supergraph.graphql"]
    );
    assert_eq!(written.breaking, []);
}

#[test]
fn a_missing_file_is_named() {
    let root = committed();
    std::fs::remove_file(root.path().join("schema/supergraph.graphql")).unwrap();

    let report = files::check(root.path(), &sdls(PRODUCT), None);

    assert_eq!(
        texts(&report.problems),
        ["schema/supergraph.graphql: is missing: run `agora compose`"]
    );
}

#[test]
fn a_stale_file_is_named_with_the_first_line_that_differs() {
    let root = committed();
    let path = root.path().join("schema/product.graphql");
    let old = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, old.replace("  name: String!\n", "")).unwrap();

    let report = files::check(root.path(), &sdls(PRODUCT), None);

    assert_eq!(
        texts(&report.problems),
        ["schema/product.graphql: is stale: run `agora compose` \
         (line 7 is \"}\", should be \"  name: String!\")"]
    );
}

#[test]
fn a_breaking_change_fails_the_check_before_and_after_it_is_written() {
    let root = committed();
    let broken = "schema/api.graphql: breaks clients: Product.name: field is gone; \
                  admit it in CHANGELOG.md: - Breaking: `Product.name` …";

    let before = files::check(root.path(), &without_name(), None);
    let written = files::write(root.path(), &without_name()).unwrap();
    let after = files::check(root.path(), &without_name(), None);

    assert_eq!(before.problems.len(), 4, "{before:?}");
    assert_eq!(before.problems.last().unwrap().to_string(), broken);
    assert_eq!(written.breaking[0].to_string(), "Product.name: field is gone");
    assert_eq!(texts(&after.problems), [broken]);
}

#[test]
fn a_breaking_change_that_the_changelog_admits_passes() {
    let root = committed();
    files::write(root.path(), &without_name()).unwrap();
    let changelog = "# Changelog\n\n## Unreleased\n\n- Breaking: `Product.name` is gone.\n";
    std::fs::write(root.path().join("CHANGELOG.md"), changelog).unwrap();

    assert_eq!(files::check(root.path(), &without_name(), None), files::Report::default());
}

#[test]
fn a_committed_breaking_change_is_found_from_the_revision_before_it() {
    let root = committed();
    files::write(root.path(), &without_name()).unwrap();
    commit(root.path());

    assert_eq!(files::check(root.path(), &without_name(), None).problems, []);
    let report = files::check(root.path(), &without_name(), Some("HEAD~1"));
    assert_eq!(report.problems.len(), 1, "{report:?}");
    assert!(report.problems[0].message.contains("Product.name: field is gone"), "{report:?}");
}

#[test]
fn a_revision_that_does_not_exist_is_a_problem() {
    let report = files::check(committed().path(), &sdls(PRODUCT), Some("v9"));

    assert_eq!(
        texts(&report.problems),
        ["schema/api.graphql: cannot be compared with \"v9\": no such commit"]
    );
}

#[test]
fn a_project_without_git_is_checked_as_far_as_possible_and_says_so() {
    let root = project();
    files::write(root.path(), &sdls(PRODUCT)).unwrap();

    let report = files::check(root.path(), &sdls(PRODUCT), None);

    assert_eq!(report.problems, []);
    assert_eq!(report.notes.len(), 1);
    assert!(
        report.notes[0].starts_with("schema/api.graphql is not compared with a committed one:"),
        "{:?}",
        report.notes
    );
}

#[test]
fn nothing_is_written_when_the_graph_does_not_compose() {
    let root = committed();

    let problems = files::write(root.path(), &sdls("type Query {")).unwrap_err();
    let report = files::check(root.path(), &sdls("type Query {"), None);

    assert_eq!(problems[0].file, "schema/product.graphql");
    assert_eq!(report.problems, problems);
    assert_eq!(files::check(root.path(), &sdls(PRODUCT), None).problems, []);
}

/// What is changed in supergraph.yaml, and the problem that this makes.
const CONFIGS: [(&str, &str, &str); 6] = [
    ("subgraphs:", "subgraph:", "unknown field `subgraph`"),
    ("    schema:", "    retries: 3\n    schema:", "unknown field `retries`"),
    ("http://127.0.0.1:4002/graphql", "localhost", "routing_url \"localhost\" is no http URL"),
    ("./schema/", "../schema/", "../schema/product.graphql is outside of the project"),
    ("product:", "products:", "does not name the subgraph product"),
    ("federation_version: \"=2.5.0\"\n", "", "missing field `federation_version`"),
];

#[test]
fn a_wrong_configuration_is_named_with_the_reason() {
    for (right, wrong, why) in CONFIGS {
        let root = project();
        let yaml = YAML.replacen(right, wrong, 1);
        std::fs::write(root.path().join("supergraph.yaml"), &yaml).unwrap();

        let problems = files::write(root.path(), &sdls(PRODUCT)).unwrap_err();

        let told = problems
            .iter()
            .any(|problem| problem.file == "supergraph.yaml" && problem.message.contains(why));
        assert!(told, "{yaml}\n{problems:?}");
    }
}

#[test]
fn a_subgraph_named_twice_is_refused() {
    let root = project();
    let entry = YAML.split_once("subgraphs:\n").unwrap().1;
    std::fs::write(root.path().join("supergraph.yaml"), format!("{YAML}{entry}")).unwrap();

    let problems = files::write(root.path(), &sdls(PRODUCT)).unwrap_err();

    assert!(problems[0].message.contains("duplicate"), "{problems:?}");
}

#[test]
fn a_project_without_configuration_is_told_the_file() {
    let root = tempfile::tempdir().unwrap();

    let problems = files::write(root.path(), &sdls(PRODUCT)).unwrap_err();

    assert_eq!(problems[0].file, "supergraph.yaml");
}
