//! Schemes that are known by their words.

use super::{Field, Scheme, Stated, View, of_ratings};
use crate::case::folding::fold;

/// Likelihood and severity in each other's column, as some UK layouts have them.
pub(super) fn exchanged(view: &View<'_>) -> Option<Scheme> {
    let policy = view.policy;
    let is_exchanged = |stated: &&Stated<'_>| {
        let (severity, likelihood) = (stated.severity(), stated.likelihood());
        policy.severity_word(likelihood).is_some()
            && policy.likelihood_word(severity).is_some()
            && (policy.severity_word(severity).is_none() || policy.likelihood_word(likelihood).is_none())
    };
    let seen: Vec<&Stated<'_>> = view.ratings.iter().filter(is_exchanged).collect();
    let all = view.ratings.len();
    let scheme = view.scheme(
        "its own words with severity and likelihood exchanged",
        &seen,
        all,
        Field::Severity,
        |examples| {
            format!(
                "In {} the severity column holds a likelihood and the likelihood column a severity: {examples}",
                of_ratings(seen.len(), all)
            )
        },
    )?;
    Some(Scheme {
        remedy: Some(
            "Look which of the two columns is which, and correct the headers of the log or the words below them.",
        ),
        ..scheme
    })
}

/// A scale of words for one axis or both.
struct Axes {
    name: &'static str,
    severities: &'static [&'static str],
    likelihoods: &'static [&'static str],
    /// Words that the other scale does not have.
    own: &'static [&'static str],
}

const NPSA: Axes = Axes {
    name: "the words of the NPSA matrix (Rare to Almost certain, Negligible to Catastrophic)",
    severities: &["negligible", "insignificant", "minor", "moderate", "major", "catastrophic"],
    likelihoods: &["rare", "unlikely", "possible", "likely", "almost certain"],
    own: &["possible", "almost certain", "negligible", "insignificant"],
};

const DHID_2009: Axes = Axes {
    name: "the words of the 2009 DHID matrix (Rare to Certain, Minor to Critical)",
    severities: &["minor", "moderate", "major", "critical"],
    likelihoods: &["rare", "unlikely", "moderate", "likely", "certain"],
    own: &["certain", "critical"],
};

/// Words of another matrix on the axes.
pub(super) fn axes(view: &View<'_>) -> Option<Scheme> {
    let npsa = seen_of(&NPSA, view);
    let dhid = seen_of(&DHID_2009, view);
    // Most of the words are in both: those that are not decide.
    let (axes, seen) = if own_words(&DHID_2009, &dhid) > own_words(&NPSA, &npsa) {
        (&DHID_2009, dhid)
    } else {
        (&NPSA, npsa)
    };
    let mut words: Vec<String> = seen.iter().flat_map(|stated| foreign(stated)).map(fold).collect();
    words.sort();
    words.dedup();
    if words.len() < 2 {
        return None;
    }
    let all = view.ratings.len();
    let field = if view.policy.likelihood_word(seen.first()?.likelihood()).is_none() {
        Field::Likelihood
    } else {
        Field::Severity
    };
    view.scheme(axes.name, &seen, all, field, |examples| {
        format!("Its words stand in {}: {examples}", of_ratings(seen.len(), all))
    })
}

/// The words of a rating that its policy does not have.
fn foreign<'a>(stated: &'a Stated<'_>) -> Vec<&'a str> {
    let severity = Some(stated.severity()).filter(|word| stated.policy.severity_word(word).is_none());
    let likelihood = Some(stated.likelihood()).filter(|word| stated.policy.likelihood_word(word).is_none());
    severity.into_iter().chain(likelihood).filter(|word| !word.is_empty()).collect()
}

/// Ratings with a foreign word, of which every foreign word is of this scale.
fn seen_of<'v>(axes: &Axes, view: &'v View<'_>) -> Vec<&'v Stated<'v>> {
    let is_seen = |stated: &&Stated<'_>| {
        let severity = fold(stated.severity());
        let likelihood = fold(stated.likelihood());
        let severity_fits =
            stated.policy.severity_word(&severity).is_some() || axes.severities.contains(&severity.as_str());
        let likelihood_fits = stated.policy.likelihood_word(&likelihood).is_some()
            || axes.likelihoods.contains(&likelihood.as_str());
        !foreign(stated).is_empty() && severity_fits && likelihood_fits
    };
    view.ratings.iter().filter(is_seen).collect()
}

fn own_words(axes: &Axes, seen: &[&Stated<'_>]) -> usize {
    let words = seen.iter().flat_map(|stated| foreign(stated)).map(fold);
    words.filter(|word| axes.own.contains(&word.as_str())).count()
}

/// Risks as Low, Moderate, High.
pub(super) fn levels(view: &View<'_>) -> Option<Scheme> {
    const LEVELS: [&str; 9] = [
        "very low",
        "low",
        "moderate",
        "medium",
        "significant",
        "high",
        "very high",
        "extreme",
        "unacceptable",
    ];
    let scheme = "risk words such as Low, Moderate and High";
    risk_words(view, scheme, |word| LEVELS.contains(&word), |_| true)
}

/// Risks as Acceptable, Tolerable, Intolerable.
pub(super) fn tolerability(view: &View<'_>) -> Option<Scheme> {
    const WORDS: [&str; 7] = [
        "acceptable",
        "broadly acceptable",
        "tolerable",
        "tolerable if alarp",
        "alarp",
        "unacceptable",
        "intolerable",
    ];
    let telling = |word: &str| word.contains("tolerable") || word.contains("alarp");
    risk_words(view, "the risk words Acceptable and Tolerable", |word| WORDS.contains(&word), telling)
}

/// Stated risks that are words of a scale; one at least has to be telling.
fn risk_words(
    view: &View<'_>,
    name: &str,
    is_word: impl Fn(&str) -> bool,
    is_telling: impl Fn(&str) -> bool,
) -> Option<Scheme> {
    let word = |stated: &Stated<'_>| fold(stated.risk().trim_end_matches(" risk").trim_end_matches(" Risk"));
    let all: Vec<&Stated<'_>> =
        view.ratings.iter().filter(|stated| stated.rating.stated_risk.is_some()).collect();
    let seen: Vec<&Stated<'_>> = all.iter().copied().filter(|stated| is_word(&word(stated))).collect();
    // Words that the policy has too, such as Acceptable, speak for nothing by themselves.
    let unknown: Vec<&Stated<'_>> =
        seen.iter().copied().filter(|stated| stated.unknown_risk().is_some()).collect();
    let told = unknown.iter().filter(|stated| is_telling(&word(stated))).count();
    if told == 0 || !super::is_most(seen.len(), all.len()) {
        return None;
    }
    view.scheme(name, &unknown, unknown.len(), Field::Risk, |examples| {
        let mut words: Vec<String> = seen.iter().map(|stated| stated.risk()).collect();
        words.sort();
        words.dedup();
        format!(
            "The risk is stated in such words ({}) in {}: {examples}",
            words.join(", "),
            of_ratings(seen.len(), all.len())
        )
    })
}
