use super::*;
use crate::case::hazard::{ControlKind, HazardState, LinkBasis, StatedRisk};
use crate::case::matrix::RiskPolicy;

fn folder(texts: &[(&str, &str)]) -> Result<HazardLogInput, InputError> {
    let texts: Vec<Text<'_>> = texts.iter().map(|(file, text)| Text { file, text }).collect();
    read_folder("hazards", &texts, &RatedBy::from(&RiskPolicy::nhs()))
}

fn page(text: &str) -> Result<HazardLogInput, InputError> {
    read_page(Text { file: "log.md", text }, &RatedBy::from(&RiskPolicy::nhs()))
}

/// Whatever a page holds is mapped, unmapped or ignored.
fn assert_accounted(input: &HazardLogInput) {
    let explanation = &input.explanation;
    let ignored: usize = explanation.ignored.iter().map(|ignored| ignored.count).sum();
    assert_eq!(
        explanation.cells,
        explanation.mapped + explanation.unmapped.len() + ignored,
        "{explanation:#?}"
    );
    for cell in &explanation.unmapped {
        let said = input.observations.iter().any(|seen| {
            seen.kind == ObservationKind::Unmapped
                && seen.place.as_ref().is_some_and(|place| place.to_string() == cell.cell)
        });
        assert!(said, "{cell:?}");
    }
}

const RATED_IN_HTML: &str = "# FHIR007 Allergies shown late

## Hazard Description
The list of allergies appears after the order was sent.

## Potential Clinical Impact
A drug is given that the patient is allergic to.

## Possible Causes
1. Slow network
2. A long list

## Existing Controls
1. Staff ask the patient
2. None

<table>
<tr><th>Likelihood</th><th>Consequence</th><th>Risk</th><th>Likelihood</th><th>Consequence</th><th>Risk</th></tr>
<tr><td>Medium</td><td>Major</td><td>3</td><td>Very Low</td><td>Major</td><td>2</td></tr>
</table>

## Design
- The order waits for the list
- n/a

## Test
n/a

## Training
TBC

## Ward plan
Ask the matron.
";

#[test]
fn headings_lists_and_html_ratings_make_a_hazard() {
    let input =
        folder(&[("hazards/README.md", "# Hazards\n\n- one\n"), ("hazards/FHIR007.md", RATED_IN_HTML)])
            .unwrap();
    let hazard = &input.log.hazards[0];
    assert_eq!((hazard.key.as_str(), hazard.name.as_deref()), ("FHIR007", Some("Allergies shown late")));
    assert_eq!((hazard.initial.risk, hazard.residual.risk), (Some(3), Some(2)));
    assert_eq!(hazard.residual.stated_risk, Some(StatedRisk::Score(2)));
    assert_eq!(hazard.residual.likelihood.as_deref(), Some("Very Low"));
    let causes: Vec<(&str, &str)> =
        hazard.causes.iter().map(|cause| (cause.id.as_str(), cause.text.as_str())).collect();
    assert_eq!(causes, [("FHIR007.1", "Slow network"), ("FHIR007.2", "A long list")]);
    assert_eq!(
        (hazard.causes[0].controls.clone(), hazard.causes[0].link),
        (vec!["FHIR007.E1".into()], LinkBasis::Inferred)
    );
    assert_eq!(hazard.causes[1].link, LinkBasis::None, "its number says that there is none");
    let controls: Vec<(&str, ControlKind)> =
        hazard.controls.iter().map(|control| (control.text.as_str(), control.kind)).collect();
    assert_eq!(
        controls,
        [("The order waits for the list", ControlKind::Design), ("TBC", ControlKind::Training)]
    );
    assert_eq!(input.explanation.hazards[0].none_entries, 3);
    let line = |path: &str| input.provenance.place(path);
    assert_eq!(line("hazards/FHIR007/description"), Some(Place::line("hazards/FHIR007.md", 4)));
    assert_eq!(line("hazards/FHIR007/initial/risk"), Some(Place::line("hazards/FHIR007.md", 17)));
    assert_eq!(line("hazards/FHIR007/controls/FHIR007.D1"), Some(Place::line("hazards/FHIR007.md", 23)));
    assert_eq!(input.explanation.unmapped.len(), 1);
    assert_eq!(input.explanation.unmapped[0].text, "Ask the matron.");
    assert_eq!(input.explanation.sheets[0].role, SheetRole::NotRead);
    assert_accounted(&input);
}

const RATED_IN_WORDS: &str = "---
id: H-04
layout: hazard
status: Under review
reviewed-by: nobody yet
---
# A score is misread

![likelihood 4](icons/likelihood-4.png)

## Hazard status
Under review

## Causes
The label is small.

