//! A Markdown page as blocks with their lines.
//!
//! Whatever stands in one another (lists in lists, quotes in quotes) is laid flat, so that no page can make the
//! reader recurse without end. Markup that only looks is taken off; a link keeps where it leads to.

use super::html;
use crate::intake::toml_input::LineStarts;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A page taken apart.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub all: Vec<Block>,
    /// Pictures, by what they are called, with their lines.
    pub pictures: Vec<(usize, String)>,
    /// Lines of comments that only the writer of the page sees.
    pub comments: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub line: usize,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Heading {
        level: u8,
        text: String,
    },
    Text(Vec<Line>),
    List(Vec<Item>),
    /// Rows of cells; the first row may be a header.
    Table(Vec<Vec<String>>),
}

/// A line of text; what it begins with in bold may be its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    pub text: String,
    /// How many bytes of the text are bold, from its start.
    pub bold: usize,
}

/// An entry of a list, with the number that an ordered list gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub number: Option<u32>,
    pub lines: Vec<Line>,
}

impl Line {
    /// The label in bold and what follows it: `**Severity:** Major`, `**Severity: Major**`, `**Severity**` alone.
    pub(super) fn label(&self) -> Option<(&str, &str)> {
        let (bold, rest) = self.text.split_at_checked(self.bold)?;
        let (bold, rest) = (bold.trim(), rest.trim());
        if bold.is_empty() {
            return None;
        }
        if let Some(value) = rest.strip_prefix([':', '：']) {
            return Some((bold, value.trim()));
        }
        match bold.split_once(':') {
            Some((label, "")) => Some((label.trim(), rest)),
            Some((label, value)) if rest.is_empty() => Some((label.trim(), value.trim())),
            None if rest.is_empty() => Some((bold, "")),
            _ => None,
        }
    }
}

/// Takes a page apart. Its first line is line `first_line` of its file.
pub(super) fn blocks(text: &str, first_line: usize) -> Blocks {
    let (text, tables) = html::take_tables(text);
    let mut reader = Reader {
        starts: LineStarts::of(&text),
        first_line,
        found: Blocks::default(),
        lists: Vec::new(),
        items: Vec::new(),
        lines: Vec::new(),
        open: None,
        rows: Vec::new(),
        picture: None,
        links: Vec::new(),
        list_line: 0,
    };
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, &range);
    }
    let mut found = reader.found;
    for table in tables {
        let block = Block { line: table.line + first_line - 1, content: Content::Table(table.rows) };
        let at = found.all.partition_point(|other| other.line < block.line);
        found.all.insert(at, block);
    }
    found
}

struct Reader {
    starts: LineStarts,
    first_line: usize,
    found: Blocks,
    /// The next number of each open list; `None` for one with bullets.
    lists: Vec<Option<u64>>,
    items: Vec<Item>,
    lines: Vec<Line>,
    /// The line that is being read, and where bold text that began it began.
    open: Option<Line>,
    rows: Vec<Vec<String>>,
    /// The words of a picture that is being read.
    picture: Option<String>,
    /// Where the open links lead to, and where their text starts.
    links: Vec<(String, usize)>,
    list_line: usize,
}

