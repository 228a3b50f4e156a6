//! Criteria of acceptability that a text states, against those of the risk policy.
//!
//! Only a plain criterion is read: a sentence about risks with one threshold ("3 or below", "<= 6", "1 to 4")
//! beside one word such as "acceptable". A sentence with a condition ("where further reduction is
//! impractical"), of particular hazards ("all residual risks are 2 or below"), of severity or likelihood alone,
//! is none. What is missed here a reader can still see; what is called a contradiction has to be one.

mod beside;

use crate::assurance::check::{Examined, Hit, Outcome};
use crate::assurance::text::whereabouts;
use crate::case::Case;
use crate::case::matrix::{RiskClass, RiskPolicy};

pub(super) use beside::contradicted as of_the_matrix;

pub(super) fn contradicted(examined: &Examined<'_>, outcome: &mut Outcome) {
    let policies = super::judging(&examined.log());
    for (path, text) in texts(examined.subject.case) {
        for sentence in sentences(text) {
            let mut wrong: Vec<String> = criteria(sentence)
                .iter()
                .filter_map(|criterion| contradiction_of_all(criterion, &policies))
                .collect();
            wrong.dedup();
            if !wrong.is_empty() {
                let message =
                    format!("\"{sentence}\" stands in {}, but {}.", whereabouts(&path), wrong.join(", and "));
                let line = super::super::line_of(text, sentence);
                outcome.hit(Hit::at(path.clone(), message).on_line(line));
            }
        }
    }
}

/// How every one of these policies contradicts a criterion: where hazards are rated by several, it may speak of
/// any of theirs.
fn contradiction_of_all(criterion: &Criterion, policies: &[&RiskPolicy]) -> Option<String> {
    let contradictions: Option<Vec<String>> =
        policies.iter().map(|policy| contradiction(criterion, policy)).collect();
    Some(contradictions?.join(", and "))
}

/// The texts that may state criteria: the narrative, the log's own notes, what the case assumes.
fn texts(case: &Case) -> impl Iterator<Item = (String, &str)> {
    let narrative = case.narrative.iter().map(|(id, text)| (format!("narrative/{id}"), text.as_str()));
    let listed = |list: &'static str, texts| {
        let texts: std::slice::Iter<'_, String> = texts;
        (1..).zip(texts).map(move |(number, text)| (format!("{list}/{number}"), text.as_str()))
    };
    let notes = listed("hazard_log/notes", case.hazard_log.notes.iter());
    narrative.chain(notes).chain(listed("assumptions", case.assumptions.iter()))
}

/// The sentences of a text; a full stop within a number ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';', '!', '?', '|'])
        .flat_map(|line| line.split(". "))
        .map(|sentence| sentence.trim().trim_end_matches('.').trim_start_matches(['#', '-', '*', ' ']))
        .filter(|sentence| !sentence.is_empty())
}

