//! `cscr init`: makes a case folder that builds at once.

use super::limits::LimitOptions;
use super::{Failure, Outcome, terminal};
use crate::case::Date;
use crate::intake::init::Given;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make
    folder: PathBuf,
    /// Hazard log to copy in: a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), delimited text (.csv, .tsv), our own TOML or
    /// JSON, Markdown, or a folder with a Markdown page a hazard
    #[arg(long, value_name = "FILE")]
    hazard_log: Option<PathBuf>,
    /// TOM workbook to copy in (.xlsx)
    #[arg(long, value_name = "FILE")]
    tom: Option<PathBuf>,
    /// Date to judge registrations and due dates by; without it, the latest date in the hazard log
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    #[command(flatten)]
    limits: LimitOptions,
}

impl Init {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let given = Given {
            hazard_log: self.hazard_log.as_deref(),
            tom: self.tom.as_deref(),
            as_of: self.as_of,
            limits: self.limits.limits(),
        };
        let written = crate::intake::init::init(&self.folder, &given)?;
        terminal::print(&(written.join("\n") + "\n"))?;
        if !quiet {
            let folder = self.folder.display();
            terminal::say(&format!(
                "Made {folder}. Next: fill in {folder}/case.toml; `cscr check {folder}` says what is missing."
            ));
        }
        Ok(Outcome::Done)
    }
}
