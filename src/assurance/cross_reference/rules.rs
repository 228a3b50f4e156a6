//! The rules of the cross-reference: what counts as evidence, as a review, as an answer.
//!
//! They say what is there to be found. Whether it is good enough is for a person to say.

use super::{AbsentEvidence, State};
use crate::assurance::wording::speaks_of_failure;
use crate::case::hazard::{
    Acceptance, BenefitOutcome, Condition, Control, ControlState, Hazard, HazardState, RiskBenefit, Shows,
};
use crate::case::matrix::RiskClass;
use crate::case::person::Person;
use crate::case::psa::{ActionState, Decision, PsaAction, PsaSession};
use crate::case::risk_assessment::{AssessedItem, ItemKind};
use crate::case::{Case, Date, placeholder, tom};
use std::collections::{BTreeSet, HashSet};

/// It is said to be another organisation's, whether or not that one is named.
#[must_use]
pub fn is_transferred(control: &Control) -> bool {
    recipient(control).is_some() || control.state == ControlState::Transferred
}

/// The organisation that implements and verifies it (6.3.1), which has to be named: a control that is handed to
/// nobody is still the organisation's own.
#[must_use]
pub fn recipient(control: &Control) -> Option<&str> {
    control.transferred_to.as_deref().map(str::trim).filter(|recipient| !recipient.is_empty())
}

/// Some evidence that is there names the control, or the log's own cell states evidence for it.
#[must_use]
pub fn has_evidence(control: &Control, absent: &AbsentEvidence<'_>) -> bool {
    let stated = control.stated_evidence.as_deref().is_some_and(|evidence| !evidence.trim().is_empty());
    stated || absent.without(control).next().is_some()
}

/// What shows that controls are in place, or that they work: the evidence that says that it does.
#[derive(Debug)]
pub struct Showing<'a> {
    what: Shows,
    evidence: HashSet<&'a str>,
    absent: &'a AbsentEvidence<'a>,
}

impl<'a> Showing<'a> {
    #[must_use]
    pub fn of(what: Shows, case: &'a Case, absent: &'a AbsentEvidence<'a>) -> Self {
        let shows = case.evidence.iter().filter(|evidence| evidence.shows.contains(&what));
        Self { what, evidence: shows.map(|evidence| evidence.id.as_str()).collect(), absent }
    }

    /// Some evidence that is there shows it of this control.
    ///
    /// What the log's own cell states counts for implementation alone: it points at something that was done, and
    /// nobody has said that it shows that the control works (6.3.3 is a question of its own).
    #[must_use]
    pub fn shows(&self, control: &Control) -> bool {
        let stated = control.stated_evidence.as_deref().is_some_and(|stated| !stated.trim().is_empty());
        (self.what == Shows::Implementation && stated)
            || self.absent.without(control).any(|id| self.evidence.contains(id))
    }
}

/// What the case says of an own control's being in place: the one answer for checks and clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its status says so; or it has none, and evidence shows it.
    InPlace,
    /// Nobody says so, and the hazard is done with. Whoever decided so took the control as given: it counts as in
    /// place, and whether it is remains to be shown.
    CountedOn,
    /// Nobody says so, and nothing rests on it yet.
    NotSaid,
    /// Its status says that it is not.
    NotInPlace,
}

impl Standing {
    /// `done_with` is of its hazard ([`is_done_with`]), `implemented` what shows that controls are in place.
    #[must_use]
    pub fn of(control: &Control, done_with: bool, implemented: &Showing<'_>) -> Self {
        match control.state {
            ControlState::Closed => Self::InPlace,
            ControlState::NotGiven if implemented.shows(control) => Self::InPlace,
            // A transfer to nobody says nothing of the control's being in place.
            ControlState::NotGiven | ControlState::Transferred if done_with => Self::CountedOn,
            ControlState::NotGiven | ControlState::Transferred => Self::NotSaid,
            ControlState::Open | ControlState::Deferred | ControlState::Other => Self::NotInPlace,
        }
    }
}

