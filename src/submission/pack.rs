//! Making a pack: everything is collected, named, hashed and judged first, and written only then.

use super::archive;
use super::compliance::Shown;
use super::contents::{Content, ContentError, Piece, Sources, Supply};
use super::log::{self, LogAgreement};
use super::manifest::{FileEntry, Manifest, Sums, Versions};
use super::names::{self, Taken};
use super::nhs_numbers::{self, Found};
use super::profile::{Document, Need, Profile, ProfileError};
use super::report::ReadReport;
use super::role::Role;
use crate::assurance::version;
use crate::build::{BuildError, Judged};
use crate::case::approval::ApprovedDocument;
use crate::case::digest::{Digests, sha256_hex};
use crate::case::{Case, Date};
use crate::export::ExportError;
use crate::intake::InputError;
use crate::intake::files::CaseFolder;
use crate::intake::workbook::Limits;
use crate::report::{Enclosure, Letter};
use crate::signed_report::Question;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

/// What is packed, for whom.
#[derive(Debug)]
pub struct PackRequest<'a> {
    pub judged: &'a Judged,
    pub folder: &'a CaseFolder,
    pub profile: &'a Profile,
    /// The report as it was signed; without it, it is built.
    pub report: Option<GivenReport>,
    /// Whether valid NHS numbers may be sent.
    pub allow_nhs_numbers: bool,
    /// Whom the signatures are judged by.
    pub question: Question<'a>,
    pub limits: Limits,
}

/// A report that was built and signed before.
#[derive(Debug, Clone)]
pub struct GivenReport {
    /// What messages call it.
    pub name: String,
    pub pdf: Vec<u8>,
}

/// A pack that is ready to be written.
#[derive(Debug)]
pub struct Pack {
    pub manifest: Manifest,
    /// Name of the archive; that of a draft says so.
    pub name: String,
    /// Why no pack of this is to be made at all.
    pub refusals: Vec<Refusal>,
    /// What is worth knowing, and stands in nobody's way.
    pub notes: Vec<String>,
    files: BTreeMap<String, (Content, String)>,
    date: Date,
}

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub what: String,
    pub remedy: String,
}

/// Why nothing could be packed.
#[derive(Debug)]
pub enum PackError {
    Input(InputError),
    Build(BuildError),
    Export(ExportError),
    Profile(ProfileError),
    /// A file of the case was changed while it was packed.
    Changed(String),
    Write(io::Error),
}

impl From<InputError> for PackError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<ProfileError> for PackError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl From<ContentError> for PackError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Input(error) => Self::Input(error),
            ContentError::Export(error) => Self::Export(error),
            ContentError::Report(error) => Self::Build(BuildError::Report(error)),
        }
    }
}

impl From<crate::report::ReportError> for PackError {
    fn from(error: crate::report::ReportError) -> Self {
        Self::Build(BuildError::Report(error))
    }
}

/// What the patterns of a profile read.
#[derive(Debug, Clone, Serialize)]
struct Values<'a> {
    product: &'a str,
    release: Option<&'a str>,
    version: Option<&'a str>,
    hazard_log_version: Option<&'a str>,
    plan_version: Option<&'a str>,
    standard: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn of(case: &'a Case) -> Self {
        // The patterns have the letter.
        let number = |version: Option<&'a str>| version.map(|own| own.trim().trim_start_matches(['v', 'V']));
        Self {
            product: &case.product.name,
            release: case.release.version.as_deref(),
            version: number(case.document.version.as_deref()),
            hazard_log_version: number(case.hazard_log.version.as_deref()),
            plan_version: number(case.plan.as_ref().and_then(|plan| plan.version.as_deref())),
            standard: case.standard.name.as_str(),
            name: None,
            id: None,
        }
    }
}

/// A pack while it is made.
struct Making<'a> {
    request: &'a PackRequest<'a>,
    reasons: Vec<String>,
    refusals: Vec<Refusal>,
    notes: Vec<String>,
    /// Names of files.
    taken: Taken,
}

