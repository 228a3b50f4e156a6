use super::*;
use crate::case::system::PointKind;
use crate::intake::files::tests::case_folder;

fn read(files: &[(&str, &str)]) -> Result<ResolvedManifest, InputError> {
    let (_directory, folder) = case_folder(files);
    ResolvedManifest::read(&folder)
}

fn manifest(text: &str) -> Result<ResolvedManifest, InputError> {
    read(&[("case.toml", text)])
}

fn error(text: &str) -> String {
    manifest(text).unwrap_err().to_string()
}

const PRODUCT: &str = "[product]\nname = \"Referral Bridge\"\n";

#[test]
fn a_name_is_enough_and_the_rest_is_not_given() {
    let resolved = manifest(PRODUCT).unwrap();
    let case = resolved.case;
    assert_eq!(case.product.name, "Referral Bridge");
    assert_eq!(case.standard.name, StandardName::Dcb0129);
    assert_eq!(case.standard.version, "4.2");
    assert_eq!(case.third_party_products, Declared::NotGiven);
    assert_eq!(case.risk_policy, RiskPolicy::nhs());
    assert_eq!((case.phase, case.cso, resolved.as_of), (None, None, None));
    assert_eq!(resolved.inputs, Inputs::default());
}

#[test]
fn a_manifest_without_a_product_name_is_refused() {
    for text in ["", "[product]\nname = \" \"\n", "phase = \"live\"\n"] {
        let error = error(text);
        assert!(error.starts_with("The case does not say which product it is for"), "{error}");
        assert!(error.contains("at: case.toml") && error.contains("name = \"...\""), "{error}");
    }
    assert!(error("[product]\n").starts_with("The key \"name\" is missing here"));
}

#[test]
fn all_tables_of_a_full_manifest_are_read() {
    let case = manifest(FULL).unwrap().case;
    assert_eq!(case.standard.name, StandardName::Dcb0160);
    assert_eq!(case.people[0].registration.as_ref().unwrap().checked, Date::new(2026, 8, 1));
    assert_eq!(case.interfaces[0].points[0].kind, PointKind::Entry);
    assert_eq!(case.third_party_products, Declared::DeclaredNone);
    assert_eq!(case.test_issues.items().len(), 1);
    assert_eq!(case.document.reviewers[0].person.as_deref(), Some("ab"));
    assert_eq!(case.plan.unwrap().activities.len(), 1);
    assert_eq!(case.process_review.unwrap().interval_months, Some(12));
}

const FULL: &str = r#"
phase = "Pre-delivery"
as_of = 2026-09-14
cso = "ab"
third_party_products = "none"
assumptions = ["Users are trained"]
constraints = []
[standard]
name = "SCCI0160"
[product]
name = "Referral Bridge"
[organisation]
name = "Example Trust"
role = "deploying-organisation"
[release]
version = "2.1"
date = "2026-09-01"
[[release.configuration]]
name = "Gateway"
[document]
title = "Safety case report"
[[document.revisions]]
version = "1.0"
date = "03.04.2026"
[[document.reviewers]]
person = "ab"
[[document.approvers]]
name = "C. Deer"
[[document.related_documents]]
title = "Plan"
[[people]]
id = "ab"
name = "A. Beech"
clinician = true
registration = { body = "GMC", number = "0000000", checked = 2026-08-01 }
[risk_policy]
id = "nhs"
[system]
intended_use = "Referral"
[[system.out_of_scope]]
what = "Billing"
[[interfaces]]
id = "API-1"
name = "Referral API"
[[interfaces.points]]
id = "P1"
kind = "entry"
description = "A referral arrives"
[[test_issues]]
id = "T1"
summary = "Slow"
[[glossary]]
term = "TOM"
meaning = "Target Operating Model"
[[references]]
id = "R1"
title = "Plan"
[pre_delivery_review]
outcome = "Proceed"
[post_deployment]
process = "Service desk"
[plan]
approved_by = "ab"
[[plan.activities]]
activity = "Workshop"
[[plan.authorisation_levels]]
document = "CSCR"
authorised_by = "CSO"
[[competence]]
person = "ab"
record = "Course"
[process_review]
interval_months = 12
[[incidents]]
id = "I1"
summary = "Outage"
[inputs]
hazard_log = "log.xlsx"
"#;

