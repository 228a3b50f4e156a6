//! Verifying a pack: what its bytes bear out of what it says of itself.
//!
//! Every file is hashed and held against the manifest and the sums, both ways. The report is judged as `cscr verify`
//! judges it, the hazard log is read and held against the case that the report carries, and the pack against what its
//! recipient wants. Two kinds of things are told apart: that the pack is not as it was made, and that it is not complete.

mod complete;
mod hazard_log;
mod report;

use super::archive::{Archive, Bounds, Entry, Refused};
use super::log::LogAgreement;
use super::manifest::{FileEntry, Manifest, Sums};
use super::profile::Profile;
use super::role::Role;
use crate::case::digest::sha256_hex;
use crate::intake::workbook::Limits;
use crate::signed_report::{Answer, Question};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

/// What a pack is held against.
#[derive(Debug)]
pub struct VerifyRequest<'a> {
    /// What the recipient wants; without it, what the pack says that they want.
    pub profile: Option<&'a Profile>,
    /// Whom the signatures are judged by.
    pub question: Question<'a>,
    pub limits: Limits,
    pub bounds: Bounds,
}

/// What is to say of a pack.
#[derive(Debug, Default, Serialize)]
pub struct Verdict {
    /// Whether nothing is to be said against it.
    pub holds: bool,
    /// What it says of itself.
    pub manifest: Option<Manifest>,
    pub files: Files,
    pub report: Option<ReportVerdict>,
    pub hazard_log: Option<LogAgreement>,
    /// Whom it was judged for.
    pub profile: Option<String>,
    /// Why it is not as it was made, or does not agree with itself; a sentence each.
    pub faults: Vec<String>,
    /// Why it is not complete; a sentence each.
    pub lacking: Vec<String>,
    /// What a Yes is subject to; each ends the sentence "It is as it was packed, and complete".
    pub reservations: Vec<String>,
    /// What is worth knowing beside that.
    pub remarks: Vec<String>,
}

/// The files, held against the manifest.
#[derive(Debug, Default, Serialize)]
pub struct Files {
    /// How many there are, without the manifest and the sums.
    pub count: usize,
    pub changed: Vec<String>,
    pub missing: Vec<String>,
    /// Files that the manifest does not name.
    pub extra: Vec<String>,
    pub renamed: Vec<RenamedFile>,
}

/// A file whose content is under another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenamedFile {
    pub from: String,
    pub to: String,
}

/// The report of a pack.
#[derive(Debug, Serialize)]
pub struct ReportVerdict {
    pub path: String,
    pub draft: bool,
    /// Who has signed, by name.
    pub signed_by: Vec<String>,
    /// What the signatures are worth; nothing where nobody has signed.
    pub answer: Option<Answer>,
}

/// Verifies a pack.
///
/// # Errors
/// If it is no archive, or one that is not to be read.
pub fn verify<R: Read + Seek>(source: R, request: &VerifyRequest<'_>) -> Result<Verdict, Refused> {
    let mut pack = Opened { archive: Archive::open(source, &request.bounds)?, sums: BTreeMap::new() };
    for entry in pack.archive.entries().to_vec() {
        let bytes = pack.archive.bytes(&entry)?;
        pack.sums.insert(entry.name, (entry.size, sha256_hex(&bytes)));
    }
    let mut verdict = Verdict::default();
    let manifest = match pack.bytes(Manifest::FILE)?.map(|bytes| Manifest::read(&bytes)) {
        Some(Ok(manifest)) => manifest,
        Some(Err(why)) => {
            verdict.faults.push(format!("{} cannot be used: {why}.", Manifest::FILE));
            return Ok(verdict);
        }
        None => {
            verdict.faults.push(format!("{} is missing, so this is no pack of cscr.", Manifest::FILE));
            return Ok(verdict);
        }
    };
    verdict.files(&manifest, &pack.sums);
    let sums = pack.bytes(Sums::FILE)?;
    verdict.sums(sums.as_deref(), &manifest, &pack.sums);
    let profile = request.profile.unwrap_or(&manifest.profile);
    verdict.profile = Some(format!("{}: {}", profile.id, profile.title));
    let report = verdict.report(&mut pack, &manifest, profile, request)?;
    if let Some(report) = &report {
        verdict.hazard_log(&mut pack, &manifest, report, request)?;
        verdict.log_as_given(&manifest, report);
    }
    verdict.other_signatures(&mut pack, &manifest, request)?;
    verdict.complete(&manifest, profile, &pack, report.as_ref().map(|report| &report.case));
    verdict.remarks(&manifest, request);
    verdict.conclude();
    verdict.manifest = Some(manifest);
    Ok(verdict)
}

/// An archive, with size and sum of each of its files.
struct Opened<R> {
    archive: Archive<R>,
    sums: BTreeMap<String, (u64, String)>,
}

