//! Hazards that may have been split or merged: their causes and controls are found in several others.
//!
//! Nothing here is certain, and nothing is taken off the lists of what came and went. A split is proposed where a hazard
//! that came holds causes and controls of one that was there, and some of them are no longer there; a merge is the same
//! with the sides swapped. A cause or control that many hazards share says nothing of where a hazard comes from.

use super::renumbering::{Renumbering, hazards, listed};
use super::text;
use crate::case::folding::folded;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A part that more hazards of its side have than this is nobody's own.
const SHARED_BY: usize = 2;
/// A hazard that comes from another holds at least so many of its causes and controls...
const FEWEST: usize = 2;
/// ...and they are at least this share of its own.
const SHARE: f64 = 0.4;

/// A proposal: what these hazards of the old side held is found in those of the new side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Regrouping {
    /// Keys on the old side: one for a split, several for a merge. One that the new side uses for another hazard has
    /// ` (removed)` or ` (old number)` behind it.
    pub from: Vec<String>,
    /// Keys on the new side: several for a split, one for a merge.
    pub to: Vec<String>,
    /// The share of the one hazard's causes and controls that the several have, from 0 to 1.
    pub likeness: f64,
    /// What speaks for it.
    pub why: String,
}

/// The splits and the merges, each in the order of the one hazard.
pub(super) fn proposals(
    old: &Value,
    new: &Value,
    matched: &Renumbering,
) -> (Vec<Regrouping>, Vec<Regrouping>) {
    let (before, after) = (Side::of(old, matched.told_labels()), Side::of(new, matched.new_labels.clone()));
    let there: BTreeMap<usize, usize> = matched.pairs.iter().map(|pair| (pair.old, pair.new)).collect();
    let back: BTreeMap<usize, usize> = matched.pairs.iter().map(|pair| (pair.new, pair.old)).collect();
    let splits = scattered(&before, &after, &there)
        .into_iter()
        .map(|(one, several, likeness, why)| Regrouping { from: vec![one], to: several, likeness, why });
    let merges = scattered(&after, &before, &back)
        .into_iter()
        .map(|(one, several, likeness, why)| Regrouping { from: several, to: vec![one], likeness, why });
    (splits.collect(), merges.collect())
}

struct Side {
    labels: Vec<String>,
    /// The causes and controls of each hazard, by their words.
    parts: Vec<BTreeSet<String>>,
    /// Which hazards have a part.
    holders: BTreeMap<String, Vec<usize>>,
}

impl Side {
    fn of(case: &Value, labels: Vec<String>) -> Self {
        let parts: Vec<BTreeSet<String>> = hazards(case).iter().map(parts).collect();
        let mut holders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, parts) in parts.iter().enumerate() {
            for part in parts {
                holders.entry(part.clone()).or_default().push(at);
            }
        }
        Self { labels, parts, holders }
    }

    /// The hazards that have this part, where it is their own.
    fn owners(&self, part: &str) -> &[usize] {
        self.holders.get(part).filter(|holders| holders.len() <= SHARED_BY).map_or(&[], Vec::as_slice)
    }
}

fn parts(hazard: &Value) -> BTreeSet<String> {
    let lists = ["causes", "existing_controls", "controls"].into_iter().flat_map(|list| listed(hazard, list));
    let texts = lists.filter_map(|part| text(part, "text")).map(folded);
    texts.filter(|text| !text.is_empty()).collect()
}

/// Hazards of one side of which the parts are found in several of the other: it, those, how much of it, and why.
fn scattered(
    one: &Side,
    other: &Side,
    partner: &BTreeMap<usize, usize>,
) -> Vec<(String, Vec<String>, f64, String)> {
    let known: BTreeSet<usize> = partner.values().copied().collect();
    let came = (0..other.labels.len()).filter(|at| !known.contains(at));
    let mut heirs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for heir in came {
        if let Some(source) = source(one, other, heir, partner) {
            heirs.entry(source).or_default().push(heir);
        }
    }
    let proposal = |(source, mut heirs): (usize, Vec<usize>)| {
        heirs.extend(partner.get(&source));
        heirs.sort_unstable();
        let own = &one.parts[source];
        let found: Vec<BTreeSet<&String>> =
            heirs.iter().map(|heir| own.intersection(&other.parts[*heir]).collect()).collect();
        let kept: BTreeSet<&String> = found.iter().flatten().copied().collect();
        let each = heirs
            .iter()
            .zip(&found)
            .map(|(heir, found)| format!("{} in {}", found.len(), other.labels[*heir]));
        let mut each: Vec<String> = each.collect();
        if kept.len() < own.len() {
            each.push(format!("{} in none of them with the same words", own.len() - kept.len()));
        }
        let why = format!(
            "of the {} causes and controls of {}, {}",
            own.len(),
            one.labels[source],
            in_a_row(&each)
        );
        let likeness = super::renumbering::rounded(share(kept.len(), own.len()));
        let several = heirs.iter().map(|heir| other.labels[*heir].clone()).collect();
        (heirs.len() > 1).then(|| (one.labels[source].clone(), several, likeness, why))
    };
    heirs.into_iter().filter_map(proposal).collect()
}

/// The hazard that this one took most from, if it took enough, and took some of it away.
fn source(one: &Side, other: &Side, heir: usize, partner: &BTreeMap<usize, usize>) -> Option<usize> {
    let parts = &other.parts[heir];
    let mut taken: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for part in parts {
        for owner in one.owners(part) {
            let stays = partner.get(owner).is_some_and(|partner| other.parts[*partner].contains(part));
            let (found, moved) = taken.entry(*owner).or_default();
            *found += 1;
            *moved += usize::from(!stays);
        }
    }
    let enough = |(_, (found, moved)): &(usize, (usize, usize))| {
        *found >= FEWEST && *moved > 0 && f64::from(share(*found, parts.len())) >= SHARE
    };
    let most =
        taken.into_iter().filter(enough).max_by_key(|(owner, counts)| (*counts, std::cmp::Reverse(*owner)));
    most.map(|(owner, _)| owner)
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

fn in_a_row(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
