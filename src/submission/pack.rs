//! Making a pack: everything is collected, named, hashed and judged first, and written only then.

mod error;
mod files;
mod standing;

use super::archive;
use super::contents::{Content, Sources, Supply, missing};
use super::log::{self, LogAgreement};
use super::manifest::{Manifest, Sums, Versions};
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
        making.notes.extend(supplies.iter().flat_map(|supply| supply.notes.clone()));
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
                "The columns of the NHS template do not hold all that the report says of the hazards; {} lists what differs ({}).",
                Manifest::FILE,
                differences.len()
            ));
        }
        Ok(differences)
    }
}
