//! What a comparison says of cases that were changed in one way.

use super::*;
use crate::assurance::testing::{case, inverted, rating, session, some, tom};
use crate::case::Case;
use crate::case::hazard::{ControlState, Rating};
use crate::case::psa::{ActionState, PsaAction};
use crate::case::tom::Answer;

fn compared(change: impl FnOnce(&mut Case)) -> Comparison {
    let old = case();
    let mut new = old.clone();
    change(&mut new);
    of(&old, &new)
}

fn of(old: &Case, new: &Case) -> Comparison {
    let json = |case| serde_json::to_value(case).unwrap();
    Comparison::between(&json(old), &json(new), Scope::Case)
}

fn residual(comparison: &Comparison, id: &str) -> Direction {
    comparison.risk.hazards.iter().find(|hazard| hazard.id == id).unwrap().residual.direction
}

#[test]
fn equal_cases_are_said_to_be_so() {
    let comparison = compared(|_| {});
    assert!(comparison.equal && comparison.risk.moved().count() == 0);
    assert_eq!(comparison.summary, "Both say the same.");
}

#[test]
fn a_risk_goes_by_the_order_of_its_policy_and_not_by_its_number() {
    let moved = |policy: fn() -> crate::case::matrix::RiskPolicy| {
        let mut old = case();
        old.risk_policy = policy();
        let words = old.risk_policy.clone();
        let rated = |at: usize| {
            let (severity, likelihood) = (words.severities.last().unwrap(), &words.likelihoods[at]);
            Rating::new(Some(&severity.word), Some(&likelihood.word), None, &words)
        };
        let (low, high) = (rated(0), rated(words.likelihoods.len() - 1));
        let mut new = old.clone();
        old.hazard_log.hazards[0].residual = low;
        new.hazard_log.hazards[0].residual = high;
        let comparison = of(&old, &new);
        let risk = &comparison.risk.hazards[0].residual;
        let numbers = (risk.old.as_ref().unwrap().risk.unwrap(), risk.new.as_ref().unwrap().risk.unwrap());
        (residual(&comparison, "H01"), numbers.0 < numbers.1)
    };
    assert_eq!(moved(crate::case::matrix::RiskPolicy::nhs), (Direction::Up, true));
    assert_eq!(moved(inverted), (Direction::Up, false));
}

#[test]
fn the_matrix_holds_every_hazard_and_every_move() {
    let comparison = compared(|case| {
        case.hazard_log.hazards[0].residual = rating("Minor", "Very Low", 1);
    });
    let [policy] = &comparison.risk.policies[..] else { panic!("{:?}", comparison.risk.policies) };
    let count = |cells: &[Vec<usize>]| cells.iter().flatten().sum::<usize>();
    assert_eq!(count(&policy.old_cells), comparison.risk.hazards.len());
    assert_eq!(count(&policy.new_cells), count(&policy.counts));
    let [moved] = &policy.moves[..] else { panic!("{:?}", policy.moves) };
    assert_eq!(
        (moved.to, moved.direction, moved.hazards.as_slice()),
        ([0, 0], Direction::Down, &["H01".to_owned()][..])
    );
    assert_eq!((comparison.risk.residual.down, comparison.risk.initial.down), (1, 0));
    assert!(comparison.summary.contains("residual risk: 1 down"), "{}", comparison.summary);
}

#[test]
fn a_rating_that_moved_without_its_risk_or_is_gone_is_in_the_sentence() {
    let rated = |to: crate::case::hazard::Rating| {
        let mut old = case();
        old.hazard_log.hazards[0].residual = rating("Major", "Low", 3);
        let mut new = old.clone();
        new.hazard_log.hazards[0].residual = to;
        let comparison = of(&old, &new);
        let direction = residual(&comparison, "H01");
        (direction, comparison.summary, comparison.risk.residual)
    };
    let (direction, summary, tally) = rated(rating("Major", "Medium", 3));
    assert_eq!((direction, tally.sideways), (Direction::Sideways, 1));
    assert!(summary.contains("residual risk: 1 rated otherwise at the same risk"), "{summary}");
    let (direction, summary, tally) = rated(crate::case::hazard::Rating::default());
    assert_eq!((direction, tally.unrated, tally.other), (Direction::Unrated, 1, 0));
    assert!(summary.contains("residual risk: 1 no longer rated"), "{summary}");
}

