//! Whether signers are to be believed.

use super::*;
use crate::signature::Signer as _;
use crate::signature::long_term;
use crate::signature::revocation::RevocationService;
use crate::signature::sign::sign;
use crate::signature::testing::{issued, person, purposes, revocation_list, with_one_key};
use rcgen::{CertificateParams, RevocationReason};

/// What is said of a report that one person signed, by somebody who trusts the authority of the tests.
fn judged(world: &World, pdf: &[u8], lists: &[Vec<u8>], as_of: Option<&str>) -> SignatureAnswer {
    let anchors = world.anchors();
    let expectations = Expectations {
        anchors: &anchors,
        revocation_lists: lists,
        as_of: as_of.map(at),
        ..Expectations::default()
    };
    verify(pdf, &expectations).unwrap().signatures.remove(0)
}

fn why(answer: &SignatureAnswer) -> String {
    match &answer.trust {
        Trust::Refused { why } => why.join("; "),
        other => panic!("it is not refused: {other:?}"),
    }
}

/// A report that somebody signed on the first of March with a certificate that says this.
fn signed_with(world: &World, parameters: &CertificateParams, stamper: Option<&Stamper>) -> Vec<u8> {
    signed_by(&report(), "ada", &issued(parameters, &world.authority), stamper)
}

#[test]
fn nobody_is_trusted_unless_somebody_says_so() {
    let world = World::new();
    let pdf = world.sign(&report(), "ada");
    assert_eq!(answer(&pdf).signatures[0].trust, Trust::NotAsked);
    let trusted = judged(&world, &pdf, &[], None);
    assert!(matches!(&trusted.trust, Trust::RevocationUnknown { anchor, .. } if anchor == "TEST Signing CA"));
    assert!(trusted.is_test);
    let list = revocation_list(&world.authority, &[], (3, 2), (4, 1));
    let trusted = judged(&world, &pdf, &[list], None);
    assert_eq!(trusted.trust, Trust::Trusted { anchor: "TEST Signing CA".to_owned() });
    let other = judged(&World::new(), &pdf, &[], None);
    assert!(why(&other).contains("not among those that you trust"), "{}", why(&other));
    assert!(!other.holds());
}

#[test]
fn a_certificate_counts_while_it_is_valid() {
    let world = World::new();
    let mut short = person();
    short.not_after = rcgen::date_time_ymd(2026, 4, 1);
    let pdf = signed_with(&world, &short, None);
    assert!(judged(&world, &pdf, &[], None).holds());
    let later = judged(&world, &pdf, &[], Some("2027-01-01T00:00:00Z"));
    assert!(later.holds() && later.remarks[0].contains("has ended since"), "{later:?}");
    let earlier = judged(&world, &pdf, &[], Some("2026-01-01T00:00:00Z"));
    assert!(why(&earlier).contains("lies in the future"));
    // Whoever has the key of an expired certificate can set the clock; a time-stamp tells.
    let clock = Stamper::new(&world.authority, "2026-05-01T00:00:00Z");
    let stamped = judged(&world, &signed_with(&world, &short, Some(&clock)), &[], None);
    assert!(
        why(&stamped).contains("had ended on 2026-04-01T00:00:00Z, before the signature"),
        "{}",
        why(&stamped)
    );
}

#[test]
fn a_revocation_counts_from_when_it_was_and_against_whoever_only_claims_to_be_earlier() {
    let world = World::new();
    let revoked_on = |pdf: &[u8], day: &str| {
        let signer = signer(pdf);
        let revoked = [(&signer, day, RevocationReason::KeyCompromise)];
        revocation_list(&world.authority, &revoked, (5, 1), (6, 1))
    };
    let plain = signed_with(&world, &person(), None);
    let before = judged(&world, &plain, &[revoked_on(&plain, "2026-02-01T00:00:00Z")], None);
    assert!(why(&before).contains("before the signature"), "{}", why(&before));
    let claimed = judged(&world, &plain, &[revoked_on(&plain, "2026-04-01T00:00:00Z")], None);
    assert!(why(&claimed).contains("nobody but the signer says that the signature is older"));
    let clock = Stamper::new(&world.authority, "2026-03-01T12:00:00Z");
    let stamped = signed_with(&world, &person(), Some(&clock));
    let proved = judged(&world, &stamped, &[revoked_on(&stamped, "2026-04-01T00:00:00Z")], None);
    assert!(proved.holds() && proved.remarks[0].contains("after the signature"), "{proved:?}");
    assert_eq!(proved.time.unwrap().basis, TimeBasis::TimeStamp);
}

