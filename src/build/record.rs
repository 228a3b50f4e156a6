//! What was built from what, so that an unchanged build need not be done again.
//!
//! A record lies beside the report, in a hidden folder: `output/.cscr/cscr-DRAFT.pdf.json`. It holds what was asked
//! for, the engine, every input with its digest, the digest of the PDF, and what was said. It is believed only where all
//! of that is as it was now; a record that is damaged, of another engine or of another request is as good as none, and
//! is never an error.
//!
//! What was put behind the bytes of a report (signatures are) leaves it the report that it was, so an unchanged case
//! does not cost it its signatures.

use super::{Figures, Request};
use crate::case::digest::sha256_hex;
use crate::trace::Inputs;
use crate::whole_file::Desk;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The engine that builds: its version, and a fingerprint of its code, its templates and what it uses.
pub const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("CSCR_FINGERPRINT"));

const FORMAT: u32 = 3;
const FOLDER: &str = ".cscr";

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    File(PathBuf),
    /// Into a folder, under the name that the template gives it.
    Folder(PathBuf),
    /// Under this name without its ending; that of a draft says so.
    Named(PathBuf),
}

impl Place {
    /// The file of a report that the template would call by this name.
    pub(super) fn of_report(&self, of_template: &str, draft: bool) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Folder(folder) => folder.join(named(of_template.as_ref(), draft)),
            Self::Named(stem) => named(stem.as_os_str(), draft),
        }
    }
}

/// A draft says so, so that it is not mistaken for an issue.
fn named(stem: &OsStr, draft: bool) -> PathBuf {
    let mut name = stem.to_owned();
    name.push(if draft { "-DRAFT.pdf" } else { ".pdf" });
    PathBuf::from(name)
}

/// What was said of a report when it was built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Which product and release, whether it is a draft, and as of when.
    pub subject: String,
    /// Why it is a draft, what changed since it was approved, how many findings there are.
    pub status: Vec<String>,
    /// What its pages say that the hazard log does not.
    pub findings: Vec<String>,
    pub pages: usize,
    pub figures: Figures,
}

/// A build that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    engine: String,
    request: Request,
    inputs: Inputs,
    /// File name of the report.
    output: String,
    bytes: u64,
    sha256: String,
    pub said: Said,
    /// Digest of all that stands above, so that a record that was written by hand is as good as none.
    #[serde(default)]
    seal: String,
}

/// What stands where a report was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The report, byte for byte.
    AsBuilt,
    /// The report, with something behind it, such as signatures.
    Extended,
}

/// A report that a build would give again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchanged {
    pub output: PathBuf,
    pub record: Record,
    pub standing: Standing,
}

impl Record {
    /// The record of a report, unless an input changed while it was built or could not be read: what would then be
    /// recorded is not what was built.
    #[must_use]
    pub fn of(request: &Request, inputs: Inputs, output: &Path, pdf: &[u8], said: Said) -> Option<Self> {
        let name = output.file_name()?.to_str()?.to_owned();
        (inputs.are_exact() && inputs.hold()).then(|| Self {
            format: FORMAT,
            engine: ENGINE.to_owned(),
            request: request.clone(),
            inputs,
            output: name,
            bytes: pdf.len() as u64,
            sha256: sha256_hex(pdf),
            said,
            seal: String::new(),
        })
    }

    /// Puts it beside the report that it is of.
    pub fn write(&self, output: &Path, desk: &Desk) -> io::Result<()> {
        let path = place(folder_of(output), &self.output);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // It is of use on this disk alone.
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            desk.write(&ignore, b"*\n")?;
        }
        let sealed = Self { seal: self.seal()?, ..self.clone() };
        desk.write(&path, serde_json::to_string(&sealed)?.as_bytes())
    }

    fn seal(&self) -> serde_json::Result<String> {
        let unsealed = Self { seal: String::new(), ..self.clone() };
        Ok(sha256_hex(serde_json::to_string(&unsealed)?.as_bytes()))
    }

    /// Size of the report in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read(path: &Path) -> Option<Self> {
        let record: Self = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let is_of_place = path.file_name()?.to_str()? == format!("{}.json", record.output);
        (record.format == FORMAT && is_of_place && record.seal().ok()? == record.seal).then_some(record)
    }

    /// Whether this engine would build the same report from what the inputs are now.
    fn answers(&self, request: &Request) -> bool {
        self.engine == ENGINE && self.request == *request && self.inputs.hold()
    }

    fn standing(&self, output: &Path) -> Option<Standing> {
        let is_long_enough = output.metadata().is_ok_and(|file| file.is_file() && file.len() >= self.bytes);
        let there = if is_long_enough { fs::read(output).ok()? } else { return None };
        let (report, rest) = there.split_at_checked(usize::try_from(self.bytes).ok()?)?;
        let standing = match rest.trim_ascii_end() {
            _ if rest.is_empty() => Standing::AsBuilt,
            // Whatever is added to a PDF ends as a PDF does.
            rest if rest.ends_with(b"%%EOF") => Standing::Extended,
            _ => return None,
        };
        (sha256_hex(report) == self.sha256).then_some(standing)
    }
}

/// The report that a build would give again, where it is there.
#[must_use]
pub fn unchanged(request: &Request, place: &Place) -> Option<Unchanged> {
    known(place).into_iter().filter(|(_, record)| record.answers(request)).find_map(standing)
}

/// The last report that was built for the same case and in the same way, where it is there: also where the inputs, or
/// the engine, are no longer what they were.
#[must_use]
pub fn last(request: &Request, place: &Place) -> Option<Unchanged> {
    let is_same = |record: &Record| {
        let Request { case, template, since, options, .. } = &record.request;
        (case, template, since, options)
            == (&request.case, &request.template, &request.since, &request.options)
    };
    let mut same: Vec<_> = known(place).into_iter().filter(|(_, record)| is_same(record)).collect();
    // Of several versions the one that was built last. Only what is said to a person hangs on it.
    same.sort_by_key(|(output, record)| {
        let written =
            self::place(folder_of(output), &record.output).metadata().and_then(|file| file.modified());
        std::cmp::Reverse(written.ok())
    });
    same.into_iter().find_map(standing)
}

fn standing((output, record): (PathBuf, Record)) -> Option<Unchanged> {
    let standing = record.standing(&output)?;
    Some(Unchanged { output, record, standing })
}

/// The records of a place, in the order of their names, with the reports that they are of.
fn known(place: &Place) -> Vec<(PathBuf, Record)> {
    let (folder, paths) = match place {
        Place::File(output) => {
            let Some(name) = output.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
            (folder_of(output), vec![self::place(folder_of(output), name)])
        }
        Place::Named(stem) => {
            let files = [true, false].map(|draft| Place::File(named(stem.as_os_str(), draft)));
            return files.iter().flat_map(known).collect();
        }
        Place::Folder(folder) => {
            let entries = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
            let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            paths.sort();
            (folder.as_path(), paths)
        }
    };
    let records = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let records = records.filter_map(|path| Record::read(path));
    records.map(|record| (folder.join(&record.output), record)).collect()
}

fn folder_of(output: &Path) -> &Path {
    output.parent().unwrap_or(Path::new(""))
}

fn place(folder: &Path, name: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("{name}.json"))
}

#[cfg(test)]
mod tests;
