//! Which algorithms are accepted, how they are written down, and whether a signature's value is right.
//!
//! A value is checked by the key of a certificate and by what the signature says of itself. What is too weak to prove
//! anything (MD5, SHA-1, RSA below 2048 bits) is named, and told from what is merely not supported and from a value
//! that is wrong: only the last says that somebody changed something.

use super::oid;
use super::signer::{DigestAlgorithm, SignatureAlgorithm};
use der::asn1::{Any, Null, ObjectIdentifier, Uint};
use der::{Decode as _, Encode as _, Sequence};
use ring::signature::{self as check, UnparsedPublicKey, VerificationAlgorithm};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use std::fmt;

/// Why a signature's value was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgorithmFault {
    /// It can be forged: MD5, SHA-1, a short RSA key.
    Weak(String),
    /// It may be sound, and cannot be checked here.
    Unsupported(String),
    /// The value was not made with this key over these bytes.
    Differs,
}

impl fmt::Display for AlgorithmFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weak(what) => write!(f, "{what} is too weak to prove anything"),
            Self::Unsupported(what) => write!(f, "{what} cannot be checked"),
            Self::Differs => f.write_str("the value of the signature does not fit what was signed"),
        }
    }
}

/// A public key of a certificate, by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    P256,
    P384,
    Rsa { bits: usize },
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::P256 => f.write_str("ECDSA P-256"),
            Self::P384 => f.write_str("ECDSA P-384"),
            Self::Rsa { bits } => write!(f, "RSA {bits} bits"),
        }
    }
}

/// `RSAPublicKey` of RFC 8017.
#[derive(Sequence)]
struct RsaPublicKey {
    modulus: Uint,
    exponent: Uint,
}

/// `RSASSA-PSS-params` of RFC 8017. What is left out stands for SHA-1 and 20 octets of salt.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    digest: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt_length: Option<u32>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u32>,
}

/// How a signature pads, or that it is on a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Ecdsa,
    Pkcs1,
    Pss,
}

impl KeyKind {
    /// The kind of a certificate's key, if it is one that signatures of today may use.
    pub(super) fn of(key: &SubjectPublicKeyInfoOwned) -> Result<Self, AlgorithmFault> {
        match key.algorithm.oid {
            oid::RSA | oid::RSA_PSS => {
                let parsed = RsaPublicKey::from_der(key.subject_public_key.raw_bytes())
                    .map_err(|_| AlgorithmFault::Unsupported("a damaged RSA key".to_owned()))?;
                let bits = bits(parsed.modulus.as_bytes());
                if bits < 2048 {
                    return Err(AlgorithmFault::Weak(format!("RSA of {bits} bits")));
                }
                if bits > 8192 {
                    return Err(AlgorithmFault::Unsupported(format!("RSA of {bits} bits")));
                }
                Ok(Self::Rsa { bits })
            }
            oid::EC => {
                let curve = key.algorithm.parameters.as_ref();
                match curve.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok()) {
                    Some(oid::P256) => Ok(Self::P256),
                    Some(oid::P384) => Ok(Self::P384),
                    Some(oid::P521) => {
                        Err(AlgorithmFault::Unsupported("ECDSA on the curve P-521".to_owned()))
                    }
                    _ => Err(AlgorithmFault::Unsupported(
                        "ECDSA on another curve than P-256 or P-384".to_owned(),
                    )),
                }
            }
            other => Err(AlgorithmFault::Unsupported(key_name(other))),
        }
    }

    /// What a signer with such a key signs with.
    pub(super) fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::EcdsaP256Sha256,
            Self::P384 => SignatureAlgorithm::EcdsaP384Sha384,
            Self::Rsa { .. } => SignatureAlgorithm::RsaPkcs1Sha256,
        }
    }
}

fn bits(modulus: &[u8]) -> usize {
    modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize)
}

/// What people call a kind of key that cannot be used here.
pub(super) fn key_name(algorithm: ObjectIdentifier) -> String {
    match algorithm {
        oid::ED25519 => "a key of the kind Ed25519".to_owned(),
        oid::ED448 => "a key of the kind Ed448".to_owned(),
        oid::DSA => "a key of the kind DSA".to_owned(),
        oid::RSA_PSS => "an RSA key for PSS alone".to_owned(),
        other => format!("a key of the kind {other}"),
    }
}

