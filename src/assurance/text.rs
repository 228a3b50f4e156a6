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
    /// The way to it from the root of the JSON form.
    steps: &'a [Step<'a>],
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// A field, or an element of a list by its key or id.
    Name(&'a str),
    /// An element that has neither, from 1.
    Number(usize),
}

impl Text<'_> {
    /// Path as provenance has it. Put together only when it is asked for: most texts are in order.
    #[must_use]
    pub fn path(&self) -> String {
        self.steps.iter().fold(String::new(), |path, step| match step {
            Step::Name(name) => join(&path, name),
            Step::Number(number) => join(&path, &number.to_string()),
        })
    }
}

impl<'a> Text<'a> {
    /// Key of the hazard that the text belongs to.
    #[must_use]
    pub fn hazard(&self) -> Option<&'a str> {
        match self.steps {
            [Step::Name("hazard_log"), Step::Name("hazards"), Step::Name(key), ..] => Some(key),
            _ => None,
        }
    }
}

/// Texts of a case or of a hazard log, to be walked as often as there are checks of them.
#[derive(Debug)]
pub struct Texts {
    root: &'static [Step<'static>],
    value: Value,
}

impl Texts {
    /// All texts of a case.
    #[must_use]
    pub fn of_case(case: &Case) -> Self {
        Self { root: &[], value: json(case) }
    }

    /// All texts of a hazard log alone.
    #[must_use]
    pub fn of_log(log: &HazardLog) -> Self {
        Self { root: &[Step::Name("hazard_log")], value: json(log) }
    }

    pub fn each(&self, look: &mut impl FnMut(&Text<'_>)) {
        walk(&self.value, &mut self.root.to_vec(), look);
    }
}

fn json(value: &impl Serialize) -> Value {
    // A value of the domain always has a JSON form; without one there would be no texts to look at.
    serde_json::to_value(value).unwrap_or_default()
}

fn walk<'a>(value: &'a Value, steps: &mut Vec<Step<'a>>, look: &mut impl FnMut(&Text<'_>)) {
    match value {
        Value::String(text) => look(&Text { text, steps }),
        Value::Array(elements) => {
            for (element, number) in elements.iter().zip(1..) {
                steps.push(name(element).map_or(Step::Number(number), Step::Name));
                walk(element, steps, look);
                steps.pop();
            }
        }
        Value::Object(fields) => {
            // The key repeats the id; what it says is looked at there.
            for (field, value) in fields.iter().filter(|(field, _)| *field != "key") {
                steps.push(Step::Name(field));
                walk(value, steps, look);
                steps.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What an element of a list is called by in paths.
fn name(element: &Value) -> Option<&str> {
    ["key", "id", "clause"].into_iter().find_map(|field| element.get(field)?.as_str())
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

/// Where the value at a path stands, in words: `the impact of hazard H01`.
#[must_use]
pub fn whereabouts(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
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
        ["compliance", clause, ..] => format!("the answer to clause {clause}"),
        ["people", id, ..] => format!("the entry of {id} under people"),
        ["product" | "organisation" | "release" | "system", field, ..] => {
            format!("the {}'s {}", parts[0], words(field))
        }
        ["document", field, ..] => format!("the document's {}", words(field)),
        _ => format!("the {}", words(parts[0])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing;

    fn paths(case: &Case) -> Vec<String> {
        let mut paths = Vec::new();
        Texts::of_case(case).each(&mut |text| paths.push(text.path()));
        paths
    }

    #[test]
    fn paths_are_those_of_provenance() {
        let mut case = testing::case();
        case.tom = Some(testing::tom(&[("CS-01", crate::case::tom::Answer::No)]));
        let paths = paths(&case);
        for path in [
            "hazards/H01/impact",
            "hazards/H01/initial/severity",
            "compliance/6.3.1/statement",
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
        assert_eq!(whereabouts("hazards/H01/impact"), "the impact of hazard H01");
        assert_eq!(whereabouts("hazards/H01/controls/H01.D1/text"), "control H01.D1 of hazard H01");
        assert_eq!(whereabouts("document/title"), "the document's title");
        assert_eq!(whereabouts("assumptions/2"), "the assumptions");
    }
}
