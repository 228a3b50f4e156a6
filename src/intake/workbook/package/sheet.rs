//! What lies beside the values of one sheet, in one pass over its part.

use super::super::validation::{self, ListValidation};
use super::super::xml::{attribute, each_event, is_true, local, number, push_text};
use super::super::{Address, Drawing, Sheet};
use super::styles::{Marks, StruckRuns};
use super::{Archive, Fault, Relations};
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(in crate::intake::workbook) struct SheetExtras {
    hidden_rows: BTreeSet<u32>,
    /// First and last column of each hidden run.
    hidden_columns: Vec<(u32, u32)>,
    /// With the words that are struck through, where it is not the whole cell.
    struck_through: Vec<(Address, Option<String>)>,
    concealed: BTreeSet<Address>,
    pub(super) comments: BTreeMap<Address, String>,
    /// Conversations, which older programs show as a comment that says so.
    pub(super) threads: BTreeMap<Address, String>,
    validations: Vec<ListValidation>,
    links: BTreeMap<Address, String>,
    page_texts: Vec<String>,
    drawing: Drawing,
    last_row: Option<u32>,
}

impl SheetExtras {
    pub(super) fn add(&mut self, drawing: Drawing) {
        self.drawing.pictures += drawing.pictures;
        self.drawing.text_boxes.extend(drawing.text_boxes);
    }

    pub(in crate::intake::workbook) fn apply(mut self, sheet: &mut Sheet) {
        let used_rows = sheet.rows();
        let used_columns: BTreeSet<u32> = sheet.cells().map(|(address, _)| address.column).collect();
        let hidden =
            |column: &u32| self.hidden_columns.iter().any(|(first, last)| (first..=last).contains(&column));
        sheet.hidden_rows = self.hidden_rows.intersection(&used_rows).copied().collect();
        sheet.hidden_columns = used_columns.into_iter().filter(hidden).collect();
        for (address, words) in self.struck_through {
            if let Some(cell) = sheet.cells.get_mut(&address) {
                cell.struck_through = true;
                cell.struck_words = words.filter(|words| !covers(words, &cell.text));
            }
        }
        self.concealed.retain(|address| sheet.cells.contains_key(address));
        self.comments.extend(self.threads);
        sheet.concealed = self.concealed;
        sheet.comments = self.comments;
        sheet.validations = self.validations;
        sheet.links = self.links;
        sheet.page_texts = self.page_texts;
        sheet.drawing = self.drawing;
        sheet.last_row = self.last_row;
    }
}

/// Whether these words are all that a text says.
fn covers(words: &str, text: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    letters(words) == letters(text)
}

/// Reads the extras of the sheet whose cells are in this part.
pub(super) fn read(
    archive: &mut Archive<'_>,
    part: &str,
    marks: &Marks,
    relations: &Relations,
) -> Result<SheetExtras, Fault> {
    let mut reading = SheetReading {
        marks,
        relations,
        extras: SheetExtras::default(),
        next_row: 0,
        cell: None,
        runs: StruckRuns::default(),
        validation: None,
        text: None,
    };
    each_event(archive, part, |event| {
        reading.visit(event);
        Ok(())
    })?;
    Ok(reading.extras)
}

struct SheetReading<'a> {
    marks: &'a Marks,
    relations: &'a Relations,
    extras: SheetExtras,
    next_row: u32,
    /// The cell that is being read, and whether it refers to a shared string.
    cell: Option<(Address, bool)>,
    /// Of text that stands in the cell itself.
    runs: StruckRuns,
    validation: Option<(ListValidation, String)>,
    /// Of the element that is being read, where what it says is wanted.
    text: Option<String>,
}

