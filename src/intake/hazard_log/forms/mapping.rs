//! How a mapping file says that a sheet holds forms.

use super::super::explain::{ColumnReading, Confidence};
use super::super::field::Field;
use super::super::mapping::{GIVEN, quoted};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Write as _;

/// A sheet on which hazards are filled-in forms, and no rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormMapping {
    /// Name of the sheet.
    pub sheet: String,
    /// Where the forms stand.
    pub shape: FormShape,
    /// The labels of a form; each form begins in the row of the first. A label that a form has twice is named twice,
    /// in the order of the form.
    pub labels: Vec<LabelMapping>,
}

/// Where the forms of a sheet stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum FormShape {
    /// One below the other, each with labels of its own.
    #[serde(rename = "form-per-hazard")]
    Stacked,
    /// Side by side: the labels stand once, down the side, and each hazard is a column.
    #[serde(rename = "column-per-hazard")]
    Columns,
}

impl FormShape {
    /// Its word in a mapping file.
    pub(in crate::intake::hazard_log) fn key(self) -> &'static str {
        match self {
            Self::Stacked => "form-per-hazard",
            Self::Columns => "column-per-hazard",
        }
    }

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Stacked => "one form a hazard, with labels and the values beside or below them",
            Self::Columns => "one column a hazard, with the fields down the side",
        }
    }
}

/// One label: it has a field, or is ignored with a reason; with neither, what stands beside it is reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelMapping {
    /// Its words; case, space and a colon at the end do not matter.
    pub label: String,
    /// What stands beside it.
    pub field: Option<Field>,
    /// Why it is left out.
    pub ignored: Option<String>,
}

impl FormMapping {
    /// What its labels are taken for.
    pub(super) fn labels_as_given(&self) -> Vec<ColumnReading> {
        let reading = |label: &LabelMapping| ColumnReading {
            cell: String::new(),
            header: label.label.clone(),
            field: label.field,
            confidence: Confidence::Certain,
            why: match (&label.field, &label.ignored) {
                (_, Some(reason)) => format!("left out: {reason}"),
                (Some(_), None) => GIVEN.to_owned(),
                (None, None) => "the mapping has no field for it".to_owned(),
            },
        };
        self.labels.iter().map(reading).collect()
    }

    /// Adds it to the text of a mapping file.
    pub(in crate::intake::hazard_log) fn write(&self, text: &mut String) {
        let (sheet, shape) = (quoted(&self.sheet), self.shape.key());
        _ = write!(text, "\n[[form]]\nsheet = {sheet}\nshape = \"{shape}\"\nlabels = [\n");
        for label in &self.labels {
            _ = write!(text, "  {{ label = {}", quoted(&label.label));
            if let Some(field) = label.field {
                _ = write!(text, ", field = \"{}\"", field.key());
            }
            if let Some(reason) = &label.ignored {
                _ = write!(text, ", ignored = {}", quoted(reason));
            }
            text.push_str(" },\n");
        }
        text.push_str("]\n");
    }
}
