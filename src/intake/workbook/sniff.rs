//! What a file is, by its bytes: so that a workbook is read whatever its name says, and a wrong file is named for
//! what it is.

use super::compound::{self, Compound};
use super::container::{self, Archive};
use super::delimited::{self, Dialect};
use super::encoding::{self, Text};
use super::fault::Fault;
use super::markdown;
use super::{Format, Limits};
use std::collections::BTreeSet;
use std::io::Read as _;

/// A file that can be read.
#[derive(Debug)]
pub(super) enum Recognised {
    /// A format of its own bytes.
    Binary(Format),
    Markdown(Text),
    Delimited(Text, Dialect),
}

const SAVE_AS: &str = "open it in a spreadsheet program and save it as .xlsx";
const NAME_THE_LOG: &str = "name the hazard log's spreadsheet (.xlsx, .ods, .csv and others)";

/// What these bytes are, if they are a workbook; else what they are instead, and what to do.
pub(super) fn recognise(bytes: &[u8], limits: &Limits) -> Result<Recognised, Fault> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(not_read("an empty file", "check that it was saved and copied whole"));
    }
    if bytes.starts_with(compound::MAGIC) {
        return in_compound(bytes).map(Recognised::Binary);
    }
    if bytes.starts_with(b"PK") {
        return in_archive(bytes, limits).map(Recognised::Binary);
    }
    if let Some((what, remedy)) = known(bytes) {
        return Err(not_read(what, remedy));
    }
    match encoding::decode(bytes) {
        Some(text) => in_text(text),
        None => Err(not_read("not a file that can be recognised", NAME_THE_LOG)),
    }
}

fn not_read(what: &str, remedy: &str) -> Fault {
    Fault::new(format!("Expected a spreadsheet; this is {what}"), remedy)
}

/// Files that begin with bytes of their own.
fn known(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let known: [(&[u8], &str, &str); 15] = [
        (b"%PDF", "a PDF document", NAME_THE_LOG),
        (b"\x89PNG", "a PNG picture", NAME_THE_LOG),
        (b"\xff\xd8\xff", "a JPEG picture", NAME_THE_LOG),
        (b"GIF8", "a GIF picture", NAME_THE_LOG),
        (b"BM", "a BMP picture", NAME_THE_LOG),
        (b"II*\0", "a TIFF picture", NAME_THE_LOG),
        (b"MM\0*", "a TIFF picture", NAME_THE_LOG),
        (b"{\\rtf", "a rich text document", NAME_THE_LOG),
        (b"\x7fELF", "a program", NAME_THE_LOG),
        (b"MZ", "a program", NAME_THE_LOG),
        (b"\x1f\x8b", "a gzip archive", "unpack it and name the spreadsheet in it"),
        (b"7z\xbc\xaf", "a 7z archive", "unpack it and name the spreadsheet in it"),
        (b"Rar!", "a RAR archive", "unpack it and name the spreadsheet in it"),
        (b"SQLite format 3", "an SQLite database", "export the table of hazards as .csv or .xlsx"),
        // The oldest Excel files: a sheet without a container.
        (b"\x09\x08", "an Excel file of before 1995", SAVE_AS),
    ];
    let (magic, what, remedy) = known.into_iter().find(|(magic, ..)| bytes.starts_with(magic))?;
    // Two letters may begin a text as well.
    let is_text =
        magic.len() == 2 && magic.is_ascii() && std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0);
    (!is_text).then_some((what, remedy))
}

/// One container holds old Office files and new ones under a password alike.
fn in_compound(bytes: &[u8]) -> Result<Format, Fault> {
    let Some(compound) = Compound::open(bytes) else {
        return Err(Fault::damaged(&"its directory cannot be read"));
    };
    let has = |name| compound.has(name);
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Err(container::under_password());
    }
    if has("Workbook") || has("Book") {
        return Ok(Format::Xls);
    }
    let (what, remedy) = if has("WordDocument") {
        ("an old Word document (.doc)", NAME_THE_LOG)
    } else if has("PowerPoint Document") {
        ("an old PowerPoint presentation (.ppt)", NAME_THE_LOG)
    } else if has("__properties_version1.0") {
        ("an Outlook message", "save the spreadsheet that is attached to it and name that")
    } else {
        ("an old Office file that is no workbook", NAME_THE_LOG)
    };
    Err(not_read(what, remedy))
}

