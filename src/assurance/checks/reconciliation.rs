//! E9, E14, E17, E18: whether what the sessions recorded is what the log and the report hold today.
//!
//! E6, E8 and E10 ([`super::consistency`]) compare hazard by hazard. Here it is about time: what was said in
//! between, what changed since, and what nobody carried on.
//!
//! That a hazard changed after its last session can be known in two ways only: the log's own history says so, or
//! the rating differs from the one that the session agreed (E8). Where no session recorded a rating, neither can
//! be known for a log that is newer, and E14 says that.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information, Warning};
use crate::assurance::prose::{HazardIds, holds};
use crate::assurance::version;
use crate::case::Case;
use crate::case::folding::fold;
use crate::case::folding::folded;
use crate::case::hazard::{Hazard, HazardRating};
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskClass;
use crate::case::psa::{ActionState, Discussion, PsaAction, PsaSession, by_date};
use std::collections::{HashMap, HashSet};

/// As much of an action's text as no other text repeats by chance.
const TELLING_TEXT: usize = 40;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "E9",
        level: Blocking,
        clause: Some("6.3.1, 3.1.4"),
        title: "Open action that the report does not list",
        why: "An open action is a control that is not there yet; who reads the report alone would take the work for done.",
        remedy: "List the action in the report, or close it with its date.",
        runs: &[Run::Case(unlisted_actions)],
        ..Check::DEFAULT
    },
    Check {
        id: "E14",
        level: Warning,
        clause: Some("3.1.4, 6.1.2"),
        title: "Hazard may have changed since its last session",
        why: "A session reviews one version of the log. What changed afterwards has not been reviewed.",
        remedy: "Review the hazard as it is now, and record the session with its ratings and the version of the log.",
        runs: &[Run::Case(changed_since)],
        ..Check::DEFAULT
    },
    Check {
        id: "E17",
        level: Information,
        clause: Some("4.1.1"),
        title: "Hazard of a low risk that no session discussed",
        why: "That a risk is low is a judgement too, and one that a group should make.",
        remedy: "Look at the hazard at the next PSA session, and record its rating.",
        runs: &[Run::Case(low_and_never_reviewed)],
        ..Check::DEFAULT
    },
    Check {
        id: "E18",
        level: Warning,
        clause: Some("3.1.4"),
        title: "Sessions that do not follow on one another",
        why: "A session begins with what the one before agreed; where it begins with something else, a rating changed between the two without a record.",
        remedy: "Correct the record that is wrong; or add the record of the session that changed the rating in between.",
        runs: &[Run::Case(broken_sequences)],
        ..Check::DEFAULT
    },
];

/// What an outside report leaves out; our own report lists every action.
fn unlisted_actions(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(report) = &case.outside_report else { return };
    let text = folded(&report.text);
    let is_listed = |action: &PsaAction| {
        let words = folded(&action.text);
        let end = words.char_indices().nth(TELLING_TEXT).map_or(words.len(), |(end, _)| end);
        let beginning = &words[..words[..end].rfind(' ').unwrap_or(end)];
        // `A1` may mean anything.
        let has_telling_id = action.id.len() > 3 && holds(&text, &action.id);
        has_telling_id || holds(&text, beginning)
    };
    let issued = case.document.issue_date;
    let still_open = |action: &PsaAction| {
        action.state == ActionState::Open
            || action.closed.zip(issued).is_some_and(|(closed, issued)| closed > issued)
    };
    for session in &case.psa {
        for action in session.actions.iter().filter(|action| still_open(action) && !is_listed(action)) {
            let was = match action.state {
                ActionState::Open => "is open",
                ActionState::Closed => "was open when the report was issued",
            };
            let message = format!(
                "Action {} of PSA session {} {was}, and the outside report {} does not list it: \"{}\".",
                action.id,
                session.id,
                report.file,
                action.text.trim_end_matches('.')
            );
            let path = format!("psa/{}/actions/{}", session.id, action.id);
            outcome.hit(Hit::at(path, message).of_hazard(action.hazard.as_deref()));
        }
    }
}

