//! Issuing the report: a version gets its date and its row in the revision history, and what it said is kept.
//!
//! The manifest is written first and read again, because the narrative may print the version; then the case as it is
//! read then is kept. Where that is interrupted, the version is in the manifest and not in the history, and issuing it
//! again goes on from there.

use super::history::{FOLDER, ISSUE, Issue};
use super::record::{append, day, parsed};
use super::{NewFile, Refusal};
use crate::assurance::finding::Finding;
use crate::assurance::{Assurance, Counts, Status, version};
use crate::case::digest::{canonical_json, sha256_hex};
use crate::case::document::{DocumentControl, Revision};
use crate::case::{Date, snapshot};
use crate::intake::LoadedCase;
use crate::intake::manifest::FILE;
use serde::Serialize;
use toml_edit::{DocumentMut, Item, Table};

/// What somebody asks to issue.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub version: &'a str,
    /// Day of issue; today where it is not given.
    pub date: Option<Date>,
    pub today: Date,
    /// What changed, for the revision history.
    pub summary: Option<&'a str>,
}

/// The manifest of a case with a version issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Text of case.toml.
    pub manifest: String,
    /// Version as the manifest has it.
    pub version: String,
    pub date: Date,
    pub summary: Option<String>,
}

/// The manifest in which this version is issued. A version that the revision history has already, as its latest, is
/// issued as it stands there.
pub fn edit(
    manifest: &str,
    document: &DocumentControl,
    issues: &[Issue],
    request: &Request<'_>,
) -> Result<Issued, Refusal> {
    let wanted = request.version.trim();
    is_a_version(wanted)?;
    follows(wanted, document, issues)?;
    let own = document.revisions.iter().find(|revision| version::same(&revision.version, wanted));
    let date = dated(own, document, issues, request)?;
    let mut file = parsed(manifest, FILE)?;
    let control = table(&mut file, "document")?;
    if document.version.as_deref().is_none_or(|current| !version::same(current, wanted)) {
        set(control, "version", toml_edit::value(wanted));
    }
    if own.is_none() || document.issue_date.is_none_or(|on| on < date) {
        set(control, "issue_date", day(date));
    }
    if own.is_none() {
        append(control, "revisions", row(wanted, date, request.summary), FILE)?;
    }
    let summary = match own {
        Some(own) => own.summary.clone(),
        None => request.summary.map(str::to_owned),
    };
    Ok(Issued { manifest: file.to_string(), version: wanted.to_owned(), date, summary })
}

/// It names a folder, so it may hold nothing else.
fn is_a_version(version: &str) -> Result<(), Refusal> {
    let bare = version.trim_start_matches(['v', 'V']);
    if bare.len() < version.len() && bare.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Refusal::new(
            format!(
                "\"{version}\" begins with a letter that the report prints before each version by itself"
            ),
            format!("give the number alone: {bare}"),
        ));
    }
    let is_plain = version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let begins_well = version.starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_plain && begins_well && !version.ends_with('.') && !version::numbers(version).is_empty() {
        return Ok(());
    }
    Err(Refusal::new(format!("\"{version}\" is not a version"), "write a version with a number, such as 1.1"))
}

/// The version has not been issued, and none after it has been made.
fn follows(wanted: &str, document: &DocumentControl, issues: &[Issue]) -> Result<(), Refusal> {
    if let Some(issue) = issues.iter().find(|issue| version::same(&issue.version, wanted)) {
        return Err(Refusal::new(
            format!("Version {} was issued on {:#}", issue.version, issue.date),
            "issue what has changed since under the next version",
        ));
    }
    let kept = issues.iter().map(|issue| issue.version.as_str());
    let stated = document.revisions.iter().map(|revision| revision.version.as_str());
    let all = kept.chain(stated).chain(document.version.as_deref());
    let latest = all.max_by_key(|version| version::numbers(version));
    match latest.filter(|latest| version::numbers(wanted) < version::numbers(latest)) {
        Some(latest) => Err(Refusal::new(
            format!("Version {wanted} comes before {}, which the report has reached", latest.trim()),
            "give a version after it",
        )),
        None => Ok(()),
    }
}

