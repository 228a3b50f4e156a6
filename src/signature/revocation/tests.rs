use super::*;
use crate::signature::SignatureError;
use crate::signature::identity::{SoftwareIdentity, TestAlgorithm, TestAuthority, TestPerson};
use crate::signature::signer::Signer as _;
use crate::signature::testing::{
    FIRST_DAY, Responder, at, authority, issued, person, purposes, revocation_list,
};
use rcgen::{CrlDistributionPoint, RevocationReason};
use std::cell::Cell;

const THEN: &str = "2026-06-15T12:00:00Z";

struct World {
    authority: TestAuthority,
    certificate: Certificate,
}

fn world() -> World {
    let authority = authority();
    let person = TestPerson { name: "Dr A. Name", id: None };
    let identity = authority.identity(person, TestAlgorithm::P256, FIRST_DAY).unwrap();
    World { certificate: identity.chain()[0].clone(), authority }
}

impl World {
    fn by_lists(&self, lists: &[Vec<u8>], time: &str) -> Revocation {
        let sources = Sources { revocation_lists: lists, ocsp_answers: &[] };
        status(&self.certificate, self.authority.certificate(), sources, at(time))
    }

    fn by_answers(&self, answers: &[Vec<u8>], time: &str) -> Revocation {
        let sources = Sources { revocation_lists: &[], ocsp_answers: answers };
        status(&self.certificate, self.authority.certificate(), sources, at(time))
    }

    fn list(&self, revoked: &[(&Certificate, &str, RevocationReason)]) -> Vec<u8> {
        revocation_list(&self.authority, revoked, (6, 1), (7, 1))
    }

    fn responder(&self) -> Responder {
        Responder::new(&self.authority, &["1.3.6.1.5.5.7.3.9"])
    }
}

fn unknown(revocation: &Revocation) -> String {
    match revocation {
        Revocation::Unknown(why) => why.join("; "),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_sources_nothing_is_known() {
    assert_eq!(world().by_lists(&[], THEN), Revocation::Unknown(vec![]));
}

#[test]
fn a_list_says_who_is_not_revoked() {
    let world = world();
    let other = authority();
    let Revocation::Good(evidence) = world.by_lists(&[world.list(&[])], THEN) else { panic!("good") };
    assert_eq!(evidence.as_of, at("2026-06-01T00:00:00Z"));
    assert_eq!(evidence.until, Some(at("2026-07-01T00:00:00Z")));
    assert_eq!((evidence.kind, evidence.by.as_str()), (EvidenceKind::RevocationList, "TEST Signing CA"));
    // Somebody else on the list does no harm.
    let list = world.list(&[(other.certificate(), THEN, RevocationReason::KeyCompromise)]);
    assert!(matches!(world.by_lists(&[list], THEN), Revocation::Good(_)));
}

#[test]
fn a_list_says_since_when_and_why() {
    let world = world();
    let list = world.list(&[(&world.certificate, "2026-05-20T00:00:00Z", RevocationReason::KeyCompromise)]);
    let revoked = world.by_lists(&[list], THEN);
    let Revocation::Revoked { from, reason, .. } = &revoked else { panic!("{revoked:?}") };
    assert_eq!(*from, at("2026-05-20T00:00:00Z"));
    assert_eq!(reason.unwrap().to_string(), "the key fell into other hands");
    assert!(revoked.is_revoked_at(at("2026-05-20T00:00:00Z")));
    assert!(!revoked.is_revoked_at(at("2026-05-19T23:59:59Z")), "a signature from before is not touched");
}

#[test]
fn revoked_wins_over_an_older_list_that_says_nothing() {
    let world = world();
    let entry = (&world.certificate, "2026-05-20T00:00:00Z", RevocationReason::Superseded);
    let lists = [world.list(&[]), world.list(&[entry]), world.list(&[])];
    assert!(world.by_lists(&lists, THEN).is_revoked_at(at(THEN)));
}

#[test]
fn a_list_from_before_the_signature_vouches_for_nothing() {
    let world = world();
    let list = [world.list(&[])];
    assert!(matches!(world.by_lists(&list, "2026-05-01T00:00:00Z"), Revocation::Good(_)), "newer is better");
    assert!(matches!(world.by_lists(&list, "2026-07-01T00:00:00Z"), Revocation::Good(_)));
    let late = unknown(&world.by_lists(&list, "2026-07-01T00:00:01Z"));
    assert!(late.contains("out of date"), "{late}");
    // An issuer forgets who has expired.
    let mut short = person();
    short.not_after = rcgen::date_time_ymd(2026, 5, 1);
    let expired = issued(&short, &world.authority).chain()[0].clone();
    let sources = Sources { revocation_lists: &list, ocsp_answers: &[] };
    let said = unknown(&status(&expired, world.authority.certificate(), sources, at("2026-04-01T00:00:00Z")));
    assert!(said.contains("after the certificate's end"), "{said}");
}

#[test]
fn a_list_of_somebody_else_or_that_was_changed_says_nothing() {
    let world = world();
    let other = authority();
    let forged = revocation_list(&other, &[], (6, 1), (7, 1));
    let said = unknown(&world.by_lists(&[forged], THEN));
    assert!(said.contains("does not fit what was signed"), "{said}");
    assert!(unknown(&world.by_lists(&[b"<html>".to_vec()], THEN)).contains("cannot be read"));
    let list = world.list(&[(&world.certificate, THEN, RevocationReason::Superseded)]);
    for place in 0..list.len() {
        let mut flipped = list.clone();
        flipped[place] ^= 0x01;
        assert!(matches!(world.by_lists(&[flipped], THEN), Revocation::Unknown(_)), "octet {place}");
    }
}

#[test]
fn a_list_of_other_certificates_says_nothing() {
    let mut world = world();
    let with = |point: rcgen::CrlIssuingDistributionPoint| {
        let list = rcgen::CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2026, 6, 1),
            next_update: rcgen::date_time_ymd(2026, 7, 1),
            crl_number: rcgen::SerialNumber::from(1_u64),
            issuing_distribution_point: Some(point),
            revoked_certs: vec![],
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        list.signed_by(&world.authority.issuer().unwrap()).unwrap().der().to_vec()
    };
    let point = |url: &str, scope| rcgen::CrlIssuingDistributionPoint {
        distribution_point: CrlDistributionPoint { uris: vec![url.to_owned()] },
        scope,
    };
    let here = "http://ca.example/list.crl";
    let issuers = with(point(here, Some(rcgen::CrlScope::CaCertsOnly)));
    let people = with(point(here, Some(rcgen::CrlScope::UserCertsOnly)));
    let elsewhere = with(point("http://ca.example/other.crl", None));
    let mut parameters = person();
    parameters.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![here.to_owned()] }];
    world.certificate = issued(&parameters, &world.authority).chain()[0].clone();
    assert_eq!(revocation_list_urls(&world.certificate), [here]);
    assert!(matches!(world.by_lists(&[people], THEN), Revocation::Good(_)));
    for list in [issuers, elsewhere] {
        assert!(unknown(&world.by_lists(&[list], THEN)).contains("other certificates than this"));
    }
}

