//! What the headings and labels of a page mean, by the same words as the headers of a spreadsheet.

use crate::case::folding::fold;
use crate::intake::hazard_log::field::{Field, Header, Stage, recognise};

/// What a heading or a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub header: Option<Header>,
    /// The rating that it speaks of, where it says so.
    pub stage: Option<Stage>,
}

/// Understands a heading: `Possible Causes`, `4. Likelihood scoring`, `Initial risk assessment`.
pub(super) fn meaning(text: &str) -> Meaning {
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
    let found = |words: &str| recognise(words).map(|found| found.header);
    found(words).or_else(|| {
        let lower = words.to_ascii_lowercase();
        let bare = DOING.iter().find_map(|end| lower.strip_suffix(end))?;
        found(bare).filter(|header| {
            matches!(
                header,
                Header::Severity
                    | Header::Likelihood
                    | Header::Risk
                    | Header::Field(Field::Severity(_) | Field::Likelihood(_) | Field::Risk(_))
            )
        })
    })
}

/// The rating that words speak of.
pub(super) fn stage(words: &str) -> Option<Stage> {
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
            ("3.1 Likelihood scoring", Some(Header::Likelihood), None),
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
