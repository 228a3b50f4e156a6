//! Templates: a folder says what a report looks like.
//!
//! ```text
//! report-templates/
//!   lib/*.typ                  shared by all templates
//!   ers-cscr/template.toml     id, title, standard, output name, sections with their clauses
//!   ers-cscr/report.typ.j2     what is in the report, and in which order
//!   addendum/                  what changed since an issue, and nothing else (`kind = "addendum"`)
//!   psa-minutes/               the minutes of the PSA sessions (`kind = "minutes"`)
//!   covering-letter/           the letter of a pack (`kind = "letter"`)
//! ```
//!
//! This folder is in the binary. A user's folder of the same shape overrides single files of it; a folder
//! with a `template.toml` is a template by itself, and with `extends = "ers-cscr"` in it the folder needs to
//! hold only the files that it changes, and its manifest only the values.

mod manifest;

use super::ReportError;
use crate::case::Case;
use crate::trace::{self, Entry, Trace};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use typst::foundations::Bytes;

pub use manifest::{Kind, Manifest, Section};

use manifest::{EXTENDS, MANIFEST, Stated};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/report-templates");

const SHARED: &str = "lib";

/// A folder that is larger than this is some other folder.
const MOST_FILES: usize = 500;
const MOST_BYTES: u64 = 50_000_000;

/// A template, ready to be used: its manifest and all its files, the shared ones included.
#[derive(Debug, Clone)]
pub struct Template {
    manifest: Manifest,
    /// By path within the template, with `/` between its parts; shared files are in `lib/`.
    files: BTreeMap<String, File>,
}

#[derive(Debug, Clone)]
pub(super) struct File {
    /// The file's own path, as its author knows it.
    pub origin: String,
    pub bytes: Bytes,
}

impl File {
    pub(super) fn text(&self) -> Option<&str> {
        self.bytes.as_str().ok()
    }
}

/// Where templates are looked for: in a user's folder, then in the binary.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    folder: Option<PathBuf>,
    trace: Trace,
}

impl Templates {
    /// Only those in the binary.
    #[must_use]
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Those in the binary, with the files of this folder before them.
    #[must_use]
    pub fn with_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), trace: Trace::default() }
    }

    /// The same, with what is read noted in a trace.
    #[must_use]
    pub fn traced(self, trace: Trace) -> Self {
        Self { trace, ..self }
    }

    /// The template with this name, or in this folder.
    pub fn load(&self, name_or_folder: &str) -> Result<Template, ReportError> {
        if let Some(folder) = self.folder.as_ref().filter(|folder| !folder.is_dir()) {
            self.trace.presence(folder, folder.exists());
            return Err(ReportError::new(format!(
                "the folder of templates {} is not there",
                folder.display()
            )));
        }
        let names = self.names();
        let folder = Path::new(name_or_folder);
        let own = if names.iter().any(|name| name == name_or_folder) {
            self.layers(name_or_folder)?
        } else if self.has_manifest(folder) {
            read_folder(folder, &self.trace)?
        } else {
            return Err(no_template(name_or_folder, folder, &names));
        };
        let mut files = self.shared()?;
        let mut stated = manifest::parse(&own, name_or_folder)?;
        match stated.extends.take() {
            None => {}
            Some(base) if names.contains(&base) => {
                let inherited = self.layers(&base)?;
                stated = stated.over(manifest::parse(&inherited, &base)?);
                files.extend(inherited);
            }
            Some(base) => {
                return Err(ReportError::new(format!(
                    "{name_or_folder} extends \"{base}\", which is no template"
                ))
                .hint(format!("extend one of: {}", names.join(", "))));
            }
        }
        files.extend(own);
        Template::of(stated, files, name_or_folder)
    }

    /// Names of the templates that can be loaded, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = EMBEDDED
            .dirs()
            .filter(|dir| dir.get_file(dir.path().join(MANIFEST)).is_some())
            .filter_map(|dir| dir.path().to_str().map(str::to_owned))
            .collect();
        if let Some(folder) = &self.folder {
            self.trace.listing(folder);
            let entries = trace::entries(folder).unwrap_or_default().into_iter();
            names
                .extend(entries.map(|entry| entry.name).filter(|name| self.has_manifest(&folder.join(name))));
        }
        names.sort();
        names.dedup();
        names
    }

    /// The files of `lib/`.
    pub(super) fn shared(&self) -> Result<BTreeMap<String, File>, ReportError> {
        let files = self.layers(SHARED)?;
        Ok(files.into_iter().map(|(path, file)| (format!("{SHARED}/{path}"), file)).collect())
    }

    /// A folder's files as the binary has them, with the user's in their place.
    fn layers(&self, name: &str) -> Result<BTreeMap<String, File>, ReportError> {
        let mut files = BTreeMap::new();
        if let Some(dir) = EMBEDDED.get_dir(name) {
            embedded_files(dir, dir.path(), &mut files);
        }
        if let Some(folder) =
            self.folder.as_ref().map(|folder| folder.join(name)).filter(|folder| folder.is_dir())
        {
            files.extend(read_folder(&folder, &self.trace)?);
        }
        Ok(files)
    }

    fn has_manifest(&self, folder: &Path) -> bool {
        let manifest = folder.join(MANIFEST);
        self.trace.presence(&manifest, manifest.exists());
        manifest.is_file()
    }
}

