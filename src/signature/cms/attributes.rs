//! Attributes of a signature: what is signed beside the content.
//!
//! Of CAdES: the kind of content, its digest, the signer's certificate by its hash (RFC 5035) and the algorithms (RFC
//! 6211). No signing-time: in PAdES the time is in the PDF's signature dictionary, and one that counts is a
//! time-stamp.

use crate::signature::algorithm::{AlgorithmFault, digest_identifier, digest_of, signature_identifier};
use crate::signature::certificate::Certificate;
use crate::signature::signer::{DigestAlgorithm, SignatureAlgorithm};
use crate::signature::{SignatureError, oid};
use cms::signed_data::{SignedAttributes, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode as _, DecodeValue, Encode, FixedTag, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::serial_number::SerialNumber;

/// `IssuerSerial` of RFC 5035.
#[derive(Debug, Sequence)]
struct IssuerSerial {
    issuer: Vec<GeneralName>,
    serial: SerialNumber,
}

/// `ESSCertIDv2` of RFC 5035; without an algorithm, the hash is SHA-256.
#[derive(Debug, Sequence)]
struct CertificateIdV2 {
    #[asn1(optional = "true")]
    digest: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<IssuerSerial>,
}

#[derive(Debug, Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<CertificateIdV2>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// `ESSCertID` of RFC 2634, whose hash is SHA-1. Many time-stamping authorities still write it.
#[derive(Debug, Sequence)]
struct CertificateId {
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<IssuerSerial>,
}

#[derive(Debug, Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// `CMSAlgorithmProtection` of RFC 6211.
#[derive(Debug, Sequence)]
struct AlgorithmProtection {
    digest: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    signature: Option<AlgorithmIdentifierOwned>,
}

/// The attributes that a signer signs.
pub(super) fn to_sign(
    certificate: &Certificate,
    algorithm: SignatureAlgorithm,
    content_type: ObjectIdentifier,
    digest: &[u8],
) -> der::Result<SignedAttributes> {
    SetOfVec::try_from(vec![
        attribute(oid::CONTENT_TYPE, &content_type)?,
        attribute(oid::MESSAGE_DIGEST, &OctetString::new(digest)?)?,
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate(certificate)?)?,
        attribute(
            oid::ALGORITHM_PROTECTION,
            &AlgorithmProtection {
                digest: digest_identifier(algorithm.digest()),
                signature: Some(signature_identifier(algorithm)),
            },
        )?,
    ])
}

fn signing_certificate(certificate: &Certificate) -> der::Result<SigningCertificateV2> {
    let id = CertificateIdV2 {
        digest: None,
        hash: OctetString::new(DigestAlgorithm::Sha256.digest(&[certificate.der()]))?,
        issuer_serial: Some(IssuerSerial {
            issuer: vec![GeneralName::DirectoryName(certificate.body().issuer.clone())],
            serial: certificate.body().serial_number.clone(),
        }),
    };
    Ok(SigningCertificateV2 { certificates: vec![id], policies: None })
}

/// An attribute with one value.
pub(super) fn attribute(kind: ObjectIdentifier, value: &impl Encode) -> der::Result<Attribute> {
    Ok(Attribute { oid: kind, values: SetOfVec::try_from(vec![Any::from_der(&value.to_der()?)?])? })
}

/// The one value of the one attribute of this kind; `None` if there is no such attribute.
pub(super) fn value(
    attributes: Option<&Attributes>,
    kind: ObjectIdentifier,
) -> Result<Option<&Any>, SignatureError> {
    let mut found =
        attributes.into_iter().flat_map(|set| set.iter()).filter(|attribute| attribute.oid == kind);
    let Some(attribute) = found.next() else { return Ok(None) };
    match (attribute.values.as_slice(), found.next()) {
        ([value], None) => Ok(Some(value)),
        _ => Err(SignatureError::new(format!("the signature has the attribute {kind} more than once"))),
    }
}

fn decoded<'a, T>(
    attributes: Option<&'a Attributes>,
    kind: ObjectIdentifier,
    name: &str,
) -> Result<Option<T>, String>
where
    T: DecodeValue<'a> + FixedTag,
{
    let value = value(attributes, kind).map_err(|error| error.what)?;
    value
        .map(|value| value.decode_as().map_err(|_| format!("the attribute {name} cannot be read")))
        .transpose()
}

