//! What the signatures of a document allow after them: certification (`DocMDP`) and locked fields (`FieldMDP`).
//!
//! Signing asks before it adds a signature, and verifying of each that was added.

use super::SignatureError;
use super::fields::id_of;
use super::pdf::{Dict, Document, Object, Objects as _, words};

/// What may still be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Permission {
    /// A certification that allows nothing after it.
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
                "DocMDP" => self.nothing |= !lets_sign(document.find(&parameters, "P")?.as_ref()),
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

/// Whether a certification lets others sign after it. P 1 forbids all, 2 and 3 do not, 2 is meant where nothing is
/// said (ISO 32000-1, table 254); what is none of them was not meant to allow anything.
fn lets_sign(level: Option<&Object>) -> bool {
    level.is_none_or(|level| matches!(level.as_integer(), Some(2 | 3)))
}

/// The fields that a signature locks, by the ids that their names stand for.
fn lock(document: &Document<'_>, parameters: &Dict) -> Result<Lock, SignatureError> {
    let mut fields = Vec::new();
    for name in document.find_array(parameters, "Fields")?.unwrap_or_default() {
        fields.extend(document.resolve(&name)?.as_string().map(|name| id_of(&words(name))));
    }
    Ok(match document.find(parameters, "Action")? {
        Some(action) if action.is_name("Include") => Lock::These(fields),
        Some(action) if action.is_name("Exclude") => Lock::AllBut(fields),
        _ => Lock::All,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::pdf::Reference;
    use crate::signature::pdf::testing::pdf;

    /// What a signature with this reference allows; objects 3 to 6 are there for it to refer to.
    fn of(reference: &str) -> Permission {
        let signature = format!("<</Type/Sig/Reference[<<{reference}>>]>>");
        let pdf = pdf(&["<</Type/Catalog>>", &signature, "1", "/Exclude", "(a%2Eb)", "2"]);
        let document = Document::read(&pdf).unwrap();
        let mut permission = Permission::default();
        let signature = document.dict(Reference { number: 2, generation: 0 }).unwrap();
        permission.restrict(&document, &signature).unwrap();
        permission
    }

    #[test]
    fn a_certification_may_forbid_all_after_it() {
        for (parameters, lets) in [
            ("", true),
            ("/P 1", false),
            ("/P 2", true),
            ("/P 3", true),
            ("/P 3 0 R", false),
            ("/P 6 0 R", true),
            ("/P 0", false),
            ("/P/None", false),
        ] {
            let reference = format!("/TransformMethod/DocMDP/TransformParams<<{parameters}>>");
            assert_eq!(of(&reference).lets_fill_in("a"), lets, "{parameters}");
        }
    }

    #[test]
    fn a_lock_names_fields_as_they_are_named_in_the_file() {
        for (parameters, ids, lets) in [
            ("/Action/Include/Fields[(a%2Eb)(c%25)]", ["a.b", "c%"], [false, false]),
            ("/Action/Include/Fields[(a%2Eb)]", ["c%", "a%2Eb"], [true, true]),
            ("/Action/Include/Fields[5 0 R]", ["a.b", "c%"], [false, true]),
            ("/Action/Exclude/Fields[(a%2Eb)]", ["a.b", "c%"], [true, false]),
            ("/Action 4 0 R/Fields[5 0 R]", ["a.b", "c%"], [true, false]),
            ("/Action/All", ["a.b", "c%"], [false, false]),
            ("/Action/Other/Fields[]", ["a.b", "c%"], [false, false]),
        ] {
            let permission = of(&format!("/TransformMethod/FieldMDP/TransformParams<<{parameters}>>"));
            assert_eq!(ids.map(|id| permission.lets_fill_in(id)), lets, "{parameters}");
        }
    }
}