/// The list of the authority of time on the first of May.
fn list_of_time(world: &World, stamper: &Stamper, from: &str, reason: RevocationReason) -> Vec<u8> {
    let own = stamper.identity.chain()[0].clone();
    revocation_list(&world.of_time, &[(&own, from, reason)], (5, 1), (6, 1))
}

/// Whoever has the key of a time-stamping authority writes any time that they like.
#[test]
fn an_authority_whose_key_fell_into_other_hands_proves_no_time() {
    let world = World::new();
    let clock = world.stamper("2026-03-01T12:00:05Z");
    let pdf = world.sign_with(&report(), "ada", Some(&clock));
    let revoked = |reason| list_of_time(&world, &clock, "2026-04-01T00:00:00Z", reason);
    for reason in
        [RevocationReason::KeyCompromise, RevocationReason::CaCompromise, RevocationReason::Unspecified]
    {
        let answer = judged(&world, &pdf, &[revoked(reason)], None);
        assert_eq!(answer.time.unwrap().basis, TimeBasis::UntrustedTimeStamp, "{reason:?}");
        assert!(answer.remarks[0].contains("its time-stamp does not count"), "{:?}", answer.remarks);
    }
    let answer = judged(&world, &pdf, &[revoked(RevocationReason::CessationOfOperation)], None);
    assert_eq!(answer.time.unwrap().basis, TimeBasis::TimeStamp);
    assert!(answer.remarks[0].contains("no longer needed), after the signature"), "{:?}", answer.remarks);
}

#[test]
fn a_later_time_stamp_of_another_authority_saves_an_earlier_one() {
    let world = World::new();
    let (first, second) = (world.stamper("2026-03-01T12:00:05Z"), world.stamper("2026-03-20T12:00:00Z"));
    let pdf = world.sign_with(&report(), "ada", Some(&first));
    let stamped = time_stamped(&pdf, &second, [0; 4]);
    let basis = |lists: &[Vec<u8>]| judged(&world, &stamped, lists, None).time.unwrap();
    let lost = |whose: &Stamper, day: &str| list_of_time(&world, whose, day, RevocationReason::KeyCompromise);
    let saved = basis(&[lost(&first, "2026-04-01T00:00:00Z")]);
    assert_eq!((saved.basis, saved.time), (TimeBasis::TimeStamp, at("2026-03-01T12:00:05Z")));
    // Lost before the second was made: what it covers may be forged, but for having been there on that day.
    let late = basis(&[lost(&first, "2026-03-10T00:00:00Z")]);
    assert_eq!((late.basis, late.time), (TimeBasis::DocumentTimeStamp, at("2026-03-20T12:00:00Z")));
    let both = [lost(&first, "2026-04-01T00:00:00Z"), lost(&second, "2026-04-01T00:00:00Z")];
    assert_eq!(basis(&both).basis, TimeBasis::UntrustedTimeStamp);
}

#[test]
fn an_old_list_vouches_for_nobody_who_only_claims_to_be_old() {
    let world = World::new();
    let lists = [
        revocation_list(&world.authority, &[], (3, 2), (4, 1)),
        revocation_list(&world.of_time, &[], (3, 2), (4, 1)),
    ];
    let claimed = world.sign(&report(), "ada");
    let soon = judged(&world, &claimed, &lists, Some("2026-03-20T00:00:00Z"));
    assert!(matches!(soon.trust, Trust::Trusted { .. }), "{:?}", soon.trust);
    let later = judged(&world, &claimed, &lists, Some("2026-09-01T00:00:00Z"));
    assert!(
        matches!(&later.trust, Trust::RevocationUnknown { why, .. } if why.contains("was out of date on 2026-09-01")),
        "{:?}",
        later.trust
    );
    let proved = world.sign_with(&report(), "ada", Some(&world.stamper("2026-03-01T12:00:05Z")));
    let later = judged(&world, &proved, &lists, Some("2026-09-01T00:00:00Z"));
    assert!(matches!(later.trust, Trust::Trusted { .. }), "{:?}", later.trust);
}

