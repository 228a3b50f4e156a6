//! A PDF: its revisions, and its objects one by one.

use super::super::SignatureError;
use super::object::{Dict, Object, Reference};
use super::parse::{Parser, damaged};
use std::collections::BTreeMap;

/// Where an object can be asked for: a document, or one that is being changed.
pub trait Objects {
    /// The object of this reference, as it is last.
    fn object(&self, reference: Reference) -> Result<Object, SignatureError>;

    /// What everything else hangs on.
    fn catalog(&self) -> Reference;

    /// What stands there, or is referred to there.
    fn resolve(&self, object: &Object) -> Result<Object, SignatureError> {
        match object {
            Object::Reference(reference) => self.object(*reference),
            other => Ok(other.clone()),
        }
    }

    /// An object that is a dictionary or a stream.
    fn dict(&self, reference: Reference) -> Result<Dict, SignatureError> {
        match self.object(reference)? {
            Object::Dict(dict) => Ok(dict),
            Object::Stream(stream) => Ok(stream.dict),
            _ => Err(unsuited(&format!("object {reference} is no dictionary"))),
        }
    }

    /// What an entry says; nothing where there is none.
    fn find(&self, dict: &Dict, key: &str) -> Result<Option<Object>, SignatureError> {
        let found = dict.get(key).map(|value| self.resolve(value)).transpose()?;
        Ok(found.filter(|value| *value != Object::Null))
    }

    fn find_dict(&self, dict: &Dict, key: &str) -> Result<Option<Dict>, SignatureError> {
        match self.find(dict, key)? {
            None => Ok(None),
            Some(Object::Dict(found)) => Ok(Some(found)),
            Some(_) => Err(unsuited(&format!("/{key} is no dictionary"))),
        }
    }

    fn find_array(&self, dict: &Dict, key: &str) -> Result<Option<Vec<Object>>, SignatureError> {
        match self.find(dict, key)? {
            None => Ok(None),
            Some(Object::Array(found)) => Ok(Some(found)),
            Some(_) => Err(unsuited(&format!("/{key} is no array"))),
        }
    }

    /// The dictionary that is referred to by an entry of the catalog, with its reference where it has one.
    fn in_catalog(&self, key: &str) -> Result<Option<(Option<Reference>, Dict)>, SignatureError> {
        let catalog = self.dict(self.catalog())?;
        let found = self.find_dict(&catalog, key)?;
        Ok(found.map(|dict| (catalog.get(key).and_then(Object::as_reference), dict)))
    }
}

/// What keeps a file that can be read from being signed.
pub(super) fn unsuited(what: &str) -> SignatureError {
    SignatureError::new(format!("the PDF is not put together as it should be: {what}"))
        .hint("use the file as `cscr build` or `cscr sign` wrote it")
}

/// Where a table says that an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Free,
    At { offset: usize, generation: u16 },
}

/// A state that the file once had: what was written at one time.
#[derive(Debug, Clone)]
pub struct Revision {
    /// The end of the revision before it.
    pub start: usize,
    /// Where its table begins. Its objects lie before.
    pub table: usize,
    /// Behind its end-of-file mark. `Document::read(&bytes[..end])` is the document as it then was.
    pub end: usize,
    pub trailer: Dict,
    /// By number: what it added, replaced or took away.
    pub entries: BTreeMap<u32, Entry>,
}

/// A PDF that is read as far as it is asked for.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    bytes: &'a [u8],
    /// The oldest first; never empty.
    revisions: Vec<Revision>,
    catalog: Reference,
}

impl<'a> Document<'a> {
    /// Reads the tables of a file.
    pub fn read(bytes: &'a [u8]) -> Result<Self, SignatureError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(SignatureError::new("this is no PDF: it does not begin with %PDF-")
                .hint("name the file that `cscr build` wrote"));
        }
        let mut revisions = vec![revision_at(bytes, last_table(bytes)?)?];
        while let Some(previous) = previous_table(&revisions[revisions.len() - 1])? {
            revisions.push(revision_at(bytes, previous)?);
        }
        revisions.reverse();
        for index in 1..revisions.len() {
            revisions[index].start = revisions[index - 1].end;
        }
        revisions.iter().try_for_each(holds_its_objects)?;
        let Some(catalog) = revisions[revisions.len() - 1].trailer.get("Root").and_then(Object::as_reference)
        else {
            return Err(unsuited("its trailer does not say what its catalog is"));
        };
        Ok(Self { bytes, revisions, catalog })
    }

    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The states that the file has had, the oldest first.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    #[must_use]
    pub fn last(&self) -> &Revision {
        &self.revisions[self.revisions.len() - 1]
    }

    /// What stands behind the last revision and belongs to none.
    #[must_use]
    pub fn trailing(&self) -> &'a [u8] {
        &self.bytes[self.last().end..]
    }

    /// The bytes of an object, from its number to its `endobj`.
    pub fn span(&self, reference: Reference) -> Result<std::ops::Range<usize>, SignatureError> {
        self.parse(reference, |length| self.length(length)).map(|(span, _)| span)
    }

    fn parse(
        &self,
        reference: Reference,
        length: impl Fn(Reference) -> Result<usize, SignatureError>,
    ) -> Result<(std::ops::Range<usize>, Object), SignatureError> {
        let mut newest_first = self.revisions.iter().rev();
        let found =
            newest_first.find_map(|revision| Some((revision, revision.entries.get(&reference.number)?)));
        let (revision, offset) = match found {
            Some((revision, Entry::At { offset, generation })) if *generation == reference.generation => {
                (revision, *offset)
            }
            _ => return Err(unsuited(&format!("object {reference} is referred to and not there"))),
        };
        let mut parser = Parser::new(&self.bytes[..revision.table], offset);
        if parser.object_header()? != reference {
            return Err(damaged(offset, &format!("object {reference} should stand there")));
        }
        let object = parser.object_body(length)?;
        Ok((offset..parser.position(), object))
    }

    /// The length of a stream that stands in an object of its own.
    fn length(&self, reference: Reference) -> Result<usize, SignatureError> {
        let no_stream = |_| Err(unsuited("the length of a stream is a stream"));
        let (_, length) = self.parse(reference, no_stream)?;
        let length = length.as_integer().and_then(|length| usize::try_from(length).ok());
        length.ok_or_else(|| unsuited("the length of a stream is no number"))
    }
}

