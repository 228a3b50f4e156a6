//! Signing a report: its fields, what it is signed on, and `cscr sign`.

use crate::commands::{Ran, cscr, text};
use crate::report_engine::fixture::{attachments, pdf_text, report_of_sample};
use crate::signoff::CaseCopy;
use cscr::report::{RenderOptions, SignOff};
use cscr::signature::fields::{Field, fields};
use cscr::signature::identity::{TestAlgorithm, TestAuthority, TestPerson};
use cscr::signature::pdf::{Dict, Document, Object, Objects as _, Stream, Update, leaves};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse";
const DATE: &str = "2026-09-15T09:05:00Z";

/// The report of the sample, whose approvals are missing.
pub fn draft() -> &'static [u8] {
    static DRAFT: OnceLock<Vec<u8>> = OnceLock::new();
    DRAFT.get_or_init(|| report_of_sample("referral-hub", RenderOptions::default()).2.pdf)
}

/// The same, issued and approved by all who have to.
pub fn release() -> &'static [u8] {
    static RELEASE: OnceLock<Vec<u8>> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let case = CaseCopy::of("referral-hub");
        case.run("issue", &["--version", "1.0"]).ended(0);
        let case = case.approved();
        let pdf = case.path("report.pdf");
        case.run("build", &["--release", "-o", text(&pdf)]).ended(0);
        std::fs::read(pdf).unwrap()
    })
}

/// A report with another content in the place of an attached file.
pub fn with_attachment(report: &[u8], name: &str, data: Vec<u8>) -> Vec<u8> {
    let document = Document::read(report).unwrap();
    let mut update = Update::of(&document).unwrap();
    let catalog = update.dict(update.catalog()).unwrap();
    let names = update.find_dict(&catalog, "Names").unwrap().unwrap();
    let tree = leaves(&update, names.get("EmbeddedFiles").unwrap()).unwrap();
    let pairs = tree[0].dict.get("Names").unwrap().as_array().unwrap().to_vec();
    let at = pairs.iter().position(|own| *own == Object::String(name.as_bytes().to_vec())).unwrap();
    let file = update.resolve(&pairs[at + 1]).unwrap();
    let file = update.find_dict(file.as_dict().unwrap(), "EF").unwrap().unwrap();
    let file = file.get("F").unwrap().as_reference().unwrap();
    update.set(file, Stream { dict: Dict::of_type("EmbeddedFile"), data });
    update.finish()
}

/// A folder with a report, and people who sign it.
pub struct Desk {
    folder: TempDir,
    pub authority: TestAuthority,
}

