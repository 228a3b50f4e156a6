//! Signatures that OpenSSL made (`tests/data/cms/make.sh`), and ours before OpenSSL.

use super::{Checked, CmsSignature, Outcome, sign, verify};
use crate::signature::identity::{self, TestAlgorithm, TestPerson};
use crate::signature::signer::Signer;
use crate::signature::testing::{FIRST_DAY, authority};
use crate::signature::timestamp;
use std::path::Path;
use std::process::Command;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/data/cms/", $name)).as_slice()
    };
}

const CONTENT: &[u8] = b"content that OpenSSL signed\n";

fn read(signature: &[u8]) -> CmsSignature {
    verify(signature, &[CONTENT]).unwrap()
}

#[test]
fn what_openssl_signs_holds() {
    let files: [(&[u8], &str, &str); 6] = [
        (file!("rsa.der"), "RSA 3072 bits with SHA-512", "TEST rsa"),
        (file!("rsa-pss-sha256.der"), "RSA 3072 bits, PSS with SHA-256", "TEST rsa"),
        (file!("rsa-pss-sha384.der"), "RSA 3072 bits, PSS with SHA-384", "TEST rsa"),
        (file!("rsa-pss-sha512.der"), "RSA 3072 bits, PSS with SHA-512", "TEST rsa"),
        (file!("p256-sha384.der"), "ECDSA P-256 with SHA-384", "TEST p256"),
        (file!("key-id.der"), "RSA 3072 bits with SHA-256", "TEST rsa"),
    ];
    for (file, with, holder) in files {
        let signature = read(file);
        assert!(signature.is_intact(), "{with}: {:?}", signature.checks);
        assert_eq!(signature.algorithm.as_deref(), Some(with));
        assert_eq!(signature.signer.holder(), holder);
        let changed = verify(file, &[CONTENT, b"x"]).unwrap();
        assert!(!changed.is_intact());
    }
}

#[test]
fn what_cannot_be_checked_is_told_from_what_is_wrong() {
    for (file, what) in [
        (file!("rsa-pss-long-salt.der"), "RSA-PSS with unusual parameters"),
        (file!("p256-sha512.der"), "ECDSA P-256 with SHA-512"),
    ] {
        let signature = read(file);
        let Some(Outcome::Unknown(why)) = signature.outcome(Checked::Value) else { panic!("{what}") };
        assert!(why.contains(what), "{why}");
        assert!(signature.failures().is_empty() && !signature.is_intact());
    }
}

#[test]
fn what_is_no_pades_is_told() {
    let plain = read(file!("not-cades.der"));
    assert_eq!(plain.failures(), ["the signed attributes do not name the signer's certificate"]);
    let weak = read(file!("sha1.der"));
    assert!(weak.failures().iter().any(|why| why.contains("SHA-1 is too weak")), "{:?}", weak.checks);
    assert!(verify(file!("embedded.der"), &[CONTENT]).unwrap_err().what.contains("content of its own"));
}

#[test]
fn what_openssl_time_stamps_holds() {
    for token in [file!("token-sha1.der"), file!("token-sha256.der")] {
        let stamp = timestamp::verify(token, &[CONTENT]).unwrap();
        assert_eq!((stamp.signer.holder().as_str(), stamp.policy.as_str()), ("TEST TSA", "1.2.3.4.1"));
        assert!(timestamp::verify(token, &[b"something else"]).is_err());
    }
}

/// Calls OpenSSL in a folder: whether it was content, and what it said.
fn openssl(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[ignore = "needs the openssl command"]
fn openssl_verifies_what_is_signed_here() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, octets: &[u8]| std::fs::write(folder.path().join(name), octets).unwrap();
    let authority = authority();
    let person = TestPerson { name: "Dr A. Name", id: None };
    let rsa = include_bytes!("../../../tests/data/identities/rsa.p12");
    let signers: [Box<dyn Signer>; 3] = [
        Box::new(authority.identity(person, TestAlgorithm::P256, FIRST_DAY).unwrap()),
        Box::new(authority.identity(person, TestAlgorithm::P384, FIRST_DAY).unwrap()),
        Box::new(identity::open(rsa, Some("test passphrase")).unwrap()),
    ];
    write("content", CONTENT);
    for signer in signers {
        let digest = signer.algorithm().digest().digest(&[CONTENT]);
        write("signature.der", &sign(signer.as_ref(), &digest, None).unwrap());
        write("ca.pem", signer.chain().last().unwrap().to_pem().as_bytes());
        let arguments = "cms -verify -cades -binary -inform DER -in signature.der -content content -CAfile ca.pem -purpose any -no_check_time -out out";
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let (is_good, words) = openssl(folder.path(), &arguments);
        assert!(is_good, "{words}");
        write("content", b"something else");
        let (is_good, _) = openssl(folder.path(), &arguments);
        assert!(!is_good, "the test would prove nothing");
        write("content", CONTENT);
    }
}

#[test]
#[ignore = "needs the openssl command"]
fn openssl_opens_the_identities_that_are_made_here() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority();
    let person = TestPerson { name: "Dr A. Name", id: None };
    let file = authority.issue(person, TestAlgorithm::P384, FIRST_DAY, "a phrase").unwrap();
    std::fs::write(folder.path().join("identity.p12"), file).unwrap();
    let with = |passphrase| {
        let passphrase = format!("pass:{passphrase}");
        openssl(folder.path(), &["pkcs12", "-in", "identity.p12", "-noout", "-passin", &passphrase])
    };
    let (is_opened, words) = with("a phrase");
    assert!(is_opened, "{words}");
    assert!(!with("another").0);
}
