//! What a hazard log is given as, and reading it whatever that is.
//!
//! [`LogFiles`] is the log as bytes, from a path or out of a case folder: one file, or the pages of a folder.
//! [`read_files`] finds out what the bytes are and hands them to the reader of that format; whatever the format, the
//! same [`HazardLogInput`] comes out.

use super::structured::{self, Form};
use super::{HazardLogInput, Mapping, RatedBy, discover, found_mapping, pages, read_mapped};
use crate::case::Place;
use crate::intake::InputError;
use crate::intake::files::{CaseFolder, to_text, unused_file};
use crate::intake::workbook::{Limits, Workbook};
use crate::trace::{self, Entry};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::path::Path;

/// A hazard log as it was given.
#[derive(Debug, Clone)]
pub struct LogFiles {
    /// What messages and provenance call it: its path in the case folder, or its file name.
    pub name: String,
    pub given: Given,
}

/// One file, or a folder.
#[derive(Debug, Clone)]
pub enum Given {
    File(Vec<u8>),
    Folder {
        /// The Markdown files of the folder, in the order of their names and numbers.
        pages: Vec<PageFile>,
        /// Names of what else lies in the folder, without hidden files.
        others: Vec<String>,
    },
}

/// A page of a folder.
#[derive(Debug, Clone)]
pub struct PageFile {
    /// Its name in the folder.
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
        let given = if path.is_dir() {
            let entries = trace::entries(path).map_err(|error| {
                InputError::new(format!("The folder \"{name}\" cannot be read: {error}"))
                    .at(Place::file(&name))
                    .hint("check that you may read it")
            })?;
            let read = |page: &str| limits.read_file(&path.join(page), &within(&name, page));
            pages_of(&name, entries, read, limits)?
        } else {
            Given::File(limits.read_file(path, &name)?)
        };
        Ok(Self { name, given })
    }

    /// The hazard log at a path of a case folder, called by that path.
    ///
    /// # Errors
    /// If the path leaves the case folder, there is nothing, it cannot be read, or it is larger than the limits.
    pub fn in_case(folder: &CaseFolder, path: &str, limits: &Limits) -> Result<Self, InputError> {
        folder.locate(path)?;
        let given = if folder.has_folder(path) {
            let read = |page: &str| folder.read_spreadsheet(&within(path, page), limits);
            pages_of(path, folder.entries(path)?, read, limits)?
        } else {
            Given::File(folder.read_spreadsheet(path, limits)?)
        };
        Ok(Self { name: path.to_owned(), given })
    }

    /// A hazard log that is one file.
    #[must_use]
    pub fn file(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), given: Given::File(bytes) }
    }

    /// The same under another name.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Every file of it with its path; pages stand below the name of their folder.
    #[must_use]
    pub fn into_files(self) -> Vec<(String, Vec<u8>)> {
        match self.given {
            Given::File(bytes) => vec![(self.name, bytes)],
            Given::Folder { pages, .. } => {
                pages.into_iter().map(|page| (within(&self.name, &page.name), page.bytes)).collect()
            }
        }
    }
}

fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

fn is_markdown(name: &str) -> bool {
    matches!(extension(name).as_str(), "md" | "markdown")
}

/// The pages of a folder, and the names of what else is in it. The limit for a file holds for all pages together.
fn pages_of(
    name: &str,
    mut entries: Vec<Entry>,
    read: impl Fn(&str) -> Result<Vec<u8>, InputError>,
    limits: &Limits,
) -> Result<Given, InputError> {
    entries.sort_by(|one, other| by_number(&one.name, &other.name));
    let (mut pages, mut others) = (Vec::new(), Vec::new());
    let mut size = 0;
    for Entry { name: entry, is_folder } in entries {
        if is_folder || !is_markdown(&entry) {
            others.push(if is_folder { format!("{entry}/") } else { entry });
            continue;
        }
        let bytes = read(&entry)?;
        size += bytes.len() as u64;
        if size > limits.file_mib << 20 {
            return Err(InputError::new(format!(
                "The pages of \"{name}\" are larger than {} MiB together, the limit for a hazard log",
                limits.file_mib
            ))
            .at(Place::file(name))
            .hint("make sure that it is the right folder"));
        }
        pages.push(PageFile { name: entry, bytes });
    }
    Ok(Given::Folder { pages, others })
}

