//! Waivers: which findings are waived, and which waivers do not count.
//!
//! Waivers are applied to the findings of all checks that look at the case, so that the clauses are told of what
//! stands, and once more when the checks of the clauses have run. A waived finding stays in the list and says who waived it, when, until when and why. What does not count (a waiver that has run
//! out, one by somebody who may not, one of what nobody can waive, one that meets no finding) is itself a
//! finding, and those findings cannot be waived.

use super::finding::{Authority, Finding, Waived};
use super::nhs_number::mask_nhs_numbers;
use crate::case::waiver::Waiver;
use crate::case::{Case, Date};
use serde::Serialize;

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

/// A waiver as reports print it: what was decided, by whom, and what it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    pub check: String,
    pub hazard: Option<String>,
    pub about: Option<String>,
    #[serde(flatten)]
    pub waived: Waived,
    /// How many findings it waives.
    pub findings: usize,
    /// Why it does not count, in a few words; `None` where it does.
    pub void: Option<&'static str>,
}

impl Waivers<'_> {
    /// All of them, in the order of the file.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let record = |judged: &Judged<'_>| {
            let (findings, void) = match judged.state {
                State::Applied(findings) => (findings, None),
                State::Expired => (0, Some("expired")),
                State::NotYet => (0, Some("not given yet")),
                State::NoMatch => (0, Some("meets no finding")),
                State::NotAllowed => (0, Some("not theirs to give")),
                State::Unwaivable => (0, Some("nobody can waive this")),
            };
            let Waiver { check, hazard, about, .. } = judged.waiver.clone();
            Record { check, hazard, about, waived: waived_by(self.case, judged.waiver), findings, void }
        };
        self.judged.iter().map(record).collect()
    }
}

/// The waivers of a case with what becomes of each, and the day that they are judged by.
#[derive(Debug)]
pub struct Waivers<'a> {
    pub case: &'a Case,
    pub as_of: Date,
    pub judged: Vec<Judged<'a>>,
}

/// Marks the findings that are waived, and says what became of every waiver.
///
/// `waivable_by` says of a check's id who can waive its findings.
pub fn apply<'a>(
    case: &'a Case,
    as_of: Date,
    waivable_by: impl Fn(&str) -> Option<Authority>,
    findings: &mut [Finding],
) -> Waivers<'a> {
    let judged = case.waivers.iter().zip(1..).map(|(waiver, number)| Judged {
        number,
        waiver,
        state: apply_one(case, as_of, waiver, waivable_by(&waiver.check), findings),
    });
    Waivers { case, as_of, judged: judged.collect() }
}

fn apply_one(
    case: &Case,
    as_of: Date,
    waiver: &Waiver,
    authority: Option<Authority>,
    findings: &mut [Finding],
) -> State {
    match authority {
        Some(Authority::Nobody) => return State::Unwaivable,
        Some(Authority::Cso) if case.cso.as_ref() != Some(&waiver.by) => return State::NotAllowed,
        Some(Authority::Anybody) if case.person(&waiver.by).is_none() => return State::NotAllowed,
        _ => {}
    }
    if !waiver.is_in_force(as_of) {
        return if as_of < waiver.on { State::NotYet } else { State::Expired };
    }
    let mut count = 0;
    for finding in findings.iter_mut().filter(|finding| is_about(waiver, finding)) {
        // Of two waivers for one finding the first says why.
        finding.waived.get_or_insert_with(|| waived_by(case, waiver));
        count += 1;
    }
    if count == 0 { State::NoMatch } else { State::Applied(count) }
}

fn is_about(waiver: &Waiver, finding: &Finding) -> bool {
    finding.check == waiver.check
        && waiver.hazard.as_ref().is_none_or(|hazard| finding.hazard.as_ref() == Some(hazard))
        && waiver.about.as_ref().is_none_or(|about| concerns(finding, about))
}

/// Whether a finding is about what a waiver names: one or more parts of its path that follow one another, or its
/// cell.
fn concerns(finding: &Finding, about: &str) -> bool {
    let about = about.trim().trim_matches('/');
    let is_whole = |path: &str, start: usize| {
        let (before, after) = (&path[..start], &path[start + about.len()..]);
        (before.is_empty() || before.ends_with('/')) && (after.is_empty() || after.starts_with('/'))
    };
    let stands_in = |path: &str| path.match_indices(about).any(|(start, _)| is_whole(path, start));
    let cell = finding.source.as_ref().and_then(|place| place.cell.as_deref());
    cell == Some(about) || finding.about.as_deref().is_some_and(stands_in)
}

