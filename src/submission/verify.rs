//! Verifying a pack: what its bytes bear out of what it says of itself.
//!
//! Every file is hashed and held against the manifest and the sums, both ways. The report is judged as `cscr verify`
//! judges it, the hazard log is read and held against the case that the report carries, and the pack against what its
//! recipient wants. Two kinds of things are told apart: that the pack is not as it was made, and that it is not complete.

use super::archive::{Archive, Bounds, Entry, Refused};
use super::log::{self, LogAgreement};
use super::manifest::{FileEntry, Manifest, Sums};
use super::profile::{Document, Need, Profile};
use super::report::ReadReport;
use super::role::Role;
use crate::case::approval::ApprovedDocument;
use crate::case::digest::{Digests, sha256_hex};
use crate::intake::workbook::Limits;
use crate::signature::verify::SignatureAnswer;
use crate::signed_report::{Answer, Question, judge};
use serde::Serialize;
use std::collections::BTreeMap;
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
    }
    verdict.other_signatures(&mut pack, &manifest, request)?;
    verdict.complete(&manifest, profile, &pack);
    verdict.remarks(&manifest, request);
    verdict.holds = verdict.faults.is_empty() && verdict.lacking.is_empty();
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
        if !self.faults.contains(&what) {
            self.faults.push(what);
        }
    }

    fn lacks(&mut self, what: String) {
        if !self.lacking.contains(&what) {
            self.lacking.push(what);
        }
    }

    /// Holds the files against the manifest. Content under another name is known by its sum.
    fn files(&mut self, manifest: &Manifest, found: &BTreeMap<String, (u64, String)>) {
        let mut listed: BTreeMap<&str, &FileEntry> = BTreeMap::new();
        for file in &manifest.files {
            if listed.insert(&file.path, file).is_some() {
                self.fault(format!("{} names \"{}\" twice.", Manifest::FILE, file.path));
            }
            let is_one = [Role::Report, Role::HazardLog].contains(&file.role);
            if is_one && manifest.of_role(file.role).count() > 1 {
                self.fault(format!("{} names several files as the {}.", Manifest::FILE, file.role.key()));
            }
        }
        let is_own = |name: &str| [Manifest::FILE, Sums::FILE].contains(&name);
        let mut missing: Vec<&FileEntry> = Vec::new();
        for (path, file) in &listed {
            match found.get(*path) {
                None => missing.push(file),
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
            match missing.iter().position(|file| file.sha256 == *sha256) {
                Some(at) => {
                    let from = missing.remove(at).path.clone();
                    self.files.renamed.push(RenamedFile { from, to: name.clone() });
                }
                None => self.files.extra.push(name.clone()),
            }
        }
        self.files.missing = missing.into_iter().map(|file| file.path.clone()).collect();
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
        let is_listed =
            |path: &str| path == Manifest::FILE || manifest.files.iter().any(|file| file.path == path);
        for path in sums.keys().filter(|path| !is_listed(path)) {
            self.fault(format!("{} names \"{path}\", and {} does not.", Sums::FILE, Manifest::FILE));
        }
    }

    fn report<R: Read + Seek>(
        &mut self,
        pack: &mut Opened<R>,
        manifest: &Manifest,
        profile: &Profile,
        request: &VerifyRequest<'_>,
    ) -> Result<Option<ReadReport>, Refused> {
        let Some((path, pdf)) = pack.of_role(manifest, Role::Report)? else { return Ok(None) };
        let mut read = match ReadReport::read(&pdf, &request.question) {
            Ok(read) => read,
            Err(error) => {
                self.fault(format!("\"{path}\" cannot be believed: {}.", error.what));
                return Ok(None);
            }
        };
        for objection in &read.objections {
            self.fault(format!("\"{path}\": {objection}"));
        }
        let attached = Digests::of_json(&read.case);
        for document in ApprovedDocument::ALL {
            if manifest.digests.get(document.key()).map(String::as_str) != Some(attached.document(document)) {
                self.fault(format!(
                    "\"{path}\" is of another {} than {} says.",
                    document.name(),
                    Manifest::FILE
                ));
            }
        }
        let says = [
            ("product", read.text("/product/name"), Some(manifest.product.as_str())),
            ("release", read.text("/release/version"), manifest.release.as_deref()),
            ("version", read.text("/document/version"), manifest.versions.report.as_deref()),
            ("hazard log version", read.text("/hazard_log/version"), manifest.versions.hazard_log.as_deref()),
        ];
        for (what, own, stated) in says {
            if own != stated {
                let told =
                    |text: Option<&str>| text.map_or_else(|| "none".to_owned(), |text| format!("\"{text}\""));
                self.fault(format!(
                    "The {what} is {} in \"{path}\" and {} in {}.",
                    told(own),
                    told(stated),
                    Manifest::FILE
                ));
            }
        }
        if read.sign_off.draft {
            read.sign_off.reasons.iter().for_each(|reason| self.lacks(reason.clone()));
            self.lacks("The report is a DRAFT.".to_owned());
        }
        for who in read.unsigned(profile.signed()) {
            self.lacks(format!("{who} has not signed the report."));
        }
        if read.has_test_signature() {
            self.remarks.push(
                "The report is signed with TEST identities, which prove nothing about who signs.".to_owned(),
            );
        }
        self.report = Some(ReportVerdict {
            path,
            draft: read.sign_off.draft,
            signed_by: read.signed_by(),
            answer: read.answer.take(),
        });
        Ok(Some(read))
    }

    fn hazard_log<R: Read + Seek>(
        &mut self,
        pack: &mut Opened<R>,
        manifest: &Manifest,
        report: &ReadReport,
        request: &VerifyRequest<'_>,
    ) -> Result<(), Refused> {
        let Some((path, workbook)) = pack.of_role(manifest, Role::HazardLog)? else { return Ok(()) };
        let agreement = match log::held_against(&report.case, &path, workbook, &request.limits) {
            Ok(agreement) => agreement,
            Err(error) => {
                self.fault(format!("\"{path}\" cannot be read as a hazard log: {}.", error.what));
                return Ok(());
            }
        };
        agreement.faults.iter().for_each(|fault| self.fault(fault.clone()));
        let (stated, others): (Vec<_>, Vec<_>) =
            agreement.differences.iter().partition(|difference| manifest.not_kept.contains(difference));
        for difference in others {
            self.fault(format!("The hazard log says otherwise than the report: {difference}"));
        }
        if !stated.is_empty() {
            self.remarks.push(format!(
                "The columns of the NHS template do not hold all that the report says of the hazards; {} lists what differs ({}).",
                Manifest::FILE,
                stated.len()
            ));
        }
        self.hazard_log = Some(agreement);
        Ok(())
    }

    /// Signatures in PDFs beside the report.
    fn other_signatures<R: Read + Seek>(
        &mut self,
        pack: &mut Opened<R>,
        manifest: &Manifest,
        request: &VerifyRequest<'_>,
    ) -> Result<(), Refused> {
        for file in manifest.files.iter().filter(|file| file.role != Role::Report) {
            let Some(pdf) = pack.bytes(&file.path)?.filter(|bytes| bytes.starts_with(b"%PDF")) else {
                continue;
            };
            if !pdf.windows(10).any(|window| window == b"/ByteRange") {
                continue;
            }
            match judge(&pdf, &request.question) {
                // That it is no report of this program's, or that somebody is still to sign, is nothing against it.
                Ok(Answer { verification: own, .. })
                    if own.signatures.iter().all(SignatureAnswer::holds)
                        && own.faults.is_empty()
                        && own.trailing_bytes == 0 => {}
                Ok(_) => self.fault(format!("\"{}\" is signed, and the signature does not hold.", file.path)),
                Err(_) => self.remarks.push(format!(
                    "\"{}\" was signed by another program, and its signatures cannot be judged here: open it in a PDF reader.",
                    file.path
                )),
            }
        }
        Ok(())
    }

    fn complete<R>(&mut self, manifest: &Manifest, profile: &Profile, pack: &Opened<R>) {
        let has = |role: Role| manifest.of_role(role).any(|file| pack.sums.contains_key(&file.path));
        for Document { role, need, alternative, .. } in &profile.documents {
            if *need == Need::WhereGiven {
                continue;
            }
            let stated: Vec<&str> = manifest
                .missing
                .iter()
                .filter(|missing| missing.role == *role)
                .map(|missing| missing.what.as_str())
                .collect();
            for what in &stated {
                self.lacks((*what).to_owned());
            }
            let is_excused = manifest.not_needed.iter().any(|excused| excused.role == *role);
            if stated.is_empty() && !has(*role) && !alternative.is_some_and(has) && !is_excused {
                self.lacks(format!("The pack has nothing for: {}.", role.title()));
            }
        }
        if manifest.draft {
            manifest.reasons.iter().for_each(|reason| self.lacks(reason.clone()));
        }
    }

    fn remarks(&mut self, manifest: &Manifest, request: &VerifyRequest<'_>) {
        for excused in &manifest.not_needed {
            self.remarks.push(format!(
                "{}: not needed, the pack says. {}",
                excused.role.title(),
                excused.why
            ));
        }
        if manifest.nhs_numbers > 0 {
            self.remarks.push(format!(
                "Whoever packed it allowed valid NHS numbers in it ({}).",
                manifest.nhs_numbers
            ));
        }
        let own = Profile::built_in(&manifest.profile.id);
        if request.profile.is_none() && own.is_ok_and(|own| own != manifest.profile) {
            self.remarks.push(format!(
                "The pack's profile \"{0}\" is not the one that this version of cscr has: --profile {0} judges it by that one.",
                manifest.profile.id
            ));
        }
        let is_signed = self.report.as_ref().is_some_and(|report| report.answer.is_some());
        if is_signed && request.question.anchors.is_empty() {
            self.remarks
                .push("Who the signers are was not checked: no authority was named with --trust.".to_owned());
        }
        self.remarks.push(format!(
            "Whoever could change a file could make {} and {} anew. What ties the pack to people are the signatures in the report.",
            Manifest::FILE,
            Sums::FILE
        ));
    }
}
