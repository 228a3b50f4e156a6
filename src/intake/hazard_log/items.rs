//! A row an item, as issue trackers export them: a hazard, a cause or a control, as a column of types says, each with
//! the key of the item that it belongs to, in any order.
//!
//! The other columns mean what their headers say, of the item of the row: the name of a cause is its text, the status
//! of a control the control's. An item that leads to no hazard is not read, and said so; items of other types, which a
//! tracker has too, are left out with their type as the reason.

mod records;

use super::explain::{Explanation, TableReading};
use super::field::Field;
use super::groups::Grouping;
use super::layout::Layout;
use super::structured::build::{Built, build};
use super::{HazardLogInput, Plan, RatedBy, account, document, observe, quote, unread};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::folding::folded;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::InputError;
use crate::intake::workbook::{Address, Workbook};
use records::Reader;
use std::collections::BTreeMap;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Hazard,
    Cause,
    Control,
    ExistingControl,
}

impl Kind {
    /// What the word of a type says: `Safety hazard`, `Hazard cause`, `Mitigation`.
    pub(super) fn of(word: &str) -> Option<Self> {
        let words = folded(word);
        let has =
            |stems: &[&str]| words.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem)));
        if has(&["control", "mitigation", "safeguard", "barrier"]) {
            Some(if has(&["existing", "current"]) { Self::ExistingControl } else { Self::Control })
        } else if has(&["cause", "threat"]) {
            Some(Self::Cause)
        } else if has(&["hazard"]) {
            Some(Self::Hazard)
        } else {
            None
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Hazard => "hazard",
            Self::Cause => "cause",
            Self::Control | Self::ExistingControl => "control",
        }
    }
}

/// Reads a log whose only table has a row an item.
///
/// # Errors
/// If another table stands beside it, which is read by other rules.
pub(super) fn read(
    workbook: &Workbook,
    plan: Plan,
    layouts: Vec<Layout<'_>>,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    let Ok([mut layout]) = <[Layout<'_>; 1]>::try_from(layouts) else {
        return Err(InputError::new("A log with a row an item has one table, and here are several")
            .at(Place::file(&workbook.file))
            .hint("keep one [[table]] in a mapping file, and export the items into one sheet"));
    };
    let mut reader = Reader::of(workbook, &layout);
    reader.items();
    let Reader { record, places, rows, taken, mut observations, other_types, .. } = reader;
    observations.extend(told_types(workbook, &layout, &other_types));
    layout.left_out.extend(other_types);
    let layout = &layout;
    let Built { mut log, mut provenance, observations: seen, readings } = build(record, &places, rated_by)?;
    observations.extend(plan.doubts);
    observations.extend(seen);
    let mut explanation = Explanation {
        format: workbook.format,
        notes: workbook.notes.clone(),
        sheets: plan.sheets,
        ..Explanation::default()
    };
    let header_rows = (layout.top_row..=layout.header_row).map(|row| row + 1).collect();
    explanation.tables.extend(plan.columns.into_iter().map(|columns| TableReading {
        sheet: layout.sheet.name.trim().to_owned(),
        header_rows: Vec::clone(&header_rows),
        layout: format!("{}: {}", layout.form.shape.describe(), layout.form.why),
        columns,
    }));
    let grouping = Grouping::default();
    let mut of_table = account::table(layout, &grouping, &taken);
    of_table.hazards = readings;
    for (reading, mut rows) in of_table.hazards.iter_mut().zip(rows) {
        rows.sort_unstable();
        reading.rows = rows;
    }
    observations.extend(observe::sheet(workbook, layout, &grouping, &of_table));
    observations.extend(unread::blank_rows(workbook, layout));
    let (count, ignored) = (of_table.count(), of_table.ignored.clone());
    explanation.absorb(of_table, layout, false);
    let (documents, seen) =
        document::read(workbook, &explanation.sheets, rated_by, &mut log, &mut provenance);
    observations.extend(seen);
    account::sheets(workbook, &[(layout, count, &ignored)], &documents, &mut explanation);
    quote::headers(workbook, std::slice::from_ref(layout), &explanation, provenance.quotes());
    observations.extend(observe::names(workbook));
    observations.extend(observe::format(workbook));
    observations.extend(unread::sheets(workbook, std::slice::from_ref(layout), &explanation));
    observations.extend(unread::text_boxes(workbook, &explanation));
    observations.extend(unread::values(workbook, &explanation));
    observations.sort();
    Ok(HazardLogInput { log, provenance, observations, explanation })
}

/// Says once that items of other types were left out.
fn told_types(
    workbook: &Workbook,
    layout: &Layout<'_>,
    other_types: &BTreeMap<u32, String>,
) -> Option<Observation> {
    let first = other_types.keys().next()?;
    let mut types: Vec<&str> =
        other_types.keys().filter_map(|row| text(layout, *row, Field::ItemType)).collect();
    types.sort_unstable();
    types.dedup();
    let rows = match other_types.len() {
        1 => "1 row is".to_owned(),
        count => format!("{count} rows are"),
    };
    let message = format!(
        "{rows} neither a hazard nor a cause nor a control, by the type that the sheet {} gives ({}), and not read.",
        layout.sheet.name.trim(),
        if types.is_empty() { "none".to_owned() } else { excerpt(&types.join(", ")) }
    );
    let cells = format!("{0}:{0}", first + 1);
    let place = Some(Place::cell(&workbook.file, &layout.sheet.name, cells));
    Some(Observation { kind: ObservationKind::LayoutInDoubt, hazard: None, place, message })
}

/// The cell of a row for a field, with content.
fn cell<'a>(layout: &Layout<'a>, row: u32, field: Field) -> Option<(Address, &'a str)> {
    let address = Address { row, column: layout.columns.column(field)? };
    Some((address, layout.sheet.text(address)?))
}

fn text<'a>(layout: &Layout<'a>, row: u32, field: Field) -> Option<&'a str> {
    cell(layout, row, field).map(|(_, text)| text)
}

/// Whether the cells of a column of types name a hazard, and causes or controls beside it.
pub(super) fn are_types<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let kinds: Vec<Kind> = texts.filter_map(Kind::of).collect();
    kinds.contains(&Kind::Hazard) && kinds.iter().any(|kind| *kind != Kind::Hazard)
}

/// A row of items, in words that follow the shape.
pub(super) fn describe<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let kinds: Vec<Kind> = texts.filter_map(Kind::of).collect();
    let count = |wanted: &str| kinds.iter().filter(|kind| kind.as_str() == wanted).count();
    let part = |word: &str| match count(word) {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    format!("its types are those of {}, {} and {}", part("hazard"), part("cause"), part("control"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_type_says_what_an_item_is() {
        for (word, kind) in [
            ("Hazard", Some(Kind::Hazard)),
            ("Safety hazard", Some(Kind::Hazard)),
            ("Hazard cause", Some(Kind::Cause)),
            ("Threat", Some(Kind::Cause)),
            ("Hazard control", Some(Kind::Control)),
            ("Mitigation", Some(Kind::Control)),
            ("Existing safeguard", Some(Kind::ExistingControl)),
            ("Story", None),
            ("Because", None),
        ] {
            assert_eq!(Kind::of(word), kind, "{word}");
        }
    }
}
