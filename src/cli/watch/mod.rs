//! `cscr watch`: the report is built again whenever an input is saved.
//!
//! The trace of the last build names every file that a build reads or looks for, so those are what is waited for: a
//! hazard log that Excel puts in the place of the old one, a page that is new in a folder, a `waivers.toml` that was
//! not there. Word of a change only wakes: whether an input really is otherwise, its content says, so a lock file or a
//! save without an edit builds nothing. What Typst remembers of the last builds makes the next one quick.
//!
//! A report after an edit goes on from where everything stood, which is sooner done and nearly always the same
//! (`report::LastLayout`). When nothing has been saved for a while, the report is built from nothing as well, and only
//! then has a record that it may be relied on.
//!
//! While an input is broken the last good report stays; the error is told once.

mod events;
mod news;

use super::build::{BuildOptions, Built, Made, Order, last_report_in_words};
use super::interrupt::{self, Writing};
use super::{Failure, Outcome, terminal};
use crate::assurance::finding::Finding;
use crate::report::LastLayout;
use crate::trace::{Difference, Inputs};
use crate::whole_file::Desk;
use clap::Args;
use events::{Events, FileEvents, Heard};
use news::News;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub(super) struct Watch {
    #[command(flatten)]
    options: BuildOptions,
    /// Look at the files every second instead of being told by the system, as on network drives
    #[arg(long)]
    poll: bool,
}

impl Watch {
    pub(super) fn run(&self, quiet: bool) -> Result<Outcome, Failure> {
        let case = self.options.case();
        if !case.is_dir() {
            // What is no folder at all is a slip of the call, and not a state that passes.
            return self.options.order().make().1.map(|_| Outcome::Done);
        }
        let writing = interrupt::ends_the_process(|| terminal::say("No longer watching."))?;
        let (mut events, why) = FileEvents::new(self.poll);
        if !quiet {
            terminal::say(&format!("Watching {}. Ctrl-C ends it.", case.display()));
            if let Some(why) = why {
                terminal::say(&why);
            }
        }
        let workshop = Workshop {
            order: self.options.order(),
            writing,
            last: RefCell::default(),
            put: RefCell::default(),
        };
        watch(&workshop, &mut events, &mut |news| news::tell(news, case, quiet))?;
        Ok(Outcome::Done)
    }
}

/// What builds: the command, or a test in its place.
trait Builds {
    /// Builds soon.
    fn build(&self) -> (Inputs, Result<Built, Failure>);
    /// Lets go of what the last builds did not use, which nobody has to wait for.
    fn forget(&self);
    /// Builds from nothing what was built soon.
    fn settle(&self) -> Result<Built, Failure>;
    /// What to say of the report that stays.
    fn last_report(&self) -> Option<String>;
}

struct Workshop {
    order: Order,
    writing: Writing,
    last: RefCell<LastLayout>,
    /// What was put in its place last, and what it is of.
    put: RefCell<Option<(PathBuf, String)>>,
}

impl Workshop {
    fn put(&self, inputs: &Inputs, made: Result<Made, Failure>) -> Result<Built, Failure> {
        let made = made?;
        // Whoever ends the command waits for this, so that nothing half-written is left.
        let writing = self.writing.begin();
        let built = self.order.put(inputs, made, &Desk::default())?;
        drop(writing);
        if let Built::Written(report) = &built {
            *self.put.borrow_mut() = Some((report.path.clone(), report.said.subject.clone()));
        }
        Ok(built)
    }
}

impl Builds for Workshop {
    fn build(&self) -> (Inputs, Result<Built, Failure>) {
        let (inputs, made) = self.order.make_after(&mut self.last.borrow_mut());
        let built = self.put(&inputs, made);
        (inputs, built)
    }

    fn forget(&self) {
        crate::build::forget();
    }

    fn settle(&self) -> Result<Built, Failure> {
        let (inputs, made) = self.order.make();
        self.put(&inputs, made)
    }

    fn last_report(&self) -> Option<String> {
        // One that goes on from the last layout has no record yet.
        let put = self.put.borrow();
        let put = put.as_ref().filter(|(path, _)| path.is_file());
        let words = |(path, subject): &(PathBuf, String)| last_report_in_words(path, "", subject);
        put.map(words).or_else(|| self.order.last_report())
    }
}

/// What the last build that came to something found, and the last thing that was said of one that did not.
#[derive(Default)]
struct Before {
    findings: Option<Vec<Finding>>,
    trouble: Option<String>,
}

/// Builds, and again after each change, until there is no more to be heard of changes.
fn watch(
    builds: &impl Builds,
    events: &mut impl Events,
    tell: &mut impl FnMut(&News) -> Result<(), Failure>,
) -> Result<(), Failure> {
    /// Who saves once often saves once more.
    const REST: Duration = Duration::from_secs(1);
    let mut before = Before::default();
    loop {
        let started = Instant::now();
        let (inputs, built) = builds.build();
        let mut is_open = matches!(&built, Ok(Built::Written(report)) if report.resumed);
        told(builds, &mut before, built, started.elapsed(), tell)?;
        builds.forget();
        if let Some(why) = events.attend(&inputs) {
            tell(&News::Notice(&why))?;
        }
        // An input may have changed while the report was built, so that is looked at before anything is waited for.
        loop {
            let changed = changed(&inputs, events);
            if !changed.is_empty() {
                tell(&News::Changed(&changed))?;
                break;
            }
            match events.wait(is_open.then_some(REST)) {
                Heard::Word => {}
                Heard::Nothing => {
                    is_open = false;
                    let started = Instant::now();
                    match builds.settle() {
                        // As it should be.
                        Ok(Built::Written(report)) if !report.is_new => {}
                        built => told(builds, &mut before, built, started.elapsed(), tell)?,
                    }
                    builds.forget();
                }
                Heard::End => return Ok(()),
            }
        }
    }
}

fn told(
    builds: &impl Builds,
    before: &mut Before,
    built: Result<Built, Failure>,
    time: Duration,
    tell: &mut impl FnMut(&News) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let trouble = match built {
        Ok(Built::Written(report)) => {
            tell(&News::Built { report: &report, before: before.findings.as_deref(), time })?;
            *before = Before { findings: Some(report.findings), trouble: None };
            return Ok(());
        }
        Ok(Built::Refused(refused)) => refused.words.join("\n"),
        Err(failure) => terminal::failure_in_words(&failure),
    };
    if before.trouble.as_ref() != Some(&trouble) {
        tell(&News::Trouble { words: &trouble, last: builds.last_report() })?;
    }
    before.trouble = Some(trouble);
    Ok(())
}

/// The inputs that are otherwise than they were. Programs save by putting a new file in the place of the old one, and
/// some take the old one away first: what has vanished gets a while to come back.
fn changed(inputs: &Inputs, events: &mut impl Events) -> Vec<(PathBuf, Difference)> {
    const LOOKS: usize = 8;
    for _ in 0..LOOKS {
        let differences = inputs.differences();
        let has_vanished = differences.iter().any(|(_, how)| *how == Difference::Vanished);
        if !has_vanished {
            return owned(differences);
        }
        events.pause();
    }
    owned(inputs.differences())
}

fn owned(differences: Vec<(&Path, Difference)>) -> Vec<(PathBuf, Difference)> {
    differences.into_iter().map(|(path, how)| (path.to_owned(), how)).collect()
}

#[cfg(test)]
mod tests;
