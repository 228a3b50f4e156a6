//! `cscr sign`: the signature of a person under a report.

mod words;

use super::network::{Network, Reach};
use super::passphrase::PassphraseOptions;
use super::{Failure, Outcome, clock, output, terminal};
use crate::report::stamp::{Stamp, stamp};
use crate::report::{FontSet, ReportSignatory, SignOff};
use crate::signature::fields::{Field, fields};
use crate::signature::identity::{self, SoftwareIdentity};
use crate::signature::pdf::Document;
use crate::signature::sign::{SignatureRequest, field_to_sign, refuse_if_broken, sign};
use crate::signature::{Certificate, Signer as _, TimeStampAuthority};
use crate::signed_report::{agreement_of, is_name_of};
use clap::Args;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Debug, Args)]
pub(super) struct Sign {
    /// The report, as `cscr build` wrote it or the signatory before signed it
    pdf: PathBuf,
    /// Id of the person who signs, as case.toml has it
    #[arg(long = "as", value_name = "ID")]
    person: String,
    /// The key of that person with its certificates: PKCS#12 (.p12, .pfx) or PEM
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// The key, where --identity holds the certificates alone (PEM)
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    /// Why the person signs; it is part of what is signed, and printed
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Address of an RFC 3161 time-stamping authority, which then vouches for when the person signed
    #[arg(long, value_name = "URL")]
    tsa: Option<String>,
    /// When the person signs, such as 2026-09-14T09:05:00Z; without it, now
    #[arg(long, value_name = "RFC3339")]
    date: Option<Timestamp>,
    /// Where to write the signed report; without it, over the report itself, which the signed one holds unchanged
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Sign a DRAFT, which the signature then says; without it, only a report for release is signed
    #[arg(long)]
    draft: bool,
    /// Sign although the certificate names somebody else than the case does
    #[arg(long)]
    name_differs: bool,
}

/// Who signs, with whose certificate, and when.
struct Signing<'a> {
    signatory: &'a ReportSignatory,
    /// Whom the certificate names, where that is somebody else.
    certificate_of: Option<&'a str>,
    time: Timestamp,
}

