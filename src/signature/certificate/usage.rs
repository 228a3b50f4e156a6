//! What a certificate's key may be used for, and what in a certificate nobody may pass over.

use super::Certificate;
use crate::signature::{SignatureError, oid};
use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

/// What for a certificate is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A person signs a document.
    Signing,
    /// An authority says when something was there.
    TimeStamping,
    /// A responder says whether a certificate was revoked.
    Responding,
}

impl Purpose {
    /// Extended key usages that allow it.
    fn allowed(self) -> &'static [ObjectIdentifier] {
        match self {
            Self::Signing => &[
                oid::DOCUMENT_SIGNING,
                oid::EMAIL_PROTECTION,
                oid::ADOBE_AUTHENTIC_DOCUMENTS,
                oid::MICROSOFT_DOCUMENT_SIGNING,
                oid::ANY_PURPOSE,
            ],
            Self::TimeStamping => &[oid::TIME_STAMPING],
            Self::Responding => &[oid::OCSP_SIGNING],
        }
    }

    /// Whether a certificate that names no purpose is for this one too.
    fn is_default(self) -> bool {
        self == Self::Signing
    }

    fn words(self) -> &'static str {
        match self {
            Self::Signing => "signing documents",
            Self::TimeStamping => "time-stamps",
            Self::Responding => "telling what was revoked",
        }
    }
}

/// Extensions that are looked at, or that change nothing for those who look at no policies.
const KNOWN: [ObjectIdentifier; 7] = [
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::BASIC_CONSTRAINTS,
    oid::SUBJECT_ALTERNATIVE_NAME,
    oid::CERTIFICATE_POLICIES,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
];

fn decoded<'a, T: der::Decode<'a>>(
    certificate: &'a Certificate,
    kind: ObjectIdentifier,
    name: &str,
) -> Result<Option<T>, SignatureError> {
    let damaged = |_| {
        SignatureError::new(format!(
            "the {name} in the certificate of {} cannot be read",
            certificate.holder()
        ))
    };
    let extension = certificate.extension(kind)?;
    extension.map(|extension| T::from_der(extension.extn_value.as_bytes()).map_err(damaged)).transpose()
}

pub(super) fn key_usage(certificate: &Certificate) -> Result<Option<KeyUsage>, SignatureError> {
    decoded(certificate, oid::KEY_USAGE, "key usage")
}

/// What speaks against this certificate as that of somebody who does this.
pub(super) fn objections_to_signer(certificate: &Certificate, purpose: Purpose) -> Vec<String> {
    let mut objections = objections_to_any(certificate);
    match key_usage(certificate) {
        Ok(Some(usage)) if !usage.digital_signature() && !usage.non_repudiation() => {
            objections
                .push(format!("the key of {} is not one for signatures (key usage)", certificate.holder()));
        }
        Ok(_) => {}
        Err(error) => objections.push(error.what),
    }
    objections.extend(wrong_purpose(certificate, purpose, purpose.is_default()));
    objections
}

/// What speaks against this certificate as that of an issuer, with so many issuers below it.
pub(super) fn objections_to_issuer(
    certificate: &Certificate,
    below: usize,
    purpose: Purpose,
    is_anchor: bool,
) -> Vec<String> {
    let holder = certificate.holder();
    let mut objections = objections_to_any(certificate);
    match decoded::<BasicConstraints>(certificate, oid::BASIC_CONSTRAINTS, "basic constraints") {
        Ok(Some(constraints)) if constraints.ca => {
            if constraints.path_len_constraint.is_some_and(|most| below > usize::from(most)) {
                objections.push(format!("{holder} may not issue certificates of issuers (path length)"));
            }
        }
        Ok(_) => objections.push(format!("{holder} is no issuer of certificates (basic constraints)")),
        Err(error) => objections.push(error.what),
    }
    match key_usage(certificate) {
        Ok(Some(usage)) if !usage.key_cert_sign() => {
            objections.push(format!("the key of {holder} is not one for certificates (key usage)"));
        }
        Ok(_) => {}
        Err(error) => objections.push(error.what),
    }
    // What an anchor is for, those have decided who trust it.
    if !is_anchor {
        objections.extend(wrong_purpose(certificate, purpose, true));
    }
    objections
}

fn wrong_purpose(certificate: &Certificate, purpose: Purpose, is_default: bool) -> Option<String> {
    let purposes =
        decoded::<Vec<ObjectIdentifier>>(certificate, oid::EXTENDED_KEY_USAGE, "extended key usage");
    let is_for_it = match purposes {
        Ok(Some(purposes)) => purposes.iter().any(|named| purpose.allowed().contains(named)),
        Ok(None) => is_default,
        Err(error) => return Some(error.what),
    };
    let holder = certificate.holder();
    (!is_for_it)
        .then(|| format!("the certificate of {holder} is not for {} (extended key usage)", purpose.words()))
}

/// RFC 5280, 4.2: who does not know a critical extension has to refuse the certificate.
fn objections_to_any(certificate: &Certificate) -> Vec<String> {
    // Restricted names bind whether or not the issuer calls them critical, as it should (4.2.1.10).
    let binding = certificate
        .extensions()
        .iter()
        .filter(|extension| extension.critical || extension.extn_id == oid::NAME_CONSTRAINTS);
    let unknown = binding.map(|extension| extension.extn_id).filter(|kind| !KNOWN.contains(kind));
    unknown
        .map(|kind| {
            let what = if kind == oid::NAME_CONSTRAINTS {
                "restricts names, which cannot be checked".to_owned()
            } else {
                format!("has a critical extension that is not known: {kind}")
            };
            format!("the certificate of {} {what}", certificate.holder())
        })
        .collect()
}
