//! A: identity and structure. Can every hazard and every control be told from every other, and was
//! everything in the log understood?

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information, Warning};
use crate::assurance::text::Text;
use crate::case::hazard::Hazard;
use crate::case::observation::ObservationKind as Kind;
use crate::case::placeholder;
use std::collections::{BTreeMap, HashSet};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "A1",
        level: Blocking,
        clause: Some("3.3.1"),
        title: "Hazard without an id",
        why: "Sessions, evidence and the report name a hazard by its id; one without an id cannot be followed.",
        remedy: "Give the hazard an id of its own in the hazard log.",
        runs: &[Run::Log(blank_ids)],
        ..Check::DEFAULT
    },
    Check {
        id: "A2",
        level: Blocking,
        clause: Some("3.3.1"),
        title: "Hazard id used for different hazards",
        why: "When two hazards share an id, nobody can tell which of them was reviewed, controlled or accepted.",
        remedy: "Give each of these hazards an id of its own, and correct what refers to them.",
        runs: &[Run::Log(duplicate_ids)],
        ..Check::DEFAULT
    },
    Check {
        id: "A3",
        level: Warning,
        clause: Some("3.3.1"),
        title: "One hazard name under several ids",
        why: "The same hazard under two ids is rated and controlled twice, and the two drift apart.",
        remedy: "Join the hazards, or name them so that they can be told apart.",
        runs: &[Run::Log(repeated_names)],
        ..Check::DEFAULT
    },
    Check {
        id: "A6",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Row that was joined or is hidden",
        why: "A hidden row or a row without a hazard number is easily lost; it was read here, and somebody should say that this is right.",
        remedy: "Give the row its hazard number; or, where it belongs to no hazard, delete it.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::RowJoined])), Run::Log(hidden)],
        ..Check::DEFAULT
    },
    Check {
        id: "A8",
        level: Blocking,
        clause: Some("4.3.1"),
        title: "No hazard in the log",
        why: "That a system has no hazards is a claim like any other: it needs a rationale.",
        remedy: "Record the hazards; or list what was assessed in the risk assessment, each item with the reason why it leads to no hazard.",
        runs: &[Run::Log(empty_log)],
        ..Check::DEFAULT
    },
    Check {
        id: "A17",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Rows of one hazard that disagree",
        why: "Where two rows of a hazard say different things, the report can print only one, and it may not be the one that was meant.",
        remedy: "Correct the rows so that they agree, or leave all but the first blank.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::RowsDisagree]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A20",
        level: Blocking,
        clause: Some("3.3.1"),
        title: "A second sheet or table of hazards was not read",
        why: "The hazards that stand there are not in the report, and nobody has decided on them.",
        remedy: "Bring all hazards together in one table; or delete the sheet or table, if its hazards are those of an older log.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::HazardSheetNotRead]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A27",
        level: Blocking,
        clause: Some("3.3.1"),
        title: "Formula without a saved value",
        why: "The file holds the formula and not what it comes to, so the cell is blank in the report whatever a spreadsheet program shows.",
        remedy: "Open the log in a spreadsheet program, let it calculate, and save it.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::UnsavedValue]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A21",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Layout of the log in doubt",
        why: "A log read in another layout than its own gives other hazards and controls, and none of them looks wrong.",
        remedy: "Compare what was read with the log; correct the log, or say in a mapping file how it is to be read.",
        how: Some(
            "`cscr import FILE --explain` shows what each sheet, column and row was taken for; `--save-mapping` writes it to a file, which is corrected and named as `mapping` under `[inputs]` of case.toml",
        ),
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::LayoutInDoubt]))],
        ..Check::DEFAULT
    },
];

