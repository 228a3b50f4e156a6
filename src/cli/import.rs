//! `cscr import`: reads one hazard log and shows the hazards, and how each column was understood.

use super::limits::LimitOptions;
use super::selection::Selection;
use super::{Failure, FindingsFormat, Outcome, explain, findings, output, terminal};
use crate::assurance::finding::Finding;
use crate::assurance::sarif;
use crate::case::Place;
use crate::case::digest::canonical_json;
use crate::case::hazard::{Hazard, Rating};
use crate::case::matrix::RiskPolicy;
use crate::intake::InputError;
use crate::intake::hazard_log::{
    self, HazardLogInput, LogFiles, Mapping, RatedBy, ReadOptions, UnmappedCell,
};
use clap::Args;
use ecow::EcoString;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The hazard log: a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), delimited text (.csv, .tsv), our own TOML or JSON,
    /// Markdown (tables, or a section a hazard), or a folder with a Markdown page a hazard
    file: PathBuf,
    /// Show what each sheet and column was taken for and why, and what was left out; with --verbose, line by line
    #[arg(long)]
    explain: bool,
    /// Read the log by this mapping file, exactly
    #[arg(long, value_name = "FILE", conflicts_with = "save_mapping")]
    mapping: Option<PathBuf>,
    /// Write what was found of the log as a mapping file, to be corrected and used with --mapping
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "mapping.toml")]
    save_mapping: Option<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    limits: LimitOptions,
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    format: FindingsFormat,
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Imported<'a> {
    hazards: Vec<ImportedHazard<'a>>,
    unmapped: &'a [UnmappedCell],
    findings: &'a [&'a Finding],
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a hazard_log::Explanation>,
}

#[derive(Serialize)]
struct ImportedHazard<'a> {
    #[serde(flatten)]
    hazard: &'a Hazard,
    source: Source,
}

#[derive(Serialize)]
struct Source {
    sheet: Option<EcoString>,
    /// Row as the spreadsheet numbers it, from 1.
    row: Option<u32>,
    /// Line of a log that is text, from 1; of a page in a file of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

impl Import {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let policy = RiskPolicy::nhs();
        let options = ReadOptions { limits: self.limits.limits(), mapping: self.mapping()? };
        let files = LogFiles::open(&self.file, &options.limits)?;
        let rated_by = RatedBy::from(&policy);
        let input = hazard_log::read_files(&files, &options, &rated_by)
            .map_err(|error| self.not_understood(error, &files, &options))?;
        if let Some(path) = &self.save_mapping {
            save(path, &hazard_log::mapping_text(&files, &options, &rated_by)?)?;
        }
        let findings =
            crate::assurance::import_findings(&input.log, &input.observations, &input.provenance, &policy);
        let shown = self.selection.of(&findings);
        terminal::print(&match self.format {
            FindingsFormat::Json => canonical_json(&self.imported(&input, &shown)),
            FindingsFormat::Sarif => canonical_json(&sarif::log(shown.iter().copied(), "")),
            FindingsFormat::Text => self.page(&input, &shown),
        })?;
        if !quiet {
            terminal::say(&summary(&files.name, &input, &shown, findings.len() - shown.len()));
            if let Some(line) = left_to_adopt(&input.log.hazards) {
                terminal::say(&line);
            }
            if let Some(path) = &self.save_mapping {
                terminal::say(&format!("Wrote {}: correct it, and use it with --mapping", path.display()));
            }
        }
        Ok(Outcome::Done)
    }

    /// What to say of a log of which nothing was understood. Whoever asked for a mapping gets one to fill in.
    fn not_understood(&self, error: InputError, files: &LogFiles, options: &ReadOptions) -> Failure {
        let Some(path) = self.save_mapping.as_deref() else { return error.into() };
        let Some(text) = hazard_log::mapping_to_fill_in(files, options) else { return error.into() };
        match save(path, &text) {
            Ok(()) => error
                .hint(format!(
                    "its columns stand in {}, as they are headed: say there what each of them is, and use it with --mapping",
                    path.display()
                ))
                .into(),
            Err(failure) => failure,
        }
    }

