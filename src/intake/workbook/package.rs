//! What calamine does not tell of an xlsx package: hidden rows and columns, struck-through text, comments,
//! drop-down lists, pictures and text boxes, rows of blank cells.
//!
//! A saved filter hides hazards; a struck-through control may have been withdrawn; a comment may hold the
//! reason for a rating. A safety case must not lose them, so the package's own XML is read for them.

mod overlay;

use super::validation::{self, ListValidation};
use super::{Address, Drawing, Sheet};
use overlay::{comments, drawing};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufReader, Cursor, Read};
use zip::ZipArchive;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Why the package cannot be read.
#[derive(Debug)]
pub(super) enum PackageError {
    Zip(zip::result::ZipError),
    Xml(String, quick_xml::Error),
}

impl std::fmt::Display for PackageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Zip(error) => write!(f, "{error}"),
            Self::Xml(part, error) => write!(f, "{part}: {error}"),
        }
    }
}

/// What lies beside the values of one sheet.
#[derive(Debug, Default)]
pub(super) struct SheetExtras {
    hidden_rows: BTreeSet<u32>,
    /// First and last column of each hidden run.
    hidden_columns: Vec<(u32, u32)>,
    struck_through: Vec<Address>,
    comments: BTreeMap<Address, String>,
    validations: Vec<ListValidation>,
    drawing: Drawing,
    last_row: Option<u32>,
}

impl SheetExtras {
    pub(super) fn apply(&self, sheet: &mut Sheet) {
        let used_rows = sheet.rows();
        let used_columns: BTreeSet<u32> = sheet.cells().map(|(address, _)| address.column).collect();
        let hidden =
            |column: &u32| self.hidden_columns.iter().any(|(first, last)| (first..=last).contains(&column));
        sheet.hidden_rows = self.hidden_rows.intersection(&used_rows).copied().collect();
        sheet.hidden_columns = used_columns.into_iter().filter(hidden).collect();
        for address in &self.struck_through {
            if let Some(cell) = sheet.cells.get_mut(address) {
                cell.struck_through = true;
            }
        }
        sheet.comments.clone_from(&self.comments);
        sheet.validations.clone_from(&self.validations);
        sheet.drawing.clone_from(&self.drawing);
        sheet.last_row = self.last_row;
    }
}

/// The sum of the sizes that the package says its parts unpack to.
pub(super) fn unpacked_size(bytes: &[u8]) -> Result<u64, PackageError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(PackageError::Zip)?;
    (0..archive.len()).try_fold(0_u64, |sum, index| {
        let part = archive.by_index_raw(index).map_err(PackageError::Zip)?;
        Ok(sum.saturating_add(part.size()))
    })
}

/// Whether the workbook numbers its days from 1904.
pub(super) fn is_from_1904(bytes: &[u8]) -> Result<bool, PackageError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(PackageError::Zip)?;
    let mut is_from_1904 = false;
    each_start(&mut archive, "xl/workbook.xml", |element| {
        is_from_1904 |= local(element) == "workbookPr" && is_true(element, "date1904");
    })?;
    Ok(is_from_1904)
}

/// Reads the extras of every sheet, by the sheet's name.
pub(super) fn read(bytes: &[u8]) -> Result<HashMap<String, SheetExtras>, PackageError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(PackageError::Zip)?;
    let struck_styles = struck_styles(&mut archive)?;
    let struck_strings = struck_strings(&mut archive)?;
    let targets = relationships(&mut archive, "xl/workbook.xml")?;
    let mut sheets = Vec::new();
    each_start(&mut archive, "xl/workbook.xml", |element| {
        if local(element) == "sheet"
            && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
        {
            sheets.push((name, id));
        }
    })?;
    let mut extras = HashMap::new();
    for (name, id) in sheets {
        let Some(target) = targets.get(&id).map(|relation| relation.target.clone()) else { continue };
        let mut sheet = sheet_extras(&mut archive, &target, &struck_styles, &struck_strings)?;
        sheet.validations = validations(&mut archive, &target)?;
        for relation in relationships(&mut archive, &target)?.into_values() {
            if relation.kind.ends_with("/comments") {
                sheet.comments = comments(&mut archive, &relation.target)?;
            } else if relation.kind.ends_with("/drawing") {
                sheet.drawing = drawing(&mut archive, &relation.target)?;
            }
        }
        extras.insert(name, sheet);
    }
    Ok(extras)
}

