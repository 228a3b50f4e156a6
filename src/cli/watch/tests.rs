//! The loop, driven by a script instead of a disk's events: nothing here sleeps.

use super::*;
use crate::assurance::finding::Level;
use crate::case::Place;
use crate::cli::build::Written;
use crate::trace::Trace;
use std::cell::{Cell, RefCell};
use std::fs;

/// A folder with one input, which says what is found: a finding a line, and `broken` is an error. With `moved` in it, a
/// build from nothing comes out otherwise than one that goes on from the last.
struct Case {
    folder: tempfile::TempDir,
    builds: Cell<usize>,
    settled: Cell<usize>,
}

impl Case {
    fn new(text: &str) -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), builds: Cell::new(0), settled: Cell::new(0) };
        case.write("log.toml", text);
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn written(&self, text: &str) -> Written {
        Written::for_tests(self.path("report.pdf"), text.lines().map(finding).collect())
    }
}

impl Builds for Case {
    fn build(&self) -> (Inputs, Result<Built, Failure>) {
        self.builds.set(self.builds.get() + 1);
        let trace = Trace::kept();
        let read = fs::read(self.path("log.toml"));
        trace.read(&self.path("log.toml"), &read);
        trace.presence(&self.path("waivers.toml"), self.path("waivers.toml").exists());
        let text = String::from_utf8(read.unwrap_or_default()).unwrap();
        let built = if text == "broken" {
            Err(Failure::Output { what: "log.toml is broken".to_owned() })
        } else {
            // The first build has nothing to go on from.
            let resumed = self.builds.get() > 1;
            let mut written = self.written(&text);
            written.resumed = resumed;
            Ok(Built::Written(written))
        };
        (trace.inputs(), built)
    }

    fn forget(&self) {}

    fn settle(&self) -> Result<Built, Failure> {
        self.settled.set(self.settled.get() + 1);
        let text = fs::read_to_string(self.path("log.toml")).unwrap_or_default();
        let mut written = self.written(&text);
        written.is_new = text.contains("moved");
        Ok(Built::Written(written))
    }

    fn last_report(&self) -> Option<String> {
        Some("The last report stays as it is.".to_owned())
    }
}

fn finding(message: &str) -> Finding {
    Finding {
        check: "B4",
        level: Level::Blocking,
        clause: None,
        title: "Title",
        hazard: None,
        hazards: Vec::new(),
        about: None,
        message: message.to_owned(),
        remedy: String::new(),
        how: None,
        source: Some(Place::line("log.toml", 1)),
        quote: None,
        waived: None,
    }
}

/// What happens, one step each time that the loop waits; while a program saves, in the pauses.
struct Script<'a> {
    steps: Vec<Box<dyn FnOnce() + 'a>>,
    in_pauses: Vec<Box<dyn FnOnce() + 'a>>,
}

impl Events for Script<'_> {
    fn attend(&mut self, _: &Inputs) -> Option<String> {
        None
    }

    fn wait(&mut self, longest: Option<Duration>) -> Heard {
        if longest.is_some() {
            return Heard::Nothing;
        }
        if self.steps.is_empty() {
            return Heard::End;
        }
        self.steps.remove(0)();
        Heard::Word
    }

    fn pause(&mut self) {
        if !self.in_pauses.is_empty() {
            self.in_pauses.remove(0)();
        }
    }
}

/// What is told while the steps are taken, without times.
fn told(case: &Case, steps: Vec<Box<dyn FnOnce() + '_>>, in_pauses: Vec<Box<dyn FnOnce() + '_>>) -> String {
    let heard = RefCell::new(String::new());
    let mut tell = |news: &News| {
        for line in news::in_words(news, case.folder.path()) {
            let line = anstream::adapter::strip_str(&line).to_string();
            let line = line.rsplit_once(", in ").map_or(line.as_str(), |(line, _)| line);
            heard.borrow_mut().extend([line, "\n"]);
        }
        Ok(())
    };
    assert!(watch(case, &mut Script { steps, in_pauses }, &mut tell).is_ok());
    heard.into_inner()
}