#[test]
fn whoever_is_named_must_be_among_the_people() {
    let people = format!("{PRODUCT}[[people]]\nid = \"a-beech\"\nname = \"A. Beech\"\n");
    let cases = [
        (format!("cso = \"a-beach\"\n{people}"), 1),
        (format!("{people}[[document.reviewers]]\nperson = \"a-beach\"\n"), 7),
        (format!("{people}[[document.approvers]]\nperson = \"a-beach\"\n"), 7),
        (format!("{people}[[competence]]\nrecord = \"Course\"\nperson = \"a-beach\"\n"), 8),
        (format!("{people}[plan]\napproved_by = \"a-beach\"\n"), 7),
    ];
    for (text, line) in cases {
        let error = error(&text);
        assert!(error.starts_with("\"a-beach\" is not the id of anybody in [[people]]"), "{error}");
        assert!(error.contains(&format!("at: case.toml, line {line}\n")), "{error}");
        assert!(error.contains("did you mean \"a-beech\"?"), "{error}");
    }
}

#[test]
fn one_id_names_one_thing() {
    let person = "[[people]]\nid = \"a\"\nname = \"A\"\n";
    let text = error(&format!("{PRODUCT}{person}{person}"));
    assert!(text.contains("The person id \"a\" is used twice, first at line 3"), "{text}");
    assert!(text.contains("at: case.toml, line 6"), "{text}");
    let point = "[[interfaces.points]]\nid = \"P\"\nkind = \"exit\"\ndescription = \"x\"\n";
    let text = error(&format!("{PRODUCT}[[interfaces]]\nid = \"I\"\nname = \"I\"\n{point}{point}"));
    assert!(text.contains("The interface point id \"P\" is used twice"), "{text}");
}

#[test]
fn an_unknown_key_is_refused_with_the_likely_one() {
    let text = error("[product]\nname = \"x\"\n[relase]\nversion = \"1\"\n");
    assert!(text.starts_with("The key \"relase\" is not known here"), "{text}");
    assert!(text.contains("case.toml, line 3\n  do: did you mean \"release\"?"), "{text}");
    let text = error("test_issues = \"non\"\n[product]\nname = \"x\"\n");
    assert!(text.contains("a list, or the word \"none\"") && text.contains("line 1"), "{text}");
}

#[test]
fn places_count_positions_from_one_and_name_by_id_what_has_one() {
    let provenance = manifest(FULL).unwrap().provenance;
    let line = |path: &str| provenance.place(path).unwrap().line;
    let expected = |text: &str| FULL.lines().position(|line| line == text).map(|index| index + 1);
    assert_eq!(line("document/reviewers/1"), expected("[[document.reviewers]]"));
    assert_eq!(line("people/ab"), expected("[[people]]"));
    assert_eq!(
        line("people/ab/registration"),
        expected("registration = { body = \"GMC\", number = \"0000000\", checked = 2026-08-01 }")
    );
    assert_eq!(line("system/intended_use"), expected("intended_use = \"Referral\""));
    assert_eq!(provenance.place("case"), Some(Place::file("case.toml")));
    let text = format!(
        "{PRODUCT}[[incidents]]\nid = \"2\"\nsummary = \"x\"\n[[incidents]]\nid = \"SI/1\"\nsummary = \"x\"\n[organisation]\nname = \"x\"\n"
    );
    let provenance = manifest(&text).unwrap().provenance;
    let line = |path: &str| provenance.place(path).unwrap().line;
    let first = PRODUCT.lines().count() + 1;
    assert_eq!(line("incidents/2/summary"), Some(first + 2), "an id that looks like a position");
    assert_eq!(line("incidents/SI/1"), Some(first + 3));
    assert_eq!(line("organisation/name"), Some(first + 7));
}

#[test]
fn a_stated_date_may_take_any_form_and_is_noted_when_it_is_none() {
    let history = |date: &str| format!("{PRODUCT}[[document.revisions]]\nversion = \"1.0\"\ndate = {date}\n");
    for date in ["\"03.04.2026\"", "2026-04-03"] {
        let resolved = manifest(&history(date)).unwrap();
        assert_eq!(resolved.case.document.revisions[0].date.as_deref(), Some(date.trim_matches('"')));
        assert_eq!(resolved.observations, []);
    }
    let observations = manifest(&history("\"27/03//2020\"")).unwrap().observations;
    assert_eq!(observations[0].kind, ObservationKind::MalformedDate);
    assert_eq!(
        observations[0].message,
        "\"27/03//2020\", in row 1 of the document's revisions, has a sign too many for a date, and is read as 27 March 2020."
    );
    assert_eq!(observations[0].place, Some(Place::line("case.toml", 5)));
    let error = error(&history("7"));
    assert!(error.contains("xpected a date") && error.contains("case.toml, line 5"), "{error}");
}
