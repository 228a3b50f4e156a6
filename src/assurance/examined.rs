//! A case as the checks see it: with what several of them need, worked out once.

use super::approvals::Approvals;
use super::cross_reference::{AbsentEvidence, CrossReference};
use super::graph::Graph;
use super::text::Texts;
use super::{LogSubject, Subject};
use crate::case::digest::Digests;
use crate::parallel::side_by_side;

/// A case with what several checks and the verdict need of it, worked out once.
#[derive(Debug)]
pub struct Examined<'a> {
    pub subject: Subject<'a>,
    pub texts: Texts,
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
        let ((digests, texts), (graph, cross_reference)) = side_by_side(
            || (Digests::of(subject.case), Texts::of_case(subject.case)),
            || {
                let graph = Graph::of(subject.case);
                let cross_reference = CrossReference::of(subject, &graph, &absent);
                (graph, cross_reference)
            },
        );
        Self {
            subject: *subject,
            texts,
            approvals: Approvals::of(subject, &digests),
            graph,
            absent,
            cross_reference,
            digests,
        }
    }

    /// The part that concerns the hazard log.
    #[must_use]
    pub fn log(&self) -> LogSubject<'_> {
        self.subject.log(&self.graph)
    }
}
