//! `case.toml`: who, what, which release, which standard, which files.
//!
//! Two types. [`Manifest`] is what was typed. [`Manifest::resolve`] makes of it what it means: the parts
//! of a [`Case`] that stand in the manifest itself, with every name that refers to a person checked.
//! What is optional and absent stays "not given".

use super::files::CaseFolder;
use super::received::log::{self as sender_log, SenderLog};
use super::risk_policy::{self, RiskPolicyChoice};
use super::submission::Submission;
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
use crate::case::{Case, Date, Place, Provenance, date_in_doubt};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Name of the file.
pub const FILE: &str = "case.toml";

/// `case.toml` as it was typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Lifecycle phase that the report closes, in the words of the risk management plan (3.5.1).
    phase: Option<String>,
    /// Day to judge registrations and due dates by; --as-of goes before it, and the latest date in the
    /// inputs comes after it.
    as_of: Option<Date>,
    /// Id of the person who is the Clinical Safety Officer (2.3).
    cso: Option<String>,
    /// Standard that the case claims; left out, DCB0129 for a manufacturer and DCB0160 for a deploying
    /// organisation.
    standard: Option<StandardChoice>,
    /// The product that the case is for.
    product: Option<Product>,
    /// Who answers for the case.
    #[serde(default)]
    organisation: Organisation,
    /// The release that the case is for (7.1.3).
    #[serde(default)]
    release: Release,
    /// Document control of the report.
    #[serde(default)]
    document: DocumentControl,
    /// Everybody with a part in the clinical risk management (2.2.1, 2.4.1).
    #[serde(default)]
    people: Vec<Person>,
    /// The risk matrix and its acceptability; left out, the NHS one.
    #[serde(default)]
    risk_policy: RiskPolicyChoice,
    /// Further matrices, which single hazards name.
    #[serde(default)]
    risk_policies: Vec<RiskPolicyChoice>,
    /// What the system is for, who uses it, and what is in scope (4.2).
    #[serde(default)]
    system: SystemDefinition,
    /// Interfaces to other systems, with the points where the pathway enters or leaves.
    #[serde(default)]
    interfaces: Vec<Interface>,
    /// Third-party products in the release (2.5), or "none".
    #[serde(default)]
    third_party_products: Declared<ThirdPartyProduct>,
    /// Outstanding test issues, or "none".
    #[serde(default)]
    test_issues: Declared<TestIssue>,
    /// What the case takes for granted.
    #[serde(default)]
    assumptions: Vec<String>,
    /// What limits the use of the product.
    #[serde(default)]
    constraints: Vec<String>,
    /// Terms and abbreviations.
    #[serde(default)]
    glossary: Vec<GlossaryTerm>,
    /// Sources that the narrative refers to.
    #[serde(default)]
    references: Vec<Reference>,
    /// Formal review before delivery (7.1.1).
    pre_delivery_review: Option<PreDeliveryReview>,
    /// How concerns and incidents are collected after deployment (7.2.1).
    post_deployment: Option<PostDeployment>,
    /// The clinical risk management plan (3.2).
    plan: Option<RiskManagementPlan>,
    /// Training and experience of the people (2.3.3, 2.4.2).
    #[serde(default)]
    competence: Vec<CompetenceRecord>,
    /// Review of the clinical risk management process itself (2.6.1).
    process_review: Option<ProcessReview>,
    /// Entries of the safety incident management log (3.6.1).
    #[serde(default)]
    incidents: Vec<Incident>,
    /// Who has read the safety incident management log, and up to which day.
    incident_log: Option<IncidentLog>,
    /// The other files of the case.
    #[serde(default)]
    inputs: Inputs,
    /// Hazard logs of other organisations, whose hazards this case has to look at.
    #[serde(default)]
    hazard_logs: Vec<SenderLog>,
    /// Files that are sent with the case and that nothing else names.
    #[serde(default)]
    submission: Submission,
}

/// `[standard]`: name and version, and the clause table where it is not the one that is built in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StandardChoice {
    /// DCB0129 or DCB0160.
    name: Option<StandardName>,
    /// Version of the standard, as text: "4.2".
    version: Option<String>,
    /// File of your own clause table, where it is not the one that is built in.
    clauses: Option<String>,
}

/// The other files of the case, by paths from the case folder. What is absent was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Inputs {
    /// The case's own hazard log: a spreadsheet, a TOML or JSON file, or a folder of Markdown pages.
    pub hazard_log: Option<String>,
    /// What the sheets and columns of the hazard log are, where that is not to be found out.
    pub mapping: Option<String>,
    /// TOM workbook, or a TOML file with the same answers.
    pub tom: Option<String>,
    /// Supplier Conformance Assessment List, of which the clinical rows are read beside the TOM.
    pub scal: Option<String>,
    /// Risk assessment, usually "risk-assessment.toml".
    pub risk_assessment: Option<String>,
    /// Folder of PSA session records: TOML, Markdown or workbooks.
    pub psa: Option<String>,
    /// Folder of Markdown sections.
    pub narrative: Option<String>,
    /// Evidence for controls, usually "evidence.toml".
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
    pub submission: Submission,
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
        resolved.submission.check(folder, &resolved.case, &lines)?;
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
            submission: self.submission,
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
            let date = date.as_deref()?;
            let doubt = date_in_doubt(date)?;
            Some(Observation {
                kind: ObservationKind::MalformedDate,
                hazard: None,
                place: Some(lines.place(&format!("document/{list}/{index}/date"))),
                message: format!("\"{date}\", in row {} of the document's {list}, {doubt}.", index + 1),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