/// Scores that a text calls acceptable, tolerable or neither.
#[derive(Debug, PartialEq, Eq)]
struct Criterion {
    scores: Scores,
    verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scores {
    AtMost(u16),
    AtLeast(u16),
    Between(u16, u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Acceptable,
    /// Acceptable on a condition.
    Tolerable,
    /// To be reduced.
    Undesirable,
    Unacceptable,
}

impl Scores {
    fn in_words(self) -> String {
        match self {
            Self::AtMost(highest) => format!("{highest} or below"),
            Self::AtLeast(lowest) => format!("{lowest} or above"),
            Self::Between(lowest, highest) if lowest == highest => lowest.to_string(),
            Self::Between(lowest, highest) => format!("{lowest} to {highest}"),
        }
    }

    fn holds(self, risk: u8) -> bool {
        let risk = u16::from(risk);
        match self {
            Self::AtMost(highest) => risk <= highest,
            Self::AtLeast(lowest) => risk >= lowest,
            Self::Between(lowest, highest) => (lowest..=highest).contains(&risk),
        }
    }
}

/// How a policy contradicts a criterion, in words; `None` where it does not.
fn contradiction(criterion: &Criterion, policy: &RiskPolicy) -> Option<String> {
    let Criterion { scores, verdict } = criterion;
    let judged: Vec<_> = policy.acceptability.iter().filter(|entry| scores.holds(entry.risk)).collect();
    if judged.is_empty() {
        return Some(format!("no risk of the {} is {}", policy.title, scores.in_words()));
    }
    let wrong = judged.into_iter().find(|entry| match verdict {
        Verdict::Acceptable => entry.class >= RiskClass::Undesirable,
        Verdict::Tolerable => entry.class == RiskClass::Unacceptable,
        Verdict::Undesirable => entry.class != RiskClass::Undesirable,
        Verdict::Unacceptable => entry.class <= RiskClass::AcceptableWithReason,
    })?;
    Some(format!("a risk of {} is \"{}\" in the {}", wrong.risk, wrong.word, policy.title))
}

/// A sentence as words and signs, with each threshold as one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Number(u16),
    Sign(char),
    Threshold(Scores),
}

/// The criteria that a sentence states: each a part of it with one threshold and one verdict.
fn criteria(sentence: &str) -> Vec<Criterion> {
    // Nearly every sentence of a report ends here.
    if !sentence.contains("cceptabl") && !sentence.contains("olerabl") {
        return Vec::new();
    }
    let tokens = with_thresholds(&tokens(sentence));
    let says = |words: &[&str]| {
        tokens.iter().any(|token| matches!(token, Token::Word(word) if words.contains(&word.as_str())))
    };
    if !says(&OF_RISKS) || says(&CONDITIONS) || says(&OTHER_MATTERS) || states_a_result(&tokens) {
        return Vec::new();
    }
    parts(&tokens).filter_map(criterion).collect()
}

/// Words of a sentence about risks.
const OF_RISKS: [&str; 8] = ["risk", "risks", "score", "scores", "scored", "scoring", "rating", "rated"];

/// Words of a sentence that says more than its threshold does.
const CONDITIONS: [&str; 26] = [
    "where",
    "when",
    "whenever",
    "if",
    "only",
    "unless",
    "until",
    "provided",
    "subject",
    "impractical",
    "practicable",
    "justified",
    "justification",
    "reason",
    "reasons",
    "alarp",
    "accepted",
    "benefit",
    "benefits",
    "no",
    "none",
    "never",
    "neither",
    "nor",
    "without",
    "except",
];

/// Words of a sentence that measures something else.
const OTHER_MATTERS: [&str; 5] = ["severity", "likelihood", "consequence", "probability", "percent"];

/// The threshold is what some risks are, and not what makes a risk acceptable.
fn states_a_result(tokens: &[Token]) -> bool {
    const BEING: [&str; 9] = ["is", "are", "was", "were", "be", "been", "being", "remain", "remains"];
    const BETWEEN: [&str; 6] = ["at", "rated", "scored", "of", "all", "now"];
    tokens.iter().enumerate().any(|(index, token)| {
        let mut before = tokens[..index].iter().rev().filter_map(|token| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        });
        matches!(token, Token::Threshold(_))
            && before.find(|word| !BETWEEN.contains(word)).is_some_and(|word| BEING.contains(&word))
    })
}

fn tokens(sentence: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sentence;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '.' || c == '\'' || c == '%';
        let length =
            if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (text, after) = rest.split_at(length);
        rest = after;
        let text = text.trim_end_matches('.').to_lowercase();
        match text.parse() {
            Ok(number) => tokens.push(Token::Number(number)),
            Err(_) if is_word(first) => tokens.push(Token::Word(text)),
            Err(_) => match (first, tokens.last()) {
                ('=', Some(Token::Sign('<'))) => *last(&mut tokens) = Token::Sign('≤'),
                ('=', Some(Token::Sign('>'))) => *last(&mut tokens) = Token::Sign('≥'),
                ('–' | '—', _) => tokens.push(Token::Sign('-')),
                // Emphasis of Markdown and space say nothing.
                ('*' | '_' | '`' | '"' | '“' | '”', _) => {}
                (sign, _) if sign.is_whitespace() => {}
                (sign, _) => tokens.push(Token::Sign(sign)),
            },
        }
    }
    tokens
}

/// The token that was just looked at.
fn last(tokens: &mut [Token]) -> &mut Token {
    let index = tokens.len() - 1;
    &mut tokens[index]
}

/// Puts each threshold in the place of the words that make it up.
fn with_thresholds(tokens: &[Token]) -> Vec<Token> {
    let mut put = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((scores, length)) = threshold(&tokens[at..]) {
            put.push(Token::Threshold(scores));
            at += length;
        } else {
            put.push(tokens[at].clone());
            at += 1;
        }
    }
    put
}

