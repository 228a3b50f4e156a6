use super::*;
use crate::signature::fields::testing::report_for;
use crate::signature::identity::SoftwareIdentity;
use crate::signature::pdf::testing::pdf;
use crate::signature::testing::{Stamper, at, authority, issued, person};
use crate::signature::{Certificate, SignatureAlgorithm};

const STAMP: &[&str] = &[
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]>>",
    "<</Type/Page/MediaBox[0 0 100 50]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    "<</Length 5>> stream\nBT ET\nendstream",
    "<</Type/Font/Self 5 0 R/Descendants[6 0 R 6 0 R]>>",
    "(six)",
];

fn request(field: &str) -> SignatureRequest<'_> {
    SignatureRequest {
        field,
        name: "Siân (locum)",
        reason: Some("It is so"),
        time: at("2026-09-14T08:05:00Z"),
        appearance: None,
    }
}

fn identity() -> SoftwareIdentity {
    issued(&person(), &authority())
}

/// Signs a PDF by its bytes.
fn sign(
    pdf: &[u8],
    request: &SignatureRequest<'_>,
    signer: &dyn Signer,
    authority: Option<&dyn TimeStampAuthority>,
) -> Result<Vec<u8>, SignatureError> {
    super::sign(&Document::read(pdf)?, request, signer, authority)
}

fn signed(pdf: &[u8], field: &str) -> Vec<u8> {
    sign(pdf, &request(field), &identity(), None).unwrap()
}

fn problem(pdf: &[u8], field: &str) -> String {
    sign(pdf, &request(field), &identity(), None).unwrap_err().to_string()
}

fn signature(document: &Document<'_>, id: &str) -> Dict {
    let all = fields(document).unwrap();
    let field = all.iter().find(|field| field.id == id).unwrap();
    document.dict(field.signature.unwrap()).unwrap()
}

/// The signature of a field over what it says that it covers.
fn is_intact(pdf: &[u8], id: &str) -> bool {
    let dict = signature(&Document::read(pdf).unwrap(), id);
    let range = dict.get("ByteRange").and_then(Object::as_array).unwrap();
    let range: Vec<usize> = range.iter().map(|n| usize::try_from(n.as_integer().unwrap()).unwrap()).collect();
    let content = [&pdf[..range[1]], &pdf[range[2]..range[2] + range[3]]];
    cms::verify(dict.get("Contents").and_then(Object::as_string).unwrap(), &content).unwrap().is_intact()
}

#[test]
fn the_first_signature_certifies_and_the_others_do_not() {
    let report = report_for(&["author", "cso"]);
    let first = signed(&report, "author");
    let second = signed(&first, "cso");
    assert!(first.starts_with(&report) && second.starts_with(&first));
    assert!(is_intact(&first, "author") && is_intact(&second, "author") && is_intact(&second, "cso"));

    let document = Document::read(&second).unwrap();
    let author = signature(&document, "author");
    assert!(author.get("SubFilter").unwrap().is_name("ETSI.CAdES.detached"));
    assert_eq!(author.get("M"), Some(&Object::String(b"D:20260914080500Z".to_vec())));
    assert_eq!(words(author.get("Name").and_then(Object::as_string).unwrap()), "Siân (locum)");
    assert!(author.has("Reference") && !signature(&document, "cso").has("Reference"));
    let (_, permissions) = document.in_catalog("Perms").unwrap().unwrap();
    assert_eq!(
        permissions.get("DocMDP").and_then(Object::as_reference),
        fields(&document).unwrap()[0].signature
    );
    let (_, form) = document.in_catalog("AcroForm").unwrap().unwrap();
    assert_eq!(form.get("SigFlags"), Some(&3.into()));
    assert_eq!(document.revisions().len(), 4);
}

#[test]
fn a_changed_byte_breaks_the_signature() {
    let mut pdf = signed(&report_for(&["cso"]), "cso");
    let at = pdf.windows(3).position(|window| window == b"/Si").unwrap();
    pdf[at - 1] ^= 1;
    pdf[at - 1] ^= 1;
    assert!(is_intact(&pdf, "cso"));
    pdf[12] ^= 1;
    assert!(!is_intact(&pdf, "cso"));
}

#[test]
fn a_stamp_is_taken_in_with_its_resources() {
    let (report, stamp) = (report_for(&["cso"]), pdf(STAMP));
    let request = SignatureRequest { appearance: Some(&stamp), ..request("cso") };
    let signed = sign(&report, &request, &identity(), None).unwrap();
    let document = Document::read(&signed).unwrap();
    let field = document.dict(fields(&document).unwrap()[0].reference).unwrap();
    let form =
        field.get("AP").and_then(Object::as_dict).unwrap().get("N").and_then(Object::as_reference).unwrap();
    let Object::Stream(form) = document.object(form).unwrap() else { panic!("a form is a stream") };
    assert_eq!(form.data, b"BT ET");
    let fonts = form.dict.get("Resources").and_then(Object::as_dict).unwrap().get("Font").unwrap();
    let font = fonts.as_dict().unwrap().get("F").and_then(Object::as_reference).unwrap();
    let dict = document.dict(font).unwrap();
    assert_eq!(dict.get("Self").and_then(Object::as_reference), Some(font), "it refers to its copy");
    let [one, other] = dict.get("Descendants").and_then(Object::as_array).unwrap() else { panic!("two") };
    assert_eq!(one, other);
    assert_eq!(document.resolve(one).unwrap(), Object::String(b"six".to_vec()));
}

