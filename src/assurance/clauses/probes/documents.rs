//! The file, the plan, the hazard log and the reports as documents (3.1 to 3.5).

use super::super::sight::named;
use super::{Scene, Sight, is_given, part, plural, section};
use crate::assurance::ApprovalRecord;
use crate::assurance::approvals::plan_not_approved;
use crate::assurance::check::Examined;
use crate::assurance::prose::holds;
use crate::assurance::version;
use crate::case::approval::ApprovedDocument;
use crate::case::document::RelatedDocument;
use crate::case::folding::folded;

fn titled<'a>(scene: &Scene<'a>, words: &str) -> Option<&'a RelatedDocument> {
    let documents = &scene.case().document.related_documents;
    documents.iter().find(|document| document.title.to_lowercase().contains(words))
}

/// What a deploying organisation gets from the manufacturer.
pub(super) fn supplier_documents(scene: &Scene<'_>) -> Sight {
    let of_manufacturer = |words: &str| {
        let documents = &scene.case().document.related_documents;
        documents.iter().any(|document| {
            let title = document.title.to_lowercase();
            title.contains(words) && (title.contains("manufacturer") || title.contains("supplier"))
        })
    };
    let missing: Vec<&str> = [("safety case", "safety case report"), ("hazard log", "hazard log")]
        .into_iter()
        .filter(|(words, _)| !of_manufacturer(words))
        .map(|(_, name)| name)
        .collect();
    match missing[..] {
        [] => Sight::found("The manufacturer's safety case report and hazard log are named. Whether they were reviewed, the engine cannot see"),
        [one] => Sight::partly(format!(
            "Of the manufacturer's safety case report and hazard log one is named; no related document is called the {one}"
        )),
        _ => Sight::none("No related document is called the manufacturer's safety case report or hazard log"),
    }
    .shown_at(section("document-management"))
}

pub(super) fn documents_and_evidence(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let absent = &scene.examined.absent;
    let documents = case.document.related_documents.len();
    let lost: Vec<&str> =
        case.evidence.iter().map(|evidence| evidence.id.as_str()).filter(|id| absent.contains(id)).collect();
    let records = case.evidence.len() - lost.len();
    let held = format!("{}, {} of evidence", plural_named(documents), plural(records, "record"));
    if !lost.is_empty() {
        let whose = if lost.len() == 1 { "whose file is" } else { "whose files are" };
        Sight::partly(format!("{held}, beside {} {whose} not there", named(&lost)))
    } else if documents == 0 && case.evidence.is_empty() {
        Sight::none("No related document is named and no evidence given")
    } else if case.evidence.is_empty() {
        Sight::partly(format!("{}; no evidence is given", plural_named(documents)))
    } else if documents == 0 {
        Sight::partly(format!(
            "{} of evidence; no related document is named",
            plural(case.evidence.len(), "record")
        ))
    } else {
        // What is named is not therefore filed, and what is not named cannot be missed.
        Sight::found(format!("{held}. Whether the file holds them and all others, a person has to look"))
    }
    .shown_at(section("document-management"))
    .shown_at(section("appendix-evidence"))
}

fn plural_named(documents: usize) -> String {
    format!("{} named", plural(documents, "related document"))
}

pub(super) fn decisions_recorded(scene: &Scene<'_>) -> Sight {
    let sessions = &scene.case().psa;
    let without: Vec<&str> = sessions
        .iter()
        .filter(|session| !is_given(session.minutes.as_ref()))
        .map(|session| session.id.as_str())
        .collect();
    if sessions.is_empty() {
        Sight::none("No PSA session is recorded")
    } else {
        Sight::of_each("Minutes", ("PSA session", "PSA sessions"), sessions.len(), &without)
    }
    .shown_at(section("clinical-risk-analysis"))
}

