use super::*;
use crate::case::hazard::LinkBasis;
use crate::intake::workbook::Limits;
use rust_xlsxwriter::Workbook as Written;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A hazard log in the NHS layout: a cover, a history and one hazard with these cells' texts.
pub(crate) fn hazard_log(name: &str) -> Vec<u8> {
    hazard_log_of(name, "02.03.2026")
}

/// The same with this version date.
pub(crate) fn hazard_log_of(name: &str, date: &str) -> Vec<u8> {
    let mut book = Written::new();
    let cover = book.add_worksheet().set_name("Cover Page").unwrap();
    let cells = [
        ("Clinical Safety Hazard Log - Referral Bridge", ""),
        ("Programme", "Example Programme"),
        ("Owner", "C. Deer"),
        ("Author", "D. Elder"),
        ("Version", "1.2"),
        ("Version Date", date),
    ];
    for (row, (label, value)) in (0..).zip(cells) {
        cover.write(row, 0, label).unwrap();
        cover.write(row, 1, value).unwrap();
    }
    let sheet = book.add_worksheet().set_name("Hazard Log").unwrap();
    let columns = [
        ("Hazard Number", "H1"),
        ("Hazard Name", name),
        ("Hazard Description", "A letter reaches the wrong patient"),
        ("Potential Clinical Impact", "Late treatment"),
        ("Possible Causes", "1. Wrong number\n2. Same name"),
        ("Existing Controls", "1. Staff check"),
        ("Severity", "Major"),
        ("Likelihood", "Medium"),
        ("Risk", "3"),
        ("Design", "1. Match on three fields"),
        ("Test", "None"),
        ("Training", "None"),
        ("Business Process Change", "None"),
        ("Severity", "Major"),
        ("Likelihood", "Very Low"),
        ("Risk", "2"),
    ];
    for (column, (header, value)) in (0..).zip(columns) {
        sheet.write(0, column, header).unwrap();
        sheet.write(1, column, value).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// The clinical safety sheet of a TOM, without answers.
pub(crate) fn tom_workbook() -> Vec<u8> {
    let mut book = Written::new();
    let sheet = book.add_worksheet().set_name("7 - Clinical Safety").unwrap();
    let headers =
        ["Category", "Item", "Guidance", "Actioned By", "Compliance", "Additional Notes / References"];
    for (column, header) in (1..).zip(headers) {
        sheet.write(6, column, header).unwrap();
    }
    for (row, question) in (8..).zip(crate::case::tom::QUESTIONS) {
        sheet.write(row, 1, question.id).unwrap();
        sheet.write(row, 4, "...on behalf of the End User Organisation").unwrap();
    }
    sheet.write(21, 1, "Clinical Safety Signoff Level").unwrap();
    sheet.write(21, 2, "1 - None Required").unwrap();
    book.save_to_buffer().unwrap()
}

const MANIFEST: &str = r#"[product]
name = "Referral Bridge"
[[people]]
id = "ab"
name = "A. Beech"
[inputs]
hazard_log = "hazard-log.xlsx"
tom = "tom.xlsx"
risk_assessment = "risk-assessment.toml"
psa = "psa/"
narrative = "narrative"
evidence = "evidence.toml"
supplement = "supplement.toml"
"#;

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("case.toml", text(MANIFEST)),
        ("hazard-log.xlsx", hazard_log("Mix-up {{ 7 * 7 }}")),
        ("tom.xlsx", tom_workbook()),
        (
            "risk-assessment.toml",
            text("[[items]]\nid = \"RA-1\"\nkind = \"tom-question\"\ntext = \"x\"\nhazards = [\"H1\"]\n"),
        ),
        (
            "psa/1.toml",
            text(
                "id = \"PSA-1\"\nkind = \"HAZID workshop\"\ndate = 2026-04-05\nattendees = [{ person = \"ab\" }]\n",
            ),
        ),
        (
            "narrative/hazard-log.md",
            text(
                "{{ hazards | length }} hazard: {{ hazards[0].name }}, {{ psa[0].date }}, {{ tom.level }}\n",
            ),
        ),
        (
            "evidence.toml",
            text(
                "[[evidence]]\nid = \"E1\"\ntitle = \"Report\"\nshows = [\"implementation\"]\ncontrols = [\"H1.D1\", \"H9.D1\"]\n",
            ),
        ),
        ("supplement.toml", text("[[link]]\nhazard = \"H1\"\ncause = \"H1.2\"\ncontrols = [\"H1.D1\"]\n")),
    ]
}

