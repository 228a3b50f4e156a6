//! `cscr diff`, as somebody uses it: whatever holds a case can be held against whatever else does.

use crate::commands::{cscr, sample, squeezed, text};
use crate::real_files::real_file;
use crate::signing::{Desk, draft};
use crate::signoff::CaseCopy;
use cscr::change::{Comparison, Direction, PartChangeKind, Scope};
use cscr::intake::hazard_log::{self, LogFiles, RatedBy, ReadOptions};
use serde_json::{Value, json};
use std::io::{Cursor, Write as _};
use tempfile::TempDir;

/// The sample, issued, and then changed.
fn changed() -> CaseCopy {
    let case = CaseCopy::of("referral-hub");
    case.run("issue", &["--version", "1.0"]).ended(0);
    case.replace("psa/03-mitigation-review.toml", "decision = \"close\"", "decision = \"defer\"");
    case.replace(
        "case.toml",
        "role = \"Clinical Safety Officer\"",
        "role = \"Deputy Clinical Safety Officer\"",
    );
    case.replace(
        "risk-assessment.toml",
        "Is the product a medical device, or could it become one?",
        "Is the product a medical device today, or could it become one?",
    );
    case
}

#[test]
fn an_issue_is_held_against_the_case_as_it_is_now() {
    let case = changed();
    let issue = format!("{}@1.0", text(&case.path("")).trim_end_matches('/'));
    let ran = cscr(&["diff", &issue, text(&case.path(""))]).ended(0);
    for words in [
        "No hazard changed; no risk moved; also changed: PSA sessions, Risk assessment, People",
        "issue 1.0 of ",
        "No rating of any hazard is another.",
        "RA-01 text: Is the product a medical device{+ today+}, or could it become one?",
        "{+defer+}",
        "role: [-Clinical Safety Officer-] -> {+Deputy Clinical Safety Officer+}",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'), "colours are for terminals");
    cscr(&["diff", &issue, text(&case.path("")), "--exit-code"]).ended(1);
    let same = cscr(&["diff", &issue, &issue, "--exit-code"]).ended(0);
    assert!(same.out.starts_with("Both say the same.\n"), "{}", same.out);
    let ran = cscr(&["diff", &format!("{issue}.9"), text(&case.path(""))]).ended(2);
    assert!(ran.err.contains("There is no issue of version 1.0.9"), "{}", ran.err);
}

#[test]
fn what_a_change_touches_is_told_of_a_case_folder() {
    let case = CaseCopy::of("referral-hub").approved();
    case.run("issue", &["--version", "1.0"]).ended(0);
    case.replace(
        "case.toml",
        "role = \"Clinical Safety Officer\"",
        "role = \"Deputy Clinical Safety Officer\"",
    );
    let (issue, root) = (format!("{}@1.0", text(&case.path("")).trim_end_matches('/')), case.path(""));
    let ran = cscr(&["diff", &issue, text(&root)]).ended(0);
    for words in [
        "Clinical risk seems not changed: a short addendum to the report (DCB0129 7.3.2).",
        "The case records that clinical risk changes from release 4.1:",
        "Approvals that no longer count",
        "DCB0129 2.3.1: people: ashdown",
        "Clinical risk management system: people: ashdown",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let places =
        ["Risk movement", "Clinical risk seems", "People"].map(|heading| ran.out.rfind(heading).unwrap());
    assert!(places.is_sorted(), "{}", ran.out);
    let json = cscr(&["diff", &issue, text(&root), "--format", "json"]).ended(0).json();
    let impact = &json["impact"];
    assert_eq!(impact["clinical_risk"]["answer"], "seems-unchanged");
    assert!(!impact["stale_approvals"].as_array().unwrap().is_empty());
    let md = cscr(&["diff", &issue, text(&root), "--format", "md"]).ended(0);
    assert!(md.out.contains("## Impact\n\nClinical risk seems not changed"), "{}", md.out);
    // The other way round there is no case to ask.
    let ran = cscr(&["diff", text(&root), &issue]).ended(0);
    let told = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "so there is no case to ask",
        "Clinical risk seems not changed: a short addendum to the report (7.3.2",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let json = cscr(&["diff", text(&root), &issue, "--format", "json"]).ended(0).json();
    assert!(json["impact"].is_null());
    assert_eq!(json["clinical_risk"]["answer"], "seems-unchanged");
    // The decision was there before, and what is printed says as much as what is shown.
    assert!(impact["decision"]["is_as_before"].as_bool().unwrap());
    let ran = cscr(&["diff", &issue, text(&root)]).ended(0).out;
    let said = ran.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("The recorded decision is as it was in issue 1.0 of "), "{said}");
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("difference.pdf");
    cscr(&["diff", &issue, text(&root), "--format", "pdf", "-o", text(&path)]).ended(0);
    let document = lopdf::Document::load(&path).unwrap();
    let printed = document.extract_text(&document.get_pages().into_keys().collect::<Vec<_>>()).unwrap();
    let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in
        ["Clinical risk seems not changed", "Approvals that no longer count", "Clauses to look at again"]
    {
        assert!(printed.contains(words), "{words}: {printed}");
    }
}

#[test]
fn a_decision_that_risk_is_unchanged_is_held_against_the_last_issue() {
    let case = CaseCopy::of("referral-hub");
    case.run("issue", &["--version", "1.0"]).ended(0);
    case.replace(
        "case.toml",
        "date = 2026-09-28\nmodifies = \"4.1\"\nrisk_changed = true",
        "modifies = \"4.2\"\nrisk_changed = false",
    );
    case.replace("case.toml", "[release]\nversion = \"4.2\"", "[release]\nversion = \"4.3\"");
    let found = || case.run("check", &["--only", "F44"]).out;
    let said = "Clinical risk is said not to change from release 4.2, and seems changed since issue 1.0 of ";
    assert!(!found().contains(said), "{}", found());
    let control = |status: &str| {
        format!(
            "id = \"H01.D1\", owner = \"Northmoor Health Systems, product engineering\", status = \"{status}\""
        )
    };
    case.replace("supplement.toml", &control("Closed"), &control("Open"));
    let found = found().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(found.contains(said), "{found}");
    let because = "H01 control H01.D1 was done, and is not any longer";
    assert!(found.contains(because), "{found}");
    let (issue, root) = (format!("{}@1.0", text(&case.path("")).trim_end_matches('/')), case.path(""));
    let ran = cscr(&["diff", &issue, text(&root)]).ended(0);
    let told = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["Clinical risk seems changed: a new safety case report", "The proposal is another"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn machines_read_the_same_as_json() {
    let case = changed();
    let issue = format!("{}@1.0", text(&case.path("")).trim_end_matches('/'));
    let json = cscr(&["diff", &issue, text(&case.path("")), "--format", "json"]).ended(0).json();
    for list in ["added", "removed", "renamed", "changed", "splits", "merges", "sections", "parts", "actions"]
    {
        assert!(json[list].is_array(), "{list}");
    }
    assert_eq!((&json["scope"], &json["equal"]), (&"case".into(), &false.into()));
    assert_eq!(json["people"][0]["fields"][0]["path"], "role");
    assert_eq!(json["risk_assessment"][0]["id"], "RA-01");
    assert_eq!(json["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(json["risk"]["residual"]["unchanged"], json["new"]["hazards"]);
}

#[test]
fn a_report_signed_or_not_says_what_it_was_made_from() {
    let desk = Desk::with(draft());
    std::fs::write(desk.path("unsigned.pdf"), draft()).unwrap();
    desk.sign("ashdown", &desk.identity("Dr Helen Ashdown"), &["--draft"]).ended(0);
    let (signed, unsigned) = (desk.path("report.pdf"), desk.path("unsigned.pdf"));
    let ran = cscr(&["diff", text(&signed), text(&sample("referral-hub")), "--exit-code"]).ended(0);
    assert!(ran.out.starts_with("Both say the same.\n"), "{}", ran.out);
    cscr(&["diff", text(&unsigned), text(&signed), "--exit-code"]).ended(0);
    let archive = desk.path("submission.zip");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("submission/report.pdf", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&desk.report()).unwrap();
    std::fs::write(&archive, zip.finish().unwrap().into_inner()).unwrap();
    cscr(&["diff", text(&archive), text(&unsigned), "--exit-code"]).ended(0);
}

#[test]
fn a_log_alone_is_compared_by_what_a_log_says() {
    let case = sample("referral-hub");
    let log = case.join("hazard-log.xlsx");
    // The supplement says which controls answer a cause, where the log only lets it be inferred.
    let json = cscr(&["diff", text(&log), text(&case), "--format", "json"]).ended(0).json();
    let fields =
        json["changed"].as_array().unwrap().iter().flat_map(|change| change["fields"].as_array().unwrap());
    let paths: Vec<&str> = fields.map(|field| field["path"].as_str().unwrap()).collect();
    let is_link =
        |path: &&str| path.starts_with("causes/") && (path.ends_with("/controls") || path.ends_with("/link"));
    assert!(!paths.is_empty() && paths.iter().all(is_link), "{paths:?}");
}

#[test]
fn a_difference_is_written_as_markdown_and_nothing_is_written_over() {
    let case = changed();
    let issue = format!("{}@1.0", text(&case.path("")).trim_end_matches('/'));
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("changes.md");
    let root = case.path("");
    let arguments = ["diff", &issue, text(&root), "--format", "md", "-o", text(&path)];
    cscr(&arguments).ended(0);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.starts_with("# What changed\n\nNo hazard changed;"), "{written}");
    assert!(
        written.contains("## Risk assessment\n\n- RA-01 text: Is the product a medical device **today**, or"),
        "{written}"
    );
    let ran = cscr(&arguments).ended(2);
    assert!(ran.err.contains("is there already"), "{}", ran.err);
    cscr(&[&arguments[..], &["--force"]].concat()).ended(0);
}

fn real_log(name: &str) -> Value {
    let options = ReadOptions::default();
    let files = LogFiles::open(&real_file(name), &options.limits).expect("the real file is there");
    let policy = cscr::case::matrix::RiskPolicy::nhs();
    let log = hazard_log::read_files(&files, &options, &RatedBy::from(&policy)).unwrap().log;
    json!({"hazard_log": log, "risk_policy": policy})
}

/// The hazard under another number, and what is in it under that of the hazard.
fn numbered(hazard: &Value, number: &str) -> Value {
    let old = hazard["key"].as_str().unwrap().to_owned();
    let mut hazard = hazard.clone();
    (hazard["key"], hazard["id"]) = (number.into(), number.into());
    for list in ["causes", "existing_controls", "controls"] {
        for part in hazard[list].as_array_mut().unwrap() {
            let own = part["id"].as_str().unwrap().replace(&old, number);
            part["id"] = own.into();
            let answering = part.get_mut("controls").and_then(Value::as_array_mut);
            for id in answering.into_iter().flatten() {
                *id = id.as_str().unwrap().replace(&old, number).into();
            }
        }
    }
    hazard
}

fn rate(hazard: &mut Value, rating: &str, severity: &str, likelihood: &str) {
    let policy = cscr::case::matrix::RiskPolicy::nhs();
    let rated = cscr::case::hazard::Rating::new(Some(severity), Some(likelihood), None, &policy);
    hazard[rating] = serde_json::to_value(rated).unwrap();
}

/// Everything from `split` on is numbered one higher, and half of `split` is a hazard of its own; one is renamed, two
/// ratings moved, three controls reworded, one owner filled in.
fn mutated(case: &Value, split: usize, renamed: usize) -> Value {
    let mut case = case.clone();
    let list = case.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut).unwrap();
    let numbers: Vec<String> = list.iter().map(|hazard| hazard["key"].as_str().unwrap().to_owned()).collect();
    let next = |number: &str| {
        let digits = number.trim_start_matches(|c: char| !c.is_ascii_digit());
        let letters = &number[..number.len() - digits.len()];
        format!("{letters}{:0width$}", digits.parse::<usize>().unwrap() + 1, width = digits.len())
    };
    list[0]["owner"] = "The Clinical Safety Officer of the programme".into();
    rate(&mut list[0], "residual", "Major", "Medium");
    rate(&mut list[1], "initial", "Catastrophic", "High");
    let mut reworded = 0;
    for hazard in list.iter_mut() {
        let lists = ["existing_controls", "controls"];
        let list =
            lists.into_iter().find(|list| hazard[*list].as_array().is_some_and(|list| !list.is_empty()));
        let Some(list) = list.filter(|_| reworded < 3) else { continue };
        let text = hazard[list][0]["text"].as_str().unwrap().to_owned();
        if text.split(' ').count() > 6 {
            hazard[list][0]["text"] = format!("At every site, {text}, and this is tested each year").into();
            reworded += 1;
        }
    }
    list[renamed]["name"] = "The service gives what was worked out for somebody else".into();
    let mut part = numbered(&list[split], &next(&numbers[split]));
    (part["name"], part["description"]) = ("What is given is taken for the whole".into(), Value::Null);
    for name in ["causes", "existing_controls", "controls"] {
        let own = list[split][name].as_array_mut().unwrap();
        let half = own.len().div_ceil(2);
        own.truncate(half);
        part[name].as_array_mut().unwrap().drain(..half);
    }
    for at in (split + 1..list.len()).rev() {
        list[at] = numbered(&list[at], &next(&numbers[at]));
    }
    list.insert(split + 1, part);
    case
}

/// What is found in a mutation of a real log is what was done to it.
fn finds_what_was_done(name: &str, split: usize, renamed: usize) {
    let old = real_log(name);
    let new = mutated(&old, split, renamed);
    let comparison = Comparison::between(&old, &new, Scope::HazardLog);
    let keys = |case: &Value| -> Vec<String> {
        let hazards = case.pointer("/hazard_log/hazards").and_then(Value::as_array).unwrap();
        hazards.iter().map(|hazard| hazard["key"].as_str().unwrap().to_owned()).collect()
    };
    let (before, after) = (keys(&old), keys(&new));
    let changes = &comparison.changes;
    let renumbered: Vec<(&str, &str)> = changes
        .renamed
        .iter()
        .filter(|renamed| renamed.is_renumbered())
        .map(|renamed| (renamed.old_id.as_str(), renamed.new_id.as_str()))
        .collect();
    let expected: Vec<(&str, &str)> = before[split + 1..]
        .iter()
        .zip(&after[split + 2..])
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .collect();
    assert_eq!(renumbered, expected);
    let named: Vec<&str> =
        changes.renamed.iter().filter(|one| one.name_changed).map(|one| one.old_id.as_str()).collect();
    assert_eq!(named, [before[renamed].as_str()]);
    assert_eq!(changes.added.iter().map(|one| &one.id).collect::<Vec<_>>(), [&after[split + 1]]);
    assert!(changes.removed.is_empty() && changes.merges.is_empty(), "{:?}", changes.merges);
    let [proposal] = &changes.splits[..] else { panic!("{:?}", changes.splits) };
    assert_eq!((&proposal.from[..], &proposal.to[..]), (&before[split..=split], &after[split..=split + 1]));
    let moved: Vec<(&str, Direction, Direction)> = comparison
        .risk
        .moved()
        .filter(|hazard| hazard.residual.direction != Direction::New)
        .map(|hazard| (hazard.id.as_str(), hazard.initial.direction, hazard.residual.direction))
        .collect();
    assert_eq!(
        moved,
        [
            (before[0].as_str(), Direction::Same, Direction::Up),
            (before[1].as_str(), Direction::Up, Direction::Same)
        ]
    );
    let count =
        |kind| comparison.parts.iter().filter(|part| part.part.is_control() && part.change == kind).count();
    assert_eq!((count(PartChangeKind::Reworded), count(PartChangeKind::Added)), (3, 0));
    let lost: Vec<_> = comparison
        .parts
        .iter()
        .filter(|part| part.change == PartChangeKind::Removed && part.elsewhere.is_none())
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    let owner = |hazard: &str| {
        let fields =
            changes.changed.iter().filter(|change| change.id == hazard).flat_map(|change| &change.fields);
        fields.filter(|field| field.path == ["owner"]).count()
    };
    assert_eq!(owner(&before[0]), 1);
}

#[test]
#[ignore = "needs the real NRL hazard log"]
fn a_mutation_of_the_nrl_log_is_understood() {
    finds_what_was_done("nrl-hazard-log-v1.7.xlsx", 3, 7);
}

#[test]
#[ignore = "needs the real CDS hazard log"]
fn a_mutation_of_the_cds_log_is_understood() {
    finds_what_was_done("cds-api-hazard-log-v1.0.xlsx", 2, 3);
}

#[test]
fn a_difference_is_a_document_too() {
    let case = changed();
    let issue = format!("{}@1.0", text(&case.path("")).trim_end_matches('/'));
    let (folder, now) = (TempDir::new().unwrap(), case.path(""));
    let pdf = folder.path().join("what-changed.pdf");
    cscr(&["diff", &issue, text(&now), "--format", "pdf"]).ended(2);
    cscr(&["diff", &issue, text(&now), "--format", "pdf", "-o", text(&pdf)]).ended(0);
    let document = lopdf::Document::load(&pdf).unwrap();
    let told = document.extract_text(&document.get_pages().into_keys().collect::<Vec<_>>()).unwrap();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["What changed", "issue 1.0 of", "No rating of any hazard is another.", "medical device"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_document_tells_of_hazards_that_came_went_and_moved() {
    const HEAD: &str = "Hazard ID,Hazard Name,Hazard Description,Severity,Likelihood,Risk\n";
    let folder = TempDir::new().unwrap();
    let log = |name: &str, rows: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{HEAD}{rows}")).unwrap();
        path
    };
    let old = log(
        "old.csv",
        "H01,Referral lost,The referral is not sent,Major,Low,3\nH02,Wrong clinic,The referral goes to another clinic,Minor,Low,2\n",
    );
    let new = log(
        "new.csv",
        "H01,Referral lost,The referral is not sent,Major,Medium,3\nH03,Screen is slow,The list takes a minute to be shown,Minor,Low,2\n",
    );
    let pdf = folder.path().join("differences.pdf");
    cscr(&["diff", text(&old), text(&new), "--format", "pdf", "-o", text(&pdf)]).ended(0);
    let document = lopdf::Document::load(&pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let told = squeezed(&document.extract_text(&pages).unwrap());
    for words in ["New hazards", "H03", "Screen is slow", "Hazards that are gone", "H02", "Wrong clinic"] {
        assert!(told.contains(&squeezed(words)), "{words}: {told}");
    }
}
