//! Whether those whom the hazard log names as its reviewers and approvers have done so, by the log's own word.

use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::Warning;
use crate::assurance::wording::{WORDING, words};
use crate::assurance::{LogSubject, version};
use crate::case::document::Signatory;
use crate::case::hazard_log::HazardLog;
use crate::case::{Date, Place, Provenance};

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[
    Check {
        id: "F27",
        level: Warning,
        clause: Some("3.3.2"),
        title: "Reviewer or approver of the hazard log without a date",
        why: "A name in the log's own table reads like a review or an approval. Without a date and a version nobody can say whether there was one.",
        remedy: "Enter when each of them reviewed or approved the log, and which version; or take the names out until they have.",
        runs: &[Run::Log(undated)],
        ..Check::DEFAULT
    },
    Check {
        id: "F28",
        level: Warning,
        clause: Some("3.3.2, 3.5.2"),
        title: "Reviewed or approved before the date of the version",
        why: "Each version of the log is approved as it is issued. What somebody saw before the version has its date may have changed in between, and nothing says that it did not.",
        remedy: "Have each of them confirm that they saw this version as it stands, and enter that date; or correct the date of the version.",
        runs: &[Run::Log(before_the_version)],
        ..Check::DEFAULT
    },
];

fn undated(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    let lists = [
        ("reviewers", "a reviewer", "reviewers", &log.reviewers, &["draft", "for review", "for comment"][..]),
        (
            "approvers",
            "an approver",
            "approvers",
            &log.approvers,
            &["draft", "for review", "for comment", "for approval"][..],
        ),
    ];
    for (list, one, many, signatories, awaiting) in lists {
        if awaits(log, awaiting) {
            continue;
        }
        let blank = |signatory: &Signatory| signatory.date.is_none() && signatory.version.is_none();
        let undated: Vec<(usize, &Signatory)> =
            (1..).zip(signatories).filter(|(_, signatory)| blank(signatory)).collect();
        let Some((first, _)) = undated.first() else { continue };
        let names: Vec<&str> = undated.iter().map(|(_, signatory)| name(signatory)).collect();
        let who = if names.len() == 1 { one.to_owned() } else { format!("{} {many}", names.len()) };
        let message = format!(
            "The hazard log names {who} without a date or a version: {}.",
            super::super::list(&names)
        );
        outcome.hit(Hit::at(format!("hazard_log/{list}/{first}"), message));
    }
}

/// Signatories of this very version who signed before the date that the log gives it. Reviewers do so: they see
/// the draft. But where the history does not date the draft, nothing says which one they saw.
fn before_the_version(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    let Some((version, dated)) = log.version.as_deref().map(str::trim).zip(date_of_version(log)) else {
        return;
    };
    if let Some(draft) = undated_draft(log, version) {
        let because = format!("; the revision history gives version {draft}, the one before, no date");
        let early = Early { version, dated, because, list: "reviewers", did: "reviewed" };
        early.look(&log.reviewers, outcome);
    }
    let early = Early { version, dated, because: String::new(), list: "approvers", did: "approved" };
    early.look(&log.approvers, outcome);
}

/// The version before this one, where the history has it and not its date.
fn undated_draft<'a>(log: &'a HazardLog, version: &str) -> Option<&'a str> {
    let own = version::numbers(version);
    let earlier = log.revisions.iter().filter(|revision| version::numbers(&revision.version) < own);
    let draft = earlier.max_by_key(|revision| version::numbers(&revision.version))?;
    let is_dated = draft.date.as_deref().is_some_and(|date| Date::parse_stated(date).is_some());
    (!is_dated).then_some(draft.version.trim())
}

/// Looks for signatories of a version before its date.
struct Early<'a> {
    version: &'a str,
    dated: Date,
    because: String,
    list: &'a str,
    did: &'a str,
}

impl Early<'_> {
    fn look(&self, signatories: &[Signatory], outcome: &mut Outcome) {
        let Self { version, dated, because, list, did } = self;
        let is_of_version = |signatory: &Signatory| {
            signatory.version.as_deref().is_none_or(|seen| version::same(seen, version))
        };
        let early: Vec<(usize, String)> = (1..)
            .zip(signatories)
            .filter(|(_, signatory)| is_of_version(signatory))
            .filter_map(|(number, signatory)| {
                let on = Date::parse_stated(signatory.date.as_deref()?).filter(|on| on < dated)?;
                Some((number, format!("{} on {on:#}", name(signatory))))
            })
            .collect();
        let Some((first, _)) = early.first() else { return };
        let who: Vec<String> = early.iter().map(|(_, who)| who.clone()).collect();
        let message = format!(
            "Version {version} of the hazard log is dated {dated:#} and was {did} before that by {}{because}.",
            super::super::some_of(&who)
        );
        outcome.hit(Hit::at(format!("hazard_log/{list}/{first}/date"), message));
    }
}

/// The date of the version that the cover names: by the history, or else by the cover.
pub(super) fn date_of_version(log: &HazardLog) -> Option<Date> {
    let cover = log.version.as_deref()?;
    let own = log.revisions.iter().find(|revision| version::same(&revision.version, cover));
    let stated = own.and_then(|own| own.date.as_deref()).or(log.version_date.as_deref());
    Date::parse_stated(stated?)
}

/// The officers that the log's own tables name: its approvers, or else its reviewers.
pub(super) struct NamedOfficers {
    /// Path of the first of them.
    pub path: String,
    words: String,
}