## Initial hazard risk assessment
### Likelihood scoring
3 - Medium: about once a year
### Severity scoring
2 - Major - a patient may be harmed

## Residual hazard risk assessment
**Likelihood:** Low
**Severity:** TBC
**Risk:** 2

<!-- write the reason here -->

## Owner
| Owner | Supplier |
|---|---|
| Status | Open |
";

#[test]
fn front_matter_labels_and_words_of_a_rating_are_read() {
    let input = folder(&[("hazards/a.md", RATED_IN_WORDS)]).unwrap();
    let hazard = &input.log.hazards[0];
    assert_eq!((hazard.id.as_str(), hazard.name.as_deref()), ("H-04", Some("A score is misread")));
    assert_eq!((hazard.status.as_deref(), hazard.state), (Some("Under review"), HazardState::Other));
    assert_eq!(hazard.owner.as_deref(), Some("Supplier"));
    assert_eq!(hazard.initial.likelihood.as_deref(), Some("Medium"));
    assert_eq!(hazard.initial.stated_severity.as_deref(), Some("2 - Major"));
    assert_eq!(
        hazard.notes.as_deref(),
        Some("Initial severity: a patient may be harmed\nInitial likelihood: about once a year")
    );
    assert_eq!((hazard.residual.severity.as_deref(), hazard.residual.risk), (Some("TBC"), None));
    assert_eq!(hazard.residual.stated_risk, Some(StatedRisk::Score(2)));
    assert_eq!(hazard.causes[0].text, "The label is small.");
    let kinds: Vec<ObservationKind> = input.observations.iter().map(|seen| seen.kind).collect();
    assert_eq!(
        kinds,
        [ObservationKind::RowsDisagree, ObservationKind::Unmapped, ObservationKind::SheetNotRead],
        "another status in the table, a key that nobody knows, a picture"
    );
    let reasons: Vec<&str> =
        input.explanation.ignored.iter().map(|ignored| ignored.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["for the web site that shows the page", "a comment in the page's source", "a picture"]
    );
    assert_accounted(&input);
}

#[test]
fn a_page_may_have_a_section_a_hazard() {
    let text = "# Hazard log of the ward list\n\nKept by the team.\n\n## H1: Late\n**Severity:** Minor\n**Likelihood:** Low\n\n### Causes\n- a\n\n## H2: Lost\nCauses: b\n\n## Glossary\nA word.\n";
    let input = page(text).unwrap();
    let hazards: Vec<(&str, Option<&str>)> =
        input.log.hazards.iter().map(|hazard| (hazard.key.as_str(), hazard.name.as_deref())).collect();
    assert_eq!(hazards, [("H1", Some("Late")), ("H2", Some("Lost"))]);
    assert_eq!(input.log.title.as_deref(), Some("Hazard log of the ward list"));
    assert_eq!(input.log.hazards[0].initial.risk, Some(1));
    assert_eq!(input.log.hazards[1].causes[0].text, "b");
    assert_eq!(input.provenance.place("hazards/H2/causes/H2.1").and_then(|place| place.line), Some(13));
    let left: Vec<&str> = input.explanation.unmapped.iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(left, ["Kept by the team.", "A word."]);
    assert_accounted(&input);
}

#[test]
fn what_is_no_hazard_is_said() {
    let error = folder(&[("hazards/notes.md", "# Notes\n\ntext\n")]).unwrap_err().to_string();
    assert!(
        error.contains("holds no page of a hazard; 1 page was looked at") && error.contains("do: "),
        "{error}"
    );
    let error = page("# Notes\n\ntext\n").unwrap_err().to_string();
    assert!(error.contains("neither a table of hazards nor a section of one"), "{error}");
    let error =
        page("---\nname: x\nhazards:\n  - id: H1\n    severity: 2\n---\n# Safety\n").unwrap_err().to_string();
    assert!(error.contains("lists its hazards as YAML") && error.contains("log.md, line 3"), "{error}");
    let input = folder(&[("hazards/a.md", "# A\n## Causes\nx\n"), ("hazards/b.md", "# B\nplan\n")]).unwrap();
    assert_eq!(input.log.hazards.len(), 1);
    assert_eq!(input.log.hazards[0].key, "a", "called by its page");
    assert!(input.observations[0].message.contains("hazards/b.md was left out"), "{:?}", input.observations);
}

#[test]
fn a_table_of_hazards_is_for_the_reader_of_tables() {
    assert!(has_hazard_table("# Log\n\n| ID | Hazard Name | Severity |\n|---|---|---|\n| 1 | a | Major |\n"));
    assert!(!has_hazard_table(RATED_IN_HTML) && !has_hazard_table(RATED_IN_WORDS));
}
