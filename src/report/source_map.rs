//! From a place in the Typst source that a template made back to the template's own line.
//!
//! minijinja does not say which line of a template wrote what. So, when Typst finds a fault, the template
//! runs once more with a mark behind every piece of its text and behind every value it prints; the marks
//! say the line. They stand where no whitespace control can meet them, so that the marked source is the
//! source that Typst read, but for the marks. Where it is not (a template that compares what it captured)
//! there is no map, and the place stays the one in the generated source.

use super::diagnostics::{CodePlace, Diagnostic};
use super::environment::render_sources;
use super::template::Template;
use super::world::GENERATED;
use serde::Serialize;

// Planes of private use: no font has them, and a printed value is escaped.
const OPEN: char = '\u{F0000}';
const CLOSE: char = '\u{F0001}';

/// Where the pieces of a generated source came from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SourceMap {
    /// In the order of the generated source.
    marks: Vec<Mark>,
}

/// The end of a piece of the generated source, and the template's line that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// Line of the generated source, from 1.
    line: usize,
    /// Characters of that line up to the mark.
    column: usize,
    /// Which of the template's minijinja files.
    file: usize,
    /// Line of that file, from 1.
    origin: usize,
}

/// Gives the places in the generated source the file and line of the template that wrote them.
pub(super) fn locate<C: Serialize>(
    diagnostics: &mut [Diagnostic],
    template: &Template,
    context: &C,
    generated: &str,
) {
    let is_generated = |place: &CodePlace| place.file == GENERATED;
    let mut places: Vec<&mut CodePlace> =
        diagnostics.iter_mut().flat_map(Diagnostic::places_mut).filter(|place| is_generated(place)).collect();
    if places.is_empty() {
        return;
    }
    let Some(map) = SourceMap::of(template, context, generated) else { return };
    for place in &mut places {
        let Some(mark) = map.find(place.line, place.column.unwrap_or(1)) else { continue };
        let Some((name, source)) = template.jinja_files().nth(mark.file) else { continue };
        let text = source.lines().nth(mark.origin - 1).unwrap_or_default();
        place.file = template.file(name).map_or_else(|| name.to_owned(), |file| file.origin.clone());
        place.line = mark.origin;
        // The column is the template's only where the line was taken over as it is.
        place.column = place.column.filter(|_| text == place.text);
        text.clone_into(&mut place.text);
    }
}

impl SourceMap {
    fn of<C: Serialize>(template: &Template, context: &C, generated: &str) -> Option<Self> {
        let marked: Vec<(&str, String)> = template
            .jinja_files()
            .enumerate()
            .map(|(index, (name, source))| (name, with_marks(index, source)))
            .collect();
        let sources = marked.iter().map(|(name, source)| (*name, source.as_str()));
        Self::read(&render_sources(template.main(), sources, context).ok()?, generated)
    }

    /// Takes the marks out; none if what remains is not the generated source.
    fn read(marked: &str, generated: &str) -> Option<Self> {
        let mut marks = Vec::new();
        let mut plain = String::with_capacity(generated.len());
        let (mut line, mut column) = (1, 0);
        let mut rest = marked;
        while let Some(start) = rest.find(OPEN) {
            let (before, mark) = (&rest[..start], &rest[start + OPEN.len_utf8()..]);
            let (mark, after) = mark.split_once(CLOSE)?;
            let (file, origin) = mark.split_once(':')?;
            plain.push_str(before);
            match before.rfind('\n') {
                Some(end) => {
                    line += before.matches('\n').count();
                    column = before[end + 1..].chars().count();
                }
                None => column += before.chars().count(),
            }
            marks.push(Mark { line, column, file: file.parse().ok()?, origin: origin.parse().ok()? });
            rest = after;
        }
        plain.push_str(rest);
        (plain == generated).then_some(Self { marks })
    }

    /// The piece that holds this line and column, both from 1.
    fn find(&self, line: usize, column: usize) -> Option<Mark> {
        let on_line = || self.marks.iter().filter(|mark| mark.line == line);
        let behind = on_line().find(|mark| mark.column >= column).or_else(|| on_line().next_back());
        // A value of several lines has its mark on its last one.
        behind.or_else(|| self.marks.iter().find(|mark| mark.line > line)).copied()
    }
}

