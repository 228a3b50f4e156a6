//! The commands as somebody types them: what they print, what they write, how they end.

use crate::documents::copy;
use crate::log_fixture::LogFixture;
use crate::report_engine::fixture::pdf_text;
use assert_cmd::Command;
use cscr::intake::workbook::Limits;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

pub fn cscr(arguments: &[&str]) -> Ran {
    let output = Command::cargo_bin("cscr").unwrap().args(arguments).output().unwrap();
    Ran {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}{}", self.out, self.err);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn checks_of(json: &Value, level: &str) -> BTreeSet<String> {
    let findings = json["findings"].as_array().unwrap();
    let of_level = findings.iter().filter(|finding| finding["level"] == level);
    of_level.map(|finding| finding["check"].as_str().unwrap().to_owned()).collect()
}

/// Text without what a line break may add or take away.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn the_clean_sample_lacks_nothing_but_its_approvals() {
    let ran = cscr(&["check", text(&sample("referral-hub")), "--format", "json"]).ended(1);
    let json = ran.json();
    assert_eq!(checks_of(&json, "blocking"), ["F1", "F2"].map(str::to_owned).into());
    assert_eq!(checks_of(&json, "warning"), BTreeSet::new());
    assert_eq!(json["cross_reference"]["gaps"].as_array().unwrap().len(), 0);
    assert!(ran.err.starts_with("DRAFT, as of 2026-09-14"), "{}", ran.err);
}

#[test]
fn the_clean_sample_builds_to_the_same_bytes_and_holds_every_hazard_and_cause() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (folder.path().join("a.pdf"), folder.path().join("new").join("b.pdf"));
    let ran = cscr(&["build", text(&sample("referral-hub")), "-o", text(&first)]).ended(0);
    assert_eq!(ran.out.trim(), text(&first));
    assert!(ran.err.contains("DRAFT") && ran.err.contains("pages"), "{}", ran.err);
    let quiet = cscr(&["build", text(&sample("referral-hub")), "-o", text(&second), "--quiet"]).ended(0);
    assert_eq!(quiet.err, "");
    let pdf = std::fs::read(&first).unwrap();
    assert_eq!(pdf, std::fs::read(&second).unwrap());

    let printed = squeezed(&pdf_text(&pdf));
    let loaded = cscr::intake::folder::load(&sample("referral-hub"), None, &Limits::default()).unwrap();
    for hazard in &loaded.case.hazard_log.hazards {
        assert!(printed.contains(&squeezed(hazard.display_name())), "{}", hazard.key);
        for cause in &hazard.causes {
            assert!(printed.contains(&squeezed(&cause.text)), "{}: {}", cause.id, cause.text);
        }
    }
    for words in [
        // What 5.1.2 exempts H15 from, all of it, and why it has no controls to count.
        "H15 Checks B2, C1, C2, C3, C4, C5, C8, C9, C10, C13, C15, C18, C19, C22, C25, C26 Clauses 6.1.1, 6.1.4, 6.3.1, 6.3.2, 6.3.3 DCB0129 5.1.2: Dr Helen Ashdown accepted the initial risk",
        "none is needed (5.1.2)",
    ] {
        assert!(printed.contains(&squeezed(words)), "{words}");
    }
    let actions = printed.rsplit(&squeezed("Actions Action What Session")).next().unwrap();
    assert!(actions.contains(&squeezed("closed")), "what became of an action is printed");
    let rows = actions.split(&squeezed("PSA-3-A4")).next().unwrap();
    assert!(!rows.contains(&squeezed("evidence found")), "a closed action is no evidence");
}

#[test]
fn a_release_is_refused_while_an_approval_is_missing_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("report.pdf");
    let ran = cscr(&["build", text(&sample("referral-hub")), "--release", "-o", text(&pdf)]).ended(1);
    assert!(ran.err.contains("Not released") && ran.err.contains("Dr Helen Ashdown"), "{}", ran.err);
    assert!(!pdf.exists());
}

