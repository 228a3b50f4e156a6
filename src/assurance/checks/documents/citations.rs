//! Which hazards a text speaks of.

use super::Told;
use crate::assurance::check::{Examined, Hit, Outcome};
use crate::assurance::prose::{HazardIds, holds};
use crate::case::Case;
use std::collections::BTreeSet;

/// A name shorter than this may stand in a text by chance.
const TELLING_NAME: usize = 12;

/// Ids of the log's form that the log does not have, once a text.
pub(super) fn unknown(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let ids = HazardIds::of(case);
    for told in &examined.told {
        let mut seen = BTreeSet::new();
        for statement in &told.statements {
            for cited in ids.cited(&statement.text).into_iter().filter(|cited| cited.known.is_none()) {
                if seen.insert(cited.written.to_owned()) {
                    let says = format!("cites {}, which is not in the hazard log", cited.written);
                    outcome.hit(told.hit_at(statement, &says));
                }
            }
        }
    }
}

/// Hazards of the log that a text mentions neither by id nor by name.
///
/// Hazards whose ids are plain numbers or otherwise not to be recognised, or that have none, cannot be looked for
/// with certainty.
pub(in crate::assurance) fn unmentioned(told: &Told, case: &Case) -> Vec<Hit> {
    let ids = HazardIds::of(case);
    let mentioned: BTreeSet<&str> = told
        .statements
        .iter()
        .flat_map(|statement| ids.cited(&statement.text))
        .filter_map(|cited| cited.known)
        .collect();
    let is_named = |name: &str| name.len() >= TELLING_NAME && holds(&told.folded, name);
    let hazards = case.hazard_log.hazards.iter();
    hazards
        .filter(|hazard| ids.recognises(&hazard.id) && !mentioned.contains(hazard.id.as_str()))
        .filter(|hazard| !hazard.name.as_deref().is_some_and(is_named))
        .map(|hazard| {
            let says = format!("never mentions {}, \"{}\"", hazard.key, hazard.display_name());
            told.hit(&says).of_hazard(Some(&hazard.key))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, outside, telling};

    #[test]
    fn e1_an_id_that_the_log_lacks() {
        fires(
            "E1",
            telling("Of these H01 and H77 matter most. H77 again."),
            "The narrative section \"introduction\" cites H77, which is not in the hazard log: \"Of these H01 and H77 matter most\".",
        );
        fires(
            "E1",
            outside("Cover\u{c}H77   Lost   3"),
            "The outside report old.txt, page 2, cites H77, which is not in the hazard log: \"H77 Lost 3\".",
        );
    }

    #[test]
    fn a9_a_placeholder_of_an_outside_report() {
        fires(
            "A9",
            outside("H01, H02.\n\nINSERT COMPANY NAME HERE\n\nINSERT COMPANY NAME HERE"),
            "The outside report old.txt, page 1, still says \"INSERT COMPANY NAME HERE\": \"INSERT COMPANY NAME HERE\".",
        );
    }

    #[test]
    fn no_patients_number_is_quoted() {
        let messages = Fixture::with(telling("H77 harmed 943 476 5919.")).messages("E1");
        assert!(messages[0].ends_with("\"H77 harmed 943 *** ****\"."), "{messages:?}");
    }

    #[test]
    fn e1_is_silent_on_what_is_no_hazard() {
        let text = "H1N1, control H01.D9, clause 6.3.1, 999 000 0018 and Table H77 are no hazards.";
        assert_eq!(Fixture::with(telling(text)).messages("E1"), Vec::<String>::new());
    }

    #[test]
    fn e2_a_hazard_that_a_report_never_mentions() {
        fires(
            "E2",
            outside("H01 alone is discussed."),
            "The outside report old.txt never mentions H02, \"Referral H02 is lost\".",
        );
        for text in ["H01 to H02", "H01. A referral h02 IS\nlost: by its name."] {
            let messages = Fixture::with(outside(&text.replace("A referral", "Referral"))).messages("E2");
            assert_eq!(messages, Vec::<String>::new(), "{text}");
        }
    }
}
