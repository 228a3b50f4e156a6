//! How a link is laid out, and what a screen reader says of it.
//!
//! Typst describes a link by the number of the section or page that it leads to. Then every link hangs on where
//! everything stands, and one page more is enough to lay all of them out again. The labels of a report tell what they
//! stand at (`to:hazard:H01`), which says more than a page and changes with nothing.

use typst::foundations::{NativeElement as _, ShowFn};
use typst::model::{LinkElem, LinkMarker, LinkTarget};

/// What the labels begin with that links lead to.
pub(super) const TO: &str = "to:";

/// Takes the place of Typst's own rule.
pub(super) const RULE: ShowFn<LinkElem> = |link, engine, styles| {
    let span = link.span();
    let target = link.dest.resolve_early(engine, span)?;
    let words = match link.dest {
        LinkTarget::Label(label) => label.resolve().as_str().strip_prefix(TO).map(words_of),
        LinkTarget::Dest(_) => None,
    };
    let words = match words {
        Some(words) => words.into(),
        None => target.alt_text(engine, styles, span)?,
    };
    Ok(LinkMarker::new(link.body.clone(), Some(words))
        .pack()
        .spanned(span)
        .set(LinkElem::current, Some(target)))
};

/// `hazard:H01` as Hazard H01.
fn words_of(name: &str) -> String {
    let (kind, id) = name.split_once(':').unwrap_or(("", name));
    match kind {
        "hazard" => format!("Hazard {id}"),
        // With what it belongs to: an id may hold a slash, so that the two cannot be told apart.
        "control" => format!("Control {id}"),
        "cause" => format!("Cause {id}"),
        "psa" => format!("PSA session {id}"),
        "action" => format!("Action {id}"),
        "item" => format!("Item {id} of the risk assessment"),
        "evidence" => format!("Evidence {id}"),
        "clause" => format!("Clause {id}"),
        "check" | "exempt-check" => format!("Check {id}"),
        "tom" => format!("Question {id}"),
        "step" => format!("Step {id} of the workflow"),
        "point" => format!("Point {id} of the interface"),
        "section" | "part" => match id.strip_prefix("appendix-") {
            Some(id) => format!("Appendix on {}", id.replace('-', " ")),
            None => format!("Section on {}", part_in_words(id)),
        },
        _ => format!("{kind} {id}"),
    }
}

/// What a section or a part of it is on, where its name does not say so by itself.
fn part_in_words(name: &str) -> String {
    match name {
        "items" => "what the risk assessment asked".to_owned(),
        "hazards-back" => "where each hazard comes from".to_owned(),
        "third-party" => "third-party products".to_owned(),
        "exemptions" => "what does not apply".to_owned(),
        _ => name.replace('-', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::export;
    use std::collections::BTreeMap;

    #[test]
    fn a_link_says_what_it_leads_to() {
        for (name, words) in [
            ("hazard:H01", "Hazard H01"),
            ("control:H01/H01.D1", "Control H01/H01.D1"),
            ("action:PSA/1/A2", "Action PSA/1/A2"),
            ("section:clinical-risk-analysis", "Section on clinical risk analysis"),
            ("section:appendix-evidence", "Appendix on evidence"),
            ("part:hazards-back", "Section on where each hazard comes from"),
            ("map:north", "map north"),
        ] {
            assert_eq!(words_of(name), words);
        }
    }

    /// What screen readers are given for each link of a document.
    fn said(source: &str) -> Vec<String> {
        let pdf = export(source, &BTreeMap::new()).unwrap();
        let document = lopdf::Document::load_mem(&pdf).unwrap();
        let annotations = document.objects.values().filter_map(|object| object.as_dict().ok());
        let links = annotations.filter(|each| {
            each.get(b"Subtype").is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"Link"))
        });
        links.map(|link| lopdf::decode_text_string(link.get(b"Contents").unwrap()).unwrap()).collect()
    }

    #[test]
    fn labels_that_nobody_named_are_described_as_typst_does() {
        let set = "#set document(title: \"Links\")\n#set heading(numbering: \"1.\")\n= One <one>\n#metadata(none)<to:hazard:H01>\n";
        assert_eq!(said(&format!("{set}#link(<to:hazard:H01>)[here]")), ["Hazard H01"]);
        assert_eq!(said(&format!("{set}#link(<one>)[here]")), ["Section 1"]);
        assert_eq!(said(&format!("{set}#link(\"https://example.org\")[here]")), ["https://example.org"]);
    }
}
