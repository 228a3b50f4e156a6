//! The letter that goes with the documents of a case: to whom, and what is enclosed.
//!
//! All else in it, the standing of the report and the name of the Clinical Safety Officer before all, is read from the case
//! and the verdict on it. Nobody signs it here.

use super::{Engine, RenderInput, Rendered, ReportError};
use serde::Serialize;

/// What a letter is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Whom it goes to, a line each: name, department, organisation.
    pub recipient: Vec<String>,
    /// What it is sent for, to end the sentence "The documents are sent ...", such as "for the assurance of the e-RS APIs".
    pub purpose: Option<String>,
    pub enclosures: Vec<Enclosure>,
    /// What the recipient asks for and is not enclosed, each as a sentence.
    pub missing: Vec<String>,
    /// Why the documents are a DRAFT, beside what is not enclosed; a sentence each.
    pub reasons: Vec<String>,
    /// Who has signed the report, and when.
    pub signed: Vec<String>,
}

/// A document that goes with the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enclosure {
    /// What it is, such as "Hazard log".
    pub title: String,
    pub version: Option<String>,
    /// Name of its file.
    pub file: String,
}

impl Engine {
    /// Makes the letter, by a template of that kind.
    ///
    /// # Errors
    /// If it cannot be set.
    pub fn letter(&self, input: &RenderInput, letter: &Letter) -> Result<Rendered, ReportError> {
        self.made(input, &[("letter", serde_json::to_value(letter).unwrap_or_default())], None)
    }
}