#[test]
fn each_kind_of_seeded_fault_of_the_faulty_sample_is_found() {
    let json = cscr(&["check", text(&sample("faulty-log")), "--format", "json"]).ended(1).json();
    let found: BTreeSet<String> = ["blocking", "warning", "information"]
        .into_iter()
        .flat_map(|level| checks_of(&json, level))
        .collect();
    let seeded = [
        "A1", "A2", "A6", "A9", "A10", "A11", "A12", "A13", "A14", "A18", "B1", "B2", "B3", "B4", "B5", "B6",
        "B8", "B11", "B12", "B13", "C1", "C6", "C7", "C10", "C11", "C13", "C16", "C17", "D3", "E1", "E2",
        "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E11", "E13", "F1", "F2", "F4", "F5", "F6", "F8",
        "F9", "F10", "F11", "F12", "F13", "F14", "F15", "F16", "F18", "F19", "F20", "F21", "F23", "F24",
        "F26", "G1", "P1", "D1", "R1", "R2", "R3", "T1", "W1", "W2", "W3", "W4", "W5",
    ];
    let missed: Vec<&str> = seeded.into_iter().filter(|check| !found.contains(*check)).collect();
    assert_eq!(missed, Vec::<&str>::new());
}

/// The checks that README.md gives for the seeded faults, in the last column of its tables; those in brackets are
/// planned and not there yet.
fn checks_of_readme() -> BTreeSet<String> {
    let readme = std::fs::read_to_string(sample("faulty-log").join("README.md")).unwrap();
    let is_id = |word: &&str| {
        let (letter, number) = word.split_at_checked(1).unwrap_or_default();
        letter.starts_with(|c: char| c.is_ascii_uppercase()) && number.parse::<u8>().is_ok()
    };
    let rows = readme.lines().filter(|line| line.starts_with("| "));
    rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next())
        .flat_map(|last| last.split(['(', ')']).step_by(2))
        .flat_map(|outside| outside.split([',', ' ']).filter(is_id).map(str::to_owned))
        .collect()
}

#[test]
fn the_readme_of_the_faulty_sample_is_true() {
    let json = cscr(&["check", text(&sample("faulty-log")), "--format", "json"]).ended(1).json();
    let found: BTreeSet<String> = ["blocking", "warning", "information"]
        .into_iter()
        .flat_map(|level| checks_of(&json, level))
        .collect();
    let listed = checks_of_readme();
    assert!(listed.len() > 60, "the tables were read: {listed:?}");
    assert_eq!(listed.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "listed and not found");
}

#[test]
fn findings_are_printed_with_place_and_remedy() {
    let ran = cscr(&["check", text(&sample("faulty-log"))]).ended(1);
    let block = ran.out.split("\n\n").find(|block| block.starts_with("blocking[B4]")).unwrap();
    let lines: Vec<&str> = block.lines().collect();
    assert_eq!(lines[0], "blocking[B4] Stated initial risk differs from the matrix (DCB0129 4.4.1)");
    assert_eq!(
        lines[1],
        "  The initial risk of F01 is stated as 2; Major x Low is 3 in the NHS clinical risk matrix."
    );
    assert_eq!(lines[2], "    --> hazard-log.xlsx, sheet Hazard Log, cell I2");
    assert_eq!(lines[3], "      | Risk (initial risk): 2");
    assert!(lines[4].starts_with("  why: ") && lines[5].starts_with("  do:  "), "{block}");
    assert!(ran.out.contains("    --> evidence.toml, line 4\n      | file = \"evidence/test-report.md\"\n"));
    assert!(!ran.out.contains('\u{1b}'), "no colour where there is no terminal");
}

#[test]
fn text_that_looks_like_code_is_printed_as_it_stands() {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("faulty.pdf");
    cscr(&["build", text(&sample("faulty-log")), "-o", text(&pdf)]).ended(0);
    let printed = crate::report_engine::fixture::pdf_text(&std::fs::read(&pdf).unwrap());
    for attack in ["#panic(", "{{ 7 * 7 }}"] {
        assert!(printed.contains(attack), "{attack}");
    }
    assert!(printed.contains("[U+"), "the emoji prints as its code");
    let squeezed_print = squeezed(&printed);
    for words in [
        "EV-01 ○ file not there",
        "0 records, and 1 whose file is not there",
        "nothing, until the file is there",
    ] {
        assert!(squeezed_print.contains(&squeezed(words)), "{words}");
    }
    assert!(!squeezed_print.contains(&squeezed("EV-01 implemented")), "what is not there shows nothing");
    assert!(
        printed.contains("999 *** ****") && !printed.contains("999 000 0018"),
        "no NHS number is printed"
    );
}

