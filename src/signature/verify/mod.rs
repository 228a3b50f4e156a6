//! What the signatures of a PDF are worth, each thing apart from the others.
//!
//! - *Is it intact, and by whom?* What it covers is a whole revision (`coverage`), the digest of that is the signed
//!   one, and the key of the certificate made the signature ([`super::cms`]).
//! - *Is the signer to be believed?* From the certificate a path leads to somebody who is trusted, all of it was valid
//!   at the time that counts, and none of it revoked (`trust`).
//! - *What changed after it?* Revision by revision, and whether that was allowed (`change`).
//! - *Is it all there?* Nothing stands behind the last revision, and everybody has signed who had to, so that nobody
//!   hands round an earlier state as the last.
//!
//! A PDF that does not read strictly is refused as a whole, since two readers could see two documents in it.

mod answer;
mod change;
mod coverage;
mod difference;
mod examined;
mod proof;
mod state;
mod store;
mod trust;
mod when;

#[cfg(test)]
mod tests;

pub use answer::{
    After, Claimed, RevisionAnswer, SignatureAnswer, SignatureKind, SignerAnswer, SigningTime, TimeBasis,
    Trust, Verification, plain,
};
pub use change::Change;

pub(super) use examined::{Examined, examine};
pub(super) use store::{Stored, stored};

use super::fields::{Field, fields};
use super::pdf::{Document, Objects as _};
use super::permission::Permission;
use super::{Certificate, SignatureError};
use jiff::Timestamp;
use proof::Proofs;
use state::State;
use trust::Grounds;

/// What a document is held against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expectations<'a> {
    /// Whose signatures have to be there, by field.
    pub required: &'a [String],
    /// Who is trusted to say whose a key is; nobody is, unless they stand here.
    pub anchors: &'a [Certificate],
    /// Revocation lists beside those in the document, in DER.
    pub revocation_lists: &'a [Vec<u8>],
    /// OCSP answers likewise.
    pub ocsp_answers: &'a [Vec<u8>],
    /// When it is asked: a signature cannot be from later.
    pub as_of: Option<Timestamp>,
}

/// More states than any report goes through; each is compared with the one before it.
const MOST_REVISIONS: usize = 200;

/// More fields than any report has; each is compared with the others.
const MOST_FIELDS: usize = 1_000;

/// Says what the signatures of a PDF are worth.
pub fn verify(pdf: &[u8], expectations: &Expectations<'_>) -> Result<Verification, SignatureError> {
    let document = Document::read(pdf)?;
    if document.revisions().len() > MOST_REVISIONS {
        return Err(SignatureError::new(format!("The file was changed more than {MOST_REVISIONS} times."))
            .hint("no report is; use the file as `cscr sign` wrote it"));
    }
    document.check_layout()?;
    let all = plain_fields(&document)?;
    let examined = examine(&document, &all)?;
    let revisions = revisions(&document, &examined)?;
    let mut faults = doubles(&all);
    faults.extend(shared_keys(&examined));
    faults.extend(certification_faults(&document, &examined)?);
    let grounds = grounds(&document, &examined, expectations)?;
    let proofs = Proofs::of(&examined, &grounds);
    let answers = examined.iter().map(|signature| signature.answer(&revisions, &grounds, &proofs));
    let signatures: Vec<SignatureAnswer> = answers.collect();
    let holds = |id: &String| {
        let is_theirs = |own: &&SignatureAnswer| own.field == *id && own.kind == SignatureKind::Signature;
        signatures.iter().find(is_theirs).is_some_and(SignatureAnswer::holds)
    };
    Ok(Verification {
        unsigned: all
            .iter()
            .filter(|field| field.signature.is_none())
            .map(|field| field.id.clone())
            .collect(),
        required: expectations.required.to_vec(),
        missing: expectations.required.iter().filter(|id| !holds(id)).cloned().collect(),
        trailing_bytes: document.trailing().len(),
        faults,
        revisions,
        signatures,
    })
}

fn grounds<'a>(
    document: &Document<'_>,
    examined: &[Examined],
    expectations: &Expectations<'a>,
) -> Result<Grounds<'a>, SignatureError> {
    let mut grounds = Grounds {
        anchors: expectations.anchors,
        along: Vec::new(),
        revocation_lists: expectations.revocation_lists.to_vec(),
        ocsp_answers: expectations.ocsp_answers.to_vec(),
        as_of: expectations.as_of,
    };
    grounds.take_in(&stored(document)?);
    for signature in examined {
        signature.certificates(&mut grounds.along);
        signature.revocation_lists(&mut grounds.revocation_lists);
    }
    Ok(grounds)
}

