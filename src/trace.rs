//! What was read, and what it was: the inputs of a build, known by construction.
//!
//! Whoever reads files for a case (the case folder, templates, fonts) notes each look in a [`Trace`]: a file with its
//! digest, a folder with the names in it, and also what was looked for and is not there, because a `waivers.toml` that
//! appears changes a report as much as one that is edited. The [`Inputs`] of a trace can be looked at again later: where
//! every look would give the same, a build would too.
//!
//! Contents alone count. Times of files are never compared: a file can change within the granule of its time, and a
//! copy or a checkout gives new times to old bytes.

use crate::case::digest::sha256_hex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Notes what is read. Clones note in the same place; the default one notes nothing and costs nothing.
#[derive(Debug, Clone, Default)]
pub struct Trace(Option<Arc<Mutex<Inputs>>>);

/// What was read, by path as the reader named it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Inputs(BTreeMap<PathBuf, Seen>);

/// What a look at a path gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Seen {
    File {
        sha256: String,
        bytes: u64,
    },
    /// The names in a folder, in order; those of folders end with a slash.
    Folder(Vec<String>),
    /// It is there, and nobody has looked into it.
    Present,
    Absent,
    /// It is there and was not read: it is too large, locked, or a folder where a file should be.
    Unread {
        opens: bool,
        bytes: u64,
        modified_ns: u128,
    },
    /// It changed while it was read, so that nobody knows what was read.
    Torn,
}

/// Sizes and times of the inputs at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamps(Vec<Stamp>);

/// Size and time, and the names in a folder.
type Stamp = (Option<(u64, Option<SystemTime>)>, Option<Vec<Entry>>);

/// How an input is otherwise than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    Appeared,
    Vanished,
    Changed,
}

impl Trace {
    /// A trace that notes.
    #[must_use]
    pub fn kept() -> Self {
        Self(Some(Arc::default()))
    }

    /// What has been noted up to now.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let inputs =
            self.0.as_ref().map(|inputs| inputs.lock().unwrap_or_else(PoisonError::into_inner).clone());
        inputs.unwrap_or_default()
    }

    /// Notes how reading a file came out.
    pub(crate) fn read<E>(&self, path: &Path, outcome: &Result<Vec<u8>, E>) {
        self.note(path, || match outcome {
            Ok(bytes) => Seen::file(bytes),
            Err(_) => Seen::unread(path),
        });
    }

    /// Notes whether something is there.
    pub(crate) fn presence(&self, path: &Path, is_there: bool) {
        self.note(path, || if is_there { Seen::Present } else { Seen::Absent });
    }

    /// Notes what is in a folder.
    pub(crate) fn listing(&self, folder: &Path) {
        self.note(folder, || Seen::folder(folder));
    }

    fn note(&self, path: &Path, look: impl FnOnce() -> Seen) {
        let Some(inputs) = &self.0 else { return };
        let seen = look();
        let mut inputs = inputs.lock().unwrap_or_else(PoisonError::into_inner);
        let known = inputs.0.remove(path);
        inputs.0.insert(path.to_owned(), known.map_or(seen.clone(), |known| known.and(seen)));
    }
}

impl Inputs {
    /// Whether it is known of everything what it was. A build of other inputs cannot be told from this one otherwise.
    #[must_use]
    pub fn are_exact(&self) -> bool {
        !self.0.values().any(|seen| matches!(seen, Seen::Unread { .. } | Seen::Torn))
    }

    /// Whether everything is as it was.
    #[must_use]
    pub fn hold(&self) -> bool {
        self.0.iter().all(|(path, seen)| seen.difference(path).is_none())
    }

    /// What is otherwise than it was.
    #[must_use]
    pub fn differences(&self) -> Vec<(&Path, Difference)> {
        let look = |(path, seen): &(&PathBuf, &Seen)| seen.difference(path);
        self.0.iter().filter_map(|input| Some((input.0.as_path(), look(&input)?))).collect()
    }

    /// The paths that were looked at, those of absent files among them.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// What the file system says of the inputs without their contents, which is quick to ask for and proves nothing:
    /// where it is otherwise than it was, it is time for a closer look.
    #[must_use]
    pub fn stamps(&self) -> Stamps {
        let stamp = |(path, seen): (&PathBuf, &Seen)| {
            let listing = matches!(seen, Seen::Folder(_)).then(|| entries(path).ok()).flatten();
            let metadata = path.metadata().ok();
            let of_file = metadata.map(|metadata| (metadata.len(), metadata.modified().ok()));
            (of_file, listing)
        };
        Stamps(self.0.iter().map(stamp).collect())
    }

