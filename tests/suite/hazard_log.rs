//! Hazard logs in, hazards and observations out.

use crate::log_fixture::{CONTROL_HEADERS, LogFixture};
use crate::workbooks::template::HEADERS as NHS_HEADERS;
use cscr::case::hazard::{ControlKind, HazardState, LinkBasis, StatedRisk};
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::InputError;
use cscr::intake::hazard_log::{self, HazardLogInput};
use cscr::intake::workbook::{Limits, Workbook};

fn try_read(bytes: &[u8]) -> Result<HazardLogInput, InputError> {
    hazard_log::read(&Workbook::from_bytes(bytes, "log.xlsx", &Limits::default())?, &RiskPolicy::nhs())
}

fn read(fixture: LogFixture) -> HazardLogInput {
    try_read(&fixture.bytes()).expect("the log can be read")
}

/// Cells of the observations of this kind.
fn cells(input: &HazardLogInput, kind: ObservationKind) -> Vec<String> {
    let of_kind = input.observations.iter().filter(|observation| observation.kind == kind);
    of_kind.filter_map(|observation| Some(observation.place.as_ref()?.cell.as_ref()?.to_string())).collect()
}

#[test]
fn the_nhs_template_is_read_by_position_of_its_repeated_headers() {
    let input = read(LogFixture::good());
    let [hazard] = &input.log.hazards[..] else { panic!("one hazard") };
    assert_eq!(hazard.key, "H01");
    assert_eq!(hazard.initial.severity.as_deref(), Some("Major"));
    assert_eq!(hazard.initial.likelihood.as_deref(), Some("Medium"));
    assert_eq!(
        (hazard.initial.stated_risk.clone(), hazard.initial.risk),
        (Some(StatedRisk::Score(3)), Some(3))
    );
    assert_eq!(hazard.residual.likelihood.as_deref(), Some("Very Low"));
    assert_eq!(hazard.residual.risk, Some(2));
    assert_eq!(hazard.state, HazardState::Open);
    assert_eq!(input.observations, []);
    assert_eq!(input.provenance.place("hazards/H01/residual/risk").unwrap().cell.as_deref(), Some("P2"));
}

#[test]
fn numbered_lists_become_causes_and_controls_linked_by_inference() {
    let input = read(LogFixture::good());
    let hazard = &input.log.hazards[0];
    let causes: Vec<_> =
        hazard.causes.iter().map(|cause| (cause.id.as_str(), cause.controls.join(" "))).collect();
    assert_eq!(causes, [("H01.1", "H01.E1 H01.D1".to_owned()), ("H01.2", "H01.D2 H01.T2".to_owned())]);
    assert!(hazard.causes.iter().all(|cause| cause.link == LinkBasis::Inferred));
    let kinds: Vec<_> = hazard.controls.iter().map(|control| (control.id.as_str(), control.kind)).collect();
    assert_eq!(
        kinds,
        [("H01.D1", ControlKind::Design), ("H01.D2", ControlKind::Design), ("H01.T2", ControlKind::Test)]
    );
}

#[test]
fn none_is_not_a_control_and_its_explanation_is_not_lost() {
    let mut fixture = LogFixture::good();
    fixture.cell(1, 5, "1) Number is checked\n2) None currently available, because no record exists");
    let input = read(fixture);
    assert_eq!(input.log.hazards[0].existing_controls.len(), 1);
    assert_eq!(cells(&input, ObservationKind::NotAControl), ["F2"]);
}

#[test]
fn a_formula_that_reads_the_initial_columns_is_named_with_the_cell_it_makes_wrong() {
    let mut fixture = LogFixture::good();
    fixture.formula(1, 15, "=INDEX(M!$D$2:$H$6,MATCH(O2,L,0),MATCH(G2,C,0))", "3");
    let input = read(fixture);
    let astray: Vec<_> =
        input.observations.iter().filter(|o| o.kind == ObservationKind::FormulaReadsOtherCells).collect();
    assert_eq!(astray.len(), 1);
    assert_eq!(astray[0].hazard.as_deref(), Some("H01"));
    assert_eq!(
        astray[0].message,
        "The formula of P2 reads column G (initial severity) instead of N (residual severity); the value that it shows is wrong."
    );
}

