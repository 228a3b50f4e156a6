//! Versions of documents, as people write them: `V1.10`, `1.2`, `2`.

use crate::case::document::Revision;
use crate::case::hazard_log::HazardLog;

/// The numbers of a version, by which versions are ordered: histories are kept newest first or newest last.
/// Zeros at the end say nothing: 2 is 2.0.
pub fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> =
        version.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

/// Two ways of writing one version.
pub fn same(one: &str, other: &str) -> bool {
    if numbers(one).is_empty() { one.trim() == other.trim() } else { numbers(one) == numbers(other) }
}

/// The latest version of a revision history, whichever way it is sorted.
pub fn latest(revisions: &[Revision]) -> Option<&Revision> {
    revisions.iter().max_by_key(|revision| numbers(&revision.version))
}

/// The version of a log as a finding gives it: that of its cover, and that of its history where it is another.
pub fn of_log(log: &HazardLog) -> Option<String> {
    let cover = log.version.as_deref()?.trim();
    let history = latest(&log.revisions).map(|revision| revision.version.trim());
    Some(match history.filter(|history| !same(history, cover)) {
        Some(history) => format!("{cover} by its cover and {history} by its revision history"),
        None => cover.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{of_log, same};
    use crate::assurance::testing::{revision, some};
    use crate::case::hazard_log::HazardLog;

    #[test]
    fn a_log_of_two_versions_is_given_both() {
        let mut log = HazardLog { version: some("1.6"), ..HazardLog::default() };
        log.revisions = vec![revision("1.7"), revision("1.6")];
        assert_eq!(of_log(&log).as_deref(), Some("1.6 by its cover and 1.7 by its revision history"));
        log.version = some("V1.7");
        assert_eq!(of_log(&log).as_deref(), Some("V1.7"));
        log.version = None;
        assert_eq!(of_log(&log), None);
    }

    #[test]
    fn a_version_is_its_numbers() {
        assert!(same("V1.10", "1.10") && same("2", "2.0") && same("final", " final"));
        assert!(!same("1.1", "1.10") && !same("1.0", "draft") && !same("final", "draft"));
    }
}
