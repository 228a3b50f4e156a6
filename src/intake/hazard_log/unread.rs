//! Observing what was not read: sheets, pictures and text boxes, rows of blank cells.
//!
//! Whoever put something into the workbook may rely on it being in the report, so all that is left out is said.
//! Pictures on a sheet that is read, such as the crests of a cover page, are not: they go with what was read.

use super::build::excerpt;
use super::explain::{Explanation, SheetRole};
use super::layout::{Layout, one_line};
use crate::case::Place;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Sheet, Workbook};
use std::collections::BTreeSet;

/// Observes sheets with content that nothing reads; a second sheet of hazards is a matter of its own.
pub(super) fn sheets(
    workbook: &Workbook,
    layout: &Layout<'_>,
    explanation: &Explanation,
) -> Vec<Observation> {
    let mut observations = Vec::new();
    for (sheet, reading) in workbook.sheets.iter().zip(&explanation.sheets) {
        let is_read = reading.role != SheetRole::NotRead && reading.role != SheetRole::OtherHazards;
        let content = content(sheet);
        let name = sheet.name.trim();
        let (kind, what) = match reading.role {
            _ if is_read || content.is_empty() => continue,
            SheetRole::OtherHazards => {
                (ObservationKind::HazardSheetNotRead, "has the headers of a hazard log and was not read")
            }
            _ if is_lists(sheet, layout.sheet) => (ObservationKind::ListsNotRead, "was not read"),
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
    let read =
        workbook.sheets.iter().zip(&explanation.sheets).filter(|(_, reading)| {
            reading.role != SheetRole::NotRead && reading.role != SheetRole::OtherHazards
        });
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
    let place = Some(Place { sheet: Some(sheet.name.clone()), ..Place::file(&workbook.file) });
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
    let rows = layout.sheet.rows();
    let held = rows.range(layout.header_row..).next_back().copied()?;
    let last = layout.sheet.last_row.map_or(held, |row| row.max(held));
    let runs = runs(layout.header_row, last, &rows);
    let (first, end) = *runs.first()?;
    let named: Vec<String> =
        runs.iter()
            .take(5)
            .map(|(first, last)| {
                if first == last {
                    format!("{}", first + 1)
                } else {
                    format!("{} to {}", first + 1, last + 1)
                }
            })
            .collect();
    let count: u32 = runs.iter().map(|(first, last)| last - first + 1).sum();
    let more = if runs.len() > named.len() { " and others" } else { "" };
    let between = runs.iter().any(|(first, _)| *first < held);
    let where_ = match (between, last > held) {
        (true, true) => "between and below the hazards",
        (true, false) => "between the hazards",
        _ => "below the last hazard",
    };
    let name = layout.sheet.name.trim();
    let message = if count == 1 {
        format!("Row {} of the sheet {name} is blank; it stands {where_}.", named[0])
    } else {
        format!(
            "{count} rows of the sheet {name} are blank; they stand {where_}: {}{more}.",
            named.join(", ")
        )
    };
    let columns: Vec<u32> = layout.sheet.row(layout.header_row).map(|(address, _)| address.column).collect();
    let cells = format!(
        "{}{}:{}{}",
        column_letters(*columns.first()?),
        first + 1,
        column_letters(*columns.last()?),
        end + 1
    );
    let place = Some(Place::cell(&workbook.file, &layout.sheet.name, cells));
    Some(Observation { kind: ObservationKind::BlankRows, hazard: None, place, message })
}

/// The rows after `head` and up to `last` that are not among these, as runs of first and last.
fn runs(head: u32, last: u32, held: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let mut runs = Vec::new();
    let mut above = head;
    for row in held.range(head + 1..).copied().chain([last + 1]) {
        if row > above + 1 {
            runs.push((above + 1, row - 1));
        }
        above = row;
    }
    runs
}