#[test]
fn a_formula_that_reads_its_own_rating_is_left_alone() {
    let mut fixture = LogFixture::good();
    fixture.formula(1, 15, "=INDEX(M!$D$2:$H$6,MATCH(O2,L,0),MATCH(N2,C,0))", "2");
    assert_eq!(read(fixture).observations, []);
}

#[test]
fn what_a_spreadsheet_hides_is_read_and_flagged() {
    let mut fixture = LogFixture::good();
    fixture.row(2, &["H02", "Letter missing", "d", "i", "c"]).hide_row(2).hide_row(9).hide_column(17);
    fixture.strike(1, 16, "Withdrawn").strike_part(1, 2, "A referral ", "is lost");
    fixture.comment(1, 6, "Was \"Catastrophic\" & argued");
    let input = read(fixture);
    assert_eq!(input.log.hazards.len(), 2);
    assert_eq!(cells(&input, ObservationKind::Hidden), ["R:R", "A3:E3"]);
    assert_eq!(cells(&input, ObservationKind::StruckThrough), ["C2", "Q2"]);
    let comment =
        input.observations.iter().find(|o| o.kind == ObservationKind::Comment).expect("the comment");
    assert!(comment.message.contains("Was \"Catastrophic\" & argued"), "{}", comment.message);
}

#[test]
fn a_word_that_the_drop_down_list_lacks_is_flagged_and_kept() {
    let mut fixture = LogFixture::good();
    fixture.list(18, &["Open", "Closed", "Transferred"]).list(0, &["H01", "H & S"]);
    fixture.row(2, &["H02", "Letter missing", "d", "i", "c"]).cell(2, 18, "Parked");
    let input = read(fixture);
    assert_eq!(cells(&input, ObservationKind::NotInList), ["A3", "S3"]);
    assert_eq!(input.log.hazards[1].status.as_deref(), Some("Parked"));
    let message = &input.observations.iter().find(|o| o.kind == ObservationKind::NotInList).unwrap().message;
    assert_eq!(message, "\"H02\" is not in the cell's own drop-down list: H01, H & S.");
}

#[test]
fn an_unknown_column_is_unmapped_and_counted() {
    let mut fixture = LogFixture::good();
    fixture.cell(0, 19, "Zebra").cell(1, 19, "striped").cell(1, 25, "stray");
    let explanation = read(fixture).explanation;
    let unmapped: Vec<_> =
        explanation.unmapped.iter().map(|cell| (cell.cell.as_str(), cell.header.as_deref())).collect();
    assert_eq!(unmapped, [("T2", Some("Zebra")), ("Z2", None)]);
    let ignored: usize = explanation.ignored.iter().map(|ignored| ignored.count).sum();
    assert_eq!(explanation.mapped + explanation.unmapped.len() + ignored, explanation.cells);
}

#[test]
fn a_title_block_above_and_a_note_below_are_ignored_with_the_reason() {
    let mut fixture = LogFixture::new(&["Hazard log of the product"]);
    fixture.row(2, &NHS_HEADERS).row(3, &crate::log_fixture::GOOD_HAZARD);
    fixture.row(5, &["This note stands below the table and is long."]);
    let input = read(fixture);
    assert_eq!(input.log.hazards.len(), 1);
    let reasons: Vec<_> =
        input.explanation.ignored.iter().map(|i| (i.cells.as_str(), i.reason.as_str())).collect();
    assert_eq!(reasons, [("A1", "above the header row"), ("A6", "a note, not a hazard")]);
}

#[test]
fn a_hazard_number_used_twice_keeps_both_hazards() {
    let mut fixture = LogFixture::good();
    fixture.row(2, &["H01", "Another hazard", "d", "i", "c"]);
    let input = read(fixture);
    let keys: Vec<_> = input.log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    assert_eq!(keys, ["H01", "H01~2"]);
    assert_eq!(cells(&input, ObservationKind::DuplicateHazardId), ["A3"]);
}