/// The identifier of a digest, without parameters (RFC 5754).
pub(super) fn digest_identifier(digest: DigestAlgorithm) -> AlgorithmIdentifierOwned {
    let oid = match digest {
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
        DigestAlgorithm::Sha512 => oid::SHA512,
    };
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// The identifier of how a signer signs.
pub(super) fn signature_identifier(algorithm: SignatureAlgorithm) -> AlgorithmIdentifierOwned {
    let (oid, parameters) = match algorithm {
        SignatureAlgorithm::EcdsaP256Sha256 => (oid::ECDSA_SHA256, None),
        SignatureAlgorithm::EcdsaP384Sha384 => (oid::ECDSA_SHA384, None),
        SignatureAlgorithm::RsaPkcs1Sha256 => (oid::RSA_SHA256, Some(Any::from(Null))),
    };
    AlgorithmIdentifierOwned { oid, parameters }
}

/// The digest that an identifier names.
pub(super) fn digest_of(identifier: &AlgorithmIdentifierOwned) -> Result<DigestAlgorithm, AlgorithmFault> {
    if identifier.parameters.as_ref().is_some_and(|parameters| !parameters.is_null()) {
        return Err(AlgorithmFault::Unsupported("a digest with parameters".to_owned()));
    }
    match identifier.oid {
        oid::SHA256 => Ok(DigestAlgorithm::Sha256),
        oid::SHA384 => Ok(DigestAlgorithm::Sha384),
        oid::SHA512 => Ok(DigestAlgorithm::Sha512),
        oid::SHA1 => Err(AlgorithmFault::Weak("SHA-1".to_owned())),
        oid::MD5 => Err(AlgorithmFault::Weak("MD5".to_owned())),
        other => Err(AlgorithmFault::Unsupported(format!("the digest {other}"))),
    }
}

/// Checks a signature's value, and says in words what it was made with: `ECDSA P-256 with SHA-256`.
///
/// `beside` is the digest that a CMS names beside the signature; it counts where the algorithm itself names none
/// (`rsaEncryption`).
pub(super) fn check_value(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    beside: Option<DigestAlgorithm>,
    message: &[u8],
    value: &[u8],
) -> Result<String, AlgorithmFault> {
    let kind = KeyKind::of(key)?;
    let (scheme, digest) = scheme(algorithm, beside)?;
    refuse_other_use(key, scheme, digest)?;
    let words = words(kind, scheme, digest);
    let algorithm =
        verification(kind, scheme, digest).ok_or_else(|| AlgorithmFault::Unsupported(words.clone()))?;
    let bits = key.subject_public_key.as_bytes().ok_or(AlgorithmFault::Differs)?;
    UnparsedPublicKey::new(algorithm, bits).verify(message, value).map_err(|_| AlgorithmFault::Differs)?;
    Ok(words)
}

/// A key that its certificate says is for PSS makes no other signatures, and none with another digest than it names
/// (RFC 4055, 1.2).
fn refuse_other_use(
    key: &SubjectPublicKeyInfoOwned,
    scheme: Scheme,
    digest: DigestAlgorithm,
) -> Result<(), AlgorithmFault> {
    if key.algorithm.oid != oid::RSA_PSS {
        return Ok(());
    }
    let is_other_digest = key.algorithm.parameters.is_some() && pss_digest(&key.algorithm)? != digest;
    if scheme != Scheme::Pss || is_other_digest {
        return Err(AlgorithmFault::Unsupported(
            "a signature by an RSA key that is for another kind".to_owned(),
        ));
    }
    Ok(())
}

fn scheme(
    algorithm: &AlgorithmIdentifierOwned,
    beside: Option<DigestAlgorithm>,
) -> Result<(Scheme, DigestAlgorithm), AlgorithmFault> {
    if algorithm.oid == oid::RSA_PSS {
        return Ok((Scheme::Pss, pss_digest(algorithm)?));
    }
    if algorithm.parameters.as_ref().is_some_and(|parameters| !parameters.is_null()) {
        return Err(AlgorithmFault::Unsupported("a signature algorithm with parameters".to_owned()));
    }
    let weak = |what: &str| Err(AlgorithmFault::Weak(what.to_owned()));
    Ok(match algorithm.oid {
        oid::ECDSA_SHA256 => (Scheme::Ecdsa, DigestAlgorithm::Sha256),
        oid::ECDSA_SHA384 => (Scheme::Ecdsa, DigestAlgorithm::Sha384),
        oid::ECDSA_SHA512 => (Scheme::Ecdsa, DigestAlgorithm::Sha512),
        oid::RSA_SHA256 => (Scheme::Pkcs1, DigestAlgorithm::Sha256),
        oid::RSA_SHA384 => (Scheme::Pkcs1, DigestAlgorithm::Sha384),
        oid::RSA_SHA512 => (Scheme::Pkcs1, DigestAlgorithm::Sha512),
        oid::RSA => match beside {
            Some(digest) => (Scheme::Pkcs1, digest),
            None => return Err(AlgorithmFault::Unsupported("RSA without a digest".to_owned())),
        },
        oid::RSA_MD5 => return weak("RSA with MD5"),
        oid::RSA_SHA1 => return weak("RSA with SHA-1"),
        oid::ECDSA_SHA1 => return weak("ECDSA with SHA-1"),
        other => return Err(AlgorithmFault::Unsupported(format!("the signature algorithm {other}"))),
    })
}

/// The digest of RSASSA-PSS, where mask and salt are the usual ones: the same digest, and as long as it is.
fn pss_digest(algorithm: &AlgorithmIdentifierOwned) -> Result<DigestAlgorithm, AlgorithmFault> {
    let unusual = || AlgorithmFault::Unsupported("RSA-PSS with unusual parameters".to_owned());
    let parameters = algorithm.parameters.as_ref().ok_or_else(unusual)?;
    let parameters =
        PssParameters::from_der(&parameters.to_der().map_err(|_| unusual())?).map_err(|_| unusual())?;
    let Some(digest) = parameters.digest else {
        return Err(AlgorithmFault::Weak("RSA-PSS with SHA-1".to_owned()));
    };
    let digest = digest_of(&digest)?;
    let mask = parameters.mask.filter(|mask| mask.oid == oid::MGF1).ok_or_else(unusual)?;
    let mask = mask.parameters.ok_or_else(unusual)?.to_der().map_err(|_| unusual())?;
    let mask = digest_of(&AlgorithmIdentifierOwned::from_der(&mask).map_err(|_| unusual())?)?;
    let length = digest.digest(&[]).len();
    let is_usual = mask == digest
        && parameters.salt_length.is_some_and(|salt| salt as usize == length)
        && parameters.trailer.is_none_or(|trailer| trailer == 1);
    if is_usual { Ok(digest) } else { Err(unusual()) }
}

fn verification(
    kind: KeyKind,
    scheme: Scheme,
    digest: DigestAlgorithm,
) -> Option<&'static dyn VerificationAlgorithm> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    Some(match (kind, scheme, digest) {
        (KeyKind::P256, Scheme::Ecdsa, Sha256) => &check::ECDSA_P256_SHA256_ASN1,
        (KeyKind::P256, Scheme::Ecdsa, Sha384) => &check::ECDSA_P256_SHA384_ASN1,
        (KeyKind::P384, Scheme::Ecdsa, Sha256) => &check::ECDSA_P384_SHA256_ASN1,
        (KeyKind::P384, Scheme::Ecdsa, Sha384) => &check::ECDSA_P384_SHA384_ASN1,
        (KeyKind::Rsa { .. }, Scheme::Pkcs1, Sha256) => &check::RSA_PKCS1_2048_8192_SHA256,
        (KeyKind::Rsa { .. }, Scheme::Pkcs1, Sha384) => &check::RSA_PKCS1_2048_8192_SHA384,
        (KeyKind::Rsa { .. }, Scheme::Pkcs1, Sha512) => &check::RSA_PKCS1_2048_8192_SHA512,
        (KeyKind::Rsa { .. }, Scheme::Pss, Sha256) => &check::RSA_PSS_2048_8192_SHA256,
        (KeyKind::Rsa { .. }, Scheme::Pss, Sha384) => &check::RSA_PSS_2048_8192_SHA384,
        (KeyKind::Rsa { .. }, Scheme::Pss, Sha512) => &check::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn words(kind: KeyKind, scheme: Scheme, digest: DigestAlgorithm) -> String {
    let scheme = match scheme {
        Scheme::Ecdsa | Scheme::Pkcs1 => "",
        Scheme::Pss => ", PSS",
    };
    format!("{kind}{scheme} with {digest}")
}
