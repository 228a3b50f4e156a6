use super::*;
use crate::signature::identity::{self, SoftwareIdentity, TestAlgorithm, TestPerson};
use crate::signature::oid;
use crate::signature::signer::Signer;
use crate::signature::testing::{self, FIRST_DAY, Stamper, authority};
use ::cms::content_info::CmsVersion;
use der::Decode as _;
use der::asn1::SetOfVec;
use signed_data::SignedData;

const CONTENT: &[u8] = b"what was signed";

fn signer(algorithm: TestAlgorithm) -> SoftwareIdentity {
    let person = TestPerson { name: "Dr A. Name", id: None };
    authority().identity(person, algorithm, FIRST_DAY).unwrap()
}

fn rsa() -> SoftwareIdentity {
    let file = include_bytes!("../../../tests/data/identities/rsa.p12");
    identity::open(file, Some("test passphrase")).unwrap()
}

fn signed(signer: &dyn Signer) -> Vec<u8> {
    let digest = signer.algorithm().digest().digest(&[CONTENT]);
    sign(signer, &digest, None).unwrap()
}

/// Takes a signature apart, changes it and puts it together again.
fn changed(signature: &[u8], change: impl FnOnce(&mut SignedData)) -> Vec<u8> {
    let mut data = SignedData::from_der(signature).unwrap();
    change(&mut data);
    data.to_content_info().unwrap()
}

#[test]
fn each_kind_of_key_signs_and_the_content_may_come_in_pieces() {
    let identities: [(&dyn Signer, &str); 3] = [
        (&signer(TestAlgorithm::P256), "ECDSA P-256 with SHA-256"),
        (&signer(TestAlgorithm::P384), "ECDSA P-384 with SHA-384"),
        (&rsa(), "RSA 3072 bits with SHA-256"),
    ];
    for (signer, with) in identities {
        let verified = verify(&signed(signer), &[b"what was", b"", b" signed"]).unwrap();
        assert!(verified.is_intact(), "{:?}", verified.checks);
        assert_eq!(verified.algorithm.as_deref(), Some(with));
        assert_eq!(verified.signer, signer.chain()[0]);
        assert_eq!(verified.certificates.len(), 2);
        assert!(verified.time_stamp.is_none());
        assert!(verified.checks.iter().all(|check| check.outcome == Outcome::Holds), "{:?}", verified.checks);
    }
}

#[test]
fn another_content_is_told_from_a_broken_signature() {
    let verified = verify(&signed(&signer(TestAlgorithm::P256)), &[b"what was Signed"]).unwrap();
    assert!(!verified.is_intact());
    assert_eq!(verified.outcome(Checked::Value), Some(&Outcome::Holds));
    assert_eq!(
        verified.failures(),
        ["the content was changed after it was signed: its digest is another one"]
    );
}

#[test]
fn only_zeros_may_stand_behind_a_signature() {
    let mut hole = signed(&signer(TestAlgorithm::P256));
    hole.extend([0; 100]);
    assert!(verify(&hole, &[CONTENT]).unwrap().is_intact());
    hole.push(1);
    let error = verify(&hole, &[CONTENT]).unwrap_err();
    assert!(error.what.contains("behind the signature"), "{error}");
}

#[test]
fn every_octet_of_a_signature_counts() {
    let whole = signed(&signer(TestAlgorithm::P256));
    for place in 0..whole.len() {
        for bit in [0x01, 0x20, 0x80] {
            let mut flipped = whole.clone();
            flipped[place] ^= bit;
            if let Ok(verified) = verify(&flipped, &[CONTENT]) {
                let is_clean = verified.checks.iter().all(|check| check.objection().is_none());
                assert!(!verified.is_intact() || !is_clean, "octet {place}, bit {bit:02x}");
            }
        }
    }
}

#[test]
fn a_signature_that_is_cut_is_no_signature() {
    let whole = signed(&signer(TestAlgorithm::P256));
    for length in 0..whole.len() {
        assert!(verify(&whole[..length], &[CONTENT]).is_err(), "{length}");
    }
}

#[test]
fn the_signature_of_several_or_of_nobody_is_refused() {
    let (one, other) = (signed(&signer(TestAlgorithm::P256)), signed(&signer(TestAlgorithm::P384)));
    let other = SignedData::from_der(&other).unwrap();
    let both = changed(&one, |data| data.signers.insert(other.signers.get(0).unwrap().clone()).unwrap());
    assert!(verify(&both, &[CONTENT]).unwrap_err().what.contains("2 signers"));
    let nobody = changed(&one, |data| data.signers = SetOfVec::new());
    assert!(verify(&nobody, &[CONTENT]).unwrap_err().what.contains("no signer"));
}

#[test]
fn a_content_of_its_own_is_refused() {
    let signer = signer(TestAlgorithm::P256);
    let carried = sign_content(&signer, crate::signature::oid::DATA, CONTENT).unwrap();
    assert!(verify(&carried, &[CONTENT]).unwrap_err().what.contains("content of its own"));
}

