//! Puts the cross-reference together: each thing with what answers it.

use super::{AbsentEvidence, ActionRow, CrossReference, HazardRow, ItemRow, SessionRow, State, rules};
use crate::assurance::Subject;
use crate::assurance::graph::{Graph, Kind, Link, Relation};
use crate::case::hazard::Hazard;
use crate::case::psa::{ActionState, PsaSession};
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::system::PointKind;
use crate::case::tom::{Answer, TomAnswer};
use std::collections::HashMap;

impl CrossReference {
    #[must_use]
    pub fn of(subject: &Subject<'_>, graph: &Graph, absent: &AbsentEvidence<'_>) -> Self {
        let case = subject.case;
        let hazards = case.hazard_log.hazards.iter().map(|hazard| (hazard.key.as_str(), hazard)).collect();
        let rows = Rows { graph, hazards, absent };
        let mut cross_reference = Self {
            items: rows.items(subject),
            hazards: case.hazard_log.hazards.iter().map(|hazard| rows.hazard(hazard)).collect(),
            sessions: case.psa.iter().map(|session| rows.session(session)).collect(),
            actions: action_rows(subject),
            ..Self::default()
        };
        cross_reference.counts = cross_reference.count();
        cross_reference.gaps = cross_reference.find_gaps();
        cross_reference
    }
}

/// What a row is made from, beside the thing that it is of.
struct Rows<'a> {
    graph: &'a Graph,
    hazards: HashMap<&'a str, &'a Hazard>,
    absent: &'a AbsentEvidence<'a>,
}

/// Keys that the log has and ids that it lacks, each once and in their order.
fn known_and_unknown<'a>(links: impl Iterator<Item = Link<'a>>) -> (Vec<String>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for link in links {
        push_once(if link.node.known { &mut known } else { &mut unknown }, &link.node.id);
    }
    (known, unknown)
}

fn ids<'a>(links: impl Iterator<Item = Link<'a>>) -> Vec<String> {
    let mut ids = Vec::new();
    links.for_each(|link| push_once(&mut ids, &link.node.id));
    ids
}

fn push_once(list: &mut Vec<String>, id: &str) {
    if !list.iter().any(|known| known == id) {
        list.push(id.to_owned());
    }
}

