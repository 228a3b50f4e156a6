//! What a pack says of itself: `manifest.json` for programs, `SHA256SUMS` for `sha256sum -c`.
//!
//! Neither names the machine or the moment. The manifest does not list itself; the sums list it, and not themselves.

use super::profile::Profile;
use super::role::Role;
use crate::case::Date;
use crate::case::digest::canonical_json;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `cscr-pack-1`.
    pub format: String,
    pub product: String,
    pub release: Option<String>,
    pub versions: Versions,
    /// The date by which the case was judged.
    pub as_of: Date,
    /// Whether anything is missing, or stands in the way of a release.
    pub draft: bool,
    /// Why it is a draft, a sentence each.
    pub reasons: Vec<String>,
    /// What the recipient wants and the pack does not have.
    pub missing: Vec<Missing>,
    /// Documents that need not be there, and why.
    pub not_needed: Vec<NotNeeded>,
    /// The content digest of each document of the case.
    pub digests: BTreeMap<String, String>,
    /// What the hazard log's layout does not keep of the case, a line each.
    pub not_kept: Vec<String>,
    /// How many valid NHS numbers are in the files: none, unless somebody allowed it.
    pub nhs_numbers: usize,
    pub engine_version: String,
    /// What the recipient wants.
    pub profile: Profile,
    /// In the order of their paths.
    pub files: Vec<FileEntry>,
}

/// The versions that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    pub report: Option<String>,
    pub hazard_log: Option<String>,
}

/// A document that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    pub role: Role,
    /// What is missing, a sentence.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// A document that need not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotNeeded {
    pub role: Role,
    pub why: String,
}

/// A file of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    pub path: String,
    pub role: Role,
    pub size: u64,
    pub sha256: String,
    /// Path in the case folder, of a file that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Manifest {
    pub const FILE: &'static str = "manifest.json";
    pub const FORMAT: &'static str = "cscr-pack-1";

    /// As it stands in the pack.
    #[must_use]
    pub fn text(&self) -> String {
        canonical_json(self)
    }

    /// Reads it; the error says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Format {
            format: String,
        }
        let format: Format =
            serde_json::from_slice(bytes).map_err(|error| format!("it is no manifest: {error}"))?;
        if format.format != Self::FORMAT {
            return Err(format!(
                "it is of the format \"{}\", and this version of cscr reads {}",
                format.format,
                Self::FORMAT
            ));
        }
        serde_json::from_slice(bytes).map_err(|error| format!("it cannot be understood: {error}"))
    }

    /// The files of a role.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &FileEntry> {
        self.files.iter().filter(move |file| file.role == role)
    }
}

/// `SHA256SUMS`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(pub BTreeMap<String, String>);

impl Sums {
    pub const FILE: &'static str = "SHA256SUMS";

    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().fold(String::new(), |mut text, (path, sha256)| {
            let _ = writeln!(text, "{sha256}  {path}");
            text
        })
    }

    /// Reads it; the error says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is no text".to_owned())?;
        let mut sums = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let is_digest =
                |digest: &str| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            // Two spaces, or one and a star for a binary file.
            let parts = line.split_once(' ').filter(|(digest, _)| is_digest(digest));
            let parts = parts.and_then(|(digest, path)| Some((digest, path.strip_prefix([' ', '*'])?)));
            let Some((digest, path)) = parts else {
                return Err(format!("line {} is no sum with a name", at + 1));
            };
            if sums.insert(path.to_owned(), digest.to_ascii_lowercase()).is_some() {
                return Err(format!("line {} names \"{path}\" again", at + 1));
            }
        }
        Ok(Self(sums))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_come_back_as_they_were_written() {
        let sums =
            Sums(BTreeMap::from([("a b.pdf".to_owned(), "0".repeat(64)), ("c".to_owned(), "f".repeat(64))]));
        assert_eq!(Sums::read(sums.text().as_bytes()), Ok(sums));
        assert!(Sums::read(b"short  a.pdf\n").unwrap_err().contains("line 1"));
        let twice = format!("{0}  a\n{0} *a\n", "0".repeat(64));
        assert!(Sums::read(twice.as_bytes()).unwrap_err().contains("line 2 names \"a\" again"));
    }

    #[test]
    fn a_manifest_of_another_format_is_said() {
        assert!(Manifest::read(b"{\"format\": \"cscr-pack-9\"}").unwrap_err().contains("cscr-pack-9"));
        let unknown = Manifest::read(b"{\"format\": \"cscr-pack-1\", \"aproved\": true}").unwrap_err();
        assert!(unknown.contains("unknown field `aproved`"), "{unknown}");
        assert!(Manifest::read(b"[]").unwrap_err().contains("no manifest"));
    }
}
