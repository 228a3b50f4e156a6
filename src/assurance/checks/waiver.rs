//! Waivers that do not count, or that nothing needs. Nobody can waive these.

use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Information, Warning};
use crate::assurance::waivers::{Judged, State, Waivers};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "W1",
        level: Warning,
        clause: None,
        title: "Waiver has expired",
        why: "A waiver lets a finding stand until a day that was thought long enough to deal with it. After that day the finding counts again.",
        remedy: "Deal with the finding and take the waiver out; or have the person decide again, with a new reason and a new end.",
        never_waived: true,
        runs: &[Run::Waivers(|waivers, outcome| each(waivers, State::Expired, outcome, expired))],
        ..Check::DEFAULT
    },
    Check {
        id: "W2",
        level: Information,
        clause: None,
        title: "Waiver that no finding needs",
        why: "A waiver that meets no finding is either done with, and would hide the fault if it came back, or names the wrong hazard or value.",
        remedy: "Take the waiver out; or correct which check, hazard or value it names.",
        how: Some(
            "`check`, `hazard` and `about` in waivers.toml; `cscr check --format json` gives the path of each finding as `about`",
        ),
        never_waived: true,
        runs: &[Run::Waivers(|waivers, outcome| each(waivers, State::NoMatch, outcome, no_match))],
        ..Check::DEFAULT
    },
    Check {
        id: "W3",
        level: Warning,
        clause: None,
        title: "Waiver by somebody who may not give it",
        why: "A blocking finding is waived by the Clinical Safety Officer alone, who answers for the safety case; others may accept warnings and information.",
        remedy: "Have the Clinical Safety Officer decide, and record the waiver as theirs; or take it out.",
        never_waived: true,
        runs: &[Run::Waivers(|waivers, outcome| each(waivers, State::NotAllowed, outcome, not_allowed))],
        ..Check::DEFAULT
    },
    Check {
        id: "W4",
        level: Warning,
        clause: None,
        title: "Waiver of what nobody can waive",
        why: "An approval that was not given and a rating that was not made cannot be replaced by a decision to do without; nor can a finding about a waiver.",
        remedy: "Take the waiver out, and supply what is missing.",
        never_waived: true,
        runs: &[Run::Waivers(|waivers, outcome| each(waivers, State::Unwaivable, outcome, unwaivable))],
        ..Check::DEFAULT
    },
    Check {
        id: "W5",
        level: Warning,
        clause: None,
        title: "Waiver dated after the as-of date",
        why: "A waiver of a later day is not given yet on the day that the case is judged by, and does not count.",
        remedy: "Correct the day of the waiver; or judge the case by a day on or after it.",
        how: Some("`on` in waivers.toml; `as_of` in case.toml"),
        never_waived: true,
        runs: &[Run::Waivers(|waivers, outcome| each(waivers, State::NotYet, outcome, not_yet))],
        ..Check::DEFAULT
    },
];

fn each(
    waivers: &Waivers<'_>,
    state: State,
    outcome: &mut Outcome,
    says: fn(&Waivers<'_>, &Judged<'_>) -> String,
) {
    for judged in waivers.judged.iter().filter(|judged| judged.state == state) {
        let hit = Hit::at(format!("waivers/{}", judged.number), says(waivers, judged));
        outcome.hit(hit.of_hazard(judged.waiver.hazard.as_deref()));
    }
}

/// `The waiver of C13 on H02 by Dr Cora Officer`.
fn waiver(waivers: &Waivers<'_>, judged: &Judged<'_>) -> String {
    let waiver = judged.waiver;
    let on = waiver.hazard.as_ref().map(|hazard| format!(" on {hazard}")).unwrap_or_default();
    let about = waiver.about.as_ref().map(|about| format!(", {about},")).unwrap_or_default();
    let person = waivers.case.person(&waiver.by);
    let name = person.map_or(waiver.by.as_str(), |person| &person.name);
    format!("The waiver of {}{on}{about} by {name}", waiver.check)
}

fn expired(waivers: &Waivers<'_>, judged: &Judged<'_>) -> String {
    let expires = judged.waiver.expires;
    format!(
        "{} expired on {expires:#}; the case is judged as of {:#}.",
        waiver(waivers, judged),
        waivers.as_of
    )
}

fn not_yet(waivers: &Waivers<'_>, judged: &Judged<'_>) -> String {
    let on = judged.waiver.on;
    format!("{} is dated {on:#}; the case is judged as of {:#}.", waiver(waivers, judged), waivers.as_of)
}

fn no_match(waivers: &Waivers<'_>, judged: &Judged<'_>) -> String {
    let unknown = judged.waiver.hazard.as_ref().filter(|key| waivers.case.hazard(key).is_none());
    match unknown {
        Some(key) => format!("{} meets no finding: the log has no hazard {key}.", waiver(waivers, judged)),
        // What a template prints is not known before it is printed.
        None if super::documents::OF_PAGES.contains(&judged.waiver.check.as_str()) => format!(
            "{} meets no finding here; whether it meets one on the pages of a report, `cscr build` says.",
            waiver(waivers, judged)
        ),
        None => format!("{} meets no finding.", waiver(waivers, judged)),
    }
}

fn not_allowed(waivers: &Waivers<'_>, judged: &Judged<'_>) -> String {
    let why = match &waivers.case.cso {
        Some(_) => "its findings block, and are for the Clinical Safety Officer alone to waive",
        None => "its findings block, and no Clinical Safety Officer is named who could waive them",
    };
    format!("{} does not count: {why}.", waiver(waivers, judged))
}

fn unwaivable(waivers: &Waivers<'_>, judged: &Judged<'_>) -> String {
    let title = super::check(&judged.waiver.check).map(|check| format!(" (\"{}\")", check.title));
    format!(
        "{} does not count: nobody can waive {}{}.",
        waiver(waivers, judged),
        judged.waiver.check,
        title.unwrap_or_default()
    )
}
