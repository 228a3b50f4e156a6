//! Which entry of one list is which of the other: by id, and where ids changed, by likeness.
//!
//! All pairs that may be the same are ranked by likeness, and an equal id counts as a good deal of it. The best pair is
//! taken, then the best of those that are left. So an entry keeps its partner of the same id while their texts are
//! anything alike, and a list whose numbers were all moved by one is still understood, though every number is on both
//! sides.

use super::likeness::{Described, Likeness};
use std::collections::BTreeMap;

/// What an equal id counts for, beside a likeness of 0 to 1.
const EQUAL_ID: f32 = 0.15;
/// Entries with different ids are the same from this likeness on.
const ALIKE: f32 = 0.55;
/// Entries of the same id are the same unless they are less alike than this: then the id was used again.
const UNLIKE: f32 = 0.22;
/// Of texts with fewer words and pairs of words than this, unlikeness says nothing.
const TELLING: usize = 8;

/// An entry to be matched.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// What it is known by; where the other side can be expected to have another id, in the form that is expected.
    pub id: String,
    pub described: Described,
}

/// Two entries that are the same, by their places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub old: usize,
    pub new: usize,
    /// From 0 to 1.
    pub likeness: f32,
}

/// Which entries are the same; each is in one pair at most. In the order of the old side.
pub(super) fn pairs(old: &[Entry], new: &[Entry]) -> Vec<Pair> {
    let described = |entries: &[Entry]| -> Vec<Described> {
        entries.iter().map(|entry| entry.described.clone()).collect()
    };
    let likeness = Likeness::between(&described(old), &described(new));
    let mut candidates = likeness.pairs();
    let places: BTreeMap<&str, usize> =
        new.iter().enumerate().map(|(at, entry)| (entry.id.as_str(), at)).collect();
    let same_id = |(at, entry): (usize, &Entry)| Some((at, *places.get(entry.id.as_str())?));
    candidates.extend(old.iter().enumerate().filter_map(same_id));
    let mut ranked: Vec<(f32, Pair)> = candidates
        .into_iter()
        .filter_map(|(at, other)| {
            let likeness_of = likeness.of(at, other);
            let has_same_id = old[at].id == new[other].id;
            let is_known =
                has_same_id && (likeness_of >= UNLIKE || likeness.least_terms(at, other) < TELLING);
            let is_same = is_known || likeness_of >= ALIKE;
            let rank = likeness_of + if has_same_id { EQUAL_ID } else { 0.0 };
            is_same.then_some((rank, Pair { old: at, new: other, likeness: likeness_of }))
        })
        .collect();
    ranked.sort_by(|(one, pair), (other, another)| {
        other.total_cmp(one).then_with(|| place(*pair).cmp(&place(*another)))
    });
    chosen(&ranked, old.len(), new.len())
}

/// Decides between pairs that are equally alike, the same way from either side.
fn place(Pair { old, new, .. }: Pair) -> (usize, usize, usize) {
    (old.abs_diff(new), old + new, old)
}

fn chosen(ranked: &[(f32, Pair)], old: usize, new: usize) -> Vec<Pair> {
    let (mut old, mut new) = (vec![true; old], vec![true; new]);
    let mut chosen = Vec::new();
    for (_, pair) in ranked {
        if old[pair.old] && new[pair.new] {
            (old[pair.old], new[pair.new]) = (false, false);
            chosen.push(*pair);
        }
    }
    chosen.sort_by_key(|pair| pair.old);
    chosen
}
