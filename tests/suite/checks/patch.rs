//! Patches on a case that is held as TOML.
//!
//! Tables merge, and any other value replaces. The text `(removed)` removes. A table that meets a list of
//! tables speaks of its elements: by what they are called, by their position from 1, or with `+` to append.

use toml::{Table, Value};

const REMOVED: &str = "(removed)";

/// Fields that an element of a list may be called by.
const NAMES: [&str; 9] = ["id", "number", "key", "hazard", "person", "clause", "check", "version", "name"];

/// Applies a patch.
pub fn apply(table: &mut Table, patch: Table) -> Result<(), String> {
    for (key, change) in patch {
        let outcome = match (table.get_mut(&key), change) {
            (_, Value::String(text)) if text == REMOVED => {
                table.remove(&key).map(drop).ok_or_else(|| "there is nothing to remove".to_owned())
            }
            (Some(Value::Table(inner)), Value::Table(patch)) => apply(inner, patch),
            (Some(Value::Array(elements)), Value::Table(patch)) => apply_to_list(elements, patch),
            (_, change) => {
                table.insert(key.clone(), change);
                Ok(())
            }
        };
        outcome.map_err(|error| format!("{key}: {error}"))?;
    }
    Ok(())
}

fn apply_to_list(elements: &mut Vec<Value>, patch: Table) -> Result<(), String> {
    for (key, change) in patch {
        if key == "+" {
            match change {
                Value::Array(new) => elements.extend(new),
                one => elements.push(one),
            }
            continue;
        }
        let at = position(elements, &key).ok_or_else(|| format!("the list has no element {key}"))?;
        match (&mut elements[at], change) {
            (_, Value::String(text)) if text == REMOVED => drop(elements.remove(at)),
            (Value::Table(element), Value::Table(patch)) => apply(element, patch)?,
            (element, change) => *element = change,
        }
    }
    Ok(())
}

fn position(elements: &[Value], key: &str) -> Option<usize> {
    let is_called =
        |element: &Value| NAMES.iter().any(|name| element.get(name).and_then(Value::as_str) == Some(key));
    let by_number = || key.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < elements.len());
    elements.iter().position(is_called).or_else(by_number)
}
