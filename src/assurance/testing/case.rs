//! The faultless case, and one with many hazards.

use super::{control, date, hazard, interface, item, revision, session, signatory, some};
use crate::case::Case;
use crate::case::clause::ClauseTable;
use crate::case::compliance::{self, ComplianceAnswer};
use crate::case::document::{DocumentControl, Revision};
use crate::case::hazard::{ControlKind, Evidence, Shows};
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::person::{CompetenceRecord, Person, Registration};
use crate::case::plan::{PostDeployment, PreDeliveryReview, ProcessReview, RiskManagementPlan};
use crate::case::standard::{Standard, StandardName};
use crate::case::system::{Component, Declared, Organisation, Product, Release, SystemDefinition};

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
            conditions: Vec::new(),
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
        incident_log: None,
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

pub(super) fn evidence(id: &str, controls: &[&str]) -> Evidence {
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
