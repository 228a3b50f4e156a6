//! How the work of reading grows: ten times the rows may take ten times the time, and not a hundred times.
//!
//! A small log ten times over is held against a large one: the same work, where it grows with the rows. The shortest
//! of several runs is compared, and both are run again before the large log is called too slow.

use super::read;
use crate::case::matrix::RiskPolicy;
use crate::intake::workbook::{Address, Cell, Sheet, Workbook};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROWS: u32 = 200;
const TIMES: u32 = 10;
/// Times the work of ten small logs that a large one may take: 10 where it grows with the square, and a little more
/// than 1 where it does not.
const MOST: u32 = 5;
/// What takes less costs nobody anything.
const FREE: Duration = Duration::from_millis(20);

/// A log with these headers; `cell` gives the text of a row's column.
fn log(headers: &[&str], rows: u32, cell: impl Fn(u32, usize) -> String) -> Workbook {
    let mut sheet = Sheet::default();
    sheet.name = "Hazard Log".into();
    let text = |text: String| Cell { text, ..Cell::default() };
    for (column, header) in (0..).zip(headers) {
        sheet.insert(Address { row: 0, column }, text((*header).to_owned()));
        for row in 1..=rows {
            let said = cell(row, column as usize);
            if !said.is_empty() {
                sheet.insert(Address { row, column }, text(said));
            }
        }
    }
    Workbook { file: "log.xlsx".into(), sheets: vec![sheet], ..Workbook::default() }
}

const HEADERS: [&str; 8] = [
    "Hazard Number",
    "Hazard Name",
    "Possible Causes",
    "Existing Controls",
    "Additional Controls",
    "Control Owner",
    "Severity",
    "Likelihood",
];

/// One hazard of any number of controls, with ids that are wanted again and again, and a cause for every five rows.
fn one_hazard(rows: u32) -> Workbook {
    log(&HEADERS, rows, |row, column| match column {
        0 => "H01".to_owned(),
        1 => "Result is late".to_owned(),
        2 => format!("01{:04} Cause {}", row / 5 % 10_000, row / 5),
        3 => format!("Existing control {row}"),
        4 => format!("010101 Control {row}"),
        5 => "Maker".to_owned(),
        6 => "Major".to_owned(),
        _ => "Low".to_owned(),
    })
}

/// Rows that say nothing of where they belong: no number, no ids, no causes but their own.
fn unnumbered(rows: u32) -> Workbook {
    log(&HEADERS, rows, |row, column| match column {
        1 => format!("Hazard {row}"),
        2 | 4 => format!("Text {row}"),
        _ => String::new(),
    })
}

/// A hazard a row, each with lists, and a merge and a hidden row at each.
fn hazards(rows: u32) -> Workbook {
    let mut workbook = log(&HEADERS, rows, |row, column| match column {
        0 => format!("H{row}"),
        1 => format!("Hazard {row}"),
        2..=4 => format!("1) First of {row}\n2) Second of {row}\n3) None"),
        5 => String::new(),
        6 => "Major".to_owned(),
        _ => "Low".to_owned(),
    });
    let sheet = &mut workbook.sheets[0];
    for row in (1..rows).step_by(2) {
        sheet.merges.push((Address { row, column: 6 }, Address { row: row + 1, column: 6 }));
        sheet.hidden_rows.insert(row);
    }
    workbook
}

/// A row a control, numbered once a hazard of four rows.
fn blank_below(rows: u32) -> Workbook {
    log(&HEADERS, rows, |row, column| match (column, row % 4) {
        (0, 1) => format!("H{row}"),
        (1, 1) => format!("Hazard {row}"),
        (2, 1 | 3) => format!("Cause {row}"),
        (4, _) => format!("Control {row}"),
        _ => String::new(),
    })
}

fn time(times: u32, work: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..times).for_each(|_| work());
    start.elapsed()
}

/// Makes a log of so many rows.
type Make = fn(u32) -> Workbook;

#[test]
fn no_layout_takes_the_square_of_its_rows() {
    const RUNS: usize = 8;
    let policy = RiskPolicy::nhs();
    let layouts: [(&str, Make); 4] = [
        ("one hazard", one_hazard),
        ("without numbers", unnumbered),
        ("a row a hazard", hazards),
        ("blank below", blank_below),
    ];
    let mut slow = Vec::new();
    for (name, layout) in layouts {
        let [small, large] = [layout(ROWS), layout(ROWS * TIMES)];
        let work = |workbook: &Workbook| drop(black_box(read(workbook, &policy).map(|input| input.log)));
        let mut shortest = (Duration::MAX, Duration::MAX);
        let is_long = (0..RUNS).all(|_| {
            shortest =
                (shortest.0.min(time(TIMES, || work(&small))), shortest.1.min(time(1, || work(&large))));
            shortest.1 > FREE && shortest.1 > shortest.0 * MOST
        });
        if is_long {
            slow.push((name, shortest));
        }
    }
    assert!(slow.is_empty(), "times of ten small logs and a large one: {slow:#?}");
}
