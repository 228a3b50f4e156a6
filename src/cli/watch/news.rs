//! What `cscr watch` tells: a line for each finding that appeared or went, a line for the build, an error once.

use crate::assurance::finding::Finding;
use crate::build::Movement;
use crate::cli::build::{Written, size};
use crate::cli::terminal::{self, BOLD, DIM};
use crate::cli::{Failure, findings};
use crate::trace::Difference;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Of more findings than these the others are counted.
const MOST_SHOWN: usize = 20;

pub(super) enum News<'a> {
    /// How it is watched, where that is not as it was asked for.
    Notice(&'a str),
    Changed(&'a [(PathBuf, Difference)]),
    Built {
        report: &'a Written,
        /// Findings of the last build that gave a report.
        before: Option<&'a [Finding]>,
        time: Duration,
    },
    /// There is no new report; `last` says what stays.
    Trouble {
        words: &'a str,
        last: Option<String>,
    },
}

/// Tells it: the path of a report that was built to standard output, words to standard error.
pub(super) fn tell(news: &News, case: &Path, quiet: bool) -> Result<(), Failure> {
    match news {
        News::Trouble { words, last } => {
            terminal::say(words);
            if let Some(last) = last {
                terminal::say(last);
            }
        }
        _ if quiet => {}
        _ => terminal::say_all(&in_words(news, case)),
    }
    match news {
        News::Built { report, .. } => terminal::print(&format!("{}\n", report.path.display())),
        _ => Ok(()),
    }
}

pub(super) fn in_words(news: &News, case: &Path) -> Vec<String> {
    match news {
        News::Notice(words) => vec![(*words).to_owned()],
        News::Changed(inputs) => inputs.iter().map(|input| changed(input, case)).collect(),
        News::Built { report, before, time } => {
            let mut lines = before.map_or_else(Vec::new, |before| moved(before, &report.findings));
            lines.push(built(report, *time));
            lines
        }
        News::Trouble { words, last } => [(*words).to_owned()].into_iter().chain(last.clone()).collect(),
    }
}

/// `hazard-log.xlsx changed`.
fn changed((path, how): &(PathBuf, Difference), case: &Path) -> String {
    let name = path.strip_prefix(case).ok().filter(|name| !name.as_os_str().is_empty()).unwrap_or(path);
    let how = match how {
        Difference::Appeared => "appeared",
        Difference::Vanished => "is gone",
        Difference::Changed => "changed",
    };
    format!("{DIM}{} {how}{DIM:#}", name.display())
}

/// A line each: `+ blocking[B4] H01 says 2. (log.xlsx, sheet Hazard Log, cell I2)`.
fn moved(before: &[Finding], after: &[Finding]) -> Vec<String> {
    let Movement { appeared, went } = Movement::between(before, after);
    let signed = |sign: &'static str, findings: Vec<&Finding>| {
        let more = findings.len().saturating_sub(MOST_SHOWN);
        let mut lines: Vec<String> =
            findings.iter().take(MOST_SHOWN).map(|finding| line(sign, finding)).collect();
        if more > 0 {
            lines.push(format!("{BOLD}{sign}{BOLD:#} and {more} more; `cscr check` shows what there is"));
        }
        lines
    };
    let mut lines = signed("+", appeared);
    lines.extend(signed("-", went));
    lines
}

fn line(sign: &str, finding: &Finding) -> String {
    let place = finding.source.as_ref().map(|place| format!(" {DIM}({place}){DIM:#}")).unwrap_or_default();
    let waived = if finding.waived.is_some() { " Waived." } else { "" };
    let message = findings::cut(&finding.message, 400);
    format!("{BOLD}{sign}{BOLD:#} {} {message}{waived}{place}", terminal::label(finding))
}

/// `DRAFT: 2 blocking, 1 warning, 3 information; 41 pages, 512 KiB, in 231 ms`.
fn built(report: &Written, time: Duration) -> String {
    let status = if report.draft { "DRAFT" } else { "For release" };
    let (tally, size) = (terminal::tally(&report.findings), size(report.said.pages, report.bytes));
    format!("{BOLD}{status}{BOLD:#}: {tally}; {size}, in {} ms", time.as_millis())
}
