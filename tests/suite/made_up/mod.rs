//! Hazard logs in layouts that were made up once the reader was done, as unlike the others as could be thought of: a
//! form a hazard, failure modes with bilingual headers, a sheet that is turned, an export of an issue tracker.

mod failure_modes;
mod forms;
mod sheet;
mod tickets;
mod turned;

use crate::awkward_layouts::assert_accounted;
use cscr::case::hazard::{Hazard, StatedRisk};
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::InputError;
use cscr::intake::hazard_log::{
    HazardLogInput, LogFiles, Mapping, RatedBy, ReadOptions, mapping_text, read_files,
};

fn try_read(files: &LogFiles, mapping: Option<&str>) -> Result<HazardLogInput, InputError> {
    let mapping = mapping.map(|text| Mapping::parse("mapping.toml", text)).transpose()?;
    let policy = RiskPolicy::nhs();
    read_files(files, &ReadOptions { mapping, ..ReadOptions::default() }, &RatedBy::from(&policy))
}

#[track_caller]
fn read(files: &LogFiles, mapping: Option<&str>) -> HazardLogInput {
    let input = try_read(files, mapping).unwrap_or_else(|error| panic!("{error}"));
    assert_accounted(&input);
    input
}

/// What is found of a log, as the mapping file that `cscr import --save-mapping` writes.
fn found(files: &LogFiles) -> String {
    let policy = RiskPolicy::nhs();
    mapping_text(files, &ReadOptions::default(), &RatedBy::from(&policy)).unwrap()
}

/// Each hazard with its number of causes, existing and additional controls.
fn counts(input: &HazardLogInput) -> Vec<(&str, usize, usize, usize)> {
    let count =
        |hazard: &'_ Hazard| (hazard.causes.len(), hazard.existing_controls.len(), hazard.controls.len());
    let hazards = input.log.hazards.iter();
    hazards
        .map(|hazard| {
            let (causes, existing, additional) = count(hazard);
            (hazard.key.as_str(), causes, existing, additional)
        })
        .collect()
}

/// Severity, likelihood and risk as the log states them, initial and residual.
fn ratings(hazard: &Hazard) -> [String; 2] {
    [&hazard.initial, &hazard.residual].map(|rating| {
        let risk = match &rating.stated_risk {
            Some(StatedRisk::Score(score)) => score.to_string(),
            Some(StatedRisk::Words(words)) => words.clone(),
            None => String::new(),
        };
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        format!("{} {} {risk}", word(&rating.severity), word(&rating.likelihood)).trim().to_owned()
    })
}

/// Cells of the observations of this kind.
fn cells(input: &HazardLogInput, kind: ObservationKind) -> Vec<String> {
    let of_kind = input.observations.iter().filter(|observation| observation.kind == kind);
    of_kind.filter_map(|observation| Some(observation.place.as_ref()?.cell.as_ref()?.to_string())).collect()
}

/// Where the value at a path of the case stands.
fn cell(input: &HazardLogInput, path: &str) -> String {
    let place = input.provenance.place(path).unwrap_or_else(|| panic!("no place for {path}"));
    place.cell.as_deref().unwrap_or_default().to_owned()
}
