//! The graph's JSON form: nodes and edges, each in an order that does not depend on that of the inputs.
//! `docs/graph.md` says what they mean.

use super::{Graph, Node, Relation, Standing};
use crate::case::hazard::LinkBasis;
use crate::case::psa::Decision;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Form<'a> {
    nodes: Vec<NodeForm<'a>>,
    edges: Vec<EdgeForm<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct NodeForm<'a> {
    /// The kind and the id, such as `control:H01/H01.D1`.
    id: &'a str,
    /// `unknown` where something refers to it and the case does not have it.
    kind: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retired: bool,
}

#[derive(Serialize)]
struct EdgeForm<'a> {
    from: &'a str,
    relation: Relation,
    to: &'a str,
    basis: LinkBasis,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
}

impl Graph {
    /// What is within something has that before its own id.
    pub(super) fn name(&self, node: &Node) -> String {
        let word = node.kind.word();
        match node.within {
            Some(holder) => format!("{word}:{}/{}", part(&self.node(holder).id), part(&node.id)),
            None => format!("{word}:{}", part(&node.id)),
        }
    }
}

/// An id as a part of a name: only the name's own slash parts it.
fn part(id: &str) -> String {
    id.replace('%', "%25").replace('/', "%2F")
}

impl Serialize for Graph {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<String> = self.nodes.iter().map(|node| self.name(node)).collect();
        let mut nodes: Vec<NodeForm<'_>> = self
            .nodes
            .iter()
            .zip(&names)
            .map(|(node, id)| NodeForm {
                id,
                kind: if node.is_known() { node.kind.word() } else { "unknown" },
                retired: node.standing == Standing::Retired,
            })
            .collect();
        nodes.sort();
        let mut edges: Vec<EdgeForm<'_>> = self
            .edges
            .iter()
            .map(|edge| EdgeForm {
                from: &names[edge.from.0],
                relation: edge.relation,
                to: &names[edge.to.0],
                basis: edge.basis,
                decision: edge.decision,
            })
            .collect();
        edges.sort_by_key(|edge| (edge.from, edge.relation, edge.to, edge.basis, edge.decision));
        Form { nodes, edges }.serialize(serializer)
    }
}
