//! Whether clinical risk seems changed from one case to another: what decides between a new report (7.3.3 of DCB0129) and
//! a short addendum (7.3.2).
//!
//! It is a proposal with its reasons, each naming the hazard and the field. What a number or an entry says is weighed here:
//! a risk that moved, a hazard or a cause that came, a control that went. What a sentence says, only a person can weigh:
//! a text that was reworded by more than its signs leaves the answer open. Owners, names, dates, document control and
//! narrative bear on no risk. The Clinical Safety Officer decides.

mod hazard;
mod rest;

use super::Comparison;
use serde::Serialize;

/// How a change bears on clinical risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bearing {
    SeemsUnchanged,
    /// It cannot be said: a person has to look.
    Unclear,
    SeemsChanged,
}

/// What is proposed, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClinicalRisk {
    /// The gravest of the reasons.
    pub answer: Bearing,
    /// The gravest first, else in the order of the new side.
    pub reasons: Vec<Reason>,
}

/// A change, and how it bears on clinical risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    pub bearing: Bearing,
    /// Key of the hazard on the new side, or on the old one where it is gone; none of what is beside the hazards.
    pub hazard: Option<String>,
    /// Path of what differs, within the hazard or else within the case; empty for a hazard as a whole.
    pub field: String,
    /// To follow the hazard and the field.
    pub why: String,
}

impl ClinicalRisk {
    /// What a comparison proposes.
    #[must_use]
    pub fn of(comparison: &Comparison) -> Self {
        let mut reasons = hazard::reasons(comparison);
        reasons.extend(rest::reasons(comparison));
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.bearing));
        let answer = reasons.first().map_or(Bearing::SeemsUnchanged, |reason| reason.bearing);
        Self { answer, reasons }
    }

    /// The reasons that the answer rests on.
    pub fn decisive(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.bearing == self.answer)
    }
}

impl Reason {
    /// What differs, as it is told: `H01 control H01.D1 owner`, `people`.
    #[must_use]
    pub fn subject(&self) -> String {
        let place = Some(self.place()).filter(|place| !place.is_empty());
        self.hazard.clone().into_iter().chain(place).collect::<Vec<_>>().join(" ")
    }

    /// Where in the hazard, or else in the case: `control H01.D1 owner`.
    #[must_use]
    pub fn place(&self) -> String {
        let names = self.field.split('/').filter(|name| !name.is_empty());
        names.map(worded).collect::<Vec<_>>().join(" ")
    }

    /// The reason as a line: `H01 residual risk went up from 2 to 3`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.subject(), self.why)
    }
}

/// A name of the canonical form as a word; an id stays as it is.
fn worded(name: &str) -> String {
    match name {
        "initial" | "residual" => format!("{name} risk"),
        "causes" => "cause".to_owned(),
        "controls" => "control".to_owned(),
        "existing_controls" => "existing control".to_owned(),
        "transferred_to" => "recipient".to_owned(),
        "psa" => "PSA session".to_owned(),
        "tom" => "Target Operating Model".to_owned(),
        _ if name.chars().all(|c| c.is_ascii_lowercase() || c == '_') => name.replace('_', " "),
        _ => name.to_owned(),
    }
}

/// Both texts have the same words: only letter case, spaces and the signs around words differ. A sign that a quantity
/// may have (`<`, `-`, `%`) is no trifle, nor is one within a word (`2.5`).
fn is_trifle(old: &str, new: &str) -> bool {
    const AROUND: &[char] = &[',', ';', ':', '.', '!', '\'', '"', '(', ')'];
    let words = |text: &str| -> Vec<String> {
        let text = crate::case::folding::fold(text);
        // `.5` is a number and `5.` the end of a sentence.
        let bare = |word: &str| {
            let word = word.trim_end_matches(AROUND).trim_start_matches(['\'', '"', '(']);
            word.to_owned()
        };
        text.split(' ').map(bare).filter(|word| !word.is_empty()).collect()
    };
    words(old) == words(new)
}

#[cfg(test)]
mod tests;
