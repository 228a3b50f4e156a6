//! The world that Typst sees: files in memory, fonts that were given, no clock, no packages, no disk.
//!
//! Nothing outside [`ReportWorld`] can shape a report, which is what makes the same input give the same
//! bytes, and what keeps a template from reading files that are none of its business.

use super::fonts::FontSet;
use super::link;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration, Target};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The file that Typst starts from. It lies at the root, so that attachments keep their plain names.
pub(super) const MAIN: &str = "/report.typ";

/// What a reader calls [`MAIN`].
pub(super) const GENERATED: &str = "the generated report.typ";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let mut library = <Library as LibraryExt>::default();
    library.rules.replace(Target::Paged, link::RULE);
    LazyHash::new(library)
});

/// A file of the world.
#[derive(Debug)]
pub(super) struct Entry {
    id: FileId,
    bytes: Bytes,
    origin: String,
    source: OnceLock<FileResult<Source>>,
}

impl Entry {
    /// The name that the file's author knows it by.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// The file's text, if it is text.
    pub(super) fn text(&self) -> Option<&str> {
        self.bytes.as_str().ok()
    }

    fn source(&self) -> FileResult<Source> {
        let parse = || Ok(parsed(self.id, self.bytes.as_str()?));
        self.source.get_or_init(parse).clone()
    }
}

/// The tree of a source. Templates are the same in most renders of a process.
#[comemo::memoize]
fn parsed(id: FileId, text: &str) -> Source {
    Source::new(id, text.to_owned())
}

/// Everything that one report is made from.
#[derive(Debug)]
pub(super) struct ReportWorld<'a> {
    fonts: &'a FontSet,
    main: FileId,
    files: HashMap<FileId, Entry>,
}

impl<'a> ReportWorld<'a> {
    pub(super) fn new(fonts: &'a FontSet) -> Self {
        let main = file_id(MAIN).unwrap_or_else(|| unreachable!("{MAIN} is a path"));
        Self { fonts, main, files: HashMap::new() }
    }

    /// Adds a file, unless its path leads outside the root or is taken: the first one stays.
    /// Returns whether it was added.
    pub(super) fn add(&mut self, path: &str, origin: impl Into<String>, bytes: Bytes) -> bool {
        let Some(id) = file_id(path) else { return false };
        let std::collections::hash_map::Entry::Vacant(vacant) = self.files.entry(id) else { return false };
        vacant.insert(Entry { id, bytes, origin: origin.into(), source: OnceLock::new() });
        true
    }

    pub(super) fn entry(&self, id: FileId) -> Option<&Entry> {
        self.files.get(&id)
    }

    fn find(&self, id: FileId) -> FileResult<&Entry> {
        if let VirtualRoot::Package(package) = id.root() {
            let why = format!(
                "{package} is not available: a report uses no packages, so that it never needs the network; copy the code into the template's folder"
            );
            return Err(FileError::Package(PackageError::Other(Some(why.into()))));
        }
        self.files.get(&id).ok_or_else(|| FileError::NotFound(id.vpath().get_without_slash().into()))
    }
}

/// The id of a path in the project. Typst keeps a path for the life of the process, at most 65,535 of them.
fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.find(id)?.source()
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.find(id).map(|entry| entry.bytes.clone())
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// There is no today: a report's only date is the as-of date, which it reads from its data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
