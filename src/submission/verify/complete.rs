//! Whether a pack is complete: by what its recipient wants, and not by what it says of itself.
//!
//! That a document need not be there is the word of whoever made the manifest. It is believed where the case that the
//! report carries bears it out, and of those documents only that a case can do without.

use super::super::manifest::{Manifest, Sums};
use super::super::profile::{Document, Need, Profile, Signed};
use super::super::role::Role;
use super::{Opened, Verdict, VerifyRequest};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

impl Verdict {
    pub(super) fn complete<R>(
        &mut self,
        manifest: &Manifest,
        profile: &Profile,
        pack: &Opened<R>,
        case: Option<&Value>,
    ) {
        for file in &manifest.files {
            if pack.sums.get(&file.path).is_some_and(|(size, _)| *size == 0) {
                self.lacks(format!("The file \"{}\" is empty.", file.path));
            }
        }
        let there = manifest.files.iter().filter(|file| pack.sums.contains_key(&file.path));
        let there: BTreeSet<Role> = there.map(|file| file.role).collect();
        let mut stated: BTreeMap<Role, Vec<&str>> = BTreeMap::new();
        for missing in &manifest.missing {
            stated.entry(missing.role).or_default().push(&missing.what);
        }
        let required = profile.documents.iter().filter(|document| document.need == Need::Required);
        for Document { role, alternative, .. } in required {
            if let Some(stated) = stated.get(role) {
                self.lacking.extend(stated.iter().map(|what| (*what).to_owned()));
                continue;
            }
            if there.contains(role) || alternative.is_some_and(|other| there.contains(&other)) {
                continue;
            }
            match manifest.not_needed.iter().find(|excused| excused.role == *role) {
                Some(excused) if case.is_some_and(|case| is_excused(*role, case)) => self.remarks.push(format!(
                    "{}: not needed, the pack says, and the report bears it out. {}",
                    role.title(),
                    excused.why
                )),
                Some(_) => self.lacks(format!(
                    "The pack has nothing for: {}. It says that none is needed, which its report does not bear out.",
                    role.title()
                )),
                None => self.lacks(format!("The pack has nothing for: {}.", role.title())),
            }
        }
        if manifest.draft {
            manifest.reasons.iter().for_each(|reason| self.lacks(reason.clone()));
        }
    }

    /// A pack that brings the measure of its own completeness is complete by its own word.
    fn own_profile(&mut self, profile: &Profile) {
        let known = match Profile::built_in(&profile.id) {
            Ok(own) if own == *profile => return,
            Ok(_) => format!(
                "is not the one that this version of cscr has: --profile {} judges it by that one",
                profile.id
            ),
            Err(_) => "is none of those of cscr: --profile judges it by another".to_owned(),
        };
        let demands = demands(profile);
        self.remarks.push(format!("The pack's profile \"{}\" {known}. It asks for {demands}.", profile.id));
        self.reservations
            .push(format!("by the pack's own profile \"{}\", which asks for {demands}", profile.id));
    }

    pub(super) fn remarks(&mut self, manifest: &Manifest, request: &VerifyRequest<'_>) {
        if manifest.nhs_numbers > 0 {
            self.remarks.push(format!(
                "Whoever packed it allowed valid NHS numbers in it ({}).",
                manifest.nhs_numbers
            ));
        }
        if request.profile.is_none() {
            self.own_profile(&manifest.profile);
        }
        self.remarks.push(format!(
            "Whoever could change a file could make {} and {} anew. What ties the pack to people are the signatures in the report.",
            Manifest::FILE,
            Sums::FILE
        ));
    }
}

/// What a profile asks for, in words.
fn demands(profile: &Profile) -> String {
    let of_need = |need: Need| profile.documents.iter().filter(move |document| document.need == need);
    let titles: Vec<&str> = of_need(Need::Required).map(|document| document.role.title()).collect();
    let documents = if titles.is_empty() { "no document".to_owned() } else { titles.join(", ") };
    let signed = match profile.signed() {
        Signed::Nobody => "nobody's signature",
        Signed::ClinicalSafetyOfficer => "the signature of the Clinical Safety Officer",
        Signed::Everyone => "the signatures of all who have a field in the report",
    };
    format!("{documents}; and for {signed}")
}

/// Whether a case, as a report carries it, has nothing that such a document would be of. All other documents every case
/// has.
fn is_excused(role: Role, case: &Value) -> bool {
    match role {
        Role::HandOverLog => {
            hazards(case).all(|hazard| !is_transferred(hazard) && !controls(hazard).any(is_transferred))
        }
        Role::ThirdPartyAssessment => match case.get("third_party_products") {
            Some(Value::String(none)) => none == "none",
            Some(Value::Array(products)) => {
                products.iter().all(|product| text(product, "assessment").is_some())
            }
            _ => false,
        },
        Role::Evidence => {
            let named: BTreeSet<&str> = hazards(case)
                .flat_map(controls)
                .flat_map(|control| items(control, "evidence"))
                .filter_map(Value::as_str)
                .collect();
            let mut of_controls = items(case, "evidence")
                .filter(|item| text(item, "id").is_some_and(|id| named.contains(id)))
                .peekable();
            of_controls.peek().is_some() && of_controls.all(|item| text(item, "file").is_none())
        }
        _ => false,
    }
}

fn is_transferred(record: &Value) -> bool {
    text(record, "state") == Some("transferred") || text(record, "transferred_to").is_some()
}

fn hazards(case: &Value) -> impl Iterator<Item = &Value> {
    case.get("hazard_log").into_iter().flat_map(|log| items(log, "hazards"))
}

fn controls(hazard: &Value) -> impl Iterator<Item = &Value> {
    items(hazard, "existing_controls").chain(items(hazard, "controls"))
}

fn items<'a>(record: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    record.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A text that says something.
fn text<'a>(record: &'a Value, key: &str) -> Option<&'a str> {
    record.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_a_case_can_do_without_is_excused_and_only_by_the_case() {
        let nothing = json!({"third_party_products": "none", "evidence": [], "hazard_log": {"hazards": []}});
        let excused = |case: &Value| -> Vec<Role> {
            Role::ALL.into_iter().filter(|role| is_excused(*role, case)).collect()
        };
        assert_eq!(excused(&nothing), [Role::HandOverLog, Role::ThirdPartyAssessment]);
        let mut case = json!({
            "third_party_products": [{"name": "PostgreSQL", "assessment": "Assessed in 2026."}],
            "evidence": [{"id": "EV-1", "file": null, "reference": "the test system"}],
            "hazard_log": {"hazards": [{
                "state": "closed",
                "existing_controls": [],
                "controls": [{"state": "closed", "transferred_to": null, "evidence": ["EV-1"]}],
            }]},
        });
        assert_eq!(excused(&case), [Role::HandOverLog, Role::ThirdPartyAssessment, Role::Evidence]);
        case["hazard_log"]["hazards"][0]["controls"][0]["transferred_to"] = "the deployer".into();
        case["third_party_products"][0]["assessment"] = " ".into();
        case["evidence"][0]["file"] = "evidence/test.md".into();
        assert_eq!(excused(&case), []);
        assert_eq!(excused(&json!({"third_party_products": null})), [Role::HandOverLog]);
    }
}
