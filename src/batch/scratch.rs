//! Where a batch writes files before they get their names, so that nothing is left of one that was killed.
//!
//! Each run has a folder of its own below `.cscr/scratch` and a lock on it, which the system takes away with the
//! process, however that ends. Whoever begins clears the folders that nobody holds; of another run, on the same or on
//! another machine, it takes nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How the folder of a run is called, and its lock.
const RUN: &str = "run-";
const LOCK: &str = "lock";

/// The folder of a run.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    _held: File,
}

impl Scratch {
    /// A folder for a run whose reports go to `out`.
    pub fn open(out: &Path) -> io::Result<Self> {
        let hidden = out.join(".cscr");
        let all = hidden.join("scratch");
        // What is cleared is what a batch made here, and nothing that a link leads to.
        refuse_link(&hidden)?;
        refuse_link(&all)?;
        fs::create_dir_all(&all)?;
        let ignore = hidden.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, b"*\n")?;
        }
        // Two that begin at once would take each other's folder before it is held.
        let turn = lock(&hidden.join("scratch.lock"))?;
        hold(&turn)?;
        clear(&all);
        let folder = tempfile::Builder::new().prefix(RUN).tempdir_in(&all)?.keep();
        let held = lock(&beside(&folder))?;
        hold(&held)?;
        Ok(Self { folder, _held: held })
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes the folder away; what cannot be taken away now is cleared by the next run.
    pub fn clear(&self) {
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(beside(&self.folder));
    }
}

/// The lock of a folder is beside it, so that the folder can be taken away where open files cannot.
fn beside(folder: &Path) -> PathBuf {
    folder.with_extension(LOCK)
}

fn refuse_link(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_symlink() => {
            Err(io::Error::other(format!("{} is a link, and not a folder", folder.display())))
        }
        _ => Ok(()),
    }
}

fn lock(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(path)
}

/// Waits until the lock is this process's. On a disk that knows no locks nobody has any, and nothing is cleared.
fn hold(file: &File) -> io::Result<()> {
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// Takes away the folders of runs that nobody holds, and what is left of their locks.
fn clear(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let name = entry.file_name().to_string_lossy().into_owned();
        let (of_run, ending) = name.split_once('.').unwrap_or((&name, ""));
        let is_own = kind.is_dir() && ending.is_empty() || kind.is_file() && ending == LOCK;
        if !of_run.starts_with(RUN) || !is_own {
            continue;
        }
        let folder = all.join(of_run);
        if let Ok(file) = lock(&beside(&folder))
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_dir_all(&folder);
            let _ = fs::remove_file(beside(&folder));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whole_file::Desk;

    fn left(out: &Path) -> usize {
        fs::read_dir(out.join(".cscr/scratch")).unwrap().count()
    }

    #[test]
    fn what_no_run_made_is_left_alone() {
        let out = tempfile::tempdir().unwrap();
        let all = out.path().join(".cscr/scratch");
        for name in ["mine", "mine.d", "run-a.d"] {
            fs::create_dir_all(all.join(name)).unwrap();
        }
        fs::write(all.join("mine.lock"), b"").unwrap();
        Scratch::open(out.path()).unwrap().clear();
        assert_eq!(left(out.path()), 4);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_refused_and_what_it_leads_to_stays() {
        for link in [".cscr", ".cscr/scratch"] {
            let (out, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            fs::create_dir_all(home.path().join("scratch/run-photos")).unwrap();
            fs::create_dir_all(home.path().join("run-photos")).unwrap();
            fs::create_dir_all(out.path().join(link).parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(home.path(), out.path().join(link)).unwrap();
            let error = Scratch::open(out.path()).unwrap_err().to_string();
            assert!(error.contains(link) && error.contains("is a link"), "{error}");
            assert!(
                home.path().join("run-photos").exists() && home.path().join("scratch/run-photos").exists()
            );
        }
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_and_what_another_holds_is_not() {
        let out = tempfile::tempdir().unwrap();
        let killed = out.path().join(".cscr/scratch/run-killed");
        fs::create_dir_all(&killed).unwrap();
        fs::write(killed.join(".cscr-half"), b"%PD").unwrap();
        let one = Scratch::open(out.path()).unwrap();
        assert!(!killed.exists());
        let other = Scratch::open(out.path()).unwrap();
        Desk::in_folder(one.folder().to_owned()).write(&out.path().join("a/b.pdf"), b"%PDF").unwrap();
        assert_eq!(fs::read(out.path().join("a/b.pdf")).unwrap(), b"%PDF");
        assert_eq!(left(out.path()), 4, "two folders and their locks");
        one.clear();
        other.clear();
        assert_eq!(left(out.path()), 0);
    }
}
