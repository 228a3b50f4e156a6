//! A report on hazards that are rated by two matrices.

use super::fixture::pdf_text;
use crate::checks::judged_fixture;
use crate::commands::squeezed;
use cscr::report::{Engine, FontSet, RenderInput, RenderOptions, Templates};

#[test]
fn a_report_names_the_matrix_of_each_rating() {
    let judged = judged_fixture("E4", "A count by risk, where hazards are rated by two matrices");
    let loaded = &judged.loaded;
    let engine = Engine::new(FontSet::embedded(), Templates::embedded());
    let rendered = engine
        .render(&RenderInput {
            case: &loaded.case,
            assurance: &judged.assurance,
            provenance: &loaded.provenance,
            sources: &loaded.sources,
            approvals: &loaded.approvals,
            template: &engine.template("ers-cscr").unwrap(),
            as_of: loaded.as_of,
            since: None,
            options: RenderOptions::default(),
        })
        .unwrap();
    assert_eq!(rendered.warnings, []);
    let text = squeezed(&pdf_text(&rendered.pdf));
    for words in [
        "rated by the NHS clinical risk matrix",
        "rated by the Example matrix",
        "NHS clinical risk matrix, 1 hazard",
        "Example matrix, 1 hazard",
        // Both are in the appendix, with the words of their axes.
        "Very High",
        "Seldom",
    ] {
        assert!(text.contains(&squeezed(words)), "{words}: {text}");
    }
    assert!(rendered.findings.is_empty(), "{:#?}", rendered.findings);
}
