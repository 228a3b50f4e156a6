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
    let told = |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
    let removed = Run { kind: RunKind::Removed, text: told(old) };
    let added = Run { kind: RunKind::Added, text: told(new) };
    vec![removed, Run { kind: RunKind::Same, text: " -> ".to_owned() }, added]
}

/// What a field says of its change; nothing where another field says it already.
pub(super) fn line(path: &str, field: &FieldChange) -> Option<Words> {
    if path.ends_with(ORDER) {
        return (!field.only_makes_room()).then(|| same("in another order"));
    }
    Some(match (&field.old, &field.new) {
        (old @ (Value::Number(_) | Value::Bool(_)), Value::Null) => moved(&told(old), ""),
        (Value::Null, new) => one(RunKind::Added, &told(new)),
        (old, Value::Null) => one(RunKind::Removed, &told(old)),
        (Value::Array(old), Value::Array(new)) => lists(old, new),
        (old, new) => moved(&told(old), &told(new)),
    })
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

/// A value in words: what an entry is called, then what else it says.
fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(told).collect::<Vec<_>>().join("; "),
        Value::Object(members) => {
            const FIRST: [&str; 7] = ["id", "name", "title", "text", "term", "version", "check"];
            let first = FIRST.iter().filter_map(|name| Some((*name, members.get(*name)?)));
            let own: Vec<String> = first.map(|(_, value)| told(value)).collect();
            let others =
                members.iter().filter(|(name, value)| !FIRST.contains(&name.as_str()) && says(value));
            let others = others.map(|(name, value)| format!("{}: {}", plain(name), told(value)));
            own.into_iter().chain(others).collect::<Vec<_>>().join(", ")
        }
    }
}

fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(says),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// A path without the part of the case that the heading of its section names.
pub(super) fn within<'a>(path: &'a [&'a str]) -> &'a [&'a str] {
    const NAMED: [&str; 9] = [
        "hazard_log",
        "psa",
        "risk_assessment",
        "evidence",
        "tom",
        "narrative",
        "waivers",
        "document",
        "people",
    ];
    match path {
        [first, rest @ ..] if NAMED.contains(first) && !rest.is_empty() => rest,
        _ => path,
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
