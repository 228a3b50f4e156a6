//! Every text that somebody wrote, one at a time, with the path of the value that holds it.
//!
//! Some checks do not care what a text is for: a placeholder or a patient's number is wrong anywhere.
//! Walking what the case serialises as finds the texts of fields that do not exist yet, too.

mod collect;

use crate::case::Case;
use crate::case::hazard_log::HazardLog;
use collect::Collector;
use std::borrow::Cow;
use std::ops::Range;

/// Texts of a case or of a hazard log, to be looked at as often as there are checks of them.
#[derive(Debug, Default)]
pub struct Texts {
    /// All texts one after the other, the names of list elements and map entries among them.
    all: String,
    /// The lists and objects that texts stand in.
    holders: Vec<Holder>,
    /// What elements of lists are called. Few holders have a name, and there are hundreds of thousands of them.
    names: Vec<Name>,
    found: Vec<Found>,
}

#[derive(Debug)]
struct Holder {
    /// What it stands in itself, and as which part; in nothing at the root.
    within: Option<u32>,
    step: Step,
}

#[derive(Debug)]
struct Found {
    within: Option<u32>,
    step: Step,
    text: Range<usize>,
}

/// Which part of a list or object.
#[derive(Debug, Clone, Copy)]
enum Step {
    Field(&'static str),
    /// An entry of a map, as one of the names.
    Entry(u32),
    /// An element of a list, as one of the names where it has a key or an id, else by its number from 1.
    Element {
        number: u32,
        name: Option<u32>,
    },
}

#[derive(Debug, Clone)]
struct Name {
    text: Range<usize>,
    /// Whose it is, where several may call theirs by one id.
    sender: Option<Range<usize>>,
}

impl Texts {
    /// All texts of a case.
    #[must_use]
    pub fn of_case(case: &Case) -> Self {
        Collector::collect(case, None)
    }

    /// All texts of a hazard log alone.
    #[must_use]
    pub fn of_log(log: &HazardLog) -> Self {
        Collector::collect(log, Some("hazard_log"))
    }

    pub fn iter(&self) -> impl Iterator<Item = Text<'_>> {
        self.found.iter().map(|found| Text { text: &self.all[found.text.clone()], found, texts: self })
    }
}

/// A text of the case.
#[derive(Debug)]
pub struct Text<'a> {
    pub text: &'a str,
    found: &'a Found,
    texts: &'a Texts,
}

impl<'a> Text<'a> {
    /// Path as provenance has it. Put together only when it is asked for: most texts are in order.
    #[must_use]
    pub fn path(&self) -> String {
        self.parts().join("/")
    }

    /// Where it stands, in words.
    #[must_use]
    pub fn whereabouts(&self) -> String {
        let parts = self.parts();
        let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
        in_words(&parts)
    }

    /// The parts of its path, of which any may hold a slash.
    fn parts(&self) -> Vec<Cow<'a, str>> {
        let mut parts = Vec::new();
        for step in self.steps() {
            match step {
                Step::Field(field) => push_field(&mut parts, field),
                Step::Entry(name) | Step::Element { name: Some(name), .. } => {
                    parts.extend(self.sender(name).map(Cow::from));
                    parts.push(self.name(name).into());
                }
                Step::Element { number, name: None } => parts.push(number.to_string().into()),
            }
        }
        parts
    }

    /// Key of the hazard that the text belongs to.
    #[must_use]
    pub fn hazard(&self) -> Option<&'a str> {
        match self.steps()[..] {
            [
                Step::Field("hazard_log"),
                Step::Field("hazards"),
                Step::Element { name: Some(key), .. },
                ..,
            ] => Some(self.name(key)),
            _ => None,
        }
    }

    /// Whether another organisation wrote it, of a hazard that it handed over.
    #[must_use]
    pub fn is_senders(&self) -> bool {
        matches!(
            self.steps()[..],
            [
                Step::Field("received"),
                Step::Element { .. },
                Step::Field("name" | "text" | "impact" | "sender_ratings"),
                ..,
            ]
        )
    }

    /// The way to it from the root.
    fn steps(&self) -> Vec<Step> {
        let mut steps = vec![self.found.step];
        let mut within = self.found.within;
        while let Some(holder) = within.map(|index| &self.texts.holders[index as usize]) {
            steps.push(holder.step);
            within = holder.within;
        }
        steps.reverse();
        steps
    }

    fn name(&self, name: u32) -> &'a str {
        &self.texts.all[self.texts.names[name as usize].text.clone()]
    }

    fn sender(&self, name: u32) -> Option<&'a str> {
        let sender = self.texts.names[name as usize].sender.clone()?;
        Some(&self.texts.all[sender])
    }
}

