//! The laid-out report, held against the log: E2, E3 and D3 of what a template printed, and E13 of the appendices
//! that it has.
//!
//! The verdict on a case cannot hold these findings, because the report prints the verdict. They are on one
//! printed report, belong to whoever makes its template, and stand in the way of a release like any other. They are
//! waived like any other too, by the waivers of the case.
//! The built-in template has none for any sample, which a test holds it to: report and log agree.

use super::check::{Check, Hit};
use super::checks::documents::{
    OF_PAGES, ScoreGiven, Told, absent_appendices, scores, unmentioned, untold_transfers,
};
use super::finding::Finding;
use super::prose::HazardIds;
use super::{checks, judgement, waivers};
use crate::case::provenance::Provenance;
use crate::case::{Case, Date};

/// Findings on the text of a report's pages.
///
/// A wrong score that the narrative or an outside report gives has its finding there, and the report that
/// prints it, or quotes the finding, has it once.
#[must_use]
pub fn findings(case: &Case, provenance: &Provenance, as_of: Date, pages: &[String]) -> Vec<Finding> {
    let told = Told::printed(pages);
    let found =
        OF_PAGES.into_iter().filter_map(|id| Some((checks::check(id)?, hits(id, &told, case, pages))));
    let mut findings: Vec<Finding> = found
        .flat_map(|(check, hits)| judgement::findings(check, hits, provenance, &case.clause_table))
        .collect();
    let waivable_by = |id: &str| checks::check(id).map(Check::waivable_by);
    waivers::apply(case, as_of, waivable_by, &mut findings);
    findings
}

fn hits(check: &str, told: &Told, case: &Case, pages: &[String]) -> Vec<Hit> {
    match check {
        "E2" => unmentioned(told, case),
        "E3" => wrong_scores(told, case),
        "E13" => absent_appendices(case, pages),
        _ => untold_transfers(told, case),
    }
}

fn wrong_scores(told: &Told, case: &Case) -> Vec<Hit> {
    let elsewhere: Vec<Told> = Told::all(case).collect();
    let ids = HazardIds::of(case);
    let given_elsewhere: Vec<_> = elsewhere.iter().flat_map(|told| scores(told, case, &ids)).collect();
    let is_found = |given: &ScoreGiven<'_>| given_elsewhere.iter().any(|other| other.says_as(given));
    let scores = scores(told, case, &ids);
    let wrong = scores.iter().filter(|given| !given.is_the_logs() && !is_found(given));
    wrong.map(|given| told.hit_score(given)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, some, telling, waiver};
    use crate::case::waiver::Waiver;

    fn found_in(fixture: &Fixture, pages: &[String]) -> Vec<Finding> {
        let subject = fixture.subject();
        findings(subject.case, subject.provenance, subject.as_of, pages)
    }

    fn printed(fixture: &Fixture, pages: &[&str]) -> Vec<(&'static str, String)> {
        let pages: Vec<String> = pages.iter().map(|page| (*page).to_owned()).collect();
        let found = found_in(fixture, &pages);
        assert!(found.iter().all(|finding| finding.source.is_none()));
        found.into_iter().map(|finding| (finding.check, finding.message)).collect()
    }

    #[test]
    fn a_template_that_leaves_a_hazard_out_and_types_a_score_in() {
        let found = printed(&Fixture::new(), &["Cover", "H01 has a residual risk of 2."]);
        assert_eq!(
            found,
            [
                ("E2", "The laid-out report never mentions H02, \"Referral H02 is lost\".".to_owned()),
                (
                    "E3",
                    "The laid-out report, page 2, gives H01 the residual risk 2; the log gives 3: \"H01 has a residual risk of 2\"."
                        .to_owned()
                ),
            ]
        );
        assert_eq!(printed(&Fixture::new(), &["H01 to H02"]), []);
    }

    #[test]
    fn an_appendix_that_the_template_does_not_have() {
        let fixture = Fixture::with(telling("The minutes are in Appendix B, the plan in Appendix C."));
        let pages: Vec<String> = [
            "H01, H02. The minutes are in Appendix B, the plan in Appendix C.",
            "A Matrix\nB   Minutes\nBroad text",
        ]
        .map(str::to_owned)
        .into();
        let found = found_in(&fixture, &pages);
        let found: Vec<(&str, &str)> =
            found.iter().map(|finding| (finding.check, finding.message.as_str())).collect();
        assert_eq!(
            found,
            [(
                "E13",
                "The narrative section \"introduction\" refers to Appendix C, which the laid-out report does not have: \"The minutes are in Appendix B, the plan in Appendix C\"."
            )]
        );
        assert_eq!(fixture.messages("E13"), Vec::<String>::new(), "only the pages can tell");
    }

    #[test]
    fn what_the_narrative_says_is_found_there() {
        let fixture = Fixture::with(telling("H01 has a residual risk of 2."));
        assert_eq!(printed(&fixture, &["H01 has a residual risk of 2. H02."]), []);
        assert_eq!(fixture.messages("E3").len(), 1);
    }

    #[test]
    fn what_a_template_printed_can_be_waived() {
        let fixture = Fixture::with(|fixture| {
            let waiver = Waiver { hazard: some("H02"), ..waiver("E2", "cso") };
            fixture.case.waivers = vec![waiver];
        });
        let stand = |pages: &[&str]| -> Vec<(Option<String>, bool)> {
            let pages: Vec<String> = pages.iter().map(|page| (*page).to_owned()).collect();
            let found = found_in(&fixture, &pages).into_iter();
            found.map(|finding| (finding.hazard.clone(), finding.blocks())).collect()
        };
        assert_eq!(stand(&["Cover"]), [(some("H01"), true), (some("H02"), false)]);
        // The verdict does not see the pages, and cannot say that nothing needs the waiver.
        let told = fixture.messages("W2");
        assert!(told[0].contains("`cscr build`"), "{told:?}");
    }
}
