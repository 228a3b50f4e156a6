//! `cscr issue`: a version of the report, with its date, its row in the revision history, and what it said.

use super::{CaseArgs, Failure, Outcome, clock, output, terminal};
use crate::assurance::Assurance;
use crate::case::Date;
use crate::intake::LoadedCase;
use crate::intake::files::CaseFolder;
use crate::intake::manifest::FILE;
use crate::signoff::history;
use crate::signoff::issue::{Issued, Request, edit, kept};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Issue {
    #[command(flatten)]
    case: CaseArgs,
    /// Version to issue, after all that came before
    #[arg(long, value_name = "VERSION")]
    version: String,
    /// What changed, for the revision history
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Day of issue; without it, today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
}

impl Issue {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let folder = CaseFolder::open(&self.case.case)?;
        let manifest = folder.read_text(FILE)?;
        let document = self.load()?.case.document;
        let request = Request {
            version: &self.version,
            date: self.date,
            today: clock::today(),
            summary: self.summary.as_deref().map(str::trim).filter(|summary| !summary.is_empty()),
        };
        let issued = match edit(&manifest, &document, &history::issues(&folder)?, &request) {
            Ok(issued) => issued,
            Err(refusal) => {
                terminal::say(&format!("Not issued: {refusal}"));
                return Ok(Outcome::No);
            }
        };
        let (loaded, assurance) = self.with_manifest(&manifest, &issued)?;
        let files = kept(&loaded, &assurance, &issued);
        for file in &files {
            output::write_new_file(&self.case.case, file)?;
        }
        if !quiet {
            report(&loaded, &assurance, &issued);
        }
        let written: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        terminal::print(&(written.join("\n") + "\n"))?;
        Ok(Outcome::Done)
    }

    fn load(&self) -> Result<LoadedCase, Failure> {
        let CaseArgs { case, as_of, limits } = &self.case;
        Ok(crate::intake::folder::load(case, *as_of, &limits.limits())?)
    }

    /// The case with the version in its manifest. Where it cannot be read so, the manifest is put back.
    fn with_manifest(&self, manifest: &str, issued: &Issued) -> Result<(LoadedCase, Assurance), Failure> {
        let path = self.case.case.join(FILE);
        if issued.manifest != manifest {
            output::write_whole(&path, issued.manifest.as_bytes())?;
        }
        let loaded = match self.load() {
            Ok(loaded) => loaded,
            Err(failure) => {
                output::write_whole(&path, manifest.as_bytes())?;
                return Err(failure);
            }
        };
        let assurance = crate::assure(&loaded, &crate::report::FontSet::embedded());
        Ok((loaded, assurance))
    }
}

fn report(loaded: &LoadedCase, assurance: &Assurance, issued: &Issued) {
    let Issued { version, date, .. } = issued;
    terminal::say(&format!("{}: version {version} issued on {date:#}", loaded.case.product.name));
    terminal::say(&format!("  content {}", assurance.digests.cscr));
    terminal::say(&format!("  findings: {}, as of {:#}", terminal::tally(&assurance.findings), loaded.as_of));
    if loaded.as_of < *date {
        terminal::say(&format!(
            "  the case is judged by {:#}, before the day of issue: as_of in case.toml says so",
            loaded.as_of
        ));
    }
    terminal::say("Next: those who must approve read it, and `cscr approve` records that they do.");
}