fn changed_since(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let log = &case.hazard_log;
    let history = History::of(case);
    let mut discussed: HashMap<&str, Vec<(&PsaSession, &Discussion)>> = HashMap::new();
    for session in by_date(&case.psa) {
        for entry in &session.discussed {
            discussed.entry(&entry.hazard).or_default().push((session, entry));
        }
    }
    let mut unrated: Vec<(&PsaSession, Vec<&Hazard>)> = Vec::new();
    for hazard in &log.hazards {
        let Some(entries) = discussed.get(hazard.key.as_str()) else { continue };
        let Some((last, _)) = entries.last().filter(|(last, _)| is_newer(log, last)) else { continue };
        if let Some(entry) = history.names_since(hazard, last) {
            let message = format!(
                "The log's history names {} at version {}; the last session to discuss it, {}, reviewed version {}.",
                hazard.key,
                entry.version,
                last.id,
                last.hazard_log_version.as_deref().unwrap_or_default()
            );
            let path = format!("hazard_log/revisions/{}/summary", entry.number);
            outcome.hit(Hit::at(path, message).of_hazard(Some(&hazard.key)));
        } else if entries.iter().all(|(_, entry)| entry.after.is_none()) {
            match unrated.iter_mut().find(|(session, _)| session.id == last.id) {
                Some((_, hazards)) => hazards.push(hazard),
                None => unrated.push((last, vec![hazard])),
            }
        }
    }
    for (session, hazards) in unrated {
        let keys: Vec<&str> = hazards.iter().map(|hazard| hazard.key.as_str()).collect();
        let message = format!(
            "PSA session {}, the last to discuss {}, reviewed version {} of the log and recorded no rating; the log is version {}, and nothing shows that {} unchanged.",
            session.id,
            super::list(&keys),
            session.hazard_log_version.as_deref().unwrap_or_default(),
            version::of_log(log).unwrap_or_default(),
            if hazards.len() == 1 { "it is" } else { "they are" }
        );
        let hit = Hit::at(format!("psa/{}/hazard_log_version", session.id), message);
        outcome.hit(match hazards[..] {
            [hazard] => hit.of_hazard(Some(&hazard.key)),
            _ => hit.of_hazards(hazards),
        });
    }
}

fn is_newer(log: &HazardLog, session: &PsaSession) -> bool {
    match (log.version.as_deref(), session.hazard_log_version.as_deref()) {
        (Some(log), Some(reviewed)) => version::numbers(log) > version::numbers(reviewed),
        _ => false,
    }
}

/// The log's history: which hazards each version's entry names.
pub(super) struct History<'a>(Vec<HistoryEntry<'a>>);

pub(super) struct HistoryEntry<'a> {
    /// Position in the history, from 1.
    number: usize,
    version: &'a str,
    hazards: HashSet<&'a str>,
}

impl<'a> History<'a> {
    pub(super) fn of(case: &'a Case) -> Self {
        let ids = HazardIds::of(case);
        let named = |summary: &str| ids.cited(summary).iter().filter_map(|cited| cited.known).collect();
        let entries = case.hazard_log.revisions.iter().zip(1..).map(|(revision, number)| HistoryEntry {
            number,
            version: revision.version.trim(),
            hazards: revision.summary.as_deref().map(named).unwrap_or_default(),
        });
        Self(entries.collect())
    }

    /// The first entry that is later than the version that a session reviewed and names the hazard.
    pub(super) fn names_since(&self, hazard: &Hazard, session: &PsaSession) -> Option<&HistoryEntry<'a>> {
        let reviewed = version::numbers(session.hazard_log_version.as_deref()?);
        let names = |entry: &&HistoryEntry<'_>| entry.hazards.contains(hazard.id.as_str());
        self.0.iter().filter(names).find(|entry| version::numbers(entry.version) > reviewed)
    }
}

fn low_and_never_reviewed(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    // Without any session there is one finding, E7.
    if case.psa.is_empty() {
        return;
    }
    for (hazard, row) in case.hazard_log.hazards.iter().zip(&examined.cross_reference.hazards) {
        if row.sessions.is_empty() && !asks_for_review(hazard) {
            let message = format!(
                "{} was discussed at no PSA session; its initial rating is {}.",
                hazard.key,
                super::severity_by_likelihood(&hazard.initial)
            );
            outcome.hit(Hit::hazard(&hazard.key, "", message));
        }
    }
}

/// A risk that is to be reduced has to be reviewed; so has one that nobody knows.
pub(super) fn asks_for_review(hazard: &Hazard) -> bool {
    !matches!(hazard.initial.class, Some(RiskClass::Acceptable | RiskClass::AcceptableWithReason))
}

fn broken_sequences(examined: &Examined<'_>, outcome: &mut Outcome) {
    let mut left: HashMap<&str, (&PsaSession, &HazardRating)> = HashMap::new();
    for session in by_date(&examined.subject.case.psa) {
        for entry in &session.discussed {
            if let (Some(before), Some((earlier, after))) = (&entry.before, left.get(entry.hazard.as_str()))
                && !is_same(before, after)
            {
                let message = format!(
                    "PSA session {} begins {} at {}; session {} left it at {}.",
                    session.id,
                    entry.hazard,
                    in_words(before),
                    earlier.id,
                    in_words(after)
                );
                let path = format!("psa/{}/discussed/{}", session.id, entry.hazard);
                outcome.hit(Hit::at(path, message).of_hazard(Some(&entry.hazard)));
            }
            if let Some(after) = &entry.after {
                left.insert(&entry.hazard, (session, after));
            }
        }
    }
}

fn is_same(one: &HazardRating, other: &HazardRating) -> bool {
    fold(&one.severity) == fold(&other.severity) && fold(&one.likelihood) == fold(&other.likelihood)
}

