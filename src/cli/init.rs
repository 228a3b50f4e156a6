//! `cscr init`: makes a case folder that builds at once.

use super::{Failure, Outcome};
use anstream::{eprintln, println};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make
    folder: PathBuf,
    /// Hazard log to copy in (.xlsx)
    #[arg(long, value_name = "FILE")]
    hazard_log: Option<PathBuf>,
    /// TOM workbook to copy in (.xlsx)
    #[arg(long, value_name = "FILE")]
    tom: Option<PathBuf>,
}

impl Init {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let written =
            crate::intake::init::init(&self.folder, self.hazard_log.as_deref(), self.tom.as_deref())?;
        for path in &written {
            println!("{path}");
        }
        if !quiet {
            let folder = self.folder.display();
            eprintln!(
                "Made {folder}. Next: fill in {folder}/case.toml; `cscr check {folder}` says what is missing."
            );
        }
        Ok(Outcome::Done)
    }
}
