//! NHS numbers in what is about to be sent: no pack needs one.
//!
//! Each file is read as far as its kind can be read here, and what could not be read is said, so that a person can look.
//! Nothing that is said holds a whole number.

use crate::assurance::nhs_number::masked_nhs_numbers;
use crate::intake::workbook::{Limits, Sheet, Workbook, open_archive};
use crate::signature::pdf::Document;
use quick_xml::events::Event;
use serde::Serialize;
use serde_json::Value;
use std::io::Read as _;
use std::path::Path;

/// A valid NHS number in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The file, as the pack names it.
    pub file: String,
    /// Where in it: a line, a cell, an attached file; empty for the name itself.
    pub place: String,
    /// The number, but for its first digits.
    pub masked: String,
}

/// What looking into a file came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Place and masked number of each.
    pub found: Vec<(String, String)>,
    /// What of the file was not looked into; nothing where all was.
    pub unread: Option<&'static str>,
}

impl Look {
    fn text(&mut self, place: impl Fn() -> String, text: &str) {
        self.found.extend(masked_nhs_numbers(text).into_iter().map(|masked| (place(), masked)));
    }

    /// Looks into a file within this one; that it cannot be read is said of the whole.
    fn inside(&mut self, name: &str, bytes: &[u8], limits: &Limits, depth: usize) {
        let inside = match depth.checked_sub(1) {
            Some(depth) => look_into(bytes, limits, depth),
            None => Self::unread("files within files within it"),
        };
        let found = inside.found.into_iter().map(|(place, masked)| (format!("{name}, {place}"), masked));
        self.found.extend(found);
        self.unread = self.unread.or(inside.unread);
    }

    fn unread(what: &'static str) -> Self {
        Self { found: Vec::new(), unread: Some(what) }
    }
}

/// Files attached to a PDF are looked into, and what is attached to those is not.
const DEPTH: usize = 1;
/// What an attached file or a document unpacks to at most.
const LARGEST: usize = 256 << 20;

/// Looks for valid NHS numbers in a file.
#[must_use]
pub fn look(bytes: &[u8], limits: &Limits) -> Look {
    look_into(bytes, limits, DEPTH)
}

/// Looks for them on the pages of a document that was printed here.
#[must_use]
pub fn look_at_pages(pages: &[String]) -> Look {
    let mut look = Look::default();
    for (at, page) in pages.iter().enumerate() {
        look.text(|| format!("page {}", at + 1), page);
    }
    look
}

/// Those in the name of a file, masked; the signs between its words are nothing to an eye.
pub fn in_name(path: &str) -> impl Iterator<Item = String> {
    masked_nhs_numbers(&path.replace(['/', '_', '.'], "; ")).into_iter()
}

