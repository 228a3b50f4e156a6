//! Hazard logs as a folder with a Markdown page a hazard, or as one page with a section a hazard.
//!
//! Headings, labels in bold, tables and front matter mean what the headers of a spreadsheet mean. A page becomes
//! statements ([`page`]), these a record ([`hazard`]), and the records a log, as in
//! [`structured`](super::structured). Every block of a page ends in a field, in a line of the explanation that says
//! why it was left out, or as unmapped with an observation.

mod block;
mod front_matter;
pub(in crate::intake::hazard_log) mod hazard;
pub(in crate::intake::hazard_log) mod heading;
mod html;
pub(in crate::intake::hazard_log) mod page;
mod table;

use super::explain::{
    CellCount, ColumnReading, Confidence, Explanation, IgnoredCells, SheetReading, SheetRole, TableReading,
    UnmappedCell,
};
use super::field::Field;
use super::header::{Header, recognise};
use super::structured::build::{Built, Places, build};
use super::structured::record::LogRecord;
use super::{HazardLogInput, RatedBy};
use crate::case::Place;
use crate::case::excerpt::excerpt;
use crate::case::observation::{Observation, ObservationKind};
use crate::intake::InputError;
use block::Content;
use ecow::{EcoString, eco_format};
use hazard::Reading;
use page::Page;
use std::collections::BTreeMap;

