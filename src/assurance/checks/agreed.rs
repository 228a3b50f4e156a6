//! E8 and E19: whether the log holds what the last PSA session agreed of a hazard: what was decided, and the ratings.
//!
//! A session's word stands until another session, or somebody by name, decides otherwise. So it is the last session
//! that counts; and where the log's own history tells that the hazard changed afterwards, the decision is not held
//! against the log (E14 says that the change was not reviewed).

use super::reconciliation::History;
use crate::assurance::check::{Examined, Hit, Outcome};
use crate::assurance::cross_reference::rules;
use crate::case::folding::fold;
use crate::case::hazard::{Hazard, HazardRating, Rating};
use crate::case::psa::{Decision, Discussion, PsaSession, by_date};
use crate::case::{Case, Date};
use std::collections::HashMap;

/// What sessions said of each hazard, earliest first, by its key.
fn discussions(case: &Case) -> HashMap<&str, Vec<(&PsaSession, &Discussion)>> {
    let mut discussions: HashMap<&str, Vec<(&PsaSession, &Discussion)>> = HashMap::new();
    for session in by_date(&case.psa) {
        for entry in &session.discussed {
            discussions.entry(&entry.hazard).or_default().push((session, entry));
        }
    }
    discussions
}

/// A hazard, and the session whose last decision on it the log contradicts.
type Contradicted<'a> = (&'a Hazard, &'a PsaSession, &'a Discussion, Decision);

pub(super) fn contradicted(case: &Case) -> Vec<Contradicted<'_>> {
    let discussions = discussions(case);
    let last_decision = |hazard: &Hazard| {
        let entries = discussions.get(hazard.key.as_str())?;
        entries.iter().rev().find_map(|(session, entry)| Some((*session, *entry, entry.decision?)))
    };
    let mut contradicted: Vec<Contradicted<'_>> = Vec::new();
    for hazard in &case.hazard_log.hazards {
        if let Some((session, entry, decision)) = last_decision(hazard)
            && rules::contradicts(hazard, decision)
            && !is_decided_after(hazard, session.date)
        {
            contradicted.push((hazard, session, entry, decision));
        }
    }
    if !contradicted.is_empty() {
        let history = History::of(case);
        contradicted.retain(|(hazard, session, ..)| history.names_since(hazard, session).is_none());
    }
    contradicted
}

/// Somebody accepted the risk by name after the session.
fn is_decided_after(hazard: &Hazard, session: Date) -> bool {
    let acceptances = [&hazard.initial_acceptance, &hazard.residual_acceptance];
    acceptances.into_iter().filter_map(|one| rules::recorded(one.as_ref())).any(|one| one.on > session)
}

pub(super) fn decisions(examined: &Examined<'_>, outcome: &mut Outcome) {
    for (hazard, session, entry, decision) in contradicted(examined.subject.case) {
        let key = &hazard.key;
        let decided = match (decision, entry.recipient.as_deref()) {
            (Decision::Control, _) => format!("decided to control {key} further"),
            (Decision::Defer, _) => format!("put off the decision on {key}"),
            (Decision::Close, _) => format!("decided to close {key}"),
            (Decision::Transfer, Some(recipient)) => format!("decided to transfer {key} to {recipient}"),
            (Decision::Transfer, None) => format!("decided to transfer {key}"),
            (Decision::Accept, _) => format!("accepted {key}"),
            (Decision::Reject, _) => format!("rejected {key}"),
        };
        let message = format!(
            "PSA session {} of {:#} {decided}; its status in the log is \"{}\".",
            session.id,
            session.date,
            hazard.status.as_deref().unwrap_or_default().trim()
        );
        outcome.hit(Hit::hazard(key, "status", message));
    }
}

pub(super) fn residual_ratings(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let discussions = discussions(case);
    for hazard in &case.hazard_log.hazards {
        let Some(entries) = discussions.get(hazard.key.as_str()) else { continue };
        let last = entries.iter().rev().find_map(|(session, entry)| Some((session, entry.after.as_ref()?)));
        let Some((session, agreed)) = last else { continue };
        // Where the log rates nothing, B2 says so, or why nothing is needed.
        if hazard.residual.is_blank() || is_agreed(&hazard.residual, agreed) {
            continue;
        }
        let message = format!(
            "PSA session {} left {} at {} x {}; the residual rating in the log is {}.",
            session.id,
            hazard.key,
            agreed.severity,
            agreed.likelihood,
            super::severity_by_likelihood(&hazard.residual)
        );
        outcome.hit(hit_on_word(hazard, "residual", &hazard.residual, agreed, message));
    }
}

