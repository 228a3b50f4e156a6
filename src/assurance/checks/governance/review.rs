//! Whether those who reviewed a document reviewed this one, and whether what was closed since was approved.

use crate::assurance::approvals::void;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::{ApprovalRecord, LogSubject, Subject, version};
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::document::{Revision, Signatory};
use crate::case::hazard::HazardState;
use crate::case::psa::{Decision, PsaSession};
use crate::case::{Case, Date};
use std::collections::HashMap;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F3",
        level: Blocking,
        clause: Some("3.3.2"),
        title: "Hazard closed after the log was approved",
        why: "The Clinical Safety Officer approves each version of the log; what was closed since the last approval was closed without it.",
        remedy: "Have the Clinical Safety Officer approve the log as it is now, and record the approval.",
        how: Some("`[[approvals]]` in approvals.toml"),
        never_waived: true,
        runs: &[Run::Case(closed_since)],
        ..Check::DEFAULT
    },
    // Drafts are reviewed too, so this warns; an approval of another version (F7) does not count at all.
    Check {
        id: "F26",
        level: Warning,
        clause: Some("3.5.2, 3.3.2"),
        title: "Review of another version",
        why: "Whoever is named as a reviewer is taken to have read this version; one who read another, or read it before it can have been there, may not have seen what it says now.",
        remedy: "Have the person read what has changed since; then correct the version and the date.",
        runs: &[Run::Log(log_reviewers), Run::Case(report_reviewers)],
        ..Check::DEFAULT
    },
];

fn closed_since(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let stands = examined.approvals.iter().any(|approval| {
        approval.document == ApprovedDocument::HazardLog && approval.state == ApprovalRecord::Approved
    });
    // Without any approval there is one finding, F2.
    let Some(approved) = last_approval(&examined.subject).filter(|_| !stands) else { return };
    let closed = case.hazard_log.hazards.iter().filter(|hazard| hazard.state == HazardState::Closed);
    let closings = closings(&case.psa);
    let mut unclear = Vec::new();
    for hazard in closed {
        match closings.get(hazard.key.as_str()) {
            Some(session) if session.date > approved => {
                let message = format!(
                    "PSA session {} closed {} on {:#}, after the Clinical Safety Officer last approved the hazard log, on {approved:#}.",
                    session.id, hazard.key, session.date
                );
                outcome.hit(Hit::hazard(&hazard.key, "status", message));
            }
            Some(_) => {}
            None => unclear.push(hazard.key.as_str()),
        }
    }
    let dated = case.hazard_log.version_date.as_deref().and_then(Date::parse_stated);
    if let (Some(dated), false) = (dated.filter(|dated| *dated > approved), unclear.is_empty()) {
        let message = format!(
            "The hazard log is dated {dated:#}, after the Clinical Safety Officer last approved it, on {approved:#}; nothing says that {} {} closed before.",
            super::super::list(&unclear),
            if unclear.len() == 1 { "was" } else { "were" }
        );
        outcome.hit(Hit::at("hazard_log/version_date", message));
    }
}

/// By hazard: the last session that decided to close it.
fn closings(sessions: &[PsaSession]) -> HashMap<&str, &PsaSession> {
    let mut last: HashMap<&str, &PsaSession> = HashMap::new();
    for session in sessions {
        for entry in session.discussed.iter().filter(|entry| entry.decision == Some(Decision::Close)) {
            let known = last.entry(&entry.hazard).or_insert(session);
            if known.date <= session.date {
                *known = session;
            }
        }
    }
    last
}

/// When the Clinical Safety Officer last approved the log: by a record, or by the log's own table.
fn last_approval(subject: &Subject<'_>) -> Option<Date> {
    let Subject { case, approvals, as_of, .. } = subject;
    let counts = |record: &&Approval| void(subject, record).is_none();
    let cso = case.cso.as_deref()?;
    let recorded = approvals
        .iter()
        .filter(|record| record.document == ApprovedDocument::HazardLog && record.person == cso)
        .filter(counts)
        .map(|record| record.date);
    let stated = case
        .hazard_log
        .approvers
        .iter()
        .filter(|signatory| case.is_cso(signatory.person.as_deref(), signatory.name.as_deref()))
        .filter_map(|signatory| signatory.date.as_deref().and_then(Date::parse_stated));
    recorded.chain(stated).filter(|date| date <= as_of).max()
}

