//! Hazard logs in layouts that nobody agreed on, and the mapping files that say what discovery cannot know.

use crate::log_fixture::{GOOD_HAZARD, LogFixture};
use crate::workbooks::template::HEADERS as NHS_HEADERS;
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::InputError;
use cscr::intake::hazard_log::{
    self, ColumnReading, Confidence, HazardLogInput, LogFiles, Mapping, RatedBy, ReadOptions, SheetRole,
};

fn files(fixture: LogFixture) -> LogFiles {
    LogFiles::file("log.xlsx", fixture.bytes())
}

fn read_files(files: &LogFiles, mapping: Option<&str>) -> Result<HazardLogInput, InputError> {
    let mapping = mapping.map(|text| Mapping::parse("mapping.toml", text)).transpose()?;
    let options = ReadOptions { mapping, ..ReadOptions::default() };
    let policy = RiskPolicy::nhs();
    hazard_log::read_files(files, &options, &RatedBy::from(&policy))
}

#[track_caller]
fn read(fixture: LogFixture) -> HazardLogInput {
    let input = read_files(&files(fixture), None).unwrap_or_else(|error| panic!("{error}"));
    assert_accounted(&input);
    input
}

/// Every cell of the workbook with content is read, not read, or left out with a reason.
#[track_caller]
pub fn assert_accounted(input: &HazardLogInput) {
    let total = input.explanation.total;
    assert_eq!(total.mapped + total.unmapped + total.ignored, total.cells, "{total:?}");
    let of_sheets: usize = input.explanation.sheets.iter().map(|sheet| sheet.count.cells).sum();
    assert_eq!(of_sheets, total.cells);
    for sheet in &input.explanation.sheets {
        let ignored: usize = sheet.ignored.iter().map(|ignored| ignored.count).sum();
        assert_eq!(ignored, sheet.count.ignored, "{sheet:?}");
    }
}

fn doubts(input: &HazardLogInput) -> Vec<&str> {
    let of_kind = input.observations.iter().filter(|o| o.kind == ObservationKind::LayoutInDoubt);
    of_kind.map(|observation| observation.message.as_str()).collect()
}

fn column<'a>(input: &'a HazardLogInput, cell: &str) -> &'a ColumnReading {
    let mut columns = input.explanation.tables.iter().flat_map(|table| &table.columns);
    columns.find(|column| column.cell == cell).unwrap_or_else(|| panic!("no column {cell}"))
}

fn field(input: &HazardLogInput, cell: &str) -> String {
    column(input, cell).field.map_or_else(String::new, |field| field.key().to_owned())
}

/// Headers over two rows, the upper ones in merged cells.
#[test]
fn group_words_above_the_headers_say_which_rating_is_which() {
    let mut fixture =
        LogFixture::new(&["Hazard", "", "", "Before mitigation", "", "", "Controls", "After mitigation"]);
    fixture.row(1, &["No", "Title", "Cause", "L", "C", "R", "", "L", "C", "R", "Lead"]);
    fixture.merge_across(0, 3, 5, "Before mitigation").merge_across(0, 7, 9, "After mitigation");
    fixture.row(
        2,
        &["1", "Letter is lost", "Full disk", "Medium", "Major", "3", "Alarm", "Low", "Major", "3", "Dr A"],
    );
    let input = read(fixture);
    assert_eq!(input.explanation.tables[0].header_rows, [1, 2]);
    let hazard = &input.log.hazards[0];
    assert_eq!((hazard.id.as_str(), hazard.name.as_deref()), ("1", Some("Letter is lost")));
    assert_eq!(hazard.initial.likelihood.as_deref(), Some("Medium"));
    assert_eq!(hazard.residual.severity.as_deref(), Some("Major"));
    assert_eq!(hazard.residual.risk, Some(3));
    assert_eq!(hazard.owner.as_deref(), Some("Dr A"));
    assert_eq!(hazard.controls.len(), 1);
    assert_eq!(doubts(&input), Vec::<&str>::new());
}