fn sheet_extras(
    archive: &mut Archive<'_>,
    part: &str,
    struck_styles: &BTreeSet<usize>,
    struck_strings: &BTreeSet<usize>,
) -> Result<SheetExtras, PackageError> {
    let mut extras = SheetExtras::default();
    let mut next_row = 0;
    // The cell whose shared string is to be looked up once its value is read.
    let mut shared: Option<Address> = None;
    let mut in_value = false;
    each_event(archive, part, |event| match event {
        Event::Start(element) | Event::Empty(element) => match local(element) {
            "col" if is_true(element, "hidden") => {
                let bound = |key| attribute(element, key).and_then(|text| text.parse::<u32>().ok());
                if let (Some(first), Some(last)) = (bound("min"), bound("max")) {
                    extras.hidden_columns.push((first.saturating_sub(1), last.saturating_sub(1)));
                }
            }
            "row" => {
                let row = attribute(element, "r").and_then(|text| text.parse::<u32>().ok());
                let row = row.map_or(next_row, |row| row.saturating_sub(1));
                next_row = row + 1;
                if is_true(element, "hidden") {
                    extras.hidden_rows.insert(row);
                }
            }
            "c" => {
                let address = attribute(element, "r").and_then(|text| text.parse::<Address>().ok());
                extras.last_row = extras.last_row.max(address.map(|address| address.row));
                let style = attribute(element, "s").and_then(|text| text.parse::<usize>().ok());
                let struck = style.is_some_and(|style| struck_styles.contains(&style));
                if let Some(address) = address.filter(|_| struck) {
                    extras.struck_through.push(address);
                }
                shared = address.filter(|_| !struck && attribute(element, "t").as_deref() == Some("s"));
            }
            "v" => in_value = true,
            _ => {}
        },
        Event::Text(text) if in_value => {
            let index = text.xml10_content().trim().parse::<usize>();
            if let (Some(address), Ok(index)) = (shared, index)
                && struck_strings.contains(&index)
            {
                extras.struck_through.push(address);
            }
        }
        Event::End(element) if element.local_name().as_ref() == "v" => in_value = false,
        _ => {}
    })?;
    Ok(extras)
}

/// The drop-down lists of a sheet, in the plain form and in the extension that lists on other sheets have.
fn validations(archive: &mut Archive<'_>, part: &str) -> Result<Vec<ListValidation>, PackageError> {
    /// The part of a validation whose text is being read.
    #[derive(PartialEq)]
    enum Reading {
        Nothing,
        List,
        Ranges,
    }
    let mut validations = Vec::new();
    let mut current: Option<(ListValidation, String)> = None;
    let mut reading = Reading::Nothing;
    each_event(archive, part, |event| match event {
        Event::Start(element) => match local(element) {
            "dataValidation" => {
                let is_list = attribute(element, "type").as_deref() == Some("list");
                let ranges = attribute(element, "sqref").unwrap_or_default();
                current = is_list.then(|| (ListValidation::default(), ranges));
            }
            "formula1" => reading = Reading::List,
            "sqref" => reading = Reading::Ranges,
            _ => {}
        },
        Event::Text(text) => match (&mut current, &reading) {
            (Some((validation, _)), Reading::List) => validation.list.push_str(&text.xml10_content()),
            (Some((_, ranges)), Reading::Ranges) => ranges.push_str(&text.xml10_content()),
            _ => {}
        },
        Event::GeneralRef(reference) if reading == Reading::List => {
            if let (Some((validation, _)), Some(character)) = (&mut current, entity(reference)) {
                validation.list.push(character);
            }
        }
        Event::End(element) => match element.local_name().as_ref() {
            "formula1" | "sqref" => reading = Reading::Nothing,
            "dataValidation" => {
                validations.extend(current.take().map(|(validation, ranges)| ListValidation {
                    ranges: validation::ranges(&ranges),
                    ..validation
                }));
            }
            _ => {}
        },
        _ => {}
    })?;
    Ok(validations)
}

