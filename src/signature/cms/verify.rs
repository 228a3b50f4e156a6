//! Reading a signature, and what of it holds.

use super::attributes::{self, CertificateFault};
use super::check::{Check, Checked, Outcome};
use super::signed_data::{SignedData, names};
use crate::signature::algorithm::{self, AlgorithmFault, digest_of};
use crate::signature::certificate::Certificate;
use crate::signature::signer::DigestAlgorithm;
use crate::signature::timestamp::{self, TimeStamp};
use crate::signature::{SignatureError, oid, raw};
use cms::content_info::CmsVersion;
use cms::signed_data::{SignerIdentifier, SignerInfo};
use der::Encode as _;
use der::asn1::ObjectIdentifier;

/// A signature that could be read, and what is to say of it.
#[derive(Debug, Clone)]
pub struct CmsSignature {
    /// Whose it says it is. That the key of this certificate made it is the check [`Checked::Value`].
    pub signer: Certificate,
    /// All certificates that came along, that of the signer among them.
    pub certificates: Vec<Certificate>,
    /// Revocation lists that came along, in DER.
    pub revocation_lists: Vec<Vec<u8>>,
    /// What was looked at, one after another, and how it came out.
    pub checks: Vec<Check>,
    /// With what it was made, in words: `ECDSA P-256 with SHA-256`; `None` if its value does not hold.
    pub algorithm: Option<String>,
    /// The time-stamp over the signature's value: `None` if there is none, an error if there is one that proves
    /// nothing.
    pub time_stamp: Option<Result<TimeStamp, SignatureError>>,
}

impl CmsSignature {
    /// Whether everything that makes a signature holds: the content is the signed one, and the signer's key signed
    /// it. What cannot be said counts as not holding.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        let needed = [Checked::Content, Checked::ContentType, Checked::Value, Checked::SigningCertificate];
        let holds = |of: Checked| self.outcome(of) == Some(&Outcome::Holds);
        needed.into_iter().all(holds) && !self.checks.iter().any(|check| check.outcome.is_failure())
    }

    /// How a check came out.
    #[must_use]
    pub fn outcome(&self, of: Checked) -> Option<&Outcome> {
        self.checks.iter().find(|check| check.of == of).map(|check| &check.outcome)
    }

    /// Everything that does not hold, in words.
    #[must_use]
    pub fn failures(&self) -> Vec<&str> {
        let failures = self.checks.iter().filter_map(|check| match &check.outcome {
            Outcome::Fails(why) => Some(why.as_str()),
            _ => None,
        });
        failures.collect()
    }
}

/// Reads and checks a detached signature over a content, which may come in pieces.
///
/// `hole` is the signature in DER, with the zeros behind it that fill up its place in a PDF; anything else behind it is
/// an error, as is whatever is no signature of exactly one signer. What can be read is judged in the result.
pub fn verify(hole: &[u8], content: &[&[u8]]) -> Result<CmsSignature, SignatureError> {
    let data = SignedData::from_der(raw::within_padding(hole)?)?;
    if data.content.econtent.is_some() {
        return Err(SignatureError::new(
            "the signature carries a content of its own, and is not one over the document",
        ));
    }
    judged(&data, oid::DATA, content)
}

/// Checks a signature over the content that it carries; for its kind of content.
pub(in crate::signature) fn verify_content(
    data: &SignedData,
    content_type: ObjectIdentifier,
) -> Result<CmsSignature, SignatureError> {
    let content = data.embedded().ok_or_else(|| SignatureError::new("the signature carries no content"))?;
    judged(data, content_type, &[content])
}

fn judged(
    data: &SignedData,
    content_type: ObjectIdentifier,
    content: &[&[u8]],
) -> Result<CmsSignature, SignatureError> {
    let info = data.signer()?;
    let certificates = data.certificates()?;
    let signer = certificates.iter().find(|certificate| names(&info.sid, certificate));
    let signer =
        signer.ok_or_else(|| SignatureError::new("the signer's certificate is not in the signature"))?;
    let digest = digest_of(&info.digest_alg);
    let value = value(info, signer, digest.clone().ok());
    let checks = vec![
        Check { of: Checked::Content, outcome: content_outcome(info, digest, content) },
        Check {
            of: Checked::ContentType,
            outcome: content_type_outcome(info, data.content_type(), content_type).into(),
        },
        Check { of: Checked::Value, outcome: value.as_ref().map_or_else(fault, |_| Outcome::Holds) },
        Check { of: Checked::SigningCertificate, outcome: signing_certificate(info, signer, content_type) },
        Check {
            of: Checked::AlgorithmProtection,
            outcome: attributes::check_algorithm_protection(info).map_or(Outcome::Absent, Into::into),
        },
        Check { of: Checked::Form, outcome: form(data, info).into() },
        Check { of: Checked::Certificates, outcome: together(signer, &certificates) },
    ];
    Ok(CmsSignature {
        signer: signer.clone(),
        revocation_lists: data.revocation_lists(),
        time_stamp: time_stamp(info),
        algorithm: value.ok(),
        checks,
        certificates,
    })
}

