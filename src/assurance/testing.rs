//! A small, complete and faultless case to spoil one thing of: what the tests of every check begin with.

use super::finding::Finding;
use super::{Subject, assure, import_findings};
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::clause::ClauseTable;
use crate::case::compliance::{self, ComplianceAnswer};
use crate::case::document::{DocumentControl, Revision, Signatory};
use crate::case::hazard::{
    Acceptance, Cause, Condition, Control, ControlKind, ControlState, Evidence, Hazard, HazardState,
    LinkBasis, Rating, Shows, StatedRisk,
};
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::{Acceptability, Category, RiskClass, RiskPolicy};
use crate::case::observation::{Observation, ObservationKind};
use crate::case::outside_report::OutsideReport;
use crate::case::person::{CompetenceRecord, Person, Registration};
use crate::case::plan::{PostDeployment, PreDeliveryReview, ProcessReview, RiskManagementPlan};
use crate::case::psa::{Attendee, Decision, Discussion, PsaSession};
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::standard::{Standard, StandardName};
use crate::case::system::{
    Component, Declared, Interface, InterfacePoint, Organisation, PointKind, Product, Release,
    SystemDefinition,
};
use crate::case::tom::{Answer, QUESTIONS, Tom, TomAnswer};
use crate::case::waiver::Waiver;
use crate::case::{Case, Date, Place, Provenance};

/// A case with what is read beside it.
pub struct Fixture {
    pub case: Case,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub approvals: Vec<Approval>,
}

impl Fixture {
    /// Complete and faultless; nobody has approved it.
    pub fn new() -> Self {
        Self { case: case(), provenance: provenance(), observations: Vec::new(), approvals: Vec::new() }
    }

    /// The same, with every approval.
    pub fn approved() -> Self {
        Self::new().with_approvals()
    }

    /// This case, approved as it is now.
    pub fn with_approvals(self) -> Self {
        Self { approvals: Self::approvals_of(&self.case), ..self }
    }

    /// Every approval that a case needs, of its content as it is.
    pub fn approvals_of(case: &Case) -> Vec<Approval> {
        [ApprovedDocument::Cscr, ApprovedDocument::HazardLog]
            .map(|document| approval(case, document, "cso"))
            .into()
    }

    /// The same, with one thing spoilt.
    pub fn with(spoil: impl FnOnce(&mut Self)) -> Self {
        let mut fixture = Self::new();
        spoil(&mut fixture);
        fixture
    }

    pub fn observing(kind: ObservationKind) -> Self {
        Self::with(|fixture| fixture.observations.push(observation(kind)))
    }

    pub fn subject(&self) -> Subject<'_> {
        Subject {
            case: &self.case,
            provenance: &self.provenance,
            observations: &self.observations,
            approvals: &self.approvals,
            as_of: date("2026-09-14"),
        }
    }

    /// Findings of one check.
    pub fn findings(&self, check: &str) -> Vec<Finding> {
        let findings = assure(&self.subject()).findings;
        findings.into_iter().filter(|finding| finding.check == check).collect()
    }

    /// Messages of one check.
    pub fn messages(&self, check: &str) -> Vec<String> {
        self.findings(check).into_iter().map(|finding| finding.message).collect()
    }

    /// Findings on the hazard log alone.
    pub fn imported(&self) -> Vec<Finding> {
        let Self { case, provenance, observations, .. } = self;
        import_findings(&case.hazard_log, observations, provenance, &case.risk_policy)
    }

    /// The first hazard.
    pub fn hazard(&mut self) -> &mut Hazard {
        &mut self.case.hazard_log.hazards[0]
    }
}

/// The faultless case does not make this check fire.
#[track_caller]
pub fn silent(check: &str) {
    assert_eq!(
        Fixture::approved().messages(check),
        Vec::<String>::new(),
        "{check} fires on a faultless case"
    );
}

/// The check says exactly this of the spoilt case, and nothing of the faultless one.
#[track_caller]
pub fn fires(check: &str, spoil: impl FnOnce(&mut Fixture), message: &str) {
    silent(check);
    assert_eq!(Fixture::with(spoil).messages(check), [message], "{check}");
}

/// A case with this narrative.
pub fn telling(text: &str) -> impl FnOnce(&mut Fixture) {
    let text = text.to_owned();
    move |fixture| drop(fixture.case.narrative.insert("introduction".to_owned(), text))
}

/// A case with this outside report.
pub fn outside(text: &str) -> impl FnOnce(&mut Fixture) {
    let report = OutsideReport { file: "old.txt".to_owned(), sha256: "0".repeat(64), text: text.to_owned() };
    move |fixture| fixture.case.outside_report = Some(report)
}

/// The check turns this observation into a finding.
#[track_caller]
pub fn fires_on_observation(check: &str, kind: ObservationKind) {
    silent(check);
    let findings = Fixture::observing(kind).findings(check);
    assert_eq!(findings.len(), 1, "{check}");
    assert_eq!(findings[0].message, "Something was noticed.");
    assert_eq!(findings[0].source, observation(kind).place);
}

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
        content_digest: crate::case::digest::content_digest(document, case),
        statement: None,
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