#[test]
fn an_answer_says_who_is_not_revoked() {
    let world = world();
    let answer = world.responder().good(&world.certificate);
    let Revocation::Good(evidence) = world.by_answers(&[answer], THEN) else { panic!("good") };
    assert_eq!((evidence.kind, evidence.by.as_str()), (EvidenceKind::Ocsp, "TEST Responder"));
    let unknown_to_it = world.responder().unknown(&world.certificate);
    assert!(unknown(&world.by_answers(&[unknown_to_it], THEN)).contains("does not know the certificate"));
}

#[test]
fn an_answer_says_since_when() {
    let world = world();
    let answer = world.responder().revoked(&world.certificate, "2026-05-20T10:00:00Z");
    let revoked = world.by_answers(&[answer], THEN);
    assert!(revoked.is_revoked_at(at("2026-05-20T10:00:00Z")));
    assert!(!revoked.is_revoked_at(at("2026-05-20T09:59:59Z")));
}

#[test]
fn an_answer_that_was_changed_or_is_about_another_says_nothing() {
    let world = world();
    let answer = world.responder().good(&world.certificate);
    for place in 0..answer.len() {
        let mut flipped = answer.clone();
        flipped[place] ^= 0x01;
        assert!(!matches!(world.by_answers(&[flipped], THEN), Revocation::Revoked { .. }), "octet {place}");
    }
    let about_another = world.responder().good(&self::world().certificate);
    assert!(unknown(&world.by_answers(&[about_another], THEN)).contains("about another certificate"));
    let try_later = vec![0x30, 3, 0x0a, 1, 3];
    assert!(unknown(&world.by_answers(&[try_later], THEN)).contains("asks to try later"));
    let late = unknown(&world.by_answers(&[answer], "2027-01-01T00:00:00Z"));
    assert!(late.contains("out of date"), "{late}");
}

#[test]
fn only_whom_the_issuer_put_in_charge_may_answer() {
    let world = world();
    let person = Responder::new(&world.authority, &["1.3.6.1.5.5.7.3.4"]).good(&world.certificate);
    let said = unknown(&world.by_answers(&[person], THEN));
    assert!(said.contains("not for telling what was revoked"), "{said}");
    // Somebody else's responder, that says it speaks for this issuer.
    let mut stranger = Responder::new(&authority(), &["1.3.6.1.5.5.7.3.9"]);
    stranger.issuer = world.authority.certificate().clone();
    let said = unknown(&world.by_answers(&[stranger.good(&world.certificate)], THEN));
    assert!(said.contains("is not one of TEST Signing CA"), "{said}");
    let mut expired = person_for_answers();
    expired.not_after = rcgen::date_time_ymd(2026, 5, 1);
    let identity: SoftwareIdentity = issued(&expired, &world.authority);
    let responder = Responder { identity, issuer: world.authority.certificate().clone() };
    let said = unknown(&world.by_answers(&[responder.good(&world.certificate)], THEN));
    assert!(said.contains("not valid when it answered"), "{said}");
}