fn waived_by(case: &Case, waiver: &Waiver) -> Waived {
    let person = case.person(&waiver.by);
    Waived {
        by: waiver.by.clone(),
        name: person.map_or_else(|| waiver.by.clone(), |person| person.name.clone()),
        role: person.and_then(|person| person.role.clone()),
        on: waiver.on,
        expires: waiver.expires,
        reason: mask_nhs_numbers(&waiver.reason).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, date, hazard, rating, waiver};
    use crate::assurance::{Assurance, assure};

    /// Approved as it is, with these waivers: what the approvals cover has them in it.
    fn approved(spoil: impl FnOnce(&mut Fixture)) -> Assurance {
        let mut fixture = Fixture::with(spoil);
        fixture.approvals = Fixture::approvals_of(&fixture.case);
        assure(&fixture.subject())
    }

    fn raised(fixture: &mut Fixture) {
        for hazard in &mut fixture.case.hazard_log.hazards {
            hazard.initial = rating("Major", "Low", 3);
            hazard.residual = rating("Major", "High", 4);
            hazard.risk_benefit = Some("The benefit outweighs it.".into());
        }
    }

    fn of<'a>(assurance: &'a Assurance, check: &str) -> Vec<&'a Finding> {
        assurance.findings.iter().filter(|finding| finding.check == check).collect()
    }

    #[test]
    fn a_waived_blocking_finding_stays_and_no_longer_makes_a_draft() {
        let before = approved(raised);
        assert_eq!((before.counts.blocking, before.status.draft), (2, true));
        let after = approved(|fixture| {
            raised(fixture);
            fixture.case.waivers = vec![waiver("C7", "cso")];
        });
        let findings = of(&after, "C7");
        assert_eq!(findings.len(), 2);
        let waived = findings[0].waived.as_ref().expect("it is waived");
        assert_eq!(
            waived.sentence(),
            "Waived by Dr Cora Officer, Clinical Safety Officer, on 1 September 2026 until 1 December 2026: Agreed for this release."
        );
        assert_eq!((after.counts.blocking, after.counts.waived_blocking), (0, 2));
        assert_eq!(after.status.reasons, Vec::<String>::new());
        assert!(!after.status.draft);
        assert_eq!(
            after.status.waived,
            ["2 blocking findings are waived by Dr Cora Officer, the first until 1 December 2026."]
        );
        assert_eq!((after.waivers[0].findings, after.waivers[0].void), (2, None));
    }

    #[test]
    fn a_waiver_is_of_a_hazard_and_of_what_it_names() {
        let waived = |hazard: Option<&str>, about: Option<&str>| {
            let assurance = approved(|fixture| {
                raised(fixture);
                let (hazard, about) = (hazard.map(str::to_owned), about.map(str::to_owned));
                fixture.case.waivers = vec![Waiver { hazard, about, ..waiver("C7", "cso") }];
            });
            let waived = of(&assurance, "C7").into_iter().filter(|finding| !finding.stands());
            waived.filter_map(|finding| finding.hazard.clone()).collect::<Vec<_>>()
        };
        assert_eq!(waived(None, None), ["H01", "H02"]);
        assert_eq!(waived(Some("H02"), None), ["H02"]);
        for about in ["residual", "residual/risk", "hazards/H01/residual", "H01", "P2"] {
            assert_eq!(waived(Some("H01"), Some(about)), ["H01"], "{about}");
        }
        for about in ["initial", "resid", "hazards/H0", "hazards/H02", "P3"] {
            assert_eq!(waived(Some("H01"), Some(about)), Vec::<String>::new(), "{about}");
        }
    }

    #[test]
    fn what_a_waiver_names_may_hold_a_slash() {
        let assurance = approved(|fixture| {
            fixture.case.hazard_log.hazards.push(hazard("HAZ/01"));
            raised(fixture);
            let of = |about: &str| Waiver { about: Some(about.to_owned()), ..waiver("C7", "cso") };
            fixture.case.waivers = vec![of("HAZ/01"), of("HAZ"), of("AZ/01")];
        });
        let findings: Vec<usize> = assurance.waivers.iter().map(|waiver| waiver.findings).collect();
        assert_eq!(findings, [1, 1, 0], "a part by itself, too");
    }

    #[test]
    fn only_the_safety_officer_waives_what_blocks_and_anybody_the_rest() {
        let standing = |check: &str, by: &str| {
            let assurance = approved(|fixture| {
                raised(fixture);
                fixture.case.post_deployment = None;
                fixture.case.waivers = vec![waiver(check, by)];
            });
            (of(&assurance, check).iter().any(|finding| finding.stands()), of(&assurance, "W3").len())
        };
        assert_eq!(standing("C7", "clinician"), (true, 1));
        assert_eq!(standing("C7", "cso"), (false, 0));
        assert_eq!(standing("F16", "clinician"), (false, 0));
        assert_eq!(standing("F16", "stranger"), (true, 1));
    }

    #[test]
    fn approvals_and_missing_ratings_are_waived_by_nobody() {
        let mut fixture = Fixture::with(|fixture| {
            fixture.hazard().initial.likelihood = None;
            fixture.case.waivers = ["F1", "F2", "B2", "W4"].map(|check| waiver(check, "cso")).into();
        });
        fixture.case.waivers.push(waiver("W3", "cso"));
        let assurance = assure(&fixture.subject());
        assert!(assurance.findings.iter().all(Finding::stands), "{:#?}", assurance.findings);
        assert_eq!(of(&assurance, "W4").len(), 5);
        assert!(assurance.status.draft);
    }

    #[test]
    fn a_waiver_counts_from_its_first_day_to_its_last() {
        let judged = |as_of: &str| {
            let fixture = Fixture::with(|fixture| {
                fixture.case.post_deployment = None;
                fixture.case.waivers = vec![waiver("F16", "clinician")];
            });
            let assurance = assure(&crate::assurance::Subject { as_of: date(as_of), ..fixture.subject() });
            let about_waivers = assurance.findings.iter().filter(|finding| finding.check.starts_with('W'));
            let checks: Vec<&str> = about_waivers.map(|finding| finding.check).collect();
            (of(&assurance, "F16")[0].stands(), checks)
        };
        assert_eq!(judged("2026-08-31"), (true, vec!["W5"]));
        assert_eq!(judged("2026-09-01"), (false, vec![]));
        assert_eq!(judged("2026-12-01"), (false, vec![]));
        assert_eq!(judged("2026-12-02"), (true, vec!["W1"]));
    }

    #[test]
    fn approvals_cover_the_waivers() {
        let mut fixture = Fixture::approved();
        fixture.case.waivers = vec![waiver("C7", "cso")];
        let assurance = assure(&fixture.subject());
        assert!(assurance.status.reasons.iter().any(|reason| reason.contains("has changed since")));
    }
}
