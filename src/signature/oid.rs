//! Object identifiers of what signatures are made of, by the names that their standards give them.

use der::asn1::ObjectIdentifier as Oid;

const fn oid(dotted: &str) -> Oid {
    Oid::new_unwrap(dotted)
}

// RFC 5652: contents and attributes of CMS.
pub(super) const DATA: Oid = oid("1.2.840.113549.1.7.1");
pub(super) const SIGNED_DATA: Oid = oid("1.2.840.113549.1.7.2");
pub(super) const TST_INFO: Oid = oid("1.2.840.113549.1.9.16.1.4");
pub(super) const CONTENT_TYPE: Oid = oid("1.2.840.113549.1.9.3");
pub(super) const MESSAGE_DIGEST: Oid = oid("1.2.840.113549.1.9.4");
pub(super) const ALGORITHM_PROTECTION: Oid = oid("1.2.840.113549.1.9.52");
pub(super) const SIGNING_CERTIFICATE: Oid = oid("1.2.840.113549.1.9.16.2.12");
pub(super) const SIGNING_CERTIFICATE_V2: Oid = oid("1.2.840.113549.1.9.16.2.47");
pub(super) const TIME_STAMP_TOKEN: Oid = oid("1.2.840.113549.1.9.16.2.14");

// Digests.
pub(super) const MD5: Oid = oid("1.2.840.113549.2.5");
pub(super) const SHA1: Oid = oid("1.3.14.3.2.26");
pub(super) const SHA256: Oid = oid("2.16.840.1.101.3.4.2.1");
pub(super) const SHA384: Oid = oid("2.16.840.1.101.3.4.2.2");
pub(super) const SHA512: Oid = oid("2.16.840.1.101.3.4.2.3");

// Keys.
pub(super) const RSA: Oid = oid("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: Oid = oid("1.2.840.113549.1.1.10");
pub(super) const EC: Oid = oid("1.2.840.10045.2.1");
pub(super) const P256: Oid = oid("1.2.840.10045.3.1.7");
pub(super) const P384: Oid = oid("1.3.132.0.34");
pub(super) const P521: Oid = oid("1.3.132.0.35");
pub(super) const DSA: Oid = oid("1.2.840.10040.4.1");
pub(super) const ED25519: Oid = oid("1.3.101.112");
pub(super) const ED448: Oid = oid("1.3.101.113");

// Signatures.
pub(super) const MGF1: Oid = oid("1.2.840.113549.1.1.8");
pub(super) const RSA_MD5: Oid = oid("1.2.840.113549.1.1.4");
pub(super) const RSA_SHA1: Oid = oid("1.2.840.113549.1.1.5");
pub(super) const RSA_SHA256: Oid = oid("1.2.840.113549.1.1.11");
pub(super) const RSA_SHA384: Oid = oid("1.2.840.113549.1.1.12");
pub(super) const RSA_SHA512: Oid = oid("1.2.840.113549.1.1.13");
pub(super) const ECDSA_SHA1: Oid = oid("1.2.840.10045.4.1");
pub(super) const ECDSA_SHA256: Oid = oid("1.2.840.10045.4.3.2");
pub(super) const ECDSA_SHA384: Oid = oid("1.2.840.10045.4.3.3");
pub(super) const ECDSA_SHA512: Oid = oid("1.2.840.10045.4.3.4");

// RFC 5280: extensions of certificates and lists.
pub(super) const SUBJECT_KEY_IDENTIFIER: Oid = oid("2.5.29.14");
pub(super) const KEY_USAGE: Oid = oid("2.5.29.15");
pub(super) const SUBJECT_ALTERNATIVE_NAME: Oid = oid("2.5.29.17");
pub(super) const BASIC_CONSTRAINTS: Oid = oid("2.5.29.19");
pub(super) const NAME_CONSTRAINTS: Oid = oid("2.5.29.30");
pub(super) const CERTIFICATE_POLICIES: Oid = oid("2.5.29.32");
pub(super) const AUTHORITY_KEY_IDENTIFIER: Oid = oid("2.5.29.35");
pub(super) const EXTENDED_KEY_USAGE: Oid = oid("2.5.29.37");
pub(super) const ISSUING_DISTRIBUTION_POINT: Oid = oid("2.5.29.28");
pub(super) const DELTA_CRL_INDICATOR: Oid = oid("2.5.29.27");
pub(super) const CRL_DISTRIBUTION_POINTS: Oid = oid("2.5.29.31");
pub(super) const AUTHORITY_INFORMATION: Oid = oid("1.3.6.1.5.5.7.1.1");
pub(super) const CRL_REASON: Oid = oid("2.5.29.21");
pub(super) const AD_OCSP: Oid = oid("1.3.6.1.5.5.7.48.1");
pub(super) const AD_CA_ISSUERS: Oid = oid("1.3.6.1.5.5.7.48.2");
pub(super) const OCSP_NO_CHECK: Oid = oid("1.3.6.1.5.5.7.48.1.5");
pub(super) const OCSP_BASIC: Oid = oid("1.3.6.1.5.5.7.48.1.1");

// Purposes of keys.
pub(super) const ANY_PURPOSE: Oid = oid("2.5.29.37.0");
pub(super) const EMAIL_PROTECTION: Oid = oid("1.3.6.1.5.5.7.3.4");
pub(super) const TIME_STAMPING: Oid = oid("1.3.6.1.5.5.7.3.8");
pub(super) const OCSP_SIGNING: Oid = oid("1.3.6.1.5.5.7.3.9");
/// RFC 9336.
pub(super) const DOCUMENT_SIGNING: Oid = oid("1.3.6.1.5.5.7.3.36");
/// Adobe's own, from before RFC 9336.
pub(super) const ADOBE_AUTHENTIC_DOCUMENTS: Oid = oid("1.2.840.113583.1.1.5");
/// Microsoft's own, from before RFC 9336.
pub(super) const MICROSOFT_DOCUMENT_SIGNING: Oid = oid("1.3.6.1.4.1.311.10.3.12");

// X.520: what names are made of.
pub(super) const COMMON_NAME: Oid = oid("2.5.4.3");
pub(super) const ORGANISATION: Oid = oid("2.5.4.10");