/// Orders names as people count: `hazard-2.md` before `hazard-10.md`.
fn by_number(one: &str, other: &str) -> Ordering {
    let (mut one_left, mut other_left) = (one, other);
    loop {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (of_one, of_other) = (digits(one_left), digits(other_left));
        let order = if of_one > 0 && of_other > 0 {
            let value = |text: &str, end: usize| text[..end].trim_start_matches('0').to_owned();
            let (a, b) = (value(one_left, of_one), value(other_left, of_other));
            (one_left, other_left) = (&one_left[of_one..], &other_left[of_other..]);
            a.len().cmp(&b.len()).then(a.cmp(&b))
        } else {
            let (mut a, mut b) = (one_left.chars(), other_left.chars());
            match (a.next(), b.next()) {
                (None, None) => return one.cmp(other),
                (first, second) => {
                    (one_left, other_left) = (a.as_str(), b.as_str());
                    first.cmp(&second)
                }
            }
        };
        if order != Ordering::Equal {
            return order;
        }
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
    match &files.given {
        Given::File(bytes) => read_file(&files.name, bytes, options, rated_by),
        Given::Folder { pages, others } => read_pages(&files.name, pages, others, rated_by),
    }
}

fn read_file(
    name: &str,
    bytes: &[u8],
    options: &ReadOptions,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    if let Some(text) = as_text(name, bytes)? {
        if let Some(form) = Form::of(name, &text) {
            return structured::read(form, name, &text, rated_by);
        }
        refuse_yaml(name, &text)?;
        let is_page = is_markdown(name) || extension(name).is_empty() && text.starts_with("# ");
        if is_page && !pages::has_hazard_table(&text) {
            return pages::read_page(pages::Text { file: name, text: &text }, rated_by);
        }
    }
    let workbook = Workbook::from_bytes(bytes, name, &options.limits)?;
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
    let Given::File(bytes) = &files.given else {
        return Err(InputError::new("A folder of pages has no columns for a mapping to name")
            .at(Place::file(&files.name))
            .hint("leave out --save-mapping"));
    };
    let workbook = Workbook::from_bytes(bytes, &files.name, &options.limits)?;
    let (mapping, unread) = found_mapping(&workbook, rated_by)?;
    Ok(mapping.to_toml(&files.name, &unread))
}

/// The text of a mapping file to be filled in, for a workbook in which no hazards are found; `None` where nothing in it
/// looks like a table.
#[must_use]
pub fn mapping_to_fill_in(files: &LogFiles, options: &ReadOptions) -> Option<String> {
    let Given::File(bytes) = &files.given else { return None };
    let workbook = Workbook::from_bytes(bytes, &files.name, &options.limits).ok()?;
    Some(discover::to_be_mapped(&workbook)?.to_toml(&files.name, &[]))
}

/// The text of a file, where it is one. A file that its name calls text has to be.
fn as_text<'a>(name: &str, bytes: &'a [u8]) -> Result<Option<Cow<'a, str>>, InputError> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') && !text.trim().is_empty() => {
            Ok(Some(Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text))))
        }
        Err(_) if matches!(extension(name).as_str(), "json" | "toml") => {
            to_text(name, bytes.to_vec()).map(Cow::Owned).map(Some)
        }
        _ => Ok(None),
    }
}

fn refuse_yaml(name: &str, text: &str) -> Result<(), InputError> {
    let is_named = matches!(extension(name).as_str(), "yaml" | "yml");
    let is_list = text.lines().any(|line| line.trim_end() == "hazards:") && !is_markdown(name);
    if !is_named && !is_list {
        return Ok(());
    }
    Err(InputError::new("This is YAML, in which no hazard log is read")
        .at(Place::file(name))
        .hint("write the log as TOML or JSON (\"cscr schema hazard-log\" says how), or as a spreadsheet"))
}

fn read_pages(
    name: &str,
    pages: &[PageFile],
    others: &[String],
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    // A case folder may hold a read-me, which is a page of no hazard.
    if pages.is_empty() || others.iter().any(|other| other == "case.toml") {
        return Err(no_pages(name, others));
    }
    let named = pages.iter().map(|page| {
        let file = within(name, &page.name);
        Ok((to_text(&file, page.bytes.clone())?, file))
    });
    let named = named.collect::<Result<Vec<(String, String)>, InputError>>()?;
    let texts: Vec<_> = named.iter().map(|(text, file)| pages::Text { file, text }).collect();
    let mut input = pages::read_folder(name, &texts, rated_by)?;
    let is_picture =
        |name: &&String| matches!(extension(name).as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp");
    let unused = others.iter().filter(|name| !is_picture(name));
    input
        .observations
        .extend(unused.filter_map(|other| unused_file(&within(name, other), "a Markdown page of a hazard")));
    input.observations.sort();
    Ok(input)
}

fn no_pages(name: &str, others: &[String]) -> InputError {
    let what = "This is a folder, and it holds no Markdown page (.md) of a hazard";
    let has = |name: &str| others.iter().any(|other| other == name);
    let logs: Vec<&str> = others
        .iter()
        .map(String::as_str)
        .filter(|name| {
            matches!(
                extension(name).as_str(),
                "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "csv" | "tsv" | "json"
            )
        })
        .collect();
    let hint = if has("case.toml") {
        "this is a case folder: \"cscr check\" and \"cscr build\" take it, and \"cscr import\" takes its hazard log"
            .to_owned()
    } else if logs.is_empty() {
        "name a hazard log, or a folder with a Markdown page for each hazard".to_owned()
    } else {
        format!(
            "name the hazard log in it, such as {}",
            logs.iter().take(3).copied().collect::<Vec<_>>().join(", ")
        )
    };
    InputError::new(what).at(Place::file(name)).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_by_their_numbers() {
        let mut names = ["h10.md", "h2.md", "h02.md", "a.md", "h2b.md", "h.md"];
        names.sort_by(|one, other| by_number(one, other));
        assert_eq!(names, ["a.md", "h.md", "h02.md", "h2.md", "h2b.md", "h10.md"]);
    }
}
