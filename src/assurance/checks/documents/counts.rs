//! How many of what a text says that there are.
//!
//! `Seven hazards` may be all of them or those of a workshop, and only the writer knows. So a count is read
//! only where its statement says that it counts all there are (`all seven hazards`, `the log holds seven
//! hazards`), or names the risk or state that it counts (`two hazards have a residual risk of 3`).

mod by_risk;
mod counted;

use crate::assurance::check::{Examined, Outcome};
use crate::assurance::cross_reference::rules;
use crate::assurance::prose::{HazardIds, Word, contains, words};
use crate::case::Case;
use crate::case::hazard::{Hazard, HazardState};
use by_risk::by_risk;
use counted::{OF_SOME, counted};

pub(super) fn contradicted(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let ids = HazardIds::of(case);
    let held = Controls::of(case);
    for told in &examined.told {
        for statement in told.statements.iter().filter(|statement| !statement.is_row) {
            let words = words(&statement.text);
            if super::tells_of_others(&words, case) {
                continue;
            }
            let names_hazards = !ids.cited(&statement.text).is_empty();
            let wrong = [
                totals(&words, case, &held),
                by_risk(&words, case),
                by_state(&words, case),
                if names_hazards { Vec::new() } else { sessions(&words, case) },
            ];
            for says in wrong.into_iter().flatten() {
                outcome.hit(told.hit_at(statement, &says));
            }
        }
    }
}

const OF_HAZARDS: [&str; 7] = ["clinical", "patient", "safety", "identified", "recorded", "logged", "known"];

/// How many controls the log holds, counted once for all statements.
struct Controls {
    additional: usize,
    existing: usize,
    transferred: usize,
}

impl Controls {
    fn of(case: &Case) -> Self {
        let hazards = || case.hazard_log.hazards.iter();
        let transferred = hazards().flat_map(Hazard::all_controls);
        Self {
            additional: hazards().map(|hazard| hazard.controls.len()).sum(),
            existing: hazards().map(|hazard| hazard.existing_controls.len()).sum(),
            transferred: transferred.filter(|control| rules::is_transferred(control)).count(),
        }
    }
}

fn totals(words: &[Word], case: &Case, held: &Controls) -> Vec<String> {
    let hazards = &case.hazard_log.hazards;
    let mut wrong: Vec<String> = counted(words, &["hazard", "hazards"], &OF_HAZARDS)
        .into_iter()
        .filter(|counted| counted.is_total() && !is_count(hazards.len(), counted.number))
        .map(|counted| format!("counts {}; the log holds {}", of(counted.number, "hazard"), hazards.len()))
        .collect();
    let Controls { additional, existing, transferred } = *held;
    for counted in counted(words, &["control", "controls"], &["additional", "existing"]) {
        let meant: &[usize] = match counted.adjective {
            Some("additional") => &[additional],
            Some("existing") => &[existing],
            _ => &[
                additional,
                existing,
                additional + existing,
                transferred,
                additional + existing - transferred,
            ],
        };
        if counted.is_total() && !meant.iter().any(|count| is_count(*count, counted.number)) {
            wrong.push(format!(
                "counts {}; the log holds {existing} existing and {additional} additional ones",
                of(counted.number, "control")
            ));
        }
    }
    wrong
}

fn is_count(count: usize, stated: u32) -> bool {
    usize::try_from(stated).is_ok_and(|stated| stated == count)
}

