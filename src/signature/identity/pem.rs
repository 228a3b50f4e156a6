//! PEM: certificates and a key in a text file.

use super::key::PrivateKey;
use super::pkcs12::wrong_passphrase;
use crate::signature::SignatureError;
use crate::signature::certificate::Certificate;
use crate::signature::certificate::pem::{Block, blocks};
use der::{Any, Decode as _, Encode as _, Sequence, asn1::OctetString};
use pkcs5::EncryptionScheme;
use zeroize::Zeroizing;

/// `EncryptedPrivateKeyInfo` of RFC 5208.
#[derive(Sequence)]
struct EncryptedKey {
    scheme: Any,
    octets: OctetString,
}

pub(super) fn read(
    file: &[u8],
    passphrase: Option<&str>,
) -> Result<(PrivateKey, Vec<Certificate>), SignatureError> {
    let blocks = blocks(file)?;
    let certificates = blocks.iter().filter(|block| block.label == "CERTIFICATE");
    let certificates =
        certificates.map(|block| Certificate::from_der(&block.der)).collect::<Result<Vec<_>, _>>()?;
    let keys: Vec<&Block> = blocks.iter().filter(|block| is_key(block)).collect();
    match keys.as_slice() {
        [block] => Ok((key(block, passphrase)?, certificates)),
        [] => Err(SignatureError::new("there is no private key in the PEM file")
            .hint("put both into one file: cat certificate.pem key.pem > identity.pem")),
        several => {
            Err(SignatureError::new(format!("there are {} private keys in the PEM file", several.len()))
                .hint("leave the one that is to sign"))
        }
    }
}

pub(super) fn is_encrypted(file: &[u8]) -> Result<bool, SignatureError> {
    Ok(blocks(file)?.iter().any(|block| block.label == "ENCRYPTED PRIVATE KEY"))
}

fn is_key(block: &Block) -> bool {
    block.label.ends_with("PRIVATE KEY")
}

fn key(block: &Block, passphrase: Option<&str>) -> Result<PrivateKey, SignatureError> {
    if block.has_headers {
        return Err(SignatureError::new(
            "the private key is encrypted in an old way that OpenSSL has given up",
        )
        .hint("convert it: openssl pkcs8 -topk8 -in KEY.pem -out NEW.pem"));
    }
    match block.label.as_str() {
        "PRIVATE KEY" => PrivateKey::from_pkcs8(&block.der),
        "EC PRIVATE KEY" => Ok(PrivateKey::Ec(block.der.clone())),
        "RSA PRIVATE KEY" => Ok(PrivateKey::Rsa(block.der.clone())),
        "ENCRYPTED PRIVATE KEY" => {
            let passphrase = passphrase.ok_or_else(|| {
                SignatureError::new("the private key is encrypted").hint("give the passphrase of the file")
            })?;
            PrivateKey::from_pkcs8(&decrypted(&block.der, passphrase)?)
        }
        other => Err(SignatureError::new(format!("a block {other} cannot be read"))
            .hint("convert it: openssl pkcs8 -topk8 -in KEY.pem -out NEW.pem")),
    }
}

fn decrypted(der: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, SignatureError> {
    let damaged =
        |_| SignatureError::new("the encrypted private key is damaged").hint("export the key again");
    let encrypted = EncryptedKey::from_der(der).map_err(damaged)?;
    let scheme = encrypted.scheme.to_der().map_err(damaged)?;
    let scheme = EncryptionScheme::try_from(scheme.as_slice()).ok().filter(|scheme| scheme.pbes2().is_some());
    let scheme = scheme.ok_or_else(|| {
        SignatureError::new("the private key is encrypted in a way that is not supported")
            .hint("convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY.pem -out NEW.pem")
    })?;
    let key = scheme.decrypt(passphrase, encrypted.octets.as_bytes()).map_err(|_| wrong_passphrase())?;
    Ok(Zeroizing::new(key))
}
