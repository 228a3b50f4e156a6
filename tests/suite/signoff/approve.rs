//! `cscr approve`, and what becomes of approvals when the case changes.

use super::{CaseCopy, DAY};
use crate::commands::{squeezed, text};
use crate::report_engine::fixture::pdf_text;
use std::fs;

#[test]
fn from_check_to_a_release_that_is_no_draft() {
    let case = CaseCopy::of("referral-hub");
    assert!(case.run("check", &[]).ended(1).err.starts_with("DRAFT"));
    case.run("issue", &["--version", "1.0"]).ended(0);
    let case = case.approved();
    let check = case.run("check", &["--format", "json"]).ended(0).json();
    assert_eq!(check["status"]["draft"], false, "{:#}", check["status"]);
    assert!(check["approvals"].as_array().unwrap().iter().all(|approval| approval["state"] == "approved"));
    let pdf = case.path("report.pdf");
    let ran = case.run("build", &["--release", "-o", text(&pdf)]).ended(0);
    assert!(ran.err.contains("for release"), "{}", ran.err);
    let printed = pdf_text(&fs::read(&pdf).unwrap());
    assert!(!printed.contains("DRAFT"), "a release says nothing of drafts");
    assert!(
        squeezed(&printed)
            .contains(&squeezed("Every required approval is recorded for exactly this content"))
    );
}

#[test]
fn a_change_makes_approvals_stale_and_is_listed() {
    let case = CaseCopy::of("referral-hub").approved();
    case.replace("supplement.toml", "reason = \"", "reason = \"Looked at again. ");
    case.replace("case.toml", "title = \"Director of Product, for Top Management\"", "title = \"Director\"");
    let json = case.run("check", &["--format", "json"]).ended(1).json();
    let approvals = json["approvals"].as_array().unwrap();
    assert!(approvals.iter().all(|approval| approval["state"] == "stale"), "{approvals:#?}");
    let log = approvals.iter().find(|approval| approval["document"] == "hazard-log").unwrap();
    let changed = &log["changes"]["changed"][0];
    assert!(changed["fields"][0]["path"].as_str().unwrap().ends_with("reason"), "{changed:#}");
    let line = log["changed_since"][0].as_str().unwrap();
    assert!(line.starts_with(changed["id"].as_str().unwrap()) && line.contains("reworded"), "{line}");
    assert_eq!(
        log["changed_since"].as_array().unwrap().len(),
        1,
        "the report's approvers are none of the log's"
    );

    let check = case.run("check", &[]).ended(1);
    assert!(check.out.contains("What changed since it was approved"), "{}", check.out);
    assert!(check.out.contains(line), "{}", check.out);
    let build = case.run("build", &["--release"]).ended(1);
    assert!(build.err.contains("The hazard log has changed since Dr Helen Ashdown"), "{}", build.err);
    assert!(build.err.contains(line), "{}", build.err);
    let pdf = case.path("draft.pdf");
    case.run("build", &["-o", text(&pdf)]).ended(0);
    let printed = squeezed(&pdf_text(&fs::read(&pdf).unwrap()));
    assert!(printed.contains(&squeezed("changed since it was approved")));
    assert!(printed.contains(&squeezed(line)), "{line}");

    // Approved again, it stands; what was recorded before stays.
    let case = case.approved();
    assert_eq!(case.read("approvals.toml").matches("[[approvals]]").count(), 6);
    assert_eq!(case.run("check", &["--format", "json"]).ended(0).json()["status"]["draft"], false);
}

