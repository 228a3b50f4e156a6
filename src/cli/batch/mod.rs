//! `cscr batch`: the reports of many cases in one run, only those that would be otherwise than they are.
//!
//! Each report is built as `cscr build` builds it, and has the same record beside it. What ends badly is a row of the
//! table; the others are built all the same.

mod progress;
mod table;
mod worker;

use super::build::{Order, ReportOptions};
use super::interrupt::{self, Writing};
use super::limits::LimitOptions;
use super::{Failure, output, terminal};
use crate::batch::{
    Asked, Ended, Job, Outcome, Plan, PlanError, Running, Scratch, Shard, Summary, merge, run,
};
use crate::build::{Place, Unchanged, unchanged};
use crate::case::Date;
use crate::intake::InputError;
use crate::intake::batch_file::Wanted;
use crate::intake::files::{FILE_LIMIT_MIB, read_limited, to_text};
use crate::parallel::cores;
use clap::Args;
use progress::Progress;
use std::path::{Path, PathBuf};
use std::sync::Arc;
pub(super) use worker::Worker;
use worker::{Task, Workers, below};

#[derive(Debug, Args)]
pub(super) struct Batch {
    /// Case folders, folders of case folders, patterns such as 'products/*', or a batch.toml
    #[arg(required_unless_present = "merge", value_name = "PATH")]
    paths: Vec<String>,
    /// Folder for the reports; each case has a folder in it, unless a batch.toml names the reports otherwise
    #[arg(long, short, value_name = "DIR", required_unless_present = "merge")]
    output: Option<PathBuf>,
    /// How many reports are built at once; without it, as many as there are cores
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Template: a name, or a folder with a template.toml; given several times, a report each
    #[arg(long, value_name = "NAME|DIR")]
    template: Vec<String>,
    #[command(flatten)]
    report: ReportOptions,
    /// Date to judge by; without it, each case tells
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    /// Build this part of the cases, such as 2/7: which they are follows from their names alone
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Begin no other report once one is blocked or has failed
    #[arg(long, conflicts_with = "keep_going")]
    fail_fast: bool,
    /// Build all others where one is blocked or fails, which is the default
    #[arg(long)]
    keep_going: bool,
    /// Build although nothing has changed
    #[arg(long)]
    force: bool,
    /// Write the table to a file, .json or .csv; may be given several times
    #[arg(long = "report", value_name = "FILE")]
    reports: Vec<PathBuf>,
    /// Join the JSON reports of all shards of a batch, and build nothing
    #[arg(long, value_name = "REPORT", num_args = 1.., conflicts_with_all = ["paths", "output", "shard", "force"])]
    merge: Vec<PathBuf>,
    #[command(flatten)]
    limits: LimitOptions,
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Input(error) => Self::Input(error),
            PlanError::Report(error) => Self::Report(error),
        }
    }
}

impl Batch {
    pub(super) fn run(&self, quiet: bool) -> Result<super::Outcome, Failure> {
        for report in &self.reports {
            refuse_other_files(report)?;
        }
        let summary = match &self.output {
            Some(out) => self.built(out, quiet)?,
            None => merged(&self.merge)?,
        };
        terminal::print(&table::page(&summary))?;
        for path in &self.reports {
            let bytes = if is_csv(path) { summary.to_csv() } else { summary.to_json().into_bytes() };
            output::write_whole(path, &bytes)?;
        }
        Ok(if summary.is_good() { super::Outcome::Done } else { super::Outcome::No })
    }

    fn built(&self, out: &Path, quiet: bool) -> Result<Summary, Failure> {
        let plan = Plan::of(&self.asked(out))?;
        if !quiet {
            table::left_out(&plan.left_out);
        }
        let (cases, asked) = (plan.cases.clone(), plan.digest());
        let jobs = plan.into_jobs(self.shard);
        let scratch = Arc::new(Scratch::open(out).map_err(|error| cannot_write(out, &error))?);
        let progress = Arc::new(Progress::new(jobs.len(), quiet));
        let workers = Arc::new(Workers::default());
        let (end, left, at_work) = (Arc::clone(&progress), Arc::clone(&scratch), Arc::clone(&workers));
        let writing = interrupt::ends_the_process(move || {
            at_work.end();
            left.clear();
            end.interrupted();
        })?;
        let threads = self.jobs.map_or_else(cores, usize::from);
        let each = (cores() / threads.min(jobs.len()).max(1)).max(1);
        let desk = scratch.folder();
        let workshop = Workshop { out, force: self.force, threads: each, workers: &workers, writing, desk };
        let running = Running { threads, fail_fast: self.fail_fast };
        let rows = run(&jobs, running, |job| workshop.build(job), |row| progress.tell(row));
        progress.end();
        // Whoever listens for Ctrl-C holds it until the process ends.
        scratch.clear();
        Ok(Summary::new(asked, self.shard, cases, rows))
    }

