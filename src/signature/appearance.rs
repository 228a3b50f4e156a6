//! What a signature looks like: a page of another PDF, taken in as a form.
//!
//! The page brings its fonts and colours along, so what was archivable there is archivable here.

use super::SignatureError;
use super::pdf::{Dict, Document, Object, Objects as _, Reference, Stream, Update, leaves};
use std::collections::BTreeMap;

/// Takes the first page of a PDF in.
pub(super) fn import(update: &mut Update<'_>, page: &[u8]) -> Result<Reference, SignatureError> {
    let source = Document::read(page)?;
    let unsuited = || SignatureError::new("what the signature should look like is no page of a PDF");
    let catalog = source.dict(source.catalog())?;
    let pages = catalog.get("Pages").map(|root| leaves(&source, root)).transpose()?.unwrap_or_default();
    let page = &pages.first().ok_or_else(unsuited)?.dict;
    let Some(Object::Stream(content)) = source.find(page, "Contents")? else { return Err(unsuited()) };
    let bounds = source.find(page, "MediaBox")?.ok_or_else(unsuited)?;
    let resources = page.get("Resources").cloned().unwrap_or_else(|| Dict::new().into());
    let mut copy = Copy { source: &source, copied: BTreeMap::new() };
    let form = Dict::of_type("XObject")
        .with("Subtype", Object::name("Form"))
        .with("BBox", bounds)
        .with("Resources", copy.object(update, &resources)?);
    let mut dict = form;
    for key in ["Filter", "DecodeParms"] {
        if let Some(value) = content.dict.get(key) {
            dict.set(key, copy.object(update, value)?);
        }
    }
    Ok(update.add(Stream { dict, data: content.data }))
}

/// A copy of objects into another document, each once.
struct Copy<'a> {
    source: &'a Document<'a>,
    copied: BTreeMap<Reference, Reference>,
}

impl Copy<'_> {
    fn object(&mut self, update: &mut Update<'_>, object: &Object) -> Result<Object, SignatureError> {
        Ok(match object {
            Object::Reference(reference) => self.reference(update, *reference)?.into(),
            Object::Array(items) => {
                let items = items.iter().map(|item| self.object(update, item));
                Object::Array(items.collect::<Result<_, _>>()?)
            }
            Object::Dict(dict) => self.dict(update, dict)?.into(),
            Object::Stream(stream) => {
                Stream { dict: self.dict(update, &stream.dict)?, data: stream.data.clone() }.into()
            }
            plain => plain.clone(),
        })
    }

    fn dict(&mut self, update: &mut Update<'_>, dict: &Dict) -> Result<Dict, SignatureError> {
        dict.try_map(|value| self.object(update, value))
    }

    fn reference(
        &mut self,
        update: &mut Update<'_>,
        reference: Reference,
    ) -> Result<Reference, SignatureError> {
        if let Some(copied) = self.copied.get(&reference) {
            return Ok(*copied);
        }
        // Known before what it refers to is copied, which may refer back.
        let copied = update.reserve();
        self.copied.insert(reference, copied);
        let object = self.object(update, &self.source.object(reference)?)?;
        update.set(copied, object);
        Ok(copied)
    }
}
