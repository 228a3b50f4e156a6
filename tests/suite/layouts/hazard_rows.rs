//! One row a hazard, in the layouts that are not the NHS template's.

use super::{cells, counts, layout, log, read};
use crate::log_fixture::LogFixture;
use cscr::case::hazard::{HazardState, StatedRisk};
use cscr::case::observation::ObservationKind;

/// Hazards for another organisation to adopt: no ratings, no owner, no status.
#[test]
fn a_log_without_scores_is_hazards_to_adopt() {
    let mut fixture = log(
        &[
            "Hazard number",
            "Hazard type",
            "Hazard name",
            "Hazard description",
            "Potential clinical impact",
            "Possible causes",
            "Suggested actions to mitigate hazard",
            "Links to documentation",
        ],
        &[
            &[
                "3",
                "Record",
                "Record is old",
                "It was changed since.",
                "Wrong care",
                "It is kept too long.",
                "Read it again.",
                "Guide 1",
            ],
            &[
                "61\n",
                "Record",
                "Record is cut",
                "Its end is missing.",
                "Wrong care",
                "The list is long.",
                "Count the entries.",
                "",
            ],
            &[
                "88",
                "Write",
                "Note is lost",
                "It was not saved.",
                "Late care",
                "The link is slow.",
                "Ask again.",
                "",
            ],
        ],
    );
    // A list of words far below, in hidden rows, and ratings that were pasted beside the table.
    fixture.cell(3, 9, "Major").cell(3, 10, "Low").cell(505, 2, "Record").cell(506, 2, "Write");
    fixture.hide_row(505).hide_row(506).cell(0, 14, "Admin only: list of types").hide_column(14);
    let input = read(fixture);
    let keys: Vec<_> = input.log.hazards.iter().map(|hazard| hazard.key.as_str()).take(3).collect();
    assert_eq!(keys, ["3", "61", "88"]);
    assert!(input.log.hazards[..3].iter().all(|hazard| hazard.initial.is_blank() && hazard.owner.is_none()));
    assert!(cells(&input, ObservationKind::Unmapped).starts_with(&["J4".to_owned(), "K4".to_owned()]));
    assert!(cells(&input, ObservationKind::Hidden).contains(&"C506:C506".to_owned()));
}

#[test]
fn a_title_block_above_integer_scores_and_statuses_in_prose() {
    let mut fixture = LogFixture::new(&["Hazard log of the form, version 0.3"]);
    fixture.row(1, &["Owner: Dr A"]).row(2, &["Date: 27/03//2020"]);
    fixture.row(6, &["Hazard ID", "Hazard", "Cause", "Likelihood", "Severity", "Risk", "Status"]);
    fixture
        .row(7, &["H01", "Form is late", "Network fails", "2", "4", "8", "Implemented (v0.4), alert added"]);
    fixture.row(8, &["H02", "Form is wrong", "Typing error", "3", "3", "9", "OPEN: pass still to complete."]);
    let input = read(fixture);
    assert_eq!(counts(&input), [("H01", 1, 0, 0), ("H02", 1, 0, 0)]);
    let [first, second] = &input.log.hazards[..] else { panic!("two hazards") };
    assert_eq!(first.initial.severity.as_deref(), Some("4"));
    assert_eq!(first.initial.stated_risk, Some(StatedRisk::Score(8)));
    assert_eq!(second.state, HazardState::Other);
    assert_eq!(input.explanation.ignored[0].cells, "A1:A3");
}

#[test]
fn a_blank_first_row_words_in_other_cases_and_n_a() {
    let input = read(log(
        &[
            "Hazard Number",
            "Hazard Name",
            "Possible Causes",
            "Existing Controls",
            "Initial Severity",
            "Initial Likelihoos",
            "Intial Risk",
            "Additional Controls",
            "Owner",
        ],
        &[
            &[],
            &[
                "1",
                "Map is turned",
                "Head is tilted",
                "N/A",
                "major",
                "Very low",
                "2",
                "n/a",
                "The physicist.",
            ],
            &[
                "2",
                "Map is old",
                "It is kept",
                "Dates are shown ",
                "Minor",
                "TBC",
                "",
                "None",
                "The physicist.",
            ],
        ],
    ));
    assert!(layout(&input).ends_with("no row continues the hazard above"), "{}", layout(&input));
    assert_eq!(counts(&input), [("1", 1, 0, 0), ("2", 1, 1, 0)]);
    assert_eq!(input.log.hazards[0].initial.severity.as_deref(), Some("Major"));
    assert_eq!(input.log.hazards[1].initial.likelihood.as_deref(), Some("TBC"));
    assert_eq!(cells(&input, ObservationKind::BlankRows), ["A2:I2"]);
}

/// The ratings name their stage, and dependencies stand between them.
#[test]
fn ratings_with_their_stage_in_the_header_and_columns_in_an_unusual_order() {
    let input = read(log(
        &[
            "Hazard Number",
            "Hazard Name",
            "Hazard Causes",
            "Initial Risk - Likelihood",
            "Initial Risk - Consequence",
            "Initial Risk - Acceptability",
            "Dependencies",
            "Existing Controls / Mitigations",
            "Residual Risk - Likelihood",
            "Residual Risk - Consequence",
            "Residual Risk - Acceptability",
            "Summary of Actions",
            "Additional Comments",
        ],
        &[&[
            "HAZ1",
            "Referral is lost",
            "1. Network fails\n2. Desk is shut",
            "Low",
            "Major",
            "3",
            "Another service",
            "1. Retry\n2. Desk rota",
            "Very Low",
            "Major",
            "2 (acceptable)",
            "Agreed.",
            "Seen by the group.",
        ]],
    ));
    let hazard = &input.log.hazards[0];
    assert_eq!((hazard.initial.severity.as_deref(), hazard.initial.risk), (Some("Major"), Some(3)));
    assert_eq!(hazard.residual.likelihood.as_deref(), Some("Very Low"));
    assert_eq!(hazard.causes[1].controls, ["HAZ1.E2"]);
}

/// A stage beside the status, and ids with letters.
#[test]
fn a_stage_beside_the_status_is_not_lost() {
    let input = read(log(
        &["No.", "Hazard Summary", "Cause(s)", "Consequence(s)", "Mitigations in force", "Stage", "Status"],
        &[
            &[
                "PAB001",
                "Name is cut",
                "Column is narrow",
                "Wrong patient",
                "Full name on hover",
                "Partially Mitigated",
                "Open",
            ],
            &["PAB002", "Date is odd", "Two formats", "Wrong dose", "One format", "Invalid", "Closed"],
        ],
    ));
    assert_eq!(input.log.hazards[0].impact.as_deref(), Some("Wrong patient"));
    assert_eq!(input.log.hazards[1].state, HazardState::Closed);
    let unmapped = cells(&input, ObservationKind::Unmapped);
    assert!(unmapped.contains(&"F2".to_owned()) && unmapped.contains(&"F3".to_owned()), "{unmapped:?}");
}
