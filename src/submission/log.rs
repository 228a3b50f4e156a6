//! Whether the hazard log and the report of a pack agree.
//!
//! The log is read from its workbook, as the recipient's program would, and held against the case that is attached to
//! the report. Which hazards there are and how they are rated has to be the same; what else differs is told, because no
//! layout of a log holds all that a case says.

use super::manifest::FileEntry;
use crate::case::Date;
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::change::{Direction, HazardRisk, Line, Movement, Rated, RunKind};
use crate::export::{self, Export, Layout};
use crate::intake::InputError;
use crate::intake::hazard_log::LogFiles;
use crate::intake::workbook::Limits;
use crate::signoff::sides;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// A log held against a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LogAgreement {
    /// Hazards of the report.
    pub hazards: usize,
    /// Hazards that one of them does not have, and ratings that differ; a sentence each.
    pub faults: Vec<String>,
    /// What else differs, a line each; a word that is gone as `[-word-]`, one that is new as `{+word+}`.
    pub differences: Vec<String>,
}

/// Holds a hazard log, as a workbook, against the canonical case of a report.
///
/// # Errors
/// If no hazard log can be read from it.
pub fn held_against(
    case: &Value,
    name: &str,
    workbook: Vec<u8>,
    limits: &Limits,
) -> Result<LogAgreement, InputError> {
    let log = LogFiles::file(name, workbook);
    let comparison = sides::log_of_case(case, &log, limits)?;
    let changes = &comparison.changes;
    let hazards = case.pointer("/hazard_log/hazards").and_then(Value::as_array).map_or(0, Vec::len);
    let mut faults = Vec::new();
    for hazard in &changes.removed {
        faults.push(format!("{} is in the report and not in the hazard log.", hazard.id));
    }
    for hazard in &changes.added {
        faults.push(format!("{} is in the hazard log and not in the report.", hazard.id));
    }
    for renamed in changes.renamed.iter().filter(|renamed| renamed.old_id != renamed.new_id) {
        faults.push(format!("{} of the report is {} in the hazard log.", renamed.old_id, renamed.new_id));
    }
    for hazard in &comparison.risk.hazards {
        faults.extend(rating(hazard, "initial", &hazard.initial));
        faults.extend(rating(hazard, "residual", &hazard.residual));
    }
    let mut differences = Vec::new();
    for hazard in comparison.hazards_told() {
        differences.extend(hazard.lines.iter().map(|line| format!("{}: {}", hazard.id, plain(line))));
    }
    for section in comparison.sections_told() {
        differences.extend(section.lines.iter().map(|line| format!("{}: {}", section.title, plain(line))));
    }
    Ok(LogAgreement { hazards, faults, differences })
}

/// What of the log of a report its NHS template cannot keep: the differences of the log that the report's own case
/// gives. Whatever else differs, somebody changed.
///
/// # Errors
/// If the case is not one that this version of the program can write as a log.
pub fn not_kept(case: &Value, as_of: Date, limits: &Limits) -> Result<BTreeSet<String>, InputError> {
    let unread = |why: &dyn Display| {
        InputError::new(format!("the hazard log of its case cannot be written again: {why}"))
    };
    let own = |key: &str| case.get(key).cloned().unwrap_or_default();
    let log: HazardLog = serde_json::from_value(own("hazard_log")).map_err(|error| unread(&error))?;
    let main: RiskPolicy = serde_json::from_value(own("risk_policy")).map_err(|error| unread(&error))?;
    let further: Vec<RiskPolicy> =
        serde_json::from_value(own("risk_policies")).map_err(|error| unread(&error))?;
    let product = case.pointer("/product/name").and_then(Value::as_str).unwrap_or_default();
    let stated = log.version_date.as_deref().and_then(Date::parse_stated);
    let export = Export {
        log: &log,
        policies: std::iter::once(&main).chain(&further).collect(),
        title: log.title.clone().unwrap_or_else(|| format!("{product} hazard log")),
        date: stated.unwrap_or(as_of),
    };
    let workbook = export::workbook::write(&export, Layout::Template).map_err(|error| unread(&error))?;
    Ok(held_against(case, "log.xlsx", workbook, limits)?.differences.into_iter().collect())
}

/// Files of a log as it was given that are not those that a report carries; and files beside them that it never read,
/// such as the pictures in a folder of pages. A sentence each.
pub fn others_than(given: &[&FileEntry], attached: &BTreeMap<String, String>) -> (Vec<String>, Vec<String>) {
    let sums: BTreeSet<&String> = attached.values().collect();
    let (own, others): (Vec<&FileEntry>, Vec<&FileEntry>) =
        given.iter().partition(|file| sums.contains(&file.sha256));
    let (mut faults, mut unread) = (Vec::new(), Vec::new());
    for file in others {
        let is_named = file.source.as_ref().is_some_and(|source| attached.contains_key(source));
        if is_named || own.is_empty() {
            faults.push(format!("\"{}\" is not the hazard log that the report was made from.", file.path));
        } else {
            unread.push(format!("\"{}\" is no part of the hazard log that the report carries.", file.path));
        }
    }
    (faults, unread)
}

fn rating(hazard: &HazardRisk, stage: &str, movement: &Movement) -> Option<String> {
    let told = |rated: &Option<Rated>| rated.as_ref().map_or_else(|| "not given".to_owned(), Rated::words);
    (!matches!(movement.direction, Direction::Same | Direction::New | Direction::Gone)).then(|| {
        format!(
            "The {stage} rating of {} is {} in the report and {} in the hazard log.",
            hazard.id,
            told(&movement.old),
            told(&movement.new)
        )
    })
}

fn plain(line: &Line) -> String {
    let words = line.words.iter().map(|run| match run.kind {
        RunKind::Same => run.text.clone(),
        RunKind::Removed => format!("[-{}-]", run.text),
        RunKind::Added => format!("{{+{}+}}", run.text),
    });
    let words = words.collect::<String>().replace(['\n', '\r'], " ");
    if line.label.is_empty() { words } else { format!("{}: {words}", line.label) }
}