/// Metadata above, likelihood before severity, the header once more on the next page, a legend below.
#[test]
fn a_printed_log_with_pages_and_a_legend_is_read_as_one_table() {
    let headers = [
        "",
        "Hazard Ref",
        "Hazard",
        "Effect/Harm",
        "Likelihood",
        "Severity",
        "Inherent risk",
        "Mitigation",
        "Residual Likelihood",
        "Residual Severity",
        "Target risk",
        "Risk owner",
    ];
    let hazard =
        |id| ["", id, "Wrong dose", "Harm", "Low", "Major", "3", "Alert", "Very low", "Major", "2", "Dr B"];
    let mut fixture = LogFixture::new(&["", "Safety log of the product"]);
    fixture.row(1, &["", "Version", "0.3"]).row(5, &headers).row(6, &hazard("HZ-1")).row(7, &hazard("HZ-2"));
    fixture.row(8, &headers).row(9, &hazard("HZ-3"));
    fixture.row(12, &["", "Key", "What the words mean"]).row(13, &["", "Low", "Could occur"]);
    let input = read(fixture);
    let keys: Vec<&str> = input.log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    assert_eq!(keys, ["HZ-1", "HZ-2", "HZ-3"]);
    let hazard = &input.log.hazards[2];
    assert_eq!((hazard.initial.risk, hazard.residual.risk), (Some(3), Some(2)));
    assert_eq!(hazard.impact.as_deref(), Some("Harm"));
    let reasons: Vec<_> =
        input.explanation.ignored.iter().map(|i| (i.cells.as_str(), i.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            ("B1:C2", "above the header row"),
            ("B9:L9", "the header row once more"),
            ("B13:C14", "below the table, and not like its rows"),
        ]
    );
    assert_eq!(
        doubts(&input),
        [
            "Rows 13 to 14 below the hazards of the sheet Hazard Log were taken for no hazards and not read; they begin with \"Key\". A mapping file can say otherwise."
        ]
    );
}

/// A legend beside the table, and hazards to adopt that nobody has rated.
#[test]
fn a_log_without_ratings_and_with_a_list_beside_it_has_only_its_hazards() {
    let mut fixture = LogFixture::new(&[
        "Hazard number",
        "Hazard name+C:D+C:D",
        "Potential clinical impact",
        "Possible causes",
        "Suggested actions to mitigate hazard",
        "",
        "Words",
    ]);
    for (row, id) in (1..).zip(["5", "61\n", "70"]) {
        fixture.row(row, &[id, "Record is not found", "Delay", "No match", "Train users"]);
    }
    fixture.cell(1, 6, "Admin only").cell(4, 6, "Technical").cell(5, 6, "Clinical");
    let input = read(fixture);
    assert_eq!(input.log.hazards.len(), 3);
    assert_eq!(column(&input, "B1").confidence, Confidence::Likely);
    assert_eq!(column(&input, "G1").why, "a list beside the table of hazards");
    assert_eq!(input.explanation.unmapped, []);
    assert_eq!(doubts(&input), Vec::<&str>::new());
}

/// Ratings that were pasted under blank headers are nobody's guess.
#[test]
fn what_looks_like_a_rating_under_no_header_is_told_and_not_read() {
    let mut fixture = LogFixture::new(&["Hazard number", "Hazard name", "Possible causes"]);
    for (row, severity) in (1..).zip(["Major", "Minor"]) {
        fixture.row(row, &[["1", "2"][row as usize - 1], "Late", "Queue", severity]);
    }
    let input = read(fixture);
    assert_eq!(input.log.hazards[0].initial.severity, None);
    assert_eq!(
        doubts(&input),
        [
            "Column D has no header and looks like severities; it was not read. A mapping file can say otherwise."
        ]
    );
    let unmapped: Vec<&str> = input.explanation.unmapped.iter().map(|cell| cell.cell.as_str()).collect();
    assert_eq!(unmapped, ["D2", "D3"]);
}

#[test]
fn two_columns_for_one_field_are_told_and_the_surer_is_taken() {
    let mut fixture =
        LogFixture::new(&["ID", "Hazard (short)", "Hazard Name", "Causes", "Impact", "Risk owner"]);
    fixture.row(
        1,
        &[
            "1",
            "Loss",
            "Loss of a referral",
            "Full disk",
            "The patient waits for weeks and gets worse",
            "Dr A",
        ],
    );
    let input = read(fixture);
    assert_eq!(input.log.hazards[0].name.as_deref(), Some("Loss of a referral"));
    assert_eq!(field(&input, "E1"), "impact");
    assert_eq!(
        doubts(&input),
        [
            "Columns C and B could both be the hazard name; C was taken, and B (\"Hazard (short)\") was not read. A mapping file can say otherwise."
        ]
    );
}

