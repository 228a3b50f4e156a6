//! The content digests against a second way to work them out, and against what the docs say of them.

use crate::commands::sample;
use cscr::case::Case;
use cscr::case::approval::ApprovedDocument;
use cscr::case::digest::{Digests, sha256_hex};
use cscr::intake::folder;
use cscr::intake::workbook::Limits;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a report asserts, put together value by value: recorded approvals name digests of this.
fn content(case: &Case) -> Value {
    let mut case = case.clone();
    case.document.status = None;
    case.document.revisions.clear();
    case.hazard_log.status = None;
    case.hazard_log.revisions.clear();
    let (document, log) = (&mut case.document, &mut case.hazard_log);
    for signatories in
        [&mut document.reviewers, &mut document.approvers, &mut log.reviewers, &mut log.approvers]
    {
        for signatory in signatories {
            (signatory.date, signatory.version) = (None, None);
        }
    }
    if let Some(plan) = &mut case.plan {
        (plan.approved_by, plan.approved_on) = (None, None);
    }
    let mut content = serde_json::to_value(case).unwrap();
    // A list that is left out is not there, other than an empty one.
    for document in ["document", "hazard_log"] {
        content[document].as_object_mut().unwrap().remove("revisions");
    }
    without_nulls(&mut content);
    content
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        Value::Object(members) => {
            members.values_mut().for_each(without_nulls);
            members.retain(|_, member| !member.is_null());
        }
        _ => {}
    }
}

#[test]
fn the_digest_of_a_document_is_that_of_its_content() {
    for name in ["referral-hub", "faulty-log"] {
        let case = folder::load(&sample(name), None, &Limits::default()).unwrap().case;
        assert!(case.document.status.is_some() && !case.document.revisions.is_empty(), "{name}");
        let digest = |content: &Value| sha256_hex(content.to_string().as_bytes());
        let mut content = content(&case);
        let hazards = content["hazard_log"]["hazards"].as_array().unwrap();
        content["hazard_log"]["hazards"] = hazards.iter().map(digest).collect();
        let (risk_policies, risk_policy) = (&content["risk_policies"], &content["risk_policy"]);
        let log = serde_json::json!({
            "hazard_log": content["hazard_log"], "waivers": content["waivers"],
            "risk_policies": risk_policies, "risk_policy": risk_policy,
        });
        let mut plan = serde_json::json!({
            "plan": content.get("plan"), "risk_policies": risk_policies, "risk_policy": risk_policy,
        });
        let activities = plan.pointer_mut("/plan/activities").and_then(Value::as_array_mut);
        for activity in activities.into_iter().flatten() {
            activity.as_object_mut().unwrap().remove("evidence");
        }
        let mut tom = serde_json::json!({
            "product": { "name": content["product"]["name"] }, "tom": content.get("tom"),
            "release": { "version": content["release"].get("version") },
        });
        without_nulls(&mut plan);
        without_nulls(&mut tom);
        let expected = Digests {
            cscr: digest(&content),
            hazard_log: digest(&log),
            plan: digest(&plan),
            tom: digest(&tom),
        };
        assert_eq!(Digests::of(&case), expected, "{name}");
        assert_eq!(Digests::of_json(&serde_json::to_value(&case).unwrap()), expected, "{name}");
    }
}

/// The table of docs/approvals.md: for each path, whether each digest covers it.
fn documented() -> BTreeMap<String, [bool; 4]> {
    const DOCS: &str = include_str!("../../docs/approvals.md");
    let (_, table) = DOCS.split_once("| field of the case |").unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, path, cscr, log, plan, tom, _] = cells[..] else { panic!("{line}") };
        (path.trim_matches('`').to_owned(), [cscr, log, plan, tom].map(|cell| cell == "yes"))
    };
    table.lines().skip(2).take_while(|line| line.starts_with('|')).map(row).collect()
}

/// The row that holds for a path: that of the longest beginning.
fn row_of<'a>(table: &'a BTreeMap<String, [bool; 4]>, path: &[String]) -> (&'a str, [bool; 4]) {
    let mut beginnings = (1..=path.len()).rev().map(|length| path[..length].join("."));
    let found = beginnings.find_map(|beginning| table.get_key_value(&beginning));
    let (path, covered) = found.unwrap_or_else(|| panic!("docs/approvals.md has no row for {path:?}"));
    (path, *covered)
}

/// Changes the first value of each path, and calls with the path while it is changed.
fn each_changed(
    whole: &mut Value,
    pointer: &str,
    path: &[String],
    seen: &mut BTreeSet<Vec<String>>,
    look: &mut dyn FnMut(&[String], &Value),
) {
    let value = whole.pointer(pointer).unwrap();
    let below: Vec<(String, Vec<String>)> = match value {
        Value::Array(items) => {
            (0..items.len()).map(|at| (format!("{pointer}/{at}"), path.to_vec())).collect()
        }
        Value::Object(members) => {
            let name = |name: &String| {
                let step = name.replace('~', "~0").replace('/', "~1");
                (format!("{pointer}/{step}"), path.iter().chain([name]).cloned().collect())
            };
            members.keys().map(name).collect()
        }
        _ => Vec::new(),
    };
    if !below.is_empty() {
        for (pointer, path) in below {
            each_changed(whole, &pointer, &path, seen, look);
        }
        return;
    }
    if !seen.insert(path.to_vec()) {
        return;
    }
    let other = match value {
        Value::String(text) => Value::from(format!("{text} and more")),
        Value::Number(number) => Value::from(number.as_i64().unwrap_or_default() + 1),
        Value::Bool(is_so) => Value::from(!is_so),
        Value::Null => Value::from("given"),
        Value::Array(_) | Value::Object(_) => serde_json::json!(["given"]),
    };
    let before = std::mem::replace(whole.pointer_mut(pointer).unwrap(), other);
    look(path, whole);
    *whole.pointer_mut(pointer).unwrap() = before;
}

#[test]
fn each_digest_covers_the_fields_that_the_docs_say() {
    let table = documented();
    let (mut seen, mut used) = (BTreeSet::new(), BTreeSet::new());
    for name in ["faulty-log", "referral-hub"] {
        let case = folder::load(&sample(name), None, &Limits::default()).unwrap().case;
        let mut json = serde_json::to_value(&case).unwrap();
        let before = Digests::of_json(&json);
        each_changed(&mut json, "", &[], &mut seen, &mut |path, changed| {
            let (row, covered) = row_of(&table, path);
            let after = Digests::of_json(changed);
            let differs =
                ApprovedDocument::ALL.map(|document| after.document(document) != before.document(document));
            assert_eq!(differs, covered, "{path:?} by the row {row}");
            used.insert(row.to_owned());
        });
    }
    assert!(seen.len() > 250, "{}", seen.len());
    let unused: Vec<&String> = table.keys().filter(|row| !used.contains(*row)).collect();
    assert_eq!(unused, Vec::<&String>::new(), "rows that no field of the samples meets");
}
