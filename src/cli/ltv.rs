//! `cscr ltv`: puts into a signed report what proves its signatures in years to come.

use super::network::{Network, Reach};
use super::verify::{certificates, read};
use super::{Failure, Outcome, clock, output, terminal};
use crate::signature::SignatureError;
use crate::signature::long_term::{self, LongTerm, Material};
use crate::signature::revocation::{RevocationService, read_revocation_list};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Ltv {
    /// The signed report
    pdf: PathBuf,
    /// Revocation list, in DER or PEM; may be given several times
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// OCSP answer, in DER; may be given several times
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Certificate of an authority to which the signers' certificates lead, in PEM or DER; needed where the report
    /// does not hold it; may be given several times
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Fetch what is not given from where the certificates say that it is, of those that lead to an authority named
    /// with --trust
    #[arg(long, requires = "trust")]
    fetch: bool,
    /// Fetch from this machine and from private networks too, for an authority of your own organisation
    #[arg(long, requires = "fetch")]
    private_network: bool,
    /// Where to write the report; without it, over the report itself, which the new one holds unchanged
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Ltv {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let target = self.output.as_deref().unwrap_or(&self.pdf);
        output::refuse_other_files(target, Path::new("."), [])?;
        let pdf = read(&self.pdf)?;
        let anchors = certificates(&self.trust)?;
        let revocation_lists = revocation_lists(&self.crl)?;
        let ocsp_answers = self.ocsp.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
        let network = Network::new(Reach::of_certificates(self.private_network));
        let material = Material {
            anchors: &anchors,
            revocation_lists: &revocation_lists,
            ocsp_answers: &ocsp_answers,
            service: self.fetch.then_some(&network as &dyn RevocationService),
            as_of: Some(clock::now()),
        };
        let done = long_term::add(&pdf, &material)?;
        output::write_whole(target, &done.pdf)?;
        if !quiet {
            say(&done);
        }
        terminal::print(&format!("{}\n", target.display()))?;
        Ok(if done.unknown.is_empty() { Outcome::Done } else { Outcome::No })
    }
}

impl RevocationService for Network {
    fn revocation_list(&self, url: &str) -> Result<Vec<u8>, SignatureError> {
        self.fetch(url)
    }

    fn ocsp_answer(&self, url: &str, request: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.ocsp(url, request)
    }
}

fn say(done: &LongTerm) {
    let [certificates, lists, answers] = done.added;
    terminal::say(&format!(
        "Added: {certificates} {}, {lists} {}, {answers} {}.",
        terminal::plural(certificates, "certificate"),
        terminal::plural(lists, "revocation list"),
        terminal::plural(answers, "OCSP answer")
    ));
    for unknown in &done.unknown {
        terminal::say(&format!("Still not known: {unknown}."));
    }
    if !done.unknown.is_empty() {
        terminal::say(
            "Give what the authority publishes with --crl or --ocsp, or have it fetched with --trust and --fetch.",
        );
    }
}

/// The revocation lists of these files.
pub(super) fn revocation_lists(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Failure> {
    let list = |path: &PathBuf| {
        read_revocation_list(&read(path)?)
            .map_err(|error| Failure::Output { what: format!("{}: {error}", path.display()) })
    };
    paths.iter().map(list).collect()
}
