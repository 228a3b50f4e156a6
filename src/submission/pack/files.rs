//! The files of a pack: each with its name, its sum, and a look for what must not be sent.

use super::super::contents::{Content, Piece};
use super::super::manifest::{FileEntry, Manifest};
use super::super::names;
use super::super::nhs_numbers::{self, Found};
use super::super::report::{Others, ReadReport, others_signatures};
use super::super::role::Role;
use super::{Making, PackError};
use crate::case::Case;
use crate::case::digest::sha256_hex;
use crate::report::{Enclosure, Letter};
use serde::Serialize;

/// What the patterns of a profile read.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Values<'a> {
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
    pub(super) fn of(case: &'a Case) -> Self {
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

/// A file with its place in the pack.
pub(super) struct File {
    pub(super) entry: FileEntry,
    pub(super) content: Content,
}

impl Making<'_> {
    /// Names the files as the profile has them, each by another name.
    pub(super) fn named(&mut self, pieces: Vec<Piece>) -> Result<Vec<(String, Piece)>, PackError> {
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

    /// What the letter says: what is enclosed, what is not, who has signed the report, and what makes the pack a DRAFT.
    pub(super) fn letter(
        &self,
        enclosed: &[(String, Role)],
        manifest: &Manifest,
        read: Option<&ReadReport>,
    ) -> Letter {
        let case = &self.request.judged.loaded.case;
        let version = |role: Role| match role {
            Role::Report => case.document.version.clone(),
            Role::HazardLog | Role::HazardLogAsGiven => case.hazard_log.version.clone(),
            Role::Plan => case.plan.as_ref().and_then(|plan| plan.version.clone()),
            _ => None,
        };
        let enclosure = |(path, role): &(String, Role)| Enclosure {
            title: role.title().to_owned(),
            version: version(*role),
            file: path.clone(),
        };
        Letter {
            recipient: self.request.judged.loaded.submission.recipient.clone(),
            purpose: self.request.profile.purpose.clone(),
            enclosures: enclosed.iter().map(enclosure).collect(),
            reasons: self.reasons.clone(),
            signed: read.map(ReadReport::signed_when).unwrap_or_default(),
            missing: manifest.missing.iter().map(|missing| missing.what.clone()).collect(),
        }
    }

    /// Hashes the files, and looks into each.
    pub(super) fn files(
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
            if piece.role != Role::Report
                && others_signatures(&bytes, &self.request.question) == Others::Broken
            {
                self.refuse(
                    format!("{path} is signed, and the signature does not hold."),
                    "use the file as it was signed; what a program saved or printed anew has lost its signatures",
                );
            }
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
        manifest.files.extend(files.iter().map(|file| file.entry.clone()));
        manifest.files.sort_by(|one, other| one.path.cmp(&other.path));
        manifest.nhs_numbers += found.len();
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
}
