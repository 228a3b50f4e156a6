//! What a side may be, and what is refused.

use super::*;
use crate::assurance::testing::{case, some};
use crate::case::digest::canonical_json;
use std::io::{Cursor, Write as _};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A folder with two cases, of which the second has another owner of its first hazard.
fn folder() -> (TempDir, String, String) {
    let folder = TempDir::new().unwrap();
    let mut other = case();
    other.hazard_log.hazards[0].owner = some("Somebody else");
    std::fs::write(folder.path().join("old.json"), canonical_json(&case())).unwrap();
    std::fs::write(folder.path().join("new.json"), canonical_json(&other)).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let paths = (path("old.json"), path("new.json"));
    (folder, paths.0, paths.1)
}

fn refusal(old: &str, new: &str, limits: &Limits) -> String {
    compare(old, new, limits).unwrap_err().to_string()
}

#[test]
fn two_canonical_cases_are_compared() {
    let (_folder, old, new) = folder();
    let compared = compare(&old, &new, &Limits::default()).unwrap();
    assert_eq!(compared.comparison.changes.changed[0].fields[0].path, ["owner"]);
    assert_eq!((compared.old.what.as_str(), compared.comparison.scope), ("canonical case", Scope::Case));
    assert_ne!(compared.old.digest, compared.new.digest);
    assert!(compare(&old, &old, &Limits::default()).unwrap().comparison.equal);
}

#[test]
fn an_archive_gives_the_case_nearest_to_its_top() {
    let (folder, old, new) = folder();
    let read = |path: &str| std::fs::read(path).unwrap();
    let archive = folder.path().join("submission.zip");
    let named = archive.to_str().unwrap();
    let pack = |parts: &[(&str, &[u8])]| std::fs::write(&archive, zipped(parts)).unwrap();
    pack(&[("data/case.json", &read(&new)), ("data/older/case.json", &read(&old)), ("read-me.txt", b"x")]);
    let compared = compare(named, &new, &Limits::default()).unwrap();
    assert!(compared.comparison.equal, "{}", compared.comparison.summary);
    assert_eq!(compared.old.what, "archive with data/case.json");
    pack(&[("a/case.json", &read(&new)), ("b/case.json", &read(&old))]);
    assert!(refusal(named, &new, &Limits::default()).contains("different cases: a/case.json, b/case.json"));
    pack(&[("read-me.txt", b"x")]);
    assert!(refusal(named, &new, &Limits::default()).contains("holds no case.json and no PDF"));
    pack(&[("case.json", b"{\"hazards\": []}")]);
    assert!(refusal(named, &new, &Limits::default()).contains("\"case.json\" is not a case"));
}

#[test]
fn an_archive_that_unpacks_to_more_than_the_limit_is_refused() {
    let (folder, old, _) = folder();
    let archive = folder.path().join("bomb.zip");
    std::fs::write(&archive, zipped(&[("case.json", " ".repeat(3 << 20).as_bytes())])).unwrap();
    let limits = Limits { unpacked_mib: 2, ..Limits::default() };
    let said = refusal(archive.to_str().unwrap(), &old, &limits);
    assert!(said.contains("more than 2 MiB unpacked") && said.contains("--max-unpacked-mib"), "{said}");
    let nested = zipped(&[("case.json", b"{}")]);
    std::fs::write(&archive, zipped(&[("inner.zip", &nested)])).unwrap();
    assert!(refusal(archive.to_str().unwrap(), &old, &limits).contains("holds no case.json"));
    let mut broken = zipped(&[("case.json", b"{}")]);
    broken.truncate(40);
    std::fs::write(&archive, broken).unwrap();
    assert!(refusal(archive.to_str().unwrap(), &old, &limits).contains("damaged"));
}

#[test]
fn a_log_alone_is_held_against_the_log_of_a_case() {
    let (folder, old, new) = folder();
    let log = crate::intake::hazard_log::structured::to_json(&case().hazard_log);
    let path = folder.path().join("log.json");
    std::fs::write(&path, log).unwrap();
    let path = path.to_str().unwrap();
    let compared = compare(path, &new, &Limits::default()).unwrap();
    assert_eq!(compared.comparison.scope, Scope::HazardLog);
    assert!(compared.notes[0].contains("is a hazard log alone"), "{:?}", compared.notes);
    let paths: Vec<String> = compared
        .comparison
        .changes
        .changed
        .iter()
        .flat_map(|change| {
            change.fields.iter().map(|field| format!("{} {}", change.id, field.path.join("/")))
        })
        .collect();
    assert_eq!(paths, ["H01 owner"]);
    assert!(compare(&old, path, &Limits::default()).unwrap().comparison.equal);
    assert!(compare(path, path, &Limits::default()).unwrap().comparison.equal);
}

#[test]
fn what_is_not_there_or_carries_nothing_is_said() {
    let (folder, old, _) = folder();
    let said = refusal("nowhere.xlsx", &old, &Limits::default());
    assert!(said.contains("nowhere.xlsx"), "{said}");
    let said = refusal(&format!("{}@1.0", folder.path().display()), &old, &Limits::default());
    assert!(said.contains("holds no case.toml"), "{said}");
    let pdf = folder.path().join("other.pdf");
    std::fs::write(&pdf, b"%PDF-1.7\nno more than that").unwrap();
    assert!(compare(pdf.to_str().unwrap(), &old, &Limits::default()).is_err());
}

#[test]
fn what_is_wrong_is_told_by_the_side_that_it_is_wrong_with() {
    let folder = TempDir::new().unwrap();
    let side = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["one", "two", "case"] {
        std::fs::create_dir(side(name)).unwrap();
    }
    let (good, bad) = (side("one") + "/log.json", side("two") + "/log.json");
    std::fs::write(&good, canonical_json(&case())).unwrap();
    std::fs::write(&bad, "{").unwrap();
    std::fs::write(side("case") + "/case.toml", "phase = \"x").unwrap();
    let limits = Limits::default();
    for refused in [refusal(&good, &bad, &limits), refusal(&bad, &good, &limits)] {
        assert!(refused.contains(&format!("\n  at: {bad}")), "{refused}");
    }
    let refused = refusal(&good, &side("case"), &limits);
    assert!(refused.contains(&format!("\n  at: {}/case.toml, line 1", side("case"))), "{refused}");
    let issue = side("case") + "@1.0";
    let refused = refusal(&issue, &good, &limits);
    assert!(refused.contains(&format!("\n  at: {}/", side("case"))), "{refused}");
}
