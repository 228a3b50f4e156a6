//! The report: a case and its assurance in, an accessible, archivable PDF out.
//!
//! ```text
//! case, assurance, provenance, sources
//!   -> JSON, without names if asked          names
//!   -> every character printable             printable
//!   -> ids in sentences lead to what they name linked
//!   -> report.typ                            environment (minijinja), from the template
//!   -> pages                                 world, pdf (Typst)
//!   -> PDF/A-3a and PDF/UA-1, with the data attached
//!   -> with fields for signatures                   sign_off, crate::signature::fields
//! ```
//!
//! Typst reads `/data/case.json`, `/data/risk-policies.json`, `/data/assurance.json`, `/data/narrative.json`,
//! `/data/changes.json` (null where the report tells no changes), `/data/report.json` and what a template of its kind
//! reads besides (`/data/minutes.json`, `/data/letter.json`), in which every character can be printed. What the
//! template attaches lies at the root and is untouched: `/case.json`, `/provenance.json` and the source files.
//!
//! The same input gives the same bytes. Typst remembers what it computed between renders, which makes a
//! second render of a changed case several times as fast, and grows: whoever renders many reports in one
//! process calls [`evict`] between them. One report is laid out on all cores. Many reports at once should each
//! have a process: on threads that share one, they share what Typst remembers and the pool that it uses.

mod attachments;
mod changes;
mod diagnostics;
mod difference;
mod environment;
pub mod file_name;
mod filled;
mod fonts;
mod letter;
mod link;
mod linked;
pub mod markdown;
mod minutes;
mod name_forms;
mod names;
mod pdf;
mod printable;
mod printed;
mod resumed;
mod running_digest;
mod sign_off;
mod source_map;
pub mod stamp;
mod template;
mod world;

use crate::assurance::Assurance;
use crate::assurance::finding::Finding;
use crate::case::approval::Approval;
use crate::case::{Case, Date, Provenance};
use crate::intake::SourceFile;
use crate::signature::fields;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub use changes::Since;
pub use diagnostics::{Call, CodePlace, Diagnostic, ReportError, Severity};
pub use difference::DifferenceInput;
pub use fonts::FontSet;
pub use letter::{Enclosure, Letter};
pub use names::WITHHELD;
pub use printable::{Replaced, unprintable};
pub use resumed::LastLayout;
pub use sign_off::{ReportSignatory, SignOff, SignedDocument};
pub use template::{Kind, Manifest, Section, Template, Templates};

use filled::{Filled, add_data};
use running_digest::Running;
use world::ReportWorld;

/// Makes reports with one set of fonts.
#[derive(Debug, Clone)]
pub struct Engine {
    fonts: FontSet,
    templates: Templates,
}

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct RenderInput<'a> {
    pub case: &'a Case,
    pub assurance: &'a Assurance,
    pub provenance: &'a Provenance,
    /// The inputs as they were given.
    pub sources: &'a [SourceFile],
    /// The recorded approvals, which go with the report for those who sign it.
    pub approvals: &'a [Approval],
    pub template: &'a Template,
    /// The date of the document; nothing else in a report depends on when it is made.
    pub as_of: Date,
    /// The issue since which changes are told; without it, none are.
    pub since: Option<&'a Since>,
    pub options: RenderOptions,
}

/// What goes into a report, and what stays out of a published copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderOptions {
    /// Attach the inputs as they were given.
    pub include_source_log: bool,
    /// Print and attach the names of people. Without them the inputs are not attached either, since they hold them,
    /// and there is nothing to sign in.
    pub include_names: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { include_source_log: true, include_names: true }
    }
}

/// A report.
#[derive(Debug, Clone)]
pub struct Rendered {
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// The text of each page, as it was laid out.
    pub printed: Vec<String>,
    /// What these pages say that the hazard log does not, or leave out: findings that a report cannot print itself.
    pub findings: Vec<Finding>,
    /// Where each label of the report stands, in words: `section:scope` is `3.2, p. 14`.
    pub shown: BTreeMap<String, String>,
    pub timings: Timings,
    /// Whether it goes on from a last layout, so that a build from nothing may come out otherwise.
    pub resumed: bool,
    /// Characters of the case that are printed as their codes. Such a report is not fit for release.
    pub replaced: Vec<Replaced>,
    pub warnings: Vec<Diagnostic>,
}

/// Where the time went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Making the data printable, and minijinja.
    pub template: Duration,
    /// Typst, up to the pages.
    pub layout: Duration,
    /// Typst, from the pages to the PDF.
    pub export: Duration,
}

/// Forgets what Typst remembers and has not used in the last `max_age` renders of this process; with 0,
/// everything.
pub fn evict(max_age: usize) {
    comemo::evict(max_age);
}

impl Engine {
    #[must_use]
    pub fn new(fonts: FontSet, templates: Templates) -> Self {
        Self { fonts, templates }
    }

    #[must_use]
    pub fn fonts(&self) -> &FontSet {
        &self.fonts
    }

    /// The template with this name, or in this folder.
    pub fn template(&self, name_or_folder: &str) -> Result<Template, ReportError> {
        self.templates.load(name_or_folder)
    }

    /// Makes the report.
    pub fn render(&self, input: &RenderInput) -> Result<Rendered, ReportError> {
        self.render_from(input, None)
    }

    /// Makes the report after an edit, quicker, going on from where all stood in the last one. That the pages are those
    /// that [`Engine::render`] makes is likely and not certain.
    pub fn render_after(&self, input: &RenderInput, last: &mut LastLayout) -> Result<Rendered, ReportError> {
        self.render_from(input, Some(last))
    }

