//! The clause tables against the report's template.

use crate::commands::{cscr, sample, squeezed, text};
use crate::documents::copy;
use cscr::case::clause::ClauseTable;
use cscr::report::Templates;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tempfile::TempDir;

/// The clauses that a chapter names: `2.1.1 to 2.4.2, 2.6.1`.
fn named(clauses: &str) -> impl Iterator<Item = &str> {
    clauses.split(", ").flat_map(|range| range.split(" to ")).filter(|clause| !clause.is_empty())
}

#[test]
fn every_clause_that_a_chapter_names_is_in_the_table_and_in_its_order() {
    let table = ClauseTable::dcb0129();
    let numbers: Vec<&str> = table.clauses().map(|clause| clause.number.as_str()).collect();
    let template = Templates::embedded().load("ers-cscr").unwrap();
    let mut seen = 0;
    for section in &template.manifest().sections {
        let clauses = section.clause.as_deref().unwrap_or_default();
        for clause in named(clauses) {
            assert!(numbers.contains(&clause), "{} names {clause}", section.id);
            seen += 1;
        }
        for range in clauses.split(", ").filter(|range| range.contains(" to ")) {
            let ends: Vec<usize> =
                named(range).filter_map(|end| numbers.iter().position(|n| *n == end)).collect();
            assert!(ends[0] < ends[1], "{}: {range}", section.id);
        }
    }
    assert!(seen > 30, "{seen}");
}

/// A copy of the sample that is judged by another standard, with what its case.toml has in place of that.
fn judged_by(standard: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let case = folder.path().join("case");
    copy(&sample("faulty-log"), &case);
    let path = case.join("case.toml");
    let manifest = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = manifest.split_once("[standard]\n").unwrap();
    let after = rest.find("\n[").map_or("", |end| &rest[end..]);
    std::fs::write(&path, format!("{before}[standard]\n{standard}{after}")).unwrap();
    (folder, case)
}

fn clauses(json: &Value) -> BTreeSet<String> {
    let findings = json["findings"].as_array().unwrap().iter();
    findings.filter_map(|finding| finding["clause"].as_str().map(str::to_owned)).collect()
}

#[test]
fn every_output_names_the_clauses_of_the_standard_that_the_case_claims() {
    let (folder, case) = judged_by("name = \"DCB0160\"\nversion = \"3.2\"\n");
    let cited = clauses(&cscr(&["check", text(&case), "--format", "json"]).ended(1).json());
    assert!(cited.contains("DCB0160 4.4.1 [not verified]"), "{cited:?}");
    for clause in &cited {
        for part in clause.split("; ") {
            let is_own = part.starts_with("DCB0160 ") && part.ends_with(" [not verified]");
            assert!(is_own || part.starts_with("DCB0129 "), "{clause}");
        }
    }
    let out = cscr(&["check", text(&case)]).ended(1).out;
    assert!(out.contains(" differs from the matrix (DCB0160 4.4.1 [not verified])"), "{out}");
    let sarif = cscr(&["check", text(&case), "--format", "sarif"]).ended(1).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let b4 = results.iter().find(|result| result["ruleId"] == "B4").unwrap();
    assert_eq!(b4["properties"]["clause"], "DCB0160 4.4.1 [not verified]");
    let pdf = folder.path().join("report.pdf");
    cscr(&["build", text(&case), "-o", text(&pdf)]).ended(0);
    let printed = squeezed(&crate::report_engine::fixture::pdf_text(&std::fs::read(&pdf).unwrap()));
    assert!(
        printed.contains(&squeezed("Check B4: Stated initial risk differs from the matrix · DCB0160 4.4.1"))
    );
    assert!(printed.contains(&squeezed("Blocking finding of check B4 (DCB0160 4.4.1 [not verified]).")));
}

#[test]
fn numbers_of_an_organisations_own_are_not_taken_for_the_standards() {
    let table = "id = \"ours\"\nstandard = \"DCB0129\"\nversion = \"4.2\"\ntitle = \"Our rules\"\nverified = true\n\n[[groups]]\nnumber = \"4.4\"\nheading = \"Tea\"\n\n[[groups.clauses]]\nnumber = \"4.4.1\"\nrequirement = \"There is tea.\"\nchecked_by = \"person\"\nevidence_in = [\"file\"]\n\n[[groups.clauses]]\nnumber = \"4.4.2\"\ncounterpart = \"6.1.4\"\nrequirement = \"What is left is rated.\"\nchecked_by = \"person\"\nevidence_in = [\"file\"]\n";
    let (folder, case) = judged_by("name = \"DCB0129\"\nversion = \"4.2\"\nclauses = \"ours.toml\"\n");
    std::fs::write(case.join("ours.toml"), table).unwrap();
    let json = cscr(&["check", text(&case), "--format", "json"]).ended(1).json();
    let cited = clauses(&json);
    assert!(cited.contains("DCB0129 4.4.1") && cited.contains("Our rules 4.4.2"), "{cited:?}");
    assert_eq!(json["clauses"][0]["findings"], Value::Array(Vec::new()), "no check bears on the tea");
    assert_ne!(json["clauses"][1]["findings"], Value::Array(Vec::new()));
    let pdf = folder.path().join("report.pdf");
    cscr(&["build", text(&case), "-o", text(&pdf)]).ended(0);
    let printed = squeezed(&crate::report_engine::fixture::pdf_text(&std::fs::read(&pdf).unwrap()));
    assert!(printed.contains(&squeezed("The numbers below are those of “Our rules”, not of DCB0129.")));
}