/// Paths of provenance follow the inputs, not the shape of the case.
fn push_field(parts: &mut Vec<Cow<'_, str>>, field: &'static str) {
    let is_of_hazard = parts.len() > 1 && parts[0] == "hazards";
    match field {
        "hazards" if parts[..] == ["hazard_log"] => parts[0] = field.into(),
        "answers" if parts[..] == ["tom"] => {}
        "stated_level" if parts[..] == ["tom"] => parts.push("level".into()),
        "existing_controls" if is_of_hazard => parts.push("controls".into()),
        "stated_risk" if is_of_hazard => parts.push("risk".into()),
        "stated_severity" if is_of_hazard => parts.push("severity".into()),
        "stated_likelihood" if is_of_hazard => parts.push("likelihood".into()),
        field => parts.push(field.into()),
    }
}

/// Where the value at a path stands, in words: `the narrative section "introduction"`. Of a path with ids in it,
/// which may hold a slash, only [`Text::whereabouts`] is sure.
#[must_use]
pub fn whereabouts(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    in_words(&parts)
}

/// `the impact of hazard H01`.
fn in_words(parts: &[&str]) -> String {
    let words = |field: &str| field.replace('_', " ");
    match parts {
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
        ["received", sender, id, ..] => format!("hazard {id} of {sender}"),
        ["tom", id, ..] => format!("the TOM's {}", words(id)),
        ["evidence", id, ..] => format!("evidence {id}"),
        ["waivers", number, ..] => format!("waiver {number}"),
        ["compliance", clause, ..] => format!("the answer to clause {clause}"),
        ["people", id, ..] => format!("the entry of {id} under people"),
        ["system", "replaces", ..] => "the account of what the system replaces".to_owned(),
        ["post_deployment", ..] => "the process after deployment".to_owned(),
        ["pre_delivery_review", ..] => "the review before delivery".to_owned(),
        ["process_review", ..] => "the review of the process".to_owned(),
        ["incident_log", ..] => "what is said of the safety incident log".to_owned(),
        ["third_party_products", ..] => "the third-party products".to_owned(),
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
        Texts::of_case(case).iter().map(|text| text.path()).collect()
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
        assert_eq!(whereabouts("narrative/introduction"), "the narrative section \"introduction\"");
        assert_eq!(whereabouts("document/title"), "the document's title");
        assert_eq!(whereabouts("assumptions/2"), "the assumptions");
        assert_eq!(whereabouts("system/replaces"), "the account of what the system replaces");
        assert_eq!(whereabouts("post_deployment/process"), "the process after deployment");
    }
    #[test]
    fn ids_may_hold_a_slash() {
        let mut case = testing::case();
        case.hazard_log.hazards.push(testing::hazard("HAZ/01"));
        let texts = Texts::of_case(&case);
        let found: Vec<_> = texts.iter().filter(|text| text.hazard() == Some("HAZ/01")).collect();
        let seen = |path: &str, words: &str| {
            found.iter().any(|text| text.path() == path && text.whereabouts() == words)
        };
        assert!(seen("hazards/HAZ/01/impact", "the impact of hazard HAZ/01"));
        assert!(seen("hazards/HAZ/01/initial/severity", "the initial severity of hazard HAZ/01"));
        assert!(seen("hazards/HAZ/01/controls/HAZ/01.D1/text", "control HAZ/01.D1 of hazard HAZ/01"));
    }

    #[test]
    fn a_received_hazard_is_its_senders() {
        let mut case = testing::case();
        case.received = ["Maker Ltd", "A/S Host"].map(|from| testing::received(from, "HAZ/1")).into();
        let texts = Texts::of_case(&case);
        for received in &case.received {
            let name = texts.iter().find(|text| text.path() == format!("{}/name", received.path()));
            let words = format!("hazard HAZ/1 of {}", received.from);
            assert_eq!(name.map(|text| text.whereabouts()), Some(words));
        }
    }
}
