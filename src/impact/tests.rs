//! What each kind of change touches, and what it does not.

use super::*;
use crate::assurance::assure;
use crate::assurance::testing::{Fixture, date, rating, session, some};
use crate::case::clause::ClauseTable;
use crate::case::hazard::ControlState;
use crate::change::Scope;

fn between(old: &Fixture, new: &Fixture) -> Impact {
    let then = serde_json::to_value(&old.case).unwrap();
    let now = serde_json::to_value(&new.case).unwrap();
    let comparison = Comparison::between(&then, &now, Scope::Case);
    Impact::of(&comparison, &then, &new.case, &assure(&new.subject()))
}

fn of(change: impl FnOnce(&mut Fixture)) -> Impact {
    let (old, mut new) = (Fixture::approved(), Fixture::approved());
    change(&mut new);
    between(&old, &new)
}

fn clauses(impact: &Impact) -> Vec<&str> {
    impact.clauses.iter().map(|clause| clause.number.as_str()).collect()
}

fn because<'a>(impact: &'a Impact, clause: &str) -> Option<&'a str> {
    impact.clauses.iter().find(|it| it.number == clause).map(|it| it.because.as_str())
}

fn titles(impact: &Impact) -> Vec<&str> {
    impact.sections.iter().map(|section| section.title.as_str()).collect()
}

fn sharing(impact: &Impact) -> Vec<(&str, &str)> {
    let others = impact.shared_controls.iter().flat_map(|shared| &shared.others);
    others.map(|other| (other.control.as_str(), other.why.as_str())).collect()
}

#[test]
fn what_did_not_change_touches_nothing() {
    let impact = of(|_| {});
    assert_eq!(impact.clinical_risk.answer, Bearing::SeemsUnchanged);
    assert!(impact.stale_approvals.is_empty() && impact.clauses.is_empty() && impact.sections.is_empty());
    assert!(impact.shared_controls.is_empty() && impact.outdated_reviews.is_empty());
}

#[test]
fn approvals_of_other_content_no_longer_count() {
    let impact = of(|fixture| fixture.hazard().owner = some("Somebody else"));
    let documents: Vec<ApprovedDocument> =
        impact.stale_approvals.iter().map(|stale| stale.document).collect();
    assert_eq!(documents, [ApprovedDocument::Cscr, ApprovedDocument::HazardLog]);
    assert_eq!(impact.stale_approvals[0].name, "Dr Cora Officer");
    let impact = of(|fixture| fixture.case.phase = some("Another"));
    assert_eq!(impact.stale_approvals.len(), 1, "the phase is none of the log's");
    assert!(because(&impact, "3.5.2").unwrap().starts_with("The report has changed since Dr Cora Officer"));
    assert_eq!(because(&impact, "3.3.2"), None);
}

#[test]
fn a_rating_touches_the_clauses_that_are_looked_at_by_ratings() {
    let impact = of(|fixture| fixture.hazard().residual = rating("Minor", "Very Low", 1));
    assert_eq!(because(&impact, "6.1.4"), Some("residual risk of H01"));
    assert!(!clauses(&impact).contains(&"4.4.1") && !clauses(&impact).contains(&"2.3.1"), "{impact:?}");
    let impact = of(|fixture| fixture.case.people[0].role = some("Deputy"));
    assert_eq!(because(&impact, "2.3.1"), Some("people: cso"));
    assert_eq!(because(&impact, "6.1.4"), None);
}

#[test]
fn a_clause_without_a_probe_says_where_its_evidence_lies() {
    let impact = of(|fixture| fixture.case.plan.as_mut().unwrap().version = some("2.0"));
    assert_eq!(because(&impact, "3.2.4"), Some("plan: version"));
    assert_eq!(because(&of(|fixture| fixture.case.phase = some("Another")), "3.2.4"), None);
}

