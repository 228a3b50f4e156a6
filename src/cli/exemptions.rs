//! Where the standard exempts a hazard from a check: an answer like any other, so the console gives it too, in a line,
//! or with each hazard's reason where all is asked for.

use super::terminal::{self, plural};
use crate::assurance::NotApplicable;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// What does not apply, and why; empty where everything does.
pub(super) fn page(exempt: &[NotApplicable], all: bool) -> String {
    if exempt.is_empty() {
        return String::new();
    }
    if !all {
        let hazards: HashSet<&str> = exempt.iter().map(|exempt| exempt.hazard.as_str()).collect();
        let count = hazards.len();
        return format!(
            "Checks do not apply to {count} {}, at least in part, for a recorded reason; --verbose says which and why\n\n",
            plural(count, "hazard")
        );
    }
    let mut page = terminal::heading("What does not apply, and why");
    for Group { hazard, reason, checks } in groups(exempt) {
        let _ = writeln!(page, "  {hazard}: {reason}");
        let _ = writeln!(page, "    not asked: {}", checks.join(", "));
    }
    page.push('\n');
    page
}

/// The checks that one reason exempts one hazard from.
struct Group<'a> {
    hazard: &'a str,
    reason: &'a str,
    checks: Vec<&'a str>,
}

/// In the order in which the hazards are first exempt.
fn groups(exempt: &[NotApplicable]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = HashMap::new();
    for NotApplicable { check, hazard, reason, .. } in exempt {
        let at = *places.entry((hazard, reason)).or_insert_with(|| {
            groups.push(Group { hazard, reason, checks: Vec::new() });
            groups.len() - 1
        });
        if !groups[at].checks.contains(check) {
            groups[at].checks.push(check);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exempt(check: &'static str, hazard: &str, reason: &str) -> NotApplicable {
        NotApplicable {
            check,
            title: "Something",
            hazard: hazard.to_owned(),
            because: format!("not asked of it ({reason})"),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn a_reason_is_said_once_with_the_checks_that_it_answers() {
        let exempt = [
            exempt("C1", "H15", "DCB0129 5.1.2: accepted"),
            exempt("C4", "H07", "H07.B3 is for the Trust"),
            exempt("C2", "H15", "DCB0129 5.1.2: accepted"),
        ];
        let shown = anstream::adapter::strip_str(&page(&exempt, true)).to_string();
        assert_eq!(
            shown,
            "What does not apply, and why\n  H15: DCB0129 5.1.2: accepted\n    not asked: C1, C2\n  H07: H07.B3 is for the Trust\n    not asked: C4\n\n"
        );
        assert!(page(&exempt, false).starts_with("Checks do not apply to 2 hazards, "));
        assert_eq!(page(&[], true), "");
    }
}
