//! OCSP: asking about one certificate, and reading the answer.

use super::{Evidence, EvidenceKind, Reason, Word, crl, names_octets, sha1};
use crate::signature::algorithm::AlgorithmFault;
use crate::signature::certificate::{Certificate, Purpose, instant, is_same_name, path};
use crate::signature::{SignatureError, oid, raw};
use der::asn1::{Any, BitString, OctetString};
use der::{Decode as _, Encode as _, Sequence};
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, OcspResponseStatus, Request,
    ResponderId, ResponseData, SingleResponse, TbsRequest,
};

/// `BasicOCSPResponse` of RFC 6960, with its certificates as they are written.
#[derive(Sequence)]
struct Basic {
    body: ResponseData,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    certificates: Option<Vec<Any>>,
}

/// A request about a certificate of this issuer, in DER. Without a nonce, so that responders can answer from their
/// store; an answer's time says how old it is.
pub fn request(certificate: &Certificate, issuer: &Certificate) -> Result<Vec<u8>, SignatureError> {
    let failed = |_| SignatureError::new("the question about a certificate could not be written");
    // RFC 5019: responders have their answers by SHA-1.
    let id = CertId {
        hash_algorithm: AlgorithmIdentifierOwned { oid: oid::SHA1, parameters: Some(Any::null()) },
        issuer_name_hash: OctetString::new(sha1(&issuer.subject_der())).map_err(failed)?,
        issuer_key_hash: OctetString::new(sha1(issuer.public_key())).map_err(failed)?,
        serial_number: certificate.body().serial_number.clone(),
    };
    let request = Request { req_cert: id, single_request_extensions: None };
    let body = TbsRequest { request_list: vec![request], ..TbsRequest::default() };
    OcspRequest { tbs_request: body, optional_signature: None }.to_der().map_err(failed)
}

/// What an answer says about a certificate of this issuer. The lists tell whether whoever answers was revoked.
pub(super) fn word(
    answer: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    lists: &[Vec<u8>],
) -> Result<Word, String> {
    let octets = successful(answer)?;
    let unreadable = |_| "an OCSP answer cannot be read".to_owned();
    let basic = Basic::from_der(&octets).map_err(unreadable)?;
    let responses = basic.body.responses.iter();
    let response = responses.into_iter().find(|response| is_about(&response.cert_id, certificate, issuer));
    let response = response.ok_or_else(|| "an OCSP answer is about another certificate".to_owned())?;
    let produced = time(basic.body.produced_at);
    let by = responder(&basic, issuer, produced)?;
    refuse_revoked(&by, issuer, lists, produced)?;
    by.check_bits(&basic.algorithm, raw::first_element(&octets).map_err(unreadable)?, &basic.signature)
        .map_err(|fault| format!("the OCSP answer of {}: {fault}", by.holder()))?;
    check_extensions(&basic.body, response)?;
    said(response, by.holder())
}

fn successful(answer: &[u8]) -> Result<Vec<u8>, String> {
    let outer = OcspResponse::from_der(answer).map_err(|_| "an OCSP answer cannot be read".to_owned())?;
    if outer.response_status != OcspResponseStatus::Successful {
        let words = match outer.response_status {
            OcspResponseStatus::MalformedRequest => "it did not understand the question",
            OcspResponseStatus::InternalError => "it has a failure",
            OcspResponseStatus::TryLater => "it asks to try later",
            OcspResponseStatus::SigRequired => "it wants a signed question",
            _ => "it does not answer us",
        };
        return Err(format!("the OCSP responder gave no answer: {words}"));
    }
    match outer.response_bytes {
        Some(bytes) if bytes.response_type == oid::OCSP_BASIC => Ok(bytes.response.as_bytes().to_vec()),
        _ => Err("an OCSP answer is of a kind that is not known".to_owned()),
    }
}

fn is_about(id: &CertId, certificate: &Certificate, issuer: &Certificate) -> bool {
    id.serial_number == certificate.body().serial_number
        && names_octets(&id.hash_algorithm, id.issuer_name_hash.as_bytes(), &issuer.subject_der())
        && names_octets(&id.hash_algorithm, id.issuer_key_hash.as_bytes(), issuer.public_key())
}

