//! Narrative Markdown as a tree that a template walks.
//!
//! The tree goes to Typst as data, never as source: whatever a narrative says, it cannot become code.
//! `CommonMark` with tables is understood. Raw HTML is text, an image is its alternative text, and a link
//! that does not lead to the web, to a mailbox or to a hazard of this case is the text it stands on; what
//! is lost in this way [`dropped`] tells.

use crate::case::Case;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

/// How deep lists, quotes and emphasis may stand in one another; what is deeper becomes plain text, so
/// that no input can make a template recurse without end.
const DEEPEST: usize = 12;

/// A paragraph or the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Block {
    Paragraph { content: Vec<Inline> },
    Heading { level: u8, content: Vec<Inline> },
    List { ordered: bool, start: Option<u64>, items: Vec<Vec<Block>> },
    Quote { blocks: Vec<Block> },
    Code { text: String },
    Rule,
    Table { header: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>> },
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Inline {
    Text { text: String },
    Emphasis { content: Vec<Inline> },
    Strong { content: Vec<Inline> },
    Code { text: String },
    Link { href: String, content: Vec<Inline> },
    Break,
}

/// A link or an image of a narrative section that the report shows as its text alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Id of the section.
    pub section: String,
    /// What it is and what to do about it, in sentences.
    pub message: String,
}

/// The links and images of a case's narrative that are not in its report as such.
#[must_use]
pub fn dropped(case: &Case) -> Vec<Dropped> {
    let is_hazard = |key: &str| case.hazard(key).is_some();
    let mut dropped = Vec::new();
    for (section, markdown) in &case.narrative {
        let (_, messages) = read(markdown, &is_hazard);
        dropped.extend(messages.into_iter().map(|message| Dropped { section: section.clone(), message }));
    }
    dropped
}

/// The tree of a Markdown text. `is_hazard` says which keys `hazard:KEY` links may name.
#[must_use]
pub fn parse(markdown: &str, is_hazard: &dyn Fn(&str) -> bool) -> Vec<Block> {
    read(markdown, is_hazard).0
}

fn read(markdown: &str, is_hazard: &dyn Fn(&str) -> bool) -> (Vec<Block>, Vec<String>) {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    let mut reader = Reader { events, is_hazard, dropped: Vec::new() };
    (reader.blocks(0), reader.dropped)
}

struct Reader<'a, E> {
    events: E,
    is_hazard: &'a dyn Fn(&str) -> bool,
    /// What was found and is not in the tree, in words.
    dropped: Vec<String>,
}

