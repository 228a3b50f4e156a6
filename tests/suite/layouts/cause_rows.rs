//! One row a cause: the hazard repeated, blank or merged below its first row, the controls of the cause in lists.

use super::{cells, counts, layout, links, log, notes, read};
use crate::log_fixture::LogFixture;
use cscr::case::hazard::LinkBasis;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::NoteKind;

const HEADERS: [&str; 9] = [
    "Hazard No",
    "Hazard",
    "Clinical Impact",
    "Cause",
    "Existing Controls",
    "Additional Controls",
    "Severity",
    "Likelihood",
    "Risk",
];

fn blank_below() -> LogFixture {
    let list = "1) Retry the message\n2) Alarm the desk";
    log(
        &HEADERS,
        &[
            &["H1", "Result is late", "Late care", "Network fails", "Staff ring", list, "Major", "Low", "3"],
            &[
                "",
                "",
                "",
                "Server stops",
                "Second server",
                "1) Watch the server\n2) None",
                "Major",
                "Low",
                "3",
            ],
            &["", "", "", "Staff forget", "", "• Train staff\n• Remind staff", "Major", "Low", "3"],
            &["H2", "Result is wrong", "Wrong care", "Typing error", "", "Check digit", "Minor", "Low", "2"],
            &["", "", "", "Wrong unit", "", "Units are shown", "Minor", "Low", "2"],
        ],
    )
}

#[test]
fn rows_without_a_number_go_on_with_the_hazard_above() {
    let input = read(blank_below());
    assert!(layout(&input).starts_with("one row a cause"), "{}", layout(&input));
    assert_eq!(counts(&input), [("H1", 3, 2, 5), ("H2", 2, 0, 2)]);
    let hazard = &input.log.hazards[0];
    assert_eq!(
        links(hazard),
        [
            ("H1.1", "H1.E1 H1.A1 H1.A2".to_owned()),
            ("H1.2", "H1.E2 H1.A1~2".to_owned()),
            ("H1.3", "H1.A3 H1.A4".to_owned())
        ]
    );
    assert!(hazard.causes.iter().all(|cause| cause.link == LinkBasis::Stated));
    assert_eq!(cells(&input, ObservationKind::RowJoined), Vec::<String>::new());
    assert_eq!(notes(&input, NoteKind::Joined), [("H1", "A3:A4"), ("H2", "A6")]);
    assert_eq!(notes(&input, NoteKind::Split), [("H1", "F2"), ("H1", "F3"), ("H1", "F4")]);
    assert_eq!(notes(&input, NoteKind::NotTaken), [("H1", "F3")]);
}

#[test]
fn a_merged_cell_counts_for_every_row_that_it_covers_and_for_every_field() {
    let mut fixture = blank_below();
    fixture.merge(1, 3, 0, "H1").merge(1, 3, 1, "Result is late").merge(1, 2, 4, "Staff ring");
    fixture.merge(4, 5, 0, "H2").merge(1, 5, 8, "3");
    let input = read(fixture);
    assert_eq!(counts(&input), [("H1", 3, 1, 5), ("H2", 2, 0, 2)]);
    let [first, second] = &input.log.hazards[..] else { panic!("two hazards") };
    assert_eq!(links(first)[1].1, "H1.A1~2", "an existing control of the whole hazard answers no one cause");
    // The merge of the risk reaches over both hazards.
    assert_eq!(format!("{:?}", second.initial.stated_risk), "Some(Score(3))");
    assert_eq!(input.provenance.place("hazards/H2/initial/risk").unwrap().cell.as_deref(), Some("I2"));
    assert!(notes(&input, NoteKind::Inherited).contains(&("H1", "A2:A4")));
    assert!(notes(&input, NoteKind::Inherited).contains(&("H2", "I2:I6")));
    assert_eq!(cells(&input, ObservationKind::RowJoined), Vec::<String>::new());
}

#[test]
fn a_merged_cause_is_one_cause_with_the_controls_of_all_its_rows() {
    let mut fixture = log(
        &["Hazard No", "Hazard", "Cause", "Additional Controls", "Control Owner"],
        &[
            &["H1", "Result is late", "", "Retry", "Maker"],
            &["H1", "Result is late", "", "Alarm", "Trust"],
            &["H1", "Result is late", "Staff forget", "Train staff", "Trust"],
        ],
    );
    fixture.merge(1, 2, 2, "Network fails");
    let input = read(fixture);
    assert_eq!(counts(&input), [("H1", 2, 0, 3)]);
    assert_eq!(
        links(&input.log.hazards[0]),
        [("H1.1", "H1.A1 H1.A2".to_owned()), ("H1.2", "H1.A3".to_owned())]
    );
}

#[test]
fn a_log_without_numbers_tells_hazards_apart_by_name() {
    let input = read(log(
        &["Hazard", "Cause", "Additional Controls"],
        &[
            &["Result is late", "Network fails", "1) Retry\n2) Alarm"],
            &["", "Staff forget", "1) Train staff\n2) Remind staff"],
            &["Result is wrong", "Typing error", "1) Check digit\n2) Second look"],
            &["", "Wrong unit", "Units are shown"],
        ],
    ));
    let names: Vec<_> = input.log.hazards.iter().map(cscr::case::hazard::Hazard::display_name).collect();
    assert_eq!(names, ["Result is late", "Result is wrong"]);
    assert_eq!(counts(&input), [("unnumbered", 2, 0, 4), ("unnumbered~2", 2, 0, 3)]);
}

#[test]
fn causes_with_ratings_of_their_own_give_the_hazard_the_highest_and_one_remark() {
    let row = |number, cause, severity, likelihood, risk| {
        [number, "Result is late", "", cause, "", "1) Retry\n2) Alarm", severity, likelihood, risk]
    };
    let rows = [
        row("H1", "Network fails", "Minor", "Low", "2"),
        row("H1", "Server stops", "Major", "High", "4"),
        row("H1", "Staff forget", "Minor", "Very Low", "1"),
    ];
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    let input = read(log(&HEADERS, &rows));
    assert_eq!(input.log.hazards[0].initial.severity.as_deref(), Some("Major"));
    assert_eq!(input.provenance.place("hazards/H1/initial/severity").unwrap().cell.as_deref(), Some("G3"));
    assert_eq!(cells(&input, ObservationKind::RatingsDisagree), ["G2:G4"]);
    assert_eq!(notes(&input, NoteKind::Chosen), [("H1", "G2:G4")]);
}

#[test]
fn a_few_blank_numbers_among_many_were_forgotten_and_are_said() {
    let rows: Vec<[String; 4]> = (1..=12)
        .map(|row| {
            let number = if row == 5 { String::new() } else { format!("H{}", (row + 1) / 2) };
            let name = if row == 5 { String::new() } else { format!("Fault {}", (row + 1) / 2) };
            [number, name, format!("Cause {row}"), "1) Retry\n2) Alarm".to_owned()]
        })
        .collect();
    let mut fixture = LogFixture::new(&["Hazard No", "Hazard", "Cause", "Additional Controls"]);
    for (row, cells) in (1..).zip(&rows) {
        fixture.row(row, &cells.each_ref().map(String::as_str));
    }
    let input = read(fixture);
    assert_eq!(cells(&input, ObservationKind::RowJoined), ["A6"]);
    // Row 6 came before the first row of H3; only a person can say that it is meant to be one of its causes.
    assert_eq!(input.log.hazards[1].causes.len(), 3);
}
