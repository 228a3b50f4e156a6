//! C: decisions. Every hazard has to be decided on, and an acceptance settles other checks (5.1.2, 6.1.4, 6.2.1): so it
//! has to be somebody's, and given.

use super::agreed;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::Blocking;
use crate::case::Date;
use crate::case::hazard::Hazard;
use crate::case::psa::Decision;
use std::collections::HashMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C16",
        level: Blocking,
        clause: Some("6.4.1"),
        title: "Hazard not decided",
        why: "Every identified hazard has to be considered and accepted. Until a decision is recorded, a reader cannot tell what became of this one.",
        remedy: "Decide at a PSA session whether the hazard is accepted, transferred or closed, and record the decision or the status.",
        how: Some("`status` in the log, or `decision` in the record of a PSA session"),
        runs: &[Run::Case(undecided)],
        ..Check::DEFAULT
    },
    Check {
        id: "C27",
        level: Blocking,
        clause: Some("5.1.2, 6.1.4, 6.2.1"),
        title: "Decision by somebody whom the case does not know, or of a day to come",
        why: "That a risk is acceptable is a clinical decision. It takes the hazard out of other checks, so a reviewer must be able to ask whoever made it.",
        remedy: "Name who decided as the case names them, and the day on which they did.",
        how: Some("`by` is the id of one of `[[people]]` in case.toml, `on` the day"),
        never_waived: true,
        runs: &[Run::Case(decisions)],
        ..Check::DEFAULT
    },
];

fn undecided(examined: &Examined<'_>, outcome: &mut Outcome) {
    let rows = &examined.cross_reference.hazards;
    let decisions: HashMap<&str, Decision> =
        rows.iter().filter_map(|row| Some((row.key.as_str(), row.decision.as_ref()?.0))).collect();
    let contradicted = agreed::contradicted(examined.subject.case);
    // E8 says that the log has another thing than the session decided.
    let is_contradicted = |hazard: &Hazard| contradicted.iter().any(|(one, ..)| one.key == hazard.key);
    for hazard in &examined.subject.case.hazard_log.hazards {
        let decision = decisions.get(hazard.key.as_str()).copied();
        if !rules::is_decided(hazard, decision) && !is_contradicted(hazard) {
            outcome.hit(Hit::hazard(&hazard.key, "status", undecided_message(hazard, decision)));
        }
    }
}

fn undecided_message(hazard: &Hazard, decision: Option<Decision>) -> String {
    let status = match hazard.status.as_deref().map(str::trim).filter(|status| !status.is_empty()) {
        Some(status) => format!("has the status \"{status}\""),
        None => "has no status".to_owned(),
    };
    let decided = match decision {
        Some(Decision::Control) => "the last decision of a PSA session is to control it",
        Some(Decision::Defer) => "the last PSA session to discuss it deferred the decision",
        Some(Decision::Close | Decision::Transfer) => {
            "it has changed since the last PSA session decided on it"
        }
        _ => "no PSA session records a decision on it",
    };
    format!("{} {status}, and {decided}.", hazard.key)
}

/// The decisions of a hazard: the field, what was decided, by whom and when, as far as they say.
fn of(hazard: &Hazard) -> impl Iterator<Item = (&'static str, &'static str, Option<&str>, Option<Date>)> {
    let accepted = [
        ("initial_acceptance", "acceptance of the initial risk", &hazard.initial_acceptance),
        ("residual_acceptance", "acceptance of the residual risk", &hazard.residual_acceptance),
    ];
    let accepted = accepted.into_iter().filter_map(|(field, what, acceptance)| {
        let acceptance = acceptance.as_ref()?;
        Some((field, what, Some(acceptance.by.as_str()), Some(acceptance.on)))
    });
    let weighed = hazard.risk_benefit.iter();
    accepted.chain(
        weighed.map(|weighed| ("risk_benefit", "risk-benefit analysis", weighed.by.as_deref(), weighed.on)),
    )
}

fn decisions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let (case, as_of) = (examined.subject.case, examined.subject.as_of);
    for hazard in &case.hazard_log.hazards {
        for (field, what, by, on) in of(hazard) {
            let is_known = |by: &str| case.people.iter().any(|person| person.id == by || person.name == by);
            if let Some(by) = by.filter(|by| !is_known(by)) {
                let message = format!(
                    "The {what} of {} is by \"{by}\", whom the case does not name under people.",
                    hazard.key
                );
                outcome.hit(Hit::hazard(&hazard.key, field, message));
            }
            if let Some(on) = on.filter(|on| *on > as_of) {
                let message = format!(
                    "The {what} of {} is dated {on:#}, which is still to come on {as_of:#}.",
                    hazard.key
                );
                outcome.hit(Hit::hazard(&hazard.key, field, message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, acceptance};
    use crate::case::hazard::HazardState;

    fn undecided(status: Option<&str>, decision: Option<Decision>) -> Fixture {
        Fixture::with(|fixture| {
            fixture.hazard().status = status.map(str::to_owned);
            fixture.hazard().state = HazardState::from_stated(status);
            fixture.hazard().residual_acceptance = None;
            fixture.case.psa[0].discussed[0].decision = decision;
        })
    }

    #[test]
    fn c16_neither_status_nor_decision() {
        let messages = |status, decision| undecided(status, decision).messages("C16");
        assert_eq!(messages(None, None), ["H01 has no status, and no PSA session records a decision on it."]);
        assert_eq!(
            messages(Some("Open"), Some(Decision::Control)),
            ["H01 has the status \"Open\", and the last decision of a PSA session is to control it."]
        );
    }

    #[test]
    fn c16_either_is_enough() {
        for (status, decision) in [
            (Some("Closed"), None),
            (Some("transferred"), None),
            (Some("Accepted"), None),
            (None, Some(Decision::Accept)),
            (Some("Live"), Some(Decision::Transfer)),
        ] {
            assert_eq!(undecided(status, decision).messages("C16"), Vec::<String>::new(), "{status:?}");
        }
        let mut fixture = undecided(Some("Open"), Some(Decision::Transfer));
        assert_eq!(fixture.messages("C16"), Vec::<String>::new(), "said by E8");
        fixture = undecided(Some("Open"), None);
        assert_eq!(fixture.findings("C16").len(), 1);
        fixture.hazard().residual_acceptance = Some(acceptance());
        assert_eq!(fixture.messages("C16"), Vec::<String>::new());
    }
}
