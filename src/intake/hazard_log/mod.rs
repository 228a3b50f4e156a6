//! Reading a hazard log: any sheet with recognisable headers becomes hazards, causes and controls.
//!
//! [`layout`] finds the hazard sheet and what its columns mean; [`groups`] says which rows make up which
//! hazard; [`build`] puts each hazard together. What the values cannot show (hidden rows, formulas that
//! read the wrong column, ids used twice) becomes observations. Every cell with content ends as mapped,
//! unmapped or ignored with a reason: [`Explanation`] accounts for them all.

mod build;
mod controls;
mod document;
mod explain;
mod field;
mod formula;
mod groups;
mod ids;
mod layout;
mod list;
mod rating;

use crate::case::hazard::StatedRisk;
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::{Place, Provenance};
use crate::intake::InputError;
use crate::intake::workbook::{Address, CellKind, Sheet, Workbook};
use build::{Builder, excerpt};
pub use explain::{ColumnReading, Explanation, HazardReading, IgnoredCells, SheetReading, UnmappedCell};
use field::{Field, Stage};
use groups::Grouping;
use layout::{Layout, column_range};

/// A hazard log as it was read.
#[derive(Debug, Clone)]
pub struct HazardLogInput {
    pub log: HazardLog,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub explanation: Explanation,
}

/// Reads the hazard log of a workbook; ratings are recomputed from `policy`.
///
/// # Errors
/// If no sheet has a header row of a hazard log.
pub fn read(workbook: &Workbook, policy: &RiskPolicy) -> Result<HazardLogInput, InputError> {
    let (layout, sheets) = layout::find(workbook)?;
    let grouping = groups::group(&layout);
    let mut builder = Builder {
        file: &workbook.file,
        layout: &layout,
        policy,
        provenance: Provenance::default(),
        observations: Vec::new(),
        readings: Vec::new(),
    };
    let mut log = HazardLog::default();
    for group in &grouping.groups {
        let key = Builder::key(group, &log.hazards);
        let hazard = builder.hazard(group, &key);
        if key != group.id && !group.id.is_empty() {
            let cell =
                builder.provenance.place(&format!("hazards/{key}")).and_then(|place| place.cell.clone());
            let message =
                format!("Hazard number {} is used again; this hazard is called {key} here", group.id);
            builder.observe(ObservationKind::DuplicateHazardId, &key, cell.unwrap_or_default(), message);
        }
        log.hazards.push(hazard);
    }
    observe_formulas(&mut builder, &grouping, &log);
    let Builder { mut provenance, mut observations, readings, .. } = builder;
    observations.extend(document::read(workbook, policy, &mut log, &mut provenance));
    let mut explanation = account(&layout, &grouping);
    explanation.sheets = sheets;
    explanation.hazards = readings;
    observations.extend(observe_sheet(workbook, &layout, &grouping, &explanation));
    observations.extend(observe_names(workbook));
    observations.sort();
    Ok(HazardLogInput { log, provenance, observations, explanation })
}

/// Accounts for every cell of the hazard sheet with content.
fn account(layout: &Layout<'_>, grouping: &Grouping) -> Explanation {
    let mut explanation = Explanation {
        layout: layout.shape.describe().to_owned(),
        columns: layout.readings.clone(),
        ..Explanation::default()
    };
    let mut above = Vec::new();
    let mut notes = Vec::new();
    for (address, cell) in layout.sheet.cells().filter(|(_, cell)| !cell.text.trim().is_empty()) {
        explanation.cells += 1;
        if address.row < layout.header_row {
            above.push(address);
        } else if grouping.notes.contains(&address.row) {
            notes.push(address);
        } else if address.row == layout.header_row || layout.columns.field(address.column).is_some() {
            explanation.mapped += 1;
        } else {
            explanation.unmapped.push(UnmappedCell {
                cell: address.to_string(),
                header: layout
                    .sheet
                    .text(Address { row: layout.header_row, column: address.column })
                    .map(layout::one_line),
                text: cell.text.trim().to_owned(),
            });
        }
    }
    for (cells, reason) in [(above, "above the header row"), (notes, "a note, not a hazard")] {
        if let (Some(first), Some(last)) = (cells.first(), cells.last()) {
            let range = if first == last { first.to_string() } else { format!("{first}:{last}") };
            explanation.ignored.push(IgnoredCells {
                cells: range,
                count: cells.len(),
                reason: reason.to_owned(),
            });
        }
    }
    explanation
}

/// Observes risk formulas that read other columns than their own rating's, once a column.
fn observe_formulas(builder: &mut Builder<'_>, grouping: &Grouping, log: &HazardLog) {
    for stage in [Stage::Initial, Stage::Residual] {
        let column = |field| builder.layout.columns.column(field);
        let (Some(severity), Some(likelihood), Some(risk)) =
            (column(Field::Severity(stage)), column(Field::Likelihood(stage)), column(Field::Risk(stage)))
        else {
            continue;
        };
        let mut astray: Vec<Astray> = Vec::new();
        for (group, hazard) in grouping.groups.iter().zip(&log.hazards) {
            let rating = if stage == Stage::Initial { &hazard.initial } else { &hazard.residual };
            let wrong = matches!((&rating.stated_risk, rating.risk), (Some(StatedRisk::Score(stated)), Some(risk)) if *stated != risk);
            for member in &group.rows {
                let sheet = builder.layout.sheet;
                let formula = sheet
                    .cell(Address { row: member.row, column: risk })
                    .and_then(|cell| cell.formula.as_deref());
                let Some(formula) = formula else { continue };
                let read = formula::columns_read(formula, &sheet.name, member.row);
                if !read.is_empty() && read != [severity, likelihood].into() {
                    astray.push(Astray { row: member.row, read: read.into_iter().collect(), wrong });
                }
            }
        }
        if let Some(message) = astray_message(builder.layout, stage, [severity, likelihood, risk], &astray) {
            let cells = column_range(risk, astray[0].row, astray[astray.len() - 1].row);
            let place = Some(builder.place(cells));
            builder.observations.push(Observation {
                kind: ObservationKind::FormulaReadsOtherCells,
                hazard: None,
                place,
                message,
            });
        }
    }
}

