//! Rows of what was assessed: items, and what no item takes up.

use super::{Rows, ids, known_and_unknown, push_once};
use crate::assurance::Subject;
use crate::assurance::cross_reference::{ItemRow, State, rules};
use crate::assurance::graph::{Kind, Link, Relation};
use crate::case::placeholder::is_written;
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::system::PointKind;
use crate::case::tom::{Answer, Tom, TomAnswer};
use std::collections::HashMap;

impl Rows<'_> {
    /// Every item, then each TOM question on the product, entry or exit point and step of the workflow that no item
    /// takes up.
    pub(super) fn items(&self, subject: &Subject<'_>) -> Vec<ItemRow> {
        let case = subject.case;
        let answers = case.tom.iter().flat_map(|tom| &tom.answers);
        let answers: HashMap<&str, &TomAnswer> =
            answers.map(|question| (question.id.as_str(), question)).collect();
        let mut rows: Vec<ItemRow> =
            case.risk_assessment.iter().map(|item| self.item(item, &answers)).collect();
        let is_open = |kind, id: &str| !self.graph.is_taken_up(kind, id);
        let questions = case.tom.iter().flat_map(Tom::on_product);
        rows.extend(questions.filter(|question| is_open(Kind::Question, &question.id)).map(|question| {
            unanswered(&question.id, ItemKind::TomQuestion, &question.topic, answer(question))
        }));
        let points = case.interfaces.iter().flat_map(|interface| &interface.points);
        rows.extend(points.filter(|point| is_open(Kind::Point, &point.id)).map(|point| {
            let kind = match point.kind {
                PointKind::Entry => ItemKind::EntryPoint,
                PointKind::Exit => ItemKind::ExitPoint,
            };
            unanswered(&point.id, kind, &point.description, None)
        }));
        let steps = case.system.workflow.iter().filter(|step| is_open(Kind::Step, &step.id));
        rows.extend(steps.map(|step| unanswered(&step.id, ItemKind::WorkflowStep, &step.description, None)));
        rows
    }

    fn item(&self, item: &AssessedItem, answers: &HashMap<&str, &TomAnswer>) -> ItemRow {
        let at = self.graph.find(Kind::Item, &item.id);
        let links = |relation: Relation| {
            let links = at.into_iter().flat_map(|at| self.graph.links_out(at));
            links.filter(move |link| link.relation == relation)
        };
        let (hazards, unknown_hazards) = known_and_unknown(links(Relation::AnsweredBy));
        let (mut sessions, mut evidence) = (Vec::new(), Vec::new());
        let mut lacking = Vec::new();
        for Link { at, node, .. } in links(Relation::AnsweredBy).filter(|link| link.node.is_known()) {
            let mut reviewed = false;
            for session in self.reviews(at) {
                push_once(&mut sessions, &session.node.id);
                reviewed = true;
            }
            self.evidence(at).for_each(|shown| push_once(&mut evidence, &shown.node.id));
            if let Some(hazard) = self.hazards.get(&at) {
                lacking.push((node.id.as_str(), rules::lacks(hazard, reviewed, self.absent)));
            }
        }
        let because = item.no_hazard_because.as_deref().filter(|because| is_written(because));
        let about_process = rules::asks_about_process(item).then_some(ABOUT_PROCESS);
        let state = rules::item_state(&lacking, &unknown_hazards, because.or(about_process));
        let answer = links(Relation::TakesUp).find_map(|link| match link.node.kind {
            Kind::Question => answers.get(link.node.id.as_str()).and_then(|question| answer(question)),
            _ => None,
        });
        ItemRow {
            id: item.id.clone(),
            kind: item.kind,
            text: item.text.clone(),
            takes_up: ids(links(Relation::TakesUp)),
            answer,
            hazards,
            unknown_hazards,
            sessions,
            evidence,
            state,
        }
    }
}

/// Why an item needs no hazard that takes up a question of the TOM on the process.
pub(super) const ABOUT_PROCESS: &str =
    "The question asks what was done about safety, and names no source of harm";

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
