//! The answer: what the signatures prove, and what the report itself says about who signs.

use super::people::{self, SignedPerson};
use crate::report::{ReportSignatory, SignOff, SignedDocument};
use crate::signature::SignatureError;
use crate::signature::pdf::Document;
use crate::signature::verify::{SignatureAnswer, SignatureKind, Trust, Verification, plain};
use crate::signoff::agreement::{self, Agreement};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// How the report that the case gives now compares with the one that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Rebuilt {
    Same,
    Different {
        /// The first byte that differs, from 0.
        from: usize,
        /// Attached files that differ, or that only one of them has.
        attachments: Vec<String>,
    },
    /// Another version made it, which is the one to compare with.
    CannotCompare {
        engine_version: String,
        this_version: String,
    },
    /// The file is no report of `cscr`.
    NoReport,
    /// Nobody has signed.
    NotSigned,
}

/// The whole answer, as JSON has it.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// Whether nothing is to be said against the document.
    pub holds: bool,
    /// Whether anybody was named whom to trust, so that the answer is about people too.
    pub asked_for_trust: bool,
    pub document: Option<SignedDocument>,
    /// Whether it is a draft; unknown of what is no report of `cscr`.
    pub draft: Option<bool>,
    /// Who has a field.
    pub signatories: Vec<ReportSignatory>,
    /// Whose fields are signed, and what is to know of that.
    pub people: Vec<SignedPerson>,
    #[serde(flatten)]
    pub verification: Verification,
    /// Whether the attached case and the recorded approvals are what the report says.
    pub agreement: Option<Agreement>,
    pub rebuilt: Option<Rebuilt>,
    /// Why the answer is no, each in a sentence.
    pub objections: Vec<String>,
    /// What this answer cannot say.
    pub limits: Vec<String>,
    /// When it was asked.
    #[serde(serialize_with = "moment")]
    pub as_of: Timestamp,
}

pub(super) fn of(
    document: &Document<'_>,
    verification: Verification,
    sign_off: Option<&SignOff>,
    same_people: &[String],
    as_of: Timestamp,
) -> Result<Answer, SignatureError> {
    let agreement = sign_off.map(|sign_off| agreement_of(document, sign_off)).transpose()?;
    let (draft, signatories, about) = match sign_off {
        Some(own) => {
            let signatories = own.signatories.iter().map(plain_signatory).collect();
            (Some(own.draft), signatories, Some(plain_document(&own.document)))
        }
        None => (None, Vec::new(), None),
    };
    let asked_for_trust = verification.signatures.iter().any(|own| own.trust != Trust::NotAsked);
    let mut answer = Answer {
        holds: false,
        asked_for_trust,
        document: about,
        draft,
        signatories,
        people: sign_off.map_or_else(Vec::new, |own| people::of(own, &verification, same_people)),
        verification,
        agreement,
        rebuilt: None,
        objections: Vec::new(),
        limits: Vec::new(),
        as_of,
    };
    answer.conclude();
    Ok(answer)
}

/// Of a file that cannot be read strictly: nothing but why.
#[must_use]
pub fn unreadable(error: &SignatureError) -> Answer {
    let why = plain(&error.what);
    let verification = Verification { faults: vec![why.clone()], ..Verification::default() };
    Answer { verification, objections: vec![why], ..Answer::default() }
}

fn plain_signatory(signatory: &ReportSignatory) -> ReportSignatory {
    ReportSignatory {
        id: plain(&signatory.id),
        name: plain(&signatory.name),
        role: signatory.role.as_deref().map(plain),
        registration: signatory.registration.as_deref().map(plain),
        registration_expires: signatory.registration_expires,
    }
}

fn plain_document(document: &SignedDocument) -> SignedDocument {
    SignedDocument {
        title: document.title.as_deref().map(plain),
        reference: document.reference.as_deref().map(plain),
        version: document.version.as_deref().map(plain),
        product: document.product.as_deref().map(plain),
        release: document.release.as_deref().map(plain),
    }
}

