//! Files that appear whole or not at all.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Writes the file beside its place, makes sure that it is on disk, and only then gives it its name. Folders on the way
/// are made.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Desk::default().write(path, bytes)
}

/// Likewise, for a file with a private key: where a system knows owners of files, nobody else may read it.
pub fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_for(Readers::Owner, beside(path), path, bytes)
}

/// Where files are written before they get their names: beside their places, or in a folder of the same disk, which
/// whoever comes after a killed process can clear.
#[derive(Debug, Clone, Default)]
pub struct Desk(Option<PathBuf>);

impl Desk {
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self(Some(folder))
    }

    /// Writes the file as [`write`] does.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        write_for(Readers::All, self.0.as_deref().unwrap_or_else(|| beside(path)), path, bytes)
    }
}

fn beside(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Likewise, for a file that is written piece by piece; nothing is left of it where that fails.
pub fn write_with<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let folder = beside(path);
    std::fs::create_dir_all(folder)?;
    let mut file = new_file(folder, Readers::All)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(io::Error::from)?;
    Ok(())
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    All,
    Owner,
}

fn write_for(readers: Readers, desk: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(beside(path))?;
    let mut file = new_file(desk, readers)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// A temporary file. Unless it is the owner's alone, as such files are, others may read it once it is named, as a file
/// written directly would be.
fn new_file(folder: &Path, readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cscr-");
    #[cfg(unix)]
    if readers == Readers::All {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = readers;
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_beside_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("a.pdf");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        // A folder cannot be replaced by a file.
        assert!(write(path.parent().unwrap(), b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