fn no_template(name: &str, folder: &Path, names: &[String]) -> ReportError {
    if folder.is_dir() {
        return ReportError::new(format!("the folder {name} has no {MANIFEST}")).hint(format!(
            "add one; with {EXTENDS} in it, the folder needs to hold only the files that it changes"
        ));
    }
    ReportError::new(format!("there is no template \"{name}\""))
        .hint(format!("use one of: {}; or a folder with a {MANIFEST}", names.join(", ")))
}

impl Template {
    fn of(stated: Stated, files: BTreeMap<String, File>, name: &str) -> Result<Self, ReportError> {
        let template = Self { manifest: stated.manifest(name)?, files };
        if template.file(template.main()).and_then(File::text).is_none() {
            return Err(ReportError::new(format!(
                "the template {name} lacks its main file, {}",
                template.main()
            ))
            .hint(format!(
                "to change only some files of a report, write {EXTENDS} in {MANIFEST}; for a report of your own add the file as UTF-8 text, or name another by `main`"
            )));
        }
        Ok(template)
    }

    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The name of the PDF for a case.
    pub fn output_name(&self, case: &Case) -> Result<String, ReportError> {
        super::environment::file_name(self, &BTreeMap::from([("case", case)]))
    }

    pub(super) fn id(&self) -> &str {
        &self.manifest.id
    }

    pub(super) fn main(&self) -> &str {
        &self.manifest.main
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The files that are minijinja, by name.
    pub(super) fn jinja_files(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_jinja =
            |path: &str| path == self.main() || Path::new(path).extension().is_some_and(|e| e == "j2");
        self.files()
            .filter(move |(path, _)| is_jinja(path))
            .filter_map(|(path, file)| Some((path, file.text()?)))
    }

    #[cfg(test)]
    pub(super) fn set_output(&mut self, pattern: &str) {
        pattern.clone_into(&mut self.manifest.output);
    }

    #[cfg(test)]
    pub(super) fn for_tests(path: &str, source: &str) -> Self {
        let file = |name: &str, text: &str| {
            (
                name.to_owned(),
                File { origin: format!("test/{name}"), bytes: Bytes::from_string(text.to_owned()) },
            )
        };
        let manifest = "id = 'test'\ntitle = 'Test'\nstandard = 'DCB0129'\noutput = 'test.pdf'\n";
        let files = BTreeMap::from([file(MANIFEST, manifest), file(path, source)]);
        let stated = manifest::parse(&files, "test").expect("a valid manifest");
        Self::of(stated, files, "test").expect("a valid template")
    }
}

fn embedded_files(dir: &Dir<'static>, root: &Path, files: &mut BTreeMap<String, File>) {
    for file in dir.files() {
        if let Some(path) = file.path().strip_prefix(root).ok().and_then(slashed) {
            let origin = slashed(file.path()).unwrap_or_default();
            let origin = format!("report-templates/{origin}");
            files.insert(path, File { origin, bytes: Bytes::new(file.contents()) });
        }
    }
    for inner in dir.dirs() {
        embedded_files(inner, root, files);
    }
}

fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

fn read_folder(folder: &Path, trace: &Trace) -> Result<BTreeMap<String, File>, ReportError> {
    let mut reading = Reading { files: BTreeMap::new(), bytes: 0, root: folder, trace };
    reading.folder(folder, "")?;
    Ok(reading.files)
}

struct Reading<'a> {
    files: BTreeMap<String, File>,
    bytes: u64,
    root: &'a Path,
    trace: &'a Trace,
}

