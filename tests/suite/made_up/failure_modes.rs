//! A consultancy that works for a Welsh health board and thinks in failure modes: an .ods file with bilingual headers
//! over a process step, ratings of one to ten for severity, occurrence and detection, a priority number, and one row a
//! cause under merged failure modes.

use super::sheet::ods;
use super::{cells, counts, found, ratings, read};
use crate::log_fixture::LogFixture;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::LogFiles;

const HEADERS: [&str; 17] = [
    "Rhif / Ref",
    "Cam / Process step",
    "Modd methiant / Failure mode",
    "Effaith ar y claf / Effect on patient",
    "S",
    "Achos / Cause of failure",
    "O",
    "Rheolaethau cyfredol / Current controls",
    "D",
    "RPN",
    "Camau a argymhellir / Recommended action",
    "Cyfrifoldeb / Resp.",
    "Dyddiad / Target date",
    "S2",
    "O2",
    "D2",
    "RPN2",
];

const ROWS: [[&str; 17]; 9] = [
    [
        "FM1",
        "Sample is labelled",
        "Label of another patient is printed",
        "Wrong result is acted on",
        "9",
        "Label printer shared by two bays",
        "4",
        "Two-person check at the bedside",
        "5",
        "180",
        "Printer in every bay",
        "Estates",
        "12 Ionawr 2026",
        "9",
        "2",
        "5",
        "90",
    ],
    [
        "",
        "",
        "",
        "",
        "9",
        "Label printed before the wristband is scanned",
        "3",
        "Reminder on screen",
        "6",
        "162",
        "Print only after a scan",
        "Supplier",
        "02/02/2026",
        "9",
        "1",
        "2",
        "18",
    ],
    [
        "FM2",
        "Sample is sent",
        "Sample is not logged at the laboratory",
        "Result is late",
        "6",
        "Tube system is down",
        "3",
        "Porters",
        "4",
        "72",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "FM3",
        "Result is filed",
        "Critical result is filed without being read",
        "Treatment is late",
        "8",
        "Inbox holds more than 200 results",
        "6",
        "– Weekly list of unread results\n– Telephone call by the laboratory",
        "4",
        "192",
        "– Critical results stay on top\n– Unread for 4 h: goes to the registrar",
        "Supplier",
        "28 Chwefror 2026",
        "8",
        "3",
        "2",
        "48",
    ],
    [
        "",
        "",
        "",
        "",
        "8",
        "Consultant has left the board",
        "3",
        "None",
        "8",
        "182",
        "Leavers' inboxes pass to the team",
        "Health board",
        "n/k",
        "8",
        "1",
        "4",
        "32",
    ],
    [
        "FM4",
        "Result is filed",
        "Result is filed to the wrong record",
        "Wrong treatment",
        "9",
        "Merge of two records",
        "2",
        "Audit of merges",
        "6",
        "108",
        "Merges need two people",
        "Health board",
        "31-03-2026",
        "9",
        "1",
        "6",
        "54",
    ],
    [
        "FM5",
        "Report is viewed",
        "Unit of the result is missing",
        "Wrong dose",
        "7",
        "Laboratory sends units in a comment",
        "?",
        "",
        "",
        "",
        "Agree units with each laboratory",
        "Pathology lead",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "FM6",
        "Report is viewed",
        "Trend line hides a single high value",
        "Late treatment",
        "5",
        "Smoothing is on as delivered",
        "3",
        "Table below the chart",
        "3",
        "45",
        "Smoothing is off as delivered",
        "Supplier",
        "done",
        "5",
        "1",
        "3",
        "15",
    ],
    ["", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""],
];

/// Rows of the sheet, first and last, whose first four cells are merged downwards.
const MERGED: [(usize, usize); 2] = [(5, 6), (8, 9)];

pub fn bytes() -> Vec<u8> {
    let mut rows: Vec<Vec<&str>> = vec![
        vec![
            "Dadansoddiad FMEA / FMEA worksheet: order communications",
            "",
            "",
            "",
            "Fersiwn / Version",
            "0.4",
        ],
        vec!["S = severity, O = occurrence, D = detection, each 1 to 10; RPN = S x O x D; action above 100"],
        vec![],
        HEADERS.to_vec(),
    ];
    rows.extend(ROWS.iter().map(|row| row.to_vec()));
    rows.push(vec!["Cyfanswm / Total failure modes", "6"]);
    ods("FMEA", &rows, &MERGED, 4)
}

