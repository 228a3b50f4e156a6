//! What two dictionaries do not share, how that is said, and which small things of a form or a field are harmless.

use super::state::Part;
use crate::signature::pdf::{Dict, Object, words};

/// An entry that two dictionaries do not share, by its key.
pub(super) type Difference<'a> = (String, Option<&'a Object>, Option<&'a Object>);

pub(super) fn differences<'a>(before: &'a Dict, after: &'a Dict) -> Vec<Difference<'a>> {
    let text = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
    let (had, has) = (before.by_key(), after.by_key());
    let gone = before.iter().map(|(key, value)| (text(key), Some(value), has.get(key).copied()));
    let new = after.iter().filter(|(key, _)| !had.contains_key(key));
    let new = new.map(|(key, value)| (text(key), None, Some(value)));
    gone.chain(new).filter(|(_, before, after)| before != after).collect()
}

/// What happened to something: `was added`, `was removed` or `was changed`.
pub(super) fn fate(before: Option<&Object>, after: Option<&Object>) -> &'static str {
    match (before, after) {
        (None, _) => "was added",
        (_, None) => "was removed",
        _ => "was changed",
    }
}

/// `/SigFlags` may say that there are signatures and that the file is only to be appended to, and never less than it
/// did.
pub(super) fn only_sets_flags(before: Option<&Object>, after: Option<&Object>) -> bool {
    let had = before.map_or(Some(0), Object::as_integer);
    match (had, after.and_then(Object::as_integer)) {
        (Some(had), Some(has)) => (0..=3).contains(&has) && has & had == had,
        _ => false,
    }
}

pub(super) fn is_invisible(field: &Dict) -> bool {
    let sides = field.get("Rect").and_then(Object::as_array).unwrap_or_default();
    let sides: Option<Vec<f64>> = sides.iter().map(Object::as_number).collect();
    let has_no_extent = match sides.as_deref() {
        Some([]) => !field.has("Subtype"),
        Some([left, bottom, right, top]) => {
            (left - right).abs() < f64::EPSILON && (bottom - top).abs() < f64::EPSILON
        }
        None | Some(_) => false,
    };
    has_no_extent && !["A", "AA", "Kids", "Parent"].iter().any(|key| field.has(key))
}

pub(super) fn name_of(field: &Dict) -> String {
    field.get("T").and_then(Object::as_string).map_or_else(|| "one without a name".to_owned(), words)
}

pub(super) fn field_words(
    key: &str,
    name: &str,
    is_signature: bool,
    before: Option<&Object>,
    after: Option<&Object>,
) -> String {
    let fate = fate(before, after);
    match key {
        "AP" => format!("{} {fate}", Part::Appearance(name.to_owned())),
        "V" if is_signature => format!("{} {fate}", Part::Signature(name.to_owned())),
        "V" => format!("the value of the form field {name} {fate}"),
        "Rect" => format!("the field of {name} was moved"),
        _ => format!("the field of {name}: its entry /{key} {fate}"),
    }
}

pub(super) fn pages_words(count: usize) -> String {
    if count == 1 { "a page was".to_owned() } else { format!("{count} pages were") }
}
