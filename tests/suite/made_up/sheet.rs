//! Writes one sheet as an .ods file, with cells merged downwards.

use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A sheet of these rows; in each pair of rows (the first is 1), the first `columns` cells are merged.
pub fn ods(name: &str, rows: &[Vec<&str>], merged: &[(usize, usize)], columns: usize) -> Vec<u8> {
    let mut body = String::new();
    for (number, row) in (1..).zip(rows) {
        body += "<table:table-row>";
        for (column, text) in row.iter().enumerate() {
            body += &cell(text, span(number, merged).filter(|_| column < columns));
        }
        body += "</table:table-row>";
    }
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="{name}">{body}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (path, text) in
        [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]
    {
        file.start_file(path, options).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }
    file.finish().unwrap().into_inner()
}

/// How far down a cell of this row reaches: nothing for a row without merges, 0 for one that a merge covers.
fn span(row: usize, merged: &[(usize, usize)]) -> Option<usize> {
    let (first, last) = merged.iter().find(|(first, last)| (*first..=*last).contains(&row))?;
    Some(if row == *first { last - first + 1 } else { 0 })
}

fn cell(text: &str, span: Option<usize>) -> String {
    let element = if span == Some(0) { "covered-table-cell" } else { "table-cell" };
    let span = span.filter(|rows| *rows > 0).map_or_else(String::new, |rows| {
        format!(r#" table:number-rows-spanned="{rows}" table:number-columns-spanned="1""#)
    });
    if text.is_empty() {
        return format!("<table:{element}{span}/>");
    }
    let lines = text.lines().map(|line| line.replace('&', "&amp;").replace('<', "&lt;"));
    let paragraphs = format!("<text:p>{}</text:p>", lines.collect::<Vec<_>>().join("</text:p><text:p>"));
    match text.parse::<f64>() {
        Ok(number) => format!(
            r#"<table:{element}{span} office:value-type="float" office:value="{number}">{paragraphs}</table:{element}>"#
        ),
        Err(_) => {
            format!(r#"<table:{element}{span} office:value-type="string">{paragraphs}</table:{element}>"#)
        }
    }
}
