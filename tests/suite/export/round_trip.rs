//! Importing an export gives the same log.

use super::logs::{control_row_logs, template_logs};
use crate::commands::sample;
use crate::documents::copy;
use crate::real_files::real_file;
use cscr::case::hazard::{Hazard, Rating, StatedRisk};
use cscr::case::hazard_log::HazardLog;
use cscr::case::matrix::RiskPolicy;
use cscr::case::{Case, Date};
use cscr::export::{Difference, Export, Layout, csv, differences, workbook};
use cscr::intake::hazard_log::{self, LogFiles, RatedBy, ReadOptions, structured};
use cscr::intake::workbook::Limits;
use proptest::prelude::*;
use std::path::Path;

fn export<'a>(log: &'a HazardLog, policy: &'a RiskPolicy) -> Export<'a> {
    let title = log.title.clone().unwrap_or_else(|| "A hazard log".to_owned());
    Export { log, policies: vec![policy], title, date: Date::new(2026, 9, 14).unwrap() }
}

fn read(bytes: Vec<u8>, name: &str) -> HazardLog {
    let policy = RiskPolicy::nhs();
    let files = LogFiles::file(name, bytes);
    hazard_log::read_files(&files, &ReadOptions::default(), &RatedBy::from(&policy)).unwrap().log
}

/// The log once it was written and read.
fn round_trip(log: &HazardLog, layout: Layout) -> HazardLog {
    let policy = RiskPolicy::nhs();
    read(workbook::write(&export(log, &policy), layout).unwrap(), "log.xlsx")
}

/// What CSV does not keep of the hazards, but for control characters, which it shows as their pictures. It has one
/// table, and no room for the log's cover and history.
fn differences_as_csv(log: &HazardLog, layout: Layout) -> Vec<Difference> {
    let policy = RiskPolicy::nhs();
    let table = csv::write(&export(log, &policy).table(layout));
    let found = differences(log, &read(table, "log.csv"));
    let is_lost = |found: &Difference| found.hazard.is_some() && as_pictures(&found.was) != found.became;
    found.into_iter().filter(is_lost).collect()
}

fn as_pictures(text: &str) -> String {
    let picture = |c: char| {
        if c == '\0' {
            '\u{2400}'
        } else if c == '\u{7}' {
            '\u{2407}'
        } else {
            c
        }
    };
    text.chars().map(picture).collect()
}

/// The hazards with the risks that the formulas of an export compute where the log states none.
fn computed(log: &HazardLog) -> Vec<Hazard> {
    let fill = |rating: &mut Rating| {
        let is_of_words = rating.stated_severity.is_none() && rating.stated_likelihood.is_none();
        if rating.stated_risk.is_none() && is_of_words {
            rating.stated_risk = rating.risk.map(StatedRisk::Score);
        }
    };
    let mut hazards = log.hazards.clone();
    for hazard in &mut hazards {
        fill(&mut hazard.initial);
        fill(&mut hazard.residual);
    }
    hazards
}

fn assert_same(log: &HazardLog, layout: Layout) -> Result<(), TestCaseError> {
    let read_back = round_trip(log, layout);
    prop_assert_eq!(differences(log, &read_back), []);
    prop_assert_eq!(&read_back.hazards, &computed(log));
    let document = |log: &HazardLog| HazardLog { hazards: Vec::new(), matrix: None, ..log.clone() };
    prop_assert_eq!(document(&read_back), document(log));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_template_log_is_the_same_log_again(log in template_logs()) {
        assert_same(&log, Layout::Template)?;
    }

    #[test]
    fn a_log_with_a_row_a_control_is_the_same_log_again(log in control_row_logs()) {
        assert_same(&log, Layout::ControlRows)?;
    }

    #[test]
    fn a_log_of_either_layout_is_the_same_log_as_json_and_toml(
        log in prop_oneof![template_logs(), control_row_logs()]
    ) {
        for (text, name) in [(structured::to_json(&log), "log.json"), (structured::to_toml(&log), "log.toml")] {
            prop_assert_eq!(differences(&log, &read(text.into_bytes(), name)), []);
        }
    }

    #[test]
    fn the_hazards_of_a_template_log_are_the_same_as_csv(log in template_logs()) {
        prop_assert_eq!(differences_as_csv(&log, Layout::Template), []);
    }

    #[test]
    fn the_hazards_of_a_log_with_a_row_a_control_are_the_same_as_csv(log in control_row_logs()) {
        prop_assert_eq!(differences_as_csv(&log, Layout::ControlRows), []);
    }

    #[test]
    fn the_same_log_gives_the_same_bytes(log in template_logs()) {
        let policy = RiskPolicy::nhs();
        let write = || workbook::write(&export(&log, &policy), Layout::Template).unwrap();
        prop_assert_eq!(write(), write());
    }
}