fn person_for_answers() -> rcgen::CertificateParams {
    let mut parameters = person();
    parameters.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.9"], false)];
    parameters
}

#[test]
fn a_request_names_issuer_and_certificate() {
    use der::Decode as _;
    let world = world();
    let der = ocsp_request(&world.certificate, world.authority.certificate()).unwrap();
    let request = x509_ocsp::OcspRequest::from_der(&der).unwrap();
    let id = &request.tbs_request.request_list[0].req_cert;
    assert_eq!(
        super::super::certificate::hexadecimal(id.serial_number.as_bytes()),
        world.certificate.serial()
    );
    assert_eq!(id.issuer_name_hash.as_bytes().len(), 20);
}

/// Servers that give one list and one answer.
struct Servers {
    list: Vec<u8>,
    answer: Vec<u8>,
    asked: Cell<usize>,
}

impl RevocationService for Servers {
    fn revocation_list(&self, _: &str) -> Result<Vec<u8>, SignatureError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.list.clone())
    }

    fn ocsp_answer(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.answer.clone())
    }
}

/// A certificate that names so many responders, and a list.
fn naming(responders: usize, by: &TestAuthority) -> Certificate {
    let responder: &[u8] = b"\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x08http://o";
    let content = crate::signature::testing::sequence(&vec![responder; responders]);
    let mut parameters = person();
    parameters.custom_extensions =
        vec![rcgen::CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)];
    parameters.crl_distribution_points =
        vec![CrlDistributionPoint { uris: vec!["http://ca.example/list.crl".to_owned()] }];
    issued(&parameters, by).chain()[0].clone()
}

/// Some networks answer everything with a page to log in.
#[test]
fn a_responder_that_answers_nonsense_does_not_hide_the_list() {
    let world = world();
    let own = naming(1, &world.authority);
    let issuer = world.authority.certificate();
    let servers = Servers { list: world.list(&[]), answer: b"<html>".to_vec(), asked: Cell::new(0) };
    let asked = ask(&own, issuer, &servers, at(THEN), &mut Questions(9));
    assert!(matches!(&asked.revocation, Revocation::Good(by) if by.kind == EvidenceKind::RevocationList));
    assert_eq!((asked.revocation_list.as_ref(), asked.ocsp_answer), (Some(&servers.list), None));
    let answering = Servers { answer: world.responder().good(&own), ..servers };
    answering.asked.set(0);
    let asked = ask(&own, issuer, &answering, at(THEN), &mut Questions(9));
    assert!(matches!(&asked.revocation, Revocation::Good(by) if by.kind == EvidenceKind::Ocsp));
    assert_eq!(answering.asked.get(), 1);
}

#[test]
fn only_so_many_places_are_asked() {
    let world = world();
    let (own, issuer) = (naming(50, &world.authority), world.authority.certificate());
    let servers = Servers { list: Vec::new(), answer: Vec::new(), asked: Cell::new(0) };
    let mut questions = Questions(4);
    assert!(matches!(
        ask(&own, issuer, &servers, at(THEN), &mut questions).revocation,
        Revocation::Unknown(_)
    ));
    assert_eq!((servers.asked.get(), questions), (3, Questions(1)));
    let said = unknown(&ask(&own, issuer, &servers, at(THEN), &mut questions).revocation);
    assert!(said.ends_with("too many places were asked already"), "{said}");
    assert_eq!(servers.asked.get(), 4);
}

#[test]
fn a_responder_that_was_revoked_is_not_believed() {
    let world = world();
    let responder = world.responder();
    let own = responder.identity.chain()[0].clone();
    let said = |reason| {
        let lists = [world.list(&[(&own, "2026-06-10T00:00:00Z", reason)])];
        let answers = [responder.good(&world.certificate)];
        ocsp::word(&answers[0], &world.certificate, world.authority.certificate(), &lists).map(drop)
    };
    let refused = said(RevocationReason::KeyCompromise).unwrap_err();
    assert!(
        refused.contains("the certificate of the OCSP responder TEST Responder was revoked"),
        "{refused}"
    );
    assert_eq!(said(RevocationReason::Superseded), Ok(()), "it answered before");
}

#[test]
fn a_certificate_says_where_to_ask() {
    use rcgen::CustomExtension;
    let by = authority();
    // AuthorityInfoAccess: OCSP at http://o, issuer at http://i, and an LDAP address that nobody asks.
    let ocsp = b"\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x08http://o";
    let issuer = b"\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x08http://i";
    let ldap = b"\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x08ldap://x";
    let content = crate::signature::testing::sequence(&[ocsp, issuer, ldap]);
    let mut parameters = person();
    parameters.custom_extensions =
        vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)];
    let certificate = issued(&parameters, &by).chain()[0].clone();
    assert_eq!(ocsp_urls(&certificate), ["http://o"]);
    assert_eq!(issuer_urls(&certificate), ["http://i"]);
    assert!(revocation_list_urls(&certificate).is_empty());
}
