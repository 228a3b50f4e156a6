//! Sections of the report that somebody who knows the report has to read again.

use super::touched::{Touched, because};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A section with why it is to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionToRead {
    /// As the report's template has it.
    pub id: String,
    /// As the report prints it.
    pub title: String,
    /// What it tells of that is another.
    pub because: String,
}

/// What the template says of its sections.
#[derive(Debug, Deserialize)]
struct Contents {
    sections: Vec<Titled>,
}

#[derive(Debug, Deserialize)]
struct Titled {
    id: String,
    title: String,
}

/// The sections of the report, in its order; before them what stands in front.
static CONTENTS: LazyLock<Contents> = LazyLock::new(|| {
    let template = include_str!("../../report-templates/ers-cscr/template.toml");
    let mut contents: Contents = toml::from_str(template).expect("the built-in template names its sections");
    let (id, title) = ("document-management".to_owned(), "Document management".to_owned());
    contents.sections.insert(0, Titled { id, title });
    contents
});

pub(super) fn of(touched: &[Touched]) -> Vec<SectionToRead> {
    let to_read = |section: &Titled| {
        let own = format!("narrative/{}", section.id);
        let places: Vec<&str> = tells_of(&section.id).iter().copied().chain([own.as_str()]).collect();
        let because = because(touched, &places)?;
        Some(SectionToRead { id: section.id.clone(), title: section.title.clone(), because })
    };
    CONTENTS.sections.iter().filter_map(to_read).collect()
}

/// Where in a case a section takes from what it tells, beside the narrative of its name. What follows from the case as a
/// whole (findings, digests) is no reason to read something again.
fn tells_of(section: &str) -> &'static [&'static str] {
    match section {
        "document-management" => &["document", "people", "cso"],
        "introduction" => &["product", "standard"],
        "system-definition" => &[
            "product",
            "organisation",
            "release",
            "phase",
            "system",
            "interfaces",
            "third_party_products",
            "narrative/api-benefits",
        ],
        "clinical-risk-management-system" => &["plan", "people", "cso", "competence", "process_review"],
        "conformance-assessment" | "appendix-tom" => &["tom"],
        "clinical-risk-analysis" => &["psa"],
        "clinical-risk-evaluation" => {
            &["hazards/name", "hazards/initial", "hazards/residual", "risk_policy", "risk_policies"]
        }
        "clinical-risk-control" => &["hazards", "hazard_log", "narrative/hazard-log"],
        "transferred-hazards" => &[
            "hazards/transferred_to",
            "hazards/controls/*/transferred_to",
            "received",
            "nothing_from_manufacturer",
        ],
        "test-issues" => &["test_issues"],
        "summary-safety-statement" => &["hazards/initial", "hazards/residual", "cso"],
        "completeness" => {
            &["hazards", "psa", "risk_assessment", "evidence", "compliance", "tom", "received", "interfaces"]
        }
        "quality-assurance" => &["pre_delivery_review", "document/approvers", "cso"],
        "configuration-management" => &["release"],
        "post-deployment" => &["post_deployment", "incidents", "incident_log"],
        "appendix-risk-matrix" => &["risk_policy", "risk_policies"],
        "appendix-findings" => &["waivers"],
        "appendix-evidence" => {
            &["evidence", "hazards/controls/*/evidence", "hazards/existing_controls/*/evidence"]
        }
        "appendix-assumptions" => &["assumptions", "constraints"],
        "appendix-glossary" => &["glossary"],
        "appendix-references" => &["references"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_report_is_known_by_what_it_tells() {
        // How the report was made follows from the case as a whole; the pathway is narrative alone.
        let apart = ["appendix-pathway", "appendix-making"];
        let without = CONTENTS.sections.iter().map(|section| section.id.as_str());
        let without: Vec<&str> = without.filter(|id| tells_of(id).is_empty()).collect();
        assert_eq!(without, apart);
    }
}
