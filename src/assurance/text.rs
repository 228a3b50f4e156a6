//! Every text that somebody wrote, one at a time, with the path of the value that holds it.
//!
//! Some checks do not care what a text is for: a placeholder or a patient's number is wrong anywhere.
//! Walking the JSON form of the case finds the texts of fields that do not exist yet, too.

use crate::case::Case;
use crate::case::hazard_log::HazardLog;
use serde::Serialize;
use serde_json::Value;

/// A text of the case.
#[derive(Debug)]
pub struct Text<'a> {
    pub text: &'a str,
    /// Path as provenance has it.
    pub path: &'a str,
}

impl Text<'_> {
    /// Key of the hazard that the text belongs to.
    #[must_use]
    pub fn hazard(&self) -> Option<&str> {
        self.path.strip_prefix("hazards/")?.split('/').next()
    }

    /// Where the text stands, in words: `the impact of hazard H01`.
    #[must_use]
    pub fn whereabouts(&self) -> String {
        let parts: Vec<&str> = self.path.split('/').collect();
        let words = |field: &str| field.replace('_', " ");
        match parts[..] {
            ["hazards", key] => format!("hazard {key}"),
            ["hazards", key, "controls", id, ..] => format!("control {id} of hazard {key}"),
            ["hazards", key, "causes", id, ..] => format!("cause {id} of hazard {key}"),
            ["hazards", key, point @ ("initial" | "residual"), field] => {
                format!("the {point} {} of hazard {key}", words(field))
            }
            ["hazards", key, field, ..] => format!("the {} of hazard {key}", words(field)),
            ["hazard_log", field, ..] => format!("the hazard log's {}", words(field)),
            ["narrative", section] => format!("the narrative section \"{section}\""),
            ["psa", id, ..] => format!("PSA session {id}"),
            ["risk_assessment", id, ..] => format!("risk-assessment item {id}"),
            ["tom", id, ..] => format!("the TOM's {}", words(id)),
            ["evidence", id, ..] => format!("evidence {id}"),
            ["people", id, ..] => format!("the entry of {id} under people"),
            ["product" | "organisation" | "release" | "system", field, ..] => {
                format!("the {}'s {}", parts[0], words(field))
            }
            ["document", field, ..] => format!("the document's {}", words(field)),
            _ => format!("the {}", words(parts[0])),
        }
    }
}

/// Texts that were collected, to be walked as often as there are checks of them.
#[derive(Debug)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    pub fn each(&self, look: &mut impl FnMut(&Text<'_>)) {
        for (path, text) in &self.0 {
            look(&Text { text, path });
        }
    }
}

/// All texts of a case.
#[must_use]
pub fn of_case(case: &Case) -> Texts {
    collect(case, "")
}

/// All texts of a hazard log alone.
#[must_use]
pub fn of_log(log: &HazardLog) -> Texts {
    collect(log, "hazard_log")
}

fn collect(value: &impl Serialize, path: &str) -> Texts {
    let mut texts = Vec::new();
    // A value of the domain always has a JSON form; without one there would be no texts to look at.
    if let Ok(value) = serde_json::to_value(value) {
        walk(value, path, &mut texts);
    }
    Texts(texts)
}

fn walk(value: Value, path: &str, texts: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => texts.push((path.to_owned(), text)),
        Value::Array(elements) => {
            for (element, number) in elements.into_iter().zip(1..) {
                let name = name(&element).map_or_else(|| number.to_string(), str::to_owned);
                let path = join(path, &name);
                walk(element, &path, texts);
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                // The key repeats the id; what it says is looked at there.
                if field != "key" {
                    walk(value, &join(path, &field), texts);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What an element of a list is called by in paths.
fn name(element: &Value) -> Option<&str> {
    element.get("key").or_else(|| element.get("id"))?.as_str()
}

/// Paths of provenance follow the inputs, not the shape of the case.
fn join(path: &str, field: &str) -> String {
    match (path, field) {
        ("", field) => field.to_owned(),
        ("hazard_log", "hazards") => "hazards".to_owned(),
        ("tom", "answers") => "tom".to_owned(),
        ("tom", "stated_level") => "tom/level".to_owned(),
        (path, "existing_controls") if path.starts_with("hazards/") => format!("{path}/controls"),
        (path, "stated_risk") if path.starts_with("hazards/") => format!("{path}/risk"),
        (path, field) => format!("{path}/{field}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing;

    fn paths(case: &Case) -> Vec<String> {
        of_case(case).0.into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn paths_are_those_of_provenance() {
        let mut case = testing::case();
        case.tom = Some(testing::tom(&[("CS-01", crate::case::tom::Answer::No)]));
        let paths = paths(&case);
        for path in [
            "hazards/H01/impact",
            "hazards/H01/initial/severity",
            "hazards/H01/causes/H01.1/text",
            "hazards/H01/controls/H01.D1/text",
            "psa/PSA-1/kind",
            "risk_assessment/RA-1/text",
            "tom/CS-01/topic",
            "people/cso/name",
            "narrative/summary-safety-statement",
            "product/name",
        ] {
            assert!(paths.iter().any(|seen| seen == path), "{path} is not among {paths:#?}");
        }
    }

    #[test]
    fn a_text_says_where_it_stands() {
        let at = |path| Text { text: "", path }.whereabouts();
        assert_eq!(at("hazards/H01/impact"), "the impact of hazard H01");
        assert_eq!(at("hazards/H01/controls/H01.D1/text"), "control H01.D1 of hazard H01");
        assert_eq!(at("document/title"), "the document's title");
        assert_eq!(at("assumptions/2"), "the assumptions");
    }
}