fn look_into(bytes: &[u8], limits: &Limits, depth: usize) -> Look {
    if bytes.starts_with(b"%PDF") {
        return if depth == 0 { Look::unread("a PDF in a PDF") } else { pdf(bytes, limits, depth) };
    }
    if let Some(text) = text(bytes) {
        return lines(text);
    }
    match Workbook::from_bytes(bytes, "", limits) {
        Ok(workbook) => {
            let mut look = cells(&workbook);
            beside_cells(bytes, limits, depth, &mut look);
            look
        }
        Err(_) if bytes.starts_with(b"PK") => {
            document(bytes, limits, depth).unwrap_or_else(|| Look::unread("an archive"))
        }
        Err(_) => Look::unread("a kind of file that is not read here"),
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

fn lines(text: &str) -> Look {
    let mut look = Look::default();
    for (at, line) in text.lines().enumerate() {
        look.text(|| format!("line {}", at + 1), line);
    }
    look
}

fn cells(workbook: &Workbook) -> Look {
    let mut look = Look::default();
    for sheet in &workbook.sheets {
        let Sheet { name, comments, links, page_texts, drawing, .. } = sheet;
        look.text(|| "in the name of a sheet".to_owned(), name);
        for (address, cell) in sheet.cells() {
            look.text(|| format!("{name}, {address}"), &cell.text);
        }
        for (address, text) in comments.iter().chain(links) {
            look.text(|| format!("{name}, beside {address}"), text);
        }
        for text in page_texts.iter().chain(&drawing.text_boxes) {
            look.text(|| name.to_string(), text);
        }
    }
    look
}

/// The report carries what it was made from, so that its pages need not be read; those of other PDFs are not.
fn pdf(bytes: &[u8], limits: &Limits, depth: usize) -> Look {
    const PAGES: &str = "the pages of a PDF";
    let Ok(document) = Document::read(bytes) else { return Look::unread(PAGES) };
    let Ok(names) = document.attachments() else { return Look::unread(PAGES) };
    let mut look = Look { found: Vec::new(), unread: Some(PAGES) };
    for name in names {
        let Ok(Some(attached)) = document.attachment(&name, LARGEST) else { continue };
        let case = (name == "case.json").then(|| serde_json::from_slice::<Value>(&attached).ok());
        if case.is_some() {
            look.unread = None;
        }
        let inside = match case.flatten() {
            Some(case) => of_case(&case, &provenance(&document)),
            None => look_into(&attached, limits, depth - 1),
        };
        look.found.extend(
            inside.found.into_iter().map(|(place, masked)| (format!("attached {name}, {place}"), masked)),
        );
    }
    look
}

/// Where each value of a case came from, by its path, as the report says it.
fn provenance(document: &Document<'_>) -> Value {
    let attached = document.attachment("provenance.json", LARGEST).ok().flatten();
    attached.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

/// A line of case.json means nothing to a person: the place in the case does, and the input that it came from.
fn of_case(case: &Value, provenance: &Value) -> Look {
    let mut look = Look::default();
    in_value(case, "", &mut |path, text| {
        let mut numbers = masked_nhs_numbers(text).into_iter().peekable();
        if numbers.peek().is_some() {
            // A name in the path may be the very number.
            let path = if masked_nhs_numbers(path).is_empty() { path } else { "in a name" };
            let input = input(path, provenance).map(|input| format!(" ({input})"));
            let place = format!("{path}{}", input.unwrap_or_default());
            look.found.extend(numbers.map(|masked| (place.clone(), masked)));
        }
    });
    look
}

/// Each text of a value with its path; the places of a list count from 1.
fn in_value(value: &Value, path: &str, each: &mut impl FnMut(&str, &str)) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    match value {
        Value::String(text) => each(path, text),
        Value::Number(number) => each(path, &number.to_string()),
        Value::Array(items) => {
            for (at, item) in (1..).zip(items) {
                in_value(item, &below(&at.to_string()), each);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                each(&below(name), name);
                in_value(member, &below(name), each);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// File and line or cell of a value, or of what it is part of.
fn input(path: &str, provenance: &Value) -> Option<String> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let ends: Vec<usize> = ends.collect();
    let place = ends.into_iter().rev().find_map(|end| provenance.get(&path[..end]))?;
    let file = place.get("file")?.as_str()?;
    let sheet = place.get("sheet").and_then(Value::as_str).map(|sheet| format!(", {sheet}"));
    let cell = place.get("cell").and_then(Value::as_str).map(|cell| format!(", {cell}"));
    let line = place.get("line").and_then(Value::as_u64).map(|line| format!(", line {line}"));
    Some([Some(file.to_owned()), sheet, cell, line].into_iter().flatten().collect())
}

/// What a workbook holds beside its cells: its properties, what its drop-downs offer and prompt, files in it.
fn beside_cells(bytes: &[u8], limits: &Limits, depth: usize, look: &mut Look) {
    let Ok(mut archive) = open_archive("", bytes, limits) else { return };
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.to_string()).collect();
    for name in &names {
        let is_told = name.starts_with("docProps/") || name == "meta.xml";
        let is_sheet = name.starts_with("xl/worksheets/") && !name.contains("_rels");
        let is_file = name.contains("embeddings/");
        let mut part = Vec::new();
        if !(is_told || is_sheet || is_file)
            || archive.by_name(name).ok().and_then(|mut file| file.read_to_end(&mut part).ok()).is_none()
        {
            continue;
        }
        if is_told {
            texts(&part, |_, text| look.text(|| name.clone(), text));
        } else if is_sheet {
            let is_list = |element: &str| matches!(element, "formula1" | "formula2" | "dataValidation");
            texts(&part, |element, text| {
                if is_list(element) {
                    look.text(|| format!("{name}, a drop-down list"), text);
                }
            });
        } else {
            look.inside(name, &part, limits, depth);
        }
    }
}

/// Each text by itself, with the element that it stands in, and each value of an attribute with its element.
fn texts(xml: &[u8], mut each: impl FnMut(&str, &str)) {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut element = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) | Event::Empty(start) => {
                element.clear();
                element.push_str(start.local_name().as_ref());
                for attribute in start.attributes().flatten() {
                    each(&element, attribute.value.as_ref());
                }
            }
            Event::Text(text) => each(&element, &text.xml10_content()),
            Event::Eof => break,
            _ => {}
        }
    }
}

/// The paragraphs of a text document (docx, odt) or of slides, and the files in it.
fn document(bytes: &[u8], limits: &Limits, depth: usize) -> Option<Look> {
    let mut archive = open_archive("", bytes, limits).ok()?;
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(|name| name.to_string()).collect();
    let is_document = names.iter().any(|name| name == "[Content_Types].xml" || name == "mimetype");
    let mut look = Look::default();
    let is_xml =
        |name: &&String| Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("xml"));
    for name in names.iter().filter(|name| is_document && is_xml(name)) {
        let mut xml = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut xml).ok()?;
        paragraphs(&xml, |number, text| look.text(|| format!("{name}, paragraph {number}"), text));
    }
    let embedded = names.iter().filter(|name| is_document && name.contains("embeddings/"));
    for name in embedded {
        let mut file = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut file).ok()?;
        look.inside(name, &file, limits, depth);
    }
    is_document.then_some(look)
}

