//! Packing a safety case for others, and verifying what came: `cscr pack`, as somebody uses it.

use crate::commands::{Ran, cscr, sample, text};
use crate::report_engine::fixture::pdf_text;
use crate::signing::Desk;
use crate::signoff::CaseCopy;
use cscr::case::Date;
use cscr::case::digest::sha256_hex;
use cscr::submission::archive::{self, Archive, Bounds};
use cscr::submission::manifest::Sums;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A few days after the report was signed.
const AS_OF: &str = "2026-09-20T12:00:00Z";

type Files = BTreeMap<String, Vec<u8>>;

/// The sample, released and signed by all, and packed for release.
struct Packed {
    case: CaseCopy,
    desk: Desk,
    report: PathBuf,
    pack: PathBuf,
}

fn packed() -> &'static Packed {
    static PACKED: OnceLock<Packed> = OnceLock::new();
    PACKED.get_or_init(|| {
        let case = CaseCopy::of("referral-hub");
        case.run("issue", &["--version", "1.0"]).ended(0);
        let case = case.approved();
        let pdf = case.path("report.pdf");
        case.run("build", &["--release", "-o", text(&pdf)]).ended(0);
        let desk = Desk::with(&fs::read(pdf).unwrap());
        desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &[]).ended(0);
        desk.sign("holt", &desk.identity("Simon Holt"), &[]).ended(0);
        fs::write(desk.path("ca.pem"), desk.authority.certificate().to_pem()).unwrap();
        let (report, pack) = (desk.path("report.pdf"), desk.path("pack.zip"));
        let trust = desk.path("ca.pem");
        let arguments = ["--report", text(&report), "-o", text(&pack), "--as-of", AS_OF, "--release"];
        // Anybody can make a TEST identity in any name.
        let ran = case.run("pack", &arguments).ended(1);
        let said =
            "Dr Helen Ashdown has signed the report with a TEST identity, which is no signature unless";
        assert!(ran.err.contains(said) && !pack.exists(), "{}", ran.err);
        case.run("pack", &[&arguments[..], &["--trust", text(&trust)]].concat()).ended(0);
        Packed { case, desk, report, pack }
    })
}

fn files(pack: &Path) -> Files {
    let bytes = fs::read(pack).unwrap();
    let mut archive = Archive::open(Cursor::new(&bytes[..]), &Bounds::default()).unwrap();
    let entries = archive.entries().to_vec();
    entries.iter().map(|entry| (entry.name.clone(), archive.bytes(entry).unwrap())).collect()
}

/// A pack of these files, verified.
fn verified(files: &Files, more: &[&str]) -> Ran {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("pack.zip");
    let date = Date::new(2026, 9, 14).unwrap();
    let files = files.iter().map(|(name, bytes)| Ok((name.clone(), Cow::Borrowed(&bytes[..]))));
    fs::write(&path, archive::write(Cursor::new(Vec::new()), date, files).unwrap().into_inner()).unwrap();
    verify(&path, more)
}

fn verify(pack: &Path, more: &[&str]) -> Ran {
    let trust = packed().desk.path("ca.pem");
    cscr(&[&["pack", "--verify", text(pack), "--as-of", AS_OF, "--trust", text(&trust)], more].concat())
}

fn manifest(files: &Files) -> Value {
    serde_json::from_slice(&files["manifest.json"]).unwrap()
}

/// The pack with other content of one file, and manifest and sums made anew, as somebody would who forges it.
fn forged(path: &str, content: Vec<u8>, change: impl FnOnce(&mut Value)) -> Files {
    let mut files = files(&packed().pack);
    let mut manifest = manifest(&files);
    for file in manifest["files"].as_array_mut().unwrap() {
        if file["path"] == path {
            file["size"] = content.len().into();
            file["sha256"] = sha256_hex(&content).into();
        }
    }
    change(&mut manifest);
    files.insert(path.to_owned(), content);
    files.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
    let sums = files.iter().filter(|(name, _)| *name != "SHA256SUMS");
    let sums = Sums(sums.map(|(name, bytes)| (name.clone(), sha256_hex(bytes))).collect());
    files.insert("SHA256SUMS".to_owned(), sums.text().into_bytes());
    files
}

