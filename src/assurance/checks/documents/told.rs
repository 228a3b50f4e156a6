//! The texts that are held against the log.

use crate::assurance::check::Hit;
use crate::assurance::nhs_number::mask_nhs_numbers;
use crate::assurance::prose::{Statement, plain, statements};
use crate::case::Case;
use crate::case::excerpt::excerpt_to;
use crate::case::folding::folded;
use crate::case::outside_report::PATH;

/// Characters of a statement that a reader needs to find it.
const QUOTED: usize = 120;

/// A text with its statements.
#[derive(Debug)]
pub(in crate::assurance) struct Told {
    /// Path of the text, as provenance has it.
    path: String,
    /// What it is called in a sentence.
    name: String,
    has_pages: bool,
    /// An outside report, whose references and appendices are its own.
    pub is_outside: bool,
    pub statements: Vec<Statement>,
    /// The whole text without case and signs, to be searched for phrases.
    pub folded: String,
}

impl Told {
    /// The sections that were typed by hand.
    pub fn narrative(case: &Case) -> impl Iterator<Item = Self> {
        case.narrative.iter().map(|(section, markdown)| {
            let name = format!("The narrative section \"{section}\"");
            Self { has_pages: false, ..Self::of(format!("narrative/{section}"), name, &plain(markdown)) }
        })
    }

    /// The report that was made elsewhere.
    pub fn outside(case: &Case) -> Option<Self> {
        let report = case.outside_report.as_ref()?;
        let name = format!("The outside report {}", report.file);
        Some(Self { is_outside: true, ..Self::of(PATH.to_owned(), name, &report.text) })
    }

    /// Every text that was typed by hand or made elsewhere.
    pub fn all(case: &Case) -> impl Iterator<Item = Self> {
        Self::narrative(case).chain(Self::outside(case))
    }

    /// The text of this report as it was laid out, page by page.
    pub fn printed(pages: &[String]) -> Self {
        Self::of("printed".to_owned(), "The laid-out report".to_owned(), &pages.join("\u{c}"))
    }

    fn of(path: String, name: String, text: &str) -> Self {
        let statements = statements(text);
        Self { path, name, has_pages: true, is_outside: false, statements, folded: folded(text) }
    }

    /// What this text as a whole does or does not say: `says` follows its name.
    pub fn hit(&self, says: &str) -> Hit {
        Hit::at(self.path.clone(), format!("{} {says}.", self.name))
    }

    /// What a statement says: `says` follows the name of the text, and the statement is quoted.
    pub fn hit_at(&self, statement: &Statement, says: &str) -> Hit {
        let page = if self.has_pages { format!(", page {},", statement.page) } else { String::new() };
        // A number that is cut would no longer be known as a patient's.
        let quoted = excerpt_to(QUOTED, &mask_nhs_numbers(&statement.text));
        let message = format!("{}{page} {says}: \"{quoted}\".", self.name);
        Hit::at(self.path.clone(), message).on_line(statement.line)
    }
}