/// A risk cell whose formula reads the wrong columns.
struct Astray {
    row: u32,
    read: Vec<u32>,
    /// Its cached value is not the risk of its own rating.
    wrong: bool,
}

fn astray_message(
    layout: &Layout<'_>,
    stage: Stage,
    expected: [u32; 3],
    astray: &[Astray],
) -> Option<String> {
    let [severity, likelihood, risk] = expected;
    let first = astray.first()?;
    let name = |column: u32| {
        let letters = crate::intake::workbook::address::column_letters(column);
        match layout.columns.field(column) {
            Some(field) => format!("{letters} ({field})"),
            None => letters,
        }
    };
    let read: Vec<String> = first.read.iter().map(|column| name(*column)).collect();
    let count = if astray.len() == 1 {
        "The formula of 1 cell".to_owned()
    } else {
        format!("The formulas of {} cells", astray.len())
    };
    let mut message = format!(
        "{count} of the {} risk read columns {} instead of {} and {}",
        stage.as_str(),
        read.join(" and "),
        name(severity),
        name(likelihood)
    );
    let wrong: Vec<String> = astray
        .iter()
        .filter(|cell| cell.wrong)
        .map(|cell| Address { row: cell.row, column: risk }.to_string())
        .collect();
    if !wrong.is_empty() {
        message = format!("{message}; the value shown is wrong in {}", wrong.join(", "));
    }
    Some(message)
}

/// Observes what the values of the hazard sheet do not show.
fn observe_sheet(
    workbook: &Workbook,
    layout: &Layout<'_>,
    grouping: &Grouping,
    explanation: &Explanation,
) -> Vec<Observation> {
    let sheet = layout.sheet;
    let hazard_of = |row: u32| {
        let group =
            grouping.groups.iter().position(|group| group.rows.iter().any(|member| member.row == row))?;
        Some(explanation.hazards.get(group)?.hazard.clone())
    };
    let observation = |kind, hazard: Option<String>, cells: String, message: String| Observation {
        kind,
        hazard,
        place: Some(Place::cell(&workbook.file, &sheet.name, cells)),
        message,
    };
    let mut observations = Vec::new();
    for row in &sheet.hidden_rows {
        let what = if *row == layout.header_row { "The header row" } else { "A row with content" };
        let message = format!("{what} (row {}) is hidden or filtered out; it was read all the same", row + 1);
        observations.push(observation(
            ObservationKind::Hidden,
            hazard_of(*row),
            row_range(sheet, *row),
            message,
        ));
    }
    for column in &sheet.hidden_columns {
        let letters = crate::intake::workbook::address::column_letters(*column);
        let message = format!("Column {letters} is hidden and has content; it was read all the same");
        observations.push(observation(
            ObservationKind::Hidden,
            None,
            format!("{letters}:{letters}"),
            message,
        ));
    }
    for (address, cell) in sheet.cells() {
        if cell.struck_through && !cell.text.trim().is_empty() {
            let message =
                format!("Text is struck through; it was read as if it were not: \"{}\"", excerpt(&cell.text));
            observations.push(observation(
                ObservationKind::StruckThrough,
                hazard_of(address.row),
                address.to_string(),
                message,
            ));
        }
        if cell.kind == CellKind::Error {
            let message = format!("The cell shows the error {}", cell.text);
            observations.push(observation(
                ObservationKind::ErrorValue,
                hazard_of(address.row),
                address.to_string(),
                message,
            ));
        }
    }
    for (address, comment) in &sheet.comments {
        let message = format!("The cell has a comment: \"{}\"", excerpt(comment));
        observations.push(observation(
            ObservationKind::Comment,
            hazard_of(address.row),
            address.to_string(),
            message,
        ));
    }
    for cell in &explanation.unmapped {
        let header = cell.header.as_ref().map_or_else(String::new, |header| format!(" under \"{header}\""));
        let message =
            format!("Nothing in a hazard was found for this cell{header}: \"{}\"", excerpt(&cell.text));
        observations.push(observation(ObservationKind::Unmapped, None, cell.cell.clone(), message));
    }
    observations
}

fn row_range(sheet: &Sheet, row: u32) -> String {
    let columns: Vec<Address> = sheet.row(row).map(|(address, _)| address).collect();
    match (columns.first(), columns.last()) {
        (Some(first), Some(last)) => format!("{first}:{last}"),
        _ => format!("A{}", row + 1),
    }
}

/// Observes defined names that lead nowhere, or out of the workbook.
fn observe_names(workbook: &Workbook) -> impl Iterator<Item = Observation> {
    workbook
        .defined_names
        .iter()
        .filter(|name| name.refers_to.contains("#REF!") || name.refers_to.contains('['))
        .map(|name| Observation {
            kind: ObservationKind::BrokenName,
            hazard: None,
            place: Some(Place::file(&workbook.file)),
            message: format!("The defined name {} leads nowhere: {}", name.name, name.refers_to),
        })
}