#[test]
fn a_current_rating_is_residual_unless_a_target_stands_beside_it() {
    let fields = |words: [&str; 3]| {
        let mut fixture = LogFixture::new(&["ID", "Hazard", "Causes", words[0], words[1], words[2]]);
        fixture.row(1, &["1", "Loss", "Full disk", "3", "2", "1"]);
        let input = read(fixture);
        (["D1", "E1", "F1"].map(|cell| field(&input, cell)), doubts(&input).len())
    };
    let [initial, residual, none] = ["initial-risk", "residual-risk", ""].map(str::to_owned);
    assert_eq!(
        fields(["Inherent risk", "Current risk", "Zebra"]).0,
        [&initial, &residual, &none].map(Clone::clone)
    );
    assert_eq!(
        fields(["Current risk", "Target risk", "Zebra"]).0,
        [&initial, &residual, &none].map(Clone::clone)
    );
    let (all, doubts) = fields(["Inherent risk", "Current risk", "Target risk"]);
    assert_eq!((all, doubts), ([initial, none, residual], 1));
}

#[test]
fn sheets_with_the_same_headers_and_other_hazards_are_read_in_order() {
    let mut fixture = LogFixture::good();
    let mut other = GOOD_HAZARD;
    other[0] = "H07";
    fixture.sheet("Booking", &[&NHS_HEADERS, &other]).sheet("Copy of log", &[&NHS_HEADERS, &GOOD_HAZARD]);
    let input = read(fixture);
    let keys: Vec<&str> = input.log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    assert_eq!(keys, ["H01", "H07"]);
    let roles: Vec<SheetRole> = input.explanation.sheets.iter().map(|sheet| sheet.role).collect();
    assert_eq!(roles, [SheetRole::Hazards, SheetRole::Hazards, SheetRole::OtherHazards]);
    assert_eq!(
        doubts(&input),
        [
            "The hazards of 2 tables were read as one log: Hazard Log (headers in row 1), Booking (headers in row 1). A mapping file can say otherwise."
        ]
    );
    assert_eq!(input.provenance.place("hazards/H07").unwrap().sheet.as_deref(), Some("Booking"));
}

#[test]
fn two_tables_on_one_sheet_are_both_read() {
    let mut fixture = LogFixture::good();
    fixture.comment(1, 6, "Argued").row(3, &["Second module, of its own"]);
    fixture
        .row(5, &["Ref", "Hazard Name", "Possible Causes", "Mitigation", "Severity", "Likelihood", "Risk"]);
    fixture.row(6, &["B1", "Alert is late", "Queue", "Retry", "Minor", "Low", "1"]).strike(6, 3, "Retry");
    let input = read(fixture);
    let keys: Vec<&str> = input.log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    assert_eq!(keys, ["H01", "B1"]);
    assert_eq!(input.log.hazards[1].initial.risk, Some(1));
    let count = |kind| input.observations.iter().filter(|o| o.kind == kind).count();
    assert_eq!((count(ObservationKind::Comment), count(ObservationKind::StruckThrough)), (1, 1));
}

/// What a mapping file says of a log that discovery reads.
/// What a sheet is called says less than what it holds.
#[test]
fn no_sheet_of_hazards_is_lost_for_its_name() {
    for name in ["Data conversion", "Disaster recovery hazards", "Risk matrix of old hazards", "Cover"] {
        let mut fixture = LogFixture::good();
        fixture.sheet(
            name,
            &[
                &["Hazard ID", "Hazard Name", "Causes", "Severity", "Likelihood", "Owner"],
                &["H11", "Allergy is lost", "Mapping table", "Catastrophic", "Low", "Dr B"],
            ],
        );
        let input = read(fixture);
        let told = kinds(&input, ObservationKind::HazardSheetNotRead);
        assert_eq!(told.len(), 1, "{name}");
        assert!(told[0].contains(name), "{told:?}");
    }
}

#[test]
fn a_sheet_that_is_not_what_its_name_says_is_told() {
    let mut fixture = LogFixture::good();
    fixture.sheet("Responsibility matrix", &[&["Role", "Who"], &["CSO", "Hazard H99 is nobody's yet"]]);
    fixture.sheet("Version history", &[&["Hazard H98 was lost in March, and nobody put it back"]]);
    let input = read(fixture);
    let told = kinds(&input, ObservationKind::SheetNotRead);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("Responsibility matrix") && told[1].contains("Version history"), "{told:?}");
}

