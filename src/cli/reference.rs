//! `cscr explain`: what a check looks for, why, and what to do about its findings.

use super::{Failure, Format, Outcome, selection, terminal};
use crate::assurance::reference::{self, Entry};
use crate::case::digest::canonical_json;
use anstream::{print, println};
use clap::Args;

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
    #[expect(clippy::unnecessary_wraps, reason = "as every command")]
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let all = self.checks.is_empty();
        let entries = if all { reference::entries().collect() } else { self.checks.clone() };
        match self.format {
            Format::Json => print!("{}", canonical_json(&entries)),
            Format::Text if all => list(&entries),
            Format::Text => entries.iter().for_each(explain),
        }
        Ok(Outcome::Done)
    }
}

fn list(entries: &[Entry]) {
    for group in entries.chunk_by(|one, other| one.group == other.group) {
        terminal::heading(group[0].group);
        for entry in group {
            let style = terminal::style(entry.level);
            println!("  {:<4} {style}{:<11}{style:#} {}", entry.id, entry.level.word(), entry.title);
        }
        println!();
    }
    println!("`cscr explain ID` says why a check matters and what to do.");
}

fn explain(entry: &Entry) {
    terminal::heading(&format!("{}: {}", entry.id, entry.title));
    println!("{}\n\n{}\n\nTo do: {}\n", entry.facts(), entry.why, entry.remedy);
}
