//! The causes and controls of a hazard that were read so far, to be found by id and by words.
//!
//! A hazard of a large log may have thousands of rows, so nothing is looked for one by one.

use super::ids::InUse;
use crate::intake::workbook::Address;
use rustc_hash::{FxHashMap, FxHashSet};

/// A cause or control of one row, with the number that its list gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Numbered {
    pub number: Option<u32>,
    pub id: String,
    /// The log gives the id; otherwise it was made of the hazard's and the list number.
    pub has_stated_id: bool,
    /// Position among the hazard's causes, existing controls or additional controls.
    pub at: usize,
    pub is_none: bool,
}

#[derive(Debug, Default)]
pub(super) struct Known {
    pub cause_ids: InUse,
    pub control_ids: InUse,
    /// Positions of causes by the id that they were given in the log.
    pub causes_by_id: FxHashMap<String, Vec<usize>>,
    /// Causes by their words, of those without an id of their own.
    pub causes_by_words: FxHashMap<String, Numbered>,
    /// Controls by column and words, of those that rows repeat.
    pub controls_by_words: FxHashMap<(u32, String), Numbered>,
    /// What a cell gave that may count for several rows.
    pub read: FxHashMap<Address, Vec<Numbered>>,
    /// The causes of the last row that has any.
    pub last_causes: Vec<Numbered>,
    /// Links that there are: cause, whether the control is an existing one, control.
    pub linked: FxHashSet<(usize, bool, usize)>,
    /// The next free number after the one that a list ended with, by the letters that ids begin with.
    next: FxHashMap<(&'static str, u32), u32>,
}

impl Known {
    /// A number for an entry without one: the first that is free after the highest of its list.
    pub(super) fn next(
        &mut self,
        prefix: &'static str,
        highest: u32,
        in_use: impl Fn(&Self, u32) -> bool,
    ) -> u32 {
        let start = (prefix, highest);
        let mut next = self.next.get(&start).copied().unwrap_or(highest) + 1;
        while in_use(self, next) {
            next += 1;
        }
        self.next.insert(start, next);
        next
    }
}
