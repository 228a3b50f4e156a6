//! Makes a synthetic case of any size, to measure with: `cargo run --example make_case -- 100 DIR`.
//!
//! Every hazard has causes, controls of three kinds, evidence, an item of the risk assessment, and a paragraph of the
//! narrative that cites it; all texts are invented and say nothing.

#[path = "make_samples/template.rs"]
mod template;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::fmt::Write as _;
use std::path::Path;
use template::HEADERS;

const CASE: &str = r#"as_of = 2026-09-14

[product]
name = "Measured Product"

[release]
version = "1.0"

[inputs]
hazard_log = "hazard-log.xlsx"
risk_assessment = "risk-assessment.toml"
evidence = "evidence.toml"
narrative = "narrative"
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [hazards, folder] = &arguments[..] else {
        return Err("usage: make_case HAZARDS DIR".into());
    };
    let (hazards, folder) = (hazards.parse()?, Path::new(folder));
    std::fs::create_dir_all(folder)?;
    hazard_log(hazards)?.save(folder.join("hazard-log.xlsx"))?;
    std::fs::write(folder.join("case.toml"), CASE)?;
    std::fs::write(folder.join("risk-assessment.toml"), risk_assessment(hazards))?;
    std::fs::write(folder.join("evidence.toml"), evidence(hazards))?;
    let narrative = folder.join("narrative");
    std::fs::create_dir_all(&narrative)?;
    std::fs::write(narrative.join("clinical-risk-analysis.md"), analysis(hazards))?;
    Ok(())
}

fn hazard_log(hazards: u32) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name("Hazard Log")?;
    sheet.write_row(0, 0, HEADERS)?;
    for number in 1..=hazards {
        let list = |what: &str| {
            (1..=4)
                .map(|n| format!("{n}) {what} {n} of hazard {number}, in words enough to fill a line"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        sheet.write_row(
            number,
            0,
            [
                format!("H{number:03}"),
                format!("Referral {number} is shown to the wrong service"),
                "The worklist shows a referral to staff of a service that it was not sent to, and not to those who should act on it.".into(),
                "Assessment or treatment is delayed; the patient may come to harm before anybody notices.".into(),
                list("Cause"),
                list("Existing control"),
                "Major".into(),
                "Medium".into(),
            ],
        )?;
        sheet.write(number, 8, 3)?;
        sheet.write_row(number, 9, [list("Design control"), list("Test"), String::new(), list("Process")])?;
        sheet.write_row(number, 13, ["Major", "Very Low"])?;
        sheet.write(number, 15, 2)?;
        sheet.write_row(number, 16, ["Reviewed with the service.", "Safety team", "Closed"])?;
    }
    Ok(workbook)
}

fn risk_assessment(hazards: u32) -> String {
    (1..=hazards).fold(String::new(), |mut text, number| {
        let _ = writeln!(
            text,
            "[[items]]\nid = \"RA-{number:03}\"\nkind = \"potential-risk\"\ntext = \"Referral {number} goes astray\"\nhazards = [\"H{number:03}\"]\n"
        );
        text
    })
}

fn evidence(hazards: u32) -> String {
    (1..=hazards).fold(String::new(), |mut text, number| {
        let controls: Vec<String> =
            (1..=4).flat_map(|n| ["D", "T", "B"].map(|kind| format!("\"H{number:03}.{kind}{n}\""))).collect();
        let _ = writeln!(
            text,
            "[[evidence]]\nid = \"EV-{number:03}\"\ntitle = \"Test report {number}\"\nreference = \"TR-{number}\"\nshows = [\"implementation\", \"effectiveness\"]\ncontrols = [{}]\n",
            controls.join(", ")
        );
        text
    })
}

/// What the text checks hold against the log: ids, scores, a count.
fn analysis(hazards: u32) -> String {
    let told = |number| {
        format!(
            "**H{number:03}** was discussed with those who use the product. Its initial risk is 3, and its residual risk is 2.\n\n"
        )
    };
    (1..=hazards).map(told).chain([format!("The log holds {hazards} hazards.\n")]).collect()
}
