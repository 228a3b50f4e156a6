//! A field that differs, as runs of words.

use crate::change::{FieldChange, ORDER, Run, RunKind, excerpt, runs};
use serde_json::Value;

/// What a line says: what stayed, what went, what came.
pub type Words = Vec<Run>;

/// Letters of a long text that are shown beside a change.
const BESIDE: usize = 48;
/// Values up to this many letters are shown as a whole: `Major -> Considerable` reads better than its words.
const SHORT: usize = 32;

pub(super) fn same(text: impl Into<String>) -> Words {
    vec![Run { kind: RunKind::Same, text: text.into() }]
}

pub(super) fn one(kind: RunKind, text: &str) -> Words {
    let text = if text.trim().is_empty() { "(empty)" } else { text };
    vec![Run { kind, text: text.to_owned() }]
}

/// What changed of a text, with the words beside it. That a space became two is nothing to read.
pub(super) fn excerpted(old: &str, new: &str) -> Words {
    let mut told = Words::new();
    for run in runs(old, new) {
        let is_blank = run.kind != RunKind::Same && run.text.trim().is_empty();
        let run = if is_blank { Run { kind: RunKind::Same, text: " ".to_owned() } } else { run };
        match told.last_mut() {
            Some(last) if last.kind == run.kind => last.text += &run.text,
            _ => told.push(run),
        }
    }
    if told.iter().all(|run| run.kind == RunKind::Same) {
        return same("only spaces or line breaks are others");
    }
    if let [removed, added] = &told[..]
        && (removed.kind, added.kind) == (RunKind::Removed, RunKind::Added)
    {
        return [one(RunKind::Removed, &removed.text), same(" -> "), one(RunKind::Added, &added.text)]
            .concat();
    }
    excerpt(&told, BESIDE)
}

/// One text and the other: side by side where they are short, word by word where they are long.
pub(super) fn moved(old: &str, new: &str) -> Words {
    if old.chars().count().max(new.chars().count()) > SHORT && !old.is_empty() && !new.is_empty() {
        return excerpted(old, new);
    }
    let side = |kind, text: &str| if text.is_empty() { same("(none)") } else { one(kind, text) };
    [side(RunKind::Removed, old), same(" -> "), side(RunKind::Added, new)].concat()
}

/// What a field says of its change; nothing where another field says it already.
pub(super) fn line(field: &FieldChange) -> Option<Words> {
    if field.path.last().is_some_and(|name| name == ORDER) {
        return (!field.only_makes_room()).then(|| same("in another order"));
    }
    Some(match (&field.old, &field.new) {
        (old @ (Value::Number(_) | Value::Bool(_)), Value::Null) => moved(&told(old), ""),
        (Value::Null, new) => one(RunKind::Added, &told(&without_its_name(field, new))),
        (old, Value::Null) => one(RunKind::Removed, &told(&without_its_name(field, old))),
        (Value::Array(old), Value::Array(new)) => lists(old, new),
        (old, new) => differing(&told(old), &told(new)),
    })
}

/// Values that differ may be told in the same words, as `1` and "1" are.
fn differing(old: &str, new: &str) -> Words {
    if old == new { same(format!("{new}, written in another way")) } else { moved(old, new) }
}

/// The id of an entry stands before what is said of it.
fn without_its_name(field: &FieldChange, entry: &Value) -> Value {
    let mut entry = entry.clone();
    if let Some(members) = entry.as_object_mut().filter(|members| members.len() > 1) {
        let is_label = |value: &Value| value.as_str() == field.path.last().map(String::as_str);
        let named = ["id", "key"].into_iter().find(|name| members.get(*name).is_some_and(is_label));
        named.and_then(|name| members.remove(name));
    }
    entry
}

/// A field of narrative: its words, and not how links and emphasis are written.
pub(super) fn prose(field: &FieldChange) -> Option<Words> {
    let (Some(old), Some(new)) = (field.old.as_str(), field.new.as_str()) else {
        let plain =
            |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| without_marks(text).into());
        let (old, new) = (plain(&field.old), plain(&field.new));
        return line(&FieldChange { path: field.path.clone(), old, new });
    };
    let (old, new) = (without_marks(old), without_marks(new));
    Some(if old == new { same("only its links or emphasis are others") } else { moved(&old, &new) })
}

/// `**hazards** such as [H01 Lost](hazard:H01)` as `hazards such as H01 Lost`.
fn without_marks(text: &str) -> String {
    let text = text.replace("**", "");
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some(at) = rest.find("](") {
        let (before, target) = (&rest[..at], &rest[at + 2..]);
        let (Some(open), Some(close)) = (before.rfind('['), target.find(')')) else {
            plain += &rest[..at + 2];
            rest = target;
            continue;
        };
        plain += &before[..open];
        plain += &before[open + 1..];
        rest = &target[close + 1..];
    }
    plain + rest
}

/// What left a list, and what came into it.
fn lists(old: &[Value], new: &[Value]) -> Words {
    let mut words = Words::new();
    let mut tell = |kind, value: &Value| {
        if !words.is_empty() {
            words.extend(same("; "));
        }
        words.extend(one(kind, &told(value)));
    };
    old.iter().filter(|value| !new.contains(value)).for_each(|value| tell(RunKind::Removed, value));
    new.iter().filter(|value| !old.contains(value)).for_each(|value| tell(RunKind::Added, value));
    if words.is_empty() { same("in another order, or said more often") } else { words }
}

/// A value in words: what an entry is called, then in brackets what else it says.
pub(in crate::change) fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(told).collect::<Vec<_>>().join("; "),
        Value::Object(members) => {
            const FIRST: [&str; 10] =
                ["id", "name", "title", "text", "term", "version", "check", "person", "hazard", "control"];
            let first = FIRST.iter().filter_map(|name| Some((*name, members.get(*name)?)));
            let own: Vec<String> = first.map(|(_, value)| told(value)).collect();
            let others =
                members.iter().filter(|(name, value)| !FIRST.contains(&name.as_str()) && says(value));
            let others: Vec<String> =
                others.map(|(name, value)| format!("{}: {}", plain(name), told(value))).collect();
            match (own.is_empty(), others.is_empty()) {
                (false, false) => format!("{} ({})", own.join(", "), others.join(", ")),
                (false, true) => own.join(", "),
                _ => others.join(", "),
            }
        }
    }
}

/// That something is not so goes without saying where a whole entry is told.
pub(super) fn says(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(says),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// A path without the part of the case that the heading of its section names.
fn within<'a>(path: &'a [&'a str]) -> &'a [&'a str] {
    const NAMED: [&str; 8] =
        ["hazard_log", "psa", "risk_assessment", "evidence", "tom", "narrative", "waivers", "document"];
    match path {
        [first, rest @ ..] if NAMED.contains(first) && !rest.is_empty() => rest,
        _ => path,
    }
}

/// The path of a field of a section in words.
pub(super) fn label_within(path: &[&str]) -> String {
    match path {
        ["people", rest @ ..] if !rest.is_empty() => format!("person {}", label(rest)).trim_end().to_owned(),
        _ => label(within(path)),
    }
}

/// A path in words.
pub(super) fn label(path: &[&str]) -> String {
    let known = path.iter().filter(|name| **name != ORDER);
    known.map(|name| plain(name)).collect::<Vec<_>>().join(" ")
}

/// A name of the canonical form as words; an id stays as it is.
fn plain(name: &str) -> String {
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_name { name.replace('_', " ") } else { name.to_owned() }
}