/// Who answered: the issuer itself, or whom it gave a certificate for that (RFC 6960, 4.2.2.2).
fn responder(basic: &Basic, issuer: &Certificate, produced: Timestamp) -> Result<Certificate, String> {
    if is_named(&basic.body.responder_id, issuer) {
        return Ok(issuer.clone());
    }
    let given = basic.certificates.iter().flatten();
    let certificates =
        given.filter_map(|value| value.to_der().ok()).filter_map(|der| Certificate::from_der(&der).ok());
    let mut named = certificates.filter(|certificate| is_named(&basic.body.responder_id, certificate));
    let responder =
        named.next().ok_or_else(|| "the certificate of the OCSP responder is not there".to_owned())?;
    match responder.is_signed_by(issuer) {
        Ok(()) if responder.names_as_issuer(issuer) => {}
        Ok(()) | Err(AlgorithmFault::Differs) => {
            return Err(format!(
                "the OCSP responder {} is not one of {}",
                responder.holder(),
                issuer.holder()
            ));
        }
        Err(fault) => return Err(format!("the certificate of the OCSP responder: {fault}")),
    }
    let judged = path(&responder, &[], std::slice::from_ref(issuer), Purpose::Responding, produced);
    if let Some(objection) = judged.objections.first() {
        return Err(objection.clone());
    }
    if !responder.is_valid_at(produced) {
        return Err(format!(
            "the certificate of the OCSP responder {} was not valid when it answered",
            responder.holder()
        ));
    }
    Ok(responder)
}

/// A responder that was put in charge can lose its key as anybody can, unless its issuer says that this is not to be
/// asked (RFC 6960, 4.2.2.2.1). Where no list speaks of it, nothing is known against it.
fn refuse_revoked(
    responder: &Certificate,
    issuer: &Certificate,
    lists: &[Vec<u8>],
    produced: Timestamp,
) -> Result<(), String> {
    if responder == issuer || matches!(responder.extension(oid::OCSP_NO_CHECK), Ok(Some(_))) {
        return Ok(());
    }
    let words = lists.iter().filter_map(|list| crl::word(list, responder, issuer).ok());
    for word in words {
        if let Word::Revoked { from, reason, .. } = word
            && (from <= produced || !reason.is_some_and(Reason::leaves_the_key_safe))
        {
            return Err(format!(
                "the certificate of the OCSP responder {} was revoked on {from}",
                responder.holder()
            ));
        }
    }
    Ok(())
}

fn is_named(id: &ResponderId, certificate: &Certificate) -> bool {
    match id {
        ResponderId::ByName(name) => is_same_name(name, &certificate.body().subject),
        ResponderId::ByKey(hash) => hash.as_bytes() == sha1(certificate.public_key()),
    }
}

fn check_extensions(body: &ResponseData, response: &SingleResponse) -> Result<(), String> {
    let all = body.response_extensions.iter().flatten().chain(response.single_extensions.iter().flatten());
    match all.into_iter().find(|extension| extension.critical) {
        Some(unknown) => {
            Err(format!("an OCSP answer has a critical extension that is not known: {}", unknown.extn_id))
        }
        None => Ok(()),
    }
}

fn said(response: &SingleResponse, by: String) -> Result<Word, String> {
    let evidence = Evidence {
        kind: EvidenceKind::Ocsp,
        by,
        as_of: time(response.this_update),
        until: response.next_update.map(time),
    };
    match &response.cert_status {
        CertStatus::Good(_) => Ok(Word::Good(evidence)),
        CertStatus::Revoked(revoked) => Ok(Word::Revoked {
            from: time(revoked.revocation_time),
            reason: revoked.revocation_reason.and_then(Reason::of),
            evidence,
        }),
        CertStatus::Unknown(_) => {
            Err(format!("the OCSP responder {} does not know the certificate", evidence.by))
        }
    }
}

fn time(time: OcspGeneralizedTime) -> Timestamp {
    instant(time.0.to_unix_duration())
}
