//! Whether a file consists of its objects and its tables, and of nothing else that some reader could find in it.
//!
//! A reader that takes a file for damaged, by whatever whim, forgets its tables and looks for objects all over its
//! bytes: for `12 0 obj`, for `trailer`, for streams with objects in them. So every byte has to belong to something
//! that a table names, and no data, be it a font, a certificate or a string, may hold what could be found there.

use super::super::SignatureError;
use super::document::{Document, Entry};
use super::object::{Object, Reference, Stream};
use super::parse::{damaged, is_space};
use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

impl Document<'_> {
    /// Refuses a file in which there is anything beside the objects of its revisions, or anything within them that
    /// could be taken for others.
    pub fn check_layout(&self) -> Result<(), SignatureError> {
        for index in 0..self.revisions().len() {
            let mut at = if index == 0 { header(self.bytes())? } else { self.revisions()[index].start };
            for (offset, reference) in self.written_in(index) {
                let (span, object) = self.parse(index, reference)?;
                self.expect_nothing(at..offset)?;
                at = span.end;
                expect_no_other(self.bytes(), reference, &span, &object)?;
            }
            self.expect_nothing(at..self.revisions()[index].table)?;
            self.expect_plain_trailer(index)?;
        }
        Ok(())
    }

    /// The strings of a trailer may hold no object either.
    fn expect_plain_trailer(&self, revision: usize) -> Result<(), SignatureError> {
        let revision = &self.revisions()[revision];
        let word = b"trailer";
        let bytes = &self.bytes()[revision.table..revision.end];
        let begins = bytes.windows(word.len()).position(|window| window == word);
        let begins = begins.map_or(0, |at| at + word.len());
        match found(&bytes[begins..]) {
            Some(at) => {
                let what = "the trailer holds what could be taken for an object";
                Err(damaged(revision.table + begins + at, what))
            }
            None => Ok(()),
        }
    }

    /// The objects of a revision, in the order in which they lie.
    fn written_in(&self, revision: usize) -> Vec<(usize, Reference)> {
        let entries = self.revisions()[revision].entries.iter();
        let mut written: Vec<_> = entries
            .filter_map(|(&number, entry)| match entry {
                Entry::At { offset } => Some((*offset, Reference { number, generation: 0 })),
                Entry::Free => None,
            })
            .collect();
        written.sort_unstable();
        written
    }

    /// Between two things there is the end of a line and perhaps more white space.
    fn expect_nothing(&self, between: Range<usize>) -> Result<(), SignatureError> {
        let Some(bytes) = self.bytes().get(between.clone()) else {
            return Err(damaged(between.end, "an object begins there within another"));
        };
        let is_ended = bytes.first().or(self.bytes().get(between.start.wrapping_sub(1)));
        match bytes.iter().position(|byte| !byte.is_ascii_whitespace()) {
            Some(at) => Err(damaged(between.start + at, "what stands there belongs to no object")),
            None if is_ended.is_some_and(u8::is_ascii_whitespace) => Ok(()),
            None => Err(damaged(between.start, "the line should end there")),
        }
    }
}

/// The line that says that this is a PDF, and one of bytes that are no text: where they end.
fn header(bytes: &[u8]) -> Result<usize, SignatureError> {
    let end_of_line = |from: usize| {
        let end = bytes.iter().skip(from).position(|byte| *byte == b'\n').map(|length| from + length);
        end.ok_or_else(|| damaged(from, "the line should end there"))
    };
    let first = end_of_line(0)?;
    if !matches!(
        bytes[..first].trim_ascii_end(),
        [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', b'0'..=b'9']
    ) {
        return Err(damaged(0, "the first line should be %PDF- and a version"));
    }
    if bytes.get(first + 1) != Some(&b'%') {
        return Ok(first);
    }
    let second = end_of_line(first + 1)?;
    if bytes[first + 2..second].trim_ascii_end().is_ascii() && second > first + 2 {
        return Err(damaged(first + 1, "the second line should be of bytes that are no text"));
    }
    Ok(second)
}

/// An object may hold no other, as it is or as some reader finds it.
fn expect_no_other(
    bytes: &[u8],
    reference: Reference,
    span: &Range<usize>,
    object: &Object,
) -> Result<(), SignatureError> {
    let body = span.start + format!("{reference} obj").len()..span.end - "endobj".len();
    if let Some(at) = found(&bytes[body.clone()]) {
        let what = format!("object {reference} holds what could be taken for another object");
        return Err(damaged(body.start + at, &what));
    }
    match object {
        Object::Stream(stream) if holds_objects(stream) => {
            Err(damaged(span.start, &format!("the stream {reference} may hold objects")))
        }
        _ => Ok(()),
    }
}

fn holds_objects(stream: &Stream) -> bool {
    match stream.dict.get("Type") {
        None => false,
        Some(Object::Name(kind)) => kind == b"ObjStm" || kind == b"XRef",
        // What stands elsewhere may be replaced there.
        Some(_) => true,
    }
}

/// What readers look for where they take a file for damaged.
static WORDS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(["obj", "trailer", "endstream", "/ObjStm", "/XRef"]).ok());