    fn mapping(&self) -> Result<Option<Mapping>, Failure> {
        let Some(path) = &self.mapping else { return Ok(None) };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            InputError::new(format!("The mapping file cannot be read: {error}"))
                .at(Place::file(&name))
                .hint("`cscr import FILE --save-mapping` writes one")
        })?;
        Ok(Some(Mapping::parse(&name, &text)?))
    }

    fn imported<'a>(&self, input: &'a HazardLogInput, findings: &'a [&'a Finding]) -> Imported<'a> {
        Imported {
            hazards: hazards(input).collect(),
            unmapped: &input.explanation.unmapped,
            findings,
            explanation: self.explain.then_some(&input.explanation),
        }
    }

    fn page(&self, input: &HazardLogInput, found: &[&Finding]) -> String {
        let mut page = if self.explain {
            explain::page(&input.explanation, self.selection.verbose)
        } else {
            String::new()
        };
        let rows: Vec<Vec<String>> = input.log.hazards.iter().map(row).collect();
        page += &terminal::heading("Hazards");
        page += &terminal::table(
            &["Hazard", "Name", "Causes", "Existing", "Additional", "Initial", "Residual", "Status"],
            &rows,
        );
        page.push('\n');
        page += &findings::page(found, self.selection.verbose);
        page
    }
}

fn hazards(input: &HazardLogInput) -> impl Iterator<Item = ImportedHazard<'_>> {
    input.log.hazards.iter().map(|hazard| {
        let place = input.provenance.place(&format!("hazards/{}", hazard.key));
        let cell = place.as_ref().and_then(|place| place.cell.as_deref());
        let row = cell
            .and_then(|cell| cell.parse::<crate::intake::workbook::Address>().ok())
            .map(|address| address.row + 1);
        let line = place.as_ref().and_then(|place| place.line);
        ImportedHazard { hazard, source: Source { sheet: place.and_then(|place| place.sheet), row, line } }
    })
}

fn row(hazard: &Hazard) -> Vec<String> {
    vec![
        hazard.key.clone(),
        findings::cut(hazard.display_name(), 48),
        hazard.causes.len().to_string(),
        hazard.existing_controls.len().to_string(),
        hazard.controls.len().to_string(),
        risk(&hazard.initial),
        risk(&hazard.residual),
        hazard.status.clone().unwrap_or_else(|| "not given".to_owned()),
    ]
}

fn risk(rating: &Rating) -> String {
    rating.risk.map_or_else(|| "not given".to_owned(), |risk| risk.to_string())
}

/// Writes a mapping file where there is none: an older one holds what somebody corrected.
fn save(path: &Path, text: &str) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        let shown = path.display();
        let what = format!(
            "{shown} is there already, and may hold what somebody corrected\n  do: name another file: --save-mapping FILE"
        );
        return Err(Failure::Output { what });
    }
    output::write_whole(path, text.as_bytes())
}

/// What is said of a log without a single rating, whose hazards are there to be adopted and rated.
fn left_to_adopt(hazards: &[Hazard]) -> Option<String> {
    let is_rated = |rating: &Rating| {
        rating.severity.is_some() || rating.likelihood.is_some() || rating.stated_risk.is_some()
    };
    let unrated = hazards.iter().all(|hazard| !is_rated(&hazard.initial) && !is_rated(&hazard.residual));
    (unrated && !hazards.is_empty()).then(|| {
        "The log has no ratings: its hazards are there to be adopted, and rated by whoever adopts them."
            .to_owned()
    })
}

fn summary(name: &str, input: &HazardLogInput, shown: &[&Finding], left_out: usize) -> String {
    let hazards = &input.log.hazards;
    let causes: usize = hazards.iter().map(|hazard| hazard.causes.len()).sum();
    let controls: usize =
        hazards.iter().map(|hazard| hazard.controls.len() + hazard.existing_controls.len()).sum();
    let left_out = if left_out == 0 { String::new() } else { format!("; {left_out} left out") };
    format!(
        "{name}: {} {}, {causes} {}, {controls} {}; findings: {}{left_out}",
        hazards.len(),
        terminal::plural(hazards.len(), "hazard"),
        terminal::plural(causes, "cause"),
        terminal::plural(controls, "control"),
        terminal::tally(shown.iter().copied()),
    )
}