/// Its status says that it is not in place.
#[must_use]
pub fn is_unimplemented(control: &Control) -> bool {
    matches!(control.state, ControlState::Open | ControlState::Deferred | ControlState::Other)
}

/// Failure was looked at: a hazard arises in it, or an item of the risk assessment is about one.
#[must_use]
pub fn failure_was_considered(case: &Case) -> bool {
    let in_failure = |hazard: &Hazard| match hazard.condition {
        Some(condition) => matches!(condition, Condition::Fault | Condition::Both),
        None => hazard.causes.iter().any(|cause| speaks_of_failure(&cause.text)),
    };
    case.hazard_log.hazards.iter().any(in_failure)
        || case.risk_assessment.iter().any(|item| item.kind == ItemKind::FaultCondition)
}

/// What is known of the risk that remains, and what the policy asks about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remaining {
    NotKnown,
    /// The initial risk is acceptable, so that nothing is asked about the residual one (5.1.2).
    Exempt,
    /// Of itself.
    Acceptable,
    /// With a recorded reason, as the policy asks.
    Accepted,
    /// The policy asks for a reason, and none is recorded: nobody has said that the risk is acceptable.
    Unanswered,
    /// Nothing exempts from this: the controls would have raised an acceptable risk.
    Unacceptable,
}

#[must_use]
pub fn remaining_risk(hazard: &Hazard) -> Remaining {
    match hazard.residual.class {
        Some(RiskClass::Unacceptable) => Remaining::Unacceptable,
        Some(RiskClass::Acceptable) => Remaining::Acceptable,
        Some(_) if recorded(hazard.residual_acceptance.as_ref()).is_some() => Remaining::Accepted,
        _ if is_exempt(hazard) => Remaining::Exempt,
        Some(_) => Remaining::Unanswered,
        None => Remaining::NotKnown,
    }
}

/// A risk-benefit analysis that says something.
#[must_use]
pub fn weighed(hazard: &Hazard) -> Option<&RiskBenefit> {
    hazard.risk_benefit.as_ref().filter(|weighed| placeholder::is_written(&weighed.analysis))
}

/// The risk was found to outweigh the benefits (6.2.2).
#[must_use]
pub fn is_outweighed(hazard: &Hazard) -> bool {
    hazard.risk_benefit.as_ref().and_then(|weighed| weighed.outcome) == Some(BenefitOutcome::RiskOutweighs)
}

/// What became of the project where the risk outweighs the benefits.
#[must_use]
pub fn reappraisal(hazard: &Hazard) -> Option<&str> {
    hazard.reappraisal.as_deref().filter(|text| !text.trim().is_empty())
}

/// Why 6.1 to 6.3 do not apply to a hazard (5.1.2), if they do not.
///
/// Only a risk that the policy calls acceptable is so of itself. That a higher one is acceptable is a clinical
/// decision, which somebody must have recorded with its reason. An unacceptable one nobody can accept
/// uncontrolled.
#[must_use]
pub fn exemption(hazard: &Hazard, people: &[Person]) -> Option<String> {
    let risk = hazard.initial.risk?;
    match hazard.initial.class? {
        RiskClass::Acceptable => Some(format!("the initial risk is {risk}, which is acceptable")),
        RiskClass::AcceptableWithReason | RiskClass::Undesirable => {
            recorded(hazard.initial_acceptance.as_ref()).map(|Acceptance { by, on, reason }| {
                let who = people.iter().find(|person| person.id == *by).map_or(by, |person| &person.name);
                format!("{who} accepted the initial risk on {on:#}: {reason}")
            })
        }
        RiskClass::Unacceptable => None,
    }
}

/// Whether 6.1 to 6.3 do not apply to a hazard.
#[must_use]
pub fn is_exempt(hazard: &Hazard) -> bool {
    exemption(hazard, &[]).is_some()
}