impl Desk {
    pub fn with(report: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("report.pdf"), report).unwrap();
        std::fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        Self { folder, authority: TestAuthority::new("2026-01-01".parse().unwrap()).unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn report(&self) -> Vec<u8> {
        std::fs::read(self.path("report.pdf")).unwrap()
    }

    pub fn identity(&self, name: &str) -> PathBuf {
        let person = TestPerson { name, id: None };
        let from = "2026-01-01".parse().unwrap();
        let file = self.authority.issue(person, TestAlgorithm::P256, from, PASSPHRASE).unwrap();
        let path = self.path(&format!("{name}.p12"));
        std::fs::write(&path, file).unwrap();
        path
    }

    pub fn sign(&self, id: &str, identity: &Path, more: &[&str]) -> Ran {
        let (report, passphrase) = (self.path("report.pdf"), self.path("passphrase"));
        let arguments = ["sign", text(&report), "--as", id, "--identity", text(identity), "--date", DATE];
        cscr(&[&arguments, more, &["--passphrase-file", text(&passphrase)]].concat())
    }
}

fn fields_of(pdf: &[u8]) -> Vec<Field> {
    fields(&Document::read(pdf).unwrap()).unwrap()
}

#[test]
fn a_report_has_a_field_for_each_signatory_and_says_what_it_is_signed_on() {
    let fields = fields_of(draft());
    let labels: Vec<_> =
        fields.iter().map(|field| (field.id.as_str(), field.label.as_deref().unwrap())).collect();
    assert_eq!(
        labels,
        [
            ("ashdown", "Signature of Dr Helen Ashdown, Clinical Safety Officer"),
            ("holt", "Signature of Simon Holt, Director of Product, for Top Management"),
        ]
    );
    assert!(
        fields.iter().all(|field| field.size[0] > 200.0 && field.size[1] > 60.0),
        "there is room to sign"
    );

    let sign_off = SignOff::of_report(&Document::read(draft()).unwrap()).unwrap();
    let ids: Vec<&str> = sign_off.signatories.iter().map(|signatory| signatory.id.as_str()).collect();
    assert_eq!((ids, sign_off.draft, sign_off.reasons.len()), (vec!["ashdown", "holt"], true, 3));
    assert_eq!(sign_off.signatories[0].registration.as_deref(), Some("GMC FICTITIOUS-0001"));
    assert_eq!((sign_off.template.as_str(), sign_off.as_of.to_string().as_str()), ("ers-cscr", "2026-09-14"));
    let keys: Vec<&str> = sign_off.digests.keys().map(String::as_str).collect();
    assert_eq!(keys, ["cscr", "hazard_log", "plan", "tom"]);
}

#[test]
fn a_published_copy_has_nothing_to_sign_in() {
    let options = RenderOptions { include_names: false, ..RenderOptions::default() };
    let (.., published) = report_of_sample("referral-hub", options);
    assert_eq!(fields_of(&published.pdf), []);
    assert!(attachments(&published.pdf).iter().all(|(name, ..)| name != SignOff::FILE));
    let desk = Desk::with(&published.pdf);
    let ran = desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &["--draft"]).ended(2);
    assert!(ran.err.contains("sign-off.json is not attached to it"), "{}", ran.err);
}

#[test]
fn all_sign_one_after_the_other_and_what_was_signed_stays() {
    let desk = Desk::with(release());
    let unsigned = desk.report();
    let ran = desk
        .sign("ashdown", &desk.identity("Dr Helen Ashdown"), &["--reason", "I approve (all of) it"])
        .ended(0);
    assert_eq!(ran.out.trim(), text(&desk.path("report.pdf")));
    assert!(
        ran.err.contains("Signed by Dr Helen Ashdown: 1 of 2 signatures; still to sign: holt."),
        "{}",
        ran.err
    );
    let first = desk.report();
    let ran = desk.sign("holt", &desk.identity("Simon Holt"), &[]).ended(0);
    assert!(ran.err.contains("2 of 2 signatures; all have signed."), "{}", ran.err);
    let second = desk.report();
    assert!(first.starts_with(&unsigned) && second.starts_with(&first));
    assert_eq!(pdf_text(&second), pdf_text(&unsigned), "the pages say what they said");

    let document = Document::read(&second).unwrap();
    let signed: Vec<_> = fields_of(&second).into_iter().map(|field| field.signature.unwrap()).collect();
    let certification = document.dict(signed[0]).unwrap();
    assert!(certification.has("Reference") && !document.dict(signed[1]).unwrap().has("Reference"));
    assert_eq!(certification.get("Reason"), Some(&Object::String(b"I approve (all of) it".to_vec())));
    assert_eq!(certification.get("M"), Some(&Object::String(b"D:20260915090500Z".to_vec())));

    let again = desk.sign("holt", &desk.identity("Simon Holt"), &[]).ended(2);
    assert!(again.err.contains("the field of holt is signed already, by Simon Holt"), "{}", again.err);
    assert_eq!(desk.report(), second, "what is refused changes nothing");
}

#[test]
fn a_draft_is_signed_only_where_somebody_says_so() {
    let desk = Desk::with(draft());
    let identity = desk.identity("Dr Helen Ashdown");
    let ran = desk.sign("ashdown", &identity, &[]).ended(1);
    assert!(ran.err.contains("Not signed: the report is a DRAFT."), "{}", ran.err);
    assert!(ran.err.contains("The hazard log is not approved by Dr Helen Ashdown"), "{}", ran.err);
    assert_eq!(desk.report(), draft());
    let elsewhere = desk.path("signed.pdf");
    let ran = desk.sign("ashdown", &identity, &["--draft", "-o", text(&elsewhere), "--quiet"]).ended(0);
    assert_eq!((ran.err.as_str(), desk.report().as_slice()), ("", draft()), "the draft stays beside it");
    assert!(fields_of(&std::fs::read(elsewhere).unwrap())[0].signature.is_some());
}

