//! Schemes that are known by their numbers.

use super::{Field, Scheme, Stated, View, is_most, of_ratings};
use crate::case::hazard::StatedRisk;
use crate::case::matrix::{Category, fold};
use std::collections::BTreeSet;

/// A number that stands for a word of an axis, or beside one: `4`, `4 - Major`, `Major (4)`.
struct Ordinal<'a> {
    number: u8,
    word: &'a str,
}

/// The highest number that an axis is counted to.
const HIGHEST: u8 = 10;

impl<'a> Ordinal<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let is_joint = |c: char| c.is_whitespace() || "-–—:.=()".contains(c);
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let (number, word) = if digits > 0 {
            text.split_at(digits)
        } else {
            let (word, number) = text.strip_suffix(')')?.rsplit_once('(')?;
            (number, word)
        };
        let is_apart = digits == 0 || word.chars().next().is_none_or(is_joint);
        let number =
            number.trim().parse().ok().filter(|number| is_apart && (1..=HIGHEST).contains(number))?;
        Some(Self { number, word: word.trim_matches(is_joint) })
    }
}

/// A rating in numbers, of which none is a word of the policy.
struct Numbered<'a> {
    stated: &'a Stated<'a>,
    severity: Ordinal<'a>,
    likelihood: Ordinal<'a>,
}

impl Numbered<'_> {
    fn product(&self) -> u16 {
        u16::from(self.severity.number) * u16::from(self.likelihood.number)
    }
}

/// The scheme of numbers that the ratings are of, if they are of one.
pub(super) fn scheme(view: &View<'_>) -> Option<Scheme> {
    let numbered: Vec<Numbered<'_>> = view.ratings.iter().filter_map(numbered).collect();
    if !is_most(numbered.len(), view.ratings.len()) {
        return products_of_words(view);
    }
    products(view, &numbered)
        .or_else(|| reversed(view, &numbered))
        .or_else(|| beside_words(view, &numbered))
        .or_else(|| bare(view, &numbered))
}

fn numbered<'a>(stated: &'a Stated<'a>) -> Option<Numbered<'a>> {
    let (severity, likelihood) = (stated.severity(), stated.likelihood());
    let known = stated.policy.severity_word(severity).or(stated.policy.likelihood_word(likelihood));
    let severity = Ordinal::of(severity).filter(|_| known.is_none())?;
    Some(Numbered { stated, severity, likelihood: Ordinal::of(likelihood)? })
}

/// The number of a stated risk, and the words after it.
fn number_and_band(stated: &Stated<'_>) -> Option<(u16, String)> {
    match stated.rating.stated_risk.as_ref()? {
        StatedRisk::Score(score) => Some((u16::from(*score), String::new())),
        StatedRisk::Words(words) => {
            let words = words.trim();
            let digits = words.chars().take_while(char::is_ascii_digit).count();
            let (number, band) = words.split_at(digits);
            let band = band.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            Some((number.parse().ok()?, band))
        }
    }
}

/// Severity times likelihood, both in numbers.
fn products(view: &View<'_>, numbered: &[Numbered<'_>]) -> Option<Scheme> {
    let is_product =
        |each: &&Numbered<'_>| number_and_band(each.stated).is_some_and(|(risk, _)| risk == each.product());
    let seen: Vec<&Numbered<'_>> = numbered.iter().filter(is_product).collect();
    // 1 x 1 and 2 x 1 would be right in many a table.
    if !seen.iter().any(|each| each.severity.number > 1 && each.likelihood.number > 1) {
        return None;
    }
    let stated: Vec<&Stated<'_>> = seen.iter().map(|each| each.stated).collect();
    let all = numbered.len();
    view.scheme(
        "products of severity and likelihood, both in numbers",
        &stated,
        all,
        Field::Whole,
        |examples| {
            format!(
                "In {} severity and likelihood are numbers and the risk is their product: {examples}{}",
                of_ratings(seen.len(), all),
                bands(&stated)
            )
        },
    )
}

