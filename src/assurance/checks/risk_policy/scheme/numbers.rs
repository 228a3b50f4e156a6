//! Schemes that are known by their numbers.

use super::{Field, Scheme, Stated, View, is_most, of_ratings};
use crate::case::folding::fold;
use crate::case::hazard::StatedRisk;
use crate::case::matrix::Category;
use crate::case::ordinal::Ordinal;
use std::collections::BTreeSet;

/// The highest number that an axis is counted to.
const HIGHEST: u16 = 10;

/// A rating in numbers, alone or beside words.
struct Numbered<'a> {
    stated: &'a Stated<'a>,
    severity: u16,
    likelihood: u16,
    /// Neither is a word of the policy.
    is_bare: bool,
}

impl Numbered<'_> {
    fn product(&self) -> u16 {
        self.severity * self.likelihood
    }
}

/// The scheme of numbers that the ratings are of, if they are of one.
pub(super) fn scheme(view: &View<'_>) -> Option<Scheme> {
    percentages(view)
        .or_else(|| of_both_axes(view))
        .or_else(|| products_of_words(view))
        .or_else(|| beyond(view))
}

/// Severity and likelihood are both in numbers.
fn of_both_axes(view: &View<'_>) -> Option<Scheme> {
    let numbered: Vec<Numbered<'_>> = view.ratings.iter().filter_map(numbered).collect();
    if !is_most(numbered.len(), view.ratings.len()) {
        return None;
    }
    if let Some(products) = products(view, &numbered) {
        return Some(products);
    }
    // What numbers beside the policy's words say, those words say better.
    let bare: Vec<Numbered<'_>> = numbered.into_iter().filter(|each| each.is_bare).collect();
    reversed(view, &bare).or_else(|| alone(view, &bare))
}

fn numbered<'a>(stated: &'a Stated<'a>) -> Option<Numbered<'a>> {
    let number = |text: &'a str| {
        let ordinal = Ordinal::of(text)?;
        (1..=HIGHEST).contains(&ordinal.number).then_some(ordinal.number)
    };
    let known = stated.policy.severity_word(stated.severity());
    let known = known.or(stated.policy.likelihood_word(stated.likelihood()));
    Some(Numbered {
        stated,
        severity: number(stated.whole_severity())?,
        likelihood: number(stated.whole_likelihood())?,
        is_bare: known.is_none(),
    })
}

/// Likelihoods in percent, or as fractions of 1, which is what a spreadsheet holds of a percentage.
fn percentages(view: &View<'_>) -> Option<Scheme> {
    let is_percentage = |stated: &&Stated<'_>| {
        let text = stated.likelihood();
        let number = text.trim_matches(|c: char| c.is_whitespace() || "%<>=~\u{2264}\u{2265}".contains(c));
        match number.parse::<f64>() {
            Ok(number) if text.contains('%') => (0.0..=100.0).contains(&number),
            Ok(number) => 0.0 < number && number < 1.0,
            Err(_) => false,
        }
    };
    let seen: Vec<&Stated<'_>> = view.ratings.iter().filter(is_percentage).collect();
    let all = view.ratings.len();
    view.scheme("likelihoods in percent", &seen, all, Field::Likelihood, |examples| {
        format!(
            "In {} the likelihood is a percentage or a fraction of 1: {examples}",
            of_ratings(seen.len(), all)
        )
    })
}

/// Risk numbers that no cell of the policy has, as products of 1 to 5 give them; what they are products of is not
/// to be seen.
fn beyond(view: &View<'_>) -> Option<Scheme> {
    let is_product = |risk: u16| (1..=5).any(|one| risk > 0 && risk.is_multiple_of(one) && risk / one <= 5);
    let is_score = |risk: u16| view.policy.acceptability.iter().any(|entry| u16::from(entry.risk) == risk);
    let rated: Vec<(&Stated<'_>, u16)> =
        view.ratings.iter().filter_map(|stated| Some((stated, number_and_band(stated)?.0))).collect();
    let seen: Vec<&Stated<'_>> =
        rated.iter().filter(|(_, risk)| !is_score(*risk)).map(|(stated, _)| *stated).collect();
    if !rated.iter().all(|(_, risk)| is_product(*risk)) {
        return None;
    }
    view.scheme("risk numbers up to 25", &seen, rated.len(), Field::Risk, |examples| {
        format!(
            "In {} the risk is a number that the policy does not have and a product of 1 to 5 gives: {examples}{}",
            of_ratings(seen.len(), rated.len()),
            bands(&seen)
        )
    })
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
    if !seen.iter().any(|each| each.severity > 1 && each.likelihood > 1) {
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

/// 1 is the worst, because the risk falls as the numbers rise.
fn reversed(view: &View<'_>, numbered: &[Numbered<'_>]) -> Option<Scheme> {
    if !falls(numbered) {
        return None;
    }
    let seen: Vec<&Stated<'_>> = numbered.iter().map(|each| each.stated).collect();
    let name = "numbers of which 1 is the worst";
    view.scheme(name, &seen, view.ratings.len(), Field::Whole, |examples| {
        format!("Wherever the numbers rise, the stated risk falls or stays: {examples}")
    })
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
    let points: BTreeSet<(u16, u16, usize)> = numbered
        .iter()
        .filter_map(|each| Some((each.severity, each.likelihood, level(each.stated)?)))
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

/// Numbers, and nothing that says what they mean.
fn alone(view: &View<'_>, numbered: &[Numbered<'_>]) -> Option<Scheme> {
    let seen: Vec<&Stated<'_>> = numbered.iter().map(|each| each.stated).collect();
    view.scheme("numbers in place of words", &seen, view.ratings.len(), Field::Whole, |examples| {
        format!(
            "In {} severity and likelihood are numbers, and the log does not say which end is the worst: {examples}",
            of_ratings(seen.len(), view.ratings.len())
        )
    })
}
