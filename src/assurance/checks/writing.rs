//! L: how hazards are written. Nothing here is wrong; it is what a safety engineer would ask about when reading.
//!
//! The words are data (`data/wording.toml`) and are compared word by word. Where it is in doubt whether a text
//! says more than its words, nothing is said: a hint that is often mistaken is read by nobody.

use super::reduction;
use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::Information;
use crate::assurance::wording::{Phrases, WORDING, Writing, each_word, words};
use crate::case::excerpt::excerpt;
use crate::case::folding::folded;
use crate::case::hazard::{Cause, Control, ControlKind, ControlState, Hazard, HazardState};
use ecow::EcoString;
use std::collections::BTreeMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "L1",
        level: Information,
        clause: Some("4.3.1"),
        title: "Cause that is written as an effect",
        why: "A cause says how the hazard comes about. Harm to the patient, or the hazard over again, says what it leads to, and no control can be found for that.",
        remedy: "Ask why this happens, and write down the answer as the cause.",
        runs: &[Run::Log(|subject, outcome| causes(subject, outcome, effect_as_cause))],
        ..Check::DEFAULT
    },
    Check {
        id: "L2",
        level: Information,
        clause: Some("4.3.1"),
        title: "Cause that blames a person and says no more",
        why: "People err where something makes it easy. A cause that names only the error leads to training, and the trap stays.",
        remedy: "Write what makes the error likely, such as two names that look alike; then a control by design can be found.",
        runs: &[Run::Log(|subject, outcome| causes(subject, outcome, bare_human_error))],
        ..Check::DEFAULT
    },
    Check {
        id: "L3",
        level: Information,
        clause: Some("6.1.1"),
        title: "Training that does not say who is trained in what",
        why: "Training in general cannot be checked: nobody can tell whether it was held, or whether it covers this hazard.",
        remedy: "Say who is trained, in what, and where that is recorded.",
        runs: &[Run::Log(generic_training)],
        ..Check::DEFAULT
    },
    Check {
        id: "L4",
        level: Information,
        clause: Some("4.3.1"),
        title: "Hazard whose name is a whole story",
        why: "A name that tells several things often holds several hazards, which differ in severity and controls and need a rating each.",
        remedy: "Give the hazard a short name and put the rest into its description; or make several hazards of it.",
        runs: &[Run::Log(stories)],
        ..Check::DEFAULT
    },
    Check {
        id: "L5",
        level: Information,
        clause: Some("6.1.1, 6.3.1"),
        title: "Control that is written as a wish or as work to come",
        why: "\"Should\" and \"consider\" speak of what is not decided, \"ongoing\" and \"to be established\" of what is not there. A control that a rating counts has to say what is done.",
        remedy: "Write what is in place, and who does it; or give the control the status Open, and rate the hazard without it.",
        runs: &[Run::Log(wishes)],
        ..Check::DEFAULT
    },
    Check {
        id: "L6",
        level: Information,
        clause: Some("4.3.1"),
        title: "Cause that stands twice in its hazard",
        why: "A repeated cause splits its controls between two entries, and each looks less controlled than it is.",
        remedy: "Join the two entries, or write what tells them apart.",
        runs: &[Run::Log(repeated_causes)],
        ..Check::DEFAULT
    },
];

/// Causes that a function has something to say of, each a finding.
fn causes(subject: &LogSubject<'_>, outcome: &mut Outcome, look: fn(&Hazard, &Cause) -> Option<String>) {
    for hazard in &subject.log.hazards {
        for cause in &hazard.causes {
            if let Some(what) = look(hazard, cause) {
                let message =
                    format!("Cause {} of {} {what}: \"{}\".", cause.id, hazard.key, excerpt(&cause.text));
                outcome.hit(Hit::hazard(&hazard.key, &format!("causes/{}", cause.id), message));
            }
        }
    }
}

