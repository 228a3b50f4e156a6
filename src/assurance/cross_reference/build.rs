//! Puts the cross-reference together: each thing with what answers it.

use super::{AbsentEvidence, ActionRow, CrossReference, HazardRow, ItemRow, SessionRow, State, rules};
use crate::assurance::Subject;
use crate::case::Case;
use crate::case::hazard::Hazard;
use crate::case::psa::{ActionState, Decision, PsaSession};
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::system::PointKind;
use crate::case::tom::{Answer, TomAnswer};
use std::collections::HashMap;

impl CrossReference {
    #[must_use]
    pub fn of(subject: &Subject<'_>) -> Self {
        let case = subject.case;
        let index = Index::of(subject);
        let mut cross_reference = Self {
            items: item_rows(case, &index),
            hazards: case.hazard_log.hazards.iter().map(|hazard| hazard_row(hazard, &index)).collect(),
            sessions: case.psa.iter().map(|session| session_row(session, &index)).collect(),
            actions: action_rows(subject),
            ..Self::default()
        };
        cross_reference.counts = cross_reference.count();
        cross_reference.gaps = cross_reference.find_gaps();
        cross_reference
    }
}

/// What is known of each hazard from elsewhere, by its key.
struct Index<'a> {
    hazards: HashMap<&'a str, &'a Hazard>,
    sessions: HashMap<&'a str, Vec<&'a str>>,
    decisions: HashMap<&'a str, (Decision, &'a str)>,
    origins: HashMap<&'a str, Vec<&'a str>>,
    absent: AbsentEvidence<'a>,
}

impl<'a> Index<'a> {
    fn of(subject: &Subject<'a>) -> Self {
        let case = subject.case;
        let hazards = case.hazard_log.hazards.iter().map(|hazard| (hazard.key.as_str(), hazard)).collect();
        let mut index = Self {
            hazards,
            sessions: HashMap::new(),
            decisions: HashMap::new(),
            origins: HashMap::new(),
            absent: AbsentEvidence::of(subject),
        };
        for item in &case.risk_assessment {
            for hazard in &item.hazards {
                add(&mut index.origins, hazard, &item.id);
            }
        }
        // Files are in the order of their names; the last decision is that of the latest date.
        let mut sessions: Vec<&PsaSession> = case.psa.iter().collect();
        sessions.sort_by_key(|session| session.date);
        for session in sessions {
            for hazard in session.new_hazards.iter().filter_map(|raised| raised.hazard.as_ref()) {
                add(&mut index.origins, hazard, &session.id);
            }
            for discussion in &session.discussed {
                add(&mut index.sessions, &discussion.hazard, &session.id);
                if let Some(decision) = discussion.decision {
                    index.decisions.insert(&discussion.hazard, (decision, &session.id));
                }
            }
        }
        index
    }

    fn sessions(&self, hazard: &str) -> &[&'a str] {
        self.sessions.get(hazard).map_or(&[], Vec::as_slice)
    }

    fn reviewed(&self, hazard: &str) -> bool {
        self.sessions.contains_key(hazard)
    }

    /// Keys that the log has and ids that it lacks, each once and in their order.
    fn known_and_unknown<'b>(&self, ids: impl Iterator<Item = &'b String>) -> (Vec<String>, Vec<String>) {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for id in ids {
            let list = if self.hazards.contains_key(id.as_str()) { &mut known } else { &mut unknown };
            push_once(list, id);
        }
        (known, unknown)
    }
}

fn add<'a>(lists: &mut HashMap<&'a str, Vec<&'a str>>, key: &'a str, id: &'a str) {
    let list = lists.entry(key).or_default();
    if !list.contains(&id) {
        list.push(id);
    }
}

fn push_once(list: &mut Vec<String>, id: &str) {
    if !list.iter().any(|known| known == id) {
        list.push(id.to_owned());
    }
}

/// Every item, then each TOM question, entry or exit point and step of the workflow that no item answers.
fn item_rows(case: &Case, index: &Index<'_>) -> Vec<ItemRow> {
    let items = &case.risk_assessment;
    let mut rows: Vec<ItemRow> = items.iter().map(|item| item_row(case, item, index)).collect();
    let questions = case.tom.iter().flat_map(|tom| &tom.answers);
    rows.extend(
        questions
            .filter(|question| !items.iter().any(|item| rules::answers_question(item, &question.id)))
            .map(|question| {
                unanswered(&question.id, ItemKind::TomQuestion, &question.topic, answer(question))
            }),
    );
    let points = case.interfaces.iter().flat_map(|interface| &interface.points);
    rows.extend(points.filter(|point| !items.iter().any(|item| rules::answers_point(item, &point.id))).map(
        |point| {
            let kind = match point.kind {
                PointKind::Entry => ItemKind::EntryPoint,
                PointKind::Exit => ItemKind::ExitPoint,
            };
            unanswered(&point.id, kind, &point.description, None)
        },
    ));
    let steps = case.system.workflow.iter();
    rows.extend(
        steps
            .filter(|step| !items.iter().any(|item| rules::answers_step(item, &step.id)))
            .map(|step| unanswered(&step.id, ItemKind::WorkflowStep, &step.description, None)),
    );
    rows
}

