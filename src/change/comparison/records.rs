//! Changes of what is kept beside the hazard log: actions and decisions of PSA sessions, items of the risk assessment,
//! answers of the TOM, people, narrative.

use crate::case::tom::{Answer, LevelOutcome, Tom, TomAnswer};
use crate::change::renumbering::hazards;
use crate::change::{Changes, FieldChange, GONE, ORDER, Section, text};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Which side has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    Added,
    Removed,
    /// Both, and it differs.
    Changed,
}

/// An action of a PSA session that came, went, or changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionChange {
    /// Id of the session.
    pub session: String,
    pub id: String,
    pub change: ActionChangeKind,
    /// What is to be done, as the new side words it.
    pub text: String,
    pub owner: Option<String>,
    /// Key of the hazard that it is for.
    pub hazard: Option<String>,
    /// Day on which it was done.
    pub closed: Option<String>,
    /// What differs, by path within it; nothing where one side alone has it.
    pub fields: Vec<FieldChange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionChangeKind {
    /// It is new, and still to be done.
    Opened,
    /// It is done now; or it is new, and done already.
    Closed,
    /// It was done, and is to be done again.
    Reopened,
    /// Words, owner or dates are others.
    Changed,
    Removed,
}

/// What a PSA session decided of a hazard, where that came, went, or changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DecisionChange {
    pub session: String,
    /// Key of the hazard, on the new side.
    pub hazard: String,
    pub change: Presence,
    pub old: Option<String>,
    pub new: Option<String>,
    /// Why, as the new side words it.
    pub reason: Option<String>,
    /// What differs, by path within what was said of the hazard; nothing where one side alone has it.
    pub fields: Vec<FieldChange>,
}

/// An entry of a list that came, went, or changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryChange {
    pub id: String,
    pub change: Presence,
    /// What it is called, or what it says.
    pub name: Option<String>,
    /// What differs, by path within it; nothing where one side alone has it.
    pub fields: Vec<FieldChange>,
}

/// A text that came, went, or changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextChange {
    pub id: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// The answers of the TOM, and the sign-off level that they lead to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TomChange {
    pub answers: Vec<AnswerChange>,
    /// The level in words on both sides, where it is another.
    pub level: Option<[String; 2]>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerChange {
    pub id: String,
    pub topic: String,
    /// None where the question was not answered.
    pub old: Option<String>,
    pub new: Option<String>,
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn owned(value: &Value, name: &str) -> Option<String> {
    text(value, name).map(str::to_owned)
}

/// Entries of the lists of PSA sessions by session and what they are known by, in their order.
fn of_sessions<'a>(case: &'a Value, name: &str, known_by: &str) -> Vec<((String, String), &'a Value)> {
    let sessions = list(case, "psa").iter().filter_map(|session| Some((owned(session, "id")?, session)));
    sessions
        .flat_map(|(id, session)| {
            let entries = list(session, name).iter();
            entries.filter_map(move |entry| Some(((id.clone(), owned(entry, known_by)?), entry)))
        })
        .collect()
}

/// Every entry that either side has, with both: those of the new side first.
type Both<'a> = Vec<((String, String), Option<&'a Value>, Option<&'a Value>)>;

