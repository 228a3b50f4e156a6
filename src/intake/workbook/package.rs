//! What calamine does not tell of an xlsx package: hidden rows and columns, struck-through text, comments,
//! drop-down lists, links, headers and footers, pictures and text boxes, rows of blank cells.
//!
//! A saved filter hides hazards; a struck-through control may have been withdrawn; a comment may hold the
//! reason for a rating. A safety case must not lose them, so the package's own XML is read for them, each part
//! of it once.

mod overlay;
mod sheet;
mod styles;

use super::container::{self, Archive};
use super::fault::Fault;
use super::xml::{attribute, each_start, is_true, local};
use sheet::SheetExtras;
use std::borrow::Cow;
use std::collections::HashMap;

/// What lies in a package beside the values of its sheets.
#[derive(Debug, Default)]
pub(super) struct Extras {
    /// By the name of the sheet.
    pub(super) sheets: HashMap<String, SheetExtras>,
    /// What was left alone.
    pub(super) notes: Vec<String>,
    /// The workbook numbers its days from 1904.
    pub(super) from_1904: bool,
}

/// Reads the extras of a package that [`container::open`] has passed.
pub(super) fn read(bytes: &[u8]) -> Result<Extras, Fault> {
    let mut archive = container::reopen(bytes)?;
    let List { targets, sheets, from_1904, .. } = List::read(&mut archive)?;
    let marks = styles::Marks::read(
        &mut archive,
        part_of_kind(&targets, "styles").unwrap_or("xl/styles.xml"),
        part_of_kind(&targets, "sharedStrings").unwrap_or("xl/sharedStrings.xml"),
    )?;
    let persons = overlay::persons(&mut archive)?;
    let mut extras = Extras { notes: left_alone(&archive), from_1904, ..Extras::default() };
    for (name, id) in sheets {
        let Some(part) = targets.get(&id).map(|relation| relation.part.clone()) else { continue };
        let relations = relationships(&mut archive, &part)?;
        let mut sheet = sheet::read(&mut archive, &part, &marks, &relations)?;
        for relation in relations.values().filter(|relation| !relation.is_external) {
            match relation.kind.rsplit('/').next() {
                Some("comments") => sheet.comments.extend(overlay::comments(&mut archive, &relation.part)?),
                Some("threadedComment") => {
                    sheet.threads.extend(overlay::threads(&mut archive, &relation.part, &persons)?);
                }
                Some("drawing") => sheet.add(overlay::drawing(&mut archive, &relation.part)?),
                Some("vmlDrawing") => sheet.add(overlay::legacy_drawing(&mut archive, &relation.part)?),
                _ => {}
            }
        }
        extras.sheets.insert(name, sheet);
    }
    Ok(extras)
}

/// Where a workbook has its sheets, as positions in its archive.
#[derive(Debug)]
pub(crate) struct WorkbookParts {
    /// The part that lists the sheets.
    pub workbook: Option<usize>,
    /// By the name of the sheet.
    pub sheets: HashMap<String, Option<usize>>,
}

impl WorkbookParts {
    /// Those of a workbook that has been read, so that it is known to be within the limits.
    pub(crate) fn of(file: &str, bytes: &[u8]) -> Result<Self, crate::intake::InputError> {
        Self::read(bytes).map_err(|fault| fault.of(file))
    }

    fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut archive = container::reopen(bytes)?;
        let List { part, targets, sheets, .. } = List::read(&mut archive)?;
        let of_sheet = |id: &String| container::find(&archive, &targets.get(id)?.part);
        let sheets = sheets.iter().map(|(name, id)| (name.clone(), of_sheet(id))).collect();
        Ok(Self { workbook: container::find(&archive, &part), sheets })
    }
}

/// What the part that lists the sheets says.
struct List {
    part: String,
    /// What it refers to.
    targets: Relations,
    /// Name and reference of each sheet, in order.
    sheets: Vec<(String, String)>,
    from_1904: bool,
}

impl List {
    fn read(archive: &mut Archive<'_>) -> Result<Self, Fault> {
        let root = relationships(archive, "")?;
        let part = part_of_kind(&root, "officeDocument").unwrap_or("xl/workbook.xml").to_owned();
        let targets = relationships(archive, &part)?;
        let mut sheets = Vec::new();
        let mut from_1904 = false;
        each_start(archive, &part, |element| {
            from_1904 |= local(element) == "workbookPr" && is_true(element, "date1904");
            if local(element) == "sheet"
                && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
            {
                sheets.push((name.into_owned(), id.into_owned()));
            }
        })?;
        Ok(Self { part, targets, sheets, from_1904 })
    }
}

/// The part that is referred to as this kind.
fn part_of_kind<'a>(relations: &'a Relations, kind: &str) -> Option<&'a str> {
    let found = relations.values().find(|relation| relation.kind.rsplit('/').next() == Some(kind));
    found.map(|relation| relation.part.as_str())
}

/// Says what lies in the package and is never opened or run.
fn left_alone(archive: &Archive<'_>) -> Vec<String> {
    let parts: Vec<String> = archive.file_names().flatten().map(Cow::into_owned).collect();
    let within = |folder: &str| parts.iter().filter(|part| part.starts_with(folder)).count();
    let mut notes = Vec::new();
    if within("xl/vbaProject.bin") > 0 {
        notes.push("The workbook has macros; they were not run.".to_owned());
    }
    match within("xl/externalLinks/externalLink") {
        0 => {}
        1 => notes.push("The workbook refers to another file, which was not opened; what it shows of it is what was saved last.".to_owned()),
        count => notes.push(format!("The workbook refers to {count} other files, which were not opened; what it shows of them is what was saved last.")),
    }
    match within("xl/embeddings/") {
        0 => {}
        1 => notes.push("A file is embedded in the workbook and was not read.".to_owned()),
        count => notes.push(format!("{count} files are embedded in the workbook and were not read.")),
    }
    notes
}

/// What one part of the package refers to.
#[derive(Debug)]
struct Relation {
    kind: String,
    /// Path of the part from the root of the package; of something outside, what the package says of it.
    part: String,
    is_external: bool,
}

/// By id.
type Relations = HashMap<String, Relation>;

/// The relationships of a part; none if the part has none. Those of the package itself are those of no part.
fn relationships(archive: &mut Archive<'_>, part: &str) -> Result<Relations, Fault> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut relations = HashMap::new();
    let part = resolve(folder, &format!("_rels/{name}.rels"));
    each_start(archive, &part, |element| {
        if local(element) == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Type"), attribute(element, "Target"))
        {
            let is_external = attribute(element, "TargetMode").as_deref() == Some("External");
            let part = if is_external { target.into_owned() } else { resolve(folder, &target) };
            relations.insert(id.into_owned(), Relation { kind: kind.into_owned(), part, is_external });
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