fn item_row(case: &Case, item: &AssessedItem, index: &Index<'_>) -> ItemRow {
    let (hazards, unknown_hazards) = index.known_and_unknown(item.hazards.iter());
    let (mut sessions, mut evidence) = (Vec::new(), Vec::new());
    let mut lacking = Vec::new();
    for hazard in hazards.iter().filter_map(|key| index.hazards.get(key.as_str())) {
        index.sessions(&hazard.key).iter().for_each(|session| push_once(&mut sessions, session));
        hazard
            .controls
            .iter()
            .flat_map(|control| index.absent.without(control))
            .for_each(|id| push_once(&mut evidence, id));
        lacking.push((hazard.key.as_str(), rules::lacks(hazard, index.reviewed(&hazard.key), &index.absent)));
    }
    let state = rules::item_state(&lacking, &unknown_hazards, item.no_hazard_because.as_deref());
    let question = || {
        let answers = &case.tom.as_ref()?.answers;
        answers.iter().find(|question| rules::answers_question(item, &question.id))
    };
    ItemRow {
        id: item.id.clone(),
        kind: item.kind,
        text: item.text.clone(),
        answer: question().and_then(answer),
        hazards,
        unknown_hazards,
        sessions,
        evidence,
        state,
    }
}

fn answer(question: &TomAnswer) -> Option<String> {
    match question.answer {
        Some(Answer::Yes) => Some("Yes".to_owned()),
        Some(Answer::No) => Some("No".to_owned()),
        None => question.stated_answer.clone(),
    }
}

fn unanswered(id: &str, kind: ItemKind, text: &str, answer: Option<String>) -> ItemRow {
    ItemRow {
        id: id.to_owned(),
        kind,
        text: text.to_owned(),
        answer,
        hazards: Vec::new(),
        unknown_hazards: Vec::new(),
        sessions: Vec::new(),
        evidence: Vec::new(),
        state: State::NoneFound,
    }
}

fn hazard_row(hazard: &Hazard, index: &Index<'_>) -> HazardRow {
    let key = hazard.key.as_str();
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<String>>();
    let origins = index.origins.get(key).map_or_else(Vec::new, |ids| owned(ids));
    HazardRow {
        key: key.to_owned(),
        sessions: owned(index.sessions(key)),
        decision: index.decisions.get(key).map(|(decision, session)| (*decision, (*session).to_owned())),
        additional_controls: hazard.controls.len(),
        controls_with_evidence: rules::own_controls_with_evidence(hazard, &index.absent),
        transferred_controls: hazard.controls.iter().filter(|control| rules::is_transferred(control)).count(),
        state: rules::hazard_state(hazard, !origins.is_empty(), index.reviewed(key), &index.absent),
        origins,
    }
}

fn session_row(session: &PsaSession, index: &Index<'_>) -> SessionRow {
    let discussed = session.discussed.iter().map(|discussion| &discussion.hazard);
    let raised = session.new_hazards.iter().filter_map(|raised| raised.hazard.as_ref());
    let (hazards, unknown_hazards) = index.known_and_unknown(discussed.chain(raised));
    SessionRow {
        id: session.id.clone(),
        kind: session.kind.clone(),
        date: session.date,
        open_actions: session.actions.iter().filter(|action| action.state == ActionState::Open).count(),
        state: rules::session_state(session, &hazards, &unknown_hazards),
        hazards,
        unknown_hazards,
    }
}

fn action_rows(subject: &Subject<'_>) -> Vec<ActionRow> {
    let as_of = subject.as_of;
    let of_session = |session: &PsaSession| {
        session
            .actions
            .iter()
            .map(|action| ActionRow {
                id: action.id.clone(),
                session: session.id.clone(),
                text: action.text.clone(),
                owner: action.owner.clone(),
                due: action.due,
                closed: action.state == ActionState::Closed,
                overdue: rules::is_overdue(action, as_of),
                hazard: action.hazard.clone(),
                state: rules::action_state(action, as_of),
            })
            .collect::<Vec<_>>()
    };
    subject.case.psa.iter().flat_map(of_session).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{
        Fixture, date, discussion, hazard, item, observation, session, some, tom,
    };
    use crate::case::Place;
    use crate::case::observation::ObservationKind;
    use crate::case::psa::{NewHazard, PsaAction};

    fn of(spoil: impl FnOnce(&mut Fixture)) -> CrossReference {
        CrossReference::of(&Fixture::with(spoil).subject())
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
        assert_eq!(cross_reference.hazards[1].origins, ["RA-1"]);
        assert_eq!(cross_reference.hazards[1].decision, Some((Decision::Accept, "PSA-1".to_owned())));
        assert_eq!(cross_reference.counts.items_answered, 1);
    }

    #[test]
    fn an_item_with_neither_hazard_nor_reason_is_a_gap() {
        let cross_reference = of(|fixture| fixture.case.risk_assessment.push(item("RA-11", &[])));
        assert_eq!(cross_reference.items[1].state, State::NoneFound);
        assert_eq!(cross_reference.counts.items_unanswered, 1);
        assert_eq!(
            messages(&cross_reference),
            ["RA-11 has neither a hazard nor a reason why none is needed."]
        );
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
        assert_eq!(
            cross_reference.items[0].state,
            State::PartlyFound("H99 is not in the hazard log".to_owned())
        );
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
        assert_eq!(ids.len(), 1 + 11 + 1);
        assert!(!ids.contains(&"CS-01"));
        let question = &cross_reference.items[1];
        assert_eq!((question.id.as_str(), question.answer.as_deref()), ("CS-02", Some("Yes")));
        assert_eq!(cross_reference.items[12].kind, ItemKind::EntryPoint);
        assert_eq!(cross_reference.items[12].state, State::NoneFound);
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
                &State::AwaitingLaterPhase("due 2026-09-14".to_owned()),
                &State::EvidenceFound
            ]
        );
        let counts = &cross_reference.counts;
        assert_eq!((counts.actions, counts.actions_open, counts.actions_overdue), (3, 2, 1));
        assert_eq!(messages(&cross_reference), ["Action A1 was due on 2026-09-13 and is open."]);
        assert_eq!(cross_reference.sessions[0].open_actions, 2);
    }
}
