//! Loading a case folder: the manifest, then every input that it names, put together into one case.
//!
//! An input that the manifest does not name was not given, even when a file of the usual name lies there;
//! that is noted, because it is more often a slip than a wish.

use super::approvals::Recorded;
use super::files::CaseFolder;
use super::hazard_log::{self, HazardLogInput, LogFiles, Mapping, RatedBy, ReadOptions};
use super::manifest::{FILE, Inputs, ResolvedManifest};
use super::received::log::SenderLog;
use super::received::{Adoption, Received};
use super::submission::Submission;
use super::supplement::Supplement;
use super::workbook::{Limits, Workbook};
use super::{
    InputError, LoadedCase, Reading, SourceFile, approvals, as_of, compliance, evidence, issues, narrative,
    outside_report, psa, received, risk_assessment, supplement, tom, waivers,
};
use crate::case::hazard::Evidence;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::{Case, Date, Place, Provenance};
use crate::parallel::side_by_side;
use std::collections::BTreeMap;
use std::path::Path;

/// Loads the case folder at a path. The as-of date is the given one, else the manifest's, else the latest
/// date of something that the inputs say has happened. Spreadsheets are read within the limits.
pub fn load(folder: &Path, as_of: Option<Date>, limits: &Limits) -> Result<LoadedCase, InputError> {
    read(&CaseFolder::open(folder)?, as_of, limits)
}

/// The same of a case folder that is open, and whose trace then knows every input of the case.
pub fn read(folder: &CaseFolder, as_of: Option<Date>, limits: &Limits) -> Result<LoadedCase, InputError> {
    let mut assembly = Assembly::begin(folder.clone(), *limits)?;
    // The hazard log is most of the work; of the rest these two grow with it.
    let (log, (risk_assessment, evidence)) = side_by_side(
        || assembly.read_hazard_log(),
        || {
            let inputs = &assembly.inputs;
            let items =
                assembly.read("risk_assessment", inputs.risk_assessment.as_deref(), risk_assessment::read);
            (items, assembly.read("evidence", inputs.evidence.as_deref(), evidence::read))
        },
    );
    assembly.hazard_log(log?)?;
    assembly.tom()?;
    assembly.case.risk_assessment = assembly.keep(risk_assessment?);
    assembly.psa()?;
    assembly.evidence(evidence?);
    assembly.received()?;
    assembly.outside_report()?;
    assembly.compliance()?;
    let recorded = approvals::read(&assembly.folder, &assembly.case.people)?;
    let Recorded { approvals, mut snapshots } = assembly.keep(recorded);
    let issues = issues::read(&assembly.folder, &assembly.case, &mut snapshots)?;
    let issues = assembly.keep(issues);
    assembly.waivers()?;
    assembly.narrative()?;
    assembly.note_unnamed_inputs();
    assembly.quote_lines();

    let as_of = as_of.or(assembly.as_of).or_else(|| as_of::latest(&assembly.case, &approvals));
    let as_of = as_of.ok_or_else(|| {
        InputError::new("No input holds a date that the case could be judged by").at(Place::file(FILE)).hint(
            "give one with --as-of, such as --as-of 2026-09-14, or write as_of = 2026-09-14 in case.toml",
        )
    })?;
    let Assembly { case, provenance, observations, sources, inputs, submission, .. } = assembly;
    Ok(LoadedCase {
        case,
        provenance,
        observations,
        approvals,
        snapshots,
        issues,
        as_of,
        inputs,
        submission,
        sources,
    })
}

/// The hazard log and what is written beside it, as they were read.
struct LogReading {
    supplement: Option<Supplement>,
    log: Option<(HazardLogInput, Vec<SourceFile>)>,
}

/// A case while its inputs are read.
struct Assembly {
    folder: CaseFolder,
    limits: Limits,
    inputs: Inputs,
    submission: Submission,
    hazard_logs: Vec<SenderLog>,
    /// What hazards of the own log are said to adopt.
    adoptions: Vec<Adoption>,
    as_of: Option<Date>,
    case: Case,
    provenance: Provenance,
    observations: Vec<Observation>,
    sources: Vec<SourceFile>,
}