#[test]
fn without_a_common_policy_nothing_is_higher() {
    let comparison = compared(|case| {
        case.risk_policy.matrix[0][0] = 2;
        case.hazard_log.hazards[0].residual = rating("Minor", "High", 2);
    });
    assert_eq!(residual(&comparison, "H01"), Direction::Incomparable);
    assert_eq!(comparison.risk.policies, []);
}

#[test]
fn each_thing_that_happened_to_a_control_is_told_once() {
    let comparison = compared(|case| {
        let hazard = &mut case.hazard_log.hazards[0];
        let control = &mut hazard.controls[0];
        control.owner = some("Ward manager");
        control.status = some("Closed");
        control.state = ControlState::Open;
        "Nothing of the sort is left to be done".clone_into(&mut control.text);
    });
    let kinds: Vec<PartChangeKind> = comparison.parts.iter().map(|part| part.change).collect();
    assert!(
        kinds.contains(&PartChangeKind::ReOwned) && kinds.contains(&PartChangeKind::Reworded),
        "{kinds:?}"
    );
    let states =
        kinds.iter().filter(|kind| matches!(kind, PartChangeKind::Status | PartChangeKind::Reopened));
    assert_eq!(states.count(), 1, "{:?}", comparison.parts);
}

#[test]
fn a_control_that_is_in_place_now_has_moved() {
    let comparison = compared(|case| {
        let hazard = &mut case.hazard_log.hazards[0];
        let control = hazard.controls.remove(0);
        hazard.existing_controls.push(control);
    });
    let moved: Vec<_> = comparison.parts.iter().filter(|part| part.change == PartChangeKind::Moved).collect();
    assert_eq!(moved.len(), 1, "{:?}", comparison.parts);
    assert_eq!(moved[0].part, PartKind::ExistingControl);
    assert!(
        !comparison.parts.iter().any(|part| part.change == PartChangeKind::Removed),
        "{:?}",
        comparison.parts
    );
}

#[test]
fn sessions_tell_their_decisions_and_actions() {
    let action = |id: &str, state| PsaAction {
        id: id.to_owned(),
        text: "Test it again".to_owned(),
        owner: some("Test manager"),
        due: None,
        state,
        closed: None,
        hazard: some("H01"),
    };
    let mut old = case();
    old.psa = vec![session("PSA-1", &["H01"])];
    old.psa[0].actions = vec![action("A1", ActionState::Open), action("A2", ActionState::Open)];
    let mut new = old.clone();
    new.psa[0].actions[0].state = ActionState::Closed;
    new.psa.push(session("PSA-2", &["H02"]));
    new.psa[1].actions = vec![action("A3", ActionState::Open)];
    let comparison = of(&old, &new);
    let actions: Vec<_> =
        comparison.actions.iter().map(|action| (action.id.as_str(), action.change)).collect();
    assert_eq!(actions, [("A1", ActionChangeKind::Closed), ("A3", ActionChangeKind::Opened)]);
    let [decision] = &comparison.decisions[..] else { panic!("{:?}", comparison.decisions) };
    assert_eq!((decision.session.as_str(), decision.hazard.as_str()), ("PSA-2", "H02"));
    assert_eq!(decision.change, Presence::Added);
}

#[test]
fn a_session_tells_another_reason_and_which_hazard_had_a_number() {
    let mut old = case();
    old.psa = vec![session("PSA-1", &["H01"]), session("PSA-2", &["H02"])];
    let mut new = old.clone();
    new.psa[0].discussed[0].reason = some("24 tasks were looked at");
    let comparison = of(&old, &new);
    let [decision] = &comparison.decisions[..] else { panic!("{:?}", comparison.decisions) };
    assert_eq!(
        (decision.change, decision.fields[0].path.as_slice()),
        (Presence::Changed, &["reason".to_owned()][..])
    );
    // Another hazard has the number that PSA-2 spoke of.
    let mut new = old.clone();
    let hazard = &mut new.hazard_log.hazards[1];
    hazard.name = some("The printer swaps two labels of blood samples in the night");
    (hazard.description, hazard.impact) = (some("Labels come out in another order"), some("Wrong blood"));
    hazard.causes.clear();
    hazard.controls.clear();
    hazard.existing_controls.clear();
    let comparison = of(&old, &new);
    assert_eq!((comparison.changes.added.len(), comparison.changes.removed.len()), (1, 1));
    let decisions: Vec<(&str, Presence)> =
        comparison.decisions.iter().map(|decision| (decision.hazard.as_str(), decision.change)).collect();
    assert_eq!(decisions, [("H02", Presence::Added), ("H02 (removed)", Presence::Removed)]);
}