fn of(number: u32, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `two hazards remain open`. What was done at a session, in the past, is not counted.
fn by_state(words: &[Word], case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for counted in counted(words, &["hazard", "hazards"], &OF_HAZARDS) {
        let [are, state, after @ ..] = counted.after else { continue };
        let Word::Plain(state) = state else { continue };
        let is_state: fn(&Hazard) -> bool = match state.as_str() {
            "open" => |hazard| hazard.state == HazardState::Open,
            "closed" => |hazard| hazard.state == HazardState::Closed,
            "transferred" => {
                |hazard| hazard.state == HazardState::Transferred || hazard.transferred_to.is_some()
            }
            _ => continue,
        };
        let count = case.hazard_log.hazards.iter().filter(|hazard| is_state(hazard)).count();
        let is_now = are.is_one_of(&["are", "is", "remain", "remains", "stay", "stays"]);
        if is_now
            && !contains(after, &["at", "since", "when", "once", "if"])
            && !is_count(count, counted.number)
        {
            wrong.push(format!("counts {} as {state}; the log holds {count}", of(counted.number, "hazard")));
        }
    }
    wrong
}

/// `three PSA sessions`: all that are recorded, where nothing singles some out.
fn sessions(words: &[Word], case: &Case) -> Vec<String> {
    const OF_SESSIONS: [&str; 8] =
        ["recorded", "psa", "patient", "safety", "assessment", "hazard", "documented", "formal"];
    const NOUNS: [&str; 6] = ["session", "sessions", "assessments", "psas", "meetings", "workshops"];
    const SINGLED_OUT: [&str; 8] =
        ["discussed", "reviewed", "each", "every", "previous", "earlier", "later", "more"];
    if contains(words, &SINGLED_OUT) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(number) = word.number() else { continue };
        let described = words[at + 1..].iter().take_while(|word| word.is_one_of(&OF_SESSIONS));
        let (described, rest) = words[at + 1..].split_at(described.count());
        let is_psa = contains(described, &["psa"])
            || matches!(described, [.., patient, safety] if patient.is("patient") && safety.is("safety"))
            || matches!(described, [.., patient, safety, _] if patient.is("patient") && safety.is("safety"))
            || rest.first().is_some_and(|noun| noun.is("psas"));
        let is_noun = rest.first().is_some_and(|noun| noun.is_one_of(&NOUNS));
        let is_some = at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| {
            before.is_one_of(&OF_SOME) || before.is_one_of(&["of", "two", "in", "after", "both"])
        });
        if is_noun && is_psa && !is_some && !is_count(case.psa.len(), number) {
            wrong.push(format!(
                "counts {}; {} recorded",
                of(number, "PSA session"),
                recorded(case.psa.len())
            ));
        }
    }
    wrong
}

