//! A batch: many cases in one run, each of which ends by itself.
//!
//! ```text
//! paths, batch.toml -> Plan -> jobs (of a shard) -> rows, one a report -> Summary -> table, JSON, CSV
//!                   cases      run: threads                            merge: those of all shards
//! ```
//!
//! What is built is known before anything is built ([`Plan`]): the cases and their names, every report and its file. A
//! case that cannot be read, that is not ready for release, or that the engine itself stumbles over ends as a row that
//! says so, and keeps no other from being built. Rows are in the order of the names, whichever case is done first.
//!
//! Whoever runs a batch says how one report is built ([`run`] takes a function): the command builds as `cscr build` does,
//! with the same records beside the reports, so that a report is built again only where it would be otherwise.

pub mod cases;
mod merge;
mod plan;
mod run;
mod scratch;
mod shard;
mod summary;

use crate::build::{Figures, Request};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

pub use merge::merge;
pub use plan::{Asked, Plan, PlanError};
pub use run::{Running, run};
pub use scratch::Scratch;
pub use shard::Shard;
pub use summary::{Summary, Tally, worst};

/// One report that is to be built.
#[derive(Debug, Clone)]
pub struct Job {
    /// Name of the case in the batch.
    pub case: String,
    /// Name of the template.
    pub template: String,
    pub request: Request,
    /// The file below the folder of the batch, without its ending, or why it has no name.
    pub stem: Result<PathBuf, String>,
}

/// How a report ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    Built(Outcome),
    Unchanged(Outcome),
    /// Judged, and refused for release.
    Blocked {
        why: String,
        figures: Figures,
    },
    Failed {
        why: String,
    },
}

impl Ended {
    /// The process that built the report was ended by something else than itself.
    #[must_use]
    pub fn killed(how: &str) -> Self {
        Self::Failed {
            why: format!(
                "The process that built the report was ended from outside ({how}), most often for lack of memory\n  do: run the batch again, with fewer --jobs or more memory"
            ),
        }
    }

    /// The engine itself did not survive the case; these are its last words.
    #[must_use]
    pub fn stumbled(last_words: &str) -> Self {
        Self::Failed {
            why: format!(
                "The engine stumbled over this case: {last_words}\n  do: report it to the makers of the engine, with the case; the other cases are built all the same"
            ),
        }
    }
}

/// A report that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The file below the folder of the batch.
    pub output: PathBuf,
    pub pages: usize,
    pub bytes: u64,
    pub figures: Figures,
}

/// How a report ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Built,
    Unchanged,
    Blocked,
    Failed,
    /// The batch ended before.
    NotBegun,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Built, Self::Unchanged, Self::Blocked, Self::Failed, Self::NotBegun];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Unchanged => "unchanged",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::NotBegun => "not begun",
        }
    }

    /// Whether there is a report that is as the case would have it.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Self::Built | Self::Unchanged)
    }
}

/// A line of the table of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub case: String,
    pub template: String,
    pub status: Status,
    /// Why it is blocked or failed: what is wrong, where, and what to do.
    pub why: Option<String>,
    /// The report below the folder of the batch, with `/` between folders.
    pub output: Option<String>,
    pub pages: Option<usize>,
    pub bytes: Option<u64>,
    /// What the case came to; of one that could not be judged nothing is known.
    pub figures: Option<Figures>,
    /// How long it took. Nothing else in a row differs from one run to the next.
    pub milliseconds: u64,
}

impl Row {
    fn of(job: &Job, ended: Option<Ended>, milliseconds: u64) -> Self {
        let Job { case, template, .. } = job;
        let mut row = Self {
            case: case.clone(),
            template: template.clone(),
            status: Status::NotBegun,
            why: None,
            output: None,
            pages: None,
            bytes: None,
            figures: None,
            milliseconds,
        };
        match ended {
            None => {}
            Some(Ended::Built(outcome)) => row.is_there(Status::Built, outcome),
            Some(Ended::Unchanged(outcome)) => row.is_there(Status::Unchanged, outcome),
            Some(Ended::Blocked { why, figures }) => {
                row.status = Status::Blocked;
                row.why = Some(why);
                row.figures = Some(figures);
            }
            Some(Ended::Failed { why }) => {
                row.status = Status::Failed;
                row.why = Some(why);
            }
        }
        row
    }

    fn is_there(&mut self, status: Status, outcome: Outcome) {
        let Outcome { output, pages, bytes, figures } = outcome;
        let parts: Vec<_> = output.iter().map(|part| part.to_string_lossy()).collect();
        self.status = status;
        self.output = Some(parts.join("/"));
        (self.pages, self.bytes, self.figures) = (Some(pages), Some(bytes), Some(figures));
    }
}
