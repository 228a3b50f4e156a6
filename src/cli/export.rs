//! `cscr export`: the hazard log of a case as a workbook, or in another format.
//!
//! What is written is read again in the place of the case's own log before anybody relies on it; what would then be
//! otherwise is told, a line each.

use super::{CaseArgs, Failure, Outcome, findings, output, terminal};
use crate::case::hazard::Hazard;
use crate::case::hazard_log::HazardLog;
use crate::case::system::Declared;
use crate::export::{self, Difference, Layout, differences};
use crate::intake::LoadedCase;
use crate::intake::hazard_log::{LogFiles, structured};
use crate::intake::reread;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    case: CaseArgs,
    /// Format of the file
    #[arg(long, value_enum, default_value_t = FileFormat::Xlsx)]
    format: FileFormat,
    /// Where to write it, or - for standard output; without it, in the case folder's `output`, named by the
    /// log's title and version
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What a row of xlsx and csv stands for
    #[arg(long, value_enum, default_value_t = LayoutChoice::Auto)]
    layout: LayoutChoice,
    /// Replace a file that is there already; never one that the case is made of
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// A workbook in the shape of the NHS template
    Xlsx,
    /// The hazards alone, as one table
    Csv,
    /// The whole log in this program's own form
    Json,
    /// The same as TOML
    Toml,
}

impl FileFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Toml => "toml",
        }
    }

    /// Whether the hazards stand in a table, of which there are two layouts.
    fn is_table(self) -> bool {
        matches!(self, Self::Xlsx | Self::Csv)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LayoutChoice {
    /// The one that keeps more of this log
    Auto,
    /// A row a hazard, in the columns of the NHS template
    Template,
    /// A row a control, with its id, type, owner, action and status
    ControlRows,
}

/// A file that is ready, with what it would change.
struct Written {
    /// What a row stands for, in a format with rows.
    layout: Option<Layout>,
    bytes: Vec<u8>,
    losses: Vec<String>,
}

impl Export {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        if !self.format.is_table() && self.layout != LayoutChoice::Auto {
            let what = "--layout is about the rows of xlsx and csv\n  do: leave it out, or choose one of these formats";
            return Err(Failure::Output { what: what.to_owned() });
        }
        let loaded =
            crate::intake::folder::load(&self.case.case, self.case.as_of, &self.case.limits.limits())?;
        let export = export::Export::of(&loaded.case, loaded.as_of);
        let to_stdout = self.output.as_deref() == Some(Path::new("-"));
        if to_stdout && self.format == FileFormat::Xlsx {
            let what =
                "A workbook is not for a terminal\n  do: name a file with -o, or choose another --format";
            return Err(Failure::Output { what: what.to_owned() });
        }
        let path = match &self.output {
            Some(path) => path.clone(),
            None => self.default_path(&export),
        };
        if !to_stdout {
            output::refuse_existing(&path, &self.case.case, self.force, "hazard-log.xlsx")?;
        }
        let written = self.chosen(&export)?;
        if to_stdout {
            terminal::print(&String::from_utf8_lossy(&written.bytes))?;
        } else {
            output::write_whole(&path, &written.bytes)?;
        }
        written.losses.iter().for_each(|loss| terminal::say(loss));
        if !quiet {
            self.report(&loaded, written.layout);
        }
        if !to_stdout {
            terminal::print(&format!("{}\n", path.display()))?;
        }
        Ok(Outcome::Done)
    }

    fn default_path(&self, export: &export::Export<'_>) -> PathBuf {
        let name = format!("{}.{}", export::file_stem(export), self.format.extension());
        self.case.case.join("output").join(name)
    }

    /// The file in the layout that was asked for, or in the one that keeps more.
    fn chosen(&self, export: &export::Export<'_>) -> Result<Written, Failure> {
        match (self.format, self.layout) {
            (FileFormat::Json, _) => self.structured(export.log, structured::to_json(export.log)),
            (FileFormat::Toml, _) => self.structured(export.log, structured::to_toml(export.log)),
            (_, LayoutChoice::Template) => self.table(export, Layout::Template),
            (_, LayoutChoice::ControlRows) => self.table(export, Layout::ControlRows),
            (_, LayoutChoice::Auto) => {
                let template = self.table(export, Layout::Template)?;
                if template.losses.is_empty() {
                    return Ok(template);
                }
                let rows = self.table(export, Layout::ControlRows)?;
                Ok(if rows.losses.len() < template.losses.len() { rows } else { template })
            }
        }
    }

    fn structured(&self, log: &HazardLog, text: String) -> Result<Written, Failure> {
        let bytes = text.into_bytes();
        let losses = self.losses(log, &bytes)?;
        Ok(Written { layout: None, bytes, losses })
    }

    /// Lays the log out, writes it and reads it again.
    fn table(&self, export: &export::Export<'_>, layout: Layout) -> Result<Written, Failure> {
        let bytes = match self.format {
            FileFormat::Csv => export::csv::write(&export.table(layout)),
            _ => export::workbook::write(export, layout)?,
        };
        let losses = self.losses(export.log, &bytes)?;
        Ok(Written { layout: Some(layout), bytes, losses })
    }

    fn losses(&self, log: &HazardLog, written: &[u8]) -> Result<Vec<String>, Failure> {
        let files = LogFiles::file(format!("export.{}", self.format.extension()), written.to_vec());
        let reread::Reread { log: read_back, unfit } = reread::in_case(&self.case.case, &files)?;
        // That one table has no cover and no history is said once for all of it.
        let is_told =
            |difference: &&Difference| self.format != FileFormat::Csv || difference.hazard.is_some();
        let mut losses: Vec<String> =
            differences(log, &read_back).iter().filter(is_told).map(in_words).collect();
        losses.extend(unfit.map(|error| format!("the supplement no longer fits: {error}")));
        Ok(losses)
    }

    fn report(&self, loaded: &LoadedCase, layout: Option<Layout>) {
        let log = &loaded.case.hazard_log;
        let count = log.hazards.len();
        let hazards = format!("{count} {}", terminal::plural(count, "hazard"));
        let Some(layout) = layout else {
            terminal::say(&format!("{hazards}, with what the supplement says of them"));
            return;
        };
        terminal::say(&format!("{hazards}, {}", layout.describe()));
        if self.format == FileFormat::Csv {
            terminal::say("One table has no room for the cover, the version history and the risk matrix.");
        }
        let elsewhere = elsewhere(log);
        if !elsewhere.is_empty() {
            terminal::say(&format!(
                "Not in this file, because no hazard log's layout holds it, and still in the supplement: {}",
                elsewhere.join(", ")
            ));
        }
    }
}

