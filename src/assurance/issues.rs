//! Whether what was issued is still what the case says.
//!
//! Whoever has a copy of version 1.0 may rely on it that version 1.0 says what is in their hands. A document with
//! other content is another version, even if the same people approve it again.

use super::Subject;
use super::approvals::{Present, told};
use super::finding::CHANGED_SINCE;
use super::version;
use crate::case::approval::ApprovedDocument;
use crate::case::digest::Digests;
use crate::case::issue::Issue;
use serde_json::Value;

/// A version that was issued, and of which the case now holds other content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reissued<'a> {
    pub issue: &'a Issue,
    /// What is the matter, with what changed since.
    pub sentence: String,
    pub remedy: String,
}

/// The version that a document has now was issued.
#[must_use]
pub fn is_issued(subject: &Subject<'_>, document: ApprovedDocument) -> bool {
    of_this_version(subject, document).next().is_some()
}

/// The first issue of the version that a document has now in which it had other content.
#[must_use]
pub fn reissued<'a>(
    subject: &Subject<'a>,
    digests: &Digests,
    document: ApprovedDocument,
) -> Option<Reissued<'a>> {
    let issue = of_this_version(subject, document)
        .find(|issue| issued(subject, issue, document) != digests.document(document))?;
    let version = issue.version_of(document)?;
    let name = document.name();
    let (what, remedy) = match document {
        ApprovedDocument::HazardLog => (
            format!(
                "Version {version} of the {name} was issued on {:#}, with report {}",
                issue.date, issue.version
            ),
            "Give the hazard log its next version, and issue the report with it",
        ),
        _ => (
            format!("Version {version} of the {name} was issued on {:#}", issue.date),
            "Give it the next version, and issue that",
        ),
    };
    let since = match Present::of(subject).changes(document, &issue.case) {
        Some(changes) => format!("{CHANGED_SINCE}{}.", told(&changes)),
        None => {
            "What changed since is not known: the copy of what was issued is gone, or was altered.".to_owned()
        }
    };
    Some(Reissued {
        issue,
        sentence: format!("{what}, with other content. {since}"),
        remedy: format!("{remedy}; or put back what was issued."),
    })
}

/// The last issue of the release that the case says it modifies without a change of clinical risk, with its kept case.
///
/// Where nothing of that release was issued and something of this one was, it is the last issue of this one: what was
/// decided of the release then is still said of it, so nothing that changes risk can have changed since.
#[must_use]
pub fn modified_without_risk<'a>(subject: &Subject<'a>) -> Option<(&'a Issue, Value)> {
    let modified = subject.case.release.modifies_without_risk()?;
    let last_of = |wanted: &str| {
        subject.issues.iter().rev().find(|issue| {
            let release = subject.snapshots.release(&issue.case);
            release.is_some_and(|release| version::same(release, wanted))
        })
    };
    let own = subject.case.release.version.as_deref();
    let issue = last_of(modified).or_else(|| last_of(own?))?;
    Some((issue, subject.snapshots.case(&issue.case)?))
}

/// The content digest of what was issued: of the kept copy, or else as the record of the issue has it.
fn issued<'a>(subject: &Subject<'a>, issue: &'a Issue, document: ApprovedDocument) -> &'a str {
    let kept = subject.snapshots.digests(&issue.case);
    kept.map_or_else(|| issue.content_digests.document(document), |kept| kept.document(document))
}

/// The issues of the version that a document has now.
fn of_this_version<'a>(subject: &Subject<'a>, document: ApprovedDocument) -> impl Iterator<Item = &'a Issue> {
    let case = subject.case;
    let now = match document {
        ApprovedDocument::Cscr => case.document.version.as_deref(),
        ApprovedDocument::HazardLog => case.hazard_log.version.as_deref(),
        ApprovedDocument::Plan | ApprovedDocument::Tom => None,
    };
    subject.issues.iter().filter(move |issue| {
        let both = issue.version_of(document).zip(now);
        both.is_some_and(|(issued, now)| version::same(issued, now))
    })
}
