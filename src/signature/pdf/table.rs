//! The tables of a PDF, of which each belongs to a revision: where its objects are, and where the table before it is.
//!
//! They are read byte by byte, in the one form that [`Update`](super::Update) and Typst write. Whatever else a table
//! could look like, some reader takes for damage; it then looks for objects all over the file by itself, and may find
//! others than those that the table names. So there is no white space and no comment where none has to be, an entry
//! has twenty bytes, and `/Size` is the number after the highest.

use super::super::SignatureError;
use super::document::{Entry, Revision, unsuited};
use super::object::Object;
use super::parse::{Parser, damaged};
use std::collections::BTreeMap;

/// As many objects as every reader reads. ISO 32000-1 (annex C) names twice as many, and not all keep to that.
pub(super) const MOST_OBJECTS: u32 = 4_194_304;

/// The revisions of a file, the oldest first; never empty.
pub(super) fn revisions(bytes: &[u8]) -> Result<Vec<Revision>, SignatureError> {
    let mut revisions = vec![revision_at(bytes, last_table(bytes)?)?];
    while let Some(previous) = previous_table(&revisions[revisions.len() - 1])? {
        revisions.push(revision_at(bytes, previous)?);
    }
    revisions.reverse();
    let mut count = 0;
    for index in 0..revisions.len() {
        if index > 0 {
            revisions[index].start = revisions[index - 1].end;
        }
        holds_its_objects(&revisions[index])?;
        count = numbered_on(&revisions[index], count)?;
    }
    Ok(revisions)
}

/// Where the table is that the end of the file names.
fn last_table(bytes: &[u8]) -> Result<usize, SignatureError> {
    let incomplete = || {
        SignatureError::new("the PDF is not complete: its end is missing")
            .hint("copy or build the file again; this one was cut short")
    };
    let word = b"startxref";
    let found = bytes.windows(word.len()).rposition(|window| window == word).ok_or_else(incomplete)?;
    let mut parser = Parser::new(bytes, found + word.len());
    parser.newline()?;
    parser.digits()
}

fn previous_table(revision: &Revision) -> Result<Option<usize>, SignatureError> {
    let Some(previous) = revision.trailer.get("Prev") else { return Ok(None) };
    // Each lies before the one that names it, so there is an end to them.
    let before = |offset: &usize| *offset < revision.table;
    let offset = previous.as_integer().and_then(|offset| usize::try_from(offset).ok()).filter(before);
    offset
        .map(Some)
        .ok_or_else(|| damaged(revision.table, "the table before this one does not lie before it"))
}

/// Reads the table and the trailer that begin there.
fn revision_at(bytes: &[u8], table: usize) -> Result<Revision, SignatureError> {
    let mut parser = Parser::new(bytes, table);
    if parser.regular().first().is_some_and(u8::is_ascii_digit) {
        return Err(SignatureError::new(
            "the PDF was saved by another program: it keeps the places of its objects in a stream",
        )
        .hint("sign the file that `cscr build` wrote, before any other program saves it"));
    }
    parser.exact("xref")?;
    parser.newline()?;
    let entries = entries(&mut parser)?;
    let trailer = parser.dict(0)?;
    if trailer.has("Encrypt") {
        return Err(SignatureError::new("the PDF is encrypted")
            .hint("sign the file that `cscr build` wrote; it is not encrypted"));
    }
    if trailer.has("XRefStm") {
        return Err(unsuited("it has two tables of its objects"));
    }
    parser.newline()?;
    parser.exact("startxref")?;
    parser.newline()?;
    let at = parser.position();
    if parser.digits() != Ok(table) {
        return Err(damaged(at, "the place of another table is named at the end of this one"));
    }
    parser.newline()?;
    parser.exact("%%EOF")?;
    // The line may end with the revision, or with whoever comes after.
    let _ = parser.newline();
    Ok(Revision { start: 0, table, end: parser.position(), trailer, entries })
}