/// Whoever trusts a person's certificate itself has asked no issuer anything.
#[test]
fn of_a_certificate_that_is_trusted_itself_nobody_says_whether_it_was_revoked() {
    let world = World::new();
    let pdf = world.sign(&report(), "ada");
    let anchors = [signer(&pdf)];
    let expectations = Expectations { anchors: &anchors, ..Expectations::default() };
    let answer = verify(&pdf, &expectations).unwrap().signatures.remove(0);
    assert!(
        matches!(&answer.trust, Trust::RevocationUnknown { why, .. } if why.contains("no issuer says")),
        "{:?}",
        answer.trust
    );
}

/// The certificate of whoever signed first.
fn signer(pdf: &[u8]) -> Certificate {
    let document = Document::read(pdf).unwrap();
    let examined = examine(&document, &fields(&document).unwrap()).unwrap();
    examined[0].signer().unwrap().clone()
}

#[test]
fn a_key_for_other_things_signs_no_report() {
    let world = World::new();
    let mut server = person();
    server.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.1"], false)];
    let refused = judged(&world, &signed_with(&world, &server, None), &[], None);
    assert!(why(&refused).contains("not for signing documents (extended key usage)"), "{}", why(&refused));
    let mut encryption = person();
    encryption.key_usages = vec![rcgen::KeyUsagePurpose::KeyEncipherment];
    let refused = judged(&world, &signed_with(&world, &encryption, None), &[], None);
    assert!(why(&refused).contains("key usage"), "{}", why(&refused));
}

#[test]
fn the_time_of_an_authority_that_nobody_trusts_is_only_a_claim() {
    let world = World::new();
    let stranger = Stamper::new(&authority(), "2026-03-01T12:00:05Z");
    let pdf = world.sign_with(&report(), "ada", Some(&stranger));
    let time = judged(&world, &pdf, &[], None).time.unwrap();
    assert_eq!(time.basis, TimeBasis::UntrustedTimeStamp);
    assert!(!time.basis.is_proved());
}

#[test]
fn what_proves_a_signature_is_kept_in_the_file() {
    let world = World::new();
    let clock = Stamper::new(&world.authority, "2026-03-01T12:00:05Z");
    let pdf = world.sign_with(&report(), "ada", Some(&clock));
    let pdf = world.sign_with(&pdf, "ben", Some(&clock));
    let list = revocation_list(&world.authority, &[], (3, 2), (4, 1));
    let stranger = revocation_list(&authority(), &[], (3, 2), (4, 1));
    let lists = [list, stranger];
    let material = long_term::Material { revocation_lists: &lists, ..long_term::Material::default() };
    let kept = long_term::add(&pdf, &material).unwrap();
    assert_eq!(kept.added, [4, 1, 0], "two people, the time-stamping authority, the anchor, and its list");
    assert_eq!(kept.unknown, [""; 0]);
    assert!(kept.pdf.starts_with(&pdf) && is_accepted(&kept.pdf), "{}", objections(&kept.pdf));
    // The list that came along is enough now.
    let trusted = judged(&world, &kept.pdf, &[], None);
    assert_eq!(trusted.trust, Trust::Trusted { anchor: "TEST Signing CA".to_owned() });
    assert_eq!(trusted.after, After::Allowed);

    let again = long_term::add(&kept.pdf, &long_term::Material::default()).unwrap();
    assert_eq!((again.added, again.pdf == kept.pdf), ([0; 3], true), "all is there");
    let third = world.sign_with(&kept.pdf, "cleo", Some(&clock));
    let more = long_term::add(&third, &long_term::Material::default()).unwrap();
    assert_eq!(more.added, [1, 0, 0]);
    assert!(is_accepted(&more.pdf), "{}", objections(&more.pdf));
}

