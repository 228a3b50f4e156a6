//! How risks moved: each hazard's, how many of each kind, and across the matrix.

use crate::case::matrix::{RiskClass, RiskPolicy};
use crate::change::renumbering::{hazards, labels};
use crate::change::{Changes, text};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How the risks of the hazards moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskMovement {
    /// Every hazard, in the order of the new side; then those that are gone.
    pub hazards: Vec<HazardRisk>,
    pub initial: Tally,
    pub residual: Tally,
    /// Residual risks across the matrix of each policy that measures hazards of both sides and is the same on both.
    pub policies: Vec<PolicyMovement>,
}

/// The risks of one hazard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HazardRisk {
    /// Key on the new side; on the old one, of a hazard that is gone.
    pub id: String,
    /// Key on the old side, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_id: Option<String>,
    pub name: Option<String>,
    pub initial: Movement,
    pub residual: Movement,
}

/// A rating before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Movement {
    pub old: Option<Rated>,
    pub new: Option<Rated>,
    pub direction: Direction,
}

/// A rating as it is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rated {
    pub policy: String,
    pub severity: Option<String>,
    pub likelihood: Option<String>,
    /// None where the matrix gives none.
    pub risk: Option<u8>,
    pub class: Option<RiskClass>,
    /// The policy's word for the risk.
    pub word: Option<String>,
}

impl Rated {
    /// `3 (Major x Medium)`.
    #[must_use]
    pub fn words(&self) -> String {
        let words = [self.severity.as_deref(), self.likelihood.as_deref()];
        let words = words.map(|word| word.unwrap_or("(none)")).join(" x ");
        self.risk.map_or_else(|| format!("{words}, no risk"), |risk| format!("{risk} ({words})"))
    }
}

/// Which way a risk went, by the order of its risk policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Up,
    Down,
    /// The same severity, likelihood and risk, or none on both sides.
    Same,
    /// Another severity or likelihood, at the same risk.
    Sideways,
    /// There was no risk, and there is one now.
    Rated,
    /// There was a risk, and there is none now.
    Unrated,
    /// The policies differ, so nothing is higher or lower.
    Incomparable,
    /// The hazard is new.
    New,
    /// The hazard is gone.
    Gone,
}

/// How many hazards went which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub up: usize,
    pub down: usize,
    /// With the same severity, likelihood and risk, or with none on either side.
    pub unchanged: usize,
    /// With another severity or likelihood, at the same risk.
    pub sideways: usize,
    /// Rated for the first time.
    pub rated: usize,
    /// No longer rated.
    pub unrated: usize,
    pub new: usize,
    pub gone: usize,
    /// Measured by another policy.
    pub other: usize,
}

/// Residual risks of the hazards that both sides measure by one policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyMovement {
    pub policy: String,
    pub title: String,
    /// From the least severe.
    pub severities: Vec<String>,
    /// From the least likely.
    pub likelihoods: Vec<String>,
    /// The risks of the matrix: a row a likelihood, a column a severity, in the order of the lists above.
    pub matrix: Vec<Vec<u8>>,
    /// From the lowest risk.
    pub scores: Vec<u8>,
    /// How many hazards went from one residual risk to another: a row an old score, a column a new one.
    pub counts: Vec<Vec<usize>>,
    /// How many hazards of the old side stand in each cell of the matrix.
    pub old_cells: Vec<Vec<usize>>,
    /// The same of the new side.
    pub new_cells: Vec<Vec<usize>>,
    /// Hazards that went from one cell to another.
    pub moves: Vec<Move>,
}

/// Hazards that went from one cell of a matrix to another; each cell as row and column from 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    pub from: [usize; 2],
    pub to: [usize; 2],
    pub direction: Direction,
    /// Which of the arrows that go the same way on one line it is, from 0: so that none is drawn over another.
    pub lane: usize,
    /// Keys on the new side.
    pub hazards: Vec<String>,
}

