//! Snapshots: the canonical case as it was when somebody approved or issued a document.
//!
//! A snapshot is named by the digest of its bytes, so that nothing is kept twice, and an altered one is known by its
//! name. It is read as JSON and never as a [`Case`](super::Case): it may be of another engine version.

use super::digest::sha256_hex;
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

/// The snapshots that the approvals of a case name, those that are there and intact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshots(BTreeMap<String, String>);

impl Snapshots {
    /// Takes in the text of a snapshot, unless it was altered.
    #[must_use]
    pub fn keep(&mut self, path: &str, json: String) -> bool {
        let is_intact = is_intact(path, &json);
        if is_intact {
            self.0.insert(path.to_owned(), json);
        }
        is_intact
    }

    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The case of a snapshot. It may be large, and is only wanted where an approval has gone stale.
    #[must_use]
    pub fn case(&self, path: &str) -> Option<Value> {
        serde_json::from_str(self.0.get(path)?).ok()
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