impl Reader {
    fn line_of(&self, range: &Range<usize>) -> usize {
        self.starts.line(range.start) + self.first_line - 1
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        let line = self.line_of(range);
        match event {
            Event::Start(tag) => self.start(tag, line),
            Event::End(tag) => self.end(tag, line),
            Event::Text(text) | Event::Code(text) => self.text(&text, line),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::InlineHtml(tag) | Event::Html(tag) => self.html(&tag, line),
            Event::Rule
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, line: usize) {
        match tag {
            Tag::List(first) => {
                self.end_line();
                if self.lists.is_empty() {
                    self.list_line = line;
                }
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Strong => {
                let open = self.open.get_or_insert_with(|| Line { number: line, ..Line::default() });
                if open.text.trim().is_empty() {
                    // Told from a line without bold text by the end of the bold text.
                    open.bold = usize::MAX;
                }
            }
            Tag::Image { dest_url, .. } => self.picture = Some(dest_url.into_string()),
            Tag::Link { dest_url, .. } => {
                let start = self.open.as_ref().map_or(0, |line| line.text.len());
                self.links.push((dest_url.into_string(), start));
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => self.end_line(),
            _ => {}
        }
    }

    /// Opens an entry of the outermost list; one of a list within is a line of that entry.
    fn item(&mut self) {
        self.end_line();
        let depth = self.lists.len();
        let Some(next) = self.lists.last_mut() else { return };
        let number = *next;
        *next = number.map(|number| number.saturating_add(1));
        if depth == 1 {
            self.items.push(Item { number: number.and_then(|n| u32::try_from(n).ok()), lines: Vec::new() });
        } else {
            let mark = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            self.open = Some(Line { number: 0, text: mark, bold: 0 });
        }
    }

    fn end(&mut self, tag: TagEnd, line: usize) {
        match tag {
            TagEnd::Strong => {
                if let Some(open) = self.open.as_mut().filter(|open| open.bold == usize::MAX) {
                    open.bold = open.text.len();
                }
            }
            TagEnd::Image => {
                if let Some(words) = self.picture.take() {
                    self.found.pictures.push((line, words));
                }
            }
            TagEnd::Link => self.end_link(),
            TagEnd::Heading(level) => {
                self.end_line();
                let text: Vec<String> = self.lines.drain(..).map(|line| line.text).collect();
                let content = Content::Heading { level: level as u8, text: text.join(" ") };
                self.found.all.push(Block { line, content });
            }
            TagEnd::Item => self.end_line(),
            TagEnd::List(_) => {
                self.end_line();
                self.lists.pop();
                if self.lists.is_empty() {
                    let mut items = std::mem::take(&mut self.items);
                    items.retain(|item| !item.lines.is_empty());
                    if !items.is_empty() {
                        self.found.all.push(Block { line: self.list_line, content: Content::List(items) });
                    }
                }
            }
            TagEnd::TableCell => {
                self.end_line();
                let cell: Vec<String> = self.lines.drain(..).map(|line| line.text).collect();
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell.join("\n"));
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                self.found.all.push(Block { line, content: Content::Table(rows) });
            }
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                self.end_line();
                let lines = std::mem::take(&mut self.lines);
                if let Some(line) = lines.first().map(|line| line.number) {
                    self.found.all.push(Block { line, content: Content::Text(lines) });
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, line: usize) {
        if self.picture.is_some() {
            return;
        }
        for (offset, part) in text.split('\n').enumerate() {
            if offset > 0 {
                self.end_line();
            }
            let open = self.open.get_or_insert_with(|| Line { number: line + offset, ..Line::default() });
            if open.number == 0 {
                open.number = line + offset;
            }
            open.text.push_str(part);
        }
    }

    fn html(&mut self, tag: &str, line: usize) {
        if tag.trim_start().starts_with("<!--") {
            self.found.comments.push(line);
        } else if let Some(picture) = html::picture(tag) {
            self.found.pictures.push((line, picture));
        } else {
            let text = html::text(tag);
            if html::is_break(tag) {
                self.end_line();
            } else if !text.trim().is_empty() {
                self.text(&text, line);
            }
        }
    }

    /// A link says where it leads to, unless its text does.
    fn end_link(&mut self) {
        let Some((address, start)) = self.links.pop() else { return };
        let Some(open) = &mut self.open else { return };
        let said = open.text.get(start..).unwrap_or_default().trim();
        if !address.starts_with('#') && said != address && !address.trim_start_matches("mailto:").eq(said) {
            open.text.extend([" (", &address, ")"]);
        }
    }

    /// Closes the line that is being read; it goes to the entry of a list where one is open.
    fn end_line(&mut self) {
        let Some(mut line) = self.open.take() else { return };
        if line.bold == usize::MAX {
            line.bold = 0;
        }
        let lead = line.text.len() - line.text.trim_start().len();
        line.bold = line.bold.saturating_sub(lead);
        let text = line.text.trim().to_owned();
        line.bold = line.bold.min(text.len());
        line.text = text;
        if line.text.is_empty() || line.text == "-" {
            return;
        }
        match self.items.last_mut().filter(|_| !self.lists.is_empty()) {
            Some(item) => item.lines.push(line),
            None => self.lines.push(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_their_lines_and_lists_lie_flat() {
        let page = "# Title\n\ntext *one*\n**Severity:** Major\n\n1. first\n   - inner\n2. second\n\n| A | B |\n|---|---|\n| a | b<br>c |\n\n<table><tr><td>x &amp; y</td>\n<td>z</td></tr></table>\n\n![icon](score-4.png) [log](log.xlsx)\n<!-- write here -->\n";
        let Blocks { all: blocks, pictures, comments } = blocks(page, 11);
        let lines: Vec<usize> = blocks.iter().map(|block| block.line).collect();
        assert_eq!(lines, [11, 13, 16, 20, 24, 27]);
        let Content::Text(text) = &blocks[1].content else { panic!("{blocks:?}") };
        assert_eq!((text[0].text.as_str(), text[0].label()), ("text one", None));
        assert_eq!((text[1].number, text[1].label()), (14, Some(("Severity", "Major"))));
        let Content::List(items) = &blocks[2].content else { panic!("{blocks:?}") };
        assert_eq!((items.len(), items[1].number), (2, Some(2)));
        assert_eq!(items[0].lines[1].text, "- inner");
        assert_eq!(
            blocks[3].content,
            Content::Table(vec![vec!["A".into(), "B".into()], vec!["a".into(), "b\nc".into()]])
        );
        assert_eq!(blocks[4].content, Content::Table(vec![vec!["x & y".into(), "z".into()]]));
        let Content::Text(text) = &blocks[5].content else { panic!("{blocks:?}") };
        assert_eq!(text[0].text, "log (log.xlsx)");
        assert_eq!(pictures, [(27, "score-4.png".to_owned())]);
        assert_eq!(comments, [28]);
    }

    #[test]
    fn a_label_is_bold_in_whichever_way() {
        for (page, expected) in [
            ("**Severity:** Major", Some(("Severity", "Major"))),
            ("**Severity**: Major", Some(("Severity", "Major"))),
            ("**Severity: Major**", Some(("Severity", "Major"))),
            ("__Severity__", Some(("Severity", ""))),
            ("**Never** do this", None),
            ("Severity: Major", None),
        ] {
            let Blocks { all: blocks, .. } = blocks(page, 1);
            let Content::Text(lines) = &blocks[0].content else { panic!("{blocks:?}") };
            assert_eq!(lines[0].label(), expected, "{page}");
        }
    }

    #[test]
    fn deep_nesting_is_laid_flat() {
        let page = format!("{}deep\n\n{}item\n", "> ".repeat(5_000), "- ".repeat(5_000));
        assert!(!blocks(&page, 1).all.is_empty());
    }
}
