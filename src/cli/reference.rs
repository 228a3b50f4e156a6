//! `cscr explain`: what a check looks for, why, and what to do about its findings.

use super::{Failure, Format, Outcome, selection, terminal};
use crate::assurance::reference::{self, Entry};
use crate::case::digest::canonical_json;
use clap::Args;
use std::fmt::Write as _;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Ids of checks, such as B5; without any, all checks are listed
    #[arg(value_name = "ID", value_parser = entry)]
    checks: Vec<Entry>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn entry(id: &str) -> Result<Entry, String> {
    reference::entry(id.trim()).ok_or_else(|| selection::unknown(id.trim()))
}

impl Explain {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let all = self.checks.is_empty();
        let entries = if all { reference::entries().collect() } else { self.checks.clone() };
        terminal::print(&match self.format {
            Format::Json => canonical_json(&entries),
            Format::Text if all => list(&entries),
            Format::Text => entries.iter().map(explain).collect(),
        })?;
        Ok(Outcome::Done)
    }
}

fn list(entries: &[Entry]) -> String {
    let mut page = String::new();
    for group in entries.chunk_by(|one, other| one.group == other.group) {
        page += &terminal::heading(group[0].group);
        for entry in group {
            let style = terminal::style(entry.level);
            let level = entry.level.word();
            let _ = writeln!(page, "  {:<4} {style}{level:<11}{style:#} {}", entry.id, entry.title);
        }
        page.push('\n');
    }
    page += "`cscr explain ID` says why a check matters and what to do.\n";
    page
}

fn explain(entry: &Entry) -> String {
    let mut page = terminal::heading(&format!("{}: {}", entry.id, entry.title));
    let _ = writeln!(page, "{}\n\n{}\n\nTo do: {}\n", entry.facts(), entry.why, entry.remedy);
    for (label, text) in entry.notes() {
        let _ = writeln!(page, "{label}: {text}\n");
    }
    page
}
