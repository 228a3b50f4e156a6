//! Reading a workbook of whatever format its bytes are in.

use super::fault::Fault;
use super::limits::{Limit, Quota};
use super::sniff::{self, Recognised};
use super::{Format, Limits, Workbook, binary, delimited, excel, markdown, notes, open_document};
use crate::intake::InputError;

impl Workbook {
    /// Reads a workbook; `file` is the name that messages and provenance give it.
    ///
    /// # Errors
    /// If the bytes are in no format that is read, are damaged, or are more than the limits.
    pub fn from_bytes(bytes: &[u8], file: &str, limits: &Limits) -> Result<Self, InputError> {
        let mut workbook = read(bytes, limits).map_err(|fault| fault.of(file))?;
        workbook.file = file.into();
        if workbook.format == Format::Delimited {
            // As a spreadsheet program calls the one sheet of such a file.
            let name = file.rsplit('/').next().unwrap_or(file);
            let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            workbook.sheets.iter_mut().for_each(|sheet| sheet.name = name.into());
        }
        notes::complete(&mut workbook);
        Ok(workbook)
    }
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Fault> {
    if bytes.len() as u64 > limits.file_mib << 20 {
        let size = (bytes.len() as u64).div_ceil(1 << 20);
        let what = format!("The file is {size} MiB on disk; the limit is {} MiB", limits.file_mib);
        return Err(Fault::beyond(Limit::File, what));
    }
    let mut quota = Quota::new(limits);
    match sniff::recognise(bytes, limits)? {
        Recognised::Binary(format @ (Format::Xlsx | Format::Xlsm)) => excel::read(bytes, format, &mut quota),
        Recognised::Binary(Format::Xlsb) => binary::xlsb(bytes, &mut quota),
        Recognised::Binary(Format::Xls) => binary::xls(bytes, &mut quota),
        Recognised::Binary(_) => open_document::read(bytes, &mut quota),
        Recognised::Markdown(text) => markdown::read(&text, &mut quota),
        Recognised::Delimited(text, delimiter) => delimited::read(&text, &delimiter, &mut quota),
    }
}
