//! Whether a signer is to be believed: the path to somebody who is trusted, at the time that counts.
//!
//! The time that counts is that of a trusted time-stamp, over the signature or over the whole document. Where there is
//! none, it is what the signer's clock said, which proves nothing against somebody who has the key: so a certificate
//! that was revoked *after* a claimed time is refused, and one revoked after a proved time is not; and what says that
//! it was not revoked has to be new when somebody asks.
//!
//! A time-stamp vouches for everything before it and not for itself: whoever has got hold of an authority's key can
//! write any time. So where that may be (the key was compromised, or nobody says why the certificate was revoked), only
//! another time-stamp from before the revocation saves it.

use super::answer::{SigningTime, Trust};
use super::store::Stored;
use crate::signature::Certificate;
use crate::signature::certificate::{Path, PathEnd, Purpose, Validity, path};
use crate::signature::revocation::{Reason, Revocation, Sources, status};
use jiff::Timestamp;

/// Whom somebody trusts, and what there is to look into.
#[derive(Debug, Clone, Default)]
pub(super) struct Grounds<'a> {
    pub anchors: &'a [Certificate],
    /// Certificates of issuers in between, from the document.
    pub along: Vec<Certificate>,
    pub revocation_lists: Vec<Vec<u8>>,
    pub ocsp_answers: Vec<Vec<u8>>,
    /// When it is asked.
    pub as_of: Option<Timestamp>,
}

/// An answer about a signer, and what else is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    pub trust: Trust,
    pub remarks: Vec<String>,
    /// Whether anybody on the path is for tests.
    pub is_test: bool,
}

/// When something was signed, and how sure that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub time: &'a SigningTime,
    pub purpose: Purpose,
    /// By when it was there for sure, because another time-stamp over the whole document says so.
    pub covered: Option<Timestamp>,
}

impl Moment<'_> {
    /// As of when it has to be known that a certificate was not revoked; `None` where that is when somebody asks.
    fn known_at(&self) -> Option<Timestamp> {
        match self.purpose {
            Purpose::TimeStamping => self.covered,
            _ => Some(self.time.time).filter(|_| self.time.basis.is_proved()),
        }
    }

    /// Whether what was signed stands although a certificate was revoked afterwards, from this moment on.
    fn outlasts(&self, from: Timestamp, reason: Option<Reason>) -> bool {
        match self.purpose {
            Purpose::TimeStamping => {
                reason.is_some_and(Reason::leaves_the_key_safe) || self.covered.is_some_and(|by| by < from)
            }
            _ => self.time.basis.is_proved(),
        }
    }
}

