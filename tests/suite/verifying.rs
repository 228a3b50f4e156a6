//! Verifying a report: `cscr verify` and `cscr ltv`, as somebody uses them.

use crate::commands::{Ran, cscr, sample, text};
use crate::signing::{Desk, draft};
use crate::signoff::CaseCopy;
use cscr::signature::identity::{TestAlgorithm, TestAuthority, TestPerson};
use cscr::signature::pdf::{Dict, Document, Object, Objects as _, Reference, Stream, Update, leaves};
use cscr::signature::sign::{SignatureRequest, sign};
use cscr::signature::verify::{Expectations, verify};
use std::path::Path;
use std::sync::OnceLock;

/// The sample, released and signed by all.
struct Signed {
    case: CaseCopy,
    desk: Desk,
}

fn signed() -> &'static Signed {
    static SIGNED: OnceLock<Signed> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let case = CaseCopy::of("referral-hub");
        case.run("issue", &["--version", "1.0"]).ended(0);
        let case = case.approved();
        let pdf = case.path("report.pdf");
        case.run("build", &["--release", "-o", text(&pdf)]).ended(0);
        let desk = Desk::with(&std::fs::read(pdf).unwrap());
        desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &["--reason", "I approve this report"])
            .ended(0);
        desk.sign("holt", &desk.identity("Simon Holt"), &[]).ended(0);
        std::fs::write(desk.path("ca.pem"), desk.authority.certificate().to_pem()).unwrap();
        Signed { case, desk }
    })
}

/// Verifies a report a few days after it was signed, whatever the day is.
fn verify_file(report: &Path, more: &[&str]) -> Ran {
    cscr(&[&["verify", text(report), "--as-of", "2026-09-20T12:00:00Z"], more].concat())
}

/// Verifies these bytes in a file of their own.
fn verified(name: &str, pdf: &[u8], more: &[&str]) -> Ran {
    let path = signed().desk.path(name);
    std::fs::write(&path, pdf).unwrap();
    verify_file(&path, more)
}

#[test]
fn a_clinician_reads_who_signed_and_that_nothing_has_changed() {
    let Signed { case, desk } = signed();
    let (report, ca) = (desk.path("report.pdf"), desk.path("ca.pem"));
    let ran = verify_file(&report, &["--trust", text(&ca), "--case", text(&case.path(""))]).ended(0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].contains("for release"), "{}", ran.out);
    assert_eq!(
        lines[1],
        "Signed by Dr Helen Ashdown, Clinical Safety Officer, on 15 September 2026 (by their own clock), with a TEST identity. Since then others have signed, and nothing else has changed."
    );
    assert_eq!(
        lines[2],
        "Signed by Simon Holt, Director of Product, for Top Management, on 15 September 2026 (by their own clock), with a TEST identity. Nothing has changed since."
    );
    for words in [
        "revision 4: the empty field of holt was signed",
        "TEST identities were used",
        "the case gives the very bytes that were signed",
        "is what the report says, and its approvals name it",
        "claimed: by the signer's own clock",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    assert!(ran.out.ends_with("and unchanged.\n") && ran.out.contains("\nYes: signed with TEST identities"));
    assert!(!ran.out.contains("NO"), "{}", ran.out);
}

#[test]
fn without_anybody_to_trust_only_integrity_is_said() {
    let ran = verify_file(&signed().desk.path("report.pdf"), &[]).ended(0);
    assert!(ran.out.contains("Yes, as far as asked: "), "{}", ran.out);
    assert!(ran.out.contains("no authority was named with --trust"), "{}", ran.out);
    let stranger = Desk::with(draft());
    let other = stranger.path("ca.pem");
    std::fs::write(&other, stranger.authority.certificate().to_pem()).unwrap();
    let ran = verify_file(&signed().desk.path("report.pdf"), &["--trust", text(&other)]).ended(1);
    assert!(ran.out.contains("is not to be trusted: it leads to TEST Signing CA"), "{}", ran.out);
}

#[test]
fn machines_read_the_same_as_json() {
    let ran = verify_file(&signed().desk.path("report.pdf"), &["--format", "json"]).ended(0);
    let json = ran.json();
    assert_eq!((&json["holds"], &json["draft"]), (&true.into(), &false.into()));
    assert_eq!(json["signatures"][0]["field"], "ashdown");
    assert_eq!(json["signatures"][0]["certifies"], true);
    assert_eq!(json["signatures"][1]["after"], "nothing");
    assert_eq!(json["signatures"][1]["time"]["time"], "2026-09-15T09:05:00Z");
    assert_eq!(json["agreement"]["faults"].as_array().unwrap().len(), 0);
    assert!(json["agreement"]["approvals"].as_array().unwrap().len() == 3);

    let whole = signed().desk.report();
    let start = Document::read(&whole).unwrap().revisions()[0].end - 100;
    let unreadable = verified("start.pdf", &whole[..start], &["--format", "json"]).ended(1).json();
    let keys = |json: &serde_json::Value| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&unreadable), keys(&json), "an answer has one shape");
    assert!(unreadable["objections"][0].as_str().unwrap().contains("its end is missing"), "{unreadable}");
}

