//! A build: from what was asked for to a report, as values that every command which builds shares.
//!
//! ```text
//! Request -> Judged -> Rendered
//!         files are read, and noted in a trace
//! ```
//!
//! The same request over the same inputs gives the same bytes. What was built is kept in a [`Record`], so that whoever
//! asks again can be told that nothing has changed, without building (`record`). In a process that builds again and
//! again, what Typst remembers makes the second build quick; [`forget`] keeps that within bounds.

mod figures;
mod movement;
mod record;

use crate::assurance::Assurance;
use crate::case::Date;
use crate::intake::files::CaseFolder;
use crate::intake::workbook::Limits;
use crate::intake::{InputError, LoadedCase, folder};
use crate::report::{
    Engine, FontSet, Kind, LastLayout, Letter, RenderInput, RenderOptions, Rendered, ReportError, Since,
    Template, Templates, evict,
};
use crate::signoff::history::{self, Issue};
use crate::trace::Trace;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use figures::{Figures, WorstRisk};
pub use movement::Movement;
pub use record::{ENGINE, Place, Record, Said, Standing, Unchanged, last, unchanged};

/// Everything that decides what a build gives, but for the engine and the contents of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub case: PathBuf,
    /// Date to judge by; without it, the case tells.
    pub as_of: Option<Date>,
    pub limits: Limits,
    /// Name of a template, or a folder.
    pub template: String,
    /// Folder of templates whose files override the ones that are built in.
    pub templates: Option<PathBuf>,
    /// Folders of further fonts.
    pub fonts: Vec<PathBuf>,
    /// Whether a draft is refused.
    pub release: bool,
    /// The version of an issue: the report says what changed since.
    #[serde(default)]
    pub since: Option<String>,
    pub options: RenderOptions,
}

/// A case that was read and judged, and can be printed.
#[derive(Debug)]
pub struct Judged {
    pub loaded: LoadedCase,
    pub assurance: Assurance,
    pub times: Times,
    engine: Engine,
    template: Template,
    since: Option<Since>,
    options: RenderOptions,
}

/// Where the time went before anything was printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    pub intake: Duration,
    pub assurance: Duration,
}

/// Why there is no report.
#[derive(Debug)]
pub enum BuildError {
    Input(InputError),
    Report(ReportError),
}

impl From<InputError> for BuildError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<ReportError> for BuildError {
    fn from(error: ReportError) -> Self {
        Self::Report(error)
    }
}

impl Judged {
    /// Reads the case and what it is printed with, noting each look in the trace, and judges it.
    pub fn of(request: &Request, trace: &Trace) -> Result<Self, BuildError> {
        let folder = |fonts: FontSet, folder: &PathBuf| fonts.with_folder_traced(folder, trace);
        let fonts = request.fonts.iter().try_fold(FontSet::embedded(), folder)?;
        let templates = request.templates.as_ref().map_or_else(Templates::embedded, Templates::with_folder);
        let engine = Engine::new(fonts, templates.traced(trace.clone()));
        let started = Instant::now();
        let files = CaseFolder::open_traced(&request.case, trace.clone())?;
        let loaded = folder::read(&files, request.as_of, &request.limits)?;
        let intake = started.elapsed();
        let assurance = crate::assure(&loaded, engine.fonts());
        let times = Times { intake, assurance: started.elapsed().saturating_sub(intake) };
        let template = engine.template(&request.template)?;
        let since = request.since.as_ref().map(|version| issue(&files, version)).transpose()?;
        Ok(Self { loaded, assurance, times, engine, template, since, options: request.options })
    }

    /// The file that the report goes to at a place.
    pub fn file(&self, place: &Place) -> Result<PathBuf, ReportError> {
        let name = match place {
            Place::Folder(_) => self.template.output_name(&self.loaded.case)?,
            Place::File(_) | Place::Named(_) => String::new(),
        };
        // What stands in the way of a report is no matter of its minutes.
        let may_be_draft = self.template.manifest().kind != Kind::Minutes;
        let draft = self.assurance.status.draft && may_be_draft;
        Ok(place.of_report(name.strip_suffix(".pdf").unwrap_or(&name), draft))
    }

    /// What the verdict comes to in figures.
    #[must_use]
    pub fn figures(&self) -> Figures {
        Figures::of(&self.loaded.case, &self.assurance)
    }

    /// Prints the report.
    pub fn report(&self) -> Result<Rendered, ReportError> {
        self.engine.render(&self.input(&self.template))
    }

    /// Prints the report after an edit, as [`Engine::render_after`] does.
    pub fn report_after(&self, last: &mut LastLayout) -> Result<Rendered, ReportError> {
        self.engine.render_after(&self.input(&self.template), last)
    }

    /// Prints another document of the case, by the template of this name.
    pub fn document(&self, template: &str) -> Result<Rendered, ReportError> {
        self.engine.render(&self.input(&self.engine.template(template)?))
    }

    /// Prints the letter that goes with documents, by the template of this name.
    pub fn letter(&self, template: &str, letter: &Letter) -> Result<Rendered, ReportError> {
        self.engine.letter(&self.input(&self.engine.template(template)?), letter)
    }

    fn input<'a>(&'a self, template: &'a Template) -> RenderInput<'a> {
        RenderInput {
            case: &self.loaded.case,
            assurance: &self.assurance,
            provenance: &self.loaded.provenance,
            sources: &self.loaded.sources,
            approvals: &self.loaded.approvals,
            template,
            as_of: self.loaded.as_of,
            since: self.since.as_ref(),
            options: self.options,
        }
    }
}

/// An issue of the case, to say what changed since. It is held against its digests first.
pub fn issue(files: &CaseFolder, version: &str) -> Result<Since, InputError> {
    let issue = history::issue(files, version)?;
    let case = history::case_of(files, &issue)?;
    let digest = issue.content_digests.cscr;
    let Issue { version, date, hazard_log_version, .. } = issue;
    Ok(Since { version, date, hazard_log_version, digest, case })
}

/// Forgets what the last builds of this process did not use.
pub fn forget() {
    /// An edit is often taken back, or made in several steps; `cscr watch` builds twice for each.
    const BUILDS: usize = 16;
    evict(BUILDS);
}
