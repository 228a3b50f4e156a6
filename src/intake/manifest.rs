//! `case.toml`: who, what, which release, which standard, which files.
//!
//! Two types. [`Manifest`] is what was typed. [`Manifest::resolve`] makes of it what it means: the parts
//! of a [`Case`] that stand in the manifest itself, with every name that refers to a person checked.
//! What is optional and absent stays "not given".

use super::files::CaseFolder;
use super::toml_input::{Lines, TomlInput, refuse_duplicates};
use super::{InputError, suggestion};
use crate::case::document::{DocumentControl, GlossaryTerm, Reference, Signatory};
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::person::{CompetenceRecord, Person};
use crate::case::plan::{Incident, PostDeployment, PreDeliveryReview, ProcessReview, RiskManagementPlan};
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
    standard: Option<Standard>,
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
    #[serde(default)]
    inputs: Inputs,
}

/// `[risk_policy]`: one that is built in, by id, or one from a file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RiskPolicyChoice {
    id: Option<String>,
    file: Option<String>,
}

/// The other files of the case, by paths from the case folder. What is absent was not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inputs {
    /// Hazard log, a spreadsheet.
    pub hazard_log: Option<String>,
    /// TOM workbook, or a TOML file with the same answers.
    pub tom: Option<String>,
    pub risk_assessment: Option<String>,
    /// Folder of PSA session records.
    pub psa: Option<String>,
    /// Folder of Markdown sections.
    pub narrative: Option<String>,
    pub evidence: Option<String>,
    /// What the hazard log's layout has no room for.
    pub supplement: Option<String>,
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
}

impl ResolvedManifest {
    /// Reads and resolves the manifest of a case folder.
    pub fn read(folder: &CaseFolder) -> Result<Self, InputError> {
        let (manifest, lines) = TomlInput::<Manifest>::read(folder, FILE)?.into_parts();
        let policy = manifest.risk_policy.load(folder, &lines)?;
        manifest.resolve(policy, &lines)
    }
}

impl Manifest {
    fn resolve(self, risk_policy: RiskPolicy, lines: &Lines) -> Result<ResolvedManifest, InputError> {
        self.check_ids(lines)?;
        self.check_people(lines)?;
        let Some(product) = self.product.filter(|product| !product.name.trim().is_empty()) else {
            return Err(InputError::new("The case does not say which product it is for")
                .at(lines.place("product/name"))
                .hint("write the product's name: [product], and below it name = \"...\""));
        };
        let mut provenance = Provenance::default();
        provenance.record("case", Place::file(FILE));
        record_places(&mut provenance, lines);
        for (index, person) in self.people.iter().enumerate() {
            provenance.record(format!("people/{}", person.id), lines.place(&format!("people/{index}")));
        }
        let observations = malformed_dates(&self.document, lines);
        let case = Case {
            standard: self.standard.unwrap_or_else(|| standard_of(self.organisation.role)),
            phase: self.phase,
            product,
            organisation: self.organisation,
            release: self.release,
            document: self.document,
            people: self.people,
            cso: self.cso,
            risk_policy,
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
            hazard_log: HazardLog::default(),
            tom: None,
            risk_assessment: Vec::new(),
            psa: Vec::new(),
            evidence: Vec::new(),
            received: Vec::new(),
            outside_report: None,
            narrative: BTreeMap::new(),
        };
        Ok(ResolvedManifest { case, provenance, observations, as_of: self.as_of, inputs: self.inputs })
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

/// A manufacturer's standard is DCB0129, a deploying organisation's DCB0160.
fn standard_of(role: OrganisationRole) -> Standard {
    let name = match role {
        OrganisationRole::Manufacturer => StandardName::Dcb0129,
        OrganisationRole::DeployingOrganisation => StandardName::Dcb0160,
    };
    Standard { name, version: name.current_version().to_owned() }
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

/// The places of the manifest's own tables and lists; positions count from 1, as a reader does.
fn record_places(provenance: &mut Provenance, lines: &Lines) {
    for (path, place) in lines.iter() {
        let path: Vec<String> = path
            .split('/')
            .map(|part| {
                part.parse::<usize>().map_or_else(|_| part.to_owned(), |index| (index + 1).to_string())
            })
            .collect();
        provenance.record(path.join("/"), place);
    }
}

impl RiskPolicyChoice {
    fn load(&self, folder: &CaseFolder, lines: &Lines) -> Result<RiskPolicy, InputError> {
        const BUILT_IN: [&str; 1] = ["nhs"];
        match (self.id.as_deref(), self.file.as_deref()) {
            (Some(_), Some(_)) => Err(InputError::new("[risk_policy] names a built-in policy and a file")
                .at(lines.place("risk_policy/file"))
                .hint("keep either id or file")),
            (None | Some("nhs"), None) => Ok(RiskPolicy::nhs()),
            (Some(id), None) => Err(InputError::new(format!("\"{id}\" is not a built-in risk policy"))
                .at(lines.place("risk_policy/id"))
                .hint(format!("{}; give your own as file = \"...\"", suggestion::remedy(id, BUILT_IN)))),
            (None, Some(file)) => {
                let (policy, lines) = TomlInput::<RiskPolicy>::read(folder, file)?.into_parts();
                check_policy(&policy, &lines)?;
                Ok(policy)
            }
        }
    }
}

/// A policy must give a risk for every pair of words, and a meaning for every risk.
fn check_policy(policy: &RiskPolicy, lines: &Lines) -> Result<(), InputError> {
    let fail =
        |what: String, path: &str, hint: &str| Err(InputError::new(what).at(lines.place(path)).hint(hint));
    for (axis, words) in [("severities", &policy.severities), ("likelihoods", &policy.likelihoods)] {
        if words.is_empty() {
            return fail(format!("The risk policy has no {axis}"), axis, "list them from the lowest");
        }
        refuse_duplicates(
            "risk policy word",
            words
                .iter()
                .enumerate()
                .map(|(at, word)| (word.word.as_str(), lines.place(&format!("{axis}/{at}")))),
        )?;
    }
    let (rows, columns) = (policy.likelihoods.len(), policy.severities.len());
    if policy.matrix.len() != rows {
        let what = format!("The matrix has {} rows for {rows} likelihoods", policy.matrix.len());
        return fail(what, "matrix", "write one row a likelihood, from the lowest");
    }
    for (index, row) in policy.matrix.iter().enumerate() {
        let path = format!("matrix/{index}");
        if row.len() != columns {
            let what =
                format!("Row {} of the matrix has {} cells for {columns} severities", index + 1, row.len());
            return fail(what, &path, "write one cell a severity, from the lowest");
        }
        if let Some(risk) = row.iter().find(|risk| policy.acceptability(**risk).is_none()) {
            let what =
                format!("The matrix gives risk {risk}, and acceptability does not say what that means");
            return fail(what, &path, "add an entry with this risk to acceptability");
        }
    }
    let risks: Vec<String> = policy.acceptability.iter().map(|entry| entry.risk.to_string()).collect();
    refuse_duplicates(
        "acceptability",
        risks
            .iter()
            .enumerate()
            .map(|(at, risk)| (risk.as_str(), lines.place(&format!("acceptability/{at}")))),
    )
}

#[cfg(test)]
mod tests;
