//! Observing what the values of a hazard log do not show: formulas that read the wrong column, hidden rows,
//! struck-through text, comments, names that lead nowhere.

use super::build::Builder;
use super::explain::{Explanation, UnmappedCell};
use super::field::{Field, Stage};
use super::formula;
use super::groups::Grouping;
use super::layout::{Layout, column_range, one_line};
use super::shape::{Shape, repeated_rows};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::folding::fold;
use crate::case::hazard::{Rating, StatedRisk};
use crate::case::hazard_log::HazardLog;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Address, CellKind, Sheet, Workbook};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// The columns of one rating.
#[derive(Clone, Copy)]
struct RatingColumns {
    severity: u32,
    likelihood: u32,
    risk: u32,
}

/// Observes risk formulas that read other columns than their own rating's: each that shows a wrong value
/// for itself, the others together.
pub(super) fn formulas(builder: &mut Builder<'_>, grouping: &Grouping, log: &HazardLog) {
    for stage in [Stage::Initial, Stage::Residual] {
        let column = |field| builder.layout.columns.column(field);
        let (Some(severity), Some(likelihood), Some(risk)) =
            (column(Field::Severity(stage)), column(Field::Likelihood(stage)), column(Field::Risk(stage)))
        else {
            continue;
        };
        let columns = RatingColumns { severity, likelihood, risk };
        let mut others = Vec::new();
        for (group, hazard) in grouping.groups.iter().zip(&log.hazards) {
            let rating = if stage == Stage::Initial { &hazard.initial } else { &hazard.residual };
            for member in &group.rows {
                let Some(astray) = astray(builder.layout, columns, member.row) else { continue };
                let address = Address { row: member.row, column: risk };
                let is_unsaved =
                    builder.layout.sheet.cell(address).is_some_and(|cell| cell.kind == CellKind::Unsaved);
                if is_wrong(rating) || is_unsaved {
                    let shown = if is_unsaved {
                        "nobody can tell what it shows"
                    } else {
                        "the value that it shows is wrong"
                    };
                    let cell = address.to_string();
                    let message = format!("The formula of {cell} reads {astray}; {shown}.");
                    builder.observe(ObservationKind::FormulaReadsOtherCells, &hazard.key, cell, message);
                } else {
                    others.push((member.row, astray));
                }
            }
        }
        if let Some(message) = others_message(risk, &others) {
            let place = Some(builder.place(column_range(risk, others[0].0, others[others.len() - 1].0)));
            let kind = ObservationKind::FormulaReadsOtherCells;
            builder.observations.push(Observation { kind, hazard: None, place, message });
        }
    }
}

/// What is said once of all formulas that read other cells and show no wrong value.
fn others_message(risk: u32, others: &[(u32, String)]) -> Option<String> {
    let ((first, astray), (last, _)) = (others.first()?, others.last()?);
    let cells = column_range(risk, *first, *last);
    Some(match others.len() {
        1 => format!(
            "The formula of {cells} reads {astray}; it shows no wrong value now, and will when the ratings change."
        ),
        count => format!(
            "The formulas of {count} cells of {cells} read {astray}; they show no wrong value now, and will when the ratings change."
        ),
    })
}

/// What the risk formula of a row reads, if that is not its own rating:
/// `column G (initial severity) instead of N (residual severity)`.
fn astray(layout: &Layout<'_>, columns: RatingColumns, row: u32) -> Option<String> {
    let cell = layout.sheet.cell(Address { row, column: columns.risk })?;
    let reads = formula::reads(cell.formula.as_deref()?, &layout.sheet.name, row);
    if !reads.other_rows.is_empty() {
        let cells: Vec<String> = reads.other_rows.iter().map(ToString::to_string).collect();
        return Some(format!("another row ({})", cells.join(", ")));
    }
    let meant: BTreeSet<u32> = [columns.severity, columns.likelihood].into();
    if reads.own_row.is_empty() || reads.own_row == meant {
        return None;
    }
    let named = |columns: Vec<u32>| {
        let name = |column: &u32| match layout.columns.field(*column) {
            Some(field) => format!("{} ({field})", column_letters(*column)),
            None => column_letters(*column),
        };
        columns.iter().map(name).collect::<Vec<_>>().join(" and ")
    };
    let missing: Vec<u32> = meant.difference(&reads.own_row).copied().collect();
    let instead: Vec<u32> = reads.own_row.difference(&meant).copied().collect();
    Some(match (instead.is_empty(), missing.is_empty()) {
        (false, false) => format!("column {} instead of {}", named(instead), named(missing)),
        (true, _) => format!("nothing of column {}", named(missing)),
        (false, true) => format!("column {} too", named(instead)),
    })
}

fn is_wrong(rating: &Rating) -> bool {
    matches!((&rating.stated_risk, rating.risk), (Some(StatedRisk::Score(stated)), Some(risk)) if *stated != risk)
}

