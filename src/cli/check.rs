//! `cscr check`: the findings on a case and what is missing.

use super::selection::{Denial, Selection};
use super::{CaseArgs, Failure, FindingsFormat, Outcome, exemptions, findings, stale, terminal};
use crate::assurance::Assurance;
use crate::assurance::finding::Finding;
use crate::assurance::graph::Graph;
use crate::assurance::sarif;
use crate::case::digest::canonical_json;
use crate::parallel::side_by_side;
use crate::report::FontSet;
use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;
use std::mem::ManuallyDrop;
use std::path::{Component, Path};

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    case: CaseArgs,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    denial: Denial,
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    format: FindingsFormat,
}

/// What `--format json` prints: the verdict, with those findings that were asked for.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    assurance: &'a Assurance,
    /// What the rows of the cross-reference are read from.
    graph: &'a Graph,
    /// How many findings `--only` and `--skip` left out.
    left_out: usize,
}

impl Check {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        // The program ends with this command: to put away thousands of hazards piece by piece would only take time.
        let (loaded, fonts) = side_by_side(
            || crate::intake::folder::load(&self.case.case, self.case.as_of, &self.case.limits.limits()),
            FontSet::embedded,
        );
        let loaded = ManuallyDrop::new(loaded?);
        let assurance = ManuallyDrop::new(crate::assure(&loaded, &fonts));
        let shown = self.selection.of(&assurance.findings);
        terminal::print(&match self.format {
            FindingsFormat::Json => json(&assurance, &shown),
            FindingsFormat::Sarif => {
                canonical_json(&sarif::log(shown.iter().copied(), &base(&self.case.case)))
            }
            FindingsFormat::Text => self.page(&assurance, &shown),
        })?;
        if !quiet {
            terminal::say(&summary(&assurance, &shown));
        }
        Ok(if self.denial.denies(&shown) { Outcome::No } else { Outcome::Done })
    }

    fn page(&self, assurance: &Assurance, shown: &[&Finding]) -> String {
        let mut page = findings::page(shown, self.selection.verbose);
        // Neither changes nor exemptions nor gaps are findings of a check; who asks for some checks does not ask for them.
        if self.selection.is_everything() {
            page += &stale::page(&assurance.approvals, self.selection.verbose, "--verbose shows them");
            page += &exemptions::page(&assurance.not_applicable, self.selection.verbose);
        }
        if self.selection.is_everything() && !assurance.cross_reference.gaps.is_empty() {
            page += &terminal::heading("Gaps between the risk assessment, the hazards and their review");
            for gap in &assurance.cross_reference.gaps {
                let _ = writeln!(page, "  {}", gap.message);
            }
            page.push('\n');
        }
        page
    }
}

fn json(assurance: &Assurance, shown: &[&Finding]) -> String {
    let left_out = assurance.findings.len() - shown.len();
    let graph = &assurance.graph;
    if left_out == 0 {
        return canonical_json(&Shown { assurance, graph, left_out });
    }
    let findings = shown.iter().map(|finding| (*finding).clone()).collect();
    canonical_json(&Shown { assurance: &Assurance { findings, ..assurance.clone() }, graph, left_out })
}

/// The case folder as a tool that runs in the same place names it: relative, with `/`; else nothing, as the
/// path of somebody's machine means nothing elsewhere.
fn base(case: &Path) -> String {
    let mut base = String::new();
    for part in case.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => {
                base.push_str(&name.to_string_lossy());
                base.push('/');
            }
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return String::new(),
        }
    }
    base
}

fn summary(assurance: &Assurance, shown: &[&Finding]) -> String {
    let status = if assurance.status.draft { "DRAFT" } else { "can be released" };
    let shown_blocking = shown.iter().filter(|finding| finding.blocks()).count();
    let left_out = match (assurance.findings.len() - shown.len(), assurance.counts.blocking - shown_blocking)
    {
        (0, _) => String::new(),
        (count, 0) => format!("; {count} left out"),
        (count, blocking) => format!("; {count} left out, {blocking} of them blocking"),
    };
    let gaps = assurance.cross_reference.gaps.len();
    format!(
        "{status}, as of {}; findings: {}{left_out}; {gaps} {} in the cross-reference",
        assurance.as_of,
        terminal::tally(shown.iter().copied()),
        terminal::plural(gaps, "gap"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_named_as_the_caller_names_it_unless_that_is_a_path_of_one_machine() {
        assert_eq!(base(Path::new("./samples/referral-hub")), "samples/referral-hub/");
        assert_eq!(base(Path::new(".")), "");
        assert_eq!(base(Path::new("../elsewhere")), "");
        assert_eq!(base(&std::env::temp_dir()), "");
    }
}
