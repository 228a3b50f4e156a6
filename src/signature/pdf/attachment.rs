//! Files that are attached to a PDF.

use super::super::SignatureError;
use super::document::{Document, Objects, unsuited};
use super::object::{Object, Stream};
use super::text::words;
use super::tree::leaves;
use std::io::Read as _;

impl Document<'_> {
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
            Some(Object::Stream(stream)) => unpacked(name, &stream, limit),
            _ => Err(without_data()),
        }
    }
}

fn unpacked(name: &str, stream: &Stream, limit: usize) -> Result<Vec<u8>, SignatureError> {
    let data = match stream.dict.get("Filter") {
        None => stream.data.clone(),
        Some(filter) if filter.is_name("FlateDecode") && !stream.dict.has("DecodeParms") => {
            let mut data = Vec::new();
            let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
            let mut decoder = flate2::read::ZlibDecoder::new(stream.data.as_slice()).take(most);
            decoder
                .read_to_end(&mut data)
                .map_err(|_| unsuited(&format!("the attached {name} cannot be unpacked")))?;
            data
        }
        Some(_) => {
            return Err(unsuited(&format!("the attached {name} is packed in a way that is not known here")));
        }
    };
    if data.len() > limit {
        return Err(unsuited(&format!("the attached {name} is larger than {limit} bytes")));
    }
    Ok(data)
}