impl Assembly {
    fn begin(folder: CaseFolder, limits: Limits) -> Result<Self, InputError> {
        let ResolvedManifest {
            case,
            provenance,
            observations,
            as_of,
            inputs,
            submission,
            hazard_logs,
            clauses_file,
        } = ResolvedManifest::read(&folder)?;
        let mut assembly = Self {
            folder,
            limits,
            inputs,
            submission,
            hazard_logs,
            adoptions: Vec::new(),
            as_of,
            case,
            provenance,
            observations,
            sources: Vec::new(),
        };
        // case.json names the table by its digest; its words are attached as they were given.
        if let Some(path) = clauses_file {
            let bytes = assembly.folder.read_bytes(&path)?;
            assembly.sources.push(source(&path, "Clause table", bytes));
        }
        Ok(assembly)
    }

    fn read_hazard_log(&self) -> Result<LogReading, InputError> {
        let supplement = match self.named("supplement", self.inputs.supplement.as_deref())? {
            Some(path) => Some(supplement::read(&self.folder, &path)?),
            None => None,
        };
        let policies: Vec<RiskPolicy> = self.case.policies().cloned().collect();
        let others = match &supplement {
            Some(supplement) => supplement::policies(supplement, &policies)?,
            None => BTreeMap::new(),
        };
        let log = match self.named("hazard_log", self.inputs.hazard_log.as_deref())? {
            Some(path) => {
                let options = ReadOptions { limits: self.limits, mapping: self.mapping()? };
                let files = LogFiles::in_case(&self.folder, &path, &options.limits)?;
                let rated_by = RatedBy::new(&policies[0], others).or_named(&policies);
                let input = hazard_log::read_files(&files, &options, &rated_by)?;
                let sources = files.into_files().into_iter();
                Some((input, sources.map(|(path, bytes)| source(&path, "Hazard log", bytes)).collect()))
            }
            None => None,
        };
        Ok(LogReading { supplement, log })
    }

    fn mapping(&self) -> Result<Option<Mapping>, InputError> {
        let path = self.named("mapping", self.inputs.mapping.as_deref())?;
        path.map(|path| self.parse_mapping(&path)).transpose()
    }

    fn parse_mapping(&self, path: &str) -> Result<Mapping, InputError> {
        Mapping::parse(path, &self.folder.read_text(path)?)
    }

    fn hazard_log(&mut self, LogReading { supplement, log }: LogReading) -> Result<(), InputError> {
        if let Some((HazardLogInput { log, provenance, observations, .. }, sources)) = log {
            self.case.hazard_log = self.keep((log, provenance, observations));
            self.sources.extend(sources);
        }
        if let Some(supplement) = &supplement {
            self.provenance.extend(supplement::apply(supplement, &mut self.case.hazard_log)?);
            self.adoptions = supplement::adoptions(supplement);
        }
        Ok(())
    }

    fn tom(&mut self) -> Result<(), InputError> {
        let Some(path) = self.named("tom", self.inputs.tom.as_deref())? else { return self.scal() };
        let reading = if psa::is_toml(&path) {
            let reading = tom::read_toml(&self.folder, &path)?;
            let bytes = self.folder.read_bytes(&path)?;
            self.sources.push(source(&path, "Target Operating Model, clinical safety answers", bytes));
            reading
        } else {
            let (workbook, source) = self.workbook(&path, "Target Operating Model workbook")?;
            self.sources.push(source);
            tom::read_workbook(&workbook)?
        };
        self.case.tom = Some(self.keep(reading));
        self.scal()
    }

