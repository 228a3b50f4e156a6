//! What the engine did not compute, held against the log: E1 to E5, E13, D3, F19.
//!
//! The report's tables come from the data and cannot contradict it. Its narrative is typed by hand, an outside
//! report was made by somebody else, and a template of an organisation's own may leave out or type in what it
//! likes ([`crate::assurance::printed`]). All three are read as statements, and only what a statement says beyond
//! doubt is held against the log.
//!
//! The appendices of this report are its template's: of what narrative refers to, E13 looks for references in the
//! case, and for appendices once the report is laid out. In an outside report it looks for both.

mod citations;
mod counts;
mod references;
mod scores;
mod told;
mod transfers;
mod versions;

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information, Warning};
use crate::assurance::prose::{Word, contains};
use crate::assurance::version;
use crate::case::{Case, placeholder};
use std::collections::BTreeSet;

pub(in crate::assurance) use citations::unmentioned;
pub(in crate::assurance) use references::absent_appendices;
pub(in crate::assurance) use scores::{ScoreGiven, scores};
pub(in crate::assurance) use told::Told;
pub(in crate::assurance) use transfers::untold_transfers;

/// The checks that the pages of a laid-out report are held against too.
pub(in crate::assurance) const OF_PAGES: [&str; 4] = ["E2", "E3", "E13", "D3"];

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "E1",
        level: Blocking,
        clause: Some("3.3.3"),
        title: "Text cites a hazard that the log does not have",
        why: "A reader who looks the hazard up finds nothing: it was renumbered, dropped without a record, or never logged.",
        remedy: "Correct the id; or put the hazard into the log, with what became of it.",
        runs: &[Run::Case(citations::unknown)],
        ..Check::DEFAULT
    },
    Check {
        id: "E2",
        level: Blocking,
        clause: Some("6.4.1, 3.5.1"),
        title: "Report leaves out a hazard of the log",
        why: "The report has to account for every hazard. Of one that only the log holds, its reader learns neither the risk nor what was decided.",
        remedy: "Have the report account for the hazard; or, where the report is of another version of the log, attach that one.",
        runs: &[Run::Case(|examined, outcome| {
            outside(examined, outcome, unmentioned);
        })],
        ..Check::DEFAULT
    },
    Check {
        id: "E3",
        level: Blocking,
        clause: Some("3.3.3"),
        title: "Text gives a score that is not the log's",
        why: "Report and log are read side by side; where they give one hazard two risks, nobody can say which was accepted.",
        remedy: "Correct the text; where the text is right, correct the rating in the log and have it reviewed.",
        runs: &[Run::Case(scores::contradicted)],
        ..Check::DEFAULT
    },
    Check {
        id: "E4",
        level: Blocking,
        clause: Some("6.4.1"),
        title: "Text gives a count that the data contradicts",
        why: "A count that is wrong says that the text was written for another state of the log, and puts in doubt what else it says.",
        remedy: "Correct the count; better, have it counted when the report is made.",
        how: Some("`{{ hazards | length | counted(\"hazard\") }}` in the narrative"),
        runs: &[Run::Case(counts::contradicted)],
        ..Check::DEFAULT
    },
    Check {
        id: "E5",
        level: Blocking,
        clause: Some("3.3.3"),
        title: "Another version of the hazard log is cited",
        why: "The log that is issued with a report is the one that the report is about; another version may hold other hazards and ratings.",
        remedy: "Cite the version that is attached, or attach the version that is cited.",
        runs: &[Run::Case(versions::other_logs)],
        ..Check::DEFAULT
    },
    Check {
        id: "E13",
        level: Warning,
        clause: Some("3.1.3"),
        title: "Reference that leads nowhere",
        why: "Evidence that a reader is sent to and cannot find is no evidence.",
        remedy: "Add what is referred to, or correct the reference.",
        runs: &[Run::Case(references::dangling)],
        ..Check::DEFAULT
    },
    Check {
        id: "D3",
        level: Blocking,
        clause: Some("6.3.1, 3.5.3"),
        title: "Transferred item that the report does not hand over",
        why: "The receiving organisation reads the report and not the log: what its part on transfers leaves out is controlled by nobody.",
        remedy: "List the hazard or control in the part of the report that hands risks over.",
        runs: &[Run::Case(|examined, outcome| {
            outside(examined, outcome, untold_transfers);
        })],
        ..Check::DEFAULT
    },
    Check {
        id: "F19",
        level: Information,
        clause: None,
        title: "Standard cited by another version or a former name",
        why: "Whoever checks the case reads it against the version that it claims; another version or name makes them ask which was applied.",
        remedy: "Cite the standard by the name and version that the case claims, or say why another one is meant.",
        runs: &[Run::Case(versions::standards)],
        ..Check::DEFAULT
    },
];

/// The statement tells of somebody else's log or of an earlier state, so nothing in this log contradicts it.
fn tells_of_others(words: &[Word], case: &Case) -> bool {
    const OTHERS: [&str; 15] = [
        "earlier",
        "former",
        "formerly",
        "had",
        "manufacturer",
        "manufacturer's",
        "manufacturers",
        "national",
        "originally",
        "previous",
        "previously",
        "supplier",
        "supplier's",
        "trust",
        "trust's",
    ];
    let own = case.release.version.as_deref().unwrap_or_default();
    let another_release = words.windows(2).any(|pair| match pair {
        [release, Word::Number(number)] => release.is("release") && !version::same(&number.to_string(), own),
        [release, Word::Plain(word)] => {
            release.is("release")
                && word.starts_with(|c: char| c.is_ascii_digit())
                && !version::same(word, own)
        }
        _ => false,
    });
    another_release || contains(words, &OTHERS)
}

/// Placeholders of the outside report, each once (A9): its text is no text of the case.
pub(super) fn placeholders(examined: &Examined<'_>, outcome: &mut Outcome) {
    let Some(told) = Told::outside(examined.subject.case) else { return };
    let mut seen = BTreeSet::new();
    for statement in &told.statements {
        if let Some(placeholder) = placeholder::find(&statement.text)
            && seen.insert(placeholder.to_owned())
        {
            outcome.hit(told.hit_at(statement, &format!("still says \"{placeholder}\"")));
        }
    }
}

/// Holds the outside report against the log, where there is one.
fn outside(examined: &Examined<'_>, outcome: &mut Outcome, look: impl Fn(&Told, &Case) -> Vec<Hit>) {
    let case = examined.subject.case;
    if let Some(told) = Told::outside(case) {
        for hit in look(&told, case) {
            outcome.hit(hit);
        }
    }
}
