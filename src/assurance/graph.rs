//! The cross-reference as one graph: what the case holds, and what refers to what.
//!
//! The completeness rows, the checks for loose ends and the JSON output all read this value, so they cannot
//! see different links. A reference to something that the case does not have is kept: it leads to a node
//! that is not known, which is what a loose end is.
//!
//! What the nodes and links are is here, how a case becomes a graph in `build`, how the clauses come into it in
//! `clause`, its JSON form in `json`.

mod build;
mod clause;
mod json;

use crate::case::hazard::LinkBasis;
use crate::case::psa::Decision;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What a node stands for. Its id is unique among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An item of the risk assessment.
    Item,
    /// A question of the TOM.
    Question,
    /// An entry or exit point of an interface.
    Point,
    /// A step of the workflow.
    Step,
    Hazard,
    /// With the hazard's key before its id: `H01/H01.1`.
    Cause,
    /// With the hazard's key before its id: `H01/H01.D1`.
    Control,
    Evidence,
    Session,
    /// With the session's id before its own: `PSA-1/A1`.
    Action,
    TestIssue,
    Incident,
    /// Who takes on a hazard or a control.
    Recipient,
    /// A clause of the standard.
    Clause,
    /// A chapter of the report.
    Section,
    /// A part of a chapter.
    Part,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub kind: Kind,
    pub id: String,
    /// The case has it; else something refers to it and the case does not.
    pub known: bool,
}

/// What a link says, from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// An item led to a hazard.
    AnsweredBy,
    /// An item takes up a TOM question, or looks at an entry or exit point or a step of the workflow.
    TakesUp,
    HasCause,
    HasExistingControl,
    HasControl,
    /// A control answers a cause.
    ControlledBy,
    /// Evidence names a control, and does not say what it shows.
    EvidenceFor,
    EvidenceOfImplementation,
    EvidenceOfEffectiveness,
    /// A session discussed a hazard.
    Discussed,
    /// A session raised a hazard.
    Raised,
    /// A session agreed an action.
    Agreed,
    ActionFor,
    /// Another organisation takes on a hazard or a control.
    TransferredTo,
    /// A test issue or an incident bears on a hazard.
    BearsOn,
    /// A clause is met by what the link leads to.
    ShownBy,
}

impl Relation {
    #[must_use]
    pub fn is_evidence(self) -> bool {
        matches!(self, Self::EvidenceFor | Self::EvidenceOfImplementation | Self::EvidenceOfEffectiveness)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Edge {
    from: usize,
    to: usize,
    relation: Relation,
    basis: LinkBasis,
    decision: Option<Decision>,
}

/// A link as it is seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub relation: Relation,
    /// Whether somebody stated it, or it was only taken from equal numbers.
    pub basis: LinkBasis,
    /// What the session decided, where the link is a discussion.
    pub decision: Option<Decision>,
    /// The other end.
    pub node: &'a Node,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<Node>,
    /// In the order in which the case says them; sessions by date.
    edges: Vec<Edge>,
    drawn: HashSet<Edge>,
    positions: HashMap<Kind, HashMap<String, usize>>,
    /// Positions of the edges that begin and that end at each node.
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
}

impl Graph {
    /// The case has this.
    #[must_use]
    pub fn knows(&self, kind: Kind, id: &str) -> bool {
        self.position(kind, id).is_some_and(|position| self.nodes[position].known)
    }

    /// The links that begin at a node, in the order in which the case says them.
    pub fn links_from(&self, kind: Kind, id: &str) -> impl Iterator<Item = Link<'_>> {
        let edges = self.position(kind, id).map_or(&[][..], |position| &self.outgoing[position]);
        edges.iter().map(|edge| self.edges[*edge]).map(|edge| self.link(edge, edge.to))
    }

    /// The links that end at a node.
    pub fn links_to(&self, kind: Kind, id: &str) -> impl Iterator<Item = Link<'_>> {
        let edges = self.position(kind, id).map_or(&[][..], |position| &self.incoming[position]);
        edges.iter().map(|edge| self.edges[*edge]).map(|edge| self.link(edge, edge.from))
    }

    /// Whether an item takes up this TOM question, or looks at this point or step.
    #[must_use]
    pub fn is_taken_up(&self, kind: Kind, id: &str) -> bool {
        self.links_to(kind, id).any(|link| link.relation == Relation::TakesUp)
    }

    /// Says that what a clause asks for is shown by something in the case.
    fn show(&mut self, clause: &str, kind: Kind, id: &str) {
        let clause = self.add(Kind::Clause, clause);
        let shown = self.refer(kind, id);
        self.link_stated(clause, Relation::ShownBy, shown);
    }

    fn position(&self, kind: Kind, id: &str) -> Option<usize> {
        self.positions.get(&kind)?.get(id).copied()
    }

    fn link(&self, edge: Edge, end: usize) -> Link<'_> {
        let Edge { relation, basis, decision, .. } = edge;
        Link { relation, basis, decision, node: &self.nodes[end] }
    }

    /// The node of something that the case has.
    fn add(&mut self, kind: Kind, id: &str) -> usize {
        let position = self.refer(kind, id);
        self.nodes[position].known = true;
        position
    }

    /// The node that a reference leads to, known or not.
    fn refer(&mut self, kind: Kind, id: &str) -> usize {
        if let Some(position) = self.position(kind, id) {
            return position;
        }
        let position = self.nodes.len();
        self.nodes.push(Node { kind, id: id.to_owned(), known: false });
        self.outgoing.push(Vec::new());
        self.incoming.push(Vec::new());
        self.positions.entry(kind).or_default().insert(id.to_owned(), position);
        position
    }

    fn link_stated(&mut self, from: usize, relation: Relation, to: usize) {
        self.draw(Edge { from, to, relation, basis: LinkBasis::Stated, decision: None });
    }

    /// What is said twice is one link.
    fn draw(&mut self, edge: Edge) {
        if self.drawn.insert(edge) {
            self.outgoing[edge.from].push(self.edges.len());
            self.incoming[edge.to].push(self.edges.len());
            self.edges.push(edge);
        }
    }
}

#[cfg(test)]
mod tests;