/// Reviewers of the log who reviewed another version of it (F26).
fn log_reviewers(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    for (list, did, signatories) in
        [("reviewers", "reviewed", &log.reviewers), ("approvers", "approved", &log.approvers)]
    {
        let version = log.version.as_deref();
        let others = log.reviewers.iter().chain(&log.approvers).collect();
        let stated = version::of_log(log);
        let reviewed =
            Reviewed { what: "hazard log", did, version, stated, revisions: &log.revisions, others };
        reviewed.look(
            signatories,
            &format!("hazard_log/{list}"),
            &|signatory| name(signatory, None),
            outcome,
        );
    }
}

/// Reviewers of the report who reviewed another version of it (F26).
fn report_reviewers(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let document = &case.document;
    let version = document.version.as_deref();
    let reviewed = Reviewed {
        what: "report",
        did: "reviewed",
        version,
        stated: version.map(str::to_owned),
        revisions: &document.revisions,
        others: document.reviewers.iter().collect(),
    };
    let name = |signatory: &Signatory| name(signatory, Some(case));
    reviewed.look(&document.reviewers, "document/reviewers", &name, outcome);
}

fn name(signatory: &Signatory, case: Option<&Case>) -> String {
    let known = signatory.person.as_deref().and_then(|id| case?.person(id)).map(|person| person.name.clone());
    known
        .or_else(|| signatory.name.clone())
        .or_else(|| signatory.person.clone())
        .unwrap_or_else(|| "A person who is not named".to_owned())
}

/// A document that was reviewed.
struct Reviewed<'a> {
    what: &'a str,
    did: &'a str,
    version: Option<&'a str>,
    /// The version in the words of a finding.
    stated: Option<String>,
    revisions: &'a [Revision],
    /// All who reviewed or approved it.
    others: Vec<&'a Signatory>,
}

impl Reviewed<'_> {
    fn look(
        &self,
        signatories: &[Signatory],
        path: &str,
        name: &dyn Fn(&Signatory) -> String,
        outcome: &mut Outcome,
    ) {
        for (signatory, number) in signatories.iter().zip(1..) {
            let says = self
                .another_version(signatory)
                .or_else(|| self.too_early(signatory))
                .or_else(|| self.before_another(signatory, name));
            if let Some(says) = says {
                let message = format!("{} {} {says}.", name(signatory), self.did);
                outcome.hit(Hit::at(format!("{path}/{number}"), message));
            }
        }
    }

    /// It has a date or it has none: a version that somebody is yet to look at is not looked at here.
    fn another_version(&self, signatory: &Signatory) -> Option<String> {
        let (seen, version) = (signatory.version.as_deref()?.trim(), self.version?);
        let is_given =
            !seen.is_empty() && signatory.date.as_deref().is_some_and(|date| !date.trim().is_empty());
        (is_given && !version::same(seen, version)).then(|| {
            let stated = self.stated.as_deref().unwrap_or(version);
            format!("version {seen} of the {}; it is version {stated}", self.what)
        })
    }

    /// A version is reviewed before it is issued, under the number that it is to have; but not before the one
    /// that it follows was there.
    fn too_early(&self, signatory: &Signatory) -> Option<String> {
        let seen = signatory.version.as_deref().or(self.version)?.trim();
        let on = Date::parse_stated(signatory.date.as_deref()?)?;
        let before = self
            .revisions
            .iter()
            .filter(|revision| version::numbers(&revision.version) < version::numbers(seen))
            .max_by_key(|revision| version::numbers(&revision.version))?;
        let made = Date::parse_stated(before.date.as_deref()?)?;
        (on < made).then(|| {
            format!(
                "version {seen} of the {} on {on:#}, before version {} of {made:#}",
                self.what,
                before.version.trim()
            )
        })
    }

    /// Nor before somebody else reviewed an earlier version.
    fn before_another(&self, signatory: &Signatory, name: &dyn Fn(&Signatory) -> String) -> Option<String> {
        let (seen, on) = seen(signatory)?;
        let earlier = |(other, _): &(&str, Date)| version::numbers(other) < version::numbers(seen);
        let (other, (draft, later)) = self
            .others
            .iter()
            .filter_map(|other| Some((*other, self::seen(other).filter(earlier)?)))
            .filter(|(_, (_, later))| *later > on)
            .max_by_key(|(_, (_, later))| *later)?;
        Some(format!(
            "version {seen} of the {} on {on:#}, before {} looked at version {draft} on {later:#}",
            self.what,
            name(other)
        ))
    }
}

