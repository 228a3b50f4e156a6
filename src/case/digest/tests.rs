//! Laws of the digests: one value by two ways, and what does and does not alter it.

use super::*;
use crate::assurance::testing::{case, date, hazard, revision, signatory, some, tom, waiver};
use crate::case::tom::Answer;
use proptest::prelude::*;

#[test]
fn canonical_json_sorts_keys() {
    #[derive(Serialize)]
    struct Unsorted {
        b: u8,
        a: u8,
    }
    assert_eq!(canonical_json(&Unsorted { b: 1, a: 2 }), "{\n  \"a\": 2,\n  \"b\": 1\n}\n");
}

#[test]
fn sha256_is_the_published_one() {
    assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_field_that_holds_nothing_is_as_one_that_is_not_there() {
    let mut json = serde_json::to_value(case()).unwrap();
    let digests = Digests::of_json(&json);
    json["of_a_later_engine"] = Value::Null;
    json["hazard_log"]["of_a_later_engine"] = Value::Null;
    assert_eq!(Digests::of_json(&json), digests);
    json["hazard_log"]["of_a_later_engine"] = Value::from("held");
    let other = Digests::of_json(&json);
    assert!(other.hazard_log != digests.hazard_log && other.cscr != digests.cscr);
    assert_eq!((other.plan, other.tom), (digests.plan, digests.tom));
}

/// A case that differs in everything that decides how a digest is taken.
fn any_case() -> impl Strategy<Value = Case> {
    let text = || prop::option::of("[a-z\"\\\\é]{0,6}");
    let texts = (text(), text(), text(), text());
    let counts = (0..3_usize, 0..3_usize, 0..3_usize);
    (texts, counts, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |((title, owner, status, version), (hazards, waivers, reviewers), plan, has_tom, approved)| {
            let mut case = case();
            case.document.title = title;
            case.document.status.clone_from(&status);
            case.hazard_log.owner = owner;
            case.hazard_log.version.clone_from(&version);
            case.release.version = version;
            case.hazard_log.hazards = (0..hazards).map(|at| hazard(&format!("H{at}"))).collect();
            case.waivers = (0..waivers).map(|_| waiver("C13", "cso")).collect();
            case.document.reviewers = (0..reviewers).map(|_| signatory("clinician")).collect();
            case.hazard_log.approvers.clone_from(&case.document.reviewers);
            if !plan {
                case.plan = None;
            } else if !approved {
                case.plan.iter_mut().for_each(|plan| plan.approved_by = None);
            }
            case.tom = has_tom.then(|| tom(&[("CS-01", Answer::Yes)]));
            case
        },
    )
}

/// What approving, reviewing and issuing write, and a change of status.
fn signed_off(case: &mut Case, text: &str, days: i8) {
    let on = Some(format!("2026-09-{:02}", days + 1));
    let history = vec![revision(text), revision("9.9")];
    case.document.status = some(text);
    case.hazard_log.status = some(text);
    case.document.revisions.clone_from(&history);
    case.hazard_log.revisions = history;
    let (document, log) = (&mut case.document, &mut case.hazard_log);
    for list in [&mut document.reviewers, &mut document.approvers, &mut log.reviewers, &mut log.approvers] {
        for signatory in list {
            signatory.date.clone_from(&on);
            signatory.version = some(text);
        }
    }
    if let Some(plan) = &mut case.plan {
        plan.approved_by = some(text);
        plan.approved_on = Some(date("2026-02-03"));
    }
}

proptest! {
    #[test]
    fn a_case_and_its_json_have_the_same_digests(case in any_case()) {
        let json = serde_json::to_value(&case).unwrap();
        prop_assert_eq!(Digests::of(&case), Digests::of_json(&json));
        let read_again: Value = serde_json::from_str(&canonical_json(&case)).unwrap();
        prop_assert_eq!(Digests::of(&case), Digests::of_json(&read_again));
    }

    #[test]
    fn approving_reviewing_and_a_change_of_status_alter_no_digest(
        case in any_case(), text in "[a-z0-9.]{1,6}", days in 0..28_i8,
    ) {
        let digests = Digests::of(&case);
        let mut signed = case;
        signed_off(&mut signed, &text, days);
        prop_assert_eq!(Digests::of(&signed), digests);
    }
}
