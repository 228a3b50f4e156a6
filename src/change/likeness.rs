//! How alike two texts are: by the words and pairs of words that they share, where a word counts for more the fewer
//! texts have it.
//!
//! A hazard log repeats itself: "patient", "clinical" and whole controls stand in every other hazard, and say nothing
//! of which is which. What is rare does. So texts are compared as vectors in which each word weighs by its rarity
//! (TF-IDF), by the cosine between them: 1 for the same words, 0 for none in common. Pairs that share nothing rare are
//! never looked at, so two logs of a thousand hazards are compared in a fraction of a second.
//!
//! Everything here is the same with the sides swapped.

use crate::case::folding::folded;
use rustc_hash::{FxHashMap, FxHasher};
use std::collections::BTreeSet;
use std::hash::Hasher as _;

/// Words that every sentence has; they tell nothing apart, least where there are few texts.
const COMMON: [&str; 28] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "may",
    "not", "of", "on", "or", "that", "the", "their", "this", "to", "was", "will", "with",
];
/// What a pair of neighbouring words counts for, beside a word.
const PAIR: f32 = 0.5;
/// Of the pairs that share something rare, so many are looked at for each text.
const MOST_LOOKED_AT: usize = 8;
/// A word that more texts have than this, and than a twentieth of them, finds no pair by itself.
const TOO_COMMON: usize = 50;

/// Something with an id and texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Described {
    /// Each with its weight.
    pub texts: Vec<(f32, String)>,
}

/// The likeness of the texts of two sides.
pub(super) struct Likeness {
    old: Vec<Terms>,
    new: Vec<Terms>,
    /// How many texts of the side that has more of them have the term.
    spread: FxHashMap<u64, usize>,
}

/// The terms of a text with their weights, in the order of the terms; of length 1 unless there are none.
struct Terms(Vec<(u64, f32)>);

impl Likeness {
    pub fn between(old: &[Described], new: &[Described]) -> Self {
        let (old, new) = (counted(old), counted(new));
        let spread = spread(&old, &new);
        let texts = old.len().max(new.len());
        let weighted = |counts: Vec<FxHashMap<u64, f32>>| -> Vec<Terms> {
            counts.into_iter().map(|counts| Terms::weighted(counts, &spread, texts)).collect()
        };
        Self { old: weighted(old), new: weighted(new), spread }
    }

    /// From 0, nothing in common, to 1, the same words.
    pub fn of(&self, old: usize, new: usize) -> f32 {
        self.old[old].cosine(&self.new[new])
    }

    /// How many words and pairs of words the shorter of two texts has.
    pub fn least_terms(&self, old: usize, new: usize) -> usize {
        self.old[old].0.len().min(self.new[new].0.len())
    }

    /// The pairs that may be alike.
    pub fn pairs(&self) -> BTreeSet<(usize, usize)> {
        let there = self.nearest(&self.old, &self.new);
        let back = self.nearest(&self.new, &self.old).into_iter().map(|(new, old)| (old, new));
        there.into_iter().chain(back).collect()
    }

    fn nearest(&self, texts: &[Terms], others: &[Terms]) -> Vec<(usize, usize)> {
        let too_common = TOO_COMMON.max(texts.len().max(others.len()) / 20);
        let mut holders: FxHashMap<u64, Vec<(usize, f32)>> = FxHashMap::default();
        for (at, other) in others.iter().enumerate() {
            for (term, weight) in other.0.iter().filter(|(term, _)| self.spread[term] <= too_common) {
                holders.entry(*term).or_default().push((at, *weight));
            }
        }
        let mut shared = vec![0.0_f32; others.len()];
        let mut pairs = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let mut met: Vec<usize> = Vec::new();
            for (term, weight) in &text.0 {
                for (other, theirs) in holders.get(term).into_iter().flatten() {
                    if shared[*other] == 0.0 {
                        met.push(*other);
                    }
                    shared[*other] += weight * theirs;
                }
            }
            met.sort_by(|one, other| shared[*other].total_cmp(&shared[*one]).then(one.cmp(other)));
            pairs.extend(met.iter().take(MOST_LOOKED_AT).map(|other| (at, *other)));
            for other in met {
                shared[other] = 0.0;
            }
        }
        pairs
    }
}

impl Terms {
    fn weighted(counts: FxHashMap<u64, f32>, spread: &FxHashMap<u64, usize>, texts: usize) -> Self {
        let mut terms: Vec<(u64, f32)> = counts
            .into_iter()
            .map(|(term, count)| (term, (1.0 + count).ln() * rarity(spread[&term], texts)))
            .collect();
        terms.sort_unstable_by_key(|(term, _)| *term);
        let length = terms.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        for (_, weight) in &mut terms {
            *weight /= length;
        }
        Self(terms)
    }

    fn cosine(&self, other: &Self) -> f32 {
        let (mut one, mut other) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut sum = 0.0;
        while let (Some((left, weight)), Some((right, theirs))) = (one.peek(), other.peek()) {
            match left.cmp(right) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(other.next()),
                std::cmp::Ordering::Equal => {
                    sum += weight * theirs;
                    one.next();
                    other.next();
                }
            }
        }
        sum.clamp(0.0, 1.0)
    }
}

/// Both say something, and no word of the one that tells anything is in the other.
pub(super) fn has_nothing_in_common(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|text| counts(&[(1.0, text.to_owned())]));
    !one.is_empty() && !other.is_empty() && !one.keys().any(|term| other.contains_key(term))
}

#[allow(clippy::cast_precision_loss)]
fn rarity(texts_with_it: usize, texts: usize) -> f32 {
    ((texts as f32 + 1.0) / texts_with_it as f32).ln()
}

fn spread(old: &[FxHashMap<u64, f32>], new: &[FxHashMap<u64, f32>]) -> FxHashMap<u64, usize> {
    let count = |texts: &[FxHashMap<u64, f32>]| {
        let mut spread: FxHashMap<u64, usize> = FxHashMap::default();
        texts.iter().flat_map(FxHashMap::keys).for_each(|term| *spread.entry(*term).or_default() += 1);
        spread
    };
    let mut spread = count(old);
    for (term, texts) in count(new) {
        let most = spread.entry(term).or_default();
        *most = texts.max(*most);
    }
    spread
}

/// How often each word and pair of words stands in the texts, by their weights.
fn counted(all: &[Described]) -> Vec<FxHashMap<u64, f32>> {
    all.iter().map(|one| counts(&one.texts)).collect()
}

fn counts(texts: &[(f32, String)]) -> FxHashMap<u64, f32> {
    let mut counts: FxHashMap<u64, f32> = FxHashMap::default();
    for (weight, text) in texts {
        let text = folded(text);
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        // A text of such words alone is compared by them.
        let telling = |word: &&str| !COMMON.contains(word);
        let telling: Vec<&str> =
            if words.iter().any(telling) { words.into_iter().filter(telling).collect() } else { words };
        for word in &telling {
            *counts.entry(hash(&[word])).or_default() += weight;
        }
        for pair in telling.windows(2) {
            *counts.entry(hash(pair)).or_default() += weight * PAIR;
        }
    }
    counts
}

fn hash(words: &[&str]) -> u64 {
    let mut hasher = FxHasher::default();
    for word in words {
        hasher.write(word.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}
