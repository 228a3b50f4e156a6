//! What a batch builds, before anything is built: each report with its request and its file.
//!
//! A file is named from `case.toml` alone, so that a thousand names are known in a moment; a pattern that asks for more
//! has the whole case read. Two reports that would be written to one file are refused here.

use super::cases::{self, Found};
use super::{Job, Shard};
use crate::build::Request;
use crate::case::Case;
use crate::case::digest::sha256_hex;
use crate::intake::InputError;
use crate::intake::batch_file::{self, BatchFile, Wanted};
use crate::intake::files::CaseFolder;
use crate::intake::folder;
use crate::intake::manifest::ResolvedManifest;
use crate::intake::toml_input::Lines;
use crate::intake::workbook::Limits;
use crate::parallel;
use crate::report::{RenderOptions, ReportError, Template, Templates, file_name};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The template of whoever names none.
const TEMPLATE: &str = "ers-cscr";

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Case folders, folders of them, patterns, and batch files.
    pub paths: Vec<String>,
    /// What goes before anything that a batch file wishes.
    pub wanted: Wanted,
    pub limits: Limits,
    /// Where reports go.
    pub out: PathBuf,
}

/// What a batch builds.
#[derive(Debug)]
pub struct Plan {
    /// Names of the cases, in order.
    pub cases: Vec<String>,
    /// In the order of the cases, and of the templates of each.
    pub jobs: Vec<Job>,
    /// Folders beside cases that are none.
    pub left_out: Vec<PathBuf>,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    Input(InputError),
    Report(ReportError),
}

impl From<InputError> for PlanError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<ReportError> for PlanError {
    fn from(error: ReportError) -> Self {
        Self::Report(error)
    }
}

impl Plan {
    /// Finds the cases and names every report.
    pub fn of(asked: &Asked) -> Result<Self, PlanError> {
        let (files, paths): (Vec<String>, Vec<String>) =
            asked.paths.iter().cloned().partition(|path| is_batch_file(Path::new(path)));
        let mut left_out = Vec::new();
        let mut ordered: Vec<(Found, Wanted)> = Vec::new();
        if !paths.is_empty() {
            let found = cases::find(Path::new(""), &paths, &asked.out)?;
            left_out.extend(found.left_out);
            ordered.extend(found.cases.into_iter().map(|case| (case, asked.wanted.clone())));
        }
        for file in files {
            let path = Path::new(&file);
            let (batch, lines) = batch_file::read(path)?;
            let base = path.parent().unwrap_or(Path::new("")).to_owned();
            let found = cases::find(&base, &batch.cases, &asked.out)?;
            left_out.extend(found.left_out);
            let wanted = wishes(&batch.anchored(&base), &lines, &found.cases, &asked.wanted)?;
            ordered.extend(found.cases.into_iter().zip(wanted));
        }
        ordered.sort_by(|(a, _), (b, _)| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        ordered.dedup();
        let found: Vec<Found> = ordered.iter().map(|(case, _)| case.clone()).collect();
        cases::refuse_equal_names(&found)?;
        let jobs = jobs(&ordered, &asked.limits)?;
        refuse_equal_files(&jobs)?;
        let mut names: Vec<String> = found.into_iter().map(|case| case.name).collect();
        names.dedup();
        Ok(Self { cases: names, jobs, left_out })
    }

    /// A digest of what is asked for each case, wherever its files are: shards of one batch have the same.
    #[must_use]
    pub fn digest(&self) -> String {
        let asked = self.jobs.iter().map(|job| {
            let Request { as_of, limits, release, since, options, .. } = &job.request;
            json!([job.case, job.template, as_of, limits, release, since, options])
        });
        sha256_hex(Value::Array(asked.collect()).to_string().as_bytes())
    }

    /// The reports of a shard.
    #[must_use]
    pub fn into_jobs(self, shard: Option<Shard>) -> Vec<Job> {
        let is_of_shard = |job: &Job| shard.is_none_or(|shard| shard.has(&self.cases, &job.case));
        self.jobs.into_iter().filter(is_of_shard).collect()
    }
}

fn is_batch_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml") && path.is_file()
}

