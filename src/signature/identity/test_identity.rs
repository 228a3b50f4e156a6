//! TEST identities: a certification authority of one's own, and people's certificates by it.
//!
//! They are to try signing with, and say so wherever a name is shown: `O=TEST ONLY - not a legal identity`. Several
//! people share one authority, so a report that all of them sign has one trust anchor.

use super::{SoftwareIdentity, pkcs12};
use crate::signature::SignatureError;
use crate::signature::certificate::{Certificate, TEST_ORGANISATION};
use jiff::ToSpan as _;
use jiff::civil::Date;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
};
use std::fmt;
use zeroize::Zeroizing;

const AUTHORITY: &str = "TEST Signing CA";
/// An authority outlives those whom it names.
const YEARS_OF_AUTHORITY: i64 = 10;
const YEARS_OF_PERSON: i64 = 3;
/// `id-kp-documentSigning` (RFC 9336). Some readers know `emailProtection` alone, so certificates have both.
const DOCUMENT_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 36];

/// The kinds of keys that can be made here. RSA keys cannot; `openssl` makes those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestAlgorithm {
    P256,
    P384,
}

/// Whom a TEST certificate names.
#[derive(Debug, Clone, Copy)]
pub struct TestPerson<'a> {
    /// Such as `Dr A. Name`; the certificate says `TEST Dr A. Name`.
    pub name: &'a str,
    /// Their id in the case, if it is to stand in the certificate.
    pub id: Option<&'a str>,
}

/// A TEST certification authority.
pub struct TestAuthority {
    certificate: Certificate,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for TestAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestAuthority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl TestAuthority {
    /// A new one, valid from this day on.
    pub fn new(from: Date) -> Result<Self, SignatureError> {
        let mut parameters = parameters(named(AUTHORITY), from, YEARS_OF_AUTHORITY)?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        let certificate = parameters.self_signed(&key).map_err(failed)?;
        Ok(Self {
            certificate: Certificate::from_der(certificate.der())?,
            pkcs8: Zeroizing::new(key.serialize_der()),
        })
    }

    /// One that was written before. Any other identity is refused: nobody's real key issues TEST certificates.
    pub fn open(file: &[u8], passphrase: &str) -> Result<Self, SignatureError> {
        let archive = p12_keystore::Pkcs12Archive::from_pkcs12(file, passphrase);
        let pkcs8 = archive
            .ok()
            .and_then(|archive| archive.keys.first().map(|bag| Zeroizing::new(bag.key.as_der().to_vec())));
        let identity = super::open(file, Some(passphrase))?;
        match (identity.chain.first(), pkcs8) {
            (Some(certificate), Some(pkcs8))
                if certificate.is_test() && certificate.holder() == AUTHORITY =>
            {
                Ok(Self { certificate: certificate.clone(), pkcs8 })
            }
            _ => Err(SignatureError::new("the file holds no TEST certification authority").hint(
                "name the *-ca.p12 file that `cscr identity new` wrote, or leave it out to make a new one",
            )),
        }
    }

    /// Its certificate, the trust anchor.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The authority as PKCS#12, to issue more with later.
    pub fn to_pkcs12(&self, passphrase: &str) -> Result<Vec<u8>, SignatureError> {
        pkcs12::write(AUTHORITY, &self.pkcs8, &[&self.certificate], passphrase)
    }

    /// Makes a key and a certificate for a person, valid from this day on, as PKCS#12.
    pub fn issue(
        &self,
        person: TestPerson<'_>,
        algorithm: TestAlgorithm,
        from: Date,
        passphrase: &str,
    ) -> Result<Vec<u8>, SignatureError> {
        let (key, certificate) = self.certify(person, algorithm, from)?;
        pkcs12::write(person.name, &key, &[&certificate, &self.certificate], passphrase)
    }

    /// Makes a key and a certificate for a person, valid from this day on, to sign with at once.
    pub fn identity(
        &self,
        person: TestPerson<'_>,
        algorithm: TestAlgorithm,
        from: Date,
    ) -> Result<SoftwareIdentity, SignatureError> {
        let (key, certificate) = self.certify(person, algorithm, from)?;
        let key = super::key::PrivateKey::from_pkcs8(&key)?;
        SoftwareIdentity::new(key, &[certificate, self.certificate.clone()])
    }

    fn certify(
        &self,
        person: TestPerson<'_>,
        algorithm: TestAlgorithm,
        from: Date,
    ) -> Result<(Zeroizing<Vec<u8>>, Certificate), SignatureError> {
        let kind = match algorithm {
            TestAlgorithm::P256 => &PKCS_ECDSA_P256_SHA256,
            TestAlgorithm::P384 => &PKCS_ECDSA_P384_SHA384,
        };
        let key = KeyPair::generate_for(kind).map_err(failed)?;
        let certificate =
            person_parameters(person, from)?.signed_by(&key, &self.issuer()?).map_err(failed)?;
        Ok((Zeroizing::new(key.serialize_der()), Certificate::from_der(certificate.der())?))
    }

    /// Its name and key, to sign other certificates and revocation lists with, as tests need them.
    pub fn issuer(&self) -> Result<Issuer<'static, KeyPair>, SignatureError> {
        let key = KeyPair::try_from(self.pkcs8.as_slice()).map_err(failed)?;
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name = named(AUTHORITY);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Ok(Issuer::new(parameters, key))
    }
}

/// What a person's certificate says.
fn person_parameters(person: TestPerson<'_>, from: Date) -> Result<CertificateParams, SignatureError> {
    if person.name.trim().is_empty() {
        return Err(
            SignatureError::new("a person has no name").hint("give the name that is to stand in the report")
        );
    }
    let mut name = named(&format!("TEST {}", person.name.trim()));
    if let Some(id) = person.id {
        name.push(DnType::OrganizationalUnitName, format!("id {id}"));
    }
    let mut parameters = parameters(name, from, YEARS_OF_PERSON)?;
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    parameters.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec()),
        ExtendedKeyUsagePurpose::EmailProtection,
    ];
    Ok(parameters)
}

fn named(name: &str) -> DistinguishedName {
    let mut whole = DistinguishedName::new();
    whole.push(DnType::CountryName, "GB");
    whole.push(DnType::OrganizationName, TEST_ORGANISATION);
    whole.push(DnType::CommonName, name);
    whole
}

fn parameters(name: DistinguishedName, from: Date, years: i64) -> Result<CertificateParams, SignatureError> {
    let until = from
        .checked_add(years.years())
        .map_err(|_| SignatureError::new("no certificate is valid for so long"))?;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name;
    parameters.not_before =
        rcgen::date_time_ymd(from.year().into(), from.month().unsigned_abs(), from.day().unsigned_abs());
    parameters.not_after =
        rcgen::date_time_ymd(until.year().into(), until.month().unsigned_abs(), until.day().unsigned_abs());
    parameters.use_authority_key_identifier_extension = true;
    Ok(parameters)
}

/// Says nothing of keys: the errors of `rcgen` are passed over.
fn failed(_: rcgen::Error) -> SignatureError {
    SignatureError::new("a TEST certificate could not be made")
}
