//! Whether those whom the hazard log names as its reviewers and approvers have done so, by the log's own word.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::Warning;
use crate::case::document::Signatory;
use crate::case::hazard_log::HazardLog;

pub(in crate::assurance::checks) static CHECKS: &[Check] = &[Check {
    id: "F27",
    level: Warning,
    clause: Some("3.3.2"),
    title: "Reviewer or approver of the hazard log without a date",
    why: "A name in the log's own table reads like a review or an approval. Without a date and a version nobody can say whether there was one.",
    remedy: "Enter when each of them reviewed or approved the log, and which version; or take the names out until they have.",
    runs: &[Run::Log(undated)],
    ..Check::DEFAULT
}];

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
        let names: Vec<&str> = undated
            .iter()
            .map(|(_, signatory)| {
                signatory.name.as_deref().or(signatory.person.as_deref()).unwrap_or("nobody")
            })
            .collect();
        let who = if names.len() == 1 { one.to_owned() } else { format!("{} {many}", names.len()) };
        let message = format!(
            "The hazard log names {who} without a date or a version: {}.",
            super::super::list(&names)
        );
        outcome.hit(Hit::at(format!("hazard_log/{list}/{first}"), message));
    }
}

/// By its status the log is still waiting for them.
fn awaits(log: &HazardLog, words: &[&str]) -> bool {
    let status = log.status.as_deref().unwrap_or_default().to_lowercase();
    words.iter().any(|word| status.contains(word))
}
