//! What one revision changed in the one before it, and whether a signed document allows that.
//!
//! A reader of the document sees what its catalog leads to. So every object that a revision writes has to be something
//! that nothing led to before, or one of the few that may change, in the few ways in which they may:
//!
//! - the catalog gets data for long-term validation (`/DSS`);
//! - the form gets its flags, and an invisible field for a document time-stamp;
//! - an empty signature field gets its signature and its appearance.
//!
//! Everything else is told in words and not allowed, whatever it looks like: no page is drawn to compare it. An object
//! that came in where something signed referred to nothing is such a change, too.

use super::answer::plain;
use super::difference::{
    differences, fate, field_words, is_invisible, name_of, only_sets_flags, pages_words,
};
use super::examined::DOCUMENT_TIME_STAMP;
use super::state::{Part, State, entry_words, pages};
use super::store;
use crate::signature::SignatureError;
use crate::signature::fields::{Field, fields};
use crate::signature::pdf::{Dict, Document, Entry, Object, Objects as _, Reference};
use crate::signature::permission::{self, Permission};
use serde::Serialize;
use std::collections::BTreeSet;

/// One thing that a revision did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In words: `the content of page 3 was replaced`.
    pub what: String,
    /// Whether what was signed before stays what it was.
    pub allowed: bool,
}

/// What the last revision of `after` did to `before`, whose parts are known.
pub(super) fn changes(
    before: &Document<'_>,
    after: &Document<'_>,
    state: &mut State,
    permission: &Permission,
) -> Result<Vec<Change>, SignatureError> {
    let known = state.clone();
    state.extend(after)?;
    let mut comparison = Comparison {
        before,
        after,
        known: &known,
        permission,
        settled: BTreeSet::new(),
        refused: BTreeSet::new(),
        changes: Vec::new(),
    };
    comparison.trailer();
    comparison.catalog()?;
    comparison.pages()?;
    comparison.rest(state)?;
    Ok(comparison.changes)
}

/// A tenth of a page of A4, in square points. What a larger field shows could lie over what was signed; those of a
/// report are a fiftieth.
const LARGEST_FIELD: f64 = 50_000.0;