impl RiskMovement {
    pub(super) fn between(old: &Value, new: &Value, changes: &Changes) -> Self {
        let (before, after) = (policies(old), policies(new));
        let scale = Scale { before: &before, after: &after };
        let there = by_label(old);
        let was: BTreeMap<&str, &str> = changes
            .renamed
            .iter()
            .map(|renamed| (renamed.new_id.as_str(), renamed.old_id.as_str()))
            .collect();
        let is_new = |id: &str| changes.added.iter().any(|hazard| hazard.id == id);
        let mut found: Vec<HazardRisk> = Vec::new();
        for (id, hazard) in labels(hazards(new)).into_iter().zip(hazards(new)) {
            let old_id = was.get(id.as_str()).copied().unwrap_or(&id).to_owned();
            let old = there.get(&old_id).copied().filter(|_| !is_new(&id));
            found.push(scale.hazard(id.clone(), old, Some(hazard)));
            if old.is_some() && old_id != id {
                found.iter_mut().last().into_iter().for_each(|last| last.old_id = Some(old_id.clone()));
            }
        }
        let gone =
            changes.removed.iter().map(|entry| scale.hazard(entry.id.clone(), Some(&entry.hazard), None));
        found.extend(gone);
        let tally = |rating: fn(&HazardRisk) -> &Movement| Tally::of(found.iter().map(rating));
        Self {
            initial: tally(|hazard| &hazard.initial),
            residual: tally(|hazard| &hazard.residual),
            policies: after.iter().filter_map(|policy| scale.across(policy, &found)).collect(),
            hazards: found,
        }
    }

    /// Hazards of which a rating moved, or that came or went.
    pub fn moved(&self) -> impl Iterator<Item = &HazardRisk> {
        let is_still = |movement: &Movement| movement.direction == Direction::Same;
        self.hazards.iter().filter(move |hazard| !is_still(&hazard.initial) || !is_still(&hazard.residual))
    }
}

impl Tally {
    fn of<'a>(movements: impl Iterator<Item = &'a Movement>) -> Self {
        let mut tally = Self::default();
        for movement in movements {
            let count = match movement.direction {
                Direction::Up => &mut tally.up,
                Direction::Down => &mut tally.down,
                Direction::Same => &mut tally.unchanged,
                Direction::Sideways => &mut tally.sideways,
                Direction::Rated => &mut tally.rated,
                Direction::Unrated => &mut tally.unrated,
                Direction::New => &mut tally.new,
                Direction::Gone => &mut tally.gone,
                Direction::Incomparable => &mut tally.other,
            };
            *count += 1;
        }
        tally
    }
}

/// The risk policies of both sides.
struct Scale<'a> {
    before: &'a [RiskPolicy],
    after: &'a [RiskPolicy],
}

impl Scale<'_> {
    fn hazard(&self, id: String, old: Option<&Value>, new: Option<&Value>) -> HazardRisk {
        let name = new.or(old).and_then(|hazard| text(hazard, "name")).map(str::to_owned);
        let movement = |rating: &str| {
            let (before, after) =
                (old.map(|hazard| hazard.get(rating)), new.map(|hazard| hazard.get(rating)));
            let rated = |rating: Option<Option<&Value>>, policies| {
                rating.flatten().and_then(|it| rated(it, policies))
            };
            let (old_rating, new_rating) = (rated(before, self.before), rated(after, self.after));
            let direction = match (before, after) {
                (None, _) => Direction::New,
                (_, None) => Direction::Gone,
                _ => self.direction(old_rating.as_ref(), new_rating.as_ref()),
            };
            Movement { old: old_rating, new: new_rating, direction }
        };
        HazardRisk { id, old_id: None, name, initial: movement("initial"), residual: movement("residual") }
    }

    fn direction(&self, old: Option<&Rated>, new: Option<&Rated>) -> Direction {
        let (Some(old), Some(new)) = (old, new) else {
            return match (old.and_then(|old| old.risk), new.and_then(|new| new.risk)) {
                (None, Some(_)) => Direction::Rated,
                (Some(_), None) => Direction::Unrated,
                _ if old == new => Direction::Same,
                _ => Direction::Sideways,
            };
        };
        if old == new {
            return Direction::Same;
        }
        match (old.risk, new.risk) {
            (None, None) => Direction::Sideways,
            (None, Some(_)) => Direction::Rated,
            (Some(_), None) => Direction::Unrated,
            (Some(before), Some(after)) => {
                let policy = self.common(&old.policy).filter(|_| old.policy == new.policy);
                match policy.and_then(|policy| policy.compare(after, before)) {
                    Some(Ordering::Greater) => Direction::Up,
                    Some(Ordering::Less) => Direction::Down,
                    Some(Ordering::Equal) => Direction::Sideways,
                    None => Direction::Incomparable,
                }
            }
        }
    }

    /// The policy of this id, where it measures alike on both sides.
    fn common(&self, id: &str) -> Option<&RiskPolicy> {
        let find = |policies: &[RiskPolicy]| policies.iter().position(|policy| policy.id == id);
        let (old, new) = (&self.before[find(self.before)?], &self.after[find(self.after)?]);
        let order =
            |policy: &RiskPolicy| -> Vec<u8> { policy.acceptability.iter().map(|each| each.risk).collect() };
        let is_same = old.matrix == new.matrix
            && words(&old.severities) == words(&new.severities)
            && words(&old.likelihoods) == words(&new.likelihoods)
            && order(old) == order(new);
        is_same.then_some(new)
    }

    fn across(&self, policy: &RiskPolicy, found: &[HazardRisk]) -> Option<PolicyMovement> {
        let policy = self.common(&policy.id)?;
        let rated = |rated: &Option<Rated>| rated.clone().filter(|rated| rated.policy == policy.id);
        let cell = |rated: &Rated| -> Option<[usize; 2]> {
            let (severity, likelihood) = (rated.severity.as_deref()?, rated.likelihood.as_deref()?);
            Some([policy.likelihood_rank(likelihood)?, policy.severity_rank(severity)?])
        };
        let scores: Vec<u8> = policy.acceptability.iter().map(|each| each.risk).collect();
        let empty = vec![vec![0; policy.severities.len()]; policy.likelihoods.len()];
        let (mut old_cells, mut new_cells) = (empty.clone(), empty);
        let mut counts = vec![vec![0; scores.len()]; scores.len()];
        let mut moves: BTreeMap<([usize; 2], [usize; 2]), Move> = BTreeMap::new();
        let mut is_used = false;
        for HazardRisk { id, residual, .. } in found {
            let (old, new) = (rated(&residual.old), rated(&residual.new));
            let rank = |rated: &Option<Rated>| policy.rank(rated.as_ref()?.risk?);
            if let (Some(from), Some(to)) = (rank(&old), rank(&new)) {
                counts[from][to] += 1;
                is_used = true;
            }
            let (from, to) = (old.as_ref().and_then(cell), new.as_ref().and_then(cell));
            if let Some([row, column]) = from {
                old_cells[row][column] += 1;
            }
            if let Some([row, column]) = to {
                new_cells[row][column] += 1;
            }
            if let (Some(from), Some(to)) = (from, to)
                && from != to
            {
                let direction = residual.direction;
                let hazards = Vec::new();
                let entry = moves.entry((from, to)).or_insert(Move { from, to, direction, lane: 0, hazards });
                entry.hazards.push(id.clone());
            }
        }
        is_used.then(|| PolicyMovement {
            policy: policy.id.clone(),
            title: policy.title.clone(),
            severities: words(&policy.severities),
            likelihoods: words(&policy.likelihoods),
            matrix: policy.matrix.clone(),
            scores,
            counts,
            old_cells,
            new_cells,
            moves: apart(moves.into_values().collect()),
        })
    }
}

