//! A small signed report, and everything that somebody could do to it.

mod attacks;
mod bytes;
mod hidden;
mod trust;

use super::coverage::coverage;
use super::*;
use crate::signature::identity::{SoftwareIdentity, TestAlgorithm, TestAuthority, TestPerson};
use crate::signature::pdf::{Dict, Object, Reference, Stream, Update};
use crate::signature::sign::{SignatureRequest, field_to_sign, unchecked};
use crate::signature::testing::{FIRST_DAY, Stamper, at, authority};

/// What tests look at: an authority and three people by it, and another authority for whoever tells the time.
pub(super) struct World {
    pub authority: TestAuthority,
    pub of_time: TestAuthority,
    people: Vec<(String, SoftwareIdentity)>,
}

impl World {
    pub fn new() -> Self {
        let authority = self::authority();
        let person = |id: &str| {
            let person = TestPerson { name: id, id: None };
            (id.to_owned(), authority.identity(person, TestAlgorithm::P256, FIRST_DAY).unwrap())
        };
        let people = Vec::from(["ada", "ben", "cleo"].map(person));
        Self { authority, of_time: self::authority(), people }
    }

    pub fn sign(&self, pdf: &[u8], id: &str) -> Vec<u8> {
        self.sign_with(pdf, id, None)
    }

    /// Who is trusted.
    pub fn anchors(&self) -> [Certificate; 2] {
        [&self.authority, &self.of_time].map(|authority| authority.certificate().clone())
    }

    /// A time-stamping authority that takes the time to be this.
    pub fn stamper(&self, time: &str) -> Stamper {
        Stamper::new(&self.of_time, time)
    }

    pub fn sign_with(&self, pdf: &[u8], id: &str, stamper: Option<&Stamper>) -> Vec<u8> {
        let (_, identity) = self.people.iter().find(|(own, _)| own == id).unwrap();
        signed_by(pdf, id, identity, stamper)
    }
}

/// What somebody signs with this identity on the first of March, whatever there is to say against it.
pub(super) fn signed_by(
    pdf: &[u8],
    id: &str,
    identity: &SoftwareIdentity,
    stamper: Option<&Stamper>,
) -> Vec<u8> {
    let authority = stamper.map(|stamper| stamper as &dyn crate::signature::TimeStampAuthority);
    let request = SignatureRequest {
        field: id,
        name: id,
        reason: Some("Approved"),
        time: at("2026-03-01T12:00:00Z"),
        appearance: None,
    };
    let document = Document::read(pdf).unwrap();
    let field = field_to_sign(&document, id).unwrap();
    unchecked(&document, &field, &request, identity, authority).unwrap().pdf
}

/// A tagged report of two pages with a field for each of three people and an attachment, by object:
/// 1 catalog, 2 pages, 3 and 4 page, 5 and 6 content, 7 form, 8 to 10 field, 11 tags, 12 attachment, 13 its data,
/// 14 metadata, 15 what nothing leads to.
pub(super) fn report() -> Vec<u8> {
    let stream =
        |dict: &str, data: &str| format!("<<{dict}/Length {}>>\nstream\n{data}\nendstream", data.len());
    let field = |id: &str, key: usize, left: usize| {
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T({id})/TU(Signature of {id})/F 132/P 4 0 R/StructParent {key}\
             /Rect[{left} 10 {} 60]>>",
            left + 100
        )
    };
    let element = |key: usize| format!("<</S/Form/P 11 0 R/K<</Type/OBJR/Obj {} 0 R>>>>", key + 8);
    crate::signature::pdf::testing::pdf(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/StructTreeRoot 11 0 R/MarkInfo<</Marked true>>/Lang(en)\
         /Names<</EmbeddedFiles<</Names[(case.json) 12 0 R]>>>>/AF[12 0 R]/Metadata 14 0 R>>",
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 595 842]>>",
        "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<<>>>>",
        "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<<>>/Annots[8 0 R 9 0 R 10 0 R]>>",
        &stream("", "BT (Residual risk: low) Tj ET"),
        &stream("", "BT (Signatures) Tj ET"),
        "<</Fields[8 0 R 9 0 R 10 0 R]/SigFlags 0>>",
        &field("ada", 0, 10),
        &field("ben", 1, 120),
        &field("cleo", 2, 230),
        &format!("<</Type/StructTreeRoot/K[{}{}{}]>>", element(0), element(1), element(2)),
        "<</Type/Filespec/F(case.json)/UF(case.json)/EF<</F 13 0 R>>/AFRelationship/Data>>",
        &stream("/Type/EmbeddedFile", "{\"hazards\": []}"),
        &stream("/Type/Metadata/Subtype/XML", "<x:xmpmeta/>"),
        "(nothing leads here)",
    ])
}

