//! Writing files whole or not at all, and never over something else.

use super::Failure;
use crate::signoff::NewFile;
use crate::whole_file::{self, Desk};
use std::io::{self, Read as _};
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

/// Refuses to put an export, called as the example is, in the place of anything, unless it is `forced`; in that of a folder, or of a file of the
/// case folder that is not in its `output`, even then.
pub(super) fn refuse_existing(path: &Path, case: &Path, forced: bool, example: &str) -> Result<(), Failure> {
    let shown = path.display();
    if !is_there(path, case, [], example)? {
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

/// Writes the file whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_whole_at(&Desk::default(), path, bytes)
}

fn write_whole_at(desk: &Desk, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    desk.write(path, bytes).map_err(|error| cannot_write(path, &error))
}

/// Likewise, for a file with a private key, which nobody else may read.
pub(super) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    whole_file::write_secret(path, bytes).map_err(|error| cannot_write(path, &error))
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::Output {
        what: format!(
            "{} cannot be written: {}\n  do: check the folder, and that the file is not open in another program",
            path.display(),
            in_words(error)
        ),
    }
}

/// Writes a file whole, unless it is there and the same: whoever looks at it need not look again. Says whether it was
/// written.
pub(super) fn write_changed(path: &Path, bytes: &[u8]) -> Result<bool, Failure> {
    write_changed_at(&Desk::default(), path, bytes)
}

pub(super) fn write_changed_at(desk: &Desk, path: &Path, bytes: &[u8]) -> Result<bool, Failure> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    write_whole_at(desk, path, bytes)?;
    Ok(true)
}

/// Writes a file of a case folder, unless it is there and the same.
pub(super) fn write_new_file(case: &Path, file: &NewFile) -> Result<(), Failure> {
    let path = file.path.split('/').fold(case.to_owned(), |whole, part| whole.join(part));
    write_changed(&path, file.text.as_bytes()).map(|_| ())
}

/// An error without the path of the temporary file, which is nothing to the reader.
fn in_words(error: &io::Error) -> String {
    if error.raw_os_error().is_some() { error.to_string() } else { error.kind().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_a_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
        assert!(write_secret(&folder.path().join("key.p12"), b"key").is_ok());
        assert_eq!(mode("key.p12"), 0o600);
        assert!(write_whole(&folder.path().join("report.pdf"), b"%PDF").is_ok());
        assert_ne!(mode("report.pdf"), 0o600, "a report is for others");
    }

    #[test]
    fn an_error_does_not_show_the_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let error =
            tempfile::Builder::new().prefix(".cscr-").tempfile_in(folder.path().join("absent")).unwrap_err();
        assert!(error.to_string().contains(".cscr-"), "the test would prove nothing: {error}");
        assert!(!in_words(&error).contains(".cscr-"), "{}", in_words(&error));
        assert!(!in_words(&error).is_empty());
    }
}
