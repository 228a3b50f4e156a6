//! Documents held against the log: what a template printed, and a report from outside.

use crate::commands::{cscr, sample, text};
use crate::report_engine::fixture::report_of_sample;
use cscr::report::RenderOptions;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Prints one hazard of all, with a score of its own making.
const CARELESS: &str = "#set document(title: \"Report\", date: datetime(year: 2026, month: 9, day: 14))\n#set text(lang: \"en\")\n= Report\nH01 has a residual risk of 5.\n";

fn careless_template() -> TempDir {
    let folder = TempDir::new().unwrap();
    let manifest = "id = \"careless\"\ntitle = \"Report\"\nstandard = \"DCB0129\"\nmain = \"report.typ.j2\"\noutput = \"report.pdf\"\nsections = []\n";
    fs::write(folder.path().join("template.toml"), manifest).unwrap();
    fs::write(folder.path().join("report.typ.j2"), CARELESS).unwrap();
    folder
}

#[test]
fn the_built_in_template_prints_of_every_sample_what_its_log_says() {
    for name in ["referral-hub", "faulty-log", "control-rows"] {
        let (_, _, rendered) = report_of_sample(name, RenderOptions::default());
        assert_eq!(rendered.findings, [], "{name}");
    }
}

#[test]
fn what_a_careless_template_printed_is_told_and_never_released() {
    let (folder, template) = (TempDir::new().unwrap(), careless_template());
    let case = folder.path().join("case");
    copy(&sample("referral-hub"), &case);
    approve(&case);
    let report = folder.path().join("report.pdf");
    let build = |arguments: &[&str]| {
        let arguments = [&["build", text(&case), "-o", text(&report)], arguments].concat();
        cscr(&arguments)
    };

    build(&["--release"]).ended(0);
    fs::remove_file(&report).unwrap();
    let refused = build(&["--release", "--template", text(template.path())]).ended(1);
    assert!(refused.err.contains("blocking[E2] The laid-out report never mentions H02"), "{}", refused.err);
    assert!(refused.err.contains("blocking[E3] The laid-out report, page 1, gives H01"), "{}", refused.err);
    assert!(
        refused.err.contains("blocking[D3] The laid-out report does not hand over H08"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("Not released: what the template printed"), "{}", refused.err);
    assert!(!report.exists());
    build(&["--template", text(template.path())]).ended(0);
    assert!(report.exists(), "told, and built all the same where nothing is released");
}

#[test]
fn an_outside_report_is_read_as_text() {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    copy(&sample("referral-hub"), &case);
    let manifest = fs::read_to_string(case.join("case.toml")).unwrap();
    let named = manifest.replace("[inputs]\n", "[inputs]\noutside_report = \"old.txt\"\n");
    fs::write(case.join("case.toml"), named).unwrap();

    fs::write(case.join("old.txt"), "%PDF-1.7\n").unwrap();
    let refused = cscr(&["check", text(&case)]).ended(2);
    assert!(
        refused.err.contains("\"old.txt\" is a PDF") && refused.err.contains("pdftotext"),
        "{}",
        refused.err
    );
    fs::write(case.join("old.txt"), b"H01 \xff").unwrap();
    assert!(cscr(&["check", text(&case)]).ended(2).err.contains("not text in UTF-8"));

    fs::write(case.join("old.txt"), "H01 to H14 are described.").unwrap();
    let checked = cscr(&["check", text(&case)]).ended(1);
    assert!(checked.out.contains("The outside report old.txt never mentions H15"), "{}", checked.out);
    assert!(checked.out.contains("--> old.txt"), "{}", checked.out);

    let digest = |text_of_report: &str| {
        fs::write(case.join("old.txt"), text_of_report).unwrap();
        let json = cscr(&["check", text(&case), "--format", "json"]).ended(1).json();
        json["digests"]["cscr"].as_str().unwrap().to_owned()
    };
    assert_ne!(digest("H01 to H15."), digest("H01 to H15 "), "an approval covers the outside report");
}

/// Records the approvals that the sample lacks.
fn approve(case: &Path) {
    let json = cscr(&["check", text(case), "--format", "json"]).ended(1).json();
    let approval = |document: &str, field: &str, person: &str| {
        let digest = json["digests"][field].as_str().unwrap();
        format!(
            "[[approvals]]\ndocument = \"{document}\"\nperson = \"{person}\"\ndate = 2026-09-14\ncontent_digest = \"{digest}\"\n"
        )
    };
    let approvals = [
        approval("cscr", "cscr", "ashdown"),
        approval("cscr", "cscr", "holt"),
        approval("hazard-log", "hazard_log", "ashdown"),
    ];
    fs::write(case.join("approvals.toml"), approvals.concat()).unwrap();
}

/// A case folder, without the reports that were built in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if !path.is_dir() {
            fs::copy(&path, to.join(name)).unwrap();
        } else if name != "output" {
            copy(&path, &to.join(name));
        }
    }
}
