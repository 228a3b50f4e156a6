//! What a signed report is worth: what its signatures prove, held against what the report says of itself.
//!
//! [`judge`] needs the PDF and nothing else. Who signs, what was approved and with which content stands in the file
//! ([`SignOff`]); whether it agrees with the attached case is [`crate::signoff::agreement`].

mod answer;
mod people;

pub use answer::{Answer, Rebuilt, agreement_of, sentence, unreadable};
pub use people::{SignedPerson, is_name_of};

use crate::report::SignOff;
use crate::signature::pdf::Document;
use crate::signature::verify::{Expectations, signing_fields, verify};
use crate::signature::{Certificate, SignatureError};
use jiff::Timestamp;

/// What is asked of a report.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who has to have signed; where nobody is named, all who have a field.
    pub required: &'a [String],
    /// Who is trusted to say whose a key is.
    pub anchors: &'a [Certificate],
    /// Revocation lists beside those in the file, in DER.
    pub revocation_lists: &'a [Vec<u8>],
    /// OCSP answers likewise.
    pub ocsp_answers: &'a [Vec<u8>],
    /// People whose certificate has another name than the report, and who are the same.
    pub same_people: &'a [String],
    /// When it is asked.
    pub as_of: Timestamp,
}

/// Judges a report.
///
/// # Errors
/// If the PDF does not read strictly.
pub fn judge(pdf: &[u8], question: &Question<'_>) -> Result<Answer, SignatureError> {
    let document = Document::read(pdf)?;
    let sign_off = sign_off(&document)?;
    let required = match question.required {
        [] => required(&document, sign_off.as_ref())?,
        named => named.to_vec(),
    };
    let expectations = Expectations {
        required: &required,
        anchors: question.anchors,
        revocation_lists: question.revocation_lists,
        ocsp_answers: question.ocsp_answers,
        as_of: Some(question.as_of),
    };
    let verification = verify(pdf, &expectations)?;
    answer::of(&document, verification, sign_off.as_ref(), question.same_people, question.as_of)
}

/// Whoever has a field, and whoever the report says has one: who takes away the one has to take away the other.
fn required(document: &Document<'_>, sign_off: Option<&SignOff>) -> Result<Vec<String>, SignatureError> {
    let mut required = signing_fields(document)?;
    for signatory in sign_off.iter().flat_map(|sign_off| &sign_off.signatories) {
        if !required.contains(&signatory.id) {
            required.push(signatory.id.clone());
        }
    }
    Ok(required)
}

/// What a report is signed on; nothing for a PDF that is no report of `cscr`.
///
/// # Errors
/// If it is attached and cannot be read.
pub fn sign_off(document: &Document<'_>) -> Result<Option<SignOff>, SignatureError> {
    match document.attachment(SignOff::FILE, 1) {
        Ok(None) => Ok(None),
        _ => SignOff::of_report(document).map(Some),
    }
}