fn in_archive(bytes: &[u8], limits: &Limits) -> Result<Format, Fault> {
    let mut archive = container::open(bytes, limits)?;
    let parts: BTreeSet<String> =
        archive.file_names().flatten().map(|name| name.replace('\\', "/").to_lowercase()).collect();
    let has = |name: &str| parts.contains(name);
    let within = |folder: &str| parts.iter().any(|part| part.starts_with(folder));
    if has("xl/workbook.bin") {
        return Ok(Format::Xlsb);
    }
    // Nearly always in xl; where it is, the package says.
    if parts.iter().any(|part| part.rsplit('/').next() == Some("workbook.xml")) {
        return Ok(if parts.iter().any(|part| part.ends_with("vbaproject.bin")) {
            Format::Xlsm
        } else {
            Format::Xlsx
        });
    }
    let mimetype = part(&mut archive, "mimetype");
    if mimetype.starts_with("application/vnd.oasis.opendocument.spreadsheet") {
        let is_locked = part(&mut archive, "META-INF/manifest.xml").contains("encryption-data");
        return if is_locked { Err(container::under_password()) } else { Ok(Format::Ods) };
    }
    let (what, remedy) = if has("word/document.xml") {
        ("a Word document (.docx)", "copy its table of hazards into a spreadsheet and save that as .xlsx")
    } else if has("ppt/presentation.xml") {
        ("a PowerPoint presentation (.pptx)", NAME_THE_LOG)
    } else if within("index/") || has("index.zip") {
        (
            "an Apple document (Numbers, Pages or Keynote)",
            "open it in Numbers, choose File, Export To, Excel, and name the .xlsx file",
        )
    } else if mimetype.starts_with("application/vnd.oasis.opendocument") {
        ("an OpenDocument file that is no spreadsheet", NAME_THE_LOG)
    } else if mimetype.starts_with("application/epub") {
        ("an electronic book", NAME_THE_LOG)
    } else {
        ("a zip archive that is no workbook", "unpack it and name the spreadsheet in it")
    };
    Err(not_read(what, remedy))
}

