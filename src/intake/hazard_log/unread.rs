//! Observing what was not read: sheets, pictures and text boxes, rows of blank cells.
//!
//! Whoever put something into the workbook may rely on it being in the report, so all that is left out is said.
//! Pictures on a sheet that is read, such as the crests of a cover page, are not: they go with what was read.

use super::explain::{Explanation, SheetRole};
use super::layout::{Layout, one_line};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::workbook::{Address, CellKind, Sheet, Workbook};
use std::collections::BTreeSet;

/// Observes formulas on the sheets that are read whose values were not saved with the file, all of a sheet at once.
pub(super) fn values(workbook: &Workbook, explanation: &Explanation) -> Vec<Observation> {
    let read = workbook.sheets.iter().zip(&explanation.sheets).filter(|(_, reading)| reading.role.is_read());
    let mut observations = Vec::new();
    for (sheet, _) in read {
        let unsaved: Vec<(Address, &str)> = sheet
            .cells()
            .filter(|(_, cell)| cell.kind == CellKind::Unsaved)
            .map(|(address, cell)| (address, cell.formula.as_deref().unwrap_or_default()))
            .collect();
        let Some((first, formula)) = unsaved.first() else { continue };
        let name = sheet.name.trim();
        let formula = excerpt(formula);
        let message = match unsaved.len() {
            1 => format!(
                "The value of the formula {first} (={formula}) on the sheet {name} was not saved with the file."
            ),
            count => format!(
                "The values of {count} formulas on the sheet {name} were not saved with the file, the first of them {first} (={formula})."
            ),
        };
        let place = Some(Place::cell(&workbook.file, &sheet.name, first.to_string()));
        observations.push(Observation { kind: ObservationKind::UnsavedValue, hazard: None, place, message });
    }
    observations
}