#[test]
fn clauses_are_those_of_the_table_of_the_case() {
    let (mut old, mut new) = (Fixture::new(), Fixture::new());
    (old.case.clause_table, new.case.clause_table) = (ClauseTable::dcb0160(), ClauseTable::dcb0160());
    new.hazard().residual = rating("Minor", "Very Low", 1);
    let impact = between(&old, &new);
    assert!(impact.clauses.iter().all(|clause| clause.cited.starts_with("DCB0160 ")));
    assert!(impact.clauses.iter().any(|clause| clause.because == "residual risk of H01"), "{impact:?}");
}

#[test]
fn sections_are_read_again_for_what_they_tell() {
    let impact = of(|fixture| fixture.hazard().owner = some("Somebody else"));
    assert!(titles(&impact).contains(&"Clinical risk control"), "{impact:?}");
    assert!(!titles(&impact).contains(&"Clinical risk evaluation"), "{impact:?}");
    let impact = of(|fixture| {
        fixture.case.narrative.insert("introduction".to_owned(), "In other words".to_owned());
    });
    assert_eq!(titles(&impact), ["Introduction"]);
    let impact = of(|fixture| drop(fixture.case.hazard_log.hazards.remove(1)));
    let evaluation = impact.sections.iter().find(|section| section.id == "clinical-risk-evaluation").unwrap();
    assert_eq!(evaluation.because, "hazard that is gone: H02");
}

/// The control of the first hazard, and that of the second with the same words; no evidence in common.
fn shared_control(fixture: &mut Fixture) {
    for hazard in &mut fixture.case.hazard_log.hazards {
        hazard.existing_controls.clear();
        hazard.controls.truncate(1);
        hazard.controls[0].evidence.clear();
    }
    fixture.case.evidence.clear();
}

fn of_shared(change: impl FnOnce(&mut Fixture)) -> Impact {
    let (mut old, mut new) = (Fixture::new(), Fixture::new());
    shared_control(&mut old);
    shared_control(&mut new);
    change(&mut new);
    between(&old, &new)
}

#[test]
fn other_hazards_with_the_words_that_a_control_had() {
    let reword = |fixture: &mut Fixture, at: usize| {
        let control = &mut fixture.case.hazard_log.hazards[at].controls[0];
        "Delivery is confirmed within one hour".clone_into(&mut control.text);
    };
    let impact = of_shared(|fixture| reword(fixture, 0));
    assert_eq!(sharing(&impact), [("H02.D1", "still has the words that H01.D1 of H01 had")]);
    let impact = of_shared(|fixture| {
        reword(fixture, 0);
        reword(fixture, 1);
    });
    assert_eq!(sharing(&impact), [], "both say the same again");
}

#[test]
fn other_hazards_that_lean_on_a_control_that_is_gone_or_weaker() {
    let impact = of_shared(|fixture| fixture.hazard().controls.clear());
    assert_eq!(sharing(&impact), [("H02.D1", "is the same control as H01.D1 of H01, which is gone")]);
    let weaken = |fixture: &mut Fixture, at: usize| {
        let control = &mut fixture.case.hazard_log.hazards[at].controls[0];
        (control.status, control.state) = (some("Open"), ControlState::Open);
    };
    let impact = of_shared(|fixture| weaken(fixture, 0));
    let [(control, why)] = sharing(&impact)[..] else { panic!("{impact:?}") };
    assert!(control == "H02.D1" && why.starts_with("counts as in place with the same words"), "{why}");
    let impact = of_shared(|fixture| {
        weaken(fixture, 0);
        weaken(fixture, 1);
    });
    assert_eq!(sharing(&impact), [], "nobody leans on it");
    assert_eq!(sharing(&of_shared(|fixture| fixture.hazard().controls[0].owner = some("Ward"))), []);
}

