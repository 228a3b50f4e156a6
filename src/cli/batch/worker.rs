//! The processes that build the reports of a batch, one each.
//!
//! A report takes gigabytes where it is large, and Typst keeps much of what it needed; with its process all of it goes
//! back to the system, so that the memory of a batch depends on how many reports are built at once and not on how many
//! there are. And a case that the engine does not survive takes no other with it. `BENCHMARKS.md` has the figures.
//!
//! A process gets its [`Task`] on its standard input, which stays open for as long as the report is wanted, and says on
//! its standard output how that [`Ended`]. Where the batch ends, however that comes, the input ends, and with it the
//! process.

use super::super::build::{Built, Order};
use super::super::{Failure, Outcome as Finished, terminal};
use crate::batch::{Ended, Outcome};
use crate::build::{Place, Request};
use crate::parallel::alone;
use crate::whole_file::Desk;
use clap::Args;
use serde::{Deserialize, Serialize};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::io::{self, BufRead as _, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Layout goes deep into itself; memory that is never touched costs nothing.
const STACK: usize = 16 << 20;

/// A report that is to be built.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) request: Request,
    /// The folder of the batch.
    pub(super) out: PathBuf,
    /// The report, without its ending.
    pub(super) stem: PathBuf,
    /// Where files are written before they get their names.
    pub(super) desk: PathBuf,
    /// How many threads may work on it.
    pub(super) threads: usize,
}

/// Builds a report for `cscr batch`, which runs it for each.
#[derive(Debug, Args)]
pub(in crate::cli) struct Worker {}

impl Worker {
    #[allow(clippy::unused_self, reason = "commands are run by the value of their arguments")]
    pub(in crate::cli) fn run(&self) -> Result<Finished, Failure> {
        // Ctrl-C goes to all processes of a terminal; the one of the batch decides what it means.
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)))
                .map_err(|error| no_task(&error))?;
        }
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(|error| no_task(&error))?;
        let task: Task = serde_json::from_str(&line).map_err(|error| no_task(&error))?;
        thread::spawn(|| {
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            std::process::exit(1);
        });
        let ended = on_its_threads(task.threads, || task.ended()).map_err(|error| no_task(&error))?;
        terminal::print(&serde_json::to_string(&ended).map_err(|error| no_task(&error))?)?;
        Ok(Finished::Done)
    }
}

fn no_task(error: &dyn std::fmt::Display) -> Failure {
    Failure::Output {
        what: format!(
            "There is no report to build: {error}\n  do: use `cscr batch`, which runs this command itself"
        ),
    }
}

/// Typst uses rayon, and the whole pool of it unless it is given another. Where each report has one core, it works alone.
fn on_its_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> io::Result<R> {
    let body = move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        match threads {
            0 | 1 => Ok(pool.use_current_thread().build().map_err(io::Error::other)?.install(|| alone(work))),
            _ => Ok(pool.stack_size(STACK).build().map_err(io::Error::other)?.install(work)),
        }
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, body)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

impl Task {
    fn ended(self) -> Ended {
        let order = Order { request: self.request, place: Place::Named(self.stem) };
        let (inputs, made) = order.make();
        match made.and_then(|made| order.put(&inputs, made, &Desk::in_folder(self.desk))) {
            Ok(Built::Written(report)) => {
                let output = below(&self.out, &report.path);
                let (pages, figures) = (report.said.pages, report.said.figures);
                Ended::Built(Outcome { output, pages, bytes: report.bytes, figures })
            }
            Ok(Built::Refused(refused)) => {
                Ended::Blocked { why: refused.reasons.join("\n"), figures: refused.figures }
            }
            Err(failure) => Ended::Failed { why: terminal::message(&failure) },
        }
    }
}

pub(super) fn below(out: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(out).unwrap_or(path).to_owned()
}

/// The processes that are at work.
#[derive(Debug, Default)]
pub(super) struct Workers(Mutex<Vec<Arc<Worked>>>);

/// A process at work, and what it watches.
#[derive(Debug)]
struct Worked {
    child: Mutex<Child>,
    _wanted: ChildStdin,
}

impl Workers {
    /// Has a process do this, and waits for it.
    pub(super) fn build(&self, task: &Task) -> Ended {
        let case = &task.request.case;
        if case.to_str().is_none() {
            let why = format!(
                "The name of {} is no text in UTF-8, so nothing could name it\n  do: rename the folder",
                case.display()
            );
            return Ended::Failed { why };
        }
        match self.ended(task) {
            Ok(Ran { says, words, .. }) if !says.is_empty() => serde_json::from_str(&says)
                .unwrap_or_else(|error| Ended::stumbled(&format!("{error}; {}", last_line(&words)))),
            Ok(Ran { status, words, .. }) => match (status.code(), last_line(&words)) {
                // A process that ends by itself says so with a code, or says why.
                (None, "") => Ended::killed(&status.to_string()),
                (_, "") => Ended::stumbled(&format!("its process ended with {status}")),
                (_, words) => Ended::stumbled(words),
            },
            Err(error) => Ended::Failed {
                why: format!(
                    "No process could be begun that builds the report: {error}\n  do: run the batch again, with fewer --jobs if memory is short"
                ),
            },
        }
    }

    fn ended(&self, task: &Task) -> io::Result<Ran> {
        let order = serde_json::to_string(task)?;
        let mut child = Command::new(std::env::current_exe()?)
            .arg(super::super::WORKER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (Some(mut wanted), Some(mut says), Some(mut words)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("it has no standard input and output"));
        };
        // What is wrong with a process that reads nothing is in its words.
        let _ = wanted.write_all(format!("{order}\n").as_bytes());
        let worked = Arc::new(Worked { child: Mutex::new(child), _wanted: wanted });
        self.at_work().push(Arc::clone(&worked));
        let (words, says) = crate::parallel::side_by_side(|| text(&mut words), || text(&mut says));
        let status = locked(&worked.child).wait();
        self.at_work().retain(|other| !Arc::ptr_eq(other, &worked));
        Ok(Ran { says, words, status: status? })
    }

    /// Ends them all, and waits until they have ended.
    pub(super) fn end(&self) {
        for worked in self.at_work().iter() {
            let mut child = locked(&worked.child);
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn at_work(&self) -> MutexGuard<'_, Vec<Arc<Worked>>> {
        locked(&self.0)
    }
}

/// What a process left.
struct Ran {
    says: String,
    words: String,
    status: ExitStatus,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that comes, as far as it comes.
fn text(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn last_line(words: &str) -> &str {
    words.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with("note:")).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_has_one_core_is_worked_on_by_one_thread() {
        on_its_threads(1, || {
            let here = thread::current().id();
            let with_rayon = rayon::join(|| thread::current().id(), || thread::current().id());
            let by_itself =
                crate::parallel::side_by_side(|| thread::current().id(), || thread::current().id());
            assert_eq!((with_rayon, by_itself), ((here, here), (here, here)));
            assert_eq!(rayon::current_num_threads(), 1);
        })
        .unwrap();
        assert_eq!(on_its_threads(3, rayon::current_num_threads).unwrap(), 3);
    }

    #[test]
    fn the_last_words_are_those_that_say_something() {
        let panic = "thread 'main' panicked at src/a.rs:1:1:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1`\n\n";
        assert_eq!(last_line(panic), "index out of bounds");
        assert_eq!(last_line(""), "");
    }
}
