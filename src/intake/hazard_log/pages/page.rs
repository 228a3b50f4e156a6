//! What a page says: statements under its headings, beside its labels and in its tables.

use super::block::{Block, Blocks, Content, Item, Line, blocks};
use super::heading::{self, Header, Meaning};
use super::{front_matter, table};
use crate::intake::hazard_log::explain::{ColumnReading, Confidence};
use crate::intake::hazard_log::field::{Field, Stage};
use crate::intake::hazard_log::header::Axis;
use std::collections::BTreeMap;

/// A page, read.
#[derive(Debug, Default)]
pub(in crate::intake::hazard_log) struct Page {
    pub title: Option<(usize, String)>,
    pub statements: Vec<Statement>,
    /// What no field took, with its line and what it stands under.
    pub unmapped: Vec<(usize, Option<String>, String)>,
    /// Lines that were left out on purpose, and why.
    pub ignored: Vec<(usize, &'static str)>,
    pub pictures: Vec<(usize, String)>,
    pub headings: Vec<ColumnReading>,
    /// Key of the front matter with a list of hazards or controls below it, and its line.
    pub nested: Option<(usize, String)>,
}

/// What a page says of a field, under one heading or label.
#[derive(Debug)]
pub(in crate::intake::hazard_log) struct Statement {
    pub field: Field,
    /// Line of its heading or label.
    pub line: usize,
    pub parts: Vec<Part>,
}

/// A paragraph or an entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intake::hazard_log) struct Part {
    pub line: usize,
    pub text: String,
    pub form: Form,
}

/// How a part stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake::hazard_log) enum Form {
    Paragraph,
    /// An entry of a list.
    Bullet,
    /// An entry of a list that gives it this number.
    Numbered(u32),
}