/// The number of an object, as a reference.
pub(super) fn object(number: u32) -> Reference {
    Reference { number, generation: 0 }
}

/// A stream with this in it.
pub(super) fn stream(data: impl AsRef<[u8]>) -> Stream {
    Stream { dict: Dict::new(), data: data.as_ref().to_vec() }
}

/// Puts a revision behind a file.
pub(super) fn updated(pdf: &[u8], change: impl FnOnce(&mut Update<'_>)) -> Vec<u8> {
    let document = Document::read(pdf).unwrap();
    let mut update = Update::of(&document).unwrap();
    change(&mut update);
    update.finish()
}

pub(super) fn answer(pdf: &[u8]) -> Verification {
    verify(pdf, &Expectations::default()).unwrap()
}

/// Whether somebody is told that all is well.
pub(super) fn is_accepted(pdf: &[u8]) -> bool {
    verify(pdf, &Expectations::default()).is_ok_and(|answer| answer.holds())
}

/// Everything that is said against a file, one after another.
pub(super) fn objections(pdf: &[u8]) -> String {
    match verify(pdf, &Expectations::default()) {
        Err(error) => error.what,
        Ok(answer) => {
            let changes = answer.revisions.iter().flat_map(|revision| &revision.changes);
            let changes = changes.filter(|change| !change.allowed).map(|change| change.what.clone());
            let faults = answer.signatures.iter().flat_map(|signature| signature.faults.clone());
            let trailing =
                (answer.trailing_bytes > 0).then(|| format!("{} bytes behind", answer.trailing_bytes));
            let nobody = answer.signatures.is_empty().then(|| "nobody has signed".to_owned());
            let changes = changes.chain(nobody);
            changes.chain(faults).chain(answer.faults.clone()).chain(trailing).collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn three_people_sign_one_after_another() {
    let world = World::new();
    let mut pdf = report();
    assert!(!answer(&pdf).holds(), "a report that nobody signed");
    assert_eq!(answer(&pdf).unsigned, ["ada", "ben", "cleo"]);
    for (index, id) in ["ada", "ben", "cleo"].into_iter().enumerate() {
        pdf = world.sign(&pdf, id);
        let answer = answer(&pdf);
        assert!(answer.holds(), "{}", objections(&pdf));
        assert_eq!(answer.signatures.len(), index + 1);
        assert_eq!(answer.unsigned.len(), 2 - index);
    }
    let answer = answer(&pdf);
    let of = |id: &str| answer.signature(id).unwrap();
    assert!(of("ada").certifies && !of("ben").certifies);
    assert_eq!((of("ada").after, of("cleo").after), (After::Allowed, After::Nothing));
    assert_eq!(of("ben").revision, Some(3));
    assert_eq!(of("ben").signer.as_ref().unwrap().name, "TEST ben");
    assert_eq!(of("ben").claimed.reason.as_deref(), Some("Approved"));
    assert_eq!(of("ben").time.as_ref().unwrap().basis, TimeBasis::Claimed);
    assert_eq!(
        answer.revisions[2].changes,
        [Change { what: "the empty field of ben was signed".to_owned(), allowed: true }]
    );
}

#[test]
fn an_earlier_state_is_known_by_who_is_missing() {
    let world = World::new();
    let one = world.sign(&report(), "ada");
    let two = world.sign(&one, "ben");
    let required = ["ada".to_owned(), "ben".to_owned()];
    let expectations = Expectations { required: &required, ..Expectations::default() };
    assert!(verify(&two, &expectations).unwrap().holds());
    // Whoever takes the last signature away hands round a genuine earlier state.
    let rolled_back = &two[..one.len()];
    assert!(is_accepted(rolled_back));
    let answer = verify(rolled_back, &expectations).unwrap();
    assert_eq!(answer.missing, ["ben"]);
    assert!(!answer.holds());
}

#[test]
fn a_time_stamp_says_when() {
    let world = World::new();
    let stamper = Stamper::new(&world.authority, "2026-03-01T12:00:05Z");
    let pdf = world.sign_with(&report(), "ada", Some(&stamper));
    let answer = answer(&pdf);
    let time = answer.signatures[0].time.as_ref().unwrap();
    assert_eq!(time.time, at("2026-03-01T12:00:05Z"));
    assert_eq!(time.authority.as_deref(), Some("TEST Time-stamping authority"));
}
