//! Where the product stands in its life, as far as the case says: in use, before its deployment, or not said.
//!
//! That a step lies ahead is a claim. It is made only where the date of the release or the phase that the report
//! closes says so; that nothing is recorded says nothing about when.

use crate::assurance::wording::words;
use crate::case::{Case, Date};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// This release, or one that it modifies, has been delivered.
    InUse,
    /// With what says so.
    BeforeDeployment(String),
    /// With what is missing, to follow "cannot be told:".
    NotSaid(String),
}

/// Words of phases that come before a product is used.
const BEFORE: &[&str] = &[
    "concept",
    "discovery",
    "alpha",
    "requirements",
    "analysis",
    "design",
    "build",
    "development",
    "test",
    "testing",
    "verification",
    "pre",
    "before",
    "prior",
    "predelivery",
    "predeployment",
];

/// Words of phases in which it is used, which stand beside others: "Live design review".
const IN_USE: &[&str] = &["live", "post", "after", "operation", "operational", "maintenance", "use"];

#[must_use]
pub fn standing(case: &Case, as_of: Date) -> Standing {
    let release = &case.release;
    let modifies = release.modifies.as_deref().is_some_and(|modified| !modified.trim().is_empty());
    match (release.date, case.phase.as_deref().map(str::trim).filter(|phase| !phase.is_empty())) {
        _ if modifies => Standing::InUse,
        (Some(date), _) if date <= as_of => Standing::InUse,
        (Some(date), _) => Standing::BeforeDeployment(format!("the release is dated {date:#}")),
        (None, Some(phase)) if is_before_deployment(phase) => {
            Standing::BeforeDeployment(format!("this report closes the phase \"{phase}\""))
        }
        (None, Some(phase)) => Standing::NotSaid(format!(
            "no date of the release is given, and the phase \"{phase}\" does not say"
        )),
        (None, None) => Standing::NotSaid("neither a phase nor a date of the release is given".to_owned()),
    }
}

fn is_before_deployment(phase: &str) -> bool {
    let words = words(phase);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    // What comes before going live is before it, whatever the words say of being live.
    has(&["pre", "before", "prior"]) || (has(BEFORE) && !has(IN_USE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{case, date, some};

    fn of(phase: Option<&str>, release: Option<&str>) -> Standing {
        let mut case = case();
        case.phase = phase.and_then(some);
        case.release.date = release.map(date);
        standing(&case, date("2026-09-14"))
    }

    #[test]
    fn what_lies_ahead_is_said_by_a_date_or_a_phase() {
        assert_eq!(of(None, Some("2026-09-14")), Standing::InUse);
        assert_eq!(
            of(Some("Live"), Some("2026-09-28")),
            Standing::BeforeDeployment("the release is dated 28 September 2026".to_owned())
        );
        for phase in ["Design", "Pre-delivery", "before go-live", "Build and test"] {
            assert!(matches!(of(Some(phase), None), Standing::BeforeDeployment(_)), "{phase}");
        }
        for phase in [Some("Release"), Some("Live"), Some("Post-deployment test"), Some(" "), None] {
            assert!(matches!(of(phase, None), Standing::NotSaid(_)), "{phase:?}");
        }
    }
}