#[test]
fn the_certificate_of_somebody_else_is_not_taken_for_the_signers() {
    let (mine, theirs) = (signer(TestAlgorithm::P256), signer(TestAlgorithm::P256));
    let swapped = changed(&signed(&mine), |data| {
        let theirs = SignedData::from_der(&signed(&theirs)).unwrap();
        data.certificates = theirs.certificates;
        let mut info = data.signers.get(0).unwrap().clone();
        info.sid = theirs.signers.get(0).unwrap().sid.clone();
        data.signers = SetOfVec::try_from(vec![info]).unwrap();
    });
    let verified = verify(&swapped, &[CONTENT]).unwrap();
    assert!(verified.outcome(Checked::Value).unwrap().is_failure());
    assert!(verified.outcome(Checked::SigningCertificate).unwrap().is_failure());
    let without = changed(&signed(&mine), |data| data.certificates = None);
    assert!(verify(&without, &[CONTENT]).unwrap_err().what.contains("not in the signature"));
}

/// Replaces the signed attributes and signs them anew, as somebody would who makes bad signatures.
fn resigned(signer: &dyn Signer, change: impl FnOnce(&mut Vec<x509_cert::attr::Attribute>)) -> CmsSignature {
    use der::Encode as _;
    let bad = changed(&signed(signer), |data| {
        let mut info = data.signers.get(0).unwrap().clone();
        let mut attributes = info.signed_attrs.take().unwrap().into_vec();
        change(&mut attributes);
        let attributes = SetOfVec::try_from(attributes).unwrap();
        let value = signer.sign(&attributes.to_der().unwrap()).unwrap();
        info.signature = der::asn1::OctetString::new(value).unwrap();
        info.signed_attrs = Some(attributes);
        data.signers = SetOfVec::try_from(vec![info]).unwrap();
    });
    let verified = verify(&bad, &[CONTENT]).unwrap();
    assert_eq!(verified.outcome(Checked::Value), Some(&Outcome::Holds), "it was signed anew");
    verified
}

#[test]
fn attributes_that_pades_asks_for_have_to_be_there() {
    use crate::signature::oid;
    let signer = signer(TestAlgorithm::P256);
    for (kind, of) in [
        (oid::CONTENT_TYPE, Checked::ContentType),
        (oid::MESSAGE_DIGEST, Checked::Content),
        (oid::SIGNING_CERTIFICATE_V2, Checked::SigningCertificate),
    ] {
        let verified = resigned(&signer, |attributes| attributes.retain(|attribute| attribute.oid != kind));
        assert!(verified.outcome(of).unwrap().is_failure(), "{of}");
        assert!(!verified.is_intact());
    }
    let verified = resigned(&signer, |attributes| {
        attributes.retain(|attribute| attribute.oid != oid::ALGORITHM_PROTECTION);
    });
    assert_eq!(verified.outcome(Checked::AlgorithmProtection), Some(&Outcome::Absent));
    assert!(verified.is_intact(), "RFC 6211 is not asked for");
}

#[test]
fn attributes_that_say_something_else_do_not_hold() {
    use super::attributes::attribute;
    use crate::signature::oid;
    let signer = signer(TestAlgorithm::P256);
    let replace = |kind, with: x509_cert::attr::Attribute| {
        resigned(&signer, move |attributes| {
            attributes.retain(|attribute| attribute.oid != kind);
            attributes.push(with);
        })
    };
    let kind = replace(oid::CONTENT_TYPE, attribute(oid::CONTENT_TYPE, &oid::TST_INFO).unwrap());
    assert!(kind.outcome(Checked::ContentType).unwrap().is_failure());

    let other = super::attributes::to_sign(
        &rsa().chain()[0],
        crate::signature::SignatureAlgorithm::EcdsaP384Sha384,
        oid::DATA,
        b"",
    );
    let other = other.unwrap();
    let of = |kind| other.iter().find(|attribute| attribute.oid == kind).unwrap().clone();
    let certificate = replace(oid::SIGNING_CERTIFICATE_V2, of(oid::SIGNING_CERTIFICATE_V2));
    assert!(certificate.outcome(Checked::SigningCertificate).unwrap().is_failure());
    let algorithms = replace(oid::ALGORITHM_PROTECTION, of(oid::ALGORITHM_PROTECTION));
    assert!(algorithms.outcome(Checked::AlgorithmProtection).unwrap().is_failure());
    assert!(!algorithms.is_intact());
}

