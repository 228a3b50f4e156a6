//! A case as the checks see it: with what several of them need, worked out once.

use super::approvals::Approvals;
use super::checks::documents::Told;
use super::cross_reference::{AbsentEvidence, CrossReference};
use super::graph::Graph;
use super::text::Texts;
use super::{LogSubject, Subject};
use crate::case::Case;
use crate::case::digest::Digests;
use crate::parallel::side_by_side;

/// What is worked out of a case by itself, whatever it is judged by.
#[derive(Debug)]
pub struct Content {
    pub texts: Texts,
    pub digests: Digests,
    pub graph: Graph,
    pub(super) told: Vec<Told>,
}

impl Content {
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let (digests, (graph, texts, told)) = side_by_side(
            || Digests::of(case),
            || (Graph::of(case), Texts::of_case(case), Told::all(case).collect()),
        );
        Self { texts, digests, graph, told }
    }
}

/// A case with what several checks and the verdict need of it, worked out once.
#[derive(Debug)]
pub struct Examined<'a> {
    pub subject: Subject<'a>,
    pub texts: Texts,
    /// What was typed by hand or made elsewhere, to be held against the log.
    pub(super) told: Vec<Told>,
    pub digests: Digests,
    pub approvals: Approvals,
    pub graph: Graph,
    /// Evidence that is named and not there.
    pub absent: AbsentEvidence<'a>,
    pub cross_reference: CrossReference,
}

impl<'a> Examined<'a> {
    /// `content` is that of the subject's case.
    #[must_use]
    pub fn of(subject: &Subject<'a>, content: Content) -> Self {
        let Content { texts, digests, graph, told } = content;
        let absent = AbsentEvidence::of(subject);
        Self {
            subject: *subject,
            texts,
            told,
            approvals: Approvals::of(subject, &digests),
            cross_reference: CrossReference::of(subject, &graph, &absent),
            graph,
            absent,
            digests,
        }
    }

    /// The part that concerns the hazard log.
    #[must_use]
    pub fn log(&self) -> LogSubject<'_> {
        self.subject.log(&self.graph)
    }
}
