//! The graph's JSON form: nodes and edges, each in an order that does not depend on that of the inputs.

use super::{Graph, Kind, Node, Relation};
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

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Question => "question",
            Self::Point => "point",
            Self::Step => "step",
            Self::Hazard => "hazard",
            Self::Cause => "cause",
            Self::Control => "control",
            Self::Evidence => "evidence",
            Self::Session => "session",
            Self::Action => "action",
            Self::TestIssue => "test-issue",
            Self::Incident => "incident",
            Self::Recipient => "recipient",
            Self::Clause => "clause",
            Self::Section => "section",
            Self::Part => "part",
        }
    }
}

impl Serialize for Graph {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<String> =
            self.nodes.iter().map(|Node { kind, id, .. }| format!("{}:{id}", kind.word())).collect();
        let mut nodes: Vec<NodeForm<'_>> = self
            .nodes
            .iter()
            .zip(&names)
            .map(|(node, id)| NodeForm { id, kind: if node.known { node.kind.word() } else { "unknown" } })
            .collect();
        nodes.sort();
        let mut edges: Vec<EdgeForm<'_>> = self
            .edges
            .iter()
            .map(|edge| EdgeForm {
                from: &names[edge.from],
                relation: edge.relation,
                to: &names[edge.to],
                basis: edge.basis,
                decision: edge.decision,
            })
            .collect();
        edges.sort_by_key(|edge| (edge.from, edge.relation, edge.to));
        Form { nodes, edges }.serialize(serializer)
    }
}
