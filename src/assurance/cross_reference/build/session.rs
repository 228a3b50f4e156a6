//! Rows of the PSA sessions, and of the actions that they agreed.

use super::{Rows, known_and_unknown};
use crate::assurance::Subject;
use crate::assurance::cross_reference::{ActionRow, SessionRow, rules};
use crate::assurance::graph::{Kind, Link, Relation};
use crate::case::psa::{ActionState, PsaSession};

impl Rows<'_> {
    pub(super) fn session(&self, session: &PsaSession) -> SessionRow {
        let at = self.graph.find(Kind::Session, &session.id);
        let links = at.into_iter().flat_map(|at| self.graph.links_out(at));
        let of_hazards = |link: &Link<'_>| matches!(link.relation, Relation::Discussed | Relation::Raised);
        let (hazards, unknown_hazards) = known_and_unknown(links.filter(of_hazards));
        SessionRow {
            id: session.id.clone(),
            kind: session.kind.clone(),
            date: session.date,
            open_actions: session.actions.iter().filter(|action| action.state == ActionState::Open).count(),
            state: rules::session_state(session, &hazards, &unknown_hazards),
            hazards,
            unknown_hazards,
        }
    }
}

pub(super) fn action_rows(subject: &Subject<'_>) -> Vec<ActionRow> {
    let as_of = subject.as_of;
    let of_session = |session: &PsaSession| {
        session
            .actions
            .iter()
            .map(|action| ActionRow {
                id: action.id.clone(),
                session: session.id.clone(),
                text: action.text.clone(),
                owner: action.owner.clone(),
                due: action.due,
                closed: action.state == ActionState::Closed,
                overdue: rules::is_overdue(action, as_of),
                hazard: action.hazard.clone(),
                state: rules::action_state(action, as_of),
            })
            .collect::<Vec<_>>()
    };
    subject.case.psa.iter().flat_map(of_session).collect()
}
