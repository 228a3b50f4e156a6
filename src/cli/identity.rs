//! `cscr identity`: TEST identities to try signing with, and what an identity is.

mod online;

use super::network::Reach;
use super::passphrase::PassphraseOptions;
use super::{Failure, Outcome, clock, output, terminal};
use crate::signature::identity::{self, TestAlgorithm, TestAuthority, TestPerson};
use crate::signature::revocation::Revocation;
use crate::signature::{Certificate, Signer as _};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Debug, Args)]
pub(super) struct Identity {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a TEST identity, which says in its name that it is one
    New(New),
    /// Show whose an identity is, who says so, and what it signs with
    Show(Show),
}

#[derive(Debug, Args)]
struct New {
    /// Name of the person, as the case has it
    #[arg(long, value_name = "NAME")]
    person: String,
    /// Id of the person in the case, to stand in the certificate
    #[arg(long)]
    id: Option<String>,
    /// Kind of key
    #[arg(long, value_enum, default_value_t = Algorithm::P256)]
    algorithm: Algorithm,
    /// The first day on which the certificate is valid; without it, today
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// The PKCS#12 file to write
    #[arg(long, short, value_name = "FILE.p12")]
    out: PathBuf,
    /// The TEST authority that issues it; without it, or where there is none, a new one is made beside the output
    #[arg(long, value_name = "FILE-ca.p12")]
    ca: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Algorithm {
    P256,
    P384,
    Rsa,
}

#[derive(Debug, Args)]
struct Show {
    /// A PKCS#12 or PEM file with a key and its certificates
    file: PathBuf,
    /// Ask those whom the certificate names (OCSP, revocation lists) whether it was revoked
    #[arg(long)]
    online: bool,
    /// Ask on this machine and in private networks too, for an authority of your own organisation
    #[arg(long, requires = "online")]
    private_network: bool,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

impl Identity {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        match &self.what {
            What::New(command) => command.run(quiet),
            What::Show(command) => command.run(),
        }
    }
}

impl New {
    fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let algorithm = self.algorithm.of_test_identity()?;
        let from = self.date.unwrap_or_else(|| day(clock::now()));
        let authority_file = self.ca.clone().unwrap_or_else(|| beside(&self.out, "-ca.p12"));
        let is_new = self.ca.is_none() || !authority_file.exists();
        refuse_existing(&self.out)?;
        if is_new {
            refuse_existing(&authority_file)?;
        }
        let passphrase = self.passphrase.choose(&self.out.display().to_string())?;
        let authority = if is_new {
            TestAuthority::new(from)?
        } else {
            TestAuthority::open(&read(&authority_file)?, &passphrase)?
        };
        let person = TestPerson { name: &self.person, id: self.id.as_deref() };
        let file = authority.issue(person, algorithm, from, &passphrase)?;
        let mut written = Vec::new();
        if is_new {
            output::write_secret(&authority_file, &authority.to_pkcs12(&passphrase)?)?;
            written.push(authority_file.clone());
        }
        output::write_secret(&self.out, &file)?;
        written.push(self.out.clone());
        let anchor = authority_file.with_extension("pem");
        if is_new || !anchor.exists() {
            output::write_whole(&anchor, authority.certificate().to_pem().as_bytes())?;
            written.push(anchor.clone());
        }
        let lines: Vec<String> = written.iter().map(|path| format!("{}\n", path.display())).collect();
        terminal::print(&lines.concat())?;
        if !quiet {
            terminal::say(&format!(
                "This is a TEST identity: it proves nothing about who signs. Whoever verifies trusts it with --trust {}.",
                anchor.display()
            ));
        }
        Ok(Outcome::Done)
    }
}

impl Algorithm {
    fn of_test_identity(self) -> Result<TestAlgorithm, Failure> {
        match self {
            Self::P256 => Ok(TestAlgorithm::P256),
            Self::P384 => Ok(TestAlgorithm::P384),
            Self::Rsa => Err(Failure::Output {
                what: "TEST identities with RSA keys cannot be made here\n  do: take p256 or p384; what you have with an RSA key signs all the same"
                    .to_owned(),
            }),
        }
    }
}

/// The file with this ending in the place of `.p12`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{stem}{ending}"))
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    // A key that is written over is lost.
    Err(Failure::Output { what: format!("{} is there already\n  do: name another file", path.display()) })
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |error| Failure::Output {
        what: format!("{} cannot be read: {error}\n  do: check the path", path.display()),
    };
    std::fs::read(path).map(Zeroizing::new).map_err(failed)
}

impl Show {
    fn run(&self) -> Result<Outcome, Failure> {
        let file = read(&self.file)?;
        let passphrase = if identity::needs_passphrase(&file)? {
            Some(self.passphrase.read(&self.file.display().to_string())?)
        } else {
            None
        };
        let identity = identity::open(&file, passphrase.as_ref().map(|passphrase| passphrase.as_str()))?;
        let mut lines = described(identity.chain());
        let reach = Reach::of_certificates(self.private_network);
        let revocation = self.online.then(|| online::revocation(identity.chain(), clock::now(), reach));
        if let Some(revocation) = &revocation {
            lines.push(("Revoked", online::words(revocation)));
        }
        terminal::print(&aligned(lines))?;
        let is_revoked = matches!(revocation, Some(Revocation::Revoked { .. }));
        Ok(if is_revoked { Outcome::No } else { Outcome::Done })
    }
}

/// Whose a key is, in lines.
fn described(chain: &[Certificate]) -> Vec<(&'static str, String)> {
    let Some(own) = chain.first() else { return Vec::new() };
    let key = own.key().map_or_else(|fault| fault.to_string(), |kind| kind.to_string());
    let mut lines = vec![
        ("Holder", own.subject()),
        ("Issuer", own.issuer()),
        ("Valid", format!("{} to {}", day(own.valid_from()), day(own.valid_until()))),
        ("Key", key),
        ("Serial", own.serial()),
        ("SHA-256", own.fingerprint()),
        ("Chain", chain.iter().map(Certificate::holder).collect::<Vec<_>>().join(" <- ")),
    ];
    if chain.iter().any(Certificate::is_test) {
        lines.push(("Test", "a TEST identity, which proves nothing about who signs".to_owned()));
    }
    lines
}

fn aligned(lines: Vec<(&'static str, String)>) -> String {
    lines.into_iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name:<8} {value}");
        text
    })
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}