pub(super) fn plan_with_criteria(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let Some(plan) = &case.plan else {
        return Sight::none("No clinical risk management plan is given").shown_at(part("plan"));
    };
    let is_named = is_given(plan.version.as_ref())
        && (is_given(plan.title.as_ref()) || is_given(plan.reference.as_ref()));
    let mut missing = Vec::new();
    if !is_named {
        missing.push("its title or version is not given".to_owned());
    }
    if !plan.sets_criteria() {
        missing.push("which matrix and criteria it sets is not recorded".to_owned());
    }
    // A plan is made at the start: what came before it was not planned by it.
    let first = case.psa.iter().min_by_key(|session| session.date);
    let late = first.zip(plan.approved_on).filter(|(session, approved)| session.date < *approved);
    if let Some((session, approved)) = late {
        missing.push(format!(
            "it was approved on {approved:#}, after PSA session {} of {:#}",
            session.id, session.date
        ));
    }
    let criteria = plan.risk_matrix.as_deref().map(str::trim).unwrap_or_default();
    if missing.is_empty() {
        Sight::found(format!("The plan is named with its version, and sets \"{criteria}\""))
    } else {
        Sight::partly(format!("A plan is given, but {}", missing.join("; ")))
    }
    .shown_at(part("plan"))
    .shown_at(section("appendix-risk-matrix"))
}

pub(super) fn plan_approved(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let Some(plan) = &case.plan else {
        return Sight::none("No clinical risk management plan is given").shown_at(part("plan"));
    };
    let Examined { subject, digests, .. } = scene.examined;
    match plan_not_approved(plan, subject, digests) {
        None => Sight::found("Approved by the Clinical Safety Officer"),
        Some(_) if plan.approved_by.is_none() => {
            Sight::none("No approval of the plan as it is now is recorded")
        }
        Some(lack) => Sight::partly(lack.sentence.trim_end_matches('.').to_owned()),
    }
    .shown_at(part("plan"))
}

pub(super) fn log_kept(scene: &Scene<'_>) -> Sight {
    let log = &scene.case().hazard_log;
    let held = plural(log.hazards.len(), "hazard");
    match (&log.version, log.revisions.len()) {
        _ if log.hazards.is_empty() => Sight::none("The hazard log holds no hazard"),
        (None, _) => Sight::partly(format!("{held}; the log's version is not given")),
        (Some(version), 0) => {
            Sight::partly(format!("{held}, version {version}; no history of versions is given"))
        }
        (Some(cover), revisions) => {
            let version = version::of_log(log).unwrap_or_default();
            let said = format!("{held}, version {version}, {} in its history", plural(revisions, "version"));
            // Which version this is, is then in doubt.
            if version == cover.trim() { Sight::found(said) } else { Sight::partly(said) }
        }
    }
    .shown_at(section("clinical-risk-control"))
}

/// What is recorded of the required approvals of a document.
fn approval(scene: &Scene<'_>, document: ApprovedDocument, what: &str) -> Sight {
    let required: Vec<_> =
        scene.examined.approvals.iter().filter(|approval| approval.document == document).collect();
    let missing: Vec<&str> = required
        .iter()
        .filter(|approval| approval.state != ApprovalRecord::Approved)
        .map(|approval| approval.name.as_str())
        .collect();
    let stale = required.iter().any(|approval| approval.state == ApprovalRecord::Stale);
    let sight = if missing.is_empty() {
        Sight::found(format!("Every required approval of this {what} is recorded"))
    } else if missing.len() < required.len() || stale {
        let of = named(&missing);
        Sight::partly(format!("The approval of exactly this {what} is missing from {of}"))
    } else {
        Sight::none(format!("No approval of this {what} is recorded"))
    };
    sight.shown_at(part("approval"))
}

pub(super) fn log_approved(scene: &Scene<'_>) -> Sight {
    approval(scene, ApprovedDocument::HazardLog, "hazard log")
}

pub(super) fn report_approved(scene: &Scene<'_>) -> Sight {
    approval(scene, ApprovedDocument::Cscr, "report")
}

pub(super) fn log_with_report(scene: &Scene<'_>) -> Sight {
    let log = &scene.case().hazard_log;
    let named = titled(scene, "hazard log");
    let same = |a: &str, b: &str| version::same(a, b);
    let versions = version::of_log(log).unwrap_or_default();
    match (log.version.as_deref(), named.map(|document| document.version.as_deref())) {
        _ if log.hazards.is_empty() => Sight::none("No hazard log is given"),
        (_, None) => Sight::partly("The report holds the hazard log; no related document is called one"),
        (Some(of_log), Some(Some(stated))) if same(of_log, stated) && versions == of_log.trim() => {
            Sight::found(format!("The report holds hazard log version {of_log}, and names it"))
        }
        (Some(_), Some(Some(stated))) => Sight::partly(format!(
            "The report holds hazard log version {versions}; its related documents name version {}",
            stated.trim()
        )),
        _ => Sight::partly(
            "The report holds the hazard log; its version is not given, or not named in the related documents",
        ),
    }
    .shown_at(section("document-management"))
    .shown_at(section("clinical-risk-control"))
}

