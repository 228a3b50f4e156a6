//! `cscr build`: the report of a case as a PDF.
//!
//! Where a report is there that the same build gave, and nothing has changed since, it stays and is said to be
//! unchanged. Where there can be no new report, the last one stays, and is said to be the last one.

use super::{CaseArgs, Failure, Outcome, output, stale, terminal};
use crate::assurance::Assurance;
use crate::assurance::finding::Finding;
use crate::build::{
    BuildError, Figures, Judged, Place, Record, Request, Said, Standing, Times, Unchanged, last, unchanged,
};
use crate::intake::LoadedCase;
use crate::report::{LastLayout, RenderOptions, Rendered, ReportError, Timings};
use crate::trace::{Inputs, Trace};
use crate::whole_file::Desk;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub(super) struct Build {
    #[command(flatten)]
    options: BuildOptions,
    /// Build although nothing has changed
    #[arg(long)]
    force: bool,
    /// Show where the time went
    #[arg(long)]
    timings: bool,
}

/// What is built, and where it goes.
#[derive(Debug, Args)]
pub(super) struct BuildOptions {
    #[command(flatten)]
    case: CaseArgs,
    /// Where to write the PDF; without it, in the case folder's `output`, named as the template says
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Template: a name, or a folder with a template.toml
    #[arg(long, value_name = "NAME|DIR", default_value = "ers-cscr")]
    template: String,
    #[command(flatten)]
    report: ReportOptions,
}

/// What the report of a case is like, whichever case it is of.
#[derive(Debug, Args)]
pub(super) struct ReportOptions {
    /// Folder of templates, whose files override the ones that are built in
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
    /// Folder of further fonts; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(super) fonts: Vec<PathBuf>,
    /// Refuse unless nothing blocks and every approval is there
    #[arg(long)]
    pub(super) release: bool,
    /// Say what changed since this issue of the case
    #[arg(long, value_name = "VERSION")]
    pub(super) since: Option<String>,
    /// Leave the source hazard log out of the PDF's attachments
    #[arg(long)]
    pub(super) without_source_log: bool,
    /// Leave out personal names, and with them the source files, for a published copy
    #[arg(long)]
    pub(super) without_names: bool,
}

/// A report that is asked for, and where it goes.
pub(super) struct Order {
    pub(super) request: Request,
    pub(super) place: Place,
}

/// What a build came to.
pub(super) enum Built {
    Refused(Refused),
    Written(Written),
}

/// A release that is refused.
pub(super) struct Refused {
    /// What stands in the way, a sentence each.
    pub(super) reasons: Vec<String>,
    /// All that there is to say of it.
    pub(super) words: Vec<String>,
    pub(super) figures: Figures,
}

/// A report that is at its place.
pub(super) struct Written {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) said: Said,
    /// What is found of the case and of what was printed, in that order.
    pub(super) findings: Vec<Finding>,
    pub(super) draft: bool,
    /// Whether a build from nothing might come out otherwise.
    pub(super) resumed: bool,
    /// Whether another report was at its place, or none.
    pub(super) is_new: bool,
    times: Times,
    rendering: Timings,
}

impl Build {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let started = Instant::now();
        let order = self.options.order();
        if !self.force
            && let Some(report) = unchanged(&order.request, &order.place)
        {
            still(&report, quiet)?;
            if self.timings {
                timings(&[], started.elapsed());
            }
            return Ok(Outcome::Done);
        }
        let (inputs, made) = order.make();
        match made.and_then(|made| order.put(&inputs, made, &Desk::default())) {
            Ok(Built::Refused(refused)) => {
                terminal::say_all(&refused.words);
                Ok(Outcome::No)
            }
            Ok(Built::Written(report)) => {
                terminal::say_all(&report.said.findings);
                if !quiet {
                    terminal::say(&report.said.subject);
                    terminal::say_all(&report.said.status);
                    terminal::say(&format!("{}:", size(report.said.pages, report.bytes)));
                }
                terminal::print(&format!("{}\n", report.path.display()))?;
                if self.timings {
                    timings(&report.parts(), started.elapsed());
                }
                Ok(Outcome::Done)
            }
            Err(failure) => Err(match order.last_report() {
                Some(last) => Failure::Kept { failure: Box::new(failure), last },
                None => failure,
            }),
        }
    }
}

