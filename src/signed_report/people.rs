//! In whose field somebody signed, and what is to know of that: another name in the certificate, a registration that
//! had ended.

use crate::case::Date;
use crate::report::SignOff;
use crate::signature::verify::{SignatureAnswer, SignatureKind, Verification, plain};
use serde::Serialize;

/// Somebody in whose field there is an intact signature.
#[derive(Debug, Serialize)]
pub struct SignedPerson {
    /// The id, which is the name of the field.
    pub id: String,
    /// The name in the report.
    pub name: String,
    /// Whom the certificate names, where that is not this person.
    pub certificate_of: Option<String>,
    /// Whether whoever verifies says that both are one person.
    pub same_by_your_word: bool,
    /// The last day of the registration that the report states, where it had ended when the signature was made.
    pub registration_ended: Option<Date>,
}

pub(super) fn of(
    sign_off: &SignOff,
    verification: &Verification,
    same_people: &[String],
) -> Vec<SignedPerson> {
    let is_of_person = |own: &&SignatureAnswer| own.kind == SignatureKind::Signature && own.is_intact();
    let person = |own: &SignatureAnswer| {
        let signatory = sign_off.signatory(&own.field)?;
        let holder = own.signer.as_ref().map(|signer| signer.name.clone()).unwrap_or_default();
        let certificate_of = (!is_name_of(&holder, &signatory.name)).then_some(holder);
        let ended = |moment| signatory.registration_ended_before(moment);
        Some(SignedPerson {
            id: own.field.clone(),
            name: plain(&signatory.name),
            same_by_your_word: certificate_of.is_some() && same_people.contains(&signatory.id),
            certificate_of,
            registration_ended: own.time.as_ref().and_then(|time| ended(time.time)),
        })
    };
    verification.signatures.iter().filter(is_of_person).filter_map(person).collect()
}

/// Whether a certificate's name and a case's are of one person, by all that names tell: the family name is the same,
/// and so is a given name or its initial. Titles, and the TEST of a test identity, are no names.
#[must_use]
pub fn is_name_of(holder: &str, name: &str) -> bool {
    const TITLES: [&str; 11] =
        ["test", "dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir"];
    let names = |text: &str| -> Vec<String> {
        let words =
            text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-').map(str::to_lowercase);
        words.filter(|word| !word.is_empty() && !TITLES.contains(&word.as_str())).collect()
    };
    let (holder, name) = (names(holder), names(name));
    let (Some(first), Some(other)) = (holder.first(), name.first()) else { return false };
    let is_initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    holder.last() == name.last() && (first == other || is_initial(first, other) || is_initial(other, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_its_usual_forms() {
        for (holder, name) in [
            ("Ada Ashdown", "Ada Ashdown"),
            ("TEST Dr Ada Ashdown", "Dr Ada Ashdown"),
            ("A. Ashdown", "Ada Ashdown"),
            ("Ada M. Ashdown", "Prof. Ada Ashdown"),
            ("SIÂN O'NEILL", "Siân O'Neill"),
        ] {
            assert!(is_name_of(holder, name), "{holder}, {name}");
        }
        for (holder, name) in [
            ("Ben Ashdown", "Ada Ashdown"),
            ("Ada Birch", "Ada Ashdown"),
            ("TEST", "TEST"),
            ("", "Ada Ashdown"),
            ("Example NHS Trust", "Ada Ashdown"),
        ] {
            assert!(!is_name_of(holder, name), "{holder}, {name}");
        }
    }
}