struct Comparison<'a> {
    before: &'a Document<'a>,
    after: &'a Document<'a>,
    known: &'a State,
    permission: &'a Permission,
    /// Objects about which all is said.
    settled: BTreeSet<u32>,
    /// What was refused, each once.
    refused: BTreeSet<String>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn allow(&mut self, what: impl Into<String>) {
        self.changes.push(Change { what: plain(&what.into()), allowed: true });
    }

    fn refuse(&mut self, what: impl Into<String>) {
        let what = plain(&what.into());
        if self.refused.insert(what.clone()) {
            self.changes.push(Change { what, allowed: false });
        }
    }

    /// Nothing more is to be said of an object that is this part and no other, or that is new.
    fn settle(&mut self, object: Option<&Object>, part: &Part) {
        if let Some(reference) = object.and_then(Object::as_reference)
            && (self.known.part(reference.number) == Some(part) || self.is_new(reference))
        {
            self.settled.insert(reference.number);
        }
    }

    /// Whether a reference is to an object that this revision brought in, and that nothing referred to before.
    fn is_new(&self, reference: Reference) -> bool {
        self.after.last().entries.contains_key(&reference.number)
            && self.after.has(reference)
            && !self.before.has(reference)
            && self.known.part(reference.number).is_none()
    }

    fn trailer(&mut self) {
        let (before, after) = (&self.before.last().trailer, &self.after.last().trailer);
        let first =
            |trailer: &Dict| trailer.get("ID").and_then(Object::as_array).map(|id| id.first().cloned());
        if first(before) != first(after) {
            self.refuse("the identifier of the document was changed");
        }
        for (key, before, after) in differences(before, after) {
            match key.as_str() {
                "Size" | "Prev" | "ID" => {}
                "Root" => self.refuse("another catalog was put in the place of the signed one"),
                "Info" => self.refuse(format!("{} {}", Part::Information, fate(before, after))),
                _ => self.refuse(format!("the trailer's entry /{key} {}", fate(before, after))),
            }
        }
    }

    fn catalog(&mut self) -> Result<(), SignatureError> {
        let (before, after) =
            (self.before.dict(self.before.catalog())?, self.after.dict(self.after.catalog())?);
        self.settled.insert(self.after.catalog().number);
        for (key, before, after) in differences(&before, &after) {
            match key.as_str() {
                "AcroForm" | "DSS" => {}
                "Extensions" if store::declares_extensions(after) => {
                    self.allow("the extensions of the format that are used were named");
                }
                _ => self.refuse(format!("{} {}", entry_words(&key), fate(before, after))),
            }
        }
        self.form(before.get("AcroForm"), after.get("AcroForm"))?;
        self.store(before.get("DSS"), after.get("DSS"))
    }

    fn form(&mut self, before: Option<&Object>, after: Option<&Object>) -> Result<(), SignatureError> {
        let Some(form_before) = self.before.in_catalog("AcroForm")?.map(|(_, form)| form) else {
            if after.is_some() {
                self.refuse("a form was added");
            }
            return Ok(());
        };
        let Some(form_after) = self.after.in_catalog("AcroForm")?.map(|(_, form)| form) else {
            self.refuse("the form was removed");
            return Ok(());
        };
        self.settle(before, &Part::Form);
        self.settle(after, &Part::Form);
        for (key, before, after) in differences(&form_before, &form_after) {
            match key.as_str() {
                "Fields" => {}
                "SigFlags" if only_sets_flags(before, after) => {}
                _ => self.refuse(format!("the form's entry /{key} {}", fate(before, after))),
            }
        }
        self.settle(form_before.get("Fields"), &Part::Form);
        self.settle(form_after.get("Fields"), &Part::Form);
        let of = |fields: Option<Vec<Object>>| fields.unwrap_or_default();
        let (listed, now) = (
            of(self.before.find_array(&form_before, "Fields")?),
            of(self.after.find_array(&form_after, "Fields")?),
        );
        if !now.starts_with(&listed) {
            self.refuse("a field was removed from the form, or put in another place of it");
        }
        for field in now.get(listed.len()..).unwrap_or_default() {
            self.new_field(field)?;
        }
        let known = fields(self.before)?;
        for reference in listed.iter().filter_map(Object::as_reference) {
            self.field(reference, known.iter().find(|field| field.reference == reference))?;
        }
        Ok(())
    }

    /// A field that the form had.
    fn field(&mut self, reference: Reference, known: Option<&Field>) -> Result<(), SignatureError> {
        if !self.after.last().entries.contains_key(&reference.number) || !self.after.has(reference) {
            return Ok(());
        }
        let (before, after) = (self.before.dict(reference)?, self.after.dict(reference)?);
        self.settled.insert(reference.number);
        let name = known.map_or_else(|| name_of(&before), |field| field.id.clone());
        let is_empty_signature =
            known.is_some() && before.get("V").is_none_or(|value| *value == Object::Null);
        // What a field shows says that somebody has signed, so it comes with the signature.
        let is_signed_now = is_empty_signature
            && after.get("V").and_then(Object::as_reference).is_some_and(|signature| self.is_new(signature));
        let hides_little = known.is_some_and(|field| field.size[0] * field.size[1] <= LARGEST_FIELD);
        for (key, before, after) in differences(&before, &after) {
            match (key.as_str(), after) {
                ("V", Some(Object::Reference(signature))) if is_signed_now => {
                    self.filled_in(&name, *signature)?;
                }
                ("AP", Some(appearance))
                    if is_signed_now && hides_little && self.is_appearance(appearance)? => {}
                _ => self.refuse(field_words(&key, &name, known.is_some(), before, after)),
            }
        }
        Ok(())
    }

    fn filled_in(&mut self, name: &str, signature: Reference) -> Result<(), SignatureError> {
        let dict = self.after.dict(signature)?;
        if permission::certifies(self.after, &dict)? {
            self.refuse(format!("a second certification was put into the field of {name}"));
        } else if self.permission.lets_fill_in(name) {
            self.allow(format!("the empty field of {name} was signed"));
        } else {
            self.refuse(format!(
                "the empty field of {name} was signed, which an earlier signature does not allow"
            ));
        }
        Ok(())
    }

    /// An appearance that is drawn within its field and nowhere else: one form, which is new.
    fn is_appearance(&self, appearance: &Object) -> Result<bool, SignatureError> {
        let Object::Dict(dict) = appearance else { return Ok(false) };
        let Some(form) = dict.get("N").and_then(Object::as_reference) else { return Ok(false) };
        if dict.iter().count() != 1 || !self.is_new(form) {
            return Ok(false);
        }
        let form = self.after.object(form)?;
        let Object::Stream(form) = form else { return Ok(false) };
        Ok(form.dict.get("Subtype").is_some_and(|kind| kind.is_name("Form")))
    }

    /// Only a document time-stamp may bring a field along, and only one that nobody sees.
    fn new_field(&mut self, field: &Object) -> Result<(), SignatureError> {
        let Some(reference) = field.as_reference().filter(|reference| self.is_new(*reference)) else {
            self.refuse("something was put into the form as a field that had another meaning before");
            return Ok(());
        };
        let dict = self.after.dict(reference)?;
        // One of another kind holds no signature that anybody looks at.
        let is_of_signature = fields(self.after)?.iter().any(|field| field.reference == reference);
        let signature = dict.get("V").and_then(Object::as_reference).filter(|value| self.is_new(*value));
        let signature = signature.map(|value| self.after.dict(value)).transpose()?;
        let is_stamp = signature.is_some_and(|signature| {
            signature.get("SubFilter").is_some_and(|kind| kind.is_name(DOCUMENT_TIME_STAMP))
        });
        if is_of_signature && is_stamp && is_invisible(&dict) {
            self.allow("a document time-stamp was added");
        } else {
            self.refuse(format!("a field was added to the form: {}", name_of(&dict)));
        }
        Ok(())
    }

    fn store(&mut self, before: Option<&Object>, after: Option<&Object>) -> Result<(), SignatureError> {
        let Some(after) = after else {
            if before.is_some() {
                self.refuse(format!("{} was removed", Part::ValidationData));
            }
            return Ok(());
        };
        let had = before.map(|before| store::shape(self.before, before)).transpose()?;
        let has = store::shape(self.after, after)?;
        match (&had, &has) {
            (None, Some(has)) if has.streams.iter().all(|stream| self.is_new(*stream)) => {
                self.allow("data for long-term validation was added");
            }
            (Some(Some(had)), Some(has)) if has.holds(had) => {
                for node in had.nodes.iter().chain(&has.nodes) {
                    self.settle(Some(&(*node).into()), &Part::ValidationData);
                }
                if had != has {
                    self.allow("more data for long-term validation was added");
                }
            }
            // What changed within it is told object by object.
            _ if before == Some(after) => {}
            (None, _) => self.refuse("something was added as data for long-term validation that is none"),
            _ => self.refuse(format!("{} was replaced by something else", Part::ValidationData)),
        }
        Ok(())
    }

    fn pages(&mut self) -> Result<(), SignatureError> {
        let (before, after) = (pages(self.before)?, pages(self.after)?);
        if before != after {
            self.refuse(match (before.len(), after.len()) {
                (had, has) if has > had => format!("{} added", pages_words(has - had)),
                (had, has) if has < had => format!("{} removed", pages_words(had - has)),
                _ => "pages were replaced or put in another order".to_owned(),
            });
        }
        for (index, page) in before.iter().enumerate() {
            if self.after.last().entries.contains_key(&page.number) && self.after.has(*page) {
                self.page(index + 1, *page)?;
            }
            self.annotations(index + 1, *page)?;
        }
        Ok(())
    }

    fn page(&mut self, number: usize, page: Reference) -> Result<(), SignatureError> {
        let (before, after) = (self.before.dict(page)?, self.after.dict(page)?);
        self.settled.insert(page.number);
        for (key, before, after) in differences(&before, &after) {
            match key.as_str() {
                "Annots" => {}
                "Contents" => self.refuse(format!("{} was replaced", Part::PageContent(number))),
                _ => self.refuse(format!("page {number}: its entry /{key} {}", fate(before, after))),
            }
        }
        Ok(())
    }

    /// A page may only get the invisible field of a document time-stamp.
    fn annotations(&mut self, number: usize, page: Reference) -> Result<(), SignatureError> {
        let entries = &self.after.last().entries;
        let dict = self.before.dict(page)?;
        let array = dict.get("Annots").and_then(Object::as_reference);
        let may_differ = |reference: Reference| entries.contains_key(&reference.number);
        if !self.after.has(page) || !(may_differ(page) || array.is_some_and(may_differ)) {
            return Ok(());
        }
        let now_dict = self.after.dict(page)?;
        let was = self.before.find_array(&dict, "Annots")?.unwrap_or_default();
        let now = self.after.find_array(&now_dict, "Annots")?.unwrap_or_default();
        self.settle(dict.get("Annots"), &Part::Annotation(number));
        self.settle(now_dict.get("Annots"), &Part::Annotation(number));
        if !now.starts_with(&was) {
            self.refuse(format!("an annotation was removed from page {number}, or put in another order"));
        }
        for annotation in now.get(was.len()..).unwrap_or_default() {
            let is_stamp = match annotation.as_reference().filter(|reference| self.is_new(*reference)) {
                Some(reference) => {
                    fields(self.after)?.iter().any(|field| field.reference == reference)
                        && is_invisible(&self.after.dict(reference)?)
                }
                None => false,
            };
            if !is_stamp {
                self.refuse(format!("an annotation was added to page {number}"));
            }
        }
        Ok(())
    }

    /// Every object of the revision about which nothing was said yet.
    fn rest(&mut self, state: &State) -> Result<(), SignatureError> {
        let mut leftovers = 0;
        for (&number, entry) in &self.after.last().entries {
            let part = self.known.part(number);
            match (entry, self.before.newest(number), part) {
                (Entry::At { .. }, _, Some(_)) if self.settled.contains(&number) => {}
                (Entry::At { .. }, Some(Entry::At { .. }), Some(part)) => {
                    let at = Reference { number, generation: 0 };
                    if self.before.object(at)? != self.after.object(at)? {
                        self.refuse(format!("{part} was changed"));
                    }
                }
                (Entry::At { .. }, _, Some(part)) => {
                    self.refuse(format!("something came in that {part} referred to and that was not there"));
                }
                (Entry::At { .. }, _, None) if state.part(number).is_none() => leftovers += 1,
                (Entry::Free, ..) | (Entry::At { .. }, _, None) => {}
            }
        }
        if leftovers > 0 {
            // Somebody put them there, and a reader that takes the file for damaged looks at all of them.
            self.refuse(match leftovers {
                1 => "an object was put in that nothing leads to".to_owned(),
                many => format!("{many} objects were put in that nothing leads to"),
            });
        }
        Ok(())
    }
}