    fn asked(&self, out: &Path) -> Asked {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let flag = |is_set: bool| is_set.then_some(true);
        let ReportOptions { templates, fonts, release, since, without_source_log, without_names } =
            &self.report;
        let wanted = Wanted {
            templates: (!self.template.is_empty()).then(|| self.template.clone()),
            output: None,
            templates_folder: templates.as_ref().map(text),
            fonts: (!fonts.is_empty()).then(|| fonts.iter().map(text).collect()),
            as_of: self.as_of,
            release: flag(*release),
            since: since.clone(),
            without_source_log: flag(*without_source_log),
            without_names: flag(*without_names),
        };
        Asked { paths: self.paths.clone(), wanted, limits: self.limits.limits(), out: out.to_owned() }
    }
}

/// What has the reports built.
struct Workshop<'a> {
    out: &'a Path,
    force: bool,
    /// How many threads may work on a report.
    threads: usize,
    workers: &'a Workers,
    /// Whoever ends the command waits until what has ended is told.
    writing: Writing,
    desk: &'a Path,
}

impl Workshop<'_> {
    fn build(&self, job: &Job) -> Ended {
        let stem = match &job.stem {
            Ok(stem) => self.out.join(stem),
            Err(why) => return Ended::Failed { why: why.clone() },
        };
        let order = Order { request: job.request.clone(), place: Place::Named(stem.clone()) };
        if !self.force
            && let Some(report) = unchanged(&order.request, &order.place)
        {
            let Unchanged { output, record, .. } = report;
            let (pages, bytes, figures) = (record.said.pages, record.bytes(), record.said.figures);
            return Ended::Unchanged(Outcome { output: below(self.out, &output), pages, bytes, figures });
        }
        let (out, desk) = (self.out.to_owned(), self.desk.to_owned());
        let task = Task { request: order.request, out, stem, desk, threads: self.threads };
        let ended = self.workers.build(&task);
        // Of a report whose process was ended with the batch nothing is said.
        let _told = self.writing.begin();
        ended
    }
}

fn merged(paths: &[PathBuf]) -> Result<Summary, Failure> {
    let read = |path: &PathBuf| -> Result<(String, Summary), InputError> {
        let name = path.display().to_string();
        let text = to_text(&name, read_limited(path, &name, FILE_LIMIT_MIB)?)?;
        let summary = Summary::read(&name, &text)?;
        Ok((name, summary))
    };
    let reports = paths.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(merge(&reports)?)
}

fn is_csv(path: &Path) -> bool {
    has_extension(path, "csv")
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|there| there.eq_ignore_ascii_case(extension))
}

/// Refuses to put the table in the place of anything but an older one.
fn refuse_other_files(path: &Path) -> Result<(), Failure> {
    let refuse = |what: String| Err(Failure::Output { what });
    let shown = path.display();
    if !is_csv(path) && !has_extension(path, "json") {
        return refuse(format!(
            "{shown} is neither .json nor .csv\n  do: name a file with one of these endings"
        ));
    }
    if path.is_dir() {
        return refuse(format!("{shown} is a folder\n  do: name a file in it"));
    }
    let Ok(there) = std::fs::read(path) else { return Ok(()) };
    let empty = Summary::new(String::new(), None, Vec::new(), Vec::new());
    let is_older = if is_csv(path) {
        there.starts_with(&empty.to_csv())
    } else {
        std::str::from_utf8(&there).is_ok_and(|text| Summary::read("", text).is_ok())
    };
    if is_older || there.is_empty() {
        return Ok(());
    }
    refuse(format!("{shown} is there already and is not the table of a batch\n  do: name another file"))
}

fn cannot_write(out: &Path, error: &std::io::Error) -> Failure {
    let out = out.display();
    Failure::Output {
        what: format!("Nothing can be written to {out}: {error}\n  do: name a folder that you may write to"),
    }
}
