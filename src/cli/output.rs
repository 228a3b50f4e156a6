//! Writing files whole or not at all.

use super::Failure;
use std::io::Write as _;
use std::path::Path;

/// Writes the file beside its place, makes sure that it is on disk, and only then gives it its name.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
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
            "{} cannot be written: {error}\n  do: check the folder, and that the file is not open in another program",
            path.display()
        ),
    })
}

/// A temporary file that others may read once it is named, as a file written directly would be.
fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cscr-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
