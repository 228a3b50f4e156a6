//! Signing identities whose key lies in a file: PKCS#12 and PEM.
//!
//! [`open`] reads such a file, finds the certificate that the key belongs to, and puts the certificates in order. The
//! key stays in memory as one run of octets that is wiped when the identity is dropped; it is shown in no error, no
//! `Debug` and no log. Copies that the readers of PKCS#12 and of PKCS#8, and `ring` while it signs, make for
//! themselves are theirs: they are freed, and not wiped.

mod key;
mod pem;
mod pkcs12;
mod test_identity;

pub use test_identity::{TestAlgorithm, TestAuthority, TestPerson};

use super::SignatureError;
use super::certificate::{Certificate, pem as armour};
use super::signer::{SignatureAlgorithm, Signer};
use key::PrivateKey;
use std::fmt;

/// A key in a file, with its certificates.
pub struct SoftwareIdentity {
    chain: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
    key: PrivateKey,
}

impl fmt::Debug for SoftwareIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareIdentity").field("chain", &self.chain).finish_non_exhaustive()
    }
}

/// Opens a file with a key and its certificates: PKCS#12 (`.p12`, `.pfx`; AES, and RC2 and 3DES as old versions of
/// OpenSSL wrote it) or PEM (certificates and a key, encrypted or not).
///
/// Without a passphrase, a file that is protected by one is refused.
pub fn open(file: &[u8], passphrase: Option<&str>) -> Result<SoftwareIdentity, SignatureError> {
    let (key, certificates) = if armour::is_pem(file) {
        pem::read(file, passphrase)?
    } else {
        pkcs12::read(file, passphrase.unwrap_or_default())?
    };
    SoftwareIdentity::new(key, &certificates)
}

/// Whether a file needs a passphrase to be opened. PKCS#12 always has one, though it may be empty.
pub fn needs_passphrase(file: &[u8]) -> Result<bool, SignatureError> {
    if armour::is_pem(file) { pem::is_encrypted(file) } else { Ok(true) }
}

impl SoftwareIdentity {
    fn new(key: PrivateKey, certificates: &[Certificate]) -> Result<Self, SignatureError> {
        if certificates.is_empty() {
            return Err(SignatureError::new("the file holds a key and no certificate")
                .hint("put the certificate and those of its issuers into the same file"));
        }
        let own = certificates.iter().find(|certificate| key.belongs_to(certificate));
        let own = own.ok_or_else(|| not_its_key(&key, certificates))?.clone();
        let kind = own.key().map_err(|fault| {
            SignatureError::new(format!("the key cannot be used to sign: {fault}")).hint(KEYS_THAT_SIGN)
        })?;
        if own.is_for_pss_alone() {
            return Err(SignatureError::new(
                "the key cannot be used to sign: it is an RSA key for PSS alone",
            )
            .hint(KEYS_THAT_SIGN));
        }
        Ok(Self { algorithm: kind.signature_algorithm(), chain: ordered(own, certificates), key })
    }
}

const KEYS_THAT_SIGN: &str = "use RSA of 2048 to 4096 bits, ECDSA P-256 or ECDSA P-384";

fn not_its_key(key: &PrivateKey, certificates: &[Certificate]) -> SignatureError {
    // Keys that cannot be used belong to nothing: whether that is so is asked of whom no other certificate is by.
    let is_issuer =
        |one: &Certificate| certificates.iter().any(|other| other != one && other.names_as_issuer(one));
    for certificate in certificates.iter().filter(|certificate| !is_issuer(certificate)) {
        if let Err(fault) = certificate.key() {
            let what = format!("the key of {} cannot be used to sign: {fault}", certificate.holder());
            return SignatureError::new(what).hint(KEYS_THAT_SIGN);
        }
    }
    let holders: Vec<String> = certificates.iter().map(Certificate::holder).collect();
    let what = format!(
        "the key ({}) belongs to none of the certificates in the file: {}",
        key.kind(),
        holders.join(", ")
    );
    SignatureError::new(what).hint("put the key together with the certificate that was issued for it")
}

/// The certificate, its issuer's, the issuer's of that, as far as the file goes. What belongs to none is left out.
fn ordered(own: Certificate, certificates: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![own];
    while let Some(last) = chain.last()
        && !last.is_self_signed()
    {
        let issuer = certificates.iter().find(|candidate| {
            last.names_as_issuer(candidate)
                && !chain.contains(candidate)
                && last.is_signed_by(candidate).is_ok()
        });
        match issuer {
            Some(issuer) => chain.push(issuer.clone()),
            None => break,
        }
    }
    chain
}

impl Signer for SoftwareIdentity {
    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.key.sign(&self.chain[0], message)
    }
}

#[cfg(test)]
mod tests;
