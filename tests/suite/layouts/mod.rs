//! Logs of the layouts that organisations really use, with the faults that they really have; all texts are invented.
//!
//! A file a family of layouts. Each asks for the hazards, causes and controls that a reader of the sheet would count,
//! and for a word about everything that was not plain.

mod cause_rows;
mod control_rows;
mod hazard_rows;
mod linked_sheets;
mod steps;

use crate::log_fixture::LogFixture;
use cscr::case::hazard::Hazard;
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::{self, HazardLogInput, NoteKind};
use cscr::intake::workbook::{Limits, Workbook};

fn read(fixture: LogFixture) -> HazardLogInput {
    let workbook = Workbook::from_bytes(&fixture.bytes(), "log.xlsx", &Limits::default()).unwrap();
    let input = hazard_log::read(&workbook, &RiskPolicy::nhs()).unwrap();
    let explanation = &input.explanation;
    let ignored: usize = explanation.ignored.iter().map(|ignored| ignored.count).sum();
    assert_eq!(explanation.mapped + explanation.unmapped.len() + ignored, explanation.cells);
    input
}

/// A log with these headers and rows.
fn log(headers: &[&str], rows: &[&[&str]]) -> LogFixture {
    let mut fixture = LogFixture::new(headers);
    for (row, cells) in (1..).zip(rows) {
        fixture.row(row, cells);
    }
    fixture
}

/// Each hazard with its number of causes, existing and additional controls.
fn counts(input: &HazardLogInput) -> Vec<(&str, usize, usize, usize)> {
    input
        .log
        .hazards
        .iter()
        .map(|hazard| {
            (hazard.key.as_str(), hazard.causes.len(), hazard.existing_controls.len(), hazard.controls.len())
        })
        .collect()
}

/// The causes of a hazard, each with the ids of its controls.
fn links(hazard: &Hazard) -> Vec<(&str, String)> {
    hazard.causes.iter().map(|cause| (cause.id.as_str(), cause.controls.join(" "))).collect()
}

/// Cells of the observations of this kind.
fn cells(input: &HazardLogInput, kind: ObservationKind) -> Vec<String> {
    let of_kind = input.observations.iter().filter(|observation| observation.kind == kind);
    of_kind.filter_map(|observation| Some(observation.place.as_ref()?.cell.as_ref()?.to_string())).collect()
}

/// Hazard and cells of the notes of this kind.
fn notes(input: &HazardLogInput, kind: NoteKind) -> Vec<(&str, &str)> {
    let readings = input.explanation.hazards.iter();
    readings
        .flat_map(|hazard| hazard.notes.iter().map(|note| (hazard.hazard.as_str(), note)))
        .filter(|(_, note)| note.what == kind)
        .map(|(hazard, note)| (hazard, note.cells.as_str()))
        .collect()
}

/// What the reader says the rows stand for.
fn layout(input: &HazardLogInput) -> &str {
    &input.explanation.tables[0].layout
}
