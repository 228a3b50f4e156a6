//! Whether a certificate was revoked: revocation lists (RFC 5280) and OCSP (RFC 6960).
//!
//! What was fetched, or lies in a PDF, is passed in as octets. A list or an answer counts if the certificate's issuer (or
//! whom it has put in charge) signed it, it speaks of this certificate, and it is not from before the moment that is
//! asked about. Revoked counts even from a source that is out of date: nobody becomes unrevoked by waiting.

mod ask;
mod crl;
mod ocsp;
mod urls;

pub use ask::{Asked, Questions, RevocationService, ask, read_revocation_list};
pub use ocsp::request as ocsp_request;
pub use urls::{issuer_urls, ocsp_urls, revocation_list_urls};

use super::certificate::Certificate;
use jiff::Timestamp;
use std::fmt;
use x509_cert::ext::pkix::CrlReason;

/// What there is to look into, in DER. What cannot be read is said in [`Revocation::Unknown`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources<'a> {
    pub revocation_lists: &'a [Vec<u8>],
    pub ocsp_answers: &'a [Vec<u8>],
}

/// What the sources say about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// Not revoked.
    Good(Evidence),
    /// Revoked from a moment on. Whether that is before or after a signature is for [`Revocation::is_revoked_at`].
    Revoked { from: Timestamp, reason: Option<Reason>, evidence: Evidence },
    /// No source can say; why each of them cannot.
    Unknown(Vec<String>),
}

/// Who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub kind: EvidenceKind,
    /// Who signed it.
    pub by: String,
    /// As of when it was said.
    pub as_of: Timestamp,
    /// Until when there is something newer to expect.
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    RevocationList,
    Ocsp,
}

impl Revocation {
    /// Whether the certificate counted as revoked at this moment.
    #[must_use]
    pub fn is_revoked_at(&self, time: Timestamp) -> bool {
        matches!(self, Self::Revoked { from, .. } if *from <= time)
    }
}

/// Why a certificate was revoked, as its issuer says; that nobody says why is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason(CrlReason);

impl Reason {
    fn of(reason: CrlReason) -> Option<Self> {
        (reason != CrlReason::Unspecified).then_some(Self(reason))
    }

    /// Whether nobody else can have had the key, so that what was signed before the revocation stands even where the
    /// signer alone says when that was (RFC 3161, 4.1).
    #[must_use]
    pub fn leaves_the_key_safe(self) -> bool {
        matches!(
            self.0,
            CrlReason::AffiliationChanged | CrlReason::Superseded | CrlReason::CessationOfOperation
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            CrlReason::Unspecified => "no reason is given",
            CrlReason::KeyCompromise => "the key fell into other hands",
            CrlReason::CaCompromise => "the issuer's key fell into other hands",
            CrlReason::AffiliationChanged => "the holder's affiliation changed",
            CrlReason::Superseded => "it was replaced by another certificate",
            CrlReason::CessationOfOperation => "it is no longer needed",
            CrlReason::CertificateHold => "it is on hold",
            CrlReason::RemoveFromCRL => "it was taken off the list",
            CrlReason::PrivilegeWithdrawn => "a privilege was withdrawn",
            CrlReason::AaCompromise => "the attribute authority's key fell into other hands",
        })
    }
}

/// One source's word.
enum Word {
    Good(Evidence),
    Revoked { from: Timestamp, reason: Option<Reason>, evidence: Evidence },
}

/// What the sources say about a certificate of this issuer, for something that was there at this moment. Where nobody but
/// the signer says when that was, the moment is that of asking: a source from before it tells nothing of since then.
///
/// A source that says that it is revoked wins over all others; among those that say that it is not, the newest counts.
#[must_use]
pub fn status(
    certificate: &Certificate,
    issuer: &Certificate,
    sources: Sources<'_>,
    time: Timestamp,
) -> Revocation {
    let lists = sources.revocation_lists.iter().map(|list| crl::word(list, certificate, issuer));
    let answers = sources
        .ocsp_answers
        .iter()
        .map(|answer| ocsp::word(answer, certificate, issuer, sources.revocation_lists));
    let (mut good, mut silent): (Option<Evidence>, Vec<String>) = (None, Vec::new());
    for word in lists.chain(answers) {
        match word {
            Ok(Word::Revoked { from, reason, evidence }) => {
                return Revocation::Revoked { from, reason, evidence };
            }
            Ok(Word::Good(evidence)) => match is_about(&evidence, certificate, time) {
                Ok(()) if good.as_ref().is_none_or(|best| best.as_of < evidence.as_of) => {
                    good = Some(evidence);
                }
                Ok(()) => {}
                Err(why) => silent.push(why),
            },
            Err(why) => silent.push(why),
        }
    }
    good.map_or(Revocation::Unknown(silent), Revocation::Good)
}

/// Whether a source can vouch for something that was there at this moment.
fn is_about(evidence: &Evidence, certificate: &Certificate, time: Timestamp) -> Result<(), String> {
    let by = &evidence.by;
    // An issuer takes certificates off its list once they have expired.
    if evidence.as_of > certificate.valid_until() {
        return Err(format!(
            "what {by} says is from after the certificate's end, when nobody keeps it on a list"
        ));
    }
    if evidence.as_of >= time || evidence.until.is_some_and(|until| time <= until) {
        return Ok(());
    }
    Err(format!("what {by} says was out of date on {time}: it is as of {}", evidence.as_of))
}

/// Whether a hash, as OCSP uses it to name an issuer or a responder, is of these octets. SHA-1 names here, and proves
/// nothing.
fn names_octets(algorithm: &spki::AlgorithmIdentifierOwned, hash: &[u8], octets: &[u8]) -> bool {
    use super::algorithm::digest_of;
    if algorithm.oid == super::oid::SHA1 {
        return sha1(octets) == hash;
    }
    digest_of(algorithm).is_ok_and(|digest| digest.digest(&[octets]) == hash)
}

fn sha1(octets: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, octets).as_ref().to_vec()
}

#[cfg(test)]
mod tests;