fn fault(fault: &AlgorithmFault) -> Outcome {
    match fault {
        AlgorithmFault::Unsupported(_) => Outcome::Unknown(fault.to_string()),
        AlgorithmFault::Weak(_) | AlgorithmFault::Differs => Outcome::Fails(fault.to_string()),
    }
}

fn content_outcome(
    info: &SignerInfo,
    digest: Result<DigestAlgorithm, AlgorithmFault>,
    content: &[&[u8]],
) -> Outcome {
    match digest {
        Ok(digest) => attributes::check_content(info, &digest.digest(content)).into(),
        Err(why) => fault(&why),
    }
}

fn content_type_outcome(
    info: &SignerInfo,
    stated: ObjectIdentifier,
    expected: ObjectIdentifier,
) -> Result<(), String> {
    if stated != expected {
        return Err("the signature is of another kind of content".to_owned());
    }
    attributes::check_content_type(info, expected)
}

/// The value is over the signed attributes, which hold the digest of the content.
fn value(
    info: &SignerInfo,
    signer: &Certificate,
    digest: Option<DigestAlgorithm>,
) -> Result<String, AlgorithmFault> {
    let attributes = info.signed_attrs.as_ref().and_then(|attributes| attributes.to_der().ok());
    let attributes = attributes.ok_or(AlgorithmFault::Differs)?;
    let key = &signer.body().subject_public_key_info;
    algorithm::check_value(key, &info.signature_algorithm, digest, &attributes, info.signature.as_bytes())
}

fn signing_certificate(info: &SignerInfo, signer: &Certificate, content_type: ObjectIdentifier) -> Outcome {
    match attributes::check_signing_certificate(info, signer) {
        Ok(()) => Outcome::Holds,
        Err(CertificateFault::Wrong(why)) => Outcome::Fails(why),
        // RFC 3161 asks for it; a signature of PAdES without it is none.
        Err(CertificateFault::Absent) => {
            Outcome::Fails("the signed attributes do not name the signer's certificate".to_owned())
        }
        // Another certificate with the same SHA-1 would have to be issued by a trusted authority for the same key.
        Err(CertificateFault::Weak) if content_type == oid::TST_INFO => Outcome::Holds,
        Err(CertificateFault::Weak) => Outcome::Fails(
            "the signed attributes name the signer's certificate by SHA-1, which is too weak".to_owned(),
        ),
    }
}

/// What stands outside the signed attributes can be changed by anybody, so it must say nothing else than it has to.
fn form(data: &SignedData, info: &SignerInfo) -> Result<(), String> {
    let expected = match info.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    if info.version != expected || !matches!(data.version, CmsVersion::V1 | CmsVersion::V3) {
        return Err("the version of the signature's format is not the one that it has to be".to_owned());
    }
    if !data.digest_algorithms.iter().any(|listed| listed.oid == info.digest_alg.oid) {
        return Err("the digest of the signature is not among those that it lists".to_owned());
    }
    Ok(())
}

/// Certificates that came along are outside what is signed. Each that names another of them as its issuer must be signed
/// by it. One that is no part of the signer's chain, or whose issuer did not come along, is said: it may have been
/// changed, and no harm is done as long as nobody relies on it.
fn together(signer: &Certificate, certificates: &[Certificate]) -> Outcome {
    let issuers = |of: &Certificate| -> Vec<&Certificate> {
        certificates.iter().filter(|issuer| of.names_as_issuer(issuer)).collect()
    };
    let mut unsure = None;
    for certificate in certificates {
        let holder = certificate.holder();
        let links: Vec<_> =
            issuers(certificate).into_iter().map(|issuer| certificate.is_signed_by(issuer)).collect();
        if links.is_empty() || links.contains(&Ok(())) {
            continue;
        }
        match links.into_iter().find(|link| *link != Err(AlgorithmFault::Differs)) {
            Some(Err(fault)) => {
                unsure = Some(format!("the signature under the certificate of {holder}: {fault}"));
            }
            _ => {
                return Outcome::Fails(format!(
                    "the certificate of {holder} is not signed by the issuer that it names"
                ));
            }
        }
    }
    if let Some(why) = unsure {
        return Outcome::Unknown(why);
    }
    let mut chain = vec![signer];
    let mut at = 0;
    while let Some(last) = chain.get(at).copied() {
        let new: Vec<&Certificate> =
            issuers(last).into_iter().filter(|issuer| !chain.contains(issuer)).collect();
        chain.extend(new);
        at += 1;
    }
    for other in certificates.iter().filter(|certificate| *certificate != signer) {
        if !chain.contains(&other) {
            return Outcome::Unknown(format!(
                "the certificate of {} is no part of the signer's chain",
                other.holder()
            ));
        }
        if issuers(other).is_empty() {
            return Outcome::Unknown(format!(
                "the issuer of the certificate of {} did not come along",
                other.holder()
            ));
        }
    }
    Outcome::Holds
}

fn time_stamp(info: &SignerInfo) -> Option<Result<TimeStamp, SignatureError>> {
    let token = attributes::value(info.unsigned_attrs.as_ref(), oid::TIME_STAMP_TOKEN).transpose()?;
    let unreadable = |_| SignatureError::new("the time-stamp cannot be read");
    Some(token.and_then(|token| {
        timestamp::verify(&token.to_der().map_err(unreadable)?, &[info.signature.as_bytes()])
    }))
}