#[test]
fn other_hazards_that_rest_on_the_same_evidence() {
    let differing = |fixture: &mut Fixture| {
        fixture.hazard().existing_controls.clear();
        "Something of its own".clone_into(&mut fixture.hazard().controls[0].text);
    };
    let (mut old, mut new) = (Fixture::new(), Fixture::new());
    differing(&mut old);
    differing(&mut new);
    let control = &mut new.hazard().controls[0];
    (control.status, control.state) = (some("Open"), ControlState::Open);
    let impact = between(&old, &new);
    assert_eq!(sharing(&impact), []);
    let [shared] = &impact.shared_evidence[..] else { panic!("{impact:?}") };
    let ids = |places: &[crate::change::PartPlace]| -> Vec<String> {
        places.iter().map(|place| place.id.clone()).collect()
    };
    assert_eq!((shared.evidence.as_str(), ids(&shared.changed)), ("EV-1", vec!["H01.D1".to_owned()]));
    assert_eq!(ids(&shared.others), ["H02.D1"]);
}

#[test]
fn a_control_that_stands_in_another_hazard_now_rests_on_what_it_rested_on() {
    let impact = of(|fixture| {
        let control = fixture.case.hazard_log.hazards[0].controls.remove(0);
        let other = &mut fixture.case.hazard_log.hazards[1];
        other.controls.push(crate::case::hazard::Control { id: "H02.D9".to_owned(), ..control });
    });
    assert!(impact.shared_evidence.is_empty(), "{:?}", impact.shared_evidence);
}

#[test]
fn a_control_that_stands_in_another_hazard_now_is_not_gone() {
    // The other hazard has it twice: as one that it had, and as the one that came.
    let impact = of_shared(|fixture| {
        let control = fixture.case.hazard_log.hazards[0].controls.remove(0);
        let other = &mut fixture.case.hazard_log.hazards[1];
        other.controls.push(crate::case::hazard::Control { id: "H02.D9".to_owned(), ..control });
    });
    assert_eq!(sharing(&impact), []);
}

#[test]
fn a_control_of_a_new_hazard_had_no_number_before() {
    let number = |fixture: &mut Fixture, hazard: usize, id: &str, text: &str| {
        let control = &mut fixture.case.hazard_log.hazards[hazard].controls[0];
        id.clone_into(&mut control.id);
        text.clone_into(&mut control.text);
    };
    let (mut old, mut new) = (Fixture::new(), Fixture::new());
    shared_control(&mut old);
    shared_control(&mut new);
    number(&mut old, 0, "0401", "The letter is read aloud to a second nurse");
    number(&mut new, 0, "0401", "The letter is read slowly to a second nurse");
    let mut hazard = crate::assurance::testing::hazard("H09");
    hazard.existing_controls.clear();
    hazard.controls.truncate(1);
    new.case.hazard_log.hazards.push(hazard);
    number(&mut new, 2, "0401", "Blood is warmed before it is given");
    let impact = between(&old, &new);
    assert_eq!(impact.clinical_risk.answer, Bearing::SeemsChanged);
    assert_eq!(sharing(&impact), []);
}

/// A log that numbers its controls afresh in each hazard; in the new one every first control is reworded.
fn numbered_afresh(count: usize) -> Impact {
    let log = |first: &str| {
        let mut fixture = Fixture::new();
        let hazards = (0..count).map(|at| {
            let mut hazard = crate::assurance::testing::hazard(&format!("H{at:03}"));
            hazard.name = some(&format!("Event {at} of kind {}", at * 7919));
            hazard.existing_controls.clear();
            hazard.causes.clear();
            hazard.controls.truncate(1);
            let mut second = hazard.controls[0].clone();
            "D1".clone_into(&mut hazard.controls[0].id);
            "D2".clone_into(&mut second.id);
            hazard.controls[0].text = format!("{first} number {at} is looked at by nurse {}", at * 31);
            second.text = format!("Machine {at} is switched off by hand at {} o'clock", at * 17);
            hazard.controls.push(second);
            hazard
        });
        fixture.case.hazard_log.hazards = hazards.collect();
        fixture
    };
    between(&log("The list"), &log("The long list"))
}

