//! What each sheet, row and column of a hazard log stands for: what discovery finds, and what reading goes by.
//!
//! There is one way to read a log: a workbook and a [`Mapping`]. Discovery makes the mapping where nobody gives
//! one. `cscr import --save-mapping` writes it to a file, which a person corrects, and which is then used exactly:
//! nothing is guessed any more, and what it names and the workbook lacks is an error.

use super::explain::{ColumnReading, Confidence, SheetReading, SheetRole};
use super::field::Field;
use super::forms::FormMapping;
use super::layout::sheet_named;
use super::shape::Shape;
use crate::case::Place;
use crate::intake::InputError;
use crate::intake::toml_input::{Lines, TomlInput};
use crate::intake::workbook::{Sheet, Workbook};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::Arc;

/// The sheets of a workbook and the columns of its tables of hazards.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Sheet of the cover page.
    pub cover_page: Option<String>,
    /// Sheet of the version history.
    pub version_history: Option<String>,
    /// Sheet of the risk matrix.
    pub risk_matrix: Option<String>,
    /// Tables of hazards, in the order in which they are read.
    #[serde(rename = "table", default)]
    pub tables: Vec<TableMapping>,
    /// Sheets of forms, where each hazard is a form or a column and no row of a table.
    #[serde(rename = "form", default)]
    pub forms: Vec<FormMapping>,
    /// Sheets of causes, of controls, or of what links them, which are joined to the hazards by their ids.
    #[serde(rename = "linked_sheet", default)]
    pub linked_sheets: Vec<LinkedSheetMapping>,
    /// Sheets that somebody decided not to read.
    #[serde(rename = "ignored_sheet", default)]
    pub ignored_sheets: Vec<IgnoredSheet>,
    /// Where its entries stand, if it was read from a file.
    #[serde(skip)]
    lines: Option<Arc<Lines>>,
}

/// One table of hazards.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableMapping {
    /// Name of the sheet.
    pub sheet: String,
    /// Rows of the headers as the spreadsheet numbers them, from 1; of several, the last names the columns.
    pub header_rows: Vec<u32>,
    /// Last row of the table, where more stands below it.
    pub last_row: Option<u32>,
    /// What a row stands for.
    pub shape: Shape,
    /// Its columns; what is not named is reported where it holds something.
    pub columns: Vec<ColumnMapping>,
    /// Rows that are no hazards.
    #[serde(default)]
    pub ignored_rows: Vec<IgnoredRows>,
}

