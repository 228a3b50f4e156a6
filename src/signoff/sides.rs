//! The two sides of a comparison, wherever each of them is: a case folder, an issue of one (`CASE@1.1`), a hazard log in
//! any layout, a `case.json`, a PDF that carries one, or a zip archive that holds either.
//!
//! What a thing is, is found out by what is in it. A hazard log alone says less than a case: held against one, the two
//! are compared by what both can say.

mod carried;
mod common;

use crate::assurance::assure;
use crate::case::digest::Digests;
use crate::case::matrix::RiskPolicy;
use crate::case::provenance::Place;
use crate::change::{ClinicalRisk, Comparison, Scope};
use crate::impact::{Impact, ImpactTold};
use crate::intake::files::CaseFolder;
use crate::intake::hazard_log::{self, LogFiles, RatedBy, ReadOptions};
use crate::intake::workbook::Limits;
use crate::intake::{InputError, LoadedCase};
use crate::signoff::history;
use serde::{Deserialize as _, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One side, as it is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// As it was named.
    pub name: String,
    /// What it is, such as `issue 1.1 of 14 September 2026`.
    pub what: String,
    pub product: Option<String>,
    pub release: Option<String>,
    /// Version of the hazard log.
    pub hazard_log_version: Option<String>,
    pub hazards: usize,
    /// Content digest of the report; a log alone has none.
    pub digest: Option<String>,
}

/// Two sides, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    pub old: Side,
    pub new: Side,
    /// What was not compared, and why; in sentences.
    pub notes: Vec<String>,
    /// The risk policies of the new side, the main one first, as the case has them.
    #[serde(skip)]
    pub policies: Vec<Value>,
    #[serde(flatten)]
    pub comparison: Comparison,
    /// Whether clinical risk seems changed, which follows from the comparison alone.
    pub clinical_risk: ClinicalRisk,
    /// What the change touches, which a case folder alone can be asked; none where the new side is something else.
    pub impact: Option<Impact>,
}

/// What was found where a side was named.
struct Found {
    name: String,
    what: String,
    content: Content,
    /// The case as it was read, of a case folder.
    loaded: Option<Box<LoadedCase>>,
}

enum Content {
    /// A whole case, in its canonical form.
    Case(Value),
    /// A hazard log, which is read by the risk policies of the other side.
    Log(LogFiles),
}

/// Compares two sides, each named as on the command line.
///
/// # Errors
/// If there is nothing of that name, it is neither a case nor a hazard log, or it is beyond the limits.
pub fn compare(old: &str, new: &str, limits: &Limits) -> Result<Compared, InputError> {
    let found = |named: &str| find(named, limits).map_err(|error| of_side(named, error));
    let (old, new) = (found(old)?, found(new)?);
    let policies = policies(&old.content).or_else(|| policies(&new.content));
    let policies = policies.unwrap_or_else(|| vec![RiskPolicy::nhs()]);
    let read =
        |side: &Found| side.content.read(&policies, limits).map_err(|error| of_side(&side.name, error));
    let (mut before, mut after) = (read(&old)?, read(&new)?);
    let is_log = |content: &Content| matches!(content, Content::Log(_));
    let sides = (old.told(&before), new.told(&after));
    let (scope, notes) = match (is_log(&old.content), is_log(&new.content)) {
        (false, false) => (Scope::Case, Vec::new()),
        (true, true) => (Scope::HazardLog, Vec::new()),
        (true, false) => (Scope::HazardLog, common::reduce(&mut after, &mut before, &new.name, &old.name)),
        (false, true) => (Scope::HazardLog, common::reduce(&mut before, &mut after, &old.name, &new.name)),
    };
    let comparison = Comparison::between(&before, &after, scope);
    let impact = new.loaded.as_deref().map(|loaded| impact(&comparison, &before, loaded));
    let policies = stated_policies(&after);
    let clinical_risk = ClinicalRisk::of(&comparison);
    Ok(Compared { old: sides.0, new: sides.1, notes, policies, comparison, clinical_risk, impact })
}

impl Compared {
    /// What the change touches, in words; of a new side that is no case folder, as much as the comparison says.
    #[must_use]
    pub fn told(&self) -> ImpactTold {
        let Some(impact) = &self.impact else {
            let why = format!(
                "What else the change touches (approvals, clauses, sections, other hazards, reviews, and what is decided) is asked of a case folder as the new side; {} is another thing ({}), so there is no case to ask.",
                self.new.name, self.new.what
            );
            return ImpactTold::without_case(&self.clinical_risk, why);
        };
        let is_issue = self.old.what.starts_with("issue ");
        let old =
            if is_issue { self.old.what.clone() } else { format!("{} ({})", self.old.name, self.old.what) };
        ImpactTold::of(impact, &old)
    }
}

/// A hazard log held against the log of a canonical case, which is the old side, by what both can say.
///
/// # Errors
/// If it is no hazard log, or is beyond the limits.
pub fn log_of_case(case: &Value, log: &LogFiles, limits: &Limits) -> Result<Comparison, InputError> {
    let (mut before, log) = (case.clone(), Content::Log(log.clone()));
    let policies = policies_of(case).unwrap_or_else(|| vec![RiskPolicy::nhs()]);
    let mut after = log.read(&policies, limits)?;
    common::reduce(&mut before, &mut after, "the case", "the log");
    Ok(Comparison::between(&before, &after, Scope::HazardLog))
}

