use super::*;
use crate::signature::testing::FIRST_DAY;
use crate::signature::{algorithm, testing};
use spki::AlgorithmIdentifierOwned;

const PASSPHRASE: &str = "test passphrase";

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/data/identities/", $name)).as_slice()
    };
}

/// Signs something, and checks it with the key of the first certificate.
fn signs(identity: &SoftwareIdentity) -> String {
    let value = identity.sign(b"message").unwrap();
    let identifier: AlgorithmIdentifierOwned = algorithm::signature_identifier(identity.algorithm());
    let key = &identity.chain()[0].body().subject_public_key_info;
    algorithm::check_value(key, &identifier, None, b"message", &value).unwrap()
}

fn refusal(file: &[u8], passphrase: Option<&str>) -> SignatureError {
    open(file, passphrase).expect_err("the file is refused")
}

#[test]
fn files_that_openssl_made_sign() {
    let files: [(&str, &[u8], &str); 9] = [
        ("rsa.p12", file!("rsa.p12"), "RSA 3072 bits with SHA-256"),
        ("rsa-legacy.p12", file!("rsa-legacy.p12"), "RSA 3072 bits with SHA-256"),
        ("p256.p12", file!("p256.p12"), "ECDSA P-256 with SHA-256"),
        ("p384-legacy.p12", file!("p384-legacy.p12"), "ECDSA P-384 with SHA-384"),
        ("p256.pem", file!("p256.pem"), "ECDSA P-256 with SHA-256"),
        ("p256-sec1.pem", file!("p256-sec1.pem"), "ECDSA P-256 with SHA-256"),
        ("rsa-pkcs1.pem", file!("rsa-pkcs1.pem"), "RSA 3072 bits with SHA-256"),
        ("p384-encrypted.pem", file!("p384-encrypted.pem"), "ECDSA P-384 with SHA-384"),
        ("rsa-scrypt.pem", file!("rsa-scrypt.pem"), "RSA 3072 bits with SHA-256"),
    ];
    for (name, file, with) in files {
        let identity = open(file, Some(PASSPHRASE)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(signs(&identity), with, "{name}");
        let holders: Vec<String> = identity.chain().iter().map(Certificate::holder).collect();
        assert_eq!(holders.len(), 2, "{name}: {holders:?}");
        assert_eq!(holders[1], "TEST RSA CA", "{name}");
        assert!(identity.chain()[1].is_self_signed(), "{name}");
    }
}

#[test]
fn a_file_says_whether_it_needs_a_passphrase() {
    assert!(needs_passphrase(file!("rsa.p12")).unwrap());
    assert!(needs_passphrase(file!("p384-encrypted.pem")).unwrap());
    assert!(!needs_passphrase(file!("p256.pem")).unwrap());
}

#[test]
fn what_cannot_sign_is_told_with_what_to_do() {
    let wrong = "the passphrase is wrong";
    let refused: [(&str, &[u8], Option<&str>, &str); 15] = [
        ("wrong", file!("rsa.p12"), Some("another"), wrong),
        ("wrong, old", file!("rsa-legacy.p12"), Some("another"), wrong),
        ("none", file!("p256.p12"), None, wrong),
        ("wrong, PEM", file!("p384-encrypted.pem"), Some("another"), wrong),
        ("none, PEM", file!("p384-encrypted.pem"), None, "the private key is encrypted"),
        ("short", file!("rsa-1024.p12"), Some(PASSPHRASE), "RSA of 1024 bits is too weak"),
        ("P-521", file!("p521.p12"), Some(PASSPHRASE), "the curve P-521"),
        ("Ed25519", file!("ed25519.p12"), Some(PASSPHRASE), "the kind Ed25519"),
        ("no key", file!("no-key.p12"), Some(PASSPHRASE), "holds no private key"),
        ("PBES1", file!("pbe1.pem"), Some(PASSPHRASE), "encrypted in a way that is not supported"),
        ("headers", file!("old-encrypted.pem"), Some(PASSPHRASE), "an old way that OpenSSL has given up"),
        (
            "mismatch",
            file!("mismatch.pem"),
            None,
            "belongs to none of the certificates in the file: TEST p256",
        ),
        ("no certificate", file!("key-only.pem"), None, "a key and no certificate"),
        ("no key, PEM", file!("ca.pem"), None, "no private key in the PEM file"),
        ("text", b"hello", None, "neither PKCS#12 nor PEM"),
    ];
    for (name, file, passphrase, expected) in refused {
        let error = refusal(file, passphrase);
        assert!(error.what.contains(expected), "{name}: {error}");
        assert!(error.hint.is_some(), "{name}: {error}");
    }
}

#[test]
fn a_file_that_is_cut_or_changed_is_refused_without_a_panic() {
    let whole = file!("p256.p12");
    for length in (0..whole.len()).step_by(97) {
        refusal(&whole[..length], Some(PASSPHRASE));
    }
    let mut changed = 0;
    for place in (0..whole.len()).step_by(211) {
        let mut file = whole.to_vec();
        file[place] ^= 0x55;
        changed += usize::from(open(&file, Some(PASSPHRASE)).is_err());
    }
    assert!(changed > 8, "{changed}");
}

#[test]
fn a_key_is_shown_nowhere() {
    let authority = testing::authority();
    let person = TestPerson { name: "Dr A. Name", id: None };
    let identity = authority.identity(person, TestAlgorithm::P256, FIRST_DAY).unwrap();
    let key::PrivateKey::Ec(octets) = &identity.key else { panic!("a P-256 key") };
    let shown = format!("{identity:?} {authority:?}");
    assert!(shown.contains("TEST Dr A. Name"), "{shown}");
    assert!(!holds(shown.as_bytes(), octets), "{shown}");

    // A key that is damaged somewhere is quoted in no error.
    let pem = std::str::from_utf8(file!("p256.pem")).unwrap();
    let start = pem.find("-----BEGIN PRIVATE KEY-----").unwrap() + 28;
    let secret = &pem[start..start + 170];
    let mut refused = 0;
    for place in start..start + 170 {
        let mut damaged = pem.as_bytes().to_vec();
        damaged[place] = if damaged[place] == b'A' { b'B' } else { b'A' };
        let Err(error) = open(&damaged, None) else { continue };
        let shown = format!("{error} {error:?}");
        assert!(
            secret.as_bytes().windows(8).all(|run| !shown.as_bytes().windows(8).any(|part| part == run)),
            "{shown}"
        );
        refused += 1;
    }
    assert!(refused > 60, "{refused}");
    let error = refusal(file!("rsa.p12"), Some("a secret phrase"));
    assert!(!format!("{error} {error:?}").contains("a secret phrase"));
}

/// Whether a text holds any eight octets of a key, as they are, in hexadecimal or as a list of numbers.
fn holds(shown: &[u8], key: &[u8]) -> bool {
    key.windows(8).any(|run| {
        let hexadecimal = crate::signature::certificate::hexadecimal(run);
        let list = run.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        [run, hexadecimal.as_bytes(), list.as_bytes()]
            .iter()
            .any(|form| shown.windows(form.len()).any(|part| part == *form))
    })
}

#[test]
fn a_test_identity_says_so_and_several_share_one_authority() {
    let authority = testing::authority();
    let file = authority.to_pkcs12("one").unwrap();
    let again = TestAuthority::open(&file, "one").unwrap();
    assert_eq!(again.certificate(), authority.certificate());
    for (algorithm, with) in
        [(TestAlgorithm::P256, "ECDSA P-256 with SHA-256"), (TestAlgorithm::P384, "ECDSA P-384 with SHA-384")]
    {
        let person = TestPerson { name: "Dr Zoë Ünlü", id: Some("zoe") };
        let file = again.issue(person, algorithm, FIRST_DAY, "two").unwrap();
        let identity = open(&file, Some("two")).unwrap();
        assert_eq!(signs(&identity), with);
        let certificate = &identity.chain()[0];
        assert_eq!(certificate.holder(), "TEST Dr Zoë Ünlü");
        assert_eq!(
            certificate.subject(),
            "OU=id zoe, CN=TEST Dr Zoë Ünlü, O=TEST ONLY - not a legal identity, C=GB"
        );
        assert!(certificate.is_test());
        assert_eq!(certificate.valid_from(), testing::at("2026-01-01T00:00:00Z"));
        assert_eq!(certificate.valid_until(), testing::at("2029-01-01T00:00:00Z"));
        assert_eq!(identity.chain()[1], *authority.certificate());
        assert_eq!(certificate.is_signed_by(authority.certificate()), Ok(()));
    }
}

#[test]
fn only_a_test_authority_issues_test_identities() {
    let authority = testing::authority();
    let person = TestPerson { name: "Dr A. Name", id: None };
    let file = authority.issue(person, TestAlgorithm::P256, FIRST_DAY, "x").unwrap();
    for (file, passphrase) in [(file.as_slice(), "x"), (file!("p256.p12"), PASSPHRASE)] {
        let error = TestAuthority::open(file, passphrase).unwrap_err();
        assert!(error.what.contains("no TEST certification authority"), "{error}");
    }
    assert!(
        TestAuthority::open(&authority.to_pkcs12("x").unwrap(), "y").unwrap_err().what.contains("passphrase")
    );
    let nobody = TestPerson { name: " ", id: None };
    assert!(authority.issue(nobody, TestAlgorithm::P256, FIRST_DAY, "x").is_err());
}
