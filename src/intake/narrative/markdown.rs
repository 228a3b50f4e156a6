//! Text into Markdown, so that it stays text.
//!
//! A value may be printed anywhere in a section: at the start of a line, in a heading, in a table, inside a
//! link. So the escape does not depend on where the value lands: whatever Markdown could take for markup
//! gets a backslash, and a line break becomes a character reference, which never ends a block.
//! (Only inside backticks nothing can be escaped; there a value shows its backslashes.)

use std::fmt::Write as _;

/// Significant wherever they stand.
const ALWAYS: &[char] =
    &['\\', '`', '*', '_', '[', ']', '(', ')', '<', '>', '&', '|', '~', '{', '}', '!', '$', '^', '#'];
/// Significant at the start of a line.
const AT_START: &[char] = &['-', '+', '=', ':'];

/// The text as Markdown that reads as exactly this text; line breaks become line feeds.
#[must_use]
pub fn escape(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let inner = text.trim_start_matches(' ').len();
    let (leading, trailing) = (text.len() - inner, text.trim_end_matches(' ').len());
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    // As in "1. item".
    let mut only_digits = true;
    for (index, c) in text.char_indices() {
        if c.is_ascii_control() || (c == ' ' && (index < leading || index >= trailing)) {
            push_reference(&mut escaped, c);
        } else {
            let opens = (index == 0 && AT_START.contains(&c)) || (only_digits && c == '.');
            if ALWAYS.contains(&c) || opens {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        only_digits &= c.is_ascii_digit();
    }
    escaped
}

/// A link with this text; spaces and brackets in the destination are taken literally.
#[must_use]
pub fn link(text: &str, destination: &str) -> String {
    let text = escape(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '/');
    if destination.chars().all(is_plain) {
        return format!("[{text}]({destination})");
    }
    let mut quoted = String::with_capacity(destination.len());
    for c in destination.chars() {
        match c {
            '<' | '>' | '\\' | '&' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => push_reference(&mut quoted, c),
            c => quoted.push(c),
        }
    }
    format!("[{text}](<{quoted}>)")
}

fn push_reference(escaped: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(escaped, "&#{};", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    /// Every extension but the one that rewrites quotation marks.
    fn options() -> Options {
        Options::all() - Options::ENABLE_SMART_PUNCTUATION
    }

    /// The text of a document, and whether there is anything but plain paragraphs in it.
    fn read(markdown: &str) -> (String, Vec<String>) {
        let mut text = String::new();
        let mut markup = Vec::new();
        for event in Parser::new_ext(markdown, options()) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::SoftBreak => text.push('\n'),
                Event::Start(tag) => markup.push(format!("{tag:?}")),
                Event::End(_) => {}
                other => markup.push(format!("{other:?}")),
            }
        }
        (text, markup)
    }

    /// What the text is after reading: Markdown has no NUL.
    fn expected(text: &str) -> String {
        text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}")
    }

    #[test]
    fn known_traps_are_text() {
        for text in [
            "# heading",
            "- item",
            "1. item",
            "12) item",
            "> quote",
            "    code",
            "```",
            "***",
            "---",
            "===",
            "a\n\n# b",
            "a  \nb",
            "| a | b |",
            "[a](b)",
            "![a](b)",
            "<script>",
            "&amp;",
            "{{ 7 * 7 }}",
            "#panic()",
            "]",
            "]]",
            "a_b_c",
            "~~a~~",
            "$x$",
            ": definition",
            "\\",
            "\\*",
            " padded ",
            "\t",
            "+++",
            ".5",
            "[^1]: note",
            "<http://a.b>",
            "H\u{2082}O \u{1f600}",
            "{#id}",
            "=",
            "1",
            ".",
            "`",
        ] {
            let (read_text, markup) = read(&escape(text));
            assert_eq!(read_text, expected(text), "{text:?} became {:?}", escape(text));
            assert_eq!(markup, ["Paragraph"], "{text:?}");
        }
    }

    #[test]
    fn a_value_does_not_end_its_heading_row_or_item() {
        let value = escape("a | b\n\n# c\n- d");
        let (text, markup) = read(&format!("# {value}\n"));
        assert_eq!((text.as_str(), markup.len()), ("a | b\n\n# c\n- d", 1));
        let (text, markup) = read(&format!("| x | y |\n|---|---|\n| {value} | z |\n"));
        assert_eq!(text, "xya | b\n\n# c\n- dz");
        assert_eq!(markup.iter().filter(|tag| *tag == "TableCell").count(), 4, "{markup:?}");
        let (_, markup) = read(&format!("- {value}\n- e\n"));
        assert_eq!(markup, ["List(None)", "Item", "Item"]);
    }

    #[test]
    fn two_values_side_by_side_make_no_list() {
        let (text, markup) = read(&(escape("1") + &escape(". x")));
        assert_eq!((text.as_str(), markup), ("1. x", vec!["Paragraph".to_owned()]));
    }

    #[test]
    fn a_link_leads_to_exactly_its_destination() {
        for key in ["H03", "NRL01", "H 3", "a<b>c", "x)y", "a\\b", "&amp;", "a\nb", "#1"] {
            let markdown = link(&format!("{key} [x](y)\n`z`"), &format!("hazard:{key}"));
            let links: Vec<String> = Parser::new_ext(&markdown, options())
                .filter_map(|event| match event {
                    Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
                    _ => None,
                })
                .collect();
            assert_eq!(links, [format!("hazard:{key}")], "{markdown}");
            let (text, markup) = read(&markdown);
            assert_eq!(text, format!("{} [x](y) `z`", key.replace('\n', " ")), "{markdown}");
            assert_eq!(markup.len(), 2, "{markup:?}");
        }
        assert_eq!(link("H03 Mix-up", "hazard:H03"), "[H03 Mix-up](hazard:H03)");
    }

    proptest! {
        #[test]
        fn any_text_reads_as_itself(text in r"(?s).{1,40}|[\\`*_\[\]()<>&|~{}!$^#+=.:\- \n\t0-9a]{1,30}") {
            let (read_text, markup) = read(&escape(&text));
            prop_assert_eq!(read_text, expected(&text));
            prop_assert_eq!(markup, ["Paragraph"]);
        }

        #[test]
        fn any_text_reads_as_itself_within_a_line(text in r"(?s).{1,40}|[\\`*_\[\]()<>&|~{}!$^#+=.:\- \n\t0-9a]{1,30}") {
            let (read_text, markup) = read(&format!("before {}\nnext {} after", escape(&text), escape(&text)));
            let text = expected(&text);
            prop_assert_eq!(read_text, format!("before {text}\nnext {text} after"));
            prop_assert_eq!(markup, ["Paragraph"]);
        }
    }
}
