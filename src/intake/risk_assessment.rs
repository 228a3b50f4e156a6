//! `risk-assessment.toml`: the items that were assessed and what answers each.

use super::files::CaseFolder;
use super::toml_input::{TomlInput, refuse_duplicates};
use super::{InputError, Reading};
use crate::case::Provenance;
use crate::case::risk_assessment::AssessedItem;
use schemars::JsonSchema;
use serde::Deserialize;

/// risk-assessment.toml: what was assessed, and the hazards that it brings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskAssessment {
    /// Risks, steps and points of interfaces that were looked at.
    #[serde(default)]
    items: Vec<AssessedItem>,
}

/// Reads the items. What an item names (hazards, questions, points) is judged later, not here.
pub fn read(folder: &CaseFolder, path: &str) -> Result<Reading<Vec<AssessedItem>>, InputError> {
    let (assessment, lines) = TomlInput::<RiskAssessment>::read(folder, path)?.into_parts();
    let places = || (0..).map(|index| lines.place(&format!("items/{index}")));
    refuse_duplicates(
        "risk assessment item",
        assessment.items.iter().map(|item| item.id.as_str()).zip(places()),
    )?;
    let mut provenance = Provenance::default();
    for (item, place) in assessment.items.iter().zip(places()) {
        provenance.record(format!("risk_assessment/{}", item.id), place);
    }
    Ok((assessment.items, provenance, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Place;
    use crate::intake::files::tests::case_folder;

    const ITEMS: &str = "[[items]]\nid = \"RA-1\"\nkind = \"potential-risk\"\ntext = \"Wrong patient\"\nhazards = [\"H1\"]\n\n[[items]]\nid = \"RA-2\"\nkind = \"exit-point\"\ntext = \"Letter\"\nno_hazard_because = \"Paper\"\n";

    #[test]
    fn items_are_read_with_their_lines() {
        let (_directory, folder) = case_folder(&[("ra.toml", ITEMS)]);
        let (items, provenance, observations) = read(&folder, "ra.toml").unwrap();
        assert_eq!(items[0].hazards, ["H1"]);
        assert_eq!(items[1].no_hazard_because.as_deref(), Some("Paper"));
        assert_eq!(provenance.place("risk_assessment/RA-2"), Some(Place::line("ra.toml", 7)));
        assert_eq!(observations, []);
    }

    #[test]
    fn an_id_that_is_used_twice_and_an_unknown_kind_are_refused() {
        let twice = ITEMS.replace("RA-2", "RA-1");
        let unknown = ITEMS.replace("exit-point", "exit point");
        let (_directory, folder) = case_folder(&[("twice.toml", &twice), ("unknown.toml", &unknown)]);
        let error = read(&folder, "twice.toml").unwrap_err().to_string();
        assert!(
            error.contains("The risk assessment item id \"RA-1\" is used twice, first at line 1"),
            "{error}"
        );
        let error = read(&folder, "unknown.toml").unwrap_err().to_string();
        assert!(error.contains("did you mean \"exit-point\"?") && error.contains("line 9"), "{error}");
    }
}