    fn render_from(
        &self,
        input: &RenderInput,
        last: Option<&mut LastLayout>,
    ) -> Result<Rendered, ReportError> {
        let id = input.template.id();
        match input.template.manifest().kind {
            Kind::Addendum if input.since.is_none() => Err(ReportError::new(format!(
                "the template {id} tells what changed since an issue, and none is named"
            ))
            .hint("name the issue, such as `--since 1.0`; `cscr log` lists the issues of a case")),
            Kind::Letter => Err(ReportError::new(format!(
                "the template {id} is of a letter, which has to be told what it goes with"
            ))
            .hint("`cscr pack` writes it, for the documents that it encloses")),
            Kind::Minutes if input.case.psa.is_empty() => {
                Err(ReportError::new("the case records no PSA session, so that there are no minutes")
                    .hint("record the sessions in the folder or file that `psa` names under `[inputs]`"))
            }
            Kind::Minutes => self.made(input, &[("minutes", minutes::told(input.case))], last),
            Kind::Report | Kind::Addendum => self.made(input, &[], last),
        }
    }

    /// Makes what the template sets. `besides` are further files of `/data`, by name.
    fn made(
        &self,
        input: &RenderInput,
        besides: &[(&str, Value)],
        last: Option<&mut LastLayout>,
    ) -> Result<Rendered, ReportError> {
        let started = Instant::now();
        let mut world = ReportWorld::new(&self.fonts);
        let sign_off = input.options.include_names.then(|| SignOff::of(input, &self.fonts.families()));
        let Filled { context, typst, mark, replaced } = self.fill(&mut world, input, sign_off.as_ref())?;
        for (name, value) in besides {
            let mut value = value.clone();
            printable::make_printable(&mut value, &self.fonts, name);
            add_data(&mut world, name, value.to_string());
        }
        let template = started.elapsed();
        let locate = |problems: &mut [Diagnostic]| {
            source_map::locate(problems, input.template, &context, &typst);
        };
        let against_log = |pages: &[String]| against_log(input, pages);
        let running = Running { mark: &mark, digest: &input.assurance.digests.cscr };
        let mut exported = pdf::export(&world, ident(input), input.as_of, running, last, against_log)
            .map_err(|mut error| {
                locate(&mut error.problems);
                error
            })?;
        locate(&mut exported.warnings);
        let started = Instant::now();
        let pdf = match &sign_off {
            Some(sign_off) => fields::prepare(exported.pdf, &sign_off.fields())?,
            None => exported.pdf,
        };
        Ok(Rendered {
            pdf,
            pages: exported.printed.len(),
            printed: exported.printed,
            findings: exported.read,
            shown: exported.shown,
            resumed: exported.resumed,
            timings: Timings {
                template,
                layout: exported.layout,
                export: exported.export + started.elapsed(),
            },
            replaced,
            warnings: exported.warnings,
        })
    }
}

/// What pages say that the hazard log does not, or leave out.
fn against_log(input: &RenderInput, pages: &[String]) -> Vec<Finding> {
    match input.template.manifest().kind {
        Kind::Report => crate::assurance::printed::findings(input.case, input.provenance, input.as_of, pages),
        // These leave out what they are not about.
        Kind::Addendum | Kind::Minutes | Kind::Letter => Vec::new(),
    }
}

/// Names the document through all its versions, for the PDF's own identifier.
fn ident(input: &RenderInput) -> String {
    let reference = input.case.document.reference.as_deref().unwrap_or_default();
    format!("{}\n{}\n{reference}", input.template.id(), input.case.product.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst::foundations::Bytes;

    fn with_world<T>(
        source: &str,
        files: &BTreeMap<String, Vec<u8>>,
        make: impl Fn(&ReportWorld) -> Result<T, ReportError>,
    ) -> Result<T, String> {
        let fonts = FontSet::embedded();
        let mut world = ReportWorld::new(&fonts);
        world.add(world::MAIN, "report.typ", Bytes::from_string(source.to_owned()));
        for (path, bytes) in files {
            world.add(path, path.as_str(), Bytes::new(bytes.clone()));
        }
        let result = make(&world).map_err(|error| error.to_string());
        evict(1);
        result
    }

    /// Lays out a Typst source with these files beside it.
    pub(super) fn compile(source: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
        with_world(source, files, |world| pdf::layout(world).map(|_| ()))
    }

    /// Does something with the world of a source.
    pub(super) fn with_source<T>(source: &str, make: impl FnOnce(&ReportWorld) -> T) -> T {
        let fonts = FontSet::embedded();
        let mut world = ReportWorld::new(&fonts);
        world.add(world::MAIN, "report.typ", Bytes::from_string(source.to_owned()));
        make(&world)
    }

    /// Its pages.
    pub(super) fn laid_out(source: &str) -> typst_layout::PagedDocument {
        with_world(source, &BTreeMap::new(), |world| pdf::layout(world).map(|(document, _)| document))
            .unwrap()
    }

    /// The text of its pages.
    pub(super) fn printed(source: &str) -> Vec<String> {
        printed::pages(&laid_out(source))
    }

    /// Makes a PDF of it.
    pub(super) fn export(source: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, String> {
        let as_of = Date::new(2026, 9, 14).unwrap();
        with_world(source, files, |world| {
            pdf::export(world, "test".to_owned(), as_of, Running::default(), None, |_| ())
                .map(|made| made.pdf)
        })
    }
}
