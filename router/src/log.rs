//! Turns a `RUST_LOG` filter into the two settings that hive-router wants: a level and a filter.
//!
//! hive-router cuts everything above its level and then makes that level the filter's default. So
//! the level must be the most verbose one of the filter, and the filter's own default must be said
//! in a way that survives: as one directive a letter, which match targets by their beginning.

use crate::RouterError;

/// What is logged when nobody says otherwise.
const DEFAULT_FILTER: &str = "warn";
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The level and the filter that say the same as `filter`.
pub(crate) fn settings(filter: Option<&str>) -> Result<(&'static str, String), RouterError> {
    let filter = filter.filter(|filter| !filter.trim().is_empty()).unwrap_or(DEFAULT_FILTER);
    let (mut default, mut most) = (level("error")?, level("error")?);
    let mut directives = Vec::new();
    for directive in filter.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
        match directive.rsplit_once('=') {
            Some((_, to)) => {
                most = most.max(level(to)?);
                directives.push(directive.to_owned());
            }
            // A bare word is a level for everything, or a target of which everything is wanted.
            None => match level(directive) {
                Ok(everything) => default = everything,
                Err(error) if directive.contains(['[', ' ']) => return Err(error),
                Err(_) => {
                    most = most.max(LEVELS.len() - 1);
                    directives.push(format!("{directive}=trace"));
                }
            },
        }
    }
    most = most.max(default);
    let everything = ('a'..='z').map(|letter| format!("{letter}={}", LEVELS[default]));
    let filter = everything.chain(directives).collect::<Vec<_>>().join(",");
    Ok((available(most), filter))
}

fn level(name: &str) -> Result<usize, RouterError> {
    LEVELS
        .iter()
        .position(|level| level.eq_ignore_ascii_case(name))
        .ok_or_else(|| RouterError::Log(format!("{name:?} is none of {}", LEVELS.join(", "))))
}

/// hive-router has no "off", and "trace" only in a debug build.
fn available(level: usize) -> &'static str {
    let most = if cfg!(debug_assertions) { 5 } else { 4 };
    LEVELS[level.clamp(1, most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_logged_unless_said_otherwise() {
        for filter in [None, Some(""), Some("warn")] {
            let (level, filter) = settings(filter).unwrap();
            assert_eq!(level, "warn");
            assert!(filter.contains("r=warn"), "{filter}");
        }
    }

    #[test]
    fn one_verbose_target_does_not_make_the_others_verbose() {
        let (level, filter) = settings(Some("warn,order=debug")).unwrap();
        assert_eq!(level, "debug");
        assert!(filter.contains("p=warn") && filter.ends_with("order=debug"), "{filter}");
    }

    #[test]
    fn a_level_that_is_none_is_refused() {
        assert!(matches!(settings(Some("order=loud")), Err(RouterError::Log(_))));
    }
}