fn both<'a>(old: Vec<((String, String), &'a Value)>, new: Vec<((String, String), &'a Value)>) -> Both<'a> {
    let mut left: BTreeMap<(String, String), &Value> = old.into_iter().collect();
    let mut both: Both<'_> = new
        .into_iter()
        .map(|(id, entry)| {
            let before = left.remove(&id);
            (id, before, Some(entry))
        })
        .collect();
    both.extend(left.into_iter().map(|(id, entry)| (id, Some(entry), None)));
    both
}

/// What differs in an entry of a session's list.
fn within(changes: &Changes, place: [&str; 3]) -> Vec<FieldChange> {
    let fields = changes.section(Section::Psa).iter();
    let own = fields.filter_map(|field| {
        let (_, rest) = field.path.split_first()?;
        let rest = rest.strip_prefix(&place.map(str::to_owned)[..]).filter(|rest| !rest.is_empty())?;
        Some(FieldChange { path: rest.to_vec(), ..field.clone() })
    });
    own.collect()
}

pub(super) fn actions(old: &Value, new: &Value, changes: &Changes) -> Vec<ActionChange> {
    let is_done = |action: &Value| text(action, "state") == Some("closed");
    let kind = |old: Option<&Value>, new: Option<&Value>, differs: bool| match (old, new) {
        (_, None) => Some(ActionChangeKind::Removed),
        (None, Some(new)) if is_done(new) => Some(ActionChangeKind::Closed),
        (None, Some(_)) => Some(ActionChangeKind::Opened),
        (Some(old), Some(new)) => match (is_done(old), is_done(new)) {
            (false, true) => Some(ActionChangeKind::Closed),
            (true, false) => Some(ActionChangeKind::Reopened),
            _ => differs.then_some(ActionChangeKind::Changed),
        },
    };
    let change = |((session, id), old, new): ((String, String), Option<&Value>, Option<&Value>)| {
        let fields = within(changes, [&session, "actions", &id]);
        let (change, action) = (kind(old, new, !fields.is_empty())?, new.or(old)?);
        let words = owned(action, "text").unwrap_or_default();
        let [owner, hazard, closed] = ["owner", "hazard", "closed"].map(|name| owned(action, name));
        Some(ActionChange { session, id, change, text: words, owner, hazard, closed, fields })
    };
    let entries = |case| of_sessions(case, "actions", "id");
    both(entries(old), entries(new)).into_iter().filter_map(change).collect()
}

pub(super) fn decisions(old: &Value, new: &Value, changes: &Changes) -> Vec<DecisionChange> {
    let names: BTreeMap<&str, &str> =
        changes.renamed.iter().map(|renamed| (renamed.old_id.as_str(), renamed.new_id.as_str())).collect();
    let is_used = |id: &str| hazards(new).iter().any(|hazard| text(hazard, "key") == Some(id));
    let is_gone =
        |id: &str| changes.removed.iter().any(|entry| entry.id.strip_suffix(GONE).unwrap_or(&entry.id) == id);
    let mut before = of_sessions(old, "discussed", "hazard");
    for ((_, hazard), _) in &mut before {
        if let Some(name) = names.get(hazard.as_str()) {
            (*name).clone_into(hazard);
        } else if is_gone(hazard) && is_used(hazard) {
            // Another hazard has its number now.
            *hazard += GONE;
        }
    }
    let change = |((session, hazard), old, new): ((String, String), Option<&Value>, Option<&Value>)| {
        let fields = within(changes, [&session, "discussed", &hazard]);
        let change = match (old, new) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ if fields.is_empty() => return None,
            _ => Presence::Changed,
        };
        let reason = new.and_then(|discussion| owned(discussion, "reason"));
        let (old, new) = (old.map(decision_told), new.map(decision_told));
        Some(DecisionChange { session, hazard, change, old, new, reason, fields })
    };
    both(before, of_sessions(new, "discussed", "hazard")).into_iter().filter_map(change).collect()
}