/// Gives each arrow its lane. Of those on one line, opposite ones stand on either side of it already.
fn apart(mut moves: Vec<Move>) -> Vec<Move> {
    for at in 1..moves.len() {
        let (before, own) = (&moves[..at], &moves[at]);
        moves[at].lane = before.iter().filter(|other| is_along(other, own)).count();
    }
    moves
}

/// Both go the same way along one row or one column.
fn is_along(one: &Move, other: &Move) -> bool {
    let way = |moved: &Move| [0, 1].map(|axis| moved.to[axis].cmp(&moved.from[axis]));
    let on_a_line = |axis: usize| {
        one.from[axis] == one.to[axis]
            && other.from[axis] == other.to[axis]
            && one.from[axis] == other.from[axis]
    };
    way(one) == way(other) && (on_a_line(0) || on_a_line(1))
}

fn words(axis: &[crate::case::matrix::Category]) -> Vec<String> {
    axis.iter().map(|category| category.word.clone()).collect()
}

fn by_label(case: &Value) -> BTreeMap<String, &Value> {
    labels(hazards(case)).into_iter().zip(hazards(case)).collect()
}

fn policies(case: &Value) -> Vec<RiskPolicy> {
    let further = case.get("risk_policies").and_then(Value::as_array);
    let all = case.get("risk_policy").into_iter().chain(further.into_iter().flatten());
    all.filter_map(|policy| RiskPolicy::deserialize(policy).ok()).collect()
}

/// A rating of which anything is stated.
fn rated(rating: &Value, policies: &[RiskPolicy]) -> Option<Rated> {
    let own = |name: &str| text(rating, name).map(str::to_owned);
    let policy = own("policy").unwrap_or_default();
    let risk = rating.get("risk").and_then(Value::as_u64).and_then(|risk| u8::try_from(risk).ok());
    let acceptability = policies.iter().find(|known| known.id == policy);
    let acceptability = risk.and_then(|risk| acceptability?.acceptability(risk));
    let rated = Rated {
        severity: own("severity"),
        likelihood: own("likelihood"),
        risk,
        class: acceptability.map(|entry| entry.class),
        word: acceptability.map(|entry| entry.word.clone()),
        policy,
    };
    let is_stated = rated.severity.is_some() || rated.likelihood.is_some() || rated.risk.is_some();
    is_stated.then_some(rated)
}
