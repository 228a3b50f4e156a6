//! Revocation lists.

use super::{Evidence, EvidenceKind, Reason, Word, urls};
use crate::signature::certificate::{Certificate, is_same_name, may_sign_lists, moment};
use crate::signature::{oid, raw};
use der::Decode as _;
use x509_cert::crl::{CertificateList, RevokedCert};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, CrlReason, IssuingDistributionPoint};

/// What a list says about a certificate of this issuer.
pub(super) fn word(list: &[u8], certificate: &Certificate, issuer: &Certificate) -> Result<Word, String> {
    let parsed =
        CertificateList::from_der(list).map_err(|_| "a revocation list cannot be read".to_owned())?;
    let body = &parsed.tbs_cert_list;
    if !is_same_name(&body.issuer, &certificate.body().issuer) {
        return Err("a revocation list is of another issuer".to_owned());
    }
    if body.signature != parsed.signature_algorithm {
        return Err("a revocation list names two different algorithms for its signature".to_owned());
    }
    may_sign_lists(issuer)?;
    let signed = raw::first_element(list).map_err(|_| "a revocation list cannot be read".to_owned())?;
    issuer
        .check_bits(&parsed.signature_algorithm, signed, &parsed.signature)
        .map_err(|fault| format!("the revocation list of {}: {fault}", issuer.holder()))?;
    check_scope(body.crl_extensions.as_deref().unwrap_or_default(), certificate)?;
    let evidence = Evidence {
        kind: EvidenceKind::RevocationList,
        by: issuer.holder(),
        as_of: moment(body.this_update),
        until: body.next_update.map(moment),
    };
    let entries = body.revoked_certificates.as_deref().unwrap_or_default();
    match entries.iter().find(|entry| entry.serial_number == certificate.body().serial_number) {
        Some(entry) => revoked(entry, evidence),
        None => Ok(Word::Good(evidence)),
    }
}

fn revoked(entry: &RevokedCert, evidence: Evidence) -> Result<Word, String> {
    let extensions = entry.crl_entry_extensions.as_deref().unwrap_or_default();
    if let Some(unknown) =
        extensions.iter().find(|extension| extension.critical && extension.extn_id != oid::CRL_REASON)
    {
        return Err(format!("a revocation list has an entry with a critical extension: {}", unknown.extn_id));
    }
    let reason = extensions.iter().find(|extension| extension.extn_id == oid::CRL_REASON);
    let reason = reason.and_then(|reason| CrlReason::from_der(reason.extn_value.as_bytes()).ok());
    Ok(Word::Revoked { from: moment(entry.revocation_date), reason: reason.and_then(Reason::of), evidence })
}

/// Whether a list is a whole one, and of certificates such as this.
fn check_scope(extensions: &[Extension], certificate: &Certificate) -> Result<(), String> {
    for extension in extensions {
        match extension.extn_id {
            oid::ISSUING_DISTRIBUTION_POINT => check_distribution_point(extension, certificate)?,
            oid::DELTA_CRL_INDICATOR => {
                return Err("a revocation list holds changes alone (delta)".to_owned());
            }
            other if extension.critical => {
                return Err(format!("a revocation list has a critical extension that is not known: {other}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_distribution_point(extension: &Extension, certificate: &Certificate) -> Result<(), String> {
    let point = IssuingDistributionPoint::from_der(extension.extn_value.as_bytes())
        .map_err(|_| "a revocation list does not say readably what it is of".to_owned())?;
    let is_issuers = certificate
        .extension(oid::BASIC_CONSTRAINTS)
        .ok()
        .flatten()
        .and_then(|extension| BasicConstraints::from_der(extension.extn_value.as_bytes()).ok())
        .is_some_and(|constraints| constraints.ca);
    let named = point.distribution_point.as_ref().map(urls::of_point);
    let is_other_part = named.is_some_and(|named| {
        let own = urls::revocation_list_urls(certificate);
        !own.is_empty() && !named.iter().any(|url| own.contains(url))
    });
    let is_of_others = point.indirect_crl
        || point.only_contains_attribute_certs
        || point.only_some_reasons.is_some()
        || (point.only_contains_ca_certs && !is_issuers)
        || (point.only_contains_user_certs && is_issuers)
        || is_other_part;
    if is_of_others { Err("a revocation list is of other certificates than this".to_owned()) } else { Ok(()) }
}