/// What is wanted of each case of a batch file.
fn wishes(
    batch: &BatchFile,
    lines: &Lines,
    cases: &[Found],
    first: &Wanted,
) -> Result<Vec<Wanted>, InputError> {
    refuse_broken_patterns(batch, lines)?;
    let mut wishes = vec![batch.report.clone(); cases.len()];
    for (index, entry) in batch.overrides.iter().enumerate() {
        for (position, pattern) in entry.cases.iter().enumerate() {
            let at = || lines.place(&format!("overrides/{index}/cases/{position}"));
            let matcher = glob::Pattern::new(pattern).map_err(|error| {
                InputError::new(format!("\"{pattern}\" is no pattern of names: {}", error.msg))
                    .at(at())
                    .hint("* stands for a part of a name")
            })?;
            let mut any = false;
            for (case, wanted) in cases.iter().zip(&mut wishes) {
                if case.name == *pattern || matcher.matches(&case.name) {
                    *wanted = entry.report.clone().or(std::mem::take(wanted));
                    any = true;
                }
            }
            if !any {
                let known: Vec<&str> = cases.iter().map(|case| case.name.as_str()).take(8).collect();
                return Err(InputError::new(format!("No case of the batch is called \"{pattern}\""))
                    .at(at())
                    .hint(format!("correct it; there are {}", known.join(", "))));
            }
        }
    }
    Ok(wishes.into_iter().map(|wanted| first.clone().or(wanted)).collect())
}

fn refuse_broken_patterns(batch: &BatchFile, lines: &Lines) -> Result<(), InputError> {
    let overrides = batch.overrides.iter().enumerate();
    let overrides = overrides.map(|(index, entry)| (format!("overrides/{index}/report"), &entry.report));
    for (key, wanted) in [("report".to_owned(), &batch.report)].into_iter().chain(overrides) {
        if let Some(fault) = wanted.output.as_deref().and_then(file_name::fault_of_pattern) {
            return Err(InputError::new(format!("The name of the reports cannot be made: {fault}"))
                .at(lines.place(&format!("{key}/output")))
                .hint("values stand between {{ and }}, such as {{ name }} or {{ case.product.name }}"));
        }
    }
    Ok(())
}

/// The reports of the cases, each of which is wanted in some way.
fn jobs(ordered: &[(Found, Wanted)], limits: &Limits) -> Result<Vec<Job>, PlanError> {
    let mut templates: BTreeMap<(Option<PathBuf>, String), Template> = BTreeMap::new();
    let mut asked: Vec<(&Found, Request, Option<String>)> = Vec::new();
    for (case, wanted) in ordered {
        for name in wanted.templates.clone().unwrap_or_else(|| vec![TEMPLATE.to_owned()]) {
            let request = request(case, wanted, &name, limits);
            let key = (request.templates.clone(), request.template.clone());
            if let std::collections::btree_map::Entry::Vacant(entry) = templates.entry(key) {
                let all = request.templates.as_ref().map_or_else(Templates::embedded, Templates::with_folder);
                entry.insert(all.load(&request.template)?);
            }
            asked.push((case, request, wanted.output.clone()));
        }
    }
    let jobs = parallel::each(&asked, |(case, request, output)| {
        let key = (request.templates.clone(), request.template.clone());
        let template = templates.get(&key);
        let stem = stem(case, request, output.as_deref(), template);
        Job { case: case.name.clone(), template: label(&request.template), request: request.clone(), stem }
    });
    Ok(jobs)
}

fn request(case: &Found, wanted: &Wanted, template: &str, limits: &Limits) -> Request {
    Request {
        case: case.path.clone(),
        as_of: wanted.as_of,
        limits: *limits,
        template: template.to_owned(),
        templates: wanted.templates_folder.as_ref().map(PathBuf::from),
        fonts: wanted.fonts.iter().flatten().map(PathBuf::from).collect(),
        release: wanted.release.unwrap_or_default(),
        since: wanted.since.clone(),
        options: RenderOptions {
            include_source_log: !wanted.without_source_log.unwrap_or_default(),
            include_names: !wanted.without_names.unwrap_or_default(),
        },
    }
}