/// A page with the name that messages and provenance call it by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// Reads a folder of pages, a hazard a page.
///
/// # Errors
/// If no page is that of a hazard.
pub(super) fn read_folder(
    folder: &str,
    texts: &[Text<'_>],
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    let mut log = PagesLog::default();
    for text in texts {
        let name = text.file.rsplit('/').next().unwrap_or(text.file);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let page = page::read(text.text, 1);
        refuse_nested(text.file, &page)?;
        if let Some(why) = left_out(stem, &page) {
            log.leave_out(text.file, why);
        } else {
            log.take(text.file, text.file.to_owned(), &page, hazard::read(&page, stem, rated_by));
        }
    }
    if log.record.hazards.is_empty() {
        return Err(InputError::new(format!(
            "The folder \"{folder}\" holds no page of a hazard; {} looked at",
            if texts.len() == 1 { "1 page was".to_owned() } else { format!("{} pages were", texts.len()) }
        ))
        .at(Place::file(folder))
        .hint(HEADINGS));
    }
    log.finish(texts, "one page a hazard, with headings for its fields", rated_by)
}

/// Reads one page with a section a hazard.
///
/// # Errors
/// If no section of it is that of a hazard.
pub(super) fn read_page(text: Text<'_>, rated_by: &RatedBy<'_>) -> Result<HazardLogInput, InputError> {
    let whole = page::read(text.text, 1);
    refuse_nested(text.file, &whole)?;
    let mut log = PagesLog::default();
    let sections = sections(text.text);
    let name = text.file.rsplit('/').next().unwrap_or(text.file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match &sections[..] {
        [] if hazard::is_hazard(&whole) => {
            log.take(text.file, text.file.to_owned(), &whole, hazard::read(&whole, stem, rated_by));
        }
        [] => {}
        [(first, _), ..] => {
            log.preamble(text.file, &page::read(above(text.text, *first), 1));
            for (index, (line, section)) in sections.iter().enumerate() {
                let page = page::read(section, *line);
                let title = page.title.as_ref().map_or("", |(_, title)| title.as_str());
                if hazard::is_hazard(&page) {
                    let reading = hazard::read(&page, &format!("{stem}-{}", index + 1), rated_by);
                    log.take(text.file, title.to_owned(), &page, reading);
                } else {
                    log.section(text.file, title, &page);
                }
            }
        }
    }
    if log.record.hazards.is_empty() {
        return Err(InputError::new("This page holds neither a table of hazards nor a section of one")
            .at(Place::file(text.file))
            .hint(HEADINGS));
    }
    log.finish(&[text], "one section a hazard, with headings or labels for its fields", rated_by)
}

const HEADINGS: &str = "give each hazard headings such as Hazard Description, Potential Clinical Impact, Possible Causes, Existing Controls, Severity, Likelihood and Risk";

/// Whether a page has a table with the headers of a hazard log, a row a hazard.
pub(super) fn has_hazard_table(text: &str) -> bool {
    block::blocks(text, 1).all.iter().any(|block| match &block.content {
        Content::Table(rows) => rows.iter().take(3).any(|row| {
            let found: Vec<Header> = row.iter().filter_map(|cell| recognise(cell)?.header()).collect();
            let names_a_hazard = found
                .iter()
                .any(|header| matches!(header, Header::Field(Field::HazardId | Field::HazardName)));
            names_a_hazard && found.len() >= 3
        }),
        _ => false,
    })
}

/// A list of hazards or controls in front matter is a schema of its own.
fn refuse_nested(file: &str, page: &Page) -> Result<(), InputError> {
    match &page.nested {
        None => Ok(()),
        Some((line, key)) => Err(InputError::new(format!(
            "The front matter of this page lists its {key} as YAML, which is not read"
        ))
        .at(Place::line(file, *line))
        .hint("write the hazards as TOML or JSON (\"cscr schema hazard-log\" says how), as a table, or as one page each")),
    }
}

/// Why a page is not that of a hazard.
fn left_out(stem: &str, page: &Page) -> Option<&'static str> {
    let stem = stem.to_lowercase();
    if stem.starts_with("readme") || matches!(stem.as_str(), "index" | "_index" | "summary") {
        Some("an index of the folder, not a hazard")
    } else if stem.trim_start_matches('_').ends_with("template") {
        Some("a template, not a hazard")
    } else if hazard::is_hazard(page) {
        None
    } else {
        Some("no heading, label or table of it is a hazard's")
    }
}

/// The sections of a page that hold hazards, with their first lines: those of the highest level of headings at which
/// there are two; else the only one that there is.
fn sections(text: &str) -> Vec<(usize, &str)> {
    let headings: Vec<(usize, u8, String)> = block::blocks(text, 1)
        .all
        .into_iter()
        .filter_map(|block| match block.content {
            Content::Heading { level, text } => Some((block.line, level, text)),
            _ => None,
        })
        .collect();
    let levels: Vec<Vec<(usize, &str)>> = (1..=4).map(|level| sections_at(text, &headings, level)).collect();
    let hazards = |sections: &[(usize, &str)]| {
        let pages = sections.iter().map(|(line, text)| page::read(text, *line));
        // A section of ratings alone is a part of a hazard.
        pages.filter(|page| hazard::is_hazard(page) && hazard::is_described(page)).count()
    };
    let several = levels.iter().find(|sections| hazards(sections) >= 2);
    let only = || levels.iter().find(|sections| sections.len() == 1 && hazards(sections) == 1);
    several.or_else(only).cloned().unwrap_or_default()
}

/// The sections under the headings of a level that mean nothing themselves: they may be names of hazards.
fn sections_at<'a>(text: &'a str, headings: &[(usize, u8, String)], wanted: u8) -> Vec<(usize, &'a str)> {
    let is_name = |text: &str| {
        let meaning = heading::meaning(text);
        meaning.header.is_none() && meaning.stage.is_none()
    };
    let ends = headings.iter().filter(|(_, level, _)| *level <= wanted).map(|(line, ..)| *line);
    let ends: Vec<usize> = ends.chain([text.lines().count() + 1]).collect();
    let names = headings.iter().filter(|(_, level, text)| *level == wanted && is_name(text));
    names
        .map(|(line, ..)| {
            let end = ends.iter().copied().find(|end| end > line).unwrap_or(usize::MAX);
            (*line, between(text, *line, end))
        })
        .collect()
}

