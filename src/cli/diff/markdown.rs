//! A difference as Markdown, for a wiki or a merge request: what went is struck through, what came is bold.

use super::page::Block;
use crate::change::{Line, Run, RunKind};
use std::fmt::Write as _;

pub(super) fn written(page: &[Block]) -> String {
    let mut text = String::from("# What changed\n\n");
    for block in page {
        match block {
            Block::Heading(depth, title) => {
                let _ = writeln!(text, "{} {}\n", "#".repeat(depth + 1), escaped(title));
            }
            Block::Paragraph(words) => {
                let _ = writeln!(text, "{}\n", escaped(words));
            }
            Block::Table(head, rows) => {
                let row = |cells: &mut dyn Iterator<Item = String>| {
                    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
                };
                text += &row(&mut head.iter().map(|cell| escaped(cell)));
                text += &row(&mut head.iter().map(|_| "---".to_owned()));
                for cells in rows {
                    text += &row(&mut cells.iter().map(|cell| escaped(cell)));
                }
                text.push('\n');
            }
            Block::Picture(lines) => {
                let _ = writeln!(text, "```text\n{}\n```\n", lines.join("\n"));
            }
            Block::Lines(lines) => {
                for line in lines {
                    text += &listed(line);
                }
                text.push('\n');
            }
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn listed(line: &Line) -> String {
    let words: String = line.words.iter().map(marked).collect();
    match line.label.as_str() {
        "" => format!("- {words}\n"),
        label => format!("- {}: {words}\n", escaped(label)),
    }
}

/// A mark may have no space inside it, and does not reach over the end of a line.
fn marked(run: &Run) -> String {
    let mark = match run.kind {
        RunKind::Same => return escaped(&run.text),
        RunKind::Removed => "~~",
        RunKind::Added => "**",
    };
    let inner = run.text.trim();
    if inner.is_empty() {
        return " ".to_owned();
    }
    let start = if run.text.starts_with(char::is_whitespace) { " " } else { "" };
    let end = if run.text.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{start}{mark}{}{mark}{end}", escaped(inner))
}

/// Text that says in Markdown what it says, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut was_space = false;
    for c in text.chars() {
        let is_space = c.is_whitespace();
        match c {
            _ if is_space && was_space => {}
            _ if is_space => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
        was_space = is_space;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_in_markdown_what_it_says() {
        let run = |kind, text: &str| Run { kind, text: text.to_owned() };
        let words = vec![
            run(RunKind::Same, "a *b*\n<script> "),
            run(RunKind::Removed, "c | d "),
            run(RunKind::Added, " "),
            run(RunKind::Added, "e"),
        ];
        let page = [Block::Lines(vec![Line { label: "H_01".to_owned(), words }])];
        assert_eq!(written(&page), "# What changed\n\n- H\\_01: a \\*b\\* \\<script\\> ~~c \\| d~~  **e**\n");
    }
}