#[test]
fn findings_that_appear_and_go_are_told_a_line_each() {
    let case = Case::new("H01 has no owner.\nH02 has no owner.");
    let heard = told(
        &case,
        vec![Box::new(|| case.write("log.toml", "H02 has no owner.\nH03 has no cause."))],
        vec![],
    );
    assert_eq!(
        heard,
        "\
DRAFT: 2 blocking, 0 warnings, 0 information; 3 pages, 2 KiB
log.toml changed
+ blocking[B4] H03 has no cause. (log.toml, line 1)
- blocking[B4] H01 has no owner. (log.toml, line 1)
DRAFT: 2 blocking, 0 warnings, 0 information; 3 pages, 2 KiB
"
    );
}

#[test]
fn a_broken_state_is_told_once_and_what_was_found_before_it_is_remembered() {
    let case = Case::new("H01 has no owner.");
    let heard = told(
        &case,
        vec![
            Box::new(|| case.write("log.toml", "broken")),
            // Saved again and still broken in the same way.
            Box::new(|| case.write("waivers.toml", "")),
            Box::new(|| case.write("log.toml", "H02 has no owner.")),
        ],
        vec![],
    );
    assert_eq!(
        heard,
        "\
DRAFT: 1 blocking, 0 warnings, 0 information; 3 pages, 2 KiB
log.toml changed
error: log.toml is broken
The last report stays as it is.
waivers.toml appeared
log.toml changed
+ blocking[B4] H02 has no owner. (log.toml, line 1)
- blocking[B4] H01 has no owner. (log.toml, line 1)
DRAFT: 1 blocking, 0 warnings, 0 information; 3 pages, 2 KiB
"
    );
    assert_eq!(case.builds.get(), 4);
}

#[test]
fn what_was_built_soon_is_built_from_nothing_when_nothing_more_is_saved() {
    let case = Case::new("H01 has no owner.");
    let heard = told(
        &case,
        vec![
            Box::new(|| {
                assert_eq!(case.settled.get(), 0, "the first build was from nothing");
                case.write("log.toml", "H02 has no owner.");
            }),
            Box::new(|| {
                assert_eq!(case.settled.get(), 1);
                case.write("log.toml", "H02 has moved.");
            }),
        ],
        vec![],
    );
    assert_eq!((case.builds.get(), case.settled.get()), (3, 2));
    // Told again only where it came out otherwise.
    assert_eq!(heard.matches("DRAFT: 1 blocking").count(), 4, "{heard}");
}

#[test]
fn what_changes_nothing_builds_nothing() {
    let case = Case::new("H01 has no owner.");
    told(
        &case,
        vec![
            Box::new(|| {}),
            Box::new(|| case.write("log.toml", "H01 has no owner.")),
            Box::new(|| case.write("~$log.xlsx", "a lock")),
        ],
        vec![],
    );
    assert_eq!(case.builds.get(), 1);
}

#[test]
fn a_file_that_is_replaced_is_not_missed_while_it_is_away() {
    let case = Case::new("H01 has no owner.");
    let heard = told(
        &case,
        vec![Box::new(|| fs::rename(case.path("log.toml"), case.path("log.toml~")).unwrap())],
        vec![Box::new(|| {}), Box::new(|| case.write("log.toml", "H02 has no owner."))],
    );
    assert_eq!(case.builds.get(), 2);
    assert!(heard.contains("log.toml changed\n") && !heard.contains("gone"), "{heard}");
}

#[test]
fn a_file_that_stays_away_is_told() {
    let case = Case::new("H01 has no owner.");
    let heard = told(&case, vec![Box::new(|| fs::remove_file(case.path("log.toml")).unwrap())], vec![]);
    assert!(heard.contains("log.toml is gone\n"), "{heard}");
}

#[test]
fn what_changes_during_a_build_is_built_next() {
    let case = Case::new("H01 has no owner.");
    let once = Cell::new(true);
    let mut tell = |_: &News| {
        // The first build has been done, and nothing is waited for yet.
        if once.replace(false) {
            case.write("log.toml", "H02 has no owner.");
        }
        Ok(())
    };
    assert!(watch(&case, &mut Script { steps: vec![], in_pauses: vec![] }, &mut tell).is_ok());
    assert_eq!(case.builds.get(), 2);
}

#[test]
fn of_many_findings_the_others_are_counted() {
    let many: Vec<String> = (0..30).map(|number| format!("H{number:02} has no owner.")).collect();
    let case = Case::new("");
    let heard = told(&case, vec![Box::new(|| case.write("log.toml", &many.join("\n")))], vec![]);
    assert!(heard.contains("+ and 10 more; `cscr check` shows what there is\n"), "{heard}");
}
