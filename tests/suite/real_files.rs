//! Against real NHS files, which are not part of this repository.
//!
//! `CSCR_REAL_FILES` names their folder. The tests are ignored unless asked for, and then the files'
//! absence is a failure, not a pass.

use cscr::assurance::import_findings;
use cscr::case::hazard_log::HazardLog;
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::{self, HazardLogInput};
use cscr::intake::workbook::Workbook;
use std::path::PathBuf;

pub fn real_file(name: &str) -> PathBuf {
    let folder = std::env::var_os("CSCR_REAL_FILES").expect("CSCR_REAL_FILES names the folder of real files");
    PathBuf::from(folder).join(name)
}

fn read(name: &str) -> HazardLogInput {
    let workbook = Workbook::open(&real_file(name), name).expect("the real file is there and can be read");
    hazard_log::read(&workbook, &RiskPolicy::nhs()).expect("the log can be read")
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

#[test]
#[ignore = "needs the real blank hazard log"]
fn a_blank_template_has_no_hazards() {
    assert_eq!(read("nrl-hazard-log-blank.xlsx").log.hazards, []);
}
