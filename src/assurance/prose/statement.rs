//! Statements: the sentences and table rows of a text.

/// A sentence, or a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub text: String,
    /// Page of the text, from 1; a form feed ends a page.
    pub page: usize,
    /// Line of its page that it begins on, from 1.
    pub line: usize,
    /// Columns of a table, of which nobody can say what they mean.
    pub is_row: bool,
    /// A line alone, such as a heading.
    pub is_line: bool,
}

/// Markdown as it reads: links as their text, without marks and escapes.
#[must_use]
pub fn plain(markdown: &str) -> String {
    let mut plain = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(char) = rest.chars().next() {
        let after = &rest[char.len_utf8()..];
        rest = match (char, (char == '[').then(|| link(after)).flatten()) {
            ('\\', _) if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                plain.push_str(&after[..1]);
                &after[1..]
            }
            ('[', Some((text, after))) => {
                plain.push_str(text);
                after
            }
            ('*' | '`' | '#', _) => after,
            _ => {
                plain.push(char);
                after
            }
        };
    }
    plain
}

/// The text of a link whose bracket has just been opened, and what follows the link.
fn link(markdown: &str) -> Option<(&str, &str)> {
    // Looking on to the end for each of many brackets would take the square of the text.
    const LONGEST: usize = 2_000;
    let (near, _) = markdown.split_at(markdown.floor_char_boundary(LONGEST));
    let end = near.find(['[', ']']).filter(|end| near[*end..].starts_with(']'))?;
    let address = near[end + 1..].strip_prefix('(')?;
    let length = end + 2 + address.find(')')? + 1;
    Some((&markdown[..end], &markdown[length..]))
}

/// The statements of a text, in order.
#[must_use]
pub fn statements(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (page, number) in text.split('\u{c}').zip(1..) {
        let mut paragraph: Vec<(usize, &str)> = Vec::new();
        for (at, line) in (1..).zip(page.lines().map(str::trim)) {
            let is_row = is_row(line);
            if line.is_empty() || is_row || begins_an_item(line) {
                end_paragraph(&mut paragraph, number, &mut statements);
            }
            if is_row {
                let text = line.split(['|', ' ', '\t']).filter(|part| !part.is_empty());
                let text = text.collect::<Vec<_>>().join(" ");
                statements.push(Statement { text, page: number, line: at, is_row: true, is_line: true });
            } else if !line.is_empty() {
                paragraph.push((at, line));
            }
        }
        end_paragraph(&mut paragraph, number, &mut statements);
    }
    statements
}

/// Columns stand apart by runs of spaces, or by bars.
fn is_row(line: &str) -> bool {
    line.contains("   ") || line.contains('\t') || (line.starts_with('|') && line.len() > 1)
}

/// A point of a list.
fn begins_an_item(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    is_numbered || ["- ", "* ", "+ ", "\u{2022}", "\u{f0b7}"].iter().any(|mark| line.starts_with(mark))
}

fn end_paragraph(lines: &mut Vec<(usize, &str)>, page: usize, statements: &mut Vec<Statement>) {
    let is_line = lines.len() == 1;
    let mut text = String::new();
    // Where each line begins in the text.
    let mut begins: Vec<(usize, usize)> = Vec::new();
    for (line, part) in lines.drain(..) {
        if !text.is_empty() {
            text.push(' ');
        }
        begins.push((text.len(), line));
        text.push_str(part);
    }
    let line_at =
        |at: usize| begins.iter().take_while(|(begin, _)| *begin <= at).last().map_or(1, |(_, line)| *line);
    let mut start = 0;
    for end in ends_of_sentences(&text) {
        let sentence = &text[start..end];
        let line = line_at(start + sentence.len() - sentence.trim_start().len());
        start = end;
        let text = sentence.trim().to_owned();
        if !text.is_empty() {
            statements.push(Statement { text, page, line, is_row: false, is_line });
        }
    }
}

/// A stop ends a sentence where space and then no lower-case letter follow, save after an abbreviation.
fn ends_of_sentences(text: &str) -> Vec<usize> {
    const ABBREVIATIONS: [&str; 9] = ["e.g", "i.e", "no", "approx", "dr", "mr", "mrs", "ms", "ref"];
    let mut ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, char)| matches!(char, '.' | '!' | '?'))
        .filter(|(at, char)| {
            let after = &text[at + char.len_utf8()..];
            let last_word = text[..*at].rsplit(char::is_whitespace).next().unwrap_or_default();
            let last_word = last_word.trim_start_matches(['(', '"']).to_lowercase();
            after.starts_with(char::is_whitespace)
                && !after.trim_start().starts_with(char::is_lowercase)
                && !ABBREVIATIONS.contains(&last_word.as_str())
        })
        .map(|(at, char)| at + char.len_utf8())
        .collect();
    ends.push(text.len());
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        statements(text).into_iter().map(|statement| statement.text).collect()
    }

    #[test]
    fn marks_and_links_read_as_their_text() {
        assert_eq!(
            plain(r"**See** [H01](hazard:H01), \[not a link\]; [a] (b)"),
            "See H01, [not a link]; [a] (b)"
        );
        assert_eq!(plain("[a [b](c)"), "[a b");
        assert_eq!(plain("[é"), "[é");
    }

    #[test]
    fn many_brackets_take_no_square_of_time() {
        let brackets = "[a".repeat(100_000);
        let started = std::time::Instant::now();
        assert_eq!(plain(&brackets).len(), brackets.len());
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }

    #[test]
    fn sentences_run_over_lines_and_rows_do_not() {
        let text =
            "The log holds\nfour hazards. Dr Doe, e.g. at 4.2, agreed.\n\n H01   Lost   3\nNext\u{c}Page two";
        assert_eq!(
            texts(text),
            ["The log holds four hazards.", "Dr Doe, e.g. at 4.2, agreed.", "H01 Lost 3", "Next", "Page two"]
        );
        assert_eq!(statements(text).last().map(|statement| statement.page), Some(2));
    }

    #[test]
    fn a_statement_knows_its_line() {
        let text = "One begins\nhere. Two is\nlong. Three\n\n| a | b |\n- four\u{c}Five";
        let lines: Vec<usize> = statements(text).iter().map(|statement| statement.line).collect();
        assert_eq!(lines, [1, 2, 3, 5, 6, 1]);
    }

    #[test]
    fn points_of_a_list_are_statements() {
        assert_eq!(
            texts("Two things:\n- one\n- two\n1. three"),
            ["Two things:", "- one", "- two", "1. three"]
        );
    }

    #[test]
    fn markdown_reads_as_its_text() {
        assert_eq!(
            plain("## See [H08 Lost](hazard:H08), **not** `H09` [Reference 9]; 1\\. a\\*b"),
            " See H08 Lost, not H09 [Reference 9]; 1. a*b"
        );
    }
}
