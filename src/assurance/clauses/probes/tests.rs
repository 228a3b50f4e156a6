//! Each probe on a case where the thing is there, and on one where it is not: process and documents here, risk and
//! delivery in `risk`.

mod risk;

use super::*;
use crate::assurance::check::Examined;
use crate::assurance::checks::GROUPS;
use crate::assurance::clauses::ClauseState::{
    self, AwaitingLaterPhase, EvidenceFound, NoneFound, NotApplicable, NotLookedAt, PartlyFound,
};
use crate::assurance::examined::Content;
use crate::assurance::judgement;
use crate::assurance::testing::{Fixture, date, some, without_its_file};
use crate::case::clause::ClauseTable;
use crate::case::person::CompetenceRecord;
use crate::case::plan::{AuthorisationLevel, PlannedActivity, ProcessReview, RiskManagementPlan};
use crate::case::system::{Declared, ThirdPartyProduct};
use std::collections::BTreeSet;

/// What a probe says of a fixture.
fn seen(probe: Probe, fixture: &Fixture) -> ClauseState {
    let subject = fixture.subject();
    let examined = Examined::of(&subject, Content::of(subject.case));
    let findings = judgement::judge_case(GROUPS, &examined).findings;
    look(probe, &Scene { examined: &examined, findings: &findings }).state
}

fn with(probe: Probe, spoil: impl FnOnce(&mut Fixture)) -> ClauseState {
    seen(probe, &Fixture::with(spoil))
}

#[track_caller]
fn is_found(probe: Probe, make: impl FnOnce(&mut Fixture)) {
    let state = with(probe, make);
    assert!(matches!(state, EvidenceFound(_)), "{probe:?}: {state:?}");
}

#[track_caller]
fn is_partly(probe: Probe, spoil: impl FnOnce(&mut Fixture), because: &str) {
    assert_eq!(with(probe, spoil), PartlyFound(because.to_owned()), "{probe:?}");
}

#[track_caller]
fn is_none(probe: Probe, spoil: impl FnOnce(&mut Fixture), because: &str) {
    assert_eq!(with(probe, spoil), NoneFound(because.to_owned()), "{probe:?}");
}

fn as_it_is(_: &mut Fixture) {}

fn plan(fixture: &mut Fixture) -> &mut RiskManagementPlan {
    fixture.case.plan.insert(RiskManagementPlan {
        title: some("Plan"),
        version: some("1.0"),
        risk_matrix: some("NHS matrix"),
        approved_by: some("cso"),
        approved_on: Some(date("2026-02-01")),
        activities: vec![
            PlannedActivity { activity: "Workshop".to_owned(), phase: None, evidence: some("PSA-1") },
            PlannedActivity { activity: "Walkthrough".to_owned(), phase: None, evidence: some("PSA-1") },
        ],
        authorisation_levels: vec![AuthorisationLevel {
            document: "Report".to_owned(),
            authorised_by: "CSO".to_owned(),
        }],
        ..RiskManagementPlan::default()
    })
}

#[test]
fn every_probe_is_in_use_and_says_where_to_look() {
    let used: BTreeSet<Probe> = [ClauseTable::dcb0129(), ClauseTable::dcb0160()]
        .iter()
        .flat_map(ClauseTable::clauses)
        .flat_map(|clause| clause.probes.clone())
        .collect();
    let fixture = Fixture::new();
    let subject = fixture.subject();
    let examined = Examined::of(&subject, Content::of(subject.case));
    for probe in used {
        let sight = look(probe, &Scene { examined: &examined, findings: &[] });
        assert!(!sight.anchors.is_empty(), "{probe:?} names no place in the report");
        assert!(!sight.state.because().is_empty() && !sight.state.because().ends_with('.'), "{probe:?}");
    }
}

#[test]
fn the_process_and_its_officer() {
    let section = "clinical-risk-management-system";
    is_none(
        Probe::ProcessDescribed,
        as_it_is,
        "The report neither describes the process nor names a document for it",
    );
    is_found(Probe::ProcessDescribed, |f| {
        f.case.narrative.insert(section.to_owned(), "We work by it.".to_owned());
    });
    let unwritten = |f: &mut Fixture| drop(f.case.narrative.insert(section.to_owned(), "TBC".to_owned()));
    assert!(
        matches!(with(Probe::ProcessDescribed, unwritten), NoneFound(_)),
        "a placeholder is no description"
    );
    is_found(Probe::CsoNamed, as_it_is);
    for probe in [Probe::CsoNamed, Probe::CsoClinician, Probe::CsoRegistration, Probe::CsoCompetence] {
        is_none(probe, |f| f.case.cso = None, "No Clinical Safety Officer is named");
    }
    is_found(Probe::CsoClinician, as_it_is);
    is_none(
        Probe::CsoClinician,
        |f| f.case.people[0].clinician = false,
        "Dr Cora Officer is not recorded as a clinician",
    );
    is_found(Probe::CsoRegistration, as_it_is);
    is_partly(
        Probe::CsoRegistration,
        |f| {
            let registration = f.case.people[0].registration.as_mut().expect("a registration");
            (registration.number, registration.expires) = (None, Some(date("2026-09-13")));
        },
        "Registration with GMC: its number is not given; it expired on 13 September 2026",
    );
    is_found(Probe::SafetyStatement, as_it_is);
    is_none(
        Probe::SafetyStatement,
        |f| f.case.narrative.clear(),
        "The officer's statement is not given, or not complete",
    );
}