fn control_rows() -> LogFixture {
    let mut fixture = LogFixture::new(&CONTROL_HEADERS);
    let rating = ["Major", "Medium", "3"];
    let row = |num: &str, description: &str, cause: &str, control: &str, owner: &str, action: &str| {
        let mut cells = vec![num.to_owned(), if num.is_empty() { "" } else { "Triage fails" }.to_owned()];
        cells.extend([description, "", "", cause].map(str::to_owned));
        cells.extend(rating.map(str::to_owned));
        cells.extend(
            [control, "Design", owner, action, "Closed", "Major", "Very low", "2"].map(str::to_owned),
        );
        cells
    };
    let rows = [
        row("H01", "What happens", "0101 Message lost", "010101 Retry", "Maker", "Check guide"),
        row("H01", "", "101 Message lost", "010102 Alarm", "Trust", "Risk transferred in Hazard Log"),
        row("H02", "Other", "0201 Wrong logic", "020101 Review", "Maker", "Check guide"),
        row("", "", "0102 Late", "010101 Resend", "Maker", "Check guide"),
        row("H02", "", "0202 Gap", "Unnumbered control", "Maker", "Check guide"),
    ];
    for (index, cells) in (1_u32..).zip(&rows) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        fixture.row(index, &cells);
    }
    fixture
}

#[test]
fn a_row_a_control_is_joined_into_hazards_with_every_row_accounted_for() {
    let input = read(control_rows());
    let controls: Vec<_> =
        input.log.hazards.iter().map(|hazard| (hazard.key.as_str(), hazard.controls.len())).collect();
    assert_eq!(controls, [("H01", 3), ("H02", 2)]);
    let first = &input.log.hazards[0];
    assert_eq!(first.causes[0].text, "Message lost");
    assert_eq!(first.causes[0].controls, ["010101", "010102"]);
    assert_eq!(first.causes[0].link, LinkBasis::Stated);
    assert_eq!(first.controls[1].transferred_to.as_deref(), Some("Trust"));
    assert_eq!(first.controls[0].transferred_to, None);
}

#[test]
fn odd_ids_of_a_row_a_control_are_observed_at_their_cells() {
    let input = read(control_rows());
    assert_eq!(cells(&input, ObservationKind::RowJoined), ["A5"]);
    assert_eq!(cells(&input, ObservationKind::IdSpelling), ["F3"]);
    assert_eq!(cells(&input, ObservationKind::DuplicateControlId), ["J5"]);
    assert_eq!(cells(&input, ObservationKind::IdPrefix), ["J5"]);
    assert_eq!(cells(&input, ObservationKind::MissingControlId), ["J6"]);
}

#[test]
fn a_blank_that_should_be_filled_is_at_its_cell() {
    let mut fixture = LogFixture::good();
    fixture.row(2, &["H02", "Letter missing", "d", "", "c", "", "Major"]);
    let input = read(fixture);
    let cell = |path: &str| input.provenance.place(path).unwrap().cell.clone().unwrap();
    assert_eq!(cell("hazards/H02/impact"), "D3");
    assert_eq!(cell("hazards/H02/initial/likelihood"), "H3");
    assert_eq!(cell("hazards/H02/residual/risk"), "P3");
}

#[test]
fn text_that_looks_like_code_stays_text() {
    let mut fixture = LogFixture::good();
    let text = "#panic() ] $x$ {{ 7 * 7 }} \u{1F600} =cmd";
    fixture.cell(1, 2, text);
    assert_eq!(read(fixture).log.hazards[0].description.as_deref(), Some(text));
}

#[test]
fn a_huge_used_range_and_a_huge_cell_are_read_quickly() {
    let mut fixture = LogFixture::good();
    let long = "word ".repeat(6_000);
    fixture.cell(1, 2, &long).format_far_corner();
    let input = read(fixture);
    assert_eq!(input.log.hazards.len(), 1);
    assert_eq!(input.log.hazards[0].description.as_deref(), Some(long.trim()));
}

#[test]
fn a_sheet_without_headers_is_an_error_that_names_the_sheets() {
    let mut fixture = LogFixture::new(&["Colour", "Taste"]);
    fixture.row(1, &["red", "sweet"]);
    let error = try_read(&fixture.bytes()).unwrap_err();
    assert!(error.what.contains("No sheet has a header row") && error.what.contains("Hazard Log"), "{error}");
    assert!(error.hint.is_some());
}

