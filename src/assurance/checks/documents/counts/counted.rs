//! A number and what it counts: all there are, or some.

use crate::assurance::prose::{Word, contains};

/// Words that make a count one of some, and not of all.
pub const OF_SOME: [&str; 24] = [
    "about",
    "additional",
    "another",
    "approximately",
    "around",
    "at",
    "between",
    "first",
    "further",
    "last",
    "least",
    "most",
    "nearly",
    "new",
    "next",
    "other",
    "over",
    "remaining",
    "than",
    "these",
    "those",
    "under",
    "up",
    "up-to",
];

/// What follows a noun and picks some of what it names.
const PICKS: [&str; 20] = [
    "with",
    "that",
    "which",
    "whose",
    "where",
    "rated",
    "scored",
    "at",
    "transferred",
    "having",
    "classified",
    "above",
    "below",
    "remaining",
    "from",
    "to",
    "of",
    "assessed",
    "for",
    "relating",
];

/// Meetings have counts of their own.
const MEETINGS: [&str; 10] = [
    "workshop",
    "workshops",
    "session",
    "sessions",
    "meeting",
    "meetings",
    "psa",
    "hazid",
    "hazan",
    "previous",
];

/// A number and the noun that it counts, with its place in a statement.
pub struct Counted<'w> {
    pub number: u32,
    before: &'w [Word],
    pub adjective: Option<&'w str>,
    pub after: &'w [Word],
}

/// Where a statement counts this noun. Words that single some out are not passed over.
pub fn counted<'w>(words: &'w [Word], noun: &[&str], adjectives: &[&str]) -> Vec<Counted<'w>> {
    let read = |(at, word): (usize, &'w Word)| {
        let number = word.number()?;
        let before = &words[..at];
        if before.last().is_some_and(|word| word.is_one_of(&OF_SOME) || *word == Word::Mark('-')) {
            return None;
        }
        let rest = &words[at + 1..];
        let described = rest.iter().take_while(|word| word.is_one_of(adjectives)).count();
        let (is_noun, after) = rest[described..].split_first()?;
        let adjective = match rest[..described].last() {
            Some(Word::Plain(adjective)) => Some(adjective.as_str()),
            _ => None,
        };
        is_noun.is_one_of(noun).then_some(Counted { number, before, adjective, after })
    };
    words.iter().enumerate().filter_map(read).collect()
}

impl Counted<'_> {
    /// The statement says that these are all there are.
    pub fn is_total(&self) -> bool {
        let picks = self.after.first().is_some_and(|word| word.is_one_of(&PICKS));
        let in_all = starts(self.after, &["in", "total"]) || starts(self.after, &["in", "all"]);
        in_all || (!picks && (self.all_of() || self.is_held() || self.was_found()))
    }

    /// `all seven`, `a total of seven`, `of the seven`, and `seven ... are all`.
    fn all_of(&self) -> bool {
        let before = match self.before {
            [rest @ .., the] if the.is_one_of(&["the", "these"]) => rest,
            all => all,
        };
        let of_them = match before {
            [of] | [Word::Number(_), of] => of.is("of"),
            [.., one, of] => {
                of.is("of")
                    && (one.is_one_of(&["total", "all", "none", "each", "most", "any"])
                        || one.number().is_some()
                        || matches!(one, Word::Mark(_)))
            }
            [] => false,
        };
        let are_all = ["are", "were"].iter().any(|are| starts(self.after, &[are, "all"]));
        before.last().is_some_and(|word| word.is("all")) || of_them || are_all
    }

    /// `the log holds seven`, `there are seven`.
    fn is_held(&self) -> bool {
        const HOLDS: [&str; 12] = [
            "holds",
            "contains",
            "lists",
            "records",
            "comprises",
            "includes",
            "discusses",
            "describes",
            "covers",
            "presents",
            "documents",
            "considers",
        ];
        let there_are = matches!(self.before, [.., there, are] if there.is("there") && are.is("are"));
        let holds = self.before.last().is_some_and(|word| word.is_one_of(&HOLDS));
        (there_are || holds) && !contains(self.before, &MEETINGS) && !contains(self.after, &MEETINGS)
    }

    /// `seven hazards were identified`, and nothing says when or where.
    fn was_found(&self) -> bool {
        const FOUND: [&str; 5] = ["identified", "recorded", "logged", "documented", "assessed"];
        const WHERE: [&str; 7] = ["at", "during", "by", "since", "after", "for", "when"];
        let rest = match self.after {
            [were, rest @ ..] if were.is_one_of(&["were", "are"]) => rest,
            [have, been, rest @ ..] if have.is("have") && been.is("been") => rest,
            _ => return false,
        };
        rest.first().is_some_and(|word| word.is_one_of(&FOUND))
            && !contains(rest, &WHERE)
            && !contains(self.before, &MEETINGS)
            && !contains(rest, &MEETINGS)
    }
}

fn starts(words: &[Word], beginning: &[&str]) -> bool {
    words.len() >= beginning.len() && words.iter().zip(beginning).all(|(word, begins)| word.is(begins))
}
