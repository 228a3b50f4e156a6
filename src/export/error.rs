//! Why a hazard log could not be written.

use rust_xlsxwriter::XlsxError;
use std::fmt;

/// What cannot be written, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportError {
    pub what: String,
    pub hint: Option<String>,
}

impl ExportError {
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: Some(hint.into()) }
    }
}

impl From<XlsxError> for ExportError {
    fn from(error: XlsxError) -> Self {
        Self { what: format!("The workbook cannot be written: {error}"), hint: None }
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  do: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ExportError {}