#[test]
fn full_rows_below_a_blank_one_are_hazards_whatever_their_numbers_look_like() {
    let mut fixture = LogFixture::good();
    let mut other = GOOD_HAZARD;
    (other[0], other[1]) = ("MIG/7", "Allergy is lost");
    fixture.row(4, &other);
    fixture.row(6, &["Key", "1 to 5"]);
    let input = read(fixture);
    let ids: Vec<&str> = input.log.hazards.iter().map(|hazard| hazard.id.as_str()).collect();
    assert_eq!(ids, ["H01", "MIG/7"]);
    assert!(doubts(&input)[0].starts_with("Row 7 below the hazards"), "{:?}", doubts(&input));
}

#[test]
fn a_second_table_beside_the_first_is_told_and_mixed_with_nothing() {
    let headers = ["Hazard ID", "Hazard", "Cause", "Severity", "Likelihood", "Status"];
    let two = |left: [&'static str; 6], right: [&'static str; 6]| {
        left.into_iter().chain(["", ""]).chain(right).collect::<Vec<_>>()
    };
    let mut fixture = LogFixture::new(&two(headers, headers));
    fixture.row(
        1,
        &two(
            ["A2", "Letter is lost", "Full disk", "Major", "Low", "Open"],
            ["B2", "Letter is late", "Queue", "Minor", "Low", "Closed"],
        ),
    );
    let input = read(fixture);
    assert_eq!(input.log.hazards.len(), 1);
    let hazard = &input.log.hazards[0];
    assert_eq!((hazard.id.as_str(), hazard.initial.severity.as_deref()), ("A2", Some("Major")));
    assert_eq!(hazard.residual.severity, None);
    let told = kinds(&input, ObservationKind::HazardSheetNotRead);
    assert!(told.len() == 1 && told[0].contains("columns I to N"), "{told:?}");
}

/// The place of a hazard without a number is its name, and takes nothing from the cell that stands first.
#[test]
fn a_first_column_that_is_not_understood_is_told() {
    let mut fixture = LogFixture::new(&["Wer", "Hazard Name", "Causes", "Severity", "Likelihood"]);
    fixture.row(1, &["Dr A saw it", "Letter is lost", "Full disk", "Major", "Low"]);
    let input = read(fixture);
    let unmapped: Vec<&str> = input.explanation.unmapped.iter().map(|cell| cell.cell.as_str()).collect();
    assert_eq!(unmapped, ["A2"]);
}

#[test]
fn a_log_in_another_language_gets_a_mapping_to_fill_in() {
    let mut fixture = LogFixture::new(&["Nummer", "Gefahr", "Ursache", "Wirkung"]);
    fixture.row(1, &["1", "Brief geht verloren", "Platte voll", "Behandlung zu spät"]);
    let files = files(fixture);
    assert!(read_files(&files, None).is_err());
    let text = hazard_log::mapping_to_fill_in(&files, &ReadOptions::default()).unwrap();
    let fields = [("Nummer", "hazard-id"), ("Gefahr", "hazard-name"), ("Ursache", "causes")];
    let filled = fields.into_iter().fold(text, |text, (header, field)| {
        let header = format!("header = \"{header}\"");
        text.replace(&header, &format!("{header}, field = \"{field}\""))
    });
    let input = read_files(&files, Some(&filled)).unwrap();
    assert_eq!(input.log.hazards[0].name.as_deref(), Some("Brief geht verloren"));
    assert_eq!(input.explanation.unmapped.len(), 1);
}

fn kinds(input: &HazardLogInput, kind: ObservationKind) -> Vec<&str> {
    let of_kind = input.observations.iter().filter(|observation| observation.kind == kind);
    of_kind.map(|observation| observation.message.as_str()).collect()
}

fn saved(files: &LogFiles) -> String {
    let policy = RiskPolicy::nhs();
    hazard_log::mapping_text(files, &ReadOptions::default(), &RatedBy::from(&policy)).unwrap()
}