#[test]
fn the_samples_are_the_same_logs_again() {
    let with_layouts = [
        ("referral-hub", Layout::Template),
        ("faulty-log", Layout::Template),
        ("control-rows", Layout::ControlRows),
    ];
    for (name, layout) in with_layouts {
        let bytes = std::fs::read(sample(name).join("hazard-log.xlsx")).unwrap();
        let log = read(bytes, name);
        assert_eq!(differences(&log, &round_trip(&log, layout)), [], "{name}");
        assert_eq!(differences_as_csv(&log, layout), [], "{name}");
    }
}

fn real_log_is_the_same_again(name: &str, layout: Layout) {
    let log = read(std::fs::read(real_file(name)).unwrap(), name);
    let read_back = round_trip(&log, layout);
    assert_eq!(differences(&log, &read_back), []);
    assert_eq!(read_back.hazards, computed(&log));
}

#[test]
#[ignore = "needs the real NRL hazard log"]
fn nrl_is_the_same_log_again() {
    real_log_is_the_same_again("nrl-hazard-log-v1.7.xlsx", Layout::Template);
}

#[test]
#[ignore = "needs the real CDS hazard log"]
fn cds_is_the_same_log_again() {
    real_log_is_the_same_again("cds-api-hazard-log-v1.0.xlsx", Layout::ControlRows);
}

#[test]
fn what_a_layout_cannot_hold_is_told() {
    let bytes = std::fs::read(sample("control-rows").join("hazard-log.xlsx")).unwrap();
    let log = read(bytes, "log.xlsx");
    let found = differences(&log, &round_trip(&log, Layout::Template));
    let about = |wanted: &str| found.iter().any(|each| each.about == wanted && each.hazard.is_some());
    for wanted in ["ids of controls", "ids of causes", "owners of controls", "statuses of controls"] {
        assert!(about(wanted), "{wanted}: {found:?}");
    }
}

#[test]
fn a_text_that_no_cell_can_hold_is_refused_and_not_cut() {
    let mut log = HazardLog { title: Some("Log".to_owned()), ..HazardLog::default() };
    log.hazards.push(Hazard {
        key: "H01".to_owned(),
        id: "H01".to_owned(),
        // Each is two units to a spreadsheet.
        description: Some("\u{1f600}".repeat(16_384)),
        ..Hazard::default()
    });
    let policy = RiskPolicy::nhs();
    let error = workbook::write(&export(&log, &policy), Layout::Template).unwrap_err().to_string();
    assert!(error.contains("\"Hazard Description\" of hazard H01 has 32768 characters"), "{error}");
    log.hazards[0].description = Some("\u{1f600}".repeat(16_383));
    assert!(workbook::write(&export(&log, &policy), Layout::Template).is_ok());
}

/// The whole way through a case folder, with its supplement.
#[test]
fn a_case_with_the_export_in_place_of_its_log_is_the_same_case() {
    let load = |folder: &Path| cscr::intake::folder::load(folder, None, &Limits::default()).unwrap();
    for (name, layout) in [("referral-hub", Layout::Template), ("faulty-log", Layout::Template)] {
        let own = load(&sample(name));
        let folder = tempfile::tempdir().unwrap();
        copy(&sample(name), folder.path());
        let bytes = workbook::write(&Export::of(&own.case, own.as_of), layout).unwrap();
        std::fs::write(folder.path().join("hazard-log.xlsx"), bytes).unwrap();
        let digest = |case: &Case| {
            let mut case = case.clone();
            case.hazard_log.matrix = None;
            cscr::case::digest::canonical_json(&case.hazard_log)
        };
        let read_back = load(folder.path());
        assert_eq!(differences(&own.case.hazard_log, &read_back.case.hazard_log), [], "{name}");
        if name == "referral-hub" {
            assert_eq!(digest(&own.case), digest(&read_back.case));
        }
    }
}
