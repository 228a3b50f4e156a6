//! What differs in the sessions: a session that came in a few lines, what it decided and agreed, and else field by field.

use super::{Line, values};
use crate::change::comparison::decision_told;
use crate::change::{Comparison, FieldChange, ORDER, RunKind, text};
use serde_json::Value;

pub(super) fn lines(comparison: &Comparison, fields: &[FieldChange]) -> Vec<Line> {
    fields.iter().flat_map(|field| of_field(comparison, field)).collect()
}

fn of_field(comparison: &Comparison, field: &FieldChange) -> Vec<Line> {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    let generic =
        |label: String| values::line(field).map(|words| Line::new(label, words)).into_iter().collect();
    let at = |what: &str, rest: &[&str]| format!("{what} {}", values::label(rest)).trim_end().to_owned();
    match path[..] {
        ["psa", session] if session != ORDER => whole(session, field),
        ["psa", session, "discussed", hazard] if hazard != ORDER => {
            let (kind, entry) = side(field);
            vec![decision(session, hazard, kind, entry)]
        }
        ["psa", session, "discussed", hazard, ref rest @ ..] if hazard != ORDER => {
            generic(at(&format!("{session} on {hazard}"), rest))
        }
        ["psa", session, "actions", id] if id != ORDER => {
            let (kind, entry) = side(field);
            vec![action(session, id, kind, entry)]
        }
        ["psa", session, "actions", id, "state"] => match state(comparison, session, id, field) {
            Some(line) => vec![line],
            None => generic(at(&format!("{session} action {id}"), &["state"])),
        },
        ["psa", session, "actions", id, ref rest @ ..] if id != ORDER => {
            generic(at(&format!("{session} action {id}"), rest))
        }
        _ => generic(values::label_within(&path)),
    }
}

/// The side that has an entry which the other has not.
fn side(field: &FieldChange) -> (RunKind, &Value) {
    if field.new.is_null() { (RunKind::Removed, &field.old) } else { (RunKind::Added, &field.new) }
}

fn whole(session: &str, field: &FieldChange) -> Vec<Line> {
    const TOLD: [&str; 6] = ["id", "title", "kind", "date", "discussed", "actions"];
    let (kind, held) = side(field);
    let own = |name: &str| text(held, name).unwrap_or_default();
    let of = [own("kind"), own("date")].join(" of ");
    let title = [own("title"), of.trim()].into_iter().filter(|words| !words.is_empty());
    let title = title.collect::<Vec<_>>().join(", ");
    let mut lines = vec![Line::new(session, values::one(kind, &title))];
    let members = held.as_object().into_iter().flatten();
    let others = members.filter(|(name, value)| !TOLD.contains(&name.as_str()) && values::says(value));
    lines.extend(others.map(|(name, value)| {
        Line::new(format!("{session} {}", values::label(&[name])), values::one(kind, &values::told(value)))
    }));
    let entries = |name: &str| held.get(name).and_then(Value::as_array).into_iter().flatten();
    let known = |entry: &Value, name: &str| text(entry, name).unwrap_or_default().to_owned();
    lines.extend(entries("discussed").map(|entry| decision(session, &known(entry, "hazard"), kind, entry)));
    lines.extend(entries("actions").map(|entry| action(session, &known(entry, "id"), kind, entry)));
    lines
}

/// `PSA-2 on H03: close, Major x Low -> Major x Very Low: because of the new test`.
fn decision(session: &str, hazard: &str, kind: RunKind, entry: &Value) -> Line {
    let reason = text(entry, "reason").map(|reason| format!(": {reason}")).unwrap_or_default();
    Line::new(
        format!("{session} on {hazard}"),
        values::one(kind, &format!("{}{reason}", decision_told(entry))),
    )
}

fn action(session: &str, id: &str, kind: RunKind, entry: &Value) -> Line {
    let what = if text(entry, "state") == Some("closed") { "done" } else { "to be done" };
    let dates = [("due", "due"), ("closed", "done on"), ("hazard", "for")];
    let dates = dates.into_iter().filter_map(|(name, word)| Some(format!("{word} {}", text(entry, name)?)));
    let details: Vec<String> = text(entry, "owner").map(str::to_owned).into_iter().chain(dates).collect();
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    let words = format!("{what}: {}{details}", text(entry, "text").unwrap_or_default());
    Line::new(format!("{session} action {id}"), values::one(kind, &words))
}

/// That it is done, or is to be done again, with what it is.
fn state(comparison: &Comparison, session: &str, id: &str, field: &FieldChange) -> Option<Line> {
    let what = match (field.old.as_str(), field.new.as_str()) {
        (_, Some("closed")) => "done",
        (Some("closed"), _) => "opened again",
        _ => return None,
    };
    let mut actions = comparison.actions.iter();
    let action = actions.find(|action| action.session == session && action.id == id)?;
    let owner = action.owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default();
    Some(Line::plain(format!("{session} action {id}"), format!("{what}: {}{owner}", action.text)))
}
