//! `cscr approve`: records that a person approves a document as it is now.
//!
//! It shows what is approved and asks. Without somebody to ask, and without `--yes`, nothing is recorded.

use super::{CaseArgs, Failure, Outcome, ask, clock, output, terminal};
use crate::assurance::finding::Finding;
use crate::case::approval::{Approval, ApprovalEvidence, ApprovalMeans, ApprovedDocument};
use crate::case::digest::sha256_hex;
use crate::case::{Case, Date};
use crate::intake::approvals::FILE;
use crate::intake::files::CaseFolder;
use crate::intake::manifest::ResolvedManifest;
use crate::intake::{InputError, LoadedCase};
use crate::signoff::approve::{Before, Proposal, Request, propose};
use crate::signoff::record;
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Approve {
    #[command(flatten)]
    case: CaseArgs,
    /// What is approved
    #[arg(long, value_enum)]
    document: Document,
    /// Id of the person who approves, as case.toml has it
    #[arg(long, value_name = "ID")]
    person: String,
    /// What the person says, to be recorded with the approval
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// Day of the approval; without it, today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// How the approval was given, where the person does not give it here
    #[arg(long, value_enum, requires = "evidence")]
    means: Option<Means>,
    /// The file in the case folder that shows an approval that was given elsewhere
    #[arg(long, value_name = "FILE", requires = "means")]
    evidence: Option<PathBuf>,
    /// Record without asking, for scripts
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Document {
    /// The report
    Cscr,
    /// The hazard log
    HazardLog,
    /// The clinical risk management plan
    Plan,
    /// The Target Operating Model, clinical safety answers
    Tom,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Means {
    /// Signed by hand, on paper
    WetInk,
    /// Given in an e-mail
    EMail,
    /// Given in a meeting, and in its minutes
    Minutes,
}

impl Approve {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let folder = CaseFolder::open(&self.case.case)?;
        let fixed_as_of = ResolvedManifest::read(&folder)?.as_of;
        let recorded = current_text(&folder)?;
        let mut loaded =
            crate::intake::folder::load(&self.case.case, self.case.as_of, &self.case.limits.limits())?;
        let request = self.request(&folder)?;
        // The approver answers for the case as it stands on the day of the approval.
        loaded.as_of = self.case.as_of.unwrap_or(request.date);
        let assurance = crate::assure(&loaded, &crate::report::FontSet::embedded());
        let proposal = match propose(&loaded, &assurance, fixed_as_of, &request) {
            Ok(proposal) => proposal,
            Err(refusal) => {
                terminal::say(&format!("Not approved: {refusal}"));
                return Ok(Outcome::No);
            }
        };
        if !(quiet && self.yes) {
            terminal::say(&page(&loaded, assurance.as_of, &proposal));
        }
        if !self.is_confirmed(&proposal.approval)? {
            return Ok(Outcome::No);
        }
        self.write(&folder, &recorded, &proposal, &loaded.case)?;
        terminal::print(&format!("{}\n", self.case.case.join(FILE).display()))?;
        if !quiet {
            terminal::say("Approval recorded. `cscr check` says what is still missing.");
        }
        Ok(Outcome::Done)
    }

    fn request(&self, folder: &CaseFolder) -> Result<Request<'_>, InputError> {
        let today = clock::today();
        let evidence = self.evidence.as_deref().map(|file| evidence(folder, &self.case.case, file));
        Ok(Request {
            document: self.document(),
            person: &self.person,
            date: self.date.unwrap_or(today),
            today,
            statement: self.statement.as_deref().map(str::trim).filter(|statement| !statement.is_empty()),
            means: self.means(),
            evidence: evidence.transpose()?,
        })
    }

    fn document(&self) -> ApprovedDocument {
        match self.document {
            Document::Cscr => ApprovedDocument::Cscr,
            Document::HazardLog => ApprovedDocument::HazardLog,
            Document::Plan => ApprovedDocument::Plan,
            Document::Tom => ApprovedDocument::Tom,
        }
    }

    fn means(&self) -> Option<ApprovalMeans> {
        self.means.map(|means| match means {
            Means::WetInk => ApprovalMeans::WetInk,
            Means::EMail => ApprovalMeans::EMail,
            Means::Minutes => ApprovalMeans::Minutes,
        })
    }

    fn is_confirmed(&self, approval: &Approval) -> Result<bool, Failure> {
        if self.yes {
            return Ok(true);
        }
        let name = approval.name.as_deref().unwrap_or(&approval.person);
        let question = format!("Type yes if you are {name}, or record what {name} said: ");
        match ask::confirmed(&question)? {
            ask::Answer::Yes => return Ok(true),
            ask::Answer::No => terminal::say("Not approved: nothing was recorded."),
            ask::Answer::Nobody => terminal::say(
                "Not approved: there is no terminal to ask at\n  do: run this where the person can answer, or give --yes once they have approved what is shown",
            ),
        }
        Ok(false)
    }

    /// The copy first: an approval that is recorded has one.
    fn write(
        &self,
        folder: &CaseFolder,
        recorded: &str,
        proposal: &Proposal,
        case: &Case,
    ) -> Result<(), Failure> {
        let text = record::with_approval(recorded, &proposal.approval)
            .map_err(|refusal| Failure::refused(&refusal))?;
        crate::intake::approvals::parse(&text, &case.people)?;
        if current_text(folder)? != recorded {
            return Err(Failure::Output {
                what: format!(
                    "{FILE} was changed by somebody else in the meantime; nothing was recorded\n  do: run the command again"
                ),
            });
        }
        output::write_new_file(&self.case.case, &proposal.snapshot)?;
        output::write_whole(&self.case.case.join(FILE), text.as_bytes())
    }
}

