//! PKCS#12: the file that browsers, smartcard offices and OpenSSL hand out.

use super::key::PrivateKey;
use crate::signature::SignatureError;
use crate::signature::certificate::Certificate;
use p12_keystore::error::Error;
use p12_keystore::{KeyStore, KeyStoreEntry, LocalKeyId, Pkcs12Archive, PrivateKeyChain};

pub(super) fn read(file: &[u8], passphrase: &str) -> Result<(PrivateKey, Vec<Certificate>), SignatureError> {
    if file.first() != Some(&0x30) {
        return Err(SignatureError::new("the file is neither PKCS#12 nor PEM")
            .hint("name a .p12 or .pfx file, or a .pem file with certificates and a key"));
    }
    let archive = Pkcs12Archive::from_pkcs12(file, passphrase).map_err(|error| in_words(&error))?;
    let certificates = archive.certs.iter().map(|bag| Certificate::from_der(bag.cert.as_der()));
    let certificates = certificates.collect::<Result<Vec<_>, _>>()?;
    match archive.keys.as_slice() {
        [bag] => Ok((PrivateKey::from_pkcs8(bag.key.as_der())?, certificates)),
        [] => Err(SignatureError::new("the PKCS#12 file holds no private key")
            .hint("export the certificate again, together with its private key")),
        several => Err(SignatureError::new(format!("the PKCS#12 file holds {} private keys", several.len()))
            .hint("export one of them into a file of its own")),
    }
}

/// What went wrong, without anything that the file holds.
fn in_words(error: &Error) -> SignatureError {
    let unsupported = || {
        SignatureError::new("the PKCS#12 file is protected in a way that is not supported").hint(
            "write it again: openssl pkcs12 -in OLD.p12 -nodes -out all.pem, then openssl pkcs12 -export -in all.pem \
             -out NEW.p12, and remove all.pem",
        )
    };
    match error {
        // A file without a checksum shows a wrong passphrase by nonsense.
        Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError => wrong_passphrase(),
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm | Error::InvalidParameters => {
            unsupported()
        }
        _ => SignatureError::new("the PKCS#12 file is damaged, or something else than PKCS#12")
            .hint("export the certificate and its key again"),
    }
}

pub(super) fn wrong_passphrase() -> SignatureError {
    SignatureError::new("the passphrase is wrong").hint("give the passphrase that the file was exported with")
}

/// Writes a key and its certificates, protected with AES-256.
pub(super) fn write(
    name: &str,
    pkcs8: &[u8],
    chain: &[&Certificate],
    passphrase: &str,
) -> Result<Vec<u8>, SignatureError> {
    let failed = |_| SignatureError::new("the identity could not be written as PKCS#12");
    let key = p12_keystore::PrivateKey::from_der(pkcs8).map_err(failed)?;
    let certificates = chain.iter().map(|certificate| p12_keystore::Certificate::from_der(certificate.der()));
    let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut store = KeyStore::new();
    let id = LocalKeyId::from(name);
    store.add_entry(name, KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id, key, certificates)));
    store.writer(passphrase).write().map_err(failed)
}
