//! Waivers: which findings are waived, and which waivers do not count.
//!
//! Waivers are applied after every check has run, to findings that no longer change. A waived finding stays
//! in the list and says who waived it, when, until when and why. What does not count (a waiver that has run
//! out, one by somebody who may not, one of what nobody can waive, one that meets no finding) is itself a
//! finding, and those findings cannot be waived.

use super::check::{Authority, Check};
use super::checks;
use super::finding::{Finding, Waived};
use crate::case::waiver::Waiver;
use crate::case::{Case, Date};

/// A waiver and what became of it.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Position in the file, from 1.
    pub number: usize,
    pub waiver: &'a Waiver,
    pub state: State,
}

/// What became of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waives this many findings.
    Applied(usize),
    /// It ran out before the as-of date.
    Expired,
    /// It is dated after the as-of date.
    NotYet,
    /// There is no finding that it could be about.
    NoMatch,
    /// The person may not waive what it is about.
    NotAllowed,
    /// Nobody can waive what it is about.
    Unwaivable,
}

/// The waivers of a case with what becomes of each, and the day that they are judged by.
#[derive(Debug)]
pub struct Waivers<'a> {
    pub case: &'a Case,
    pub as_of: Date,
    pub judged: Vec<Judged<'a>>,
}

/// Marks the findings that are waived, and says what became of every waiver.
pub fn apply<'a>(case: &'a Case, as_of: Date, findings: &mut [Finding]) -> Waivers<'a> {
    let judged = case.waivers.iter().zip(1..).map(|(waiver, number)| Judged {
        number,
        waiver,
        state: apply_one(case, as_of, waiver, findings),
    });
    Waivers { case, as_of, judged: judged.collect() }
}

fn apply_one(case: &Case, as_of: Date, waiver: &Waiver, findings: &mut [Finding]) -> State {
    match checks::check(&waiver.check).map(Check::waivable_by) {
        Some(Authority::Nobody) => return State::Unwaivable,
        Some(Authority::Cso) if case.cso.as_ref() != Some(&waiver.by) => return State::NotAllowed,
        Some(Authority::Anybody) if case.person(&waiver.by).is_none() => return State::NotAllowed,
        _ => {}
    }
    if !waiver.is_in_force(as_of) {
        return if as_of < waiver.on { State::NotYet } else { State::Expired };
    }
    let mut waived = 0;
    for finding in findings.iter_mut().filter(|finding| is_about(waiver, finding)) {
        // Of two waivers for one finding the first says why.
        finding.waived.get_or_insert_with(|| waived_by(case, waiver));
        waived += 1;
    }
    if waived == 0 { State::NoMatch } else { State::Applied(waived) }
}

fn is_about(waiver: &Waiver, finding: &Finding) -> bool {
    finding.check == waiver.check
        && waiver.hazard.as_ref().is_none_or(|hazard| finding.hazard.as_ref() == Some(hazard))
        && waiver.about.as_ref().is_none_or(|about| concerns(finding, about))
}

/// Whether a finding is about what a waiver names: a part of its path, its path or the beginning of it with
/// or without the hazard, or its cell.
fn concerns(finding: &Finding, about: &str) -> bool {
    let about = about.trim().trim_matches('/');
    let in_path = finding.about.as_deref().is_some_and(|path| {
        let below_hazard = finding
            .hazard
            .as_ref()
            .and_then(|key| path.strip_prefix("hazards/")?.strip_prefix(key.as_str())?.strip_prefix('/'));
        let begins = |path: &str| {
            path.strip_prefix(about).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        path.split('/').any(|part| part == about) || begins(path) || below_hazard.is_some_and(begins)
    });
    let cell = finding.source.as_ref().and_then(|place| place.cell.as_deref());
    in_path || cell == Some(about)
}

fn waived_by(case: &Case, waiver: &Waiver) -> Waived {
    let person = case.person(&waiver.by);
    Waived {
        by: waiver.by.clone(),
        name: person.map_or_else(|| waiver.by.clone(), |person| person.name.clone()),
        role: person.and_then(|person| person.role.clone()),
        on: waiver.on,
        expires: waiver.expires,
        reason: waiver.reason.clone(),
    }
}
