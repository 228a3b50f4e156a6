//! One hazard log in every format that a test can write: the hazards are the same.

use crate::log_fixture::{GOOD_HAZARD, LogFixture};
use crate::workbooks::template::HEADERS;
use cscr::case::hazard::Hazard;
use cscr::case::matrix::RiskPolicy;
use cscr::case::observation::ObservationKind;
use cscr::intake::hazard_log::{HazardLogInput, LogFiles, RatedBy, ReadOptions, read_files};

fn read(name: &str, bytes: Vec<u8>) -> HazardLogInput {
    let files = LogFiles::file(name, bytes);
    let policy = RiskPolicy::nhs();
    read_files(&files, &ReadOptions::default(), &RatedBy::from(&policy))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A well-formed hazard with letters that tell encodings apart.
fn hazard() -> Vec<String> {
    let mut cells: Vec<String> = GOOD_HAZARD.iter().map(|text| (*text).to_owned()).collect();
    cells[2].replace_range(.., "A referral – “urgent” or not – is filed against another person; £, é | more");
    cells
}

fn in_a_workbook() -> Vec<Hazard> {
    let cells = hazard();
    let mut fixture = LogFixture::new(&HEADERS);
    fixture.row(1, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    read("log.xlsx", fixture.bytes()).log.hazards
}

fn delimited(delimiter: &str) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(delimiter);
    let head = HEADERS.iter().map(|text| (*text).to_owned()).collect();
    format!("{}\r\n{}\r\n", line(head), line(hazard()))
}

/// What is observed of the format alone.
fn kinds(input: &HazardLogInput) -> Vec<ObservationKind> {
    input.observations.iter().map(|observation| observation.kind).collect()
}

#[test]
fn delimited_text_gives_the_hazards_of_the_workbook_in_any_encoding() {
    let utf_16 = format!("\u{feff}{}", delimited("\t"));
    let utf_16: Vec<u8> = utf_16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = delimited(";")
        .chars()
        .map(|letter| match letter {
            '–' => 0x96,
            '“' => 0x93,
            '”' => 0x94,
            letter => u8::try_from(u32::from(letter)).unwrap(),
        })
        .collect();
    let files = [
        ("plain.csv", delimited(",").into_bytes(), &[][..]),
        ("marked.csv", format!("\u{feff}{}", delimited(",")).into_bytes(), &[]),
        ("windows.csv", windows, &["windows-1252", "semicolons"]),
        ("unicode.txt", utf_16, &["UTF-16LE", "tabs"]),
    ];
    for (name, bytes, said) in files {
        let input = read(name, bytes);
        assert_eq!(input.log.hazards, in_a_workbook(), "{name}");
        assert_eq!(kinds(&input), [ObservationKind::FormatTellsLess], "{name}");
        assert_eq!(input.explanation.cells, input.explanation.mapped, "{name}");
        let notes = input.explanation.notes.join(" ");
        for word in said {
            assert!(notes.contains(word), "{name}: {notes}");
        }
        assert_eq!(input.explanation.notes.len(), said.len() + 1, "{name}: {notes}");
    }
}

#[test]
fn a_markdown_table_gives_the_hazards_of_the_workbook_and_the_lines_of_the_file() {
    let row = |cells: &[String]| {
        let cells = cells.iter().map(|text| text.replace('|', "\\|").replace('\n', "<br>"));
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let head: Vec<String> = HEADERS.iter().map(|text| (*text).to_owned()).collect();
    let rule = vec!["---".to_owned(); HEADERS.len()];
    let text = format!("# Hazard Log\n\n{}{}{}", row(&head), row(&rule), row(&hazard()));
    let input = read("log.md", text.into_bytes());
    assert_eq!(input.log.hazards, in_a_workbook());
    assert_eq!(kinds(&input), []);
    let place = input.provenance.place("hazards/H01/residual/risk").unwrap();
    assert_eq!((place.sheet.as_deref(), place.cell.as_deref()), (Some("Hazard Log"), Some("P5")));
}