/// The states of the file; from the first signature on, with what each changed.
fn revisions(document: &Document<'_>, examined: &[Examined]) -> Result<Vec<RevisionAnswer>, SignatureError> {
    let pdf = document.bytes();
    let mut answers = Vec::new();
    let mut permission = Permission::default();
    let mut signed: Option<(Document<'_>, State)> = None;
    for (index, revision) in document.revisions().iter().enumerate() {
        let own: Vec<&Examined> = examined.iter().filter(|one| one.revision() == Some(index)).collect();
        let mut changes = Vec::new();
        if let Some((before, state)) = &mut signed {
            let after = Document::read(&pdf[..revision.end])?;
            changes = change::changes(before, &after, state, &permission)?;
            *before = after;
        } else if !own.is_empty() {
            let first = Document::read(&pdf[..revision.end])?;
            let state = State::of(&first)?;
            signed = Some((first, state));
        }
        for signature in &own {
            permission.restrict(document, &document.dict(signature.reference)?)?;
        }
        answers.push(RevisionAnswer {
            number: index + 1,
            end: revision.end,
            signed_by: own.iter().map(|signature| signature.field.clone()).collect(),
            changes,
        });
    }
    Ok(answers)
}

/// The fields in which people sign or have signed, by their names.
pub fn signing_fields(document: &Document<'_>) -> Result<Vec<String>, SignatureError> {
    let mut names = Vec::new();
    for field in plain_fields(document)? {
        let signature = field.signature.map(|signature| document.dict(signature)).transpose()?;
        if !signature.is_some_and(|signature| examined::is_time_stamp(&signature)) {
            names.push(field.id);
        }
    }
    Ok(names)
}

/// The fields, under names that can be shown.
fn plain_fields(document: &Document<'_>) -> Result<Vec<Field>, SignatureError> {
    let mut fields = fields(document)?;
    if fields.len() > MOST_FIELDS {
        return Err(SignatureError::new(format!(
            "The file has more than {MOST_FIELDS} fields for signatures."
        ))
        .hint("no report has; use the file as `cscr sign` wrote it"));
    }
    for field in &mut fields {
        field.id = plain(&field.id);
    }
    Ok(fields)
}

/// A key stands for one person.
fn shared_keys(examined: &[Examined]) -> Vec<String> {
    let people: Vec<&Examined> = examined.iter().filter(|signature| signature.is_of_person()).collect();
    let mut faults = Vec::new();
    for (index, signature) in people.iter().enumerate() {
        let Some(own) = signature.signer() else { continue };
        let is_same =
            |other: &&&Examined| other.signer().is_some_and(|other| other.public_key() == own.public_key());
        if let Some(other) = people[..index].iter().find(is_same) {
            faults.push(format!(
                "the signatures of {} and {} were made with one key",
                other.field, signature.field
            ));
        }
    }
    faults
}

/// Fields of one name, and one signature in several fields.
fn doubles(all: &[Field]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, field) in all.iter().enumerate() {
        let earlier = &all[..index];
        if earlier.iter().any(|other| other.id == field.id) {
            faults.push(format!("there are two fields of the name {}", field.id));
        }
        let is_same = |other: &&Field| other.signature.is_some() && other.signature == field.signature;
        if let Some(other) = earlier.iter().find(is_same) {
            faults.push(format!("the fields of {} and {} share one signature", other.id, field.id));
        }
    }
    faults
}

/// Only one signature certifies, and it is the first.
fn certification_faults(
    document: &Document<'_>,
    examined: &[Examined],
) -> Result<Vec<String>, SignatureError> {
    let mut faults = Vec::new();
    for signature in examined.iter().skip(1).filter(|signature| signature.certifies) {
        faults.push(format!(
            "the signature of {} certifies the document and is not the first",
            signature.field
        ));
    }
    let permissions = document.in_catalog("Perms")?.map(|(_, permissions)| permissions);
    let named = permissions.as_ref().and_then(|permissions| permissions.get("DocMDP"));
    let certifying = examined.first().filter(|signature| signature.certifies);
    match (named, certifying) {
        (None, None) => {}
        (Some(named), Some(signature)) if named.as_reference() == Some(signature.reference) => {}
        (Some(_), _) => {
            faults.push("the permissions name a certification that is not the first signature".to_owned());
        }
        (None, Some(signature)) => faults.push(format!(
            "the signature of {} certifies the document, and the catalog does not say so",
            signature.field
        )),
    }
    if permissions
        .is_some_and(|permissions| permissions.iter().any(|(key, _)| key != b"DocMDP" && key != b"Type"))
    {
        faults.push("the permissions name more than a certification".to_owned());
    }
    Ok(faults)
}
