//! Files that are attached to a PDF.

use super::super::SignatureError;
use super::document::{Document, Objects, unsuited};
use super::object::Object;
use super::text::words;
use super::tree::leaves;
use std::collections::BTreeSet;

impl Document<'_> {
    /// The names of the attached files, in order.
    pub fn attachments(&self) -> Result<BTreeSet<String>, SignatureError> {
        let Some((_, names)) = self.in_catalog("Names")? else { return Ok(BTreeSet::new()) };
        let Some(root) = names.get("EmbeddedFiles") else { return Ok(BTreeSet::new()) };
        let mut found = BTreeSet::new();
        for leaf in leaves(self, root)? {
            let pairs = self.find_array(&leaf.dict, "Names")?.unwrap_or_default();
            found.extend(pairs.iter().step_by(2).filter_map(Object::as_string).map(words));
        }
        Ok(found)
    }

    /// The attached file of this name, where there is one; refused where it is larger than `limit`, so that a few
    /// bytes cannot unpack to more than the memory holds.
    pub fn attachment(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, SignatureError> {
        let Some((_, names)) = self.in_catalog("Names")? else { return Ok(None) };
        let Some(root) = names.get("EmbeddedFiles") else { return Ok(None) };
        for leaf in leaves(self, root)? {
            let pairs = self.find_array(&leaf.dict, "Names")?.unwrap_or_default();
            for pair in pairs.chunks_exact(2) {
                let [own, specification] = pair else { continue };
                if own.as_string().is_some_and(|own| words(own) == name) {
                    return self.embedded(name, specification, limit).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn embedded(&self, name: &str, specification: &Object, limit: usize) -> Result<Vec<u8>, SignatureError> {
        let without_data = || unsuited(&format!("the attached {name} has no data"));
        let specification = self.resolve(specification)?;
        let specification = specification.as_dict().ok_or_else(without_data)?;
        let files = self.find_dict(specification, "EF")?.ok_or_else(without_data)?;
        match self.find(&files, "F")? {
            Some(Object::Stream(stream)) => stream.unpacked(&format!("the attached {name}"), limit),
            _ => Err(without_data()),
        }
    }
}