#[test]
fn a_header_row_without_hazards_is_an_empty_log() {
    assert_eq!(read(LogFixture::new(&NHS_HEADERS)).log.hazards, []);
}

#[test]
fn one_copied_row_does_not_change_how_the_log_is_read() {
    let mut fixture = LogFixture::good();
    fixture.row(2, &crate::log_fixture::GOOD_HAZARD);
    let input = read(fixture);
    let keys: Vec<_> = input.log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    assert_eq!(keys, ["H01", "H01~2"]);
    assert_eq!(input.log.hazards[0].causes.len(), 2);
    assert_eq!(cells(&input, ObservationKind::DuplicateHazardId), ["A3"]);
    assert_eq!(cells(&input, ObservationKind::LayoutInDoubt), ["A1:S1"]);
}

#[test]
fn what_a_none_goes_on_to_say_stays_with_its_cause() {
    let mut fixture = LogFixture::good();
    let said = "None identified so far; clinicians must cross-check the letter, because no record exists yet at this point";
    fixture.cell(1, 5, &format!("1) Number is checked\n2) {said}"));
    let input = read(fixture);
    assert_eq!(input.log.hazards[0].causes[1].without_control.as_deref(), Some(said));
    let observed = input.observations.iter().find(|o| o.kind == ObservationKind::NotAControl).unwrap();
    assert!(observed.message.contains(said), "{}", observed.message);
}

#[test]
fn what_stands_beside_a_blank_control_is_not_lost() {
    let mut fixture = control_rows();
    fixture
        .row(6, &["H02", "Other", "", "", "", "0203 Late", "", "", "", "", "", "Lost owner", "Lost action"]);
    let input = read(fixture);
    let unmapped: Vec<_> = input.explanation.unmapped.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(unmapped, ["Lost owner", "Lost action"]);
    assert_eq!(cells(&input, ObservationKind::Unmapped), ["L7", "M7"]);
}

#[test]
fn a_type_that_is_none_of_the_kinds_is_kept_as_stated() {
    let mut fixture = control_rows();
    fixture.cell(1, 10, "Procurement");
    let control = read(fixture).log.hazards[0].controls[0].clone();
    assert_eq!(
        (control.kind, control.stated_type.as_deref()),
        (ControlKind::Unspecified, Some("Procurement"))
    );
}

#[test]
fn an_existing_control_that_every_row_repeats_is_one_control() {
    let mut fixture = control_rows();
    for row in 1..=3 {
        fixture.cell(row, 4, "Staff ring the patient.");
    }
    let input = read(fixture);
    let existing: Vec<_> = input.log.hazards.iter().map(|hazard| hazard.existing_controls.len()).collect();
    assert_eq!(existing, [1, 1]);
}

#[test]
fn a_number_given_once_a_hazard_or_in_a_merged_cell_needs_no_remark() {
    let mut fixture = LogFixture::new(&CONTROL_HEADERS);
    fixture.row(1, &["H01", "Triage fails", "d", "i", "", "Message lost", "Major", "Medium", "3", "Retry"]);
    fixture.row(2, &["", "", "", "", "", "Message lost", "", "", "", "Alarm"]);
    fixture.row(3, &["", "", "", "", "", "Late", "", "", "", "Resend"]);
    let input = read(fixture);
    assert_eq!(input.log.hazards[0].controls.len(), 3);
    assert_eq!(cells(&input, ObservationKind::RowJoined), Vec::<String>::new());

    let mut merged = LogFixture::good();
    merged.row(2, &["", "", "", "", "3) A third cause"]).merge(1, 2, 0, "H01");
    let input = read(merged);
    assert_eq!(input.log.hazards[0].causes.len(), 3);
    assert_eq!(cells(&input, ObservationKind::RowJoined), Vec::<String>::new());
}

#[test]
fn rows_that_rate_a_hazard_differently_are_observed_at_each_cell() {
    let mut fixture = control_rows();
    fixture.cell(2, 6, "Catastrophic").cell(2, 8, "4");
    let input = read(fixture);
    assert_eq!(cells(&input, ObservationKind::RatingsDisagree), ["G3", "I3"]);
    assert_eq!(input.log.hazards[0].initial.severity.as_deref(), Some("Major"));
}