/// Whoever can change the file can change what it says of itself.
#[test]
fn a_draft_that_says_that_it_is_none_is_not_signed() {
    let document = Document::read(draft()).unwrap();
    let said = String::from_utf8(document.attachment(SignOff::FILE, 1 << 24).unwrap().unwrap()).unwrap();
    let flipped = said.replacen("\"draft\":true", "\"draft\":false", 1).replacen(
        "\"draft\": true",
        "\"draft\": false",
        1,
    );
    assert_ne!(said, flipped);
    let desk = Desk::with(&with_attachment(draft(), SignOff::FILE, flipped.into_bytes()));
    let before = desk.report();
    let ran = desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &[]).ended(1);
    assert!(ran.err.contains("no recorded approval of ashdown is of its content"), "{}", ran.err);
    assert_eq!(desk.report(), before);
}

#[test]
fn nobody_signs_under_what_was_changed_since_another_signed() {
    let desk = Desk::with(release());
    desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &[]).ended(0);
    let changed = with_attachment(&desk.report(), "case.json", b"{}".to_vec());
    std::fs::write(desk.path("report.pdf"), changed).unwrap();
    let ran = desk.sign("holt", &desk.identity("Simon Holt"), &[]).ended(2);
    assert!(ran.err.contains("the attachment case.json was changed"), "{}", ran.err);
}

#[test]
fn nobody_signs_as_somebody_else_by_mistake() {
    let desk = Desk::with(release());
    let identity = desk.identity("Simon Holt");
    let ran = desk.sign("ashdown", &identity, &[]).ended(1);
    assert!(ran.err.contains("ashdown is Dr Helen Ashdown in this case"), "{}", ran.err);
    assert!(ran.err.contains("Not signed.") && fields_of(&desk.report())[0].signature.is_none());
    let ran = desk.sign("ashdown", &identity, &["--name-differs"]).ended(0);
    let said =
        "Signed in the field of Dr Helen Ashdown with the certificate of TEST Simon Holt: 1 of 2 signatures";
    assert!(ran.err.contains(said), "{}", ran.err);
    let signed = desk.report();
    let document = Document::read(&signed).unwrap();
    let signature = document.dict(fields_of(&signed)[0].signature.unwrap()).unwrap();
    let name = Object::String(b"Dr Helen Ashdown (certificate of TEST Simon Holt)".to_vec());
    assert_eq!(signature.get("Name"), Some(&name), "PDF readers show it");
    let ran = desk.sign("holt", &identity, &[]).ended(2);
    assert!(ran.err.contains("this identity has signed already, in the field of ashdown"), "{}", ran.err);
}

#[test]
fn whoever_signs_is_told_what_before_a_passphrase_is_asked_for() {
    let desk = Desk::with(draft());
    let identity = desk.identity("Dr Helen Ashdown");
    std::fs::write(desk.path("passphrase"), "wrong").unwrap();
    let ran = desk.sign("ashdown", &identity, &["--draft"]).ended(2);
    let printed = pdf_text(draft());
    let footer = printed.split_once("content ").map(|(_, rest)| rest[..9].to_owned()).unwrap();
    let expected = format!(
        "To be signed\n  report   Clinical Safety Case Report - Referral Hub Release 4.2\n  product  Referral Hub, release 4.2\n  \
         version  1.0, DRAFT\n  content  {footer}\n  by       Dr Helen Ashdown, Clinical Safety Officer\n"
    );
    assert!(ran.err.starts_with(&expected), "{expected}\n{}", ran.err);
    let quiet = desk.sign("ashdown", &identity, &["--draft", "--quiet"]).ended(2);
    assert!(!quiet.err.contains("To be signed"), "{}", quiet.err);
}

