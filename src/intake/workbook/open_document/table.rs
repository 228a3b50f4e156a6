//! One sheet, row by row and cell by cell.

use super::super::fault::Fault;
use super::super::limits::Quota;
use super::super::validation::ListValidation;
use super::super::xml::{attribute, local, number, push_text};
use super::super::{Address, Cell, CellKind, Sheet};
use super::expression;
use super::style::Styles;
use quick_xml::events::{BytesStart, Event};

pub(super) struct TableReading {
    sheet: Sheet,
    /// Runs of hidden columns, first and last.
    hidden_columns: Vec<(u32, u32)>,
    next_column: u32,
    row: Row,
    cell: Option<CellReading>,
    /// Where words go that are read now, innermost last.
    texts: Vec<Words>,
    is_done: bool,
}

/// The row that is being read.
#[derive(Default)]
struct Row {
    first: u32,
    repeated: u32,
    is_hidden: bool,
    next_column: u32,
    /// Cells that hold something: the first column, how often, the cell.
    cells: Vec<(u32, u32, Cell)>,
}

struct CellReading {
    column: u32,
    repeated: u32,
    cell: Cell,
    /// The value that is stated beside what the cell shows.
    value: Option<String>,
    spans: (u32, u32),
    list: Option<String>,
    links: Vec<String>,
    comment: Option<String>,
    words: Words,
}

