//! `cscr check`: the findings on a case and what is missing.

use super::{CaseArgs, Failure, Format, Outcome, terminal};
use crate::assurance::Assurance;
use crate::assurance::graph::Graph;
use crate::case::digest::canonical_json;
use anstream::{eprintln, print, println};
use clap::Args;
use serde::Serialize;

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    case: CaseArgs,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Check {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let loaded = crate::intake::folder::load(&self.case.case, self.case.as_of)?;
        let assurance = crate::assure(&loaded, &crate::report::FontSet::embedded());
        match self.format {
            Format::Json => {
                print!("{}", canonical_json(&Whole { assurance: &assurance, graph: &assurance.graph }))
            }
            Format::Text => show(&assurance),
        }
        if !quiet {
            eprintln!("{}", summary(&assurance));
        }
        Ok(if assurance.counts.blocking == 0 { Outcome::Done } else { Outcome::No })
    }
}

/// The verdict with the graph that its rows are read from.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    assurance: &'a Assurance,
    graph: &'a Graph,
}

fn show(assurance: &Assurance) {
    terminal::findings(&assurance.findings);
    if !assurance.cross_reference.gaps.is_empty() {
        terminal::heading("Gaps between the risk assessment, the hazards and their review");
        for gap in &assurance.cross_reference.gaps {
            println!("  {}", gap.message);
        }
        println!();
    }
}

fn summary(assurance: &Assurance) -> String {
    let status = if assurance.status.draft { "DRAFT" } else { "can be released" };
    format!(
        "{status}, as of {}; findings: {}; {} {} in the cross-reference",
        assurance.as_of,
        terminal::tally_of(&assurance.counts),
        assurance.cross_reference.gaps.len(),
        terminal::plural(assurance.cross_reference.gaps.len(), "gap"),
    )
}