/// The version that somebody looked at, and when.
fn seen(signatory: &Signatory) -> Option<(&str, Date)> {
    let version = signatory.version.as_deref()?.trim();
    Some((version, Date::parse_stated(signatory.date.as_deref()?)?)).filter(|_| !version.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, approval, date, fires, session, signatory, some};
    use crate::case::approval::ApprovedDocument;
    use crate::case::document::Signatory;
    use crate::case::psa::Decision;

    fn closed(approved: &str, by_session: bool) -> impl FnOnce(&mut Fixture) {
        let approved = date(approved);
        move |fixture| {
            let mut record = approval(&fixture.case, ApprovedDocument::HazardLog, "cso");
            record.date = approved;
            record.content_digest = "0".repeat(64);
            fixture.approvals.push(record);
            fixture.case.hazard_log.version_date = some("2026-08-25");
            if by_session {
                let mut closing = session("PSA-2", &["H01"]);
                closing.date = date("2026-08-22");
                closing.discussed[0].decision = Some(Decision::Close);
                fixture.case.psa.push(closing);
                fixture.case.hazard_log.hazards[1].state = crate::case::hazard::HazardState::Open;
            }
        }
    }

    #[test]
    fn f3_closed_at_a_session_after_the_approval() {
        fires(
            "F3",
            closed("2026-08-21", true),
            "PSA session PSA-2 closed H01 on 22 August 2026, after the Clinical Safety Officer last approved the hazard log, on 21 August 2026.",
        );
        assert_eq!(Fixture::with(closed("2026-08-22", true)).messages("F3"), Vec::<String>::new());
    }

    #[test]
    fn f3_a_log_that_is_newer_than_its_approval() {
        fires(
            "F3",
            closed("2026-08-24", false),
            "The hazard log is dated 25 August 2026, after the Clinical Safety Officer last approved it, on 24 August 2026; nothing says that H01 and H02 were closed before.",
        );
        assert_eq!(Fixture::with(closed("2026-08-25", false)).messages("F3"), Vec::<String>::new());
    }

    #[test]
    fn f3_the_logs_own_table_counts_as_a_date() {
        let stated = |fixture: &mut Fixture| {
            fixture.case.hazard_log.version_date = some("2026-08-25");
            fixture.case.hazard_log.approvers = vec![Signatory {
                person: None,
                name: some("Dr. Cora Officer"),
                date: some("24.08.2026"),
                ..signatory("cso")
            }];
        };
        assert_eq!(Fixture::with(stated).messages("F3").len(), 1);
    }

    #[test]
    fn f26_a_reviewer_of_another_version() {
        let reviewer = |version: &str, on: &str| {
            let reviewer = Signatory { version: some(version), date: some(on), ..signatory("clinician") };
            move |fixture: &mut Fixture| fixture.case.document.reviewers.push(reviewer)
        };
        fires(
            "F26",
            reviewer("1.4", "2026-09-02"),
            "Dr Ada Clinic reviewed version 1.4 of the report; it is version 1.0.",
        );
        fires(
            "F26",
            reviewer("1.0", "2026-08-30"),
            "Dr Ada Clinic reviewed version 1.0 of the report on 30 August 2026, before version 0.9 of 1 September 2026.",
        );
        for spoil in [reviewer("V1", "2026-09-01"), reviewer("1.4", "")] {
            assert_eq!(Fixture::with(spoil).messages("F26"), Vec::<String>::new());
        }
        let of_log = |fixture: &mut Fixture| {
            let reviewer = Signatory {
                person: None,
                name: some("A Nurse"),
                version: some("0.9"),
                date: some("02/09/2026"),
                ..signatory("")
            };
            fixture.case.hazard_log.reviewers.push(reviewer);
        };
        fires("F26", of_log, "A Nurse reviewed version 0.9 of the hazard log; it is version 1.0.");
        let in_turn = |fixture: &mut Fixture| {
            fixture.case.hazard_log.revisions.clear();
            for (name, version, on) in [("A Nurse", "0.9", "03/09/2026"), ("A Doctor", "1.0", "02/09/2026")] {
                fixture.case.hazard_log.reviewers.push(Signatory {
                    person: None,
                    name: some(name),
                    version: some(version),
                    date: some(on),
                    ..signatory("")
                });
            }
        };
        assert_eq!(
            Fixture::with(in_turn).messages("F26"),
            [
                "A Nurse reviewed version 0.9 of the hazard log; it is version 1.0.",
                "A Doctor reviewed version 1.0 of the hazard log on 2 September 2026, before A Nurse looked at version 0.9 on 3 September 2026.",
            ]
        );
    }
}
