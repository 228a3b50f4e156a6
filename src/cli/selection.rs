//! Which findings a command shows and answers for. The verdict itself is never selected from.

use crate::assurance::checks;
use crate::assurance::finding::{Finding, Level};
use crate::intake::suggestion;
use clap::Args;

/// What is shown of the findings.
#[derive(Debug, Default, Args)]
pub(super) struct Selection {
    /// Show these findings only: ids (B5), letters (A) or levels (blocking), separated by commas
    #[arg(long, value_name = "CHECKS", value_delimiter = ',', value_parser = selector)]
    only: Vec<Selector>,
    /// Leave these findings out: ids, letters or levels, separated by commas
    #[arg(long, value_name = "CHECKS", value_delimiter = ',', value_parser = selector)]
    skip: Vec<Selector>,
    /// Show every finding, however many a check has
    #[arg(long, short)]
    pub(super) verbose: bool,
}

/// Which of the findings that are shown decide how the command ends.
#[derive(Debug, Default, Args)]
pub(super) struct Denial {
    /// Let the answer be no (exit status 1) for findings of this level too: warning, information; blocking findings
    /// always do
    #[arg(long, value_name = "LEVEL", value_delimiter = ',', value_parser = level)]
    deny: Vec<Level>,
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
    if let Some(level) = named_level(word) {
        return Ok(Selector::Level(level));
    }
    let upper = word.to_ascii_uppercase();
    if let Some(letter) = checks::letters().into_iter().find(|letter| upper == letter.to_string()) {
        return Ok(Selector::Letter(letter));
    }
    match checks::check(&upper) {
        Some(check) => Ok(Selector::Check(check.id)),
        None => Err(unknown_selector(word)),
    }
}

/// What to say of an id that no check has.
pub(super) fn unknown(word: &str) -> String {
    let nearest = suggestion::nearest(word, checks::checks().map(|check| check.id));
    let nearest = nearest.map(|id| format!("did you mean \"{id}\"? ")).unwrap_or_default();
    format!("no check has this id; {nearest}`cscr explain` lists all checks")
}

/// What to say of a word that selects nothing.
fn unknown_selector(word: &str) -> String {
    let levels = Level::ALL.map(Level::word);
    let letters = checks::letters();
    let known = checks::checks().map(|check| check.id).chain(levels);
    // One letter is near to every other.
    let nearest = (word.chars().count() > 1).then(|| suggestion::nearest(word, known)).flatten();
    let nearest = nearest.map(|near| format!("did you mean \"{near}\"? ")).unwrap_or_default();
    let letters: Vec<String> = letters.into_iter().map(String::from).collect();
    format!(
        "no check has this id or letter, and no level this name; {nearest}levels are {}; letters are {}; `cscr explain` \
         lists the ids",
        levels.join(", "),
        letters.join(", ")
    )
}

fn named_level(word: &str) -> Option<Level> {
    Level::ALL.into_iter().find(|level| level.word().eq_ignore_ascii_case(word))
}

fn level(text: &str) -> Result<Level, String> {
    let words = Level::ALL.map(Level::word).join(", ");
    named_level(text.trim()).ok_or_else(|| format!("levels are {words}"))
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

    pub(super) fn is_everything(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }
}

impl Denial {
    /// Whether these findings make the answer a no. A waived finding does not.
    pub(super) fn denies(&self, shown: &[&Finding]) -> bool {
        let mut standing = shown.iter().filter(|finding| finding.stands());
        standing.any(|finding| finding.blocks() || self.deny.contains(&finding.level))
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
        let told = selector("B5x").unwrap_err();
        assert!(told.contains("did you mean \"B5\"?"), "{told}");
        assert!(selector("warnings").unwrap_err().contains("\"warning\""));
        assert!(selector("").is_err());
        let told = selector("Z").unwrap_err();
        assert!(told.contains("letters are A, B, C, D, E, F, G, K, L, P, R, S, T, U, W, X;"), "{told}");
        assert!(told.contains("levels are blocking, warning, information;"), "{told}");
        assert!(!told.contains("did you mean"), "{told}");
    }

    #[test]
    fn blocking_can_be_denied_though_it_always_is() {
        assert_eq!(level("blocking"), Ok(Level::Blocking));
        assert_eq!(level("Warning"), Ok(Level::Warning));
        assert_eq!(level("C"), Err("levels are blocking, warning, information".to_owned()));
    }
}