/// Where a reader that looks for objects by itself could find one, or a trailer.
fn found(data: &[u8]) -> Option<usize> {
    let words = WORDS.as_ref()?;
    let mut found = words.find_iter(data);
    let found = found.find(|word| match word.pattern().as_usize() {
        0 => ends_header(data, word.start()),
        1 => begins_trailer(&data[word.end()..]),
        2 => !data[word.end()..].trim_ascii().is_empty(),
        _ => true,
    });
    found.map(|word| word.start())
}

/// More white space and comments than anything but an attack has.
const LONGEST_GAP: usize = 1_000;

/// Whether two numbers stand before this place, as before `obj`.
fn ends_header(data: &[u8], at: usize) -> bool {
    let is_digit = |end: usize| end > 0 && data[end - 1].is_ascii_digit();
    let is_number_before = |at: usize| before_gap(data, at).any(|end| end < at && is_digit(end));
    before_gap(data, at).any(|end| {
        let digits = data[..end].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        digits > 0 && is_number_before(end - digits)
    })
}

/// Where that may end which stands before white space and comments. Backwards nobody can tell which `%` of a line
/// begins the comment, so it may be each.
fn before_gap(data: &[u8], at: usize) -> impl Iterator<Item = usize> {
    let mut open = vec![at];
    std::iter::from_fn(move || {
        let from = open.pop()?;
        let gap = data[..from].iter().rev().take_while(|byte| is_space(**byte)).count();
        let end = from - gap;
        if data[end..from].iter().any(|byte| ends_line(*byte)) {
            let line = data[..end].iter().rev().take_while(|byte| !ends_line(**byte)).count();
            let comments = (end - line..end).filter(|at| data[*at] == b'%');
            open.extend(comments);
        }
        Some(end)
    })
}

fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Whether a dictionary stands there, behind white space and comments.
fn begins_trailer(data: &[u8]) -> bool {
    let mut rest = &data[..data.len().min(LONGEST_GAP)];
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'%' => &rest[rest.iter().take_while(|byte| !ends_line(**byte)).count()..],
            byte if is_space(*byte) => after,
            _ => return rest.starts_with(b"<<"),
        };
    }
    data.len() > LONGEST_GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_readers_could_find_is_found() {
        for data in [
            "5 0 obj",
            "x15 0 obj<<",
            "5\r\n0\tobj",
            "5\0\x0c0obj",
            "5 %c\n0 obj",
            "5%\n%%c% 7\r%\n 0%obj\nobj",
            "trailer<</Root 5 0 R>>",
            "trailer % c\n <<",
            "/Type/ObjStm",
            "/XRef",
            "endstream ]",
        ] {
            assert!(found(data.as_bytes()).is_some(), "{data}");
            assert!(found(format!("obj 1 obj trailer {data} ").as_bytes()).is_some(), "{data}");
        }
        let long = format!("trailer{}", " ".repeat(2_000));
        assert!(found(long.as_bytes()).is_some(), "nobody needs to look that far");
    }

    #[test]
    fn words_are_no_objects() {
        for data in [
            "an objection, 5 objects",
            "5 obj",
            "5 0 Obj",
            "5 0 R obj",
            "the trailer: 5 < 7 << 9",
            "the trailer",
            "(a) 5.0 obj",
            "data\nendstream\n",
        ] {
            assert_eq!(found(data.as_bytes()), None, "{data}");
        }
    }
}
