//! How the work grows: ten times the hazards may take ten times the time, and not a hundred times.
//!
//! Each part is measured by itself, because a square that is a tenth of the whole is lost in the whole until the log
//! is large. A small case ten times over is held against a large one once: that is the same work where it grows with
//! the case, so what else the machine does slows both alike. The shortest of several runs is compared, and both are
//! run again before the large case is called too slow.

use super::{Check, Examined, Outcome, Run, judge_case};
use crate::assurance::checks::{GROUPS, checks};
use crate::assurance::examined::Content;
use crate::assurance::testing::{Fixture, large_case, spoil};
use crate::assurance::text::Texts;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Hazards of the small case, and how many times as many the large one has.
const SMALL: usize = 100;
const TIMES: usize = 10;
/// Times the work of ten small cases that one of ten times the hazards may take: 10 where it grows with the square,
/// and a little more than 1 where it does not, because a large case fits no cache and a busy machine divides its time.
const MOST: u32 = 6;
/// What takes less than this in a large case, unoptimised, costs nobody anything; the noise of a busy machine is less.
const FREE: Duration = Duration::from_millis(20);

/// A case with what is worked out before the checks look at it.
struct Bench<'a> {
    examined: Examined<'a>,
}

impl<'a> Bench<'a> {
    fn of(fixture: &'a Fixture) -> Self {
        Self { examined: Examined::of(&fixture.subject(), Content::of(&fixture.case)) }
    }

    fn look(&self, check: &Check) -> Outcome {
        let log = self.examined.log();
        let mut outcome = Outcome::default();
        for run in check.runs {
            match run {
                Run::Log(look) => look(&log, &mut outcome),
                Run::Case(look) => look(&self.examined, &mut outcome),
                Run::Text(look) => self.examined.texts.iter().for_each(|text| look(&text, &mut outcome)),
                Run::Clauses(_) | Run::Waivers(_) => {}
            }
        }
        outcome
    }
}

fn time<T>(times: usize, work: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        drop(black_box(work()));
    }
    start.elapsed()
}

/// How long ten small cases and a large one took, where the large one took too long.
fn too_long<T>(small: impl Fn() -> T, large: impl Fn() -> T) -> Option<(Duration, Duration)> {
    const RUNS: usize = 12;
    let mut shortest = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        shortest = (shortest.0.min(time(TIMES, &small)), shortest.1.min(time(1, &large)));
        let is_long = shortest.1 > FREE && shortest.1 > shortest.0 * MOST;
        if !is_long {
            return None;
        }
    }
    Some(shortest)
}

#[test]
fn no_part_of_a_verdict_takes_the_square_of_the_hazards() {
    holds_of(|hazards| Fixture::with(|fixture| fixture.case = large_case(hazards)));
}

/// Most checks look no further than at what is in order; what is not has to be told as well.
#[test]
fn nor_of_the_hazards_of_a_log_in_which_every_one_is_faulty() {
    holds_of(|hazards| {
        Fixture::with(|fixture| {
            fixture.case = large_case(hazards);
            spoil(fixture);
        })
    });
}

fn holds_of(fixture: impl Fn(usize) -> Fixture) {
    let fixtures = [SMALL, SMALL * TIMES].map(fixture);
    let [small, large] = [0, 1].map(|at: usize| Bench::of(&fixtures[at]));
    let mut slow = Vec::new();
    for check in checks() {
        slow.extend(too_long(|| small.look(check), || large.look(check)).map(|times| (check.id, times)));
    }
    let examine = |bench: &Bench<'_>| {
        Examined::of(&bench.examined.subject, Content::of(bench.examined.subject.case)).cross_reference
    };
    slow.extend(too_long(|| examine(&small), || examine(&large)).map(|times| ("what is worked out", times)));
    let collect = |bench: &Bench<'_>| Texts::of_case(bench.examined.subject.case).iter().count();
    slow.extend(too_long(|| collect(&small), || collect(&large)).map(|times| ("the texts", times)));
    let judge = |bench: &Bench<'_>| judge_case(GROUPS, &bench.examined).findings.len();
    slow.extend(too_long(|| judge(&small), || judge(&large)).map(|times| ("all checks", times)));
    assert!(slow.is_empty(), "times of ten small cases and a large one: {slow:#?}");
}

#[test]
fn work_that_takes_the_square_is_seen() {
    let pairs = |hazards: u64| {
        move || (0..hazards).flat_map(|one| (0..hazards).map(move |other| one ^ other)).sum::<u64>()
    };
    // What else the machine does can slow the small case and so hide a square, but not again and again.
    assert!((0..5).any(|_| too_long(pairs(300), pairs(3_000)).is_some()));
    let each = |hazards: u64| move || (0..hazards).map(|one| one ^ 1).sum::<u64>();
    assert!(too_long(each(50_000), each(500_000)).is_none());
}
