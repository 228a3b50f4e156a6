//! Snapshots: the canonical case as it was when somebody approved or issued a document.
//!
//! A snapshot is named by the digest of its bytes, so that nothing is kept twice, and an altered one is known by its
//! name. It is read as JSON and never as a [`Case`](super::Case): it may be of another engine version.

use super::approval::{Approval, ApprovedDocument};
use super::digest::{Digests, sha256_hex};
use serde_json::Value;
use std::collections::BTreeMap;

/// Folder of the snapshots, from the case folder.
pub const FOLDER: &str = "history/cases";

/// Path of the snapshot that holds this text.
#[must_use]
pub fn address(json: &str) -> String {
    format!("{FOLDER}/{}.json", sha256_hex(json.as_bytes()))
}

/// Whether the text is the one that the snapshot of this path was made with.
#[must_use]
pub fn is_intact(path: &str, json: &str) -> bool {
    path == address(json)
}

/// The snapshots that the approvals and issues of a case name, those that are there and intact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshots(BTreeMap<String, Kept>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    json: String,
    /// Absent where the text is not that of a case.
    said: Option<Said>,
}

/// What records are held against in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    digests: Digests,
    /// Version of each document, where it had one.
    versions: BTreeMap<ApprovedDocument, String>,
    people: Vec<Value>,
    /// Version of the release.
    release: Option<String>,
}

impl Said {
    fn of(json: &str) -> Option<Self> {
        let case: Value = serde_json::from_str(json).ok()?;
        let people = case.get("people").and_then(Value::as_array).cloned().unwrap_or_default();
        let version = |document: ApprovedDocument| {
            let part = match document {
                ApprovedDocument::Cscr => "document",
                ApprovedDocument::HazardLog => "hazard_log",
                ApprovedDocument::Plan => "plan",
                ApprovedDocument::Tom => return None,
            };
            let version = case.get(part)?.get("version")?.as_str()?;
            Some((document, version.to_owned()))
        };
        let versions = ApprovedDocument::ALL.into_iter().filter_map(version).collect();
        let release = case.pointer("/release/version").and_then(Value::as_str).map(str::to_owned);
        Some(Self { digests: Digests::of_json(&case), versions, people, release })
    }

    /// Something that the record states otherwise than the case had it.
    fn contradiction(&self, record: &Approval) -> Option<Contradiction> {
        if self.digests.document(record.document) != record.content_digest {
            return Some(Contradiction::Content);
        }
        let had = self.versions.get(&record.document);
        if record.version.as_ref().is_some_and(|version| Some(version) != had) {
            return Some(Contradiction::Version);
        }
        let person = self.people.iter().find(|person| person["id"] == record.person.as_str());
        let Some(person) = person else { return Some(Contradiction::Person) };
        let registration = record.registration.as_ref();
        let stated = [
            (record.name.as_ref(), &person["name"]),
            (record.role.as_ref(), &person["role"]),
            (registration.map(|registration| &registration.body), &person["registration"]["body"]),
            (
                registration.and_then(|registration| registration.number.as_ref()),
                &person["registration"]["number"],
            ),
        ];
        let differs =
            stated.into_iter().any(|(stated, had)| stated.is_some_and(|stated| *had != stated.as_str()));
        differs.then_some(Contradiction::Person)
    }
}

/// What a record of an approval says otherwise than the copy of the case that was kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    Content,
    Version,
    /// Who the person was: name, role or registration.
    Person,
}

impl Snapshots {
    /// Takes in the text of a snapshot, unless it was altered.
    #[must_use]
    pub fn keep(&mut self, path: &str, json: String) -> bool {
        let is_intact = is_intact(path, &json);
        if is_intact {
            let said = Said::of(&json);
            self.0.insert(path.to_owned(), Kept { json, said });
        }
        is_intact
    }

    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The case of a snapshot. It may be large, and is only wanted where something has changed since.
    #[must_use]
    pub fn case(&self, path: &str) -> Option<Value> {
        serde_json::from_str(&self.0.get(path)?.json).ok()
    }

    /// The content digests of the case of a snapshot.
    #[must_use]
    pub fn digests(&self, path: &str) -> Option<&Digests> {
        Some(&self.0.get(path)?.said.as_ref()?.digests)
    }

    /// Version of the release that the case of a snapshot is of.
    #[must_use]
    pub fn release(&self, path: &str) -> Option<&str> {
        self.0.get(path)?.said.as_ref()?.release.as_deref()
    }

    /// What a record says otherwise than the copy that it names, where that is there: then the record was altered,
    /// because what was recorded was taken from that copy.
    #[must_use]
    pub fn contradicts(&self, record: &Approval) -> Option<Contradiction> {
        let kept = self.0.get(record.content.as_deref()?)?;
        match &kept.said {
            Some(said) => said.contradiction(record),
            None => Some(Contradiction::Content),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_altered_snapshot_is_not_kept() {
        let path = address("{\"a\":1}");
        assert!(path.starts_with("history/cases/") && path.len() == "history/cases/.json".len() + 64);
        let mut snapshots = Snapshots::default();
        assert!(!snapshots.keep(&path, "{\"a\":2}".to_owned()) && !snapshots.has(&path));
        assert!(snapshots.keep(&path, "{\"a\":1}".to_owned()));
        assert_eq!(snapshots.case(&path).unwrap()["a"], 1);
    }
}
