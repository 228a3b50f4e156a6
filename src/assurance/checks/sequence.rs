//! A: the log as a sequence. Is every hazard that was ever numbered still there, or is it said what became of
//! it; and does every cell of a row stand under its own header?
//!
//! What became of a hazard that is gone is for its closure record to say: who decided, when and why (`retired` of
//! the supplement). The log's own history is a record of another kind. That it says "F04 withdrawn" shows that
//! F04 was not lost by accident, and is quoted; it says neither who decided so nor why, so it closes nothing.

mod history;

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Hit, Outcome, Run};
use crate::assurance::finding::Level::Warning;
use crate::case::excerpt::excerpt;
use crate::case::hazard::Hazard;
use crate::case::hazard_log::HazardLog;
use crate::case::observation::ObservationKind as Kind;
use history::{Event, Told};
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "A7",
        level: Warning,
        clause: Some("3.1.4"),
        title: "Hazard that the log no longer has",
        why: "A hazard does not go away by losing its row. Whoever finds a number missing must be able to read who took the hazard out and why.",
        remedy: "Put the hazard back into the log; or record who closed it, when and why.",
        how: Some("`[[retired]]` in supplement.toml, with `id`, `on`, `by` and `reason`"),
        runs: &[Run::Log(missing_hazards)],
        ..Check::DEFAULT
    },
    Check {
        id: "A22",
        level: Warning,
        clause: Some("3.3.1"),
        title: "Row that may have slipped by a column",
        why: "A word in the wrong column is read as what its header says: a status that stands under the action leaves the control without a status.",
        remedy: "Move the content to its own column and fill what is then blank.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[Kind::ShiftedContent]))],
        ..Check::DEFAULT
    },
];

/// A hazard's id as what stands before its number, and the number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    /// In lower case; `None` where a text names a hazard by its number alone.
    prefix: Option<String>,
    number: u32,
}

impl Id {
    fn of(id: &str) -> Option<Self> {
        let id = id.trim();
        let prefix = id.trim_end_matches(|c: char| c.is_ascii_digit());
        Some(Self { prefix: Some(prefix.to_lowercase()), number: id[prefix.len()..].parse().ok()? })
    }

    fn is(&self, other: &Self) -> bool {
        let same = |(one, other): (&String, &String)| one == other;
        self.number == other.number && self.prefix.as_ref().zip(other.prefix.as_ref()).is_none_or(same)
    }
}

/// Ids by their number, so that one of thousands is found at once.
#[derive(Debug, Default)]
struct Ids(HashMap<u32, Vec<Id>>);

impl Ids {
    fn add(&mut self, id: Id) {
        self.0.entry(id.number).or_default().push(id);
    }

    /// One of them is this.
    fn has(&self, id: &Id) -> bool {
        self.0.get(&id.number).is_some_and(|alike| alike.iter().any(|other| other.is(id)))
    }
}

impl FromIterator<Id> for Ids {
    fn from_iter<T: IntoIterator<Item = Id>>(ids: T) -> Self {
        let mut all = Self::default();
        ids.into_iter().for_each(|id| all.add(id));
        all
    }
}

/// The hazards of one prefix.
struct Series<'a> {
    /// As the log writes it.
    prefix: &'a str,
    width: usize,
    /// Key of the hazard of each number.
    keys: BTreeMap<u32, &'a str>,
}

impl Series<'_> {
    fn id(&self, number: u32) -> String {
        format!("{}{number:0width$}", self.prefix, width = self.width)
    }

    /// Whether causes or controls have numbers of its sequence, as in an issue tracker, which numbers all its items in
    /// one: a number that no hazard has is then another item's.
    fn is_shared_with(&self, prefix: &str, others: &BTreeMap<String, BTreeSet<u32>>) -> bool {
        let (Some((first, _)), Some((last, _))) = (self.keys.first_key_value(), self.keys.last_key_value())
        else {
            return false;
        };
        let within = others.get(prefix).into_iter().flat_map(|numbers| numbers.range(*first..=*last));
        within.into_iter().any(|number| !self.keys.contains_key(number))
    }

    /// Numbers that are left out. A log that begins high need not have begun at 1, and numbers that are nearly all
    /// left out are no sequence but dates or codes.
    fn gaps(&self) -> Vec<u32> {
        const FEWEST: usize = 3;
        const SPARSE: usize = 20;
        let (Some((first, _)), Some((last, _))) = (self.keys.first_key_value(), self.keys.last_key_value())
        else {
            return Vec::new();
        };
        let begins_at_1 = usize::try_from(*first).is_ok_and(|first| first <= self.keys.len());
        // Some logs begin at 0.
        let from = if begins_at_1 { 1.min(*first) } else { *first };
        let span = usize::try_from(last - from).unwrap_or(usize::MAX);
        if self.keys.len() < FEWEST || span / SPARSE > self.keys.len() {
            return Vec::new();
        }
        (from..*last).filter(|number| !self.keys.contains_key(number)).collect()
    }
}

