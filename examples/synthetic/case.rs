//! The files of a synthetic case of any size. All texts are invented and say nothing.

#[path = "../make_samples/template.rs"]
mod template;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::fmt::Write as _;
use std::path::Path;
use template::HEADERS;

/// How much there is of each hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// Four causes and sixteen controls.
    Dense,
    /// Two causes and three controls, as most logs have.
    Plain,
}

/// One hazard that is otherwise than the others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Edit<'a> {
    /// Its number, from 1; 0 is none.
    pub hazard: u32,
    pub name: Option<&'a str>,
    pub description: Option<&'a str>,
    /// Likelihood of its residual rating, and the risk that follows.
    pub residual: Option<(&'a str, u32)>,
}

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

impl Density {
    /// How many of each list: causes, existing controls, then design, test and business process.
    const fn counts(self) -> [u32; 5] {
        match self {
            Self::Dense => [4; 5],
            Self::Plain => [2, 1, 1, 1, 0],
        }
    }
}

/// Writes a whole case folder.
pub fn write(
    folder: &Path,
    hazards: u32,
    density: Density,
    edit: Edit,
) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    write_log(folder, hazards, density, edit)?;
    std::fs::write(folder.join("case.toml"), CASE)?;
    std::fs::write(folder.join("risk-assessment.toml"), risk_assessment(hazards))?;
    std::fs::write(folder.join("evidence.toml"), evidence(hazards, density))?;
    let narrative = folder.join("narrative");
    std::fs::create_dir_all(&narrative)?;
    std::fs::write(narrative.join("clinical-risk-analysis.md"), analysis(hazards))?;
    Ok(())
}

/// Writes its hazard log alone.
pub fn write_log(folder: &Path, hazards: u32, density: Density, edit: Edit) -> Result<(), XlsxError> {
    hazard_log(hazards, density, edit)?.save(folder.join("hazard-log.xlsx"))
}

fn hazard_log(hazards: u32, density: Density, edit: Edit) -> Result<Workbook, XlsxError> {
    let [causes, existing, design, test, process] = density.counts();
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet().set_name("Hazard Log")?;
    sheet.write_row(0, 0, HEADERS)?;
    for number in 1..=hazards {
        let list = |what: &str, count: u32| {
            (1..=count)
                .map(|n| format!("{n}) {what} {n} of hazard {number}, in words enough to fill a line"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let edit = if number == edit.hazard { edit } else { Edit::default() };
        let name = format!("Referral {number} is shown to the wrong service");
        sheet.write_row(
            number,
            0,
            [
                format!("H{number:03}"),
                edit.name.map_or(name, str::to_owned),
                edit.description.unwrap_or("The worklist shows a referral to staff of a service that it was not sent to, and not to those who should act on it.").into(),
                "Assessment or treatment is delayed; the patient may come to harm before anybody notices.".into(),
                list("Cause", causes),
                list("Existing control", existing),
                "Major".into(),
                "Medium".into(),
            ],
        )?;
        sheet.write(number, 8, 3)?;
        sheet.write_row(
            number,
            9,
            [list("Design control", design), list("Test", test), String::new(), list("Process", process)],
        )?;
        let (likelihood, risk) = edit.residual.unwrap_or(("Very Low", 2));
        sheet.write_row(number, 13, ["Major", likelihood])?;
        sheet.write(number, 15, risk)?;
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

fn evidence(hazards: u32, density: Density) -> String {
    let [_, _, design, test, process] = density.counts();
    (1..=hazards).fold(String::new(), |mut text, number| {
        let of_kind =
            |kind: &'static str, count| (1..=count).map(move |n| format!("\"H{number:03}.{kind}{n}\""));
        let controls: Vec<String> =
            of_kind("D", design).chain(of_kind("T", test)).chain(of_kind("B", process)).collect();
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