#[test]
fn what_is_not_known_is_said_and_a_service_is_asked() {
    let world = World::new();
    let pdf = world.sign(&report(), "ada");
    let nothing = long_term::add(&pdf, &long_term::Material::default()).unwrap();
    assert_eq!(nothing.unknown, ["whether the certificate of TEST ada was revoked"]);
    let unsigned = long_term::add(&report(), &long_term::Material::default()).unwrap_err();
    assert!(unsigned.what.contains("Nobody has signed"));
    let mut broken = pdf.clone();
    broken[20] ^= 1;
    assert!(long_term::add(&broken, &long_term::Material::default()).is_err());

    let mut parameters = person();
    parameters.crl_distribution_points =
        vec![rcgen::CrlDistributionPoint { uris: vec!["http://ca.example/list".to_owned()] }];
    let pdf = signed_with(&world, &parameters, None);
    let service = Shelf(revocation_list(&world.authority, &[], (3, 2), (4, 1)));
    let untrusted = long_term::Material { service: Some(&service), ..long_term::Material::default() };
    let unknown = long_term::add(&pdf, &untrusted).unwrap().unknown;
    assert!(unknown[0].contains("leads to nobody who is trusted, so nobody was asked"), "{unknown:?}");
    let anchors = world.anchors();
    let material = long_term::Material { anchors: &anchors, ..untrusted };
    let fetched = long_term::add(&pdf, &material).unwrap();
    assert_eq!((fetched.added, fetched.unknown.len()), ([2, 1, 0], 0));
}

/// A service with one list.
struct Shelf(Vec<u8>);

impl RevocationService for Shelf {
    fn revocation_list(&self, url: &str) -> Result<Vec<u8>, SignatureError> {
        assert_eq!(url, "http://ca.example/list");
        Ok(self.0.clone())
    }

    fn ocsp_answer(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Err(SignatureError::new("there is none"))
    }
}

/// Puts a time-stamp over the whole document behind it, in a field of this extent on the second page.
fn time_stamped(pdf: &[u8], stamper: &Stamper, rectangle: [i64; 4]) -> Vec<u8> {
    let document = Document::read(pdf).unwrap();
    let mut update = Update::of(&document).unwrap();
    let (field, signature) = (update.reserve(), update.reserve());
    let widget = Dict::of_type("Annot")
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", crate::signature::pdf::text("stamp"))
        .with("F", 132)
        .with("P", object(4))
        .with("Rect", rectangle.map(Object::from).to_vec())
        .with("V", signature);
    update.set(field, widget);
    let grown = |list: &Object| [list.as_array().unwrap(), &[field.into()]].concat();
    let page = update.dict(object(4)).unwrap();
    let annotations = grown(page.get("Annots").unwrap());
    update.set(object(4), page.with("Annots", annotations));
    let form = update.dict(object(7)).unwrap();
    let fields = grown(form.get("Fields").unwrap());
    update.set(object(7), form.with("Fields", fields));
    let dict = Dict::of_type("DocTimeStamp")
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    let (mut pdf, hole) = update.finish_signed(signature, &dict, 8 * 1024);
    let token = crate::signature::timestamp::request(stamper, &hole.around(&pdf).concat()).unwrap();
    assert!(hole.fill(&mut pdf, &token));
    pdf
}