/// What a template is called: the last part of a folder.
fn label(template: &str) -> String {
    let name = Path::new(template).file_name();
    name.map_or_else(|| template.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The file of a report below the folder of the batch, without its ending.
fn stem(
    case: &Found,
    request: &Request,
    pattern: Option<&str>,
    template: Option<&Template>,
) -> Result<PathBuf, String> {
    let own = template.map_or("", |template| template.manifest().output.as_str());
    let named = name_of_file(case, request, pattern.unwrap_or(own))?;
    let file = named.strip_suffix(".pdf").unwrap_or(&named);
    // Without a pattern of the batch each case has a folder of its own, and the file the name that the template gives it.
    let folders = if pattern.is_some() { None } else { Some(case.name.as_str()) };
    let parts = folders.into_iter().flat_map(|name| name.split('/')).chain(file.split('/'));
    let mut path = PathBuf::new();
    for part in parts {
        let safe = file_name::safe(part);
        if safe.is_empty() {
            return Err(format!(
                "The report has no name: \"{named}\"\n  do: mend `output`, so that each part between / is a name"
            ));
        }
        path.push(safe);
    }
    Ok(path)
}

/// What a pattern makes of the case.
fn name_of_file(case: &Found, request: &Request, pattern: &str) -> Result<String, String> {
    let fill = |case_values: &Value| {
        let context = json!({ "case": case_values, "name": case.name, "template": label(&request.template) });
        file_name::of_pattern(pattern, &context)
    };
    // What is not case.toml's is not there yet, so that a pattern that asks for it is not filled with nothing.
    let read = || CaseFolder::open(&case.path).and_then(|folder| ResolvedManifest::read(&folder));
    let of_manifest = if pattern.contains("case") {
        match read() {
            Ok(manifest) => values(&manifest.case, &LATER),
            Err(error) => return Err(error.to_string()),
        }
    } else {
        Value::Null
    };
    fill(&of_manifest).or_else(|fault| {
        if of_manifest.is_null() {
            return Err(fault);
        }
        let whole = folder::load(&case.path, request.as_of, &request.limits);
        let whole = whole.map_err(|error| error.to_string())?;
        fill(&values(&whole.case, &[])).map_err(|fault| {
            format!("The name of the report cannot be made: {fault}\n  do: mend `output`: \"{pattern}\"")
        })
    })
}

/// What other inputs than case.toml tell.
const LATER: [&str; 10] = [
    "hazard_log",
    "tom",
    "risk_assessment",
    "psa",
    "evidence",
    "received",
    "outside_report",
    "compliance",
    "narrative",
    "waivers",
];

fn values(case: &Case, without: &[&str]) -> Value {
    let mut values = serde_json::to_value(case).unwrap_or_default();
    if let Some(values) = values.as_object_mut() {
        values.retain(|key, _| !without.contains(&key.as_str()));
    }
    values
}

/// Fails where two reports would go to one file, on this system or on another; names both.
fn refuse_equal_files(jobs: &[Job]) -> Result<(), InputError> {
    let mut taken: BTreeMap<String, &Job> = BTreeMap::new();
    for job in jobs {
        let Ok(stem) = &job.stem else { continue };
        let stem = stem.to_string_lossy().to_lowercase();
        for file in [format!("{stem}-draft"), stem] {
            if let Some(first) = taken.insert(file, job) {
                return Err(InputError::new(format!(
                    "Two reports would be written to one file, {}: of {} and of {}",
                    shown(job),
                    in_words(first),
                    in_words(job)
                ))
                .hint("put {{ name }} and {{ template }} into `output`, or leave it out: then each case has its own folder"));
            }
        }
    }
    Ok(())
}

fn shown(job: &Job) -> String {
    job.stem.as_ref().map(|stem| format!("{}.pdf", stem.display())).unwrap_or_default()
}

fn in_words(job: &Job) -> String {
    format!("\"{}\" (template {})", job.case, job.template)
}

#[cfg(test)]
mod tests;