fn series(log: &HazardLog) -> BTreeMap<String, Series<'_>> {
    let mut all: BTreeMap<String, Series<'_>> = BTreeMap::new();
    for hazard in &log.hazards {
        let Some(Id { prefix: Some(prefix), number }) = Id::of(&hazard.id) else { continue };
        let stated = hazard.id.trim();
        let digits = &stated[prefix_length(stated)..];
        let series = all.entry(prefix).or_insert_with(|| Series {
            prefix: &stated[..prefix_length(stated)],
            width: 0,
            keys: BTreeMap::new(),
        });
        series.width = series.width.max(digits.len());
        series.keys.entry(number).or_insert(&hazard.key);
    }
    all
}

fn prefix_length(id: &str) -> usize {
    id.trim_end_matches(|c: char| c.is_ascii_digit()).len()
}

fn missing_hazards(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let log = subject.log;
    let series = series(log);
    let prefixes: BTreeSet<&str> =
        series.keys().map(String::as_str).filter(|prefix| !prefix.is_empty()).collect();
    let told = history::told(&log.revisions, &prefixes);
    let hazards = log.hazards.iter().map(|hazard| hazard.id.as_str());
    let retired = log.retired.iter().map(|retired| retired.id.as_str());
    let known: Ids = hazards.chain(retired).filter_map(Id::of).collect();
    let accounted = |id: &Id| known.has(id);
    let in_history: Ids = told.iter().map(|told| told.id.clone()).collect();
    for (revision, group) in &by_revision(told.iter().filter(|told| !accounted(&told.id))) {
        outcome.hit(of_history(log, *revision, group));
    }
    let others = LazyCell::new(|| of_others(log));
    for (prefix, series) in &series {
        let gaps: Vec<u32> = series
            .gaps()
            .into_iter()
            .filter(|number| {
                let id = Id { prefix: Some(series.prefix.to_lowercase()), number: *number };
                !accounted(&id) && !in_history.has(&id)
            })
            .collect();
        if !gaps.is_empty() && !series.is_shared_with(prefix, &others) {
            outcome_of_gaps(series, &gaps, outcome);
        }
    }
}

/// Numbers of causes and controls by their prefix.
fn of_others(log: &HazardLog) -> BTreeMap<String, BTreeSet<u32>> {
    let causes = log.hazards.iter().flat_map(|hazard| hazard.causes.iter().map(|cause| cause.id.as_str()));
    let controls = log.hazards.iter().flat_map(Hazard::all_controls).map(|control| control.id.as_str());
    let mut others: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for Id { prefix, number } in causes.chain(controls).filter_map(Id::of) {
        others.entry(prefix.unwrap_or_default()).or_default().insert(number);
    }
    others
}

/// What the history tells, by the revision that tells it.
fn by_revision<'a>(told: impl Iterator<Item = &'a Told>) -> BTreeMap<usize, Vec<&'a Told>> {
    let mut groups: BTreeMap<usize, Vec<&Told>> = BTreeMap::new();
    for told in told {
        groups.entry(told.revision).or_default().push(told);
    }
    groups
}

fn of_history(log: &HazardLog, revision: usize, told: &[&Told]) -> Hit {
    let stated = &log.revisions[revision];
    let quoted = excerpt(stated.summary.as_deref().unwrap_or_default());
    let names: Vec<String> = told.iter().map(|told| told.stated.clone()).collect();
    let names = super::some_of(&names);
    let withdrawn = told.iter().all(|told| told.event == Event::Withdrawn);
    let message = if withdrawn {
        format!(
            "The log does not have {names}. Its history (version {}) says \"{quoted}\"; no closure record says who decided so and why.",
            stated.version
        )
    } else {
        format!(
            "The log's history (version {}) says \"{quoted}\"; the log does not have {names}, and no closure record says what became of it.",
            stated.version
        )
    };
    Hit::at(format!("hazard_log/revisions/{}/summary", revision + 1), message)
}

