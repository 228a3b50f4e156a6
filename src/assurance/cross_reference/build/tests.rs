use super::*;
use crate::assurance::cross_reference::State;
use crate::assurance::testing::{Fixture, date, discussion, hazard, item, observation, session, some, tom};
use crate::case::Place;
use crate::case::observation::ObservationKind;
use crate::case::psa::{ActionState, Decision, NewHazard, PsaAction};
use crate::case::risk_assessment::ItemKind;
use crate::case::tom::Answer;

fn of(spoil: impl FnOnce(&mut Fixture)) -> CrossReference {
    let fixture = Fixture::with(spoil);
    let subject = fixture.subject();
    CrossReference::of(&subject, &Graph::of(&fixture.case), &AbsentEvidence::of(&subject))
}

fn messages(cross_reference: &CrossReference) -> Vec<&str> {
    cross_reference.gaps.iter().map(|gap| gap.message.as_str()).collect()
}

#[test]
fn a_faultless_case_is_answered_both_ways() {
    let cross_reference = of(|_| {});
    assert_eq!(cross_reference.gaps, []);
    assert_eq!(cross_reference.items[0].state, State::EvidenceFound);
    assert_eq!(cross_reference.items[0].sessions, ["PSA-1"]);
    assert_eq!(cross_reference.items[0].evidence, ["EV-1"]);
    assert_eq!(cross_reference.items[0].takes_up, ["EP-1"]);
    assert_eq!(cross_reference.hazards[1].origins, ["RA-1"]);
    assert_eq!(cross_reference.hazards[1].decision, Some((Decision::Accept, "PSA-1".to_owned())));
    assert_eq!(cross_reference.counts.items_answered, 1);
}

#[test]
fn an_item_with_neither_hazard_nor_reason_is_a_gap() {
    let cross_reference = of(|fixture| fixture.case.risk_assessment.push(item("RA-11", &[])));
    assert_eq!(cross_reference.items[1].state, State::NoneFound);
    assert_eq!(cross_reference.counts.items_unanswered, 1);
    assert_eq!(messages(&cross_reference), ["RA-11 has neither a hazard nor a reason why none is needed."]);
}

#[test]
fn an_item_with_a_reason_is_not_applicable_and_a_blank_reason_is_none() {
    let with_reason = |reason: &str| {
        let mut assessed = item("RA-2", &[]);
        assessed.no_hazard_because = some(reason);
        of(|fixture| fixture.case.risk_assessment.push(assessed)).items[1].state.clone()
    };
    assert_eq!(with_reason("No data is shown"), State::NotApplicable("No data is shown".to_owned()));
    assert_eq!(with_reason(" "), State::NoneFound);
}

#[test]
fn an_unknown_hazard_leaves_an_item_partly_answered() {
    let cross_reference = of(|fixture| {
        fixture.case.risk_assessment = vec![item("RA-1", &["H01", "H02", "H99"]), item("RA-2", &["H98"])];
    });
    assert_eq!(cross_reference.items[0].state, State::PartlyFound("H99 is not in the hazard log".to_owned()));
    assert_eq!(cross_reference.items[0].unknown_hazards, ["H99"]);
    assert_eq!(cross_reference.items[1].state, State::NoneFound);
    assert_eq!(messages(&cross_reference).len(), 2);
}

#[test]
fn what_a_hazard_lacks_is_one_gap_of_the_hazard() {
    let cross_reference = of(|fixture| {
        fixture.case.psa[0].discussed.remove(0);
        fixture.hazard().controls[0].evidence.clear();
    });
    let lack = "H01 was reviewed at no PSA session and has no evidence for its control";
    assert_eq!(cross_reference.items[0].state, State::PartlyFound(lack.to_owned()));
    assert_eq!(cross_reference.counts.hazards_not_reviewed, 1);
    assert_eq!(
        messages(&cross_reference),
        ["H01 was reviewed at no PSA session and has no evidence for its control."]
    );
}

#[test]
fn evidence_without_its_file_is_not_found() {
    let cross_reference = of(|fixture| {
        let named_at = Place::line("evidence.toml", 4);
        fixture.provenance.record("evidence/EV-1/file", named_at.clone());
        fixture.case.evidence[0].file = some("reports/test.pdf");
        let mut missing = observation(ObservationKind::MissingFile);
        missing.place = Some(named_at);
        fixture.observations.push(missing);
        fixture.case.hazard_log.hazards[1].controls[0].evidence.push("EV-2".to_owned());
    });
    let first = "H01 has no evidence for its control and names evidence EV-1, whose file does not exist";
    let second = "H02 names evidence EV-1, whose file does not exist";
    assert_eq!(cross_reference.items[0].state, State::PartlyFound(format!("{first}; {second}")));
    assert_eq!(cross_reference.items[0].evidence, ["EV-2"]);
    assert_eq!(cross_reference.hazards[0].controls_with_evidence, 0);
    assert_eq!(cross_reference.hazards[1].controls_with_evidence, 1);
    assert_eq!(messages(&cross_reference), [format!("{first}."), format!("{second}.")]);
}

