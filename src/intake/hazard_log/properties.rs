//! What holds for every log, whatever its rows: nothing that stands under an understood column is lost, and blank
//! rows, blank columns and the order of columns say nothing.

use super::{HazardLogInput, read};
use crate::case::matrix::RiskPolicy;
use crate::intake::workbook::{Address, Cell, Sheet, Workbook};
use proptest::prelude::*;

/// Columns of any of the layouts; ratings say which they are, so that their order says nothing.
const HEADERS: [&str; 14] = [
    "Hazard Number",
    "Hazard Name",
    "Hazard Description",
    "Cause ID",
    "Cause",
    "Existing Controls",
    "Additional Controls",
    "Control ID",
    "Control Owner",
    "Action Status",
    "Initial Severity",
    "Initial Likelihood",
    "Initial Risk",
    "Notes",
];

/// What such cells hold in real logs: blanks, repeats, ids, lists, words that are none.
fn text() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just(""),
        6 => prop::sample::select(vec![
            "H1", "H01", "H02", "H03", "1", "1.02", "1.02.02", "0101 Network fails", "010101 Retry",
            "101 Network fails", "H01-C1 Staff forget", "H01-C1-M1 Train staff", "CA-001", "Result is late",
            "1) Retry\n2) None\n3) Alarm", "• one\n• two", "one; two; three", "None", "n/a", "Major", "Low",
            "Very High", "3", "3 - Medium", "Closed ", "Risk transferred to the Trust", "#REF!",
        ]),
        1 => "[ -~]{1,12}".prop_map(|text| -> &'static str { text.leak() }),
    ]
}

type Rows = Vec<[&'static str; HEADERS.len()]>;

fn rows() -> impl Strategy<Value = Rows> {
    prop::collection::vec(prop::array::uniform14(text()), 1..9)
}

/// A log with the columns in this order, with gaps of blank rows and columns.
fn log(rows: &Rows, order: &[usize], gap: u32) -> Workbook {
    let mut sheet = Sheet::default();
    sheet.name = "Hazard Log".into();
    let mut put = |row: usize, column: usize, text: &str| {
        let (row, column) = (u32::try_from(row).unwrap_or(0), u32::try_from(column).unwrap_or(0));
        // Rows and columns from the third on are moved away from those before.
        let address = Address {
            row: row + if row > 2 { gap } else { 0 },
            column: column + if column > 2 { gap } else { 0 },
        };
        if !text.is_empty() {
            sheet.insert(address, Cell { text: text.to_owned(), ..Cell::default() });
        }
    };
    for (column, from) in order.iter().enumerate() {
        put(0, column, HEADERS[*from]);
        for (row, cells) in rows.iter().enumerate() {
            put(row + 1, column, cells[*from]);
        }
    }
    Workbook { file: "log.xlsx".into(), sheets: vec![sheet], ..Workbook::default() }
}

fn in_order() -> Vec<usize> {
    (0..HEADERS.len()).collect()
}

fn input(workbook: &Workbook) -> HazardLogInput {
    read(workbook, &RiskPolicy::nhs()).expect("the headers are those of a hazard log")
}

proptest! {
    #[test]
    fn every_cell_reaches_the_case_or_an_observation(rows in rows()) {
        let workbook = log(&rows, &in_order(), 0);
        let input = input(&workbook);
        let explanation = &input.explanation;
        let ignored: usize = explanation.ignored.iter().map(|ignored| ignored.count).sum();
        prop_assert_eq!(explanation.mapped + explanation.unmapped.len() + ignored, explanation.cells);
        for cell in &explanation.unmapped {
            let said = input.observations.iter().any(|seen| {
                seen.place.as_ref().and_then(|place| place.cell.as_deref()) == Some(cell.cell.as_str())
            });
            prop_assert!(said, "{} is in no observation", cell.cell);
        }
        let of_rows: usize = explanation.hazards.iter().map(|hazard| hazard.rows.len()).sum();
        let filled = rows.iter().filter(|row| row.iter().any(|text| !text.trim().is_empty())).count();
        prop_assert!(of_rows == filled || !explanation.ignored.is_empty(), "{of_rows} of {filled} rows");
    }

    #[test]
    fn what_is_mapped_stands_in_the_case_word_for_word(rows in rows()) {
        let input = input(&log(&rows, &in_order(), 0));
        let case = serde_json::to_string(&input.log).expect("the case is plain");
        let told: String = input.observations.iter().map(|seen| seen.message.as_str()).collect();
        for text in rows.iter().flatten().filter(|text| text.chars().all(|c| c.is_ascii_alphabetic() || c == ' ')) {
            let text = text.trim();
            let is_none = super::list::says_none(text);
            let is_note = text.is_empty() || input.explanation.ignored.iter().any(|ignored| ignored.count > 0);
            prop_assert!(is_none || is_note || case.contains(text) || told.contains(text), "{text:?}");
        }
    }

    #[test]
    fn blank_rows_and_columns_say_nothing(rows in rows(), gap in 1_u32..5) {
        let plain = input(&log(&rows, &in_order(), 0));
        let apart = input(&log(&rows, &in_order(), gap));
        // Below a blank row, what is not like the rows above may be a legend, and that is told.
        prop_assume!(apart.explanation.ignored.is_empty());
        prop_assert_eq!(plain.log.hazards, apart.log.hazards);
    }

    #[test]
    fn the_order_of_columns_says_nothing(rows in rows(), order in Just(in_order()).prop_shuffle()) {
        let plain = input(&log(&rows, &in_order(), 0));
        let shuffled = input(&log(&rows, &order, 0));
        prop_assert_eq!(plain.log.hazards, shuffled.log.hazards);
    }
}