impl<'a, E: Iterator<Item = Event<'a>>> Reader<'_, E> {
    /// Blocks up to the end of the enclosing one. A tight list item holds inlines without a paragraph
    /// around them; they are given one.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut loose: Vec<Inline> = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if is_block(&tag) => {
                    flush(&mut loose, &mut blocks);
                    self.block(&tag, depth, &mut blocks);
                }
                Event::Rule => {
                    flush(&mut loose, &mut blocks);
                    blocks.push(Block::Rule);
                }
                event => self.inline(event, depth, &mut loose),
            }
        }
        flush(&mut loose, &mut blocks);
        blocks
    }

    fn block(&mut self, tag: &Tag<'a>, depth: usize, blocks: &mut Vec<Block>) {
        if depth >= DEEPEST {
            let mut content = Vec::new();
            push_text(&mut content, self.plain_text().trim_end());
            flush(&mut content, blocks);
            return;
        }
        let block = match tag {
            Tag::Heading { level, .. } => {
                Block::Heading { level: *level as u8, content: self.inlines(depth + 1) }
            }
            Tag::BlockQuote(_) => Block::Quote { blocks: self.blocks(depth + 1) },
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                Block::Code { text: self.plain_text() }
            }
            Tag::List(start) => {
                Block::List { ordered: start.is_some(), start: *start, items: self.items(depth + 1) }
            }
            Tag::Table(_) => self.table(depth + 1),
            Tag::HtmlBlock => {
                let text = self.plain_text();
                Block::Paragraph { content: lines(text.trim_end()) }
            }
            _ => Block::Paragraph { content: self.inlines(depth + 1) },
        };
        blocks.push(block);
    }

    fn items(&mut self, depth: usize) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some(Event::Start(_)) = self.events.next() {
            items.push(self.blocks(depth));
        }
        items
    }

    fn table(&mut self, depth: usize) -> Block {
        let (mut header, mut rows) = (Vec::new(), Vec::new());
        while let Some(Event::Start(tag)) = self.events.next() {
            let cells = self.cells(depth);
            if tag == Tag::TableHead {
                header = cells;
            } else {
                rows.push(cells);
            }
        }
        Block::Table { header, rows }
    }

    fn cells(&mut self, depth: usize) -> Vec<Vec<Inline>> {
        let mut cells = Vec::new();
        while let Some(Event::Start(_)) = self.events.next() {
            cells.push(self.inlines(depth));
        }
        cells
    }

    fn inlines(&mut self, depth: usize) -> Vec<Inline> {
        let mut content = Vec::new();
        while let Some(event) = self.events.next() {
            if let Event::End(_) = event {
                break;
            }
            self.inline(event, depth, &mut content);
        }
        content
    }

    fn inline(&mut self, event: Event<'a>, depth: usize, content: &mut Vec<Inline>) {
        match event {
            Event::Start(tag) if depth >= DEEPEST || matches!(tag, Tag::Image { .. }) => {
                self.note(&tag);
                push_text(content, &self.plain_text());
            }
            Event::Start(Tag::Emphasis) => {
                content.push(Inline::Emphasis { content: self.inlines(depth + 1) });
            }
            Event::Start(Tag::Strong) => content.push(Inline::Strong { content: self.inlines(depth + 1) }),
            Event::Start(tag @ Tag::Link { .. }) => {
                self.note(&tag);
                if let Tag::Link { dest_url, .. } = &tag {
                    self.link(dest_url, depth, content);
                }
            }
            Event::Start(_) => push_all(content, self.inlines(depth + 1)),
            Event::Code(text) => content.push(Inline::Code { text: text.into_string() }),
            Event::HardBreak => content.push(Inline::Break),
            Event::SoftBreak => push_text(content, " "),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => push_text(content, &text),
            // Footnotes, mathematics and task lists are not switched on; a rule is a block; an end is
            // met by the caller.
            _ => {}
        }
    }

    fn link(&mut self, href: &str, depth: usize, content: &mut Vec<Inline>) {
        let mut inner = self.inlines(depth + 1);
        if !self.may_link_to(href) {
            push_all(content, inner);
            return;
        }
        if inner.is_empty() {
            // A link that shows nothing cannot be read out.
            push_text(&mut inner, href);
        }
        content.push(Inline::Link { href: href.to_owned(), content: inner });
    }

    fn may_link_to(&self, href: &str) -> bool {
        let Some((scheme, rest)) = href.split_once(':') else { return false };
        let plain = !rest.is_empty() && !rest.chars().any(char::is_control);
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => plain && rest.starts_with("//"),
            "mailto" => plain,
            "hazard" => scheme == "hazard" && (self.is_hazard)(rest),
            _ => false,
        }
    }

    /// Says of an image, and of a link that leads nowhere, that it is not in the tree.
    fn note(&mut self, tag: &Tag) {
        let message = match tag {
            Tag::Image { dest_url, .. } => format!(
                "The image \"{dest_url}\" is not in the report, which shows its alternative text instead; say in words what it shows, or name the document that holds it."
            ),
            Tag::Link { dest_url, .. } if !self.may_link_to(dest_url) => {
                match dest_url.strip_prefix("hazard:") {
                    Some(key) => format!(
                        "A link leads to the hazard \"{key}\", which the hazard log does not have; the report shows its text alone. Correct the id or take the link out."
                    ),
                    None => format!(
                        "A link leads to \"{dest_url}\", which a report cannot link to; it shows the link's text alone. Give a web address (https://...), a mailbox (mailto:...) or a hazard (hazard:...), or take the link out."
                    ),
                }
            }
            _ => return,
        };
        self.dropped.push(message);
    }

    /// The text up to the end of the element that was just begun, without its structure.
    fn plain_text(&mut self) -> String {
        let (mut text, mut open) = (String::new(), 1_usize);
        while open > 0 {
            match self.events.next() {
                Some(Event::Start(tag)) => {
                    self.note(&tag);
                    open += 1;
                }
                Some(Event::End(end)) => {
                    open -= 1;
                    if open > 0 && matches!(end, TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) {
                        text.push(' ');
                    }
                }
                Some(Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part)) => {
                    text.push_str(&part);
                }
                Some(Event::SoftBreak | Event::HardBreak) => text.push(' '),
                Some(_) => {}
                None => break,
            }
        }
        text
    }
}

fn is_block(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::Table(_)
    )
}

fn flush(loose: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    if !loose.is_empty() {
        blocks.push(Block::Paragraph { content: std::mem::take(loose) });
    }
}

fn push_all(content: &mut Vec<Inline>, more: Vec<Inline>) {
    for inline in more {
        match inline {
            Inline::Text { text } => push_text(content, &text),
            other => content.push(other),
        }
    }
}

/// Adds text, to the text before it where there is some: the parser gives it in pieces.
fn push_text(content: &mut Vec<Inline>, more: &str) {
    match content.last_mut() {
        _ if more.is_empty() => {}
        Some(Inline::Text { text }) => text.push_str(more),
        _ => content.push(Inline::Text { text: more.to_owned() }),
    }
}

