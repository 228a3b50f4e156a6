//! What the words of a column header say.
//!
//! Whole headers are looked up in a table of synonyms; those of ratings are taken apart word by word, because there
//! is no end to "Residual Risk - Likelihood", "Likelihood (post-mitigation)" and "R. Likelihood". What differs by a
//! typing error from one meaning, and from no other as little, is taken for that and said to be misspelt.

mod table;

use super::field::{Field, Stage};
use crate::case::folding::{fold, folded};
use table::{Letters, table};

/// What a header says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Header {
    Field(Field),
    /// A column of a rating: which rating it says, or leaves to its place.
    Rating(Axis, Option<Said>),
    /// A word that some logs have for the clinical impact and others for the severity: what stands below decides.
    ImpactOrSeverity,
}

/// Which part of a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    Severity,
    Likelihood,
    Risk,
}

/// What a header says of when its rating holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    Initial,
    Residual,
    /// As it is now: the residual one, or the initial one where a target stands beside it.
    Current,
}

impl Axis {
    pub(super) fn field(self, stage: Stage) -> Field {
        match self {
            Self::Severity => Field::Severity(stage),
            Self::Likelihood => Field::Likelihood(stage),
            Self::Risk => Field::Risk(stage),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Likelihood => "likelihood",
            Self::Risk => "risk",
        }
    }
}

impl Header {
    /// The meaning that a key of the header data stands for.
    fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "severity" => Self::Rating(Axis::Severity, None),
            "likelihood" => Self::Rating(Axis::Likelihood, None),
            "risk" => Self::Rating(Axis::Risk, None),
            "impact-or-severity" => Self::ImpactOrSeverity,
            key => Self::Field(Field::of_key(key)?),
        })
    }
}

impl std::fmt::Display for Header {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Rating(axis, None) => f.write_str(axis.word()),
            Self::Rating(axis, Some(Said::Initial)) => axis.field(Stage::Initial).fmt(f),
            Self::Rating(axis, Some(Said::Residual)) => axis.field(Stage::Residual).fmt(f),
            Self::Rating(axis, Some(Said::Current)) => write!(f, "current {}", axis.word()),
            Self::ImpactOrSeverity => f.write_str("clinical impact or severity"),
        }
    }
}

/// How the words of a header led to its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Basis {
    /// The table has them, or the words of a rating say so.
    Words,
    /// They differ by a typing error from these.
    Nearly(String),
    /// A part of them says so: this.
    Part(String),
}

/// What a header cell was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recognised {
    As(Header, Basis),
    /// As near to one meaning as to another.
    Between(Header, Header),
}

impl Recognised {
    /// The meaning, where there is one.
    pub(super) fn header(&self) -> Option<Header> {
        match self {
            Self::As(header, _) => Some(*header),
            Self::Between(..) => None,
        }
    }

    pub(super) fn is_exact(&self) -> bool {
        matches!(self, Self::As(_, Basis::Words))
    }
}

/// Understands a header cell.
pub(super) fn recognise(text: &str) -> Option<Recognised> {
    // Whole paragraphs stand in rows that are tried as headers, and comparing them is slow.
    const LONGEST_HEADER: usize = 160;
    if text.len() > LONGEST_HEADER {
        return None;
    }
    let whole = text.trim();
    if let Some(header) = exact(whole) {
        return Some(Recognised::As(header, Basis::Words));
    }
    nearest(&folded_header(whole)).or_else(|| by_part(whole)).or_else(|| of_custom_field(whole))
}

/// `Custom field (Likelihood)`, as issue trackers head what an organisation added.
fn of_custom_field(text: &str) -> Option<Recognised> {
    const BEFORE: &str = "custom field (";
    let is_one = text.get(..BEFORE.len())?.eq_ignore_ascii_case(BEFORE);
    let inner = text.get(BEFORE.len()..).filter(|_| is_one)?.strip_suffix(')')?;
    Some(Recognised::As(exact(inner)?, Basis::Part(inner.to_owned())))
}