#[test]
fn a_stale_approval_without_its_copy_says_so() {
    let case = CaseCopy::of("referral-hub").approved();
    case.replace("case.toml", "phase = \"", "phase = \"Early ");
    let kept = case.read("approvals.toml");
    let path = kept.lines().find_map(|line| line.strip_prefix("content = \"")).unwrap().trim_end_matches('"');
    case.replace(path, "{", "{ ");
    let ran = case.run("check", &[]).ended(1);
    assert!(
        ran.out.contains("[F34]") && ran.out.contains("was altered since, and is not used"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("the copy that was kept of what was approved is gone, or was altered"),
        "{}",
        ran.out
    );
}

#[test]
fn an_approval_is_recorded_with_all_that_it_rests_on() {
    let case = CaseCopy::of("referral-hub");
    let shown = case.approve("cscr", "ashdown", &["--statement", "I have read every page."]).ended(0);
    for words in [
        "Clinical Safety Case Report - Referral Hub Release 4.2",
        "Dr Helen Ashdown, Clinical Safety Officer (GMC FICTITIOUS-0001)",
        "14 September 2026",
        "0 blocking",
        "I have read every page.",
    ] {
        assert!(shown.err.contains(words), "{words}: {}", shown.err);
    }
    let recorded: toml::Table = toml::from_str(&case.read("approvals.toml")).unwrap();
    let approval = &recorded["approvals"][0];
    let text = |key: &str| approval[key].as_str().unwrap_or_else(|| panic!("{key}"));
    assert_eq!((text("document"), text("person"), text("version")), ("cscr", "ashdown", "1.0"));
    assert_eq!((text("name"), text("role")), ("Dr Helen Ashdown", "Clinical Safety Officer"));
    assert_eq!(approval["registration"]["number"].as_str(), Some("FICTITIOUS-0001"));
    assert_eq!(approval["date"].to_string(), DAY);
    let json = case.run("check", &["--format", "json"]).ended(1).json();
    assert_eq!(json["digests"]["cscr"], text("content_digest"));
    let kept = case.read(text("content"));
    assert_eq!(text("content"), cscr::case::snapshot::address(&kept));

    // The next one keeps no second copy of the same case.
    case.approve("hazard-log", "ashdown", &[]).ended(0);
    assert_eq!(fs::read_dir(case.path("history/cases")).unwrap().count(), 1);
}

#[test]
fn nobody_approves_by_accident() {
    let case = CaseCopy::of("referral-hub");
    let refused = |arguments: &[&str], words: &str| {
        let ran = case.run("approve", arguments).ended(1);
        assert!(ran.err.contains("Not approved") && ran.err.contains(words), "{words}: {}", ran.err);
        assert!(!case.path("approvals.toml").exists() && !case.path("history").exists(), "{words}");
    };
    let report = |more: &[&'static str]| [&["--document", "cscr", "--date", DAY], more].concat();
    refused(&report(&["--person", "ashdown"]), "there is no terminal to ask at");
    refused(&report(&["--person", "ashdwn", "--yes"]), "did you mean \"ashdown\"?");
    let dated = |date: &'static str| ["--document", "cscr", "--person", "ashdown", "--yes", "--date", date];
    refused(&dated("2999-01-01"), "is still to come");
    refused(&dated("2026-09-06"), "is before the report's date of issue, 7 September 2026");
    case.replace("case.toml", "expires = 2027-03-31", "expires = 2026-09-13");
    refused(&dated(DAY), "The GMC registration of Dr Helen Ashdown expired on 13 September 2026");
    case.replace("case.toml", "expires = 2026-09-13", "expires = 2027-03-31");
    case.replace("case.toml", "tom = \"tom.xlsx\"", "");
    let tom = ["--document", "tom", "--person", "ashdown", "--yes", "--date", DAY];
    refused(&tom, "The case has no Target Operating Model");
    let help =
        case.run("approve", &["--document", "cscr", "--person", "ashdown", "--means", "e-mail"]).ended(2);
    assert!(help.err.contains("--evidence"), "{}", help.err);
}

#[test]
fn the_same_content_is_not_approved_twice_by_one_person() {
    let case = CaseCopy::of("referral-hub");
    case.approve("cscr", "ashdown", &[]).ended(0);
    let before = case.read("approvals.toml");
    let again = case.approve("cscr", "ashdown", &[]).ended(1);
    assert!(again.err.contains("approved exactly this report on 14 September 2026"), "{}", again.err);
    assert_eq!(case.read("approvals.toml"), before);
    case.approve("cscr", "holt", &[]).ended(0);
}

#[test]
fn what_is_unusual_is_said_before_anything_is_recorded() {
    let case = CaseCopy::of("referral-hub");
    let other = case.approve("hazard-log", "holt", &[]).ended(0);
    assert!(
        other.err.contains("No requirement rests on an approval of the hazard log by Simon Holt"),
        "{}",
        other.err
    );
    let later = ["--document", "cscr", "--person", "holt", "--date", "2026-09-20", "--yes"];
    let later = case.run("approve", &later).ended(0);
    assert!(
        later.err.contains("does not count this approval until that is 20 September 2026"),
        "{}",
        later.err
    );
    let json = case.run("check", &["--format", "json", "--only", "F2,F25"]).ended(1).json();
    assert_eq!(json["findings"].as_array().unwrap().len(), 2, "one too late, and one of the wrong person");
}

#[test]
fn several_who_share_a_role_are_asked_each() {
    let case = CaseCopy::of("referral-hub");
    case.replace(
        "case.toml",
        "[[document.related_documents]]",
        "[[document.approvers]]\nperson = \"okafor\"\ntitle = \"Clinical Safety Officer\"\n\n[[document.related_documents]]",
    );
    let case = case.approved();
    let refused = case.run("build", &["--release"]).ended(1);
    assert!(refused.err.contains("The report is not approved by Daniel Okafor"), "{}", refused.err);
    assert!(!refused.err.contains("Helen Ashdown"), "{}", refused.err);
}

#[test]
fn an_approval_on_paper_is_held_to_the_paper() {
    let case = CaseCopy::of("referral-hub");
    fs::write(case.path("evidence/signed-page.txt"), "Signed: H. Ashdown").unwrap();
    let evidence = case.path("evidence/signed-page.txt");
    let given = ["--means", "wet-ink", "--evidence", text(&evidence)];
    case.approve("cscr", "ashdown", &given).ended(0);
    assert!(case.read("approvals.toml").contains("file = \"evidence/signed-page.txt\""));
    let found = |status| case.run("check", &["--only", "F33"]).ended(status).out;
    assert_eq!(found(0), "");
    fs::write(&evidence, "Signed: nobody").unwrap();
    assert!(found(1).contains("is not the file that it was when the approval was recorded"));
    let outside = tempfile::NamedTempFile::new().unwrap();
    let given = ["--means", "wet-ink", "--evidence", text(outside.path())];
    let ran = case.approve("cscr", "holt", &given).ended(2);
    assert!(ran.err.contains("is not a file in the case folder"), "{}", ran.err);
}

#[test]
fn an_issued_version_cannot_be_approved_with_other_content() {
    let case = CaseCopy::of("referral-hub");
    case.run("issue", &["--version", "1.0"]).ended(0);
    let case = case.approved();
    assert_eq!(case.run("check", &["--only", "F36,F38"]).ended(0).out, "");
    case.replace("supplement.toml", "reason = \"", "reason = \"Looked at again. ");
    let says = |document: &str, words: &str| {
        let before = case.read("approvals.toml");
        let ran = case.approve(document, "ashdown", &[]).ended(1);
        assert!(ran.err.contains("Not approved") && ran.err.contains(words), "{words}: {}", ran.err);
        assert_eq!(case.read("approvals.toml"), before);
        let check = case.run("check", &["--only", "F36"]).ended(1).out;
        assert!(squeezed(&check).contains(&squeezed(words)), "{words}: {check}");
    };
    says(
        "cscr",
        "Version 1.0 of the report was issued on 7 September 2026, with other content. Changed since: H",
    );
    says(
        "hazard-log",
        "Version 1.0 of the hazard log was issued on 7 September 2026, with report 1.0, with other content.",
    );
    assert!(case.run("build", &["--release"]).ended(1).err.contains("with other content"));
}

#[test]
fn what_changed_since_the_last_approval_is_shown_before_the_next() {
    let case = CaseCopy::of("referral-hub").approved();
    case.replace("supplement.toml", "reason = \"", "reason = \"Looked at again. ");
    let shown = case.approve("hazard-log", "ashdown", &[]).ended(0).err;
    for words in [
        "since the approval of 14 September 2026 by the same person:",
        "reworded",
        "as given on 14 September 2026.",
        "approved version 1.0 of the hazard log on 14 September 2026 with other content",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let shown = case.approve("cscr", "ashdown", &[]).ended(0).err;
    assert!(shown.contains("says at its foot: content "), "{shown}");
    let told = case.run("log", &[]).ended(0).out;
    assert!(told.contains("hazard log 1.0, content ") && told.contains(", not as it is now"), "{told}");
    assert!(told.contains(", recorded on "), "{told}");
}

#[test]
fn a_withdrawn_approval_is_none_and_is_told() {
    let case = CaseCopy::of("referral-hub").approved();
    case.replace(
        "approvals.toml",
        "date = 2026-09-14\n",
        "date = 2026-09-14\nwithdrawn = 2026-09-21\nwithdrawn_because = \"H03 was rated on a wrong premise.\"\n",
    );
    let ran = case.run("check", &["--only", "F2"]).ended(1);
    assert!(
        squeezed(&ran.out)
            .contains(&squeezed("who withdrew the approval of 14 September 2026 on 21 September 2026")),
        "{}",
        ran.out
    );
    let told = case.run("log", &[]).ended(0).out;
    assert!(
        told.contains("; withdrawn on 21 September 2026: \"H03 was rated on a wrong premise.\""),
        "{told}"
    );
    case.approve("hazard-log", "ashdown", &[]).ended(0);
    assert_eq!(case.run("check", &["--only", "F2"]).ended(0).out, "");
    case.replace("approvals.toml", "withdrawn = 2026-09-21\n", "");
    let ran = case.run("check", &[]).ended(2);
    assert!(ran.err.contains("Why the approval was withdrawn is said, and not when"), "{}", ran.err);
}

#[test]
fn an_altered_record_is_no_changed_document() {
    let case = CaseCopy::of("referral-hub").approved();
    let digest = case.read("approvals.toml").split("content_digest = \"").nth(1).unwrap()[..64].to_owned();
    case.replace("approvals.toml", &digest, &"0".repeat(64));
    let ran = case.run("check", &[]).ended(1);
    assert!(ran.out.contains("[F39]") && ran.out.contains("its record was altered"), "{}", ran.out);
    assert!(!ran.out.contains("The hazard log has changed"), "{}", ran.out);
}

#[test]
fn whoever_cannot_be_the_officer_or_sign_a_tom_is_told_so() {
    let case = CaseCopy::of("referral-hub");
    case.replace("case.toml", "clinician = true", "clinician = false");
    let ran = case.approve("cscr", "ashdown", &[]).ended(1);
    assert!(ran.err.contains("is not recorded as a clinician"), "{}", ran.err);
    let plan = case.approve("plan", "holt", &[]).ended(0);
    assert!(
        plan.err.contains("No requirement rests on an approval of the clinical risk management plan"),
        "{}",
        plan.err
    );
    assert_eq!(case.run("check", &["--only", "F4"]).ended(0).out, "");
}