    /// The folders in which something has to happen before an input is otherwise: those of the inputs, and where one
    /// is not there, the nearest above it that is.
    #[must_use]
    pub fn folders(&self) -> BTreeSet<PathBuf> {
        let listed = self.0.iter().filter(|(_, seen)| matches!(seen, Seen::Folder(_)));
        let listed = listed.map(|(path, _)| path.as_path());
        let above = self.paths().filter_map(Path::parent);
        let there =
            above.chain(listed).filter_map(|folder| folder.ancestors().find(|folder| is_folder(folder)));
        let linked = self.paths().filter_map(folder_of_target);
        there.map(or_here).map(Path::to_owned).chain(linked).collect()
    }
}

/// Where the file lies that a link stands for: there it is saved, and nothing happens beside the link.
fn folder_of_target(path: &Path) -> Option<PathBuf> {
    let target = if path.is_symlink() { path.canonicalize().ok()? } else { return None };
    target.parent().map(Path::to_owned)
}

fn is_folder(path: &Path) -> bool {
    or_here(path).is_dir()
}

/// The parent of `case.toml` is no path at all.
fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

impl Seen {
    fn file(bytes: &[u8]) -> Self {
        Self::File { sha256: sha256_hex(bytes), bytes: bytes.len() as u64 }
    }

    fn folder(path: &Path) -> Self {
        let listing = |entry: Entry| if entry.is_folder { format!("{}/", entry.name) } else { entry.name };
        entries(path).map_or_else(
            |_| Self::unread(path),
            |entries| Self::Folder(entries.into_iter().map(listing).collect()),
        )
    }

    /// Something that could not be read, or is not there.
    fn unread(path: &Path) -> Self {
        let Ok(metadata) = path.metadata() else { return Self::Absent };
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self::Unread {
            opens: fs::File::open(path).is_ok(),
            bytes: metadata.len(),
            modified_ns: since.map_or(0, |since| since.as_nanos()),
        }
    }

    /// Two looks at one path, the later one last.
    fn and(self, later: Self) -> Self {
        match (self, later) {
            (one, other) if one == other => one,
            // What was read once tells more than that it is there, or that it is too large for another reader.
            (seen @ (Self::File { .. } | Self::Folder(_)), Self::Present | Self::Unread { .. })
            | (Self::Present | Self::Unread { .. }, seen @ (Self::File { .. } | Self::Folder(_)))
            | (seen @ Self::Unread { .. }, Self::Present)
            | (Self::Present, seen @ Self::Unread { .. }) => seen,
            _ => Self::Torn,
        }
    }

    /// How the path is otherwise now.
    fn difference(&self, path: &Path) -> Option<Difference> {
        let is_there = path.exists();
        let is_same = match self {
            Self::Absent => return is_there.then_some(Difference::Appeared),
            Self::Torn => false,
            _ if !is_there => return Some(Difference::Vanished),
            Self::Present => true,
            Self::Folder(_) => Self::folder(path) == *self,
            Self::Unread { .. } => Self::unread(path) == *self,
            Self::File { bytes, .. } => {
                let is_as_long = path.metadata().is_ok_and(|metadata| metadata.len() == *bytes);
                is_as_long && fs::read(path).is_ok_and(|bytes| Self::file(&bytes) == *self)
            }
        };
        (!is_same).then_some(Difference::Changed)
    }
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) is_folder: bool,
}

/// What is in a folder, in order. Hidden files are left out, and what other programs leave beside a file while it is
/// open or being saved.
pub(crate) fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_passing(&name) {
            entries.push(Entry { name, is_folder: entry.path().is_dir() });
        }
    }
    entries.sort();
    Ok(entries)
}

