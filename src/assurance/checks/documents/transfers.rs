//! What a report hands over to others.

use super::Told;
use crate::assurance::check::Hit;
use crate::assurance::cross_reference::rules;
use crate::assurance::prose::{HazardIds, Statement, holds};
use crate::case::Case;
use crate::case::folding::folded;
use crate::case::hazard::{Control, Hazard, HazardState};
use std::collections::BTreeSet;

/// As much of a control's text as no other text repeats by chance.
const TELLING_TEXT: usize = 40;

/// Transferred hazards and controls that the part of a report on transfers does not mention.
///
/// Where that part names controls by id, each transferred control has to be there; where it names hazards
/// alone, their controls go with them.
pub(in crate::assurance) fn untold_transfers(told: &Told, case: &Case) -> Vec<Hit> {
    let ids = HazardIds::of(case);
    let part = Part::of(told, &ids);
    let names_controls = transferred(case).any(|(_, control)| part.has_id(&control.id));
    let mut hits = Vec::new();
    for hazard in &case.hazard_log.hazards {
        let is_handed_over = hazard.state == HazardState::Transferred || hazard.transferred_to.is_some();
        if is_handed_over
            && ids.recognises(&hazard.id)
            && !part.hazards.contains(hazard.id.as_str())
            && !part.names(hazard)
        {
            let says = format!("does not hand over {}, which the log transfers", hazard.key);
            hits.push(told.hit(&says).of_hazard(Some(&hazard.key)));
        }
    }
    for (hazard, control) in transferred(case) {
        let is_told = if names_controls {
            part.has_id(&control.id) || part.has_text(&control.text)
        } else {
            part.hazards.contains(hazard.id.as_str()) || part.has_text(&control.text)
        };
        if !is_told {
            let says = format!(
                "does not hand over control {} of {}, which the log transfers",
                control.id, hazard.key
            );
            hits.push(told.hit(&says).of_hazard(Some(&hazard.key)));
        }
    }
    hits
}

fn transferred(case: &Case) -> impl Iterator<Item = (&Hazard, &Control)> {
    let controls = |hazard| Hazard::all_controls(hazard).map(move |control| (hazard, control));
    case.hazard_log.hazards.iter().flat_map(controls).filter(|(_, control)| rules::is_transferred(control))
}

/// What a text says of transfers.
struct Part<'a> {
    hazards: BTreeSet<&'a str>,
    folded: String,
}

impl<'a> Part<'a> {
    /// Every statement that speaks of transfer, and all that stands under a heading that does, up to the next
    /// appendix. What follows in the same chapter may be more than the part: a doubt that favours the report.
    fn of(told: &Told, ids: &HazardIds<'a>) -> Self {
        let mut under_heading = false;
        let mut text = String::new();
        let mut hazards = BTreeSet::new();
        for statement in &told.statements {
            let speaks = speaks_of_transfer(&statement.text);
            if is_heading(statement) {
                under_heading = speaks || (under_heading && !statement.text.starts_with("Appendix"));
            }
            if under_heading || speaks {
                hazards.extend(ids.cited(&statement.text).iter().filter_map(|cited| cited.known));
                text.push_str(&statement.text);
                text.push(' ');
            }
        }
        Self { hazards, folded: folded(&text) }
    }

    fn has_id(&self, id: &str) -> bool {
        // An id that the log uses twice bears a suffix here, which the report does not know.
        holds(&self.folded, id.split('~').next().unwrap_or(id))
    }

    /// Columns of a table cut a text into lines that run into one another, so a short beginning is enough.
    fn has_text(&self, text: &str) -> bool {
        let folded = folded(text);
        let end = folded.char_indices().nth(TELLING_TEXT).map_or(folded.len(), |(end, _)| end);
        holds(&self.folded, &folded[..folded[..end].rfind(' ').unwrap_or(end)])
    }

    fn names(&self, hazard: &Hazard) -> bool {
        hazard.name.as_deref().is_some_and(|name| holds(&self.folded, name))
    }
}

fn speaks_of_transfer(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("transfer") || text.contains("external control")
}

/// A line of its own that no stop ends, and no line of a table of contents, which ends with a page number.
fn is_heading(statement: &Statement) -> bool {
    const LONGEST: usize = 90;
    let text = statement.text.trim_end();
    statement.is_line
        && !statement.is_row
        && text.len() <= LONGEST
        && !text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ';' | ':'))
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{Fixture, fires, outside, some};
    use crate::case::hazard::{ControlState, HazardState};

    fn handing_over(text: &'static str) -> impl FnOnce(&mut Fixture) {
        move |fixture| {
            let hazard = fixture.hazard();
            hazard.state = HazardState::Transferred;
            hazard.transferred_to = some("The trust");
            hazard.controls[0].state = ControlState::Transferred;
            outside(text)(fixture);
        }
    }

    #[test]
    fn d3_a_hazard_that_no_part_on_transfers_mentions() {
        let messages = Fixture::with(handing_over("H01 and H02 are described.")).messages("D3");
        assert_eq!(
            messages,
            [
                "The outside report old.txt does not hand over H01, which the log transfers.",
                "The outside report old.txt does not hand over control H01.D1 of H01, which the log transfers.",
            ]
        );
    }

    #[test]
    fn d3_a_part_by_hazard_carries_its_controls() {
        for text in [
            "H01, H02.\n\nTransferred hazards\n\nH01   Lost   3",
            "H02. H01 is transferred to the trust.",
            "Appendix B - External controls\n\nThe trust answers.\n\nH01   Lost\n\nH02   x",
        ] {
            assert_eq!(Fixture::with(handing_over(text)).messages("D3"), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn d3_a_part_by_control_has_to_name_each() {
        let spoil = |fixture: &mut Fixture| {
            handing_over("H02.\n\nTransfers\n\nH01   H01.D1   Do this")(fixture);
            let mut other = fixture.hazard().controls[0].clone();
            other.id = "H01.D2".to_owned();
            other.text = "Something else".to_owned();
            fixture.hazard().controls.push(other);
        };
        fires(
            "D3",
            spoil,
            "The outside report old.txt does not hand over control H01.D2 of H01, which the log transfers.",
        );
    }

    #[test]
    fn d3_asks_nothing_of_a_log_that_transfers_nothing() {
        assert_eq!(Fixture::with(outside("H01, H02.")).messages("D3"), Vec::<String>::new());
    }
}
