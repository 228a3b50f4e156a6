//! `batch.toml`: many cases, and what is built of each.
//!
//! ```toml
//! cases = ["products/*", "pilot"]
//!
//! [report]
//! templates = ["ers-cscr"]
//! output = "{{ case.product.name }}/CSCR-v{{ case.document.version }}.pdf"
//!
//! [[overrides]]
//! cases = ["products/pathology-*"]
//! report = { as_of = 2026-09-30, release = true }
//! ```

use super::InputError;
use super::files::{TEXT_LIMIT_MIB, read_limited, to_text};
use super::toml_input::{Lines, TomlInput};
use crate::case::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::Path;

/// batch.toml: many cases, and what is built of each.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchFile {
    /// Case folders, folders of case folders, and patterns such as "products/*", from the folder of this file.
    pub cases: Vec<String>,
    /// What is built of every case.
    #[serde(default)]
    pub report: Wanted,
    /// What is built otherwise of some of them; where two name one case, the later goes before.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

/// What is built otherwise of some cases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Which cases: their names, as the table of the batch has them, or patterns such as "products/pathology-*".
    pub cases: Vec<String>,
    /// What is otherwise; anything else is as for every case.
    pub report: Wanted,
}

/// What is built of a case; what is left out is as it is without a batch.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// Names of templates, or folders with a template.toml; one report each.
    pub templates: Option<Vec<String>>,
    /// Name of the PDF below the folder of the batch, with values in braces: of case.toml ({{ case.product.name }}),
    /// the name of the case ({{ name }}) and of the template ({{ template }}).
    pub output: Option<String>,
    /// Folder of templates, whose files override the ones that are built in.
    pub templates_folder: Option<String>,
    /// Folders of further fonts.
    pub fonts: Option<Vec<String>>,
    /// Day to judge by.
    pub as_of: Option<Date>,
    /// Refuse unless nothing blocks and every approval is there.
    pub release: Option<bool>,
    /// Say what changed since this issue of the case.
    pub since: Option<String>,
    /// Leave the source hazard log out of the attachments.
    pub without_source_log: Option<bool>,
    /// Leave out personal names, for a published copy.
    pub without_names: Option<bool>,
}

impl BatchFile {
    /// The same with the paths of templates and fonts from where the folder of the file is.
    #[must_use]
    pub fn anchored(mut self, folder: &Path) -> Self {
        let overrides = self.overrides.iter_mut().map(|entry| &mut entry.report);
        for wanted in std::iter::once(&mut self.report).chain(overrides) {
            let below = |path: &String| folder.join(path).to_string_lossy().into_owned();
            wanted.templates_folder = wanted.templates_folder.as_ref().map(below);
            wanted.fonts = wanted.fonts.as_ref().map(|fonts| fonts.iter().map(below).collect());
            for template in wanted.templates.iter_mut().flatten() {
                // Anything else is a name.
                if folder.join(&*template).is_dir() {
                    *template = below(template);
                }
            }
        }
        self
    }
}

impl Wanted {
    /// What these wish, and of the rest what the others do.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            templates: self.templates.or(others.templates),
            output: self.output.or(others.output),
            templates_folder: self.templates_folder.or(others.templates_folder),
            fonts: self.fonts.or(others.fonts),
            as_of: self.as_of.or(others.as_of),
            release: self.release.or(others.release),
            since: self.since.or(others.since),
            without_source_log: self.without_source_log.or(others.without_source_log),
            without_names: self.without_names.or(others.without_names),
        }
    }
}

/// Reads a batch file, with the lines of its values.
pub fn read(path: &Path) -> Result<(BatchFile, Lines), InputError> {
    let name = path.display().to_string();
    let text = to_text(&name, read_limited(path, &name, TEXT_LIMIT_MIB)?)?;
    let (file, lines) = TomlInput::<BatchFile>::parse(&name, &text)?.into_parts();
    let empty =
        |key: &str, what: &str, hint: &str| Err(InputError::new(what).at(lines.place(key)).hint(hint));
    if file.cases.is_empty() {
        return empty("cases", "The batch names no case", "write cases = [\"products/*\"], or a folder each");
    }
    for (index, entry) in file.overrides.iter().enumerate() {
        if entry.cases.is_empty() {
            let key = format!("overrides/{index}/cases");
            return empty(
                &key,
                "The override names no case",
                "name a case, or a pattern such as \"products/*\"",
            );
        }
    }
    let overrides = file.overrides.iter().enumerate();
    let wishes = overrides.map(|(index, entry)| (format!("overrides/{index}/report"), &entry.report));
    for (key, wanted) in [("report".to_owned(), &file.report)].into_iter().chain(wishes) {
        if wanted.templates.as_ref().is_some_and(Vec::is_empty) {
            let key = format!("{key}/templates");
            return empty(
                &key,
                "The list of templates is empty",
                "name one, such as \"ers-cscr\", or leave it out",
            );
        }
    }
    Ok((file, lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<BatchFile, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("batch.toml");
        std::fs::write(&path, text).unwrap();
        let shown = path.display().to_string();
        read(&path).map(|(file, _)| file).map_err(|error| error.to_string().replace(&shown, "batch.toml"))
    }

    #[test]
    fn what_an_override_leaves_out_is_as_for_every_case() {
        let file = reading(
            "cases = [\"a\"]\n[report]\ntemplates = [\"ers-cscr\"]\nrelease = true\n[[overrides]]\ncases = [\"a\"]\nreport = { release = false, since = \"1.0\" }\n",
        )
        .unwrap();
        let wanted = file.overrides[0].report.clone().or(file.report);
        assert_eq!(wanted.templates.as_deref(), Some(&["ers-cscr".to_owned()][..]));
        assert_eq!((wanted.release, wanted.since.as_deref()), (Some(false), Some("1.0")));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_line() {
        for (text, expected) in [
            ("cases = []\n", "The batch names no case\n  at: batch.toml, line 1\n"),
            ("[report]\nrelease = true\n", "The key \"cases\" is missing here"),
            ("cases = [\"a\"]\n[report]\ntemplate = \"x\"\n", "The key \"template\" is not known here"),
            (
                "cases = [\"a\"]\n[report]\ntemplates = []\n",
                "The list of templates is empty\n  at: batch.toml, line 3",
            ),
            (
                "cases = [\"a\"]\n[[overrides]]\ncases = []\nreport = {}\n",
                "The override names no case\n  at: batch.toml, line 3",
            ),
            ("cases = [\"a\"]\n[report]\nas_of = 2026-02-30\n", "Invalid"),
        ] {
            let error = reading(text).unwrap_err();
            assert!(error.starts_with(expected) || expected == "Invalid", "{error}");
            assert!(error.contains("batch.toml, line"), "{error}");
        }
    }
}