#[test]
fn failure_modes_with_two_languages_in_a_header_are_hazards_with_a_row_a_cause() {
    let files = LogFiles::file("fmea.ods", bytes());
    let input = read(&files, None);
    assert_eq!(
        counts(&input),
        [
            ("FM1", 2, 2, 2),
            ("FM2", 1, 1, 0),
            ("FM3", 2, 1, 2),
            ("FM4", 1, 1, 1),
            ("FM5", 1, 0, 1),
            ("FM6", 1, 1, 1)
        ]
    );
    let hazard = &input.log.hazards[2];
    assert_eq!(hazard.name.as_deref(), Some("Critical result is filed without being read"));
    assert_eq!(hazard.category.as_deref(), Some("Result is filed"));
    assert_eq!(ratings(hazard), ["8 6 192", "8 3 48"]);
    assert_eq!(cells(&input, ObservationKind::RatingsDisagree), ["E5:E6", "N5:N6", "E8:E9", "N8:N9"]);
    // The rating of detection has no field, and so have dates and who is responsible: each cell is told.
    let total = input.explanation.total;
    assert_eq!((total.cells, total.unmapped, total.ignored), (136, 26, 6));
}

/// The same with what only a person can know.
#[test]
fn a_mapping_says_whom_an_action_belongs_to_and_where_the_rest_goes() {
    let files = LogFiles::file("fmea.ods", bytes());
    let found = found(&files);
    let mapping = found
        .replace(
            "header = \"Cyfrifoldeb / Resp.\" }",
            "header = \"Cyfrifoldeb / Resp.\", field = \"control-owner\" }",
        )
        .replace(
            "header = \"Dyddiad / Target date\" }",
            "header = \"Dyddiad / Target date\", field = \"notes\" }",
        )
        .replace("header = \"D\" }", "header = \"D\", ignored = \"detection is not rated in this case\" }")
        .replace("header = \"D2\" }", "header = \"D2\", ignored = \"detection is not rated in this case\" }");
    let input = read(&files, Some(&mapping));
    let total = input.explanation.total;
    assert_eq!((total.cells, total.unmapped, total.ignored), (136, 0, 21));
    let owners: Vec<_> =
        input.log.hazards[0].controls.iter().map(|control| control.owner.as_deref()).collect();
    assert_eq!(owners, [Some("Estates"), Some("Supplier")]);
    assert_eq!(input.log.hazards[2].notes.as_deref(), Some("28 Chwefror 2026\nn/k"));
}

/// None of the ratings is the policy's, so the highest is the highest that is stated, wherever it stands.
#[test]
fn the_highest_of_ratings_that_the_policy_does_not_know_is_the_highest_stated() {
    let mut fixture = LogFixture::new(&["Ref", "Failure mode", "Cause of failure", "S", "O", "RPN"]);
    fixture.row(1, &["F1", "Result is late", "Full disk", "9", "3", "135"]);
    fixture.row(2, &["F1", "Result is late", "Slow link", "9", "8", "648"]);
    fixture.row(3, &["F2", "Result is wrong", "Wrong unit", "7", "?", ""]);
    fixture.row(4, &["F2", "Result is wrong", "Old table", "7", "2", "70"]);
    let input = read(&LogFiles::file("fmea.xlsx", fixture.bytes()), None);
    assert_eq!(ratings(&input.log.hazards[0])[0], "9 8 648");
    assert_eq!(ratings(&input.log.hazards[1])[0], "7 ?");
    let disagree = input.observations.iter().filter(|o| o.kind == ObservationKind::RatingsDisagree);
    let messages: Vec<&str> = disagree.map(|observation| observation.message.as_str()).collect();
    assert!(messages[0].contains("the highest initial rating, that of row 3,"), "{messages:?}");
    assert!(messages[1].contains("the first initial rating, that of row 4,"), "{messages:?}");
}