/// The day of issue: of the revision history where that has the version, else the given one, else today.
fn dated(
    own: Option<&Revision>,
    document: &DocumentControl,
    issues: &[Issue],
    request: &Request<'_>,
) -> Result<Date, Refusal> {
    let Request { version, date, today, summary } = *request;
    let stated = own.and_then(|own| own.date.as_deref()).and_then(Date::parse_stated);
    let stated = stated.max(own.and(document.issue_date));
    let contradicts = date.is_some_and(|date| stated.is_some_and(|stated| date != stated));
    if own.is_some() && (contradicts || summary.is_some()) {
        let of = stated.map(|stated| format!(", of {stated:#}")).unwrap_or_default();
        return Err(Refusal::new(
            format!("The revision history of case.toml has version {version} already{of}"),
            "leave out --date and --summary to issue it as it stands there, or correct its row",
        ));
    }
    let on = date.or(stated).unwrap_or(today);
    if on > today {
        return Err(Refusal::new(
            format!("{on:#} is still to come: today is {today:#}"),
            "issue the version on its day, or correct the date",
        ));
    }
    let others = document.revisions.iter().filter(|row| own.is_none_or(|own| !std::ptr::eq(own, *row)));
    let dates = others.filter_map(|row| row.date.as_deref()).filter_map(Date::parse_stated);
    let latest = dates.chain(issues.iter().map(|issue| issue.date)).max();
    match latest.filter(|latest| on < *latest) {
        Some(latest) => Err(Refusal::new(
            format!("{on:#} is before the version that came before, which is of {latest:#}"),
            "give the day of issue with --date",
        )),
        None => Ok(on),
    }
}

fn table<'a>(file: &'a mut DocumentMut, key: &str) -> Result<&'a mut Table, Refusal> {
    file.entry(key).or_insert_with(toml_edit::table).as_table_mut().ok_or_else(|| {
        Refusal::new(
            format!("{key} of {FILE} is not a table of its own"),
            format!("write it as [{key}], with its keys below"),
        )
    })
}

/// Changes a value and leaves the comment beside it.
fn set(table: &mut Table, key: &str, mut item: Item) {
    let decor = table.get(key).and_then(Item::as_value).map(|value| value.decor().clone());
    if let (Some(decor), Some(value)) = (decor, item.as_value_mut()) {
        *value.decor_mut() = decor;
    }
    table[key] = item;
}

fn row(version: &str, date: Date, summary: Option<&str>) -> Table {
    let mut row = Table::new();
    row.insert("version", toml_edit::value(version));
    row.insert("date", day(date));
    if let Some(summary) = summary {
        row.insert("summary", toml_edit::value(summary));
    }
    row
}

/// What is kept of an issue.
#[derive(Serialize)]
struct Found<'a> {
    as_of: Date,
    status: &'a Status,
    counts: &'a Counts,
    findings: &'a [Finding],
}

/// The files that an issue leaves in the history; the last of them makes it one. `loaded` is the case as it is read
/// with the new manifest.
#[must_use]
pub fn kept(loaded: &LoadedCase, assurance: &Assurance, issued: &Issued) -> [NewFile; 3] {
    let Assurance { status, counts, findings, digests, .. } = assurance;
    let case = canonical_json(&loaded.case);
    let case = NewFile { path: snapshot::address(&case), text: case };
    let found = canonical_json(&Found { as_of: loaded.as_of, status, counts, findings });
    let folder = format!("{FOLDER}/{}", issued.version);
    let mut issue = Table::new();
    issue.decor_mut().set_prefix("# Made by `cscr issue`, and read again to tell what has changed since.\n");
    let mut text = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            issue.insert(key, toml_edit::value(value));
        }
    };
    text("version", Some(&issued.version));
    text("summary", issued.summary.as_deref());
    text("hazard_log_version", loaded.case.hazard_log.version.as_deref());
    text("engine_version", Some(env!("CARGO_PKG_VERSION")));
    text("case", Some(&case.path));
    text("findings_sha256", Some(&sha256_hex(found.as_bytes())));
    issue.insert("date", day(issued.date));
    issue.insert("as_of", day(loaded.as_of));
    let hazards = i64::try_from(loaded.case.hazard_log.hazards.len()).unwrap_or(i64::MAX);
    issue.insert("hazards", toml_edit::value(hazards));
    let mut of_documents = Table::new();
    for document in crate::case::approval::ApprovedDocument::ALL {
        of_documents.insert(document.key(), toml_edit::value(digests.document(document)));
    }
    issue.insert("content_digests", Item::Table(of_documents));
    let issue = DocumentMut::from(issue).to_string();
    [
        case,
        NewFile { path: format!("{folder}/findings.json"), text: found },
        NewFile { path: format!("{folder}/{ISSUE}"), text: issue },
    ]
}

#[cfg(test)]
mod tests;