/// `control, Major x Low -> Major x Very Low`.
pub(in crate::change) fn decision_told(discussion: &Value) -> String {
    let rating = |name: &str| {
        let rating = discussion.get(name)?;
        Some(format!("{} x {}", text(rating, "severity")?, text(rating, "likelihood")?))
    };
    let rated = match (rating("before"), rating("after")) {
        (Some(before), Some(after)) if before == after => Some(after),
        (Some(before), Some(after)) => Some(format!("{before} -> {after}")),
        (before, after) => after.or(before),
    };
    let recipient = text(discussion, "recipient").map(|recipient| format!("to {recipient}"));
    let decided = text(discussion, "decision").unwrap_or("discussed").to_owned();
    [Some(decided), recipient, rated].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The entries of a list of a section, by the fields of which differ.
pub(super) fn entries(
    changes: &Changes,
    section: Section,
    name: &str,
    (old, new): (&Value, &Value),
) -> Vec<EntryChange> {
    let mut found: Vec<EntryChange> = Vec::new();
    for field in changes.section(section) {
        let [first, id, rest @ ..] = field.path.as_slice() else { continue };
        if first != name || id == ORDER {
            continue;
        }
        if found.last().is_none_or(|last| last.id != *id) {
            let entry = |side| list(side, name).iter().find(|entry| text(entry, "id") == Some(id));
            let called = entry(new).or_else(|| entry(old));
            let called = called.and_then(|entry| owned(entry, "name").or_else(|| owned(entry, "text")));
            let change = match (rest, &field.old, &field.new) {
                ([], Value::Null, _) => Presence::Added,
                ([], _, Value::Null) => Presence::Removed,
                _ => Presence::Changed,
            };
            found.push(EntryChange { id: id.clone(), change, name: called, fields: Vec::new() });
        }
        if let Some(last) = found.last_mut().filter(|_| !rest.is_empty()) {
            last.fields.push(FieldChange { path: rest.to_vec(), ..field.clone() });
        }
    }
    found
}

pub(super) fn narrative(changes: &Changes) -> Vec<TextChange> {
    let words = |value: &Value| value.as_str().map(str::to_owned);
    let fields = changes.section(Section::Narrative).iter();
    let change = |field: &FieldChange| {
        let id = field.path.get(1)?.clone();
        Some(TextChange { id, old: words(&field.old), new: words(&field.new) })
    };
    fields.filter_map(change).collect()
}

impl TomChange {
    pub(super) fn between(old: &Value, new: &Value) -> Self {
        let (before, after) = (tom(old), tom(new));
        let answers = |tom: &Option<Tom>| tom.as_ref().map_or_else(Vec::new, |tom| tom.answers.clone());
        let told = |answer: &TomAnswer| match answer.answer {
            Some(Answer::Yes) => Some("Yes".to_owned()),
            Some(Answer::No) => Some("No".to_owned()),
            None => answer.stated_answer.clone(),
        };
        let old_answers = answers(&before);
        let given: BTreeMap<&str, Option<String>> =
            old_answers.iter().map(|answer| (answer.id.as_str(), told(answer))).collect();
        let change = |answer: TomAnswer| {
            let (old, new) = (given.get(answer.id.as_str()).cloned().flatten(), told(&answer));
            (old != new).then_some(AnswerChange { id: answer.id, topic: answer.topic, old, new })
        };
        let mut asked = answers(&after);
        let unanswered = old_answers.iter().filter(|old| !asked.iter().any(|answer| answer.id == old.id));
        let unanswered: Vec<TomAnswer> =
            unanswered.map(|old| TomAnswer { answer: None, stated_answer: None, ..old.clone() }).collect();
        asked.extend(unanswered);
        let levels = [level(before.as_ref()), level(after.as_ref())];
        let level = (levels[0] != levels[1]).then_some(levels);
        Self { answers: asked.into_iter().filter_map(change).collect(), level }
    }
}

fn tom(case: &Value) -> Option<Tom> {
    let tom = case.get("tom").filter(|tom| tom.is_object())?;
    let answer = |answer: &Value| {
        Some(TomAnswer {
            id: owned(answer, "id")?,
            topic: owned(answer, "topic").unwrap_or_default(),
            question: None,
            answer: match text(answer, "answer") {
                Some("yes") => Some(Answer::Yes),
                Some("no") => Some(Answer::No),
                _ => None,
            },
            stated_answer: owned(answer, "stated_answer"),
            notes: None,
            answered_by: None,
        })
    };
    Some(Tom { answers: list(tom, "answers").iter().filter_map(answer).collect(), stated_level: None })
}

fn level(tom: Option<&Tom>) -> String {
    match tom.map(Tom::level) {
        None => "no TOM".to_owned(),
        Some(LevelOutcome::Determined { level }) => format!("level {}: {}", level.number(), level.meaning()),
        Some(LevelOutcome::Undetermined { possible, .. }) => {
            let numbers: Vec<String> = possible.iter().map(|level| level.number().to_string()).collect();
            format!("undetermined: level {}", numbers.join(" or "))
        }
    }
}
