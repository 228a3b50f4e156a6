//! What a case and a hazard log alone can both say.

use serde_json::Value;

/// What a case says of a log, and what it takes to read it; the rest of a case is not in a log.
const OF_A_LOG: [&str; 3] = ["hazard_log", "risk_policy", "risk_policies"];
/// What a log may leave to the supplement of a case, or to nobody.
const OF_HAZARDS: [&str; 12] = [
    "category",
    "condition",
    "initial_acceptance",
    "owner",
    "reappraisal",
    "release",
    "residual_acceptance",
    "risk_benefit",
    "severity_reason",
    "state",
    "status",
    "transferred_to",
];
const OF_CONTROLS: [&str; 7] =
    ["action", "evidence", "introduces", "owner", "state", "status", "transferred_to"];

/// Leaves of a case what a hazard log can say, and says what that is held against which. A field that the log says of
/// no hazard at all it has no room for: its silence is no change.
pub(super) fn reduce(case: &mut Value, log: &mut Value, case_name: &str, log_name: &str) -> Vec<String> {
    if let Some(members) = case.as_object_mut() {
        members.retain(|name, _| OF_A_LOG.contains(&name.as_str()));
    }
    let mut left_out: Vec<String> = Vec::new();
    let mut told = |is_left_out: bool, words: String| {
        // What a status means goes with the status.
        if is_left_out && !words.starts_with("state ") {
            left_out.push(words);
        }
    };
    for field in OF_HAZARDS {
        told(leave_out(case, log, &hazards, field), format!("{} of hazards", field.replace('_', " ")));
    }
    for field in OF_CONTROLS {
        told(leave_out(case, log, &controls, field), format!("{} of controls", field.replace('_', " ")));
    }
    told(leave_out(case, log, &cover, "retired"), "retired hazards".to_owned());
    let mut notes = vec![format!(
        "{log_name} is a hazard log alone: of {case_name} only the hazard log is compared with it."
    )];
    if !left_out.is_empty() {
        let left_out = left_out.join(", ");
        notes.push(format!("Not compared, because the log alone says it of none: {left_out}."));
    }
    notes
}

fn cover(case: &mut Value) -> Vec<&mut Value> {
    case.get_mut("hazard_log").into_iter().collect()
}

fn hazards(case: &mut Value) -> Vec<&mut Value> {
    let hazards = case.pointer_mut("/hazard_log/hazards").and_then(Value::as_array_mut);
    hazards.into_iter().flatten().collect()
}

fn controls(case: &mut Value) -> Vec<&mut Value> {
    let hazards = hazards(case).into_iter().filter_map(Value::as_object_mut);
    let lists = hazards.flat_map(|hazard| {
        hazard.iter_mut().filter(|(name, _)| ["controls", "existing_controls"].contains(&name.as_str()))
    });
    lists.filter_map(|(_, list)| list.as_array_mut()).flatten().collect()
}

/// Takes a field out of both, where the log nowhere says it; whether the case says it.
fn leave_out(
    case: &mut Value,
    log: &mut Value,
    holders: &dyn Fn(&mut Value) -> Vec<&mut Value>,
    field: &str,
) -> bool {
    let says =
        |side: &mut Value| holders(side).iter().any(|holder| holder.get(field).is_some_and(says_something));
    if says(log) {
        return false;
    }
    let is_told = says(case);
    for side in [case, log] {
        for holder in holders(side).into_iter().filter_map(Value::as_object_mut) {
            holder.remove(field);
        }
    }
    is_told
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::String(word) => word != "not-given",
        _ => true,
    }
}