#[test]
fn a_formula_that_reads_another_row_is_found_though_its_value_is_right() {
    let mut fixture = LogFixture::good();
    fixture.formula(1, 8, "=IF(G3=\"\",\"\",H3)", "3");
    let input = read(fixture);
    let message = &input
        .observations
        .iter()
        .find(|o| o.kind == ObservationKind::FormulaReadsOtherCells)
        .unwrap()
        .message;
    assert!(message.starts_with("The formula of I2 reads another row (G3, H3)"), "{message}");
}

#[test]
fn sheets_that_are_not_read_are_named_and_a_second_log_above_all() {
    let mut fixture = LogFixture::good();
    fixture.sheet("Transferred risks", &[&["Something that matters"]]);
    fixture.sheet("Old log", &[&["Hazard Number", "Hazard Name", "Description"], &["H09", "Forgotten", "d"]]);
    let input = read(fixture);
    let sheet = |kind| {
        let found = input.observations.iter().find(|o| o.kind == kind).unwrap();
        found.place.clone().unwrap().sheet.unwrap()
    };
    assert_eq!(sheet(ObservationKind::SheetNotRead), "Transferred risks");
    assert_eq!(sheet(ObservationKind::HazardSheetNotRead), "Old log");
}

#[test]
fn a_transfer_without_a_recipient_is_observed() {
    let mut fixture = control_rows();
    fixture.cell(2, 11, " ");
    let input = read(fixture);
    assert_eq!(cells(&input, ObservationKind::TransferWithoutRecipient), ["M3"]);
    assert_eq!(input.log.hazards[0].controls[1].transferred_to, None);
}

/// A control row of a log in which `Maker` and `Check guide` are usual.
fn shifted_cells(about: [&str; 4]) -> Vec<String> {
    let mut fixture = LogFixture::new(&CONTROL_HEADERS);
    let row = |control: &str, about: [&str; 4]| {
        let mut cells = vec!["H01", "Triage fails", "", "", "", "0101 Message lost", "Major", "Medium", "3"];
        cells.push(match control {
            "1" => "010101 Retry",
            "2" => "010102 Alarm",
            "3" => "010103 Guide",
            _ => "010104 Review",
        });
        cells.extend(about);
        cells.extend(["Major", "Very low", "2"]);
        cells.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let usual = ["Design", "Maker", "Check guide", "Closed"];
    for (index, (control, about)) in (1_u32..).zip([("1", usual), ("2", usual), ("3", usual), ("4", about)]) {
        let cells = row(control, about);
        fixture.row(index, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    cells(&read(fixture), ObservationKind::ShiftedContent)
}

#[test]
fn what_belongs_under_the_header_beside_is_observed_where_it_stands() {
    assert_eq!(shifted_cells(["Process", "Maker", "Open", ""]), ["M5"], "a status under Action");
    assert_eq!(shifted_cells(["Maker", "", "Check guide", "Open"]), ["K5"], "an owner under Type");
    assert_eq!(shifted_cells(["", "Design", "Check guide", "Open"]), ["L5"], "a type under Owner");
    assert_eq!(shifted_cells(["", "Design", "Maker", "Check guide"]), ["L5", "M5", "N5"], "a whole row");
    for fine in [
        ["Design", "Somebody else", "Another action", "Added to the roadmap"],
        ["Design", "Maker", "Open a ticket", ""],
        ["Design", "Maker", "Open", "Closed"],
        ["", "", "", ""],
    ] {
        assert_eq!(shifted_cells(fine), Vec::<String>::new(), "{fine:?}");
    }
}

#[test]
fn a_score_in_two_forms_is_read_as_its_word_and_kept_as_stated() {
    let mut fixture = LogFixture::good();
    fixture.cell(1, 6, "4 - Major").cell(1, 7, "Medium (2)");
    let input = read(fixture);
    let initial = &input.log.hazards[0].initial;
    assert_eq!(initial.severity.as_deref(), Some("Major"));
    assert_eq!((initial.likelihood.as_deref(), initial.risk), (Some("Medium"), Some(3)));
    assert_eq!(initial.stated_severity.as_deref(), Some("4 - Major"));
    assert_eq!(initial.stated_likelihood.as_deref(), Some("Medium (2)"));
}
