//! `cscr check` and `cscr explain`: what is shown, what decides how they end, and what is waived.

use crate::commands::{cscr, sample, squeezed, text};
use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tempfile::TempDir;

/// The faulty sample's findings of these levels and ids, as `--format json` shows them.
fn shown(arguments: &[&str]) -> (i32, Vec<String>, u64) {
    let faulty = sample("faulty-log");
    let ran = cscr(&[&["check", text(&faulty), "--format", "json", "--quiet"], arguments].concat());
    let json = ran.json();
    let findings = json["findings"].as_array().unwrap();
    let checks = findings.iter().map(|finding| finding["check"].as_str().unwrap().to_owned());
    (ran.status, checks.collect(), json["left_out"].as_u64().unwrap())
}

#[test]
fn what_is_shown_decides_how_a_check_ends() {
    let (status, all, left_out) = shown(&[]);
    assert_eq!((status, left_out), (1, 0));
    let (status, checks, left_out) = shown(&["--only", "information"]);
    assert_eq!(status, 0);
    assert_eq!(checks.len() + usize::try_from(left_out).unwrap(), all.len());
    assert!(checks.contains(&"A11".to_owned()) && !checks.contains(&"A1".to_owned()), "{checks:?}");
    let (status, checks, _) = shown(&["--only", "A10,A12"]);
    assert_eq!((status, checks.contains(&"A12".to_owned())), (0, true));
    assert_eq!(shown(&["--only", "A10,A12", "--deny", "warning"]).0, 1);
    let (status, checks, _) = shown(&["--skip", "blocking", "--skip", "A"]);
    assert_eq!(status, 0);
    assert!(checks.iter().all(|check| !check.starts_with('A')), "{checks:?}");

    let ran = cscr(&["check", text(&sample("faulty-log")), "--only", "B5"]).ended(1);
    // A log line must not read as clean because blocking findings were not shown.
    assert!(ran.err.contains(" left out, ") && ran.err.contains(" of them blocking;"), "{}", ran.err);
    assert!(ran.out.starts_with("blocking[B5] ") && !ran.out.contains("Gaps between"), "{}", ran.out);
    let unknown = cscr(&["check", text(&sample("faulty-log")), "--only", "B5x"]).ended(2);
    assert!(unknown.err.contains("did you mean \"B5\"?"), "{}", unknown.err);
}

/// A new case with an officer and these waivers.
fn with_waivers(waivers: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    cscr(&["init", text(&case), "--as-of", "2026-09-14"]).ended(0);
    let path = case.join("case.toml");
    let manifest = std::fs::read_to_string(&path).unwrap();
    let manifest = manifest.replace("\n[inputs]\n", "\n[inputs]\nwaivers = \"waivers.toml\"\n");
    let people =
        "\n[[people]]\nid = \"cso\"\nname = \"Dr Cora Officer\"\nrole = \"Clinical Safety Officer\"\n";
    std::fs::write(&path, format!("cso = \"cso\"\n{manifest}{people}")).unwrap();
    std::fs::write(case.join("waivers.toml"), waivers).unwrap();
    (folder, case)
}

const WAIVER: &str = "[[waivers]]\ncheck = \"F13\"\nby = \"cso\"\nreason = \"The review is on Monday.\"\non = 2026-09-10\nexpires = 2026-10-01\n";

