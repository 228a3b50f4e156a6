//! What is to say of a signed PDF, as a value: in words for people, in JSON for machines.

pub use crate::signature::plain::plain;

use super::change::Change;
use crate::signature::Certificate;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// All that can be said of a document and its signatures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// In the order in which they were made.
    pub signatures: Vec<SignatureAnswer>,
    /// The states of the file, the oldest first.
    pub revisions: Vec<RevisionAnswer>,
    /// Fields in which nobody has signed.
    pub unsigned: Vec<String>,
    /// Whose signatures were asked for.
    pub required: Vec<String>,
    /// Those of them that have not signed, or whose signature does not hold.
    pub missing: Vec<String>,
    /// What stands behind the end of the last revision.
    pub trailing_bytes: usize,
    /// What is wrong with the document as a whole.
    pub faults: Vec<String>,
}

/// A state that the file had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevisionAnswer {
    /// From 1.
    pub number: usize,
    /// Where it ends in the file.
    pub end: usize,
    /// The fields whose signatures it brought in.
    pub signed_by: Vec<String>,
    /// What it did to the one before, where that was signed.
    pub changes: Vec<Change>,
}

impl RevisionAnswer {
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.changes.iter().all(|change| change.allowed)
    }
}

/// What kind of signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureKind {
    /// A person's.
    Signature,
    /// A time-stamping authority's, over all that was there.
    DocumentTimeStamp,
}

/// What is to say of one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureAnswer {
    /// The field, which is the id of the person who is to sign there.
    pub field: String,
    pub kind: SignatureKind,
    /// Whether it certifies the document, so that only fields may be filled in after it.
    pub certifies: bool,
    /// The revision that it signed and brought in, from 1; none where what it covers is not a revision.
    pub revision: Option<usize>,
    /// Why it is not intact; empty where it is.
    pub faults: Vec<String>,
    /// With what it was made: `ECDSA P-256 with SHA-256`.
    pub algorithm: Option<String>,
    /// Whose key made it, by the certificate.
    pub signer: Option<SignerAnswer>,
    /// What the signature says of itself and what nobody else has confirmed.
    pub claimed: Claimed,
    /// When it was there, as far as that can be said.
    pub time: Option<SigningTime>,
    /// Whether its signer is to be believed.
    pub trust: Trust,
    /// Whether anybody on the way to its issuer is for tests.
    pub is_test: bool,
    /// What else is worth knowing, and no reason to refuse it.
    pub remarks: Vec<String>,
    /// What was changed after it.
    pub after: After,
}

impl SignatureAnswer {
    /// Whether the bytes are those that were signed, by the key of the certificate.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether nothing is to be said against it.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.is_intact() && self.after != After::NotAllowed && !self.trust.is_refused()
    }
}

/// A certificate, as far as people ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignerAnswer {
    pub name: String,
    pub subject: String,
    pub issuer: String,
    /// In hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint: String,
    #[serde(serialize_with = "moment")]
    pub valid_from: Timestamp,
    #[serde(serialize_with = "moment")]
    pub valid_until: Timestamp,
    /// Whether it says of itself that it is for tests.
    pub is_test: bool,
}

/// What a signature says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Claimed {
    pub name: Option<String>,
    pub reason: Option<String>,
    #[serde(serialize_with = "moment_if_any")]
    pub time: Option<Timestamp>,
}

/// A time, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningTime {
    #[serde(serialize_with = "moment")]
    pub time: Timestamp,
    pub basis: TimeBasis,
    /// The time-stamping authority, by its certificate.
    pub authority: Option<String>,
}

/// Who says when a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeBasis {
    /// A time-stamp over the signature by a trusted authority.
    TimeStamp,
    /// A trusted time-stamp over the document, made later.
    DocumentTimeStamp,
    /// A time-stamp of an authority that nothing leads to from what is trusted.
    UntrustedTimeStamp,
    /// The clock of the signer.
    Claimed,
}

impl TimeBasis {
    /// Whether somebody else than the signer answers for the time.
    #[must_use]
    pub fn is_proved(self) -> bool {
        matches!(self, Self::TimeStamp | Self::DocumentTimeStamp)
    }
}

/// Whether a signer is to be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Trust {
    /// Nobody said whom to trust.
    NotAsked,
    /// It leads to what is trusted, was valid, and was not revoked.
    Trusted { anchor: String },
    /// The same, but for whether it was revoked: nothing says that.
    RevocationUnknown { anchor: String, why: String },
    /// It is not to be believed, and why.
    Refused { why: Vec<String> },
}

impl Trust {
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }
}

/// What became of a document after it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    Nothing,
    Allowed,
    NotAllowed,
}

impl SignerAnswer {
    pub(super) fn of(certificate: &Certificate) -> Self {
        Self {
            name: certificate.holder(),
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            fingerprint: certificate.fingerprint(),
            valid_from: certificate.valid_from(),
            valid_until: certificate.valid_until(),
            is_test: certificate.is_test(),
        }
    }
}

impl After {
    pub(super) fn of(later: &[RevisionAnswer]) -> Self {
        if later.is_empty() {
            Self::Nothing
        } else if later.iter().all(RevisionAnswer::is_allowed) {
            Self::Allowed
        } else {
            Self::NotAllowed
        }
    }
}

impl Verification {
    /// Whether nothing is wrong: at least one person signed, all of whom are asked for did, each signature holds, and
    /// nothing else is to be said against the document.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
            && self.missing.is_empty()
            && self.trailing_bytes == 0
            && self.signatures.iter().any(|signature| signature.kind == SignatureKind::Signature)
            && self.signatures.iter().all(SignatureAnswer::holds)
    }

    #[must_use]
    pub fn signature(&self, field: &str) -> Option<&SignatureAnswer> {
        self.signatures.iter().find(|signature| signature.field == field)
    }
}

/// A moment as RFC 3339 has it.
fn moment<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

#[expect(clippy::ref_option, reason = "serde hands the field over so")]
fn moment_if_any<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => moment(time, serializer),
        None => serializer.serialize_none(),
    }
}
