//! What an exported log says otherwise than the log that was exported, once it is read again.
//!
//! Both are taken apart into facts, each by what it is about and its place in its list, and compared one by one. What
//! a hazard log holds is compared, and nothing else: who accepted a risk, say, belongs to the supplement. Two things
//! are no difference. Where a log states no risk, an export may compute it. And a log without a title gets one.

use super::table::{likelihood, risk, severity};
use crate::case::document::Signatory;
use crate::case::hazard::{Cause, Control, ControlKind, Hazard, LinkBasis, Rating, StatedRisk};
use crate::case::hazard_log::HazardLog;
use std::collections::{BTreeMap, BTreeSet};

/// Something that an export does not hold as the log does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Key of the hazard that it is about; none where it is about the document.
    pub hazard: Option<String>,
    /// What is otherwise, such as `ids of controls`.
    pub about: &'static str,
    /// How many there are.
    pub count: usize,
    /// The first of them in the log, and what it has become; empty where there is none.
    pub was: String,
    pub became: String,
}

/// What the second log says otherwise than the first.
#[must_use]
pub fn differences(log: &HazardLog, read_back: &HazardLog) -> Vec<Difference> {
    let mut found = compare(None, &document(log), &document(read_back));
    let by_key: BTreeMap<&str, &Hazard> =
        read_back.hazards.iter().map(|hazard| (hazard.key.as_str(), hazard)).collect();
    for own in &log.hazards {
        let Some(other) = by_key.get(own.key.as_str()) else {
            found.push(lone(&own.key, "the whole hazard", (&own.key, "")));
            continue;
        };
        found.extend(compare(Some(&own.key), &hazard(own, own), &hazard(other, own)));
    }
    let known: BTreeSet<&str> = log.hazards.iter().map(|hazard| hazard.key.as_str()).collect();
    for other in read_back.hazards.iter().filter(|hazard| !known.contains(hazard.key.as_str())) {
        found.push(lone(&other.key, "a hazard that the log does not have", ("", &other.key)));
    }
    let order = |log: &HazardLog| log.hazards.iter().map(|hazard| hazard.key.clone()).collect::<Vec<_>>();
    if found.is_empty() && order(log) != order(read_back) {
        found.push(Difference { hazard: None, ..lone("", "order of the hazards", ("", "")) });
    }
    found
}

fn lone(hazard: &str, about: &'static str, (was, became): (&str, &str)) -> Difference {
    let (hazard, was, became) = (Some(hazard.to_owned()), was.to_owned(), became.to_owned());
    Difference { hazard, about, count: 1, was, became }
}

/// Facts, by what each is about and its place in its list.
type Facts = BTreeMap<(&'static str, usize), String>;

/// The differences between two sets of facts, one for all that are about the same.
fn compare(hazard: Option<&str>, log: &Facts, read_back: &Facts) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let places: BTreeSet<&(&str, usize)> = log.keys().chain(read_back.keys()).collect();
    for place in places {
        let (was, became) = (log.get(place), read_back.get(place));
        if was == became {
            continue;
        }
        match found.last_mut().filter(|last| last.about == place.0) {
            Some(last) => last.count += 1,
            None => found.push(Difference {
                hazard: hazard.map(str::to_owned),
                about: place.0,
                count: 1,
                was: was.cloned().unwrap_or_default(),
                became: became.cloned().unwrap_or_default(),
            }),
        }
    }
    found
}

/// Facts in the making: what is not given is none.
#[derive(Default)]
struct Collected(Facts);

impl Collected {
    fn add(&mut self, about: &'static str, index: usize, fact: Option<impl Into<String>>) {
        if let Some(fact) = fact.map(Into::into).filter(|fact: &String| !fact.is_empty()) {
            self.0.insert((about, index), fact);
        }
    }
}

/// The facts of the log as a document.
fn document(log: &HazardLog) -> Facts {
    let mut facts = Collected::default();
    let of_cover = [
        ("programme", &log.programme),
        ("project", &log.project),
        ("director", &log.director),
        ("owner of the log", &log.owner),
        ("author of the log", &log.author),
        ("version of the log", &log.version),
        ("version date of the log", &log.version_date),
        ("status of the log", &log.status),
    ];
    for (about, fact) in of_cover {
        facts.add(about, 0, fact.as_ref());
    }
    for (index, note) in log.notes.iter().enumerate() {
        facts.add("notes of the cover and history", index, Some(note));
    }
    for (index, revision) in log.revisions.iter().enumerate() {
        let said = [Some(&revision.version), revision.date.as_ref(), revision.summary.as_ref()];
        facts.add("rows of the version history", index, Some(joined(said)));
    }
    signatories(&mut facts, "reviewers", &log.reviewers);
    signatories(&mut facts, "approvers", &log.approvers);
    facts.0
}

fn signatories(facts: &mut Collected, about: &'static str, signatories: &[Signatory]) {
    for (index, each) in signatories.iter().enumerate() {
        let said = [&each.name, &each.title, &each.date, &each.version].map(Option::as_ref);
        facts.add(about, index, Some(joined(said)));
    }
}

fn joined<const N: usize>(parts: [Option<&String>; N]) -> String {
    parts.map(|part| part.map_or("-", String::as_str)).join(" | ")
}