/// The pack without the documents of these roles, of which its manifest says that they are not needed.
fn excusing(roles: &[&str]) -> Files {
    let mut gone = Vec::new();
    let mut files = forged("SHA256SUMS", Vec::new(), |manifest| {
        let is_gone = |file: &Value| roles.contains(&file["role"].as_str().unwrap());
        let files = manifest["files"].as_array_mut().unwrap();
        gone.extend(files.extract_if(.., |file| is_gone(file)));
        let excuse = |role: &&str| serde_json::json!({"role": role, "why": "It is not needed."});
        manifest["not_needed"].as_array_mut().unwrap().extend(roles.iter().map(excuse));
    });
    for file in gone {
        files.remove(file["path"].as_str().unwrap());
    }
    files
}

const LOG: &str = "Referral-Hub-Hazard-Log-v1.0.xlsx";
const REPORT: &str = "Clinical-Safety-Case-Report-Referral-Hub-Release-4.2-v1.0.pdf";

#[test]
fn a_signed_release_is_packed_and_verified() {
    let Packed { desk, pack, .. } = packed();
    let files = files(pack);
    let manifest = manifest(&files);
    assert_eq!((&manifest["draft"], &manifest["reasons"]), (&false.into(), &Value::Array(Vec::new())));
    assert_eq!(files[REPORT], desk.report());
    for (role, name) in [
        ("hazard-log", LOG),
        ("hazard-log-as-given", "Hazard-Log-As-Given/hazard-log.xlsx"),
        ("plan", "Clinical-Risk-Management-Plan-Referral-Hub-v3.1.md"),
        ("minutes", "PSA-Minutes-Referral-Hub-Release-4.2.pdf"),
        ("tom", "Target-Operating-Model-Referral-Hub-Release-4.2.xlsx"),
        ("compliance", "DCB0129-Compliance-Referral-Hub-Release-4.2-v1.0.xlsx"),
        ("cso-evidence", "CSO-Evidence/cso-registration.md"),
        ("evidence", "Evidence/EV-01-baseline-review.md"),
        ("covering-letter", "Covering-Letter-Referral-Hub-Release-4.2-v1.0.pdf"),
    ] {
        let of_role = |file: &&Value| file["role"] == role && file["path"] == name;
        let entry = manifest["files"].as_array().unwrap().iter().find(of_role);
        let entry = entry.unwrap_or_else(|| panic!("{role}: {:?}", files.keys()));
        assert_eq!(entry["sha256"], sha256_hex(&files[name]), "{role}");
    }
    let letter = pdf_text(&files["Covering-Letter-Referral-Hub-Release-4.2-v1.0.pdf"]);
    assert!(letter.contains("Signed by Dr Helen Ashdown on 15 September 2026"), "{letter}");
    let ran = verify(pack, &[]).ended(0);
    assert!(ran.out.contains("signed by Dr Helen Ashdown, Simon Holt"), "{}", ran.out);
    assert!(ran.out.contains("15 hazards, the same and rated alike"), "{}", ran.out);
    assert!(ran.out.contains("TEST identities") && ran.out.ends_with("and complete.\n"), "{}", ran.out);
    let json = verify(pack, &["--format", "json"]).ended(0).json();
    assert_eq!((&json["holds"], &json["files"]["count"]), (&true.into(), &(files.len() - 2).into()));
    assert_eq!(json["report"]["answer"]["signatures"][0]["field"], "ashdown");
}

#[test]
fn the_same_inputs_give_the_same_bytes_and_sums_that_others_can_check() {
    let Packed { case, desk, report, pack } = packed();
    let again = desk.path("again.zip");
    let trust = desk.path("ca.pem");
    let trust = ["--trust", text(&trust), "--as-of", AS_OF];
    case.run("pack", &[&["--report", text(report), "-o", text(&again)], &trust[..]].concat()).ended(0);
    assert_eq!(fs::read(&again).unwrap(), fs::read(pack).unwrap());
    let files = files(pack);
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
    let lines: Vec<&str> = sums.lines().collect();
    assert_eq!(lines.len(), files.len() - 1);
    for line in lines {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sum, sha256_hex(&files[name]), "{name}");
    }
    assert!(
        cscr(&["diff", text(pack), text(&case.path("")), "--exit-code"])
            .ended(0)
            .out
            .contains("say the same")
    );
}

