//! `sign-off.json`: what a report is signed on. It is attached to each report that has fields to sign in, so that
//! signing and verifying need nothing but the PDF.

use super::{RenderInput, RenderOptions};
use crate::assurance::Assurance;
use crate::case::approval::{Approval, ApprovedDocument};
use crate::case::{Case, Date};
use crate::signature::SignatureError;
use crate::signature::fields::{FieldText, PLACEHOLDER};
use crate::signature::pdf::Document;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// More than the approvals of any case take.
const LARGEST: usize = 16 * 1024 * 1024;

/// Who signs a report, which approvals are recorded, and what the report was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// The recorded approvals, as `approvals.toml` has them.
    pub approvals: Vec<Approval>,
    pub as_of: Date,
    /// The content digest of each document.
    pub digests: BTreeMap<String, String>,
    pub document: SignedDocument,
    pub draft: bool,
    /// Why it is a draft.
    pub reasons: Vec<String>,
    pub engine_version: String,
    /// The families of the fonts that it was set with.
    pub fonts: Vec<String>,
    pub options: RenderOptions,
    /// The version of the issue since which the report tells changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Who has a field to sign in: those whose approval of the report is required, where the case knows them.
    pub signatories: Vec<ReportSignatory>,
    /// The id of the template.
    pub template: String,
}

/// The report by its title block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedDocument {
    pub title: Option<String>,
    pub reference: Option<String>,
    pub version: Option<String>,
    /// What the report is about; reports of before this was kept do not say.
    #[serde(default)]
    pub product: Option<String>,
    #[serde(default)]
    pub release: Option<String>,
}

/// Somebody with a field to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSignatory {
    /// The id of the person, which is the name of the field.
    pub id: String,
    pub name: String,
    pub role: Option<String>,
    pub registration: Option<String>,
    /// The last day of the registration; reports of before this was kept do not say.
    #[serde(default)]
    pub registration_expires: Option<Date>,
}

impl ReportSignatory {
    /// The last day of the registration, where that has passed at this moment.
    #[must_use]
    pub fn registration_ended_before(&self, moment: Timestamp) -> Option<Date> {
        let day = moment.to_zoned(TimeZone::UTC).date();
        let day = Date::new(day.year(), day.month(), day.day())?;
        self.registration_expires.filter(|last| *last < day)
    }
}

impl SignOff {
    /// The name of the attachment.
    pub const FILE: &'static str = "sign-off.json";

    pub(super) fn of(input: &RenderInput<'_>, fonts: &[&str]) -> Self {
        let RenderInput { case, assurance, .. } = *input;
        let digests = serde_json::to_value(&assurance.digests).and_then(serde_json::from_value);
        Self {
            approvals: input.approvals.to_vec(),
            as_of: input.as_of,
            digests: digests.unwrap_or_default(),
            document: SignedDocument {
                title: case.document.title.clone(),
                reference: case.document.reference.clone(),
                version: case.document.version.clone(),
                product: Some(case.product.name.clone()),
                release: case.release.version.clone(),
            },
            draft: assurance.status.draft,
            reasons: assurance.status.reasons.clone(),
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            fonts: fonts.iter().map(|family| (*family).to_owned()).collect(),
            options: input.options,
            since: input.since.map(|since| since.version.clone()),
            signatories: signatories(case, assurance).map(|(_, signatory)| signatory).collect(),
            template: input.template.id().to_owned(),
        }
    }

    /// Reads it from a report.
    pub fn of_report(report: &Document<'_>) -> Result<Self, SignatureError> {
        let Some(json) = report.attachment(Self::FILE, LARGEST)? else {
            return Err(SignatureError::new(format!(
                "this is no report to sign: {} is not attached to it",
                Self::FILE
            ))
            .hint("sign a report that `cscr build` wrote with the names of people; a published copy is not signed"));
        };
        serde_json::from_slice(&json).map_err(|error| {
            SignatureError::new(format!("the attached {} cannot be read: {error}", Self::FILE))
                .hint("sign with the version of cscr that built the report, or build it again")
        })
    }

    /// The content digest of the report as the foot of each page has it: `32bc 97cf`.
    #[must_use]
    pub fn short_digest(&self) -> Option<String> {
        let digest = self.digests.get(ApprovedDocument::Cscr.key())?;
        Some(format!("{} {}", digest.get(..4)?, digest.get(4..8)?))
    }

    #[must_use]
    pub fn signatory(&self, id: &str) -> Option<&ReportSignatory> {
        self.signatories.iter().find(|signatory| signatory.id == id)
    }

    /// The fields that the report is to have.
    pub(super) fn fields(&self) -> Vec<FieldText> {
        let field = |signatory: &ReportSignatory| FieldText {
            id: signatory.id.clone(),
            label: match &signatory.role {
                Some(role) => format!("Signature of {}, {role}", signatory.name),
                None => format!("Signature of {}", signatory.name),
            },
        };
        self.signatories.iter().map(field).collect()
    }
}

/// For each required approval what the link of its space to sign in leads to, where it has one. A template needs the
/// ids as they are, also where it cannot print them.
pub(super) fn spaces(case: &Case, assurance: &Assurance) -> Vec<Option<String>> {
    let mut spaces = vec![None; assurance.approvals.len()];
    for (index, signatory) in signatories(case, assurance) {
        spaces[index] = Some(format!("{PLACEHOLDER}{}", signatory.id));
    }
    spaces
}

/// Each person of the case whose approval of the report is required, once, with the place among all approvals.
fn signatories<'a>(
    case: &'a Case,
    assurance: &'a Assurance,
) -> impl Iterator<Item = (usize, ReportSignatory)> + 'a {
    let of_report = |index: usize| assurance.approvals[index].document == ApprovedDocument::Cscr;
    let person = |index: usize| assurance.approvals[index].person.as_deref();
    let is_first =
        move |index: usize| !(0..index).any(|other| of_report(other) && person(other) == person(index));
    assurance.approvals.iter().enumerate().filter_map(move |(index, approval)| {
        let id = approval.person.as_deref().filter(|id| !id.is_empty())?;
        let known = case.person(id).filter(|_| of_report(index) && is_first(index))?;
        let signatory = ReportSignatory {
            id: id.to_owned(),
            name: approval.name.clone(),
            role: approval.role.clone(),
            registration: approval.registration.clone(),
            registration_expires: known.registered().and_then(|registration| registration.expires),
        };
        Some((index, signatory))
    })
}
