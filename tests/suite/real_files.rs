//! Against real NHS files, which are not part of this repository.
//!
//! `CSCR_REAL_FILES` names their folder. The tests are ignored unless asked for, and then the files'
//! absence is a failure, not a pass.

use cscr::assurance::finding::Finding;
use cscr::assurance::import_findings;
use cscr::case::hazard_log::HazardLog;
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::{self, HazardLogInput, LogFiles, RatedBy, ReadOptions};
use cscr::intake::workbook::Limits;
use std::path::PathBuf;

pub fn real_file(name: &str) -> PathBuf {
    let folder = std::env::var_os("CSCR_REAL_FILES").expect("CSCR_REAL_FILES names the folder of real files");
    PathBuf::from(folder).join(name)
}

fn read(name: &str) -> HazardLogInput {
    let options = ReadOptions::default();
    let files = LogFiles::open(&real_file(name), &options.limits).expect("the real file is there");
    let policy = RiskPolicy::nhs();
    hazard_log::read_files(&files, &options, &RatedBy::from(&policy)).expect("the log can be read")
}

fn controls(log: &HazardLog) -> usize {
    log.hazards.iter().map(|hazard| hazard.controls.len()).sum()
}

fn cells(input: &HazardLogInput, kind: ObservationKind) -> Vec<&str> {
    let of_kind = input.observations.iter().filter(|observation| observation.kind == kind);
    of_kind.filter_map(|observation| observation.place.as_ref()?.cell.as_deref()).collect()
}

#[test]
#[ignore = "needs the real NRL hazard log"]
fn nrl_gives_its_eleven_hazards_and_its_astray_formulas() {
    let input = read("nrl-hazard-log-v1.7.xlsx");
    let keys: Vec<_> = input.log.hazards.iter().map(|hazard| hazard.key.clone()).collect();
    let expected: Vec<_> = (1..=11).map(|number| format!("NRL{number:02}")).collect();
    assert_eq!(keys, expected);
    let causes: Vec<_> = input.log.hazards.iter().map(|hazard| hazard.causes.len()).collect();
    assert_eq!(causes, [9, 9, 7, 12, 14, 4, 9, 6, 6, 6, 4]);
    assert_eq!(cells(&input, ObservationKind::FormulaReadsOtherCells), ["P3:P12", "P2", "P7"]);
    let findings = import_findings(&input.log, &input.observations, &input.provenance, &RiskPolicy::nhs());
    let wrong: Vec<_> = findings
        .iter()
        .filter(|finding| matches!(finding.check, "B4" | "B5"))
        .map(|finding| {
            (finding.check, finding.source.as_ref().and_then(|place| place.cell.as_deref()).unwrap())
        })
        .collect();
    assert_eq!(wrong, [("B4", "I2"), ("B5", "P2"), ("B5", "P7")]);
    assert_eq!(input.log.version.as_deref(), Some("1.6"));
    assert_eq!(input.log.revisions.last().map(|revision| revision.version.as_str()), Some("1.7"));
    assert_eq!(input.log.matrix.as_ref().map(|matrix| matrix.cells.len()), Some(25));
    assert_eq!(input.explanation.cells, input.explanation.mapped);
}

#[test]
#[ignore = "needs the real CDS hazard log"]
fn cds_accounts_for_all_its_control_rows() {
    let input = read("cds-api-hazard-log-v1.0.xlsx");
    assert_eq!(input.log.hazards.len(), 4);
    assert_eq!(controls(&input.log), 95);
    assert_eq!(cells(&input, ObservationKind::RowJoined), ["A34", "A62"]);
    assert!(cells(&input, ObservationKind::IdSpelling).contains(&"F7"));
    assert!(input.log.hazards[1].controls.iter().any(|control| control.id == "020303"));
    assert_eq!(input.explanation.cells, input.explanation.mapped);
}

/// The findings on a log that is read alone, as check and cell; a finding without a cell has its sheet or file.
fn found(name: &str) -> Vec<(&'static str, String)> {
    let input = read(name);
    let findings = import_findings(&input.log, &input.observations, &input.provenance, &RiskPolicy::nhs());
    findings.into_iter().map(|finding| (finding.check, place(&finding))).collect()
}

