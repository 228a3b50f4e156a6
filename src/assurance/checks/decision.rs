//! C: decisions. An acceptance settles other checks (5.1.2, 6.1.4, 6.2.1), so it has to be somebody's, and given.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::Blocking;
use crate::case::Date;
use crate::case::hazard::Hazard;

pub(super) static CHECKS: &[Check] = &[Check {
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
}];

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
