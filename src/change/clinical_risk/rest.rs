//! What changed beside the hazards.

use super::{Bearing, Reason};
use crate::change::{Comparison, FieldChange, Section, SectionChange};
use Bearing::{SeemsChanged, SeemsUnchanged, Unclear};
use serde_json::Value;

pub(super) fn reasons(comparison: &Comparison) -> Vec<Reason> {
    comparison.changes.sections.iter().flat_map(of_section).collect()
}

/// The fields of a section that weigh the same are one reason.
fn of_section(section: &SectionChange) -> Vec<Reason> {
    let weighed = |wanted: Bearing| {
        let fields = section.fields.iter().filter(|field| !field.only_makes_room());
        let fields: Vec<&FieldChange> =
            fields.filter(|field| bearing(section.section, field) == wanted).collect();
        let first = fields.first()?;
        let more = match fields.len() - 1 {
            0 => String::new(),
            1 => ", and one other field there differs".to_owned(),
            more => format!(", and {more} other fields there differ"),
        };
        let what = match (&first.old, &first.new) {
            (Value::Null, _) => "is new",
            (_, Value::Null) => "is gone",
            _ => "is another",
        };
        let why = match wanted {
            SeemsChanged => format!("{what}, and risks are measured by it"),
            Unclear => what.to_owned(),
            SeemsUnchanged => format!("{what}, which bears on no risk by itself"),
        };
        Some(Reason {
            bearing: wanted,
            hazard: None,
            field: first.path.join("/"),
            why: format!("{why}{more}"),
        })
    };
    [SeemsChanged, Unclear, SeemsUnchanged].into_iter().filter_map(weighed).collect()
}

fn bearing(section: Section, field: &FieldChange) -> Bearing {
    let path: Vec<&str> = field.path.iter().map(String::as_str).collect();
    match section {
        // Of a further policy the entry stands between.
        Section::RiskPolicy => match path[..] {
            ["risk_policy", "title", ..] | ["risk_policies", _, "title", ..] | [.., "psa_attendance", _] => {
                SeemsUnchanged
            }
            _ => SeemsChanged,
        },
        Section::Psa => session(&path, field),
        Section::Product => match path[..] {
            ["release", "configuration", _, name] if name != "version" => Unclear,
            ["product", "description", ..]
            | ["release", "configuration"]
            | ["release", "configuration", _] => Unclear,
            ["product" | "organisation" | "release" | "phase", ..] => SeemsUnchanged,
            _ => Unclear,
        },
        Section::Plan => match path[..] {
            ["incidents", ..] => Unclear,
            _ => SeemsUnchanged,
        },
        Section::RiskAssessment | Section::Received | Section::Tom | Section::Other => Unclear,
        // What a retired hazard comes to is told where the hazard went.
        Section::HazardLog
        | Section::Evidence
        | Section::Narrative
        | Section::People
        | Section::Document
        | Section::Compliance
        | Section::Waivers => SeemsUnchanged,
    }
}

/// A session that was held changes no risk by itself; one that saw another rating, raised a hazard or left something to
/// be done may know of what the log does not say.
fn session(path: &[&str], field: &FieldChange) -> Bearing {
    let is_settled = match path {
        ["psa", _] if field.old.is_null() => is_quiet(&field.new),
        ["psa", _, "discussed" | "new_hazards" | "actions" | "outcome" | "conditions", ..] | ["psa", _] => {
            false
        }
        _ => true,
    };
    if is_settled { SeemsUnchanged } else { Unclear }
}

/// A session that closed or accepted what it discussed, with the rating that it had, and left nothing open.
fn is_quiet(session: &Value) -> bool {
    let list = |name: &str| session.get(name).and_then(Value::as_array).into_iter().flatten();
    let keeps = |entry: &Value| {
        let decision = entry.get("decision").and_then(Value::as_str);
        let is_settled = matches!(decision, Some("close" | "accept"));
        is_settled && (entry.get("after").is_none() || entry.get("before") == entry.get("after"))
    };
    let is_open = |action: &Value| action.get("state").is_none_or(|state| state != "closed");
    list("discussed").all(keeps)
        && list("new_hazards").next().is_none()
        && list("conditions").next().is_none()
        && !list("actions").any(is_open)
}
