use super::*;
use crate::signature::identity::{SoftwareIdentity, TestAuthority};
use crate::signature::signer::Signer as _;
use crate::signature::testing::{at, authority, issued, person, purposes};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, IsCa, KeyPair, KeyUsagePurpose,
};

/// Makes a certificate into what it should not be.
type Change = fn(&mut CertificateParams);

const THEN: &str = "2026-06-01T12:00:00Z";

fn certificate(change: impl FnOnce(&mut CertificateParams), by: &TestAuthority) -> Certificate {
    let mut parameters = person();
    change(&mut parameters);
    let identity: SoftwareIdentity = issued(&parameters, by);
    identity.chain()[0].clone()
}

/// The path of a certificate to its authority, which is trusted.
fn judged(change: impl FnOnce(&mut CertificateParams)) -> Path {
    let by = authority();
    let anchors = [by.certificate().clone()];
    path(&certificate(change, &by), &[], &anchors, Purpose::Signing, at(THEN))
}

#[test]
fn a_path_leads_to_an_anchor_that_was_given() {
    let path = judged(|_| {});
    assert!(path.is_trusted(), "{path:?}");
    assert!(path.is_test(), "the authority says so");
    assert_eq!(path.certificates.len(), 2);
}

#[test]
fn an_issuer_that_nobody_trusts_is_told_from_one_that_is_not_there() {
    let by = authority();
    let (own, others) = (certificate(|_| {}, &by), [authority().certificate().clone()]);
    let along = [own.clone(), by.certificate().clone()];
    let self_made = path(&own, &along, &others, Purpose::Signing, at(THEN));
    assert_eq!(self_made.end, PathEnd::SelfMade);
    assert!(self_made.objections.is_empty() && !self_made.is_trusted());
    let missing = path(&own, &[], &others, Purpose::Signing, at(THEN));
    let PathEnd::Missing(name) = &missing.end else { panic!("{missing:?}") };
    assert_eq!(name, "CN=TEST Signing CA, O=TEST ONLY - not a legal identity, C=GB");
}

#[test]
fn validity_is_judged_at_a_moment() {
    let by = authority();
    let own = certificate(|_| {}, &by);
    let anchors = [by.certificate().clone()];
    let validity = |time| path(&own, &[], &anchors, Purpose::Signing, at(time)).validity;
    assert_eq!(validity("2026-01-01T00:00:00Z"), Validity::Valid);
    assert_eq!(validity("2029-01-01T00:00:00Z"), Validity::Valid);
    assert!(matches!(validity("2025-12-31T23:59:59Z"), Validity::NotYet { .. }));
    let Validity::Expired { holder, at: end } = validity("2029-01-01T00:00:01Z") else { panic!("expired") };
    assert_eq!((holder.as_str(), end), ("TEST Dr A. Name", at("2029-01-01T00:00:00Z")));
}

#[test]
fn a_key_is_held_to_what_it_is_for() {
    let allowed: [Change; 5] = [
        |_| {},
        |p| p.key_usages = vec![KeyUsagePurpose::ContentCommitment],
        |p| p.key_usages = vec![],
        |p| p.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.36"], true)],
        |p| p.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"], false)],
    ];
    for change in allowed {
        assert!(judged(change).is_trusted());
    }
    let refused: [(Change, &str); 5] = [
        (|p| p.key_usages = vec![KeyUsagePurpose::KeyEncipherment], "not one for signatures (key usage)"),
        (
            |p| p.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.1"], false)],
            "not for signing documents",
        ),
        (|p| p.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.8"], true)], "not for signing documents"),
        (
            |p| p.custom_extensions = vec![extension(&[1, 2, 3, 4], true)],
            "critical extension that is not known: 1.2.3.4",
        ),
        (
            |p| {
                p.custom_extensions =
                    vec![purposes(&["2.5.29.37.0"], false), purposes(&["2.5.29.37.0"], false)];
            },
            "an extension twice",
        ),
    ];
    for (change, why) in refused {
        let path = judged(change);
        assert!(path.objections.iter().any(|objection| objection.contains(why)), "{why}: {path:?}");
        assert!(!path.is_trusted());
    }
    assert!(judged(|p| p.custom_extensions = vec![extension(&[1, 2, 3, 4], false)]).is_trusted());
}

fn extension(kind: &[u64], is_critical: bool) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(kind, vec![5, 0]);
    extension.set_criticality(is_critical);
    extension
}

#[test]
fn a_person_is_no_responder_and_no_time_stamping_authority() {
    let by = authority();
    let own = certificate(|_| {}, &by);
    for purpose in [Purpose::TimeStamping, Purpose::Responding] {
        let path = path(&own, &[], &[by.certificate().clone()], purpose, at(THEN));
        assert!(path.objections[0].contains("(extended key usage)"), "{path:?}");
    }
}

/// A root, an issuer by it as it is changed, and a person by that issuer.
fn chain(change: impl FnOnce(&mut CertificateParams)) -> [Certificate; 3] {
    let named = |name: &str| {
        let mut parameters = person();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        parameters
    };
    let root = CertifiedIssuer::self_signed(named("Root"), KeyPair::generate().unwrap()).unwrap();
    let mut between = named("Between");
    change(&mut between);
    let between = CertifiedIssuer::signed_by(between, KeyPair::generate().unwrap(), &root).unwrap();
    let own = person().signed_by(&KeyPair::generate().unwrap(), &between).unwrap();
    let read = |der: &[u8]| Certificate::from_der(der).unwrap();
    [read(root.der()), read(between.der()), read(own.der())]
}