#[test]
fn people_and_their_competence() {
    let record = |person: &str| CompetenceRecord {
        person: person.to_owned(),
        record: "Course".to_owned(),
        date: None,
        reference: None,
    };
    is_found(Probe::CsoCompetence, |f| f.case.competence = vec![record("cso")]);
    is_none(
        Probe::CsoCompetence,
        |f| f.case.competence = vec![record("clinician")],
        "No competence record of Dr Cora Officer is given",
    );
    is_partly(
        Probe::CompetenceRecords,
        |f| f.case.competence = vec![record("cso")],
        "Competence record: 1 of 2 people, not Dr Ada Clinic",
    );
    is_found(Probe::PeopleAndRoles, as_it_is);
    is_partly(
        Probe::PeopleAndRoles,
        |f| f.case.people[1].role = None,
        "Role: 1 of 2 people, not Dr Ada Clinic",
    );
}

#[test]
fn third_party_products_are_listed_or_declared_none() {
    let product = |assessment: Option<&str>| ThirdPartyProduct {
        name: "Database".to_owned(),
        version: None,
        supplier: None,
        assessment: assessment.map(str::to_owned),
    };
    let listed = |assessment: Option<&str>| {
        let products = Declared::Given(vec![product(assessment)]);
        move |f: &mut Fixture| f.case.third_party_products = products
    };
    assert!(matches!(with(Probe::ThirdPartyAssessed, as_it_is), NotApplicable(_)));
    is_found(Probe::ThirdPartyReported, as_it_is);
    is_found(Probe::ThirdPartyAssessed, listed(Some("Reviewed")));
    is_none(
        Probe::ThirdPartyAssessed,
        listed(Some("[to be completed: assessment]")),
        "Assessment: not for the one third-party product, Database",
    );
    is_none(
        Probe::ThirdPartyReported,
        |f| f.case.third_party_products = Declared::NotGiven,
        "Whether the release holds third-party products is not said",
    );
}

#[test]
fn the_review_of_the_process_has_an_interval() {
    let reviewed = |on: &str, interval_months: Option<u16>| {
        let review = ProcessReview { last_reviewed: Some(date(on)), interval_months, outcome: None };
        move |f: &mut Fixture| f.case.process_review = Some(review)
    };
    is_found(Probe::ProcessReviewed, reviewed("2025-09-14", None));
    is_found(Probe::ProcessReviewed, reviewed("2024-10-01", Some(24)));
    is_partly(
        Probe::ProcessReviewed,
        reviewed("2026-01-31", Some(1)),
        "Last reviewed on 31 January 2026; the next review was due on 28 February 2026",
    );
    is_none(Probe::ProcessReviewed, |f| f.case.process_review = None, "No review of the process is recorded");
}

#[test]
fn the_plan() {
    for probe in
        [Probe::PlanWithCriteria, Probe::PlanApproved, Probe::PlannedActivities, Probe::AuthorisationLevels]
    {
        is_none(probe, |f| f.case.plan = None, "No clinical risk management plan is given");
        is_found(probe, |f| {
            plan(f);
        });
    }
    is_partly(
        Probe::PlannedActivities,
        |f| plan(f).activities[1].evidence = None,
        "What shows that it was done is named: 1 of 2 planned activities, not Walkthrough",
    );
    is_partly(
        Probe::PlanWithCriteria,
        |f| plan(f).risk_matrix = some(" "),
        "A plan is given, but which matrix and criteria it sets is not recorded",
    );
    is_partly(
        Probe::PlanWithCriteria,
        |f| plan(f).approved_on = Some(date("2026-08-21")),
        "A plan is given, but it was approved on 21 August 2026, after PSA session PSA-1 of 20 August 2026",
    );
    is_partly(
        Probe::PlanApproved,
        |f| plan(f).approved_by = some("clinician"),
        "The clinical risk management plan was approved by Dr Ada Clinic, who is not the Clinical Safety Officer",
    );
    is_partly(
        Probe::PlanApproved,
        |f| plan(f).approved_on = Some(date("2026-09-15")),
        "Dr Cora Officer approved the clinical risk management plan on 15 September 2026, after 14 September 2026, the date that the case is judged by",
    );
}

