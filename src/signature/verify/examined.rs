//! One signature, taken apart.

use super::answer::{After, Claimed, RevisionAnswer, SignatureAnswer, SignatureKind, SignerAnswer, Trust};
use super::coverage::{Coverage, coverage};
use super::proof::{Dated, Proofs};
use super::trust::{Grounds, Judged, Moment};
use super::when;
use crate::signature::certificate::Purpose;
use crate::signature::cms::{self, Check, CmsSignature};
use crate::signature::fields::Field;
use crate::signature::pdf::{Dict, Document, Object, Objects as _, Reference, words};
use crate::signature::permission;
use crate::signature::plain::plain;
use crate::signature::timestamp::{self, TimeStamp};
use crate::signature::{Certificate, SignatureError};
use der::Decode as _;
use x509_cert::crl::CertificateList;

/// A signature with what was found out about it.
pub(in crate::signature) struct Examined {
    pub field: String,
    pub reference: Reference,
    pub kind: SignatureKind,
    pub certifies: bool,
    pub claimed: Claimed,
    /// What it covers, or why that is nothing that it could have signed.
    pub(super) coverage: Result<Coverage, String>,
    pub value: Value,
}

/// What a signature's own bytes hold.
pub(in crate::signature) enum Value {
    Cms(Box<CmsSignature>),
    TimeStamp(Box<TimeStamp>),
    /// Nothing that could be read, and why.
    Nothing(String),
}

/// The kinds of signatures of people that are known: of PAdES, and of ISO 32000-1.
const KINDS: [&str; 2] = ["ETSI.CAdES.detached", "adbe.pkcs7.detached"];

/// The kind of a document time-stamp.
pub(super) const DOCUMENT_TIME_STAMP: &str = "ETSI.RFC3161";

/// All signatures of a document, in the order in which they were made.
pub(in crate::signature) fn examine(
    document: &Document<'_>,
    all: &[Field],
) -> Result<Vec<Examined>, SignatureError> {
    let signed = all.iter().filter_map(|field| Some((field, field.signature?)));
    let examined = signed.map(|(field, reference)| Examined::of(document, field, reference));
    let mut examined = examined.collect::<Result<Vec<_>, _>>()?;
    examined.sort_by_key(|signature| signature.revision().unwrap_or(usize::MAX));
    Ok(examined)
}

impl Examined {
    fn of(document: &Document<'_>, field: &Field, reference: Reference) -> Result<Self, SignatureError> {
        let dict = document.dict(reference)?;
        let is = |name: &str| dict.get("SubFilter").is_some_and(|own| own.is_name(name));
        let kind =
            if is_time_stamp(&dict) { SignatureKind::DocumentTimeStamp } else { SignatureKind::Signature };
        let is_known = kind == SignatureKind::DocumentTimeStamp || KINDS.into_iter().any(is);
        let coverage = coverage(document, reference, &dict);
        let value = match &coverage {
            Err(why) => Value::Nothing(why.clone()),
            Ok(_) if !is_known => Value::Nothing("it is of a kind that is not known here".to_owned()),
            Ok(coverage) => Value::of(document.bytes(), &dict, kind, coverage),
        };
        Ok(Self {
            field: field.id.clone(),
            reference,
            kind,
            certifies: permission::certifies(document, &dict)?,
            claimed: claimed(&dict),
            coverage,
            value,
        })
    }

    /// The revision that it signed, from 0.
    pub fn revision(&self) -> Option<usize> {
        self.coverage.as_ref().ok().map(|coverage| coverage.revision)
    }

    /// Whether a person made it, and not a time-stamping authority.
    pub fn is_of_person(&self) -> bool {
        self.kind == SignatureKind::Signature
    }

    /// Why it is not intact.
    pub fn faults(&self) -> Vec<String> {
        let mut lists = Vec::new();
        self.revocation_lists(&mut lists);
        self.objections().into_iter().chain(foreign_matter(&lists)).collect()
    }

    fn objections(&self) -> Vec<String> {
        match &self.value {
            Value::Nothing(why) => vec![why.clone()],
            Value::TimeStamp(stamp) => stamp.checks.iter().filter_map(Check::objection).collect(),
            Value::Cms(signature) => {
                let stamp = signature.time_stamp.as_ref().and_then(|stamp| stamp.as_ref().err());
                let stamp = stamp.map(|error| error.what.clone());
                signature.checks.iter().filter_map(Check::objection).chain(stamp).collect()
            }
        }
    }

    pub(super) fn is_intact(&self) -> bool {
        self.faults().is_empty()
    }

    /// The certificate whose key made it.
    pub fn signer(&self) -> Option<&Certificate> {
        match &self.value {
            Value::Cms(signature) => Some(&signature.signer),
            Value::TimeStamp(stamp) => Some(&stamp.signer),
            Value::Nothing(_) => None,
        }
    }

