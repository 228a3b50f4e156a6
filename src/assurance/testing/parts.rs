//! What else a case is made of.

use super::Fixture;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::{Digests, canonical_json};
use crate::case::document::{Revision, Signatory};
use crate::case::hazard_log::RetiredHazard;
use crate::case::issue::{ContentDigests, Issue};
use crate::case::observation::{Observation, ObservationKind};
use crate::case::psa::{Attendee, Decision, Discussion, PsaSession};
use crate::case::received::{Origin, ReceivedHazard};
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::system::{Interface, InterfacePoint, PointKind};
use crate::case::tom::{Answer, QUESTIONS, Tom, TomAnswer};
use crate::case::waiver::Waiver;
use crate::case::{Case, Date, Place, snapshot};

pub fn date(text: &str) -> Date {
    text.parse().expect("a date of a test")
}

/// For fields that may be absent and here are not.
#[expect(clippy::unnecessary_wraps, reason = "what it fills is optional")]
pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn observation(kind: ObservationKind) -> Observation {
    Observation {
        kind,
        hazard: some("H02"),
        place: Some(Place::cell("log.xlsx", "Hazard Log", "B3")),
        message: "Something was noticed.".to_owned(),
    }
}

pub fn approval(case: &Case, document: ApprovedDocument, person: &str) -> Approval {
    Approval {
        document,
        person: person.to_owned(),
        date: date("2026-09-14"),
        version: None,
        content_digest: crate::case::digest::Digests::of(case).document(document).to_owned(),
        name: case.person(person).map(|person| person.name.clone()),
        role: None,
        registration: None,
        recorded: None,
        withdrawn: None,
        withdrawn_because: None,
        content: None,
        statement: None,
        means: None,
        evidence: None,
    }
}

/// Keeps a copy of the case as it is with each of its approvals.
pub fn kept(fixture: &mut Fixture) {
    let json = canonical_json(&fixture.case);
    let path = snapshot::address(&json);
    for record in &mut fixture.approvals {
        record.content = Some(path.clone());
    }
    assert!(fixture.snapshots.keep(&path, json));
}

/// The issue of a case as it is.
pub fn issue(case: &Case) -> Issue {
    let Digests { cscr, hazard_log, plan, tom } = Digests::of(case);
    Issue {
        version: case.document.version.clone().unwrap_or_default(),
        date: date("2026-09-14"),
        summary: None,
        hazard_log_version: case.hazard_log.version.clone(),
        hazards: case.hazard_log.hazards.len(),
        as_of: date("2026-09-14"),
        engine_version: "0".to_owned(),
        case: snapshot::address(&canonical_json(case)),
        findings_sha256: "0".repeat(64),
        content_digests: ContentDigests { cscr, hazard_log, plan, tom },
    }
}

/// A waiver of all findings of a check, in force on the day that the fixture is judged by.
pub fn waiver(check: &str, by: &str) -> Waiver {
    Waiver {
        check: check.to_owned(),
        hazard: None,
        about: None,
        by: by.to_owned(),
        reason: "Agreed for this release.".to_owned(),
        on: date("2026-09-01"),
        expires: date("2026-12-01"),
    }
}

pub fn signatory(person: &str) -> Signatory {
    Signatory { person: some(person), name: None, title: None, date: None, version: None }
}

pub fn revision(version: &str) -> Revision {
    Revision { version: version.to_owned(), date: some("2026-09-01"), summary: None }
}

pub fn interface() -> Interface {
    Interface {
        id: "API-1".to_owned(),
        name: "Referral API".to_owned(),
        version: None,
        description: None,
        benefit: None,
        points: vec![InterfacePoint {
            id: "EP-1".to_owned(),
            kind: PointKind::Entry,
            description: "A referral arrives".to_owned(),
        }],
    }
}

pub fn item(id: &str, hazards: &[&str]) -> AssessedItem {
    AssessedItem {
        id: id.to_owned(),
        kind: ItemKind::PotentialRisk,
        text: "A referral may be lost".to_owned(),
        tom_question: None,
        interface_point: some("EP-1"),
        workflow_step: None,
        hazards: hazards.iter().map(|hazard| (*hazard).to_owned()).collect(),
        no_hazard_because: None,
    }
}

pub fn session(id: &str, hazards: &[&str]) -> PsaSession {
    let attendee = |person: &str| Attendee {
        person: some(person),
        name: None,
        role: None,
        organisation: None,
        registration: None,
        apologies: false,
    };
    PsaSession {
        id: id.to_owned(),
        title: None,
        kind: "mitigation review".to_owned(),
        date: date("2026-08-20"),
        method: None,
        hazard_log_version: some("1.0"),
        chair: None,
        facilitator: None,
        minutes: some("PSA minutes 1"),
        attendees: vec![attendee("cso"), attendee("clinician")],
        discussed: hazards.iter().map(|hazard| discussion(hazard, Some(Decision::Accept))).collect(),
        new_hazards: Vec::new(),
        actions: Vec::new(),
        outcome: some("Proceed"),
        conditions: Vec::new(),
    }
}

pub fn discussion(hazard: &str, decision: Option<Decision>) -> Discussion {
    Discussion {
        hazard: hazard.to_owned(),
        before: None,
        after: None,
        decision,
        reason: None,
        recipient: None,
    }
}

/// What a sender handed over, of which nobody here has decided anything.
pub fn received(from: &str, id: &str) -> ReceivedHazard {
    ReceivedHazard {
        id: id.to_owned(),
        log: None,
        control_of: None,
        from: from.to_owned(),
        kind: Origin::Manufacturer,
        document: None,
        name: some("Referral withheld"),
        text: None,
        impact: None,
        sender_ratings: None,
        transferred: true,
        transferred_to: None,
        hazards: Vec::new(),
        not_adopted_because: None,
    }
}

/// The closure record of a hazard that was taken out of the log.
pub fn retired(id: &str) -> RetiredHazard {
    RetiredHazard {
        id: id.to_owned(),
        on: date("2026-08-01"),
        by: "cso".to_owned(),
        reason: "Joined with H02".to_owned(),
    }
}

/// A TOM that holds all twelve questions, of which these are answered.
pub fn tom(answers: &[(&str, Answer)]) -> Tom {
    let answer = |id: &str| answers.iter().find(|(answered, _)| *answered == id).map(|(_, answer)| *answer);
    Tom {
        answers: QUESTIONS
            .iter()
            .map(|question| TomAnswer {
                id: question.id.to_owned(),
                topic: question.topic.to_owned(),
                question: None,
                answer: answer(question.id),
                stated_answer: None,
                notes: None,
                answered_by: None,
            })
            .collect(),
        stated_level: None,
    }
}

/// Spoils the case: the file of its evidence is not there.
pub fn without_its_file(fixture: &mut Fixture) {
    let place = Place::line("evidence.toml", 4);
    fixture.case.evidence[0].file = some("evidence/gone.pdf");
    fixture.provenance.record("evidence/EV-1/file", place.clone());
    fixture.observations.push(Observation {
        kind: ObservationKind::MissingFile,
        hazard: None,
        place: Some(place),
        message: "Gone.".to_owned(),
    });
}