impl NamedOfficers {
    pub(super) fn of(log: &HazardLog, provenance: &Provenance) -> Option<Self> {
        let lists = [("approvers", &log.approvers), ("reviewers", &log.reviewers)];
        lists.into_iter().find_map(|(list, signatories)| {
            let officers: Vec<(String, &Signatory)> = (1..)
                .zip(signatories)
                .filter(|(_, signatory)| signatory.title.as_deref().is_some_and(is_officer))
                .map(|(number, signatory)| (format!("hazard_log/{list}/{number}"), signatory))
                .collect();
            let (path, _) = officers.first()?;
            let who: Vec<String> = officers
                .iter()
                .map(|(path, officer)| with_details(officer, provenance.place(path).as_ref()))
                .collect();
            let words = format!(
                "The hazard log's own table of {list} names {} as Clinical Safety Officer",
                super::super::some_of(&who)
            );
            Some(Self { path: path.clone(), words })
        })
    }

    /// What they are worth for the approval of the log.
    pub(super) fn as_approvers(&self) -> String {
        format!(" {}; that is no approval until it is recorded among the approvals of this case.", self.words)
    }

    /// What they are worth for the question who the officer of the case is.
    pub(super) fn as_officers(&self) -> String {
        format!(" {}; that does not count until the case names who it is.", self.words)
    }
}

fn is_officer(title: &str) -> bool {
    WORDING.people.safety_officers.is_in(&words(title))
}

/// `A Doctor (cell A29, version 1.0 on 8 January 2020)`.
fn with_details(signatory: &Signatory, place: Option<&Place>) -> String {
    let cell = place.and_then(|place| place.cell.as_deref()).map(|cell| format!("cell {cell}, "));
    let version = signatory.version.as_deref().map(|version| format!("version {version} "));
    let date = match signatory.date.as_deref() {
        Some(stated) => {
            let date =
                Date::parse_stated(stated).map_or_else(|| stated.to_owned(), |date| format!("{date:#}"));
            format!("on {date}")
        }
        None => "without a date".to_owned(),
    };
    format!("{} ({}{}{date})", name(signatory), cell.unwrap_or_default(), version.unwrap_or_default())
}

fn name(signatory: &Signatory) -> &str {
    signatory.name.as_deref().or(signatory.person.as_deref()).unwrap_or("somebody who is not named")
}

/// By its status the log is still waiting for them.
fn awaits(log: &HazardLog, words: &[&str]) -> bool {
    let status = log.status.as_deref().unwrap_or_default().to_lowercase();
    words.iter().any(|word| status.contains(word))
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, signatory, some};
    use crate::case::Place;
    use crate::case::document::Signatory;

    #[test]
    fn f1_f2_and_f5_quote_the_officer_of_the_log() {
        let mut fixture = Fixture::with(|fixture| {
            fixture.case.cso = None;
            fixture.case.document.approvers.clear();
            fixture.provenance.record("hazard_log/approvers/1", Place::cell("log.xlsx", "History", "A34"));
            fixture.case.hazard_log.approvers = vec![Signatory {
                person: None,
                name: some("Dr A"),
                title: some("Programme Clinical Safety Officer"),
                date: some("24.08.2026"),
                version: some("1.0"),
            }];
        });
        let named = "The hazard log's own table of approvers names Dr A (cell A34, version 1.0 on 24 August 2026) as Clinical Safety Officer;";
        let log = &fixture.findings("F2")[0];
        assert_eq!(
            log.message,
            format!(
                "The hazard log is not approved: the case names no Clinical Safety Officer. {named} that is no approval until it is recorded among the approvals of this case."
            )
        );
        assert_eq!(log.source.as_ref().and_then(|place| place.cell.as_deref()), Some("A34"));
        for check in ["F1", "F5"] {
            let message = &fixture.messages(check)[0];
            assert!(
                message.ends_with(&format!("{named} that does not count until the case names who it is.")),
                "{message}"
            );
        }
        fixture.case.hazard_log.approvers[0].title = some("Programme manager");
        for check in ["F1", "F2", "F5"] {
            assert!(!fixture.messages(check)[0].contains("Dr A"), "{check}");
        }
    }

    fn signed(on: &str, version: &str) -> Signatory {
        Signatory {
            person: None,
            name: some("A Nurse"),
            version: some(version),
            date: some(on),
            ..signatory("")
        }
    }

    #[test]
    fn f28_an_approval_of_a_version_that_was_not_dated_yet() {
        let approved = |on: &str, version: &str| {
            let approver = signed(on, version);
            move |fixture: &mut Fixture| fixture.case.hazard_log.approvers.push(approver)
        };
        fires(
            "F28",
            approved("31.08.2026", "1"),
            "Version 1.0 of the hazard log is dated 1 September 2026 and was approved before that by A Nurse on 31 August 2026.",
        );
        for spoil in [approved("01.09.2026", "1.0"), approved("31.08.2026", "0.9"), approved("soon", "1.0")] {
            assert_eq!(Fixture::with(spoil).messages("F28"), Vec::<String>::new());
        }
    }

    #[test]
    fn f28_a_review_of_a_draft_that_has_no_date() {
        let reviewed = |fixture: &mut Fixture| {
            fixture.case.hazard_log.reviewers.push(signed("31.08.2026", "1.0"));
        };
        assert_eq!(Fixture::with(reviewed).messages("F28"), Vec::<String>::new(), "a draft is reviewed");
        let mut fixture = Fixture::with(reviewed);
        fixture.case.hazard_log.revisions[0].date = None;
        assert_eq!(
            fixture.messages("F28"),
            [
                "Version 1.0 of the hazard log is dated 1 September 2026 and was reviewed before that by A Nurse on 31 August 2026; the revision history gives version 0.9, the one before, no date."
            ]
        );
    }
}