/// Hidden files (`.~lock.log.xlsx#` and `.x.swp` among them), the owner files of Microsoft Office, backups of editors,
/// and files that are still being written.
pub(crate) fn is_passing(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || matches!(extension.as_deref(), Some("tmp" | "swp" | "part" | "crdownload"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).unwrap();
        }

        fn read(&self, trace: &Trace, name: &str) {
            trace.read(&self.path(name), &fs::read(self.path(name)));
        }
    }

    fn names(inputs: &Inputs) -> Vec<(String, Difference)> {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        inputs.differences().into_iter().map(|(path, how)| (name(path), how)).collect()
    }

    #[test]
    fn contents_count_and_times_do_not() {
        let folder = Folder::new();
        folder.write("a.toml", "a = 1");
        let trace = Trace::kept();
        folder.read(&trace, "a.toml");
        let inputs = trace.inputs();
        assert!(inputs.hold() && inputs.are_exact());
        let before = folder.path("a.toml").metadata().unwrap().modified().unwrap();
        folder.write("a.toml", "a = 2");
        // The same length, and the time that it had: only the bytes are otherwise.
        fs::File::options().write(true).open(folder.path("a.toml")).unwrap().set_modified(before).unwrap();
        assert_eq!(names(&inputs), [("a.toml".to_owned(), Difference::Changed)]);
        folder.write("a.toml", "a = 1");
        assert!(inputs.hold());
    }

    #[test]
    fn what_was_looked_for_in_vain_is_an_input() {
        let folder = Folder::new();
        let trace = Trace::kept();
        trace.presence(&folder.path("waivers.toml"), false);
        folder.read(&trace, "absent.md");
        let inputs = trace.inputs();
        assert!(inputs.hold() && inputs.are_exact());
        folder.write("waivers.toml", "");
        assert_eq!(names(&inputs), [("waivers.toml".to_owned(), Difference::Appeared)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_watched_where_its_file_lies() {
        let (here, elsewhere) = (Folder::new(), Folder::new());
        elsewhere.write("log.xlsx", "");
        std::os::unix::fs::symlink(elsewhere.path("log.xlsx"), here.path("log.xlsx")).unwrap();
        let trace = Trace::kept();
        here.read(&trace, "log.xlsx");
        let folders = trace.inputs().folders();
        assert!(folders.contains(&elsewhere.0.path().canonicalize().unwrap()), "{folders:?}");
    }

    #[test]
    fn a_file_more_in_a_folder_is_a_change_and_a_lock_is_none() {
        let folder = Folder::new();
        folder.write("one.md", "");
        let trace = Trace::kept();
        trace.listing(folder.0.path());
        let inputs = trace.inputs();
        for passing in ["~$log.xlsx", ".~lock.log.xlsx#", ".one.md.swp", "one.md~", "lu4x.tmp", ".cscr"] {
            folder.write(passing, "");
        }
        assert!(inputs.hold(), "{:?}", inputs.differences());
        folder.write("two.md", "");
        assert_eq!(inputs.differences(), [(folder.0.path(), Difference::Changed)]);
    }

    #[test]
    fn what_changed_while_it_was_read_never_holds() {
        let folder = Folder::new();
        folder.write("a.toml", "1");
        let trace = Trace::kept();
        folder.read(&trace, "a.toml");
        trace.presence(&folder.path("a.toml"), true);
        assert!(trace.inputs().hold());
        folder.write("a.toml", "2");
        folder.read(&trace, "a.toml");
        assert!(!trace.inputs().hold() && !trace.inputs().are_exact());
    }

    #[test]
    fn what_cannot_be_read_is_the_same_until_it_is_touched() {
        let folder = Folder::new();
        fs::create_dir(folder.path("log.xlsx")).unwrap();
        let trace = Trace::kept();
        folder.read(&trace, "log.xlsx");
        assert!(trace.inputs().hold() && !trace.inputs().are_exact());
        fs::remove_dir(folder.path("log.xlsx")).unwrap();
        assert_eq!(names(&trace.inputs()), [("log.xlsx".to_owned(), Difference::Vanished)]);
        folder.write("log.xlsx", "now a file");
        assert_eq!(names(&trace.inputs()), [("log.xlsx".to_owned(), Difference::Changed)]);
    }

    #[test]
    fn a_trace_that_notes_nothing_has_no_inputs() {
        let folder = Folder::new();
        let trace = Trace::default();
        folder.read(&trace, "a.toml");
        assert_eq!(trace.inputs(), Inputs::default());
    }

    #[test]
    fn the_folders_of_absent_files_are_the_nearest_that_are_there() {
        let folder = Folder::new();
        let trace = Trace::kept();
        trace.presence(&folder.path("psa").join("2026").join("one.toml"), false);
        folder.read(&trace, "case.toml");
        assert_eq!(trace.inputs().folders(), BTreeSet::from([folder.0.path().to_owned()]));
        assert_eq!(or_here(Path::new("")), Path::new("."));
    }
}
