//! A workbook's package, copied but for the parts that change.

use super::Form;
use super::part::{self, Edit, position, prefix_of};
use crate::case::Place;
use crate::intake::InputError;
use crate::intake::workbook::{Address, Sheet, WorkbookParts, open_archive};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// What may stand before the XML of a part.
const MARK: char = '\u{feff}';

/// The package with these cells of a sheet rewritten. With `recalculate`, it is to be calculated when it is opened.
pub(super) fn rewritten(
    form: &Form<'_>,
    sheet: &Sheet,
    edits: &BTreeMap<Address, Edit>,
    recalculate: bool,
) -> Result<Vec<u8>, InputError> {
    let mut archive = open_archive(form.file, form.bytes, form.limits)?;
    if archive.file_names().flatten().any(|name| name.starts_with("_xmlsignatures/")) {
        return Err(InputError::new("The form is signed, and filling it in would break its signature")
            .at(Place::file(form.file))
            .hint("give the form as it was before it was signed"));
    }
    let parts = WorkbookParts::of(form.file, form.bytes)?;
    let of_sheet = parts.sheets.get(sheet.name.as_str()).copied().flatten();
    let changed = |index: usize, text: &str| {
        if Some(index) == of_sheet { part::edited(text, edits) } else { to_be_calculated(text) }
    };
    let is_changed = |index: usize| Some(index) == of_sheet || recalculate && Some(index) == parts.workbook;
    copied(&mut archive, &is_changed, &changed)
        .and_then(|bytes| match of_sheet {
            Some(_) => Ok(bytes),
            None => Err("its sheet has no part".to_owned()),
        })
        .map_err(|error| {
            InputError::new(format!("The form cannot be filled in: {error}"))
                .at(Place::sheet(form.file, sheet.name.clone()))
                .hint("open it in a spreadsheet program, save it again as .xlsx, and give that file")
        })
}

/// The archive with its parts in their order, each as it lies there or changed.
fn copied(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    is_changed: &dyn Fn(usize) -> bool,
    changed: &dyn Fn(usize, &str) -> Result<String, String>,
) -> Result<Vec<u8>, String> {
    let damaged = |error: ZipError| error.to_string();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        if !is_changed(index) {
            writer.raw_copy_file(archive.by_index_raw(index).map_err(damaged)?).map_err(damaged)?;
            continue;
        }
        let mut part = archive.by_index(index).map_err(damaged)?;
        let mut text = String::new();
        part.read_to_string(&mut text).map_err(|error| error.to_string())?;
        let mut options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        if let Some(time) = part.last_modified() {
            options = options.last_modified_time(time);
        }
        writer.start_file(part.name().map_err(damaged)?.into_owned(), options).map_err(damaged)?;
        // Places in the part are counted without the mark of its encoding.
        let body = text.strip_prefix(MARK).unwrap_or(&text);
        let mark = &text[..text.len() - body.len()];
        let made = format!("{mark}{}", changed(index, body)?);
        writer.write_all(made.as_bytes()).map_err(|error| error.to_string())?;
    }
    Ok(writer.finish().map_err(damaged)?.into_inner())
}

/// The workbook's own part, with the mark that everything is to be calculated when it is opened.
fn to_be_calculated(part: &str) -> Result<String, String> {
    const BEFORE: [&str; 4] = ["sheets", "functionGroups", "externalReferences", "definedNames"];
    let mut reader = Reader::from_str(part);
    // Where the element stands that it would have to follow, and how elements are named.
    let mut after = None;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let end = position(&reader);
        match &event {
            Event::Start(element) | Event::Empty(element)
                if element.local_name().into_inner() == "calcPr" =>
            {
                let mut tag = format!("<{}", element.name().into_inner());
                for attribute in element.attributes().flatten() {
                    if attribute.key.as_ref() != "fullCalcOnLoad" {
                        let _ = write!(tag, " {}=\"{}\"", attribute.key.as_ref(), attribute.value);
                    }
                }
                let close = if matches!(event, Event::Empty(_)) { "/>" } else { ">" };
                return Ok(format!("{}{tag} fullCalcOnLoad=\"1\"{close}{}", &part[..start], &part[end..]));
            }
            Event::End(element) if BEFORE.contains(&element.local_name().into_inner()) => {
                after = Some((end, prefix_of(element.name().into_inner()).to_owned()));
            }
            Event::Empty(element) if BEFORE.contains(&element.local_name().into_inner()) => {
                after = Some((end, prefix_of(element.name().into_inner()).to_owned()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let (at, prefix) = after.ok_or("its workbook lists no sheets")?;
    Ok(format!("{}<{prefix}calcPr fullCalcOnLoad=\"1\"/>{}", &part[..at], &part[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_marked_to_be_calculated() {
        let marked = |part: &str| to_be_calculated(part).unwrap();
        assert_eq!(
            marked("<workbook><sheets><sheet/></sheets><calcPr calcId=\"1\"/></workbook>"),
            "<workbook><sheets><sheet/></sheets><calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/></workbook>"
        );
        assert_eq!(
            marked("<x:workbook><x:sheets/><x:definedNames></x:definedNames><x:ext/></x:workbook>"),
            "<x:workbook><x:sheets/><x:definedNames></x:definedNames><x:calcPr fullCalcOnLoad=\"1\"/><x:ext/></x:workbook>"
        );
        assert!(to_be_calculated("<workbook/>").is_err());
    }
}