#[test]
fn import_gives_hazards_in_the_documented_shape() {
    let log = sample("referral-hub").join("hazard-log.xlsx");
    let json = cscr(&["import", text(&log), "--format", "json"]).ended(0).json();
    let hazard = &json["hazards"][0];
    assert_eq!(hazard["id"], "H01");
    assert_eq!(hazard["source"]["sheet"], "Hazard Log");
    assert_eq!(hazard["source"]["row"], 2);
    assert_eq!(hazard["initial"]["risk"], hazard["initial"]["stated_risk"]);
    for field in ["name", "description", "impact", "status", "owner"] {
        assert!(hazard[field].is_string(), "{field}");
    }
    let cause = &hazard["causes"][0];
    assert!(cause["id"].is_string() && cause["text"].is_string() && cause["controls"].is_array());
    let control = &hazard["controls"][0];
    for field in ["id", "type", "text"] {
        assert!(control[field].is_string(), "{field}");
    }
    assert!(json["unmapped"].is_array() && json["findings"].is_array());
}

#[test]
fn import_explains_every_column() {
    let log = sample("control-rows").join("hazard-log.xlsx");
    let ran = cscr(&["import", text(&log), "--explain"]).ended(0);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_folder_made_by_init_builds_at_once_and_says_what_is_missing() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    let (log, tom) = (sample("referral-hub").join("hazard-log.xlsx"), sample("faulty-log").join("tom.xlsx"));
    cscr(&["init", text(&case), "--hazard-log", text(&log), "--tom", text(&tom)]).ended(0);
    let pdf = folder.path().join("first.pdf");
    cscr(&["build", text(&case), "-o", text(&pdf)]).ended(0);
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-1."));
    let found = checks_of(&cscr(&["check", text(&case), "--format", "json"]).ended(1).json(), "blocking");
    for check in ["A9", "F1", "F24", "R1", "T1"] {
        assert!(found.contains(check), "{check} in {found:?}");
    }
    let again = cscr(&["init", text(&case)]).ended(2);
    assert!(again.err.contains("not empty"), "{}", again.err);
}

#[test]
fn what_cannot_be_read_is_named_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut without_headers = LogFixture::new(&["Colour", "Taste"]);
    without_headers.row(1, &["red", "sweet"]);
    let cases = [
        (folder.path().join("nowhere.xlsx"), "does not exist"),
        (folder.path().to_path_buf(), "a folder"),
        (at("empty.xlsx", b""), "an empty file"),
        (at("report.xlsx", b"%PDF-1.7\n"), "a PDF document"),
        (at("log.xlsx", b"The log\nwill follow\n"), "a text file"),
        (at("names.csv", b"Colour,Taste\nred,sweet\n"), "No sheet has a header row"),
        (at("other.xlsx", &without_headers.bytes()), "No sheet has a header row"),
    ];
    for (path, expected) in cases {
        let ran = cscr(&["import", text(&path)]).ended(2);
        assert!(ran.err.contains(expected), "{expected}: {}", ran.err);
        assert!(ran.err.starts_with("error: ") && ran.err.contains("\n  do: "), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
}

#[test]
fn a_misspelt_key_of_the_case_is_an_error_with_a_suggestion() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("case.toml"), "[product]\nname = \"A\"\ndescripton = \"B\"\n").unwrap();
    let ran = cscr(&["check", text(folder.path()), "--as-of", "2026-09-14"]).ended(2);
    assert!(ran.err.contains("descripton") && ran.err.contains("description"), "{}", ran.err);
    assert!(ran.err.contains("case.toml, line 3"), "{}", ran.err);
}

#[test]
fn a_call_that_cannot_be_understood_ends_with_2() {
    cscr(&["build"]).ended(2);
    cscr(&["check", text(&sample("referral-hub")), "--as-of", "14/09/2026"]).ended(2);
    let missing = cscr(&["build", "no-such-case"]).ended(2);
    assert!(missing.err.contains("no-such-case"), "{}", missing.err);
}

