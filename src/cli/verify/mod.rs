//! `cscr verify`: what the signatures of a report are worth.

mod answer;
mod people;
mod rebuild;
mod words;

use super::{Failure, Format, Outcome, clock, limits, terminal};
use crate::report::SignOff;
use crate::signature::pdf::Document;
use crate::signature::verify::{Expectations, signing_fields, verify};
use crate::signature::{Certificate, SignatureError};
use answer::Answer;
pub(super) use answer::agreement_of;
use clap::Args;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The signed report
    pdf: PathBuf,
    /// Ids of people who have to have signed; without it, all who have a field in the report
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    require: Vec<String>,
    /// Certificate of an authority that you trust, in PEM or DER; may be given several times. Without it, only
    /// whether the signatures are intact is said
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Revocation list, in DER or PEM; may be given several times
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// OCSP answer, in DER; may be given several times
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Case folder: says whether building it now gives the very bytes that were signed
    #[arg(long, value_name = "DIR")]
    case: Option<PathBuf>,
    #[command(flatten)]
    rebuild: rebuild::RebuildOptions,
    /// Id of a person whose certificate has another name than the report, and who is the same; may be given several
    /// times
    #[arg(long, value_name = "ID")]
    name_differs: Vec<String>,
    /// Moment at which it is asked, such as 2026-09-14T09:05:00Z; without it, now. A signature from later is refused, and
    /// a certificate that has ended by then is told
    #[arg(long, value_name = "RFC3339")]
    as_of: Option<Timestamp>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    limits: limits::LimitOptions,
}

impl Verify {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let pdf = read(&self.pdf)?;
        let answer = match self.answer(&pdf) {
            Ok(answer) => answer,
            Err(Failure::Signature(error)) if pdf.starts_with(b"%PDF-") => {
                return self.unreadable(&error);
            }
            Err(failure) => return Err(failure),
        };
        match self.format {
            Format::Text => terminal::print(&words::text(&self.pdf, &answer))?,
            Format::Json => terminal::print(&crate::case::digest::canonical_json(&answer))?,
        }
        Ok(if answer.holds { Outcome::Done } else { Outcome::No })
    }

    fn answer(&self, pdf: &[u8]) -> Result<Answer, Failure> {
        let document = Document::read(pdf)?;
        let sign_off = sign_off(&document)?;
        let required = match self.require.as_slice() {
            [] => required(&document, sign_off.as_ref())?,
            named => named.to_vec(),
        };
        let as_of = self.as_of.unwrap_or_else(clock::now);
        let anchors = certificates(&self.trust)?;
        let revocation_lists = super::ltv::revocation_lists(&self.crl)?;
        let ocsp_answers = self.ocsp.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        let expectations = Expectations {
            required: &required,
            anchors: &anchors,
            revocation_lists: &revocation_lists,
            ocsp_answers: &ocsp_answers,
            as_of: Some(as_of),
        };
        let verification = verify(pdf, &expectations)?;
        let rebuilt = match (&self.case, &sign_off) {
            (Some(case), Some(sign_off)) => {
                Some(self.rebuild.compare(pdf, &verification, sign_off, case, &self.limits.limits())?)
            }
            (Some(_), None) => Some(rebuild::Rebuilt::NoReport),
            (None, _) => None,
        };
        answer::of(&document, verification, sign_off.as_ref(), rebuilt, &self.name_differs, as_of)
    }

    /// What cannot be read strictly proves nothing, whatever another program makes of it.
    fn unreadable(&self, error: &SignatureError) -> Result<Outcome, Failure> {
        match self.format {
            Format::Text => terminal::print(&words::unreadable(&self.pdf, error))?,
            Format::Json => {
                terminal::print(&crate::case::digest::canonical_json(&answer::unreadable(error)))?;
            }
        }
        Ok(Outcome::No)
    }
}

/// Whoever has a field, and whoever the report says has one: who takes away the one has to take away the other.
fn required(document: &Document<'_>, sign_off: Option<&SignOff>) -> Result<Vec<String>, SignatureError> {
    let mut required = signing_fields(document)?;
    for signatory in sign_off.iter().flat_map(|sign_off| &sign_off.signatories) {
        if !required.contains(&signatory.id) {
            required.push(signatory.id.clone());
        }
    }
    Ok(required)
}

/// What a report is signed on; nothing for a PDF that is no report of `cscr`.
fn sign_off(document: &Document<'_>) -> Result<Option<SignOff>, SignatureError> {
    match document.attachment(SignOff::FILE, 1) {
        Ok(None) => Ok(None),
        _ => SignOff::of_report(document).map(Some),
    }
}

/// The certificates of these files.
pub(super) fn certificates(paths: &[PathBuf]) -> Result<Vec<Certificate>, Failure> {
    let mut certificates = Vec::new();
    for path in paths {
        let found = Certificate::read_all(&read(path)?)
            .map_err(|error| Failure::Output { what: format!("{}: {error}", path.display()) })?;
        certificates.extend(found);
    }
    Ok(certificates)
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Output {
        what: format!("{} cannot be read: {error}\n  do: check the path", path.display()),
    })
}
