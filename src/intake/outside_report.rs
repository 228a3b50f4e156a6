//! A report from outside, as plain text, such as a PDF-to-text tool makes of a published one.

use super::files::CaseFolder;
use super::{InputError, Reading};
use crate::case::digest::sha256_hex;
use crate::case::outside_report::OutsideReport;
use crate::case::{Place, Provenance};

/// Reads the text of a report. A PDF is refused with the way to make text of it.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Reading<OutsideReport>, InputError> {
    let bytes = folder.read_bytes(path)?;
    let sha256 = sha256_hex(&bytes);
    let refuse = |what: &str| {
        Err(InputError::new(format!("\"{path}\" is {what}, and an outside report is read as text"))
            .at(Place::file(path))
            .hint(
                "make text of it, such as with pdftotext -layout report.pdf report.txt, and name that file as outside_report",
            ))
    };
    if bytes.starts_with(b"%PDF") {
        return refuse("a PDF");
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return refuse("not text in UTF-8");
    };
    let mut provenance = Provenance::default();
    provenance.record(crate::case::outside_report::PATH, Place::file(path));
    let text = text.replace("\r\n", "\n");
    Ok((OutsideReport { file: path.to_owned(), sha256, text }, provenance, Vec::new()))
}
