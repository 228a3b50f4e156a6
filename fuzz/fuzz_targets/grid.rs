//! Grids of header words, ids, lists and anything else: read without a panic, nothing dropped, and judged.
#![no_main]

use arbitrary::Arbitrary;
use cscr::assurance::import_findings;
use cscr::case::matrix::RiskPolicy;
use cscr::intake::hazard_log::read;
use cscr::intake::workbook::{Address, Cell, CellKind, Sheet, Workbook};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Grid {
    sheets: Vec<Vec<Vec<Content>>>,
    merges: Vec<(u8, u8, u8, u8)>,
    hidden: Vec<u8>,
    blank_rows_above: u8,
}

#[derive(Debug, Arbitrary)]
enum Content {
    Blank,
    Header(u8),
    Id(u8, u8, u8),
    Word(u8),
    List(Vec<String>),
    Number(f64),
    Text(String),
    Formula(u8, String),
}

const HEADERS: [&str; 28] = [
    "Hazard Number", "Hazard Name", "Hazard Description", "Potential Clinical Impact", "Possible Causes",
    "Existing Controls", "Severity", "Likelihood", "Risk", "Initial", "Residual", "Initial Severity",
    "Residual Likelihood", "Residual Risk", "Design", "Test", "Training", "Business Process Change",
    "Additional Controls", "Control Type", "Control Owner", "Action", "Action Status", "Owner", "Status", "Notes",
    "Cause #", "Control #",
];
const WORDS: [&str; 14] = [
    "None", "n/a", "TBC", "Major", "Very High", "Low", "3 - Medium", "Catastrophic", "Open", "Closed",
    "Transferred", "#REF!", "27/03//2020", "Risk Matrix",
];

fn cell(content: &Content, row: u32) -> Option<Cell> {
    let text = match content {
        Content::Blank => return None,
        Content::Header(at) => HEADERS[usize::from(*at) % HEADERS.len()].to_owned(),
        Content::Id(kind, one, two) => match kind % 5 {
            0 => format!("H{one:02}"),
            1 => format!("{one:02}{two:02} Cause"),
            2 => format!("{one}.{two:02}.01"),
            3 => format!("{one}"),
            _ => format!("NRL{one:02}"),
        },
        Content::Word(at) => WORDS[usize::from(*at) % WORDS.len()].to_owned(),
        Content::List(entries) => {
            entries.iter().enumerate().map(|(at, text)| format!("{}) {text}\n", at + 1)).collect()
        }
        Content::Number(number) => {
            return Some(Cell { text: number.to_string(), kind: CellKind::Number(*number), ..Cell::default() });
        }
        Content::Text(text) => text.clone(),
        Content::Formula(column, text) => {
            let letter = char::from(b'A' + column % 26);
            let formula = Some(format!("INDEX(X!$D$2:$H$6,MATCH({letter}{row},A,0),MATCH(B{row},B,0))"));
            return Some(Cell { text: text.clone(), formula, ..Cell::default() });
        }
    };
    Some(Cell { text, ..Cell::default() })
}

fn workbook(grid: &Grid) -> Workbook {
    let mut workbook = Workbook { file: "log.xlsx".into(), ..Workbook::default() };
    for (at, rows) in grid.sheets.iter().take(4).enumerate() {
        let mut sheet = Sheet::default();
        sheet.name = format!("Sheet {at}").into();
        for (row, cells) in rows.iter().take(60).enumerate() {
            let row = u32::try_from(row).unwrap_or_default() + u32::from(grid.blank_rows_above);
            for (column, content) in (0..).zip(cells.iter().take(30)) {
                if let Some(cell) = cell(content, row + 1) {
                    sheet.insert(Address { row, column }, cell);
                }
            }
        }
        let address = |row: u8, column: u8| Address { row: u32::from(row), column: u32::from(column) };
        sheet.merges = grid
            .merges
            .iter()
            .map(|(row, column, rows, columns)| {
                (address(*row, *column), address(row.saturating_add(*rows), column.saturating_add(*columns)))
            })
            .collect();
        sheet.hidden_rows = grid.hidden.iter().map(|row| u32::from(*row)).collect();
        workbook.sheets.push(sheet);
    }
    workbook
}

fuzz_target!(|grid: Grid| {
    let policy = RiskPolicy::nhs();
    let Ok(input) = read(&workbook(&grid), &policy) else { return };
    let ignored: usize = input.explanation.ignored.iter().map(|ignored| ignored.count).sum();
    let accounted = input.explanation.mapped + input.explanation.unmapped.len() + ignored;
    assert_eq!(input.explanation.cells, accounted, "every cell is accounted for");
    let _ = import_findings(&input.log, &input.observations, &input.provenance, &policy);
});
