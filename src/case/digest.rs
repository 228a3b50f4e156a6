//! The canonical form of a case, and the digests over it.

use super::Case;
use super::approval::ApprovedDocument;
use super::canonical;
use super::hazard::Hazard;
use super::hazard_log::HazardLog;
use super::instead::Instead;
use super::matrix::RiskPolicy;
use super::plan::RiskManagementPlan;
use super::tom::Tom;
use super::waiver::Waiver;
use crate::parallel::{each, shares};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Canonical JSON: keys sorted, no clock, no machine paths, UTF-8, one line feed at the end.
#[must_use]
pub fn canonical_json<T: Serialize>(value: &T) -> String {
    String::from_utf8(canonical::pretty(value)).unwrap_or_default()
}

/// SHA-256 as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The content digest of each document: SHA-256 over what that document asserts ([`projection`]).
///
/// What approving and issuing a document change is outside it, so that approving a document does not change
/// what was approved. The content is compact JSON with sorted keys and without fields that hold nothing, in which the
/// list of the hazards holds the digest of each hazard in place of the hazard. A field that is added to a case later
/// is an `Option`, or is not written while it is empty: else every approval of before would be stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digests {
    pub cscr: String,
    pub hazard_log: String,
    pub plan: String,
    pub tom: String,
}

impl Digests {
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let hazards = digests_of(&case.hazard_log.hazards);
        let Case { hazard_log, plan, risk_policy, risk_policies, waivers, tom, .. } = case;
        let product = Named { name: &case.product.name };
        let release = Versioned { version: &case.release.version };
        Self {
            cscr: projected(ApprovedDocument::Cscr, &with_digests(case, &hazards)),
            hazard_log: projected(
                ApprovedDocument::HazardLog,
                &with_digests(&LogContent { hazard_log, risk_policy, risk_policies, waivers }, &hazards),
            ),
            plan: projected(ApprovedDocument::Plan, &PlanContent { plan, risk_policy, risk_policies }),
            tom: projected(ApprovedDocument::Tom, &TomContent { tom, product, release }),
        }
    }

    /// The same of the canonical JSON of a case, of whichever engine version.
    #[must_use]
    pub fn of_json(case: &Value) -> Self {
        let digest = |document| {
            let mut content = content(document, case);
            if let Some(Value::Array(hazards)) = content.pointer_mut("/hazard_log/hazards") {
                for hazard in hazards {
                    *hazard = Value::String(digest_of(hazard));
                }
            }
            digest_of(&content)
        };
        Self {
            cscr: digest(ApprovedDocument::Cscr),
            hazard_log: digest(ApprovedDocument::HazardLog),
            plan: digest(ApprovedDocument::Plan),
            tom: digest(ApprovedDocument::Tom),
        }
    }

    /// The digest of one document.
    #[must_use]
    pub fn document(&self, document: ApprovedDocument) -> &str {
        match document {
            ApprovedDocument::Cscr => &self.cscr,
            ApprovedDocument::HazardLog => &self.hazard_log,
            ApprovedDocument::Plan => &self.plan,
            ApprovedDocument::Tom => &self.tom,
        }
    }
}

/// Names on the way to a field of the canonical case; lists are passed through and not counted.
pub type FieldPath = &'static [&'static str];

/// What of a case a document asserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Projection {
    /// The parts that it asserts, with all that is in them; none for the whole case.
    pub covers: &'static [FieldPath],
    /// What in them it does not: what approving, issuing and reviewing change.
    pub leaves_out: &'static [FieldPath],
}

/// What of a case this document asserts.
#[must_use]
pub fn projection(document: ApprovedDocument) -> Projection {
    match document {
        ApprovedDocument::Cscr => Projection { covers: &[], leaves_out: &OF_DOCUMENTS_AND_PLAN },
        ApprovedDocument::HazardLog => Projection {
            covers: &[&["hazard_log"], &["risk_policies"], &["risk_policy"], &["waivers"]],
            leaves_out: &OF_DOCUMENTS_AND_PLAN,
        },
        ApprovedDocument::Plan => Projection {
            covers: &[&["plan"], &["risk_policies"], &["risk_policy"]],
            leaves_out: &[APPROVED_BY, APPROVED_ON, EVIDENCE_OF_ACTIVITIES],
        },
        ApprovedDocument::Tom => {
            Projection { covers: &[&["product", "name"], &["release", "version"], &["tom"]], leaves_out: &[] }
        }
    }
}