impl Pack {
    /// Collects and judges what goes into a pack.
    ///
    /// # Errors
    /// If a document cannot be read or made, or the profile's names are none.
    pub fn make(request: &PackRequest<'_>) -> Result<Self, PackError> {
        let Judged { loaded, assurance, .. } = request.judged;
        let case = &loaded.case;
        let taken = Taken::with(&[Manifest::FILE, Sums::FILE]);
        let mut making =
            Making { request, reasons: Vec::new(), refusals: Vec::new(), notes: Vec::new(), taken };
        making.reasons.extend(assurance.status.reasons.iter().cloned());
        let (pdf, shown) = making.report()?;
        let read = making.read_report(&pdf);
        making.versions();
        let sources = Sources {
            judged: request.judged,
            folder: request.folder,
            report: &pdf,
            shown: &shown,
            limits: &request.limits,
        };
        let supplies = supplies(&sources, request.profile)?;
        let mut manifest = Manifest {
            format: Manifest::FORMAT.to_owned(),
            product: case.product.name.clone(),
            release: case.release.version.clone(),
            versions: Versions {
                report: case.document.version.clone(),
                hazard_log: case.hazard_log.version.clone(),
            },
            as_of: loaded.as_of,
            draft: false,
            reasons: Vec::new(),
            missing: supplies.iter().flat_map(|supply| supply.missing.clone()).collect(),
            not_needed: supplies.iter().filter_map(|supply| supply.not_needed.clone()).collect(),
            digests: digests(&assurance.digests),
            not_kept: Vec::new(),
            nhs_numbers: 0,
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: request.profile.clone(),
            files: Vec::new(),
        };
        let pieces = supplies.into_iter().flat_map(|supply| supply.pieces).collect();
        let mut named = making.named(pieces)?;
        if request.profile.document(Role::CoveringLetter).is_some() {
            let letter = sources.letter(&making.letter(&named, &manifest))?;
            named.extend(making.named(vec![letter])?);
        }
        let files = making.files(named, &mut manifest)?;
        if let Some(read) = &read {
            manifest.not_kept = making.log(read, &files)?;
        }
        making.reasons.extend(manifest.missing.iter().map(|missing| missing.what.clone()));
        manifest.draft = !making.reasons.is_empty();
        manifest.reasons = making.reasons;
        let stem = names::filled(&request.profile.archive, &Values::of(case), "")?;
        let draft = if manifest.draft { "-DRAFT" } else { "" };
        Ok(Self {
            name: format!("{stem}{draft}.zip"),
            manifest,
            refusals: making.refusals,
            notes: making.notes,
            files: files
                .into_iter()
                .map(|file| (file.entry.path, (file.content, file.entry.sha256)))
                .collect(),
            date: loaded.as_of,
        })
    }

    /// Writes the archive.
    ///
    /// # Errors
    /// If it cannot be written, or a file of the case folder is no longer what was judged.
    pub fn write<W: Write + Seek>(&self, folder: &CaseFolder, out: W) -> Result<W, PackError> {
        let manifest = self.manifest.text();
        let mut sums: BTreeMap<String, String> =
            self.manifest.files.iter().map(|file| (file.path.clone(), file.sha256.clone())).collect();
        sums.insert(Manifest::FILE.to_owned(), sha256_hex(manifest.as_bytes()));
        let sums = Sums(sums).text();
        let own =
            |name: &str, text: String| (name.to_owned(), (Content::Made(text.into_bytes()), None::<String>));
        let given = self.files.iter();
        let given =
            given.map(|(path, (content, sha256))| (path.clone(), (content.clone(), Some(sha256.clone()))));
        let all: BTreeMap<_, _> =
            given.chain([own(Manifest::FILE, manifest), own(Sums::FILE, sums)]).collect();
        let mut failure = None;
        let files = all.iter().map(|(path, (content, sha256))| {
            let bytes = content.bytes(folder).map_err(PackError::Input).and_then(|bytes| {
                let is_same = sha256.as_ref().is_none_or(|sha256| *sha256 == sha256_hex(&bytes));
                if is_same { Ok(bytes) } else { Err(PackError::Changed(path.clone())) }
            });
            match bytes {
                Ok(bytes) => Ok((path.clone(), Cow::Owned(bytes.into_owned()))),
                Err(error) => {
                    failure = Some(error);
                    Err(io::Error::other("a file of the case"))
                }
            }
        });
        let written = archive::write(out, self.date, files);
        match failure {
            Some(failure) => Err(failure),
            None => written.map_err(PackError::Write),
        }
    }
}

/// A file with its place in the pack.
struct File {
    entry: FileEntry,
    content: Content,
}

/// What there is of each role that the profile wants, in its order.
fn supplies(sources: &Sources<'_>, profile: &Profile) -> Result<Vec<Supply>, PackError> {
    let mut supplies = Vec::new();
    // The letter names all others, so it is made when these are there.
    let documents = profile.documents.iter().filter(|document| document.role != Role::CoveringLetter);
    for Document { role, need, alternative, .. } in documents {
        let mut supply = sources.supply(*role)?;
        if *need == Need::WhereGiven {
            supply.missing.clear();
            supply.not_needed = None;
        } else if let Some(other) = alternative.filter(|_| supply.pieces.is_empty())
            && !sources.supply(other)?.pieces.is_empty()
        {
            supply.missing.clear();
        } else if supply.pieces.is_empty() && supply.missing.is_empty() && supply.not_needed.is_none() {
            supply.missing.push(super::contents::missing(
                *role,
                format!("The case has nothing for: {}.", role.title()),
                "leave it out of the profile, or complete the case",
            ));
        }
        supplies.push(supply);
    }
    Ok(supplies)
}