fn write(files: &[(&str, Vec<u8>)]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let root = directory.path().to_owned();
    (directory, root)
}

/// The error after one file was given this text, or taken away.
fn error(name: &'static str, text: Option<&str>) -> String {
    let mut files = files();
    files.retain(|(known, _)| *known != name);
    files.extend(text.map(|text| (name, text.as_bytes().to_vec())));
    let (_directory, root) = write(&files);
    load(&root, None, &Limits::default()).unwrap_err().to_string()
}

#[test]
fn every_input_ends_in_the_case() {
    let (_directory, root) = write(&files());
    let loaded = load(&root, None, &Limits::default()).unwrap();
    let case = &loaded.case;
    let hazard = case.hazard("H1").unwrap();
    assert_eq!(hazard.causes.len(), 2);
    assert_eq!(
        (&hazard.causes[1].controls, hazard.causes[1].link),
        (&vec!["H1.D1".to_owned()], LinkBasis::Stated)
    );
    assert_eq!(hazard.controls[0].evidence, ["E1"]);
    assert_eq!((hazard.initial.risk, hazard.residual.risk), (Some(3), Some(2)));
    assert_eq!(case.hazard_log.version.as_deref(), Some("1.2"));
    assert_eq!(case.tom.as_ref().unwrap().level().level(), None);
    assert_eq!((case.risk_assessment.len(), case.psa.len()), (1, 1));
    assert_eq!(
        case.narrative["hazard-log"],
        r"1 hazard: Mix-up \{\{ 7 \* 7 \}\}, 2026-04-05, \[to be completed: a value that was not given\]"
    );
    let messages: Vec<&str> = loaded.observations.iter().map(|o| o.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.contains("names the control \"H9.D1\"")), "{messages:?}");
}

#[test]
fn places_lead_to_the_files() {
    let (_directory, root) = write(&files());
    let provenance = load(&root, None, &Limits::default()).unwrap().provenance;
    let file = |path: &str| provenance.place(path).unwrap().file.clone();
    assert_eq!(file("hazards/H1/initial/risk"), "hazard-log.xlsx");
    assert_eq!(file("hazards/H1/causes/H1.2/controls"), "supplement.toml");
    assert_eq!(file("tom/CS-01"), "tom.xlsx");
    assert_eq!(file("psa/PSA-1"), "psa/1.toml");
    assert_eq!(file("narrative/hazard-log"), "narrative/hazard-log.md");
    assert_eq!(file("people/ab"), "case.toml");
}