fn in_words(rating: &HazardRating) -> String {
    format!("{} x {}", rating.severity, rating.likelihood)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, fires, outside, rating, revision, session, some};
    use crate::case::document::Revision;
    use crate::case::hazard::HazardRating;
    use crate::case::psa::{ActionState, PsaAction};

    fn action(state: ActionState, closed: Option<&str>) -> PsaAction {
        PsaAction {
            id: "PSA-1-A1".to_owned(),
            text: "Ask the trust about the forwarded mailbox".to_owned(),
            owner: None,
            due: None,
            state,
            closed: closed.map(date),
            hazard: some("H01"),
        }
    }

    fn reported(action: PsaAction, text: &str) -> impl FnOnce(&mut Fixture) {
        let text = format!("H01, H02. {text}");
        move |fixture| {
            fixture.case.psa[0].actions.push(action);
            fixture.case.document.issue_date = Some(date("2026-09-07"));
            outside(&text)(fixture);
        }
    }

    #[test]
    fn e9_an_open_action_that_an_outside_report_leaves_out() {
        fires(
            "E9",
            reported(action(ActionState::Open, None), "Nothing is open."),
            "Action PSA-1-A1 of PSA session PSA-1 is open, and the outside report old.txt does not list it: \"Ask the trust about the forwarded mailbox\".",
        );
        fires(
            "E9",
            reported(action(ActionState::Closed, Some("2026-09-08")), ""),
            "Action PSA-1-A1 of PSA session PSA-1 was open when the report was issued, and the outside report old.txt does not list it: \"Ask the trust about the forwarded mailbox\".",
        );
        for (action, text) in [
            (action(ActionState::Open, None), "PSA-1-A1 is open."),
            (action(ActionState::Open, None), "Open: ask the trust about\nthe forwarded mailbox."),
            (action(ActionState::Closed, Some("2026-09-07")), ""),
        ] {
            assert_eq!(Fixture::with(reported(action, text)).messages("E9"), Vec::<String>::new(), "{text}");
        }
        let own = Fixture::with(|fixture| fixture.case.psa[0].actions.push(action(ActionState::Open, None)));
        assert_eq!(own.messages("E9"), Vec::<String>::new(), "the engine's own report lists it");
    }

    fn agreed(severity: &str, likelihood: &str) -> HazardRating {
        HazardRating { severity: severity.to_owned(), likelihood: likelihood.to_owned() }
    }

    fn newer(summary: &str, rated: bool) -> impl FnOnce(&mut Fixture) {
        let summary = some(summary);
        move |fixture| {
            let log = &mut fixture.case.hazard_log;
            log.version = some("1.1");
            log.revisions.push(Revision { summary, ..revision("1.1") });
            if rated {
                for entry in &mut fixture.case.psa[0].discussed {
                    entry.after = Some(agreed("Major", "Low"));
                }
            }
        }
    }

    #[test]
    fn e14_the_history_names_a_hazard_since() {
        fires(
            "E14",
            newer("H02 rated again after the audit", true),
            "The log's history names H02 at version 1.1; the last session to discuss it, PSA-1, reviewed version 1.0.",
        );
        assert_eq!(Fixture::with(newer("Spelling", true)).messages("E14"), Vec::<String>::new());
        let reviewed_again = Fixture::with(|fixture| {
            newer("H02 rated again", true)(fixture);
            let mut again = session("PSA-2", &["H02"]);
            again.hazard_log_version = some("1.1");
            fixture.case.psa.push(again);
        });
        assert_eq!(reviewed_again.messages("E14"), Vec::<String>::new());
    }

    #[test]
    fn e14_without_a_rating_nothing_shows_what_was_seen() {
        fires(
            "E14",
            newer("Spelling", false),
            "PSA session PSA-1, the last to discuss H01 and H02, reviewed version 1.0 of the log and recorded no rating; the log is version 1.1, and nothing shows that they are unchanged.",
        );
    }

    #[test]
    fn e17_is_for_low_risks_and_e7_for_the_others() {
        let unreviewed = |initial| {
            move |fixture: &mut Fixture| {
                fixture.case.psa[0].discussed.remove(0);
                fixture.hazard().initial = initial;
            }
        };
        fires(
            "E17",
            unreviewed(rating("Major", "Very Low", 2)),
            "H01 was discussed at no PSA session; its initial rating is Major x Very Low.",
        );
        let high = Fixture::with(unreviewed(rating("Major", "Medium", 3)));
        assert_eq!((high.messages("E17").len(), high.messages("E7").len()), (0, 1));
    }

    #[test]
    fn e18_a_session_begins_where_the_one_before_ended() {
        let begins = |severity: &'static str| {
            move |fixture: &mut Fixture| {
                fixture.case.psa[0].discussed[0].after = Some(agreed("Major", "Low"));
                // Named earlier and held later.
                let mut later = session("PSA-0", &["H01"]);
                later.date = date("2026-09-01");
                later.discussed[0].before = Some(agreed(severity, "low"));
                fixture.case.psa.insert(0, later);
            }
        };
        fires(
            "E18",
            begins("Minor"),
            "PSA session PSA-0 begins H01 at Minor x low; session PSA-1 left it at Major x Low.",
        );
        assert_eq!(Fixture::with(begins("major")).messages("E18"), Vec::<String>::new());
    }
}