/// Observes sheets with content that nothing reads; a second sheet of hazards is a matter of its own.
pub(super) fn sheets(
    workbook: &Workbook,
    layouts: &[Layout<'_>],
    explanation: &Explanation,
) -> Vec<Observation> {
    let mut observations = Vec::new();
    for (sheet, reading) in workbook.sheets.iter().zip(&explanation.sheets) {
        let is_settled =
            reading.role.is_read() && reading.count.mapped > 0 || reading.role == SheetRole::Ignored;
        let content = content(sheet);
        let name = sheet.name.trim();
        let (kind, what) = match reading.role {
            _ if is_settled || content.is_empty() => continue,
            SheetRole::OtherHazards => {
                (ObservationKind::HazardSheetNotRead, "has the headers of a hazard log and was not read")
            }
            role if role.is_read() => (ObservationKind::SheetNotRead, "was taken for more than it is"),
            _ if layouts.iter().any(|layout| is_lists(sheet, layout.sheet)) => {
                (ObservationKind::ListsNotRead, "was not read")
            }
            _ => (ObservationKind::SheetNotRead, "was not read"),
        };
        let message = if cells(sheet).next().is_none() {
            let drawn = sheet.drawing.pictures + sheet.drawing.text_boxes.len();
            let were = if drawn == 1 { "was" } else { "were" };
            format!(
                "The sheet {name} holds {} that {were} not read, and nothing else.",
                content.join(" and ")
            )
        } else if kind == ObservationKind::ListsNotRead {
            format!("The sheet {name} was not read: it only lists words that stand on the sheet of hazards.")
        } else {
            format!("The sheet {name} with {} {what}: {}.", content.join(" and "), reading.why)
        };
        observations.push(of_sheet(workbook, sheet, kind, message));
    }
    observations
}

/// Observes text boxes on the sheets that are read: their cells are, and what lies over them is not.
pub(super) fn text_boxes(workbook: &Workbook, explanation: &Explanation) -> Vec<Observation> {
    let read = workbook.sheets.iter().zip(&explanation.sheets).filter(|(_, reading)| reading.role.is_read());
    let mut observations = Vec::new();
    for (sheet, _) in read {
        for text in &sheet.drawing.text_boxes {
            let message = format!(
                "A text box on the sheet {} was not read: \"{}\".",
                sheet.name.trim(),
                excerpt(&one_line(text))
            );
            observations.push(of_sheet(workbook, sheet, ObservationKind::SheetNotRead, message));
        }
    }
    observations
}

fn of_sheet(workbook: &Workbook, sheet: &Sheet, kind: ObservationKind, message: String) -> Observation {
    let place = Some(Place::sheet(workbook.file.clone(), sheet.name.clone()));
    Observation { kind, hazard: None, place, message }
}

/// What a sheet holds, in words: `5 cells`, `a picture`, `2 text boxes`.
fn content(sheet: &Sheet) -> Vec<String> {
    let some = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {many}")),
    };
    let drawing = &sheet.drawing;
    [
        some(cells(sheet).count(), "1 cell of content", "cells of content"),
        some(drawing.pictures, "a picture", "pictures"),
        some(drawing.text_boxes.len(), "a text box", "text boxes"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn cells(sheet: &Sheet) -> impl Iterator<Item = (u32, &str)> {
    let texts = sheet.cells().map(|(address, cell)| (address.column, cell.text.trim()));
    texts.filter(|(_, text)| !text.is_empty())
}

/// Whether a sheet only lists words for the hazards' cells, as the sources of drop-down lists do: nearly all of
/// what stands below the head of each column stands on the sheet of hazards too.
fn is_lists(sheet: &Sheet, hazards: &Sheet) -> bool {
    const LONGEST_WORD: usize = 40;
    const MOST: usize = 200;
    if !sheet.drawing.text_boxes.is_empty()
        || sheet.drawing.pictures > 0
        || cells(sheet).count() > MOST
        || cells(sheet).any(|(_, text)| text.chars().count() > LONGEST_WORD)
    {
        return false;
    }
    let fold = |text: &str| one_line(text).to_lowercase();
    let used: BTreeSet<String> = cells(hazards).map(|(_, text)| fold(text)).collect();
    let columns: BTreeSet<u32> = cells(sheet).map(|(column, _)| column).collect();
    columns.into_iter().all(|wanted| {
        let words = cells(sheet).filter(|(column, _)| *column == wanted).map(|(_, text)| fold(text));
        let words: Vec<bool> = words.map(|word| used.contains(&word)).collect();
        let known = words.iter().filter(|known| **known).count();
        // The head of the column may be a word of its own, and a word or two may not be in use.
        known >= 2 && known * 4 >= (words.len() - 1) * 3
    })
}

/// Observes rows of the hazard sheet that hold nothing, between the hazards or below them, all at once.
pub(super) fn blank_rows(workbook: &Workbook, layout: &Layout<'_>) -> Option<Observation> {
    let mut filled = layout.sheet.rows();
    filled.extend(&layout.sheet.rules);
    let last_filled = layout.rows().last().copied().unwrap_or(layout.header_row);
    // Blank rows above a legend or another table are no rows of this one.
    let ends_here = filled.range(last_filled + 1..).next().is_none();
    let last = layout.sheet.last_row.filter(|_| ends_here).map_or(last_filled, |row| row.max(last_filled));
    let blank = runs_between(layout.header_row, last, &filled);
    let (first, end) = *blank.first()?;
    let standing = match (first < last_filled, last > last_filled) {
        (true, true) => "between and below the hazards",
        (true, false) => "between the hazards",
        (false, _) => "below the last hazard",
    };
    let name = layout.sheet.name.trim();
    let message = match blank.iter().map(|(first, last)| last - first + 1).sum::<u32>() {
        1 => format!("Row {} of the sheet {name} is blank; it stands {standing}.", first + 1),
        count => format!(
            "{count} rows of the sheet {name} are blank; they stand {standing}: {}.",
            in_words(&blank)
        ),
    };
    let mut columns = layout.sheet.row(layout.header_row).map(|(address, _)| address.column);
    let left = columns.next()?;
    let right = columns.last().unwrap_or(left);
    let corner = |row, column| Address { row, column }.to_string();
    let cells = format!("{}:{}", corner(first, left), corner(end, right));
    let place = Some(Place::cell(&workbook.file, &layout.sheet.name, cells));
    Some(Observation { kind: ObservationKind::BlankRows, hazard: None, place, message })
}

/// The rows after `head` and up to `last` that are not filled, as runs of first and last.
fn runs_between(head: u32, last: u32, filled: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let mut runs = Vec::new();
    let mut above = head;
    for row in filled.range(head + 1..).copied().chain([last + 1]) {
        if row > above + 1 {
            runs.push((above + 1, row - 1));
        }
        above = row;
    }
    runs
}

/// `4, 9 to 12 and more`, as the spreadsheet numbers them.
fn in_words(runs: &[(u32, u32)]) -> String {
    const NAMED: usize = 5;
    let named = runs.iter().take(NAMED).map(|(first, last)| match last - first {
        0 => (first + 1).to_string(),
        _ => format!("{} to {}", first + 1, last + 1),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    if runs.len() > NAMED { format!("{named} and more") } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_rows_are_runs_between_and_below() {
        let filled = BTreeSet::from([0, 1, 2, 5]);
        let runs = runs_between(0, 8, &filled);
        assert_eq!(runs, [(3, 4), (6, 8)]);
        assert_eq!(in_words(&runs), "4 to 5, 7 to 9");
        assert_eq!(runs_between(0, 2, &BTreeSet::from([0, 1, 2])), []);
    }
}