#[test]
fn a_saved_mapping_reads_the_log_as_discovery_does() {
    let mut fixture = LogFixture::good();
    fixture.cell(0, 19, "Zebra").cell(1, 19, "striped").row(3, &NHS_HEADERS);
    fixture.sheet("Cover Page", &[&["Log of the product"], &["Version", "1.2"]]);
    fixture.sheet("Notes", &[&["Something that matters"]]);
    let files = files(fixture);
    let found = read_files(&files, None).unwrap();
    let given = read_files(&files, Some(&saved(&files))).unwrap_or_else(|error| panic!("{error}"));
    assert_accounted(&given);
    assert_eq!(given.log, found.log);
    assert_eq!(given.explanation.total, found.explanation.total);
    assert_eq!(given.explanation.ignored, found.explanation.ignored);
    let kinds = |input: &HazardLogInput| -> Vec<_> {
        input.observations.iter().map(|o| (o.kind, o.place.clone())).collect()
    };
    assert_eq!(kinds(&given), kinds(&found));
    assert_eq!(
        given.provenance.place("hazards/H01/residual/risk"),
        found.provenance.place("hazards/H01/residual/risk")
    );
}

#[test]
fn a_mapping_is_used_exactly() {
    let text = "[[table]]\nsheet = \"hazard log\"\nheader_rows = [1]\nshape = \"row-per-hazard\"\ncolumns = [\n  { column = \"A\", header = \"Hazard Number\", field = \"hazard-id\" },\n  { column = \"C\", header = \"Hazard Description\", field = \"hazard-name\" },\n  { column = \"Q\", header = \"Summary of Actions/Notes\", ignored = \"for the office\" },\n]\n";
    let mut fixture = LogFixture::good();
    fixture.sheet("Risk Matrix", &[&["words"]]);
    let input = read_files(&files(fixture), Some(text)).unwrap_or_else(|error| panic!("{error}"));
    assert_accounted(&input);
    let hazard = &input.log.hazards[0];
    assert_eq!(hazard.name.as_deref(), Some("A referral is filed against another person."));
    assert_eq!((&hazard.description, &hazard.notes, hazard.causes.len()), (&None, &None, 0));
    assert_eq!(input.explanation.ignored[0].reason, "for the office");
    assert_eq!(input.explanation.sheets[1].why, "the mapping does not name it");
}

#[track_caller]
fn refused(from: &str, to: &str, expected: &str) {
    let files = files(LogFixture::good());
    let text = saved(&files);
    assert!(text.contains(from), "{text}");
    let error = read_files(&files, Some(&text.replacen(from, to, 1))).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert!(error.contains("at: mapping.toml, line ") && error.contains("do: "), "{error}");
}

#[test]
fn what_a_mapping_names_and_the_workbook_lacks_is_an_error_with_its_line() {
    refused("sheet = \"Hazard Log\"", "sheet = \"Hazard Lgo\"", "did you mean \"Hazard Log\"?");
    refused(
        "column = \"S\"",
        "column = \"AB\"",
        "\"Status\" in the mapping, and the sheet Hazard Log has no header there (AB1)",
    );
    refused(
        "\"Owner\"",
        "\"Lead\"",
        "The header of column R is \"Lead\" in the mapping, and the sheet Hazard Log has \"Owner\" (R1)",
    );
    refused(
        "field = \"owner\"",
        "field = \"status\"",
        "Column S is the status (hazard status), and so is column R",
    );
    refused(
        "column = \"S\", header = \"Status\"",
        "column = \"R\", header = \"Owner\"",
        "The mapping has column R twice",
    );
    refused(
        "field = \"status\"",
        "field = \"status\", ignored = \"x\"",
        "Column S has a field and is ignored",
    );
    refused("header_rows = [1]", "header_rows = [1, 3]", "`header_rows` are one row");
    refused("shape =", "last_row = 1\nshape =", "is not below its headers");
    refused("column = \"S\"", "column = \"S9\"", "\"S9\" names no column");
    refused("# cover_page = ", "risk_matrix = \"Hazard Log\"\n# ", "twice: as hazards and as risk matrix");
}

/// Every workbook of a folder and those below it that can be read as a hazard log; how many there are.
#[track_caller]
pub fn assert_all_accounted(folder: &std::path::Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count += assert_all_accounted(&path);
        } else if path.extension().is_some_and(|extension| extension == "xlsx") {
            let files = LogFiles::open(&path, &ReadOptions::default().limits).unwrap();
            let Ok(input) = read_files(&files, None) else { continue };
            assert_accounted(&input);
            let filled = read_files(&files, Some(&saved(&files))).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(filled.log, input.log, "{}", files.name);
            assert_eq!(filled.explanation.total, input.explanation.total, "{}", files.name);
            count += 1;
        }
    }
    count
}

#[test]
fn every_cell_of_the_samples_is_accounted_for() {
    assert!(assert_all_accounted(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")) >= 2);
}