impl<R: Read + Seek> Opened<R> {
    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refused> {
        let entry: Option<Entry> = self.archive.entries().iter().find(|entry| entry.name == name).cloned();
        entry.map(|entry| self.archive.bytes(&entry)).transpose()
    }

    /// The one file of a role that is there.
    fn of_role(&mut self, manifest: &Manifest, role: Role) -> Result<Option<(String, Vec<u8>)>, Refused> {
        let Some(file) = manifest.of_role(role).next() else { return Ok(None) };
        Ok(self.bytes(&file.path)?.map(|bytes| (file.path.clone(), bytes)))
    }
}

impl Verdict {
    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }

    fn lacks(&mut self, what: String) {
        self.lacking.push(what);
    }

    /// Nothing is said twice, however many places it comes from.
    fn conclude(&mut self) {
        for sentences in [&mut self.faults, &mut self.lacking, &mut self.remarks] {
            let mut said = BTreeSet::new();
            sentences.retain(|sentence| said.insert(sentence.clone()));
        }
        self.holds = self.faults.is_empty() && self.lacking.is_empty();
    }

    /// Holds the files against the manifest. Content under another name is known by its sum.
    fn files(&mut self, manifest: &Manifest, found: &BTreeMap<String, (u64, String)>) {
        let mut listed: BTreeMap<&str, &FileEntry> = BTreeMap::new();
        for file in &manifest.files {
            if listed.insert(&file.path, file).is_some() {
                self.fault(format!("{} names \"{}\" twice.", Manifest::FILE, file.path));
            }
        }
        for role in [Role::Report, Role::HazardLog] {
            if manifest.of_role(role).count() > 1 {
                self.fault(format!("{} names several files as the {}.", Manifest::FILE, role.key()));
            }
        }
        let is_own = |name: &str| [Manifest::FILE, Sums::FILE].contains(&name);
        let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (path, file) in &listed {
            match found.get(*path) {
                None => drop(missing.entry(file.sha256.as_str()).or_default().insert(path)),
                Some((size, sha256)) if (*size, sha256) != (file.size, &file.sha256) => {
                    self.files.changed.push((*path).to_owned());
                }
                Some(_) => {}
            }
        }
        for (name, (_, sha256)) in found.iter().filter(|(name, _)| !is_own(name)) {
            self.files.count += 1;
            if listed.contains_key(name.as_str()) {
                continue;
            }
            match missing.get_mut(sha256.as_str()).and_then(BTreeSet::pop_first) {
                Some(from) => {
                    self.files.renamed.push(RenamedFile { from: from.to_owned(), to: name.clone() });
                }
                None => self.files.extra.push(name.clone()),
            }
        }
        let missing: BTreeSet<&str> = missing.into_values().flatten().collect();
        self.files.missing = missing.into_iter().map(str::to_owned).collect();
        let Files { changed, missing, extra, renamed, .. } = &self.files;
        let mut faults: Vec<String> = Vec::new();
        faults.extend(changed.iter().map(|path| format!("\"{path}\" was changed.")));
        faults.extend(missing.iter().map(|path| format!("\"{path}\" is missing.")));
        faults
            .extend(renamed.iter().map(|file| format!("\"{}\" was renamed to \"{}\".", file.from, file.to)));
        faults.extend(extra.iter().map(|path| format!("\"{path}\" was added.")));
        for fault in faults {
            self.fault(fault);
        }
    }

    /// Holds the sums against the manifest, and against the manifest's own bytes.
    fn sums(&mut self, sums: Option<&[u8]>, manifest: &Manifest, found: &BTreeMap<String, (u64, String)>) {
        let sums = match sums.map(Sums::read) {
            Some(Ok(Sums(sums))) => sums,
            Some(Err(why)) => return self.fault(format!("{} cannot be used: {why}.", Sums::FILE)),
            None => return self.fault(format!("\"{}\" is missing.", Sums::FILE)),
        };
        let own = found.get(Manifest::FILE).map(|(_, sha256)| sha256);
        if sums.get(Manifest::FILE) != own {
            self.fault(format!("\"{}\" was changed: {} has another sum for it.", Manifest::FILE, Sums::FILE));
        }
        for file in &manifest.files {
            match sums.get(&file.path) {
                Some(sum) if *sum == file.sha256 => {}
                Some(_) => self.fault(format!(
                    "{} and {} differ over \"{}\".",
                    Manifest::FILE,
                    Sums::FILE,
                    file.path
                )),
                None => self.fault(format!("{} does not name \"{}\".", Sums::FILE, file.path)),
            }
        }
        let listed: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
        let is_listed = |path: &str| path == Manifest::FILE || listed.contains(path);
        for path in sums.keys().filter(|path| !is_listed(path)) {
            self.fault(format!("{} names \"{path}\", and {} does not.", Sums::FILE, Manifest::FILE));
        }
    }
}
