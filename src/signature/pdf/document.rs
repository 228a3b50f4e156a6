//! A PDF: its revisions, and its objects one by one.

use super::super::SignatureError;
use super::object::{Dict, Object, Reference};
use super::parse::Parser;
use super::table;
use std::collections::BTreeMap;
use std::ops::Range;

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
    At { offset: usize },
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
        let revisions = table::revisions(bytes)?;
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

    /// Where the object of this number is, as it is last; nothing where no table knows it.
    #[must_use]
    pub fn newest(&self, number: u32) -> Option<Entry> {
        self.as_of(self.revisions.len() - 1, number).map(|(_, entry)| entry)
    }

    /// Whether a reference leads to an object. One that leads nowhere stands for null (ISO 32000-1, 7.3.10).
    #[must_use]
    pub fn has(&self, reference: Reference) -> bool {
        reference.generation == 0 && matches!(self.newest(reference.number), Some(Entry::At { .. }))
    }

    /// The bytes of an object, from its number to its `endobj`.
    pub fn span(&self, reference: Reference) -> Result<Range<usize>, SignatureError> {
        self.parse(self.revisions.len() - 1, reference).map(|(span, _)| span)
    }

    /// What the tables up to this revision say of a number, the newest of them first.
    fn as_of(&self, revision: usize, number: u32) -> Option<(&Revision, Entry)> {
        let mut newest_first = self.revisions[..=revision].iter().rev();
        newest_first.find_map(|revision| Some((revision, *revision.entries.get(&number)?)))
    }

    /// An object as it was in this revision, and its bytes.
    pub(super) fn parse(
        &self,
        revision: usize,
        reference: Reference,
    ) -> Result<(Range<usize>, Object), SignatureError> {
        self.parse_with(revision, reference, |length| self.length(revision, length))
    }

    fn parse_with(
        &self,
        revision: usize,
        reference: Reference,
        length: impl Fn(Reference) -> Result<usize, SignatureError>,
    ) -> Result<(Range<usize>, Object), SignatureError> {
        let (own, offset) = match self.as_of(revision, reference.number) {
            Some((own, Entry::At { offset })) if reference.generation == 0 => (own, offset),
            _ => return Err(unsuited(&format!("object {reference} is referred to and not there"))),
        };
        let mut parser = Parser::new(&self.bytes[..own.table], offset);
        parser.object_header(reference)?;
        let object = parser.object_body(length)?;
        Ok((offset..parser.position(), object))
    }

    /// The length of a stream that stands in an object of its own.
    fn length(&self, revision: usize, reference: Reference) -> Result<usize, SignatureError> {
        let no_stream = |_| Err(unsuited("the length of a stream is a stream"));
        let (_, length) = self.parse_with(revision, reference, no_stream)?;
        let length = length.as_integer().and_then(|length| usize::try_from(length).ok());
        length.ok_or_else(|| unsuited("the length of a stream is no number"))
    }
}

impl Objects for Document<'_> {
    fn object(&self, reference: Reference) -> Result<Object, SignatureError> {
        self.parse(self.revisions.len() - 1, reference).map(|(_, object)| object)
    }

    fn catalog(&self) -> Reference {
        self.catalog
    }
}