/// What products are called, where the log says it.
fn bands(stated: &[&Stated<'_>]) -> String {
    let words: BTreeSet<String> = stated
        .iter()
        .filter_map(|stated| number_and_band(stated))
        .map(|(_, band)| band)
        .filter(|band| !band.is_empty())
        .collect();
    if words.is_empty() {
        return String::new();
    }
    let words: Vec<String> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    format!("; the bands are called {}", words.join(", "))
}

/// The policy's own words, and risks that are the product of their places.
fn products_of_words(view: &View<'_>) -> Option<Scheme> {
    let place = |words: &[Category], word: &str| {
        words.iter().position(|known| fold(&known.word) == fold(word)).map(|place| place + 1)
    };
    let rated: Vec<(&Stated<'_>, usize, u16)> = view
        .ratings
        .iter()
        .filter_map(|stated| {
            let severity = place(&view.policy.severities, stated.severity())?;
            let likelihood = place(&view.policy.likelihoods, stated.likelihood())?;
            Some((stated, severity * likelihood, number_and_band(stated)?.0))
        })
        .collect();
    let seen: Vec<&Stated<'_>> = rated
        .iter()
        .filter(|(_, product, risk)| *product == usize::from(*risk))
        .map(|(stated, ..)| *stated)
        .collect();
    // Low products are scores of many a table too: one has to be beyond every score of the policy.
    let is_score = |risk: u16| view.policy.acceptability.iter().any(|entry| u16::from(entry.risk) >= risk);
    let beyond = |stated: &&Stated<'_>| number_and_band(stated).is_some_and(|(risk, _)| !is_score(risk));
    if !seen.iter().any(beyond) {
        return None;
    }
    let name = "products of the places of its own words";
    view.scheme(name, &seen, rated.len(), Field::Whole, |examples| {
        format!(
            "In {} the risk is the place of the severity times that of the likelihood: {examples}",
            of_ratings(seen.len(), rated.len())
        )
    })
}

/// 1 is the worst: by the words beside the numbers, or because the risk falls as the numbers rise.
fn reversed(view: &View<'_>, numbered: &[Numbered<'_>]) -> Option<Scheme> {
    let seen: Vec<&Stated<'_>> = numbered.iter().map(|each| each.stated).collect();
    let name = "numbers of which 1 is the worst";
    let by_words = numbered.iter().filter(|each| direction(view, each) == Some(false)).count();
    if by_words >= 1 && !numbered.iter().any(|each| direction(view, each) == Some(true)) {
        return view.scheme(name, &seen, view.ratings.len(), Field::Severity, |examples| {
            format!("The words beside the numbers say so: {examples}")
        });
    }
    if !falls(numbered) {
        return None;
    }
    view.scheme(name, &seen, view.ratings.len(), Field::Whole, |examples| {
        format!("Wherever the numbers rise, the stated risk falls or stays: {examples}")
    })
}

/// Whether the numbers of a rating count the policy's words upwards; unknown where no word is the policy's, or
/// each is the one in the middle.
fn direction(view: &View<'_>, each: &Numbered<'_>) -> Option<bool> {
    let of = |words: &[Category], ordinal: &Ordinal<'_>| {
        let place = words.iter().position(|known| fold(&known.word) == fold(ordinal.word))?;
        let number = usize::from(ordinal.number);
        let (up, down) = (number == place + 1, number == words.len() - place);
        (up != down).then_some(up)
    };
    of(&view.policy.severities, &each.severity).or_else(|| of(&view.policy.likelihoods, &each.likelihood))
}

/// The stated risk falls somewhere as the numbers rise, and nowhere rises with them.
fn falls(numbered: &[Numbered<'_>]) -> bool {
    const LADDER: [&[&str]; 5] = [
        &["very low", "negligible", "acceptable"],
        &["low", "minor"],
        &["medium", "moderate", "tolerable"],
        &["high", "significant"],
        &["very high", "extreme", "unacceptable", "intolerable"],
    ];
    let level = |stated: &Stated<'_>| {
        let word = fold(stated.unknown_risk()?);
        LADDER.iter().position(|words| words.contains(&word.as_str()))
    };
    let points: BTreeSet<(u8, u8, usize)> = numbered
        .iter()
        .filter_map(|each| Some((each.severity.number, each.likelihood.number, level(each.stated)?)))
        .collect();
    let mut falls = 0;
    for low in &points {
        for high in points.iter().filter(|high| high.0 >= low.0 && high.1 >= low.1) {
            match high.2.cmp(&low.2) {
                std::cmp::Ordering::Greater => return false,
                std::cmp::Ordering::Less => falls += 1,
                std::cmp::Ordering::Equal => {}
            }
        }
    }
    falls > 0
}

/// The policy's own words, each with its number.
fn beside_words(view: &View<'_>, numbered: &[Numbered<'_>]) -> Option<Scheme> {
    let is_known = |each: &&Numbered<'_>| {
        view.policy.severity_word(each.severity.word).is_some()
            && view.policy.likelihood_word(each.likelihood.word).is_some()
    };
    let seen: Vec<&Stated<'_>> = numbered.iter().filter(is_known).map(|each| each.stated).collect();
    let scheme = view.scheme(
        "its own words with a number beside each",
        &seen,
        view.ratings.len(),
        Field::Likelihood,
        |examples| {
            format!(
                "In {} a number stands beside the word: {examples}",
                of_ratings(seen.len(), view.ratings.len())
            )
        },
    )?;
    Some(Scheme {
        remedy: Some(
            "Write the policy's words alone into the log, or declare a risk policy whose words hold the numbers.",
        ),
        ..scheme
    })
}

/// Numbers, and nothing that says what they mean.
fn bare(view: &View<'_>, numbered: &[Numbered<'_>]) -> Option<Scheme> {
    let seen: Vec<&Stated<'_>> = numbered.iter().map(|each| each.stated).collect();
    view.scheme("numbers in place of words", &seen, view.ratings.len(), Field::Whole, |examples| {
        format!(
            "In {} severity and likelihood are numbers, and the log does not say which end is the worst: {examples}",
            of_ratings(seen.len(), view.ratings.len())
        )
    })
}