/// The facts of a hazard. A risk that its log does not state is that of its words.
fn hazard(hazard: &Hazard, in_log: &Hazard) -> Facts {
    let mut facts = Collected::default();
    facts.add("number", 0, Some(&hazard.id));
    let texts = [
        ("name", &hazard.name),
        ("type", &hazard.category),
        ("description", &hazard.description),
        ("clinical impact", &hazard.impact),
        ("notes", &hazard.notes),
        ("owner", &hazard.owner),
        ("status", &hazard.status),
        ("release", &hazard.release),
    ];
    for (about, fact) in texts {
        facts.add(about, 0, fact.as_ref());
    }
    rating(
        &mut facts,
        ["initial severity", "initial likelihood", "initial risk"],
        &hazard.initial,
        &in_log.initial,
    );
    rating(
        &mut facts,
        ["residual severity", "residual likelihood", "residual risk"],
        &hazard.residual,
        &in_log.residual,
    );
    for (index, each) in hazard.causes.iter().enumerate() {
        cause(&mut facts, index, each);
    }
    for (index, each) in hazard.existing_controls.iter().enumerate() {
        facts.add("ids of existing controls", index, Some(&each.id));
        facts.add("texts of existing controls", index, Some(&each.text));
        facts.add("what else is said of existing controls", index, Some(described(each)));
    }
    for (index, each) in hazard.controls.iter().enumerate() {
        facts.add("ids of controls", index, Some(&each.id));
        facts.add("texts of controls", index, Some(&each.text));
        facts.add("types of controls", index, Some(kind(each)));
        facts.add("owners of controls", index, each.owner.as_ref());
        facts.add("actions for controls", index, each.action.as_ref());
        facts.add("statuses of controls", index, each.status.as_ref());
        facts.add("evidence stated for controls", index, each.stated_evidence.as_ref());
        facts.add("recipients of controls", index, each.transferred_to.as_ref());
    }
    facts.0
}

fn rating(facts: &mut Collected, about: [&'static str; 3], rating: &Rating, in_log: &Rating) {
    facts.add(about[0], 0, Some(severity(rating)));
    facts.add(about[1], 0, Some(likelihood(rating)));
    let computed = rating.risk.map(StatedRisk::Score);
    if in_log.stated_risk.is_some() || rating.stated_risk != computed {
        facts.add(about[2], 0, Some(risk(rating)));
    }
}

fn cause(facts: &mut Collected, index: usize, cause: &Cause) {
    facts.add("ids of causes", index, Some(&cause.id));
    facts.add("texts of causes", index, Some(&cause.text));
    facts.add("what stands in place of a control", index, cause.without_control.as_ref());
    let mut controls = cause.controls.clone();
    controls.sort();
    facts.add("controls that answer causes", index, Some(controls.join(", ")));
    let basis = match cause.link {
        LinkBasis::Stated => Some("stated"),
        LinkBasis::Inferred => Some("inferred from list numbers"),
        LinkBasis::None => None,
    };
    facts.add("how it is known which controls answer causes", index, basis);
}

fn described(control: &Control) -> String {
    let said =
        [&control.owner, &control.action, &control.status, &control.stated_evidence, &control.transferred_to];
    said.into_iter().flatten().cloned().collect::<Vec<_>>().join(" | ")
}

fn kind(control: &Control) -> String {
    let kind = match control.kind {
        ControlKind::Existing => "existing",
        ControlKind::Design => "design",
        ControlKind::Test => "test",
        ControlKind::Training => "training",
        ControlKind::BusinessProcess => "business process",
        ControlKind::Unspecified => "",
    };
    control.stated_type.clone().unwrap_or_else(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::matrix::RiskPolicy;

    fn log(hazards: Vec<Hazard>) -> HazardLog {
        HazardLog { hazards, ..HazardLog::default() }
    }

    fn named(key: &str, name: &str) -> Hazard {
        Hazard { key: key.to_owned(), id: key.to_owned(), name: Some(name.to_owned()), ..Hazard::default() }
    }

    #[test]
    fn what_is_gone_what_is_new_and_what_is_otherwise_is_told_apart() {
        let before = log(vec![named("H1", "One"), named("H2", "Two")]);
        let after = log(vec![named("H1", "Other"), named("H3", "Three")]);
        let about: Vec<(Option<String>, &str)> =
            differences(&before, &after).into_iter().map(|each| (each.hazard, each.about)).collect();
        let of = |key: &str| Some(key.to_owned());
        assert_eq!(
            about,
            [
                (of("H1"), "name"),
                (of("H2"), "the whole hazard"),
                (of("H3"), "a hazard that the log does not have")
            ]
        );
        assert_eq!(differences(&before, &before), []);
    }

    #[test]
    fn a_risk_may_be_computed_where_none_is_stated_and_nothing_else() {
        let policy = RiskPolicy::nhs();
        let rated = |stated: Option<u8>| {
            let initial = Rating::new(Some("Major"), Some("Low"), stated.map(StatedRisk::Score), &policy);
            log(vec![Hazard { initial, ..named("H1", "One") }])
        };
        assert_eq!(differences(&rated(None), &rated(Some(3))), []);
        let about = |found: Vec<Difference>| found.into_iter().map(|each| each.about).collect::<Vec<_>>();
        assert_eq!(about(differences(&rated(None), &rated(Some(2)))), ["initial risk"]);
        assert_eq!(about(differences(&rated(Some(2)), &rated(Some(3)))), ["initial risk"]);
    }

    #[test]
    fn hazards_in_another_order_differ() {
        let (one, two) = (named("H1", "One"), named("H2", "Two"));
        let found = differences(&log(vec![one.clone(), two.clone()]), &log(vec![two, one]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].about, "order of the hazards");
    }
}