fn exact(text: &str) -> Option<Header> {
    let known = table().by_words.get(folded_header(text).as_str());
    known.copied().or_else(|| rating(text))
}

/// Whether a text is a header as it stands.
pub(super) fn is_known(text: &str) -> bool {
    exact(text).is_some()
}

/// A header whose words are all of a rating: when, which part, and words such as "score" that add nothing.
fn rating(text: &str) -> Option<Header> {
    let words = folded(text);
    let known = &table().rating_words;
    let has = |list: &[String], word: &str| list.iter().any(|known| known == word);
    let (mut said, mut axis) = (None, None);
    let mut take = |at: usize, word: &str| {
        // "R. Severity" is residual; "Risk grading: R" is a risk.
        if at > 0 && word == "r" {
            return axis.replace(Axis::Risk).is_none_or(|before| before == Axis::Risk);
        }
        let stage = [
            (&known.initial, Said::Initial),
            (&known.residual, Said::Residual),
            (&known.current, Said::Current),
        ];
        if let Some((_, stage)) = stage.into_iter().find(|(list, _)| has(list, word)) {
            return said.replace(stage).is_none_or(|before| before == stage);
        }
        let parts = [
            (&known.severity, Axis::Severity),
            (&known.likelihood, Axis::Likelihood),
            (&known.risk, Axis::Risk),
        ];
        if let Some((_, found)) = parts.into_iter().find(|(list, _)| has(list, word)) {
            // "Initial Risk - Likelihood" is a likelihood.
            return match axis {
                Some(Axis::Risk) | None => axis.replace(found).is_none_or(|_| true),
                Some(before) => found == Axis::Risk || found == before,
            };
        }
        has(&known.filler, word)
    };
    let all_known =
        !words.is_empty() && words.split(' ').enumerate().all(|(at, word)| take(at, &corrected(word)));
    // A single letter is a header only beside a word that says when.
    let is_letter = said.is_none() && words.split(' ').all(|word| word.chars().count() == 1);
    let axis = axis.filter(|_| all_known && !is_letter)?;
    Some(Header::Rating(axis, said))
}

/// What the words of a group header, such as `Residual risk`, say of when the ratings below it hold.
pub(super) fn said_by(group: &str) -> Option<Said> {
    const SHORTEST: usize = 3;
    let known = &table().rating_words;
    let words = folded(group);
    let words = words.split(' ').map(corrected).filter(|word| word.chars().count() >= SHORTEST);
    let words: Vec<String> = words.collect();
    let has = |list: &[String]| words.iter().any(|word| list.contains(word));
    match (has(&known.initial), has(&known.residual), has(&known.current)) {
        (true, false, false) => Some(Said::Initial),
        (false, true, false) => Some(Said::Residual),
        (false, false, true) => Some(Said::Current),
        _ => None,
    }
}

/// A word of ratings that this one is a typing error away from, or the word itself.
fn corrected(word: &str) -> String {
    let known = &table().rating_words;
    let length = word.chars().count();
    if length < 6 {
        return word.to_owned();
    }
    let lists =
        [&known.initial, &known.residual, &known.current, &known.severity, &known.likelihood, &known.filler];
    // One error, two letters that changed places at most, leaves all before and behind it as it is. Comparing is slow,
    // and every word near the top of a sheet comes here.
    let may_be_near = |known: &str| {
        let others = known.chars().count();
        let before = known.chars().zip(word.chars()).take_while(|(one, other)| one == other).count();
        let behind = known.chars().rev().zip(word.chars().rev()).take_while(|(one, other)| one == other);
        others >= 6 && others.abs_diff(length) <= 1 && before + behind.count() + 2 >= others.max(length)
    };
    let near = |known: &&String| may_be_near(known.as_str()) && strsim::damerau_levenshtein(word, known) <= 1;
    lists.into_iter().flatten().find(near).cloned().unwrap_or_else(|| word.to_owned())
}

