//! Certificates: who a key belongs to, who says so, and whether that can be believed.
//!
//! A certificate is kept as it was written, because that is what its issuer signed. [`path()`] looks for the way from one
//! to somebody who is trusted.

mod name;
mod path;
pub(super) mod pem;
mod usage;

pub use path::{Path, PathEnd, Validity, path};
pub use usage::Purpose;

use super::algorithm::{self, AlgorithmFault, KeyKind};
use super::signer::DigestAlgorithm;
use super::{SignatureError, oid, raw};
use der::asn1::{BitString, ObjectIdentifier};
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use std::fmt;
use x509_cert::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::time::Time;

/// The organisation that stands in every TEST certificate of `cscr identity new`.
pub const TEST_ORGANISATION: &str = "TEST ONLY - not a legal identity";

/// A certificate as it was written, and what it says. Equal if written alike.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} by {}, {})", self.subject(), self.issuer(), self.serial())
    }
}

impl Certificate {
    /// Reads one certificate in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, SignatureError> {
        let parsed = x509_cert::Certificate::from_der(der)
            .map_err(|error| SignatureError::new(format!("a certificate cannot be read: {error}")))?;
        if parsed.signature_algorithm != parsed.tbs_certificate.signature {
            return Err(SignatureError::new(
                "a certificate names two different algorithms for its signature",
            ));
        }
        Ok(Self { der: der.to_vec(), parsed })
    }

    /// Reads the certificates of a file: PEM with one or more of them, or one in DER.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, SignatureError> {
        if !pem::is_pem(file) {
            let own = Self::from_der(file).map_err(|error| no_certificate(file, error))?;
            return Ok(vec![own]);
        }
        let blocks = pem::blocks(file)?;
        let certificates = blocks.iter().filter(|block| block.label == "CERTIFICATE");
        let certificates =
            certificates.map(|block| Self::from_der(&block.der)).collect::<Result<Vec<_>, _>>()?;
        if certificates.is_empty() {
            return Err(SignatureError::new("there is no certificate in the file")
                .hint("name a file with -----BEGIN CERTIFICATE----- in it"));
        }
        Ok(certificates)
    }

    /// The certificate in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate in PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::write("CERTIFICATE", &self.der)
    }

    /// Whom it names: `CN=Dr A. Name, O=Example NHS Trust, C=GB`.
    #[must_use]
    pub fn subject(&self) -> String {
        name::words(&self.body().subject)
    }

    /// Who says so, likewise.
    #[must_use]
    pub fn issuer(&self) -> String {
        name::words(&self.body().issuer)
    }

    /// The common name of the subject, or the whole of its name where it has none.
    #[must_use]
    pub fn holder(&self) -> String {
        name::attribute(&self.body().subject, oid::COMMON_NAME).unwrap_or_else(|| self.subject())
    }

    /// The organisation of the subject.
    #[must_use]
    pub fn organisation(&self) -> Option<String> {
        name::attribute(&self.body().subject, oid::ORGANISATION)
    }

    /// Whether it says of itself that it is for tests, as those of `cscr identity new` do.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.organisation().is_some_and(|organisation| organisation.starts_with("TEST ONLY"))
    }

    /// Serial number, in hexadecimal.
    #[must_use]
    pub fn serial(&self) -> String {
        hexadecimal(self.body().serial_number.as_bytes())
    }

    /// SHA-256 of the certificate, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hexadecimal(&DigestAlgorithm::Sha256.digest(&[&self.der]))
    }

    /// The first moment at which it is valid.
    #[must_use]
    pub fn valid_from(&self) -> Timestamp {
        moment(self.body().validity.not_before)
    }

    /// The last moment at which it is valid.
    #[must_use]
    pub fn valid_until(&self) -> Timestamp {
        moment(self.body().validity.not_after)
    }

    /// Whether it is valid at this moment, whatever else is to say about it.
    #[must_use]
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        self.valid_from() <= time && time <= self.valid_until()
    }

    /// The kind of its key, if signatures of that kind can be checked here.
    pub fn key(&self) -> Result<KeyKind, AlgorithmFault> {
        KeyKind::of(&self.body().subject_public_key_info)
    }

    /// Whether its key makes signatures of RSASSA-PSS and no others.
    pub(super) fn is_for_pss_alone(&self) -> bool {
        self.body().subject_public_key_info.algorithm.oid == oid::RSA_PSS
    }

    /// Whether subject and issuer are one, and its own key signed it.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.names_as_issuer(self) && self.is_signed_by(self).is_ok()
    }

    /// Whether its issuer has the name that the other has.
    pub(super) fn names_as_issuer(&self, other: &Self) -> bool {
        name::same(&self.body().issuer, &other.body().subject)
    }

    /// Whether the other's key made the signature under it.
    pub(super) fn is_signed_by(&self, issuer: &Self) -> Result<(), AlgorithmFault> {
        let tbs = raw::first_element(&self.der).map_err(|_| AlgorithmFault::Differs)?;
        issuer.check_bits(&self.parsed.signature_algorithm, tbs, &self.parsed.signature)
    }

    /// Checks a value that this certificate's key is said to have made over a certificate, a list or an answer.
    pub(super) fn check_bits(
        &self,
        algorithm: &spki::AlgorithmIdentifierOwned,
        message: &[u8],
        value: &BitString,
    ) -> Result<(), AlgorithmFault> {
        let value = value.as_bytes().ok_or(AlgorithmFault::Differs)?;
        algorithm::check_value(&self.body().subject_public_key_info, algorithm, None, message, value)
            .map(drop)
    }

    /// Its public key, as its kind writes it. Two certificates with the same have one key.
    pub(super) fn public_key(&self) -> &[u8] {
        self.body().subject_public_key_info.subject_public_key.raw_bytes()
    }

    /// What is signed in it.
    pub(super) fn body(&self) -> &TbsCertificate {
        &self.parsed.tbs_certificate
    }

    /// The extensions, in the order in which they stand.
    pub(super) fn extensions(&self) -> &[Extension] {
        self.body().extensions.as_deref().unwrap_or_default()
    }

    /// The one extension of this kind: `None` if there is none, an error if there are two.
    pub(super) fn extension(&self, kind: ObjectIdentifier) -> Result<Option<&Extension>, SignatureError> {
        let mut found = self.extensions().iter().filter(|extension| extension.extn_id == kind);
        let first = found.next();
        if found.next().is_some() {
            return Err(SignatureError::new(format!(
                "the certificate of {} has an extension twice",
                self.holder()
            )));
        }
        Ok(first)
    }

    /// The octets of the name of its subject, as they stand.
    pub(super) fn subject_der(&self) -> Vec<u8> {
        self.body().subject.to_der().unwrap_or_default()
    }
}

