//! The little HTML that Markdown pages hold: tables, line breaks, pictures.

/// A table, with the line that it begins on, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub line: usize,
    pub rows: Vec<Vec<String>>,
}

/// Takes the tables out of a text; what is left has as many lines as before.
pub(super) fn take_tables(text: &str) -> (String, Vec<Table>) {
    let lower = text.to_ascii_lowercase();
    let mut left = String::with_capacity(text.len());
    let mut tables = Vec::new();
    let mut done = 0;
    while let Some(start) = find_tag(&lower, done, "<table") {
        let end = lower[start..].find("</table>").map_or(text.len(), |end| start + end + "</table>".len());
        let table = &text[start..end];
        left.push_str(&text[done..start]);
        let line = left.matches('\n').count() + 1;
        left.extend(table.matches('\n'));
        let rows = rows(table);
        if !rows.is_empty() {
            tables.push(Table { line, rows });
        }
        done = end;
    }
    left.push_str(&text[done..]);
    (left, tables)
}

/// Where a tag of this name begins, in text of lower case.
fn find_tag(text: &str, from: usize, tag: &str) -> Option<usize> {
    let mut from = from;
    loop {
        let start = from + text[from..].find(tag)?;
        let after = text[start + tag.len()..].chars().next();
        if after.is_none_or(|c| c == '>' || c == '/' || c.is_whitespace()) {
            return Some(start);
        }
        from = start + tag.len();
    }
}

fn rows(table: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut in_cell = false;
    for part in parts(table) {
        match part {
            Part::Tag("tr") => {
                rows.push(Vec::new());
                in_cell = false;
            }
            Part::Tag("td" | "th") => {
                if rows.is_empty() {
                    rows.push(Vec::new());
                }
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
                in_cell = true;
            }
            Part::Tag("/td" | "/th" | "/tr") => in_cell = false,
            Part::Tag("br" | "p" | "li") => push(&mut rows, in_cell, "\n"),
            Part::Tag(_) => {}
            Part::Text(text) => push(&mut rows, in_cell, &text),
        }
    }
    for cell in rows.iter_mut().flatten() {
        let lines = cell.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        *cell = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// Adds to the open cell. Text of a table that stands in no cell stays, as a cell of its own.
fn push(rows: &mut Vec<Vec<String>>, in_cell: bool, text: &str) {
    if text.trim().is_empty() && !in_cell {
        return;
    }
    if !in_cell {
        rows.push(vec![String::new()]);
    }
    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
        cell.push_str(text);
    }
}

enum Part<'a> {
    /// Name of a tag, with a slash before that of a closing one.
    Tag(&'a str),
    Text(String),
}

fn parts(html: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(tag) = tag_at_start(rest) {
            parts.push(Part::Tag(name(tag)));
            rest = &rest[tag.len()..];
        } else {
            let end = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(end, _)| end);
            parts.push(Part::Text(unescaped(&rest[..end])));
            rest = &rest[end..];
        }
    }
    parts
}

/// The tag that a text begins with; `<` before anything but a letter, `/` or `!` is a sign of the text.
fn tag_at_start(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('<')?;
    if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) {
        return None;
    }
    let end = if inside.starts_with("!--") { text.find("-->")? + 3 } else { text.find('>')? + 1 };
    Some(&text[..end])
}

fn name(tag: &str) -> &str {
    let inside = tag.trim_start_matches('<');
    let end = inside[1.min(inside.len())..]
        .find(|c: char| !c.is_ascii_alphanumeric())
        .map_or(inside.len(), |end| end + 1);
    let name = &inside[..end];
    ["tr", "td", "th", "/td", "/th", "/tr", "br", "p", "li", "img"]
        .into_iter()
        .find(|known| name.eq_ignore_ascii_case(known))
        .unwrap_or("")
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let known =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    known.into_iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

/// What is to read in a piece of HTML, without its tags.
pub(super) fn text(html: &str) -> String {
    let texts = parts(html).into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::Tag("br" | "p" | "li") => "\n".to_owned(),
        Part::Tag(_) => String::new(),
    });
    texts.collect::<String>().trim().to_owned()
}

pub(super) fn is_break(tag: &str) -> bool {
    tag_at_start(tag).is_some_and(|first| first.len() == tag.trim_end().len() && name(first) == "br")
}

/// What a picture is called: its file, as its tag has it.
pub(super) fn picture(tag: &str) -> Option<String> {
    let first = tag_at_start(tag.trim_start()).filter(|first| name(first) == "img")?;
    let source = first.split_once("src=").map_or("", |(_, source)| source);
    let quote = source.chars().next().filter(|c| matches!(c, '"' | '\''));
    let source = match quote {
        Some(quote) => source[1..].split(quote).next().unwrap_or_default(),
        None => source.split([' ', '>']).next().unwrap_or_default(),
    };
    Some(if source.is_empty() { "a picture".to_owned() } else { source.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_taken_out_with_their_lines() {
        let (left, tables) =
            take_tables("a\n<TABLE class='x'>\n<tr><th>Likelihood<td>Low\n</table>\nb <tables> 2 < 3");
        assert_eq!(left, "a\n\n\n\nb <tables> 2 < 3");
        assert_eq!(tables, [Table { line: 2, rows: vec![vec!["Likelihood".into(), "Low".into()]] }]);
    }

    #[test]
    fn broken_tags_are_no_trouble() {
        for html in [
            "<table",
            "<table>",
            "<table><tr>x<td",
            "<table>é<",
            "<table><td>a</td>b</table>",
            "<",
            "<é>",
            "</",
        ] {
            let (_, tables) = take_tables(html);
            let _ = text(html);
            let _ = picture(html);
            assert!(tables.len() <= 1, "{html}");
        }
        let (_, tables) = take_tables("<table><td>a</td>b</table>");
        assert_eq!(tables[0].rows, [["a"], ["b"]]);
        assert_eq!(picture("<img width=3 src='a.png'>").as_deref(), Some("a.png"));
    }
}