const HAZARDS: FieldPath = &["hazard_log", "hazards"];
const APPROVED_BY: FieldPath = &["plan", "approved_by"];
const APPROVED_ON: FieldPath = &["plan", "approved_on"];
/// That an activity was done is for the case to show, long after its plan was approved.
const EVIDENCE_OF_ACTIVITIES: FieldPath = &["plan", "activities", "evidence"];

/// The status, the revision history, which version reviewers and approvers saw and when, and who approved the plan.
const OF_DOCUMENTS_AND_PLAN: [FieldPath; 14] = [
    &["document", "status"],
    &["document", "revisions"],
    &["document", "reviewers", "date"],
    &["document", "reviewers", "version"],
    &["document", "approvers", "date"],
    &["document", "approvers", "version"],
    &["hazard_log", "status"],
    &["hazard_log", "revisions"],
    &["hazard_log", "reviewers", "date"],
    &["hazard_log", "reviewers", "version"],
    &["hazard_log", "approvers", "date"],
    &["hazard_log", "approvers", "version"],
    APPROVED_BY,
    APPROVED_ON,
];

/// The part of the canonical JSON of a case that a document asserts, with the paths that it has there.
#[must_use]
pub fn content(document: ApprovedDocument, case: &Value) -> Value {
    let Projection { covers, leaves_out } = projection(document);
    let mut content = if covers.is_empty() { case.clone() } else { Value::Object(Map::new()) };
    for path in covers {
        copy(path, case, &mut content);
    }
    for path in leaves_out {
        remove(path, &mut content);
    }
    content
}

fn copy(path: &[&str], from: &Value, to: &mut Value) {
    match path {
        [] => to.clone_from(from),
        [name, rest @ ..] => {
            if let Some(from) = from.get(name) {
                copy(rest, from, &mut to[*name]);
            }
        }
    }
}

fn remove(path: &[&str], from: &mut Value) {
    match (path, from) {
        (_, Value::Array(items)) => items.iter_mut().for_each(|item| remove(path, item)),
        ([name], Value::Object(members)) => {
            members.remove(*name);
        }
        ([name, rest @ ..], Value::Object(members)) => {
            if let Some(member) = members.get_mut(*name) {
                remove(rest, member);
            }
        }
        _ => {}
    }
}

#[derive(Serialize)]
struct LogContent<'a> {
    hazard_log: &'a HazardLog,
    risk_policy: &'a RiskPolicy,
    risk_policies: &'a [RiskPolicy],
    waivers: &'a [Waiver],
}

#[derive(Serialize)]
struct PlanContent<'a> {
    plan: &'a Option<RiskManagementPlan>,
    risk_policy: &'a RiskPolicy,
    risk_policies: &'a [RiskPolicy],
}

#[derive(Serialize)]
struct TomContent<'a> {
    tom: &'a Option<Tom>,
    product: Named<'a>,
    release: Versioned<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Versioned<'a> {
    version: &'a Option<String>,
}

/// A content that has these digests in the place of its hazards.
fn with_digests<'a, T>(value: &'a T, digests: &'a Vec<String>) -> Instead<'a, T, Vec<String>> {
    Instead { value, path: HAZARDS, other: digests }
}

/// The digest of a content without what the document leaves out.
fn projected<T: Serialize>(document: ApprovedDocument, content: &T) -> String {
    sha256_hex(&canonical::content(content, projection(document).leaves_out))
}

fn digest_of<T: Serialize>(content: &T) -> String {
    sha256_hex(&canonical::content(content, &[]))
}

/// The digest of each hazard: nearly all of a case is hazards.
fn digests_of(hazards: &[Hazard]) -> Vec<String> {
    each(&shares(hazards), |hazards| hazards.iter().map(digest_of).collect::<Vec<_>>()).concat()
}

#[cfg(test)]
mod tests;