/// Words as they are gathered, paragraph by paragraph.
#[derive(Default)]
struct Words {
    whose: Whose,
    text: String,
    struck: String,
    /// Whether each span that is open is struck through.
    spans: Vec<bool>,
    paragraphs: usize,
    in_paragraph: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Whose {
    #[default]
    Cell,
    Comment,
    Shape,
}

impl Words {
    fn of(whose: Whose) -> Self {
        Self { whose, ..Self::default() }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        if self.spans.contains(&true) {
            self.struck.push_str(text);
        }
    }
}

impl TableReading {
    pub(super) fn new(name: &str, is_hidden: bool) -> Self {
        Self {
            sheet: Sheet { name: name.into(), hidden: is_hidden, ..Sheet::default() },
            hidden_columns: Vec::new(),
            next_column: 0,
            row: Row::default(),
            cell: None,
            texts: Vec::new(),
            is_done: false,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    pub(super) fn sheet(mut self) -> Sheet {
        let columns: std::collections::BTreeSet<u32> =
            self.sheet.cells().map(|(address, _)| address.column).collect();
        let is_hidden =
            |column: &u32| self.hidden_columns.iter().any(|(first, last)| (first..=last).contains(&column));
        self.sheet.hidden_columns = columns.into_iter().filter(is_hidden).collect();
        self.sheet
    }

    pub(super) fn visit(
        &mut self,
        event: &Event<'_>,
        styles: &Styles,
        lists: &[(String, String)],
        quota: &mut Quota<'_>,
    ) -> Result<(), Fault> {
        match event {
            Event::Start(element) => self.start(element, styles),
            Event::Empty(element) => {
                self.start(element, styles);
                self.end(local(element), lists, quota)?;
            }
            Event::End(element) => self.end(element.local_name().as_ref(), lists, quota)?,
            event => {
                if let Some(words) = self.texts.last_mut().filter(|words| words.in_paragraph) {
                    let mut text = String::new();
                    push_text(&mut text, event);
                    words.push(&text);
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, element: &BytesStart<'_>, styles: &Styles) {
        match local(element) {
            "table-column" => {
                let repeated = number(element, "number-columns-repeated").unwrap_or(1).max(1);
                let next = self.next_column.saturating_add(repeated);
                if is_hidden(element) {
                    self.hidden_columns.push((self.next_column, next - 1));
                }
                self.next_column = next;
            }
            "table-row" => {
                self.row = Row {
                    first: self.row.first.saturating_add(self.row.repeated),
                    repeated: number(element, "number-rows-repeated").unwrap_or(1).max(1),
                    is_hidden: is_hidden(element),
                    ..Row::default()
                };
            }
            "table-cell" | "covered-table-cell" => self.start_cell(element, styles),
            "annotation" => self.texts.push(Words::of(Whose::Comment)),
            // A frame is around a picture or a chart, or around a text box.
            "frame" => self.sheet.drawing.pictures += 1,
            "text-box" => {
                self.sheet.drawing.pictures = self.sheet.drawing.pictures.saturating_sub(1);
                self.texts.push(Words::of(Whose::Shape));
            }
            "custom-shape" => self.texts.push(Words::of(Whose::Shape)),
            _ => self.start_of_text(element, styles),
        }
    }

    fn start_of_text(&mut self, element: &BytesStart<'_>, styles: &Styles) {
        let Some(words) = self.texts.last_mut() else { return };
        match local(element) {
            "p" | "h" => {
                if words.paragraphs > 0 {
                    words.push("\n");
                }
                words.paragraphs += 1;
                words.in_paragraph = true;
            }
            "span" => {
                let style = attribute(element, "style-name");
                words.spans.push(style.is_some_and(|style| styles.strikes(&style)));
            }
            // Counts of blanks may be anything.
            "s" => words.push(&" ".repeat(number(element, "c").unwrap_or(1).min(1000) as usize)),
            "tab" => words.push("\t"),
            "line-break" => words.push("\n"),
            "a" => {
                let target = attribute(element, "href");
                if let (Some(cell), Some(target), Whose::Cell) = (&mut self.cell, target, words.whose) {
                    cell.links.push(target.into_owned());
                }
            }
            _ => {}
        }
    }

    fn start_cell(&mut self, element: &BytesStart<'_>, styles: &Styles) {
        let value = |name| attribute(element, name).map(std::borrow::Cow::into_owned);
        let repeated = number(element, "number-columns-repeated").unwrap_or(1).max(1);
        let kind = value("value-type");
        let (stated, kind) = match kind.as_deref() {
            Some("float" | "percentage" | "currency") => {
                let number = value("value").and_then(|text| text.parse::<f64>().ok());
                (number.map(|number| number.to_string()), number.map_or(CellKind::Text, CellKind::Number))
            }
            Some("date") => {
                // The time of day is left out, as it is of an Excel date.
                let date = value("date-value").map(|date| date.chars().take(10).collect());
                (date, CellKind::Date)
            }
            Some("boolean") => (value("boolean-value").map(|truth| truth.to_uppercase()), CellKind::Bool),
            Some(_) => (value("string-value"), CellKind::Text),
            None => (None, CellKind::Unsaved),
        };
        self.cell = Some(CellReading {
            column: self.row.next_column,
            repeated,
            cell: Cell {
                kind,
                formula: value("formula").map(|text| expression::formula(&text)),
                struck_through: value("style-name").is_some_and(|style| styles.strikes(&style)),
                ..Cell::default()
            },
            value: stated,
            spans: (
                number(element, "number-rows-spanned").unwrap_or(1).max(1),
                number(element, "number-columns-spanned").unwrap_or(1).max(1),
            ),
            list: value("content-validation-name"),
            links: Vec::new(),
            comment: None,
            words: Words::default(),
        });
        self.row.next_column = self.row.next_column.saturating_add(repeated);
        self.texts.push(Words::of(Whose::Cell));
    }

    fn end(&mut self, name: &str, lists: &[(String, String)], quota: &mut Quota<'_>) -> Result<(), Fault> {
        match name {
            "p" | "h" => {
                if let Some(words) = self.texts.last_mut() {
                    words.in_paragraph = false;
                }
            }
            "span" => {
                if let Some(words) = self.texts.last_mut()
                    && words.spans.pop() == Some(true)
                {
                    words.struck.push(' ');
                }
            }
            "annotation" | "text-box" | "custom-shape" => self.end_overlay(),
            "table-cell" | "covered-table-cell" => {
                let words = self.texts.pop().unwrap_or_default();
                if let Some(cell) = self.cell.take() {
                    self.end_cell(CellReading { words, ..cell }, lists);
                }
            }
            "table-row" => self.end_row(quota)?,
            "table" => self.is_done = true,
            _ => {}
        }
        Ok(())
    }

    /// A comment goes to its cell; the words of a shape, to the sheet.
    fn end_overlay(&mut self) {
        let Some(words) = self.texts.pop() else { return };
        let text = words.text.trim().to_owned();
        match (words.whose, &mut self.cell) {
            _ if text.is_empty() => {}
            (Whose::Comment, Some(cell)) => cell.comment = Some(text),
            _ => self.sheet.drawing.text_boxes.push(text),
        }
    }

    fn end_cell(&mut self, read: CellReading, lists: &[(String, String)]) {
        let place = Address { row: self.row.first, column: read.column };
        let mut cell = read.cell;
        let struck = read.words.struck.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = read.words.text;
        (cell.text, cell.kind) = match CellKind::of_text(&shown) {
            CellKind::Error => (shown, CellKind::Error),
            _ => (read.value.unwrap_or(shown), cell.kind),
        };
        if cell.kind == CellKind::Unsaved && (cell.formula.is_none() || !cell.text.is_empty()) {
            cell.kind = CellKind::Text;
        }
        if !struck.is_empty() && !cell.struck_through {
            cell.struck_through = true;
            let is_all = struck == cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
            cell.struck_words = (!is_all).then_some(struck);
        }
        if read.spans != (1, 1) {
            let last = Address {
                row: place.row.saturating_add(read.spans.0 - 1),
                column: place.column.saturating_add(read.spans.1 - 1),
            };
            self.sheet.merges.push((place, last));
        }
        self.sheet.comments.extend(read.comment.map(|comment| (place, comment)));
        if !read.links.is_empty() {
            self.sheet.links.insert(place, read.links.join(" "));
        }
        if cell.text.is_empty() && cell.formula.is_none() {
            return;
        }
        let allowed = read.list.and_then(|name| lists.iter().find(|(known, _)| *known == name));
        if let Some((_, words)) = allowed {
            let last = Address {
                row: place.row.saturating_add(self.row.repeated - 1),
                column: place.column.saturating_add(read.repeated - 1),
            };
            self.allow(words, (place, last));
        }
        self.row.cells.push((read.column, read.repeated, cell));
    }

    /// Notes that cells have a drop-down list.
    fn allow(&mut self, list: &str, range: (Address, Address)) {
        match self.sheet.validations.iter_mut().find(|known| known.list == list) {
            Some(known) => known.ranges.push(range),
            None => {
                self.sheet.validations.push(ListValidation { ranges: vec![range], list: list.to_owned() });
            }
        }
    }

    fn end_row(&mut self, quota: &mut Quota<'_>) -> Result<(), Fault> {
        let cells = std::mem::take(&mut self.row.cells);
        if cells.is_empty() {
            return Ok(());
        }
        for row in self.row.first..self.row.first.saturating_add(self.row.repeated) {
            if self.row.is_hidden {
                self.sheet.hidden_rows.insert(row);
            }
            for (first, repeated, cell) in &cells {
                for column in *first..first.saturating_add(*repeated) {
                    quota.admit(&mut self.sheet, Address { row, column }, cell.clone())?;
                }
            }
        }
        Ok(())
    }
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility")
        .is_some_and(|visibility| visibility == "collapse" || visibility == "filter")
}
