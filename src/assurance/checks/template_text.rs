//! A: what a template says of itself, left standing in a document that claims to be issued.
//!
//! A template tells its user that it is only a beginning, and what to delete. In a draft that does no harm. In an
//! issued document it takes back what the document says: hazards that are "not to be considered definitive" were
//! not assessed. Notes on copyright, confidentiality or controlled copies are left alone; so is the sheet of
//! hazards, where "for illustration only" may be a control.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::Warning;
use crate::assurance::version;
use crate::assurance::wording::{WORDING, words};
use crate::case::excerpt::excerpt;

pub(super) static CHECKS: &[Check] = &[Check {
    id: "A23",
    level: Warning,
    clause: Some("3.3.1, 3.5.2"),
    title: "Template text in an issued document",
    why: "An issued document that calls itself a template or a starting point tells its reader not to rely on it; nobody can say which of its hazards were assessed for this product.",
    remedy: "Delete the text, once what it asks for has been done; or set the status of the document to draft.",
    runs: &[Run::Log(in_log), Run::Case(in_report)],
    ..Check::DEFAULT
}];

fn in_log(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    let Some(claim) = claim(log.status.as_deref(), log.version.as_deref()) else { return };
    for (note, number) in log.notes.iter().zip(1..) {
        if let Some((phrase, sentence)) = template_text(note) {
            let message = format!(
                "The hazard log {claim} and still says \"{phrase}\" of itself: \"{}\".",
                excerpt(sentence)
            );
            outcome.hit(Hit::at(format!("hazard_log/notes/{number}"), message));
        }
    }
}

fn in_report(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let document = &case.document;
    let Some(claim) = claim(document.status.as_deref(), document.version.as_deref()) else { return };
    for told in &examined.told {
        for statement in &told.statements {
            if let Some((phrase, _)) = template_text(&statement.text) {
                let of = if told.is_outside { String::new() } else { format!(", and the report {claim}") };
                outcome.hit(told.hit_at(statement, &format!("still says \"{phrase}\"{of}")));
            }
        }
    }
}

/// By what a document claims to be more than a draft.
fn claim(status: Option<&str>, version: Option<&str>) -> Option<String> {
    const NOT_YET: [&str; 8] =
        ["draft", "review", "comment", "approval", "progress", "working", "template", "tbc"];
    if let Some(status) = status.map(str::trim).filter(|status| !status.is_empty()) {
        let is_issued = !words(status).iter().any(|word| NOT_YET.contains(&word.as_str()));
        return is_issued.then(|| format!("has the status \"{status}\""));
    }
    let version = version?.trim();
    let is_issue = version::numbers(version).first().is_some_and(|whole| *whole > 0);
    is_issue.then(|| format!("is version {version}"))
}

/// What a text says as a template does, and the sentence that it says it in.
fn template_text(text: &str) -> Option<(String, &str)> {
    text.split_inclusive(['.', ';', '\n']).find_map(|sentence| {
        let words = words(sentence);
        let found = WORDING.writing.template_text.find(&words)?;
        Some((words[found].join(" "), sentence.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, silent, some, telling};

    fn noted(note: &str, status: &str) -> impl FnOnce(&mut Fixture) {
        let (note, status) = (note.to_owned(), some(status));
        move |fixture| {
            fixture.case.hazard_log.notes.push(note);
            fixture.case.hazard_log.status = status;
        }
    }

    #[test]
    fn a23_an_issued_log_that_is_a_starting_point() {
        let note = "Made for suppliers. These hazards are a starting point only and must be assessed again.";
        fires(
            "A23",
            noted(note, "Live"),
            "The hazard log has the status \"Live\" and still says \"a starting point only\" of itself: \"These hazards are a starting point only and must be assessed again\".",
        );
        assert_eq!(Fixture::with(noted(note, "Draft for review")).messages("A23"), Vec::<String>::new());
    }

    #[test]
    fn a23_legal_notes_say_nothing_of_templates() {
        for note in [
            "Copyright 2026. All rights reserved. Provided as is and without warranty of any kind.",
            "The controlled copy of this document is kept in the network; any other copy is out of control.",
            "The patient's home is the starting point of the referral; no template is needed.",
        ] {
            assert_eq!(template_text(note), None, "{note}");
            assert_eq!(Fixture::with(noted(note, "Issued")).messages("A23"), Vec::<String>::new());
        }
    }

    #[test]
    fn a23_a_narrative_that_says_what_to_delete() {
        silent("A23");
        let fixture =
            Fixture::with(telling("Who reads this.\n\nDelete this section where it does not apply."));
        assert_eq!(fixture.findings("A23").len(), 1);
    }
}
