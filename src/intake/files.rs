//! The files of a case folder.
//!
//! A case folder is complete in itself: what `case.toml` names lies inside it, with `/` between the parts
//! of a path on every system, so that the same folder gives the same case wherever it is copied to.
//! Every look into it goes through [`CaseFolder`], which notes it where somebody wants to know the inputs of a case.

use super::InputError;
use super::workbook::Limits;
use crate::case::Place;
use crate::case::observation::{Observation, ObservationKind};
use crate::trace::{self, Trace};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Largest text file that is read.
pub const TEXT_LIMIT_MIB: u64 = 16;
/// Largest file of any other kind that is read.
pub const FILE_LIMIT_MIB: u64 = 64;

/// A case folder on disk.
#[derive(Debug, Clone)]
pub struct CaseFolder {
    root: PathBuf,
    trace: Trace,
}

impl CaseFolder {
    /// The folder at this path, which must exist and hold a `case.toml`.
    pub fn open(root: &Path) -> Result<Self, InputError> {
        Self::open_traced(root, Trace::default())
    }

    /// The same, with every look into it noted in a trace.
    pub fn open_traced(root: &Path, trace: Trace) -> Result<Self, InputError> {
        if !root.is_dir() {
            trace.presence(root, false);
            return Err(InputError::new(format!("\"{}\" is not a folder", root.display()))
                .hint("name an existing case folder, or make one with \"cscr init\""));
        }
        let folder = Self { root: root.to_owned(), trace };
        let manifest = folder.root.join("case.toml");
        folder.trace.presence(&manifest, manifest.exists());
        if manifest.is_file() {
            return Ok(folder);
        }
        Err(InputError::new(format!("The folder \"{}\" holds no case.toml", root.display()))
            .hint("name a case folder, or make one with \"cscr init\""))
    }

    /// Where a path of the case folder is on disk. The path may not leave the folder.
    pub fn locate(&self, path: &str) -> Result<PathBuf, InputError> {
        let stays_inside = !path.is_empty()
            && !path.contains(['\\', ':'])
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if stays_inside {
            return Ok(path.split('/').fold(self.root.clone(), |whole, part| whole.join(part)));
        }
        Err(InputError::new(format!("\"{path}\" is not a path inside the case folder")).hint(
            "copy the file into the case folder and write its path from there, with \"/\" between folders and without \"..\"",
        ))
    }

    /// Whether a file or folder of this path is there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.locate(path).is_ok_and(|path| {
            let is_there = path.exists();
            self.trace.presence(&path, is_there);
            is_there
        })
    }

    /// Whether a folder of this path is there.
    pub(crate) fn has_folder(&self, path: &str) -> bool {
        self.has(path) && self.locate(path).is_ok_and(|path| path.is_dir())
    }

    /// The bytes of a file.
    pub fn read_bytes(&self, path: &str) -> Result<Vec<u8>, InputError> {
        self.read(path, |place| read_limited(place, path, FILE_LIMIT_MIB))
    }

    /// The bytes of a spreadsheet, or of another file that its limits hold for.
    pub fn read_spreadsheet(&self, path: &str, limits: &Limits) -> Result<Vec<u8>, InputError> {
        self.read(path, |place| limits.read_file(place, path))
    }

    /// The text of a file, without a byte-order mark.
    pub fn read_text(&self, path: &str) -> Result<String, InputError> {
        to_text(path, self.read(path, |place| read_limited(place, path, TEXT_LIMIT_MIB))?)
    }

    fn read(
        &self,
        path: &str,
        read: impl FnOnce(&Path) -> Result<Vec<u8>, InputError>,
    ) -> Result<Vec<u8>, InputError> {
        let place = self.locate(path)?;
        let outcome = refuse_pipes(&place, path).and_then(|()| read(&place));
        self.trace.read(&place, &outcome);
        outcome
    }

    /// The bytes of a file that is sent on, which has to be the case's own.
    #[cfg(feature = "report")]
    pub(crate) fn read_to_send(&self, path: &str) -> Result<Vec<u8>, InputError> {
        self.refuse_foreign(path)?;
        self.read_bytes(path)
    }

    /// Fails where a file is one of another folder, which a link stands for.
    #[cfg(feature = "report")]
    fn refuse_foreign(&self, path: &str) -> Result<(), InputError> {
        let real = |path: &Path| path.canonicalize().ok();
        let (Some(root), Some(target)) = (real(&self.root), real(&self.locate(path)?)) else { return Ok(()) };
        if target.starts_with(&root) {
            return Ok(());
        }
        let target = target.display();
        Err(InputError::new(format!("\"{path}\" is a link that leads out of the case folder, to {target}"))
            .at(Place::file(path))
            .hint("copy the file into the case folder, if it is to be sent"))
    }

    /// The names of the files in a folder, in order. Hidden ones are left out, and what other programs leave while they
    /// have a file open.
    pub fn list(&self, path: &str) -> Result<Vec<String>, InputError> {
        Ok(self.entries(path)?.into_iter().map(|entry| entry.name).collect())
    }

    pub(crate) fn entries(&self, path: &str) -> Result<Vec<trace::Entry>, InputError> {
        let place = self.locate(path)?;
        self.trace.listing(&place);
        trace::entries(&place).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => missing(path, "folder"),
            io::ErrorKind::NotADirectory => InputError::new(format!("\"{path}\" is not a folder"))
                .at(Place::file(path))
                .hint("name the folder that holds the files"),
            _ => unreadable(path, &error),
        })
    }
}