#[test]
fn a_waived_finding_is_marked_in_every_output() {
    let (folder, case) = with_waivers(WAIVER);
    let ran = cscr(&["check", text(&case), "--only", "F13"]).ended(0);
    let sentence = "Waived by Dr Cora Officer, Clinical Safety Officer, on 10 September 2026 until 1 October 2026: The review is on Monday.";
    assert!(ran.out.contains(&format!("    {sentence}\n")), "{}", ran.out);
    assert!(ran.err.contains("0 blocking, 0 warnings, 0 information; 1 waived"), "{}", ran.err);

    let json = cscr(&["check", text(&case), "--format", "json"]).ended(1).json();
    let findings = json["findings"].as_array().unwrap();
    let f13 = findings.iter().find(|finding| finding["check"] == "F13").unwrap();
    assert_eq!(f13["waived"]["reason"], "The review is on Monday.");
    assert_eq!(json["counts"]["waived_blocking"], 1);
    assert_eq!(
        json["status"]["waived"][0],
        "1 blocking finding is waived by Dr Cora Officer, until 1 October 2026."
    );

    let sarif = cscr(&["check", text(&case), "--format", "sarif"]).ended(1).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let f13 = results.iter().find(|result| result["ruleId"] == "F13").unwrap();
    assert_eq!(f13["suppressions"][0]["justification"], sentence);

    let pdf = folder.path().join("report.pdf");
    cscr(&["build", text(&case), "-o", text(&pdf)]).ended(0);
    let printed = squeezed(&crate::report_engine::fixture::pdf_text(&std::fs::read(&pdf).unwrap()));
    for words in [
        "1 blocking finding is waived by Dr Cora Officer, until 1 October 2026.",
        "Waived by Dr Cora Officer, Clinical Safety Officer, on 10 September 2026 until 1 October 2026: The review is on Monday.",
        "Waivers",
        "waives 1 finding",
    ] {
        assert!(printed.contains(&squeezed(words)), "{words}");
    }
}

#[test]
fn a_waiver_that_could_never_count_is_an_error_with_its_line() {
    let (_folder, case) = with_waivers(&WAIVER.replace("\"F13\"", "\"F133\""));
    let ran = cscr(&["check", text(&case)]).ended(2);
    assert!(ran.err.contains("\"F133\" is not the id of a check\n  at: waivers.toml, line 2"), "{}", ran.err);
}

#[test]
fn a_place_is_named_from_where_the_command_runs() {
    let mut command = Command::cargo_bin("cscr").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output =
        command.args(["check", "./samples/faulty-log", "--format", "sarif", "--quiet"]).output().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = json["runs"][0]["results"].as_array().unwrap();
    let b4 = results.iter().find(|result| result["ruleId"] == "B4").unwrap();
    let place = &b4["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "samples/faulty-log/hazard-log.xlsx");
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "Hazard Log!I2");
}

#[test]
fn a_finding_on_narrative_names_its_line_in_the_file() {
    let (_folder, case) = with_waivers(WAIVER);
    let introduction = "# Introduction\n\n{% if hazards %}\nThere are some.\n{% endif %}\n{{ product.name }} is new. TODO: say\nmore. We follow the process\nof DCB0129 v4.1.\n";
    std::fs::write(case.join("narrative").join("introduction.md"), introduction).unwrap();
    let ran = cscr(&["check", text(&case), "--only", "A9,F19", "--verbose"]).ended(1);
    let at = |line: usize, quoted: &str| {
        let place = format!("narrative/introduction.md, line {line}\n      | {quoted}\n");
        assert!(ran.out.contains(&place), "{}", ran.out);
    };
    at(6, "{{ product.name }} is new. TODO: say");
    at(7, "more. We follow the process");
}

#[test]
fn explain_says_what_a_check_is_and_lists_them_all() {
    let one = cscr(&["explain", "b4"]).ended(0);
    assert!(
        one.out.starts_with(
            "B4: Stated initial risk differs from the matrix\nBlocking. Clause 4.4.1 of DCB0129."
        ),
        "{}",
        one.out
    );
    let exempt = cscr(&["explain", "C4"]).ended(0).out;
    assert!(exempt.contains("\nHow: evidence.toml, with `shows"), "{exempt}");
    assert!(exempt.contains("\nDoes not apply: to a control that another, named organisation"), "{exempt}");
    let all = cscr(&["explain"]).ended(0);
    for check in cscr::assurance::checks::checks() {
        assert!(all.out.contains(check.title), "{}", check.id);
    }
    let json = cscr(&["explain", "F1", "--format", "json"]).ended(0).json();
    assert_eq!((&json[0]["id"], &json[0]["waivable_by"]), (&"F1".into(), &"nobody".into()));
    let unknown = cscr(&["explain", "Q9"]).ended(2);
    assert!(unknown.err.contains("`cscr explain` lists all checks"), "{}", unknown.err);
}