/// What the hazards do not suffer from, and a reader of the spreadsheet should know.
pub(super) static OF_THE_SPREADSHEET: &[Check] = &[
    Check {
        id: "A4",
        level: Warning,
        clause: Some("6.1.1"),
        title: "Control id used twice or missing",
        why: "Evidence names a control by its id; an id that is shared or absent leaves it open which control is meant.",
        remedy: "Give every control an id that is unique within its hazard.",
        runs: &[Run::Log(|subject, outcome| {
            outcome.observed(subject, &[Kind::DuplicateControlId, Kind::MissingControlId]);
        })],
        ..Check::DEFAULT
    },
    Check {
        id: "A5",
        level: Warning,
        clause: Some("6.1.1"),
        title: "Id that does not follow from its hazard or cause",
        why: "An id that begins like another hazard's often means a row that was copied or moved and not corrected.",
        remedy: "Check which hazard and cause the row belongs to, and correct the id.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::IdPrefix]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A10",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Struck-through text",
        why: "Struck-through text is read like any other; whether it still holds, the log does not say.",
        remedy: "Delete the text if it no longer holds, else remove the strike-through.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::StruckThrough]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A11",
        level: Information,
        clause: None,
        title: "Cell comment",
        why: "A comment may hold an open question or a decision; the report does not print it.",
        remedy: "Move what matters into a cell, a PSA record or the narrative, and delete the comment.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::Comment]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A12",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Content that was not understood",
        why: "What stands under a column that was not understood is not in the report, and may be needed there.",
        remedy: "Name the column as the template does, or move its content to a column that is read.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::Unmapped]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A13",
        level: Information,
        clause: None,
        title: "Broken name in the workbook",
        why: "A defined name that leads nowhere is what remains of something deleted, such as the list behind a drop-down.",
        remedy: "Repair or delete the name in the workbook's name manager.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::BrokenName]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A14",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Error value in a cell",
        why: "A cell that shows an error holds no value; what it should say is lost.",
        remedy: "Repair the formula, or type the value.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ErrorValue]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A15",
        level: Warning,
        clause: Some("3.3.1"),
        title: "One id in two spellings",
        why: "An id that lost its leading zero no longer matches what refers to it.",
        remedy: "Write the id in one way throughout; format the column as text so that zeros stay.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::IdSpelling]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A16",
        level: Information,
        clause: Some("6.1.1"),
        title: "Entry that says that there is no control",
        why: "Such an entry is not counted as a control; what else it says should not be lost.",
        remedy: "Write None alone where there is no control, and move the rest to the notes.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::NotAControl]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A18",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Word that the cell's drop-down list does not have",
        why: "The log's author meant only the words of the list to stand there; another word was pasted over it, or the list was changed.",
        remedy: "Choose a word of the list, or add the word to the list if it is right.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::NotInList]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A19",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Sheet, picture or text box that was not read",
        why: "What stands on a sheet that is not read, or in a picture, is not in the report, though somebody put it into the hazard log.",
        remedy: "Move what belongs to a hazard to the sheet of hazards, and the rest to the narrative; or delete it.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::SheetNotRead]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A24",
        level: Information,
        clause: Some("3.3.1"),
        title: "Blank rows on the sheet of hazards",
        why: "A blank row was passed over. Where a hazard or a control stood in it once, nothing else shows that it is gone.",
        remedy: "Delete the row; where something is missing from it, put that back.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::BlankRows]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A25",
        level: Information,
        clause: None,
        title: "Sheet of lists that was not read",
        why: "The sheet only lists words that may stand in the cells of hazards. It is named so that nobody looks for it in the report.",
        remedy: "Nothing, if it is there for the drop-down lists; else delete the sheet.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ListsNotRead]))],
        ..Check::DEFAULT
    },
    Check {
        id: "A26",
        level: Information,
        clause: None,
        title: "Log in a format that tells less",
        why: "A format that does not tell of hidden rows, comments or struck-through text cannot show that the log has any.",
        remedy: "Open the log in a spreadsheet program, unhide all rows and columns, look at its comments, and save it as .xlsx.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::FormatTellsLess]))],
        ..Check::DEFAULT
    },
];

