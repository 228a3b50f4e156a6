//! A workbook's package, copied but for the parts that change.

use super::Form;
use super::part::{self, Edit};
use crate::case::Place;
use crate::intake::InputError;
use crate::intake::workbook::{Address, Sheet, WorkbookParts, open_archive};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{Cursor, Read, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The package with these cells of a sheet rewritten. With `recalculate`, it is to be calculated when it is opened.
pub(super) fn rewritten(
    form: &Form<'_>,
    sheet: &Sheet,
    edits: &BTreeMap<Address, Edit>,
    recalculate: bool,
) -> Result<Vec<u8>, InputError> {
    let damaged = |error: &dyn Display| {
        InputError::new(format!("The form cannot be filled in: {error}"))
            .at(Place::sheet(form.file, sheet.name.clone()))
            .hint("open it in a spreadsheet program, save it again as .xlsx, and give that file")
    };
    let mut archive = open_archive(form.file, form.bytes, form.limits)?;
    if archive.file_names().flatten().any(|name| name.starts_with("_xmlsignatures/")) {
        return Err(InputError::new("The form is signed, and filling it in would break its signature")
            .at(Place::file(form.file))
            .hint("give the form as it was before it was signed"));
    }
    let parts = WorkbookParts::of(form.file, form.bytes)?;
    let part_of_sheet =
        parts.sheets.get(sheet.name.as_str()).ok_or_else(|| damaged(&"its sheet has no part"))?;
    let changed = |text: &str, index: usize| -> Option<Result<String, String>> {
        if Some(index) == *part_of_sheet {
            Some(part::edited(text, edits))
        } else if recalculate && Some(index) == parts.workbook {
            Some(to_be_calculated(text))
        } else {
            None
        }
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(form.bytes.len())));
    for index in 0..archive.len() {
        let is_text = Some(index) == *part_of_sheet || Some(index) == parts.workbook;
        let mut text = String::new();
        if is_text {
            let mut part = archive.by_index(index).map_err(|error| damaged(&error))?;
            part.read_to_string(&mut text).map_err(|error| damaged(&error))?;
        }
        let (mark, body) =
            text.strip_prefix('\u{feff}').map_or(("", text.as_str()), |body| ("\u{feff}", body));
        match changed(body, index).filter(|_| is_text) {
            Some(made) => {
                let made = made.map_err(|error| damaged(&error))?;
                let part = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
                let mut options =
                    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
                if let Some(time) = part.last_modified() {
                    options = options.last_modified_time(time);
                }
                let name = part.name().map_err(|error| damaged(&error))?.into_owned();
                drop(part);
                writer.start_file(name, options).map_err(|error| damaged(&error))?;
                writer.write_all(mark.as_bytes()).map_err(|error| damaged(&error))?;
                writer.write_all(made.as_bytes()).map_err(|error| damaged(&error))?;
            }
            None => {
                let part = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
                writer.raw_copy_file(part).map_err(|error| damaged(&error))?;
            }
        }
    }
    Ok(writer.finish().map_err(|error| damaged(&error))?.into_inner())
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
                        tag.push_str(&format!(" {}=\"{}\"", attribute.key.as_ref(), attribute.value));
                    }
                }
                let close = if matches!(event, Event::Empty(_)) { "/>" } else { ">" };
                return Ok(format!("{}{tag} fullCalcOnLoad=\"1\"{close}{}", &part[..start], &part[end..]));
            }
            Event::End(element) if BEFORE.contains(&element.local_name().into_inner()) => {
                let name = element.name().into_inner();
                let prefix = name.strip_suffix(element.local_name().into_inner()).unwrap_or_default();
                after = Some((end, prefix.to_owned()));
            }
            Event::Empty(element) if BEFORE.contains(&element.local_name().into_inner()) => {
                let name = element.name().into_inner();
                let prefix = name.strip_suffix(element.local_name().into_inner()).unwrap_or_default();
                after = Some((end, prefix.to_owned()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let (at, prefix) = after.ok_or("its workbook lists no sheets")?;
    Ok(format!("{}<{prefix}calcPr fullCalcOnLoad=\"1\"/>{}", &part[..at], &part[at..]))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
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
