//! The layout of the NHS hazard log template: a row a hazard, nineteen columns.
//!
//! Behind those stand further ones, each only where the log has something for it: of what a template log may well
//! have, the template has no column for a hazard's type and release, and none for controls of no kind. Columns that
//! describe controls hold for all controls of their row, and so stand here only where that is true.

use super::lists::Lists;
use super::table::{self, Content, Filling, Stage, Table, likelihood, risk, severity, text};
use crate::case::hazard::{Control, Hazard};
use crate::case::hazard_log::HazardLog;

/// The columns of the template. Severity, likelihood and risk stand twice: before and after control.
pub const HEADERS: [&str; 19] = [
    "Hazard Number",
    "Hazard Name",
    "Hazard Description",
    "Potential Clinical Impact",
    "Possible Causes",
    "Existing Controls",
    "Severity",
    "Likelihood",
    "Risk",
    "Design",
    "Test",
    "Training",
    "BPC",
    "Severity",
    "Likelihood",
    "Risk",
    "Summary of Actions/Notes",
    "Owner",
    "Status",
];

/// A hazard with the lists of its cells.
struct Entry<'a> {
    hazard: &'a Hazard,
    lists: Lists,
    /// What is true of all its additional controls, in the order of [`DESCRIBING`].
    described: [String; 4],
}

type Cell<'a> = Filling<Entry<'a>>;

pub(super) fn table(log: &HazardLog) -> Table<'_> {
    let hazards = &log.hazards;
    let is_agreed = DESCRIBING.map(|of| hazards.iter().all(|hazard| agree(hazard, of)));
    let described = |hazard: &Hazard| {
        let mut index = 0..;
        DESCRIBING.map(|of| match (hazard.controls.first(), index.next()) {
            (Some(control), Some(at)) if is_agreed[at] => text(of(control).as_ref()),
            _ => String::new(),
        })
    };
    let entry = |hazard| Entry { hazard, lists: Lists::of(hazard), described: described(hazard) };
    let entries: Vec<Entry<'_>> = hazards.iter().map(entry).collect();
    table::fill(cells(), &entries, |entry| entry.hazard)
}

fn cells<'a>() -> Vec<Cell<'a>> {
    let [number, name, description, impact, causes, existing, s, l, r, design, test, training, bpc, ..] =
        HEADERS;
    let [.., notes, owner, status] = HEADERS;
    vec![
        Cell::new(number, 10, |entry| entry.hazard.id.clone()),
        Cell::new(name, 24, |entry| text(entry.hazard.name.as_ref())),
        Cell::new(description, 34, |entry| text(entry.hazard.description.as_ref())),
        Cell::new(impact, 34, |entry| text(entry.hazard.impact.as_ref())),
        Cell::new(causes, 50, |entry| entry.lists.causes.clone()),
        Cell::new(existing, 46, |entry| entry.lists.existing.clone()),
        Cell::new(s, 14, |entry| severity(&entry.hazard.initial)).holding(Content::Severity),
        Cell::new(l, 13, |entry| likelihood(&entry.hazard.initial)).holding(Content::Likelihood),
        Cell::new(r, 8, |entry| risk(&entry.hazard.initial)).holding(Content::Risk(Stage::Initial)),
        Cell::new(design, 50, |entry| entry.lists.design.clone()),
        Cell::new(test, 46, |entry| entry.lists.test.clone()),
        Cell::new(training, 36, |entry| entry.lists.training.clone()),
        Cell::new(bpc, 36, |entry| entry.lists.business_process.clone()),
        Cell::new(s, 14, |entry| severity(&entry.hazard.residual)).holding(Content::Severity),
        Cell::new(l, 13, |entry| likelihood(&entry.hazard.residual)).holding(Content::Likelihood),
        Cell::new(r, 8, |entry| risk(&entry.hazard.residual)).holding(Content::Risk(Stage::Residual)),
        Cell::new(notes, 46, |entry| text(entry.hazard.notes.as_ref())),
        Cell::new(owner, 16, |entry| text(entry.hazard.owner.as_ref())),
        Cell::new(status, 13, |entry| text(entry.hazard.status.as_ref())).holding(Content::Status),
        Cell::new("Additional Controls", 46, |entry| entry.lists.further.clone()).where_needed(),
        Cell::new("Hazard Type", 18, |entry| text(entry.hazard.category.as_ref())).where_needed(),
        Cell::new("Release introduced", 12, |entry| text(entry.hazard.release.as_ref())).where_needed(),
        Cell::new("Control owner", 20, |entry| entry.described[0].clone()).where_needed(),
        Cell::new("Action", 30, |entry| entry.described[1].clone()).where_needed(),
        Cell::new("Action status", 13, |entry| entry.described[2].clone()).where_needed(),
        Cell::new("Control evidence", 34, |entry| entry.described[3].clone()).where_needed(),
    ]
}

type Of = fn(&Control) -> &Option<String>;

/// What columns may say of the controls of their row.
const DESCRIBING: [Of; 4] = [
    |control| &control.owner,
    |control| &control.action,
    |control| &control.status,
    |control| &control.stated_evidence,
];

/// Whether all additional controls of a hazard say the same, and its existing ones, which such a column does not
/// describe, nothing.
fn agree(hazard: &Hazard, of: Of) -> bool {
    let mut said = hazard.controls.iter().map(of);
    let first = said.next();
    said.all(|other| Some(other) == first)
        && hazard.existing_controls.iter().all(|control| of(control).is_none())
}