#[test]
fn the_log_and_the_report_as_documents() {
    is_found(Probe::LogKept, as_it_is);
    is_partly(
        Probe::LogKept,
        |f| f.case.hazard_log.revisions.clear(),
        "2 hazards, version 1.0; no history of versions is given",
    );
    is_none(Probe::LogApproved, as_it_is, "No approval of this hazard log is recorded");
    let approved = Fixture::approved();
    for probe in [Probe::LogApproved, Probe::ReportApproved] {
        assert!(matches!(seen(probe, &approved), EvidenceFound(_)), "{probe:?}");
    }
    let mut changed = Fixture::approved();
    changed.case.hazard_log.hazards[0].name = some("Another name");
    assert_eq!(
        seen(Probe::LogApproved, &changed),
        PartlyFound("The approval of exactly this hazard log is missing from Dr Cora Officer".to_owned())
    );
    let distributed = |f: &mut Fixture| f.case.document.distribution = vec!["The trust".to_owned()];
    assert!(matches!(with(Probe::ReportIssued, distributed), AwaitingLaterPhase(_)));
    is_none(Probe::ReportIssued, as_it_is, "No recipient is named");
    is_partly(
        Probe::ReportOfPhase,
        |f| f.case.phase = None,
        "This is version 1.0 of the report; which phase it closes is not given",
    );
    is_none(
        Probe::ReportOfPhase,
        |f| (f.case.phase, f.case.document.version) = (None, None),
        "The report says neither which phase it closes nor which version it is",
    );
    is_found(Probe::SafetyCase, as_it_is);
    is_partly(
        Probe::SafetyCase,
        |f| f.case.evidence.clear(),
        "The case holds 2 hazards and 1 PSA session; no evidence",
    );
    is_found(Probe::DecisionsRecorded, as_it_is);
    is_none(
        Probe::DecisionsRecorded,
        |f| f.case.psa[0].minutes = None,
        "Minutes: not for the one PSA session, PSA-1",
    );
}

/// A case with a related document of this title and version.
fn named(title: &str, version: &str) -> impl FnOnce(&mut Fixture) {
    let (title, version) = (title.to_owned(), some(version));
    let document = crate::case::document::RelatedDocument { reference: None, title, version };
    move |f: &mut Fixture| f.case.document.related_documents.push(document)
}

#[test]
fn each_phase_of_the_plan_has_a_report() {
    is_partly(
        Probe::ReportOfPhase,
        as_it_is,
        "This report closes the phase \"Release\"; which phases the plan names is not recorded",
    );
    let phases = |f: &mut Fixture| {
        let activities = &mut plan(f).activities;
        (activities[0].phase, activities[1].phase) = (some("Design"), some("release"));
    };
    is_partly(
        Probe::ReportOfPhase,
        phases,
        "This report closes the phase \"Release\"; no related document is the safety case report of Design",
    );
    is_found(Probe::ReportOfPhase, |f| {
        phases(f);
        named("Clinical safety case report, phase: design", "1.0")(f);
    });
    is_found(Probe::ReportOfPhase, |f| {
        plan(f).activities[0].phase = some("RELEASE");
    });
}

#[test]
fn what_the_file_holds_beside_what_is_named_a_person_has_to_look() {
    let state = with(Probe::DocumentsAndEvidence, named("Risk assessment", "1.0"));
    let EvidenceFound(because) = &state else { panic!("{state:?}") };
    assert!(because.contains("1 related document named, 1 record of evidence"), "{because}");
    assert!(because.contains("a person has to look"), "{because}");
    is_partly(Probe::DocumentsAndEvidence, as_it_is, "1 record of evidence; no related document is named");
    is_partly(
        Probe::DocumentsAndEvidence,
        |f| {
            named("Risk assessment", "1.0")(f);
            f.case.evidence.clear();
        },
        "1 related document named; no evidence is given",
    );
    is_none(
        Probe::DocumentsAndEvidence,
        |f| f.case.evidence.clear(),
        "No related document is named and no evidence given",
    );
    // What is named and not there is no record of evidence.
    is_partly(
        Probe::DocumentsAndEvidence,
        without_its_file,
        "0 related documents named, 0 records of evidence, beside EV-1 whose file is not there",
    );
    is_partly(Probe::SafetyCase, without_its_file, "The case holds 2 hazards and 1 PSA session; no evidence");
}

#[test]
fn the_log_goes_with_the_report_at_its_version() {
    is_found(Probe::LogWithReport, named("Hazard log of the release", "V1.0"));
    is_partly(
        Probe::LogWithReport,
        named("Hazard log of the release", "0.9"),
        "The report holds hazard log version 1.0; its related documents name version 0.9",
    );
    assert!(matches!(with(Probe::LogWithReport, as_it_is), PartlyFound(_)));
    let in_doubt = |f: &mut Fixture| {
        f.case.hazard_log.revisions = vec![crate::assurance::testing::revision("1.1")];
        named("Hazard log of the release", "1.0")(f);
    };
    let both = "1.0 by its cover and 1.1 by its revision history";
    is_partly(Probe::LogKept, in_doubt, &format!("2 hazards, version {both}, 1 version in its history"));
    is_partly(
        Probe::LogWithReport,
        in_doubt,
        &format!("The report holds hazard log version {both}; its related documents name version 1.0"),
    );
    is_partly(
        Probe::SupplierDocuments,
        named("The manufacturer's hazard log", "1.0"),
        "Of the manufacturer's safety case report and hazard log one is named; no related document is called the safety case report",
    );
}