fn through(change: impl FnOnce(&mut CertificateParams)) -> Path {
    let [root, between, own] = chain(change);
    path(&own, &[between], &[root], Purpose::Signing, at(THEN))
}

fn restrict_names(parameters: &mut CertificateParams) {
    let permitted = vec![rcgen::GeneralSubtree::Rfc822Name("example.org".to_owned())];
    parameters.name_constraints =
        Some(rcgen::NameConstraints { permitted_subtrees: permitted, excluded_subtrees: vec![] });
}

#[test]
fn issuers_between_are_held_to_what_issuers_are() {
    let whole = through(|_| {});
    assert!(whole.is_trusted(), "{whole:?}");
    assert_eq!(whole.certificates.len(), 3);
    let refused: [(Change, &str); 6] = [
        (|p| p.is_ca = IsCa::ExplicitNoCa, "is no issuer of certificates"),
        (|p| p.is_ca = IsCa::NoCa, "is no issuer of certificates"),
        (|p| p.key_usages = vec![KeyUsagePurpose::CrlSign], "not one for certificates (key usage)"),
        (
            |p| p.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.1"], false)],
            "Between is not for signing documents",
        ),
        (restrict_names, "restricts names, which cannot be checked"),
        (
            |p| p.custom_extensions = vec![extension(&[2, 5, 29, 30], false)],
            "restricts names, which cannot be checked",
        ),
    ];
    for (change, why) in refused {
        let path = through(change);
        assert_eq!(path.end, PathEnd::Anchor, "{why}");
        assert!(path.objections.iter().any(|objection| objection.contains(why)), "{why}: {path:?}");
    }
}

#[test]
fn a_path_is_no_longer_than_an_issuer_allows() {
    let by = authority();
    // The TEST authority allows no issuer below it.
    let between_key = KeyPair::generate().unwrap();
    let mut between = person();
    between.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    between.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let between = CertifiedIssuer::signed_by(between, between_key, &by.issuer().unwrap()).unwrap();
    let mut own = person();
    own.distinguished_name.push(rcgen::DnType::CommonName, "Below");
    let own = own.signed_by(&KeyPair::generate().unwrap(), &between).unwrap();
    let (own, between) =
        (Certificate::from_der(own.der()).unwrap(), Certificate::from_der(between.der()).unwrap());
    let path = path(&own, &[between], &[by.certificate().clone()], Purpose::Signing, at(THEN));
    assert!(path.objections.iter().any(|objection| objection.contains("(path length)")), "{path:?}");
}

#[test]
fn a_certificate_with_the_name_of_the_issuer_and_another_key_is_not_taken() {
    let (mine, theirs) = (authority(), authority());
    let own = certificate(|_| {}, &mine);
    let path = path(&own, &[], &[theirs.certificate().clone()], Purpose::Signing, at(THEN));
    assert!(matches!(path.end, PathEnd::Missing(_)), "{path:?}");
}

#[test]
fn issuers_that_name_each_other_do_not_lead_round_and_round() {
    // Ten certificates for one name and key: every one is an issuer of every other.
    let key = KeyPair::generate().unwrap();
    let mut parameters = person();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = rcgen::Issuer::from_params(&parameters, &key);
    let ring: Vec<Certificate> = (0..10_u64)
        .map(|serial| {
            let mut parameters = parameters.clone();
            parameters.serial_number = Some(rcgen::SerialNumber::from(serial));
            Certificate::from_der(parameters.signed_by(&key, &issuer).unwrap().der()).unwrap()
        })
        .collect();
    let own = person().signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
    let own = Certificate::from_der(own.der()).unwrap();
    assert!(!path(&own, &ring, &[], Purpose::Signing, at(THEN)).is_trusted());
}

#[test]
fn names_are_compared_as_people_write_them() {
    use x509_cert::name::Name;
    let name = |text: &str| text.parse::<Name>().unwrap();
    assert!(is_same_name(&name("CN=Dr A. Name,O=Example  Trust"), &name("CN=dr a. name,O=Example Trust")));
    assert!(!is_same_name(&name("CN=Dr A. Name"), &name("CN=Dr B. Name")));
    assert!(!is_same_name(&name("CN=Dr A. Name"), &name("CN=Dr A. Name,O=Example")));
    assert!(!is_same_name(&name("CN=Example"), &name("O=Example")));
}

#[test]
fn a_name_does_not_steer_a_terminal() {
    let by = authority();
    let own = certificate(|p| p.distinguished_name.push(rcgen::DnType::CommonName, "A\u{1b}[31m\nB"), &by);
    assert_eq!(own.holder(), "A [31m B");
    let turned =
        certificate(|p| p.distinguished_name.push(rcgen::DnType::CommonName, "A\u{202E}B\u{2028}C"), &by);
    assert_eq!(turned.holder(), "A B C");
}

/// A hundred certificates of one name: to hold each against each takes minutes.
#[test]
fn looking_for_an_issuer_has_an_end_and_finds_who_is_trusted_first() {
    let by = authority();
    let many: Vec<Certificate> = (0..150).map(|_| authority().certificate().clone()).collect();
    let own = certificate(|_| {}, &by);
    let anchors = [by.certificate().clone()];
    assert!(path(&own, &many, &anchors, Purpose::Signing, at(THEN)).is_trusted());
    let along: Vec<Certificate> = many.into_iter().chain(anchors).collect();
    let lost = path(&own, &along, &[], Purpose::Signing, at(THEN));
    assert!(matches!(lost.end, PathEnd::Missing(_)), "{lost:?}");
}
