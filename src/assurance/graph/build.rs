//! How a case becomes a graph: first everything that it has, then what refers to what.

use super::{Edge, Graph, Kind, Relation};
use crate::case::Case;
use crate::case::hazard::{Control, Evidence, Hazard, LinkBasis, Shows};
use crate::case::psa::{PsaSession, by_date};
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use std::collections::HashMap;

impl Graph {
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let mut graph = Self::default();
        graph.add_what_the_case_has(case);
        case.risk_assessment.iter().for_each(|item| graph.link_item(item));
        let shows: HashMap<&str, &Evidence> =
            case.evidence.iter().map(|evidence| (evidence.id.as_str(), evidence)).collect();
        case.hazard_log.hazards.iter().for_each(|hazard| graph.link_hazard(hazard, &shows));
        case.evidence.iter().for_each(|evidence| graph.link_lost_names(evidence));
        for session in by_date(&case.psa) {
            graph.link_session(session);
        }
        for issue in case.test_issues.items() {
            graph.link_to_hazards(Kind::TestIssue, &issue.id, &issue.hazards);
        }
        for incident in &case.incidents {
            graph.link_to_hazards(Kind::Incident, &incident.id, &incident.hazards);
        }
        graph
    }

    fn add_what_the_case_has(&mut self, case: &Case) {
        for item in &case.risk_assessment {
            self.add(Kind::Item, &item.id);
        }
        for question in case.tom.iter().flat_map(|tom| &tom.answers) {
            self.add(Kind::Question, &question.id);
        }
        for point in case.interfaces.iter().flat_map(|interface| &interface.points) {
            self.add(Kind::Point, &point.id);
        }
        for step in &case.system.workflow {
            self.add(Kind::Step, &step.id);
        }
        for hazard in &case.hazard_log.hazards {
            self.add(Kind::Hazard, &hazard.key);
            for cause in &hazard.causes {
                self.add(Kind::Cause, &within(&hazard.key, &cause.id));
            }
            for control in hazard.all_controls() {
                self.add(Kind::Control, &within(&hazard.key, &control.id));
            }
        }
        // What was taken out of the log with a record of why is known all the same.
        for retired in &case.hazard_log.retired {
            self.add(Kind::Hazard, &retired.id);
        }
        for evidence in &case.evidence {
            self.add(Kind::Evidence, &evidence.id);
        }
        for session in &case.psa {
            self.add(Kind::Session, &session.id);
            for action in &session.actions {
                self.add(Kind::Action, &within(&session.id, &action.id));
            }
        }
    }

    fn link_item(&mut self, item: &AssessedItem) {
        let this = self.add(Kind::Item, &item.id);
        for hazard in &item.hazards {
            let hazard = self.refer(Kind::Hazard, hazard);
            self.link_stated(this, Relation::AnsweredBy, hazard);
        }
        // An item may be called after what it takes up.
        let named = [
            (Kind::Question, &item.tom_question),
            (Kind::Point, &item.interface_point),
            (Kind::Step, &item.workflow_step),
        ];
        let called = match item.kind {
            ItemKind::TomQuestion => Some(Kind::Question),
            ItemKind::EntryPoint | ItemKind::ExitPoint => Some(Kind::Point),
            ItemKind::WorkflowStep => Some(Kind::Step),
            ItemKind::PotentialRisk | ItemKind::FaultCondition => None,
        };
        let named = named.into_iter().filter_map(|(kind, id)| Some((kind, id.as_ref()?)));
        let called = called.map(|kind| (kind, &item.id)).filter(|(kind, id)| self.knows(*kind, id));
        for (kind, id) in named.chain(called) {
            let taken_up = self.refer(kind, id);
            self.link_stated(this, Relation::TakesUp, taken_up);
        }
    }

    fn link_hazard(&mut self, hazard: &Hazard, shows: &HashMap<&str, &Evidence>) {
        let this = self.add(Kind::Hazard, &hazard.key);
        for control in &hazard.existing_controls {
            self.link_control(this, Relation::HasExistingControl, hazard, control, shows);
        }
        for control in &hazard.controls {
            self.link_control(this, Relation::HasControl, hazard, control, shows);
        }
        for cause in &hazard.causes {
            let from = self.add(Kind::Cause, &within(&hazard.key, &cause.id));
            self.link_stated(this, Relation::HasCause, from);
            for control in &cause.controls {
                let to = self.refer(Kind::Control, &within(&hazard.key, control));
                let relation = Relation::ControlledBy;
                self.draw(Edge { from, to, relation, basis: cause.link, decision: None });
            }
        }
        self.link_recipient(this, hazard.transferred_to.as_deref());
    }

    fn link_control(
        &mut self,
        hazard: usize,
        relation: Relation,
        of: &Hazard,
        control: &Control,
        shows: &HashMap<&str, &Evidence>,
    ) {
        let this = self.add(Kind::Control, &within(&of.key, &control.id));
        self.link_stated(hazard, relation, this);
        for id in &control.evidence {
            let evidence = self.refer(Kind::Evidence, id);
            let stated = shows.get(id.as_str()).map_or(&[][..], |evidence| &evidence.shows);
            for shown in stated {
                let relation = match shown {
                    Shows::Implementation => Relation::EvidenceOfImplementation,
                    Shows::Effectiveness => Relation::EvidenceOfEffectiveness,
                };
                self.link_stated(evidence, relation, this);
            }
            if stated.is_empty() {
                self.link_stated(evidence, Relation::EvidenceFor, this);
            }
        }
        self.link_recipient(this, control.transferred_to.as_deref());
    }

    /// Names of controls in the evidence that lead to no control of the log.
    fn link_lost_names(&mut self, evidence: &Evidence) {
        let this = self.add(Kind::Evidence, &evidence.id);
        let names_this = |control: &str, name: &str| {
            control.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let lost: Vec<&String> = evidence
            .controls
            .iter()
            .filter(|name| {
                !self.links_from(Kind::Evidence, &evidence.id).any(|link| names_this(&link.node.id, name))
            })
            .collect();
        for name in lost {
            let to = self.refer(Kind::Control, name);
            self.link_stated(this, Relation::EvidenceFor, to);
        }
    }

    fn link_session(&mut self, session: &PsaSession) {
        let from = self.add(Kind::Session, &session.id);
        for discussion in &session.discussed {
            let to = self.refer(Kind::Hazard, &discussion.hazard);
            let (relation, basis) = (Relation::Discussed, LinkBasis::Stated);
            self.draw(Edge { from, to, relation, basis, decision: discussion.decision });
        }
        for raised in session.new_hazards.iter().filter_map(|raised| raised.hazard.as_ref()) {
            let to = self.refer(Kind::Hazard, raised);
            self.link_stated(from, Relation::Raised, to);
        }
        for action in &session.actions {
            let this = self.add(Kind::Action, &within(&session.id, &action.id));
            self.link_stated(from, Relation::Agreed, this);
            if let Some(hazard) = &action.hazard {
                let hazard = self.refer(Kind::Hazard, hazard);
                self.link_stated(this, Relation::ActionFor, hazard);
            }
        }
    }

    fn link_to_hazards(&mut self, kind: Kind, id: &str, hazards: &[String]) {
        let this = self.add(kind, id);
        for hazard in hazards {
            let hazard = self.refer(Kind::Hazard, hazard);
            self.link_stated(this, Relation::BearsOn, hazard);
        }
    }

    fn link_recipient(&mut self, from: usize, recipient: Option<&str>) {
        if let Some(recipient) = recipient.map(str::trim).filter(|recipient| !recipient.is_empty()) {
            let recipient = self.add(Kind::Recipient, recipient);
            self.link_stated(from, Relation::TransferredTo, recipient);
        }
    }
}

/// Ids of causes and controls are unique within their hazard, those of actions within their session.
pub(super) fn within(outer: &str, id: &str) -> String {
    format!("{outer}/{id}")
}
