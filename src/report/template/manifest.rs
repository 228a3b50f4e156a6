//! `template.toml`: what a template says about itself, and what it takes over from another.

use super::File;
use crate::case::standard::StandardName;
use crate::report::ReportError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const MANIFEST: &str = "template.toml";

/// The line of a manifest that takes everything else from the template that is built in.
pub(super) const EXTENDS: &str = "extends = \"ers-cscr\"";

/// What `template.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub id: String,
    pub title: String,
    pub standard: StandardName,
    pub kind: Kind,
    /// Name of the PDF, as minijinja over the case: `CSCR-{{ case.product.name }}.pdf`.
    pub output: String,
    /// The file that makes the Typst source.
    pub main: String,
    pub sections: Vec<Section>,
}

/// How much of a case a template tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The whole safety case.
    #[default]
    Report,
    /// What changed since an issue, which has to be named. What did not change need not be told again.
    Addendum,
    /// The minutes of the PSA sessions, of which there has to be one.
    Minutes,
    /// The letter that goes with the documents of a case; it has to be told which.
    Letter,
}

/// `template.toml` as it is written. What is left out is taken from the template that it extends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stated {
    id: Option<String>,
    title: Option<String>,
    standard: Option<StandardName>,
    kind: Option<Kind>,
    output: Option<String>,
    main: Option<String>,
    /// Another template, by name, whose files are used where this one has none.
    pub extends: Option<String>,
    sections: Option<Vec<Section>>,
}

const DEFAULT_MAIN: &str = "report.typ.j2";

/// A section of the report, in the order of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Also the stem of the narrative file for it.
    pub id: String,
    pub title: String,
    /// Clause of the standard that it answers.
    pub clause: Option<String>,
}

impl Stated {
    /// This manifest, with the other's values where it states none.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            id: self.id.or(base.id),
            title: self.title.or(base.title),
            standard: self.standard.or(base.standard),
            kind: self.kind.or(base.kind),
            output: self.output.or(base.output),
            main: self.main.or(base.main),
            extends: None,
            sections: self.sections.or(base.sections),
        }
    }

    pub(super) fn manifest(self, name: &str) -> Result<Manifest, ReportError> {
        let missing = |key: &str| {
            ReportError::new(format!("the {MANIFEST} of the template {name} lacks `{key}`")).hint(format!(
                "add {key} = ...; or write {EXTENDS}, and all that is left out is taken from there"
            ))
        };
        Ok(Manifest {
            id: self.id.ok_or_else(|| missing("id"))?,
            title: self.title.ok_or_else(|| missing("title"))?,
            standard: self.standard.ok_or_else(|| missing("standard"))?,
            kind: self.kind.unwrap_or_default(),
            output: self.output.ok_or_else(|| missing("output"))?,
            main: self.main.unwrap_or_else(|| DEFAULT_MAIN.to_owned()),
            sections: self.sections.unwrap_or_default(),
        })
    }
}

pub(super) fn parse(files: &BTreeMap<String, File>, name: &str) -> Result<Stated, ReportError> {
    let Some(file) = files.get(MANIFEST) else {
        return Err(ReportError::new(format!("the template {name} has no {MANIFEST}")));
    };
    let text = file.text().ok_or_else(|| ReportError::new(format!("{} is not UTF-8 text", file.origin)))?;
    // toml's own message shows the line and what is allowed there.
    toml::from_str(text).map_err(|error| {
        ReportError::new(format!("{} cannot be understood: {}", file.origin, error.to_string().trim_end()))
    })
}
