//! What a hazard log is given as, and reading it whatever that is.
//!
//! [`LogFiles`] is the log as bytes, from a path or out of a case folder. [`read_files`] finds out what the bytes
//! are and hands them to the reader of that format; whatever the format, the same [`HazardLogInput`] comes out.

use super::{HazardLogInput, Mapping, RatedBy, found_mapping, read_mapped};
use crate::case::Place;
use crate::intake::InputError;
use crate::intake::files::read_limited;
use crate::intake::workbook::{Limits, Workbook};
use std::path::Path;

/// A hazard log as it was given.
#[derive(Debug, Clone)]
pub struct LogFiles {
    /// What messages and provenance call it: its path in the case folder, or its file name.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// How a hazard log is to be read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    pub limits: Limits,
    /// What its sheets and columns are; without one, that is found out.
    pub mapping: Option<Mapping>,
}

impl LogFiles {
    /// The hazard log at a path, called by its file name.
    ///
    /// # Errors
    /// If there is nothing of that name, it cannot be read, or it is larger than the limits.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, InputError> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if path.is_dir() {
            return Err(InputError::new("This is a folder, not a workbook")
                .at(Place::file(&name))
                .hint("name the spreadsheet in it (.xlsx)"));
        }
        let bytes = read_limited(path, &name, limits.file_mib)?;
        Ok(Self { name, bytes })
    }
}

/// Reads a hazard log of any format; each rating is recomputed from the policy of its hazard.
///
/// # Errors
/// If it is in no format that is read, is beyond a limit, or no part of it is a table of hazards.
pub fn read_files(
    files: &LogFiles,
    options: &ReadOptions,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    let workbook = Workbook::from_bytes(&files.bytes, &files.name, &options.limits)?;
    read_mapped(&workbook, options.mapping.as_ref(), rated_by)
}

/// What a hazard log is read by where nobody says it, as the text of a mapping file.
///
/// # Errors
/// As [`read_files`].
pub fn mapping_text(
    files: &LogFiles,
    options: &ReadOptions,
    rated_by: &RatedBy<'_>,
) -> Result<String, InputError> {
    let workbook = Workbook::from_bytes(&files.bytes, &files.name, &options.limits)?;
    let (mapping, unread) = found_mapping(&workbook, rated_by)?;
    Ok(mapping.to_toml(&files.name, &unread))
}
