//! Which findings `cscr check` shows and answers for. The verdict itself is never selected from.

use crate::assurance::checks;
use crate::assurance::finding::{Finding, Level};
use crate::intake::suggestion;
use clap::{Args, ValueEnum};

/// What is shown of the findings, and which of them decide how the command ends.
#[derive(Debug, Default, Args)]
pub(super) struct Selection {
    /// Show these findings only: ids (B5), letters (A) or levels (blocking), separated by commas
    #[arg(long, value_name = "CHECKS", value_delimiter = ',', value_parser = selector)]
    only: Vec<Selector>,
    /// Leave these findings out: ids, letters or levels, separated by commas
    #[arg(long, value_name = "CHECKS", value_delimiter = ',', value_parser = selector)]
    skip: Vec<Selector>,
    /// Let the answer be no (exit status 1) for findings of this level too
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    deny: Vec<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warning,
    Information,
}

/// A check, all checks with one letter, or all of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selector {
    Check(&'static str),
    Letter(char),
    Level(Level),
}

impl Selector {
    fn holds(self, finding: &Finding) -> bool {
        match self {
            Self::Check(id) => finding.check == id,
            Self::Letter(letter) => finding.check.starts_with(letter),
            Self::Level(level) => finding.level == level,
        }
    }
}

fn selector(text: &str) -> Result<Selector, String> {
    let word = text.trim();
    if let Some(level) = Level::ALL.into_iter().find(|level| level.word().eq_ignore_ascii_case(word)) {
        return Ok(Selector::Level(level));
    }
    let upper = word.to_ascii_uppercase();
    let mut letters = checks::checks().filter_map(|check| check.id.chars().next());
    if let Some(letter) = letters.find(|letter| upper == letter.to_string()) {
        return Ok(Selector::Letter(letter));
    }
    match checks::check(&upper) {
        Some(check) => Ok(Selector::Check(check.id)),
        None => Err(unknown(word)),
    }
}

/// What to say of an id that no check has.
pub(super) fn unknown(word: &str) -> String {
    let levels = Level::ALL.map(Level::word);
    let known = checks::checks().map(|check| check.id).chain(levels);
    let nearest = suggestion::nearest(word, known).map(|id| format!("did you mean \"{id}\"? "));
    format!("no check has this id; {}`cscr explain` lists all checks", nearest.unwrap_or_default())
}

impl Selection {
    fn shows(&self, finding: &Finding) -> bool {
        let holds = |selectors: &[Selector]| selectors.iter().any(|selector| selector.holds(finding));
        (self.only.is_empty() || holds(&self.only)) && !holds(&self.skip)
    }

    /// The findings that are shown, in their order.
    pub(super) fn of<'a>(&self, findings: &'a [Finding]) -> Vec<&'a Finding> {
        findings.iter().filter(|finding| self.shows(finding)).collect()
    }

    /// Whether these findings make the answer a no. A waived finding does not.
    pub(super) fn denies(&self, shown: &[&Finding]) -> bool {
        shown.iter().filter(|finding| finding.stands()).any(|finding| match finding.level {
            Level::Blocking => true,
            Level::Warning => self.deny.contains(&Deny::Warning),
            Level::Information => self.deny.contains(&Deny::Information),
        })
    }

    pub(super) fn is_everything(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_letters_and_levels_select() {
        assert_eq!(selector("b5"), Ok(Selector::Check("B5")));
        assert_eq!(selector("A"), Ok(Selector::Letter('A')));
        assert_eq!(selector("Warning"), Ok(Selector::Level(Level::Warning)));
        let told = selector("B55").unwrap_err();
        assert!(told.contains("did you mean \"B5\"?"), "{told}");
        assert!(selector("warnings").unwrap_err().contains("\"warning\""));
        assert!(selector("").is_err());
    }
}
