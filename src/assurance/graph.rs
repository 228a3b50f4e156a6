//! The cross-reference as one graph: what the case holds, and what refers to what.
//!
//! The completeness rows, the checks for loose ends and the JSON output all read this value, so they cannot
//! see different links. A reference to something that the case does not have is kept: it leads to a node
//! that is missing, which is what a loose end is.
//!
//! A node is a number, and what it holds of its own (a hazard its causes and controls, a session its actions)
//! is told by where it stands, not by a name put together: an id may hold any character.
//!
//! What the nodes and links are is here and in `node`, how either comes into a graph in `draw`, how a
//! case becomes a graph in `build`, how the clauses come into it in `clause`, its JSON form in `json`.

mod build;
mod clause;
mod draw;
mod json;
mod node;

pub use node::{Kind, Node, NodeId, Relation, Standing};

use crate::case::hazard::LinkBasis;
use crate::case::psa::Decision;
use std::collections::HashMap;
use std::iter::successors;

/// A link as it is seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub relation: Relation,
    /// Whether somebody stated it, or it was only taken from equal numbers.
    pub basis: LinkBasis,
    /// What the session decided, where the link is a discussion.
    pub decision: Option<Decision>,
    /// The other end.
    pub at: NodeId,
    pub node: &'a Node,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: Vec<Node>,
    /// In the order in which the case says them; sessions by date.
    edges: Vec<Edge>,
    /// The edges that begin and that end at each node.
    outgoing: Vec<Chain>,
    incoming: Vec<Chain>,
    /// By kind and id, what is not within something else.
    names: HashMap<Kind, HashMap<String, NodeId>>,
    logged: Vec<NodeId>,
    received: Vec<NodeId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: NodeId,
    to: NodeId,
    relation: Relation,
    basis: LinkBasis,
    decision: Option<Decision>,
    /// The next edge from the same node, and to the same node.
    next_out: Option<usize>,
    next_in: Option<usize>,
}

/// The edges at one side of a node: a chain through the list of all edges, so that no node has a list of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Chain {
    first: Option<usize>,
    last: Option<usize>,
    length: usize,
}

impl Graph {
    /// The hazards of the log, in its order.
    pub fn logged(&self) -> impl Iterator<Item = NodeId> {
        self.logged.iter().copied()
    }

    /// The hazards that others handed over, in the order of their file.
    pub fn received(&self) -> impl Iterator<Item = NodeId> {
        self.received.iter().copied()
    }

    /// The causes of a hazard, in the order of the log.
    pub fn causes(&self, hazard: NodeId) -> impl Iterator<Item = NodeId> {
        self.related(hazard, Relation::HasCause)
    }

    /// The additional controls of a hazard, in the order of the log.
    pub fn controls(&self, hazard: NodeId) -> impl Iterator<Item = NodeId> {
        self.related(hazard, Relation::HasControl)
    }

    /// Every control of a hazard, the existing ones first.
    pub fn all_controls(&self, hazard: NodeId) -> impl Iterator<Item = NodeId> {
        self.related(hazard, Relation::HasExistingControl).chain(self.controls(hazard))
    }

    /// A control of the log answers this cause.
    #[must_use]
    pub fn is_answered(&self, cause: NodeId) -> bool {
        self.links_out(cause).any(|link| link.relation == Relation::ControlledBy && link.node.is_known())
    }

    /// The control answers a cause.
    #[must_use]
    pub fn answers(&self, control: NodeId) -> bool {
        self.links_in(control).any(|link| link.relation == Relation::ControlledBy)
    }

    /// Whether an item takes up this TOM question, or looks at this point or step.
    #[must_use]
    pub fn is_taken_up(&self, kind: Kind, id: &str) -> bool {
        let taken_up = |at| self.links_in(at).any(|link| link.relation == Relation::TakesUp);
        self.find(kind, id).is_some_and(taken_up)
    }

    /// The node of this id, where it is within nothing else.
    #[must_use]
    pub fn find(&self, kind: Kind, id: &str) -> Option<NodeId> {
        self.names.get(&kind)?.get(id).copied()
    }

    #[must_use]
    pub fn node(&self, at: NodeId) -> &Node {
        &self.nodes[at.0]
    }

    /// The case has this, or had it and says why it no longer does.
    #[must_use]
    pub fn knows(&self, kind: Kind, id: &str) -> bool {
        self.find(kind, id).is_some_and(|at| self.node(at).is_known())
    }

    /// The links that begin at a node, in the order in which the case says them.
    pub fn links_out(&self, at: NodeId) -> impl Iterator<Item = Link<'_>> {
        let first = self.outgoing[at.0].first.map(|index| &self.edges[index]);
        let edges = successors(first, |edge| edge.next_out.map(|next| &self.edges[next]));
        edges.map(|edge| self.link(edge, edge.to))
    }

    /// The links that end at a node.
    pub fn links_in(&self, at: NodeId) -> impl Iterator<Item = Link<'_>> {
        let first = self.incoming[at.0].first.map(|index| &self.edges[index]);
        let edges = successors(first, |edge| edge.next_in.map(|next| &self.edges[next]));
        edges.map(|edge| self.link(edge, edge.from))
    }

    fn related(&self, at: NodeId, relation: Relation) -> impl Iterator<Item = NodeId> {
        self.links_out(at).filter(move |link| link.relation == relation).map(|link| link.at)
    }

    fn link(&self, edge: &Edge, end: NodeId) -> Link<'_> {
        let Edge { relation, basis, decision, .. } = *edge;
        Link { relation, basis, decision, at: end, node: self.node(end) }
    }
}

#[cfg(test)]
mod tests;
