//! `cscr log`: the issues of a case, who approved them, and what has changed since.

use super::{CaseArgs, Failure, Format, Outcome, terminal};
use crate::case::digest::canonical_json;
use crate::intake::files::CaseFolder;
use crate::signoff::log::{Content, Entry, Log as History, log};
use clap::Args;
use std::fmt::Write as _;

#[derive(Debug, Args)]
pub(super) struct Log {
    #[command(flatten)]
    case: CaseArgs,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show every change since the last issue
    #[arg(long, short)]
    verbose: bool,
}

impl Log {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let CaseArgs { case, as_of, limits } = &self.case;
        let loaded = crate::intake::folder::load(case, *as_of, &limits.limits())?;
        let assurance = crate::assure(&loaded, &crate::report::FontSet::embedded());
        let history = log(&CaseFolder::open(case)?, &loaded, &assurance)?;
        terminal::print(&match self.format {
            Format::Json => canonical_json(&history),
            Format::Text => page(&history, self.verbose),
        })?;
        Ok(Outcome::Done)
    }
}

fn page(history: &History, all: bool) -> String {
    const SHOWN: usize = 12;
    let mut page = String::new();
    for entry in &history.issues {
        page += &of_issue(entry);
    }
    if history.issues.is_empty() {
        page += "Nothing has been issued yet.\n";
    } else if let Some(unknown) = &history.unknown {
        let _ = writeln!(page, "What changed since is not known: {unknown}");
    } else if history.changed_since.is_empty() {
        page += "Nothing has changed since.\n";
    } else {
        page += &terminal::heading("Changed since");
        let shown = if all { history.changed_since.len() } else { SHOWN.max(history.weightiest) };
        for line in history.changed_since.iter().take(shown) {
            let _ = writeln!(page, "  {line}");
        }
        let more = history.changed_since.len().saturating_sub(shown);
        if more > 0 {
            let changes = terminal::plural(more, "change");
            let _ = writeln!(page, "  and {more} more {changes}; --verbose shows them");
        }
        if let Some(proposal) = &history.proposal {
            let _ = writeln!(page, "{proposal}");
        }
    }
    if !history.approved.is_empty() {
        page += &terminal::heading("Approvals, by what they are of");
        for content in &history.approved {
            page += &of_content(content);
        }
    }
    for sentence in &history.stale {
        let _ = writeln!(page, "{sentence}");
    }
    page
}

fn of_content(content: &Content) -> String {
    let Content { document, version, digest, is_present, approvals } = content;
    let version = version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let now = if *is_present { "as it is now" } else { "not as it is now" };
    let short = terminal::short_digest(digest);
    let mut page = format!("  {}{version}, content {short}, {now}\n", document.name());
    for given in approvals {
        let _ = write!(page, "    {} on {:#}", given.name, given.date);
        if let Some(recorded) = given.recorded.filter(|recorded| *recorded != given.date) {
            let _ = write!(page, ", recorded on {recorded:#}");
        }
        if let Some(withdrawn) = given.withdrawn {
            let because = given.withdrawn_because.as_deref().unwrap_or_default().trim();
            let _ = write!(page, "; withdrawn on {withdrawn:#}: \"{because}\"");
        }
        page += if given.altered { "; the record was altered\n" } else { "\n" };
    }
    page
}

fn of_issue(entry: &Entry) -> String {
    let Entry { version, date, summary, hazards, hazard_log_version, digest, approvals } = entry;
    let mut page = terminal::heading(&format!("{version}  {date:#}"));
    let log = hazard_log_version.as_deref().map(|version| format!(" of hazard log {version}"));
    let noun = terminal::plural(*hazards, "hazard");
    let _ = writeln!(page, "  {hazards} {noun}{}; content {digest}", log.unwrap_or_default());
    if let Some(summary) = summary {
        let _ = writeln!(page, "  {summary}");
    }
    for given in approvals {
        let _ = writeln!(page, "  {} approved by {} on {:#}", given.document.name(), given.name, given.date);
    }
    page
}