/// The threshold that these tokens begin with, and how many of them it takes.
fn threshold(tokens: &[Token]) -> Option<(Scores, usize)> {
    use Token::{Number, Sign, Word};
    let words: Vec<&str> = tokens
        .iter()
        .take(3)
        .map_while(|token| if let Word(word) = token { Some(word.as_str()) } else { None })
        .collect();
    let number_at = |index: usize| match tokens.get(index) {
        Some(Number(number)) => Some(*number),
        _ => None,
    };
    if let Some(found) = after_a_sign(tokens) {
        return Some(found);
    }
    if let [Number(number), Word(joint), Word(direction), ..] = tokens
        && matches!(joint.as_str(), "or" | "and")
    {
        return match direction.as_str() {
            "below" | "less" | "lower" | "under" | "fewer" => Some((Scores::AtMost(*number), 3)),
            "above" | "more" | "higher" | "over" | "greater" => Some((Scores::AtLeast(*number), 3)),
            _ => None,
        };
    }
    if let [Number(lowest), joint, Number(highest), ..] = tokens
        && (*joint == Sign('-') || *joint == Word("to".to_owned()))
        && lowest < highest
    {
        return Some((Scores::Between(*lowest, *highest), 3));
    }
    let found = match words[..] {
        ["no" | "not", "more" | "higher" | "greater" | "above", "than"] => (Scores::AtMost(number_at(3)?), 4),
        ["no" | "not", "less" | "lower", "than"] => (Scores::AtLeast(number_at(3)?), 4),
        ["up", "to", ..] | ["at", "most", ..] => (Scores::AtMost(number_at(2)?), 3),
        ["at", "least", ..] => (Scores::AtLeast(number_at(2)?), 3),
        ["less" | "lower", "than", ..] => (Scores::AtMost(number_at(2)?.checked_sub(1)?), 3),
        ["more" | "higher" | "greater", "than", ..] => (Scores::AtLeast(number_at(2)?.checked_add(1)?), 3),
        ["below" | "under", ..] => (Scores::AtMost(number_at(1)?.checked_sub(1)?), 2),
        ["above" | "over" | "exceeding", ..] => (Scores::AtLeast(number_at(1)?.checked_add(1)?), 2),
        _ => return None,
    };
    Some(found)
}

/// `<= 6`, `> 12`.
fn after_a_sign(tokens: &[Token]) -> Option<(Scores, usize)> {
    let [Token::Sign(sign), Token::Number(number), ..] = tokens else { return None };
    let scores = match sign {
        '≤' => Scores::AtMost(*number),
        '<' => Scores::AtMost(number.checked_sub(1)?),
        '≥' => Scores::AtLeast(*number),
        '>' => Scores::AtLeast(number.checked_add(1)?),
        _ => return None,
    };
    Some((scores, 2))
}

/// The parts of a sentence that each may state a criterion of their own.
fn parts(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens.split(|token| match token {
        Token::Sign(sign) => *sign == ',',
        Token::Word(word) => matches!(word.as_str(), "and" | "but" | "while" | "whereas" | "or"),
        _ => false,
    })
}

/// What "not" stands before where it denies that something is acceptable.
const DENIED: [&str; 7] = ["acceptable", "tolerable", "be", "considered", "deemed", "regarded", "judged"];

/// The criterion of a part that has one threshold and one verdict, and no other number.
fn criterion(part: &[Token]) -> Option<Criterion> {
    let mut thresholds = part.iter().filter_map(|token| match token {
        Token::Threshold(scores) => Some(*scores),
        _ => None,
    });
    let (scores, None) = (thresholds.next()?, thresholds.next()) else { return None };
    if part.iter().any(|token| matches!(token, Token::Number(_))) {
        return None;
    }
    let words: Vec<&str> = part
        .iter()
        .filter_map(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None })
        .collect();
    // "not above 3" is another matter than "not acceptable".
    let denied = words.iter().position(|word| *word == "not");
    if denied.is_some_and(|at| words.get(at + 1).is_none_or(|word| !DENIED.contains(word))) {
        return None;
    }
    let is_denied = denied.is_some();
    let mut verdicts = words.iter().filter_map(|word| match *word {
        "acceptable" | "tolerable" if is_denied => Some(Verdict::Unacceptable),
        "acceptable" => Some(Verdict::Acceptable),
        "tolerable" => Some(Verdict::Tolerable),
        "unacceptable" | "intolerable" if !is_denied => Some(Verdict::Unacceptable),
        _ => None,
    });
    let (verdict, None) = (verdicts.next()?, verdicts.next()) else { return None };
    Some(Criterion { scores, verdict })
}

#[cfg(test)]
mod tests;