/// Words of one paragraph may stand in many elements.
fn paragraphs(xml: &[u8], mut each: impl FnMut(usize, &str)) {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let (mut number, mut paragraph) = (1, String::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Text(text) => paragraph.push_str(&text.xml10_content()),
            Event::End(end) if matches!(end.local_name().as_ref(), "p" | "h") => {
                each(number, &paragraph);
                number += 1;
                paragraph.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    each(number, &paragraph);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write as _};

    fn found(bytes: &[u8]) -> Vec<(String, String)> {
        look(bytes, &Limits::default()).found
    }

    #[test]
    fn a_number_is_found_in_a_text_with_its_line_and_not_shown_whole() {
        let text = "First line\nThe patient 943 476 5919 was called.\n";
        assert_eq!(found(text.as_bytes()), [("line 2".to_owned(), "943 *** ****".to_owned())]);
        assert_eq!(found(b"a,b\n1234567890,none"), []);
    }

    #[test]
    fn a_number_in_a_case_is_placed_by_the_input_that_it_came_from() {
        let case = serde_json::json!({"product": {"name": "x"}, "references": [{"title": "of 9434765919"}], "9434765919": 1});
        let provenance =
            serde_json::json!({"references/1": {"file": "case.toml", "line": 12, "sheet": null}});
        let found = of_case(&case, &provenance).found;
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["in a name", "references/1/title (case.toml, line 12)"]);
    }

    #[test]
    fn a_number_is_found_in_a_cell_of_a_workbook() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet().set_name("Log").unwrap();
        sheet.write(3, 1, "seen with 9434765919").unwrap();
        let bytes = workbook.save_to_buffer().unwrap();
        assert_eq!(found(&bytes), [("Log, B4".to_owned(), "943 *** ****".to_owned())]);
    }

    #[test]
    fn a_number_is_found_in_a_paragraph_whose_words_stand_apart() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, xml) in [
            ("[Content_Types].xml", "<Types/>"),
            ("word/document.xml", "<w:p><w:t>x</w:t></w:p><w:p><w:r>NHS 943 476</w:r><w:r> 5919</w:r></w:p>"),
        ] {
            zip.start_file(name, options).unwrap();
            zip.write_all(xml.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        assert_eq!(found(&bytes), [("word/document.xml, paragraph 2".to_owned(), "943 *** ****".to_owned())]);
    }

    #[test]
    fn a_number_is_found_beside_the_cells_of_a_workbook() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_comment("of 943 476 5919"));
        let sheet = workbook.add_worksheet().set_name("9434765919").unwrap();
        let list =
            rust_xlsxwriter::DataValidation::new().allow_list_strings(&["none", "9434765919"]).unwrap();
        sheet.add_data_validation(0, 0, 9, 0, &list).unwrap();
        let bytes = workbook.save_to_buffer().unwrap();
        let places: Vec<String> = found(&bytes).into_iter().map(|(place, _)| place).collect();
        for place in
            ["in the name of a sheet", "docProps/core.xml", "xl/worksheets/sheet1.xml, a drop-down list"]
        {
            assert!(places.iter().any(|found| found == place), "{place}: {places:?}");
        }
    }

    #[test]
    fn a_number_is_found_in_a_workbook_that_a_document_holds() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet().write(0, 0, "9434765919").unwrap();
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let inner = workbook.save_to_buffer().unwrap();
        for (name, bytes) in [
            ("[Content_Types].xml", &b"<Types/>"[..]),
            ("word/embeddings/Sheet1.xlsx", &inner),
            ("word/embeddings/o.bin", b"\x89\0"),
        ] {
            zip.start_file(name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let look = look(&bytes, &Limits::default());
        assert_eq!(look.found[0].0, "word/embeddings/Sheet1.xlsx, Sheet1, A1");
        assert_eq!(look.unread, Some("a kind of file that is not read here"), "the other file in it");
    }

    #[test]
    fn what_is_not_read_is_said() {
        let unread = |bytes: &[u8]| look(bytes, &Limits::default()).unread;
        assert_eq!(unread(b"%PDF-1.7 of somebody else"), Some("the pages of a PDF"));
        assert_eq!(unread(b"\x89PNG\r\n\x1a\n\0\0"), Some("a kind of file that is not read here"));
        assert_eq!(unread(b"text"), None);
    }
}
