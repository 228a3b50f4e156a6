//! The zip archive that most spreadsheets are, opened within limits.
//!
//! An archive states how large its parts are, and a hostile one states less. So every part is unpacked once for
//! its size alone, before anything is made of it: that takes a small part of the time of reading, and no memory.

use super::fault::Fault;
use super::limits::{Limit, Limits};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The archive of these bytes, if it is within the limits.
pub(super) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Archive<'a>, Fault> {
    // The list of parts is read whole, so its length is looked at first.
    if listed_parts(bytes) > limits.parts() {
        let what = format!("The file is a zip archive of more than {} parts, the limit", limits.parts());
        return Err(Fault::beyond(Limit::Sheets, what));
    }
    let mut archive = reopen(bytes)?;
    let limit = limits.unpacked_mib << 20;
    let mut size = 0_u64;
    for index in 0..archive.len() {
        let part = match archive.by_index(index) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => return Err(under_password()),
            Err(error) => return Err(Fault::damaged(&error)),
        };
        let unpacked = std::io::copy(&mut part.take(limit - size + 1), &mut std::io::sink());
        size += unpacked.map_err(|error| Fault::damaged(&error))?;
        if size > limit {
            let what = format!("The workbook is more than {} MiB unpacked, the limit", limits.unpacked_mib);
            return Err(Fault::beyond(Limit::Unpacked, what));
        }
    }
    Ok(archive)
}

/// The archive of bytes that [`open`] has passed.
pub(super) fn reopen(bytes: &[u8]) -> Result<Archive<'_>, Fault> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| Fault::damaged(&error))
}

/// Where a part is. Some programs write other letters or slashes into names than they refer to them by.
pub(super) fn find(archive: &Archive<'_>, name: &str) -> Option<usize> {
    let plain = |name: &str| name.replace('\\', "/").to_lowercase();
    archive.index_for_name(name).or_else(|| {
        let wanted = plain(name);
        archive.file_names().position(|found| found.is_ok_and(|found| plain(&found) == wanted))
    })
}

/// What is said of a workbook that only its password opens.
pub(super) fn under_password() -> Fault {
    Fault::new(
        "The workbook is protected by a password",
        "open it in a spreadsheet program, remove the password, and save it as .xlsx",
    )
}

/// How many parts the archive lists at most: how often the mark of a list's entry stands in the bytes.
fn listed_parts(bytes: &[u8]) -> u64 {
    bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count() as u64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::write::SimpleFileOptions;

    /// A zip archive of these parts.
    pub(in crate::intake::workbook) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let parts: Vec<(&str, &[u8])> =
            parts.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
        zipped_bytes(&parts)
    }

    pub(in crate::intake::workbook) fn zipped_bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn refusal(bytes: &[u8], limits: &Limits) -> String {
        open(bytes, limits).map(|_| ()).unwrap_err().of("log.xlsx").to_string()
    }

    #[test]
    fn what_a_part_unpacks_to_is_measured_and_not_believed() {
        let mut bytes = zipped(&[("big.xml", &" ".repeat(3 << 20))]);
        let limits = Limits { unpacked_mib: 2, ..Limits::default() };
        let said = refusal(&bytes, &limits);
        assert!(said.contains("more than 2 MiB unpacked") && said.contains("--max-unpacked-mib"), "{said}");
        assert!(open(&bytes, &Limits { unpacked_mib: 3, ..limits }).is_ok());
        // The size of the part as its head and the archive's list claim it.
        let size = (3_u32 << 20).to_le_bytes();
        let claims: Vec<usize> =
            bytes.windows(4).enumerate().filter(|(_, window)| *window == size).map(|(at, _)| at).collect();
        assert_eq!(claims.len(), 2);
        for at in claims {
            bytes[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
        let said = refusal(&bytes, &limits);
        assert!(said.contains("2 MiB unpacked") || said.contains("damaged"), "{said}");
    }

    #[test]
    fn an_archive_of_too_many_parts_is_not_listed() {
        let names: Vec<String> = (0..50).map(|number| format!("part{number}")).collect();
        let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let said = refusal(&zipped(&parts), &Limits { sheets: 2, ..Limits::default() });
        assert!(said.contains("more than 40 parts") && said.contains("--max-sheets"), "{said}");
    }
}