#[test]
fn a_weak_digest_is_named_and_proves_nothing() {
    use crate::signature::oid;
    for (kind, name) in [(oid::SHA1, "SHA-1"), (oid::MD5, "MD5")] {
        let weak = changed(&signed(&rsa()), |data| {
            let mut info = data.signers.get(0).unwrap().clone();
            info.digest_alg.oid = kind;
            info.signature_algorithm.oid = if kind == oid::SHA1 { oid::RSA_SHA1 } else { oid::RSA_MD5 };
            data.signers = SetOfVec::try_from(vec![info]).unwrap();
        });
        let verified = verify(&weak, &[CONTENT]).unwrap();
        for of in [Checked::Content, Checked::Value] {
            let Some(Outcome::Fails(why)) = verified.outcome(of) else { panic!("{of} holds") };
            assert!(why.contains(name) && why.contains("too weak"), "{why}");
        }
        assert!(!verified.is_intact());
    }
}

#[test]
fn what_stands_outside_the_signed_attributes_is_held_to_its_form() {
    let whole = signed(&signer(TestAlgorithm::P256));
    let version = changed(&whole, |data| data.version = CmsVersion::V4);
    assert!(verify(&version, &[CONTENT]).unwrap().outcome(Checked::Form).unwrap().is_failure());
    let unlisted = changed(&whole, |data| data.digest_algorithms = SetOfVec::new());
    assert!(verify(&unlisted, &[CONTENT]).unwrap().outcome(Checked::Form).unwrap().is_failure());
}

#[test]
fn a_certificate_that_belongs_to_nobody_is_said() {
    let whole = signed(&signer(TestAlgorithm::P256));
    let stray = changed(&whole, |data| {
        let stray = der::Any::encode_from(&x509(&rsa().chain()[0])).unwrap();
        data.certificates.as_mut().unwrap().insert(stray).unwrap();
    });
    let verified = verify(&stray, &[CONTENT]).unwrap();
    assert!(verified.is_intact(), "it does no harm");
    assert!(
        matches!(verified.outcome(Checked::Certificates), Some(Outcome::Unknown(why)) if why.contains("TEST rsa"))
    );
}

fn x509(certificate: &crate::signature::Certificate) -> x509_cert::Certificate {
    use der::Decode as _;
    x509_cert::Certificate::from_der(certificate.der()).unwrap()
}

#[test]
fn a_time_stamp_says_when_and_is_over_the_value() {
    let authority = authority();
    let stamper = Stamper::new(&authority, "2026-03-01T12:00:00Z");
    let signer = signer(TestAlgorithm::P256);
    let digest = signer.algorithm().digest().digest(&[CONTENT]);
    let with_time = sign(&signer, &digest, Some(&stamper)).unwrap();
    assert_eq!(stamper.asked.get(), 1);
    let verified = verify(&with_time, &[CONTENT]).unwrap();
    assert!(verified.is_intact());
    let stamp = verified.time_stamp.unwrap().unwrap();
    assert_eq!(stamp.time, testing::at("2026-03-01T12:00:00Z"));
    assert_eq!(stamp.policy, "1.2.3.4.1");
    assert_eq!(stamp.signer.holder(), "TEST Time-stamping authority");

    let other = SignedData::from_der(&sign(&signer, &digest, Some(&stamper)).unwrap()).unwrap();
    let transplanted = changed(&with_time, |data| {
        let mut info = data.signers.get(0).unwrap().clone();
        info.unsigned_attrs = other.signers.get(0).unwrap().unsigned_attrs.clone();
        data.signers = SetOfVec::try_from(vec![info]).unwrap();
    });
    let verified = verify(&transplanted, &[CONTENT]).unwrap();
    assert!(verified.time_stamp.unwrap().unwrap_err().what.contains("over something else"));
}

/// Each certificate may have to be held against each other.
#[test]
fn a_signature_carries_no_crowd_of_certificates() {
    let crowd = |count: usize| {
        let crowded = changed(&signed(&signer(TestAlgorithm::P256)), |data| {
            let more = (0..count).map(|_| der::Any::from_der(authority().certificate().der()).unwrap());
            let all = data.certificates.take().unwrap().into_vec().into_iter().chain(more);
            data.certificates = Some(SetOfVec::try_from(all.collect::<Vec<_>>()).unwrap());
        });
        verify(&crowded, &[CONTENT]).map(drop)
    };
    assert!(crowd(3).is_ok());
    assert!(crowd(31).unwrap_err().what.contains("carries 33 certificates"));
}

#[test]
fn a_key_for_pss_alone_makes_no_other_signatures() {
    use crate::signature::algorithm::{AlgorithmFault, check_value, signature_identifier};
    let rsa = rsa();
    let value = rsa.sign(CONTENT).unwrap();
    let mut key = x509(&rsa.chain()[0]).tbs_certificate.subject_public_key_info;
    let algorithm = signature_identifier(rsa.algorithm());
    assert!(check_value(&key, &algorithm, None, CONTENT, &value).is_ok());
    key.algorithm = spki::AlgorithmIdentifierOwned { oid: oid::RSA_PSS, parameters: None };
    let refused = check_value(&key, &algorithm, None, CONTENT, &value);
    assert!(matches!(refused, Err(AlgorithmFault::Unsupported(_))), "{refused:?}");
}
