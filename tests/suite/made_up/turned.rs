//! A small supplier whose log is turned: the fields stand down the side, and each hazard is a column.

use super::{cell, cells, counts, found, ratings, read};
use crate::log_fixture::LogFixture;
use cscr::case::hazard::Hazard;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::LogFiles;

const ROWS: [[&str; 5]; 13] = [
    ["Hazard ID", "HZ1", "HZ2", "HZ3", "HZ4"],
    [
        "Hazard",
        "Appointment letter goes to an old address",
        "Slot is booked twice",
        "Interpreter is not booked",
        "Reminder is sent after the appointment",
    ],
    [
        "Clinical effect",
        "Appointment is missed",
        "Patient is turned away",
        "Consent is not informed",
        "Appointment is missed",
    ],
    [
        "Possible causes",
        "Address is not refreshed",
        "1) Two clerks\n2) Slow link",
        "Need is in the notes only",
        "Queue is full",
    ],
    [
        "Existing controls",
        "Address is asked at each call",
        "1) Slot is locked for 2 minutes\n2) None",
        "None",
        "Reminders are sent 3 days before",
    ],
    ["Severity", "Significant", "Minor", "Considerable", "Significant"],
    ["Likelihood", "High", "Medium", "Medium", "Low"],
    ["Risk rating", "3", "2", "3", "2"],
    [
        "Additional controls",
        "Address is checked against the national service",
        "1) Lock is renewed\n2) Warning after 3 s",
        "Flag on the referral",
        "Queue is watched",
    ],
    ["Residual severity", "Significant", "Minor", "Considerable", "Significant"],
    ["Residual likelihood", "Low", "Low", "Low", "Very Low"],
    ["Residual risk", "2", "2", "3", "1"],
    ["Hazard owner", "Dr J Rowe", "Dr J Rowe", "", "Service desk"],
];

pub fn fixture() -> LogFixture {
    let mut fixture = LogFixture::new(&["Hazard log of the booking service"]);
    for (row, cells) in (2..).zip(&ROWS) {
        fixture.row(row, cells);
    }
    fixture
}

#[test]
fn a_turned_sheet_has_a_hazard_in_each_column() {
    let files = LogFiles::file("turned.xlsx", fixture().bytes());
    let input = read(&files, None);
    assert_eq!(counts(&input), [("HZ1", 1, 1, 1), ("HZ2", 2, 1, 2), ("HZ3", 1, 0, 1), ("HZ4", 1, 1, 1)]);
    let hazard = &input.log.hazards[1];
    assert_eq!(ratings(hazard), ["Minor Medium 2", "Minor Low 2"]);
    assert_eq!((hazard.initial.risk, hazard.residual.risk), (Some(2), Some(1)));
    assert_eq!(cell(&input, "hazards/HZ2/residual/risk"), "C14");
    assert_eq!(hazard.causes[1].controls, ["HZ2.A2"], "lists with the same numbers run in parallel");
    let found = found(&files);
    assert!(found.contains("shape = \"column-per-hazard\"\n"), "{found}");
    assert_eq!(read(&files, Some(&found)).log.hazards, input.log.hazards);
}

/// A merged cell counts for every hazard that it covers, and a heading says when its ratings hold.
#[test]
fn headings_and_merged_cells_of_a_turned_sheet_are_understood() {
    let mut fixture = LogFixture::new(&["Hazard No", "H1", "H2"]);
    fixture.row(1, &["Hazard", "Result is late", "Result is wrong"]);
    fixture.row(2, &["Causes", "Slow link", "Wrong unit"]).row(3, &["", "Full disk", ""]);
    fixture.row(4, &["Rating after control"]).row(5, &["Severity", "Major", "Minor"]);
    fixture.row(6, &["Likelihood", "Low", "Low"]).row(7, &["Rating before control"]);
    fixture.row(8, &["Severity", "Major", "Minor"]).row(9, &["Likelihood", "High", "Medium"]);
    fixture.row(10, &["Hazard owner", "Dr J Rowe"]).merge_across(10, 1, 2, "Dr J Rowe");
    let input = read(&LogFiles::file("turned.xlsx", fixture.bytes()), None);
    let [first, second] = &input.log.hazards[..] else { panic!("two hazards") };
    assert_eq!(ratings(first), ["Major High", "Major Low"]);
    assert_eq!(ratings(second), ["Minor Medium", "Minor Low"]);
    assert_eq!(first.causes.len(), 2);
    assert_eq!(second.owner.as_deref(), Some("Dr J Rowe"));
}

/// Forms whose values are merged over several columns hold one hazard each, and a remark beside them is none.
#[test]
fn a_sheet_for_each_hazard_is_one_hazard_however_wide_its_cells_are() {
    let rows = [
        ("Hazard name", "Result is late"),
        ("Clinical impact", "Late care"),
        ("Causes", "Full disk"),
        ("Existing controls", "Staff ring"),
        ("Severity", "Major"),
        ("Likelihood", "Low"),
    ];
    let mut fixture = LogFixture::new(&[]);
    for (row, (label, value)) in (0..).zip(rows) {
        fixture.cell(row, 0, label).merge_across(row, 1, 4, value);
    }
    fixture.cell(2, 6, "ask the supplier");
    let second: Vec<[&str; 2]> = rows
        .iter()
        .map(|(label, value)| [*label, if *label == "Hazard name" { "Result is wrong" } else { value }])
        .collect();
    fixture.sheet("H2", &second.iter().map(|row| &row[..]).collect::<Vec<_>>());
    let input = read(&LogFiles::file("forms.xlsx", fixture.bytes()), None);
    let names: Vec<_> = input.log.hazards.iter().map(Hazard::display_name).collect();
    assert_eq!(names, ["Result is late", "Result is wrong"]);
    assert!(input.log.hazards.iter().all(|hazard| hazard.causes.len() == 1 && hazard.id.is_empty()));
    assert_eq!(cells(&input, ObservationKind::Unmapped), ["G3"]);
}