/// A header of which one part is a header and the rest explains it: `Severity (1 to 5)`, `2. Causes`, a first line
/// with an instruction below it, `Effect / Harm`, `Hazard name+C:D`. A rest that takes the part back, as in `Controls
/// (not implemented)`, is understood by nobody here.
fn by_part(text: &str) -> Option<Recognised> {
    if let Some(header) = qualified(text) {
        return Some(Recognised::As(header, Basis::Words));
    }
    let of_rest = |part: &Recognised| match part {
        Recognised::As(_, Basis::Part(part)) => !is_turned_down(text, part),
        _ => true,
    };
    by_one_part(text).filter(of_rest)
}

/// `Controls (existing)`, which is `existing controls`.
fn qualified(text: &str) -> Option<Header> {
    let (head, rest) = text.split_once(['(', '['])?;
    let qualifier = rest.trim_end().strip_suffix([')', ']'])?;
    exact(&format!("{} {}", qualifier.trim(), head.trim()))
}

/// Whether the words of a header beside this part of it say that what stands below is not so.
fn is_turned_down(text: &str, part: &str) -> bool {
    let rest = folded(&text.replacen(part, " ", 1));
    rest.split(|c: char| !c.is_alphabetic()).any(|word| table().turned_down.iter().any(|known| known == word))
}

fn by_one_part(text: &str) -> Option<Recognised> {
    let part = |part: &str| Some(Recognised::As(exact(part)?, Basis::Part(part.trim().to_owned())));
    let before = |ends: &[char]| text.find(ends).map(|end| text[..end].trim());
    let unnumbered = text.trim_start_matches(|c: char| c.is_ascii_digit() || ".)( ".contains(c));
    [before(&['\n']), before(&['(', '[']), before(&['+']), before(&[':']), Some(unnumbered)]
        .into_iter()
        .flatten()
        .filter(|head| !head.is_empty() && *head != text)
        .find_map(part)
        .or_else(|| of_alternatives(text))
}

/// `Effect / Harm`: alternatives that all mean the same, as far as they are known.
fn of_alternatives(text: &str) -> Option<Recognised> {
    let parts: Vec<&str> = text.split(['/', '&']).collect();
    if parts.len() < 2 {
        return None;
    }
    let mut known = parts.iter().filter_map(|part| Some((exact(part)?, part.trim())));
    let (first, words) = known.next()?;
    Some(match known.find(|(header, _)| *header != first) {
        Some((other, _)) => Recognised::Between(first, other),
        None => Recognised::As(first, Basis::Part(words.to_owned())),
    })
}

/// The one meaning within a typing error or two.
fn nearest(folded: &str) -> Option<Recognised> {
    // A short word is a typing error away from too many others.
    let length = folded.chars().count();
    let tolerated = match length {
        0..=6 => return None,
        7..=11 => 1,
        _ => 2,
    };
    let letters = Letters::of(folded);
    let near = table()
        .synonyms
        .iter()
        .filter(|synonym| synonym.length.abs_diff(length) <= tolerated)
        .filter(|synonym| synonym.letters.apart(&letters) <= tolerated)
        .map(|synonym| (strsim::damerau_levenshtein(folded, &synonym.folded), synonym))
        .filter(|(distance, _)| *distance <= tolerated)
        .collect::<Vec<_>>();
    let (best, first) = near.iter().min_by_key(|(distance, _)| *distance)?;
    let other = near.iter().find(|(distance, other)| distance == best && other.header != first.header);
    Some(match other {
        Some((_, other)) => Recognised::Between(first.header, other.header),
        None => Recognised::As(first.header, Basis::Nearly(first.words.clone())),
    })
}