#[test]
fn a_hazard_that_nothing_knows_is_a_gap() {
    let cross_reference = of(|fixture| {
        let mut stray = hazard("H03");
        stray.controls[0].evidence.clear();
        fixture.case.hazard_log.hazards.push(stray);
    });
    assert_eq!(cross_reference.hazards[2].state, State::NoneFound);
    assert_eq!(cross_reference.counts.hazards_without_origin, 1);
    assert_eq!(
        messages(&cross_reference),
        ["H03 has no origin, no review at a PSA session and no evidence."]
    );
}

#[test]
fn a_hazard_raised_at_a_session_comes_from_it() {
    let cross_reference = of(|fixture| {
        fixture.case.risk_assessment[0].hazards.remove(1);
        let raised = NewHazard { hazard: some("H02"), description: "Sent twice".to_owned() };
        fixture.case.psa[0].new_hazards.push(raised);
    });
    assert_eq!(cross_reference.hazards[1].origins, ["PSA-1"]);
}

#[test]
fn the_last_decision_is_that_of_the_latest_date() {
    let cross_reference = of(|fixture| {
        let mut earlier = session("PSA-0", &[]);
        earlier.date = date("2026-01-01");
        earlier.discussed = vec![discussion("H01", Some(Decision::Control))];
        fixture.case.psa.push(earlier);
    });
    assert_eq!(cross_reference.hazards[0].sessions, ["PSA-0", "PSA-1"]);
    assert_eq!(cross_reference.hazards[0].decision, Some((Decision::Accept, "PSA-1".to_owned())));
}

#[test]
fn questions_and_points_that_no_item_answers_have_rows() {
    let cross_reference = of(|fixture| {
        fixture.case.tom = Some(tom(&[("CS-02", Answer::Yes)]));
        fixture.case.risk_assessment[0].tom_question = some("CS-01");
        fixture.case.risk_assessment[0].interface_point = None;
    });
    let ids: Vec<&str> = cross_reference.items.iter().map(|row| row.id.as_str()).collect();
    // Five more questions on the product; those on the process name no source of harm.
    assert_eq!(ids, ["RA-1", "CS-02", "CS-031", "CS-032", "CS-033", "CS-034", "EP-1"]);
    assert!(!ids.contains(&"CS-01"));
    let question = &cross_reference.items[1];
    assert_eq!((question.id.as_str(), question.answer.as_deref()), ("CS-02", Some("Yes")));
    assert_eq!(cross_reference.items[6].kind, ItemKind::EntryPoint);
    assert_eq!(cross_reference.items[6].state, State::NoneFound);
}

#[test]
fn actions_are_awaited_until_they_are_due() {
    let action = |id: &str, due: &str, state: ActionState| PsaAction {
        id: id.to_owned(),
        text: "Write the guide".to_owned(),
        owner: None,
        due: Some(date(due)),
        state,
        closed: (state == ActionState::Closed).then(|| date(due)),
        hazard: None,
    };
    let cross_reference = of(|fixture| {
        fixture.case.psa[0].actions = vec![
            action("A1", "2026-09-13", ActionState::Open),
            action("A2", "2026-09-14", ActionState::Open),
            action("A3", "2026-09-13", ActionState::Closed),
        ];
    });
    let states: Vec<&State> = cross_reference.actions.iter().map(|row| &row.state).collect();
    assert_eq!(
        states,
        [
            &State::NoneFound,
            &State::AwaitingLaterPhase("due 14 September 2026".to_owned()),
            &State::EvidenceFound
        ]
    );
    let counts = &cross_reference.counts;
    assert_eq!((counts.actions, counts.actions_open, counts.actions_overdue), (3, 2, 1));
    assert_eq!(messages(&cross_reference), ["Action A1 was due on 13 September 2026 and is open."]);
    assert_eq!(cross_reference.sessions[0].open_actions, 2);
}

#[test]
fn an_item_on_the_process_needs_neither_hazard_nor_reason() {
    let of_question = |question: &str, hazards: &[&str]| {
        let mut assessed = item("RA-2", hazards);
        assessed.kind = ItemKind::TomQuestion;
        assessed.interface_point = None;
        assessed.tom_question = some(question);
        of(|fixture| fixture.case.risk_assessment.push(assessed))
    };
    let asked = of_question("CS-054", &[]);
    assert_eq!(asked.items[1].state, State::NotApplicable(super::item::ABOUT_PROCESS.to_owned()));
    assert_eq!((asked.counts.items_unanswered, asked.gaps.len()), (0, 0));
    assert_eq!(of_question("CS-02", &[]).items[1].state, State::NoneFound);
    assert_eq!(of_question("CS-051", &["H01"]).items[1].state, State::EvidenceFound);
}
