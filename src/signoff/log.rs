//! The history of a case at a glance: each issue with who approved what is in it, and what has changed since the last.

use super::history::{self, Issue};
use crate::assurance::{ApprovalRecord, Assurance};
use crate::case::Date;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::digest::content;
use crate::change::{ClinicalRisk, Comparison, Scope};
use crate::impact::ImpactTold;
use crate::intake::files::CaseFolder;
use crate::intake::{InputError, LoadedCase};
use serde::Serialize;

/// What `cscr log` tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Log {
    /// The oldest first.
    pub issues: Vec<Entry>,
    /// What changed in the report since the last issue, in words; empty where nothing did or nothing was issued.
    pub changed_since: Vec<String>,
    /// How many of these come first and are never left out: hazards that came, went, or may have been split or merged.
    #[serde(skip)]
    pub weightiest: usize,
    /// Whether clinical risk seems changed since the last issue, as a proposal; none where nothing changed.
    pub proposal: Option<String>,
    /// Why that is not known, where the kept case of the last issue cannot be used.
    pub unknown: Option<String>,
    /// Every content of a document that somebody has approved, in the order of the first approvals.
    pub approved: Vec<Content>,
    /// The approvals that are out of date, a sentence each.
    pub stale: Vec<String>,
}

/// A content of a document that somebody has approved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    pub document: ApprovedDocument,
    /// Version that the approvals name.
    pub version: Option<String>,
    pub digest: String,
    /// The document has this content now.
    pub is_present: bool,
    pub approvals: Vec<Given>,
}

/// An issue of the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    pub version: String,
    pub date: Date,
    pub summary: Option<String>,
    pub hazards: usize,
    pub hazard_log_version: Option<String>,
    /// Content digest of the report.
    pub digest: String,
    /// The approvals of what is in this issue.
    pub approvals: Vec<Given>,
}

/// An approval of the content of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Given {
    pub document: ApprovedDocument,
    pub name: String,
    pub date: Date,
    /// Day on which it was recorded, where that is known.
    pub recorded: Option<Date>,
    /// When and why the person took it back.
    pub withdrawn: Option<Date>,
    pub withdrawn_because: Option<String>,
    /// The record says otherwise than the copy that was kept with it.
    pub altered: bool,
}

/// The history of a case folder that has been read and judged.
pub fn log(folder: &CaseFolder, loaded: &LoadedCase, assurance: &Assurance) -> Result<Log, InputError> {
    let issues = history::issues(folder)?;
    let (since, unknown) = match issues.last().map(|last| since(folder, last, loaded)) {
        None => (None, None),
        Some(Ok(comparison)) => (Some(comparison), None),
        Some(Err(error)) => (None, Some(error.what)),
    };
    let changed = since.filter(|since| !since.equal);
    let proposal =
        |since: &Comparison| ImpactTold::without_case(&ClinicalRisk::of(since), String::new()).risk.proposal;
    let stale = assurance.approvals.iter().filter(|approval| approval.state == ApprovalRecord::Stale);
    Ok(Log {
        issues: issues.into_iter().map(|issue| entry(issue, loaded)).collect(),
        changed_since: changed.as_ref().map(|since| since.changes.words()).unwrap_or_default(),
        weightiest: changed.as_ref().map_or(0, |since| since.changes.weightiest()),
        proposal: changed.as_ref().map(proposal),
        unknown,
        approved: approved(loaded, assurance),
        stale: stale.map(crate::assurance::ApprovalState::sentence).collect(),
    })
}

fn since(folder: &CaseFolder, issue: &Issue, loaded: &LoadedCase) -> Result<Comparison, InputError> {
    let issued = history::case_of(folder, issue)?;
    let now = serde_json::to_value(&loaded.case).unwrap_or_default();
    let report = |case| content(ApprovedDocument::Cscr, case);
    Ok(Comparison::between(&report(&issued), &report(&now), Scope::Case))
}

fn approved(loaded: &LoadedCase, assurance: &Assurance) -> Vec<Content> {
    let mut contents: Vec<Content> = Vec::new();
    for record in &loaded.approvals {
        let Approval { document, version, content_digest: digest, .. } = record;
        let same = |content: &&mut Content| {
            content.document == *document && content.digest == *digest && content.version == *version
        };
        match contents.iter_mut().find(same) {
            Some(content) => content.approvals.push(given(record, loaded)),
            None => contents.push(Content {
                document: *document,
                version: version.clone(),
                digest: digest.clone(),
                is_present: assurance.digests.document(*document) == digest,
                approvals: vec![given(record, loaded)],
            }),
        }
    }
    contents
}

fn given(record: &Approval, loaded: &LoadedCase) -> Given {
    let known = loaded.case.person(&record.person).map(|person| person.name.clone());
    Given {
        document: record.document,
        name: record.name.clone().or(known).unwrap_or_else(|| record.person.clone()),
        date: record.date,
        recorded: record.recorded,
        withdrawn: record.withdrawn,
        withdrawn_because: record.withdrawn_because.clone(),
        altered: loaded.snapshots.contradicts(record).is_some(),
    }
}

fn entry(issue: Issue, loaded: &LoadedCase) -> Entry {
    let is_of_issue = |record: &&Approval| {
        record.content_digest == issue.content_digests.document(record.document)
            && record.withdrawn.is_none()
            && loaded.snapshots.contradicts(record).is_none()
    };
    Entry {
        approvals: loaded.approvals.iter().filter(is_of_issue).map(|record| given(record, loaded)).collect(),
        version: issue.version,
        date: issue.date,
        summary: issue.summary,
        hazards: issue.hazards,
        hazard_log_version: issue.hazard_log_version,
        digest: issue.content_digests.cscr,
    }
}