/// What a session began with is the initial rating as long as no session has left the hazard at another.
pub(super) fn initial_ratings(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let discussions = discussions(case);
    for hazard in &case.hazard_log.hazards {
        let Some(entries) = discussions.get(hazard.key.as_str()) else { continue };
        let first_left = entries.iter().position(|(_, entry)| entry.after.is_some());
        let initially = &entries[..first_left.map_or(entries.len(), |at| at + 1)];
        let Some(at) = initially.iter().rposition(|(_, entry)| entry.before.is_some()) else { continue };
        let (session, entry) = entries[at];
        let Some(agreed) = &entry.before else { continue };
        let is_logged = |rating: &HazardRating| is_agreed(&hazard.initial, rating);
        let is_agreed_since =
            entries[at..].iter().filter_map(|(_, entry)| entry.before.as_ref()).any(is_logged);
        // Where the log rates nothing, B1 says so.
        if hazard.initial.is_blank() || is_agreed_since {
            continue;
        }
        let message = format!(
            "PSA session {} of {:#} began with {} at {} x {}; the initial rating in the log is {}.",
            session.id,
            session.date,
            hazard.key,
            agreed.severity,
            agreed.likelihood,
            super::severity_by_likelihood(&hazard.initial)
        );
        outcome.hit(hit_on_word(hazard, "initial", &hazard.initial, agreed, message));
    }
}

/// A hit on the word of a rating that differs.
fn hit_on_word(hazard: &Hazard, which: &str, rating: &Rating, agreed: &HazardRating, message: String) -> Hit {
    let severity = rating.severity.as_deref().unwrap_or_default();
    let word = if fold(severity) == fold(&agreed.severity) { "likelihood" } else { "severity" };
    Hit::hazard(&hazard.key, &format!("{which}/{word}"), message)
}