#[test]
fn equal_numbers_of_different_controls_say_nothing() {
    for count in [60, 120] {
        let impact = numbered_afresh(count);
        assert!(impact.clinical_risk.reasons.len() >= count, "{}", impact.clinical_risk.reasons.len());
        let others: usize = impact.shared_controls.iter().map(|shared| shared.others.len()).sum();
        assert_eq!(others, 0, "{count}");
    }
}

#[test]
fn a_decision_of_an_earlier_change_is_not_passed_off_as_one_of_this() {
    let decided = |fixture: &mut Fixture| {
        let release = &mut fixture.case.release;
        (release.modifies, release.risk_changed) = (some("2.0"), Some(false));
        release.change_rationale = some("Only its colours");
    };
    let (mut old, mut new) = (Fixture::new(), Fixture::new());
    decided(&mut old);
    decided(&mut new);
    new.hazard().residual = rating("Minor", "Very Low", 1);
    let impact = between(&old, &new);
    assert!(impact.decision.is_as_before && impact.decision.is_contradicted);
    let told = ImpactTold::of(&impact, "issue 1.0").risk;
    assert!(told.older.unwrap().starts_with("The recorded decision is as it was in issue 1.0,"));
    assert!(told.contradiction.unwrap().starts_with("The recorded decision contradicts the proposal: "));
    new.case.release.change_rationale = some("The rating was mistaken");
    assert!(!between(&old, &new).decision.is_as_before);
}

#[test]
fn every_reason_is_told_those_of_a_hazard_on_one_line() {
    let impact = of(|fixture| {
        let hazard = fixture.hazard();
        (hazard.owner, hazard.impact) = (some("The ward"), some("Something else altogether"));
        hazard.residual = rating("Minor", "Very Low", 1);
    });
    let told = ImpactTold::of(&impact, "issue 1.0").risk.reasons;
    let titles: Vec<&str> = told.iter().map(|part| part.title.as_str()).collect();
    assert_eq!(
        titles,
        ["What speaks for a changed risk", "What a person has to look at", "What bears on no risk by itself"]
    );
    assert!(told.iter().all(|part| part.lines.len() == 1 && part.lines[0].label == "H01"), "{told:?}");
}

#[test]
fn a_review_is_older_than_a_hazard_that_changed_since() {
    let reword = |fixture: &mut Fixture| fixture.hazard().impact = some("The patient dies");
    let impact = of(reword);
    let [review] = &impact.outdated_reviews[..] else { panic!("{impact:?}") };
    assert_eq!((review.hazard.as_str(), review.found_by), ("H01", None));
    assert!(review.since[0].starts_with("H01 impact is reworded"), "{review:?}");
    // Who owns it is nothing that a session reviews.
    assert_eq!(of(|fixture| fixture.hazard().owner = some("Somebody else")).outdated_reviews, []);
    let impact = of(|fixture| {
        reword(fixture);
        let mut held = session("PSA-9", &["H01"]);
        held.date = date("2026-09-12");
        fixture.case.psa.push(held);
    });
    assert_eq!(impact.outdated_reviews, [], "a session that the old side does not have reviewed it since");
}

#[test]
fn what_is_decided_is_told_beside_what_is_proposed() {
    let decided = |changed: bool| {
        of(|fixture| {
            fixture.hazard().residual = rating("Minor", "Very Low", 1);
            let release = &mut fixture.case.release;
            (release.modifies, release.risk_changed) = (some("2.0"), Some(changed));
        })
    };
    let impact = decided(false);
    assert_eq!(impact.clause.as_deref(), Some("DCB0129 7.3.3"));
    assert!(impact.decision.is_contradicted);
    assert!(!decided(true).decision.is_contradicted);
    // What only a person can weigh contradicts nobody.
    let impact = of(|fixture| {
        fixture.hazard().impact = some("The patient dies");
        fixture.case.release.risk_changed = Some(false);
    });
    assert!(!impact.decision.is_contradicted && impact.clause.is_none());
}
