//! What the minutes of PSA sessions tell besides their records: `/data/minutes.json`.

use crate::assurance::attendance;
use crate::case::Case;
use crate::case::psa::{PsaSession, by_date};
use serde::Serialize;
use serde_json::Value;

/// A session, by its place among those of the case.
#[derive(Debug, Serialize)]
struct Session {
    index: usize,
    /// Everybody was there whom the risk policy asks for.
    attendance_met: bool,
    /// That in a sentence.
    attendance: String,
}

/// The sessions in the order of their dates, each with what the engine says of who was there.
pub(super) fn told(case: &Case) -> Value {
    let index = |session: &PsaSession| case.psa.iter().position(|other| std::ptr::eq(other, session));
    let sessions: Vec<Session> = by_date(&case.psa)
        .into_iter()
        .filter_map(|session| {
            let attendance_met = attendance::is_met(case, session);
            Some(Session { index: index(session)?, attendance_met, attendance: words(case, attendance_met) })
        })
        .collect();
    serde_json::to_value(sessions).unwrap_or_default()
}

fn words(case: &Case, is_met: bool) -> String {
    let who = attendance::demanded(case);
    let policy = attendance::demanded_by(case).map_or_else(String::new, |policy| format!(" {policy}"));
    if is_met {
        format!("Recorded as present: {who}.{policy}")
    } else {
        format!(
            "Not all recorded as present: {who}.{policy} At least one session of a release has to have them."
        )
    }
}