impl Objects for Document<'_> {
    fn object(&self, reference: Reference) -> Result<Object, SignatureError> {
        self.parse(reference, |length| self.length(length)).map(|(_, object)| object)
    }

    fn catalog(&self) -> Reference {
        self.catalog
    }
}

/// Where the table is that the end of the file names.
fn last_table(bytes: &[u8]) -> Result<usize, SignatureError> {
    let incomplete = || {
        SignatureError::new("the PDF is not complete: its end is missing")
            .hint("copy or build the file again; this one was cut short")
    };
    let word = b"startxref";
    let found = bytes.windows(word.len()).rposition(|window| window == word).ok_or_else(incomplete)?;
    let mut parser = Parser::new(bytes, found);
    parser.word("startxref")?;
    parser.unsigned()
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
    parser.word("xref")?;
    let entries = entries(&mut parser)?;
    let trailer = parser.dict(0)?;
    if trailer.has("Encrypt") {
        return Err(SignatureError::new("the PDF is encrypted")
            .hint("sign the file that `cscr build` wrote; it is not encrypted"));
    }
    if trailer.has("XRefStm") {
        return Err(unsuited("it has two tables of its objects"));
    }
    let size = trailer.get("Size").and_then(Object::as_integer);
    let beyond = |number: &u32| size.is_none_or(|size| i64::from(*number) >= size);
    if entries.keys().next_back().is_some_and(beyond) {
        return Err(damaged(table, "the table has more objects than its trailer says"));
    }
    parser.word("startxref")?;
    if parser.unsigned() != Ok(table) {
        return Err(damaged(parser.position(), "the place of another table is named at the end of this one"));
    }
    parser.line_end();
    if !parser.take(b"%%EOF") {
        return Err(damaged(parser.position(), "the end-of-file mark should stand there"));
    }
    parser.line_end();
    Ok(Revision { start: 0, table, end: parser.position(), trailer, entries })
}

/// The sections of a table, up to its trailer.
fn entries(parser: &mut Parser<'_>) -> Result<BTreeMap<u32, Entry>, SignatureError> {
    let mut entries = BTreeMap::new();
    loop {
        parser.space();
        if parser.regular() == b"trailer" {
            parser.word("trailer")?;
            return Ok(entries);
        }
        let (first, count): (u32, u32) = (parser.unsigned()?, parser.unsigned()?);
        for index in 0..count {
            let at = parser.position();
            let entry = entry(parser)?;
            let number = first.checked_add(index).filter(|number| !entries.contains_key(number));
            let Some(number) = number else {
                return Err(damaged(at, "this object has two places in one table"));
            };
            entries.insert(number, entry);
        }
    }
}

fn entry(parser: &mut Parser<'_>) -> Result<Entry, SignatureError> {
    let (offset, generation): (usize, u32) = (parser.unsigned()?, parser.unsigned()?);
    parser.space();
    let at = parser.position();
    match (parser.regular(), u16::try_from(generation)) {
        (b"f", _) => parser.word("f").map(|()| Entry::Free),
        (b"n", Ok(generation)) => parser.word("n").map(|()| Entry::At { offset, generation }),
        _ => Err(damaged(at, "an entry of the table should end in n or f")),
    }
}

/// A table may only name objects that were written with it.
fn holds_its_objects(revision: &Revision) -> Result<(), SignatureError> {
    let strays = |(_, entry): &(&u32, &Entry)| match entry {
        Entry::Free => false,
        Entry::At { offset, .. } => !(revision.start..revision.table).contains(offset),
    };
    let stray = revision.entries.iter().find(strays);
    if revision.start > revision.table {
        return Err(damaged(revision.table, "this table lies within the revision before it"));
    }
    match stray {
        Some((number, _)) => Err(damaged(
            revision.table,
            &format!("this table says that object {number} lies where another revision is"),
        )),
        None => Ok(()),
    }
}