/// The source of a template with its marks.
fn with_marks(file: usize, source: &str) -> String {
    let mut marked = String::with_capacity(source.len() * 2);
    let (mut rest, mut line) = (source, 1);
    while !rest.is_empty() {
        let tag_start =
            ["{{", "{%", "{#"].iter().filter_map(|tag| rest.find(tag)).min().unwrap_or(rest.len());
        let (text, from_tag) = rest.split_at(tag_start);
        for piece in text.split_inclusive('\n') {
            let words = piece.trim_end();
            marked.push_str(words);
            if !words.trim_start().is_empty() {
                marked.push_str(&mark(file, line));
            }
            marked.push_str(&piece[words.len()..]);
            line += usize::from(piece.ends_with('\n'));
        }
        let (tag, after) = from_tag.split_at(tag_length(from_tag));
        let value = tag.strip_suffix("-}}").filter(|_| tag.starts_with("{{"));
        if let Some(value) = value {
            // The whitespace behind is for the tag to take away, so the mark becomes a tag that does.
            marked.extend([value, "}}{{ \"", &mark(file, line), "\" | typst -}}"]);
        } else {
            marked.push_str(tag);
            if tag.starts_with("{{") && tag.ends_with("}}") {
                marked.push_str(&mark(file, line));
            }
        }
        line += tag.matches('\n').count();
        rest = after;
    }
    marked
}

fn mark(file: usize, line: usize) -> String {
    format!("{OPEN}{file}:{line}{CLOSE}")
}

/// The length of the tag that the text begins with; all of the text if the tag does not end.
fn tag_length(text: &str) -> usize {
    let end = match text.get(..2) {
        Some("{#") => return text.find("#}").map_or(text.len(), |end| end + 2),
        Some("{%") => "%}",
        Some(_) => "}}",
        None => return text.len(),
    };
    let (mut quote, mut open, mut escaped) = (None, 0_usize, false);
    for (index, character) in text.char_indices().skip(2) {
        match (quote, character) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(mark), _) if mark == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if open == 0 && text[index..].starts_with(end) => return index + 2,
            (None, '{' | '[' | '(') => open += 1,
            (None, '}' | ']' | ')') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::environment::render;
    use serde_json::json;

    /// The template's line that wrote each `#`, by the generated line.
    fn origins(source: &str) -> Option<Vec<(usize, usize)>> {
        let template = Template::for_tests("report.typ.j2", source);
        let context = json!({"a": "x", "list": [1, 2], "code": "1\n#2"});
        let generated = render(&template, &context).unwrap();
        let map = SourceMap::of(&template, &context, &generated)?;
        let signs = generated.lines().enumerate().flat_map(|(index, text)| {
            text.chars().enumerate().filter(|(_, c)| *c == '#').map(move |(at, _)| (index + 1, at + 1))
        });
        Some(signs.map(|(line, column)| (line, map.find(line, column).unwrap().origin)).collect())
    }

    #[test]
    fn every_piece_has_the_line_that_wrote_it() {
        for (source, expected) in [
            ("a\n#b", vec![(2, 2)]),
            ("{% for i in list %}\n#b\n{% endfor %}#c", vec![(2, 2), (4, 2), (5, 3)]),
            ("{# one\n two #}{% if a -%}\n\n #b\n{%- endif %}\n #c", vec![(1, 4), (2, 6)]),
            ("one {{ a }} {{ a -}}\n  two #b", vec![(1, 1), (1, 1), (1, 2)][..].to_vec()),
            ("{% macro m() %}\n#b{% endmacro %}\n\n{{ m() }}", vec![(4, 2)]),
            ("\n{{ code | typst }}\n", vec![(3, 2)]),
            ("{{ '}} #' ~ \"\\\"}}\" }}\n{{ {'k': {'l': a}}.k.l }}", vec![(1, 1), (2, 2)]),
            ("{% raw %}{{ #b }}\n{% endraw %}#c", vec![(1, 1), (2, 2)]),
        ] {
            assert_eq!(origins(source), Some(expected), "{source}");
        }
    }

    #[test]
    fn there_is_no_map_where_marks_change_what_is_made() {
        let source = "{% set s %}b{% endset %}{% if s == 'b' %}#c{% else %}#d{% endif %}";
        assert_eq!(origins(source), None);
    }
}
