//! Hazards, causes and controls on a sheet each, with ids (H-001, CA-001, CO-001) and what links them.

use super::{cells, counts, links, log, notes, read};
use crate::log_fixture::LogFixture;
use cscr::case::hazard::{ControlKind, ControlState, LinkBasis};
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::{
    HazardLogInput, LogFiles, Mapping, NoteKind, RatedBy, ReadOptions, SheetRole, mapping_text, read_files,
};

fn hazards() -> LogFixture {
    log(
        &["ID", "Hazard", "Description", "Severity", "Likelihood"],
        &[
            &["H-001", "Result is late", "It comes after the round.", "Major", "Low"],
            &["H-002", "Result is wrong", "It is another patient's.", "Major", "Medium"],
        ],
    )
}

const CAUSES: [&[&str]; 4] = [
    &["ID", "Description", "Note"],
    &["CA-001", "Network fails", ""],
    &["CA-002", "Staff forget", "Seen twice"],
    &["CA-003", "Typing error", ""],
];

const CONTROLS: [&[&str]; 4] = [
    &["Control ID", "Control", "Type", "Owner", "Status"],
    &["CO-001", "Messages are sent again", "Design", "Maker", "Closed"],
    &["CO-002", "Staff are reminded", "Training", "Trust", "Open"],
    &["CO-003", "Nobody needs this", "Design", "Maker", "Open"],
];

#[test]
fn tables_of_y_link_causes_and_controls_to_hazards() {
    let mut fixture = hazards();
    fixture.sheet("Causes", &CAUSES).sheet("Controls", &CONTROLS);
    fixture.sheet(
        "Hazard causes",
        &[&["", "H-001", "H-002"], &["CA-001", "Y", ""], &["CA-002", "y", "N"], &["CA-003", "", "x"]],
    );
    fixture.sheet(
        "Cause controls",
        &[&["", "CA-001", "CA-002", "CA-003"], &["CO-001", "Y", "", ""], &["CO-002", "", "Y", "perhaps"]],
    );
    let input = read(fixture);
    assert_eq!(counts(&input), [("H-001", 2, 0, 2), ("H-002", 1, 0, 0)]);
    let [first, second] = &input.log.hazards[..] else { panic!("two hazards") };
    assert_eq!(links(first), [("CA-001", "CO-001".to_owned()), ("CA-002", "CO-002".to_owned())]);
    assert_eq!(first.causes[0].link, LinkBasis::Stated);
    assert_eq!((second.causes[0].text.as_str(), second.causes[0].link), ("Typing error", LinkBasis::None));
    let control = &first.controls[1];
    assert_eq!((control.kind, control.state), (ControlKind::Training, ControlState::Open));
    assert_eq!(control.owner.as_deref(), Some("Trust"));
    let place = input.provenance.place("hazards/H-001/controls/CO-002").unwrap();
    assert_eq!((place.sheet.as_deref(), place.cell.as_deref()), (Some("Controls"), Some("B3")));
    // A note beside a cause, a control that nothing links, and a word that is neither yes nor no.
    assert_eq!(cells(&input, ObservationKind::Unmapped), ["D3", "C3", "B4", "C4", "D4", "E4"]);
    assert_eq!(cells(&input, ObservationKind::SheetNotRead), Vec::<String>::new());
    assert!(input.observations.iter().all(|seen| seen.kind != ObservationKind::SheetNotRead));
    let roles = input.explanation.sheets.iter().filter(|sheet| sheet.role == SheetRole::Linked).count();
    assert_eq!(roles, 4);
    assert_eq!(notes(&input, NoteKind::Joined), [("H-001", ""), ("H-002", "")]);
}