impl Sign {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let pdf = read(&self.pdf)?;
        if !pdf.starts_with(b"%PDF-") {
            return Err(no_report(&self.pdf));
        }
        let target = self.output.as_deref().unwrap_or(&self.pdf);
        output::refuse_other_files(target, Path::new("."), [])?;
        let report = Document::read(&pdf)?;
        let sign_off = SignOff::of_report(&report)?;
        let field = field_to_sign(&report, &self.person)?;
        refuse_if_broken(&report)?;
        let signatory = sign_off.signatory(&self.person).ok_or_else(|| unknown(&self.person))?;
        if sign_off.draft && !self.draft {
            refuse_draft(&sign_off);
            return Ok(Outcome::No);
        }
        let disagreements = agreement_of(&report, &sign_off)?.faults;
        if !disagreements.is_empty() {
            refuse_disagreement(&disagreements);
            return Ok(Outcome::No);
        }
        let say = |words: &str| {
            if !quiet {
                terminal::say(words);
            }
        };
        say(&words::to_be_signed(&sign_off, signatory));
        let identity = self.open_identity()?;
        let holder = identity.chain().first().map(Certificate::holder).unwrap_or_default();
        let is_other = !is_name_of(&holder, &signatory.name);
        if is_other && !self.is_same_person(signatory, &holder)? {
            return Ok(Outcome::No);
        }
        let signing = Signing {
            signatory,
            certificate_of: is_other.then_some(holder.as_str()),
            time: self.date.unwrap_or_else(clock::now),
        };
        if let Some(caution) = words::ended_registration(&signing) {
            say(&caution);
        }
        let signed = self.signed(&report, &sign_off, &field, &signing, &identity)?;
        output::write_whole(target, &signed)?;
        say(&words::has_signed(&fields(&report)?, &signing));
        terminal::print(&format!("{}\n", target.display()))?;
        Ok(Outcome::Done)
    }

    fn signed(
        &self,
        report: &Document<'_>,
        sign_off: &SignOff,
        field: &Field,
        signing: &Signing<'_>,
        identity: &SoftwareIdentity,
    ) -> Result<Vec<u8>, Failure> {
        let Signing { signatory, certificate_of, time } = *signing;
        let page = Stamp {
            name: &signatory.name,
            certificate_of,
            role: signatory.role.as_deref(),
            registration: signatory.registration.as_deref(),
            time,
            reason: self.reason.as_deref(),
            test_identity: identity.chain().iter().any(Certificate::is_test),
            draft: sign_off.draft,
        };
        let page = stamp(&FontSet::embedded(), &page, field.size)?;
        // What PDF readers show of a signature says whose certificate it is as well.
        let name = match certificate_of {
            Some(holder) => format!("{} (certificate of {holder})", signatory.name),
            None => signatory.name.clone(),
        };
        let request = SignatureRequest {
            field: &field.id,
            name: &name,
            reason: self.reason.as_deref(),
            time,
            appearance: Some(&page),
        };
        let network = Network::new(Reach::Anywhere);
        let authority = self.tsa.as_deref().map(|url| network.authority(url)).transpose()?;
        let authority = authority.as_ref().map(|authority| authority as &dyn TimeStampAuthority);
        Ok(sign(report, &request, identity, authority)?)
    }

    fn open_identity(&self) -> Result<SoftwareIdentity, Failure> {
        let mut file = Zeroizing::new(read(&self.identity)?);
        if let Some(key) = &self.key {
            let key = Zeroizing::new(read(key)?);
            file.push(b'\n');
            file.extend(key.iter());
        }
        let passphrase = if identity::needs_passphrase(&file)? {
            Some(self.passphrase.read(&self.identity.display().to_string())?)
        } else {
            None
        };
        Ok(identity::open(&file, passphrase.as_ref().map(|passphrase| passphrase.as_str()))?)
    }

    /// Whether somebody says that the person whom the certificate names is the one who is to sign.
    fn is_same_person(&self, signatory: &ReportSignatory, holder: &str) -> Result<bool, Failure> {
        terminal::say(&format!(
            "The certificate is of {holder}, and {} is {} in this case.",
            self.person, signatory.name
        ));
        if self.name_differs || terminal::confirm("Is that the same person, and do they sign?")? {
            return Ok(true);
        }
        terminal::say(
            "Not signed. Sign with the identity of that person, or, where the names differ and the person does not, with --name-differs.",
        );
        Ok(false)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Output {
        what: format!("{} cannot be read: {error}\n  do: check the path", path.display()),
    })
}

fn no_report(path: &Path) -> Failure {
    Failure::Output {
        what: format!(
            "{} is no PDF, and cannot be signed\n  do: name the report, as `cscr build` wrote it",
            path.display()
        ),
    }
}

fn unknown(person: &str) -> Failure {
    Failure::Output {
        what: format!(
            "the report has a field for {person} and does not say who that is\n  do: build the report again"
        ),
    }
}

fn refuse_draft(sign_off: &SignOff) {
    terminal::say("Not signed: the report is a DRAFT. What stands in the way of a release:");
    for reason in &sign_off.reasons {
        terminal::say(&format!("  {reason}"));
    }
    terminal::say(
        "Put that right and build with --release; with --draft the draft is signed, and the signature says DRAFT.",
    );
}

/// Only the attached file says that a report is no draft. So it is held against what is attached beside it.
fn refuse_disagreement(faults: &[String]) {
    terminal::say("Not signed: the report does not agree with what is attached to it.");
    for fault in faults {
        terminal::say(&format!("  {fault}"));
    }
    terminal::say("Build the report again, and sign the file that `cscr build --release` writes.");
}
