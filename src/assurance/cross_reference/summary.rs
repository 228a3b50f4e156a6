//! What the cross-reference adds up to: the counts, and every gap by name.

use super::{ActionRow, CrossReference, CrossReferenceCounts, Gap, ItemRow, SessionRow, State};

impl CrossReference {
    pub(super) fn count(&self) -> CrossReferenceCounts {
        let items = |wanted: fn(&State) -> bool| self.items.iter().filter(|row| wanted(&row.state)).count();
        CrossReferenceCounts {
            items: self.items.len(),
            items_answered: items(|state| matches!(state, State::EvidenceFound)),
            items_partly: items(|state| matches!(state, State::PartlyFound(_))),
            items_not_applicable: items(|state| matches!(state, State::NotApplicable(_))),
            items_unanswered: items(|state| matches!(state, State::NoneFound | State::AwaitingLaterPhase(_))),
            hazards: self.hazards.len(),
            hazards_without_origin: self.hazards.iter().filter(|row| row.origins.is_empty()).count(),
            hazards_not_reviewed: self.hazards.iter().filter(|row| row.sessions.is_empty()).count(),
            sessions: self.sessions.len(),
            actions: self.actions.len(),
            actions_open: self.actions.iter().filter(|row| !row.closed).count(),
            actions_overdue: self.actions.iter().filter(|row| row.overdue).count(),
        }
    }

    /// Every gap once, with the thing that has it: what a hazard lacks is not repeated for each item
    /// that names the hazard.
    pub(super) fn find_gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        self.items.iter().for_each(|row| item_gaps(row, &mut gaps));
        self.hazards.iter().for_each(|row| state_gap(&row.key, &row.state, &mut gaps));
        self.sessions.iter().for_each(|row| session_gaps(row, &mut gaps));
        self.actions.iter().for_each(|row| action_gaps(row, &mut gaps));
        gaps
    }
}

fn gap(gaps: &mut Vec<Gap>, subject: &str, message: String) {
    gaps.push(Gap { subject: subject.to_owned(), message });
}

fn item_gaps(row: &ItemRow, gaps: &mut Vec<Gap>) {
    for hazard in &row.unknown_hazards {
        gap(gaps, &row.id, format!("{} names hazard {hazard}, which is not in the hazard log.", row.id));
    }
    if row.state == State::NoneFound && row.unknown_hazards.is_empty() {
        let message = format!("{} has neither a hazard nor a reason why none is needed.", row.id);
        gap(gaps, &row.id, message);
    }
}

fn state_gap(key: &str, state: &State, gaps: &mut Vec<Gap>) {
    match state {
        State::PartlyFound(missing) => {
            gap(gaps, key, format!("{key} {}.", missing.replace("; ", " and ")));
        }
        State::NoneFound => {
            gap(gaps, key, format!("{key} has no origin, no review at a PSA session and no evidence."));
        }
        State::EvidenceFound | State::AwaitingLaterPhase(_) | State::NotApplicable(_) => {}
    }
}

fn session_gaps(row: &SessionRow, gaps: &mut Vec<Gap>) {
    match &row.state {
        State::PartlyFound(missing) => {
            gap(gaps, &row.id, format!("PSA session {}: {missing}.", row.id));
        }
        State::NoneFound => gap(gaps, &row.id, format!("PSA session {} discussed no hazard.", row.id)),
        State::EvidenceFound | State::AwaitingLaterPhase(_) | State::NotApplicable(_) => {}
    }
}

fn action_gaps(row: &ActionRow, gaps: &mut Vec<Gap>) {
    let message = match (row.closed, row.due) {
        (false, Some(due)) if row.overdue => format!("Action {} was due on {due:#} and is open.", row.id),
        (false, None) => format!("Action {} is open and has no due date.", row.id),
        _ => return,
    };
    gap(gaps, &row.id, message);
}
