//! From a hazard log to the record that reads back to it.

use super::record::{CauseRecord, ControlRecord, HazardRecord, LinkRecord, LogRecord, RatingRecord, Stated};
use crate::case::hazard::{Cause, Control, ControlKind, Hazard, LinkBasis, Rating, StatedRisk};
use crate::case::hazard_log::HazardLog;
use std::collections::BTreeMap;

/// The record of a log; what can be worked out is left out.
pub(super) fn record(log: &HazardLog) -> LogRecord {
    let policy = most_used_policy(log);
    LogRecord {
        title: log.title.clone(),
        programme: log.programme.clone(),
        project: log.project.clone(),
        director: log.director.clone(),
        owner: log.owner.clone(),
        author: log.author.clone(),
        version: log.version.clone(),
        version_date: log.version_date.clone(),
        status: log.status.clone(),
        risk_policy: policy.map(str::to_owned),
        notes: log.notes.clone(),
        revisions: log.revisions.clone(),
        reviewers: log.reviewers.clone(),
        approvers: log.approvers.clone(),
        matrix: log.matrix.clone(),
        hazards: log.hazards.iter().map(|hazard| of_hazard(hazard, policy)).collect(),
        retired: log.retired.clone(),
    }
}

/// The policy that rates most of the hazards: the others name their own.
fn most_used_policy(log: &HazardLog) -> Option<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for hazard in log.hazards.iter().filter(|hazard| !hazard.initial.policy.is_empty()) {
        *counts.entry(&hazard.initial.policy).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(policy, _)| policy)
}

fn of_hazard(hazard: &Hazard, policy: Option<&str>) -> HazardRecord {
    let own_policy =
        Some(hazard.initial.policy.as_str()).filter(|own| !own.is_empty() && Some(*own) != policy);
    HazardRecord {
        id: (!hazard.id.is_empty()).then(|| hazard.id.clone()),
        name: hazard.name.clone(),
        description: hazard.description.clone(),
        impact: hazard.impact.clone(),
        category: hazard.category.clone(),
        condition: hazard.condition,
        owner: hazard.owner.clone(),
        status: hazard.status.clone(),
        transferred_to: hazard.transferred_to.clone(),
        release: hazard.release.clone(),
        notes: hazard.notes.clone(),
        severity_reason: hazard.severity_reason.clone(),
        reappraisal: hazard.reappraisal.clone(),
        risk_policy: own_policy.map(str::to_owned),
        initial: of_rating(&hazard.initial),
        residual: of_rating(&hazard.residual),
        initial_acceptance: hazard.initial_acceptance.clone(),
        residual_acceptance: hazard.residual_acceptance.clone(),
        risk_benefit: hazard.risk_benefit.clone(),
        causes: hazard.causes.iter().map(of_cause).collect(),
        existing_controls: hazard
            .existing_controls
            .iter()
            .map(|control| of_control(control, ControlKind::Existing))
            .collect(),
        controls: hazard
            .controls
            .iter()
            .map(|control| of_control(control, ControlKind::Unspecified))
            .collect(),
    }
}

fn of_rating(rating: &Rating) -> RatingRecord {
    let words = |stated: &Option<String>, word: &Option<String>| {
        stated.clone().or_else(|| word.clone()).map(Stated::Words)
    };
    RatingRecord {
        severity: words(&rating.stated_severity, &rating.severity),
        likelihood: words(&rating.stated_likelihood, &rating.likelihood),
        risk: rating.stated_risk.as_ref().map(|risk| match risk {
            StatedRisk::Score(score) => Stated::Whole(i64::from(*score)),
            StatedRisk::Words(words) => Stated::Words(words.clone()),
        }),
    }
}

fn of_cause(cause: &Cause) -> CauseRecord {
    CauseRecord {
        id: Some(cause.id.clone()),
        text: cause.text.clone(),
        controls: cause.controls.clone(),
        link: (cause.link == LinkBasis::Inferred).then_some(LinkRecord::Inferred),
        without_control: cause.without_control.clone(),
    }
}

fn of_control(control: &Control, default: ControlKind) -> ControlRecord {
    ControlRecord {
        id: Some(control.id.clone()),
        kind: Some(control.kind).filter(|kind| *kind != default),
        stated_type: control.stated_type.clone(),
        text: control.text.clone(),
        owner: control.owner.clone(),
        action: control.action.clone(),
        status: control.status.clone(),
        transferred_to: control.transferred_to.clone(),
        evidence: control.evidence.clone(),
        stated_evidence: control.stated_evidence.clone(),
        introduces: control.introduces.clone(),
    }
}
