//! Whether a case folder still gives the report that was signed.

use crate::build;
use crate::cli::Failure;
use crate::intake::files::CaseFolder;
use crate::intake::folder;
use crate::intake::workbook::Limits;
use crate::report::{Engine, FontSet, RenderInput, SignOff, Templates};
use crate::signature::SignatureError;
use crate::signature::pdf::Document;
use crate::signature::verify::Verification;
use crate::signed_report::Rebuilt;
use clap::Args;
use std::path::{Path, PathBuf};

/// What the report was built with beside the case folder; needed again to build the same.
#[derive(Debug, Args)]
pub(super) struct RebuildOptions {
    /// Template that the report was built with, if it is a folder
    #[arg(long, value_name = "DIR", requires = "case")]
    template: Option<String>,
    /// Folder of templates that the report was built with
    #[arg(long, value_name = "DIR", requires = "case")]
    templates: Option<PathBuf>,
    /// Folder of further fonts that the report was built with; may be given several times
    #[arg(long, value_name = "DIR", requires = "case")]
    fonts: Vec<PathBuf>,
}

/// An attached file is a workbook or JSON; more than that is a mistake or an attack.
const LARGEST: usize = 256 * 1024 * 1024;

impl RebuildOptions {
    /// Builds the case as the signed report was built, and compares.
    pub(super) fn compare(
        &self,
        pdf: &[u8],
        verification: &Verification,
        sign_off: &SignOff,
        case: &Path,
        limits: &Limits,
    ) -> Result<Rebuilt, Failure> {
        let this_version = env!("CARGO_PKG_VERSION").to_owned();
        if sign_off.engine_version != this_version {
            let engine_version = sign_off.engine_version.clone();
            return Ok(Rebuilt::CannotCompare { engine_version, this_version });
        }
        let first = verification.signatures.iter().filter_map(|signature| signature.revision).min();
        // The state before the first signature is what was built.
        let built =
            first.and_then(|first| first.checked_sub(2)).and_then(|at| verification.revisions.get(at));
        let Some(built) = built else { return Ok(Rebuilt::NotSigned) };
        let (signed, now) = (&pdf[..built.end], self.build(sign_off, case, limits)?);
        if signed == now {
            return Ok(Rebuilt::Same);
        }
        let equal = signed.iter().zip(&now).take_while(|(one, other)| one == other).count();
        Ok(Rebuilt::Different { from: equal, attachments: differing(signed, &now)? })
    }

    fn build(&self, sign_off: &SignOff, case: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
        let fonts =
            self.fonts.iter().try_fold(FontSet::embedded(), |fonts, folder| fonts.with_folder(folder))?;
        let files = CaseFolder::open(case)?;
        let loaded = folder::read(&files, Some(sign_off.as_of), limits)?;
        let since = sign_off.since.as_ref().map(|version| build::issue(&files, version)).transpose()?;
        let assurance = crate::assure(&loaded, &fonts);
        let templates = self.templates.as_ref().map_or_else(Templates::embedded, Templates::with_folder);
        let engine = Engine::new(fonts, templates);
        let template = engine.template(self.template.as_ref().unwrap_or(&sign_off.template))?;
        let rendered = engine.render(&RenderInput {
            case: &loaded.case,
            assurance: &assurance,
            provenance: &loaded.provenance,
            sources: &loaded.sources,
            approvals: &loaded.approvals,
            template: &template,
            as_of: loaded.as_of,
            since: since.as_ref(),
            options: sign_off.options,
        })?;
        Ok(rendered.pdf)
    }
}

/// The names of the attached files that two reports do not share.
fn differing(one: &[u8], other: &[u8]) -> Result<Vec<String>, SignatureError> {
    let (one, other) = (Document::read(one)?, Document::read(other)?);
    let mut names = one.attachments()?;
    names.extend(other.attachments()?);
    let mut differing = Vec::new();
    for name in names {
        if one.attachment(&name, LARGEST)? != other.attachment(&name, LARGEST)? {
            differing.push(name);
        }
    }
    Ok(differing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_report_of_another_version_is_not_compared() {
        let sign_off = json!({
            "approvals": [], "as_of": "2026-09-14", "digests": {}, "draft": false, "engine_version": "0.0.9",
            "document": { "title": null, "reference": null, "version": null }, "fonts": [], "reasons": [],
            "options": { "include_source_log": true, "include_names": true }, "signatories": [],
            "template": "ers-cscr",
        });
        let sign_off: SignOff = serde_json::from_value(sign_off).unwrap();
        let nothing = Verification {
            signatures: Vec::new(),
            revisions: Vec::new(),
            unsigned: Vec::new(),
            required: Vec::new(),
            missing: Vec::new(),
            trailing_bytes: 0,
            faults: Vec::new(),
        };
        let options = RebuildOptions { template: None, templates: None, fonts: Vec::new() };
        let Ok(Rebuilt::CannotCompare { engine_version, this_version }) =
            options.compare(b"", &nothing, &sign_off, Path::new("nowhere"), &Limits::default())
        else {
            panic!("it cannot be compared");
        };
        assert_eq!((engine_version.as_str(), this_version.as_str()), ("0.0.9", env!("CARGO_PKG_VERSION")));
    }
}
