//! Where a text sends its reader.

use super::Told;
use crate::assurance::check::{Examined, Hit, Outcome};
use crate::assurance::prose::{Statement, Word, words};
use crate::case::Case;
use std::collections::BTreeSet;

pub(super) fn dangling(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for told in &examined.told {
        let spelt: Vec<(&Statement, Vec<Word>)> =
            told.statements.iter().map(|statement| (statement, words(&statement.text))).collect();
        let own: BTreeSet<Target> =
            if told.is_outside { own_targets(&spelt).collect() } else { BTreeSet::new() };
        let resolves =
            |target: &Target| if told.is_outside { own.contains(target) } else { target.is_of(case) };
        let whose = if told.is_outside { "that report" } else { "this case" };
        let mut seen = BTreeSet::new();
        for (statement, words) in &spelt {
            for target in targets(words, told.is_outside) {
                if !resolves(&target) && seen.insert(target) {
                    let says = format!("refers to {target}, which {whose} does not have");
                    outcome.hit(told.hit_at(statement, &says));
                }
            }
        }
    }
}

/// Appendices that the narrative sends its reader to and that the laid-out report does not have. Which there are is
/// the template's to say, so only the pages can tell.
pub(in crate::assurance) fn absent_appendices(case: &Case, pages: &[String]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for told in Told::narrative(case) {
        let mut seen = BTreeSet::new();
        for statement in &told.statements {
            for target in targets(&words(&statement.text), true) {
                let Target::Appendix(letter) = target else { continue };
                if !has_appendix(pages, letter) && seen.insert(letter) {
                    let says = format!("refers to {target}, which the laid-out report does not have");
                    hits.push(told.hit_at(statement, &says));
                }
            }
        }
    }
    hits
}

/// A line that begins with the letter of the appendix: its heading, or its entry in the contents.
fn has_appendix(pages: &[String], letter: char) -> bool {
    pages.iter().flat_map(|page| page.lines()).any(|line| {
        let line = line.trim();
        let line = line.strip_prefix("Appendix ").or_else(|| line.strip_prefix("Annex ")).unwrap_or(line);
        line.strip_prefix(letter).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// What a text refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Reference(u32),
    Appendix(char),
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reference(number) => write!(f, "Reference {number}"),
            Self::Appendix(letter) => write!(f, "Appendix {letter}"),
        }
    }
}

impl Target {
    /// A reference of this report: by the number in its id, else by its position.
    fn is_of(self, case: &Case) -> bool {
        let Self::Reference(wanted) = self else { return true };
        let ids = case.references.iter().map(|reference| reference.id.as_str());
        let related = case.document.related_documents.iter().filter_map(|each| each.reference.as_deref());
        let is_numbered = ids.chain(related).any(|id| {
            let prefix = id.trim_end_matches(|c: char| c.is_ascii_digit());
            prefix.len() <= 4 && id[prefix.len()..].parse() == Ok(wanted)
        });
        is_numbered || usize::try_from(wanted).is_ok_and(|at| (1..=case.references.len()).contains(&at))
    }
}

/// What the lines of an outside report are: rows of its table of references, and headings of its appendices.
fn own_targets(spelt: &[(&Statement, Vec<Word>)]) -> impl Iterator<Item = Target> {
    spelt.iter().filter(|(statement, _)| statement.is_line).filter_map(|(_, words)| {
        let first = words.iter().find(|word| !matches!(word, Word::Mark('[' | '(')))?;
        let letter = match words.get(1) {
            Some(Word::Plain(letter)) if is_appendix(first) => only_char(letter),
            _ => None,
        };
        first.number().map(Target::Reference).or(letter.map(Target::Appendix))
    })
}

fn is_appendix(word: &Word) -> bool {
    word.is_one_of(&["appendix", "annex"])
}

fn only_char(word: &str) -> Option<char> {
    let mut chars = word.chars();
    chars.next().filter(|_| chars.next().is_none()).map(|letter| letter.to_ascii_uppercase())
}

/// `Reference 7`, `[Ref. 7]`, `see Appendix C`: appendices only where the text's own are known.
fn targets(words: &[Word], with_appendices: bool) -> Vec<Target> {
    let mut targets = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let rest = &words[at + 1..];
        let rest = if matches!(rest.first(), Some(Word::Mark('.' | '[' | ':'))) { &rest[1..] } else { rest };
        if word.is_one_of(&["reference", "references", "ref", "refs"]) {
            targets.extend(rest.first().and_then(Word::number).map(Target::Reference));
        }
        // At the beginning of a line it is the heading itself.
        if with_appendices
            && at > 0
            && is_appendix(word)
            && let Some(Word::Plain(letter)) = rest.first()
            && let [letter @ b'a'..=b'h'] = letter.as_bytes()
            && !rest
                .get(1)
                .is_some_and(|next| next.is_one_of(&["of", "to"]) && rest.len() > 2 && *letter == b'a')
        {
            targets.push(Target::Appendix(char::from(letter.to_ascii_uppercase())));
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, outside, some, telling};
    use crate::case::document::Reference;

    fn with_references(fixture: &mut Fixture) {
        let reference = |id: &str| Reference {
            id: id.to_owned(),
            title: "A standard".to_owned(),
            version: None,
            location: some("Library"),
        };
        fixture.case.references = vec![reference("DCB0129"), reference("R7")];
    }

    #[test]
    fn e13_a_reference_that_the_case_lacks() {
        let spoil = |text: &'static str| {
            move |fixture: &mut Fixture| {
                with_references(fixture);
                telling(text)(fixture);
            }
        };
        fires(
            "E13",
            spoil("Minutes are kept (Reference 9)."),
            "The narrative section \"introduction\" refers to Reference 9, which this case does not have: \"Minutes are kept (Reference 9)\".",
        );
        for text in
            ["See [Reference 7] and Ref. 2.", "See Appendix Q.", "The reference laboratory has 9 rooms."]
        {
            assert_eq!(Fixture::with(spoil(text)).messages("E13"), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn e13_an_outside_report_has_its_own_references_and_appendices() {
        let text = "7      Plan      1.0\nAppendix B \u{2013} Controls      12\nH01, H02: see Reference 7 and Appendix B of this report.\n\nThe matrix is in Appendix C.";
        fires(
            "E13",
            outside(text),
            "The outside report old.txt, page 1, refers to Appendix C, which that report does not have: \"The matrix is in Appendix C\".",
        );
    }
}
