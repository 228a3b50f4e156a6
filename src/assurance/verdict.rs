//! The verdict: everything that was found out about a case, put together.

use super::approvals::{self, Approvals};
use super::clauses::ClauseCounts;
use super::cross_reference::rules;
use super::examined::Examined;
use super::finding::{Finding, Level, Waived};
use super::judgement::Judgement;
use super::risk_position::RiskPosition;
use super::{Assurance, Counts, Status, TomVerdict};
use crate::case::Date;
use crate::case::hazard::{Control, Hazard, HazardState};
use crate::case::psa::ActionState;
use crate::case::tom::{Tom, duties};

pub(super) fn assemble(examined: Examined<'_>, judgement: Judgement) -> Assurance {
    let case = examined.subject.case;
    let counts = counts(&examined, &judgement.findings);
    let mut graph = examined.graph;
    graph.link_clauses(&judgement.clauses);
    Assurance {
        as_of: examined.subject.as_of,
        status: status(&judgement.findings, &examined.approvals),
        counts,
        risk_position: RiskPosition::of(case),
        tom: case.tom.as_ref().map(tom),
        findings: judgement.findings,
        waivers: judgement.waivers,
        clause_counts: ClauseCounts::of(&judgement.clauses),
        clauses: judgement.clauses,
        not_applicable: judgement.not_applicable,
        cross_reference: examined.cross_reference,
        graph,
        recorded_approvals: approvals::recorded(&examined.subject, &examined.digests),
        plan_approval: approvals::plan_approval(&examined.subject, &examined.digests),
        approvals: examined.approvals.into_states(),
        digests: examined.digests,
    }
}

fn status(findings: &[Finding], approvals: &Approvals) -> Status {
    let mut titles: Vec<(&str, usize)> = Vec::new();
    let blocking = || findings.iter().filter(|finding| finding.level == Level::Blocking);
    for finding in
        blocking().filter(|finding| finding.stands() && !approvals::CHECKS.contains(&finding.check))
    {
        match titles.iter_mut().find(|(title, _)| *title == finding.title) {
            Some((_, count)) => *count += 1,
            None => titles.push((finding.title, 1)),
        }
    }
    let mut reasons: Vec<String> = titles
        .into_iter()
        .map(|(title, count)| match count {
            1 => format!("{title}: 1 blocking finding."),
            _ => format!("{title}: {count} blocking findings."),
        })
        .collect();
    reasons.extend(approvals.outstanding().map(super::ApprovalState::sentence));
    Status {
        draft: !reasons.is_empty(),
        reasons,
        waived: waived(blocking().filter_map(|f| f.waived.as_ref())),
    }
}

/// How many blocking findings each person has waived, and until when the first of them is.
fn waived<'a>(waivers: impl Iterator<Item = &'a Waived>) -> Vec<String> {
    let mut people: Vec<(&str, usize, Date)> = Vec::new();
    for waived in waivers {
        match people.iter_mut().find(|(name, ..)| *name == waived.name) {
            Some((_, count, until)) => {
                *count += 1;
                *until = waived.expires.min(*until);
            }
            None => people.push((&waived.name, 1, waived.expires)),
        }
    }
    let sentence = |(name, count, until)| match count {
        1 => format!("1 blocking finding is waived by {name}, until {until:#}."),
        _ => format!("{count} blocking findings are waived by {name}, the first until {until:#}."),
    };
    people.into_iter().map(sentence).collect()
}

fn counts(examined: &Examined<'_>, findings: &[Finding]) -> Counts {
    let Examined { subject, absent, approvals, .. } = examined;
    let case = subject.case;
    let hazards = &case.hazard_log.hazards;
    let of = |level: Level| findings.iter().filter(move |finding| finding.level == level);
    let standing = |level: Level| of(level).filter(|finding| finding.stands()).count();
    let waived = |level: Level| of(level).count() - standing(level);
    let sum = |count: fn(&Hazard) -> usize| hazards.iter().map(count).sum();
    let controls = |wanted: &dyn Fn(&Control) -> bool| {
        hazards.iter().flat_map(|hazard| &hazard.controls).filter(|control| wanted(control)).count()
    };
    let transferred_hazards = hazards
        .iter()
        .filter(|hazard| hazard.state == HazardState::Transferred || hazard.transferred_to.is_some())
        .count();
    Counts {
        blocking: standing(Level::Blocking),
        warning: standing(Level::Warning),
        information: standing(Level::Information),
        waived_blocking: waived(Level::Blocking),
        waived_warning: waived(Level::Warning),
        waived_information: waived(Level::Information),
        hazards: hazards.len(),
        causes: sum(|hazard| hazard.causes.len()),
        existing_controls: sum(|hazard| hazard.existing_controls.len()),
        additional_controls: sum(|hazard| hazard.controls.len()),
        controls_with_evidence: controls(&|control| rules::has_evidence(control, absent)),
        transferred_hazards,
        transferred_controls: controls(&rules::is_transferred),
        psa_sessions: case.psa.len(),
        open_actions: case
            .psa
            .iter()
            .flat_map(|session| &session.actions)
            .filter(|action| action.state == ActionState::Open)
            .count(),
        approvals_required: approvals.iter().count(),
        approvals_missing: approvals.outstanding().count(),
    }
}

