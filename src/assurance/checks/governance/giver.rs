//! Whether the record of an approval says of its giver and its day what was so, and whether it says what it did when
//! it was written.

use super::approval::approval_of;
use super::record::{numbered, path, stands};
use crate::assurance::approvals::{Current, Void, name_of_person, void};
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information};
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::folding::folded;
use crate::case::snapshot::Contradiction;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F31",
        level: Blocking,
        clause: Some("2.2.2"),
        title: "Approval of somebody whom the case now names or registers otherwise",
        why: "An approval is one person's. Where the id that it was recorded under has passed to somebody else, they have approved nothing.",
        remedy: "Have the person who now holds the role read and approve the document; where it is the same person under another name or registration, have them approve it again.",
        how: Some(
            "`cscr approve CASE --document DOCUMENT --person ID`; an id of its own for each of `[[people]]` in case.toml",
        ),
        never_waived: true,
        runs: &[Run::Case(other_people)],
        ..Check::DEFAULT
    },
    Check {
        id: "F39",
        level: Blocking,
        clause: Some("3.5.2, 3.3.2"),
        title: "Record of an approval or an issue was altered",
        why: "A record is taken from the case whose copy is kept with it. Where the two differ and the copy is as it was, somebody changed the record: what it says was not approved.",
        remedy: "Put the record back as it was, from the document store or a backup; or take it out, and have the person read the document and approve it.",
        how: Some("the entry in approvals.toml, or `history/VERSION/issue.toml`"),
        never_waived: true,
        runs: &[Run::Case(altered_approvals), Run::Case(altered_issues)],
        ..Check::DEFAULT
    },
    Check {
        id: "F40",
        level: Information,
        clause: Some("2.2.2"),
        title: "Record of an approval that leaves it open who gave it",
        why: "An id says who it is only as long as the case gives it to the same person; name and role of the day of approval say it for good.",
        remedy: "Have the person approve the document again, so that name and role are recorded.",
        how: Some("`name` and `role` in approvals.toml, which `cscr approve` writes"),
        runs: &[Run::Case(unnamed), Run::Case(other_roles)],
        ..Check::DEFAULT
    },
    Check {
        id: "F41",
        level: Information,
        clause: Some("3.5.2, 3.3.2"),
        title: "Approval recorded long after its day, without anything that shows it",
        why: "Whoever records an approval says on which day it was given; the later that is, the more a reader wants to see what shows it.",
        remedy: "Keep the e-mail, the minutes or the signed page with the case, and name it; or have the person approve on the day that it is.",
        how: Some("`means` and `evidence` of the entry in approvals.toml"),
        runs: &[Run::Case(recorded_late)],
        ..Check::DEFAULT
    },
];

/// The same person has approved the same content by a record that counts.
fn is_given_again(examined: &Examined<'_>, record: &Approval) -> bool {
    examined.subject.approvals.iter().any(|other| {
        other.document == record.document && other.person == record.person && stands(examined, other)
    })
}

fn is_of_now(examined: &Examined<'_>, record: &Approval) -> bool {
    Current::of(record.document, examined.subject.case, &examined.digests).is_approved_by(record)
}

fn other_people(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    for (number, record) in numbered(subject) {
        let is_void = void(subject, record) == Some(Void::AnotherPerson);
        if !is_void || !is_of_now(examined, record) || is_given_again(examined, record) {
            continue;
        }
        let name = name_of_person(subject.case, &record.person);
        let recorded = record.name.as_deref().unwrap_or(name);
        let now = if folded(recorded) == folded(name) {
            format!("the case now gives {name} another registration than the record has")
        } else {
            format!("the case now calls \"{}\" {name}", record.person)
        };
        let message = format!(
            "The approval of the {} on {:#} was given by {recorded} and does not count: {now}.",
            record.document.name(),
            record.date,
        );
        outcome.hit(Hit::at(path(number), message));
    }
}

fn altered_approvals(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    for (number, record) in numbered(subject) {
        let Some(contradiction) = subject.snapshots.contradicts(record) else { continue };
        let what = match contradiction {
            Contradiction::Content => "content",
            Contradiction::Version => "a version",
            Contradiction::Person => "a name, role or registration",
        };
        let message = format!(
            "{} does not count: its record was altered. It gives {what} that is not in the copy of the case that was kept with it.",
            approval_of(subject.case, record)
        );
        outcome.hit(Hit::at(path(number), message));
    }
}

