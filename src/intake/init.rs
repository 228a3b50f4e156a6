//! A new case folder: what the given files tell, and a visible placeholder for everything else.
//!
//! No name, date, registration or judgement is made up. What is written loads again at once, which takes an
//! as-of date: the one that is given, else the latest in the hazard log. Without either nothing is made.

mod skeleton;

use super::files::{FILE_LIMIT_MIB, read_limited};
use super::hazard_log::{self, LogFiles, RatedBy, ReadOptions};
use super::workbook::{Limits, Workbook};
use super::{InputError, as_of, psa, tom};
use crate::case::Date;
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use skeleton::{AsOf, Skeleton};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// What a case folder is made from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    pub hazard_log: Option<&'a Path>,
    pub tom: Option<&'a Path>,
    /// Needed where the hazard log holds no date.
    pub as_of: Option<Date>,
}

/// Makes a case folder from the files that there are; the paths that were written, from the folder.
///
/// The folder must not exist or be empty. The given files are copied into it and must be readable;
/// nothing is written unless they are.
pub fn init(folder: &Path, given: &Given) -> Result<Vec<String>, InputError> {
    refuse_content(folder)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut log = None;
    if let Some(path) = given.hazard_log {
        let given = copied_log(path)?;
        log = Some((given.name.clone(), read_hazard_log(&given)?));
        files.extend(given.into_files());
    }
    let as_of = as_of(given.as_of, log.as_ref().map(|(_, log)| log))?;
    let mut skeleton = Skeleton { log, tom: None, as_of };
    if let Some(path) = given.tom {
        let (name, bytes) = copied(path, "tom")?;
        check_tom(&name, &bytes)?;
        let name = if skeleton.log.as_ref().is_some_and(|(log, _)| same_file(log, &name)) {
            format!("tom-{name}")
        } else {
            name
        };
        skeleton.tom = Some(name.clone());
        files.push((name, bytes));
    }
    let mut written = skeleton.files()?;
    written.extend(files);
    for (path, bytes) in &written {
        write_new(folder, path, bytes)?;
    }
    Ok(written.into_iter().map(|(path, _)| path).collect())
}

fn as_of(given: Option<Date>, log: Option<&HazardLog>) -> Result<AsOf, InputError> {
    if let Some(date) = given {
        return Ok(AsOf::Given(date));
    }
    log.and_then(as_of::latest_of_log).map(AsOf::OfLog).ok_or_else(|| {
        let what = match log {
            Some(_) => "The hazard log holds no date that the case could be judged by",
            None => "Without a hazard log there is no date that the case could be judged by",
        };
        InputError::new(what).hint(
            "give one with --as-of, such as --as-of 2026-09-14; today's date is never taken, so that the same folder always gives the same report",
        )
    })
}

fn refuse_content(folder: &Path) -> Result<(), InputError> {
    let content = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => {
            return Err(InputError::new(format!(
                "\"{}\" cannot be used as a folder: {error}",
                folder.display()
            ))
            .hint("name a new or an empty folder"));
        }
    };
    if content {
        return Err(InputError::new(format!("The folder \"{}\" is not empty", folder.display()))
            .hint("name a new or an empty folder; nothing is overwritten"));
    }
    Ok(())
}

/// The name to give to a file in the case folder, and its bytes.
fn copied(path: &Path, role: &str) -> Result<(String, Vec<u8>), InputError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = read_limited(path, &name, FILE_LIMIT_MIB)?;
    Ok((name_for(&name, role), bytes))
}

/// The hazard log under the name that it gets in the case folder: a file, or a folder of pages.
fn copied_log(path: &Path) -> Result<LogFiles, InputError> {
    let files = LogFiles::open(path, &Limits::default())?;
    let name = name_for(if files.name.is_empty() { "hazards" } else { &files.name }, "hazard-log");
    Ok(files.called(&name))
}

fn name_for(name: &str, role: &str) -> String {
    // These are not parts of a path on every system.
    let name = name.replace(['\\', ':', '\u{fffd}'], "-");
    let is_taken = skeleton::NAMES.iter().any(|taken| same_file(taken, &name));
    if is_taken { format!("{role}-{name}") } else { name }
}

/// Some systems do not tell upper from lower case in file names.
fn same_file(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn read_hazard_log(files: &LogFiles) -> Result<HazardLog, InputError> {
    let policy = RiskPolicy::nhs();
    Ok(hazard_log::read_files(files, &ReadOptions::default(), &RatedBy::from(&policy))?.log)
}

fn check_tom(name: &str, bytes: &[u8]) -> Result<(), InputError> {
    if psa::is_toml(name) {
        tom::parse_toml(name, &super::files::to_text(name, bytes.to_vec())?)?;
    } else {
        tom::read_workbook(&Workbook::from_bytes(bytes, name, &Limits::default())?)?;
    }
    Ok(())
}

fn write_new(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), InputError> {
    let target = path.split('/').fold(folder.to_owned(), |whole, part| whole.join(part));
    let outcome = target.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&target)?;
        file.write_all(bytes)
    });
    outcome.map_err(|error| {
        InputError::new(format!("\"{}\" cannot be written: {error}", target.display()))
            .hint("check that you may write there and that there is room")
    })
}

#[cfg(test)]
mod tests;
