//! Pieces of SQL text whose length depends on the number of values.

/// The maximum number of rows that one statement of a bulk insert writes. SQLite finds a placeholder
/// by its name by searching all of them, so a statement that is twice as long takes four times as
/// long.
pub const BULK_ROWS: usize = 100;

/// `$first, …` for a list of `count` keys, rounded up to a power of two so that few distinct
/// statements get prepared. [`super::Query::bind_list`] binds them.
pub fn placeholders(first: usize, count: usize) -> String {
    numbered(first, count.next_power_of_two())
}

/// `($first, …), (…)`: `count` rows of `width` placeholders, for `values`.
pub fn rows(first: usize, count: usize, width: usize) -> String {
    (0..count)
        .map(|row| format!("({})", numbered(first + row * width, width)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A `like` pattern for texts that contain `part`, to be used with `escape '\\'`: its wildcards stand
/// for themselves.
pub fn like(part: &str) -> String {
    let literal = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

fn numbered(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn lists_are_padded_and_rows_are_not() {
        assert_eq!(super::placeholders(2, 3), "$2, $3, $4, $5");
        assert_eq!(super::rows(1, 2, 2), "($1, $2), ($3, $4)");
    }
}