#[test]
fn init_without_any_date_asks_for_one_and_what_it_makes_is_accepted_at_once() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    let refused = cscr(&["init", text(&case)]).ended(2);
    assert!(refused.err.contains("do: give one with --as-of"), "{}", refused.err);
    assert!(refused.err.contains("today's date is never taken") && !case.exists(), "{}", refused.err);
    cscr(&["init", text(&case), "--as-of", "2026-09-14"]).ended(0);
    let checked = cscr(&["check", text(&case)]).ended(1);
    assert!(checked.err.starts_with("DRAFT, as of 2026-09-14"), "{}", checked.err);
    cscr(&["build", text(&case), "-o", text(&folder.path().join("a.pdf"))]).ended(0);
}

#[test]
fn evidence_for_a_control_that_is_gone_is_a_finding_and_stops_no_report() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    copy(&sample("referral-hub"), &case);
    let evidence = std::fs::read_to_string(case.join("evidence.toml")).unwrap();
    std::fs::write(case.join("evidence.toml"), evidence.replacen("\"H01.E1\"", "\"H01.E1\", \"H01.E9\"", 1))
        .unwrap();
    let report = folder.path().join("report.pdf");
    cscr(&["build", text(&case), "-o", text(&report)]).ended(0);
    assert!(squeezed(&pdf_text(&std::fs::read(&report).unwrap())).contains("H01E1H01E9H01E2"));
    assert!(cscr(&["check", text(&case)]).out.contains("H01.E9"));
}

#[test]
fn a_report_replaces_nothing_but_an_older_report() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    cscr(&["init", text(&case), "--as-of", "2026-09-14"]).ended(0);
    let evidence = "[[evidence]]\nid = \"E1\"\ntitle = \"Test report\"\nshows = [\"effectiveness\"]\ncontrols = []\nfile = \"test.pdf\"\n";
    std::fs::write(case.join("evidence.toml"), evidence).unwrap();
    let manifest = std::fs::read_to_string(case.join("case.toml")).unwrap();
    assert!(manifest.contains("\n[inputs]\n"), "{manifest}");
    let manifest = manifest.replace("\n[inputs]\n", "\n[inputs]\nevidence = \"evidence.toml\"\n");
    std::fs::write(case.join("case.toml"), manifest).unwrap();
    std::fs::write(case.join("test.pdf"), "%PDF-1.7 the evidence").unwrap();
    let notes = folder.path().join("notes.txt");
    std::fs::write(&notes, "kept").unwrap();
    let blocker = notes.join("report.pdf");

    for (path, expected) in [
        (case.join("case.toml"), "is an input of the case"),
        (case.join("narrative").join("..").join("test.pdf"), "is an input of the case"),
        (case.join("risk-assessment.toml"), "is not a PDF"),
        (notes.clone(), "is not a PDF"),
        (case.clone(), "is a folder\n  do: name a file, such as "),
        (folder.path().join("new").join(""), "is a folder"),
        (blocker, "cannot be written"),
    ] {
        let before = std::fs::read(&path).ok();
        let ran = cscr(&["build", text(&case), "-o", text(&path)]).ended(2);
        assert!(ran.err.contains(expected), "{expected}: {}", ran.err);
        assert!(ran.err.contains(text(&path)) && ran.err.contains("\n  do: "), "{}", ran.err);
        assert!(!ran.err.contains(".cscr-"), "{}", ran.err);
        assert_eq!(std::fs::read(&path).ok(), before);
    }

    let older = folder.path().join("older.pdf");
    std::fs::write(&older, "%PDF-1.7 an older report").unwrap();
    cscr(&["build", text(&case), "-o", text(&older)]).ended(0);
    assert!(std::fs::read(&older).unwrap().len() > 1000);
}

#[test]
fn a_link_or_an_image_that_is_not_printed_as_such_is_a_finding() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    cscr(&["init", text(&case), "--as-of", "2026-09-14"]).ended(0);
    let section = case.join("narrative").join("introduction.md");
    std::fs::write(section, "See [it](hazard:H99) and ![the map](map.png).").unwrap();
    let json = cscr(&["check", text(&case), "--format", "json"]).ended(1).json();
    let findings = json["findings"].as_array().unwrap();
    for what in ["\"H99\"", "\"map.png\""] {
        let told = findings.iter().find(|finding| finding["message"].as_str().unwrap().contains(what));
        let told = told.unwrap_or_else(|| panic!("{what} in {findings:?}"));
        assert_eq!(
            (&told["check"], &told["source"]["file"]),
            (&"U1".into(), &"narrative/introduction.md".into())
        );
    }
}
