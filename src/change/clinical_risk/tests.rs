//! What each kind of change comes to, and what it does not.

use super::*;
use crate::assurance::testing::{case, control, hazard, rating, session, some, tom};
use crate::case::Case;
use crate::case::hazard::{Acceptance, ControlState, LinkBasis};
use crate::case::psa::Decision;
use crate::change::Scope;
use Bearing::{SeemsChanged, SeemsUnchanged, Unclear};

fn between(old: impl FnOnce(&mut Case), new: impl FnOnce(&mut Case)) -> ClinicalRisk {
    let (mut before, mut after) = (case(), case());
    old(&mut before);
    new(&mut after);
    let json = |case| serde_json::to_value(case).unwrap();
    ClinicalRisk::of(&Comparison::between(&json(&before), &json(&after), Scope::Case))
}

/// The answer, and the first reason for it.
fn says(change: impl FnOnce(&mut Case)) -> (Bearing, String) {
    let risk = between(|_| {}, change);
    let words = risk.decisive().next().map(Reason::words);
    (risk.answer, words.unwrap_or_default())
}

fn says_of_hazard(change: impl FnOnce(&mut crate::case::hazard::Hazard)) -> (Bearing, String) {
    says(|case| change(&mut case.hazard_log.hazards[0]))
}

fn told(bearing: Bearing, words: &str) -> (Bearing, String) {
    (bearing, words.to_owned())
}

#[test]
fn nothing_changed_and_nothing_is_said() {
    assert_eq!(says(|_| {}), told(SeemsUnchanged, ""));
}

#[test]
fn a_hazard_that_came_or_went_changes_risk() {
    let (bearing, words) = says(|case| case.hazard_log.hazards.push(hazard("H09")));
    assert!(bearing == SeemsChanged && words.starts_with("H09 is new: "), "{words}");
    let (bearing, words) = says(|case| drop(case.hazard_log.hazards.remove(0)));
    assert!(bearing == SeemsChanged && words.starts_with("H01 is gone: "), "{words}");
}

#[test]
fn a_rating_that_moved_either_way_changes_risk() {
    let (bearing, words) = says_of_hazard(|hazard| hazard.residual = rating("Minor", "Very Low", 1));
    assert!(bearing == SeemsChanged && words.starts_with("H01 residual risk "), "{words}");
    let (bearing, words) = says_of_hazard(|hazard| hazard.initial = rating("Catastrophic", "Very High", 5));
    assert!(bearing == SeemsChanged && words.starts_with("H01 initial risk went up from "), "{words}");
    // The word that the log writes for the same severity.
    let (bearing, words) = says_of_hazard(|hazard| hazard.initial.stated_severity = some("3 - another"));
    assert_eq!(bearing, SeemsUnchanged, "{words}");
}

#[test]
fn a_sentence_is_for_a_person_to_weigh_and_its_signs_are_not() {
    let impact = |text: &str| {
        let (before, after) = (some("A dose of 2.5 mg is given late, and harms"), some(text));
        between(
            |case| case.hazard_log.hazards[0].impact = before,
            |case| case.hazard_log.hazards[0].impact = after,
        )
        .answer
    };
    assert_eq!(impact("A dose of 2.5 mg is given late and harms."), SeemsUnchanged);
    for reworded in [
        "A dose of 25 mg is given late, and harms",
        "A dose of 2.5 mg is not given late, and harms",
        "A dose of <2.5 mg is given late, and harms",
    ] {
        assert_eq!(impact(reworded), Unclear, "{reworded}");
    }
    let risk = between(
        |case| case.hazard_log.hazards[0].impact = None,
        |case| case.hazard_log.hazards[0].impact = some("Death"),
    );
    assert_eq!(risk.answer, SeemsChanged);
}

