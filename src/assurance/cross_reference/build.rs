//! Puts the cross-reference together: each thing with what answers it.
//!
//! What rows are made from is here, with the row of a hazard; the rows of items are in `item`, those of sessions
//! and their actions in `session`.

mod item;
mod session;

use super::{AbsentEvidence, CrossReference, HazardRow, rules};
use crate::assurance::Subject;
use crate::assurance::graph::{Graph, Link, NodeId, Relation};
use crate::case::hazard::Hazard;
use crate::case::person::Person;
use std::collections::HashMap;

impl CrossReference {
    #[must_use]
    pub fn of(subject: &Subject<'_>, graph: &Graph, absent: &AbsentEvidence<'_>) -> Self {
        let case = subject.case;
        let hazards = &case.hazard_log.hazards;
        let rows =
            Rows { graph, hazards: graph.logged().zip(hazards).collect(), people: &case.people, absent };
        let mut cross_reference = Self {
            items: rows.items(subject),
            hazards: graph.logged().zip(hazards).map(|(at, hazard)| rows.hazard(at, hazard)).collect(),
            sessions: case.psa.iter().map(|session| rows.session(session)).collect(),
            actions: session::action_rows(subject),
            absent_evidence: absent_evidence(subject, absent),
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
    hazards: HashMap<NodeId, &'a Hazard>,
    people: &'a [Person],
    absent: &'a AbsentEvidence<'a>,
}

impl<'a> Rows<'a> {
    fn hazard(&self, at: NodeId, hazard: &Hazard) -> HazardRow {
        let links = || self.graph.links_in(at);
        let is_origin = |link: &Link<'_>| matches!(link.relation, Relation::AnsweredBy | Relation::Raised);
        let origins = ids(links().filter(is_origin));
        let sessions = ids(self.reviews(at));
        let decisions = links().filter_map(|link| Some((link.decision?, link.node.id.clone())));
        HazardRow {
            key: hazard.key.clone(),
            decision: decisions.last(),
            additional_controls: hazard.controls.len(),
            controls_with_evidence: rules::own_controls_with_evidence(hazard, self.absent),
            transferred_controls: hazard
                .controls
                .iter()
                .filter(|control| rules::recipient(control).is_some())
                .count(),
            exempt: rules::exemption(hazard, self.people),
            state: rules::hazard_state(hazard, !origins.is_empty(), !sessions.is_empty(), self.absent),
            sessions,
            origins,
        }
    }

    /// The sessions that discussed a hazard, by date.
    fn reviews(&self, hazard: NodeId) -> impl Iterator<Item = Link<'a>> {
        self.graph.links_in(hazard).filter(|link| link.relation == Relation::Discussed)
    }

    /// The evidence for a hazard's additional controls, as far as it is there.
    fn evidence(&self, hazard: NodeId) -> impl Iterator<Item = Link<'a>> {
        self.graph
            .controls(hazard)
            .flat_map(|control| self.graph.links_in(control))
            .filter(|link| link.relation.is_evidence() && !self.absent.contains(&link.node.id))
    }
}

fn absent_evidence(subject: &Subject<'_>, absent: &AbsentEvidence<'_>) -> Vec<String> {
    let ids = subject.case.evidence.iter().map(|evidence| &evidence.id);
    ids.filter(|id| absent.contains(id)).cloned().collect()
}

/// Keys that the log has and ids that it lacks, each once and in their order.
fn known_and_unknown<'a>(links: impl Iterator<Item = Link<'a>>) -> (Vec<String>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for link in links {
        push_once(if link.node.is_known() { &mut known } else { &mut unknown }, &link.node.id);
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

#[cfg(test)]
mod tests;