fn place(finding: &Finding) -> String {
    let Some(source) = &finding.source else { return String::new() };
    source.cell.clone().or_else(|| source.sheet.clone()).unwrap_or_else(|| source.file.clone()).to_string()
}

/// The findings of a case that is made of this log and nothing else.
fn found_in_case(name: &str) -> Vec<(&'static str, String)> {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::copy(real_file(name), folder.path().join("log.xlsx")).unwrap();
    let manifest =
        "as_of = 2026-09-14\n[product]\nname = \"A product\"\n[inputs]\nhazard_log = \"log.xlsx\"\n";
    std::fs::write(folder.path().join("case.toml"), manifest).unwrap();
    let loaded = cscr::intake::folder::load(folder.path(), None, &Limits::default()).unwrap();
    let findings = cscr::assure(&loaded, &cscr::report::FontSet::embedded()).findings;
    findings.into_iter().map(|finding| (finding.check, place(&finding))).collect()
}

#[track_caller]
fn assert_all(found: &[(&'static str, String)], expected: &[(&'static str, &str)]) {
    for (check, place) in expected {
        let places: Vec<&String> =
            found.iter().filter(|(id, _)| id == check).map(|(_, place)| place).collect();
        assert!(places.contains(&&(*place).to_owned()), "{check} at {place}, but at {places:?}");
    }
}

/// All that a reader of the sheets can point at, and nothing else: an alarm that is added here is to be judged
/// true or false against the workbook first.
#[test]
#[ignore = "needs the real NRL hazard log"]
fn nrl_shows_its_known_faults_and_no_false_alarm() {
    let expected = [
        ("A7", "C17"), // "Hazard 12 added", and there is none
        ("A13", "nrl-hazard-log-v1.7.xlsx"),
        ("A16", "F2"),
        ("A19", "Abbreviations & Acronyms"),
        ("A19", "Assumptions"),
        ("A19", "References"),
        ("A23", "A24"),     // "a starting point only", with the status Live
        ("A24", "A13:S13"), // cells below the last hazard, and nothing in them
        ("B4", "I2"),       // hard-coded: Major x Low is 3
        ("B5", "P2"),       // the formula reads the initial severity
        ("B5", "P7"),
        ("B6", "P2"),
        ("B6", "P3:P12"),
        ("B6", "P7"),
        ("C2", "R2"), // Owner is blank from R2 to R12
        ("C9", "N2"), // Major becomes Significant
        ("C9", "N7"),
        ("C19", "E2"), // cause 2 has None in every column
        ("C19", "E5"), // cause 12 likewise
        ("C21", "F2"),
        ("C21", "J3"),
        ("C21", "K2"),
        ("C25", "A2"), // the layout has no status of a control
        ("E12", "A8"), // titled for another product than the one that numbers the hazards
        ("F9", "D12"), // cover 1.6, history 1.7
        ("F27", "A26"),
        ("F27", "A34"), // both safety officers named as approvers, without dates
        ("F29", "D13"), // cover 7 July, history 4 August
        ("L3", "L10"),
        ("L4", "B7"),
        ("L5", "F2"), // "currently being discussed"
        ("L5", "F3"), // "Local business processes should be considered"
        ("L5", "F6"),
        ("L5", "F9"),
        ("L5", "M7"), // "to be supplemented", and the residual risk is lower
    ];
    let mut found = found("nrl-hazard-log-v1.7.xlsx");
    found.sort_by_key(|(check, place)| {
        (check[..1].to_owned(), check[1..].parse::<u8>().unwrap(), place.clone())
    });
    assert_eq!(found.iter().map(|(check, place)| (*check, place.as_str())).collect::<Vec<_>>(), expected);
    // Owner, status, dates and decisions are blank throughout.
    let statuses: Vec<(&str, String)> = (2..=12).map(|row| ("C16", format!("S{row}"))).collect();
    let in_case = found_in_case("nrl-hazard-log-v1.7.xlsx");
    for status in &statuses {
        assert!(in_case.contains(status), "{status:?}");
    }
    assert_all(
        &in_case,
        &[
            ("C10", "P5"),
            ("C13", "P7"),
            ("C18", "I4"),
            ("C18", "I8"),
            ("C18", "I11"),
            ("C23", "I3"),
            ("F2", "A34"),
        ],
    );
    // Their causes speak of networks and services that fail.
    assert!(!in_case.iter().any(|(check, _)| *check == "B10"), "{in_case:?}");
}

