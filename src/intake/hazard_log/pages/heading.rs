//! What the headings and labels of a page mean, by the same words as the headers of a spreadsheet.

use crate::case::folding::fold;
use crate::intake::hazard_log::field::{Field, Stage};
use crate::intake::hazard_log::header::{self, Axis, Said, recognise};

/// What the words of a heading or a label mean. On a page no column decides what is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::intake::hazard_log) enum Header {
    Field(Field),
    /// Part of a rating, of which it does not say whether it is the initial or the residual one.
    Rating(Axis),
}

impl Header {
    pub(in crate::intake::hazard_log) fn field(self, stage: Stage) -> Field {
        match self {
            Self::Field(field) => field,
            Self::Rating(axis) => axis.field(stage),
        }
    }

    /// Whether it leaves it to its place which rating it belongs to.
    pub(in crate::intake::hazard_log) fn needs_stage(self) -> bool {
        matches!(self, Self::Rating(_))
    }

    fn of(words: &str) -> Option<Self> {
        Some(match recognise(words)?.header()? {
            header::Header::Field(field) => Self::Field(field),
            header::Header::Rating(axis, None) => Self::Rating(axis),
            header::Header::Rating(axis, Some(Said::Initial)) => Self::Field(axis.field(Stage::Initial)),
            header::Header::Rating(axis, Some(Said::Residual | Said::Current)) => {
                Self::Field(axis.field(Stage::Residual))
            }
            header::Header::ImpactOrSeverity if fold(words).ends_with("consequence") => {
                Self::Rating(Axis::Severity)
            }
            header::Header::ImpactOrSeverity => Self::Field(Field::Impact),
        })
    }
}

/// What a heading or a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake::hazard_log) struct Meaning {
    pub header: Option<Header>,
    /// The rating that it speaks of, where it says so.
    pub stage: Option<Stage>,
}

/// Understands a heading: `Possible Causes`, `4. Likelihood scoring`, `Initial risk assessment`.
pub(in crate::intake::hazard_log) fn meaning(text: &str) -> Meaning {
    let words = without_number(text.trim());
    let header = header(words);
    let stage = match header {
        Some(Header::Field(Field::Severity(stage) | Field::Likelihood(stage) | Field::Risk(stage))) => {
            Some(stage)
        }
        Some(Header::Field(_)) => None,
        _ => stage(words),
    };
    Meaning { header, stage }
}

fn header(words: &str) -> Option<Header> {
    // A rating is headed by what is done, too.
    const DOING: [&str; 5] = [" scoring", " score", " rating", " assessment", " level"];
    Header::of(words).or_else(|| {
        let lower = words.to_ascii_lowercase();
        let bare = DOING.iter().find_map(|end| lower.strip_suffix(end))?;
        Header::of(bare).filter(|header| {
            matches!(
                header,
                Header::Rating(_) | Header::Field(Field::Severity(_) | Field::Likelihood(_) | Field::Risk(_))
            )
        })
    })
}

/// The rating that words speak of.
pub(in crate::intake::hazard_log) fn stage(words: &str) -> Option<Stage> {
    let folded = fold(words).replace('-', " ");
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| folded.contains(phrase));
    if has(&["residual", "post mitigation", "after mitigation", "after control", "with additional controls"])
    {
        Some(Stage::Residual)
    } else if has(&["initial", "inherent", "pre mitigation", "before mitigation", "before control"]) {
        Some(Stage::Initial)
    } else {
        None
    }
}

/// The text without the number of a section.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if rest.len() < text.len() && rest.starts_with([' ', ')', ':']) {
        rest.trim_start_matches([' ', ')', ':'])
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_mean_what_headers_mean() {
        for (text, header, stage) in [
            ("Possible Causes", Some(Header::Field(Field::Causes)), None),
            ("3.1 Likelihood scoring", Some(Header::Rating(Axis::Likelihood)), None),
            (
                "Initial risk assessment",
                Some(Header::Field(Field::Risk(Stage::Initial))),
                Some(Stage::Initial),
            ),
            ("Residual hazard assessment", None, Some(Stage::Residual)),
            ("Post-mitigation", None, Some(Stage::Residual)),
            ("Existing Controls", Some(Header::Field(Field::ExistingControls)), None),
            ("Background", None, None),
            ("Name assessment", None, None),
        ] {
            assert_eq!(meaning(text), Meaning { header, stage }, "{text}");
        }
    }
}