fn current_text(folder: &CaseFolder) -> Result<String, InputError> {
    if folder.has(FILE) { folder.read_text(FILE) } else { Ok(String::new()) }
}

/// The file that shows an approval; it is named from the case folder, or as a path that leads into it.
fn evidence(folder: &CaseFolder, root: &Path, file: &Path) -> Result<ApprovalEvidence, InputError> {
    let stated = file.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let path = if folder.has(&stated) { stated } else { within(root, file).unwrap_or(stated) };
    if !folder.has(&path) {
        return Err(InputError::new(format!("\"{}\" is not a file in the case folder", file.display()))
            .hint("copy it into the case folder, and name it by its path from there"));
    }
    let sha256 = sha256_hex(&folder.read_bytes(&path)?);
    Ok(ApprovalEvidence { file: path, sha256 })
}

fn within(root: &Path, file: &Path) -> Option<String> {
    let (root, file) = (root.canonicalize().ok()?, file.canonicalize().ok()?);
    let parts = file.strip_prefix(root).ok()?.components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Some(parts.join("/"))
}

/// What somebody has to see before they approve.
fn page(loaded: &LoadedCase, as_of: Date, proposal: &Proposal) -> String {
    let Proposal { approval, cautions, blocking, findings, before, .. } = proposal;
    let mut page = terminal::heading("Approval to be recorded");
    let mut line = |label: &str, text: &str| {
        let _ = writeln!(page, "  {label:<11} {text}");
    };
    line("document", &document(&loaded.case, approval));
    line("version", approval.version.as_deref().unwrap_or("(not given)"));
    line("by", &who(approval));
    line("date", &format!("{:#}", approval.date));
    line("content", &approval.content_digest);
    if approval.document == ApprovedDocument::Cscr {
        let short = terminal::short_digest(&approval.content_digest);
        line("", &format!("each page of the PDF that was read says at its foot: content {short}"));
    }
    if let Some(statement) = &approval.statement {
        line("statement", statement);
    }
    if let (Some(means), Some(evidence)) = (approval.means, &approval.evidence) {
        line("given", &format!("{}: {} (SHA-256 {})", means.words(), evidence.file, evidence.sha256));
    }
    if let Some(before) = before {
        changed(before, &mut line);
    }
    line("findings", &open(findings, as_of, approval));
    for (title, count) in blocking {
        line(
            "",
            &format!("blocking: {title}{}", if *count == 1 { String::new() } else { format!(" ({count})") }),
        );
    }
    for caution in cautions {
        line("caution", caution);
    }
    page
}

fn document(case: &Case, approval: &Approval) -> String {
    let title = match approval.document {
        ApprovedDocument::Cscr => case.document.title.as_deref(),
        ApprovedDocument::HazardLog => case.hazard_log.title.as_deref(),
        ApprovedDocument::Plan => case.plan.as_ref().and_then(|plan| plan.title.as_deref()),
        ApprovedDocument::Tom => None,
    };
    match title {
        Some(title) => format!("{}: {title}", approval.document.name()),
        None => format!("{} of {}", approval.document.name(), case.product.name),
    }
}

fn who(approval: &Approval) -> String {
    let mut who = approval.name.clone().unwrap_or_else(|| approval.person.clone());
    if let Some(role) = &approval.role {
        let _ = write!(who, ", {role}");
    }
    if let Some(registration) = &approval.registration {
        let number = registration.number.as_deref().map(|number| format!(" {number}")).unwrap_or_default();
        let _ = write!(who, " ({}{number})", registration.body);
    }
    who
}

/// What is otherwise than what the person approved before.
fn changed(before: &Before, line: &mut impl FnMut(&str, &str)) {
    const SHOWN: usize = 12;
    let Before { date, changed } = before;
    line("changed", &format!("since the approval of {date:#} by the same person:"));
    for change in changed.iter().take(SHOWN) {
        line("", change);
    }
    let more = changed.len().saturating_sub(SHOWN);
    if more > 0 {
        let noun = terminal::plural(more, "change");
        line("", &format!("and {more} more {noun}; `cscr check --verbose` shows all of a stale approval"));
    }
}

/// How many findings stand open, without those of approvals that are missing or not given yet.
fn open(findings: &[Finding], as_of: Date, approval: &Approval) -> String {
    let tally = terminal::tally(findings);
    format!(
        "{tally}, as of {:#} (without approvals that are missing or not given yet)",
        approval.date.max(as_of)
    )
}
