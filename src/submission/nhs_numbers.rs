//! NHS numbers in what is about to be sent: no pack needs one.
//!
//! Each file is read as far as its kind can be read here, and what could not be read is said, so that a person can look.
//! Nothing that is said holds a whole number.

use crate::assurance::nhs_number::masked_nhs_numbers;
use crate::intake::workbook::{Limits, Sheet, Workbook, open_archive};
use crate::signature::pdf::Document;
use quick_xml::events::Event;
use serde::Serialize;
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
        Ok(workbook) => cells(&workbook),
        Err(_) if bytes.starts_with(b"PK") => {
            document(bytes, limits).unwrap_or_else(|| Look::unread("an archive"))
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
        if name == "case.json" {
            look.unread = None;
        }
        let inside = look_into(&attached, limits, depth - 1);
        look.found.extend(
            inside.found.into_iter().map(|(place, masked)| (format!("attached {name}, {place}"), masked)),
        );
    }
    look
}

/// The paragraphs of a text document (docx, odt) or of slides.
fn document(bytes: &[u8], limits: &Limits) -> Option<Look> {
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
    fn what_is_not_read_is_said() {
        let unread = |bytes: &[u8]| look(bytes, &Limits::default()).unread;
        assert_eq!(unread(b"%PDF-1.7 of somebody else"), Some("the pages of a PDF"));
        assert_eq!(unread(b"\x89PNG\r\n\x1a\n\0\0"), Some("a kind of file that is not read here"));
        assert_eq!(unread(b"text"), None);
    }
}