#[test]
fn a_level_a_letter_and_an_id_that_there_are_not_are_refused_with_those_that_there_are() {
    let sample = sample("referral-hub");
    let only = cscr(&["check", text(&sample), "--only", "Z"]).ended(2).err;
    assert!(only.contains("levels are blocking, warning, information; letters are A, B, C,"), "{only}");
    let deny = cscr(&["check", text(&sample), "--deny", "Z"]).ended(2).err;
    assert!(deny.contains("levels are blocking, warning, information"), "{deny}");
    cscr(&["check", text(&sample), "--skip", "blocking", "--deny", "blocking"]).ended(0);
    cscr(&["check", text(&sample), "--only", "F1", "--deny", "blocking,warning"]).ended(1);
}

#[test]
fn import_shows_the_findings_that_it_is_asked_for() {
    let log = sample("faulty-log").join("hazard-log.xlsx");
    let all = cscr(&["import", text(&log), "--format", "json"]).ended(0).json();
    let only = cscr(&["import", text(&log), "--only", "B4,B5", "--format", "json"]).ended(0);
    let checks: BTreeSet<String> = only.json()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["check"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(checks, ["B4", "B5"].map(str::to_owned).into());
    let left_out =
        all["findings"].as_array().unwrap().len() - only.json()["findings"].as_array().unwrap().len();
    assert!(only.err.contains(&format!("; {left_out} left out")), "{}", only.err);
    let skipped = cscr(&["import", text(&log), "--skip", "A"]).ended(0).out;
    assert!(skipped.contains("blocking[B4]") && !skipped.contains("[A"), "{skipped}");
}

#[test]
fn placeholders_of_a_new_case_stand_last_and_are_folded() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    cscr(&["init", text(&case), "--as-of", "2026-09-14"]).ended(0);
    let out = cscr(&["check", text(&case)]).ended(1).out;
    let (placeholders, before) = (out.find("blocking[A9]").unwrap(), out.find("blocking[A8]").unwrap());
    assert!(before < placeholders && placeholders > out.find("blocking[F14]").unwrap(), "{out}");
    assert!(out.contains(" more: case.toml ("), "{out}");
    let all = cscr(&["check", text(&case), "--verbose"]).ended(1).out;
    assert!(!all.contains("--verbose shows them"), "{all}");
    assert!(all.lines().count() > out.lines().count() + 20, "{all}");
}

/// Every command that prints a result, with arguments that make it print much or little.
fn printing(folder: &TempDir) -> Vec<Vec<String>> {
    let (hub, new) = (sample("referral-hub"), folder.path().join("new"));
    let pdf = folder.path().join("report.pdf");
    let log = hub.join("hazard-log.xlsx");
    [
        vec!["explain"],
        vec!["explain", "B4"],
        vec!["explain", "--format", "json"],
        vec!["check", text(&hub)],
        vec!["check", text(&hub), "--format", "json"],
        vec!["check", text(&hub), "--format", "sarif"],
        vec!["import", text(&log), "--explain"],
        vec!["build", text(&hub), "-o", text(&pdf)],
        vec!["init", text(&new), "--as-of", "2026-09-14"],
    ]
    .into_iter()
    .map(|arguments| arguments.into_iter().map(str::to_owned).collect())
    .collect()
}

#[test]
fn a_reader_who_has_seen_enough_ends_no_command_in_a_panic() {
    let folder = TempDir::new().unwrap();
    for arguments in printing(&folder) {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cscr"))
            .args(&arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(!told.contains("panicked") && !told.contains("error:"), "{arguments:?}: {told}");
        assert!(matches!(ended.status.code(), Some(0 | 1)), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn a_result_that_finds_no_room_is_an_error_in_words() {
    // Not every system has a device that is always full.
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full");
    if full().is_err() {
        return;
    }
    let folder = TempDir::new().unwrap();
    for arguments in printing(&folder) {
        let command = || {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cscr"));
            command.args(&arguments).stdout(full().unwrap());
            command
        };
        let ended = command().stderr(std::process::Stdio::piped()).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(told.contains("The result cannot be written to standard output"), "{arguments:?}: {told}");
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {told}");
        let _ = std::fs::remove_dir_all(folder.path().join("new"));
        // Nobody is left to be told.
        let ended = command().stderr(full().unwrap()).status().unwrap();
        assert_eq!(ended.code(), Some(2), "{arguments:?}");
        let _ = std::fs::remove_dir_all(folder.path().join("new"));
    }
}