fn lines(text: &str) -> Vec<Inline> {
    let mut content = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            content.push(Inline::Break);
        }
        push_text(&mut content, line);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tree(markdown: &str) -> serde_json::Value {
        serde_json::to_value(parse(markdown, &|key| key == "H03")).unwrap()
    }

    #[test]
    fn blocks_have_the_shape_that_templates_read() {
        assert_eq!(
            tree("# A\n\nb *c* **d** `e`  \nf\n\n---\n\n> g\n\n```\nh\n```\n"),
            json!([
                {"type": "heading", "level": 1, "content": [{"type": "text", "text": "A"}]},
                {"type": "paragraph", "content": [
                    {"type": "text", "text": "b "},
                    {"type": "emphasis", "content": [{"type": "text", "text": "c"}]},
                    {"type": "text", "text": " "},
                    {"type": "strong", "content": [{"type": "text", "text": "d"}]},
                    {"type": "text", "text": " "},
                    {"type": "code", "text": "e"},
                    {"type": "break"},
                    {"type": "text", "text": "f"},
                ]},
                {"type": "rule"},
                {"type": "quote", "blocks": [
                    {"type": "paragraph", "content": [{"type": "text", "text": "g"}]}]},
                {"type": "code", "text": "h\n"},
            ])
        );
    }

    #[test]
    fn a_tight_list_has_paragraphs_too_and_lists_nest() {
        let paragraph =
            |text: &str| json!({"type": "paragraph", "content": [{"type": "text", "text": text}]});
        assert_eq!(
            tree("3. a\n   - b\n4. c\n"),
            json!([{"type": "list", "ordered": true, "start": 3, "items": [
                [paragraph("a"), {"type": "list", "ordered": false, "start": null, "items": [[paragraph("b")]]}],
                [paragraph("c")],
            ]}])
        );
    }

    #[test]
    fn a_table_has_a_header_and_rows() {
        let cell = |text: &str| json!([{"type": "text", "text": text}]);
        assert_eq!(
            tree("| a | b |\n|---|---|\n| c | d |\n| e | |\n"),
            json!([{"type": "table", "header": [cell("a"), cell("b")],
                "rows": [[cell("c"), cell("d")], [cell("e"), json!([])]]}])
        );
    }

    #[test]
    fn html_and_images_are_text() {
        let text = |text: &str| json!([{"type": "paragraph", "content": [{"type": "text", "text": text}]}]);
        assert_eq!(tree("a <b>c</b> d"), text("a <b>c</b> d"));
        assert_eq!(tree("<script>x</script>"), text("<script>x</script>"));
        assert_eq!(tree("see ![the *map*](map.png)."), text("see the map."));
    }

    #[test]
    fn only_some_schemes_are_links() {
        let text = |text: &str| json!([{"type": "paragraph", "content": [{"type": "text", "text": text}]}]);
        for href in
            ["javascript:alert(1)", "file:///etc/passwd", "other.md", "hazard:H99", "data:text/html,x"]
        {
            assert_eq!(tree(&format!("go [there]({href}) now")), text("go there now"), "{href}");
        }
        for href in ["https://example.org/a?b=c", "HTTP://example.org", "mailto:a@example.org", "hazard:H03"]
        {
            let link = &tree(&format!("go [there]({href})"))[0]["content"][1];
            assert_eq!(link["href"], href);
            assert_eq!(link["content"], json!([{"type": "text", "text": "there"}]));
        }
        assert_eq!(
            tree("[](https://example.org)")[0]["content"][0]["content"][0]["text"],
            "https://example.org"
        );
    }

    #[test]
    fn links_that_lead_nowhere_and_images_are_told() {
        let markdown = "see [a](hazard:H99), [b](hazard:H03), [c](other.md), ![d [e](hazard:H98)](map.png) and\n\n- **[f](https://example.org)**\n";
        let (_, dropped) = read(markdown, &|key| key == "H03");
        let told: Vec<&str> = dropped.iter().filter_map(|message| message.split('"').nth(1)).collect();
        assert_eq!(told, ["H99", "other.md", "map.png", "H98"], "{dropped:?}");
    }

    #[test]
    fn nesting_is_bounded_and_its_text_kept() {
        let deep = format!("{}end", "> ".repeat(10_000));
        let mut blocks = &parse(&deep, &|_| false)[..];
        let mut depth = 0;
        while let [Block::Quote { blocks: inner }] = blocks {
            blocks = inner;
            depth += 1;
        }
        assert_eq!(depth, DEEPEST);
        assert_eq!(blocks, [Block::Paragraph { content: vec![Inline::Text { text: "end".to_owned() }] }]);
        let stars = format!("{}x{}", "*a ".repeat(5_000), "*".repeat(5_000));
        assert!(!parse(&stars, &|_| false).is_empty());
    }
}