#[test]
fn a_hazard_that_is_handed_over_or_called_otherwise_is_for_a_person_to_look_at() {
    use crate::case::hazard::HazardState;
    let state = |before: HazardState, after: HazardState| {
        between(
            |case| case.hazard_log.hazards[0].state = before,
            |case| case.hazard_log.hazards[0].state = after,
        )
        .answer
    };
    assert_eq!(state(HazardState::Open, HazardState::Transferred), Unclear);
    assert_eq!(state(HazardState::Transferred, HazardState::Open), Unclear);
    assert_eq!(state(HazardState::Open, HazardState::Closed), SeemsUnchanged);
    let (bearing, words) = says_of_hazard(|hazard| hazard.name.as_mut().unwrap().push_str(" at night"));
    assert!(bearing == Unclear && words.starts_with("H01 name is reworded"), "{words}");
}

#[test]
fn a_cause_that_came_changes_risk_and_one_that_went_may() {
    let (bearing, words) = says_of_hazard(|hazard| {
        let mut cause = hazard.causes[0].clone();
        "H01.C9".clone_into(&mut cause.id);
        "The printer is out of paper".clone_into(&mut cause.text);
        hazard.causes.push(cause);
    });
    assert_eq!((bearing, words.as_str()), (SeemsChanged, "H01 cause H01.C9 is new"));
    let (bearing, words) = says_of_hazard(|hazard| drop(hazard.causes.remove(0)));
    assert!(bearing == Unclear && words.ends_with(" is gone"), "{words}");
    // How the answer to a cause is known, and not the answer.
    let (bearing, words) = says_of_hazard(|hazard| {
        let link = &mut hazard.causes[0].link;
        *link = if *link == LinkBasis::Stated { LinkBasis::Inferred } else { LinkBasis::Stated };
    });
    assert!(bearing == SeemsUnchanged && words.contains("same controls"), "{words}");
}

#[test]
fn another_cause_or_control_under_the_same_number_changes_risk() {
    let (bearing, words) = says_of_hazard(|hazard| {
        "Printer jams".clone_into(&mut hazard.causes[0].text);
    });
    assert!(
        bearing == SeemsChanged && words.ends_with(" text has no word in common with what stood there"),
        "{words}"
    );
    let (bearing, words) = says_of_hazard(|hazard| {
        "Printer jams".clone_into(&mut hazard.controls[0].text);
    });
    assert!(bearing == SeemsChanged && words.contains("no word in common"), "{words}");
}

#[test]
fn a_control_that_went_or_is_weaker_changes_risk() {
    let (bearing, words) = says_of_hazard(|hazard| drop(hazard.controls.remove(0)));
    assert!(bearing == SeemsChanged && words.ends_with(" is gone"), "{words}");
    let status = |before: (&str, ControlState), after: (&str, ControlState)| {
        let set = |case: &mut Case, (status, state): (&str, ControlState)| {
            let control = &mut case.hazard_log.hazards[0].controls[0];
            (control.status, control.state) = (some(status), state);
        };
        between(|case| set(case, before), |case| set(case, after)).answer
    };
    let (open, done) = (("Open", ControlState::Open), ("Implemented", ControlState::Closed));
    assert_eq!(status(done, open), SeemsChanged);
    assert_eq!(status(open, done), SeemsUnchanged);
    assert_eq!(status(open, ("Deferred", ControlState::Deferred)), SeemsChanged);
    assert_eq!(status(done, ("Implemented (v2)", ControlState::Closed)), SeemsUnchanged);
}

#[test]
fn a_control_that_somebody_else_is_to_take_over_is_for_a_person_to_look_at() {
    let set = |case: &mut Case, owner: &str, recipient: Option<&str>| {
        let control = &mut case.hazard_log.hazards[0].controls[0];
        (control.owner, control.transferred_to) = (some(owner), recipient.map(str::to_owned));
    };
    // The log says both in one cell.
    let risk = between(|case| set(case, "Trust", Some("Trust")), |case| set(case, "Ward", Some("Ward")));
    let words: Vec<String> = risk.reasons.iter().map(Reason::words).collect();
    assert_eq!(risk.answer, Unclear);
    let said =
        "H01 control H01.D1 recipient was Trust, and is Ward; whether they take it over a person has to say";
    assert_eq!(words, [said]);
    let risk = between(|case| set(case, "Trust", None), |case| set(case, "Trust", Some("Ward")));
    assert_eq!(risk.answer, Unclear);
    // Who owns it is another, and the one to take it over is not.
    let risk = between(|case| set(case, "Trust", Some("Ward")), |case| set(case, "Nurse", Some("Ward")));
    assert_eq!(risk.answer, SeemsUnchanged);
}

