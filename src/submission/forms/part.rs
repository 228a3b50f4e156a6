//! The cells of a sheet's part, rewritten where they lie.
//!
//! The part is gone through event by event with the place of each in the bytes. What no edit is about is copied as it
//! is, so styles, lists, widths and whatever else a newer program has put there survive without being understood.

use crate::intake::workbook::Address;
use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// What becomes of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    /// It holds this text.
    Text(String),
    /// It keeps its formula, whose value is this.
    Value(Cached),
    /// It keeps its formula, whose value is not known.
    Unknown,
}

/// The value of a formula as a file keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cached {
    Text(String),
    Number(f64),
    Bool(bool),
}

/// The part with these cells rewritten; why it cannot be, in words.
pub(super) fn edited(part: &str, edits: &BTreeMap<Address, Edit>) -> Result<String, String> {
    let writing =
        Writing { part, copied: 0, out: String::with_capacity(part.len() + 1024), edits: edits.clone() };
    let mut walk = Walk { writing, is_in_data: false, row: None, next_row: 0, next_column: 0 };
    let mut reader = Reader::from_str(part);
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let span = start..position(&reader);
        match event {
            Event::Eof => break,
            Event::Start(element) => {
                if let Some(edit) = walk.begin(&element, &span) {
                    let (formula, end) = body(&mut reader, part, span.end)?;
                    walk.writing.write_cell(&element, formula, &edit);
                    walk.writing.copied = end;
                }
            }
            Event::Empty(element) => walk.empty(&element, &span),
            Event::End(element) => walk.end(&element, &span),
            _ => {}
        }
    }
    walk.writing.finished()
}

/// A walk through the cells of a sheet.
struct Walk<'a> {
    writing: Writing<'a>,
    is_in_data: bool,
    /// The row that it is in.
    row: Option<u32>,
    /// Where a row and a cell stand that do not say so.
    next_row: u32,
    next_column: u32,
}

impl Walk<'_> {
    /// An element begins. Of a cell that is to be rewritten, what it becomes.
    fn begin(&mut self, element: &BytesStart<'_>, span: &Range<usize>) -> Option<Edit> {
        match local(element) {
            "sheetData" => self.is_in_data = true,
            "row" if self.is_in_data => self.row = Some(self.row_at(element, span)),
            "c" if self.is_in_data => return self.cell_at(element, span),
            _ => {}
        }
        None
    }

    /// An element that holds nothing.
    fn empty(&mut self, element: &BytesStart<'_>, span: &Range<usize>) {
        match local(element) {
            "sheetData" if !self.writing.edits.is_empty() => {
                self.writing.open(element, span);
                self.writing.rows_before(u32::MAX, prefix_of(element.name().into_inner()));
                self.writing.close(element);
            }
            "row" if self.is_in_data => {
                let row = self.row_at(element, span);
                if self.writing.has_row(row) {
                    self.writing.open(element, span);
                    self.writing.cells_before(after_row(row), prefix_of(element.name().into_inner()));
                    self.writing.close(element);
                }
            }
            "c" if self.is_in_data => {
                if let Some(edit) = self.cell_at(element, span) {
                    self.writing.write_cell(element, None, &edit);
                    self.writing.copied = span.end;
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, element: &BytesEnd<'_>, span: &Range<usize>) {
        let prefix = prefix_of(element.name().into_inner());
        match element.local_name().into_inner() {
            "row" => {
                if let Some(row) = self.row.take() {
                    self.writing.copy_to(span.start);
                    self.writing.cells_before(after_row(row), prefix);
                }
            }
            "sheetData" => {
                self.writing.copy_to(span.start);
                self.writing.rows_before(u32::MAX, prefix);
                self.is_in_data = false;
            }
            _ => {}
        }
    }

    /// The number of a row, from 0, once what belongs before it is written.
    fn row_at(&mut self, element: &BytesStart<'_>, span: &Range<usize>) -> u32 {
        let row = stated_row(element).unwrap_or(self.next_row);
        self.writing.copy_to(span.start);
        self.writing.rows_before(row, prefix_of(element.name().into_inner()));
        (self.next_row, self.next_column) = (row.saturating_add(1), 0);
        row
    }

    /// What becomes of a cell, if anything, once what belongs before it is written.
    fn cell_at(&mut self, element: &BytesStart<'_>, span: &Range<usize>) -> Option<Edit> {
        let by_order = Address { row: self.row?, column: self.next_column };
        let address = stated_cell(element).unwrap_or(by_order);
        self.next_column = address.column.saturating_add(1);
        self.writing.copy_to(span.start);
        self.writing.cells_before(address, prefix_of(element.name().into_inner()));
        self.writing.edits.remove(&address)
    }
}

/// Behind every cell of a row.
fn after_row(row: u32) -> Address {
    Address { row, column: u32::MAX }
}

/// How far a part has been read.
pub(super) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Reads to the end of a cell: its formula, as it is written, and where the cell ends.
fn body<'a>(
    reader: &mut Reader<&[u8]>,
    part: &'a str,
    from: usize,
) -> Result<(Option<&'a str>, usize), String> {
    let (mut formula, mut formula_start) = (None, None);
    let mut start = from;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let end = position(reader);
        match &event {
            Event::Start(element) if local(element) == "f" => formula_start = Some(start),
            Event::Empty(element) if local(element) == "f" => formula = part.get(start..end),
            Event::End(element) if element.local_name().into_inner() == "f" => {
                formula = formula_start.and_then(|start| part.get(start..end));
            }
            Event::End(element) if element.local_name().into_inner() == "c" => return Ok((formula, end)),
            Event::Eof => return Err("a cell has no end".to_owned()),
            _ => {}
        }
        start = end;
    }
}

