//! What a change touches, in the words that the terminal, the Markdown and the printed pages all have.

use super::{Impact, OutdatedReview, RecordedDecision, SharedControl, SharedEvidence};
use crate::assurance::checks::some_of;
use crate::change::{Bearing, ClinicalRisk, Line, PartPlace, Reason};
use serde::Serialize;

/// What is said of an impact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImpactTold {
    pub risk: RiskTold,
    /// What else it touches, part by part.
    pub parts: Vec<PartTold>,
    /// What cannot be told, and why.
    pub without: Option<String>,
}

/// Whether clinical risk seems changed, and what is decided of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RiskTold {
    pub proposal: String,
    /// What the proposal rests on, by name.
    pub rests_on: Option<String>,
    /// Every reason, the gravest first.
    pub reasons: Vec<PartTold>,
    /// What the case records, in a sentence; none where there is no case.
    pub decision: Option<String>,
    /// That what is recorded was so before this change.
    pub older: Option<String>,
    /// That what is recorded and what is proposed are not the same.
    pub contradiction: Option<String>,
}

/// Lines under a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartTold {
    pub title: String,
    pub lines: Vec<Line>,
}

impl ImpactTold {
    /// What there is to say of an impact; `old` names the old side, such as `issue 1.0`.
    #[must_use]
    pub fn of(impact: &Impact, old: &str) -> Self {
        let part = |title: &str, lines: Vec<Line>| {
            (!lines.is_empty()).then(|| PartTold { title: title.to_owned(), lines })
        };
        let stale = impact.stale_approvals.iter().map(|stale| Line::plain("", &*stale.sentence));
        let clauses = impact.clauses.iter().map(|clause| Line::plain(&*clause.cited, &*clause.because));
        let sections = impact.sections.iter().map(|section| Line::plain(&*section.title, &*section.because));
        let parts = [
            part("Approvals that no longer count", stale.collect()),
            part("Clauses to look at again", clauses.collect()),
            part("Sections of the report to read again", sections.collect()),
            part(
                "Other hazards with a control that changed",
                impact.shared_controls.iter().map(shared).collect(),
            ),
            part(
                "Other hazards that rest on the evidence of a control that went",
                impact.shared_evidence.iter().map(evidence).collect(),
            ),
            part(
                "Reviews that are older than their hazard",
                impact.outdated_reviews.iter().map(review).collect(),
            ),
        ];
        Self {
            risk: RiskTold::of(
                &impact.clinical_risk,
                impact.clause.as_deref(),
                Some((&impact.decision, old)),
            ),
            parts: parts.into_iter().flatten().collect(),
            without: None,
        }
    }

    /// What follows from the comparison alone, where there is no case to ask, and why there is none.
    #[must_use]
    pub fn without_case(proposed: &ClinicalRisk, why: String) -> Self {
        let clause = match proposed.answer {
            Bearing::SeemsChanged => Some("7.3.3 of DCB0129"),
            Bearing::SeemsUnchanged => Some("7.3.2 of DCB0129"),
            Bearing::Unclear => None,
        };
        Self { risk: RiskTold::of(proposed, clause, None), parts: Vec::new(), without: Some(why) }
    }
}

impl RiskTold {
    /// What is proposed, and beside it what is recorded, with what the old side is called.
    #[must_use]
    pub fn of(
        proposed: &ClinicalRisk,
        clause: Option<&str>,
        recorded: Option<(&RecordedDecision, &str)>,
    ) -> Self {
        let by = |what: &str| clause.map_or_else(String::new, |clause| format!(": {what} ({clause})"));
        let answer = match proposed.answer {
            Bearing::SeemsChanged => {
                format!("Clinical risk seems changed{}.", by("a new safety case report"))
            }
            Bearing::SeemsUnchanged => {
                format!("Clinical risk seems not changed{}.", by("a short addendum to the report"))
            }
            Bearing::Unclear => {
                "Whether clinical risk changed cannot be said from what differs: a person has to look."
                    .to_owned()
            }
        };
        let subjects: Vec<String> = names(proposed.decisive());
        let is_telling = proposed.answer != Bearing::SeemsUnchanged && !subjects.is_empty();
        let recorded =
            recorded.filter(|(decision, _)| decision.risk_changed.is_some() || !subjects.is_empty());
        Self {
            proposal: format!("{answer} This is a proposal; the Clinical Safety Officer decides."),
            rests_on: is_telling.then(|| some_of(&subjects)),
            reasons: grouped(&proposed.reasons),
            decision: recorded.map(|(decision, _)| decided(decision)),
            older: recorded.filter(|(decision, _)| decision.is_as_before).map(|(_, old)| {
                format!(
                    "The recorded decision is as it was in {old}, and says nothing of what changed since."
                )
            }),
            contradiction: recorded.and_then(|(decision, _)| contradiction(proposed.answer, decision)),
        }
    }
}

