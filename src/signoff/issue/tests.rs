//! What issuing writes into a manifest.

use super::*;
use crate::assurance::testing::{date, revision, some};

fn issued(manifest: &str, document: &DocumentControl, version: &str) -> Result<Issued, Refusal> {
    let today = date("2026-09-14");
    edit(manifest, document, &[], &Request { version, date: None, today, summary: Some("More") })
}

fn document(version: &str) -> DocumentControl {
    DocumentControl {
        version: some(version),
        revisions: vec![revision(version)],
        ..DocumentControl::default()
    }
}

#[test]
fn a_list_in_brackets_stays_one_and_comments_stay() {
    let manifest = "cso = \"a\" # who\n[document]\nversion = \"1.0\" # of the report\nrevisions = [\n  { version = \"1.0\" },\n]\n\n[product]\nname = \"x\"\n";
    let written = issued(manifest, &document("1.0"), "1.1").unwrap().manifest;
    assert_eq!(
        written,
        "cso = \"a\" # who\n[document]\nversion = \"1.1\" # of the report\nrevisions = [\n  { version = \"1.0\" },\n  { version = \"1.1\", date = 2026-09-14, summary = \"More\" },\n]\nissue_date = 2026-09-14\n\n[product]\nname = \"x\"\n"
    );
}

#[test]
fn rows_of_their_own_come_one_after_the_other() {
    let manifest = "[document]\nversion = \"1.0\"\n\n# History\n[[document.revisions]]\nversion = \"1.0\"\n\n[[people]]\nid = \"a\"\n";
    let written = issued(manifest, &document("1.0"), "1.1").unwrap().manifest;
    assert_eq!(
        written,
        "[document]\nversion = \"1.1\"\nissue_date = 2026-09-14\n\n# History\n[[document.revisions]]\nversion = \"1.0\"\n\n[[document.revisions]]\nversion = \"1.1\"\ndate = 2026-09-14\nsummary = \"More\"\n\n[[people]]\nid = \"a\"\n"
    );
}

#[test]
fn a_manifest_that_says_nothing_of_its_document_gets_one() {
    let written = issued("[product]\nname = \"x\"\n", &DocumentControl::default(), "0.1").unwrap().manifest;
    let manifest: toml::Table = toml::from_str(&written).unwrap();
    assert_eq!(manifest["document"]["version"].as_str(), Some("0.1"), "{written}");
    assert_eq!(manifest["document"]["revisions"][0]["summary"].as_str(), Some("More"));
}

#[test]
fn what_names_no_folder_is_no_version() {
    for version in ["", "final", "1/2", "..", "1.", "-1", "1 2", "C:1"] {
        let error = issued("", &DocumentControl::default(), version).unwrap_err().to_string();
        assert!(error.contains("is not a version"), "{version}: {error}");
    }
    for version in ["1", "1.0", "2.0-rc1"] {
        assert!(issued("", &DocumentControl::default(), version).is_ok(), "{version}");
    }
}