fn local<'a>(element: &'a BytesStart<'_>) -> &'a str {
    element.local_name().into_inner()
}

/// The namespace's prefix of a name, with its colon: new elements are named as the part names its own.
pub(super) fn prefix_of(name: &str) -> &str {
    name.find(':').map_or("", |colon| &name[..=colon])
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

fn stated_row(element: &BytesStart<'_>) -> Option<u32> {
    attribute(element, "r")?.trim().parse::<u32>().ok()?.checked_sub(1)
}

fn stated_cell(element: &BytesStart<'_>) -> Option<Address> {
    attribute(element, "r")?.parse().ok()
}

struct Writing<'a> {
    part: &'a str,
    /// So much of the part is in `out`, or was replaced.
    copied: usize,
    out: String,
    /// What is still to be written.
    edits: BTreeMap<Address, Edit>,
}

impl Writing<'_> {
    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.part[self.copied.min(end)..end]);
        self.copied = self.copied.max(end);
    }

    /// The whole part, once all is written.
    fn finished(mut self) -> Result<String, String> {
        if let Some(address) = self.edits.keys().next() {
            return Err(format!("the sheet has no place for the cell {address}"));
        }
        self.copy_to(self.part.len());
        Ok(self.out)
    }

    /// An element that was empty begins to hold something.
    fn open(&mut self, element: &BytesStart<'_>, span: &Range<usize>) {
        self.copy_to(span.start);
        let _ = write!(self.out, "<{}>", element.trim_end());
        self.copied = span.end;
    }

    fn close(&mut self, element: &BytesStart<'_>) {
        let _ = write!(self.out, "</{}>", element.name().into_inner());
    }

    fn has_row(&self, row: u32) -> bool {
        self.edits.range(Address { row, column: 0 }..).next().is_some_and(|(address, _)| address.row == row)
    }

    /// The first text that is to stand before this address.
    fn text_before(&mut self, before: Address) -> Option<(Address, String)> {
        let (address, _) = self.edits.range(..before).find(|(_, edit)| matches!(edit, Edit::Text(_)))?;
        let address = *address;
        match self.edits.remove(&address) {
            Some(Edit::Text(text)) => Some((address, text)),
            _ => None,
        }
    }

    /// Cells of the row of this address that the sheet has not got yet.
    fn cells_before(&mut self, before: Address, prefix: &str) {
        while let Some((address, text)) = self.text_before(before) {
            let _ = write!(
                self.out,
                "<{prefix}c r=\"{address}\" t=\"inlineStr\">{}</{prefix}c>",
                inline(&text, prefix)
            );
        }
    }

    /// Rows that the sheet has not got yet.
    fn rows_before(&mut self, row: u32, prefix: &str) {
        let before = Address { row, column: 0 };
        while let Some(first) = self.edits.range(..before).next().map(|(address, _)| address.row) {
            let count = self.edits.len();
            let _ = write!(self.out, "<{prefix}row r=\"{}\">", first + 1);
            self.cells_before(after_row(first), prefix);
            let _ = write!(self.out, "</{prefix}row>");
            if self.edits.len() == count {
                return;
            }
        }
    }

    fn write_cell(&mut self, element: &BytesStart<'_>, formula: Option<&str>, edit: &Edit) {
        let name = element.name().into_inner();
        let prefix = prefix_of(name);
        let (kind, body) = match edit {
            Edit::Text(text) => (Some("inlineStr"), inline(text, prefix)),
            Edit::Value(Cached::Text(text)) => (Some("str"), value(&escaped(text), prefix)),
            Edit::Value(Cached::Bool(is_true)) => {
                (Some("b"), value(if *is_true { "1" } else { "0" }, prefix))
            }
            Edit::Value(Cached::Number(number)) => (None, value(&number.to_string(), prefix)),
            Edit::Unknown => (None, String::new()),
        };
        let _ = write!(self.out, "<{name}");
        for attribute in element.attributes().flatten().filter(|attribute| attribute.key.as_ref() != "t") {
            let _ = write!(self.out, " {}=\"{}\"", attribute.key.as_ref(), attribute.value);
        }
        if let Some(kind) = kind {
            let _ = write!(self.out, " t=\"{kind}\"");
        }
        let formula = formula.filter(|_| !matches!(edit, Edit::Text(_))).unwrap_or_default();
        let _ = write!(self.out, ">{formula}{body}</{name}>");
    }
}