#[test]
fn a_draft_says_so_and_is_refused_for_release() {
    let case = CaseCopy::of("referral-hub");
    case.replace("case.toml", "plan = \"documents/clinical-risk-management-plan.md\"\n", "");
    fs::write(case.path("evidence/baseline-review.md"), "").unwrap();
    let ran = case.run("pack", &[]).ended(0);
    assert!(
        ran.out.trim_end().ends_with("Referral-Hub-Release-4.2-v1.0-Clinical-Safety-Submission-DRAFT.zip"),
        "{}",
        ran.out
    );
    for words in [
        "It is a DRAFT:",
        "Dr Helen Ashdown has not signed the report.",
        "Version 1.0 of the report was not issued",
        "\"evidence/baseline-review.md\", which evidence EV-01 names, is empty.\n    do: put the document",
        "The clinical risk management plan is not given as a file.\n    do: put it into the case folder",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    let pack = PathBuf::from(ran.out.trim_end());
    assert_eq!(manifest(&files(&pack))["draft"], true);
    let ran = verify(&pack, &[]).ended(1);
    assert!(
        ran.out.contains("No, it is not complete:") && ran.out.contains("is as it was packed"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("management plan is not given as a file"), "{}", ran.out);
    let there = case.path("release.zip");
    let ran = case.run("pack", &["--release", "-o", text(&there)]).ended(1);
    assert!(ran.err.starts_with("Not packed for release.") && !there.exists(), "{}", ran.err);
    // An older pack is replaced only where somebody says so.
    assert!(case.run("pack", &[]).ended(2).err.contains("--force"));
    case.run("pack", &["--force"]).ended(0);
}

#[test]
fn a_report_of_another_case_or_one_that_was_changed_is_not_packed() {
    let Packed { desk, report, .. } = packed();
    let other = CaseCopy::of("referral-hub");
    other.replace("case.toml", "A worklist for hospital services", "A list for hospital services");
    let refused = |case: &CaseCopy, report: &Path| {
        let out = case.path("out.zip");
        let ran = case.run("pack", &["--report", text(report), "-o", text(&out), "--as-of", AS_OF]).ended(1);
        assert!(ran.err.starts_with("Not packed, and nothing was written") && !out.exists(), "{}", ran.err);
        ran.err
    };
    let said = refused(&other, report);
    assert!(said.contains("is not a report of this case as it is now: it has another report"), "{said}");
    let longer = desk.path("longer.pdf");
    fs::write(&longer, [desk.report(), b"\n".to_vec()].concat()).unwrap();
    assert!(refused(&packed().case, &longer).contains("behind the end of the document"));
    let evidence = CaseCopy::of("referral-hub");
    fs::copy(&longer, evidence.path("evidence/baseline-review.md")).unwrap();
    let ran = evidence.run("pack", &[]).ended(1);
    assert!(
        ran.err.contains("baseline-review.md is signed, and the signature does not hold."),
        "{}",
        ran.err
    );
    let text_file = desk.path("no.pdf");
    fs::write(&text_file, "no PDF").unwrap();
    assert!(refused(&packed().case, &text_file).contains("cannot be used"));
}

#[test]
fn a_changed_missing_added_or_renamed_file_is_named() {
    let files = files(&packed().pack);
    let evidence = "Evidence/EV-01-baseline-review.md";
    let said = |change: &dyn Fn(&mut Files)| {
        let mut files = files.clone();
        change(&mut files);
        verified(&files, &[]).ended(1).out
    };
    let out = said(&|files| files.get_mut(evidence).unwrap().push(b'x'));
    assert!(out.contains(&format!("\"{evidence}\" was changed.")), "{out}");
    let out = said(&|files| drop(files.remove(evidence)));
    assert!(out.contains(&format!("\"{evidence}\" is missing.")), "{out}");
    let out = said(&|files| drop(files.insert("more.txt".to_owned(), b"x".to_vec())));
    assert!(out.contains("\"more.txt\" was added."), "{out}");
    let out = said(&|files| {
        let bytes = files.remove(evidence).unwrap();
        files.insert("Evidence/other.md".to_owned(), bytes);
    });
    assert!(out.contains(&format!("\"{evidence}\" was renamed to \"Evidence/other.md\".")), "{out}");
    let out = said(&|files| {
        let mut manifest = manifest(files);
        manifest["release"] = "4.3".into();
        files.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
    });
    assert!(out.contains("\"manifest.json\" was changed") && out.contains("The release is \"4.2\""), "{out}");
    let out = said(&|files| drop(files.remove("SHA256SUMS")));
    assert!(out.contains("\"SHA256SUMS\" is missing."), "{out}");
    let out = said(&|files| drop(files.remove("manifest.json")));
    assert!(out.contains("so this is no pack of cscr"), "{out}");
}

#[test]
fn a_log_that_disagrees_with_the_report_is_told_whatever_the_sums_say() {
    let Packed { case, desk, .. } = packed();
    let log = desk.path("other.xlsx");
    // The log of the sample with other ratings: one hazard more likely, another gone.
    let export = ["export", text(&case.path("")), "--format", "json", "-o", "-"].map(str::to_owned);
    let mut json = cscr(&export.each_ref().map(String::as_str)).ended(0).json();
    let hazards = json["hazards"].as_array_mut().unwrap();
    hazards[0]["residual"]["likelihood"] = "Very High".into();
    hazards[0]["residual"].as_object_mut().unwrap().remove("risk");
    let gone = hazards.pop().unwrap()["id"].as_str().unwrap().to_owned();
    let id = hazards[0]["id"].as_str().unwrap().to_owned();
    let small = TempDir::new().unwrap();
    fs::write(small.path().join("log.json"), json.to_string()).unwrap();
    let manifest =
        "as_of = 2026-09-14\n[product]\nname = \"Referral Hub\"\n[inputs]\nhazard_log = \"log.json\"\n";
    fs::write(small.path().join("case.toml"), manifest).unwrap();
    cscr(&["export", text(small.path()), "--layout", "template", "-o", text(&log)]).ended(0);
    let out = verified(&forged(LOG, fs::read(&log).unwrap(), |_| ()), &[]).ended(1).out;
    assert!(out.contains(&format!("The residual rating of {id} is ")), "{out}");
    assert!(out.contains("Very High) in the hazard log."), "{out}");
    assert!(out.contains(&format!("{gone} is in the report and not in the hazard log.")), "{out}");
    assert!(!out.contains("was changed."), "the sums were made anew: {out}");
}

#[test]
fn who_signed_is_not_known_without_an_authority_and_was_not_yet_on_a_day_before() {
    let Packed { desk, pack, .. } = packed();
    let verify = |more: &[&str]| cscr(&[&["pack", "--verify", text(pack)], more].concat());
    let said = verify(&["--as-of", AS_OF, "--format", "json"]).ended(1).json();
    assert_eq!(said["reservations"][0], "who signed was not checked: name the authorities with --trust");
    assert!(said["lacking"][0].as_str().unwrap().contains("with a TEST identity, which is no signature"));
    let remarks = said["remarks"].to_string();
    assert!(
        remarks.contains("that of the signer's own clock") && remarks.contains("TEST identities"),
        "{remarks}"
    );
    let trust = desk.path("ca.pem");
    verify(&["--as-of", "2026-09-15", "--trust", text(&trust)]).ended(0);
    let ran = verify(&["--as-of", "2026-08-15", "--trust", text(&trust)]).ended(1);
    assert!(ran.out.contains("lies in the future"), "{}", ran.out);
}

#[test]
fn a_log_in_other_words_is_told_whatever_the_manifest_says_of_it() {
    let name = packed().case.path("hazard-log.xlsx");
    let export = ["export", text(&packed().case.path("")), "--format", "json", "-o", "-"].map(str::to_owned);
    let mut json = cscr(&export.each_ref().map(String::as_str)).ended(0).json();
    json["hazards"][0]["description"] = "A small nuisance.".into();
    let small = TempDir::new().unwrap();
    fs::write(small.path().join("log.json"), json.to_string()).unwrap();
    let case =
        "as_of = 2026-09-14\n[product]\nname = \"Referral Hub\"\n[inputs]\nhazard_log = \"log.json\"\n";
    fs::write(small.path().join("case.toml"), case).unwrap();
    let log = small.path().join("log.xlsx");
    cscr(&["export", text(small.path()), "--layout", "template", "-o", text(&log)]).ended(0);
    let log = fs::read(log).unwrap();
    let differing = verified(&forged(LOG, log.clone(), |_| ()), &["--format", "json"]).ended(1).json();
    let differences = differing["hazard_log"]["differences"].clone();
    let out = verified(&forged(LOG, log, |manifest| manifest["not_kept"] = differences), &[]).ended(1).out;
    assert!(out.contains("The hazard log says otherwise than the report: H01: "), "{out}");
    assert!(out.contains("nuisance"), "{out}");
    // The log as it was given has to be the one that the report carries, to the byte.
    let given = "Hazard-Log-As-Given/hazard-log.xlsx";
    let other = [fs::read(name).unwrap(), vec![0]].concat();
    let out = verified(&forged(given, other, |_| ()), &[]).ended(1).out;
    assert!(
        out.contains(&format!("\"{given}\" is not the hazard log that the report was made from.")),
        "{out}"
    );
}

#[test]
fn a_signature_that_was_taken_away_or_broken_is_told() {
    let files = files(&packed().pack);
    let report = &files[REPORT];
    // The draft of the same case, in the place of the signed report.
    let document = cscr::signature::pdf::Document::read(report).unwrap();
    let unsigned = report[..document.revisions()[0].end].to_vec();
    let out = verified(&forged(REPORT, unsigned, |_| ()), &[]).ended(1).out;
    assert!(out.contains("Dr Helen Ashdown has not signed the report."), "{out}");
    assert!(out.contains("What is in it is as it was packed."), "{out}");
    let mut broken = report.clone();
    let at = broken.len() / 2;
    broken[at] ^= 1;
    let out = verified(&forged(REPORT, broken, |_| ()), &[]).ended(1).out;
    assert!(out.contains(REPORT) && out.contains("No, it is not as it was packed"), "{out}");
    // A case in the manifest that is not that of the report.
    let out = verified(
        &forged(REPORT, report.clone(), |manifest| manifest["digests"]["plan"] = "0".repeat(64).into()),
        &[],
    );
    assert!(out.ended(1).out.contains("is of another clinical risk management plan than manifest.json says"));
}

#[test]
fn a_pack_is_held_against_what_its_recipient_wants() {
    let Packed { pack, desk, .. } = packed();
    let ran = verify(pack, &["--profile", "dcb0160-handover"]).ended(1);
    assert!(ran.out.contains("The pack has nothing for: Hand-over hazard log."), "{}", ran.out);
    verify(pack, &["--profile", "dtac"]).ended(0);
    let own = desk.path("own.toml");
    let document = |role: &str| format!("[[documents]]\nrole = \"{role}\"\npath = \"{role}\"\n");
    let profile = format!(
        "id = \"own\"\ntitle = \"Own\"\narchive = \"own\"\n{}{}",
        document("scal"),
        document("report")
    );
    fs::write(&own, profile).unwrap();
    let ran = verify(pack, &["--profile", text(&own)]).ended(1);
    assert!(ran.out.contains("nothing for: Supplier Conformance"), "{}", ran.out);
    assert!(verify(pack, &["--profile", "nobody"]).ended(2).err.contains("There is no profile \"nobody\""));
    // A document without a byte is none.
    let plan = "Clinical-Risk-Management-Plan-Referral-Hub-v3.1.md";
    let ran = verified(&forged(plan, Vec::new(), |_| ()), &[]).ended(1);
    assert!(ran.out.contains(&format!("The file \"{plan}\" is empty.")), "{}", ran.out);
    // What the pack itself leaves out of its profile is told.
    let files = forged("SHA256SUMS", Vec::new(), |manifest| {
        manifest["profile"]["documents"].as_array_mut().unwrap().truncate(2);
    });
    let ran = verified(&files, &[]).ended(0);
    assert!(ran.out.contains("is not the one that this version of cscr has"), "{}", ran.out);
    let files = forged("SHA256SUMS", Vec::new(), |manifest| {
        manifest["profile"]["id"] = "ers-2".into();
        manifest["profile"]["documents"] = serde_json::json!([{"role": "report", "path": "report"}]);
    });
    let out = verified(&files, &[]).ended(0).out;
    let said = "complete; by the pack's own profile \"ers-2\", which asks for Clinical Safety Case Report; and for nobody's signature.\n";
    assert!(out.ends_with(said), "{out}");
}

#[test]
fn what_a_pack_says_that_it_does_not_need_is_held_against_its_report() {
    let out = verified(&excusing(&["report"]), &[]).ended(1).out;
    assert!(out.contains("There is no report in the pack") && !out.contains("\nYes"), "{out}");
    assert!(out.contains("nothing for: Clinical Safety Case Report. It says that none is needed"), "{out}");
    let out = verified(&excusing(&["plan", "evidence"]), &[]).ended(1).out;
    for title in ["Clinical risk management plan", "Evidence of controls"] {
        let said =
            format!("nothing for: {title}. It says that none is needed, which its report does not bear out.");
        assert!(out.contains(&said), "{title}: {out}");
    }
    // A profile that asks for no report does not make a pack of one.
    let own = packed().desk.path("letter.toml");
    fs::write(
        &own,
        "id = \"own\"\ntitle = \"Own\"\narchive = \"own\"\n[[documents]]\nrole = \"plan\"\npath = \"plan\"\n",
    )
    .unwrap();
    let ran = verified(&excusing(&["report"]), &["--profile", text(&own)]).ended(1);
    assert!(ran.out.contains("There is no report in the pack"), "{}", ran.out);
}

#[test]
fn a_patients_number_is_not_sent() {
    let case = CaseCopy::of("referral-hub");
    let evidence = case.path("evidence/baseline-review.md");
    fs::write(&evidence, "Reviewed.\nThe patient 943 476 5919 was on the list.\n").unwrap();
    let out = case.path("out.zip");
    let ran = case.run("pack", &["-o", text(&out)]).ended(1);
    let said = "Evidence/EV-01-baseline-review.md, line 2: a valid NHS number, 943 *** ****.";
    assert!(ran.err.contains(said) && !ran.err.contains("5919") && !out.exists(), "{}", ran.err);
    let ran = case.run("pack", &["-o", text(&out), "--allow-nhs-numbers"]).ended(0);
    assert!(ran.err.contains(said), "{}", ran.err);
    assert_eq!(manifest(&files(&out))["nhs_numbers"], 1);
    assert!(verify(&out, &[]).ended(1).out.contains("allowed valid NHS numbers in it (1)"));
}

#[test]
fn names_are_safe_whatever_the_case_calls_things() {
    let case = CaseCopy::of("referral-hub");
    case.replace("case.toml", "name = \"Referral Hub\"", "name = \"../Réf: Hub\"");
    fs::rename(case.path("evidence/baseline-review.md"), case.path("evidence/AUX é.MD")).unwrap();
    case.replace("evidence.toml", "evidence/baseline-review.md", "evidence/AUX é.MD");
    let out = case.path("out.zip");
    case.run("pack", &["-o", text(&out), "--profile", "ers"]).ended(0);
    let names: Vec<String> = files(&out).into_keys().collect();
    assert!(names.contains(&"Ref-Hub-Hazard-Log-v1.0.xlsx".to_owned()), "{names:?}");
    assert!(names.contains(&"Evidence/EV-01-AUX-e.MD".to_owned()), "{names:?}");
    case.replace("case.toml", "plan = \"documents/", "plan = \"../documents/");
    let ran = case.run("pack", &["-o", text(&out), "--force"]).ended(2);
    assert!(
        ran.err.contains("is not a path inside the case folder") && ran.err.contains("case.toml, line"),
        "{}",
        ran.err
    );
}

#[test]
fn a_hostile_archive_is_refused_and_something_else_is_no_pack() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("evil.zip");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("report.pdf", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
    let ran = verify(&path, &[]).ended(1);
    assert!(ran.out.contains("\"report.pdf\" is a link to another file"), "{}", ran.out);
    let json = verify(&path, &["--format", "json"]).ended(1).json();
    assert_eq!(json["faults"][0], "Refused, because \"report.pdf\" is a link to another file.");
    fs::write(&path, "no archive").unwrap();
    assert!(verify(&path, &[]).ended(2).err.contains("it is no zip archive"));
    assert!(verify(&folder.path().join("absent.zip"), &[]).ended(2).err.contains("cannot be read"));
}

#[test]
fn who_packs_a_hand_over_is_told_how_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("hand-over.zip");
    let case = sample("referral-hub");
    let ran = cscr(&["pack", text(&case), "--profile", "dcb0160-handover", "-o", text(&zip)]).ended(0);
    let lines: Vec<&str> = ran.err.lines().collect();
    let at = lines.iter().position(|line| *line == "  [[hazard_logs]]").expect(&ran.err);
    let file =
        lines[at..].iter().find_map(|line| line.strip_prefix("  file = \"")?.strip_suffix('"')).unwrap();
    assert!(lines[..at].iter().any(|line| line.ends_with(file)), "{file} is none of the files: {}", ran.err);
    assert_eq!(lines[at + 3], "  kind = \"manufacturer\"");
}