impl Rows<'_> {
    /// Every item, then each TOM question, entry or exit point and step of the workflow that no item takes up.
    fn items(&self, subject: &Subject<'_>) -> Vec<ItemRow> {
        let case = subject.case;
        let answers = case.tom.iter().flat_map(|tom| &tom.answers);
        let answers: HashMap<&str, &TomAnswer> =
            answers.map(|question| (question.id.as_str(), question)).collect();
        let mut rows: Vec<ItemRow> =
            case.risk_assessment.iter().map(|item| self.item(item, &answers)).collect();
        let questions = case.tom.iter().flat_map(|tom| &tom.answers);
        rows.extend(questions.filter(|question| !self.graph.is_taken_up(Kind::Question, &question.id)).map(
            |question| unanswered(&question.id, ItemKind::TomQuestion, &question.topic, answer(question)),
        ));
        let points = case.interfaces.iter().flat_map(|interface| &interface.points);
        rows.extend(points.filter(|point| !self.graph.is_taken_up(Kind::Point, &point.id)).map(|point| {
            let kind = match point.kind {
                PointKind::Entry => ItemKind::EntryPoint,
                PointKind::Exit => ItemKind::ExitPoint,
            };
            unanswered(&point.id, kind, &point.description, None)
        }));
        let steps = case.system.workflow.iter();
        rows.extend(
            steps
                .filter(|step| !self.graph.is_taken_up(Kind::Step, &step.id))
                .map(|step| unanswered(&step.id, ItemKind::WorkflowStep, &step.description, None)),
        );
        rows
    }

    fn item(&self, item: &AssessedItem, answers: &HashMap<&str, &TomAnswer>) -> ItemRow {
        let from_item = || self.graph.links_from(Kind::Item, &item.id);
        let (hazards, unknown_hazards) =
            known_and_unknown(from_item().filter(|link| link.relation == Relation::AnsweredBy));
        let (mut sessions, mut evidence) = (Vec::new(), Vec::new());
        let mut lacking = Vec::new();
        for key in &hazards {
            let reviews = self.reviews(key);
            for session in &reviews {
                push_once(&mut sessions, session);
            }
            for id in self.evidence(key) {
                push_once(&mut evidence, id);
            }
            if let Some(hazard) = self.hazards.get(key.as_str()) {
                lacking.push((key.as_str(), rules::lacks(hazard, !reviews.is_empty(), self.absent)));
            }
        }
        let state = rules::item_state(&lacking, &unknown_hazards, item.no_hazard_because.as_deref());
        let answer = from_item().find_map(|link| match link.node.kind {
            Kind::Question => answers.get(link.node.id.as_str()).and_then(|question| answer(question)),
            _ => None,
        });
        ItemRow {
            id: item.id.clone(),
            kind: item.kind,
            text: item.text.clone(),
            takes_up: ids(from_item().filter(|link| link.relation == Relation::TakesUp)),
            answer,
            hazards,
            unknown_hazards,
            sessions,
            evidence,
            state,
        }
    }

    /// Ids of the sessions that discussed a hazard, by date.
    fn reviews(&self, hazard: &str) -> Vec<String> {
        let links = self.graph.links_to(Kind::Hazard, hazard);
        ids(links.filter(|link| link.relation == Relation::Discussed))
    }

    /// Ids of the evidence for a hazard's additional controls, as far as it is there.
    fn evidence(&self, hazard: &str) -> impl Iterator<Item = &str> {
        let controls = self.graph.links_from(Kind::Hazard, hazard);
        let controls = controls.filter(|link| link.relation == Relation::HasControl);
        controls
            .flat_map(|control| self.graph.links_to(Kind::Control, &control.node.id))
            .filter(|link| link.relation.is_evidence())
            .map(|link| link.node.id.as_str())
            .filter(|id| !self.absent.contains(id))
    }

    fn hazard(&self, hazard: &Hazard) -> HazardRow {
        let key = hazard.key.as_str();
        let to_hazard = || self.graph.links_to(Kind::Hazard, key);
        let origins =
            ids(to_hazard().filter(|link| matches!(link.relation, Relation::AnsweredBy | Relation::Raised)));
        let sessions = self.reviews(key);
        let decisions = to_hazard().filter_map(|link| Some((link.decision?, link.node.id.clone())));
        HazardRow {
            key: key.to_owned(),
            decision: decisions.last(),
            additional_controls: hazard.controls.len(),
            controls_with_evidence: rules::own_controls_with_evidence(hazard, self.absent),
            transferred_controls: hazard
                .controls
                .iter()
                .filter(|control| rules::is_transferred(control))
                .count(),
            state: rules::hazard_state(hazard, !origins.is_empty(), !sessions.is_empty(), self.absent),
            sessions,
            origins,
        }
    }

    fn session(&self, session: &PsaSession) -> SessionRow {
        let links = self.graph.links_from(Kind::Session, &session.id);
        let (hazards, unknown_hazards) = known_and_unknown(
            links.filter(|link| matches!(link.relation, Relation::Discussed | Relation::Raised)),
        );
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
        takes_up: vec![id.to_owned()],
        answer,
        hazards: Vec::new(),
        unknown_hazards: Vec::new(),
        sessions: Vec::new(),
        evidence: Vec::new(),
        state: State::NoneFound,
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
    use crate::case::psa::{Decision, NewHazard, PsaAction};

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
                &State::AwaitingLaterPhase("due 14 September 2026".to_owned()),
                &State::EvidenceFound
            ]
        );
        let counts = &cross_reference.counts;
        assert_eq!((counts.actions, counts.actions_open, counts.actions_overdue), (3, 2, 1));
        assert_eq!(messages(&cross_reference), ["Action A1 was due on 13 September 2026 and is open."]);
        assert_eq!(cross_reference.sessions[0].open_actions, 2);
    }
}