/// Placeholders, of which a new case is full: whatever else is wrong stands before them.
pub(super) static TO_BE_WRITTEN: &[Check] = &[Check {
    id: "A9",
    level: Blocking,
    clause: Some("3.5.2"),
    title: "Text still to be written",
    why: "Where a text is still to be written, the reader has no answer yet, and the Clinical Safety Officer cannot approve what is not there.",
    remedy: "Write what belongs there; or take the placeholder out, if nothing does.",
    runs: &[Run::Text(placeholders), Run::Case(super::documents::placeholders)],
    ..Check::DEFAULT
}];

fn blank_ids(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in subject.log.hazards.iter().filter(|hazard| hazard.id.trim().is_empty()) {
        let message = format!("The hazard \"{}\" has no id.", hazard.display_name());
        outcome.hit(Hit::hazard(&hazard.key, "", message));
    }
}

/// What a saved filter hides may well be a hazard; to delete it is never what to do about that.
fn hidden(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for seen in subject.observations.iter().filter(|seen| seen.kind == Kind::Hidden) {
        outcome.hit(
            Hit::from(seen).remedy(
                "Show it, by clearing the filter or unhiding it, and review the log with it in view.",
            ),
        );
    }
}

/// What intake saw, and shared ids that it said nothing of.
fn duplicate_ids(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    outcome.observed(subject, &[Kind::DuplicateHazardId]);
    let seen = subject.observations.iter().filter(|seen| seen.kind == Kind::DuplicateHazardId);
    let observed: HashSet<&str> = seen.filter_map(|seen| seen.hazard.as_deref()).collect();
    for group in alike(subject, |hazard| Some(hazard.id.trim().to_owned())) {
        if group.iter().any(|hazard| observed.contains(hazard.key.as_str())) {
            continue;
        }
        for hazard in &group[1..] {
            let message = format!(
                "The id \"{}\" stands for \"{}\" and for \"{}\".",
                hazard.id,
                group[0].display_name(),
                hazard.display_name()
            );
            outcome.hit(Hit::hazard(&hazard.key, "", message));
        }
    }
}

fn repeated_names(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let folded = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    for group in alike(subject, |hazard| hazard.name.as_deref().map(folded)) {
        let keys: Vec<&str> = group.iter().map(|hazard| hazard.key.as_str()).collect();
        let message = format!("\"{}\" is the name of {}.", group[0].display_name(), super::list(&keys));
        outcome.hit(Hit::hazard(&group[1].key, "name", message));
    }
}

