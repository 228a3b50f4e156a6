//! Document control of the report: title block, revision history, reviewers, approvers, references.

use super::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The title block and document management of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentControl {
    /// Title of the report.
    pub title: Option<String>,
    /// Reference of the report, as the document store has it.
    pub reference: Option<String>,
    /// Version of the report, as text: "1.0".
    pub version: Option<String>,
    /// Status of the report, such as "Draft".
    pub status: Option<String>,
    /// Day of issue.
    pub issue_date: Option<Date>,
    /// Owner of the report.
    pub owner: Option<String>,
    /// Programme director.
    pub director: Option<String>,
    /// Directorate or programme.
    pub programme: Option<String>,
    /// Sub-programme or project.
    pub project: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Amendment history, the oldest first.
    pub revisions: Vec<Revision>,
    /// Who reviews the report.
    pub reviewers: Vec<Signatory>,
    /// Who must approve the report. Being named here is a requirement, never an approval.
    pub approvers: Vec<Signatory>,
    /// Who the report goes to.
    pub distribution: Vec<String>,
    /// Documents that belong with it.
    pub related_documents: Vec<RelatedDocument>,
}

/// A row of a revision history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Version, as text: "1.0".
    pub version: String,
    /// As stated: real histories hold `03.04.2020` and `27/03//2020`.
    #[serde(default, deserialize_with = "super::date::as_stated")]
    pub date: Option<String>,
    /// What changed.
    pub summary: Option<String>,
}

/// A named person who must review or approve a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// Id of the person, where the case knows them.
    pub person: Option<String>,
    /// Name as the document gives it, where the person has no id.
    pub name: Option<String>,
    /// Job title or responsibility.
    pub title: Option<String>,
    /// Date of review as stated by the document; for an approver only an approval record counts.
    #[serde(default, deserialize_with = "super::date::as_stated")]
    pub date: Option<String>,
    /// Version that was reviewed.
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatedDocument {
    /// Reference of the document.
    pub reference: Option<String>,
    /// Its title.
    pub title: String,
    /// Its version, as text.
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlossaryTerm {
    /// The term or abbreviation.
    pub term: String,
    /// What it means.
    pub meaning: String,
}

/// A source that the report refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Short id that the narrative names it by.
    pub id: String,
    /// Title of the source.
    pub title: String,
    /// Its version, as text.
    pub version: Option<String>,
    /// Where it is to be found.
    pub location: Option<String>,
}
