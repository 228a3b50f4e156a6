//! A private key, and what it signs.
//!
//! PKCS#8, SEC 1 and PKCS#1 wrap the same two structures, `ECPrivateKey` and `RSAPrivateKey`; one of these is kept. A
//! curve is not taken from the key but from the certificate, with the public key: many programs leave them out of
//! the former, and `ring` holds the two against each other.

use crate::signature::algorithm::{KeyKind, key_name};
use crate::signature::certificate::Certificate;
use crate::signature::{SignatureError, oid};
use der::asn1::OctetStringRef;
use der::{Decode as _, Reader as _, SliceReader};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

/// The octets of a private key. Nothing shows them.
pub(super) enum PrivateKey {
    /// `ECPrivateKey` of RFC 5915.
    Ec(Zeroizing<Vec<u8>>),
    /// `RSAPrivateKey` of RFC 8017.
    Rsa(Zeroizing<Vec<u8>>),
}

enum Pair {
    Ec(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

impl PrivateKey {
    /// Reads `PrivateKeyInfo` (RFC 5208 and 5958).
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, SignatureError> {
        // The error of a decoder could tell what stands in the key.
        let (algorithm, octets) =
            pkcs8(der).map_err(|_| SignatureError::new("the private key is damaged"))?;
        let octets = Zeroizing::new(octets.to_vec());
        match algorithm {
            oid::EC => Ok(Self::Ec(octets)),
            oid::RSA => Ok(Self::Rsa(octets)),
            other => Err(SignatureError::new(format!(
                "the file holds {}, which cannot sign here",
                key_name(other)
            ))
            .hint(super::KEYS_THAT_SIGN)),
        }
    }

    /// What it is called.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Ec(_) => "ECDSA",
            Self::Rsa(_) => "RSA",
        }
    }

    /// Whether this is the key that the certificate was issued for.
    pub(super) fn belongs_to(&self, certificate: &Certificate) -> bool {
        self.pair(certificate).is_some()
    }

    /// Signs a message as the kind of the certificate's key has it.
    pub(super) fn sign(&self, certificate: &Certificate, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let failed = || SignatureError::new("the key could not sign");
        let random = SystemRandom::new();
        match self.pair(certificate).ok_or_else(failed)? {
            Pair::Ec(pair) => Ok(pair.sign(&random, message).map_err(|_| failed())?.as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut value = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut value).map_err(|_| failed())?;
                Ok(value)
            }
        }
    }

    /// The key as `ring` signs with it, if it is the certificate's.
    fn pair(&self, certificate: &Certificate) -> Option<Pair> {
        let public = certificate.body().subject_public_key_info.subject_public_key.raw_bytes();
        match (self, certificate.key().ok()?) {
            (Self::Ec(octets), kind @ (KeyKind::P256 | KeyKind::P384)) => {
                let (algorithm, length) = match kind {
                    KeyKind::P256 => (&ECDSA_P256_SHA256_ASN1_SIGNING, 32),
                    _ => (&ECDSA_P384_SHA384_ASN1_SIGNING, 48),
                };
                let number = padded(scalar(octets).ok()?, length)?;
                EcdsaKeyPair::from_private_key_and_public_key(
                    algorithm,
                    &number,
                    public,
                    &SystemRandom::new(),
                )
                .ok()
                .map(|pair| Pair::Ec(Box::new(pair)))
            }
            (Self::Rsa(octets), KeyKind::Rsa { .. }) => RsaKeyPair::from_der(octets)
                .ok()
                .filter(|pair| pair.public().as_ref() == public)
                .map(|pair| Pair::Rsa(Box::new(pair))),
            _ => None,
        }
    }
}

fn pkcs8(der: &[u8]) -> der::Result<(der::asn1::ObjectIdentifier, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    reader.decode::<der::Header>()?;
    reader.decode::<u8>()?;
    let algorithm: AlgorithmIdentifierRef<'_> = reader.decode()?;
    let octets: OctetStringRef<'_> = reader.decode()?;
    Ok((algorithm.oid, octets.as_bytes()))
}

/// The secret number of `ECPrivateKey`.
fn scalar(der: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    reader.decode::<der::Header>()?;
    reader.decode::<u8>()?;
    Ok(OctetStringRef::decode(&mut reader)?.as_bytes())
}

/// Some programs leave leading zeros away, or put one too many.
fn padded(number: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let significant = number.iter().position(|byte| *byte != 0).map_or(&[][..], |start| &number[start..]);
    let mut whole = Zeroizing::new(vec![0; length]);
    whole.get_mut(length.checked_sub(significant.len())?..)?.copy_from_slice(significant);
    Some(whole)
}
