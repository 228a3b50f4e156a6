//! One row a control, with ids inside the texts: `0101` of a cause, `010101` of a control.

use super::{cells, counts, layout, log, notes, read};
use crate::log_fixture::LogFixture;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::NoteKind;

const HEADERS: [&str; 10] = [
    "Num",
    "Hazard Name",
    "Hazard Description",
    "Existing Controls",
    "Possible Causes",
    "Additional controls",
    "Control type",
    "Control owner",
    "Action",
    "Action status",
];

/// Number, name, cause, control.
fn control_rows(rows: &[[&str; 4]]) -> LogFixture {
    let rows: Vec<[&str; 10]> = rows
        .iter()
        .map(|[number, name, cause, control]| {
            [number, name, "", "", cause, control, "Design", "Maker", "Check the guide", "Closed "]
        })
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    log(&HEADERS, &rows)
}

#[test]
fn numbers_that_count_up_within_one_hazard_are_joined_and_said() {
    let late = "Result is late";
    let input = read(control_rows(&[
        ["H04", "Result is lost", "0401 Queue is full", "040101 Watch the queue"],
        ["H05", late, "0501 Network fails", "050101 Retry"],
        ["H06", late, "0501 Network fails", "050102 Alarm"],
        ["H07", late, "0502 Server stops", "050201 Second server"],
        ["H05", late, "0502 Server stops", "050202 Watch the server"],
        ["H06", "Result is wrong", "0601 Typing error", "060101 Check digit"],
        ["H06", "Result is wrong", "0602 Wrong unit", "060201 Units are shown"],
    ]));
    assert_eq!(counts(&input), [("H04", 1, 0, 1), ("H05", 2, 0, 4), ("H06", 2, 0, 2)]);
    assert_eq!(cells(&input, ObservationKind::RowJoined), ["A4", "A5"]);
    assert_eq!(notes(&input, NoteKind::Joined), [("H05", "A4"), ("H05", "A5")]);
    let said = input.observations.iter().find(|seen| seen.kind == ObservationKind::RowJoined).unwrap();
    assert!(said.message.starts_with("Row 4 has the hazard number H06, which counts up"), "{}", said.message);
}

#[test]
fn hazards_that_follow_one_another_by_number_stay_hazards_of_their_own() {
    let input = read(control_rows(&[
        ["H01", "Result is late", "0101 Network fails", "010101 Retry"],
        ["H02", "Result is late", "0201 Server stops", "020101 Second server"],
        ["H03", "Result is late", "0301 Staff forget", "030101 Train staff"],
    ]));
    assert_eq!(counts(&input).len(), 3);
    assert_eq!(cells(&input, ObservationKind::RowJoined), Vec::<String>::new());
}

#[test]
fn ids_that_are_missing_repeated_or_spelt_otherwise_are_said_and_nothing_is_lost() {
    let late = "Result is late";
    let input = read(control_rows(&[
        ["H01", late, "0101 Network fails", "010101 Retry"],
        ["H01 ", late, "101 Network fails", "010101 Alarm"],
        ["H1", late, "0102 Server stops", "Second server"],
        ["", "", "0102 Server stops", "010202 Watch the server"],
        ["", "Result is wrong", "Typing error", "Check digit"],
        ["H02", "Result is wrong", "0202 Wrong unit", "020201 Units are shown"],
        ["H02", "Result is wrong", "0202 Wrong unit", "010202 Units are checked"],
    ]));
    assert_eq!(counts(&input), [("H01", 2, 0, 4), ("unnumbered", 1, 0, 1), ("H02", 1, 0, 2)]);
    assert_eq!(cells(&input, ObservationKind::IdSpelling), ["A4", "E3"]);
    assert_eq!(cells(&input, ObservationKind::RowJoined), ["A5"]);
    assert_eq!(cells(&input, ObservationKind::DuplicateControlId), ["F3"]);
    assert_eq!(cells(&input, ObservationKind::MissingControlId), ["F4", "F6"]);
    assert_eq!(cells(&input, ObservationKind::IdPrefix), ["F8"]);
}

#[test]
fn a_log_that_gives_no_ids_is_not_told_that_they_are_missing() {
    let input = read(control_rows(&[
        ["H01", "Result is late", "Network fails", "Retry"],
        ["H01", "Result is late", "Network fails", "Alarm"],
        ["H01", "Result is late", "Server stops", "Second server"],
    ]));
    assert!(layout(&input).starts_with("one row a control"), "{}", layout(&input));
    assert_eq!(counts(&input), [("H01", 2, 0, 3)]);
    assert_eq!(cells(&input, ObservationKind::MissingControlId), Vec::<String>::new());
}

#[test]
fn a_cause_that_is_written_once_counts_for_the_blank_cells_below() {
    let input = read(control_rows(&[
        ["H01", "Result is late", "Network fails", "Retry"],
        ["", "", "", "Alarm"],
        ["", "", "Server stops", "Second server"],
        ["", "", "", "Watch the server"],
    ]));
    assert_eq!(counts(&input), [("H01", 2, 0, 4)]);
    let controls: Vec<_> = input.log.hazards[0].causes.iter().map(|cause| cause.controls.len()).collect();
    assert_eq!(controls, [2, 2]);
    assert_eq!(notes(&input, NoteKind::Inherited), [("H01", "E3"), ("H01", "E5")]);
}

#[test]
fn letters_in_ids_are_ids_only_where_the_column_has_them() {
    let input = read(control_rows(&[
        ["H01", "Result is late", "H01-C1 Network fails", "H01-C1-M1 Retry"],
        ["H01", "Result is late", "H01-C1 Network fails", "H01-C1-M2: Alarm"],
        ["H01", "Result is late", "H01-C2 Server stops", "H01-C1-M3 Second server"],
    ]));
    let hazard = &input.log.hazards[0];
    assert_eq!(hazard.causes[0].text, "Network fails");
    assert_eq!(hazard.causes[0].controls, ["H01-C1-M1", "H01-C1-M2"]);
    assert_eq!(cells(&input, ObservationKind::IdPrefix), ["F4"], "a control of C1 in a row of C2");

    let input = read(control_rows(&[
        ["H01", "Staff are away", "COVID-19 surge", "B12 ward is staffed"],
        ["H01", "Staff are away", "Winter", "Second rota"],
        ["H01", "Staff are away", "Strike", "Third rota"],
    ]));
    assert_eq!(input.log.hazards[0].causes[0].text, "COVID-19 surge");
    assert_eq!(input.log.hazards[0].controls[0].text, "B12 ward is staffed");
}

#[test]
fn a_note_below_the_table_is_no_hazard() {
    let mut fixture = control_rows(&[
        ["H01", "Result is late", "0101 Network fails", "010101 Retry"],
        ["H01", "Result is late", "0101 Network fails", "010102 Alarm"],
    ]);
    fixture.row(4, &["Numbers of causes begin with those of their hazards."]);
    let input = read(fixture);
    assert_eq!(counts(&input), [("H01", 1, 0, 2)]);
    assert_eq!(input.explanation.ignored[0].cells, "A5");
}