/// The lines from one line to before another, counted from 1.
fn between(text: &str, first: usize, end: usize) -> &str {
    let offset = |line: usize| text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    &text[offset(first)..offset(end.min(text.lines().count() + 1))]
}

fn above(text: &str, line: usize) -> &str {
    between(text, 1, line)
}

/// A log while its pages are read.
#[derive(Default)]
struct PagesLog {
    record: LogRecord,
    places: PagePlaces,
    observations: Vec<Observation>,
    explanation: Explanation,
    headings: Vec<ColumnReading>,
    /// What of the explanation is counted with the pages so far.
    counted: CellCount,
    ignored: usize,
}

impl PagesLog {
    fn take(&mut self, file: &str, called: String, page: &Page, reading: Reading) {
        let index = self.record.hazards.len();
        let at = |line| Place::line(file, line);
        let first = page.title.as_ref().map(|(line, _)| *line);
        let first = first.or_else(|| page.statements.first().map(|statement| statement.line)).unwrap_or(1);
        self.places.0.insert(format!("hazards/{index}"), at(first));
        for (path, line) in &reading.lines {
            self.places.0.insert(format!("hazards/{index}/{path}"), at(*line));
        }
        let parts: usize = page.statements.iter().map(|statement| statement.parts.len()).sum();
        let content = parts + usize::from(page.title.is_some());
        self.account(file, page, content, content.saturating_sub(reading.unmapped.len()));
        for (line, header, text) in reading.unmapped {
            self.unmapped(file, line, header, text);
        }
        for (kind, line, message) in reading.observed {
            let hazard = reading.record.id.clone();
            self.observations.push(Observation { kind, hazard, place: Some(at(line)), message });
        }
        let fields = page.headings.iter().filter(|heading| heading.field.is_some()).count();
        let why = format!("{fields} headings, labels and table cells of a hazard");
        self.page_read(called, SheetRole::Hazards, why);
        self.record.hazards.push(reading.record);
    }

    /// Accounts for the blocks of a page, of which those with a field are so many, and so many reached the case.
    fn account(&mut self, file: &str, page: &Page, content: usize, mapped: usize) {
        self.explanation.cells += content + page.unmapped.len() + page.ignored.len() + page.pictures.len();
        self.explanation.mapped += mapped;
        for heading in &page.headings {
            let known = self.headings.iter().any(|known| {
                known.header == heading.header && known.field == heading.field && known.why == heading.why
            });
            if !known {
                let cell = format!("{file}, {}", heading.cell);
                self.headings.push(ColumnReading { cell, ..heading.clone() });
            }
        }
        for (line, header, text) in &page.unmapped {
            self.unmapped(file, *line, header.clone(), text.clone());
        }
        for (line, reason) in &page.ignored {
            self.ignored(format!("{file}, line {line}"), 1, reason);
        }
        for (line, picture) in &page.pictures {
            let message = format!("A picture was not read: {}.", excerpt(picture));
            self.observations.push(Observation {
                kind: ObservationKind::SheetNotRead,
                hazard: None,
                place: Some(Place::line(file, *line)),
                message,
            });
            self.ignored(format!("{file}, line {line}"), 1, "a picture");
        }
    }

    fn unmapped(&mut self, file: &str, line: usize, header: Option<String>, text: String) {
        let under = header.as_ref().map_or_else(String::new, |header| format!(" under \"{header}\""));
        let message = format!("The text{under} was not read into any hazard: \"{}\".", excerpt(&text));
        self.observations.push(Observation {
            kind: ObservationKind::Unmapped,
            hazard: None,
            place: Some(Place::line(file, line)),
            message,
        });
        let (cell, header) = (eco_format!("{file}, line {line}"), header.map(EcoString::from));
        self.explanation.unmapped.push(UnmappedCell { sheet: None, cell, header, text: text.into() });
    }

    fn ignored(&mut self, cells: String, count: usize, reason: &str) {
        self.explanation.ignored.push(IgnoredCells { cells, count, reason: reason.to_owned() });
    }