    /// The time-stamp that it has or is.
    pub fn stamp(&self) -> Option<&TimeStamp> {
        match &self.value {
            Value::Cms(signature) => signature.time_stamp.as_ref().and_then(|stamp| stamp.as_ref().ok()),
            Value::TimeStamp(stamp) => Some(stamp),
            Value::Nothing(_) => None,
        }
    }

    /// Takes in the certificates that came along with it and its time-stamp.
    pub fn certificates(&self, certificates: &mut Vec<Certificate>) {
        if let Value::Cms(signature) = &self.value {
            certificates.extend(signature.certificates.iter().cloned());
        }
        if let Some(stamp) = self.stamp() {
            certificates.extend(stamp.certificates.iter().cloned());
        }
    }

    /// Takes in the revocation lists likewise.
    pub fn revocation_lists(&self, lists: &mut Vec<Vec<u8>>) {
        if let Value::Cms(signature) = &self.value {
            lists.extend(signature.revocation_lists.iter().cloned());
        }
        if let Some(stamp) = self.stamp() {
            lists.extend(stamp.revocation_lists.iter().cloned());
        }
    }

    /// All that is to say of it.
    pub(super) fn answer(
        &self,
        revisions: &[RevisionAnswer],
        grounds: &Grounds<'_>,
        proofs: &Proofs,
    ) -> SignatureAnswer {
        let faults = self.faults();
        let Dated { time, covered, mut remarks } = proofs.date(self, grounds);
        let purpose = match self.kind {
            SignatureKind::Signature => Purpose::Signing,
            SignatureKind::DocumentTimeStamp => Purpose::TimeStamping,
        };
        let signer = self.signer();
        let nobody = Judged { trust: Trust::NotAsked, remarks: Vec::new(), is_test: false };
        let judged = signer.filter(|_| faults.is_empty());
        let judged = judged.map_or(nobody, |signer| match &time {
            Some(time) => grounds.judge(signer, Moment { time, purpose, covered }),
            None => grounds.without_time(signer),
        });
        // Of a time-stamp over the document the same is said of its signer.
        if self.kind == SignatureKind::DocumentTimeStamp {
            remarks.clear();
        }
        remarks.extend(judged.remarks);
        let later = self.revision().map_or(&[][..], |revision| &revisions[revision + 1..]);
        SignatureAnswer {
            field: self.field.clone(),
            kind: self.kind,
            certifies: self.certifies,
            revision: self.revision().map(|revision| revision + 1),
            faults,
            algorithm: match &self.value {
                Value::Cms(signature) => signature.algorithm.clone(),
                Value::TimeStamp(stamp) => Some(stamp.digest.clone()),
                Value::Nothing(_) => None,
            },
            signer: signer.map(SignerAnswer::of),
            claimed: self.claimed.clone(),
            time,
            trust: judged.trust,
            is_test: judged.is_test,
            remarks,
            after: After::of(later),
        }
    }
}

impl Value {
    fn of(pdf: &[u8], dict: &Dict, kind: SignatureKind, coverage: &Coverage) -> Self {
        let contents = dict.get("Contents").and_then(Object::as_string).unwrap_or_default();
        let content = coverage.content(pdf);
        let value = match kind {
            SignatureKind::Signature => {
                cms::verify(contents, &content).map(|signature| Self::Cms(Box::new(signature)))
            }
            SignatureKind::DocumentTimeStamp => {
                timestamp::verify(contents, &content).map(|stamp| Self::TimeStamp(Box::new(stamp)))
            }
        };
        value.unwrap_or_else(|error| Self::Nothing(error.what))
    }
}

/// Nobody signs what comes along with a signature to judge it by, so that has to be what it says that it is.
fn foreign_matter(revocation_lists: &[Vec<u8>]) -> Option<String> {
    let is_list = |list: &Vec<u8>| CertificateList::from_der(list).is_ok();
    let why = "something came along with it as a revocation list that is none";
    (!revocation_lists.iter().all(is_list)).then(|| why.to_owned())
}

/// Whether a signature is a time-stamp over the document.
pub(super) fn is_time_stamp(signature: &Dict) -> bool {
    signature.get("SubFilter").is_some_and(|own| own.is_name(DOCUMENT_TIME_STAMP))
}

fn claimed(dict: &Dict) -> Claimed {
    let said = |key: &str| {
        let text = dict.get(key).and_then(Object::as_string).map(words)?;
        Some(plain(&text)).filter(|text| !text.trim().is_empty())
    };
    let time = dict.get("M").and_then(Object::as_string).and_then(when::moment);
    Claimed { name: said("Name"), reason: said("Reason"), time }
}
