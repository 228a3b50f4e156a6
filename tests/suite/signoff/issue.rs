//! `cscr issue`, and the history that it leaves.

use super::{CaseCopy, DAY};
use cscr::case::digest::Digests;
use cscr::intake::files::CaseFolder;
use cscr::signoff::history;
use std::fs;

const NEXT: [&str; 6] = ["--version", "1.1", "--date", DAY, "--summary", "Reason of H03 \"made clearer\"."];

#[test]
fn a_version_gets_its_row_and_its_date_and_what_people_wrote_stays() {
    let case = CaseCopy::of("referral-hub");
    let before = case.read("case.toml");
    case.run("issue", &NEXT).ended(0);
    let after = case.read("case.toml");
    let manifest: toml::Table = toml::from_str(&after).unwrap();
    let document = &manifest["document"];
    assert_eq!(document["version"].as_str(), Some("1.1"));
    assert_eq!(document["issue_date"].to_string(), DAY);
    let revisions = document["revisions"].as_array().unwrap();
    assert_eq!(revisions.len(), 4);
    assert_eq!(revisions[3]["summary"].as_str(), Some("Reason of H03 \"made clearer\"."));
    // Version and date have changed; a row has come, with an empty line above it.
    let gone: Vec<&str> = before.lines().filter(|line| !after.contains(line)).collect();
    assert_eq!(gone, ["issue_date = 2026-09-07"]);
    assert_eq!(after.lines().count(), before.lines().count() + 5);
    assert!(after.contains("version = \"1.0\"\ndate = \"2026-09-07\"\n"), "the row before is as it was");
    assert!(case.run("check", &["--only", "F9,F29"]).ended(0).out.is_empty());
}

#[test]
fn what_was_issued_can_be_read_again_and_an_altered_copy_cannot() {
    let case = CaseCopy::of("referral-hub");
    case.run("issue", &["--version", "1.0"]).ended(0);
    case.run("issue", &NEXT).ended(0);
    let folder = CaseFolder::open(&case.root).unwrap();
    let issues = history::issues(&folder).unwrap();
    let versions: Vec<&str> = issues.iter().map(|issue| issue.version.as_str()).collect();
    assert_eq!(versions, ["1.0", "1.1"]);
    assert_eq!(issues[0].date.to_string(), "2026-09-07", "the day that the revision history gives");
    assert_eq!((issues[1].hazards, issues[1].hazard_log_version.as_deref()), (15, Some("1.0")));

    let issue = history::issue(&folder, "V1.1").unwrap();
    let kept = history::case_of(&folder, &issue).unwrap();
    assert_eq!(kept["document"]["version"], "1.1");
    assert_eq!(Digests::of_json(&kept).hazard_log, issue.content_digests.hazard_log);
    assert!(history::findings_of(&folder, &issue).unwrap()["findings"].is_array());
    let error = history::issue(&folder, "3").unwrap_err().to_string();
    assert!(error.contains("the issues are 1.0, 1.1"), "{error}");

    let text = case.read(&issue.case);
    fs::write(case.path(&issue.case), text.replacen("1.1", "1.2", 1)).unwrap();
    let error = history::case_of(&folder, &issue).unwrap_err().to_string();
    assert!(error.contains("was altered since it was kept, and is not used"), "{error}");
}

#[test]
fn a_version_is_issued_once_and_never_backwards() {
    let case = CaseCopy::of("referral-hub");
    let refused = |arguments: &[&str], words: &str| {
        let before = case.read("case.toml");
        let ran = case.run("issue", arguments).ended(1);
        assert!(ran.err.contains("Not issued") && ran.err.contains(words), "{words}: {}", ran.err);
        assert_eq!(case.read("case.toml"), before, "{words}");
    };
    refused(&["--version", "0.9"], "comes before 1.0, which the report has reached");
    refused(&["--version", "../1.1"], "is not a version");
    refused(&["--version", "v1.1"], "give the number alone: 1.1");
    refused(&["--version", "1.1", "--date", "2026-09-06"], "is before the version that came before");
    refused(&["--version", "1.1", "--date", "2999-01-01"], "is still to come");
    refused(&["--version", "1.0", "--summary", "Another"], "has version 1.0 already, of 7 September 2026");
    case.run("issue", &["--version", "1.0"]).ended(0);
    refused(&["--version", "1"], "Version 1.0 was issued on 7 September 2026");
}

#[test]
fn issuing_changes_what_was_approved_only_by_its_version_and_date() {
    let case = CaseCopy::of("referral-hub").approved();
    case.run("issue", &NEXT).ended(0);
    let json = case.run("check", &["--format", "json"]).ended(1).json();
    let approvals = json["approvals"].as_array().unwrap();
    let report = approvals.iter().find(|approval| approval["document"] == "cscr").unwrap();
    assert_eq!(
        report["changed_since"][0], "Document control: issue date from \"2026-09-07\" to \"2026-09-14\"",
        "{report:#}"
    );
    assert_eq!(report["changed_since"][1], "Document control: version from \"1.0\" to \"1.1\"");
    let log = approvals.iter().find(|approval| approval["document"] == "hazard-log").unwrap();
    assert_eq!(log["state"], "approved", "the log is as it was");
}

#[test]
fn the_log_tells_each_issue_its_approvals_and_what_changed_since() {
    let case = CaseCopy::of("referral-hub");
    assert_eq!(case.run("log", &[]).ended(0).out, "Nothing has been issued yet.\n");
    case.run("issue", &["--version", "1.0"]).ended(0);
    let case = case.approved();
    let told = case.run("log", &[]).ended(0).out;
    for line in [
        "1.0  7 September 2026",
        "15 hazards of hazard log 1.0; content ",
        "hazard log approved by Dr Helen Ashdown on 14 September 2026",
        "report approved by Simon Holt on 14 September 2026",
        "Nothing has changed since.",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    case.replace("case.toml", "phase = \"", "phase = \"Early ");
    let json = case.run("log", &["--format", "json"]).ended(0).json();
    assert_eq!(json["changed_since"].as_array().unwrap().len(), 1, "{json:#}");
    let proposal = json["proposal"].as_str().unwrap();
    assert!(proposal.starts_with("Clinical risk seems not changed: a short addendum"), "{proposal}");
    assert_eq!(json["stale"].as_array().unwrap().len(), 2, "both approvals of the report: {json:#}");
    assert_eq!(json["issues"][0]["approvals"].as_array().unwrap().len(), 3);
}
