//! Makes a hazard log of any size, to measure its reading with:
//! `cargo run --example make_log -- hazards 10000 FILE`, `causes` or `controls`.
//!
//! `hazards` has a row a hazard with lists in its cells; `causes` five causes a hazard, the hazard blank below its
//! first row; `controls` fifty controls a hazard, with ids inside the texts. All texts are invented and say nothing.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

const HEADERS: [&str; 13] = [
    "Hazard Number",
    "Hazard Name",
    "Potential Clinical Impact",
    "Possible Causes",
    "Existing Controls",
    "Additional Controls",
    "Control Owner",
    "Initial Severity",
    "Initial Likelihood",
    "Initial Risk",
    "Residual Severity",
    "Residual Likelihood",
    "Residual Risk",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [layout, rows, file] = &arguments[..] else {
        return Err("usage: make_log hazards|causes|controls ROWS FILE".into());
    };
    let row: fn(u32) -> [String; 6] = match layout.as_str() {
        "hazards" => of_hazard,
        "causes" => of_cause,
        "controls" => of_control,
        other => return Err(format!("no layout {other}; there are hazards, causes and controls").into()),
    };
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name("Hazard Log")?;
    sheet.write_row(0, 0, HEADERS)?;
    for number in 1..=rows.parse()? {
        write(sheet, number, row(number))?;
    }
    workbook.save(file)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, cells: [String; 6]) -> Result<(), XlsxError> {
    for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
        sheet.write(row, column, text)?;
    }
    sheet.write_row(row, 6, ["Safety team", "Major", "Medium"])?;
    sheet.write(row, 9, 3)?;
    sheet.write_row(row, 10, ["Major", "Very Low"])?;
    sheet.write(row, 12, 2)?;
    Ok(())
}

fn name(hazard: u32) -> String {
    format!("Referral {hazard} is shown to the wrong service")
}

const IMPACT: &str =
    "Assessment or treatment is delayed; the patient may come to harm before anybody notices.";

fn of_hazard(row: u32) -> [String; 6] {
    let list = |what: &str| {
        let entries =
            (1..=4).map(|n| format!("{n}) {what} {n} of hazard {row}, in words enough to fill a line"));
        entries.collect::<Vec<_>>().join("\n")
    };
    [format!("H{row:05}"), name(row), IMPACT.into(), list("Cause"), list("Existing control"), list("Control")]
}

fn of_cause(row: u32) -> [String; 6] {
    let hazard = (row - 1) / 5 + 1;
    let first = |text: String| if (row - 1).is_multiple_of(5) { text } else { String::new() };
    let controls = format!("1) Control one of cause {row}\n2) Control two of cause {row}");
    let cause = format!("Cause {row}, in words enough to fill a line");
    [
        first(format!("H{hazard:05}")),
        first(name(hazard)),
        first(IMPACT.into()),
        cause,
        String::new(),
        controls,
    ]
}

fn of_control(row: u32) -> [String; 6] {
    let (hazard, cause, control) = ((row - 1) / 50 + 1, (row - 1) % 50 / 5 + 1, (row - 1) % 5 + 1);
    let impact = if cause == 1 && control == 1 { IMPACT } else { "" };
    [
        format!("H{hazard:02}"),
        name(hazard),
        impact.into(),
        format!("{hazard:02}{cause:02} Cause {cause} of the hazard, in words enough to fill a line"),
        String::new(),
        format!(
            "{hazard:02}{cause:02}{control:02} Control {control} of cause {cause}, in words enough to fill a line"
        ),
    ]
}