#[test]
fn an_earlier_state_is_not_taken_for_the_last() {
    let whole = signed().desk.report();
    let document = Document::read(&whole).unwrap();
    let ends: Vec<usize> = document.revisions().iter().map(|revision| revision.end).collect();
    let ran = verified("earlier.pdf", &whole[..ends[ends.len() - 2]], &[]).ended(1);
    assert!(ran.out.contains("Simon Holt has not signed."), "{}", ran.out);
    verified("earlier.pdf", &whole[..ends[ends.len() - 2]], &["--require", "ashdown"]).ended(0);
    let ran = verified("unsigned.pdf", &whole[..ends[0]], &[]).ended(1);
    assert!(ran.out.contains("Nobody has signed it."), "{}", ran.out);
    let ran = verified("half.pdf", &whole[..whole.len() - 100], &[]).ended(1);
    assert!(ran.out.contains("bytes stand behind the end of the document"), "{}", ran.out);
    let ran = verified("start.pdf", &whole[..ends[0] - 100], &[]).ended(1);
    assert!(ran.out.contains("No: nothing can be said for this file."), "{}", ran.out);
    verified("longer.pdf", &[&whole, &b"\n"[..]].concat(), &[]).ended(1);
    let ran = verified("text.pdf", b"no PDF at all", &[]).ended(2);
    assert!(ran.err.contains("is no PDF"), "{}", ran.err);
}

