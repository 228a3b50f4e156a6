//! The as-of date: the one that a case is judged by when nobody names another.

use crate::case::approval::Approval;
use crate::case::hazard_log::HazardLog;
use crate::case::{Case, Date};

/// The latest date of something that has happened, as the inputs tell it. What is still to come, such as
/// a due date or an expiry, is not looked at.
#[must_use]
pub fn latest(case: &Case, approvals: &[Approval]) -> Option<Date> {
    let stated = of_documents(case).filter_map(Date::parse_stated);
    of_records(case).chain(stated).chain(approvals.iter().map(|approval| approval.date)).max()
}

/// The latest date on a hazard log's cover and in its history.
#[must_use]
pub fn latest_of_log(log: &HazardLog) -> Option<Date> {
    of_log(log).filter_map(Date::parse_stated).max()
}

fn of_log(log: &HazardLog) -> impl Iterator<Item = &str> {
    let revisions = log.revisions.iter().map(|revision| &revision.date);
    let signatories = log.reviewers.iter().chain(&log.approvers).map(|signatory| &signatory.date);
    revisions.chain(signatories).chain([&log.version_date]).filter_map(|date| date.as_deref())
}

/// Dates as documents state them, in whatever form.
fn of_documents(case: &Case) -> impl Iterator<Item = &str> {
    let document = &case.document;
    let revisions = document.revisions.iter().map(|revision| &revision.date);
    let signatories = document.reviewers.iter().chain(&document.approvers).map(|signatory| &signatory.date);
    revisions.chain(signatories).filter_map(|date| date.as_deref()).chain(of_log(&case.hazard_log))
}

/// Dates of what was recorded as done. What is itself judged by the date is not among them: a waiver of a day to
/// come would put itself in force.
fn of_records(case: &Case) -> impl Iterator<Item = Date> {
    let single = [
        case.document.issue_date,
        case.release.date,
        case.pre_delivery_review.as_ref().and_then(|review| review.date),
        case.plan.as_ref().and_then(|plan| plan.approved_on),
        case.process_review.as_ref().and_then(|review| review.last_reviewed),
        case.incident_log.as_ref().map(|log| log.complete_up_to),
    ];
    let conditions = case.conditions().map(|set| set.condition.met);
    let people = case.people.iter().map(|person| person.registration.as_ref()?.checked);
    let competence = case.competence.iter().map(|record| record.date);
    let incidents = case.incidents.iter().flat_map(|incident| [incident.reported, incident.resolved]);
    let sessions = case.psa.iter().map(|session| Some(session.date));
    let actions = case.psa.iter().flat_map(|session| &session.actions).map(|action| action.closed);
    let evidence = case.evidence.iter().map(|item| item.date);
    let acceptances = case
        .hazard_log
        .hazards
        .iter()
        .flat_map(|hazard| [&hazard.initial_acceptance, &hazard.residual_acceptance])
        .map(|acceptance| acceptance.as_ref().map(|acceptance| acceptance.on));
    let hazards = &case.hazard_log.hazards;
    let weighed = hazards.iter().map(|hazard| hazard.risk_benefit.as_ref()?.on);
    let retired = case.hazard_log.retired.iter().map(|retired| Some(retired.on));
    single
        .into_iter()
        .chain(weighed)
        .chain(retired)
        .chain(conditions)
        .chain(people)
        .chain(competence)
        .chain(incidents)
        .chain(sessions)
        .chain(actions)
        .chain(evidence)
        .chain(acceptances)
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::files::tests::case_folder;
    use crate::intake::manifest::ResolvedManifest;

    fn case(text: &str) -> Case {
        let (_directory, folder) = case_folder(&[("case.toml", &format!("[product]\nname = \"x\"\n{text}"))]);
        ResolvedManifest::read(&folder).unwrap().case
    }

    #[test]
    fn the_latest_past_date_counts_whatever_its_form() {
        let mut case = case(
            "[release]\ndate = 2026-03-01\n[[document.revisions]]\nversion = \"1\"\ndate = \"04.03.2026\"\n",
        );
        assert_eq!(latest(&case, &[]), Date::new(2026, 3, 4));
        case.hazard_log.version_date = Some("5 March 2026".to_owned());
        assert_eq!(latest(&case, &[]), Date::new(2026, 3, 5));
        case.hazard_log.version_date = Some("late March 2026".to_owned());
        assert_eq!(latest(&case, &[]), Date::new(2026, 3, 4));
        case.hazard_log.retired.push(crate::case::hazard_log::RetiredHazard {
            id: "H1".to_owned(),
            on: Date::new(2026, 3, 6).unwrap(),
            by: "a".to_owned(),
            reason: "Twice".to_owned(),
        });
        assert_eq!(latest(&case, &[]), Date::new(2026, 3, 6));
    }

    #[test]
    fn what_is_to_come_does_not_count() {
        let person = "[[people]]\nid = \"a\"\nname = \"A\"\nregistration = { body = \"GMC\", checked = 2026-01-01, expires = 2030-01-01 }\n";
        assert_eq!(latest(&case(person), &[]), Date::new(2026, 1, 1));
        assert_eq!(latest(&case(""), &[]), None);
    }
}
