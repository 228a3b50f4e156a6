//! What a state of a document consists of: every object that its catalog leads to, and what each is part of.
//!
//! Where the same object is part of several things, it has the name of the one that a reader sees first.

use crate::signature::SignatureError;
use crate::signature::fields::fields;
use crate::signature::pdf::{Dict, Document, Entry, Object, Objects, Reference, leaves, words};
use std::collections::BTreeMap;
use std::fmt;

/// What an object is part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Catalog,
    /// An entry of the catalog that has no name of its own here.
    CatalogEntry(String),
    Form,
    Field(String),
    Appearance(String),
    Signature(String),
    PageTree,
    Page(usize),
    PageContent(usize),
    PageResources(usize),
    Annotation(usize),
    Attachments,
    Attachment(String),
    Structure,
    ValidationData,
    Information,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalog => f.write_str("the catalog"),
            Self::CatalogEntry(key) => f.write_str(&entry_words(key)),
            Self::Form => f.write_str("the form"),
            Self::Field(id) => write!(f, "the field of {id}"),
            Self::Appearance(id) => write!(f, "the appearance of the field of {id}"),
            Self::Signature(id) => write!(f, "the signature of {id}"),
            Self::PageTree => f.write_str("the list of the pages"),
            Self::Page(number) => write!(f, "page {number}"),
            Self::PageContent(number) => write!(f, "the content of page {number}"),
            Self::PageResources(number) => write!(f, "a font, picture or colour of page {number}"),
            Self::Annotation(number) => write!(f, "an annotation on page {number}"),
            Self::Attachments => f.write_str("the list of the attachments"),
            Self::Attachment(name) => write!(f, "the attachment {name}"),
            Self::Structure => f.write_str("the structure that gives the reading order"),
            Self::ValidationData => f.write_str("the data for long-term validation"),
            Self::Information => f.write_str("the document information"),
        }
    }
}

/// An entry of the catalog in words.
pub(super) fn entry_words(key: &str) -> String {
    let known = match key {
        "Metadata" => "the metadata",
        "Outlines" => "the outline of bookmarks",
        "OCProperties" => "the list of layers",
        "OpenAction" => "what happens when the file is opened",
        "AA" => "what happens by itself while the file is read",
        "Names" | "Dests" => "the list of names",
        "PageLabels" => "the numbering of the pages",
        "ViewerPreferences" | "PageMode" | "PageLayout" => "how the file is shown",
        "Perms" => "the list of permissions",
        "OutputIntents" => "the colour profile",
        "Version" => "the version of the format",
        _ => return format!("the catalog's entry /{key}"),
    };
    known.to_owned()
}

impl Part {
    /// What that is part of which an entry of this leads to.
    fn of_entry(&self, key: &[u8]) -> Self {
        match (self, key) {
            (Self::Catalog, b"AcroForm") => Self::Form,
            (Self::Catalog, b"Pages") | (Self::Page(_), b"Parent") => Self::PageTree,
            (Self::Catalog, b"AF") => Self::Attachments,
            (Self::Catalog, b"StructTreeRoot") => Self::Structure,
            (Self::CatalogEntry(entry), b"EmbeddedFiles") if entry == "Names" => Self::Attachments,
            (Self::Catalog, key) => Self::CatalogEntry(String::from_utf8_lossy(key).into_owned()),
            (Self::Page(number), b"Contents") => Self::PageContent(*number),
            (Self::Page(number), b"Resources") => Self::PageResources(*number),
            (Self::Page(number), b"Annots") => Self::Annotation(*number),
            (Self::Field(id), b"AP") => Self::Appearance(id.clone()),
            (Self::Field(id), b"V") => Self::Signature(id.clone()),
            _ => self.clone(),
        }
    }

    /// An attached file is called by its name.
    fn of_dict(&self, dict: &Dict) -> Self {
        let name = || dict.get("UF").or(dict.get("F")).and_then(Object::as_string).map(words);
        match self {
            Self::Attachments if dict.has("EF") => name().map_or_else(|| self.clone(), Self::Attachment),
            _ => self.clone(),
        }
    }
}

/// The objects of a state by their numbers, those too that are referred to and not there. Something that was reachable
/// in an earlier state stays in: nobody may change it either.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    parts: BTreeMap<u32, Part>,
}

