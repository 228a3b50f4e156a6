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
use crate::intake::hazard_log::LogFiles;
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
}

impl FileFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
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
    layout: Layout,
    bytes: Vec<u8>,
    losses: Vec<String>,
}

impl Export {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let loaded = crate::intake::folder::load(&self.case.case, self.case.as_of)?;
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
            output::refuse_existing(&path, &self.case.case, self.force)?;
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
        match self.layout {
            LayoutChoice::Template => self.written(export, Layout::Template),
            LayoutChoice::ControlRows => self.written(export, Layout::ControlRows),
            LayoutChoice::Auto => {
                let template = self.written(export, Layout::Template)?;
                if template.losses.is_empty() {
                    return Ok(template);
                }
                let rows = self.written(export, Layout::ControlRows)?;
                Ok(if rows.losses.len() < template.losses.len() { rows } else { template })
            }
        }
    }

    /// Writes the log in a layout and reads it again.
    fn written(&self, export: &export::Export<'_>, layout: Layout) -> Result<Written, Failure> {
        let workbook = export::workbook::write(export, layout)?;
        let losses = self.losses(export.log, &workbook)?;
        let bytes = match self.format {
            FileFormat::Xlsx => workbook,
            FileFormat::Csv => export::csv::write(&export.table(layout)),
        };
        Ok(Written { layout, bytes, losses })
    }

    fn losses(&self, log: &HazardLog, workbook: &[u8]) -> Result<Vec<String>, Failure> {
        let files = LogFiles { name: "the export".to_owned(), bytes: workbook.to_vec() };
        let reread::Reread { log: read_back, unfit } = reread::in_case(&self.case.case, &files)?;
        let mut losses: Vec<String> = differences(log, &read_back).iter().map(in_words).collect();
        losses.extend(unfit.map(|error| format!("the supplement no longer fits: {error}")));
        Ok(losses)
    }

    fn report(&self, loaded: &LoadedCase, layout: Layout) {
        let log = &loaded.case.hazard_log;
        let count = log.hazards.len();
        terminal::say(&format!("{count} {}, {}", terminal::plural(count, "hazard"), layout.describe()));
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
