//! `cscr diff`: what changed between two versions of a case, wherever each of them is.
//!
//! [`page`] says what there is to say, once; [`text`] and [`markdown`] only say how it looks.

mod impact;
mod markdown;
mod page;
mod picture;
mod text;

use super::limits::LimitOptions;
use super::{Failure, Outcome, clock, output, terminal};
use crate::case::digest::canonical_json;
use crate::report::{DifferenceInput, Engine, FontSet, Templates};
use crate::signoff::sides::{Compared, compare};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The old side: a case folder, an issue of one (CASE@1.1), a hazard log in any layout, a case.json, a report
    /// (PDF), or a zip archive that holds one of the last two
    old: String,
    /// The new side, named in the same way
    new: String,
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    format: DiffFormat,
    /// Where to write it; without it, to standard output, save a PDF
    #[arg(long, short, value_name = "FILE", required_if_eq("format", "pdf"))]
    output: Option<PathBuf>,
    /// Replace a file that is there already
    #[arg(long)]
    force: bool,
    /// Exit with status 1 where the sides differ
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    limits: LimitOptions,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For a terminal
    Text,
    /// Everything, for programs
    Json,
    /// For a wiki or a merge request
    Md,
    /// For reading on paper: an accessible document, dated today
    Pdf,
}

impl Diff {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        if let Some(path) = &self.output {
            output::refuse_replacing(path, self.force)?;
        }
        let compared = compare(&self.old, &self.new, &self.limits.limits())?;
        match &self.output {
            Some(path) if self.format == DiffFormat::Pdf => output::write_whole(path, &pdf(&compared)?)?,
            Some(path) => output::write_whole(path, self.written(&compared, false).as_bytes())?,
            None => terminal::print(&self.written(&compared, terminal::shows_colours()))?,
        }
        let is_no = self.exit_code && !compared.comparison.equal;
        Ok(if is_no { Outcome::No } else { Outcome::Done })
    }

    fn written(&self, compared: &Compared, colours: bool) -> String {
        match self.format {
            DiffFormat::Json => canonical_json(compared),
            DiffFormat::Md => markdown::written(&page::page(compared)),
            DiffFormat::Text if colours => text::coloured(&page::page(compared)),
            DiffFormat::Text | DiffFormat::Pdf => text::plain(&page::page(compared)),
        }
    }
}

fn pdf(compared: &Compared) -> Result<Vec<u8>, Failure> {
    let engine = Engine::new(FontSet::embedded(), Templates::embedded());
    Ok(engine.difference(&DifferenceInput {
        comparison: &compared.comparison,
        impact: &compared.told(),
        sides: &json!({ "old": compared.old, "new": compared.new }),
        notes: &compared.notes,
        policies: &Value::from(compared.policies.clone()),
        date: clock::today(),
    })?)
}