fn digests(digests: &Digests) -> BTreeMap<String, String> {
    let digest =
        |document: ApprovedDocument| (document.key().to_owned(), digests.document(document).to_owned());
    ApprovedDocument::ALL.into_iter().map(digest).collect()
}

impl Making<'_> {
    fn refuse(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.refusals.push(Refusal { what: what.into(), remedy: remedy.into() });
    }

    /// The report: the one that was given, or as the case gives it now; and where it shows what, which is the same in
    /// both, because they are of one case.
    fn report(&mut self) -> Result<(Vec<u8>, Shown), PackError> {
        let report = self.request.judged.report()?;
        let blocking = report.findings.iter().filter(|finding| finding.blocks());
        self.reasons.extend(blocking.map(|finding| finding.message.clone()));
        let built = report.rendered;
        Ok((self.request.report.as_ref().map_or(built.pdf, |given| given.pdf.clone()), built.shown))
    }

    /// Judges the report that goes into the pack.
    fn read_report(&mut self, pdf: &[u8]) -> Option<ReadReport> {
        let given = self.request.report.as_ref().map(|report| report.name.clone());
        let name = given.clone().unwrap_or_else(|| "the report".to_owned());
        let read = match ReadReport::read(pdf, &self.request.question) {
            Ok(read) => read,
            Err(error) => {
                let remedy = error.hint.clone();
                let remedy = remedy.unwrap_or_else(|| "name the report as `cscr sign` wrote it".to_owned());
                self.refuse(format!("{name} cannot be used: {}.", error.what), remedy);
                return None;
            }
        };
        if given.is_some() {
            self.is_of_this_case(&name, &read);
        }
        let wanted = self.request.profile.signed();
        self.reasons
            .extend(read.unsigned(wanted).into_iter().map(|who| format!("{who} has not signed the report.")));
        if read.has_test_signature() {
            self.notes.push(
                "The report is signed with TEST identities, which prove nothing about who signs.".to_owned(),
            );
        }
        Some(read)
    }

    fn is_of_this_case(&mut self, name: &str, read: &ReadReport) {
        let own = &self.request.judged.assurance.digests;
        let attached = Digests::of_json(&read.case);
        let differing: Vec<&str> = ApprovedDocument::ALL
            .into_iter()
            .filter(|document| own.document(*document) != attached.document(*document))
            .map(ApprovedDocument::name)
            .collect();
        if !differing.is_empty() {
            let which = differing.join(", ");
            self.refuse(
                format!("{name} is not a report of this case as it is now: it has another {which}."),
                "`cscr diff` with the PDF and the case says what changed; build the report again and have it signed",
            );
        }
        for objection in &read.objections {
            self.refuse(
                format!("{name}: {objection}"),
                "`cscr verify` says more; use the report as `cscr sign` wrote it",
            );
        }
        if read.sign_off.draft && !self.request.judged.assurance.status.draft {
            self.reasons.push(format!("{name} was built as a DRAFT, and says so on each page."));
        }
        let case = &self.request.judged.loaded.case;
        let pair = [case.document.version.as_deref(), case.hazard_log.version.as_deref()];
        let its = [read.text("/document/version"), read.text("/hazard_log/version")];
        if pair != its {
            let words = |[report, log]: [Option<&str>; 2]| {
                let or_none = |version: Option<&str>| version.unwrap_or("none").to_owned();
                format!("version {} with hazard log {}", or_none(report), or_none(log))
            };
            self.reasons.push(format!("{name} is {}, and the case is {}.", words(its), words(pair)));
        }
    }

    /// The report and the hazard log carry one pair of versions, and it was issued.
    fn versions(&mut self) {
        let loaded = &self.request.judged.loaded;
        let case = &loaded.case;
        let log = case.hazard_log.version.as_deref();
        let history = version::latest(&case.hazard_log.revisions).map(|revision| revision.version.as_str());
        if let (Some(log), Some(history)) = (log, history)
            && !version::same(log, history)
        {
            self.reasons.push(format!(
                "The hazard log is version {log} by its cover and {history} by its revision history."
            ));
        }
        let Some(own) = case.document.version.as_deref() else {
            self.reasons.push("The report has no version: `cscr issue` gives it one.".to_owned());
            return;
        };
        match loaded.issues.iter().find(|issue| version::same(&issue.version, own)) {
            None => {
                self.reasons
                    .push(format!("Version {own} of the report was not issued: `cscr issue` issues it."));
            }
            Some(issue) => {
                let issued = issue.hazard_log_version.as_deref();
                let is_same = match (issued, log) {
                    (Some(issued), Some(log)) => version::same(issued, log),
                    (issued, log) => issued == log,
                };
                if !is_same {
                    let told = |version: Option<&str>| version.unwrap_or("none").to_owned();
                    self.reasons.push(format!(
                        "Version {own} of the report was issued with hazard log {}, and the hazard log is {}.",
                        told(issued),
                        told(log)
                    ));
                }
            }
        }
    }

    /// Names the files as the profile has them, each by another name.
    fn named(&mut self, pieces: Vec<Piece>) -> Result<Vec<(String, Piece)>, PackError> {
        let case = &self.request.judged.loaded.case;
        let mut named = Vec::new();
        for piece in pieces {
            let Some(document) = self.request.profile.document(piece.role) else { continue };
            let values = Values { name: Some(&piece.name), id: Some(&piece.id), ..Values::of(case) };
            let path = self.taken.take(&names::filled(&document.path, &values, &piece.extension)?);
            named.push((path, piece));
        }
        Ok(named)
    }

    fn letter(&self, named: &[(String, Piece)], manifest: &Manifest) -> Letter {
        let case = &self.request.judged.loaded.case;
        let version = |role: Role| match role {
            Role::Report => case.document.version.clone(),
            Role::HazardLog | Role::HazardLogAsGiven => case.hazard_log.version.clone(),
            Role::Plan => case.plan.as_ref().and_then(|plan| plan.version.clone()),
            _ => None,
        };
        let enclosure = |(path, piece): &(String, Piece)| Enclosure {
            title: piece.role.title().to_owned(),
            version: version(piece.role),
            file: path.clone(),
        };
        Letter {
            recipient: self.request.judged.loaded.submission.recipient.clone(),
            purpose: self.request.profile.purpose.clone(),
            enclosures: named.iter().map(enclosure).collect(),
            missing: manifest.missing.iter().map(|missing| missing.what.clone()).collect(),
        }
    }

    /// Hashes the files, and looks into each.
    fn files(
        &mut self,
        named: Vec<(String, Piece)>,
        manifest: &mut Manifest,
    ) -> Result<Vec<File>, PackError> {
        let (mut files, mut found, mut unread) = (Vec::new(), Vec::new(), Vec::new());
        for (path, piece) in named {
            let bytes = piece.content.bytes(self.request.folder)?;
            let look = match &piece.pages {
                Some(pages) => nhs_numbers::look_at_pages(pages),
                None => nhs_numbers::look(&bytes, &self.request.limits),
            };
            let in_names =
                nhs_numbers::in_name(&path).chain(piece.source().into_iter().flat_map(nhs_numbers::in_name));
            let places = look.found.into_iter().chain(in_names.map(|masked| (String::new(), masked)));
            found.extend(places.map(|(place, masked)| Found { file: path.clone(), place, masked }));
            unread.extend(look.unread.map(|why| format!("{path} ({why})")));
            let entry = FileEntry {
                path,
                role: piece.role,
                size: bytes.len() as u64,
                sha256: sha256_hex(&bytes),
                source: piece.source().map(str::to_owned),
            };
            drop(bytes);
            files.push(File { entry, content: piece.content });
        }
        files.sort_by(|one, other| one.entry.path.cmp(&other.entry.path));
        manifest.files = files.iter().map(|file| file.entry.clone()).collect();
        manifest.nhs_numbers = found.len();
        self.nhs_numbers(&found);
        if !unread.is_empty() {
            self.notes
                .push(format!("Not looked into for NHS numbers, so look yourself: {}.", unread.join(", ")));
        }
        Ok(files)
    }

    fn nhs_numbers(&mut self, found: &[Found]) {
        for Found { file, place, masked } in found {
            let place = if place.is_empty() { "in its name".to_owned() } else { place.clone() };
            let what = format!("{file}, {place}: a valid NHS number, {masked}.");
            if self.request.allow_nhs_numbers {
                self.notes.push(what);
            } else {
                self.refuse(what, "take it out; or, if it is nobody's, say so with --allow-nhs-numbers");
            }
        }
    }

    /// Holds the packed log against the packed report, and tells what the log's layout does not keep.
    fn log(&mut self, read: &ReadReport, files: &[File]) -> Result<Vec<String>, PackError> {
        let Some(file) = files.iter().find(|file| file.entry.role == Role::HazardLog) else {
            return Ok(Vec::new());
        };
        let bytes = file.content.bytes(self.request.folder)?.into_owned();
        let LogAgreement { faults, differences, .. } =
            log::held_against(&read.case, &file.entry.path, bytes, &self.request.limits)?;
        self.reasons.extend(faults);
        if !differences.is_empty() {
            self.notes.push(format!(
                "The columns of the NHS template do not hold all that the report says of the hazards: {} differences are listed in {}.",
                differences.len(),
                Manifest::FILE
            ));
        }
        Ok(differences)
    }
}