/// Bytes as text, without a byte-order mark.
pub(crate) fn to_text(path: &str, bytes: Vec<u8>) -> Result<String, InputError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        InputError::new(format!("\"{path}\" is not UTF-8 text"))
            .at(Place::line(path, line))
            .hint("open the file in a text editor and save it with the encoding UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// What to note of a file that lies among others and is none of them; a read-me may lie anywhere.
pub(crate) fn unused_file(path: &str, what_it_is_not: &str) -> Option<Observation> {
    let name = path.rsplit('/').next().unwrap_or(path);
    (!name.to_lowercase().starts_with("readme")).then(|| Observation {
        kind: ObservationKind::Unused,
        hazard: None,
        place: Some(Place::file(path)),
        message: format!("\"{path}\" is not {what_it_is_not} and is not used."),
    })
}

/// Reads a file that is named to the user as `name`, unless it is larger than the limit.
pub(crate) fn read_limited(path: &Path, name: &str, limit_mib: u64) -> Result<Vec<u8>, InputError> {
    read_within(
        path,
        name,
        limit_mib,
        "make sure that it is the right file, and split or shorten it if it is",
    )
}

/// Reads a file that is named to the user as `name`, and says the remedy if it is larger than the limit.
pub(crate) fn read_within(
    path: &Path,
    name: &str,
    limit_mib: u64,
    remedy: &str,
) -> Result<Vec<u8>, InputError> {
    if path.is_dir() {
        return Err(InputError::new(format!("\"{name}\" is a folder, not a file"))
            .at(Place::file(name))
            .hint("name the file"));
    }
    let limit = limit_mib << 20;
    let mut bytes = Vec::new();
    let outcome = fs::File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    match outcome {
        Ok(_) if bytes.len() as u64 > limit => {
            Err(InputError::new(format!("\"{name}\" is larger than {limit_mib} MiB, the limit for its kind"))
                .at(Place::file(name))
                .hint(remedy))
        }
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing(name, "file")),
        Err(error) => Err(unreadable(name, &error)),
    }
}

/// Fails where there is no file and no folder but a pipe or a device, which one may wait for without end.
fn refuse_pipes(place: &Path, path: &str) -> Result<(), InputError> {
    match fs::metadata(place) {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            Err(InputError::new(format!("\"{path}\" is a pipe or a device, not a file"))
                .at(Place::file(path))
                .hint("put the file itself into the case folder"))
        }
        _ => Ok(()),
    }
}

fn missing(path: &str, kind: &str) -> InputError {
    InputError::new(format!("The {kind} \"{path}\" does not exist"))
        .at(Place::file(path))
        .hint("put it there, or correct its path")
}