#[test]
fn the_spreadsheets_are_kept_as_they_were_given() {
    let files = files();
    let (_directory, root) = write(&files);
    let sources = load(&root, None, &Limits::default()).unwrap().sources;
    let names: Vec<&str> = sources.iter().map(|source| source.path.as_str()).collect();
    assert_eq!(names, ["hazard-log.xlsx", "tom.xlsx"]);
    assert_eq!(sources[0].bytes, files[1].1);
    assert_eq!(sources[0].mime, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

#[test]
fn the_as_of_date_is_the_given_one_then_the_manifests_then_the_latest() {
    let (_directory, root) = write(&files());
    assert_eq!(Some(load(&root, None, &Limits::default()).unwrap().as_of), Date::new(2026, 4, 5));
    let given = Date::new(2027, 1, 1);
    assert_eq!(Some(load(&root, given, &Limits::default()).unwrap().as_of), given);
    fs::write(root.join("case.toml"), format!("as_of = 2026-05-06\n{MANIFEST}")).unwrap();
    assert_eq!(Some(load(&root, None, &Limits::default()).unwrap().as_of), Date::new(2026, 5, 6));
    assert_eq!(Some(load(&root, given, &Limits::default()).unwrap().as_of), given);
}

#[test]
fn a_case_without_any_date_asks_for_one() {
    let (_directory, root) = write(&[("case.toml", b"[product]\nname = \"x\"\n".to_vec())]);
    let error = load(&root, None, &Limits::default()).unwrap_err().to_string();
    assert!(error.starts_with("No input holds a date that the case could be judged by"), "{error}");
    assert!(error.contains("--as-of 2026-09-14"), "{error}");
    let loaded = load(&root, Date::new(2026, 1, 1), &Limits::default()).unwrap();
    assert!(loaded.case.hazard_log.hazards.is_empty() && loaded.case.tom.is_none());
}

#[test]
fn an_input_that_is_named_must_be_there() {
    for (name, line, key) in [
        ("hazard-log.xlsx", 7, "hazard_log"),
        ("tom.xlsx", 8, "tom"),
        ("risk-assessment.toml", 9, "risk_assessment"),
        ("evidence.toml", 12, "evidence"),
    ] {
        let error = error(name, None);
        assert!(
            error.starts_with(&format!("The case names {key} = \"{name}\", and there is no such file")),
            "{error}"
        );
        assert!(error.contains(&format!("at: case.toml, line {line}\n")), "{error}");
        assert!(error.contains("do: put it into the case folder"), "{error}");
    }
    let error = error("case.toml", Some(&MANIFEST.replace("\"hazard-log.xlsx\"", "\"../hazard-log.xlsx\"")));
    assert!(
        error.contains("is not a path inside the case folder") && error.contains("case.toml, line 7"),
        "{error}"
    );
}

#[test]
fn an_input_that_lies_there_unnamed_is_noted() {
    let mut files = files();
    files[0].1 = b"as_of = 2026-05-06\n[product]\nname = \"x\"\n".to_vec();
    let (_directory, root) = write(&files);
    let loaded = load(&root, None, &Limits::default()).unwrap();
    assert!(loaded.case.psa.is_empty());
    let messages: Vec<&str> = loaded.observations.iter().map(|o| o.message.as_str()).collect();
    assert_eq!(messages.len(), 5, "{messages:?}");
    assert!(
        messages[0].starts_with("\"psa\" is in the case folder, and [inputs] of case.toml does not name it")
    );
}

#[test]
fn faults_of_every_input_name_their_file() {
    for (name, text) in [
        ("case.toml", "[product]\nname = 7\n"),
        ("hazard-log.xlsx", "not a spreadsheet"),
        ("tom.xlsx", "not a spreadsheet"),
        ("risk-assessment.toml", "[[item]]\n"),
        ("psa/1.toml", "id = \"PSA-1\"\n"),
        ("narrative/hazard-log.md", "{{ nothing }}"),
        ("evidence.toml", "[[evidence]]\n"),
        ("supplement.toml", "[[hazard]]\nid = \"H2\"\n"),
        ("approvals.toml", "[[approvals]]\n"),
    ] {
        let error = error(name, Some(text));
        assert!(error.contains(&format!("at: {name}")), "{name}: {error}");
        assert!(error.contains("\n  do: "), "{name}: {error}");
    }
}

#[test]
fn a_tom_in_toml_is_read_and_kept() {
    let (_directory, root) = write(&[
        (
            "case.toml",
            b"as_of = 2026-05-06\n[product]\nname = \"x\"\n[inputs]\ntom = \"tom.toml\"\n".to_vec(),
        ),
        ("tom.toml", b"[[answers]]\nid = \"CS-01\"\nanswer = \"Yes\"\n".to_vec()),
    ]);
    let loaded = load(&root, None, &Limits::default()).unwrap();
    assert_eq!(loaded.case.tom.unwrap().level().level().map(crate::case::tom::SignOffLevel::number), Some(5));
    assert_eq!(loaded.sources[0].mime, "application/toml");
}

#[test]
fn a_hazard_is_rated_by_the_matrix_that_the_supplement_names() {
    let text = |text: &str| text.as_bytes().to_vec();
    let page = include_str!("../../../docs/risk-policy.md");
    let policy = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let manifest = "[product]\nname = \"x\"\n[[risk_policies]]\nfile = \"own.toml\"\n[inputs]\nhazard_log = \"log.xlsx\"\n";
    let rated = |supplement: &str| {
        let named = if supplement.is_empty() { "" } else { "supplement = \"supplement.toml\"\n" };
        let (_directory, root) = write(&[
            ("case.toml", text(&format!("{manifest}{named}"))),
            ("own.toml", text(policy)),
            ("log.xlsx", hazard_log("Mix-up")),
            ("supplement.toml", text(supplement)),
        ]);
        load(&root, None, &Limits::default()).unwrap().case
    };
    let case = rated("");
    let digest = crate::case::digest::Digests::of(&case);
    assert_eq!((case.hazard_log.hazards[0].initial.risk, case.policies().count()), (Some(3), 2));

    let case = rated("[[hazard]]\nid = \"H1\"\nrisk_policy = \"example-5x5\"\n");
    let hazard = &case.hazard_log.hazards[0];
    assert_eq!(case.policy_of(hazard).id, "example-5x5");
    // That matrix has the severity and not the likelihood.
    assert_eq!((hazard.initial.policy.as_str(), hazard.initial.risk), ("example-5x5", None));
    assert_eq!(hazard.initial.severity.as_deref(), Some("Major"));
    assert_ne!(crate::case::digest::Digests::of(&case), digest);
}
