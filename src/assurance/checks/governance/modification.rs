//! Whether what is decided of a modification is what changed since the release that it modifies.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::checks::some_of;
use crate::assurance::finding::Level::Warning;
use crate::assurance::issues::modified_without_risk;
use crate::change::{Bearing, ClinicalRisk, Comparison, Reason, Scope};

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[Check {
    id: "F44",
    level: Warning,
    clause: Some("7.3.2, 7.3.3"),
    title: "Risk said to be unchanged where it seems changed",
    why: "A change of clinical risk needs a new safety case report; a hazard that came or went, a risk that moved and a control that is weaker speak for one, whatever the addendum says.",
    remedy: "Look at each of the changes again: say that the modification changes clinical risk, or in the rationale why these do not.",
    how: Some(
        "`risk_changed` and `change_rationale` under `release` in case.toml; `cscr diff CASE@VERSION CASE` tells all that changed",
    ),
    runs: &[Run::Case(said_unchanged)],
    ..Check::DEFAULT
}];

fn said_unchanged(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    let Some((issue, then)) = modified_without_risk(subject) else { return };
    let Ok(now) = serde_json::to_value(subject.case) else { return };
    let risk = ClinicalRisk::of(&Comparison::between(&then, &now, Scope::Case));
    if risk.answer != Bearing::SeemsChanged {
        return;
    }
    let reasons: Vec<String> = risk.decisive().map(Reason::words).collect();
    let message = format!(
        "Clinical risk is said not to change from release {}, and seems changed since issue {} of {:#}: {}.",
        subject.case.release.modifies_without_risk().unwrap_or_default(),
        issue.version,
        issue.date,
        some_of(&reasons)
    );
    outcome.hit(Hit::at("release/risk_changed", message));
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, issue, rating, silent, some};
    use crate::case::digest::canonical_json;
    use crate::case::snapshot;

    /// Issued as release 2.0, and now the next release, which is said to change no risk.
    fn modified() -> Fixture {
        let mut fixture = Fixture::new();
        fixture.case.release.version = some("2.0");
        fixture.issues = vec![issue(&fixture.case)];
        let json = canonical_json(&fixture.case);
        assert!(fixture.snapshots.keep(&snapshot::address(&json), json));
        let release = &mut fixture.case.release;
        (release.version, release.modifies) = (some("2.1"), some("2.0"));
        (release.risk_changed, release.change_rationale) = (Some(false), some("Only its colours"));
        fixture.case.document.version = some("1.1");
        fixture
    }

    #[test]
    fn f44_a_risk_that_moved_under_a_decision_that_none_did() {
        silent("F44");
        let mut fixture = modified();
        assert_eq!(fixture.messages("F44"), Vec::<String>::new());
        fixture.hazard().residual = rating("Minor", "Very Low", 1);
        let messages = fixture.messages("F44");
        let [message] = &messages[..] else { panic!("{messages:?}") };
        assert!(
            message.starts_with("Clinical risk is said not to change from release 2.0, and seems changed since issue 1.0 of 14 September 2026: H01 residual risk "),
            "{message}"
        );
    }

    /// The same release once more, with the decision that it had when it was issued first.
    #[test]
    fn f44_a_reissue_of_a_release_of_which_risk_was_said_to_be_unchanged() {
        let mut fixture = Fixture::new();
        let release = &mut fixture.case.release;
        (release.version, release.modifies) = (some("2.1"), some("2.0"));
        (release.risk_changed, release.change_rationale) = (Some(false), some("Only its colours"));
        fixture.issues = vec![issue(&fixture.case)];
        let json = canonical_json(&fixture.case);
        assert!(fixture.snapshots.keep(&snapshot::address(&json), json));
        assert_eq!(fixture.messages("F44"), Vec::<String>::new());
        fixture.case.document.version = some("1.1");
        fixture.hazard().owner = some("Somebody else");
        assert_eq!(fixture.messages("F44"), Vec::<String>::new());
        fixture.hazard().residual = rating("Minor", "Very Low", 1);
        let messages = fixture.messages("F44");
        let [message] = &messages[..] else { panic!("{messages:?}") };
        assert!(message.contains("from release 2.0, and seems changed since issue 1.0 of "), "{message}");
    }

    #[test]
    fn f44_says_nothing_of_words_of_another_decision_or_of_another_release() {
        let mut reworded = modified();
        reworded.hazard().impact = some("Something that only a person can weigh");
        assert_eq!(reworded.messages("F44"), Vec::<String>::new());
        let moved = || {
            let mut fixture = modified();
            fixture.hazard().residual = rating("Minor", "Very Low", 1);
            fixture
        };
        let mut decided = moved();
        decided.case.release.risk_changed = Some(true);
        let mut of_another = moved();
        of_another.case.release.modifies = some("1.9");
        let mut without_its_copy = moved();
        without_its_copy.snapshots = snapshot::Snapshots::default();
        for fixture in [decided, of_another, without_its_copy] {
            assert_eq!(fixture.messages("F44"), Vec::<String>::new());
        }
    }
}