#[test]
fn a_registration_that_has_ended_is_told_to_whoever_signs_and_to_whoever_verifies() {
    let desk = Desk::with(draft());
    let (report, identity, passphrase) =
        (desk.path("report.pdf"), desk.identity("Dr Helen Ashdown"), desk.path("passphrase"));
    let [in_time, late] = ["2027-03-31T23:00:00Z", "2027-04-01T09:00:00Z"].map(|date| {
        let signed = desk.path(&format!("{}.pdf", &date[..10]));
        let arguments = ["sign", text(&report), "--as", "ashdown", "--identity", text(&identity), "--draft"];
        let how = ["--date", date, "--passphrase-file", text(&passphrase), "-o", text(&signed)];
        let ran = cscr(&[&arguments[..], &how].concat()).ended(0);
        let verify = ["verify", text(&signed), "--require", "ashdown", "--as-of", "2027-04-02T12:00:00Z"];
        let verified = cscr(&[&verify[..], &["--format", "json"]].concat()).ended(0).json();
        let words = cscr(&verify).ended(0).out;
        (ran.err, verified["people"][0]["registration_ended"].clone(), words)
    });
    assert!(
        !in_time.0.contains("expired") && in_time.1.is_null() && !in_time.2.contains("expired"),
        "{in_time:?}"
    );
    let caution = "Caution: the registration of Dr Helen Ashdown (GMC FICTITIOUS-0001) expired on 31 March 2027, before this signature";
    assert!(late.0.contains(caution), "{}", late.0);
    assert_eq!(late.1, "2027-03-31");
    let said = "By the report their registration (GMC FICTITIOUS-0001) had expired on 31 March 2027.";
    assert!(late.2.contains(said), "{}", late.2);
}

#[test]
fn what_cannot_be_signed_is_said_before_anything_is_asked() {
    let desk = Desk::with(draft());
    let identity = desk.identity("Dr Helen Ashdown");
    let ran = desk.sign("nobody", &identity, &["--draft"]).ended(2);
    assert!(
        ran.err.contains("no field for nobody") && ran.err.contains("one of: ashdown, holt"),
        "{}",
        ran.err
    );
    std::fs::write(desk.path("passphrase"), "Xyzzy-7").unwrap();
    let ran = desk.sign("ashdown", &identity, &["--draft"]).ended(2);
    assert!(ran.err.contains("the passphrase is wrong") && !ran.err.contains("Xyzzy-7"), "{}", ran.err);
    std::fs::write(desk.path("passphrase"), PASSPHRASE).unwrap();

    let mut cut = draft().to_vec();
    cut.truncate(cut.len() - 30);
    for (bytes, what) in [
        (cut, "behind the end of the PDF"),
        ([draft(), b"\n% more"].concat(), "behind the end of the PDF"),
        (b"%PDF-1.7\n".to_vec(), "is not complete"),
    ] {
        std::fs::write(desk.path("report.pdf"), bytes).unwrap();
        let ran = desk.sign("ashdown", &identity, &["--draft"]).ended(2);
        assert!(ran.err.contains(what), "{}", ran.err);
    }
    std::fs::write(desk.path("report.pdf"), "text").unwrap();
    let ran = desk.sign("ashdown", &identity, &["--draft"]).ended(2);
    assert!(
        ran.err.contains("report.pdf is no PDF, and cannot be signed\n  do: name the report"),
        "{}",
        ran.err
    );
}

#[test]
fn with_rsa_and_a_date_the_same_is_signed_to_the_same_bytes() {
    let desk = Desk::with(release());
    std::fs::write(desk.path("passphrase"), "test passphrase").unwrap();
    let identity = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/identities/rsa.p12");
    let [one, other] = ["one.pdf", "other.pdf"].map(|name| {
        let (report, path, passphrase) = (desk.path("report.pdf"), desk.path(name), desk.path("passphrase"));
        let arguments = ["sign", text(&report), "--as", "holt", "--identity", text(&identity)];
        let how =
            ["--name-differs", "--date", "2027-01-01T00:00:00Z", "--passphrase-file", text(&passphrase)];
        cscr(&[&arguments[..], &how, &["-o", text(&path)]].concat()).ended(0);
        std::fs::read(path).unwrap()
    });
    assert!(one == other && fields_of(&one)[1].signature.is_some());
}
