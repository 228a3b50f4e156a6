//! Who signs: a key and its certificates, wherever the key lies.

use super::SignatureError;
use super::certificate::Certificate;
use ring::digest;
use std::fmt;

/// A hash function that signatures of today may use (ETSI TS 119 312).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl DigestAlgorithm {
    /// The digest of these pieces as if they stood in one.
    #[must_use]
    pub fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        for piece in pieces {
            context.update(piece);
        }
        context.finish().as_ref().to_vec()
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// How a signer signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    EcdsaP256Sha256,
    EcdsaP384Sha384,
    /// RSASSA-PKCS1-v1_5 with keys of 2048 bits and more.
    RsaPkcs1Sha256,
}

impl SignatureAlgorithm {
    /// The hash function that goes with it.
    #[must_use]
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaP384Sha384 => DigestAlgorithm::Sha384,
            Self::EcdsaP256Sha256 | Self::RsaPkcs1Sha256 => DigestAlgorithm::Sha256,
        }
    }
}

/// A signing identity: a key in a file, on a card or with a remote service.
///
/// A key in a file is [`super::identity::SoftwareIdentity`]. What else could stand behind this:
///
/// - *A smartcard* (PKCS#11): the chain is read from the card. A mechanism that hashes (`CKM_SHA256_RSA_PKCS`) takes
///   the message as it is; one that does not (`CKM_ECDSA`) takes `self.algorithm().digest().digest(&[message])`, and
///   its two numbers are put into an `ECDSA-Sig-Value`. The reader asks for the PIN.
/// - *A remote service* (CSC API and the like): `sign` sends the same digest and waits for the value. The message is a
///   few hundred octets and says nothing of the document but its digest, so no content leaves the machine.
pub trait Signer {
    /// The certificates, that of the signer first and each followed by its issuer's.
    fn chain(&self) -> &[Certificate];

    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs a message (the DER of the signed attributes), which the signer hashes itself: DER of `ECDSA-Sig-Value` for
    /// ECDSA, the signature's octets for RSA.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError>;
}