/// Somebody who is asked for a certificate may well give the file that holds their key.
fn no_certificate(file: &[u8], error: SignatureError) -> SignatureError {
    let error = if is_pkcs12(file) {
        SignatureError::new("this is a key with its certificates (PKCS#12) and no certificate")
    } else {
        error
    };
    error.hint("name the certificate (.pem, .crt or .cer) of the authority; `cscr identity new` writes that of a TEST authority beside its key")
}

/// A PKCS#12 file begins with its version, which is 3, where a certificate has what is signed of it.
fn is_pkcs12(file: &[u8]) -> bool {
    let Ok((_, length)) = der::SliceReader::new(file).and_then(|mut reader| {
        let header = der::Header::decode(&mut reader)?;
        Ok((header.tag, header.length))
    }) else {
        return false;
    };
    let Some(body) = usize::try_from(length).ok().and_then(|length| file.len().checked_sub(length)) else {
        return false;
    };
    file[body..].starts_with(&[0x02, 0x01, 0x03])
}

/// Whether two names mean the same.
pub(super) fn is_same_name(one: &x509_cert::name::Name, other: &x509_cert::name::Name) -> bool {
    name::same(one, other)
}

/// What speaks against a certificate as that of somebody who does this, whoever issued it.
pub(super) fn objections(certificate: &Certificate, purpose: Purpose) -> Vec<String> {
    usage::objections_to_signer(certificate, purpose)
}

/// Whether an issuer's key may sign revocation lists.
pub(super) fn may_sign_lists(issuer: &Certificate) -> Result<(), String> {
    match usage::key_usage(issuer) {
        Ok(Some(usage)) if !usage.crl_sign() => {
            Err(format!("the key of {} is not one for revocation lists (key usage)", issuer.holder()))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(error.what),
    }
}

/// A time of X.509 as a moment. All of them are from 1970 to 9999.
pub(super) fn moment(time: Time) -> Timestamp {
    instant(time.to_unix_duration())
}

/// A moment so long after the start of 1970.
pub(super) fn instant(since_1970: std::time::Duration) -> Timestamp {
    i64::try_from(since_1970.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