/// Puts a revision behind the signed report.
fn attacked(change: impl FnOnce(&mut Update<'_>)) -> String {
    let whole = signed().desk.report();
    let document = Document::read(&whole).unwrap();
    let mut update = Update::of(&document).unwrap();
    change(&mut update);
    let pdf = update.finish();
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("attacked.pdf");
    std::fs::write(&path, pdf).unwrap();
    verify_file(&path, &[]).ended(1).out
}

fn first_page(update: &Update<'_>) -> Reference {
    let catalog = update.dict(update.catalog()).unwrap();
    leaves(update, catalog.get("Pages").unwrap()).unwrap()[0].reference.unwrap()
}

#[test]
fn what_was_done_to_a_signed_report_is_named() {
    let said = attacked(|update| {
        let page = first_page(update);
        let content = update.add(Stream { dict: Dict::new(), data: b"BT ET".to_vec() });
        let dict = update.dict(page).unwrap().with("Contents", content);
        update.set(page, dict);
    });
    assert!(
        said.contains("After Simon Holt had signed, the content of page 1 was replaced.")
            && said.contains("THE DOCUMENT WAS CHANGED SINCE."),
        "{said}"
    );
    let said = attacked(|update| {
        let page = update.dict(first_page(update)).unwrap();
        let page = update.add(page);
        let catalog = update.dict(update.catalog()).unwrap();
        let root = catalog.get("Pages").unwrap().as_reference().unwrap();
        let mut kids = update.dict(root).unwrap().get("Kids").unwrap().as_array().unwrap().to_vec();
        kids.push(page.into());
        let pages = update.dict(root).unwrap().with("Kids", kids);
        update.set(root, pages);
    });
    assert!(said.contains("a page was added"), "{said}");
    let said = attacked(|update| {
        let catalog = update.dict(update.catalog()).unwrap();
        let names = update.find_dict(&catalog, "Names").unwrap().unwrap();
        let tree = leaves(update, names.get("EmbeddedFiles").unwrap()).unwrap();
        let pairs = tree[0].dict.get("Names").unwrap().as_array().unwrap().to_vec();
        let name = pairs.iter().position(|name| *name == Object::String(b"case.json".to_vec())).unwrap();
        let file = update.resolve(&pairs[name + 1]).unwrap();
        let file = update.find_dict(file.as_dict().unwrap(), "EF").unwrap().unwrap();
        let file = file.get("F").unwrap().as_reference().unwrap();
        update.set(file, Stream { dict: Dict::of_type("EmbeddedFile"), data: b"{}".to_vec() });
    });
    assert!(said.contains("the attachment case.json was changed"), "{said}");
    assert!(said.contains("The attached case has another hazard log than the report says."), "{said}");
}

/// Bytes here and there in the whole report: headers, pages, fonts, attachments, tables, signatures.
#[test]
fn no_flipped_byte_of_a_report_is_accepted() {
    let whole = signed().desk.report();
    let document = Document::read(&whole).unwrap();
    let last = document.revisions().last().unwrap().start;
    let step = whole.len() / 24;
    let behind = (last..whole.len()).step_by((whole.len() - last) / 24);
    for place in (0..whole.len()).step_by(step).chain(behind) {
        let mut flipped = whole.clone();
        flipped[place] ^= 0x01;
        let holds = verify(&flipped, &Expectations::default()).is_ok_and(|answer| answer.holds());
        assert!(!holds, "byte {place}");
    }
}

#[test]
fn a_case_that_has_changed_gives_another_report() {
    let Signed { desk, .. } = signed();
    let case = CaseCopy::of("referral-hub");
    case.replace("supplement.toml", "reason = \"", "reason = \"Looked at again. ");
    let report = desk.path("report.pdf");
    let ran = verify_file(&report, &["--case", text(&case.path(""))]).ended(1);
    assert!(ran.out.contains("the case gives another report, from byte"), "{}", ran.out);
    assert!(ran.out.contains("case.json") && ran.out.contains("sign-off.json"), "{}", ran.out);
}

#[test]
fn a_signed_draft_is_called_one() {
    let desk = Desk::with(draft());
    for (id, name) in [("ashdown", "Dr Helen Ashdown"), ("holt", "Simon Holt")] {
        desk.sign(id, &desk.identity(name), &["--draft"]).ended(0);
    }
    let report = desk.path("report.pdf");
    let ran = verify_file(&report, &["--case", text(&sample("referral-hub"))]).ended(0);
    assert!(ran.out.contains("It is a DRAFT.") && ran.out.contains("the very bytes"), "{}", ran.out);
    assert!(ran.out.contains("is what the report says; no approval is recorded"), "{}", ran.out);
}

#[test]
fn a_certificate_of_another_name_is_not_passed_over() {
    let desk = Desk::with(draft());
    desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &["--draft"]).ended(0);
    desk.sign("holt", &desk.identity("Ada Birch"), &["--draft", "--name-differs"]).ended(0);
    let report = desk.path("report.pdf");
    let ran = verify_file(&report, &[]).ended(1);
    assert!(
        ran.out.contains("The certificate in the field of Simon Holt is of TEST Ada Birch."),
        "{}",
        ran.out
    );
    let field = "Signed in the field of Simon Holt, Director of Product, for Top Management, with a certificate of TEST Ada Birch, on";
    assert!(ran.out.contains(field) && !ran.out.contains("Signed by Simon Holt"), "{}", ran.out);
    assert!(!ran.out.contains("Signature of Simon Holt"), "{}", ran.out);
    let ran = verify_file(&report, &["--name-differs", "holt"]).ended(0);
    assert!(ran.out.contains(field) && !ran.out.contains("Signed by Simon Holt"), "{}", ran.out);
    assert!(ran.out.contains("That TEST Ada Birch is Simon Holt is your word"), "{}", ran.out);
    let verdict = ran.out.lines().last().unwrap();
    assert!(verdict.contains(" By your word, TEST Ada Birch is Simon Holt."), "{verdict}");
    let json = cscr(&["verify", text(&report), "--name-differs", "holt", "--format", "json"]).ended(0).json();
    let [helen, simon] = [0, 1].map(|index| &json["people"][index]);
    assert!(helen["certificate_of"].is_null() && helen["same_by_your_word"] == false, "{helen}");
    assert!(simon["certificate_of"] == "TEST Ada Birch" && simon["same_by_your_word"] == true, "{simon}");
}

#[test]
fn a_key_where_a_certificate_is_asked_for_is_named_for_what_it_is() {
    let Signed { desk, .. } = signed();
    let (report, key) = (desk.path("report.pdf"), desk.path("Simon Holt.p12"));
    let ran = cscr(&["verify", text(&report), "--trust", text(&key)]).ended(2);
    let said = "Simon Holt.p12: this is a key with its certificates (PKCS#12) and no certificate\n  do: name the certificate";
    assert!(ran.err.contains(said), "{}", ran.err);
    let ran = cscr(&["verify", text(&report), "--trust", text(&desk.path("passphrase"))]).ended(2);
    assert!(
        ran.err.contains("a certificate cannot be read") && ran.err.contains("do: name the"),
        "{}",
        ran.err
    );
}