fn effect_as_cause(hazard: &Hazard, cause: &Cause) -> Option<String> {
    let text = folded(&cause.text);
    let same = |other: Option<&str>| other.is_some_and(|other| !text.is_empty() && folded(other) == text);
    if same(hazard.name.as_deref()) {
        return Some("repeats the hazard's name".to_owned());
    }
    if same(hazard.impact.as_deref()) {
        return Some("repeats the clinical impact".to_owned());
    }
    if same(hazard.description.as_deref()) {
        return Some("repeats the description".to_owned());
    }
    let words = words(&cause.text);
    let found = WORDING.writing.effects.find(&words)?;
    Some(format!("speaks of what the hazard leads to (\"{}\")", words[found].join(" ")))
}

/// An error of a person with hardly a word beside it.
fn bare_human_error(_: &Hazard, cause: &Cause) -> Option<String> {
    const FEW: usize = 2;
    let words = words(&cause.text);
    let found = WORDING.writing.human_error.find(&words)?;
    (words.len() - found.len() <= FEW)
        .then(|| "names a person's error and not what makes it likely".to_owned())
}

fn generic_training(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let Writing { training, training_filler, .. } = &WORDING.writing;
    let is_generic = |control: &&Control| {
        let says_no_more = |word: EcoString| training.has(&word) || training_filler.has(&word);
        each_word(&control.text).all(says_no_more) && training.is_in(&words(&control.text))
    };
    controls(subject, outcome, is_generic, |controls| match controls {
        [control] => {
            format!("is training and does not say whose, or in what: \"{}\"", excerpt(&control.text))
        }
        _ => "are training and do not say whose, or in what".to_owned(),
    });
}

/// Controls that a test picks, a finding a hazard.
fn controls(
    subject: &LogSubject<'_>,
    outcome: &mut Outcome,
    picks: impl Fn(&&Control) -> bool,
    says: impl Fn(&[&Control]) -> String,
) {
    for hazard in &subject.log.hazards {
        let picked: Vec<&Control> = hazard.all_controls().filter(&picks).collect();
        let Some(first) = picked.first() else { continue };
        let ids: Vec<String> = picked.iter().map(|control| control.id.clone()).collect();
        let what = if ids.len() == 1 { "Control" } else { "Controls" };
        let message = format!("{what} {} of {} {}.", super::some_of(&ids), hazard.key, says(&picked));
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}", first.id), message));
    }
}

fn stories(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    const LONG: usize = 25;
    const LONG_FOR_AND: usize = 14;
    for hazard in &subject.log.hazards {
        let Some(name) = hazard.name.as_deref() else { continue };
        let words = words(name);
        let joined = words.iter().filter(|word| *word == "and").count();
        let what = if sentences(name) > 1 {
            "is several sentences"
        } else if words.len() > LONG {
            "is very long"
        } else if joined >= 2 && words.len() > LONG_FOR_AND {
            "joins several things with \"and\""
        } else {
            continue;
        };
        let message = format!("The name of {} {what}: \"{}\".", hazard.key, excerpt(name));
        outcome.hit(Hit::hazard(&hazard.key, "name", message));
    }
}

/// How many sentences a text has: ends that a capital letter follows. "E.g. Back pain" has none.
fn sentences(text: &str) -> usize {
    const ABBREVIATIONS: [&str; 9] = ["st", "mr", "mrs", "ms", "dr", "vs", "no", "nos", "etc"];
    let ends = text.match_indices(['.', '!', '?']).filter(|(at, _)| {
        let before = text[..*at].rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
        let is_abbreviation = before.contains('.') || ABBREVIATIONS.contains(&before.as_str());
        let after = &text[at + 1..];
        let goes_on = after.starts_with(char::is_whitespace);
        !is_abbreviation && goes_on && after.trim_start().starts_with(char::is_uppercase)
    });
    1 + ends.count()
}