fn unreadable(path: &str, error: &io::Error) -> InputError {
    InputError::new(format!("\"{path}\" cannot be read: {error}"))
        .at(Place::file(path))
        .hint("check that the file is there, that you may read it, and that no other program locks it")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A case folder with an empty manifest and these files.
    pub(crate) fn case_folder(files: &[(&str, &str)]) -> (tempfile::TempDir, CaseFolder) {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in [("case.toml", "")].iter().chain(files) {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let folder = CaseFolder::open(directory.path()).unwrap();
        (directory, folder)
    }

    fn folder() -> (tempfile::TempDir, CaseFolder) {
        case_folder(&[])
    }

    #[test]
    fn a_folder_without_a_manifest_is_no_case_folder() {
        let directory = tempfile::tempdir().unwrap();
        let error = CaseFolder::open(directory.path()).unwrap_err().to_string();
        assert!(error.contains("holds no case.toml") && error.contains("cscr init"), "{error}");
        let error = CaseFolder::open(&directory.path().join("absent")).unwrap_err().to_string();
        assert!(error.contains("is not a folder"), "{error}");
    }

    #[test]
    fn a_path_may_not_leave_the_folder() {
        let (_directory, folder) = folder();
        for path in ["../a", "a/../../b", "/etc/passwd", "C:/a", "a\\b", "", "a//b", "./a"] {
            let error = folder.read_bytes(path).unwrap_err().to_string();
            assert!(error.contains("is not a path inside the case folder"), "{path}: {error}");
            assert!(error.contains("copy the file into the case folder"), "{error}");
            assert!(folder.list(path).is_err(), "{path}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (directory, folder) = folder();
        let error = folder.read_text("absent.toml").unwrap_err().to_string();
        assert_eq!(
            error,
            "The file \"absent.toml\" does not exist\n  at: absent.toml\n  do: put it there, or correct its path"
        );
        let error = folder.list("absent").unwrap_err().to_string();
        assert!(error.contains("The folder \"absent\" does not exist"), "{error}");
        let error = folder.list("case.toml").unwrap_err().to_string();
        assert!(error.contains("\"case.toml\" is not a folder"), "{error}");
        fs::create_dir(directory.path().join("sub")).unwrap();
        let error = folder.read_text("sub").unwrap_err().to_string();
        assert!(error.contains("is a folder, not a file"), "{error}");
    }

    #[cfg(all(unix, feature = "report"))]
    #[test]
    fn a_link_out_of_the_folder_is_not_the_cases_own_and_a_device_is_no_file() {
        let (directory, folder) = folder();
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join("secret.md"), "").unwrap();
        fs::write(directory.path().join("own.md"), "").unwrap();
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, directory.path().join(name)).unwrap();
        };
        link(&elsewhere.path().join("secret.md"), "file.md");
        link(elsewhere.path(), "folder");
        link(&directory.path().join("own.md"), "inner.md");
        link(Path::new("/dev/null"), "null.md");
        for path in ["file.md", "folder/secret.md"] {
            let error = folder.refuse_foreign(path).unwrap_err().to_string();
            assert!(error.contains("leads out of the case folder") && error.contains("secret.md"), "{error}");
        }
        for path in ["inner.md", "own.md", "absent.md"] {
            folder.refuse_foreign(path).unwrap();
        }
        let error = folder.read_text("null.md").unwrap_err().to_string();
        assert!(error.contains("is a pipe or a device"), "{error}");
    }

    #[test]
    fn text_must_be_utf_8_and_a_byte_order_mark_is_dropped() {
        let (directory, folder) = folder();
        fs::write(directory.path().join("latin.toml"), b"a = 1\nb = \"caf\xe9\"\n").unwrap();
        let error = folder.read_text("latin.toml").unwrap_err().to_string();
        assert!(error.contains("not UTF-8") && error.contains("latin.toml, line 2"), "{error}");
        fs::write(directory.path().join("bom.toml"), "\u{feff}a = 1").unwrap();
        assert_eq!(folder.read_text("bom.toml").unwrap(), "a = 1");
    }

    #[test]
    fn a_file_over_the_limit_is_refused_by_name_and_limit() {
        let (directory, folder) = folder();
        let file = fs::File::create(directory.path().join("huge.toml")).unwrap();
        file.set_len((TEXT_LIMIT_MIB << 20) + 1).unwrap();
        let error = folder.read_text("huge.toml").unwrap_err().to_string();
        assert!(error.contains("\"huge.toml\" is larger than 16 MiB"), "{error}");
    }

    #[test]
    fn a_listing_is_in_order_and_without_hidden_files() {
        let (directory, folder) = folder();
        for name in ["b.toml", ".swp", "a.toml", "~$b.xlsx", "a.toml~"] {
            fs::write(directory.path().join(name), "").unwrap();
        }
        fs::create_dir(directory.path().join("psa")).unwrap();
        fs::write(directory.path().join("psa").join("1.toml"), "").unwrap();
        assert_eq!(folder.list("psa").unwrap(), ["1.toml"]);
        let entries = folder.entries("psa").unwrap();
        assert!(!entries[0].is_folder && folder.has_folder("psa") && !folder.has_folder("psa/1.toml"));
        assert!(folder.has("psa/1.toml") && !folder.has("psa/2.toml") && !folder.has("../x"));
    }
}
