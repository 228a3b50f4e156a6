//! An issue of the case, for a copy without names: what changed since is told, and who did what is not.
//!
//! An issue may name people whom the case no longer knows, in JSON of another version of the engine. So the fields that
//! hold people are left out of both sides before anything is compared, and the names that either side has in them are
//! taken out of every text.

use super::{Names, WITHHELD};
use crate::case::Case;
use crate::report::name_forms::{forms_of, reveals};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields that hold people, or what tells who they are.
const WHO: [&str; 20] = [
    "answered_by",
    "approved_by",
    "approvers",
    "attendees",
    "author",
    "authorised_by",
    "authors",
    "by",
    "chair",
    "competence",
    "contact",
    "cso",
    "director",
    "distribution",
    "facilitator",
    "owner",
    "people",
    "person",
    "registration",
    "reviewers",
];

/// An issue of the case and the case, without names and without the fields that hold them.
pub(in crate::report) fn sides_without_names(before: &Value, case: &Case) -> [Value; 2] {
    let names = Names::of(case).with_those_of(before);
    let after = serde_json::to_value(case).unwrap_or_default();
    [before.clone(), after].map(|mut side| {
        leave_people_out(&mut side);
        names.withhold_in_text(&mut side);
        side
    })
}

fn leave_people_out(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(leave_people_out),
        Value::Object(fields) => {
            fields.retain(|name, _| !WHO.contains(&name.as_str()));
            fields.values_mut().for_each(leave_people_out);
        }
        _ => {}
    }
}

impl Names {
    /// These, and the names that an issue has.
    fn with_those_of(mut self, before: &Value) -> Self {
        let mut found = Found::default();
        found.look(before);
        self.not_people.extend(found.roles);
        let mut forms: BTreeMap<String, String> = std::mem::take(&mut self.forms).into_iter().collect();
        for name in found.names {
            if !self.roles.contains_key(&name) && !self.not_people.contains(&name) {
                for form in forms_of(&name) {
                    forms.entry(form).or_insert_with(|| WITHHELD.to_owned());
                }
            }
        }
        for id in found.telling_ids {
            self.ids.entry(id).or_insert_with(|| WITHHELD.to_owned());
        }
        self.arranged(forms)
    }
}

/// What the fields of an issue say of people.
#[derive(Default)]
struct Found {
    names: Vec<String>,
    /// Roles and organisations, which may stand where people do.
    roles: Vec<String>,
    /// Ids that a name can be read from.
    telling_ids: Vec<String>,
}

impl Found {
    fn look(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match name.as_str() {
                        "role" | "organisation" | "programme" | "project" => self.roles.extend(string(field)),
                        "people" | "attendees" | "reviewers" | "approvers" => self.people(field),
                        // An owner is often a team, whose name is a word of many texts.
                        "owner" | "distribution" | "contact" => {}
                        who if WHO.contains(&who) => self.names.extend(strings(field)),
                        _ => {}
                    }
                    self.look(field);
                }
            }
            _ => {}
        }
    }

    fn people(&mut self, list: &Value) {
        for person in list.as_array().into_iter().flatten() {
            let Some(name) = person.get("name").and_then(string) else { continue };
            self.telling_ids.extend(person.get("id").and_then(string).filter(|id| reveals(id, &name)));
            self.names.push(name);
        }
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten().filter_map(string);
    string(value).into_iter().chain(items).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::case;
    use serde_json::json;

    #[test]
    fn who_left_since_is_named_nowhere() {
        let before = json!({
            "people": [{ "id": "zquill", "name": "Dr Zebedee Quillfeather", "role": "Author" }],
            "compliance": [{ "clause": "2.1.1", "by": "Cosmo Larkspur" }],
            "hazard_log": { "hazards": [{
                "key": "H01",
                "owner": "Peregrine Underbough",
                "notes": "Z Quillfeather (zquill) asked the Author and C Larkspur.",
            }] },
        });
        let [old, new] = sides_without_names(&before, &case());
        let told = old.to_string();
        for name in ["Quillfeather", "zquill", "Larkspur", "Underbough"] {
            assert!(!told.contains(name), "{name}: {told}");
        }
        assert!(told.contains("asked the Author and"), "{told}");
        assert!(new.get("people").is_none() && new.get("hazard_log").is_some());
    }
}