/// Observes what the values of the hazard sheet do not show.
pub(super) fn sheet(
    workbook: &Workbook,
    layout: &Layout<'_>,
    grouping: &Grouping,
    explanation: &Explanation,
) -> Vec<Observation> {
    let mut observer = SheetObserver {
        file: &workbook.file,
        sheet: layout.sheet,
        told: &layout.told,
        groups: grouping.by_row(),
        explanation,
        observations: Vec::new(),
    };
    observer.hidden_sheet();
    observer.doubtful_shape(layout);
    observer.hidden(layout.header_row);
    observer.concealed();
    observer.cells();
    observer.unmapped();
    observer.lists(workbook, layout);
    observer.observations
}

/// Observes what the values of a sheet of forms do not show.
pub(super) fn forms(workbook: &Workbook, sheet: &Sheet) -> Vec<Observation> {
    let mut observer = SheetObserver {
        file: &workbook.file,
        sheet,
        told: &(0..=u32::MAX),
        groups: FxHashMap::default(),
        explanation: &Explanation::default(),
        observations: Vec::new(),
    };
    observer.hidden_sheet();
    observer.hidden(u32::MAX);
    observer.concealed();
    observer.cells();
    observer.observations
}

struct SheetObserver<'a> {
    file: &'a str,
    sheet: &'a Sheet,
    /// The rows that are told of with the table.
    told: &'a RangeInclusive<u32>,
    /// Position of the hazard of each row.
    groups: FxHashMap<u32, usize>,
    explanation: &'a Explanation,
    observations: Vec<Observation>,
}

impl SheetObserver<'_> {
    fn observe(&mut self, kind: ObservationKind, row: Option<u32>, cells: String, message: String) {
        let hazard = row.and_then(|row| self.hazard_of(row));
        let place = Some(Place::cell(self.file, &self.sheet.name, cells));
        self.observations.push(Observation { kind, hazard, place, message });
    }

    fn hazard_of(&self, row: u32) -> Option<String> {
        let group = self.groups.get(&row)?;
        Some(self.explanation.hazards.get(*group)?.hazard.clone())
    }

    fn hidden_sheet(&mut self) {
        if self.sheet.hidden && *self.told.start() == 0 {
            let message = format!("The sheet {} is hidden; it was read all the same.", self.sheet.name);
            let place = Some(Place::sheet(self.file, self.sheet.name.clone()));
            self.observations.push(Observation {
                kind: ObservationKind::Hidden,
                hazard: None,
                place,
                message,
            });
        }
    }

    /// Rows that repeat their hazard in a sheet that was read as one row a hazard.
    fn doubtful_shape(&mut self, layout: &Layout<'_>) {
        let repeated = repeated_rows(layout.sheet, &layout.rows(), &layout.columns);
        if layout.form.shape == Shape::Hazard && repeated > 0 {
            let rows = if repeated == 1 { "1 row has".to_owned() } else { format!("{repeated} rows have") };
            let message = format!(
                "{rows} the number and name of the row above; the sheet was read as one row a hazard all the same."
            );
            self.observe(
                ObservationKind::LayoutInDoubt,
                None,
                row_range(self.sheet, layout.header_row),
                message,
            );
        }
    }

    fn hidden(&mut self, header_row: u32) {
        let (sheet, told) = (self.sheet, self.told);
        for row in sheet.hidden_rows.iter().filter(|row| told.contains(row)) {
            let what = if *row == header_row { "The header row" } else { "A row with content" };
            let message =
                format!("{what} (row {}) is hidden or filtered out; it was read all the same.", row + 1);
            self.observe(ObservationKind::Hidden, Some(*row), row_range(self.sheet, *row), message);
        }
        for column in sheet.hidden_columns.iter().filter(|_| *told.start() == 0) {
            let letters = column_letters(*column);
            let message = format!("Column {letters} is hidden and has content; it was read all the same.");
            self.observe(ObservationKind::Hidden, None, format!("{letters}:{letters}"), message);
        }
    }

    fn cells(&mut self) {
        let (sheet, told) = (self.sheet, self.told);
        for (address, cell) in sheet.cells().filter(|(address, _)| told.contains(&address.row)) {
            if cell.struck_through && !cell.text.trim().is_empty() {
                let message = match &cell.struck_words {
                    Some(words) => format!(
                        "Words are struck through; they were read as if they were not: \"{}\".",
                        excerpt(words)
                    ),
                    None => format!(
                        "Text is struck through; it was read as if it were not: \"{}\".",
                        excerpt(&cell.text)
                    ),
                };
                self.observe(ObservationKind::StruckThrough, Some(address.row), address.to_string(), message);
            }
            if cell.kind == CellKind::Error {
                let message = format!("The cell shows the error {}.", cell.text);
                self.observe(ObservationKind::ErrorValue, Some(address.row), address.to_string(), message);
            }
        }
        for (address, comment) in sheet.comments.iter().filter(|(address, _)| told.contains(&address.row)) {
            let message = format!("The cell has a comment: \"{}\".", one_line(comment));
            self.observe(ObservationKind::Comment, Some(address.row), address.to_string(), message);
        }
    }

    /// Cells whose number format shows nothing.
    fn concealed(&mut self) {
        for address in &self.sheet.concealed {
            let text = self.sheet.text(*address).map(excerpt);
            let message = format!(
                "The cell's number format (;;;) hides what it holds; it was read all the same: \"{}\".",
                text.unwrap_or_default()
            );
            self.observe(ObservationKind::Hidden, Some(address.row), address.to_string(), message);
        }
    }

    fn unmapped(&mut self) {
        let explanation = self.explanation;
        let mut columns: BTreeMap<u32, Vec<&UnmappedCell>> = BTreeMap::new();
        for cell in &explanation.unmapped {
            let column = cell.cell.parse::<Address>().map_or(0, |address| address.column);
            columns.entry(column).or_default().push(cell);
        }
        for (column, cells) in columns {
            self.unmapped_column(column, &cells);
        }
    }

    /// Each cell of a column that was not read, or all of them at once where they are many.
    fn unmapped_column(&mut self, column: u32, cells: &[&UnmappedCell]) {
        const MANY: usize = 12;
        if let [first, .., last] = cells
            && cells.len() >= MANY
        {
            let under = match &first.header {
                Some(header) => format!("under \"{header}\""),
                None => format!("of column {}, which has no header,", column_letters(column)),
            };
            let message = format!(
                "{} cells {under} were not read into any hazard, the first of them \"{}\".",
                cells.len(),
                excerpt(&one_line(&first.text))
            );
            self.observe(ObservationKind::Unmapped, None, format!("{}:{}", first.cell, last.cell), message);
            return;
        }
        for cell in cells {
            let header =
                cell.header.as_ref().map_or_else(String::new, |header| format!(" under \"{header}\""));
            let message =
                format!("The cell{header} was not read into any hazard: \"{}\".", one_line(&cell.text));
            self.observe(ObservationKind::Unmapped, None, cell.cell.to_string(), message);
        }
    }
}