#[test]
fn a_time_stamp_over_the_document_proves_when_it_was_there() {
    let world = World::new();
    let clock = Stamper::new(&world.authority, "2026-03-02T12:00:00Z");
    let signed = world.sign(&report(), "ada");
    let stamped = time_stamped(&signed, &clock, [0; 4]);
    assert!(is_accepted(&stamped), "{}", objections(&stamped));
    let all = answer(&stamped);
    assert_eq!(all.signatures[1].kind, SignatureKind::DocumentTimeStamp);
    assert!(
        all.revisions[2]
            .changes
            .contains(&Change { what: "a document time-stamp was added".to_owned(), allowed: true })
    );
    let time = judged(&world, &stamped, &[], None).time.unwrap();
    assert_eq!((time.basis, time.time), (TimeBasis::DocumentTimeStamp, at("2026-03-02T12:00:00Z")));
    let again = world.sign(&stamped, "ben");
    assert!(is_accepted(&again), "{}", objections(&again));
    let mut broken = stamped.clone();
    broken[signed.len() - 40] ^= 1;
    assert!(!is_accepted(&broken));

    let visible = time_stamped(&signed, &clock, [0, 0, 400, 400]);
    let said = objections(&visible);
    assert!(said.contains("a field was added to the form: stamp"), "{said}");
    assert!(said.contains("an annotation was added to page 2"), "{said}");
}

#[test]
fn one_key_is_one_person_whatever_its_certificates_say() {
    let world = World::new();
    let mut other = person();
    other.distinguished_name.push(rcgen::DnType::CommonName, "TEST Dr B. Other");
    let [ada, ben] = with_one_key([&person(), &other], &world.authority);
    assert_ne!(ada.chain()[0], ben.chain()[0]);
    let pdf = signed_by(&report(), "ada", &ada, None);
    let both = signed_by(&pdf, "ben", &ben, None);
    assert_eq!(objections(&both), "the signatures of ada and ben were made with one key");
    let request = request_of("ben");
    let refused = sign(&Document::read(&pdf).unwrap(), &request, &ben, None).unwrap_err();
    assert!(refused.what.contains("the key of this identity has signed already, in the field of ada"));
}

fn request_of(field: &str) -> SignatureRequest<'_> {
    let time = at("2026-03-01T12:00:00Z");
    SignatureRequest { field, name: field, reason: None, time, appearance: None }
}

#[test]
fn a_date_that_the_time_stamp_does_not_prove_is_told_and_not_signed() {
    let world = World::new();
    let late = world.stamper("2026-06-01T00:00:00Z");
    let stamped = world.sign_with(&report(), "ada", Some(&late));
    let remarks = judged(&world, &stamped, &[], None).remarks;
    assert!(remarks[0].contains("the date in the field is not proved"), "{remarks:?}");
    let own = issued(&person(), &world.authority);
    let document = report();
    let document = Document::read(&document).unwrap();
    let refused = sign(&document, &request_of("ada"), &own, Some(&late)).unwrap_err();
    assert!(refused.what.contains("the time-stamp is of 2026-06-01"), "{refused}");
    let soon = world.stamper("2026-03-02T11:00:00Z");
    assert!(sign(&document, &request_of("ada"), &own, Some(&soon)).is_ok());
}

#[test]
fn nobody_signs_what_was_changed_after_a_signature() {
    let world = World::new();
    let own = issued(&person(), &world.authority);
    let refused = |pdf: &[u8]| {
        let document = Document::read(pdf).unwrap();
        sign(&document, &request_of("cleo"), &own, None).map(drop).map_err(|error| error.what)
    };
    let signed = world.sign(&report(), "ada");
    assert_eq!(refused(&signed), Ok(()));
    let changed = updated(&signed, |update| update.set(object(5), stream("BT (none) Tj ET")));
    assert!(refused(&changed).unwrap_err().contains("the content of page 1 was changed"));
    let mut broken = signed;
    broken[20] ^= 1;
    assert!(refused(&broken).unwrap_err().contains("the signature of ada is not intact"));
}

#[test]
fn nobody_signs_with_what_nobody_could_believe() {
    let world = World::new();
    let mut server = person();
    server.custom_extensions = vec![purposes(&["1.3.6.1.5.5.7.3.1"], false)];
    let pdf = report();
    let document = Document::read(&pdf).unwrap();
    let own = issued(&server, &world.authority);
    let refused = sign(&document, &request_of("ada"), &own, None).unwrap_err();
    assert!(refused.what.contains("not for signing documents (extended key usage)"), "{refused}");
}