impl BuildOptions {
    pub(super) fn order(&self) -> Order {
        let CaseArgs { case, as_of, limits } = &self.case;
        let place = match &self.output {
            Some(path) => Place::File(path.clone()),
            None => Place::Folder(case.join("output")),
        };
        let request = Request {
            case: case.clone(),
            as_of: *as_of,
            limits: limits.limits(),
            template: self.template.clone(),
            templates: self.report.templates.clone(),
            fonts: self.report.fonts.clone(),
            release: self.report.release,
            since: self.report.since.clone(),
            options: self.report.options(),
        };
        Order { request, place }
    }

    pub(super) fn case(&self) -> &Path {
        &self.case.case
    }
}

impl ReportOptions {
    fn options(&self) -> RenderOptions {
        RenderOptions { include_source_log: !self.without_source_log, include_names: !self.without_names }
    }
}

impl Order {
    /// Makes the report. The inputs are known however that comes out.
    pub(super) fn make(&self) -> (Inputs, Result<Made, Failure>) {
        self.make_by(Judged::report)
    }

    /// Makes the report after an edit: soon, and not sure to be what [`Order::make`] makes.
    pub(super) fn make_after(&self, last: &mut LastLayout) -> (Inputs, Result<Made, Failure>) {
        self.make_by(|judged| judged.report_after(last))
    }

    fn make_by(
        &self,
        print: impl FnOnce(&Judged) -> Result<Rendered, ReportError>,
    ) -> (Inputs, Result<Made, Failure>) {
        let trace = Trace::kept();
        let judged = Judged::of(&self.request, &trace).map_err(Failure::from);
        let made = judged.and_then(|judged| self.made(&judged, print));
        (trace.inputs(), made)
    }

    /// Puts a report in its place, and beside it what it was made of, unless a build from nothing might come out
    /// otherwise.
    pub(super) fn put(&self, inputs: &Inputs, made: Made, desk: &Desk) -> Result<Built, Failure> {
        let (mut written, pdf) = match made {
            Made::Refused(refused) => return Ok(Built::Refused(refused)),
            Made::Report { written, pdf } => (written, pdf),
        };
        written.is_new = output::write_changed_at(desk, &written.path, &pdf)?;
        // Without a record the next build is done again, which is no fault of this one.
        let said = written.said.clone();
        if !written.resumed
            && let Some(record) = Record::of(&self.request, inputs.clone(), &written.path, &pdf, said)
        {
            let _ = record.write(&written.path, desk);
        }
        Ok(Built::Written(*written))
    }

    fn made(
        &self,
        judged: &Judged,
        print: impl FnOnce(&Judged) -> Result<Rendered, ReportError>,
    ) -> Result<Made, Failure> {
        let Judged { loaded, assurance, .. } = judged;
        let figures = judged.figures();
        if self.request.release && assurance.status.draft {
            let (reasons, words) = (assurance.status.reasons.clone(), refusal(assurance));
            return Ok(Made::Refused(Refused { reasons, words, figures }));
        }
        let path = judged.file(&self.place)?;
        output::refuse_other_files(&path, &self.request.case, inputs(loaded))?;
        let rendered = print(judged)?;
        let in_words = terminal::findings_in_words(&rendered.findings);
        let blocking: Vec<&Finding> = rendered.findings.iter().filter(|finding| finding.blocks()).collect();
        if self.request.release && !blocking.is_empty() {
            let reasons = blocking.into_iter().map(|finding| finding.message.clone()).collect();
            let why = "Not released: what the template printed is not what the hazard log says.";
            let words = in_words.into_iter().chain([why.to_owned()]).collect();
            return Ok(Made::Refused(Refused { reasons, words, figures }));
        }
        let written = Written {
            path,
            bytes: rendered.pdf.len() as u64,
            said: Said {
                subject: subject(loaded, assurance),
                status: status(assurance),
                findings: in_words,
                pages: rendered.pages,
                figures,
            },
            findings: assurance.findings.iter().cloned().chain(rendered.findings).collect(),
            draft: assurance.status.draft,
            resumed: rendered.resumed,
            is_new: true,
            times: judged.times,
            rendering: rendered.timings,
        };
        Ok(Made::Report { written: Box::new(written), pdf: rendered.pdf })
    }

    /// What to say of the report that stays where there can be no new one.
    pub(super) fn last_report(&self) -> Option<String> {
        if let Some(report) = last(&self.request, &self.place) {
            let signed = match report.standing {
                Standing::AsBuilt => "",
                Standing::Extended => ", with what was added to it since",
            };
            return Some(last_report_in_words(&report.output, signed, &report.record.said.subject));
        }
        match &self.place {
            Place::File(path) if path.is_file() => Some(format!("{} stays as it is.", path.display())),
            _ => None,
        }
    }
}

