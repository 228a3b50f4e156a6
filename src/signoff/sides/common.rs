//! What a case and a hazard log alone can both say.

use serde_json::Value;

/// What a case says of a log, and what it takes to read it; the rest of a case is not in a log.
const OF_A_LOG: [&str; 3] = ["hazard_log", "risk_policy", "risk_policies"];
/// What no layout of a spreadsheet holds, and the supplement of a case says of its log.
const OF_HAZARDS: [&str; 6] = [
    "condition",
    "initial_acceptance",
    "residual_acceptance",
    "severity_reason",
    "risk_benefit",
    "reappraisal",
];
const OF_CONTROLS: [&str; 2] = ["introduces", "evidence"];

/// Leaves of a case what a hazard log can say, and says what that is held against which. A field of the supplement
/// that the log says of no hazard at all it does not know; its silence is no change.
pub(super) fn reduce(case: &mut Value, log: &mut Value, case_name: &str, log_name: &str) -> Vec<String> {
    if let Some(members) = case.as_object_mut() {
        members.retain(|name, _| OF_A_LOG.contains(&name.as_str()));
    }
    let mut left_out = false;
    for field in OF_HAZARDS {
        left_out |= leave_out(case, log, &hazards, field);
    }
    for field in OF_CONTROLS {
        left_out |= leave_out(case, log, &controls, field);
    }
    left_out |= leave_out(case, log, &|case| case.get_mut("hazard_log").into_iter().collect(), "retired");
    let mut notes = vec![format!(
        "{log_name} is a hazard log alone: of {case_name} only the hazard log is compared with it."
    )];
    if left_out {
        notes.push(
            "What the supplement of the case adds to its log (such as who accepted a risk) is not compared either, \
             because the other log says nothing of it."
                .to_owned(),
        );
    }
    notes
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
        _ => true,
    }
}