pub(super) fn safety_case(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let absent = &scene.examined.absent;
    let records = case.evidence.iter().filter(|evidence| !absent.contains(&evidence.id)).count();
    let parts = [
        (plural(case.hazard_log.hazards.len(), "hazard"), case.hazard_log.hazards.is_empty(), "no hazard"),
        (plural(case.psa.len(), "PSA session"), case.psa.is_empty(), "no PSA session"),
        (plural(records, "record") + " of evidence", records == 0, "no evidence"),
    ];
    let (held, missing): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(_, is_missing, _)| !is_missing);
    let held: Vec<String> = held.into_iter().map(|(held, ..)| held).collect();
    let missing: Vec<&str> = missing.into_iter().map(|(_, _, none)| none).collect();
    match (held.len(), missing.len()) {
        (_, 0) => Sight::found(format!("This report: {}", held.join(", "))),
        (0, _) => Sight::none("The case holds neither hazards nor PSA sessions nor evidence"),
        _ => Sight::partly(format!("The case holds {}; {}", held.join(" and "), missing.join(" and "))),
    }
    .shown_at(section("introduction"))
}

/// A report that does not say of which phase it is, or which version.
fn unplaced(phase: Option<&str>, version: Option<&str>) -> Sight {
    match (phase.map(str::trim), version.map(str::trim)) {
        (Some(phase), _) => Sight::partly(format!(
            "This report closes the phase \"{phase}\"; which version of the report it is, is not given"
        )),
        (None, Some(version)) => Sight::partly(format!(
            "This is version {version} of the report; which phase it closes is not given"
        )),
        (None, None) => Sight::none("The report says neither which phase it closes nor which version it is"),
    }
    .shown_at(section("introduction"))
}

/// A report for each phase that the plan's activities are of: this one, or one that is named as a related document.
pub(super) fn report_of_phase(scene: &Scene<'_>) -> Sight {
    let case = scene.case();
    let phase = match (&case.phase, &case.document.version) {
        (Some(phase), Some(_)) => phase,
        (stated, version) => return unplaced(stated.as_deref(), version.as_deref()),
    };
    let mut others: Vec<&str> = Vec::new();
    let activities = case.plan.iter().flat_map(|plan| &plan.activities);
    let phases = activities.filter_map(|activity| activity.phase.as_deref()).map(str::trim);
    let names_phase = phases.clone().any(|named| folded(named) == folded(phase));
    for other in phases {
        if !other.is_empty() && folded(other) != folded(phase) && !others.contains(&other) {
            others.push(other);
        }
    }
    let reports = || {
        let titles = case.document.related_documents.iter().map(|document| folded(&document.title));
        titles.filter(|title| holds(title, "safety case report"))
    };
    let without: Vec<&str> =
        others.iter().copied().filter(|other| !reports().any(|title| holds(&title, other))).collect();
    let this = format!("This report closes the phase \"{}\"", phase.trim());
    match (others.len(), without.len()) {
        (0, _) if names_phase => Sight::found(format!("{this}, the only one that the plan names")),
        (0, _) => Sight::partly(format!("{this}; which phases the plan names is not recorded")),
        (_, 0) => Sight::found(format!(
            "{this}; the related documents name one of each other phase of the plan: {}",
            named(&others)
        )),
        _ => Sight::partly(format!(
            "{this}; no related document is the safety case report of {}",
            named(&without)
        )),
    }
    .shown_at(section("introduction"))
    .shown_at(section("document-management"))
}

pub(super) fn report_issued(scene: &Scene<'_>) -> Sight {
    let recipients = scene.case().document.distribution.len();
    let outstanding = scene.examined.approvals.outstanding().next().is_some();
    let named = plural(recipients, "recipient");
    match recipients {
        0 => Sight::none("No recipient is named"),
        _ if outstanding => Sight::awaiting(format!("Issue, once this is approved; {named} named")),
        _ => Sight::found(format!("Approved; {named} named")),
    }
    .shown_at(section("document-management"))
}
