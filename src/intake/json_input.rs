//! JSON inputs: typed values, errors that show the offending line, and the line of every value.
//!
//! The value is made first. Then the text, which is then known to be JSON, is walked once more for the lines, so
//! that the domain types stay free of positions.

use super::InputError;
use super::toml_input::{Lines, marked_line, reword};
use crate::case::Place;
use serde::de::DeserializeOwned;

/// A JSON file that was read, and where its values stand.
#[derive(Debug)]
pub struct JsonInput<T> {
    pub value: T,
    pub lines: Lines,
}

impl<T: DeserializeOwned> JsonInput<T> {
    /// Reads the text of a file that is named to the user as `file`.
    ///
    /// # Errors
    /// If the text is not JSON, or has what its kind of file does not.
    pub fn parse(file: &str, text: &str) -> Result<Self, InputError> {
        let value = serde_json::from_str(text).map_err(|error| explain(file, text, &error))?;
        let mut walk = Walk { text, at: 0, line: 1, lines: Lines::new(file) };
        walk.value("");
        Ok(Self { value, lines: walk.lines })
    }
}

/// A JSON error in our words, with its line and column.
fn explain(file: &str, text: &str, error: &serde_json::Error) -> InputError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message);
    let (what, mut hint) = reword(message);
    if error.is_syntax() || error.is_eof() {
        "correct the line; JSON has text and keys between quotation marks and a comma between two values, and no comments"
            .clone_into(&mut hint);
    } else if let Some(key) = hint.strip_prefix("add ").and_then(|hint| hint.strip_suffix(" = ...")) {
        hint = format!("add \"{key}\": ...");
    }
    // serde_json counts the bytes of the line up to and with the fault.
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let at = start + column.saturating_sub(1);
    let marked = marked_line(text, line.max(1), &(at..at + 1));
    InputError::new(format!("{what} (column {column})\n{marked}"))
        .at(Place::line(file, line.max(1)))
        .hint(hint)
}

/// A walk over the text of a file that is known to be JSON.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    lines: Lines,
}

impl Walk<'_> {
    /// The next sign that is no space, without passing it.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.as_bytes().get(self.at).copied() {
            if !byte.is_ascii_whitespace() {
                return Some(byte);
            }
            self.line += usize::from(byte == b'\n');
            self.at += 1;
        }
        None
    }

    /// Passes a value, and records the lines of what it holds.
    fn value(&mut self, path: &str) {
        match self.peek() {
            Some(b'{') => self.object(path),
            Some(b'[') => self.array(path),
            Some(b'"') => {
                self.string();
            }
            _ => self.word(),
        }
    }

    fn object(&mut self, path: &str) {
        self.at += 1;
        while self.peek() == Some(b'"') {
            let line = self.line;
            let key = self.string();
            let inner = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
            self.lines.record(inner.clone(), line);
            self.pass(b':');
            let start = self.peek().map(|_| self.at);
            self.value(&inner);
            if key == "id"
                && let Some(id) =
                    start.and_then(|start| serde_json::from_str(&self.text[start..self.at]).ok())
            {
                self.lines.record_id(path, id);
            }
            self.pass(b',');
        }
        self.pass(b'}');
    }

    fn array(&mut self, path: &str) {
        self.at += 1;
        self.lines.record_list(path);
        let mut index = 0;
        while !matches!(self.peek(), Some(b']') | None) {
            let inner = format!("{path}/{index}");
            self.lines.record(inner.clone(), self.line);
            self.value(&inner);
            self.pass(b',');
            index += 1;
        }
        self.pass(b']');
    }

    /// Passes a string; what it says.
    fn string(&mut self) -> String {
        let start = self.at;
        let mut bytes = self.text.as_bytes()[start + 1..].iter().zip(start + 2..);
        while let Some((byte, after)) = bytes.next() {
            self.at = after;
            match byte {
                b'"' => break,
                b'\\' => {
                    bytes.next();
                }
                _ => {}
            }
        }
        serde_json::from_str(&self.text[start..self.at]).unwrap_or_default()
    }

    /// Passes a number, `true`, `false` or `null`.
    fn word(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
        self.at += rest.iter().position(ends).unwrap_or(rest.len()).max(1).min(rest.len());
    }

    /// Passes a sign, if it is the next.
    fn pass(&mut self, sign: u8) {
        if self.peek() == Some(sign) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        title: String,
        #[serde(default)]
        people: Vec<Person>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Person {
        id: String,
        name: Option<String>,
    }

    fn error(text: &str) -> String {
        JsonInput::<Sample>::parse("log.json", text).unwrap_err().to_string()
    }

    #[test]
    fn every_value_has_its_line() {
        let text = "{\n\"title\": \"a } \\\" \\\\\", \"people\":\n[ {\n \"id\" : \"p\\u0031\" ,\n\"name\": \"é\"\n}, {\n\"name\":null,\n\"id\":\"b\"}]\n}\n";
        let input = JsonInput::<Sample>::parse("log.json", text).unwrap();
        let line = |path: &str| input.lines.place(path).line;
        assert_eq!((line("title"), line("people"), line("people/0")), (Some(2), Some(2), Some(3)));
        assert_eq!((line("people/0/id"), line("people/0/name")), (Some(4), Some(5)));
        assert_eq!(
            (line("people/1"), line("people/1/id"), line("people/1/name")),
            (Some(6), Some(8), Some(7))
        );
        assert!(input.lines.named().any(|(path, place)| path == "people/p1/name" && place.line == Some(5)));
    }

    #[test]
    fn an_error_shows_line_and_column_and_what_to_do() {
        let text = error("{\n  \"titel\": \"x\"\n}\n");
        assert!(
            text.starts_with("The key \"titel\" is not known here (column 9)\n  2 |   \"titel\": \"x\"\n"),
            "{text}"
        );
        assert!(
            text.ends_with("at: log.json, line 2\n  do: did you mean \"title\"? (known are title, people)"),
            "{text}"
        );
        let text = error("{\"title\": \"x\", \"people\": [{}]}");
        assert!(
            text.starts_with("The key \"id\" is missing here") && text.ends_with("do: add \"id\": ..."),
            "{text}"
        );
        let text = error("{\"title\": \"x\",\n}");
        assert!(text.contains("log.json, line 2") && text.contains("a comma between two values"), "{text}");
        for broken in ["", "{", "{\"title\": ", "{\"title\": 7}", "[1", "\"", "{\"title\": \"\u{e9}\" x"] {
            assert!(error(broken).contains("log.json, line 1"), "{broken}");
        }
    }
}
