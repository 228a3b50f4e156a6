//! How far a batch is: on a terminal one line that is written again and again, elsewhere a line a report.

use crate::batch::{Row, Status};
use crate::cli::terminal::{self, BOLD, plural};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The rate is that of the last reports: a batch begins with those that are unchanged as often as it ends with them.
const LOOKED_BACK: usize = 40;

pub(super) struct Progress {
    all: usize,
    manner: Manner,
    state: Mutex<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Quiet,
    /// A line a report.
    Lines,
    /// One line, written again.
    Terminal,
}

struct State {
    done: usize,
    bad: usize,
    /// When the last ones were done, the oldest first.
    times: VecDeque<Instant>,
}

impl Progress {
    pub(super) fn new(all: usize, quiet: bool) -> Self {
        let manner = match quiet {
            true => Manner::Quiet,
            false if io::stderr().is_terminal() => Manner::Terminal,
            false => Manner::Lines,
        };
        let state = State { done: 0, bad: 0, times: VecDeque::from([Instant::now()]) };
        Self { all, manner, state: Mutex::new(state) }
    }

    pub(super) fn tell(&self, row: &Row) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done += 1;
        state.bad += usize::from(!row.status.is_good());
        let now = Instant::now();
        state.times.push_back(now);
        if state.times.len() > LOOKED_BACK {
            state.times.pop_front();
        }
        let line = line(row);
        match self.manner {
            Manner::Quiet => {}
            Manner::Lines => terminal::say(&line),
            Manner::Terminal => {
                if !row.status.is_good() {
                    erase();
                    terminal::say(&line);
                }
                write_again(&bar(&state, self.all, now));
            }
        }
    }

    pub(super) fn end(&self) {
        if self.manner == Manner::Terminal {
            erase();
        }
    }

    /// What there is to say where somebody ends the batch.
    pub(super) fn interrupted(&self) {
        let done = self.state.lock().unwrap_or_else(PoisonError::into_inner).done;
        self.end();
        let reports = plural(self.all, "report");
        terminal::say(&format!(
            "Ended after {done} of {} {reports}. What is finished stays; the same command goes on with the rest.",
            self.all
        ));
    }
}

/// `built products/pathology (41 pages, 1.2 s)`.
fn line(row: &Row) -> String {
    let style = super::table::style(row.status);
    let case = terminal::visible(&row.case);
    let seconds = super::table::seconds(row.milliseconds);
    let status = format!("{style}{}{style:#}", row.status.word());
    match (row.status, row.pages, &row.why) {
        (Status::Built, Some(pages), _) => {
            format!("{status} {case} ({pages} {}, {seconds})", plural(pages, "page"))
        }
        (_, _, Some(why)) => {
            let first = why.lines().next().unwrap_or_default();
            format!("{status} {case}: {}", terminal::visible(first))
        }
        _ => format!("{status} {case}"),
    }
}

/// `37 of 100 reports, 2 not good; 2.4 a second, about 26 s left`.
fn bar(state: &State, all: usize, now: Instant) -> String {
    let bad = if state.bad == 0 { String::new() } else { format!(", {} blocked or failed", state.bad) };
    let mut line = format!("{BOLD}{} of {all}{BOLD:#} {}{bad}", state.done, plural(all, "report"));
    let since = state.times.front().map_or(Duration::ZERO, |first| now.duration_since(*first));
    let (done, left) = (state.times.len().saturating_sub(1), all.saturating_sub(state.done));
    if let Some(rate) = rate(done, since) {
        let _ = write!(line, "; {rate:.1} a second");
        if left > 0 {
            let left = in_words(Duration::from_secs_f64(count(left) / rate));
            let _ = write!(line, ", about {left} left");
        }
    }
    line
}

fn rate(done: usize, since: Duration) -> Option<f64> {
    (done > 0 && !since.is_zero()).then(|| count(done) / since.as_secs_f64())
}

#[allow(clippy::cast_precision_loss, reason = "reports are counted, and a rate is shown with one digit")]
fn count(number: usize) -> f64 {
    number as f64
}

/// `26 s`, `4 min`, `2 h 10 min`.
fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..90 => format!("{} s", seconds.max(1)),
        seconds @ 90..5_400 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Takes back what stands in the line, which is no colour and so not for `anstream` to take off.
fn erase() {
    let _ = write!(io::stderr(), "\r\u{1b}[K");
}

fn write_again(line: &str) {
    erase();
    let mut out = anstream::stderr();
    let _ = write!(out, "{line}");
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn the_rate_is_that_of_the_last_reports() {
        let now = Instant::now();
        let began = now.checked_sub(Duration::from_secs(10)).unwrap();
        let state =
            State { done: 40, bad: 2, times: VecDeque::from([began, began, began, began, began, now]) };
        assert_eq!(
            plain(&bar(&state, 100, now)),
            "40 of 100 reports, 2 blocked or failed; 0.5 a second, about 2 min left"
        );
        let state = State { done: 1, bad: 0, times: VecDeque::from([now, now]) };
        assert_eq!(plain(&bar(&state, 1, now)), "1 of 1 report");
    }

    #[test]
    fn times_are_told_as_people_tell_them() {
        let told = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!(
            [told(0), told(26), told(90), told(2_400), told(7_800)],
            ["1 s", "26 s", "2 min", "40 min", "2 h 10 min"]
        );
    }

    #[test]
    fn a_line_says_how_a_report_ended_and_lets_nobody_write_on_the_terminal() {
        let row = Row {
            case: "p/\u{1b}[2Ja".to_owned(),
            template: String::new(),
            status: Status::Failed,
            why: Some("The log is broken\n  at: log.xlsx".to_owned()),
            output: None,
            pages: None,
            bytes: None,
            figures: None,
            milliseconds: 12,
        };
        assert_eq!(plain(&line(&row)), "failed p/\u{241b}[2Ja: The log is broken");
        let built = Row { status: Status::Built, why: None, pages: Some(41), case: "a".to_owned(), ..row };
        assert_eq!(plain(&line(&built)), "built a (41 pages, 0.0 s)");
    }
}