    /// A page of the folder that is no hazard. An index of it is where it should be, and nothing to look at.
    fn leave_out(&mut self, file: &str, why: &str) {
        if !why.starts_with("an index") {
            self.observations.push(Observation {
                kind: ObservationKind::SheetNotRead,
                hazard: None,
                place: Some(Place::file(file)),
                message: format!("The page {file} was left out: {why}."),
            });
        }
        self.page_read(file.to_owned(), SheetRole::NotRead, why.to_owned());
    }

    /// Says what a page or a section was taken for, with what was counted since the one before.
    fn page_read(&mut self, sheet: String, role: SheetRole, why: String) {
        let all = self.explanation.count();
        let count = CellCount {
            cells: all.cells - self.counted.cells,
            mapped: all.mapped - self.counted.mapped,
            unmapped: all.unmapped - self.counted.unmapped,
            ignored: all.ignored - self.counted.ignored,
        };
        let ignored = self.explanation.ignored[self.ignored..].to_vec();
        (self.counted, self.ignored) = (all, self.explanation.ignored.len());
        let confidence = Confidence::Certain;
        let beside = Vec::new();
        self.explanation.sheets.push(SheetReading { sheet, role, confidence, why, count, ignored, beside });
    }

    /// What stands above the first hazard of a page: its title is that of the log.
    fn preamble(&mut self, file: &str, page: &Page) {
        let title = page.title.as_ref().filter(|_| self.record.title.is_none());
        if let Some((line, title)) = title {
            self.record.title = Some(title.clone());
            self.places.0.insert("title".to_owned(), Place::line(file, *line));
        }
        let content = usize::from(title.is_some());
        self.account(file, page, content, content);
        self.not_a_hazards(file, page);
    }

    /// A section that is no hazard.
    fn section(&mut self, file: &str, title: &str, page: &Page) {
        let why = "no heading, label or table of it is a hazard's";
        self.account(file, page, 0, 0);
        self.not_a_hazards(file, page);
        self.page_read(title.to_owned(), SheetRole::NotRead, why.to_owned());
    }

    /// Fields that stand where no hazard is.
    fn not_a_hazards(&mut self, file: &str, page: &Page) {
        for statement in page.statements.iter().filter(|statement| !statement.parts.is_empty()) {
            self.explanation.cells += 1;
            self.unmapped(file, statement.place(), Some(statement.field.to_string()), statement.text());
        }
    }

    fn finish(
        mut self,
        texts: &[Text<'_>],
        layout: &str,
        rated_by: &RatedBy<'_>,
    ) -> Result<HazardLogInput, InputError> {
        let Built { log, mut provenance, observations, readings } =
            build(self.record, &self.places, rated_by)?;
        for text in texts {
            provenance.quotes().record_lines(text.file.to_owned(), text.text);
        }
        self.observations.extend(observations);
        self.observations.sort();
        self.explanation.hazards = readings;
        self.explanation.total = self.explanation.count();
        let (header_rows, layout) = (Vec::new(), layout.to_owned());
        let sheet = "pages".to_owned();
        self.explanation.tables.push(TableReading { sheet, header_rows, layout, columns: self.headings });
        Ok(HazardLogInput { log, provenance, observations: self.observations, explanation: self.explanation })
    }
}

/// The lines of values, each in the file of its page.
#[derive(Default)]
pub(in crate::intake::hazard_log) struct PagePlaces(
    pub(in crate::intake::hazard_log) BTreeMap<String, Place>,
);

impl Places for PagePlaces {
    fn place(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(path) {
                return place.clone();
            }
            match path.rfind('/') {
                Some(end) => path = &path[..end],
                None => return self.0.values().next().cloned().unwrap_or_else(|| Place::file("")),
            }
        }
    }

    fn all(&self) -> Vec<(&str, Place)> {
        self.0.iter().map(|(path, place)| (path.as_str(), place.clone())).collect()
    }
}

#[cfg(test)]
mod tests;