impl SheetReading<'_> {
    fn visit(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(element) => self.start(element),
            Event::Empty(element) => {
                self.start(element);
                self.end(local(element));
            }
            Event::End(element) => self.end(element.local_name().as_ref()),
            event => {
                if let Some(text) = &mut self.text {
                    push_text(text, event);
                }
            }
        }
        if self.cell.is_some_and(|(_, shared)| !shared) {
            self.runs.visit(event);
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        match local(element) {
            "c" => self.cell(element),
            "v" if self.cell.is_some_and(|(_, shared)| shared) => self.text = Some(String::new()),
            "row" => {
                let row = number(element, "r").map_or(self.next_row, |row| row.saturating_sub(1));
                self.next_row = row.saturating_add(1);
                if is_true(element, "hidden") {
                    self.extras.hidden_rows.insert(row);
                }
            }
            "col" if is_true(element, "hidden") => {
                if let (Some(first), Some(last)) = (number(element, "min"), number(element, "max")) {
                    self.extras.hidden_columns.push((first.saturating_sub(1), last.saturating_sub(1)));
                }
            }
            "dataValidation" => {
                let is_list = attribute(element, "type").as_deref() == Some("list");
                let ranges = attribute(element, "sqref").unwrap_or_default().into_owned();
                self.validation = is_list.then(|| (ListValidation::default(), ranges));
            }
            "formula1" | "sqref" if self.validation.is_some() => self.text = Some(String::new()),
            "hyperlink" => self.link(element),
            "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter" => {
                self.text = Some(String::new());
            }
            _ => {}
        }
    }

    fn cell(&mut self, element: &BytesStart<'_>) {
        let (mut address, mut style, mut shared) = (None, None, false);
        for attribute in element.attributes().flatten() {
            match attribute.key.as_ref() {
                "r" => address = attribute.value.parse::<Address>().ok(),
                "s" => style = attribute.value.parse::<u32>().ok(),
                "t" => shared = attribute.value.as_ref() == "s",
                _ => {}
            }
        }
        self.cell = address.map(|address| (address, shared));
        self.extras.last_row = self.extras.last_row.max(address.map(|address| address.row));
        let (Some(address), Some(style)) = (address, style) else { return };
        if self.marks.struck_styles.contains(&style) {
            self.extras.struck_through.push((address, None));
            self.cell = None;
        }
        if self.marks.blank_styles.contains(&style) {
            self.extras.concealed.insert(address);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "v" => {
                let index = self.text.take().and_then(|text| text.trim().parse().ok());
                let words = index.and_then(|index: u32| self.marks.struck_strings.get(&index));
                if let (Some((address, true)), Some(words)) = (self.cell, words) {
                    self.extras.struck_through.push((address, Some(words.clone())));
                }
            }
            "c" => {
                let words = self.runs.take();
                if let (Some((address, false)), Some(words)) = (self.cell.take(), words) {
                    self.extras.struck_through.push((address, Some(words)));
                }
            }
            "formula1" => {
                if let (Some((validation, _)), Some(text)) = (&mut self.validation, self.text.take()) {
                    validation.list = text;
                }
            }
            "sqref" => {
                if let (Some((_, ranges)), Some(text)) = (&mut self.validation, self.text.take()) {
                    *ranges = text;
                }
            }
            "dataValidation" => {
                let done = self.validation.take();
                self.extras.validations.extend(done.map(|(validation, ranges)| ListValidation {
                    ranges: validation::ranges(&ranges),
                    ..validation
                }));
            }
            "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter" => {
                let words = self.text.take().and_then(|codes| page_text(&codes));
                self.extras.page_texts.extend(words);
            }
            _ => {}
        }
    }

    /// A link leads out of the workbook by a relation, or within it by a location.
    fn link(&mut self, element: &BytesStart<'_>) {
        let Some(address) = attribute(element, "ref")
            .and_then(|cells| cells.split(':').next().and_then(|first| first.parse::<Address>().ok()))
        else {
            return;
        };
        let outside = attribute(element, "id").and_then(|id| self.relations.get(id.as_ref()));
        let location = attribute(element, "location").filter(|location| !location.is_empty());
        let target = match (outside.map(|relation| relation.part.as_str()), location) {
            (Some(target), Some(location)) => format!("{target}#{location}"),
            (Some(target), None) => target.to_owned(),
            (None, Some(location)) => format!("#{location}"),
            (None, None) => return,
        };
        self.extras.links.insert(address, target);
    }
}

/// The words of a header or footer, without the codes for fonts, page numbers and the like.
fn page_text(codes: &str) -> Option<String> {
    let mut words = String::new();
    let mut rest = codes.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '&' {
            words.push(character);
            continue;
        }
        match rest.next() {
            Some('&') => words.push('&'),
            // A font by its name.
            Some('"') => while rest.next().is_some_and(|c| c != '"') {},
            // A colour by six digits, or by a theme and a tint (`01+000`).
            Some('K') => {
                rest.nth(5);
            }
            // The left, the middle and the right of the page.
            Some('L' | 'C' | 'R') => words.push(' '),
            Some(digit) if digit.is_ascii_digit() => while rest.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().any(char::is_alphanumeric).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_says_its_words_and_not_its_codes() {
        assert_eq!(
            page_text("&L&\"Arial,Bold\"&10Hazard log &KFF0000v1.7&RPage &P of &N").as_deref(),
            Some("Hazard log v1.7 Page of")
        );
        assert_eq!(page_text("&CSafety && risk").as_deref(), Some("Safety & risk"));
        assert_eq!(page_text("&L&D&R&P/&N"), None);
    }
}
