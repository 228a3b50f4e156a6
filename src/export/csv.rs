//! A table as a CSV file: UTF-8 with a byte-order mark, commas, a quoted text for every cell, CRLF between rows.
//!
//! Without the mark a spreadsheet takes the file for one in its own old code page, and no name with an accent
//! survives. A program that reads UTF-8 knows the mark.
//!
//! A text that a spreadsheet would run is written [`defused`].

use super::Table;
use crate::case::defusing::defused;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The table as a file.
#[must_use]
pub fn write(table: &Table<'_>) -> Vec<u8> {
    let header = table.columns.iter().map(|column| column.header);
    write_rows(header, table.rows.iter().map(|row| row.texts.as_slice()))
}

/// Rows of texts below a header, as a file.
pub(crate) fn write_rows<'a>(
    header: impl Iterator<Item = &'a str>,
    rows: impl Iterator<Item = &'a [String]>,
) -> Vec<u8> {
    let mut file = String::from(BYTE_ORDER_MARK);
    add_row(&mut file, header);
    for row in rows {
        add_row(&mut file, row.iter().map(String::as_str));
    }
    file.into_bytes()
}

fn add_row<'a>(file: &mut String, texts: impl Iterator<Item = &'a str>) {
    for (index, text) in texts.enumerate() {
        if index > 0 {
            file.push(',');
        }
        if !text.is_empty() {
            file.push('"');
            file.extend(defused(text).replace('"', "\"\"").chars().map(visible));
            file.push('"');
        }
    }
    file.push_str("\r\n");
}

/// A control character as its picture: with one among its cells, a file is no text to most programs.
fn visible(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(u32::from(c) + 0x2400).unwrap_or(c),
        '\u{7f}' => '\u{2421}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::hazard::Hazard;
    use crate::export::{Column, Content, Row};

    #[test]
    fn a_file_begins_with_its_mark_and_quotes_what_it_holds() {
        let column = |header| Column { header, width: 10, content: Content::Text };
        let hazard = Hazard::default();
        let texts = ["a \"b\",\nc", "", "=1"].map(str::to_owned).to_vec();
        let table = Table {
            columns: ["One", "Two", "Three"].map(column).to_vec(),
            rows: vec![Row { hazard: &hazard, texts }],
        };
        let written = String::from_utf8(write(&table)).unwrap();
        assert_eq!(written, "\u{feff}\"One\",\"Two\",\"Three\"\r\n\"a \"\"b\"\",\nc\",,\"'=1\"\r\n");
    }
}
