//! What a report has ids for, and what their labels are called.

use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

use super::word_at;

/// What kind of thing an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Kind {
    Hazard,
    Cause,
    Control,
    Session,
    Action,
    Item,
    Evidence,
    Question,
    Step,
    Point,
    Check,
    Clause,
}

impl Kind {
    /// As labels and the template's list of what it shows have it.
    fn label(self) -> &'static str {
        match self {
            Self::Hazard => "hazard",
            Self::Cause => "cause",
            Self::Control => "control",
            Self::Session => "psa",
            Self::Action => "action",
            Self::Item => "item",
            Self::Evidence => "evidence",
            Self::Question => "tom",
            Self::Step => "step",
            Self::Point => "point",
            Self::Check => "check",
            Self::Clause => "clause",
        }
    }

    /// The kind of the ids that follow this word, which is in lower case.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "hazard" | "hazards" => Self::Hazard,
            "cause" | "causes" => Self::Cause,
            "control" | "controls" => Self::Control,
            "session" | "sessions" => Self::Session,
            "action" | "actions" => Self::Action,
            "item" | "items" => Self::Item,
            "evidence" => Self::Evidence,
            "question" | "questions" => Self::Question,
            "step" | "steps" => Self::Step,
            "point" | "points" => Self::Point,
            "check" | "checks" | "waiver" | "waivers" => Self::Check,
            "clause" | "clauses" => Self::Clause,
            _ => return None,
        })
    }

    /// Its ids are told from other words by themselves. Ids of checks look like those of hazards, numbers of clauses like
    /// those of versions, and `A4` is paper.
    pub(super) fn needs_no_word(self) -> bool {
        matches!(
            self,
            Self::Hazard | Self::Cause | Self::Control | Self::Session | Self::Item | Self::Evidence
        )
    }
}

/// Something that a report has a place for, where its template shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::report) struct Target {
    /// Name of the label.
    label: String,
    /// What has to be shown for the label to be there, as the template lists it.
    shown: (&'static str, String),
    #[serde(skip)]
    pub(super) kind: Kind,
    /// What holds it: the hazard of a control, the session of an action.
    #[serde(skip)]
    pub(super) within: Option<String>,
}

/// The ids of a case, of its checks and of its clauses.
#[derive(Debug, Default)]
pub(in crate::report) struct Targets {
    by_id: HashMap<String, Vec<Target>>,
    /// Ids by their first word, the longest first.
    by_word: HashMap<String, Vec<String>>,
    /// What the clauses are clauses of.
    standard: Option<String>,
}

impl Targets {
    /// From the JSON forms that the template reads, whose ids its labels are made of.
    pub(in crate::report) fn of(case: &Value, assurance: &Value) -> Self {
        let mut targets = Self::default();
        for hazard in list(&case["hazard_log"]["hazards"]) {
            let Some(key) = hazard["key"].as_str() else { continue };
            targets.add(Kind::Hazard, key);
            for (kind, field) in
                [(Kind::Cause, "causes"), (Kind::Control, "existing_controls"), (Kind::Control, "controls")]
            {
                ids(&hazard[field], "id").for_each(|id| targets.add_within(kind, key, id, Kind::Hazard));
            }
        }
        for session in list(&case["psa"]) {
            let Some(id) = session["id"].as_str() else { continue };
            targets.add(Kind::Session, id);
            ids(&session["actions"], "id")
                .for_each(|action| targets.add_within(Kind::Action, id, action, Kind::Action));
        }
        for (kind, values, field) in [
            (Kind::Item, &assurance["cross_reference"]["items"], "id"),
            (Kind::Evidence, &case["evidence"], "id"),
            (Kind::Question, &case["tom"]["answers"], "id"),
            (Kind::Step, &case["system"]["workflow"], "id"),
            (Kind::Clause, &assurance["clauses"], "number"),
            (Kind::Check, &assurance["findings"], "check"),
        ] {
            ids(values, field).for_each(|id| targets.add(kind, id));
        }
        targets.standard =
            list(&assurance["clauses"]).find_map(|row| row["table"].as_str()).map(str::to_owned);
        for interface in list(&case["interfaces"]) {
            ids(&interface["points"], "id").for_each(|id| targets.add(Kind::Point, id));
        }
        targets
            .by_word
            .values_mut()
            .for_each(|ids| ids.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b))));
        targets
    }

    fn add(&mut self, kind: Kind, id: &str) {
        let label = format!("{}:{id}", kind.label());
        self.insert(id, Target { label, shown: (kind.label(), id.to_owned()), kind, within: None });
    }

    /// What stands on the sheet of its hazard is shown where that is; an action has an entry of its own.
    fn add_within(&mut self, kind: Kind, holder: &str, id: &str, shown_by: Kind) {
        let name = format!("{holder}/{id}");
        let shown = if shown_by == kind { name.clone() } else { holder.to_owned() };
        self.insert(
            id,
            Target {
                label: format!("{}:{name}", kind.label()),
                shown: (shown_by.label(), shown),
                kind,
                within: Some(holder.to_owned()),
            },
        );
    }

    /// An id may be there twice; its label is at the first.
    fn insert(&mut self, id: &str, target: Target) {
        let word = word_at(id, 0);
        if word.is_empty() {
            return;
        }
        let bearers = self.by_id.entry(id.to_owned()).or_default();
        if bearers.is_empty() {
            self.by_word.entry(word.to_owned()).or_default().push(id.to_owned());
        }
        if !bearers.contains(&target) {
            bearers.push(target);
        }
    }

    /// The ids that begin with this word, the longest first.
    pub(super) fn beginning_with(&self, word: &str) -> impl Iterator<Item = &str> {
        self.by_word.get(word).into_iter().flatten().map(String::as_str)
    }

    /// The word is the name of the standard whose clauses are shown.
    pub(super) fn is_standard(&self, word: &str) -> bool {
        self.standard.as_deref() == Some(word)
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    pub(super) fn of_id(&self, id: &str) -> &[Target] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The ids of a list, each once.
fn ids<'a>(values: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    let ids: BTreeSet<&str> = list(values).filter_map(|value| value[field].as_str()).collect();
    ids.into_iter()
}