/// The rows of a log are 2 for H01, 3 for H02; severity and so on stand in G to I and N to P.
fn provenance() -> Provenance {
    let mut provenance = Provenance::default();
    let columns = [
        ("", "A"),
        ("/name", "B"),
        ("/initial/severity", "G"),
        ("/initial/likelihood", "H"),
        ("/initial/risk", "I"),
        ("/residual/severity", "N"),
        ("/residual/likelihood", "O"),
        ("/residual/risk", "P"),
    ];
    for (key, row) in [("H01", 2), ("H02", 3)] {
        for (path, column) in columns {
            let cell = format!("{column}{row}");
            provenance.record(format!("hazards/{key}{path}"), Place::cell("log.xlsx", "Hazard Log", cell));
        }
    }
    provenance.record("case", Place::file("case.toml"));
    provenance.record("psa/PSA-1", Place::file("psa/1.toml"));
    provenance
}

pub fn case() -> Case {
    Case {
        standard: Standard { name: StandardName::Dcb0129, version: "4.2".to_owned() },
        clause_table: ClauseTable::dcb0129(),
        compliance: answers(),
        phase: some("Release"),
        product: Product { name: "Referral Link".to_owned(), description: some("Sends referrals") },
        organisation: Organisation { name: some("Example Health Systems"), ..Organisation::default() },
        release: release(),
        document: DocumentControl {
            title: some("Clinical Safety Case Report"),
            version: some("1.0"),
            revisions: revisions(),
            approvers: vec![signatory("cso")],
            ..DocumentControl::default()
        },
        people: vec![
            person("cso", "Dr Cora Officer", "Clinical Safety Officer"),
            person("clinician", "Dr Ada Clinic", "General practitioner"),
        ],
        cso: some("cso"),
        risk_policy: RiskPolicy::nhs(),
        risk_policies: Vec::new(),
        system: SystemDefinition {
            intended_use: some("Staff of a practice refer patients"),
            in_scope: vec!["Referral".to_owned()],
            ..SystemDefinition::default()
        },
        interfaces: vec![interface()],
        third_party_products: Declared::DeclaredNone,
        test_issues: Declared::DeclaredNone,
        assumptions: Vec::new(),
        constraints: Vec::new(),
        glossary: Vec::new(),
        references: Vec::new(),
        pre_delivery_review: Some(PreDeliveryReview {
            date: Some(date("2026-09-01")),
            by: some("Dr Cora Officer"),
            outcome: some("Ready for delivery"),
            summary: None,
        }),
        post_deployment: Some(PostDeployment { process: "Service desk".to_owned(), contact: None }),
        plan: Some(plan()),
        competence: vec![CompetenceRecord {
            person: "cso".to_owned(),
            record: "Clinical safety officer training".to_owned(),
            date: None,
            reference: None,
        }],
        process_review: Some(ProcessReview {
            last_reviewed: Some(date("2026-03-01")),
            interval_months: Some(12),
            outcome: None,
        }),
        incidents: Vec::new(),
        hazard_log: HazardLog {
            version: some("1.0"),
            revisions: revisions(),
            hazards: vec![hazard("H01"), hazard("H02")],
            ..HazardLog::default()
        },
        tom: None,
        risk_assessment: vec![item("RA-1", &["H01", "H02"])],
        psa: vec![session("PSA-1", &["H01", "H02"])],
        evidence: vec![evidence("EV-1", &["H01.D1", "H02.D1"])],
        waivers: Vec::new(),
        received: Vec::new(),
        nothing_from_manufacturer: None,
        outside_report: None,
        narrative: [("summary-safety-statement".to_owned(), "I have reviewed every hazard.".to_owned())]
            .into(),
    }
}

