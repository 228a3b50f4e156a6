//! `case.toml`: who, what, which release, which standard, which files.
//!
//! Two types. [`Manifest`] is what was typed. [`Manifest::resolve`] makes of it what it means: the parts
//! of a [`Case`] that stand in the manifest itself, with every name that refers to a person checked.
//! What is optional and absent stays "not given".

use super::files::CaseFolder;
use super::received::log::{self as sender_log, SenderLog};
use super::risk_policy::{self, RiskPolicyChoice};
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use super::{InputError, clause_table, suggestion};
use crate::case::clause::ClauseTable;
use crate::case::document::{DocumentControl, GlossaryTerm, Reference, Signatory};
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::person::{CompetenceRecord, Person};
use crate::case::plan::{
    Incident, IncidentLog, PostDeployment, PreDeliveryReview, ProcessReview, RiskManagementPlan,
};
use crate::case::standard::{Standard, StandardName};
use crate::case::system::{
    Declared, Interface, Organisation, OrganisationRole, Product, Release, SystemDefinition, TestIssue,
    ThirdPartyProduct,
};
use crate::case::{Case, Date, Place, Provenance};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Name of the file.
pub const FILE: &str = "case.toml";

/// `case.toml` as it was typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    phase: Option<String>,
    as_of: Option<Date>,
    cso: Option<String>,
    standard: Option<StandardChoice>,
    product: Option<Product>,
    #[serde(default)]
    organisation: Organisation,
    #[serde(default)]
    release: Release,
    #[serde(default)]
    document: DocumentControl,
    #[serde(default)]
    people: Vec<Person>,
    #[serde(default)]
    risk_policy: RiskPolicyChoice,
    #[serde(default)]
    risk_policies: Vec<RiskPolicyChoice>,
    #[serde(default)]
    system: SystemDefinition,
    #[serde(default)]
    interfaces: Vec<Interface>,
    #[serde(default)]
    third_party_products: Declared<ThirdPartyProduct>,
    #[serde(default)]
    test_issues: Declared<TestIssue>,
    #[serde(default)]
    assumptions: Vec<String>,
    #[serde(default)]
    constraints: Vec<String>,
    #[serde(default)]
    glossary: Vec<GlossaryTerm>,
    #[serde(default)]
    references: Vec<Reference>,
    pre_delivery_review: Option<PreDeliveryReview>,
    post_deployment: Option<PostDeployment>,
    plan: Option<RiskManagementPlan>,
    #[serde(default)]
    competence: Vec<CompetenceRecord>,
    process_review: Option<ProcessReview>,
    #[serde(default)]
    incidents: Vec<Incident>,
    incident_log: Option<IncidentLog>,
    #[serde(default)]
    inputs: Inputs,
    #[serde(default)]
    hazard_logs: Vec<SenderLog>,
}

/// `[standard]`: name and version, and the clause table where it is not the one that is built in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardChoice {
    name: Option<StandardName>,
    version: Option<String>,
    clauses: Option<String>,
}

/// The other files of the case, by paths from the case folder. What is absent was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inputs {
    /// The case's own hazard log.
    pub hazard_log: Option<String>,
    /// TOM workbook, or a TOML file with the same answers.
    pub tom: Option<String>,
    /// Supplier Conformance Assessment List, of which the clinical rows are read beside the TOM.
    pub scal: Option<String>,
    pub risk_assessment: Option<String>,
    /// Folder of PSA session records: TOML, Markdown or workbooks.
    pub psa: Option<String>,
    /// Folder of Markdown sections.
    pub narrative: Option<String>,
    pub evidence: Option<String>,
    /// Answers to the clauses of the standard.
    pub compliance: Option<String>,
    /// What the hazard log's layout has no room for.
    pub supplement: Option<String>,
    /// Findings that somebody lets stand for a while.
    pub waivers: Option<String>,
    /// Hazards that other organisations handed over.
    pub received: Option<String>,
    /// A report that was made elsewhere, as text.
    pub outside_report: Option<String>,
}