/// The hazards of some reasons, and what is beside the hazards by its place; each once.
fn names<'a>(reasons: impl Iterator<Item = &'a Reason>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for reason in reasons {
        let name = reason.hazard.clone().unwrap_or_else(|| reason.place());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The reasons of one bearing on a line for each hazard.
fn grouped(reasons: &[Reason]) -> Vec<PartTold> {
    let titles = [
        (Bearing::SeemsChanged, "What speaks for a changed risk"),
        (Bearing::Unclear, "What a person has to look at"),
        (Bearing::SeemsUnchanged, "What bears on no risk by itself"),
    ];
    let part = |(bearing, title): (Bearing, &str)| {
        let own: Vec<&Reason> = reasons.iter().filter(|reason| reason.bearing == bearing).collect();
        let mut subjects: Vec<Option<&str>> = Vec::new();
        for reason in &own {
            if !subjects.contains(&reason.hazard.as_deref()) {
                subjects.push(reason.hazard.as_deref());
            }
        }
        let of = |hazard: Option<&str>| -> Vec<&Reason> {
            own.iter().filter(|reason| reason.hazard.as_deref() == hazard).copied().collect()
        };
        let lines = subjects.into_iter().flat_map(|hazard| match hazard {
            Some(hazard) => vec![Line::plain(hazard, of_one(&of(Some(hazard))))],
            None => of(None).iter().map(|reason| Line::plain(reason.subject(), &*reason.why)).collect(),
        });
        let lines: Vec<Line> = lines.collect();
        (!lines.is_empty()).then(|| PartTold { title: title.to_owned(), lines })
    };
    titles.into_iter().filter_map(part).collect()
}

/// Fields of a hazard of which the same is said stand together.
fn of_one(reasons: &[&Reason]) -> String {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    for reason in reasons {
        match told.iter_mut().find(|(why, _)| *why == reason.why) {
            Some((_, fields)) => fields.push(reason.place()),
            None => told.push((&reason.why, vec![reason.place()])),
        }
    }
    let phrase = |(why, fields): &(&str, Vec<String>)| match fields.as_slice() {
        [one] => format!("{one} {why}").trim().to_owned(),
        several => format!("{} each {why}", several.join(", ")),
    };
    told.iter().map(phrase).collect::<Vec<_>>().join("; ")
}

fn decided(decision: &RecordedDecision) -> String {
    let from =
        decision.modifies.as_ref().map_or_else(String::new, |release| format!(" from release {release}"));
    let said = match decision.risk_changed {
        None => {
            return "The case records no decision: `risk_changed` and `change_rationale` under `release` in case.toml."
                .to_owned();
        }
        Some(true) => format!("The case records that clinical risk changes{from}"),
        Some(false) => format!("The case records that clinical risk does not change{from}"),
    };
    match decision.rationale.as_deref().map(str::trim).filter(|why| !why.is_empty()) {
        Some(why) => format!("{said}: \"{}\".", why.trim_end_matches('.')),
        None => format!("{said}, and not why."),
    }
}

fn contradiction(proposed: Bearing, decision: &RecordedDecision) -> Option<String> {
    let words = match (proposed, decision.risk_changed?) {
        (Bearing::SeemsChanged, false) => {
            "The recorded decision contradicts the proposal: it says that clinical risk does not change. The proposal is another: look at the reasons once more, or say in the rationale why they bear on no risk."
        }
        (Bearing::SeemsUnchanged, true) => {
            "The recorded decision contradicts the proposal: it says that clinical risk changes, and nothing that differs speaks for it."
        }
        _ => return None,
    };
    Some(words.to_owned())
}

fn shared(shared: &SharedControl) -> Line {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    for other in &shared.others {
        let name = format!("{} control {}", other.hazard, other.control);
        match told.iter_mut().find(|(why, _)| *why == other.why) {
            Some((_, others)) => others.push(name),
            None => told.push((&other.why, vec![name])),
        }
    }
    let phrases: Vec<String> =
        told.iter().map(|(why, others)| format!("{}: {why}", some_of(others))).collect();
    Line::plain(format!("{} control {}", shared.hazard, shared.control), phrases.join("; "))
}

fn evidence(shared: &SharedEvidence) -> Line {
    let named = |places: &[PartPlace]| -> Vec<String> {
        places.iter().map(|place| format!("{} of {}", place.id, place.hazard)).collect()
    };
    let words = format!(
        "was for {}, gone or not in place any longer; also rest on it: {}",
        some_of(&named(&shared.changed)),
        some_of(&named(&shared.others))
    );
    Line::plain(&*shared.evidence, words)
}

fn review(review: &OutdatedReview) -> Line {
    let found = review.found_by.map_or_else(String::new, |check| format!(" ({check} says so too)"));
    let words = format!(
        "last discussed by {} on {:#}; since then: {}{found}",
        review.session,
        review.date,
        review.since.join("; ")
    );
    Line::plain(&*review.hazard, words)
}