impl SheetObserver<'_> {
    /// Words of hazard rows that the drop-down list of their cell does not have.
    fn lists(&mut self, workbook: &Workbook, layout: &Layout<'_>) {
        for validation in &self.sheet.validations {
            let Some(words) = workbook.list_words(self.sheet, &validation.list) else { continue };
            let allowed: BTreeSet<String> = words.iter().map(|word| fold(word)).collect();
            for (address, cell) in self.sheet.cells() {
                let stated = cell.text.trim();
                let concerned = address.row > layout.header_row
                    && layout.columns.field(address.column).is_some()
                    && validation.covers(address);
                if concerned && !stated.is_empty() && !allowed.contains(&fold(stated)) {
                    let message = format!(
                        "\"{}\" is not in the cell's own drop-down list: {}.",
                        excerpt(stated),
                        words.join(", ")
                    );
                    self.observe(ObservationKind::NotInList, Some(address.row), address.to_string(), message);
                }
            }
        }
    }
}

fn row_range(sheet: &Sheet, row: u32) -> String {
    let columns: Vec<Address> = sheet.row(row).map(|(address, _)| address).collect();
    match (columns.first(), columns.last()) {
        (Some(first), Some(last)) => format!("{first}:{last}"),
        _ => format!("A{}", row + 1),
    }
}

/// Observes that the format of the file may hide what other formats tell.
pub(super) fn format(workbook: &Workbook) -> Option<Observation> {
    let does_not_show = workbook.format.does_not_show().filter(|_| workbook.format.tells_less())?;
    let place = Some(Place::file(&workbook.file));
    let message = format!("The hazard log was read as: {}. {does_not_show}", workbook.format);
    Some(Observation { kind: ObservationKind::FormatTellsLess, hazard: None, place, message })
}

/// Observes defined names that lead nowhere, or out of the workbook, all at once.
pub(super) fn names(workbook: &Workbook) -> Option<Observation> {
    let broken: Vec<String> = workbook
        .defined_names
        .iter()
        .filter(|name| name.refers_to.contains("#REF!") || name.refers_to.contains('['))
        .map(|name| format!("{} ({})", name.name, name.refers_to))
        .collect();
    let message = match &broken[..] {
        [] => return None,
        [name] => format!("A defined name leads nowhere or out of the workbook: {name}."),
        names => format!(
            "{} defined names lead nowhere or out of the workbook: {}.",
            names.len(),
            names.join(", ")
        ),
    };
    let place = Some(Place::file(&workbook.file));
    Some(Observation { kind: ObservationKind::BrokenName, hazard: None, place, message })
}