/// A case with this many hazards of ten controls each, all answered.
pub fn large_case(hazards: usize) -> Case {
    let keys: Vec<String> = (1..=hazards).map(|number| format!("H{number:04}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut case = case();
    case.hazard_log.hazards = keys
        .iter()
        .map(|key| {
            let mut hazard = hazard(key);
            hazard.name = Some(format!("Name of {key}"));
            hazard.controls =
                (1..=10).map(|number| control(&format!("{key}.D{number}"), ControlKind::Design)).collect();
            hazard
        })
        .collect();
    case.risk_assessment = keys.iter().map(|key| item(&format!("RA-{key}"), &[key])).collect();
    case.psa = vec![session("PSA-1", &keys), session("PSA-2", &keys)];
    let told = |key: &&str| {
        format!(
            "{key} was discussed with those who use the product, and has a residual risk of 3. See Reference 1."
        )
    };
    let narrative: Vec<String> = keys.iter().map(told).collect();
    case.narrative.insert("clinical-risk-analysis".to_owned(), narrative.join("\n\n"));
    case
}

/// An answer to every clause that leaves open what the engine says.
fn answers() -> Vec<ComplianceAnswer> {
    let answer = |number: &str| ComplianceAnswer {
        clause: number.to_owned(),
        answer: compliance::Answer::Partial,
        statement: some("Done as far as the report shows"),
        by: some("cso"),
        on: Some(date("2026-09-02")),
    };
    ClauseTable::dcb0129().clauses().map(|clause| answer(&clause.number)).collect()
}

fn release() -> Release {
    let component = Component { name: "Web service".to_owned(), version: some("2.1.0"), description: None };
    Release { version: some("2.1"), configuration: vec![component], ..Release::default() }
}

fn plan() -> RiskManagementPlan {
    RiskManagementPlan {
        version: some("1.0"),
        risk_matrix: some("NHS clinical risk matrix"),
        approved_by: some("cso"),
        approved_on: Some(date("2026-02-01")),
        ..RiskManagementPlan::default()
    }
}

pub fn revision(version: &str) -> Revision {
    Revision { version: version.to_owned(), date: some("2026-09-01"), summary: None }
}

fn revisions() -> Vec<Revision> {
    vec![revision("0.9"), revision("1.0")]
}

fn person(id: &str, name: &str, role: &str) -> Person {
    Person {
        id: id.to_owned(),
        name: name.to_owned(),
        role: some(role),
        organisation: None,
        responsibilities: None,
        clinician: true,
        registration: Some(Registration {
            body: "GMC".to_owned(),
            number: some("0000000"),
            checked: Some(date("2026-08-01")),
            expires: Some(date("2027-08-01")),
        }),
    }
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

pub fn hazard(key: &str) -> Hazard {
    Hazard {
        key: key.to_owned(),
        id: key.to_owned(),
        name: Some(format!("Referral {key} is lost")),
        description: some("The referral is not delivered"),
        impact: some("The patient is treated late"),
        condition: Some(Condition::Both),
        causes: vec![Cause {
            id: format!("{key}.1"),
            text: "The network fails".to_owned(),
            controls: vec![format!("{key}.D1")],
            link: LinkBasis::Stated,
            without_control: None,
        }],
        existing_controls: vec![control(&format!("{key}.E1"), ControlKind::Existing)],
        controls: vec![control(&format!("{key}.D1"), ControlKind::Design)],
        initial: rating("Major", "Medium", 3),
        residual: rating("Major", "Low", 3),
        residual_acceptance: Some(acceptance()),
        owner: some("Example Health Systems"),
        status: some("Closed"),
        state: HazardState::Closed,
        ..Hazard::default()
    }
}

pub fn acceptance() -> Acceptance {
    Acceptance {
        by: "cso".to_owned(),
        on: date("2026-08-20"),
        reason: "Reducing it further is impractical".to_owned(),
    }
}

pub fn control(id: &str, kind: ControlKind) -> Control {
    Control {
        id: id.to_owned(),
        kind,
        stated_type: None,
        text: "Delivery is confirmed".to_owned(),
        owner: None,
        action: None,
        status: None,
        state: ControlState::NotGiven,
        transferred_to: None,
        evidence: if kind == ControlKind::Existing { Vec::new() } else { vec!["EV-1".to_owned()] },
        stated_evidence: None,
        introduces: Declared::NotGiven,
    }
}

/// A matrix of two by two in which 1 is the worst: Slight and Severe, Seldom and Often. 1 is unacceptable, 2
/// undesirable, 3 acceptable with a reason, 4 acceptable.
pub fn inverted() -> RiskPolicy {
    let word = |word: &str| Category { word: word.to_owned(), meaning: String::new() };
    let level = |risk, class, word: &str| Acceptability {
        risk,
        class,
        word: word.to_owned(),
        meaning: String::new(),
    };
    RiskPolicy {
        id: "inverted".to_owned(),
        title: "Inverted matrix".to_owned(),
        severities: vec![word("Slight"), word("Severe")],
        likelihoods: vec![word("Seldom"), word("Often")],
        matrix: vec![vec![4, 2], vec![3, 1]],
        acceptability: vec![
            level(4, RiskClass::Acceptable, "Low"),
            level(3, RiskClass::AcceptableWithReason, "Medium"),
            level(2, RiskClass::Undesirable, "High"),
            level(1, RiskClass::Unacceptable, "Extreme"),
        ],
        ..RiskPolicy::nhs()
    }
}

/// A rating with this stated risk, in the NHS matrix.
pub fn rating(severity: &str, likelihood: &str, stated: u8) -> Rating {
    Rating::new(Some(severity), Some(likelihood), Some(StatedRisk::Score(stated)), &RiskPolicy::nhs())
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

fn evidence(id: &str, controls: &[&str]) -> Evidence {
    Evidence {
        sha256: None,
        id: id.to_owned(),
        title: "Test report".to_owned(),
        file: None,
        reference: some("TR-1"),
        date: None,
        shows: vec![Shows::Implementation, Shows::Effectiveness],
        controls: controls.iter().map(|control| (*control).to_owned()).collect(),
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
