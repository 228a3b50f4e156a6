//! The risk that remains: rated, reduced further, accepted, or weighed against the benefits (6.1.4 to 6.2.2).
//!
//! Whether a residual risk is acceptable is the policy's word where it is acceptable of itself, and a person's where
//! the policy asks for a reason. Where that reason is not recorded nobody has said that the risk is acceptable, so
//! that the clauses on unacceptable risk cannot be called not applicable to it.

use super::super::sight::{ClauseState, named};
use super::control::{NO_HAZARD, is_exempt, keys};
use super::{HAZARDS, Scene, Sight, part, plural, shown_on_sheets};
use crate::assurance::cross_reference::rules::{self, Remaining};
use crate::case::hazard::Hazard;
use std::cmp::Reverse;

const UNACCEPTABLE: (&str, &str) =
    ("hazard with an unacceptable residual risk", "hazards with an unacceptable residual risk");

pub(super) fn residual_ratings(scene: &Scene<'_>) -> Sight {
    let hazards = scene.hazards();
    let exempt = keys(hazards.iter().filter(|hazard| is_exempt(hazard)));
    let concerned: Vec<&Hazard> =
        hazards.iter().filter(|hazard| !is_exempt(hazard) || !hazard.residual.is_blank()).collect();
    let without = keys(concerned.iter().copied().filter(|hazard| hazard.residual.risk.is_none()));
    let sight = if hazards.is_empty() {
        Sight::none(NO_HAZARD)
    } else if concerned.is_empty() {
        Sight::not_applicable("Every initial risk is acceptable (5.1.2)")
    } else {
        Sight::of_each("Residual severity, likelihood and risk", HAZARDS, concerned.len(), &without)
    };
    sight.shown_at(part("hazard-summary")).exempting(exempt)
}

/// The hazards by what is known of the risk that remains.
#[derive(Default)]
struct Residual<'a> {
    unknown: Vec<&'a Hazard>,
    /// Of themselves, or because 5.1.2 asks nothing about them.
    acceptable: usize,
    accepted: Vec<&'a Hazard>,
    unanswered: Vec<&'a Hazard>,
    unacceptable: Vec<&'a Hazard>,
}

impl<'a> Residual<'a> {
    fn of(scene: &Scene<'a>) -> Self {
        let mut residual = Self::default();
        for hazard in worst_first(scene.hazards().iter().collect()) {
            match rules::remaining_risk(hazard) {
                Remaining::NotKnown => residual.unknown.push(hazard),
                Remaining::Acceptable | Remaining::Exempt => residual.acceptable += 1,
                Remaining::Accepted => residual.accepted.push(hazard),
                Remaining::Unanswered => residual.unanswered.push(hazard),
                Remaining::Unacceptable => residual.unacceptable.push(hazard),
            }
        }
        residual
    }

    fn is_unknown(&self) -> bool {
        self.acceptable == 0
            && self.accepted.is_empty()
            && self.unanswered.is_empty()
            && self.unacceptable.is_empty()
    }

    /// Why no risk is left that 6.1.6 and 6.2 are about.
    fn all_acceptable(&self) -> String {
        match self.accepted.len() {
            0 => "Every residual risk is acceptable of itself".to_owned(),
            accepted => format!(
                "No residual risk is unacceptable: {} acceptable of itself, {accepted} accepted with a recorded reason",
                self.acceptable
            ),
        }
    }

    /// What keeps the risks from being called acceptable or not, as sentences to go on with.
    fn open_ends(&self) -> Vec<String> {
        let mut open = Vec::new();
        if !self.unanswered.is_empty() {
            open.push(format!(
                "whether the residual risk of {} is acceptable, no recorded reason says",
                list(&self.unanswered)
            ));
        }
        if !self.unknown.is_empty() {
            open.push(format!("the residual risk of {} is not known", list(&self.unknown)));
        }
        open
    }

    /// A sight on the unacceptable risks, held back by what is open about the others.
    fn seen(&self, of_unacceptable: Option<Sight>) -> Sight {
        let open = self.open_ends().join("; ");
        let sight = match of_unacceptable {
            _ if self.is_unknown() => Sight::none("No residual risk is known"),
            None if open.is_empty() => Sight::not_applicable(self.all_acceptable()),
            None => Sight::none(format!("No residual risk is called unacceptable, but {open}")),
            Some(sight) if open.is_empty() => sight,
            Some(sight) => held_back(sight, &open),
        };
        let sheets: Vec<&Hazard> = self.unacceptable.iter().chain(&self.unanswered).copied().collect();
        shown_on_sheets(sight.shown_at(part("hazard-summary")), &keys(sheets.into_iter()))
    }
}