/// What a manifest means.
#[derive(Debug)]
pub struct ResolvedManifest {
    /// The case, still without what the other inputs tell.
    pub case: Case,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub as_of: Option<Date>,
    pub inputs: Inputs,
    /// Hazard logs of other organisations.
    pub hazard_logs: Vec<SenderLog>,
    /// File of the clause table, where it is the organisation's own.
    pub clauses_file: Option<String>,
}

impl ResolvedManifest {
    /// Reads and resolves the manifest of a case folder.
    pub fn read(folder: &CaseFolder) -> Result<Self, InputError> {
        let (manifest, lines) = TomlInput::<Manifest>::read(folder, FILE)?.into_parts();
        let Manifest { risk_policy, risk_policies, .. } = &manifest;
        let policies = risk_policy::load_all(risk_policy, risk_policies, folder, &lines)?;
        let standard = manifest.standard();
        let table = manifest.standard.as_ref().and_then(|choice| choice.clauses.as_deref());
        let clauses = clause_table::load(folder, &standard, table, lines.place("standard/clauses"))?;
        let clauses_file = table.map(str::to_owned);
        let resolved = manifest.resolve(standard, policies, clauses, &lines)?;
        Ok(Self { clauses_file, ..resolved })
    }
}

impl Manifest {
    /// The standard as stated; where it is not, a manufacturer's is DCB0129, a deploying organisation's DCB0160.
    fn standard(&self) -> Standard {
        let of_role = match self.organisation.role {
            OrganisationRole::Manufacturer => StandardName::Dcb0129,
            OrganisationRole::DeployingOrganisation => StandardName::Dcb0160,
        };
        let name = self.standard.as_ref().and_then(|choice| choice.name).unwrap_or(of_role);
        let version = self.standard.as_ref().and_then(|choice| choice.version.clone());
        Standard { name, version: version.unwrap_or_else(|| name.current_version().to_owned()) }
    }

    fn resolve(
        self,
        standard: Standard,
        (risk_policy, risk_policies): (RiskPolicy, Vec<RiskPolicy>),
        clause_table: ClauseTable,
        lines: &Lines,
    ) -> Result<ResolvedManifest, InputError> {
        self.check_ids(lines)?;
        self.check_people(lines)?;
        sender_log::check(&self.hazard_logs, lines)?;
        let Some(product) = self.product.filter(|product| !product.name.trim().is_empty()) else {
            return Err(InputError::new("The case does not say which product it is for")
                .at(lines.place("product/name"))
                .hint("write the product's name: [product], and below it name = \"...\""));
        };
        let mut provenance = Provenance::default();
        provenance.record("case", Place::file(FILE));
        for (path, place) in lines.named() {
            provenance.record(path, place);
        }
        let observations = malformed_dates(&self.document, lines);
        let case = Case {
            standard,
            clause_table,
            compliance: Vec::new(),
            phase: self.phase,
            product,
            organisation: self.organisation,
            release: self.release,
            document: self.document,
            people: self.people,
            cso: self.cso,
            risk_policy,
            risk_policies,
            system: self.system,
            interfaces: self.interfaces,
            third_party_products: self.third_party_products,
            test_issues: self.test_issues,
            assumptions: self.assumptions,
            constraints: self.constraints,
            glossary: self.glossary,
            references: self.references,
            pre_delivery_review: self.pre_delivery_review,
            post_deployment: self.post_deployment,
            plan: self.plan,
            competence: self.competence,
            process_review: self.process_review,
            incidents: self.incidents,
            incident_log: self.incident_log,
            hazard_log: HazardLog::default(),
            tom: None,
            risk_assessment: Vec::new(),
            psa: Vec::new(),
            evidence: Vec::new(),
            received: Vec::new(),
            nothing_from_manufacturer: None,
            outside_report: None,
            narrative: BTreeMap::new(),
            waivers: Vec::new(),
        };
        Ok(ResolvedManifest {
            case,
            provenance,
            observations,
            as_of: self.as_of,
            inputs: self.inputs,
            hazard_logs: self.hazard_logs,
            clauses_file: None,
        })
    }

