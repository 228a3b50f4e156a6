//! `history/VERSION/issue.toml`: the issues of the report, as `cscr issue` left them.
//!
//! The copies of the case are read of those issues alone that have the version of the report or of the hazard log as
//! they are now: what an issue of another version said, the case need not say any more. Where the case says that its release
//! does not change clinical risk, the last issue of the release that it modifies is read too, as far as it is there.

use super::approvals::snapshot;
use super::files::CaseFolder;
use super::toml_input::TomlInput;
use super::{InputError, Reading};
use crate::case::approval::ApprovedDocument;
use crate::case::issue::Issue;
use crate::case::snapshot::Snapshots;
use crate::case::{Case, Place, Provenance, version};

/// Folder of the history, from the case folder.
pub const FOLDER: &str = "history";
/// Name of the file that makes a folder of the history an issue.
pub const ISSUE: &str = "issue.toml";

/// The issues of a case folder, the oldest first.
pub fn all(folder: &CaseFolder) -> Result<Vec<Issue>, InputError> {
    Ok(each(folder)?.into_iter().map(|(_, issue)| issue).collect())
}

/// The issues with their places, and what is the matter with the copies that they name; those are taken in.
pub(super) fn read(
    folder: &CaseFolder,
    case: &Case,
    snapshots: &mut Snapshots,
) -> Result<Reading<Vec<Issue>>, InputError> {
    let mut provenance = Provenance::default();
    let mut observations = Vec::new();
    let mut issues = Vec::new();
    for (path, issue) in each(folder)? {
        let place = Place::file(path);
        if is_of_now(&issue, case) {
            let of_what = format!("the issue of version {} of {:#}", issue.version, issue.date);
            observations.extend(snapshot(folder, &issue.case, &of_what, snapshots, place.clone())?);
        }
        provenance.record(format!("issues/{}", issue.version), place);
        issues.push(issue);
    }
    take_in_modified(folder, case, &issues, snapshots)?;
    Ok((issues, provenance, observations))
}

/// From the last issue back to one of the release that is modified. That an older copy is gone is nobody's fault here.
fn take_in_modified(
    folder: &CaseFolder,
    case: &Case,
    issues: &[Issue],
    snapshots: &mut Snapshots,
) -> Result<(), InputError> {
    let Some(modified) = case.release.modifies_without_risk() else { return Ok(()) };
    for issue in issues.iter().rev() {
        snapshot(folder, &issue.case, "the issue", snapshots, Place::file(&issue.case))?;
        if snapshots.release(&issue.case).is_some_and(|release| version::same(release, modified)) {
            break;
        }
    }
    Ok(())
}

fn is_of_now(issue: &Issue, case: &Case) -> bool {
    let now = [
        (ApprovedDocument::Cscr, &case.document.version),
        (ApprovedDocument::HazardLog, &case.hazard_log.version),
    ];
    now.into_iter().any(|(document, now)| {
        let issued = issue.version_of(document).zip(now.as_deref());
        issued.is_some_and(|(issued, now)| version::same(issued, now))
    })
}

/// Each issue with the path of its file.
fn each(folder: &CaseFolder) -> Result<Vec<(String, Issue)>, InputError> {
    if !folder.has(FOLDER) {
        return Ok(Vec::new());
    }
    let paths = folder.list(FOLDER)?.into_iter().map(|name| format!("{FOLDER}/{name}/{ISSUE}"));
    let read = |path: String| {
        let issue = TomlInput::<Issue>::read(folder, &path)?.value;
        Ok((path, issue))
    };
    let issues: Result<Vec<_>, InputError> = paths.filter(|path| folder.has(path)).map(read).collect();
    let mut issues = issues?;
    issues.sort_by_key(|(_, issue)| (version::numbers(&issue.version), issue.date));
    Ok(issues)
}
