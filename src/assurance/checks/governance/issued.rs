//! What was issued and approved under a version number: one number, one content, and kept.

use super::issue::draft;
use crate::assurance::approvals::{Current, void};
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::issues::{is_issued, reissued};
use crate::assurance::{ApprovalRecord, wording};
use crate::case::approval::{Approval, ApprovedDocument};

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F36",
        level: Blocking,
        clause: Some("3.5.2, 3.3.2"),
        title: "Issued version with other content",
        why: "Whoever has a copy of an issued version relies on what it says; a document that says something else under the same number cannot be told from it.",
        remedy: "Give it the next version, and issue that; or put back what was issued.",
        how: Some(
            "`cscr issue CASE --version VERSION`; the version of the hazard log stands on its cover and in its history",
        ),
        never_waived: true,
        runs: &[
            Run::Case(|examined, outcome| issued_otherwise(examined, outcome, ApprovedDocument::Cscr)),
            Run::Case(|examined, outcome| issued_otherwise(examined, outcome, ApprovedDocument::HazardLog)),
        ],
        ..Check::DEFAULT
    },
    Check {
        id: "F37",
        level: Warning,
        clause: Some("3.5.2, 3.3.2"),
        title: "One version approved with several contents",
        why: "Approvals of one version number with several contents leave it open which of them the number means; issuing the version settles it.",
        remedy: "Give the document its next version, or issue this one as it is now; have those approve again who approved other content.",
        how: Some("`cscr issue CASE --version VERSION`; `cscr log CASE` tells who approved which content"),
        runs: &[
            Run::Case(|examined, outcome| several_contents(examined, outcome, ApprovedDocument::Cscr)),
            Run::Case(|examined, outcome| several_contents(examined, outcome, ApprovedDocument::HazardLog)),
        ],
        ..Check::DEFAULT
    },
    Check {
        id: "F38",
        level: Warning,
        clause: Some("3.5.2"),
        title: "Approved version that was never issued",
        why: "Issuing a version keeps what it says; without that, nobody can show later what was approved, and nothing holds the number to its content.",
        remedy: "Issue the version; where that gives it another date of issue, those who approved it approve again.",
        how: Some("`cscr issue CASE --version VERSION`"),
        runs: &[Run::Case(never_issued)],
        ..Check::DEFAULT
    },
    Check {
        id: "F42",
        level: Warning,
        clause: Some("3.5.2"),
        title: "Status that waits for an approval that was given",
        why: "The status stands on the cover: a reader takes it that the document is not approved.",
        remedy: "Set the status to what the document is, such as Approved; approvals stand, because the status is outside what they are of.",
        how: Some("`status` under `document` in case.toml, or on the hazard log's cover"),
        runs: &[
            Run::Case(|examined, outcome| awaits(examined, outcome, ApprovedDocument::Cscr)),
            Run::Case(|examined, outcome| awaits(examined, outcome, ApprovedDocument::HazardLog)),
        ],
        ..Check::DEFAULT
    },
];

fn issued_otherwise(examined: &Examined<'_>, outcome: &mut Outcome, document: ApprovedDocument) {
    if let Some(reissued) = reissued(&examined.subject, &examined.digests, document) {
        outcome.hit(Hit::at(version_path(document), reissued.sentence).remedy(reissued.remedy));
    }
}

fn version_path(document: ApprovedDocument) -> &'static str {
    match document {
        ApprovedDocument::HazardLog => "hazard_log/version",
        _ => "document/version",
    }
}

/// The approvals of a document in the version that it has now, given by now and not void, with their numbers.
fn of_this_version<'a>(
    examined: &'a Examined<'_>,
    document: ApprovedDocument,
) -> impl Iterator<Item = (usize, &'a Approval)> {
    let subject = &examined.subject;
    let current = Current::of(document, subject.case, &examined.digests);
    (1..).zip(subject.approvals).filter(move |(_, record)| {
        record.document == document
            && record.version.is_some()
            && current.is_version_of(record)
            && record.date <= subject.as_of
            && void(subject, record).is_none()
    })
}

fn several_contents(examined: &Examined<'_>, outcome: &mut Outcome, document: ApprovedDocument) {
    if is_issued(&examined.subject, document) {
        return;
    }
    let mut contents: Vec<(usize, &Approval)> = Vec::new();
    for (number, record) in of_this_version(examined, document) {
        if contents.iter().all(|(_, other)| other.content_digest != record.content_digest) {
            contents.push((number, record));
        }
    }
    let [_, .., (last, record)] = contents[..] else { return };
    let each: Vec<String> = contents
        .iter()
        .map(|(_, record)| {
            let digest = record.content_digest.get(..8).unwrap_or_default();
            let name = crate::assurance::approvals::name_of_person(examined.subject.case, &record.person);
            format!("by {name} on {:#} (content {digest})", record.date)
        })
        .collect();
    let message = format!(
        "Version {} of the {} was approved with {} contents: {}.",
        record.version.as_deref().unwrap_or_default(),
        document.name(),
        contents.len(),
        super::super::some_of(&each)
    );
    outcome.hit(Hit::at(format!("approvals/{last}"), message));
}