#[test]
fn a_column_that_names_the_hazard_or_a_sheet_of_pairs_links_as_well() {
    let mut fixture = hazards();
    fixture.sheet(
        "Causes",
        &[
            &["Cause", "Text", "Hazard"],
            &["CA-001", "Network fails", "H-001, H-002"],
            &["CA-002", "Staff forget", "H-002"],
        ],
    );
    fixture.sheet(
        "Controls",
        &[&["ID", "Control"], &["CO-001", "Messages are sent again"], &["CO-002", "Reminder"]],
    );
    fixture.sheet(
        "Links",
        &[&["Cause", "Control"], &["CA-001", "CO-001"], &["CA-002", "CO-002"], &["CA-002", "CO-001"]],
    );
    let input = read(fixture);
    assert_eq!(counts(&input), [("H-001", 1, 0, 1), ("H-002", 2, 0, 2)]);
    assert_eq!(
        links(&input.log.hazards[1]),
        [("CA-001", "CO-001".to_owned()), ("CA-002", "CO-001 CO-002".to_owned())]
    );
    assert_eq!(cells(&input, ObservationKind::Unmapped), Vec::<String>::new());
}

#[test]
fn a_sheet_that_nothing_links_to_a_hazard_is_not_read() {
    let mut fixture = hazards();
    fixture.sheet("Causes", &CAUSES).sheet("Controls", &CONTROLS);
    let input = read(fixture);
    assert_eq!(counts(&input), [("H-001", 0, 0, 0), ("H-002", 0, 0, 0)]);
    let unread = input.observations.iter().filter(|seen| seen.kind == ObservationKind::SheetNotRead).count();
    assert_eq!(unread, 2);
}

/// Read by a mapping.
fn by(mapping: &str, files: &LogFiles) -> Result<HazardLogInput, String> {
    let mapping = Mapping::parse("mapping.toml", mapping).map_err(|error| error.to_string())?;
    let options = ReadOptions { mapping: Some(mapping), ..ReadOptions::default() };
    read_files(files, &options, &RatedBy::from(&RiskPolicy::nhs())).map_err(|error| error.to_string())
}

#[test]
fn a_mapping_says_which_sheets_are_linked_and_is_used_exactly() {
    let mut fixture = hazards();
    fixture.sheet(
        "Causes",
        &[&["Cause", "Text", "Hazard"], &["CA-001", "Network fails", "H-001"], &["CA-002", "Haste", "H-002"]],
    );
    fixture.sheet("Controls", &CONTROLS);
    fixture.sheet("Links", &[&["Cause", "Control"], &["CA-001", "CO-001"], &["CA-002", "CO-002"]]);
    let files = LogFiles::file("log.xlsx", fixture.bytes());
    let text = mapping_text(&files, &ReadOptions::default(), &RatedBy::from(&RiskPolicy::nhs())).unwrap();
    for sheet in ["Causes", "Controls", "Links"] {
        assert!(text.contains(&format!("\n[[linked_sheet]]\nsheet = \"{sheet}\"\n")), "{text}");
    }
    let found = by(&text, &files).unwrap();
    assert_eq!(counts(&found), [("H-001", 1, 0, 1), ("H-002", 1, 0, 1)]);

    // A sheet that is not named is not read, and is told.
    let without = text.replace("[[linked_sheet]]\nsheet = \"Links\"\n", "");
    let without_links = by(&without, &files).unwrap();
    assert_eq!(counts(&without_links), [("H-001", 1, 0, 0), ("H-002", 1, 0, 0)]);
    let unread = without_links.observations.iter().find(|seen| seen.kind == ObservationKind::SheetNotRead);
    assert!(unread.is_some_and(|seen| seen.message.contains("Links")), "{unread:?}");

    // One that is named and links nothing, or is not there, is an error.
    let causes = "[[linked_sheet]]\nsheet = \"Causes\"\n";
    let error = by(&without.replace(causes, ""), &files).unwrap_err();
    assert!(error.contains("\"Controls\" as a linked sheet, and nothing on it is linked"), "{error}");
    assert!(error.contains("mapping.toml, line "), "{error}");
    let error = by(&text.replace(causes, "[[linked_sheet]]\nsheet = \"Cause\"\n"), &files).unwrap_err();
    assert!(error.contains("Cause") && error.contains("mapping.toml, line "), "{error}");
}