#[test]
fn a_control_that_came_or_reads_otherwise_is_for_a_person_to_look_at() {
    let (bearing, words) = says_of_hazard(|hazard| {
        let mut new = control("H01.D9", crate::case::hazard::ControlKind::Design);
        "The printer counts its sheets".clone_into(&mut new.text);
        hazard.controls.push(new);
    });
    assert!(bearing == Unclear && words.contains("whether it brings a hazard"), "{words}");
    let (bearing, words) = says_of_hazard(|hazard| {
        hazard.controls[0].text.push_str(" where there is time for it");
    });
    assert!(bearing == Unclear && words.contains(" text is reworded"), "{words}");
    let (bearing, _) = says_of_hazard(|hazard| hazard.controls[0].text.push('.'));
    assert_eq!(bearing, SeemsUnchanged);
}

#[test]
fn what_risks_are_measured_by_changes_them() {
    let (bearing, words) = says(|case| case.risk_policy.matrix[0][0] = 2);
    assert!(bearing == SeemsChanged && words.contains("risks are measured by it"), "{words}");
    assert_eq!(says(|case| case.risk_policy.title.push('!')).0, SeemsUnchanged);
}

#[test]
fn owners_dates_documents_and_narrative_bear_on_no_risk() {
    let risk = between(
        |_| {},
        |case| {
            case.people[0].name = "Dr Cora Officer-Brown".to_owned();
            case.document.version = some("1.1");
            case.release.summary = some("New colours");
            case.narrative.insert("introduction".to_owned(), "In other words".to_owned());
            let hazard = &mut case.hazard_log.hazards[0];
            (hazard.owner, hazard.controls[0].owner) = (some("The ward manager"), some("The ward"));
        },
    );
    assert_eq!(risk.answer, SeemsUnchanged, "{:?}", risk.reasons);
    let subjects: Vec<String> = risk.reasons.iter().map(Reason::subject).collect();
    assert!(subjects.contains(&"H01 owner".to_owned()), "{subjects:?}");
    assert!(subjects.iter().any(|subject| subject.starts_with("people cso name")), "{subjects:?}");
}

#[test]
fn what_the_product_is_for_and_what_was_answered_of_it_may_bear_on_risk() {
    assert_eq!(says(|case| case.system.intended_use = some("Wards as well")).0, Unclear);
    assert_eq!(says(|case| case.tom = Some(tom(&[]))).0, Unclear);
    let accepted = Acceptance {
        by: "cso".to_owned(),
        on: crate::assurance::testing::date("2026-09-01"),
        reason: "Rare".to_owned(),
    };
    assert_eq!(says_of_hazard(|hazard| hazard.residual_acceptance = Some(accepted)).0, Unclear);
}

#[test]
fn a_session_bears_on_risk_where_it_left_something_open() {
    let held = |decision| {
        let mut held = session("PSA-9", &["H01"]);
        for entry in &mut held.discussed {
            (entry.decision, entry.after) = (Some(decision), entry.before.clone());
        }
        held.actions.clear();
        says(|case| case.psa.push(held)).0
    };
    assert_eq!(held(Decision::Close), SeemsUnchanged);
    assert_eq!(held(Decision::Defer), Unclear);
}

#[test]
fn the_gravest_reasons_come_first_and_decide() {
    let risk = between(
        |_| {},
        |case| {
            let hazard = &mut case.hazard_log.hazards[0];
            (hazard.owner, hazard.impact) = (some("The ward"), some("Something else altogether"));
            hazard.residual = rating("Minor", "Very Low", 1);
        },
    );
    let bearings: Vec<Bearing> = risk.reasons.iter().map(|reason| reason.bearing).collect();
    assert_eq!(bearings, [SeemsChanged, Unclear, SeemsUnchanged], "{:?}", risk.reasons);
    assert_eq!(risk.decisive().count(), 1);
}
