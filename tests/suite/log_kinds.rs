//! Hazard logs that are no spreadsheets, through the commands: TOML and JSON, folders of pages, schemas.

use crate::commands::{cscr, text};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PAGE: &str = "# H1: Late result\n\n## Hazard Description\nThe result is shown late.\n\n## Possible Causes\n- The queue is long\n\n## Design\n- An alarm\n\n**Likelihood:** Low\n**Severity:** Major\n**Risk:** 4\n**Status:** Open\n";

const LOG: &str = "version_date = 2026-05-20\n\n[[hazards]]\nid = \"H1\"\nname = \"Late result\"\nstatus = \"Open\"\ninitial = { severity = \"Major\", likelihood = \"Low\", risk = 4 }\ncauses = [\"The queue is long\"]\n";

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn a_case_may_keep_its_hazards_as_pages() {
    let folder = TempDir::new().unwrap();
    let (pages, case) = (folder.path().join("hazards"), folder.path().join("case"));
    write(&pages, "h1.md", PAGE);
    write(&pages, "README.md", "# Hazards\n");
    write(&pages, "icon.png", "no picture");
    write(&pages, "notes.docx", "no page");
    write(&pages, ".hidden.md", "# no\n");
    let made = cscr(&["init", text(&case), "--hazard-log", text(&pages), "--as-of", "2026-06-01"]).ended(0);
    assert!(made.out.contains("hazards/h1.md\n") && !made.out.contains("hidden"), "{}", made.out);
    assert!(fs::read_to_string(case.join("case.toml")).unwrap().contains("\"hazards\""));
    let checked = cscr(&["check", text(&case), "--format", "json", "--only", "B4"]).json();
    let place = &checked["findings"][0]["source"];
    assert_eq!(
        (place["file"].as_str(), place["line"].as_u64()),
        (Some("hazards/h1.md"), Some(14)),
        "{checked}"
    );
    let explained = cscr(&["import", text(&pages), "--explain"]).ended(0);
    for said in ["hazards/README.md", "an index of the folder", "Possible Causes", "notes.docx"] {
        assert!(explained.out.contains(said), "{said}: {}", explained.out);
    }
}

#[test]
fn toml_and_json_logs_are_read_in_a_case_and_alone() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.toml");
    write(folder.path(), "log.toml", LOG);
    let imported = cscr(&["import", text(&log), "--format", "json"]).ended(0).json();
    assert_eq!(imported["hazards"][0]["source"]["line"], 3);
    let stated_risk =
        imported["findings"].as_array().unwrap().iter().find(|finding| finding["check"] == "B4");
    assert_eq!(stated_risk.unwrap()["source"]["line"], 7, "{imported}");
    let case = folder.path().join("case");
    cscr(&["init", text(&case), "--hazard-log", text(&log)]).ended(0);
    let checked = cscr(&["check", text(&case)]).ended(1);
    assert!(checked.err.starts_with("DRAFT, as of 2026-05-20"), "{}", checked.err);
    assert!(checked.out.contains("log.toml, line 7"), "{}", checked.out);
}

#[test]
fn what_is_another_format_is_told_what_to_do() {
    let folder = TempDir::new().unwrap();
    for (name, content, expected) in [
        ("a.yaml", "hazards:\n  - id: H1\n", "This is YAML"),
        ("b.json", "{\"risks\": []}", "This JSON is of another schema"),
        ("c.json", "{\"hazards\": [}", "column 14"),
        ("d.toml", "[[hazards]]\nnmae = \"x\"\n", "did you mean \"name\"?"),
        ("e.md", "# Minutes\n\nAll were there.\n", "neither a table of hazards nor a section of one"),
        ("f/only.xlsx", "x", "name the hazard log in it, such as only.xlsx"),
        ("g/case.toml", "", "this is a case folder"),
        ("g/README.md", "# A case\n", "this is a case folder"),
    ] {
        write(folder.path(), name, content);
        let path = folder.path().join(if let Some((inner, _)) = name.split_once('/') { inner } else { name });
        let ran = cscr(&["import", text(&path)]).ended(2);
        assert!(ran.err.contains(expected) && ran.err.contains("\n  do: "), "{name}: {}", ran.err);
    }
}

#[test]
fn schemas_are_listed_printed_and_written() {
    let listed = cscr(&["schema"]).ended(0);
    assert!(listed.out.contains("hazard-log") && listed.out.contains("case.toml"), "{}", listed.out);
    let schema = cscr(&["schema", "case"]).ended(0).json();
    assert_eq!(schema["additionalProperties"], false);
    assert!(schema["properties"]["hazard_log"].is_null() && schema["properties"]["inputs"].is_object());
    let folder = TempDir::new().unwrap();
    cscr(&["schema", "--all", text(folder.path())]).ended(0);
    assert!(folder.path().join("risk-policy.schema.json").is_file());
    let unknown = cscr(&["schema", "cases"]).ended(2);
    assert!(unknown.err.contains("there are schemas for case, hazard-log"), "{}", unknown.err);
}