/// A sight with what is open beside it: what was found is then found in part, and what does not apply may apply.
fn held_back(sight: Sight, open: &str) -> Sight {
    let said = format!("{}; {open}", sight.state.because());
    let state = match sight.state {
        ClauseState::EvidenceFound(_) | ClauseState::PartlyFound(_) => ClauseState::PartlyFound(said),
        _ => ClauseState::NoneFound(said),
    };
    Sight { state, ..sight }
}

/// The worst first: they are the ones to name, and theirs the sheets to read.
fn worst_first(mut hazards: Vec<&Hazard>) -> Vec<&Hazard> {
    hazards.sort_by_key(|hazard| Reverse(hazard.residual.class));
    hazards
}

fn list(hazards: &[&Hazard]) -> String {
    named(&keys(hazards.iter().copied()))
}

fn without<'a>(hazards: &[&'a Hazard], has: impl Fn(&Hazard) -> bool) -> Vec<&'a str> {
    keys(hazards.iter().copied().filter(|hazard| !has(hazard)))
}

pub(super) fn residual_risk_answered(scene: &Scene<'_>) -> Sight {
    let residual = Residual::of(scene);
    let concerned: Vec<&Hazard> =
        scene.hazards().iter().filter(|hazard| is_not_acceptable_of_itself(hazard)).collect();
    let is_answered = |hazard: &Hazard| {
        rules::recorded(hazard.residual_acceptance.as_ref()).is_some() || rules::weighed(hazard).is_some()
    };
    let sight = if residual.is_unknown() {
        Sight::none("No residual risk is known")
    } else if concerned.is_empty() {
        Sight::not_applicable(residual.all_acceptable())
    } else {
        Sight::of_each(
            "Reason recorded why the risk is not reduced further",
            (
                "hazard whose residual risk is not acceptable of itself",
                "hazards whose residual risk is not acceptable of itself",
            ),
            concerned.len(),
            &without(&concerned, is_answered),
        )
    };
    let sight = if residual.unknown.is_empty() || residual.is_unknown() {
        sight
    } else {
        held_back(sight, &format!("the residual risk of {} is not known", list(&residual.unknown)))
    };
    let sheets = worst_first(concerned);
    shown_on_sheets(sight.shown_at(part("hazard-summary")), &keys(sheets.into_iter()))
}

fn is_not_acceptable_of_itself(hazard: &Hazard) -> bool {
    matches!(
        rules::remaining_risk(hazard),
        Remaining::Accepted | Remaining::Unanswered | Remaining::Unacceptable
    )
}

pub(super) fn risk_benefit(scene: &Scene<'_>) -> Sight {
    let residual = Residual::of(scene);
    let unacceptable = &residual.unacceptable;
    let lacking = without(unacceptable, |hazard| rules::weighed(hazard).is_some());
    let sight = (!unacceptable.is_empty())
        .then(|| Sight::of_each("Risk-benefit analysis", UNACCEPTABLE, unacceptable.len(), &lacking));
    residual.seen(sight)
}

pub(super) fn benefit_decided(scene: &Scene<'_>) -> Sight {
    let residual = Residual::of(scene);
    let unacceptable = &residual.unacceptable;
    let is_decided =
        |hazard: &Hazard| rules::weighed(hazard).is_some_and(|weighed| weighed.outcome.is_some());
    let sight = (!unacceptable.is_empty()).then(|| {
        Sight::of_each(
            "Decided whether the benefits outweigh the risk",
            UNACCEPTABLE,
            unacceptable.len(),
            &without(unacceptable, is_decided),
        )
    });
    residual.seen(sight)
}

pub(super) fn re_appraisal(scene: &Scene<'_>) -> Sight {
    let residual = Residual::of(scene);
    let outweighed: Vec<&Hazard> =
        scene.hazards().iter().filter(|hazard| rules::is_outweighed(hazard)).collect();
    let undecided = without(&residual.unacceptable, |hazard| {
        rules::weighed(hazard).is_some_and(|weighed| weighed.outcome.is_some())
    });
    let undecided = (!undecided.is_empty()).then(|| {
        format!("whether the benefits outweigh the residual risk of {} is not decided", named(&undecided))
    });
    let sight = if !outweighed.is_empty() {
        let lacking = without(&outweighed, |hazard| rules::reappraisal(hazard).is_some());
        let things =
            ("hazard whose risk outweighs the benefits", "hazards whose risk outweighs the benefits");
        let sight = Sight::of_each("Re-appraisal recorded", things, outweighed.len(), &lacking);
        Some(undecided.iter().fold(sight, |sight, undecided| held_back(sight, undecided)))
    } else if let Some(undecided) = undecided {
        Some(Sight::none(format!("No re-appraisal is called for yet: {undecided}")))
    } else if !residual.unacceptable.is_empty() {
        Some(Sight::not_applicable(format!(
            "The benefits are decided to outweigh the residual risk of {}",
            plural(residual.unacceptable.len(), "hazard")
        )))
    } else {
        None
    };
    shown_on_sheets(residual.seen(sight), &keys(outweighed.into_iter()))
}