#[test]
#[ignore = "needs the real CDS hazard log"]
fn cds_shows_its_known_faults_and_no_false_alarm() {
    let expected = [
        ("A4", "J32"), // 020301 and so on: ids that are used again
        ("A4", "J37"),
        ("A4", "J40"),
        ("A4", "J45"),
        ("A4", "J50"),
        ("A4", "J80"),
        ("A4", "J96"), // 040402
        ("A5", "F26"),
        ("A5", "F80"),
        ("A5", "F95"),
        ("A5", "J25"), // cause 0106, control 010502
        ("A5", "J40"),
        ("A5", "J80"),
        ("A5", "J93"),
        ("A5", "J94"),
        ("A5", "J95"),
        ("A5", "J96"),
        ("A6", "A34"), // no hazard number
        ("A6", "A62"),
        ("A13", "cds-api-hazard-log-v1.0.xlsx"),
        ("A15", "F7"), // 101 beside 0101
        ("A15", "F8"),
        ("A15", "J80"),
        ("A19", "How it works"), // a picture and nothing else
        ("A22", "M53"),          // Open under Action, the action status blank
        ("A24", "A97:Q97"),      // blank, and within the sheet's range
        ("A25", "Sheet1"),       // the words of a drop-down list
        ("C2", "K88"),           // no type, owner, action or status
        ("C8", "Q92"),           // every control of H04 is deferred
        ("C25", "N53"),          // blank, because the row slipped
        ("C25", "N88"),
        ("C26", "N50"), // deferred to version 2.0, and rows 52 and 75
        ("C26", "N89"),
        ("C26", "N92"),
        ("D2", "L53"),  // shared with another body; and rows 57, 65, 66, 68, 69, 71 and 72
        ("D2", "L94"),  // another body's, and row 96
        ("F26", "A21"), // 1.0 was reviewed five months before 0.2 was
        ("F26", "A23"), // a reviewer of version 0.2; the log is 1.0
        ("F28", "C19"), // five reviews before 15 January, of a draft without a date
        ("F28", "C29"), // approved a week before the date of the version
        ("L5", "J29"),  // "It is assumed that", and "Assumed control" in row 79
        ("L6", "F25"),  // the text of cause 0105 under 0106
    ];
    let mut found = found("cds-api-hazard-log-v1.0.xlsx");
    found.sort_by_key(|(check, place)| {
        (check[..1].to_owned(), check[1..].parse::<u8>().unwrap(), place.clone())
    });
    assert_eq!(found.iter().map(|(check, place)| (*check, place.as_str())).collect::<Vec<_>>(), expected);
    let in_case = found_in_case("cds-api-hazard-log-v1.0.xlsx");
    assert_all(
        &in_case,
        &[("C4", "J2"), ("C5", "J2"), ("C16", "A2"), ("C23", "I81"), ("D2", "L53"), ("F2", "A29")],
    );
}

#[test]
#[ignore = "needs the real CDS hazard log"]
fn cds_names_every_control_that_is_another_organisations() {
    let input = read("cds-api-hazard-log-v1.0.xlsx");
    let findings = import_findings(&input.log, &input.observations, &input.provenance, &RiskPolicy::nhs());
    let transfer = findings.iter().find(|finding| finding.check == "D2").unwrap();
    for cell in ["L53", "L57", "L65", "L66", "L68", "L69", "L71", "L72"] {
        assert!(transfer.message.contains(&format!("({cell})")), "{}", transfer.message);
    }
    let other = findings.iter().filter(|finding| finding.check == "D2").nth(1).unwrap();
    assert!(
        ["L94", "L96"].iter().all(|cell| other.message.contains(&format!("({cell})"))),
        "{}",
        other.message
    );
}

#[test]
#[ignore = "needs the real blank hazard log"]
fn a_blank_template_has_no_hazards() {
    assert_eq!(read("nrl-hazard-log-blank.xlsx").log.hazards, []);
}

#[test]
#[ignore = "needs the real hazard logs"]
fn every_cell_of_the_real_logs_is_accounted_for() {
    assert!(crate::awkward_layouts::assert_all_accounted(&real_file("")) >= 3);
}