    /// Within each list an id names one entry.
    fn check_ids(&self, lines: &Lines) -> Result<(), InputError> {
        unique("person", "people", self.people.iter().map(|person| person.id.as_str()), lines)?;
        let steps = self.system.workflow.iter();
        unique("workflow step", "system/workflow", steps.map(|step| step.id.as_str()), lines)?;
        unique("interface", "interfaces", self.interfaces.iter().map(|entry| entry.id.as_str()), lines)?;
        unique("test issue", "test_issues", self.test_issues.items().iter().map(|i| i.id.as_str()), lines)?;
        unique("reference", "references", self.references.iter().map(|entry| entry.id.as_str()), lines)?;
        unique("incident", "incidents", self.incidents.iter().map(|entry| entry.id.as_str()), lines)?;
        let points = self.interfaces.iter().enumerate().flat_map(|(interface, entry)| {
            entry.points.iter().enumerate().map(move |(point, entry)| {
                (entry.id.as_str(), lines.place(&format!("interfaces/{interface}/points/{point}")))
            })
        });
        refuse_duplicates("interface point", points)
    }

    /// Whoever is named by id is among the people.
    fn check_people(&self, lines: &Lines) -> Result<(), InputError> {
        let known = |id: &str, path: &str| known_person(&self.people, id, lines.place(path));
        if let Some(cso) = &self.cso {
            known(cso, "cso")?;
        }
        let signatories = |list: &[Signatory], key: &str| {
            list.iter().enumerate().try_for_each(|(index, signatory)| match &signatory.person {
                Some(id) => known(id, &format!("document/{key}/{index}/person")),
                None => Ok(()),
            })
        };
        signatories(&self.document.reviewers, "reviewers")?;
        signatories(&self.document.approvers, "approvers")?;
        for (index, record) in self.competence.iter().enumerate() {
            known(&record.person, &format!("competence/{index}/person"))?;
        }
        if let Some(log) = &self.incident_log {
            known(&log.by, "incident_log/by")?;
        }
        match self.plan.as_ref().and_then(|plan| plan.approved_by.as_ref()) {
            Some(id) => known(id, "plan/approved_by"),
            None => Ok(()),
        }
    }
}

fn unique<'a>(
    what: &str,
    key: &str,
    ids: impl Iterator<Item = &'a str>,
    lines: &Lines,
) -> Result<(), InputError> {
    refuse_duplicates(what, ids.enumerate().map(|(index, id)| (id, lines.place(&format!("{key}/{index}")))))
}

/// Fails where an id that must be a person's is nobody's.
pub(super) fn known_person(people: &[Person], id: &str, place: Place) -> Result<(), InputError> {
    if people.iter().any(|person| person.id == id) {
        return Ok(());
    }
    let remedy = suggestion::remedy(id, people.iter().map(|person| person.id.as_str()));
    Err(InputError::new(format!("\"{id}\" is not the id of anybody in [[people]]"))
        .at(place)
        .hint(format!("add the person to [[people]] of {FILE}, or correct the id: {remedy}")))
}

/// Dates of the document's history, reviews and approvals that are none; they are kept as stated.
fn malformed_dates(document: &DocumentControl, lines: &Lines) -> Vec<Observation> {
    let revisions = document.revisions.iter().map(|revision| &revision.date).enumerate();
    let reviewers = document.reviewers.iter().map(|reviewer| &reviewer.date).enumerate();
    let approvers = document.approvers.iter().map(|approver| &approver.date).enumerate();
    revisions
        .map(|dated| ("revisions", dated))
        .chain(reviewers.map(|dated| ("reviewers", dated)))
        .chain(approvers.map(|dated| ("approvers", dated)))
        .filter_map(|(list, (index, date))| {
            let date = date.as_deref().filter(|date| Date::parse_stated(date).is_none())?;
            Some(Observation {
                kind: ObservationKind::MalformedDate,
                hazard: None,
                place: Some(lines.place(&format!("document/{list}/{index}/date"))),
                message: format!("\"{date}\", in row {} of the document's {list}, is not a date.", index + 1),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
