//! The domain: one release of one product and everything its safety case asserts.
//!
//! Pure data and pure functions. Nothing here reads a file, the clock or the environment, and nothing
//! here knows where a value came from: provenance is kept beside the case ([`provenance`]), because
//! moving a row in a spreadsheet must not change what the case says.
//!
//! A field that is `None` was not given. It stays visible as such to the end; no default is invented.

pub mod approval;
mod canonical;
pub mod clause;
pub mod compliance;
pub mod condition;
pub mod date;
pub mod defusing;
pub mod digest;
pub mod document;
pub mod excerpt;
pub mod folding;
pub mod hazard;
pub mod hazard_log;
mod instead;
pub mod issue;
pub mod matrix;
pub mod observation;
pub mod ordinal;
pub mod outside_report;
pub mod person;
pub mod placeholder;
pub mod plan;
pub mod provenance;
pub mod psa;
pub mod quote;
pub mod received;
pub mod risk_assessment;
mod schema;
pub mod snapshot;
pub mod standard;
pub mod system;
pub mod tom;
pub(crate) mod version;
pub mod waiver;

use serde::Serialize;
use std::collections::BTreeMap;

pub use date::{Date, date_in_doubt};
pub use provenance::{Place, Provenance};

/// The canonical case: what intake makes of a case folder, what every later step reads.
///
/// Its JSON form ([`digest::canonical_json`]) is what templates read, what is attached to the PDF and
/// what two issues of a document are compared by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    /// The standard that the case claims compliance with.
    pub standard: standard::Standard,
    /// The clauses that the case is measured by.
    pub clause_table: clause::ClauseTable,
    /// What named persons say of each clause; none where nobody has answered.
    pub compliance: Vec<compliance::ComplianceAnswer>,
    /// Lifecycle phase that this report closes, in the words of the clinical risk management plan (3.5.1).
    pub phase: Option<String>,
    pub product: system::Product,
    pub organisation: system::Organisation,
    pub release: system::Release,
    pub document: document::DocumentControl,
    pub people: Vec<person::Person>,
    /// Id of the person who is the Clinical Safety Officer for this case (2.2.1, 2.3).
    pub cso: Option<String>,
    /// The matrix and acceptability that ratings are measured by (3.2.1), unless their hazard names another.
    pub risk_policy: matrix::RiskPolicy,
    /// Further policies, which single hazards name; no two policies of a case share an id.
    pub risk_policies: Vec<matrix::RiskPolicy>,
    pub system: system::SystemDefinition,
    pub interfaces: Vec<system::Interface>,
    pub third_party_products: system::Declared<system::ThirdPartyProduct>,
    pub test_issues: system::Declared<system::TestIssue>,
    pub assumptions: Vec<String>,
    pub constraints: Vec<String>,
    pub glossary: Vec<document::GlossaryTerm>,
    pub references: Vec<document::Reference>,
    pub pre_delivery_review: Option<plan::PreDeliveryReview>,
    pub post_deployment: Option<plan::PostDeployment>,
    pub plan: Option<plan::RiskManagementPlan>,
    pub competence: Vec<person::CompetenceRecord>,
    pub process_review: Option<plan::ProcessReview>,
    pub incidents: Vec<plan::Incident>,
    /// Up to when the case has all incidents of the safety incident management log, where somebody says so.
    pub incident_log: Option<plan::IncidentLog>,
    pub hazard_log: hazard_log::HazardLog,
    /// Target Operating Model, clinical safety questions; absent when no TOM was given.
    pub tom: Option<tom::Tom>,
    pub risk_assessment: Vec<risk_assessment::AssessedItem>,
    pub psa: Vec<psa::PsaSession>,
    pub evidence: Vec<hazard::Evidence>,
    /// Hazards that other organisations handed over.
    pub received: Vec<received::ReceivedHazard>,
    /// Why none of those is a manufacturer's, where a deploying organisation says so.
    pub nothing_from_manufacturer: Option<String>,
    /// A report that was made elsewhere, to be held against the log.
    pub outside_report: Option<outside_report::OutsideReport>,
    /// Narrative sections as Markdown with their values filled in, by section id.
    pub narrative: BTreeMap<String, String>,
    /// Findings that somebody lets stand for a while; part of the case, so that approvals cover them.
    pub waivers: Vec<waiver::Waiver>,
}

impl Case {
    /// The hazard with this key.
    #[must_use]
    pub fn hazard(&self, key: &str) -> Option<&hazard::Hazard> {
        self.hazard_log.hazards.iter().find(|hazard| hazard.key == key)
    }

    /// Every risk policy, the main one first.
    pub fn policies(&self) -> impl Iterator<Item = &matrix::RiskPolicy> {
        std::iter::once(&self.risk_policy).chain(&self.risk_policies)
    }

    /// The risk policy that a hazard is rated by.
    #[must_use]
    pub fn policy_of(&self, hazard: &hazard::Hazard) -> &matrix::RiskPolicy {
        matrix::policy_by_id(&self.risk_policy, &self.risk_policies, &hazard.initial.policy)
    }

    /// Whether somebody who is named by id, or by name, is the Clinical Safety Officer of the case.
    #[must_use]
    pub fn is_cso(&self, person: Option<&str>, name: Option<&str>) -> bool {
        let cso = self.cso.as_deref();
        let officer = cso.and_then(|id| self.person(id));
        let is_named = |name: &str| {
            officer.is_some_and(|officer| folding::folded(&officer.name) == folding::folded(name))
        };
        (person.is_some() && person == cso) || name.is_some_and(is_named)
    }

    /// The person with this id.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&person::Person> {
        self.people.iter().find(|person| person.id == id)
    }
}