pub(super) fn last_report_in_words(path: &Path, signed: &str, subject: &str) -> String {
    format!("The last report stays as it is{signed}: {}\n  {subject}", path.display())
}

/// A report that is not yet at its place.
pub(super) enum Made {
    Refused(Refused),
    Report { written: Box<Written>, pdf: Vec<u8> },
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Input(error) => Self::Input(error),
            BuildError::Report(error) => Self::Report(error),
        }
    }
}

/// The files that a case names, as it names them. All others that it is read from are text.
fn inputs(loaded: &LoadedCase) -> impl Iterator<Item = &str> {
    let sources = loaded.sources.iter().map(|source| source.path.as_str());
    let evidence = loaded.case.evidence.iter().filter_map(|item| item.file.as_deref());
    ["case.toml", "approvals.toml"].into_iter().chain(sources).chain(evidence)
}

/// Says of a report that is there what was said when it was built.
fn still(report: &Unchanged, quiet: bool) -> Result<(), Failure> {
    let said = &report.record.said;
    terminal::say_all(&said.findings);
    if !quiet {
        terminal::say(&said.subject);
        terminal::say_all(&said.status);
        let added = match report.standing {
            Standing::AsBuilt => "",
            Standing::Extended => ", and what was added to the report since is still there",
        };
        terminal::say(&format!("Unchanged{added}: {}:", size(said.pages, report.record.bytes())));
    }
    terminal::print(&format!("{}\n", report.output.display()))
}

fn refusal(assurance: &Assurance) -> Vec<String> {
    let reasons = assurance.status.reasons.iter().map(|reason| format!("  {reason}"));
    let mut words = vec!["Not released. What stands in the way:".to_owned()];
    words.extend(reasons);
    words.extend(changes(assurance));
    words.push(
        "`cscr check` shows each finding with its place and remedy; without --release this builds as a DRAFT."
            .to_owned(),
    );
    words
}

fn changes(assurance: &Assurance) -> Option<String> {
    let changes = stale::page(&assurance.approvals, false, "`cscr check --verbose` shows them");
    (!changes.is_empty()).then(|| changes.trim_end().to_owned())
}

/// `Referral Hub 4.2: DRAFT, as of 2026-09-14`.
fn subject(loaded: &LoadedCase, assurance: &Assurance) -> String {
    let product = &loaded.case.product.name;
    let release = loaded.case.release.version.as_deref().unwrap_or("(release not given)");
    let status = if assurance.status.draft { "DRAFT" } else { "for release" };
    format!("{product} {release}: {status}, as of {}", assurance.as_of)
}

fn status(assurance: &Assurance) -> Vec<String> {
    let reasons = assurance.status.reasons.iter().chain(&assurance.status.waived);
    let mut words: Vec<String> = reasons.map(|reason| format!("  {reason}")).collect();
    words.extend(changes(assurance));
    words.push(format!("Findings: {}", terminal::tally(&assurance.findings)));
    words
}

/// `41 pages, 512 KiB`.
pub(super) fn size(pages: usize, bytes: u64) -> String {
    format!("{pages} {}, {} KiB", terminal::plural(pages, "page"), bytes.div_ceil(1024))
}

impl Written {
    fn parts(&self) -> [(&'static str, Duration); 5] {
        [
            ("intake", self.times.intake),
            ("assurance", self.times.assurance),
            ("template", self.rendering.template),
            ("layout", self.rendering.layout),
            ("export", self.rendering.export),
        ]
    }
}

fn timings(parts: &[(&str, Duration)], whole: Duration) {
    let known: Duration = parts.iter().map(|(_, time)| *time).sum();
    let others = ("fonts and writing", whole.saturating_sub(known));
    for (name, time) in parts.iter().copied().chain((!parts.is_empty()).then_some(others)) {
        let share = 100.0 * time.as_secs_f64() / whole.as_secs_f64();
        terminal::say(&format!("{name:<18} {:>9.1} ms {share:>5.1} %", time.as_secs_f64() * 1000.0));
    }
    terminal::say(&format!("{:<18} {:>9.1} ms", "whole", whole.as_secs_f64() * 1000.0));
}

#[cfg(test)]
impl Written {
    pub(super) fn for_tests(path: PathBuf, findings: Vec<Finding>) -> Self {
        let (times, rendering, said) = (Times::default(), Timings::default(), Said::default());
        let said = Said { pages: 3, ..said };
        Self {
            path,
            bytes: 2048,
            said,
            findings,
            draft: true,
            resumed: false,
            is_new: true,
            times,
            rendering,
        }
    }
}