/// The case that is attached, in JSON; more than that is a mistake or an attack.
const LARGEST_CASE: usize = 256 * 1024 * 1024;

/// Whether the attached case and the recorded approvals are what the report says.
pub fn agreement_of(document: &Document<'_>, sign_off: &SignOff) -> Result<Agreement, SignatureError> {
    let case = document.attachment("case.json", LARGEST_CASE)?;
    let case = case.and_then(|json| serde_json::from_slice(&json).ok());
    let people: Vec<&str> = sign_off.signatories.iter().map(|signatory| signatory.id.as_str()).collect();
    Ok(agreement::agreement(case.as_ref(), &sign_off.digests, &sign_off.approvals, &people, sign_off.draft))
}

impl Answer {
    /// The answer with what building the case again came to.
    #[must_use]
    pub fn with_rebuilt(mut self, rebuilt: Option<Rebuilt>) -> Self {
        self.rebuilt = rebuilt;
        self.conclude();
        self
    }

    fn conclude(&mut self) {
        self.objections = objections(self);
        self.limits = limits(self);
        // What the signatures prove stands, too, whatever was found to say about it.
        self.holds = self.objections.is_empty() && self.verification.holds();
    }

    /// Whose field it is, of an intact signature in the field of a signatory.
    #[must_use]
    pub fn person(&self, signature: &SignatureAnswer) -> Option<&SignedPerson> {
        let is_own = |person: &&SignedPerson| person.id == signature.field;
        self.people.iter().find(is_own).filter(|_| signature.kind == SignatureKind::Signature)
    }

    /// What a field is called in a sentence: by the name of its person where that is known.
    #[must_use]
    pub fn name<'a>(&'a self, field: &'a str) -> &'a str {
        let person = self.signatories.iter().find(|signatory| signatory.id == field);
        person.map_or(field, |signatory| &signatory.name)
    }
}

fn objections(answer: &Answer) -> Vec<String> {
    let own = &answer.verification;
    let mut objections = Vec::new();
    if answer.draft.is_none() {
        objections.push(
            "This is no report of cscr: it does not say who had to sign it, and what was approved."
                .to_owned(),
        );
    }
    let people = || own.signatures.iter().filter(|own| own.kind == SignatureKind::Signature);
    if people().next().is_none() {
        objections.push("Nobody has signed it.".to_owned());
    }
    for signature in &own.signatures {
        objections.extend(of_signature(answer, signature));
    }
    for missing in own.missing.iter().filter(|id| people().all(|signature| signature.field != **id)) {
        let name = answer.name(missing);
        objections.push(format!(
            "{name} has not signed. Either the signature is still to come, or this is an earlier state of the file."
        ));
    }
    if own.trailing_bytes > 0 {
        objections.push(format!(
            "{} bytes stand behind the end of the document, which nobody signed.",
            own.trailing_bytes
        ));
    }
    objections.extend(own.faults.iter().map(|fault| sentence(fault)));
    if let Some(agreement) = &answer.agreement {
        objections.extend(agreement.faults.iter().cloned());
    }
    if let Some(Rebuilt::Different { .. }) = answer.rebuilt {
        objections.push("Building the case now does not give the report that was signed.".to_owned());
    }
    objections
}