fn outcome_of_gaps(series: &Series<'_>, gaps: &[u32], outcome: &mut Outcome) {
    let Some(first) = gaps.first() else { return };
    let ids: Vec<String> = gaps.iter().map(|number| series.id(*number)).collect();
    let message = format!(
        "The ids of the log leave out {}, and no closure record says what became of {}.",
        super::some_of(&ids),
        if ids.len() == 1 { "it" } else { "them" }
    );
    // The row behind the first gap is where a reader sees it.
    let behind = series.keys.range(first..).next().map_or("", |(_, key)| key);
    outcome.hit(Hit::at(format!("hazards/{behind}"), message));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, date, fires_on_observation, hazard, revision, silent, some};
    use crate::case::hazard_log::RetiredHazard;

    fn numbered(ids: &[&str], history: &[&str]) -> Fixture {
        Fixture::with(|fixture| {
            let log = &mut fixture.case.hazard_log;
            log.hazards = ids.iter().map(|id| hazard(id)).collect();
            for (summary, version) in history.iter().zip(["0.1", "0.2", "0.3"]) {
                let mut revision = revision(version);
                revision.summary = some(summary);
                log.revisions.insert(0, revision);
            }
        })
    }

    fn retired(id: &str) -> RetiredHazard {
        RetiredHazard {
            id: id.to_owned(),
            on: date("2026-02-03"),
            by: "cso".to_owned(),
            reason: "Joined with H01".to_owned(),
        }
    }

    #[test]
    fn a7_a_gap_in_the_sequence() {
        silent("A7");
        let mut fixture = numbered(&["H01", "H02", "H05", "H06"], &[]);
        assert_eq!(
            fixture.messages("A7"),
            ["The ids of the log leave out H03 and H04, and no closure record says what became of them."]
        );
        fixture.case.hazard_log.retired = vec![retired("H03"), retired("H4")];
        assert_eq!(fixture.messages("A7"), Vec::<String>::new());
        assert_eq!(numbered(&["H02", "H03", "H04"], &[]).findings("A7").len(), 1, "H01 is missing");
        assert_eq!(numbered(&["H00", "H01", "H03"], &[]).findings("A7").len(), 1, "H02 is missing");
    }

    #[test]
    fn a7_a_number_that_the_log_left_to_another_kind_of_item_is_not_missing() {
        let mut fixture = numbered(&["RNG-1", "RNG-4", "RNG-7", "RNG-9"], &[]);
        assert_eq!(fixture.findings("A7").len(), 1);
        "rng-2".clone_into(&mut fixture.case.hazard_log.hazards[0].causes[0].id);
        assert_eq!(fixture.messages("A7"), Vec::<String>::new());
    }

    #[test]
    fn a7_numbers_need_not_begin_at_1_nor_two_ids_make_a_sequence() {
        for ids in [
            &["H101", "H102", "H103", "H104"][..],
            &["H01", "H09"],
            &["H01", "A07", "B01"],
            &["H0"],
            &["H00", "H01", "H02"],
            &["H2025", "H2026", "H20260101"],
        ] {
            assert_eq!(numbered(ids, &[]).messages("A7"), Vec::<String>::new(), "{ids:?}");
        }
    }

    #[test]
    fn a7_a_hazard_that_the_history_says_was_added() {
        let fixture = numbered(&["H01", "H02"], &["Hazard 12 added following guidance"]);
        assert_eq!(
            fixture.messages("A7"),
            [
                "The log's history (version 0.1) says \"Hazard 12 added following guidance\"; the log does not have hazard 12, and no closure record says what became of it."
            ]
        );
        assert!(fixture.imported().iter().any(|finding| finding.check == "A7"));
        for summary in
            ["Hazard 2 added", "Review of Hazards  8,9 & 11", "Reviewed 12 hazards, controls added"]
        {
            assert_eq!(
                numbered(&["H01", "H02"], &[summary]).messages("A7"),
                Vec::<String>::new(),
                "{summary}"
            );
        }
    }

    #[test]
    fn a7_a_withdrawal_in_the_history_says_neither_who_nor_why() {
        let summary = "H11 and H12 added; H04 withdrawn";
        let mut fixture = numbered(
            &["H01", "H02", "H03", "H05", "H06", "H07", "H08", "H09", "H10", "H11", "H12"],
            &[summary],
        );
        assert_eq!(
            fixture.messages("A7"),
            [
                "The log does not have H04. Its history (version 0.1) says \"H11 and H12 added; H04 withdrawn\"; no closure record says who decided so and why."
            ]
        );
        fixture.case.hazard_log.retired = vec![retired("H04")];
        assert_eq!(fixture.messages("A7"), Vec::<String>::new());
    }

    #[test]
    fn a22_is_what_intake_noticed() {
        fires_on_observation("A22", Kind::ShiftedContent);
    }
}
