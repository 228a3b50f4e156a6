//! P, G and U: what should not be in a report at all, what cannot be printed, and what was given and is
//! not in it.

use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Warning};
use crate::assurance::nhs_number::masked_nhs_numbers;
use crate::assurance::text::Text;
use crate::case::observation::ObservationKind as Kind;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "P1",
        level: Blocking,
        clause: None,
        title: "NHS number in a text",
        why: "A safety case is sent to many people; a patient's number has no place in it.",
        remedy: "Remove the number, from the source document too: the report masks it, but the files attached to the report hold it. If it is not an NHS number, write it so that it does not look like one.",
        runs: &[Run::Text(nhs_numbers)],
        ..Check::DEFAULT
    },
    Check {
        id: "G1",
        level: Blocking,
        clause: None,
        title: "Character that cannot be printed",
        why: "A reader of the report does not see what stands in the log, and a released report must say what the log says.",
        remedy: "Write it in other characters, or add a font that has it.",
        how: Some("`--fonts DIR`"),
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::Unprintable]))],
        ..Check::DEFAULT
    },
    Check {
        id: "U1",
        level: Warning,
        clause: None,
        title: "Input that nothing uses",
        why: "It was given for the report, and the report does not have it.",
        remedy: "Name the file or section as the case folder expects it, or remove it.",
        how: Some(
            "`[inputs]` in case.toml names files; narrative sections are named as the template names them",
        ),
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::Unused]))],
        ..Check::DEFAULT
    },
];

fn nhs_numbers(text: &Text<'_>, outcome: &mut Outcome) {
    let numbers = masked_nhs_numbers(text.text);
    let Some(first) = numbers.first() else { return };
    let line = text.text.lines().take_while(|line| masked_nhs_numbers(line).is_empty()).count() + 1;
    let hit = Hit::text(text, |place| match numbers.len() {
        1 => format!("What looks like an NHS number, {first}, stands in {place}."),
        count => format!("{count} of what look like NHS numbers, the first {first}, stand in {place}."),
    });
    outcome.hit(hit.on_line(line));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, fires, fires_on_observation, some};

    #[test]
    fn p1_a_patients_number_is_named_and_not_repeated() {
        let spoil = |fixture: &mut Fixture| {
            fixture.hazard().notes = some("Seen with 943 476 5919 in test");
        };
        fires("P1", spoil, "What looks like an NHS number, 943 *** ****, stands in the notes of hazard H01.");
        assert!(Fixture::with(spoil).imported().iter().any(|finding| finding.check == "P1"));
    }

    #[test]
    fn p1_leaves_telephone_numbers_alone() {
        let fixture = Fixture::with(|fixture| {
            fixture.hazard().notes = some("Ring 01234 567890 or 020 7946 0958");
        });
        assert_eq!(fixture.messages("P1"), Vec::<String>::new());
    }

    #[test]
    fn g1_is_what_no_font_has() {
        fires_on_observation("G1", Kind::Unprintable);
    }

    #[test]
    fn u1_is_what_intake_noticed() {
        fires_on_observation("U1", Kind::Unused);
    }
}