fn of_signature(answer: &Answer, signature: &SignatureAnswer) -> Vec<String> {
    let name = answer.name(&signature.field);
    let mut objections = Vec::new();
    for fault in &signature.faults {
        objections.push(format!("The signature of {name} is not intact: {fault}."));
    }
    // Whom to trust was not asked, but no signature is from a day that is still to come.
    if signature.trust == Trust::NotAsked && is_from_the_future(signature, answer.as_of) {
        objections.push(format!("The time of the signature of {name} lies in the future."));
    }
    if let Trust::Refused { why } = &signature.trust {
        for why in why {
            objections.push(format!("The signature of {name} is not to be trusted: {why}."));
        }
    }
    let revisions = &answer.verification.revisions;
    let later = signature.revision.map_or(&[][..], |revision| &revisions[revision..]);
    for change in later.iter().flat_map(|revision| &revision.changes).filter(|change| !change.allowed) {
        objections.push(format!("After {name} had signed, {}.", change.what));
    }
    if signature.kind == SignatureKind::Signature && signature.is_intact() {
        match answer.person(signature) {
            Some(SignedPerson { id, certificate_of: Some(holder), same_by_your_word: false, .. }) => {
                objections.push(format!(
                    "The certificate in the field of {name} is of {holder}. If that is the same person, say so with --name-differs {id}."
                ));
            }
            None if !answer.signatories.is_empty() => {
                objections.push(format!("{} is none of the signatories of the report.", signature.field));
            }
            _ => {}
        }
    }
    objections
}

/// A piece of a sentence as one.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.map_or_else(String::new, |first| format!("{}{}.", first, letters.as_str()))
}

/// What cannot be told from a file.
fn limits(answer: &Answer) -> Vec<String> {
    let signatures = &answer.verification.signatures;
    let mut limits = Vec::new();
    if answer.asked_for_trust {
        limits.push("A name is as good as the authority that gave it: if you made the authority yourself, the signatures prove that nothing has been changed, and not who a person is in law.".to_owned());
    } else {
        limits.push("Who the signers are was not checked: no authority was named with --trust. What is said above is only that nothing has been changed, and what the certificates say.".to_owned());
    }
    if signatures.iter().any(|own| own.is_test || own.signer.as_ref().is_some_and(|signer| signer.is_test)) {
        limits.push(
            "TEST identities were used. They are to try signing with, and stand for nobody.".to_owned(),
        );
    }
    for person in answer.people.iter().filter(|person| person.same_by_your_word) {
        let holder = person.certificate_of.as_deref().unwrap_or_default();
        limits.push(format!(
            "That {holder} is {} is your word (--name-differs): no certificate says it.",
            person.name
        ));
    }
    let unproved = signatures.iter().filter(|own| own.kind == SignatureKind::Signature);
    if unproved.filter_map(|own| own.time.as_ref()).any(|time| !time.basis.is_proved()) {
        limits.push(
            "A time that is only claimed is that of the signer's own clock; nobody else answers for it."
                .to_owned(),
        );
    }
    for own in signatures.iter().filter(|own| has_ended(own, answer.as_of)) {
        limits.push(format!(
            "The certificate of {} has ended since, and only the signer's own clock says that the signature is older. Whoever had the key could sign today.",
            answer.name(&own.field)
        ));
    }
    if signatures.iter().any(|own| matches!(own.trust, Trust::RevocationUnknown { .. })) {
        limits.push("Whether a certificate had been revoked is not known for all signers; give what their authority publishes with --crl or --ocsp.".to_owned());
    }
    limits.push("That people knew and meant what they signed, no program can tell; nor whether what the report says is true.".to_owned());
    limits
}

/// Clocks differ by minutes, and not by a day.
fn is_from_the_future(signature: &SignatureAnswer, as_of: Timestamp) -> bool {
    const A_DAY: i64 = 24 * 60 * 60;
    signature.time.as_ref().is_some_and(|time| time.time.as_second() - as_of.as_second() > A_DAY)
}

/// A moment as RFC 3339 has it.
fn moment<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// Whether the signer's certificate has ended, and nobody else says that the signature is from before.
fn has_ended(signature: &SignatureAnswer, as_of: Timestamp) -> bool {
    let is_proved = signature.time.as_ref().is_some_and(|time| time.basis.is_proved());
    !is_proved && signature.signer.as_ref().is_some_and(|signer| signer.valid_until < as_of)
}