#[test]
fn a_control_that_is_handed_over_was_not_undone() {
    let mut old = case();
    old.hazard_log.hazards[0].controls[0].state = ControlState::Closed;
    let mut new = old.clone();
    new.hazard_log.hazards[0].controls[0].state = ControlState::Transferred;
    let kinds: Vec<PartChangeKind> = of(&old, &new).parts.iter().map(|part| part.change).collect();
    assert_eq!(kinds, [PartChangeKind::Status]);
}

#[test]
fn a_control_that_is_put_off_is_not_opened_again_and_one_that_is_says_from_what() {
    let told = |status: &str, state| {
        let mut old = case();
        let control = &mut old.hazard_log.hazards[0].controls[0];
        (control.status, control.state) = (some("In place"), ControlState::Closed);
        let mut new = old.clone();
        let control = &mut new.hazard_log.hazards[0].controls[0];
        (control.status, control.state) = (some(status), state);
        let comparison = of(&old, &new);
        let [part] = &comparison.parts[..] else { panic!("{:?}", comparison.parts) };
        let line = comparison.hazards_told().remove(0).lines.remove(0);
        let words: String = line.words.into_iter().map(|run| run.text).collect();
        (part.change, format!("{}: {words}", line.label), comparison.summary)
    };
    let (change, line, summary) = told("Deferred to version 2.0", ControlState::Deferred);
    assert_eq!(change, PartChangeKind::Status);
    assert_eq!(line, "control H01.D1 status: In place -> Deferred to version 2.0");
    assert!(summary.ends_with("controls: 1 deferred."), "{summary}");
    let (change, line, _) = told("Open", ControlState::Open);
    assert_eq!(change, PartChangeKind::Reopened);
    assert_eq!(line, "control H01.D1 opened again: In place -> Open");
}

#[test]
fn arrows_that_go_the_same_way_on_one_line_have_lanes() {
    let rated = |words: [(&str, u8); 2]| {
        let mut case = case();
        for (hazard, (likelihood, risk)) in case.hazard_log.hazards.iter_mut().zip(words) {
            hazard.residual = rating("Major", likelihood, risk);
        }
        case
    };
    let lanes = |old, new| -> Vec<usize> {
        of(&rated(old), &rated(new)).risk.policies[0].moves.iter().map(|moved| moved.lane).collect()
    };
    assert_eq!(lanes([("Very Low", 2), ("Low", 3)], [("Medium", 3), ("High", 4)]), [0, 1]);
    assert_eq!(lanes([("Very Low", 2), ("Medium", 3)], [("Medium", 3), ("Very Low", 2)]), [0, 0]);
}

#[test]
fn another_answer_may_be_another_level() {
    let mut old = case();
    old.tom = Some(tom(&[("CS-01", Answer::No), ("CS-02", Answer::Yes)]));
    let mut new = old.clone();
    new.tom = Some(tom(&[("CS-01", Answer::Yes), ("CS-02", Answer::Yes)]));
    let TomChange { answers, level } = of(&old, &new).tom;
    assert_eq!(answers.len(), 1);
    assert_eq!((answers[0].old.as_deref(), answers[0].new.as_deref()), (Some("No"), Some("Yes")));
    let [old, new] = level.unwrap();
    assert!(old.starts_with("level 4: ") && new.starts_with("level 5: "), "{old} {new}");
}

#[test]
fn people_and_items_are_told_by_name() {
    let comparison = compared(|case| {
        case.people[0].role = some("Deputy");
        case.risk_assessment.push(crate::assurance::testing::item("RA-99", &["H01"]));
    });
    assert_eq!(comparison.people[0].fields[0].path, ["role"]);
    assert_eq!(comparison.people[0].name.as_deref(), Some(case().people[0].name.as_str()));
    let added: Vec<&str> = comparison.risk_assessment.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(added, ["RA-99"]);
    assert_eq!(comparison.risk_assessment[0].change, Presence::Added);
}
