//! What the command writes where, and what it refuses.

use crate::commands::{cscr, sample, text};
use std::fs;

#[test]
fn an_export_is_named_by_title_and_version_and_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case");
    fs::create_dir(&case).unwrap();
    for file in ["case.toml", "hazard-log.xlsx"] {
        fs::copy(sample("control-rows").join(file), case.join(file)).unwrap();
    }
    let ran = cscr(&["export", text(&case)]).ended(0);
    let path = ran.out.trim();
    assert!(path.ends_with("-hazard-log-v0.3.xlsx") || path.contains("hazard-log"), "{path}");
    assert!(std::path::Path::new(path).is_file());
    assert!(ran.err.contains("a row a control"), "{}", ran.err);
    let again = cscr(&["export", text(&case)]).ended(2);
    assert!(again.err.contains("is there already") && again.err.contains("--force"), "{}", again.err);
    cscr(&["export", text(&case), "--force"]).ended(0);
    let own = case.join("hazard-log.xlsx");
    let refused = cscr(&["export", text(&case), "-o", text(&own), "--force"]).ended(2);
    assert!(refused.err.contains("is in the case folder"), "{}", refused.err);
}

#[test]
fn a_layout_that_is_asked_for_says_what_it_loses() {
    let ran = cscr(&[
        "export",
        text(&sample("control-rows")),
        "--format",
        "csv",
        "-o",
        "-",
        "--layout",
        "template",
    ]);
    let ran = ran.ended(0);
    assert!(ran.out.starts_with("\u{feff}\"Hazard Number\",\"Hazard Name\","), "{}", &ran.out[..80]);
    assert!(ran.err.contains("not kept: H01: ids of controls ("), "{}", ran.err);
    let quiet =
        cscr(&["export", text(&sample("control-rows")), "--format", "csv", "-o", "-", "--quiet"]).ended(0);
    assert_eq!(quiet.err, "");
}

#[test]
fn a_workbook_is_not_for_standard_output() {
    let ran = cscr(&["export", text(&sample("control-rows")), "-o", "-"]).ended(2);
    assert!(ran.err.contains("not for a terminal"), "{}", ran.err);
}

#[test]
fn what_belongs_to_the_supplement_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.xlsx");
    let ran = cscr(&["export", text(&sample("referral-hub")), "-o", text(&file)]).ended(0);
    assert!(ran.err.contains("still in the supplement: conditions (15 hazards)"), "{}", ran.err);
    assert!(!ran.err.contains("not kept"), "{}", ran.err);
}
