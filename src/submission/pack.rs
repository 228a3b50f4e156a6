//! Making a pack: everything is collected, named, hashed and judged first, and written only then.

mod error;
mod files;
mod standing;

use super::archive;
use super::contents::{Content, Sources, Supply, missing};
use super::handover;
use super::log::{self, LogAgreement};
use super::manifest::{FileEntry, Manifest, Sums, Versions};
use super::names::{self, Taken};
use super::profile::{Document, Need, Profile};
use super::report::ReadReport;
use super::role::Role;
use crate::build::Judged;
use crate::case::Date;
use crate::case::approval::ApprovedDocument;
use crate::case::digest::{Digests, sha256_hex};
use crate::intake::files::CaseFolder;
use crate::intake::workbook::Limits;
use crate::signed_report::Question;
use files::{File, Values};
use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

pub use error::PackError;

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
    /// What to do about the reasons of the manifest, by the reason; about what is missing the manifest itself says it.
    pub remedies: BTreeMap<String, String>,
    files: BTreeMap<String, (Content, String)>,
    date: Date,
}

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub what: String,
    pub remedy: String,
}

/// A pack while it is made.
struct Making<'a> {
    request: &'a PackRequest<'a>,
    reasons: Vec<String>,
    remedies: BTreeMap<String, String>,
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
        let mut making = Making {
            request,
            reasons: Vec::new(),
            remedies: BTreeMap::new(),
            refusals: Vec::new(),
            notes: Vec::new(),
            taken,
        };
        for reason in &assurance.status.reasons {
            making.reason(reason, "`cscr check` says where, and what to do");
        }
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
        making.notes.extend(supplies.iter().flat_map(|supply| supply.notes.clone()));
        let pieces = supplies.into_iter().flat_map(|supply| supply.pieces).collect();
        let named = making.named(pieces)?;
        let enclosed: Vec<(String, Role)> =
            named.iter().map(|(path, piece)| (path.clone(), piece.role)).collect();
        if let Some((path, _)) = enclosed.iter().find(|(_, role)| *role == Role::HandOverLog) {
            let file = path.rsplit('/').next().unwrap_or(path);
            making.notes.push("The deploying organisation reads the hand-over log with these lines in the case.toml of its own case:".to_owned());
            let lines = handover::entry(&loaded.case, file);
            making.notes.extend(lines.lines().map(|line| format!("  {line}")));
        }
        let mut files = making.files(named, &mut manifest)?;
        if let Some(read) = &read {
            manifest.not_kept = making.log(read, &files)?;
        }
        // The letter tells of all that was found, so it comes last.
        if request.profile.document(Role::CoveringLetter).is_some() {
            let letter = sources.letter(&making.letter(&enclosed, &manifest, read.as_ref()))?;
            let named = making.named(vec![letter])?;
            files.extend(making.files(named, &mut manifest)?);
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
            remedies: making.remedies,
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
        let made = |text: String| Content::Made(text.into_bytes());
        let own = [(Manifest::FILE, made(manifest)), (Sums::FILE, made(Sums(sums).text()))];
        let own = own.iter().map(|(name, content)| (*name, (content, None)));
        let given =
            self.files.iter().map(|(path, (content, sha256))| (path.as_str(), (content, Some(sha256))));
        let all: BTreeMap<&str, (&Content, Option<&String>)> = given.chain(own).collect();
        let mut failure = None;
        let files = all.iter().map(|(path, (content, sha256))| {
            let bytes = content.bytes(folder).map_err(PackError::Input).and_then(|bytes| {
                let is_same = sha256.is_none_or(|sha256| *sha256 == sha256_hex(&bytes));
                if is_same { Ok(bytes) } else { Err(PackError::Changed((*path).to_owned())) }
            });
            match bytes {
                Ok(bytes) => Ok(((*path).to_owned(), bytes)),
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

/// What to do where the report is of something else.
const ANEW: &str = "build the report of the case as it is now, and have that signed";

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
            supply.missing.push(missing(
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

    /// Something that makes the pack a DRAFT.
    fn reason(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        let what = what.into();
        self.remedies.insert(what.clone(), remedy.into());
        self.reasons.push(what);
    }

    /// Holds the packed log against the packed report, and tells what the log's layout does not keep.
    fn log(&mut self, read: &ReadReport, files: &[File]) -> Result<Vec<String>, PackError> {
        let of_role = |role: Role| files.iter().filter(move |file| file.entry.role == role);
        if let Some(attached) = &read.attached {
            let given: Vec<&FileEntry> = of_role(Role::HazardLogAsGiven).map(|file| &file.entry).collect();
            for fault in log::others_than(&given, attached).0 {
                self.reason(fault, ANEW);
            }
        }
        let Some(file) = of_role(Role::HazardLog).next() else {
            return Ok(Vec::new());
        };
        let bytes = file.content.bytes(self.request.folder)?.into_owned();
        let LogAgreement { faults, differences, .. } =
            log::held_against(&read.case, &file.entry.path, bytes, &self.request.limits)?;
        for fault in faults {
            self.reason(fault, ANEW);
        }
        if !differences.is_empty() {
            self.notes.push(format!(
                "The columns of the NHS template do not hold all that the report says of the hazards; {} lists what differs ({}).",
                Manifest::FILE,
                differences.len()
            ));
        }
        Ok(differences)
    }
}