/// One column: it has a field, or is ignored with a reason; with neither, each of its cells is reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// Its letters.
    pub column: String,
    /// What stands in its header; texts of several header rows with ` / ` between them.
    pub header: String,
    /// What it holds.
    pub field: Option<Field>,
    /// Why it is left out.
    pub ignored: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IgnoredRows {
    /// A row, or the first and last of several: `14-20`.
    pub rows: String,
    /// Why they are left out.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkedSheetMapping {
    /// Name of the sheet.
    pub sheet: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IgnoredSheet {
    /// Name of the sheet.
    pub sheet: String,
    /// Why it is not read.
    pub reason: String,
}

impl Mapping {
    /// Reads a mapping file; `file` is the name that messages give it.
    ///
    /// # Errors
    /// If the text is not TOML, or says something that a mapping cannot say.
    pub fn parse(file: &str, text: &str) -> Result<Self, InputError> {
        let (mut mapping, lines) = TomlInput::<Self>::parse(file, text)?.into_parts();
        mapping.lines = Some(Arc::new(lines));
        if mapping.tables.is_empty() && mapping.forms.is_empty() {
            return Err(InputError::new("The mapping names no table of hazards")
                .at(Place::file(file))
                .hint("add a [[table]] with its sheet, header_rows, shape and columns, or a [[form]]; `cscr import FILE --save-mapping` writes one"));
        }
        if !mapping.tables.is_empty() && !mapping.forms.is_empty() {
            let what =
                "The mapping has tables of hazards and forms of hazards; one log has the one or the other";
            let hint = "take out either the [[table]] or the [[form]] entries";
            return Err(mapping.error("form/0", what.to_owned(), hint.to_owned()));
        }
        Ok(mapping)
    }

    /// What each sheet of the workbook is, as the mapping says.
    pub(super) fn sheets(&self, workbook: &Workbook) -> Result<Vec<SheetReading>, InputError> {
        let mut named: Vec<(*const Sheet, SheetRole, String)> = Vec::new();
        let mut name = |path: &str, sheet: &str, role, why: &str| -> Result<(), InputError> {
            let found: *const Sheet = sheet_named(workbook, self, path, sheet)?;
            match named.iter().find(|(other, ..)| *other == found) {
                Some((_, other, _)) if *other == role && role == SheetRole::Hazards => {}
                Some((_, other, _)) => {
                    let what =
                        format!("The mapping has the sheet \"{sheet}\" twice: as {other} and as {role}");
                    return Err(self.error(path, what, "keep one of them".to_owned()));
                }
                None => named.push((found, role, why.to_owned())),
            }
            Ok(())
        };
        for (at, table) in self.tables.iter().enumerate() {
            name(&format!("table/{at}/sheet"), &table.sheet, SheetRole::Hazards, GIVEN)?;
        }
        for (at, form) in self.forms.iter().enumerate() {
            name(&format!("form/{at}/sheet"), &form.sheet, SheetRole::Hazards, GIVEN)?;
        }
        for (path, sheet, role) in [
            ("cover_page", &self.cover_page, SheetRole::CoverPage),
            ("version_history", &self.version_history, SheetRole::VersionHistory),
            ("risk_matrix", &self.risk_matrix, SheetRole::RiskMatrix),
        ] {
            if let Some(sheet) = sheet {
                name(path, sheet, role, GIVEN)?;
            }
        }
        for (at, linked) in self.linked_sheets.iter().enumerate() {
            name(&format!("linked_sheet/{at}/sheet"), &linked.sheet, SheetRole::Linked, GIVEN)?;
        }
        for (at, ignored) in self.ignored_sheets.iter().enumerate() {
            name(&format!("ignored_sheet/{at}/sheet"), &ignored.sheet, SheetRole::Ignored, &ignored.reason)?;
        }
        let reading = |sheet: &Sheet| {
            let named = named.iter().find(|(other, ..)| std::ptr::eq(*other, sheet));
            let (role, why) = named
                .map_or((SheetRole::NotRead, "the mapping does not name it"), |(_, role, why)| (*role, why));
            SheetReading::new(sheet, role, Confidence::Certain, why.to_owned())
        };
        Ok(workbook.sheets.iter().map(reading).collect())
    }

    /// Says that a sheet of this name has this role, if it is one that the mapping names.
    pub(super) fn name_document(&mut self, sheet: &str, role: SheetRole) {
        let name = Some(sheet.to_owned());
        match role {
            SheetRole::CoverPage => self.cover_page = name,
            SheetRole::VersionHistory => self.version_history = name,
            SheetRole::RiskMatrix => self.risk_matrix = name,
            _ => {}
        }
    }

    /// Whether each sheet that it has as linked is one: `is_linked` says which are.
    pub(super) fn hold_linked(
        &self,
        workbook: &Workbook,
        is_linked: impl Fn(&Sheet) -> bool,
    ) -> Result<(), InputError> {
        for (at, linked) in self.linked_sheets.iter().enumerate() {
            let path = format!("linked_sheet/{at}/sheet");
            if !is_linked(sheet_named(workbook, self, &path, &linked.sheet)?) {
                let name = &linked.sheet;
                let what = format!(
                    "The mapping has \"{name}\" as a linked sheet, and nothing on it is linked to a hazard"
                );
                let hint = "correct the ids on the sheets, name the other sheets that link it, or take the entry out";
                return Err(self.error(&path, what, hint.to_owned()));
            }
        }
        Ok(())
    }

    /// An error at the entry of this path, such as `table/0/columns/3`.
    pub(super) fn error(&self, path: &str, what: String, hint: String) -> InputError {
        let error = InputError::new(what).hint(hint);
        match &self.lines {
            Some(lines) => error.at(lines.place(path)),
            None => error,
        }
    }

    /// The text of the mapping file, with comments that say how to change it; `log` is the name of the hazard log,
    /// `unread` are its sheets that nothing reads, each with the reason.
    #[must_use]
    pub fn to_toml(&self, log: &str, unread: &[(String, String)]) -> String {
        let mut text = format!("# How the hazard log {} is read.\n{INTRODUCTION}", one_line(log));
        for (key, sheet) in [
            ("cover_page", &self.cover_page),
            ("version_history", &self.version_history),
            ("risk_matrix", &self.risk_matrix),
        ] {
            match sheet {
                Some(sheet) => _ = writeln!(text, "{key} = {}", quoted(sheet)),
                None => _ = writeln!(text, "# {key} = \"name of the sheet\""),
            }
        }
        for table in &self.tables {
            table.write(&mut text);
        }
        for form in &self.forms {
            form.write(&mut text);
        }
        for linked in &self.linked_sheets {
            _ = write!(text, "\n[[linked_sheet]]\nsheet = {}\n", quoted(&linked.sheet));
        }
        for ignored in &self.ignored_sheets {
            let (sheet, reason) = (quoted(&ignored.sheet), quoted(&ignored.reason));
            _ = write!(text, "\n[[ignored_sheet]]\nsheet = {sheet}\nreason = {reason}\n");
        }
        for (sheet, why) in unread {
            _ = write!(
                text,
                "\n# Not read: {}. Where that is right, say why:\n# [[ignored_sheet]]\n# sheet = {}\n# reason = \"\"\n",
                one_line(why),
                quoted(sheet)
            );
        }
        text
    }
}

impl TableMapping {
    /// What its columns are taken for.
    pub(super) fn columns_as_given(&self) -> Vec<ColumnReading> {
        let row = self.header_rows.last().copied().unwrap_or_default();
        let reading = |column: &ColumnMapping| ColumnReading {
            cell: format!("{}{row}", column.column.trim().to_uppercase()),
            header: column.header.clone(),
            field: column.field,
            confidence: Confidence::Certain,
            why: match (&column.field, &column.ignored) {
                (_, Some(reason)) => format!("left out: {reason}"),
                (Some(_), None) => GIVEN.to_owned(),
                (None, None) => "the mapping has no field for it".to_owned(),
            },
        };
        self.columns.iter().map(reading).collect()
    }

    fn write(&self, text: &mut String) {
        let rows: Vec<String> = self.header_rows.iter().map(ToString::to_string).collect();
        _ = write!(
            text,
            "\n[[table]]\nsheet = {}\nheader_rows = [{}]\n",
            quoted(&self.sheet),
            rows.join(", ")
        );
        if let Some(last) = self.last_row {
            _ = writeln!(text, "last_row = {last}");
        }
        _ = writeln!(text, "shape = \"{}\"\ncolumns = [", self.shape.key());
        for column in &self.columns {
            column.write(text);
        }
        text.push_str("]\n");
        if !self.ignored_rows.is_empty() {
            text.push_str("ignored_rows = [\n");
            for ignored in &self.ignored_rows {
                let (rows, reason) = (quoted(&ignored.rows), quoted(&ignored.reason));
                _ = writeln!(text, "  {{ rows = {rows}, reason = {reason} }},");
            }
            text.push_str("]\n");
        }
    }
}

impl ColumnMapping {
    fn write(&self, text: &mut String) {
        _ = write!(text, "  {{ column = {}, header = {}", quoted(&self.column), quoted(&self.header));
        if let Some(field) = self.field {
            _ = write!(text, ", field = \"{}\"", field.key());
        }
        if let Some(reason) = &self.ignored {
            _ = write!(text, ", ignored = {}", quoted(reason));
        }
        text.push_str(" },\n");
    }
}

impl IgnoredRows {
    /// The first and last row, from 0; `None` where the text names no rows.
    pub(super) fn range(&self) -> Option<(u32, u32)> {
        let (first, last) = self.rows.split_once('-').unwrap_or((&self.rows, &self.rows));
        let row = |text: &str| text.trim().parse::<u32>().ok()?.checked_sub(1);
        let (first, last) = (row(first)?, row(last)?);
        (first <= last).then_some((first, last))
    }
}

/// Why something is what the mapping says.
pub(super) const GIVEN: &str = "the mapping says so";

const INTRODUCTION: &str = "#
# Correct what was misunderstood, and give this file to `cscr import --mapping`, or name it in case.toml as `mapping`
# under [inputs]. It is then used exactly: what it names and the workbook lacks, or words otherwise, is an error.
#
# A sheet below may be left out. `header_rows` are the rows of the column headers: one, or two where words such as
# \"Initial\" and \"Residual\" stand above the others. `shape` says what a row stands for: row-per-hazard, row-per-cause,
# row-per-control, or row-per-item where a column says which of them each row is. A column has a `field`, or a reason
# for which it is `ignored`; a column with neither is reported wherever it holds something. Where hazards are no rows
# of a table, a [[form]] says what the labels of their forms mean instead: `shape` is form-per-hazard (one below the
# other, each begins in the row of the first label) or column-per-hazard (the labels down the side). Causes and controls
# on sheets of their own are joined to the hazards by their ids, on each sheet that a [[linked_sheet]] names: those that
# list them, and those that link them. The fields are:
#
#   hazard-id, hazard-name, category, description, impact, cause-id, causes,
#   existing-controls, design-controls, test-controls, training-controls, business-process-controls,
#   additional-controls, control-id, control-type, control-owner, control-action, control-status, control-evidence,
#   initial-severity, initial-likelihood, initial-risk, residual-severity, residual-likelihood, residual-risk,
#   notes, owner, status, release; and where a row is an item of any kind: item-type, parent-id

";

pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableMapping {
        let column = |column: &str, header: &str, field| ColumnMapping {
            column: column.to_owned(),
            header: header.to_owned(),
            field,
            ignored: None,
        };
        TableMapping {
            sheet: "Log \"A\"".to_owned(),
            header_rows: vec![2, 3],
            last_row: Some(40),
            shape: Shape::Control,
            columns: vec![
                column("A", "No", Some(Field::HazardId)),
                column("B", "Initial / Severity", Some(Field::Severity(super::super::field::Stage::Initial))),
                ColumnMapping { ignored: Some("for the office".to_owned()), ..column("C", "", None) },
                column("D", "Zebra\\n", None),
            ],
            ignored_rows: vec![IgnoredRows { rows: "14-20".to_owned(), reason: "a legend".to_owned() }],
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let written = Mapping {
            cover_page: Some("Cover".to_owned()),
            tables: vec![table()],
            linked_sheets: vec![LinkedSheetMapping { sheet: "Causes".to_owned() }],
            ignored_sheets: vec![IgnoredSheet { sheet: "Old".to_owned(), reason: "of 2019".to_owned() }],
            ..Mapping::default()
        };
        let text = written.to_toml("log.xlsx", &[("Notes".to_owned(), "no headers".to_owned())]);
        let read = Mapping::parse("mapping.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read.tables, written.tables);
        assert_eq!(read.linked_sheets, written.linked_sheets);
        assert_eq!(read.ignored_sheets, written.ignored_sheets);
        assert_eq!((read.cover_page, read.version_history), (Some("Cover".to_owned()), None));
        assert!(text.contains("# sheet = \"Notes\"\n"), "{text}");
    }

    #[test]
    fn the_introduction_names_every_field() {
        for field in Field::all() {
            assert!(INTRODUCTION.contains(field.key()), "{}", field.key());
        }
    }

    #[test]
    fn an_unknown_field_or_key_is_an_error_with_its_line() {
        let text = "[[table]]\nsheet = \"A\"\nheader_rows = [1]\nshape = \"row-per-hazard\"\ncolumns = [\n  { column = \"A\", header = \"No\", field = \"hazard-ids\" },\n]\n";
        let error = Mapping::parse("mapping.toml", text).unwrap_err().to_string();
        assert!(
            error.contains("mapping.toml, line 6") && error.contains("did you mean \"hazard-id\"?"),
            "{error}"
        );
        let error = Mapping::parse("mapping.toml", "sheets = 1\n").unwrap_err().to_string();
        assert!(error.contains("The key \"sheets\" is not known here"), "{error}");
        let error = Mapping::parse("mapping.toml", "").unwrap_err().to_string();
        assert!(error.contains("names no table"), "{error}");
    }

    #[test]
    fn rows_are_one_or_a_range() {
        let range = |rows: &str| IgnoredRows { rows: rows.to_owned(), reason: String::new() }.range();
        assert_eq!((range("14"), range("14 - 20")), (Some((13, 13)), Some((13, 19))));
        assert_eq!((range("0"), range("9-4"), range("all"), range("")), (None, None, None, None));
    }
}
