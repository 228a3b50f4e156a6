//! Hazard logs in a form of their own, as TOML or JSON: for people who keep the log beside the code, and for
//! programs.
//!
//! A file is read as [`record::LogRecord`], which is also what [`to_toml`] and [`to_json`] write; [`build`] makes
//! the log of it. What can be worked out is worked out, as it is for a spreadsheet: a file states a risk and never
//! decides it. A log that is written and read again is the same log.

pub(super) mod build;
pub(super) mod record;
mod write;

use super::explain::{Explanation, SheetReading, SheetRole};
use super::{HazardLogInput, RatedBy};
use crate::case::Place;
use crate::case::hazard_log::HazardLog;
use crate::intake::InputError;
use crate::intake::json_input::JsonInput;
use crate::intake::toml_input::{Lines, TomlInput};
use build::{Built, Places};
pub use record::LogRecord;
use serde_json::Value;

/// A form that such a log can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Toml,
    Json,
}

impl Form {
    /// The form of a text that is nothing but a table with keys; none for a text that is no such thing, or whose
    /// keys say nothing. What is in the table is looked at when it is read.
    pub(super) fn of(name: &str, text: &str) -> Option<Self> {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("json") => return Some(Self::Json),
            Some("toml") => return Some(Self::Toml),
            // What they name themselves by is looked at by their own readers.
            Some("csv" | "tsv" | "md" | "markdown" | "yaml" | "yml") => return None,
            _ => {}
        }
        let start = text.trim_start();
        if start.starts_with('{') || start.starts_with('[') && serde_json::from_str::<Value>(text).is_ok() {
            return Some(Self::Json);
        }
        let table = text.parse::<toml::Table>().ok()?;
        (!table.is_empty()).then_some(Self::Toml)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Toml => "TOML",
            Self::Json => "JSON",
        }
    }
}

/// Reads a log in one of the forms.
///
/// # Errors
/// If the text is not in that form, is of another schema, has a key or word that cannot stand where it does, or a
/// cause names a control that its hazard does not have.
pub(super) fn read(
    form: Form,
    file: &str,
    text: &str,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    refuse_other_schema(form, file, text)?;
    let (record, lines): (LogRecord, Lines) = match form {
        Form::Toml => TomlInput::parse(file, text)?.into_parts(),
        Form::Json => {
            let JsonInput { value, lines } = JsonInput::parse(file, text)?;
            (value, lines)
        }
    };
    let Built { log, mut provenance, observations, readings } = build::build(record, &lines, rated_by)?;
    provenance.quotes().record_lines(file.to_owned(), text);
    let values = lines.values();
    let explanation = Explanation {
        sheets: vec![SheetReading {
            sheet: file.to_owned(),
            role: SheetRole::Hazards,
            why: format!("{} with the keys of a hazard log", form.name()),
        }],
        layout: "one table a hazard, with its causes and controls in lists".to_owned(),
        hazards: readings,
        cells: values,
        mapped: values,
        ..Explanation::default()
    };
    Ok(HazardLogInput { log, provenance, observations, explanation })
}

/// A file without hazards is something else, and is told what.
fn refuse_other_schema(form: Form, file: &str, text: &str) -> Result<(), InputError> {
    let keys: Vec<String> = match form {
        Form::Toml => match text.parse::<toml::Table>() {
            Ok(table) => table.keys().cloned().collect(),
            Err(_) => return Ok(()), // the reader says what is wrong, and where
        },
        Form::Json => match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(map)) => map.keys().cloned().collect(),
            Ok(_) => Vec::new(),
            Err(_) => return Ok(()),
        },
    };
    let has = |key: &str| keys.iter().any(|known| known == key);
    let (what, hint) = if has("hazard_log") && has("product") {
        ("a whole case", "read the hazard log that the case was made from")
    } else if has("hazards") && has("unmapped") && has("findings") {
        ("what \"cscr import\" printed", "read the hazard log that was imported")
    } else if has("inputs") || has("product") {
        ("the manifest of a case folder", "name the hazard log that it names under [inputs]")
    } else if has("hazards") {
        return Ok(());
    } else {
        ("of another schema", "")
    };
    let hint = if hint.is_empty() {
        "\"cscr schema hazard-log\" says how a hazard log is written; a spreadsheet or a CSV file is read too"
            .to_owned()
    } else {
        hint.to_owned()
    };
    Err(InputError::new(format!("This {} is {what}: it has no hazards of a hazard log", form.name()))
        .at(Place::file(file))
        .hint(hint))
}

impl Places for Lines {
    fn place(&self, path: &str) -> Place {
        Self::place(self, path)
    }

    fn all(&self) -> Vec<(&str, Place)> {
        self.by_path().collect()
    }
}

/// Writes a log as TOML that reads back to it.
#[must_use]
pub fn to_toml(log: &HazardLog) -> String {
    // Texts, numbers and tables with text keys are all TOML.
    toml::to_string_pretty(&write::record(log)).unwrap_or_default()
}

/// Writes a log as JSON that reads back to it.
#[must_use]
pub fn to_json(log: &HazardLog) -> String {
    let mut text = serde_json::to_string_pretty(&write::record(log)).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