#[test]
fn what_proves_the_signatures_can_be_kept_in_the_report() {
    let Signed { desk, .. } = signed();
    let (report, kept) = (desk.path("report.pdf"), desk.path("kept.pdf"));
    let ran = cscr(&["ltv", text(&report), "-o", text(&kept)]).ended(1);
    assert!(ran.err.contains("Added: 3 certificates, 0 revocation lists, 0 OCSP answers."), "{}", ran.err);
    assert!(
        ran.err.contains("Still not known: whether the certificate of TEST Dr Helen Ashdown was revoked")
    );
    let pdf = std::fs::read(&kept).unwrap();
    assert!(pdf.starts_with(&desk.report()));
    let ran = verify_file(&kept, &[]).ended(0);
    assert!(ran.out.contains("data for long-term validation was added"), "{}", ran.out);
}

#[test]
fn without_what_the_report_says_of_itself_it_is_no_report() {
    let document = Document::read(draft()).unwrap();
    let mut update = Update::of(&document).unwrap();
    let catalog = update.dict(update.catalog()).unwrap().with("Names", Dict::new());
    update.set(update.catalog(), catalog);
    let stripped = update.finish();
    let desk = Desk::with(&stripped);
    let person = TestPerson { name: "Dr Helen Ashdown", id: None };
    let identity =
        desk.authority.identity(person, TestAlgorithm::P256, "2026-01-01".parse().unwrap()).unwrap();
    let request = SignatureRequest {
        field: "ashdown",
        name: "Dr Helen Ashdown",
        reason: None,
        time: "2026-09-15T09:05:00Z".parse().unwrap(),
        appearance: None,
    };
    let signed = sign(&Document::read(&stripped).unwrap(), &request, &identity, None).unwrap();
    std::fs::write(desk.path("report.pdf"), signed).unwrap();
    let ran = verify_file(&desk.path("report.pdf"), &["--require", "ashdown"]).ended(1);
    assert!(ran.out.contains("This is no report of cscr"), "{}", ran.out);
    let ran = verify_file(&desk.path("report.pdf"), &[]).ended(1);
    assert!(ran.out.contains("holt has not signed."), "{}", ran.out);
}

#[test]
fn a_signature_is_from_no_day_that_is_still_to_come() {
    let Signed { desk, .. } = signed();
    let (report, ca) = (desk.path("report.pdf"), desk.path("ca.pem"));
    let early = ["verify", text(&report), "--as-of", "2026-09-01T00:00:00Z"];
    for trust in [&["--trust", text(&ca)][..], &[]] {
        let ran = cscr(&[&early[..], trust].concat()).ended(1);
        assert!(ran.out.contains("lies in the future"), "{}", ran.out);
    }
    // Nobody who names no day is told that all is well whatever the day.
    let from = "2990-01-01".parse().unwrap();
    let mut later = Desk::with(draft());
    later.authority = TestAuthority::new(from).unwrap();
    let person = TestPerson { name: "Dr Helen Ashdown", id: None };
    let identity = later.path("later.p12");
    let file = later.authority.issue(person, TestAlgorithm::P256, from, "correct horse").unwrap();
    std::fs::write(&identity, file).unwrap();
    let (report, passphrase) = (later.path("report.pdf"), later.path("passphrase"));
    let how = ["--draft", "--date", "2990-06-01T00:00:00Z", "--passphrase-file", text(&passphrase)];
    let sign = ["sign", text(&report), "--as", "ashdown", "--identity", text(&identity)];
    cscr(&[&sign[..], &how].concat()).ended(0);
    let ran = cscr(&["verify", text(&report), "--require", "ashdown"]).ended(1);
    assert!(ran.out.contains("lies in the future"), "{}", ran.out);
}

#[test]
fn a_certificate_that_has_ended_is_told_where_nobody_else_says_when() {
    let Signed { desk, .. } = signed();
    let (report, ca) = (desk.path("report.pdf"), desk.path("ca.pem"));
    let ran =
        cscr(&["verify", text(&report), "--as-of", "2035-01-01T00:00:00Z", "--trust", text(&ca)]).ended(0);
    assert!(ran.out.contains("The certificate of Simon Holt has ended since"), "{}", ran.out);
}

#[test]
fn nothing_is_fetched_for_certificates_that_lead_to_nobody() {
    let report = signed().desk.path("report.pdf");
    let ran = cscr(&["ltv", text(&report), "--fetch"]).ended(2);
    assert!(ran.err.contains("--trust"), "{}", ran.err);
}
