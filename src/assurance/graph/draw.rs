//! How nodes and links are put into a graph.

use super::{Chain, Edge, Graph, Kind, Node, NodeId, Relation, Standing};
use crate::case::hazard::LinkBasis;
use crate::case::psa::Decision;

/// What a link says beside its two ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Saying {
    pub relation: Relation,
    pub basis: LinkBasis,
    pub decision: Option<Decision>,
}

impl From<Relation> for Saying {
    /// A link that somebody stated.
    fn from(relation: Relation) -> Self {
        Self { relation, basis: LinkBasis::Stated, decision: None }
    }
}

impl Graph {
    /// The node of something that the case has.
    pub(super) fn add(&mut self, kind: Kind, id: &str) -> NodeId {
        let at = self.refer(kind, id);
        self.nodes[at.0].standing = Standing::Present;
        at
    }

    /// The node that a reference leads to, whether or not the case has it.
    pub(super) fn refer(&mut self, kind: Kind, id: &str) -> NodeId {
        if let Some(at) = self.find(kind, id) {
            return at;
        }
        let at = self.push(Node { kind, id: id.to_owned(), within: None, standing: Standing::Missing });
        self.names.entry(kind).or_default().insert(id.to_owned(), at);
        at
    }

    /// The node of a hazard that the log no longer has, and says why.
    pub(super) fn add_retired(&mut self, id: &str) {
        let at = self.refer(Kind::Hazard, id);
        let node = &mut self.nodes[at.0];
        if node.standing == Standing::Missing {
            node.standing = Standing::Retired;
        }
    }

    /// A new node within another.
    pub(super) fn add_within(&mut self, holder: NodeId, kind: Kind, id: &str, standing: Standing) -> NodeId {
        self.push(Node { kind, id: id.to_owned(), within: Some(holder), standing })
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.outgoing.push(Chain::default());
        self.incoming.push(Chain::default());
        NodeId(self.nodes.len() - 1)
    }

    /// Draws a link, unless it is there: what is said twice is one link.
    pub(super) fn draw(&mut self, from: NodeId, saying: impl Into<Saying>, to: NodeId) {
        let saying = saying.into();
        if !self.says(from, saying, to) {
            self.draw_new(from, saying, to);
        }
    }

    /// Draws a link to or from a node that has just been made.
    pub(super) fn draw_new(&mut self, from: NodeId, saying: impl Into<Saying>, to: NodeId) {
        let Saying { relation, basis, decision } = saying.into();
        let index = self.edges.len();
        self.edges.push(Edge { from, to, relation, basis, decision, next_out: None, next_in: None });
        if let Some(last) = self.outgoing[from.0].append(index) {
            self.edges[last].next_out = Some(index);
        }
        if let Some(last) = self.incoming[to.0].append(index) {
            self.edges[last].next_in = Some(index);
        }
    }

    /// One of the two ends has few links nearly always, as a control has, so that looking through those costs less
    /// than a set of all links would.
    fn says(&self, from: NodeId, saying: Saying, to: NodeId) -> bool {
        let Saying { relation, basis, decision } = saying;
        let same = |link: &super::Link<'_>| {
            (link.relation, link.basis, link.decision) == (relation, basis, decision)
        };
        if self.outgoing[from.0].length < self.incoming[to.0].length {
            self.links_out(from).any(|link| link.at == to && same(&link))
        } else {
            self.links_in(to).any(|link| link.at == from && same(&link))
        }
    }
}

impl Chain {
    /// Gives the edge that was last so far.
    fn append(&mut self, edge: usize) -> Option<usize> {
        self.first.get_or_insert(edge);
        self.length += 1;
        self.last.replace(edge)
    }
}
