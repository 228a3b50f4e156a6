//! What the signatures of a document allow after them: certification (`DocMDP`) and locked fields (`FieldMDP`).

use crate::signature::SignatureError;
use crate::signature::pdf::{Dict, Document, Object, Objects as _, words};

/// What may still be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Permission {
    /// A certification that allows nothing after it (P 1).
    nothing: bool,
    locks: Vec<Lock>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    All,
    These(Vec<String>),
    AllBut(Vec<String>),
}

impl Permission {
    pub fn lets_fill_in(&self, field: &str) -> bool {
        let is_locked = |lock: &Lock| match lock {
            Lock::All => true,
            Lock::These(fields) => fields.iter().any(|own| own == field),
            Lock::AllBut(fields) => !fields.iter().any(|own| own == field),
        };
        !self.nothing && !self.locks.iter().any(is_locked)
    }

    /// Takes in what a signature allows.
    pub fn restrict(&mut self, document: &Document<'_>, signature: &Dict) -> Result<(), SignatureError> {
        for (method, parameters) in transforms(document, signature)? {
            match method.as_str() {
                "DocMDP" => self.nothing |= parameters.get("P").and_then(Object::as_integer) == Some(1),
                "FieldMDP" => self.locks.push(lock(document, &parameters)?),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether a signature certifies the document.
pub(super) fn certifies(document: &Document<'_>, signature: &Dict) -> Result<bool, SignatureError> {
    Ok(transforms(document, signature)?.iter().any(|(method, _)| method == "DocMDP"))
}

/// What a signature refers to beside its byte range, with the parameters (ISO 32000-1, 12.8.2).
fn transforms(document: &Document<'_>, signature: &Dict) -> Result<Vec<(String, Dict)>, SignatureError> {
    let mut transforms = Vec::new();
    for reference in document.find_array(signature, "Reference")?.unwrap_or_default() {
        let reference = document.resolve(&reference)?;
        let Some(reference) = reference.as_dict() else { continue };
        if let Some(Object::Name(method)) = document.find(reference, "TransformMethod")? {
            let parameters = document.find_dict(reference, "TransformParams")?.unwrap_or_default();
            transforms.push((String::from_utf8_lossy(&method).into_owned(), parameters));
        }
    }
    Ok(transforms)
}

fn lock(document: &Document<'_>, parameters: &Dict) -> Result<Lock, SignatureError> {
    let fields = document.find_array(parameters, "Fields")?.unwrap_or_default();
    let fields = fields.iter().filter_map(Object::as_string).map(words).collect();
    Ok(match parameters.get("Action") {
        Some(action) if action.is_name("Include") => Lock::These(fields),
        Some(action) if action.is_name("Exclude") => Lock::AllBut(fields),
        _ => Lock::All,
    })
}
