//! The layout with a row for each control: its hazard's number, name and ratings on every row, the rest of the
//! hazard on the first, ids inside the texts of causes and controls.
//!
//! Causes and controls come back in the order in which their rows name them first, so a cause that is listed
//! before its turn gets a row of its own; so does one without a control. A control without a cause has a row
//! whose cause is blank.

use super::lists::existing_alone;
use super::table::{self, Content, Filling, Stage, Table, likelihood, risk, severity, text};
use crate::case::hazard::{Cause, Control, ControlKind, Hazard};
use crate::case::hazard_log::HazardLog;

struct Entry<'a> {
    hazard: &'a Hazard,
    /// The first row of its hazard.
    is_first: bool,
    cause: Option<&'a Cause>,
    control: Option<&'a Control>,
}

type Cell<'a> = Filling<Entry<'a>>;

pub(super) fn table(log: &HazardLog) -> Table<'_> {
    let entries: Vec<Entry<'_>> = log.hazards.iter().flat_map(entries).collect();
    table::fill(cells(), &entries, |entry| entry.hazard)
}

/// Existing controls stand before causes in this layout.
fn cells<'a>() -> Vec<Cell<'a>> {
    vec![
        Cell::new("Num", 8, |entry| entry.hazard.id.clone()),
        Cell::new("Hazard Name", 24, |entry| text(entry.hazard.name.as_ref())),
        Cell::new("Hazard Description", 34, |entry| entry.once(|hazard| hazard.description.as_ref())),
        Cell::new("Potential Clinical Impact", 34, |entry| entry.once(|hazard| hazard.impact.as_ref())),
        Cell::new("Existing Controls", 34, Entry::existing),
        Cell::new("Possible Causes", 38, Entry::cause),
        Cell::new("Initial Consequence", 14, |entry| severity(&entry.hazard.initial))
            .holding(Content::Severity),
        Cell::new("Initial Likelihood", 13, |entry| likelihood(&entry.hazard.initial))
            .holding(Content::Likelihood),
        Cell::new("Initial Risk", 8, |entry| risk(&entry.hazard.initial))
            .holding(Content::Risk(Stage::Initial)),
        Cell::new("Additional controls", 50, Entry::control),
        Cell::new("Control type", 13, |entry| entry.control.map_or_else(String::new, kind)),
        Cell::new("Control owner", 20, |entry| entry.of_control(|control| control.owner.as_ref())),
        Cell::new("Action", 30, |entry| entry.of_control(|control| control.action.as_ref())),
        Cell::new("Action status", 13, |entry| entry.of_control(|control| control.status.as_ref())),
        Cell::new("Residual Consequence", 14, |entry| severity(&entry.hazard.residual))
            .holding(Content::Severity),
        Cell::new("Residual Likelihood", 13, |entry| likelihood(&entry.hazard.residual))
            .holding(Content::Likelihood),
        Cell::new("Residual Risk", 8, |entry| risk(&entry.hazard.residual))
            .holding(Content::Risk(Stage::Residual)),
        Cell::new("Release introduced", 12, |entry| entry.once(|hazard| hazard.release.as_ref()))
            .where_needed(),
        Cell::new("Control evidence", 34, |entry| {
            entry.of_control(|control| control.stated_evidence.as_ref())
        })
        .where_needed(),
        Cell::new("Hazard Type", 18, |entry| entry.once(|hazard| hazard.category.as_ref())).where_needed(),
        Cell::new("Summary of Actions/Notes", 46, |entry| entry.once(|hazard| hazard.notes.as_ref()))
            .where_needed(),
        Cell::new("Owner", 16, |entry| text(entry.hazard.owner.as_ref())).where_needed(),
        Cell::new("Status", 13, |entry| text(entry.hazard.status.as_ref()))
            .holding(Content::Status)
            .where_needed(),
    ]
}

/// The rows of a hazard.
fn entries(hazard: &Hazard) -> Vec<Entry<'_>> {
    let row = |cause, control| Entry { hazard, is_first: false, cause, control };
    let mut entries: Vec<Entry<'_>> = Vec::new();
    // So many causes have a row.
    let mut named = 0;
    for control in &hazard.controls {
        let answered = hazard.causes.iter().position(|cause| cause.controls.contains(&control.id));
        if let Some(at) = answered.filter(|at| *at >= named) {
            entries.extend(hazard.causes[named..at].iter().map(|cause| row(Some(cause), None)));
            named = at + 1;
        }
        entries.push(row(answered.map(|at| &hazard.causes[at]), Some(control)));
    }
    entries.extend(hazard.causes[named..].iter().map(|cause| row(Some(cause), None)));
    if entries.is_empty() {
        entries.push(row(None, None));
    }
    entries[0].is_first = true;
    entries
}

impl<'a> Entry<'a> {
    /// What stands on the first row of a hazard only.
    fn once(&self, of: impl Fn(&'a Hazard) -> Option<&'a String>) -> String {
        text(of(self.hazard).filter(|_| self.is_first))
    }

    fn of_control(&self, of: impl Fn(&'a Control) -> Option<&'a String>) -> String {
        text(self.control.and_then(of))
    }

    fn existing(&self) -> String {
        if self.is_first { existing_alone(self.hazard) } else { String::new() }
    }

    fn cause(&self) -> String {
        self.cause.map_or_else(String::new, |cause| with_id(&cause.id, &cause.text))
    }

    fn control(&self) -> String {
        self.control.map_or_else(String::new, |control| with_id(&control.id, &control.text))
    }
}

/// A text with the id that it bears in its log: pairs of digits. An id of another form comes from its place in the
/// log, and is not written.
fn with_id(id: &str, text: &str) -> String {
    // A number that is used again has a suffix, which the log itself does not write.
    let stated = id.split_once('~').map_or(id, |(stated, _)| stated);
    let is_stated = matches!(stated.len(), 4 | 6 | 8) && stated.bytes().all(|byte| byte.is_ascii_digit());
    if is_stated { format!("{stated} {text}") } else { text.to_owned() }
}

/// The type as the log states it, or the word for its kind.
fn kind(control: &Control) -> String {
    if let Some(stated) = &control.stated_type {
        return stated.clone();
    }
    let word = match control.kind {
        ControlKind::Design => "Design",
        ControlKind::Test => "Test",
        ControlKind::Training => "Training",
        ControlKind::BusinessProcess => "Business process",
        ControlKind::Existing | ControlKind::Unspecified => "",
    };
    word.to_owned()
}