/// The status in the log is not what the last decision of a session made of the hazard.
///
/// An accepted risk may stand open or closed, and what becomes of a rejected one the word does not tell. A transfer
/// is carried out where the case names who takes the risk on; a hazard may be closed when its controls are handed
/// over.
#[must_use]
pub fn contradicts(hazard: &Hazard, decision: Decision) -> bool {
    match decision {
        Decision::Accept | Decision::Reject => false,
        Decision::Control | Decision::Defer => hazard.state == HazardState::Closed,
        Decision::Close => hazard.state == HazardState::Open,
        Decision::Transfer if hazard.transferred_to.is_some() => false,
        Decision::Transfer => match hazard.state {
            HazardState::Open => true,
            HazardState::Closed => !hazard.all_controls().any(is_transferred),
            HazardState::Transferred | HazardState::Other | HazardState::NotGiven => false,
        },
    }
}

/// Accepted, transferred or closed (6.4.1): by its status, a recorded acceptance, or the last decision of a session
/// where the log does not say otherwise.
#[must_use]
pub fn is_decided(hazard: &Hazard, decision: Option<Decision>) -> bool {
    let status = hazard.status.as_deref().unwrap_or_default().trim().to_lowercase();
    let by_status = matches!(hazard.state, HazardState::Closed | HazardState::Transferred)
        || matches!(status.split(|c: char| !c.is_alphabetic()).next(), Some("accept" | "accepted"));
    let by_session = decision.is_some_and(|decision| {
        let decides =
            matches!(decision, Decision::Accept | Decision::Transfer | Decision::Close | Decision::Reject);
        decides && !contradicts(hazard, decision)
    });
    let by_record = [&hazard.initial_acceptance, &hazard.residual_acceptance]
        .into_iter()
        .any(|acceptance| recorded(acceptance.as_ref()).is_some());
    by_status || by_session || by_record
}

/// Decided, and not rejected as being no hazard.
#[must_use]
pub fn is_done_with(hazard: &Hazard, decision: Option<Decision>) -> bool {
    is_decided(hazard, decision) && decision != Some(Decision::Reject)
}

/// An acceptance that gives its reason; one without a reason decides nothing.
#[must_use]
pub fn recorded(acceptance: Option<&Acceptance>) -> Option<&Acceptance> {
    acceptance.filter(|acceptance| !acceptance.reason.trim().is_empty())
}

/// What a hazard lacks, each as words that follow its key; empty if nothing.
#[must_use]
pub fn lacks(hazard: &Hazard, reviewed: bool, absent: &AbsentEvidence<'_>) -> Vec<String> {
    let mut lacks = Vec::new();
    if !reviewed {
        lacks.push("was reviewed at no PSA session".to_owned());
    }
    if !is_exempt(hazard) {
        lacks.extend(lacks_evidence(hazard, absent));
        lacks.extend(names_absent_evidence(hazard, absent));
    }
    lacks
}

/// The additional controls that the organisation puts in place itself: all but those that have a recipient.
pub fn own_controls(hazard: &Hazard) -> impl Iterator<Item = &Control> {
    hazard.controls.iter().filter(|control| recipient(control).is_none())
}

/// The lack of evidence for the hazard's own additional controls, in words that follow its key.
fn lacks_evidence(hazard: &Hazard, absent: &AbsentEvidence<'_>) -> Option<String> {
    let own = own_controls(hazard).count();
    match own - own_controls_with_evidence(hazard, absent) {
        0 => None,
        without if without == own && own == 1 => Some("has no evidence for its control".to_owned()),
        without if without == own => Some(format!("has no evidence for any of its {own} controls")),
        without => Some(format!("has no evidence for {without} of its {own} controls")),
    }
}

/// The evidence that the own additional controls name and that is not there, in words that follow the key.
fn names_absent_evidence(hazard: &Hazard, absent: &AbsentEvidence<'_>) -> Option<String> {
    let ids: BTreeSet<&str> = own_controls(hazard).flat_map(|control| absent.among(control)).collect();
    let whose = if ids.len() == 1 { "whose file does not exist" } else { "whose files do not exist" };
    (!ids.is_empty())
        .then(|| format!("names evidence {}, {whose}", ids.into_iter().collect::<Vec<_>>().join(", ")))
}