fn wishes(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let is_lowered = reduction::is_lowered(hazard, subject.policy_of(hazard));
        let wished: Vec<(&Control, Wish)> = hazard
            .all_controls()
            .filter_map(|control| Some((control, wished(hazard, control, is_lowered)?)))
            .collect();
        let Some((first, _)) = wished.first() else { continue };
        let named: Vec<String> =
            wished.iter().map(|(control, wish)| format!("{} (\"{}\")", control.id, wish.words)).collect();
        let in_place = wished.iter().filter(|(_, wish)| wish.counts_as_in_place).count();
        let message = match &wished[..] {
            [(control, wish)] => format!(
                "Control {} of {} says \"{}\" and counts {}: \"{}\".",
                control.id,
                hazard.key,
                wish.words,
                if in_place == 1 { "as in place" } else { "in the residual rating" },
                excerpt(&control.text)
            ),
            _ => format!(
                "{} controls of {} are written as wishes or as work to come, and count {}: {}.",
                named.len(),
                hazard.key,
                match in_place {
                    0 => "in the residual rating",
                    all if all == named.len() => "as in place",
                    _ => "as in place or in the residual rating",
                },
                super::some_of(&named)
            ),
        };
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}", first.id), message));
    }
}

/// What in a control's text says that it is not there.
struct Wish {
    words: String,
    counts_as_in_place: bool,
}

/// The words by which a control that a rating counts says that it is not there.
fn wished(hazard: &Hazard, control: &Control, is_lowered: bool) -> Option<Wish> {
    let in_place = counts_as_in_place(hazard, control);
    let is_counted =
        in_place || control.state == ControlState::NotGiven && is_lowered && !rules::is_transferred(control);
    // To pass on an assumption is not to agree it with anybody.
    let is_settled = in_place || matches!(control.state, ControlState::Closed | ControlState::Transferred);
    if !is_counted && !is_settled {
        return None;
    }
    let words = words(&control.text);
    let found = |list: &Phrases| Some(words[list.find(&words)?].join(" "));
    let writing = &WORDING.writing;
    let words = in_place
        .then(|| wish(&control.text))
        .flatten()
        .or_else(|| found(&writing.underway).filter(|_| is_counted))
        .or_else(|| found(&writing.assumptions).filter(|_| is_settled))?;
    Some(Wish { words, counts_as_in_place: in_place })
}

/// An existing control is in the initial rating; another counts when it or its hazard is closed. What another
/// organisation takes over is a recommendation here, and may be worded as one.
fn counts_as_in_place(hazard: &Hazard, control: &Control) -> bool {
    match control.state {
        _ if rules::is_transferred(control) => false,
        ControlState::Closed => true,
        ControlState::NotGiven => {
            control.kind == ControlKind::Existing || hazard.state == HazardState::Closed
        }
        ControlState::Open | ControlState::Deferred | ControlState::Other | ControlState::Transferred => {
            false
        }
    }
}

/// The words of a text that wish for something.
fn wish(text: &str) -> Option<String> {
    let writing = &WORDING.writing;
    text.split(['.', ';', '\n', '(', ')']).find_map(|sentence| {
        let words = words(sentence);
        if let Some(found) = writing.considerations.find(&words) {
            let begins = found.start == 0 || matches!(words[found.start - 1].as_str(), "to" | "will");
            if begins && found.start <= 4 {
                return Some(words[found].join(" "));
            }
        }
        let found = writing.wishes.find(&words).or_else(|| writing.promises.find(&words))?;
        let is_aside = words[..found.start].iter().any(|word| writing.relative.has(word));
        (!is_aside).then(|| words[found].join(" "))
    })
}

fn repeated_causes(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let mut seen: BTreeMap<String, Vec<&Cause>> = BTreeMap::new();
        for cause in &hazard.causes {
            seen.entry(folded(&cause.text)).or_default().push(cause);
        }
        for repeated in seen.into_iter().filter(|(text, same)| same.len() > 1 && !text.is_empty()) {
            let (_, same) = repeated;
            let ids: Vec<String> = same.iter().map(|cause| cause.id.clone()).collect();
            let message = format!(
                "Causes {} of {} say the same: \"{}\".",
                super::some_of(&ids),
                hazard.key,
                excerpt(&same[0].text)
            );
            outcome.hit(Hit::hazard(&hazard.key, &format!("causes/{}", same[1].id), message));
        }
    }
}

#[cfg(test)]
mod tests;