fn is_agreed(rating: &Rating, agreed: &HazardRating) -> bool {
    let same = |stated: &Option<String>, agreed: &str| {
        stated.as_deref().is_some_and(|stated| fold(stated) == fold(agreed))
    };
    same(&rating.severity, &agreed.severity) && same(&rating.likelihood, &agreed.likelihood)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, acceptance, date, fires, revision, session, some};
    use crate::case::hazard::{Acceptance, HazardRating, HazardState};
    use crate::case::psa::Decision;

    fn rated(severity: &str, likelihood: &str) -> HazardRating {
        HazardRating { severity: severity.to_owned(), likelihood: likelihood.to_owned() }
    }

    fn agreeing(severity: &str, likelihood: &str) -> impl Fn(&mut Fixture) {
        let agreed = Some(rated(severity, likelihood));
        move |fixture: &mut Fixture| fixture.case.psa[0].discussed[0].after.clone_from(&agreed)
    }

    fn beginning(severity: &str, likelihood: &str) -> impl Fn(&mut Fixture) {
        let agreed = Some(rated(severity, likelihood));
        move |fixture: &mut Fixture| fixture.case.psa[0].discussed[0].before.clone_from(&agreed)
    }

    /// A log with this status of H01, after a session that decided this.
    fn deciding(decision: Decision, status: &str) -> impl Fn(&mut Fixture) {
        let status = some(status);
        move |fixture: &mut Fixture| {
            fixture.hazard().state = HazardState::from_stated(status.as_deref());
            fixture.hazard().status.clone_from(&status);
            fixture.hazard().residual_acceptance = None;
            fixture.case.psa[0].discussed[0].decision = Some(decision);
        }
    }

    fn is_quiet(check: &str, spoil: impl FnOnce(&mut Fixture)) {
        assert_eq!(Fixture::with(spoil).messages(check), Vec::<String>::new());
    }

    #[test]
    fn e8_the_status_is_not_what_was_decided() {
        for (decision, status, decided) in [
            (Decision::Close, "Open", "decided to close H01"),
            (Decision::Control, "Closed", "decided to control H01 further"),
            (Decision::Defer, "Closed", "put off the decision on H01"),
            (Decision::Transfer, "Open", "decided to transfer H01"),
            (Decision::Transfer, "Closed", "decided to transfer H01"),
        ] {
            let message = format!(
                "PSA session PSA-1 of 20 August 2026 {decided}; its status in the log is \"{status}\"."
            );
            fires("E8", deciding(decision, status), &message);
        }
        for (decision, status) in [
            (Decision::Accept, "Open"),
            (Decision::Accept, "Closed"),
            (Decision::Control, "Open"),
            (Decision::Transfer, "Transferred"),
            (Decision::Close, "Closed"),
            (Decision::Close, "Live"),
        ] {
            is_quiet("E8", deciding(decision, status));
        }
    }

    #[test]
    fn e8_another_decision_may_have_come_after() {
        let closed = deciding(Decision::Control, "Closed");
        is_quiet("E8", |fixture| {
            closed(fixture);
            let mut later = session("PSA-2", &["H01"]);
            later.date = date("2026-09-01");
            later.discussed[0].decision = Some(Decision::Close);
            fixture.case.psa.push(later);
        });
        is_quiet("E8", |fixture| {
            closed(fixture);
            fixture.hazard().residual_acceptance =
                Some(Acceptance { on: date("2026-09-01"), ..acceptance() });
        });
        is_quiet("E8", |fixture| {
            closed(fixture);
            fixture.case.psa[0].hazard_log_version = some("0.9");
            let mut changed = revision("1.0");
            changed.summary = some("H01 closed after the test.");
            fixture.case.hazard_log.revisions = vec![revision("0.9"), changed];
        });
        is_quiet("E8", |fixture| {
            deciding(Decision::Transfer, "Open")(fixture);
            fixture.hazard().transferred_to = some("The trust");
        });
    }

    #[test]
    fn e8_the_log_has_another_rating_than_the_session_agreed() {
        let message =
            "PSA session PSA-1 left H01 at Major x Very Low; the residual rating in the log is Major x Low.";
        fires("E8", agreeing("Major", "Very Low"), message);
        is_quiet("E8", agreeing(" major", "LOW"));
    }

    #[test]
    fn e8_the_last_session_to_rate_the_hazard_counts() {
        let mut fixture = Fixture::with(agreeing("Major", "High"));
        let mut earlier = session("PSA-0", &[]);
        earlier.date = date("2026-01-01");
        earlier.discussed = fixture.case.psa[0].discussed.clone();
        agreeing("Major", "Low")(&mut fixture);
        fixture.case.psa.push(earlier);
        assert_eq!(fixture.messages("E8"), Vec::<String>::new());

        let mut later = session("PSA-2", &["H01"]);
        later.date = date("2026-09-01");
        fixture.case.psa.push(later);
        assert_eq!(fixture.messages("E8"), Vec::<String>::new(), "what rates nothing changes nothing");
    }

    #[test]
    fn e19_the_log_began_elsewhere() {
        let message = "PSA session PSA-1 of 20 August 2026 began with H01 at Catastrophic x Medium; the initial rating in the log is Major x Medium.";
        fires("E19", beginning("Catastrophic", "Medium"), message);
        is_quiet("E19", beginning("MAJOR ", "medium"));
    }

    #[test]
    fn e19_a_later_session_begins_with_what_the_one_before_left() {
        let later = |before: HazardRating| {
            move |fixture: &mut Fixture| {
                agreeing("Major", "Low")(fixture);
                let mut later = session("PSA-2", &["H01"]);
                later.date = date("2026-09-01");
                later.discussed[0].before = Some(before);
                fixture.case.psa.push(later);
            }
        };
        is_quiet("E19", |fixture| {
            beginning("Major", "Medium")(fixture);
            later(rated("Major", "Low"))(fixture);
        });
        is_quiet("E19", |fixture| {
            beginning("Major", "High")(fixture);
            later(rated("Major", "Medium"))(fixture);
        });
        fires(
            "E19",
            |fixture| {
                beginning("Major", "High")(fixture);
                later(rated("Major", "Low"))(fixture);
            },
            "PSA session PSA-1 of 20 August 2026 began with H01 at Major x High; the initial rating in the log is Major x Medium.",
        );
    }
}
