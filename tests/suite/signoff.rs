//! The life of a report, by the commands: issued, approved, released; changed, and its approvals out of date.

mod approve;
mod issue;
mod printed;

use crate::commands::{Ran, cscr, sample, text};
use crate::documents::copy;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// The day that the sample is judged by.
const DAY: &str = "2026-09-14";

/// A copy of a sample that a test may sign, change and spoil.
pub struct CaseCopy {
    _folder: TempDir,
    root: PathBuf,
}

impl CaseCopy {
    pub fn of(name: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join(name);
        copy(&sample(name), &root);
        Self { _folder: folder, root }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.root.clone(), |whole, part| whole.join(part))
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces a part of a file that has to be there.
    #[track_caller]
    pub fn replace(&self, path: &str, old: &str, new: &str) {
        let before = self.read(path);
        assert!(before.contains(old), "{path} has no {old:?}");
        fs::write(self.path(path), before.replacen(old, new, 1)).unwrap();
    }

    /// Runs a command on the copy.
    pub fn run(&self, command: &str, arguments: &[&str]) -> Ran {
        let whole: Vec<&str> =
            [command, text(&self.root)].into_iter().chain(arguments.iter().copied()).collect();
        cscr(&whole)
    }

    fn approve(&self, document: &str, person: &str, more: &[&str]) -> Ran {
        let given = ["--document", document, "--person", person, "--date", DAY, "--yes"];
        self.run("approve", &[&given, more].concat())
    }

    /// Every approval that the sample needs for its release.
    pub fn approved(self) -> Self {
        self.approve("hazard-log", "ashdown", &[]).ended(0);
        self.approve("cscr", "ashdown", &[]).ended(0);
        self.approve("cscr", "holt", &[]).ended(0);
        self
    }
}