impl Statement {
    pub(super) fn text(&self) -> String {
        let texts = self.parts.iter().map(|part| match part.form {
            Form::Paragraph => part.text.clone(),
            Form::Bullet => format!("- {}", part.text),
            Form::Numbered(number) => format!("{number}. {}", part.text),
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Where its content begins; of an empty one its heading.
    pub(super) fn place(&self) -> usize {
        self.parts.first().map_or(self.line, |part| part.line)
    }
}

/// Keys of front matter that programs for web sites use.
const SITE_KEYS: [&str; 14] = [
    "layout",
    "nav_order",
    "parent",
    "grand_parent",
    "has_children",
    "sidebar_label",
    "sidebar_position",
    "slug",
    "permalink",
    "weight",
    "draft",
    "template",
    "hide",
    "icon",
];

/// Reads a page. Its first line is line `first_line` of its file.
pub(super) fn read(text: &str, first_line: usize) -> Page {
    let mut reader = Reader { page: Page::default(), sections: Vec::new(), seen: BTreeMap::new() };
    let front = front_matter::read(text).filter(|_| first_line == 1);
    let mut rest = text;
    let mut at = first_line;
    if let Some((entries, lines)) = front {
        for entry in entries {
            reader.front_matter(entry);
        }
        at += lines;
        rest = &text[text.split_inclusive('\n').take(lines).map(str::len).sum::<usize>()..];
    }
    let Blocks { all, pictures, comments } = blocks(rest, at);
    for block in all {
        reader.block(block);
    }
    let mut page = reader.page;
    page.pictures = pictures;
    page.ignored.extend(comments.into_iter().map(|line| (line, "a comment in the page's source")));
    page
}

/// A heading that is open, with what it stands for.
struct Section {
    level: u8,
    text: String,
    /// Index of its statement.
    statement: Option<usize>,
    stage: Option<Stage>,
}

/// Deeper than any heading: a label on a line of its own.
const LABEL: u8 = 7;

struct Reader {
    page: Page,
    sections: Vec<Section>,
    /// How often severity, likelihood and risk came up without a rating.
    seen: BTreeMap<Header, usize>,
}

impl Reader {
    fn front_matter(&mut self, front_matter::Entry { line, key, value, nested }: front_matter::Entry) {
        let words = key.replace(['-', '_'], " ");
        let folded = key.to_lowercase();
        if nested && ["hazards", "controls"].contains(&folded.as_str()) {
            self.page.nested = Some((line, key));
            return;
        }
        let header = match folded.as_str() {
            "title" => Some(Header::Field(Field::HazardName)),
            _ => heading::meaning(&words).header,
        };
        let text = value.trim().to_owned();
        self.heading_reading(line, &key, header.map(|header| header.field(Stage::Initial)), "front matter");
        match header {
            Some(header) => {
                let statement = self.state(header, None, line);
                self.add(statement, line, text, Form::Paragraph);
            }
            None if text.is_empty() => {}
            None if SITE_KEYS.contains(&folded.as_str()) => {
                self.page.ignored.push((line, "for the web site that shows the page"));
            }
            None => self.page.unmapped.push((line, Some(key), text)),
        }
    }

    fn block(&mut self, Block { line, content }: Block) {
        match content {
            Content::Heading { level, text } => self.heading(level, line, text),
            Content::Text(lines) => self.lines(lines),
            Content::List(items) => self.list(items),
            Content::Table(rows) => self.table(line, &rows),
        }
    }

    fn heading(&mut self, level: u8, line: usize, text: String) {
        self.sections.retain(|section| section.level < level);
        let Meaning { header, stage } = heading::meaning(&text);
        let is_first =
            self.page.title.is_none() && self.page.headings.iter().all(|known| known.why == "front matter");
        if header.is_none() && stage.is_none() && is_first {
            self.page.title = Some((line, text));
            return;
        }
        let within = self.sections.iter().rev().find_map(|section| section.stage);
        let statement = header.map(|header| self.state(header, stage.or(within), line));
        let field = statement.map(|statement| self.page.statements[statement].field);
        let why = if field.is_some() { "heading" } else { "no known heading" };
        self.heading_reading(line, &text, field, why);
        self.sections.push(Section { level, text, statement, stage: stage.or(within) });
    }

    fn heading_reading(&mut self, line: usize, text: &str, field: Option<Field>, why: &str) {
        self.page.headings.push(ColumnReading {
            cell: format!("line {line}"),
            header: text.to_owned(),
            field,
            confidence: if field.is_some() { Confidence::Certain } else { Confidence::Guess },
            why: why.to_owned(),
        });
    }

    /// Opens a statement. Of two severities without a word on which rating they belong to, the first is initial.
    fn state(&mut self, header: Header, stage: Option<Stage>, line: usize) -> usize {
        let stage = stage.unwrap_or_else(|| {
            if !header.needs_stage() {
                return Stage::Initial;
            }
            let seen = self.seen.entry(header).or_default();
            *seen += 1;
            if *seen == 1 { Stage::Initial } else { Stage::Residual }
        });
        let field = header.field(stage);
        let plain = match field {
            Field::Severity(Stage::Initial) => Some(Header::Rating(Axis::Severity)),
            Field::Likelihood(Stage::Initial) => Some(Header::Rating(Axis::Likelihood)),
            Field::Risk(Stage::Initial) => Some(Header::Rating(Axis::Risk)),
            _ => None,
        };
        if let Some(plain) = plain {
            self.seen.insert(plain, 1);
        }
        self.page.statements.push(Statement { field, line, parts: Vec::new() });
        self.page.statements.len() - 1
    }

    fn add(&mut self, statement: usize, line: usize, text: String, form: Form) {
        if !text.trim().is_empty() {
            self.page.statements[statement].parts.push(Part { line, text, form });
        }
    }

    /// The statement that text without a label goes to: that of the innermost heading, or of one that holds it
    /// where that takes more than a word.
    fn current(&self) -> Option<usize> {
        let (last, above) = self.sections.split_last()?;
        last.statement.or_else(|| {
            let statement = above.iter().rev().find_map(|section| section.statement)?;
            (!is_rating(self.page.statements[statement].field)).then_some(statement)
        })
    }

    fn stage(&self) -> Option<Stage> {
        self.sections.last().and_then(|section| section.stage)
    }

    /// What a line says of a field by a label: one in bold, or a known word and a colon where no long text stands.
    fn labelled(&self, line: &Line) -> Option<(Header, Option<Stage>, String)> {
        let takes_text = || self.current().is_some_and(|at| !is_rating(self.page.statements[at].field));
        let plain = || {
            let (label, value) = line.text.split_once(':').filter(|_| !takes_text())?;
            Some((label.trim(), value.trim()))
        };
        let (label, value) = line.label().or_else(plain)?;
        let Meaning { header, stage } = heading::meaning(label);
        Some((header?, stage.or_else(|| self.stage()), value.to_owned()))
    }

    fn lines(&mut self, lines: Vec<Line>) {
        // What a label was given on this line or one above.
        let mut open: Option<usize> = None;
        let mut text = Vec::new();
        let mut first = 0;
        for line in lines {
            if let Some((header, stage, value)) = self.labelled(&line) {
                self.paragraph(first, &std::mem::take(&mut text), open);
                self.sections.retain(|section| section.level < LABEL);
                let statement = self.state(header, stage, line.number);
                let field = self.page.statements[statement].field;
                let label = line.text[..line.bold.max(line.text.find(':').unwrap_or(0))]
                    .trim_end_matches(':')
                    .to_owned();
                self.heading_reading(line.number, &label, Some(field), "label");
                if value.is_empty() && line.label().is_some() {
                    let stage = self.stage();
                    self.sections.push(Section {
                        level: LABEL,
                        text: label,
                        statement: Some(statement),
                        stage,
                    });
                } else {
                    self.add(statement, line.number, value, Form::Paragraph);
                }
                open = Some(statement);
            } else {
                if text.is_empty() {
                    first = line.number;
                }
                text.push(line.text);
            }
        }
        self.paragraph(first, &text, open);
    }

    fn paragraph(&mut self, line: usize, lines: &[String], open: Option<usize>) {
        if lines.is_empty() {
            return;
        }
        self.put(line, lines.join("\n"), Form::Paragraph, open);
    }

    fn put(&mut self, line: usize, text: String, form: Form, open: Option<usize>) {
        if let Some(statement) = open.or_else(|| self.current()) {
            self.add(statement, line, text, form);
        } else {
            let header = self.sections.last().map(|section| section.text.clone());
            self.page.unmapped.push((line, header, text));
        }
    }

    fn list(&mut self, items: Vec<Item>) {
        for Item { number, lines } in items {
            let labelled = lines.first().and_then(|line| self.labelled(line));
            let line = lines.first().map_or(0, |line| line.number);
            if let Some((header, stage, value)) = labelled {
                let statement = self.state(header, stage, line);
                self.add(statement, line, value, Form::Paragraph);
                let rest: Vec<String> = lines.into_iter().skip(1).map(|line| line.text).collect();
                self.add(statement, line, rest.join("\n"), Form::Paragraph);
            } else {
                let text: Vec<String> = lines.into_iter().map(|line| line.text).collect();
                let form = number.map_or(Form::Bullet, Form::Numbered);
                self.put(line, text.join("\n"), form, None);
            }
        }
    }

    fn table(&mut self, line: usize, rows: &[Vec<String>]) {
        let (values, left) = table::values(rows);
        if values.is_empty() {
            for row in rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())) {
                self.put(line, row.join(" | "), Form::Paragraph, None);
            }
            return;
        }
        for value in values {
            let statement = self.state(value.header, value.stage.or_else(|| self.stage()), line);
            let field = self.page.statements[statement].field;
            self.heading_reading(line, &value.label, Some(field), "table");
            self.add(statement, line, value.text, Form::Paragraph);
        }
        for text in left {
            let header = self.sections.last().map(|section| section.text.clone());
            self.page.unmapped.push((line, header, text));
        }
    }
}

pub(super) fn is_rating(field: Field) -> bool {
    matches!(field, Field::Severity(_) | Field::Likelihood(_) | Field::Risk(_))
}
