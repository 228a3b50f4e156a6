//! A workbook's parts as anybody may write them, in a package that is sound: checksums keep bytes from getting
//! this far.
#![no_main]

use arbitrary::Arbitrary;
use cscr::case::matrix::RiskPolicy;
use cscr::intake::hazard_log::{LogFiles, RatedBy, ReadOptions, read_files};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[derive(Debug, Arbitrary)]
struct Parts {
    sheet: Vec<Piece>,
    strings: Vec<Piece>,
    styles: Vec<Piece>,
    comments: Vec<Piece>,
    drawing: Vec<Piece>,
}

/// What XML of a workbook is made of.
#[derive(Debug, Arbitrary)]
enum Piece {
    Open(u8),
    Close(u8),
    Empty(u8),
    Cell { row: u16, column: u8, kind: u8, value: u16 },
    Row { number: u32, hidden: bool },
    Text(String),
}

const NAMES: [&str; 24] = [
    "worksheet", "sheetData", "row", "c", "v", "f", "is", "t", "si", "sst", "r", "rPr", "strike", "font", "fonts",
    "cellXfs", "xf", "comment", "text", "mergeCell", "dataValidation", "formula1", "sqref", "cols",
];
const KINDS: [&str; 7] = ["s", "inlineStr", "str", "n", "b", "e", "d"];
const WORDS: [&str; 8] = ["Hazard Number", "Hazard Name", "Causes", "Severity", "Likelihood", "Risk", "H01", "Major"];

fn xml(root: &str, pieces: &[Piece]) -> String {
    let mut xml = format!("<{root} xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
    let name = |index: &u8| NAMES[usize::from(*index) % NAMES.len()];
    for piece in pieces {
        xml += &match piece {
            Piece::Open(index) => format!("<{}>", name(index)),
            Piece::Close(index) => format!("</{}>", name(index)),
            Piece::Empty(index) => format!("<{} count=\"{index}\" ref=\"A1:C{index}\"/>", name(index)),
            Piece::Cell { row, column, kind, value } => format!(
                "<c r=\"{}{row}\" t=\"{}\" s=\"{value}\"><v>{value}</v></c>",
                char::from(b'A' + column % 26),
                KINDS[usize::from(*kind) % KINDS.len()],
            ),
            Piece::Row { number, hidden } => format!("<row r=\"{number}\" hidden=\"{}\">", u8::from(*hidden)),
            Piece::Text(text) => text.clone(),
        };
    }
    xml + &format!("</{root}>")
}

fn package(parts: &Parts) -> zip::result::ZipResult<Vec<u8>> {
    let words: String = WORDS.iter().map(|word| format!("<si><t>{word}</t></si>")).collect();
    let header: String =
        (0..6).map(|at| format!("<c r=\"{}1\" t=\"s\"><v>{at}</v></c>", char::from(b'A' + at))).collect();
    let sheet = xml("worksheet", &parts.sheet)
        .replacen('>', &format!("><sheetData><row r=\"1\">{header}</row>"), 1)
        .replace("</worksheet>", "</sheetData></worksheet>");
    let strings = xml("sst", &parts.strings).replacen('>', &format!(">{words}"), 1);
    let relations = |list: &[(&str, &str)]| {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let all: String = list
            .iter()
            .enumerate()
            .map(|(at, (name, target))| {
                format!("<Relationship Id=\"rId{}\" Type=\"{kind}/{name}\" Target=\"{target}\"/>", at + 1)
            })
            .collect();
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>")
    };
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Hazard Log\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    let of_book = relations(&[
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings.xml"),
        ("styles", "styles.xml"),
    ]);
    let of_sheet = relations(&[("comments", "../comments1.xml"), ("drawing", "../drawings/drawing1.xml")]);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let files = [
        ("[Content_Types].xml", types.to_owned()),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", book.to_owned()),
        ("xl/_rels/workbook.xml.rels", of_book),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/_rels/sheet1.xml.rels", of_sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", xml("styleSheet", &parts.styles)),
        ("xl/comments1.xml", xml("comments", &parts.comments)),
        ("xl/drawings/drawing1.xml", xml("wsDr", &parts.drawing)),
    ];
    for (name, text) in files {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fuzz_target!(|parts: Parts| {
    let Ok(bytes) = package(&parts) else { return };
    let files = LogFiles::file("log.xlsx", bytes);
    let policy = RiskPolicy::nhs();
    let _ = read_files(&files, &ReadOptions::default(), &RatedBy::from(&policy));
});