fn recorded(sessions: usize) -> String {
    match sessions {
        0 => "none is".to_owned(),
        1 => "one is".to_owned(),
        many => format!("{many} are"),
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, hazard, inverted, rating, session, telling};
    use crate::case::hazard::Rating;
    use crate::case::matrix::RiskPolicy;

    /// Three hazards: initial risks 3, 3, 2; residual risks 3, 3, 1. One session.
    fn three(text: &str) -> Vec<String> {
        let fixture = Fixture::with(|fixture| {
            let mut third = hazard("H03");
            third.initial = rating("Significant", "Medium", 2);
            third.residual = rating("Significant", "Very Low", 1);
            fixture.case.hazard_log.hazards.push(third);
            telling(text)(fixture);
        });
        fixture.messages("E4").iter().map(|message| bare(message)).collect()
    }

    /// A message without the text that it is about.
    fn bare(message: &str) -> String {
        let said = message.split(": \"").next().unwrap_or(message);
        said.replace("The narrative section \"introduction\" ", "")
    }

    #[test]
    fn e4_totals() {
        for text in [
            "All seven hazards were assessed.",
            "The log holds 7 hazards.",
            "It discusses seven hazards, of which H01 matters most.",
            "Of the seven (7) hazards identified, H01 matters most.",
            "Three of the seven hazards matter.",
            "The seven hazards are all controlled.",
            "Seven hazards were identified and assessed.",
            "There are seven clinical hazards.",
            "There were seven hazards in total.",
        ] {
            assert_eq!(three(text), ["counts 7 hazards; the log holds 3"], "{text}");
        }
        assert_eq!(
            three("All 12 controls are in place."),
            ["counts 12 controls; the log holds 3 existing and 3 additional ones"]
        );
    }

    #[test]
    fn e4_is_silent_on_true_totals_and_on_some_of_them() {
        for text in [
            "All three hazards were assessed; the log holds 3 hazards.",
            "Two of the hazards matter most, and two further hazards were rejected.",
            "Seven hazards were identified at the first workshop.",
            "The workshop raised seven hazards.",
            "At least seven hazards are known in such systems.",
            "All seven hazards with a network as their cause are elsewhere.",
            "The two hazards transferred to the site are its own.",
            "Release 4.2 and 7 hazard-free weeks.",
            "All 6 controls are in place, all three additional controls too.",
            "The national log lists seven hazards of session handling.",
        ] {
            assert_eq!(three(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn e4_counts_by_risk() {
        assert_eq!(
            three(
                "Of the three (3) hazards, one (1) hazard was scored at with an initial risk rating of three (3)."
            ),
            ["counts 1 hazard with an initial risk of 3; the log holds 2"]
        );
        assert_eq!(
            three("After control, 2 hazards stand at 3, 2 at 1 and 0 at 2."),
            ["counts 2 hazards with a residual risk of 1; the log holds 1"]
        );
        assert_eq!(
            three("9 hazards are rated 3."),
            [
                "counts 9 hazards with a risk of 3; the log holds 2 of that initial and 2 of that residual risk"
            ]
        );
    }

    #[test]
    fn e4_is_silent_on_true_counts_by_risk_and_on_bounds() {
        for text in [
            "After control, 2 hazards stand at 3, 0 at 2 and 1 at 1.",
            "Of three hazards, 1 has a residual risk of 1, and two hazards have a residual risk of 3.",
            "One hazard is rated 2 or above in other logs.",
            "Two hazards are rated 3.",
            "One hazard is rated by 3 sessions.",
        ] {
            assert_eq!(three(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn e4_counts_by_risk_in_each_matrix() {
        let said = |text: &str| {
            let mut fixture = Fixture::with(|fixture| {
                let policy = inverted();
                fixture.hazard().initial = Rating::new(Some("Severe"), Some("Often"), None, &policy);
                fixture.hazard().residual = Rating::new(Some("Slight"), Some("Often"), None, &policy);
                telling(text)(fixture);
                fixture.case.risk_policies.push(policy);
            });
            // Another matrix that rates no hazard explains nothing.
            fixture.case.risk_policies.push(RiskPolicy { id: "idle".to_owned(), ..RiskPolicy::nhs() });
            fixture.messages("E4").iter().map(|message| bare(message)).collect::<Vec<_>>()
        };
        for text in [
            "1 hazard has an initial risk of 3.",
            "1 hazard has an initial risk of 1.",
            "By the Inverted matrix, 1 hazard has an initial risk of 1.",
        ] {
            assert_eq!(said(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(
            said("9 hazards have an initial risk of 3."),
            [
                "counts 9 hazards with an initial risk of 3; the log holds 1 by the NHS clinical risk matrix, 0 by the Inverted matrix"
            ]
        );
        assert_eq!(
            said("By the Inverted matrix, 1 hazard has an initial risk of 3."),
            ["counts 1 hazard with an initial risk of 3; the log holds 0"]
        );
    }

    #[test]
    fn e4_counts_by_state_and_of_sessions() {
        assert_eq!(three("Two hazards remain open."), ["counts 2 hazards as open; the log holds 0"]);
        assert_eq!(three("Three hazards are closed."), Vec::<String>::new());
        assert_eq!(three("Two hazards were closed at the review."), Vec::<String>::new());
        assert_eq!(three("It rests on three PSA sessions."), ["counts 3 PSA sessions; one is recorded"]);
        assert_eq!(
            three("I chaired its 2 recorded patient safety assessments."),
            ["counts 2 PSA sessions; one is recorded"]
        );
        for text in [
            "One PSA session was held.",
            "H01 took two PSA sessions.",
            "Each was discussed at two or more PSA sessions.",
            "The first two PSA sessions were remote.",
            "A safety assessment of 2 sessions",
        ] {
            let mut silent = Fixture::with(telling(text));
            silent.case.psa = vec![session("PSA-1", &["H01", "H02"])];
            let messages = silent.messages("E4");
            assert!(messages.is_empty() || text.starts_with("The first"), "{text}: {messages:?}");
        }
    }
}
