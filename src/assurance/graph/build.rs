//! How a case becomes a graph: first everything that it has, then what refers to what.

use super::draw::Saying;
use super::{Graph, Kind, Node, NodeId, Relation, Standing};
use crate::assurance::checks;
use crate::case::Case;
use crate::case::hazard::{Cause, Control, Evidence, Hazard, Shows};
use crate::case::hazard_log::HazardLog;
use crate::case::psa::{PsaSession, by_date};
use crate::case::received::ReceivedHazard;
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::waiver::Waiver;
use std::collections::HashMap;

/// By id of the evidence: its node, and what it says that it shows.
type Shown<'a> = HashMap<&'a str, (NodeId, &'a [Shows])>;

impl Graph {
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let mut graph = Self::default();
        graph.add_log(&case.hazard_log);
        graph.add_what_else_the_case_has(case);
        case.risk_assessment.iter().for_each(|item| graph.link_item(item));
        let shows: Shown<'_> = case
            .evidence
            .iter()
            .map(|evidence| {
                (evidence.id.as_str(), (graph.add(Kind::Evidence, &evidence.id), &evidence.shows[..]))
            })
            .collect();
        graph.link_log(&case.hazard_log, &shows);
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
        case.received.iter().for_each(|received| graph.link_received(received));
        case.waivers.iter().zip(1..).for_each(|(waiver, number)| graph.link_waiver(waiver, number));
        graph
    }

    /// A hazard log that is read alone.
    #[must_use]
    pub fn of_log(log: &HazardLog) -> Self {
        let mut graph = Self::default();
        graph.add_log(log);
        graph.link_log(log, &HashMap::new());
        graph
    }

    fn add_log(&mut self, log: &HazardLog) {
        self.logged = log.hazards.iter().map(|hazard| self.add(Kind::Hazard, &hazard.key)).collect();
        log.retired.iter().for_each(|retired| self.add_retired(&retired.id));
    }

    fn add_what_else_the_case_has(&mut self, case: &Case) {
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
        for session in &case.psa {
            self.add(Kind::Session, &session.id);
        }
    }

    fn link_item(&mut self, item: &AssessedItem) {
        let this = self.add(Kind::Item, &item.id);
        self.link_to_all(this, Relation::AnsweredBy, &item.hazards);
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
            self.draw(this, Relation::TakesUp, taken_up);
        }
    }

    fn link_log(&mut self, log: &HazardLog, evidence: &Shown<'_>) {
        let hazards: Vec<NodeId> = self.logged().collect();
        for (hazard, this) in log.hazards.iter().zip(hazards) {
            self.link_hazard(this, hazard, evidence);
        }
    }

    fn link_hazard(&mut self, this: NodeId, hazard: &Hazard, evidence: &Shown<'_>) {
        let existing = hazard.existing_controls.iter().zip(std::iter::repeat(Relation::HasExistingControl));
        let additional = hazard.controls.iter().zip(std::iter::repeat(Relation::HasControl));
        let count = hazard.existing_controls.len() + hazard.controls.len();
        let mut controls: HashMap<&str, NodeId> = HashMap::with_capacity(count);
        for (control, relation) in existing.chain(additional) {
            let at = self.add_within(this, Kind::Control, &control.id, Standing::Present);
            self.draw_new(this, relation, at);
            self.link_control(at, control, evidence);
            controls.entry(&control.id).or_insert(at);
        }
        for cause in &hazard.causes {
            let at = self.add_within(this, Kind::Cause, &cause.id, Standing::Present);
            self.draw_new(this, Relation::HasCause, at);
            self.link_cause(this, at, cause, &mut controls);
        }
        self.link_recipient(this, hazard.transferred_to.as_deref());
    }

    fn link_cause<'a>(
        &mut self,
        hazard: NodeId,
        this: NodeId,
        cause: &'a Cause,
        controls: &mut HashMap<&'a str, NodeId>,
    ) {
        let saying = Saying { basis: cause.link, ..Relation::ControlledBy.into() };
        for id in &cause.controls {
            let lost = || self.add_within(hazard, Kind::Control, id, Standing::Missing);
            let control = *controls.entry(id).or_insert_with(lost);
            self.draw(this, saying, control);
        }
    }

    fn link_control(&mut self, this: NodeId, control: &Control, evidence: &Shown<'_>) {
        for id in &control.evidence {
            let known = evidence.get(id.as_str()).copied();
            let (at, shows) = known.unwrap_or_else(|| (self.refer(Kind::Evidence, id), &[]));
            for what in shows {
                let relation = match what {
                    Shows::Implementation => Relation::EvidenceOfImplementation,
                    Shows::Effectiveness => Relation::EvidenceOfEffectiveness,
                };
                self.draw(at, relation, this);
            }
            if shows.is_empty() {
                self.draw(at, Relation::EvidenceFor, this);
            }
        }
        self.link_recipient(this, control.transferred_to.as_deref());
        self.link_to_all(this, Relation::Introduces, control.introduces.items());
    }

    /// Names of controls in the evidence that lead to no control of the log.
    fn link_lost_names(&mut self, evidence: &Evidence) {
        let this = self.add(Kind::Evidence, &evidence.id);
        let lost: Vec<&String> = {
            let hazard = |node: &Node| node.within.map_or("", |hazard| &self.node(hazard).id);
            let mut linked: Vec<(&str, &str)> =
                self.links_out(this).map(|link| (link.node.id.as_str(), hazard(link.node))).collect();
            linked.sort_unstable();
            let is_control =
                |name: &str| linked.binary_search_by(|(control, _)| (*control).cmp(name)).is_ok();
            // `H01/H01.D1`, of which either part may hold a slash.
            let is_qualified = |name: &str| {
                let mut splits =
                    name.match_indices('/').map(|(slash, _)| (&name[slash + 1..], &name[..slash]));
                splits.any(|pair| linked.binary_search(&pair).is_ok())
            };
            evidence.controls.iter().filter(|name| !is_control(name) && !is_qualified(name)).collect()
        };
        for name in lost {
            let to = self.refer(Kind::Control, name);
            self.draw(this, Relation::EvidenceFor, to);
        }
    }

    fn link_session(&mut self, session: &PsaSession) {
        let this = self.add(Kind::Session, &session.id);
        for discussion in &session.discussed {
            let hazard = self.refer(Kind::Hazard, &discussion.hazard);
            let saying = Saying { decision: discussion.decision, ..Relation::Discussed.into() };
            self.draw(this, saying, hazard);
        }
        for raised in session.new_hazards.iter().filter_map(|raised| raised.hazard.as_ref()) {
            let hazard = self.refer(Kind::Hazard, raised);
            self.draw(this, Relation::Raised, hazard);
        }
        for action in &session.actions {
            let at = self.add_within(this, Kind::Action, &action.id, Standing::Present);
            self.draw_new(this, Relation::Agreed, at);
            self.link_to_all(at, Relation::ActionFor, action.hazard.as_slice());
        }
    }

    fn link_to_hazards(&mut self, kind: Kind, id: &str, hazards: &[String]) {
        let this = self.add(kind, id);
        self.link_to_all(this, Relation::BearsOn, hazards);
    }

    fn link_received(&mut self, received: &ReceivedHazard) {
        let sender = self.add(Kind::Sender, &received.from);
        let this = self.add_within(sender, Kind::Received, &received.id, Standing::Present);
        self.draw_new(sender, Relation::HandedOver, this);
        self.link_to_all(this, Relation::AdoptedBy, &received.hazards);
        self.received.push(this);
    }

    fn link_waiver(&mut self, waiver: &Waiver, number: usize) {
        let this = self.add(Kind::Waiver, &number.to_string());
        let check = match checks::check(&waiver.check) {
            Some(check) => self.add(Kind::Check, check.id),
            None => self.refer(Kind::Check, &waiver.check),
        };
        self.draw_new(this, Relation::Waives, check);
        self.link_to_all(this, Relation::LimitedTo, waiver.hazard.as_slice());
    }

    fn link_to_all(&mut self, from: NodeId, relation: Relation, hazards: &[String]) {
        for hazard in hazards {
            let hazard = self.refer(Kind::Hazard, hazard);
            self.draw(from, relation, hazard);
        }
    }

    fn link_recipient(&mut self, from: NodeId, recipient: Option<&str>) {
        if let Some(recipient) = recipient.map(str::trim).filter(|recipient| !recipient.is_empty()) {
            let recipient = self.add(Kind::Recipient, recipient);
            self.draw(from, Relation::TransferredTo, recipient);
        }
    }
}