/// The sections of a table, up to its trailer.
fn entries(parser: &mut Parser<'_>) -> Result<BTreeMap<u32, Entry>, SignatureError> {
    let mut entries = BTreeMap::new();
    while !parser.take(b"trailer") {
        let at = parser.position();
        let first: u32 = parser.digits()?;
        parser.exact(" ")?;
        let count: u32 = parser.digits()?;
        // One space there is as old as the format, and every reader knows it.
        parser.take(b" ");
        parser.newline()?;
        if count == 0 {
            return Err(damaged(at, "this section of the table has no objects"));
        }
        for index in 0..count {
            let at = parser.position();
            let entry = entry(parser)?;
            // Readers know files whose numbers are one too high by such an entry at the start of a section.
            if entry == Entry::Free && first != 0 {
                return Err(damaged(at, "this table takes an object away"));
            }
            let number = first.checked_add(index).filter(|number| !entries.contains_key(number));
            let Some(number) = number else {
                return Err(damaged(at, "this object has two places in one table"));
            };
            entries.insert(number, entry);
        }
    }
    parser.newline()?;
    Ok(entries)
}

/// `0000000016 00000 n`, and two bytes that end the line.
fn entry(parser: &mut Parser<'_>) -> Result<Entry, SignatureError> {
    let at = parser.position();
    let wrong = || damaged(at, "an entry of the table should stand there, of twenty bytes");
    let bytes: &[u8; 20] = parser.next_bytes().ok_or_else(wrong)?;
    let number = |digits: &[u8]| -> Option<usize> {
        let are_digits = digits.iter().all(u8::is_ascii_digit);
        are_digits.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
    };
    let (offset, generation) = (number(&bytes[..10]), number(&bytes[11..16]));
    let (Some(offset), Some(generation), b' ', b' ', b" \n" | b"\r\n") =
        (offset, generation, bytes[10], bytes[16], &bytes[18..])
    else {
        return Err(wrong());
    };
    match (bytes[17], generation) {
        (b'f', _) => Ok(Entry::Free),
        (b'n', 0) => Ok(Entry::At { offset }),
        (b'n', _) => Err(damaged(at, "this object stands in the place of one that was deleted")),
        _ => Err(damaged(at, "an entry of the table should end in n or f")),
    }
}

/// A table may only name objects that were written with it.
fn holds_its_objects(revision: &Revision) -> Result<(), SignatureError> {
    let strays = |(_, entry): &(&u32, &Entry)| match entry {
        Entry::Free => false,
        Entry::At { offset, .. } => !(revision.start..revision.table).contains(offset),
    };
    if revision.start > revision.table {
        return Err(damaged(revision.table, "this table lies within the revision before it"));
    }
    match revision.entries.iter().find(strays) {
        Some((number, _)) => Err(damaged(
            revision.table,
            &format!("this table says that object {number} lies where another revision is"),
        )),
        None => Ok(()),
    }
}

/// How many numbers are taken with this revision, of which `before` were before it. The first revision gives each
/// number once, and none takes away what was there.
fn numbered_on(revision: &Revision, before: u32) -> Result<u32, SignatureError> {
    let fail = |what: &str| Err(damaged(revision.table, what));
    let is_first = before == 0;
    let mut count = before;
    for (&number, entry) in &revision.entries {
        if is_first && number > count {
            return fail(&format!("the table has an object {number} and none of the number {count}"));
        }
        // By old custom, object 0 stands for all that is free.
        match (entry, number) {
            (Entry::At { .. }, 0) => return fail("the table has an object of the number 0"),
            (Entry::Free, 1..) if !is_first => {
                return fail(&format!("the table takes object {number} away"));
            }
            _ => {}
        }
        count = count.max(number.saturating_add(1));
    }
    let size = revision.trailer.get("Size").and_then(Object::as_integer);
    if size != Some(i64::from(count)) || count > MOST_OBJECTS {
        return fail("the table has another number of objects than its trailer says");
    }
    Ok(count)
}
