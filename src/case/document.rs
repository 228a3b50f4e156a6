//! Document control of the report: title block, revision history, reviewers, approvers, references.

use super::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The title block and document management of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentControl {
    pub title: Option<String>,
    pub reference: Option<String>,
    pub version: Option<String>,
    pub status: Option<String>,
    pub issue_date: Option<Date>,
    pub owner: Option<String>,
    pub director: Option<String>,
    /// Directorate or programme.
    pub programme: Option<String>,
    pub project: Option<String>,
    pub authors: Vec<String>,
    pub revisions: Vec<Revision>,
    pub reviewers: Vec<Signatory>,
    /// Who must approve the report. Being named here is a requirement, never an approval.
    pub approvers: Vec<Signatory>,
    pub distribution: Vec<String>,
    pub related_documents: Vec<RelatedDocument>,
}

/// A row of a revision history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    pub version: String,
    /// As stated: real histories hold `03.04.2020` and `27/03//2020`.
    #[serde(default, deserialize_with = "super::date::as_stated")]
    pub date: Option<String>,
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
    pub reference: Option<String>,
    pub title: String,
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlossaryTerm {
    pub term: String,
    pub meaning: String,
}

/// A source that the report refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub id: String,
    pub title: String,
    pub version: Option<String>,
    pub location: Option<String>,
}