/// A difference as a line.
fn in_words(difference: &Difference) -> String {
    let Difference { hazard, about, count, was, became } = difference;
    let whose = hazard.as_ref().map_or_else(String::new, |hazard| format!("{hazard}: "));
    let quoted = |text: &str| {
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            format!("\"{}\"", findings::cut(&text.replace('\n', " "), 60))
        }
    };
    let number = if *count == 1 { String::new() } else { format!(" ({count})") };
    format!("not kept: {whose}{about}{number}: {} becomes {}", quoted(was), quoted(became))
}

/// What belongs to the supplement, with how many hazards or controls have it.
fn elsewhere(log: &HazardLog) -> Vec<String> {
    let hazards = |name: &str, has: fn(&Hazard) -> bool| {
        let count = log.hazards.iter().filter(|hazard| has(hazard)).count();
        (count > 0).then(|| format!("{name} ({count} {})", terminal::plural(count, "hazard")))
    };
    let introducing = log.hazards.iter().flat_map(Hazard::all_controls);
    let introducing = introducing.filter(|control| control.introduces != Declared::default()).count();
    let of_controls = (introducing > 0).then(|| {
        format!("hazards that controls bring ({introducing} {})", terminal::plural(introducing, "control"))
    });
    let retired = log.retired.len();
    let retired = (retired > 0).then(|| format!("{retired} retired {}", terminal::plural(retired, "hazard")));
    [
        hazards("conditions", |hazard| hazard.condition.is_some()),
        hazards("reasons for accepting the initial risk", |hazard| hazard.initial_acceptance.is_some()),
        hazards("reasons for accepting the residual risk", |hazard| hazard.residual_acceptance.is_some()),
        hazards("reasons for a lower severity", |hazard| hazard.severity_reason.is_some()),
        hazards("risk-benefit analyses", |hazard| hazard.risk_benefit.is_some()),
        hazards("re-appraisals", |hazard| hazard.reappraisal.is_some()),
        hazards("recipients of transferred risks", |hazard| hazard.transferred_to.is_some()),
        of_controls,
        retired,
    ]
    .into_iter()
    .flatten()
    .collect()
}