fn altered_issues(examined: &Examined<'_>, outcome: &mut Outcome) {
    let subject = &examined.subject;
    for issue in subject.issues {
        let Some(kept) = subject.snapshots.digests(&issue.case) else { continue };
        let differs = |document| issue.content_digests.document(document) != kept.document(document);
        if ApprovedDocument::ALL.into_iter().any(differs) {
            let message = format!(
                "The record of the issue of version {} on {:#} was altered: it gives content that is not in the copy of the case that was kept with it.",
                issue.version, issue.date
            );
            let hit = Hit::at(format!("issues/{}", issue.version), message);
            outcome.hit(hit.remedy("Put the record back as it was, from the document store or a backup."));
        }
    }
}

/// The person approved the same content by a record that gives name and role as the case has them.
fn is_plain_elsewhere(examined: &Examined<'_>, record: &Approval) -> bool {
    let Some(person) = examined.subject.case.person(&record.person) else { return false };
    examined.subject.approvals.iter().any(|other| {
        let is_plain = other.name.as_ref() == Some(&person.name) && other.role == person.role;
        is_plain
            && other.document == record.document
            && other.person == record.person
            && stands(examined, other)
    })
}

fn unnamed(examined: &Examined<'_>, outcome: &mut Outcome) {
    for (number, record) in numbered(&examined.subject) {
        if record.name.is_none() && stands(examined, record) && !is_plain_elsewhere(examined, record) {
            let message = format!(
                "The record of {} gives the id \"{}\" alone, and no name.",
                lower(&approval_of(examined.subject.case, record)),
                record.person
            );
            outcome.hit(Hit::at(path(number), message));
        }
    }
}

fn other_roles(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    for (number, record) in numbered(&examined.subject).filter(|(_, record)| stands(examined, record)) {
        let now = case.person(&record.person).and_then(|person| person.role.as_deref()).unwrap_or_default();
        let Some(then) = record.role.as_deref().filter(|then| folded(then) != folded(now)) else { continue };
        if is_plain_elsewhere(examined, record) {
            continue;
        }
        let now = if now.is_empty() { "no role".to_owned() } else { format!("the role \"{now}\"") };
        let message = format!(
            "{} approved the {} on {:#} as \"{then}\"; the case now gives {now}.",
            name_of_person(case, &record.person),
            record.document.name(),
            record.date,
        );
        outcome.hit(Hit::at(path(number), message));
    }
}

fn recorded_late(examined: &Examined<'_>, outcome: &mut Outcome) {
    const DAYS: i32 = 7;
    for (number, record) in numbered(&examined.subject) {
        let Some(recorded) = record.recorded.filter(|recorded| recorded.days_since(record.date) > DAYS)
        else {
            continue;
        };
        if record.evidence.is_some() || !stands(examined, record) {
            continue;
        }
        let message = format!(
            "{} was recorded on {recorded:#}, and nothing shows that it was given on the day that it names.",
            approval_of(examined.subject.case, record)
        );
        outcome.hit(Hit::at(path(number), message));
    }
}