fn inline(text: &str, prefix: &str) -> String {
    // Without it, a reader may take away space at the ends.
    let space = if text.trim() == text && !text.contains('\n') { "" } else { " xml:space=\"preserve\"" };
    format!("<{prefix}is><{prefix}t{space}>{}</{prefix}t></{prefix}is>", escaped(text))
}

fn value(text: &str, prefix: &str) -> String {
    format!("<{prefix}v>{text}</{prefix}v>")
}

/// A text for the part: what XML has no room for is written as spreadsheets write it (`_x000B_`).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if is_escape(&text[at..]) => out.push_str("_x005F_"),
            '\r' | '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "_x{:04X}_", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// The text begins like the code of a character, such as `_x000D_`.
fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(list: &[(&str, Edit)]) -> BTreeMap<Address, Edit> {
        list.iter().map(|(at, edit)| (at.parse().unwrap(), edit.clone())).collect()
    }

    fn text(words: &str) -> Edit {
        Edit::Text(words.to_owned())
    }

    #[test]
    fn only_the_answered_cell_is_otherwise() {
        let part = "<?xml version=\"1.0\"?>\r\n<worksheet><sheetData>\n<row r=\"2\" ht=\"70.5\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"F2\" s=\"352\"/><c r=\"G2\" s='7' t=\"s\" ><v>3</v></c></row></sheetData><x14:ext a='1'/></worksheet>";
        let made = edited(part, &edits(&[("F2", text("Yes")), ("G2", text("A & B"))])).unwrap();
        let expected = part
            .replace(
                "<c r=\"F2\" s=\"352\"/>",
                "<c r=\"F2\" s=\"352\" t=\"inlineStr\"><is><t>Yes</t></is></c>",
            )
            .replace(
                "<c r=\"G2\" s='7' t=\"s\" ><v>3</v></c>",
                "<c r=\"G2\" s=\"7\" t=\"inlineStr\"><is><t>A &amp; B</t></is></c>",
            );
        assert_eq!(made, expected);
    }

    #[test]
    fn a_formula_keeps_its_words_and_gets_its_value() {
        let part = "<w><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><f>IF(B1=\"Yes\",\n\"1\")</f><v>old</v></c><c r=\"B1\"><f t=\"shared\" si=\"0\"/><v>2</v></c></row></sheetData></w>";
        let value = Edit::Value(Cached::Text("5 < 6".to_owned()));
        let made = edited(part, &edits(&[("A1", value), ("B1", Edit::Unknown)])).unwrap();
        assert_eq!(
            made,
            part.replace("<v>old</v>", "<v>5 &lt; 6</v>")
                .replace("<f t=\"shared\" si=\"0\"/><v>2</v>", "<f t=\"shared\" si=\"0\"/>")
        );
    }

    #[test]
    fn cells_and_rows_that_are_missing_are_put_where_they_belong() {
        let part = "<x:w><x:sheetData><x:row r=\"2\"><x:c r=\"A2\"/><x:c r=\"D2\"/></x:row><x:row r=\"4\" s=\"1\"/></x:sheetData></x:w>";
        let made = edited(
            part,
            &edits(&[
                ("B2", text("b")),
                ("E2", text("e")),
                ("A1", text("a")),
                ("C4", text("c")),
                ("A9", text(" z")),
            ]),
        )
        .unwrap();
        let cell = |at: &str, words: &str| {
            format!("<x:c r=\"{at}\" t=\"inlineStr\"><x:is><x:t>{words}</x:t></x:is></x:c>")
        };
        let expected = format!(
            "<x:w><x:sheetData><x:row r=\"1\">{}</x:row><x:row r=\"2\"><x:c r=\"A2\"/>{}<x:c r=\"D2\"/>{}</x:row><x:row r=\"4\" s=\"1\">{}</x:row><x:row r=\"9\">{}</x:row></x:sheetData></x:w>",
            cell("A1", "a"),
            cell("B2", "b"),
            cell("E2", "e"),
            cell("C4", "c"),
            cell("A9", " z").replace("<x:t>", "<x:t xml:space=\"preserve\">")
        );
        assert_eq!(made, expected);
        let empty = edited("<w><sheetData/></w>", &edits(&[("B3", text("x"))])).unwrap();
        assert_eq!(
            empty,
            "<w><sheetData><row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>x</t></is></c></row></sheetData></w>"
        );
    }

    #[test]
    fn a_value_for_a_cell_that_is_not_there_is_refused() {
        let error = edited("<w><sheetData/></w>", &edits(&[("B3", Edit::Unknown)])).unwrap_err();
        assert!(error.contains("B3"), "{error}");
    }

    #[test]
    fn what_xml_cannot_hold_is_written_as_spreadsheets_do() {
        assert_eq!(escaped("a\u{b}b_x000D_c_x1"), "a_x000B_b_x005F_x000D_c_x1");
    }
}