impl Grounds<'_> {
    pub fn take_in(&mut self, stored: &Stored) {
        self.along.extend(stored.certificates.iter().cloned());
        self.revocation_lists.extend(stored.revocation_lists.iter().cloned());
        self.ocsp_answers.extend(stored.ocsp_answers.iter().cloned());
    }

    /// Whether a signer is to be believed, who signed at this moment.
    pub fn judge(&self, signer: &Certificate, moment: Moment<'_>) -> Judged {
        let time = moment.time;
        let path = path(signer, &self.along, self.anchors, moment.purpose, time.time);
        let is_test = signer.is_test() || path.is_test();
        if self.anchors.is_empty() {
            return Judged { trust: Trust::NotAsked, remarks: Vec::new(), is_test };
        }
        let mut remarks = self.remarks(&path, time);
        let mut why = refusals(&path);
        why.extend(self.too_early(time));
        let revocation = self.revocation(&path, moment, &mut remarks);
        let unknown = match revocation {
            Ok(unknown) => unknown,
            Err(revoked) => {
                why.push(revoked);
                None
            }
        };
        let anchor = path.certificates.last().map(Certificate::holder).unwrap_or_default();
        let trust = match (why.is_empty(), unknown) {
            (false, _) => Trust::Refused { why },
            (true, Some(why)) => Trust::RevocationUnknown { anchor, why },
            (true, None) => Trust::Trusted { anchor },
        };
        Judged { trust, remarks, is_test }
    }

    /// Whether somebody is to be believed who does not say when they signed.
    pub fn without_time(&self, signer: &Certificate) -> Judged {
        let why = vec!["it does not say when it was made".to_owned()];
        let trust = if self.anchors.is_empty() { Trust::NotAsked } else { Trust::Refused { why } };
        Judged { trust, remarks: Vec::new(), is_test: signer.is_test() }
    }

    /// Clocks differ by minutes, and not by a day.
    fn too_early(&self, time: &SigningTime) -> Option<String> {
        const A_DAY: i64 = 24 * 60 * 60;
        let as_of = self.as_of?;
        (time.time.as_second() - as_of.as_second() > A_DAY)
            .then(|| format!("its time lies in the future: {}", time.time))
    }

    fn remarks(&self, path: &Path, time: &SigningTime) -> Vec<String> {
        let Some(as_of) = self.as_of.filter(|_| !time.basis.is_proved()) else { return Vec::new() };
        let expired = path.certificates.iter().find(|certificate| certificate.valid_until() < as_of);
        let words = expired.map(|certificate| {
            format!(
                "the certificate of {} has ended since, on {}, and nobody but the signer says that the signature is older",
                certificate.holder(),
                certificate.valid_until()
            )
        });
        words.into_iter().collect()
    }

    /// Whether any certificate below the anchor was revoked; what is not known of them.
    fn revocation(
        &self,
        path: &Path,
        moment: Moment<'_>,
        remarks: &mut Vec<String>,
    ) -> Result<Option<String>, String> {
        let sources = Sources { revocation_lists: &self.revocation_lists, ocsp_answers: &self.ocsp_answers };
        let time = moment.time.time;
        // Where nobody says when it is asked, that is when it was signed, at the earliest.
        let known_at = moment.known_at().or(self.as_of).map_or(time, |known_at| known_at.max(time));
        let mut unknown = None;
        if let ([itself], PathEnd::Anchor) = (path.certificates.as_slice(), &path.end) {
            unknown = Some(format!(
                "the certificate of {} is itself one that you trust, so no issuer says whether it was revoked",
                itself.holder()
            ));
        }
        for pair in path.certificates.windows(2) {
            let [certificate, issuer] = pair else { continue };
            let found = status(certificate, issuer, sources, known_at);
            let holder = certificate.holder();
            match &found {
                Revocation::Good(_) => {}
                Revocation::Revoked { from, reason, .. } => {
                    let why = reason.map_or(String::new(), |reason| format!(" ({reason})"));
                    let revoked = format!("the certificate of {holder} was revoked on {from}{why}");
                    if found.is_revoked_at(time) {
                        return Err(format!("{revoked}, before the signature"));
                    }
                    if !moment.outlasts(*from, *reason) {
                        return Err(format!(
                            "{revoked}, and nobody but the signer says that the signature is older"
                        ));
                    }
                    remarks.push(format!("{revoked}, after the signature"));
                }
                Revocation::Unknown(why) => {
                    let why = why.first().map_or_else(
                        || format!("nothing says whether the certificate of {holder} was revoked"),
                        |why| format!("whether the certificate of {holder} was revoked: {why}"),
                    );
                    unknown.get_or_insert(why);
                }
            }
        }
        Ok(unknown)
    }
}

/// What speaks against a path, but for revocation.
fn refusals(path: &Path) -> Vec<String> {
    let mut why = Vec::new();
    match &path.end {
        PathEnd::Anchor => {}
        PathEnd::SelfMade => {
            let last = path.certificates.last().map(Certificate::holder).unwrap_or_default();
            why.push(format!("it leads to {last}, who is not among those that you trust"));
        }
        PathEnd::Missing(issuer) => {
            why.push(format!("its issuer is not known: {issuer}"));
        }
    }
    match &path.validity {
        Validity::Valid => {}
        Validity::Expired { holder, at } => {
            why.push(format!("the certificate of {holder} had ended on {at}, before the signature"));
        }
        Validity::NotYet { holder, from } => {
            why.push(format!("the certificate of {holder} began on {from}, after the signature"));
        }
    }
    why.extend(path.objections.iter().cloned());
    why
}