/// Own additional controls that have evidence.
#[must_use]
pub fn own_controls_with_evidence(hazard: &Hazard, absent: &AbsentEvidence<'_>) -> usize {
    own_controls(hazard).filter(|control| has_evidence(control, absent)).count()
}

/// The item takes up nothing but a question of the TOM that is about the process: what it asks is no source of
/// harm, so that neither a hazard nor a reason is missing.
#[must_use]
pub fn asks_about_process(item: &AssessedItem) -> bool {
    let question = match item.kind {
        ItemKind::TomQuestion => item.tom_question.as_deref().unwrap_or(&item.id),
        _ => return false,
    };
    tom::is_question(question)
        && !tom::is_about_product(question)
        && item.interface_point.is_none()
        && item.workflow_step.is_none()
}

/// State of an item of the risk assessment.
///
/// `hazards` are those of the log that it names, each with what it lacks; `unknown` are ids that the log
/// does not have; `because` is the reason why no hazard is needed.
#[must_use]
pub fn item_state(hazards: &[(&str, Vec<String>)], unknown: &[String], because: Option<&str>) -> State {
    if hazards.is_empty() && unknown.is_empty() {
        let reason = because.map(str::trim).filter(|reason| !reason.is_empty());
        return reason.map_or(State::NoneFound, |reason| State::NotApplicable(reason.to_owned()));
    }
    if hazards.is_empty() {
        return State::NoneFound;
    }
    let unknown = unknown.iter().map(|id| format!("{id} is not in the hazard log"));
    let lacking = hazards
        .iter()
        .filter(|(_, lacks)| !lacks.is_empty())
        .map(|(key, lacks)| format!("{key} {}", lacks.join(" and ")));
    partly(&unknown.chain(lacking).collect::<Vec<_>>())
}

/// State of a hazard: it should come from somewhere, have been reviewed, and be answered.
#[must_use]
pub fn hazard_state(hazard: &Hazard, has_origin: bool, reviewed: bool, absent: &AbsentEvidence<'_>) -> State {
    if !has_origin && !reviewed && own_controls_with_evidence(hazard, absent) == 0 {
        return State::NoneFound;
    }
    let origin = (!has_origin).then(|| "comes from no item of the risk assessment and no session".to_owned());
    partly(&origin.into_iter().chain(lacks(hazard, reviewed, absent)).collect::<Vec<_>>())
}

/// State of a session: minutes, an outcome, and hazards that the log has.
#[must_use]
pub fn session_state(session: &PsaSession, hazards: &[String], unknown: &[String]) -> State {
    if hazards.is_empty() && unknown.is_empty() && session.new_hazards.is_empty() {
        return State::NoneFound;
    }
    let mut missing: Vec<String> =
        unknown.iter().map(|id| format!("{id} is not in the hazard log")).collect();
    if session.minutes.is_none() {
        missing.push("no minutes are referred to".to_owned());
    }
    if session.outcome.is_none() {
        missing.push("no outcome is recorded".to_owned());
    }
    partly(&missing)
}

/// State of an action: done, or awaited until it is due.
#[must_use]
pub fn action_state(action: &PsaAction, as_of: Date) -> State {
    match (action.state, action.closed, action.due) {
        (ActionState::Closed, Some(_), _) => State::EvidenceFound,
        (ActionState::Closed, None, _) => State::PartlyFound("no date of closing is recorded".to_owned()),
        (ActionState::Open, _, Some(due)) if due < as_of => State::NoneFound,
        (ActionState::Open, _, Some(due)) => State::AwaitingLaterPhase(format!("due {due:#}")),
        (ActionState::Open, _, None) => {
            State::AwaitingLaterPhase("open, and no due date is recorded".to_owned())
        }
    }
}

/// Open, and its due date has passed.
#[must_use]
pub fn is_overdue(action: &PsaAction, as_of: Date) -> bool {
    action.state == ActionState::Open && action.due.is_some_and(|due| due < as_of)
}

