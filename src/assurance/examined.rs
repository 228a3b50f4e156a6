//! A case as the checks see it: with what several of them need, worked out once.

use super::approvals::Approvals;
use super::cross_reference::{AbsentEvidence, CrossReference};
use super::graph::Graph;
use super::parallel::side_by_side;
use super::{Digests, Subject};

/// A case with what several checks and the verdict need of it, worked out once.
#[derive(Debug)]
pub struct Examined<'a> {
    pub subject: Subject<'a>,
    pub digests: Digests,
    pub approvals: Approvals,
    pub graph: Graph,
    /// Evidence that is named and not there.
    pub absent: AbsentEvidence<'a>,
    pub cross_reference: CrossReference,
}

impl<'a> Examined<'a> {
    #[must_use]
    pub fn of(subject: &Subject<'a>) -> Self {
        let absent = AbsentEvidence::of(subject);
        let (digests, (graph, cross_reference)) = side_by_side(
            || Digests::of(subject.case),
            || {
                let graph = Graph::of(subject.case);
                let cross_reference = CrossReference::of(subject, &graph, &absent);
                (graph, cross_reference)
            },
        );
        Self {
            subject: *subject,
            approvals: Approvals::of(subject, &digests),
            graph,
            absent,
            cross_reference,
            digests,
        }
    }
}
