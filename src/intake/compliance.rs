//! `compliance.toml`: what a named person answers to each clause of the standard.

use super::files::CaseFolder;
use super::toml_input::{TomlInput, refuse_duplicates};
use super::{InputError, Reading};
use crate::case::compliance::ComplianceAnswer;
use crate::case::{Date, Provenance};
use schemars::JsonSchema;
use serde::Deserialize;

/// compliance.toml: what named people say of each clause of the standard.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Compliance {
    /// Who answers, and on which date, where an answer does not say so itself.
    by: Option<String>,
    /// Day of the answers, where an answer does not say so itself.
    on: Option<Date>,
    /// One entry for each clause that is answered.
    #[serde(default)]
    answers: Vec<ComplianceAnswer>,
}

/// Reads the answers. What they say is judged later, not here.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Reading<Vec<ComplianceAnswer>>, InputError> {
    let (Compliance { by, on, mut answers }, lines) =
        TomlInput::<Compliance>::read(folder, path)?.into_parts();
    let mut provenance = Provenance::default();
    provenance.record("compliance", crate::case::Place::file(path));
    for (index, answer) in answers.iter_mut().enumerate() {
        answer.clause = answer.clause.trim().to_owned();
        answer.by = answer.by.take().or_else(|| by.clone());
        answer.on = answer.on.or(on);
        provenance.record(format!("compliance/{}", answer.clause), lines.place(&format!("answers/{index}")));
    }
    let places = (0..).map(|index| lines.place(&format!("answers/{index}/clause")));
    refuse_duplicates("clause", answers.iter().map(|answer| answer.clause.as_str()).zip(places))?;
    Ok((answers, provenance, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Place;
    use crate::case::compliance::Answer;
    use crate::intake::files::tests::case_folder;

    const ANSWERS: &str = "by = \"ab\"\non = 2026-09-01\n\n[[answers]]\nclause = \"2.1.1\"\nanswer = \"yes\"\n\n[[answers]]\nclause = \"2.6.1\"\nanswer = \"not-applicable\"\nby = \"B. Cedar\"\nstatement = \"None.\"\n";

    #[test]
    fn answers_are_read_with_their_lines_and_who_gave_them() {
        let (_directory, folder) = case_folder(&[("compliance.toml", ANSWERS)]);
        let (answers, provenance, _) = read(&folder, "compliance.toml").unwrap();
        assert_eq!((answers[0].answer, answers[1].answer), (Answer::Yes, Answer::NotApplicable));
        assert_eq!(answers[0].by.as_deref(), Some("ab"));
        assert_eq!(answers[1].by.as_deref(), Some("B. Cedar"));
        assert_eq!(answers[1].on, answers[0].on);
        assert_eq!(provenance.place("compliance/2.6.1"), Some(Place::line("compliance.toml", 8)));
    }

    #[test]
    fn two_answers_to_one_clause_and_an_unknown_word_are_refused() {
        let twice = ANSWERS.replace("2.6.1", "2.1.1");
        let word = ANSWERS.replace("\"yes\"", "\"yess\"");
        let (_directory, folder) = case_folder(&[("twice.toml", &twice), ("word.toml", &word)]);
        let error = read(&folder, "twice.toml").unwrap_err().to_string();
        assert!(error.contains("The clause id \"2.1.1\" is used twice, first at line 5"), "{error}");
        let error = read(&folder, "word.toml").unwrap_err().to_string();
        assert!(error.contains("line 6") && error.contains("did you mean \"yes\"?"), "{error}");
    }
}
