//! What is unusual about an approval that somebody is about to record.

use crate::assurance::approvals::{may_sign_tom, name_of_person, void};
use crate::assurance::issues::is_issued;
use crate::assurance::{Assurance, Subject, version};
use crate::case::Date;
use crate::case::approval::{Approval, ApprovedDocument};

/// What is to be said before the approval is recorded, a sentence each.
pub(super) fn cautions(
    subject: &Subject<'_>,
    assurance: &Assurance,
    fixed_as_of: Option<Date>,
    approval: &Approval,
) -> Vec<String> {
    let all = [
        recorded_later(approval),
        without_version(approval),
        not_issued(subject, approval),
        other_content(subject, approval),
        in_place_of_own_word(subject, approval),
        not_required(subject, assurance, approval),
        fixed_as_of.filter(|as_of| *as_of < approval.date).map(|as_of| {
            format!(
                "The case is judged by {as_of:#} (as_of in case.toml), and so does not count this approval until that is {:#} or later.",
                approval.date
            )
        }),
    ];
    all.into_iter().flatten().collect()
}

fn recorded_later(approval: &Approval) -> Option<String> {
    let recorded = approval.recorded.filter(|recorded| *recorded != approval.date)?;
    Some(format!("Recorded today, {recorded:#}, as given on {:#}.", approval.date))
}

fn without_version(approval: &Approval) -> Option<String> {
    let lacks = approval.version.is_none() && approval.document != ApprovedDocument::Tom;
    lacks
        .then(|| format!("The {} gives no version; an approval is of one version.", approval.document.name()))
}

/// An issue may give the report another date, which is part of what is approved.
fn not_issued(subject: &Subject<'_>, approval: &Approval) -> Option<String> {
    let version = approval.version.as_deref().filter(|_| approval.document == ApprovedDocument::Cscr)?;
    (!is_issued(subject, ApprovedDocument::Cscr))
        .then(|| format!("Version {version} of the report was not issued; issue it first, so that what is approved is kept as that version."))
}

fn other_content(subject: &Subject<'_>, approval: &Approval) -> Option<String> {
    let wanted = approval.version.as_deref().filter(|_| !is_issued(subject, approval.document))?;
    let other = subject.approvals.iter().find(|record| {
        record.document == approval.document
            && record.version.as_deref().is_some_and(|version| version::same(version, wanted))
            && record.content_digest != approval.content_digest
            && void(subject, record).is_none()
    })?;
    let name = name_of_person(subject.case, &other.person);
    Some(format!(
        "{name} approved version {wanted} of the {} on {:#} with other content; give it the next version, or issue it as it is now.",
        approval.document.name(),
        other.date
    ))
}

/// Until there is a record of the Clinical Safety Officer, the plan says itself that it is approved.
fn in_place_of_own_word(subject: &Subject<'_>, approval: &Approval) -> Option<String> {
    let is_first = !subject
        .approvals
        .iter()
        .any(|record| record.document == ApprovedDocument::Plan && record.person == approval.person);
    let is_by_cso = subject.case.cso.as_ref() == Some(&approval.person);
    let plan = subject
        .case
        .plan
        .as_ref()
        .filter(|_| approval.document == ApprovedDocument::Plan && is_first && is_by_cso)?;
    let by = name_of_person(subject.case, plan.approved_by.as_deref()?);
    let on = plan.approved_on.map(|on| format!(" on {on:#}")).unwrap_or_default();
    Some(format!(
        "Until now the plan's own word counts, that {by} approved it{on} (case.toml); from now on this approval does, and only for the plan as it is."
    ))
}

/// Nobody waits for this person's approval of the document, or it would not count for what is waited for.
fn not_required(subject: &Subject<'_>, assurance: &Assurance, approval: &Approval) -> Option<String> {
    let name = approval.name.as_deref().unwrap_or(&approval.person);
    let document = approval.document.name();
    let no_requirement = || format!("No requirement rests on an approval of the {document} by {name}.");
    match approval.document {
        ApprovedDocument::Cscr | ApprovedDocument::HazardLog => {
            let is_named = assurance.approvals.iter().any(|required| {
                required.document == approval.document && required.person.as_ref() == Some(&approval.person)
            });
            (!is_named).then(no_requirement)
        }
        ApprovedDocument::Plan => (subject.case.cso.as_ref() != Some(&approval.person)).then(no_requirement),
        ApprovedDocument::Tom => {
            let may =
                subject.case.person(&approval.person).is_some_and(|person| may_sign_tom(subject, person));
            (!may).then(|| {
                format!("A Clinical Safety Officer or a registered social care professional signs off a {document}; neither the role nor the register of {name} says that they are one, and so this does not count.")
            })
        }
    }
}