    /// What a SCAL answers of the TOM's questions, beside the TOM or in its place.
    fn scal(&mut self) -> Result<(), InputError> {
        if let Some(path) = self.named("scal", self.inputs.scal.as_deref())? {
            let (workbook, source) = self.workbook(&path, "Supplier Conformance Assessment List")?;
            self.sources.push(source);
            let reading = tom::scal::beside(self.case.tom.take(), tom::scal::read(&workbook)?);
            self.case.tom = Some(self.keep(reading));
        }
        Ok(())
    }

    fn psa(&mut self) -> Result<(), InputError> {
        if let Some(path) = self.named("psa", self.inputs.psa.as_deref())? {
            let reading = psa::read(&self.folder, &path, &self.case.people, &self.limits)?;
            self.case.psa = self.keep(reading);
        }
        Ok(())
    }

    fn evidence(&mut self, reading: Reading<Vec<Evidence>>) {
        self.case.evidence = self.keep(reading);
        let noted = evidence::apply(&self.case.evidence, &mut self.case.hazard_log, &self.provenance);
        self.observations.extend(noted);
    }

    fn received(&mut self) -> Result<(), InputError> {
        let logs = std::mem::take(&mut self.hazard_logs);
        let mut of_logs = Vec::new();
        for log in &logs {
            let place = self.provenance.place(&format!("hazard_logs/{}/file", log.id));
            let path = self.present("file", &log.file, place)?;
            let mapping = match &log.mapping {
                Some(mapping) => {
                    let place = self.provenance.place(&format!("hazard_logs/{}/mapping", log.id));
                    Some(self.parse_mapping(&self.present("mapping", mapping, place)?)?)
                }
                None => None,
            };
            let options = ReadOptions { limits: self.limits, mapping };
            let files = LogFiles::in_case(&self.folder, &path, &options.limits)?;
            let reading = received::log::read(log, &files, &options, &self.case.risk_policy)?;
            of_logs.extend(self.keep(reading));
            let description = format!("Hazard log of {}", log.from);
            let files = files.into_files().into_iter();
            self.sources.extend(files.map(|(path, bytes)| source(&path, &description, bytes)));
        }
        let mut received = match self.named("received", self.inputs.received.as_deref())? {
            Some(path) => {
                let reading = received::read(&self.folder, &path, &logs, of_logs)?;
                self.keep(reading)
            }
            None => Received { hazards: of_logs, ..Received::default() },
        };
        received::adopt(&mut received.hazards, &self.adoptions, &mut self.provenance)?;
        self.case.received = received.hazards;
        self.case.nothing_from_manufacturer = received.nothing_from_manufacturer;
        Ok(())
    }

    fn outside_report(&mut self) -> Result<(), InputError> {
        if let Some(path) = self.named("outside_report", self.inputs.outside_report.as_deref())? {
            let reading = outside_report::read(&self.folder, &path)?;
            self.case.outside_report = Some(self.keep(reading));
        }
        Ok(())
    }

    fn compliance(&mut self) -> Result<(), InputError> {
        let reading = self.read("compliance", self.inputs.compliance.as_deref(), compliance::read)?;
        self.case.compliance = self.keep(reading);
        Ok(())
    }

    fn narrative(&mut self) -> Result<(), InputError> {
        if let Some(path) = self.named("narrative", self.inputs.narrative.as_deref())? {
            let reading = narrative::read(&self.folder, &path, &self.case)?;
            self.case.narrative = self.keep(reading);
        }
        Ok(())
    }

    fn waivers(&mut self) -> Result<(), InputError> {
        if let Some(path) = self.named("waivers", self.inputs.waivers.as_deref())? {
            let (waivers, places) = waivers::read(&self.folder, &path, &self.case.people)?;
            self.case.waivers = waivers;
            self.provenance.extend(places);
        }
        Ok(())
    }

    /// The path under a key of `[inputs]`, without a slash at its end; what it names must be there.
    fn named(&self, key: &str, path: Option<&str>) -> Result<Option<String>, InputError> {
        let place = || self.provenance.place(&format!("inputs/{key}"));
        path.map(|path| self.present(key, path, place())).transpose()
    }