/// Indices of the cell styles whose font is struck through.
fn struck_styles(archive: &mut Archive<'_>) -> Result<BTreeSet<usize>, PackageError> {
    let mut fonts = Vec::new();
    let mut styles = Vec::new();
    let (mut in_fonts, mut in_styles) = (false, false);
    each_event(archive, "xl/styles.xml", |event| match event {
        Event::Start(element) | Event::Empty(element) => match local(element) {
            "fonts" => in_fonts = true,
            "cellXfs" => in_styles = true,
            "font" if in_fonts => fonts.push(false),
            "strike" if in_fonts => {
                if let Some(font) = fonts.last_mut() {
                    *font = is_strike(element);
                }
            }
            "xf" if in_styles => {
                styles.push(attribute(element, "fontId").and_then(|id| id.parse::<usize>().ok()));
            }
            _ => {}
        },
        Event::End(element) => match element.local_name().as_ref() {
            "fonts" => in_fonts = false,
            "cellXfs" => in_styles = false,
            _ => {}
        },
        _ => {}
    })?;
    let struck = |font: &Option<usize>| font.and_then(|font| fonts.get(font)).copied().unwrap_or(false);
    Ok(styles.iter().enumerate().filter(|(_, font)| struck(font)).map(|(index, _)| index).collect())
}

/// Indices of the shared strings that have a run of struck-through text.
fn struck_strings(archive: &mut Archive<'_>) -> Result<BTreeSet<usize>, PackageError> {
    let mut struck = BTreeSet::new();
    let mut index = 0_usize;
    each_event(archive, "xl/sharedStrings.xml", |event| match event {
        Event::Start(element) | Event::Empty(element) if is_strike(element) => {
            struck.insert(index);
        }
        Event::Empty(element) if local(element) == "si" => index += 1,
        Event::End(element) if element.local_name().as_ref() == "si" => index += 1,
        _ => {}
    })?;
    Ok(struck)
}

/// The character that an entity stands for; only XML's own five and character references, so that no
/// document can define one of its own.
fn entity(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

struct Relation {
    kind: String,
    /// Path of the part from the root of the package.
    target: String,
}

/// The relationships of a part, by id; none if the part has none.
fn relationships(archive: &mut Archive<'_>, part: &str) -> Result<HashMap<String, Relation>, PackageError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut relations = HashMap::new();
    each_start(archive, &format!("{folder}/_rels/{name}.rels"), |element| {
        if local(element) == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Type"), attribute(element, "Target"))
        {
            relations.insert(id, Relation { kind, target: resolve(folder, &target) });
        }
    })?;
    Ok(relations)
}

/// A target that is relative to a folder, as a path from the root of the package.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn each_start(
    archive: &mut Archive<'_>,
    part: &str,
    mut visit: impl FnMut(&BytesStart<'_>),
) -> Result<(), PackageError> {
    each_event(archive, part, |event| {
        if let Event::Start(element) | Event::Empty(element) = event {
            visit(element);
        }
    })
}

/// Visits every event of a part; a part that the package lacks has none.
fn each_event(
    archive: &mut Archive<'_>,
    part: &str,
    mut visit: impl FnMut(&Event<'_>),
) -> Result<(), PackageError> {
    let source = match archive.by_name(part) {
        Ok(source) => source,
        Err(zip::result::ZipError::FileNotFound) => return Ok(()),
        Err(error) => return Err(PackageError::Zip(error)),
    };
    // A part may unpack to more than it declares.
    let declared = source.size();
    let mut reader = Reader::from_reader(BufReader::new(source.take(declared)));
    let mut buffer = Vec::new();
    loop {
        let event =
            reader.read_event_into(&mut buffer).map_err(|error| PackageError::Xml(part.to_owned(), error))?;
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        visit(&event);
        buffer.clear();
    }
}

fn local<'a>(element: &'a BytesStart<'_>) -> &'a str {
    element.local_name().into_inner()
}

/// The value of the attribute with this local name.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name).and_then(
        |attribute| attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(Cow::into_owned),
    )
}

/// Whether this is a `strike` that is not switched off.
fn is_strike(element: &BytesStart<'_>) -> bool {
    local(element) == "strike"
        && attribute(element, "val").is_none_or(|value| value != "0" && value != "false")
}

fn is_true(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_within_the_package() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
    }
}