fn partly(missing: &[String]) -> State {
    if missing.is_empty() { State::EvidenceFound } else { State::PartlyFound(missing.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{acceptance, control, hazard, inverted, rating, some};
    use crate::case::hazard::{Acceptance, ControlKind, Rating};

    #[test]
    fn a_transferred_control_needs_no_evidence_here() {
        let mut hazard = hazard("H01");
        hazard.controls[0].evidence.clear();
        assert_eq!(lacks(&hazard, true, &AbsentEvidence::default()), ["has no evidence for its control"]);
        hazard.controls[0].transferred_to = some("The deploying organisation");
        assert_eq!(lacks(&hazard, true, &AbsentEvidence::default()), Vec::<String>::new());
    }

    #[test]
    fn controls_without_evidence_are_counted() {
        let mut hazard = hazard("H01");
        let mut bare = control("H01.D2", ControlKind::Test);
        bare.evidence.clear();
        hazard.controls.push(bare);
        assert_eq!(
            lacks(&hazard, false, &AbsentEvidence::default()),
            ["was reviewed at no PSA session", "has no evidence for 1 of its 2 controls"]
        );
        hazard.controls[1].stated_evidence = some("Test report 7");
        assert_eq!(lacks(&hazard, true, &AbsentEvidence::default()), Vec::<String>::new());
    }

    #[test]
    fn what_remains_is_acceptable_of_itself_or_because_somebody_said_so() {
        let mut hazard = hazard("H01");
        let mut remaining = |severity: &str, likelihood: &str, reason: Option<&str>| {
            hazard.residual = rating(severity, likelihood, 1);
            hazard.residual_acceptance =
                reason.map(|reason| Acceptance { reason: reason.to_owned(), ..acceptance() });
            remaining_risk(&hazard)
        };
        assert_eq!(remaining("Minor", "Low", None), Remaining::Acceptable);
        assert_eq!(remaining("Minor", "Medium", None), Remaining::Unanswered);
        assert_eq!(remaining("Major", "Low", None), Remaining::Unanswered);
        assert_eq!(remaining("Major", "Low", Some(" ")), Remaining::Unanswered);
        assert_eq!(remaining("Major", "Low", Some("Not practical")), Remaining::Accepted);
        assert_eq!(remaining("Major", "Very High", Some("Not practical")), Remaining::Unacceptable);
        assert_eq!(remaining("Harm", "Often", None), Remaining::NotKnown);
        hazard.initial_acceptance = Some(acceptance());
        assert_eq!(remaining_risk(&hazard), Remaining::Exempt);
    }

    #[test]
    fn a_risk_of_1_is_exempt_and_a_2_only_by_decision() {
        let mut hazard = hazard("H01");
        hazard.controls[0].evidence.clear();
        hazard.initial = rating("Minor", "Medium", 2);
        assert_eq!(exemption(&hazard, &[]), None);
        hazard.initial_acceptance = Some(acceptance());
        assert!(exemption(&hazard, &[]).is_some_and(|reason| reason.contains("cso accepted")));
        hazard.initial_acceptance = Some(Acceptance { reason: " ".to_owned(), ..acceptance() });
        assert_eq!(exemption(&hazard, &[]), None, "a decision has a reason");
        hazard.initial_acceptance = Some(acceptance());
        hazard.initial = rating("Major", "High", 4);
        assert_eq!(exemption(&hazard, &[]), None, "a 4 is not acceptable uncontrolled");
        hazard.initial_acceptance = None;
        hazard.initial = rating("Minor", "Low", 1);
        assert!(exemption(&hazard, &[]).is_some());
        let inverted =
            |severity, likelihood| Rating::new(Some(severity), Some(likelihood), None, &inverted());
        hazard.initial = inverted("Severe", "Often");
        assert_eq!(exemption(&hazard, &[]), None, "1 is the worst of this matrix");
        hazard.initial = inverted("Slight", "Seldom");
        assert_eq!(exemption(&hazard, &[]).as_deref(), Some("the initial risk is 4, which is acceptable"));
        assert_eq!(lacks(&hazard, true, &AbsentEvidence::default()), Vec::<String>::new());
    }
}
