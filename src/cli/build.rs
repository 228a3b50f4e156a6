//! `cscr build`: the report of a case as a PDF.

use super::{CaseArgs, Failure, Outcome, output, stale, terminal};
use crate::assurance::Assurance;
use crate::assurance::finding::Finding;
use crate::intake::LoadedCase;
use crate::report::FontSet;
use crate::report::Templates;
use crate::report::{Engine, RenderInput, RenderOptions, Rendered, Timings};
use clap::Args;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own on the command line
pub(super) struct Build {
    #[command(flatten)]
    case: CaseArgs,
    /// Where to write the PDF; without it, in the case folder's `output`, named as the template says
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Template: a name, or a folder with a template.toml
    #[arg(long, value_name = "NAME|DIR", default_value = "ers-cscr")]
    template: String,
    /// Folder of templates, whose files override the ones that are built in
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Folder of further fonts; may be given several times
    #[arg(long, value_name = "DIR")]
    fonts: Vec<PathBuf>,
    /// Refuse unless nothing blocks and every approval is there
    #[arg(long)]
    release: bool,
    /// Leave the source hazard log out of the PDF's attachments
    #[arg(long)]
    without_source_log: bool,
    /// Leave out personal names, and with them the source files, for a published copy
    #[arg(long)]
    without_names: bool,
    /// Show where the time went
    #[arg(long)]
    timings: bool,
}

impl Build {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let started = Instant::now();
        let fonts =
            self.fonts.iter().try_fold(FontSet::embedded(), |fonts, folder| fonts.with_folder(folder))?;
        let fonts_loaded = started.elapsed();
        let loaded =
            crate::intake::folder::load(&self.case.case, self.case.as_of, &self.case.limits.limits())?;
        let read = started.elapsed();
        let assurance = crate::assure(&loaded, &fonts);
        let assured = started.elapsed();
        if self.release && assurance.status.draft {
            refuse(&assurance);
            return Ok(Outcome::No);
        }
        let (path, rendered) = self.render(fonts, &loaded, &assurance)?;
        let printed = crate::printed(&loaded, &rendered.printed);
        terminal::findings_in_words(&printed);
        if self.release && printed.iter().any(Finding::blocks) {
            terminal::say("Not released: what the template printed is not what the hazard log says.");
            return Ok(Outcome::No);
        }
        output::write_whole(&path, &rendered.pdf)?;
        if !quiet {
            report(&loaded, &assurance, &rendered);
        }
        terminal::print(&format!("{}\n", path.display()))?;
        if self.timings {
            timings(
                read.saturating_sub(fonts_loaded),
                assured.saturating_sub(read),
                &rendered.timings,
                started.elapsed(),
            );
        }
        Ok(Outcome::Done)
    }

    fn render(
        &self,
        fonts: FontSet,
        loaded: &LoadedCase,
        assurance: &Assurance,
    ) -> Result<(PathBuf, Rendered), Failure> {
        let templates = self.templates.as_ref().map_or_else(Templates::embedded, Templates::with_folder);
        let engine = Engine::new(fonts, templates);
        let template = engine.template(&self.template)?;
        let path = match &self.output {
            Some(path) => path.clone(),
            None => self.default_path(&template.output_name(&loaded.case)?, assurance.status.draft),
        };
        output::refuse_other_files(&path, &self.case.case, inputs(loaded))?;
        let rendered = engine.render(&RenderInput {
            case: &loaded.case,
            assurance,
            provenance: &loaded.provenance,
            sources: &loaded.sources,
            approvals: &loaded.approvals,
            template: &template,
            as_of: loaded.as_of,
            options: RenderOptions {
                include_source_log: !self.without_source_log,
                include_names: !self.without_names,
            },
        })?;
        Ok((path, rendered))
    }

    /// In the case folder's `output`; a draft says so in its name, so that it is not mistaken for an issue.
    fn default_path(&self, name: &str, draft: bool) -> PathBuf {
        let stem = name.strip_suffix(".pdf").unwrap_or(name);
        let suffix = if draft { "-DRAFT" } else { "" };
        self.case.case.join("output").join(format!("{stem}{suffix}.pdf"))
    }
}

/// The files that a case names, as it names them. All others that it is read from are text.
fn inputs(loaded: &LoadedCase) -> impl Iterator<Item = &str> {
    let sources = loaded.sources.iter().map(|source| source.path.as_str());
    let evidence = loaded.case.evidence.iter().filter_map(|item| item.file.as_deref());
    ["case.toml", "approvals.toml"].into_iter().chain(sources).chain(evidence)
}

fn refuse(assurance: &Assurance) {
    terminal::say("Not released. What stands in the way:");
    for reason in &assurance.status.reasons {
        terminal::say(&format!("  {reason}"));
    }
    say_changes(assurance);
    terminal::say(
        "`cscr check` shows each finding with its place and remedy; without --release this builds as a DRAFT.",
    );
}

fn say_changes(assurance: &Assurance) {
    let changes = stale::page(&assurance.approvals, false, "`cscr check --verbose` shows them");
    if !changes.is_empty() {
        terminal::say(changes.trim_end());
    }
}

fn report(loaded: &LoadedCase, assurance: &Assurance, rendered: &Rendered) {
    let product = &loaded.case.product.name;
    let release = loaded.case.release.version.as_deref().unwrap_or("(release not given)");
    let status = if assurance.status.draft { "DRAFT" } else { "for release" };
    terminal::say(&format!("{product} {release}: {status}, as of {}", assurance.as_of));
    for reason in assurance.status.reasons.iter().chain(&assurance.status.waived) {
        terminal::say(&format!("  {reason}"));
    }
    say_changes(assurance);
    terminal::say(&format!("Findings: {}", terminal::tally(&assurance.findings)));
    let size = rendered.pdf.len().div_ceil(1024);
    terminal::say(&format!("{} {}, {size} KiB:", rendered.pages, terminal::plural(rendered.pages, "page")));
}

fn timings(intake: Duration, assurance: Duration, rendering: &Timings, whole: Duration) {
    let parts = [
        ("intake", intake),
        ("assurance", assurance),
        ("template", rendering.template),
        ("layout", rendering.layout),
        ("export", rendering.export),
    ];
    let known: Duration = parts.iter().map(|(_, time)| *time).sum();
    let others = ("fonts and writing", whole.saturating_sub(known));
    for (name, time) in parts.into_iter().chain([others]) {
        let share = 100.0 * time.as_secs_f64() / whole.as_secs_f64();
        terminal::say(&format!("{name:<18} {:>9.1} ms {share:>5.1} %", time.as_secs_f64() * 1000.0));
    }
    terminal::say(&format!("{:<18} {:>9.1} ms", "whole", whole.as_secs_f64() * 1000.0));
}