fn never_issued(examined: &Examined<'_>, outcome: &mut Outcome) {
    const REPORT: ApprovedDocument = ApprovedDocument::Cscr;
    let subject = &examined.subject;
    let current = Current::of(REPORT, subject.case, &examined.digests);
    let Some(version) = current.version else { return };
    let is_approved = of_this_version(examined, REPORT).any(|(_, record)| current.is_content_of(record));
    if is_approved && !is_issued(subject, REPORT) {
        let message =
            format!("The report is approved as version {version}, and that version was never issued.");
        outcome.hit(
            Hit::at("document/version", message).how(format!(
                "`cscr issue CASE --version {}`",
                version.trim().trim_start_matches(['v', 'V'])
            )),
        );
    }
}

fn awaits(examined: &Examined<'_>, outcome: &mut Outcome, document: ApprovedDocument) {
    let case = examined.subject.case;
    let (log, report) = (&case.hazard_log, &case.document);
    let (status, version, revisions, path) = if document == ApprovedDocument::HazardLog {
        (&log.status, &log.version, &log.revisions, "hazard_log/status")
    } else {
        (&report.status, &report.version, &report.revisions, "document/status")
    };
    let Some(status) = status.as_deref().map(str::trim) else { return };
    let mut required = examined.approvals.iter().filter(|approval| approval.document == document);
    let is_approved = required.all(|approval| approval.state == ApprovalRecord::Approved);
    let is_said_already = draft(document.name(), Some(status), version.as_deref(), revisions).is_some();
    if is_approved && !is_said_already && wording::WORDING.people.awaiting.is_in(&wording::words(status)) {
        let message =
            format!("The {}'s status is \"{status}\", and all who must approve it have.", document.name());
        outcome.hit(Hit::at(path, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, issue, kept, silent, some};
    use crate::case::Date;
    use crate::case::approval::ApprovedDocument;

    fn none() -> Vec<String> {
        Vec::new()
    }

    /// Approved, and issued as it is.
    fn issued() -> Fixture {
        let mut fixture = Fixture::approved();
        for record in &mut fixture.approvals {
            record.version = some("1.0");
        }
        kept(&mut fixture);
        fixture.issues = vec![issue(&fixture.case)];
        fixture
    }

    #[test]
    fn f36_what_was_issued_stays_what_it_was_whoever_approves_it_again() {
        silent("F36");
        let mut fixture = issued();
        assert_eq!(fixture.messages("F36"), none());
        fixture.hazard().owner = some("Somebody else");
        let fixture = fixture.with_approvals();
        assert_eq!(fixture.messages("F1"), none(), "approved again");
        let messages = fixture.messages("F36");
        let [log, report] = &messages[..] else { panic!("{messages:?}") };
        let begins = "Version 1.0 of the report was issued on 14 September 2026, with other content. Changed since: H01: owner ";
        assert!(report.starts_with(begins), "{report}");
        assert!(log.starts_with("Version 1.0 of the hazard log was issued on 14 September 2026, with report 1.0, with other content."), "{log}");
    }

    #[test]
    fn f36_the_next_version_may_say_something_else() {
        let mut fixture = issued();
        fixture.case.phase = some("Another");
        assert_eq!(fixture.messages("F36").len(), 1, "the log is as it was");
        fixture.case.document.version = some("1.1");
        assert_eq!(fixture.messages("F36"), none());
    }

    #[test]
    fn f36_without_its_copy_an_issue_is_known_by_its_record() {
        let mut fixture = issued();
        fixture.snapshots = crate::case::snapshot::Snapshots::default();
        assert_eq!(fixture.messages("F36"), none());
        fixture.case.phase = some("Another");
        assert!(fixture.messages("F36")[0].ends_with(
            "What changed since is not known: the copy of what was issued is gone, or was altered."
        ));
    }

    #[test]
    fn f37_two_contents_until_the_version_is_issued() {
        silent("F37");
        let mut fixture = Fixture::approved();
        let mut earlier = fixture.approvals[1].clone();
        earlier.date = Date::new(2026, 9, 9).unwrap();
        earlier.content_digest = "0123456789".repeat(7)[..64].to_owned();
        fixture.approvals.insert(0, earlier);
        for record in &mut fixture.approvals {
            record.version = some("1.0");
        }
        let messages = fixture.messages("F37");
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(
            messages[0].starts_with("Version 1.0 of the hazard log was approved with 2 contents: by Dr Cora Officer on 9 September 2026 (content 01234567) and by Dr Cora Officer on 14 September 2026 (content "),
            "{messages:?}"
        );
        let issues = vec![issue(&fixture.case)];
        assert_eq!(Fixture { issues, ..fixture }.messages("F37"), none());
    }

    #[test]
    fn f38_approved_and_not_kept() {
        let mut fixture = issued();
        assert_eq!(fixture.messages("F38"), none());
        fixture.issues.clear();
        assert_eq!(
            fixture.messages("F38"),
            ["The report is approved as version 1.0, and that version was never issued."]
        );
        fixture.approvals.retain(|record| record.document == ApprovedDocument::HazardLog);
        assert_eq!(fixture.messages("F38"), none(), "there is nothing to keep yet");
    }

    #[test]
    fn f42_a_status_that_waits_for_nothing() {
        silent("F42");
        let mut fixture = Fixture::approved();
        fixture.case.document.status = some("For approval");
        let said = "The report's status is \"For approval\", and all who must approve it have.";
        assert_eq!(fixture.messages("F42"), [said], "the status is not approved, so that approvals stand");
        fixture.case.document.status = some("Approved for release");
        assert_eq!(fixture.messages("F42"), none());
        fixture.case.document.status = some("For approval");
        fixture.approvals.remove(0);
        assert_eq!(fixture.messages("F42"), none(), "it does wait");
    }
}