/// The text of a small part; nothing where there is none.
fn part(archive: &mut Archive<'_>, name: &str) -> String {
    const ENOUGH: u64 = 1 << 20;
    let mut text = Vec::new();
    if let Ok(part) = archive.by_name(name) {
        // What cannot be read of it says nothing.
        let _ = part.take(ENOUGH).read_to_end(&mut text);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn in_text(text: Text) -> Result<Recognised, Fault> {
    let start = text.text.trim_start();
    let starts_with =
        |word: &str| start.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if starts_with("<!doctype html") || starts_with("<html") {
        return Err(not_read("a web page", SAVE_AS));
    }
    if starts_with("<?xml") || starts_with("<!--") {
        return Err(not_read("an XML document", SAVE_AS));
    }
    if (start.starts_with('{') || start.starts_with('['))
        && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok()
    {
        return Err(if start.contains("docs.google.com") || start.contains("\"doc_id\"") {
            not_read(
                "a link to a Google document and not the document",
                "open it in the browser, choose File, Download, Microsoft Excel, and name that file",
            )
        } else {
            not_read("a JSON file that is no hazard log", NAME_THE_LOG)
        });
    }
    if markdown::has_table(&text.text) {
        return Ok(Recognised::Markdown(text));
    }
    match delimited::dialect(&text.text) {
        Some(dialect) => Ok(Recognised::Delimited(text, dialect)),
        None => Err(not_read(
            "a text file without a table",
            "name the hazard log's spreadsheet; a text needs commas, semicolons, tabs or bars between its cells, or a Markdown table",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::compound::tests::container;
    use super::super::container::tests::zipped;
    use super::*;

    /// What is said of these bytes, or the format that they are recognised as.
    fn what(bytes: &[u8]) -> String {
        match recognise(bytes, &Limits::default()) {
            Ok(Recognised::Binary(format)) => format.to_string(),
            Ok(Recognised::Markdown(_)) => Format::Markdown.to_string(),
            Ok(Recognised::Delimited(..)) => Format::Delimited.to_string(),
            Err(fault) => fault.of("log.xlsx").to_string(),
        }
    }

    #[track_caller]
    fn assert_said(bytes: &[u8], words: &str) {
        let said = what(bytes);
        assert!(said.contains(words), "{words}: {said}");
        assert!(said.contains("\n  do: "), "{said}");
    }

    #[test]
    fn a_wrong_file_is_named_for_what_it_is() {
        assert_said(b"", "an empty file");
        assert_said(b" \r\n", "an empty file");
        assert_said(b"%PDF-1.7", "a PDF document");
        assert_said(b"\x89PNG\r\n\x1a\n", "a PNG picture");
        assert_said(b"\xff\xd8\xff\xe0", "a JPEG picture");
        assert_said(b"GIF89a", "a GIF picture");
        assert_said(b"{\\rtf1 hello}", "a rich text document");
        assert_said(b"\x7fELF\x02\x01", "a program");
        assert_said(b"<!DOCTYPE html><p>Hello", "a web page");
        assert_said(b"<?xml version=\"1.0\"?><a/>", "an XML document");
        assert_said(b"{\"a\": 1}", "a JSON file");
        assert_said(b"{\"url\": \"https://docs.google.com/open?id=1\"}", "a link to a Google document");
        assert_said(b"Dear all,\nplease see the log.\nYours\nA\n", "a text file without a table");
        assert_said(&[0, 1, 2, 3], "not a file that can be recognised");
    }

    #[test]
    fn an_archive_is_named_by_its_parts() {
        assert_said(&zipped(&[("word/document.xml", "")]), "a Word document");
        assert_said(&zipped(&[("ppt/presentation.xml", "")]), "a PowerPoint presentation");
        assert_said(&zipped(&[("Index/Document.iwa", "")]), "Numbers");
        assert_said(&zipped(&[("mimetype", "application/vnd.oasis.opendocument.text")]), "no spreadsheet");
        assert_said(&zipped(&[("readme.txt", "")]), "a zip archive that is no workbook");
        assert_said(&zipped(&[("readme.txt", "")])[..20], "damaged");
        assert_eq!(what(&zipped(&[("xl/workbook.xml", "")])), Format::Xlsx.to_string());
        assert_eq!(
            what(&zipped(&[("xl/workbook.xml", ""), ("xl/vbaProject.bin", "")])),
            Format::Xlsm.to_string()
        );
        assert_eq!(what(&zipped(&[("xl/workbook.bin", "")])), Format::Xlsb.to_string());
        let ods = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
        assert_eq!(what(&zipped(&[ods])), Format::Ods.to_string());
        let locked = ("META-INF/manifest.xml", "<manifest:encryption-data/>");
        assert_said(&zipped(&[ods, locked]), "protected by a password");
    }

    #[test]
    fn an_old_workbook_is_told_from_one_under_a_password() {
        assert_eq!(what(&container("Workbook", b"")), Format::Xls.to_string());
        assert_said(&container("EncryptedPackage", b""), "protected by a password");
        assert_said(&container("WordDocument", b""), "an old Word document");
        assert_said(&container("Workbook", b"")[..600], "damaged");
    }

    #[test]
    fn a_table_of_text_is_known_by_its_shape() {
        assert_eq!(what(b"Hazard,Name\n1,x\n"), Format::Delimited.to_string());
        assert_eq!(what(b"# Log\n\n| No | Name |\n|----|------|\n| 1 | x |\n"), Format::Markdown.to_string());
        assert_eq!(what(b"MZ,BM\n1,2\n"), Format::Delimited.to_string());
    }
}