#[test]
fn a_field_is_signed_once_and_by_one_identity() {
    let report = report_for(&["author", "cso"]);
    let error = problem(&report, "approver");
    assert!(error.contains("no field for approver") && error.contains("one of: author, cso"), "{error}");
    let own = identity();
    let first = sign(&report, &request("cso"), &own, None).unwrap();
    assert!(problem(&first, "cso").contains("the field of cso is signed already, by Siân (locum)"));
    let error = sign(&first, &request("author"), &own, None).unwrap_err();
    assert!(error.what.contains("this identity has signed already, in the field of cso"), "{error}");
    assert!(problem(&pdf(STAMP), "cso").contains("no field to sign in"));
}

#[test]
fn what_an_earlier_signature_forbids_stays_forbidden() {
    let first = signed(&report_for(&["author", "a.b"]), "author");
    for (from, to, is_locked) in [
        ("/P 2/V", "/P 1/V", true),
        ("/P 2/V", "/P 3/V", false),
        ("/P 2/V /1.2", "/P 2/V /1.2", false),
        (
            "/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>",
            "/FieldMDP/TransformParams<</Action/All>>",
            true,
        ),
        (
            "/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>",
            "/FieldMDP/TransformParams<</Action/Include/Fields[(a%2Eb)]>>",
            true,
        ),
        (
            "/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>",
            "/FieldMDP/TransformParams<</Action/Include/Fields[(b)]>>",
            false,
        ),
        (
            "/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>",
            "/FieldMDP/TransformParams<</Action/Exclude/Fields[(b)]>>",
            true,
        ),
    ] {
        let changed = replaced(&first, from, to);
        let outcome = field_to_sign(&Document::read(&changed).unwrap(), "a.b");
        assert_eq!(outcome.is_err(), is_locked, "{to}: {outcome:?}");
    }
}

/// Replaces a piece of a PDF where there is one, filled with spaces where the new one is shorter.
fn replaced(pdf: &[u8], from: &str, to: &str) -> Vec<u8> {
    let Some(at) = pdf.windows(from.len()).position(|window| window == from.as_bytes()) else {
        return pdf.to_vec();
    };
    // What is longer takes room from the hole, which is behind it and does not matter here.
    let room = pdf.len() - at - from.len();
    let mut changed = [&pdf[..at], to.as_bytes(), &pdf[at + from.len()..at + from.len() + room]].concat();
    let excess = to.len().saturating_sub(from.len());
    let zeros = changed.windows(64).rposition(|window| window.iter().all(|byte| *byte == b'0')).unwrap();
    changed.drain(zeros..zeros + excess);
    changed
        .splice(at + to.len()..at + to.len(), std::iter::repeat_n(b' ', from.len().saturating_sub(to.len())));
    changed
}

#[test]
fn bytes_behind_the_end_and_certificates_out_of_date_are_refused() {
    let report = report_for(&["cso"]);
    assert!(problem(&[&report[..], b"more"].concat(), "cso").contains("4 bytes behind the end"));
    let late = SignatureRequest { time: at("2040-01-01T00:00:00Z"), ..request("cso") };
    let error = sign(&report, &late, &identity(), None).unwrap_err();
    assert!(error.what.contains("is not valid at 2040-01-01"), "{error}");
}

#[test]
fn a_time_stamp_fits() {
    let authority = authority();
    let stamper = Stamper::new(&authority, "2026-09-14T08:06:00Z");
    let own = issued(&person(), &authority);
    let pdf = sign(&report_for(&["cso"]), &request("cso"), &own, Some(&stamper)).unwrap();
    assert!(is_intact(&pdf, "cso"));
}

/// A signer whose signatures are larger than anybody would expect.
struct Verbose(SoftwareIdentity);

impl Signer for Verbose {
    fn chain(&self) -> &[Certificate] {
        self.0.chain()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(vec![7; 20_000])
    }
}

#[test]
fn what_does_not_fit_is_signed_again_with_more_room() {
    let report = report_for(&["cso"]);
    let signed = sign(&report, &request("cso"), &Verbose(identity()), None).unwrap();
    let dict = signature(&Document::read(&signed).unwrap(), "cso");
    let contents = dict.get("Contents").and_then(Object::as_string).unwrap();
    assert!(contents.windows(20_000).any(|window| window.iter().all(|byte| *byte == 7)));
    assert!(signed.len() > report.len() + 40_000);
}

#[test]
fn the_same_is_signed_to_the_same_bytes_but_for_the_value() {
    let report = report_for(&["cso"]);
    let own = identity();
    let [one, other] = [(), ()].map(|()| sign(&report, &request("cso"), &own, None).unwrap());
    let start = one.windows(10).position(|window| window == b"/Contents ").unwrap();
    assert_eq!((one.len(), &one[..start]), (other.len(), &other[..start]));
}
