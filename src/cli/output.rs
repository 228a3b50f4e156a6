//! Writing files whole or not at all, and never over something else.

use super::Failure;
use crate::signoff::NewFile;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Refuses to put a report in the place of anything but an older report: a folder, a file of the case, or
/// any file that is no PDF.
pub(super) fn refuse_other_files<'a>(
    path: &Path,
    case: &Path,
    named: impl IntoIterator<Item = &'a str>,
) -> Result<(), Failure> {
    if !is_there(path, case, named, "report.pdf")? || is_pdf(path) {
        return Ok(());
    }
    refuse(format!(
        "{} is there already and is not a PDF\n  do: name another file; only an older report is replaced",
        path.display()
    ))
}

/// Refuses to put an export in the place of anything, unless it is `forced`; in that of a folder, or of a file of the
/// case folder that is not in its `output`, even then.
pub(super) fn refuse_existing(path: &Path, case: &Path, forced: bool) -> Result<(), Failure> {
    let shown = path.display();
    if !is_there(path, case, [], "hazard-log.xlsx")? {
        return Ok(());
    }
    if !forced {
        return refuse(format!(
            "{shown} is there already\n  do: name another file, or replace it with --force"
        ));
    }
    let (case, target) = (case.canonicalize().ok(), path.canonicalize().ok());
    let is_within = |folder: &Path| target.as_ref().is_some_and(|target| target.starts_with(folder));
    if case.is_some_and(|case| is_within(&case) && !is_within(&case.join("output"))) {
        return refuse(format!(
            "{shown} is in the case folder, where --force replaces files of output alone\n  do: write to another place, compare, and then replace it yourself"
        ));
    }
    Ok(())
}

/// Refuses to put a result that is of no case in the place of anything, unless it is `forced`; in that of a folder,
/// even then.
pub(super) fn refuse_replacing(path: &Path, forced: bool) -> Result<(), Failure> {
    if is_there(path, Path::new(""), [], "changes.txt")? && !forced {
        let shown = path.display();
        return refuse(format!(
            "{shown} is there already\n  do: name another file, or replace it with --force"
        ));
    }
    Ok(())
}

/// Whether there is something in the place of an output; a folder or a file of the case is refused.
fn is_there<'a>(
    path: &Path,
    case: &Path,
    named: impl IntoIterator<Item = &'a str>,
    example: &str,
) -> Result<bool, Failure> {
    let shown = path.display();
    if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(std::path::is_separator) {
        let example = path.join(example);
        return refuse(format!("{shown} is a folder\n  do: name a file, such as {}", example.display()));
    }
    // What is not there cannot be lost; a link that leads nowhere is there.
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }
    let target = path.canonicalize().ok();
    let is_named = named.into_iter().any(|name| {
        let own = name.split('/').fold(case.to_owned(), |whole, part| whole.join(part));
        target.is_some() && own.canonicalize().ok() == target
    });
    if is_named {
        return refuse(format!("{shown} is an input of the case\n  do: name another file"));
    }
    Ok(true)
}

fn refuse<T>(what: String) -> Result<T, Failure> {
    Err(Failure::Output { what })
}

fn is_pdf(path: &Path) -> bool {
    // Opening a device or a pipe could wait without end.
    let mut start = [0; 4];
    path.is_file()
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == *b"%PDF"
}

/// Writes the file beside its place, makes sure that it is on disk, and only then gives it its name.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = new_file(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| Failure::Output {
        what: format!(
            "{} cannot be written: {}\n  do: check the folder, and that the file is not open in another program",
            path.display(),
            in_words(&error)
        ),
    })
}

/// Writes a file of a case folder, unless it is there and the same.
pub(super) fn write_new_file(case: &Path, file: &NewFile) -> Result<(), Failure> {
    let path = file.path.split('/').fold(case.to_owned(), |whole, part| whole.join(part));
    if std::fs::read(&path).is_ok_and(|there| there == file.text.as_bytes()) {
        return Ok(());
    }
    write_whole(&path, file.text.as_bytes())
}

/// An error without the path of the temporary file, which is nothing to the reader.
fn in_words(error: &io::Error) -> String {
    if error.raw_os_error().is_some() { error.to_string() } else { error.kind().to_string() }
}

/// A temporary file that others may read once it is named, as a file written directly would be.
fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cscr-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_show_the_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = new_file(&folder.path().join("absent")).unwrap_err();
        assert!(error.to_string().contains(".cscr-"), "the test would prove nothing: {error}");
        assert!(!in_words(&error).contains(".cscr-"), "{}", in_words(&error));
        assert!(!in_words(&error).is_empty());
    }
}
