//! What a change did to the findings: those that appeared and those that went.

use crate::assurance::finding::Finding;

/// The findings of a later build against those of an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movement<'a> {
    pub appeared: Vec<&'a Finding>,
    pub went: Vec<&'a Finding>,
}

impl<'a> Movement<'a> {
    /// Findings are the same where they say the same of the same, wherever that now stands in a file.
    #[must_use]
    pub fn between(before: &'a [Finding], after: &'a [Finding]) -> Self {
        Self { appeared: missing(after, before), went: missing(before, after) }
    }

    #[must_use]
    pub fn is_none(&self) -> bool {
        self.appeared.is_empty() && self.went.is_empty()
    }
}

/// Those that the others have not, each as often as it is lacking.
fn missing<'a>(these: &'a [Finding], others: &[Finding]) -> Vec<&'a Finding> {
    let mut left: Vec<_> = others.iter().map(key).collect();
    left.sort_unstable();
    let mut left = Counted(left);
    these.iter().filter(|finding| !left.take(&key(finding))).collect()
}

type Key<'a> = (&'a str, Option<&'a str>, &'a str, bool);

fn key(finding: &Finding) -> Key<'_> {
    (finding.check, finding.hazard.as_deref(), &finding.message, finding.waived.is_some())
}

/// Keys in order, each of which is there once for each finding.
struct Counted<'a>(Vec<Key<'a>>);

impl Counted<'_> {
    fn take(&mut self, key: &Key<'_>) -> bool {
        let found = self.0.binary_search(key);
        if let Ok(at) = found {
            self.0.remove(at);
        }
        found.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::finding::Level;
    use crate::case::Place;

    fn finding(hazard: &str, message: &str, line: usize) -> Finding {
        Finding {
            check: "C1",
            level: Level::Warning,
            clause: None,
            title: "Title",
            hazard: Some(hazard.to_owned()),
            hazards: Vec::new(),
            about: None,
            message: message.to_owned(),
            remedy: String::new(),
            how: None,
            source: Some(Place::line("log.toml", line)),
            quote: None,
            waived: None,
        }
    }

    #[test]
    fn a_finding_that_moved_in_its_file_is_the_same() {
        let before = [finding("H01", "No owner.", 3), finding("H02", "No owner.", 9)];
        let after = [finding("H01", "No owner.", 4), finding("H03", "No owner.", 9)];
        let movement = Movement::between(&before, &after);
        assert_eq!(movement.appeared, [&after[1]]);
        assert_eq!(movement.went, [&before[1]]);
        assert!(Movement::between(&before, &before).is_none());
    }

    #[test]
    fn equal_findings_are_counted() {
        let one = [finding("H01", "Twice.", 1)];
        let two = [finding("H01", "Twice.", 1), finding("H01", "Twice.", 2)];
        assert_eq!(Movement::between(&one, &two).appeared.len(), 1);
        assert_eq!(Movement::between(&two, &one).went.len(), 1);
    }
}