/// Groups of two or more hazards that have the same, not blank, word for something; in the log's order.
fn alike<'a>(subject: &LogSubject<'a>, word: impl Fn(&Hazard) -> Option<String>) -> Vec<Vec<&'a Hazard>> {
    let mut groups: BTreeMap<String, Vec<&Hazard>> = BTreeMap::new();
    for hazard in &subject.log.hazards {
        if let Some(word) = word(hazard).filter(|word| !word.is_empty()) {
            groups.entry(word).or_default().push(hazard);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

fn empty_log(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let items = subject.risk_assessment;
    let explained = !items.is_empty() && items.iter().all(|item| item.no_hazard_because.is_some());
    if subject.log.hazards.is_empty() && !explained {
        outcome.hit(Hit::at("hazard_log", "The hazard log holds no hazard, and no rationale says why."));
    }
}

fn placeholders(text: &Text<'_>, outcome: &mut Outcome) {
    // The safety officer's statement has a check of its own, F24; what another organisation left open is not for this
    // one to write.
    if let Some(placeholder) = placeholder::find(text.text)
        && text.path() != super::governance::STATEMENT
        && !text.is_senders()
    {
        let line = super::line_of(text.text, placeholder);
        outcome.hit(Hit::text(text, |place| format!("\"{placeholder}\" stands in {place}.")).on_line(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, fires_on_observation, hazard, item, silent, some};

    #[test]
    fn a1_blank_id() {
        fires(
            "A1",
            |fixture| fixture.hazard().id = " ".to_owned(),
            "The hazard \"Referral H01 is lost\" has no id.",
        );
    }

    #[test]
    fn a2_one_id_for_two_hazards() {
        fires_on_observation("A2", Kind::DuplicateHazardId);
        let second = |fixture: &mut Fixture| fixture.case.hazard_log.hazards[1].id = "H01".to_owned();
        fires(
            "A2",
            second,
            "The id \"H01\" stands for \"Referral H01 is lost\" and for \"Referral H02 is lost\".",
        );
        let both = Fixture::with(|fixture| {
            second(fixture);
            fixture.observations.push(crate::assurance::testing::observation(Kind::DuplicateHazardId));
        });
        assert_eq!(both.messages("A2"), ["Something was noticed."], "said once");
    }

    #[test]
    fn a3_one_name_for_two_hazards() {
        let same = |fixture: &mut Fixture| fixture.hazard().name = some("referral  H02 is lost");
        fires("A3", same, "\"referral  H02 is lost\" is the name of H01 and H02.");
    }

    #[test]
    fn what_intake_noticed_becomes_a_finding() {
        for (check, kind) in [
            ("A4", Kind::DuplicateControlId),
            ("A4", Kind::MissingControlId),
            ("A5", Kind::IdPrefix),
            ("A6", Kind::RowJoined),
            ("A6", Kind::Hidden),
            ("A10", Kind::StruckThrough),
            ("A11", Kind::Comment),
            ("A12", Kind::Unmapped),
            ("A13", Kind::BrokenName),
            ("A14", Kind::ErrorValue),
            ("A15", Kind::IdSpelling),
            ("A16", Kind::NotAControl),
            ("A17", Kind::RowsDisagree),
            ("A18", Kind::NotInList),
            ("A19", Kind::SheetNotRead),
            ("A24", Kind::BlankRows),
            ("A26", Kind::FormatTellsLess),
            ("A25", Kind::ListsNotRead),
            ("A20", Kind::HazardSheetNotRead),
            ("A21", Kind::LayoutInDoubt),
            ("A27", Kind::UnsavedValue),
        ] {
            fires_on_observation(check, kind);
        }
    }

    #[test]
    fn a8_empty_log() {
        silent("A8");
        let mut fixture = Fixture::with(|fixture| fixture.case.hazard_log.hazards.clear());
        assert_eq!(fixture.findings("A8").len(), 1);
        assert!(fixture.imported().iter().any(|finding| finding.check == "A8"));
        let mut explained = item("RA-1", &[]);
        explained.no_hazard_because = some("The product shows no patient data");
        fixture.case.risk_assessment = vec![explained];
        assert_eq!(fixture.messages("A8"), Vec::<String>::new());
    }

    #[test]
    fn a9_placeholder_with_its_place() {
        silent("A9");
        let fixture = Fixture::with(|fixture| {
            fixture.hazard().name = some("TBC");
            fixture.case.document.owner = some("<author to indicate owner>");
        });
        let findings = fixture.findings("A9");
        assert_eq!(findings[0].message, "\"<author to indicate owner>\" stands in the document's owner.");
        assert_eq!(findings[0].source.as_ref().map(ToString::to_string).as_deref(), Some("case.toml"));
        assert_eq!(findings[1].message, "\"TBC\" stands in the name of hazard H01.");
        assert_eq!(findings[1].hazard.as_deref(), Some("H01"));
        assert_eq!(findings[1].source.as_ref().and_then(|place| place.cell.as_deref()), Some("B2"));
        assert!(fixture.imported().iter().any(|finding| finding.check == "A9"));
    }

    #[test]
    fn a9_leaves_the_statement_to_its_own_check() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.narrative.insert("summary-safety-statement".to_owned(), "TBC".to_owned());
        });
        assert_eq!(fixture.messages("A9"), Vec::<String>::new());
        assert_eq!(fixture.findings("F24").len(), 1);
    }

    #[test]
    fn blank_names_are_not_one_name() {
        let fixture = Fixture::with(|fixture| {
            fixture.case.hazard_log.hazards.push(hazard("H03"));
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.name = None;
            }
        });
        assert_eq!(fixture.messages("A3"), Vec::<String>::new());
    }
}