/// Whether the attributes name this kind of content.
pub(super) fn check_content_type(signer: &SignerInfo, expected: ObjectIdentifier) -> Result<(), String> {
    match decoded::<ObjectIdentifier>(signer.signed_attrs.as_ref(), oid::CONTENT_TYPE, "content-type")? {
        Some(named) if named == expected => Ok(()),
        Some(_) => Err("the signed attributes name another kind of content".to_owned()),
        None => Err("the signed attributes name no kind of content".to_owned()),
    }
}

/// Whether the content is the one whose digest is signed.
pub(super) fn check_content(signer: &SignerInfo, digest: &[u8]) -> Result<(), String> {
    match decoded::<OctetString>(signer.signed_attrs.as_ref(), oid::MESSAGE_DIGEST, "message-digest")? {
        Some(named) if named.as_bytes() == digest => Ok(()),
        Some(_) => Err("the content was changed after it was signed: its digest is another one".to_owned()),
        None => Err("the signed attributes hold no digest of the content".to_owned()),
    }
}

/// Why a signing certificate is not held to its name.
pub(super) enum CertificateFault {
    Absent,
    /// The signature names it by SHA-1 alone, which can be forged.
    Weak,
    Wrong(String),
}

/// Whether the attributes name this certificate as the signer's, by its hash.
pub(super) fn check_signing_certificate(
    signer: &SignerInfo,
    certificate: &Certificate,
) -> Result<(), CertificateFault> {
    let attributes = signer.signed_attrs.as_ref();
    let named: Option<SigningCertificateV2> =
        decoded(attributes, oid::SIGNING_CERTIFICATE_V2, "signing-certificate-v2")
            .map_err(CertificateFault::Wrong)?;
    if let Some(named) = named {
        return match named.certificates.first() {
            Some(id) => check_id(id, certificate).map_err(CertificateFault::Wrong),
            None => Err(CertificateFault::Wrong("the attribute signing-certificate-v2 is empty".to_owned())),
        };
    }
    let named: Option<SigningCertificate> =
        decoded(attributes, oid::SIGNING_CERTIFICATE, "signing-certificate")
            .map_err(CertificateFault::Wrong)?;
    let Some(named) = named else { return Err(CertificateFault::Absent) };
    let id = named.certificates.first();
    let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate.der());
    let is_named = id.is_some_and(|id| {
        id.hash.as_bytes() == sha1.as_ref() && is_issuer_serial(id.issuer_serial.as_ref(), certificate)
    });
    if is_named { Err(CertificateFault::Weak) } else { Err(CertificateFault::Wrong(ANOTHER.to_owned())) }
}

const ANOTHER: &str = "the signed attributes name another certificate than the one that came along";

fn check_id(id: &CertificateIdV2, certificate: &Certificate) -> Result<(), String> {
    let digest = id.digest.as_ref().map_or(Ok(DigestAlgorithm::Sha256), digest_of);
    let digest = digest
        .map_err(|fault: AlgorithmFault| format!("the signing certificate is named by a hash: {fault}"))?;
    let is_named = id.hash.as_bytes() == digest.digest(&[certificate.der()])
        && is_issuer_serial(id.issuer_serial.as_ref(), certificate);
    if is_named { Ok(()) } else { Err(ANOTHER.to_owned()) }
}

fn is_issuer_serial(named: Option<&IssuerSerial>, certificate: &Certificate) -> bool {
    named.is_none_or(|named| {
        let is_issuer = matches!(named.issuer.as_slice(),
            [GeneralName::DirectoryName(name)] if *name == certificate.body().issuer);
        is_issuer && named.serial == certificate.body().serial_number
    })
}

/// Whether the attributes name the algorithms that are named outside them; `None` if they name none.
pub(super) fn check_algorithm_protection(signer: &SignerInfo) -> Option<Result<(), String>> {
    let named = decoded::<AlgorithmProtection>(
        signer.signed_attrs.as_ref(),
        oid::ALGORITHM_PROTECTION,
        "algorithm protection",
    );
    let named = match named {
        Ok(named) => named?,
        Err(why) => return Some(Err(why)),
    };
    let is_same =
        named.digest == signer.digest_alg && named.signature.as_ref() == Some(&signer.signature_algorithm);
    Some(if is_same {
        Ok(())
    } else {
        Err("the signature names other algorithms than were signed".to_owned())
    })
}