fn tom(tom: &Tom) -> TomVerdict {
    let outcome = tom.level();
    let level = outcome.level();
    TomVerdict {
        outcome,
        meaning: level.map(crate::case::tom::SignOffLevel::meaning),
        stated_level: tom.stated_level.clone(),
        duties: level.into_iter().flat_map(duties).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::assure;
    use crate::assurance::testing::{self, Fixture};
    use crate::case::Place;
    use crate::case::hazard::{ControlKind, ControlState};
    use crate::case::observation::ObservationKind;
    use crate::case::tom::Answer;

    #[test]
    fn a_complete_and_approved_case_is_no_draft() {
        let assurance = assure(&Fixture::approved().subject());
        assert_eq!(assurance.findings, []);
        assert_eq!(assurance.status.reasons, Vec::<String>::new());
        assert!(!assurance.status.draft);
        assert_eq!(assurance.counts.approvals_required, 2);
        assert_eq!(assurance.counts.approvals_missing, 0);
    }

    #[test]
    fn an_unapproved_case_is_a_draft_and_says_whose_approval_is_missing() {
        let assurance = assure(&Fixture::new().subject());
        assert!(assurance.status.draft);
        assert_eq!(
            assurance.status.reasons,
            [
                "The report is not approved by Dr Cora Officer, Clinical Safety Officer.",
                "The hazard log is not approved by Dr Cora Officer, Clinical Safety Officer.",
            ]
        );
        assert_eq!(assurance.counts.approvals_missing, 2);
    }

    #[test]
    fn blocking_findings_are_grouped_by_title() {
        let mut fixture = Fixture::new();
        fixture.case.system.intended_use = None;
        fixture.case.system.in_scope.clear();
        let reasons = assure(&fixture.subject()).status.reasons;
        assert_eq!(reasons[0], "Scope or intended use missing: 2 blocking findings.");
    }

    #[test]
    fn counts_are_those_of_the_case() {
        let counts = assure(&Fixture::new().subject()).counts;
        assert_eq!((counts.hazards, counts.causes, counts.existing_controls), (2, 2, 2));
        assert_eq!((counts.additional_controls, counts.controls_with_evidence), (2, 2));
        assert_eq!((counts.psa_sessions, counts.open_actions, counts.transferred_controls), (1, 0, 0));
    }

    #[test]
    fn evidence_without_its_file_is_not_counted() {
        let mut fixture = Fixture::new();
        let named_at = Place::line("evidence.toml", 4);
        fixture.provenance.record("evidence/EV-1/file", named_at.clone());
        fixture.case.evidence[0].file = testing::some("reports/test.pdf");
        assert_eq!(assure(&fixture.subject()).counts.controls_with_evidence, 2);
        let mut missing = testing::observation(ObservationKind::MissingFile);
        missing.place = Some(named_at);
        fixture.observations.push(missing);
        assert_eq!(assure(&fixture.subject()).counts.controls_with_evidence, 0);
    }

    #[test]
    fn transferred_hazards_and_controls_are_counted_apart() {
        let mut fixture = Fixture::new();
        fixture.hazard().transferred_to = testing::some("The deploying organisation");
        fixture.hazard().controls[0].transferred_to = testing::some("The deploying organisation");
        fixture.hazard().controls.push(testing::control("H01.T1", ControlKind::Test));
        fixture.hazard().controls[1].state = ControlState::Transferred;
        let counts = assure(&fixture.subject()).counts;
        assert_eq!((counts.transferred_hazards, counts.transferred_controls), (1, 2));
    }

    #[test]
    fn a_medical_device_keeps_every_duty() {
        let mut fixture = Fixture::new();
        fixture.case.tom = Some(testing::tom(&[("CS-01", Answer::Yes)]));
        let tom = assure(&fixture.subject()).tom.expect("the case has a TOM");
        assert_eq!(tom.outcome.level().map(crate::case::tom::SignOffLevel::number), Some(5));
        assert_eq!(tom.duties.len(), 6);
    }

    #[test]
    fn the_verdict_has_a_json_form() {
        let mut fixture = Fixture::new();
        fixture.case.risk_assessment.push(testing::item("RA-2", &["H99"]));
        fixture.case.tom = Some(testing::tom(&[]));
        let json = serde_json::to_value(assure(&fixture.subject())).expect("a verdict can be written");
        assert_eq!(json["findings"][0]["check"], "R2");
        assert_eq!(json["findings"][0]["level"], "blocking");
        assert_eq!(json["cross_reference"]["items"][0]["state"], "evidence-found");
        assert_eq!(json["cross_reference"]["items"][1]["state"], "none-found");
        assert_eq!(json["cross_reference"]["hazards"][0]["decision"][0], "accept");
        assert_eq!(json["tom"]["outcome"], "undetermined");
        assert_eq!(json["approvals"][1]["document"], "hazard-log");
        assert_eq!(json["approvals"][1]["state"], "missing");
    }
}