    /// A path of the manifest, without a slash at its end; what it names must be there.
    fn present(&self, key: &str, path: &str, place: Option<Place>) -> Result<String, InputError> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let place = place.unwrap_or_else(|| Place::file(FILE));
        self.folder.locate(path).map_err(|error| error.at(place.clone()))?;
        if self.folder.has(path) {
            return Ok(path.to_owned());
        }
        Err(InputError::new(format!(
            "The case names {key} = \"{path}\", and there is no such file or folder"
        ))
        .at(place)
        .hint("put it into the case folder, correct the path, or take the line out if there is none yet"))
    }

    /// What a key of `[inputs]` names; nothing where it is not given.
    fn read<T: Default>(
        &self,
        key: &str,
        path: Option<&str>,
        read: impl Fn(&CaseFolder, &str) -> Result<Reading<T>, InputError>,
    ) -> Result<Reading<T>, InputError> {
        match self.named(key, path)? {
            Some(path) => read(&self.folder, &path),
            None => Ok(Reading::default()),
        }
    }

    fn spreadsheet(&self, path: &str) -> Result<Vec<u8>, InputError> {
        self.folder.read_spreadsheet(path, &self.limits)
    }

    fn workbook(&self, path: &str, description: &str) -> Result<(Workbook, SourceFile), InputError> {
        let bytes = self.spreadsheet(path)?;
        let workbook = Workbook::from_bytes(&bytes, path, &self.limits)?;
        Ok((workbook, source(path, description, bytes)))
    }

    fn keep<T>(&mut self, (value, provenance, observations): Reading<T>) -> T {
        self.provenance.extend(provenance);
        self.observations.extend(observations);
        value
    }

    /// Records the lines of every file that a value or an observation stands in, so that a finding can show them.
    fn quote_lines(&mut self) {
        let mut files = self.provenance.files_by_line();
        let noted = self.observations.iter().filter_map(|observation| observation.place.as_ref());
        files.extend(noted.filter(|place| place.line.is_some()).map(|place| place.file.clone()));
        for file in files {
            // What was read once can be read again; if not, there is one quote less.
            let Ok(text) = self.folder.read_text(&file) else { continue };
            self.provenance.quotes().record_lines(file.into(), &text);
        }
    }

    fn note_unnamed_inputs(&mut self) {
        let inputs = &self.inputs;
        let usual = [
            ("psa", "psa", inputs.psa.is_some()),
            ("narrative", "narrative", inputs.narrative.is_some()),
            ("risk_assessment", "risk-assessment.toml", inputs.risk_assessment.is_some()),
            ("evidence", "evidence.toml", inputs.evidence.is_some()),
            ("supplement", "supplement.toml", inputs.supplement.is_some()),
            ("waivers", "waivers.toml", inputs.waivers.is_some()),
            ("received", "received-hazards.toml", inputs.received.is_some()),
            ("compliance", "compliance.toml", inputs.compliance.is_some()),
            ("mapping", "mapping.toml", inputs.mapping.is_some()),
        ];
        for (key, path, is_named) in usual {
            if !is_named && self.folder.has(path) {
                self.observations.push(Observation {
                    kind: ObservationKind::Unused,
                    hazard: None,
                    place: Some(Place::file(path)),
                    message: format!(
                        "\"{path}\" is in the case folder, and [inputs] of {FILE} does not name it as {key}; it is not used."
                    ),
                });
            }
        }
    }
}

fn source(path: &str, description: &str, bytes: Vec<u8>) -> SourceFile {
    SourceFile { path: path.to_owned(), mime: mime(path), description: description.to_owned(), bytes }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("xlsm") => "application/vnd.ms-excel.sheet.macroEnabled.12",
        Some("xlsb") => "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        Some("xls") => "application/vnd.ms-excel",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        Some("csv") => "text/csv",
        Some("tsv") => "text/tab-separated-values",
        Some("md" | "markdown") => "text/markdown",
        Some("json") => "application/json",
        Some("toml") => "application/toml",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
pub(crate) mod tests;
