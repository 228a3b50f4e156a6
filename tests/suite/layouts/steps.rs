//! Ids in steps, in columns of their own (1, 1.02, 1.02.02), with a rating in each row of a control.

use super::{cells, counts, layout, links, log, notes, read};
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::NoteKind;

const HEADERS: [&str; 13] = [
    "Hazard #",
    "Name",
    "Clinical impact",
    "Cause #",
    "Cause",
    "Control #",
    "Existing Controls",
    "Design",
    "Training",
    "I. Consequence",
    "I. Likelihood",
    "I. Risk score",
    "Tag",
];

#[test]
fn steps_in_columns_of_their_own_name_hazard_cause_and_control() {
    let input = read(log(
        &HEADERS,
        &[
            &[
                "1",
                "Form is late",
                "Late care",
                "1.01",
                "Network fails",
                "1.01.01",
                "Retry",
                "",
                "",
                "Minor",
                "Low",
                "2",
                "Web",
            ],
            &["", "", "", "", "", "1.01.02", "", "Alarm", "", "Major", "Low", "3", ""],
            &[
                "",
                "",
                "",
                "1.02",
                "Staff forget",
                "1.02.01",
                "",
                "Reminder",
                "Teach it",
                "Minor",
                "Low",
                "2",
                "",
            ],
            &[
                "2",
                "Form is wrong",
                "Wrong care",
                "2.01",
                "Typing error",
                "2.01.01",
                "",
                "Check digit",
                "",
                "Minor",
                "Medium",
                "3",
                "Web",
            ],
            &["", "", "", "2.01", "Typing error", "2.01.02", "", "Second look", "", "Minor", "High", "3", ""],
        ],
    ));
    assert!(layout(&input).starts_with("one row a control"), "{}", layout(&input));
    assert_eq!(counts(&input), [("1", 2, 1, 3), ("2", 1, 0, 2)]);
    assert_eq!(
        links(&input.log.hazards[0]),
        [("1.01", "1.01.01 1.01.02".to_owned()), ("1.02", "1.02.01 1.02.01.TR".to_owned())]
    );
    assert_eq!(links(&input.log.hazards[1]), [("2.01", "2.01.01 2.01.02".to_owned())]);
    assert_eq!(input.log.hazards[0].initial.severity.as_deref(), Some("Major"), "the highest of its rows");
    assert_eq!(cells(&input, ObservationKind::RatingsDisagree), ["J2:J4", "J5:J6"]);
    for quiet in [ObservationKind::IdPrefix, ObservationKind::DuplicateControlId, ObservationKind::RowJoined]
    {
        assert_eq!(cells(&input, quiet), Vec::<String>::new());
    }
    assert_eq!(notes(&input, NoteKind::Renamed), [("1", "F4")]);
    assert_eq!(input.explanation.unmapped, []);
}

#[test]
fn steps_inside_the_text_are_read_as_well() {
    let input = read(log(
        &["Hazard #", "Name", "Cause", "Additional Controls"],
        &[
            &["1", "Form is late", "1.01 Network fails", "1.01.01 Retry"],
            &["1", "Form is late", "1.01 Network fails", "1.01.02 Alarm"],
            &["1", "Form is late", "1.02 Staff forget", "1.02.01 Reminder"],
            &["", "", "2.01 Typing error", "2.01.01 Check digit"],
            &["2", "Form is wrong", "2.01 Typing error", "2.01.02 Second look"],
        ],
    ));
    assert_eq!(counts(&input), [("1", 3, 0, 4), ("2", 1, 0, 1)]);
    assert_eq!(cells(&input, ObservationKind::RowJoined), ["A5"]);
    assert_eq!(cells(&input, ObservationKind::IdPrefix), ["D5"], "2.01.01 in a row of hazard 1");
    let texts: Vec<_> = input.log.hazards[0].causes.iter().map(|cause| cause.text.as_str()).collect();
    assert_eq!(texts, ["Network fails", "Staff forget", "Typing error"]);
}

#[test]
fn lists_of_ids_in_cells_link_controls_to_the_causes_that_they_are_parts_of() {
    let input = read(log(
        &["Hazard No", "Hazard", "Causes", "Additional Controls"],
        &[
            &[
                "H1",
                "Form is late",
                "H1-C1 Network fails\nH1-C2 Staff forget",
                "H1-C2-M1 Reminder\nH1-C1-M1 Retry",
            ],
            &[
                "H2",
                "Form is wrong",
                "H2-C1 Typing error\nof any kind\nH2-C2 Wrong unit",
                "H2-C1-M1 Check digit",
            ],
        ],
    ));
    assert!(layout(&input).starts_with("one row a hazard"), "{}", layout(&input));
    assert_eq!(
        links(&input.log.hazards[0]),
        [("H1-C1", "H1-C1-M1".to_owned()), ("H1-C2", "H1-C2-M1".to_owned())]
    );
    assert_eq!(input.log.hazards[1].causes[0].text, "Typing error\nof any kind");
}

#[test]
fn semicolons_part_lists_where_a_whole_column_uses_them() {
    let input = read(log(
        &["ID", "Hazard", "Causes", "Existing controls"],
        &[
            &[
                "H-01",
                "Form is late",
                "Network fails; server stops; staff forget",
                "Staff ring; a list is kept",
            ],
            &["H-02", "Form is wrong", "Typing error; wrong unit", "Check digit; second look"],
            &["H-03", "Form is lost", "Queue is full", "Watch the queue; it is small"],
        ],
    ));
    assert_eq!(counts(&input), [("H-01", 3, 2, 0), ("H-02", 2, 2, 0), ("H-03", 1, 2, 0)]);
    let input = read(log(
        &["ID", "Hazard", "Causes"],
        &[
            &["H-01", "Form is late", "The network fails; it did so last year"],
            &["H-02", "Form is wrong", "Typing error"],
            &["H-03", "Form is lost", "Queue is full"],
        ],
    ));
    assert_eq!(counts(&input)[0], ("H-01", 1, 0, 0), "a semicolon within a sentence parts nothing");
}
