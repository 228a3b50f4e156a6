//! The path from a certificate to somebody who is trusted.
//!
//! Trusted is who is given, and nobody else: no certificate of the operating system is ever looked at. Three questions
//! are answered apart from each other: where the path ends, whether all of it was valid at a moment, and what else
//! speaks against it. A path that ends at an issuer of somebody's own making says that a signature is whole, and
//! nothing about who signed.

use super::Certificate;
use super::usage::{Purpose, objections_to_issuer, objections_to_signer};
use crate::signature::algorithm::AlgorithmFault;
use jiff::Timestamp;

/// Longer paths are not followed; no issuer of today has one.
const LONGEST: usize = 8;
/// Paths that are looked at before the best of them is taken.
const MOST: usize = 16;
/// Signatures that are checked while looking. A file can bring along any number of certificates, all of one name.
const MOST_CHECKS: usize = 100;

/// A path, and what is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The certificate, its issuer's, and so on.
    pub certificates: Vec<Certificate>,
    pub end: PathEnd,
    pub validity: Validity,
    /// What else speaks against it, in words: a key that is for other things, an issuer that is none, a critical
    /// extension that is not known, a signature that is too weak.
    pub objections: Vec<String>,
}

/// Where a path ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathEnd {
    /// At a certificate that was given as trusted.
    Anchor,
    /// At an issuer that names itself, and that nobody gave as trusted.
    SelfMade,
    /// Before an issuer whose certificate is not there; its name.
    Missing(String),
}

/// Whether all certificates of a path were valid at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    Valid,
    Expired { holder: String, at: Timestamp },
    NotYet { holder: String, from: Timestamp },
}

impl Path {
    /// Whether the path leads to an anchor, was valid then, and nothing speaks against it.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.end == PathEnd::Anchor && self.validity == Validity::Valid && self.objections.is_empty()
    }

    /// Whether any of its certificates says of itself that it is for tests.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.certificates.iter().any(Certificate::is_test)
    }

    /// The first better than the second; among equals, the first found.
    fn rank(&self) -> (bool, bool, bool, std::cmp::Reverse<usize>) {
        (
            self.is_trusted(),
            self.end == PathEnd::Anchor,
            self.end == PathEnd::SelfMade,
            std::cmp::Reverse(self.objections.len()),
        )
    }
}

/// The best path from a certificate to one of the anchors, by way of certificates that came along, judged for a purpose
/// and at a moment.
#[must_use]
pub fn path(
    certificate: &Certificate,
    along: &[Certificate],
    anchors: &[Certificate],
    purpose: Purpose,
    time: Timestamp,
) -> Path {
    let mut search = Search { along, anchors, found: Vec::new(), checks: 0 };
    search.follow(vec![certificate.clone()]);
    let paths = search.found.into_iter().map(|(certificates, end)| judged(certificates, end, purpose, time));
    let best = paths.reduce(|best, next| if next.rank() > best.rank() { next } else { best });
    best.unwrap_or_else(|| {
        judged(vec![certificate.clone()], PathEnd::Missing(certificate.issuer()), purpose, time)
    })
}

struct Search<'a> {
    along: &'a [Certificate],
    anchors: &'a [Certificate],
    found: Vec<(Vec<Certificate>, PathEnd)>,
    checks: usize,
}

impl Search<'_> {
    /// Goes on from the last certificate of a path to all issuers that it could have.
    fn follow(&mut self, path: Vec<Certificate>) {
        let Some(last) = path.last() else { return };
        if self.found.len() >= MOST {
            return;
        }
        if self.anchors.contains(last) {
            return self.found.push((path, PathEnd::Anchor));
        }
        if last.names_as_issuer(last) && last.is_signed_by(last) != Err(AlgorithmFault::Differs) {
            return self.found.push((path, PathEnd::SelfMade));
        }
        let issuers = if path.len() < LONGEST { self.issuers(last, &path) } else { Vec::new() };
        if issuers.is_empty() {
            let missing = PathEnd::Missing(last.issuer());
            return self.found.push((path, missing));
        }
        for issuer in issuers {
            let mut longer = path.clone();
            longer.push(issuer);
            self.follow(longer);
        }
    }

    /// All that could have issued a certificate and stand in no path to it yet; those who are trusted first.
    fn issuers(&mut self, certificate: &Certificate, path: &[Certificate]) -> Vec<Certificate> {
        let mut issuers: Vec<Certificate> = Vec::new();
        for issuer in self.anchors.iter().chain(self.along) {
            if !certificate.names_as_issuer(issuer) || path.contains(issuer) || issuers.contains(issuer) {
                continue;
            }
            if self.checks == MOST_CHECKS {
                break;
            }
            self.checks += 1;
            if certificate.is_signed_by(issuer) != Err(AlgorithmFault::Differs) {
                issuers.push(issuer.clone());
            }
        }
        issuers
    }
}

fn judged(certificates: Vec<Certificate>, end: PathEnd, purpose: Purpose, time: Timestamp) -> Path {
    let mut objections = Vec::new();
    for (place, certificate) in certificates.iter().enumerate() {
        if place == 0 {
            objections.extend(objections_to_signer(certificate, purpose));
        } else {
            let is_anchor = end == PathEnd::Anchor && place + 1 == certificates.len();
            objections.extend(objections_to_issuer(
                certificate,
                below(&certificates[..place]),
                purpose,
                is_anchor,
            ));
        }
        let issuer = certificates.get(place + 1);
        if let Some(Err(fault)) = issuer.map(|issuer| certificate.is_signed_by(issuer)) {
            objections
                .push(format!("the signature under the certificate of {}: {fault}", certificate.holder()));
        }
    }
    Path { validity: validity(&certificates, time), certificates, end, objections }
}

/// Issuers below one, without those that are their own issuer (RFC 5280, 4.2.1.9).
fn below(certificates: &[Certificate]) -> usize {
    let issuers = certificates.iter().skip(1);
    issuers.filter(|certificate| !certificate.names_as_issuer(certificate)).count()
}

fn validity(certificates: &[Certificate], time: Timestamp) -> Validity {
    for certificate in certificates {
        if time < certificate.valid_from() {
            return Validity::NotYet { holder: certificate.holder(), from: certificate.valid_from() };
        }
        if time > certificate.valid_until() {
            return Validity::Expired { holder: certificate.holder(), at: certificate.valid_until() };
        }
    }
    Validity::Valid
}
