//! `cscr verify`: what the signatures of a report are worth.

mod rebuild;
mod words;

use super::{Failure, Format, Outcome, clock, limits, terminal};
use crate::signature::pdf::Document;
use crate::signature::{Certificate, SignatureError};
use crate::signed_report::{self, Answer, Question, Rebuilt, judge, sign_off};
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
        let answer = judge(
            pdf,
            &Question {
                required: &self.require,
                anchors: &certificates(&self.trust)?,
                revocation_lists: &super::ltv::revocation_lists(&self.crl)?,
                ocsp_answers: &self.ocsp.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?,
                same_people: &self.name_differs,
                as_of: self.as_of.unwrap_or_else(clock::now),
            },
        )?;
        let Some(case) = &self.case else { return Ok(answer) };
        let rebuilt = match sign_off(&Document::read(pdf)?)? {
            Some(sign_off) => {
                self.rebuild.compare(pdf, &answer.verification, &sign_off, case, &self.limits.limits())?
            }
            None => Rebuilt::NoReport,
        };
        Ok(answer.with_rebuilt(Some(rebuilt)))
    }

    /// What cannot be read strictly proves nothing, whatever another program makes of it.
    fn unreadable(&self, error: &SignatureError) -> Result<Outcome, Failure> {
        match self.format {
            Format::Text => terminal::print(&words::unreadable(&self.pdf, error))?,
            Format::Json => {
                terminal::print(&crate::case::digest::canonical_json(&signed_report::unreadable(error)))?;
            }
        }
        Ok(Outcome::No)
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
