//! What the report prints of approvals: those of the documents that it rests on, how they were given, and in what words.

use super::CaseCopy;
use crate::commands::{squeezed, text};
use crate::report_engine::fixture::pdf_text;
use std::fs;

/// What follows the date of an approval of the plan that is recorded.
const RECORDED: &str = "recorded for this content: Section 12";
const STATEMENT: &str = "I have read the hazard log and stand for it.";

/// The text of the report as it is built now, without what line breaks add.
fn printed(case: &CaseCopy) -> String {
    let pdf = case.path("printed.pdf");
    case.run("build", &["-o", text(&pdf)]).ended(0);
    squeezed(&pdf_text(&fs::read(&pdf).unwrap()))
}

#[track_caller]
fn says(printed: &str, words: &str) {
    assert!(printed.contains(&squeezed(words)), "{words}");
}

#[test]
fn an_approval_is_printed_with_how_it_was_given_and_what_was_said() {
    let case = CaseCopy::of("referral-hub");
    fs::create_dir_all(case.path("evidence")).unwrap();
    fs::write(case.path("evidence/approval.eml"), "Approved.").unwrap();
    let how = ["--means", "e-mail", "--evidence", "evidence/approval.eml", "--statement", STATEMENT];
    case.approve("hazard-log", "ashdown", &how).ended(0);
    let long = "Every hazard was gone through with the nurses of the department. ".repeat(6);
    case.approve("cscr", "holt", &["--statement", &long]).ended(0);
    let report = printed(&case);
    says(&report, "given by e-mail; recorded from evidence/approval.eml");
    says(&report, &format!("“{STATEMENT}”"));
    says(&report, "the statement stands below");
    says(&report, &format!("Statement of Simon Holt, approving: This report “{}”", long.trim()));
    assert!(!report.contains(&squeezed("Registration: not given")), "Simon Holt is no clinician");
}

#[test]
fn what_is_recorded_of_the_plan_is_printed_and_nothing_that_it_took_the_place_of() {
    let case = CaseCopy::of("referral-hub");
    let own_word = printed(&case);
    assert!(!own_word.contains(&squeezed(RECORDED)));
    case.approve("plan", "ashdown", &[]).ended(0);
    let report = printed(&case);
    says(&report, &format!("Approved Dr Helen Ashdown, 14 September 2026 {RECORDED}"));
    says(&report, "Clinical risk management plan Approved on 14 September 2026");

    case.replace("case.toml", "risk_matrix = \"", "risk_matrix = \"Another: ");
    let report = printed(&case);
    let check = case.run("check", &["--format", "json"]).ended(1).json();
    let fault = check["plan_approval"]["fault"].as_str().unwrap();
    let findings = check["findings"].as_array().unwrap();
    assert!(
        findings.iter().any(|finding| finding["check"] == "F4" && finding["message"] == fault),
        "{fault}"
    );
    says(&report, &format!("Approved NOT APPROVED {fault}"));
    says(
        &report,
        "Clinical risk management plan Stale: the content has changed since given on 14 September 2026",
    );
    says(&report, "Clinical risk management plan: changed since it was approved");
    assert!(!report.contains(&squeezed(RECORDED)), "what is superseded is not printed");
}

#[test]
fn an_approval_that_was_taken_back_is_printed_as_that_and_when_one_was_recorded_beside_it() {
    let case = CaseCopy::of("referral-hub");
    case.approve("hazard-log", "ashdown", &[]).ended(0);
    let path = case.path("approvals.toml");
    let mut record = fs::read_to_string(&path).unwrap();
    let recorded = record.lines().find_map(|line| line.strip_prefix("recorded = ")).unwrap().to_owned();
    record = record.replace(&format!("recorded = {recorded}"), "recorded = 2026-09-14");
    fs::write(&path, record.replace("recorded = 2026-09-14", "recorded = 2026-09-20")).unwrap();
    says(&printed(&case), "Hazard log Approved on 14 September 2026 recorded on 20 September 2026");

    record.push_str("withdrawn = 2026-09-15\nwithdrawn_because = \"H03 was rated on a wrong premise.\"\n");
    fs::write(&path, record).unwrap();
    let report = printed(&case);
    says(
        &report,
        "given on 14 September 2026, withdrawn on 15 September 2026: “H03 was rated on a wrong premise.”",
    );
    assert!(
        !report.contains(&squeezed("recorded on 14 September")),
        "it was recorded on the day on which it was given"
    );
}
