//! The run: as many threads as asked for, each of which has one report at a time built.

use super::{Ended, Job, Row};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// How a batch is run.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    pub threads: usize,
    /// Begin no other once one is blocked or failed.
    pub fail_fast: bool,
}

/// Builds every job by `build`, and tells each row when it is there. The rows are in the order of the jobs.
pub fn run(
    jobs: &[Job],
    running: Running,
    build: impl Fn(&Job) -> Ended + Sync,
    tell: impl Fn(&Row) + Sync,
) -> Vec<Row> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        let mut rows = Vec::new();
        while !is_over.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { break };
            let row = one(job, &build);
            if running.fail_fast && !row.status.is_good() {
                is_over.store(true, Ordering::Relaxed);
            }
            tell(&row);
            rows.push((index, row));
        }
        rows
    };
    let threads = running.threads.clamp(1, jobs.len().max(1));
    let done: Vec<(usize, Row)> = thread::scope(|scope| {
        let worker = || thread::Builder::new().spawn_scoped(scope, work).ok();
        let workers: Vec<_> = (0..threads).filter_map(|_| worker()).collect();
        // Where the system gives no thread, this one does the work.
        let here = if workers.is_empty() { work() } else { Vec::new() };
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().chain(here).collect()
    });
    let mut rows: Vec<Option<Row>> = vec![None; jobs.len()];
    for (index, row) in done {
        rows[index] = Some(row);
    }
    let not_begun = |job: &Job| Row::of(job, None, 0);
    rows.into_iter().zip(jobs).map(|(row, job)| row.unwrap_or_else(|| not_begun(job))).collect()
}

fn one(job: &Job, build: &impl Fn(&Job) -> Ended) -> Row {
    let started = Instant::now();
    let ended = match &job.stem {
        Err(why) => Ended::Failed { why: why.clone() },
        Ok(_) => catch_unwind(AssertUnwindSafe(|| build(job)))
            .unwrap_or_else(|panic| Ended::stumbled(words_of(panic.as_ref()))),
    };
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Row::of(job, Some(ended), milliseconds)
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it did not say why")
}

#[cfg(test)]
mod tests;
