//! In whose field somebody signed, and what is to know of that: another name in the certificate, a registration that
//! had ended.

use crate::case::Date;
use crate::cli::sign::is_name_of;
use crate::report::SignOff;
use crate::signature::verify::{SignatureAnswer, SignatureKind, Verification, plain};
use serde::Serialize;

/// Somebody in whose field there is an intact signature.
#[derive(Debug, Serialize)]
pub(super) struct SignedPerson {
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