/// To stand within a sentence.
fn lower(sentence: &str) -> String {
    sentence.replacen("The", "the", 1)
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, date, issue, kept, silent, some};
    use crate::case::approval::{ApprovalEvidence, ApproverRegistration};

    fn none() -> Vec<String> {
        Vec::new()
    }

    #[test]
    fn f31_an_id_that_has_passed_to_somebody_else() {
        silent("F31");
        let mut fixture = Fixture::approved();
        fixture.approvals[1].name = some("Dr Cora Officer");
        assert_eq!(fixture.messages("F31"), none());
        fixture.approvals[1].name = some("Dr Cato Before");
        assert_eq!(
            fixture.messages("F31"),
            [
                "The approval of the hazard log on 14 September 2026 was given by Dr Cato Before and does not count: the case now calls \"cso\" Dr Cora Officer."
            ]
        );
        assert_eq!(fixture.findings("F2").len(), 1, "who came after has not approved it");
        let mut again = fixture.approvals[1].clone();
        again.name = some("Dr Cora Officer");
        fixture.approvals.push(again);
        assert_eq!((fixture.messages("F31"), fixture.messages("F2")), (none(), none()), "approved again");
    }

    #[test]
    fn f31_another_registration_is_another_person() {
        let mut fixture = Fixture::approved();
        let own = fixture.case.people[0].registration.clone().unwrap();
        let mut stated = ApproverRegistration { body: own.body, number: own.number };
        fixture.approvals[1].registration = Some(stated.clone());
        assert_eq!(fixture.messages("F31"), none());
        stated.number = some("7654321");
        fixture.approvals[1].registration = Some(stated);
        assert_eq!(
            fixture.messages("F31"),
            [
                "The approval of the hazard log on 14 September 2026 was given by Dr Cora Officer and does not count: the case now gives Dr Cora Officer another registration than the record has."
            ]
        );
        assert_eq!(fixture.findings("F2").len(), 1);
    }

    #[test]
    fn f39_a_record_that_its_copy_contradicts_is_no_approval_and_no_change_of_the_document() {
        silent("F39");
        let mut fixture = Fixture::approved();
        kept(&mut fixture);
        assert_eq!(fixture.messages("F39"), none());
        fixture.approvals[1].content_digest = "0".repeat(64);
        assert_eq!(
            fixture.messages("F39"),
            [
                "The approval of the hazard log by Dr Cora Officer on 14 September 2026 does not count: its record was altered. It gives content that is not in the copy of the case that was kept with it."
            ]
        );
        assert_eq!(
            fixture.messages("F2"),
            ["The hazard log is not approved by Dr Cora Officer, Clinical Safety Officer."],
            "it has not changed"
        );
    }

    #[test]
    fn f39_neither_the_digest_nor_the_giver_of_an_old_approval_can_be_replaced() {
        let mut fixture = Fixture::approved();
        kept(&mut fixture);
        fixture.hazard().owner = some("Somebody else");
        let now = Fixture::approvals_of(&fixture.case);
        for (record, now) in fixture.approvals.iter_mut().zip(now) {
            record.content_digest = now.content_digest;
        }
        assert_eq!((fixture.findings("F39").len(), fixture.findings("F1").len()), (2, 1));
        let mut fixture = Fixture::approved();
        kept(&mut fixture);
        fixture.approvals[0].role = some("Chief executive");
        fixture.approvals[1].version = some("3.0");
        assert_eq!(fixture.findings("F39").len(), 2, "{:?}", fixture.messages("F39"));
    }

    #[test]
    fn f39_the_record_of_an_issue() {
        let mut fixture = Fixture::approved();
        kept(&mut fixture);
        fixture.issues = vec![issue(&fixture.case)];
        assert_eq!(fixture.messages("F39"), none());
        fixture.issues[0].content_digests.cscr = "0".repeat(64);
        let messages = fixture.messages("F39");
        assert!(
            messages[0]
                .starts_with("The record of the issue of version 1.0 on 14 September 2026 was altered"),
            "{messages:?}"
        );
        assert_eq!(fixture.messages("F36"), none(), "what was issued is told by the copy");
    }

    #[test]
    fn f40_a_record_that_names_nobody_or_a_role_of_before() {
        silent("F40");
        let mut fixture = Fixture::approved();
        fixture.approvals[0].name = None;
        fixture.approvals[1].role = some("Deputy Clinical Safety Officer");
        assert_eq!(
            fixture.messages("F40"),
            [
                "The record of the approval of the report by Dr Cora Officer on 14 September 2026 gives the id \"cso\" alone, and no name.",
                "Dr Cora Officer approved the hazard log on 14 September 2026 as \"Deputy Clinical Safety Officer\"; the case now gives the role \"Clinical Safety Officer\"."
            ]
        );
        let mut again = fixture.approvals[1].clone();
        again.role = some("Clinical Safety Officer");
        fixture.approvals.push(again);
        assert_eq!(fixture.findings("F40").len(), 1, "approved again in the role of now");
        fixture.hazard().owner = some("Somebody else");
        assert_eq!(fixture.messages("F40"), none(), "they do not count any more");
    }

    #[test]
    fn f41_recorded_weeks_later_and_nothing_shows_it() {
        silent("F41");
        let mut fixture = Fixture::approved();
        fixture.approvals[0].recorded = Some(date("2026-09-21"));
        assert_eq!(fixture.messages("F41"), none());
        fixture.approvals[0].recorded = Some(date("2026-09-22"));
        assert_eq!(
            fixture.messages("F41"),
            [
                "The approval of the report by Dr Cora Officer on 14 September 2026 was recorded on 22 September 2026, and nothing shows that it was given on the day that it names."
            ]
        );
        let evidence = ApprovalEvidence { file: "mail.eml".to_owned(), sha256: "0".repeat(64) };
        fixture.approvals[0].evidence = Some(evidence);
        assert_eq!(fixture.messages("F41"), none());
    }
}