/// Case, space, line breaks, hyphens and closing punctuation do not distinguish headers.
pub(super) fn folded_header(text: &str) -> String {
    let plain = text.replace(['-', '_', '\u{2013}', '\u{a0}', '\u{200b}'], " ");
    fold(&plain.replace('\u{2019}', "'")).trim_end_matches([':', '.', '*', '?', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Field as F;

    fn header(text: &str) -> Option<Header> {
        recognise(text).and_then(|found| found.header())
    }

    fn rated(axis: Axis, said: Said) -> Header {
        Header::Rating(axis, Some(said))
    }

    #[test]
    fn real_headers_with_their_typing_errors_are_understood() {
        let field = |field| Some(Header::Field(field));
        assert_eq!(header("Hazard number"), field(F::HazardId));
        assert_eq!(header("Potential Clinical impact "), field(F::Impact));
        assert_eq!(header("Hazard name+C:D+C:D"), field(F::HazardName));
        assert_eq!(header("EFFECT - Patient Safety Impact Description"), field(F::Impact));
        assert_eq!(header("Suggested actions to mitigate hazard"), header("Additional controls"));
        assert_eq!(header("Dependancies and Assumptions"), field(F::Notes));
        assert_eq!(header("Consequence"), Some(Header::ImpactOrSeverity));
    }

    #[test]
    fn the_words_of_a_rating_are_put_together() {
        for text in ["Initial Likelihoos", "I. Likelihood", "Init L", "Initial Risk - Likelihood"] {
            assert_eq!(header(text), Some(rated(Axis::Likelihood, Said::Initial)), "{text}");
        }
        for text in ["Intial Risk", "I. Risk score", "Inherent risk", "Pre-mitigation Risk Rating"] {
            assert_eq!(header(text), Some(rated(Axis::Risk, Said::Initial)), "{text}");
        }
        for text in ["Residual\nConsequence", "Res S", "Severity (post-mitigation)", "R. Consequence"] {
            assert_eq!(header(text), Some(rated(Axis::Severity, Said::Residual)), "{text}");
        }
        assert_eq!(header("Target risk"), Some(rated(Axis::Risk, Said::Residual)));
        assert_eq!(header("Current risk"), Some(rated(Axis::Risk, Said::Current)));
        assert_eq!(header("Severity (1 to 5)"), Some(Header::Rating(Axis::Severity, None)));
    }

    #[test]
    fn a_header_with_something_beside_it_says_which_part_was_read() {
        let basis = |text| match recognise(text) {
            Some(Recognised::As(_, Basis::Part(part))) => part,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(basis("4. Possible causes"), "Possible causes");
        assert_eq!(basis("Possible causes\n(one in each line)"), "Possible causes");
        assert_eq!(basis("Effect / Nuisance"), "Effect");
    }

    #[test]
    fn what_stands_in_brackets_may_say_which_or_that_it_is_not_so() {
        assert_eq!(header("Controls (existing)"), Some(Header::Field(F::ExistingControls)));
        assert_eq!(header("Mitigation [planned]"), header("Additional controls"));
        assert_eq!(header("Causes (one a line)"), Some(Header::Field(F::Causes)));
        for text in [
            "Controls (not implemented)",
            "Mitigations (rejected)",
            "Causes (ruled out)",
            "Controls / no longer in place",
            "Causes: not considered",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn a_header_that_says_two_things_is_taken_for_neither() {
        assert_eq!(
            recognise("Possible causes / Existing controls"),
            Some(Recognised::Between(Header::Field(F::Causes), Header::Field(F::ExistingControls)))
        );
    }

    #[test]
    fn other_words_are_not() {
        for text in ["", "Reviewer", "Version", "Text", "Likely", "Rest", "Owners of the product", "R", "S"] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn no_synonym_stands_for_two_meanings() {
        let folded: Vec<&str> = table().synonyms.iter().map(|synonym| synonym.folded.as_str()).collect();
        let distinct: std::collections::BTreeSet<_> = folded.iter().collect();
        assert_eq!(distinct.len(), folded.len());
    }

    #[test]
    fn every_field_has_a_header() {
        let known = |field: Field| {
            let of_rating = |axis, said| header(&format!("{said} {axis}")).is_some();
            match field {
                F::Severity(stage) => of_rating("severity", stage.as_str()),
                F::Likelihood(stage) => of_rating("likelihood", stage.as_str()),
                F::Risk(stage) => of_rating("risk", stage.as_str()),
                field => table().synonyms.iter().any(|synonym| synonym.header == Header::Field(field)),
            }
        };
        assert_eq!(Field::all().find(|field| !known(*field)), None);
    }
}