impl State {
    /// The whole of a document.
    pub fn of(document: &Document<'_>) -> Result<Self, SignatureError> {
        let mut state = Self::default();
        let seeds = seeds(document)?;
        for (reference, part) in &seeds {
            state.parts.entry(reference.number).or_insert_with(|| part.clone());
        }
        for (reference, part) in seeds {
            state.open(document, reference, &part)?;
        }
        // Last of all: what is something else as well has the other name, under which it may not change.
        if let Some(store) = document.dict(document.catalog())?.get("DSS") {
            state.take_in(document, store, &Part::ValidationData)?;
        }
        Ok(state)
    }

    pub fn part(&self, number: u32) -> Option<&Part> {
        self.parts.get(&number)
    }

    /// Takes in what the last revision of a document leads to, from what was there before.
    pub fn extend(&mut self, document: &Document<'_>) -> Result<(), SignatureError> {
        let changed = document.last().entries.iter().filter_map(|(number, entry)| match entry {
            Entry::At { .. } => Some(Reference { number: *number, generation: 0 }),
            Entry::Free => None,
        });
        let known: Vec<(Reference, Part)> =
            changed.filter_map(|at| self.parts.get(&at.number).map(|part| (at, part.clone()))).collect();
        known.into_iter().try_for_each(|(reference, part)| self.open(document, reference, &part))?;
        match document.dict(document.catalog())?.get("DSS") {
            Some(store) => self.take_in(document, store, &Part::ValidationData),
            None => Ok(()),
        }
    }

    /// Takes in what an object leads to.
    fn open(
        &mut self,
        document: &Document<'_>,
        reference: Reference,
        part: &Part,
    ) -> Result<(), SignatureError> {
        if !document.has(reference) {
            return Ok(());
        }
        let mut object = document.object(reference)?;
        if let (Object::Dict(catalog), Part::Catalog) = (&mut object, part) {
            catalog.remove("DSS");
        }
        self.take_in(document, &object, part)
    }

    fn take_in(
        &mut self,
        document: &Document<'_>,
        object: &Object,
        part: &Part,
    ) -> Result<(), SignatureError> {
        let mut open = Vec::new();
        collect(object, part, &mut open);
        while let Some((reference, part)) = open.pop() {
            if self.parts.contains_key(&reference.number) {
                continue;
            }
            let object = if document.has(reference) { document.object(reference)? } else { Object::Null };
            let part = object.as_dict().map_or_else(|| part.clone(), |dict| part.of_dict(dict));
            collect(&object, &part, &mut open);
            self.parts.insert(reference.number, part);
        }
        Ok(())
    }
}

/// Fields before pages, since a field is an annotation of a page as well; pages before all that leads to them.
fn seeds(document: &Document<'_>) -> Result<Vec<(Reference, Part)>, SignatureError> {
    let catalog = document.dict(document.catalog())?;
    let mut seeds = Vec::new();
    for field in fields(document)? {
        seeds.push((field.reference, Part::Field(field.id)));
    }
    for (index, page) in pages(document)?.into_iter().enumerate() {
        seeds.push((page, Part::Page(index + 1)));
    }
    let catalogued = [("Names", Part::CatalogEntry("Names".to_owned())), ("AF", Part::Attachments)];
    for (key, part) in catalogued {
        if let Some(reference) = catalog.get(key).and_then(Object::as_reference) {
            seeds.push((reference, part));
        }
    }
    if let Some(reference) = document.last().trailer.get("Info").and_then(Object::as_reference) {
        seeds.push((reference, Part::Information));
    }
    seeds.push((document.catalog(), Part::Catalog));
    Ok(seeds)
}

/// The pages in their order.
pub(super) fn pages(document: &Document<'_>) -> Result<Vec<Reference>, SignatureError> {
    let catalog = document.dict(document.catalog())?;
    let leaves = catalog.get("Pages").map(|root| leaves(document, root)).transpose()?.unwrap_or_default();
    Ok(leaves.into_iter().filter_map(|leaf| leaf.reference).collect())
}

fn collect(object: &Object, part: &Part, found: &mut Vec<(Reference, Part)>) {
    match object {
        Object::Reference(reference) => found.push((*reference, part.clone())),
        Object::Array(items) => items.iter().for_each(|item| collect(item, part, found)),
        Object::Dict(dict) => collect_dict(dict, part, found),
        Object::Stream(stream) => collect_dict(&stream.dict, part, found),
        _ => {}
    }
}

fn collect_dict(dict: &Dict, part: &Part, found: &mut Vec<(Reference, Part)>) {
    let part = part.of_dict(dict);
    for (key, value) in dict.iter() {
        collect(value, &part.of_entry(key), found);
    }
}
