//! Which breaking changes CHANGELOG.md admits.

use crate::Breaking;

/// The breaking changes that `changelog` does not list.
///
/// A change is listed when its coordinate stands in backticks (`` `Query.product` ``) in an item
/// that starts with `- Breaking:` under the heading `## … Unreleased …`, or, when there is none,
/// under the first `##` heading. Indented lines belong to the item above them.
pub fn unlisted(breaking: Vec<Breaking>, changelog: &str) -> Vec<Breaking> {
    let items = items(section(changelog));
    let is_listed = |change: &Breaking| {
        let coordinate = format!("`{}`", change.coordinate);
        items.iter().any(|item| item.contains(&coordinate))
    };
    breaking.into_iter().filter(|change| !is_listed(change)).collect()
}

fn section(changelog: &str) -> Vec<&str> {
    let lines: Vec<&str> = changelog.lines().collect();
    let is_heading = |line: &&str| line.starts_with("## ");
    let unreleased =
        |line: &&str| is_heading(line) && line.to_ascii_lowercase().contains("unreleased");
    let start = lines.iter().position(unreleased).or_else(|| lines.iter().position(is_heading));
    let after = start.map_or(&[][..], |start| &lines[start + 1..]);
    after.iter().take_while(|line| !is_heading(line)).copied().collect()
}

fn items(lines: Vec<&str>) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut inside = false;
    for line in lines {
        if line.starts_with("- Breaking:") {
            inside = true;
            items.push(line.to_owned());
        } else if inside && line.starts_with([' ', '\t']) {
            items.last_mut().into_iter().for_each(|item| item.push_str(line));
        } else {
            inside = false;
        }
    }
    items
}