impl Reading<'_> {
    /// Reads files and folders below, but no hidden ones, none that an editor leaves, and no links to folders.
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), ReportError> {
        let failed = |path: &Path, error: &std::io::Error| {
            ReportError::new(format!("cannot read {}: {error}", path.display()))
        };
        self.trace.listing(folder);
        for Entry { name, is_folder } in trace::entries(folder).map_err(|error| failed(folder, &error))? {
            let path = folder.join(&name);
            if is_folder && !path.is_symlink() {
                self.folder(&path, &format!("{prefix}{name}/"))?;
            } else if path.is_file() {
                self.bytes += path.metadata().map_err(|error| failed(&path, &error))?.len();
                self.check_size()?;
                let outcome = std::fs::read(&path);
                self.trace.read(&path, &outcome);
                let bytes = Bytes::new(outcome.map_err(|error| failed(&path, &error))?);
                self.files
                    .insert(format!("{prefix}{name}"), File { origin: path.display().to_string(), bytes });
            }
        }
        Ok(())
    }

    fn check_size(&self) -> Result<(), ReportError> {
        if self.files.len() < MOST_FILES && self.bytes <= MOST_BYTES {
            return Ok(());
        }
        Err(ReportError::new(format!("{} is too large to be a template's folder", self.root.display()))
            .hint(format!("name a folder with at most {MOST_FILES} files and {MOST_BYTES} bytes")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "id = 'own'\ntitle = 'Own'\nstandard = 'DCB0129'\noutput = 'own.pdf'\n";

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn the_binary_has_the_templates_of_the_folder_as_it_is_now() {
        let mut embedded = BTreeMap::new();
        embedded_files(&EMBEDDED, Path::new(""), &mut embedded);
        let on_disk = read_folder(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/report-templates")),
            &Trace::default(),
        )
        .unwrap();
        for (path, file) in &on_disk {
            let same = embedded.get(path).is_some_and(|known| known.bytes == file.bytes);
            assert!(
                same,
                "{path} is not in the binary as it is; touch src/report/template.rs and build again"
            );
        }
    }

    #[test]
    fn a_folder_is_a_template() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            MANIFEST,
            &format!("{BASE}[[sections]]\nid = 'introduction'\ntitle = 'Introduction'\n"),
        );
        write(folder.path(), "report.typ.j2", "Hello");
        write(folder.path(), "lib/own.typ", "#let own = 1");
        write(folder.path(), ".git/config", "hidden");
        let template = Templates::embedded().load(folder.path().to_str().unwrap()).unwrap();
        assert_eq!(template.manifest().id, "own");
        assert_eq!(template.manifest().sections[0].clause, None);
        assert!(template.file("lib/own.typ").is_some());
        assert!(template.file(".git/config").is_none());
    }

    #[test]
    fn a_users_folder_overrides_single_files() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "own/template.toml", BASE);
        write(folder.path(), "own/report.typ.j2", "one");
        write(folder.path(), "lib/shared.typ", "shared");
        write(folder.path(), "other/template.toml", &format!("extends = 'own'\n{BASE}"));
        write(folder.path(), "other/extra.typ", "extra");
        let templates = Templates::with_folder(folder.path());
        assert!(templates.names().contains(&"own".to_owned()));
        let own = templates.load("own").unwrap();
        assert_eq!(own.file("lib/shared.typ").and_then(File::text), Some("shared"));
        for other in ["other", folder.path().join("other").to_str().unwrap()] {
            let other = templates.load(other).unwrap();
            assert_eq!(other.file("report.typ.j2").and_then(File::text), Some("one"));
            assert!(other.file("extra.typ").is_some());
        }
    }

    #[test]
    fn one_line_and_one_file_are_enough_to_change_a_report() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), MANIFEST, "extends = 'ers-cscr'\ntitle = 'Own'\n");
        write(folder.path(), "lib/hazard.typ", "#let own = 1");
        let templates = Templates::embedded();
        let (own, base) =
            (templates.load(folder.path().to_str().unwrap()).unwrap(), templates.load("ers-cscr").unwrap());
        assert_eq!(own.manifest(), &Manifest { title: "Own".to_owned(), ..base.manifest().clone() });
        assert_eq!(own.file("lib/hazard.typ").and_then(File::text), Some("#let own = 1"));
        assert_eq!(
            own.file("report.typ.j2").and_then(File::text),
            base.file("report.typ.j2").and_then(File::text)
        );
    }

    #[test]
    fn faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let load = || Templates::embedded().load(folder.path().to_str().unwrap()).unwrap_err().to_string();
        let error = Templates::embedded().load("no-such-template").unwrap_err().to_string();
        assert!(error.contains("there is no template") && error.contains("ers-cscr"), "{error}");
        write(folder.path(), "lib/hazard.typ", "#let own = 1");
        assert!(load().contains("has no template.toml"), "{}", load());
        assert!(load().contains("extends = \"ers-cscr\""), "{}", load());
        write(folder.path(), MANIFEST, "id = 'own'\ncolour = 'red'\n");
        assert!(load().contains("colour"), "{}", load());
        write(folder.path(), MANIFEST, BASE);
        assert!(load().contains("lacks its main file, report.typ.j2"), "{}", load());
        assert!(load().contains("write extends = \"ers-cscr\" in template.toml"), "{}", load());
        write(folder.path(), MANIFEST, "id = 'own'\n");
        assert!(load().contains("lacks `title`") && load().contains("extends ="), "{}", load());
    }
}