fn stated_policies(case: &Value) -> Vec<Value> {
    let further = case.get("risk_policies").and_then(Value::as_array);
    case.get("risk_policy").into_iter().chain(further.into_iter().flatten()).cloned().collect()
}

fn impact(comparison: &Comparison, old: &Value, loaded: &LoadedCase) -> Impact {
    Impact::of(comparison, old, &loaded.case, &assure(&super::subject(loaded)))
}

impl Content {
    fn read(&self, policies: &[RiskPolicy], limits: &Limits) -> Result<Value, InputError> {
        let files = match self {
            Self::Case(case) => return Ok(case.clone()),
            Self::Log(files) => files,
        };
        let nhs = RiskPolicy::nhs();
        let (main, further) = policies.split_first().unwrap_or((&nhs, &[]));
        let options = ReadOptions { limits: *limits, mapping: None };
        let input = hazard_log::read_files(files, &options, &RatedBy::from(main).or_named(further))?;
        Ok(json!({"hazard_log": input.log, "risk_policy": main, "risk_policies": further}))
    }
}

/// The policies of a case, the main one first.
fn policies(content: &Content) -> Option<Vec<RiskPolicy>> {
    let Content::Case(case) = content else { return None };
    policies_of(case)
}

fn policies_of(case: &Value) -> Option<Vec<RiskPolicy>> {
    let main = RiskPolicy::deserialize(case.get("risk_policy")?).ok()?;
    let further = case.get("risk_policies").and_then(Value::as_array).into_iter().flatten();
    let further = further.filter_map(|policy| RiskPolicy::deserialize(policy).ok());
    Some(std::iter::once(main).chain(further).collect())
}

impl Found {
    fn told(&self, case: &Value) -> Side {
        let text = |pointer: &str| case.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let hazards = case.pointer("/hazard_log/hazards").and_then(Value::as_array);
        let is_case = matches!(self.content, Content::Case(_));
        Side {
            name: self.name.clone(),
            what: self.what.clone(),
            product: text("/product/name"),
            release: text("/release/version"),
            hazard_log_version: text("/hazard_log/version"),
            hazards: hazards.map_or(0, Vec::len),
            digest: is_case.then(|| Digests::of_json(case).cscr),
        }
    }
}

fn find(named: &str, limits: &Limits) -> Result<Found, InputError> {
    let path = Path::new(named);
    let found = |what: &str, content| {
        Ok(Found { name: named.to_owned(), what: what.to_owned(), content, loaded: None })
    };
    if path.is_dir() {
        return if path.join("case.toml").is_file() {
            let loaded = crate::intake::folder::load(path, None, limits)?;
            let content = Content::Case(json_of(&loaded)?);
            found("case folder", content).map(|found| Found { loaded: Some(Box::new(loaded)), ..found })
        } else {
            found("hazard log, a page a hazard", Content::Log(LogFiles::open(path, limits)?))
        };
    }
    if !path.exists()
        && let Some((folder, version)) = issue(named)
    {
        let folder = CaseFolder::open(&folder)?;
        let issue = history::issue(&folder, &version)?;
        let what = format!("issue {} of {:#}", issue.version, issue.date);
        return found(&what, Content::Case(history::case_of(&folder, &issue)?));
    }
    let name = path.file_name().map_or_else(|| named.to_owned(), |name| name.to_string_lossy().into_owned());
    let bytes = limits.read_file(path, &name)?;
    match carried::case(&name, &bytes, limits)? {
        Some((what, case)) => found(&what, Content::Case(case)),
        None => found("hazard log", Content::Log(LogFiles::file(name, bytes))),
    }
}

/// Files of both sides often have the same name: where something is wrong is told by the side as it was named.
fn of_side(named: &str, mut error: InputError) -> InputError {
    let Some(place) = &mut error.place else { return error.at(Place::file(named)) };
    let path = Path::new(named);
    let within = |folder: &str| format!("{}/{}", folder.trim_end_matches(['/', '\\']), place.file);
    let name = path.file_name().map(|name| name.to_string_lossy());
    let file = match (name, issue(named)) {
        _ if place.file == named => return error,
        _ if path.is_dir() => within(named),
        (_, Some((folder, _))) if !path.exists() => within(&folder.to_string_lossy()),
        (Some(name), _) if place.file == *name => named.to_owned(),
        // What stands in an archive or a report has a name of its own there.
        (Some(name), _) => match place.file.strip_prefix(&*name) {
            Some(rest) => format!("{named}{rest}"),
            None => format!("{named}, {}", place.file),
        },
        _ => within(named),
    };
    place.file = file.into();
    error
}

/// The folder and the version of `CASE@1.1`.
fn issue(named: &str) -> Option<(PathBuf, String)> {
    let (folder, version) = named.rsplit_once('@')?;
    (!folder.is_empty() && !version.is_empty()).then(|| (folder.into(), version.to_owned()))
}

fn json_of(loaded: &LoadedCase) -> Result<Value, InputError> {
    serde_json::to_value(&loaded.case)
        .map_err(|error| InputError::new(format!("The case has no JSON form: {error}")))
}

#[cfg(test)]
mod tests;
