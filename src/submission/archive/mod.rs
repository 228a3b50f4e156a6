//! The zip archive that a pack is: written so that the same files give the same bytes, and read as if somebody wanted
//! to deceive.
//!
//! Readers of zip archives disagree about whatever is said twice in one (in the list at its end and at each file), and
//! about what nobody asked for: bytes before, between and behind. So reading refuses all of that, before anything is
//! unpacked, and takes nothing for true that a file says of its own size.

mod read;
mod record;
#[cfg(test)]
mod tests;

pub use read::{Archive, Bounds, Entry, Refused};

use crate::case::Date;
use std::borrow::Cow;
use std::io::{self, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// Level of compression. Another one would give other bytes.
const LEVEL: i64 = 6;

/// Writes files into an archive, in the order in which they come. Each has the date, and nothing else that could differ
/// from one machine to another.
///
/// # Errors
/// If a file cannot be had, or the archive cannot be written.
pub fn write<'a, W: Write + Seek>(
    out: W,
    date: Date,
    files: impl IntoIterator<Item = io::Result<(String, Cow<'a, [u8]>)>>,
) -> io::Result<W> {
    let mut zip = ZipWriter::new(out);
    for file in files {
        let (name, bytes) = file?;
        zip.start_file(name, options(date, &bytes)).map_err(io::Error::other)?;
        zip.write_all(&bytes)?;
    }
    zip.finish().map_err(io::Error::other)
}

fn options(date: Date, bytes: &[u8]) -> SimpleFileOptions {
    let (method, level) = if is_packed(bytes) {
        (CompressionMethod::Stored, None)
    } else {
        (CompressionMethod::Deflated, Some(LEVEL))
    };
    SimpleFileOptions::default()
        .compression_method(method)
        .compression_level(level)
        .last_modified_time(time(date))
        .system(System::Unix)
        .unix_permissions(0o644)
        .large_file(u32::try_from(bytes.len()).is_err())
}

/// What packing again makes no smaller: PDFs, workbooks and other archives, pictures.
fn is_packed(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 5] = [b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b"];
    MARKS.iter().any(|mark| bytes.starts_with(mark))
}

/// The start of the day. An archive counts from 1980.
fn time(date: Date) -> DateTime {
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or_default();
    DateTime::from_date_and_time(year, part(date.month()), part(date.day()), 0, 0, 0).unwrap_or_default()
}
