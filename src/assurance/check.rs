//! A check: one small definition, from which the findings, the console, the PDF and the reference page
//! all take their words.
//!
//! A check says what it looks for, why that matters and what to do about it, once. Its functions only look
//! and note what they saw: a [`Hit`] names a hazard, says a sentence and gives the path of the value that it
//! is about. Level, clause, title and remedy come from the definition; the place comes from the provenance
//! of that path. So a check knows nothing of spreadsheets, and no finding can word its title in its own way.
//!
//! What a function is given says what it needs. [`Run::Log`] sees a hazard log and nothing else,
//! so it can run when a log is read alone; [`Run::Case`] sees the whole case; [`Run::Text`] sees every text that
//! somebody wrote, one at a time, of whichever of the two is being judged. [`Run::Clauses`] sees the clauses of the
//! standard with what those found, and [`Run::Waivers`] what became of the waivers once all others have run.

use super::approvals::Approvals;
use super::clauses::{self, ClauseRow, Scene};
use super::cross_reference::{AbsentEvidence, CrossReference};
use super::finding::{Finding, Level};
use super::graph::Graph;
use super::nhs_number::mask_nhs_numbers;
use super::parallel::{each, side_by_side};
use super::text::{self, Text, Texts};
use super::waivers::{self, Record, Waivers};
use super::{Digests, LogSubject, NotApplicable, Subject};
use crate::case::hazard_log::HazardLog;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::quote::Quote;
use crate::case::{Place, Provenance};
use serde::Serialize;
use std::collections::HashMap;

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    /// Stable: it is never given to another check.
    pub id: &'static str,
    pub level: Level,
    /// Clause of the standard that asks for it, where one does; several are separated by a comma and a space.
    pub clause: Option<&'static str>,
    pub title: &'static str,
    /// Why it matters, for somebody who has not met the standard.
    pub why: &'static str,
    /// What to do about a finding, unless the finding itself knows better.
    pub remedy: &'static str,
    pub runs: &'static [Run],
}

/// What looks for a check's hits, and what it has to be given.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    Log(fn(&LogSubject<'_>, &mut Outcome)),
    Case(fn(&Examined<'_>, &mut Outcome)),
    /// Sees what all other checks found, clause by clause.
    Clauses(fn(&Examined<'_>, &[ClauseRow], &mut Outcome)),
    Text(fn(&Text<'_>, &mut Outcome)),
    Waivers(fn(&Waivers<'_>, &mut Outcome)),
}

/// What must be at hand before a check can say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    HazardLog,
    Case,
}

impl Check {
    /// A check of the scope [`Scope::HazardLog`] runs on a log alone too.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let needs_case =
            self.runs.iter().all(|run| matches!(run, Run::Case(_) | Run::Clauses(_) | Run::Waivers(_)));
        if needs_case { Scope::Case } else { Scope::HazardLog }
    }
}

/// Checks that belong together.
#[derive(Debug)]
pub struct Group {
    pub title: &'static str,
    pub checks: &'static [Check],
}

/// A case with what several checks and the verdict need of it, worked out once.
#[derive(Debug)]
pub struct Examined<'a> {
    pub subject: Subject<'a>,
    pub digests: Digests,
    pub approvals: Approvals,
    pub graph: Graph,
    /// Evidence that is named and not there.
    pub absent: AbsentEvidence<'a>,
    pub cross_reference: CrossReference,
}

impl<'a> Examined<'a> {
    #[must_use]
    pub fn of(subject: &Subject<'a>) -> Self {
        let absent = AbsentEvidence::of(subject);
        let (digests, (graph, cross_reference)) = side_by_side(
            || Digests::of(subject.case),
            || {
                let graph = Graph::of(subject.case);
                let cross_reference = CrossReference::of(subject, &graph, &absent);
                (graph, cross_reference)
            },
        );
        Self {
            subject: *subject,
            approvals: Approvals::of(subject, &digests),
            graph,
            absent,
            cross_reference,
            digests,
        }
    }
}

/// Something that a check saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    hazard: Option<String>,
    message: String,
    remedy: Option<String>,
    at: At,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// Path of a value, as [`Provenance`] has it.
    Path(String),
    /// A place that intake itself gave.
    Place(Option<Place>),
}

impl Hit {
    /// A hit on the value at this path.
    #[must_use]
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { hazard: None, message: message.into(), remedy: None, at: At::Path(path.into()) }
    }

    /// A hit on a value of a hazard: `field` is its path below the hazard, empty for the hazard as a whole.
    #[must_use]
    pub fn hazard(key: &str, field: &str, message: impl Into<String>) -> Self {
        let path = if field.is_empty() { format!("hazards/{key}") } else { format!("hazards/{key}/{field}") };
        Self { hazard: Some(key.to_owned()), ..Self::at(path, message) }
    }

    /// A hit on a text; `says` is given where the text stands, in words.
    #[must_use]
    pub fn text(text: &Text<'_>, says: impl FnOnce(&str) -> String) -> Self {
        let path = text.path();
        let message = says(&text::whereabouts(&path));
        Self { hazard: text.hazard().map(str::to_owned), ..Self::at(path, message) }
    }

    #[must_use]
    pub fn of_hazard(self, key: Option<&str>) -> Self {
        Self { hazard: key.map(str::to_owned), ..self }
    }

    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

impl From<&Observation> for Hit {
    fn from(observation: &Observation) -> Self {
        Self {
            hazard: observation.hazard.clone(),
            message: observation.message.clone(),
            remedy: None,
            at: At::Place(observation.place.clone()),
        }
    }
}

/// What a check has to say: its hits, and where the standard exempts something from it.
#[derive(Debug, Default)]
pub struct Outcome {
    hits: Vec<Hit>,
    exempt: Vec<(String, String)>,
}

impl Outcome {
    pub fn hit(&mut self, hit: Hit) {
        self.hits.push(hit);
    }

    /// Turns what intake noticed into hits.
    pub fn observed(&mut self, subject: &LogSubject<'_>, kinds: &[ObservationKind]) {
        let wanted = subject.observations.iter().filter(|observation| kinds.contains(&observation.kind));
        self.hits.extend(wanted.map(Hit::from));
    }

    /// The check does not apply to this hazard, and why: said, rather than passed over in silence.
    pub fn not_applicable(&mut self, hazard: &str, because: impl Into<String>) {
        self.exempt.push((hazard.to_owned(), because.into()));
    }
}

/// What all checks together have to say, in the order that it is printed in.
#[derive(Debug, Default)]
pub struct Judgement {
    pub findings: Vec<Finding>,
    pub not_applicable: Vec<NotApplicable>,
    pub waivers: Vec<Record>,
    /// None where a log is read alone.
    pub clauses: Vec<ClauseRow>,
}

/// Runs every check of these groups on a case: first those that look at the case, then those that look at what
/// the others found.
#[must_use]
pub fn judge_case(groups: &[Group], examined: &Examined<'_>) -> Judgement {
    let subject = &examined.subject;
    let log = subject.log();
    let texts = Texts::of_case(subject.case);
    let mut judgement = judge(groups, &log, |run, outcome| match run {
        Run::Log(look) => look(&log, outcome),
        Run::Case(look) => look(examined, outcome),
        Run::Text(look) => texts.iter().for_each(|text| look(&text, outcome)),
        Run::Clauses(_) | Run::Waivers(_) => {}
    });
    // A clause is not held back by what somebody lets stand.
    waivers::apply(subject.case, subject.as_of, &mut judgement.findings);
    let rows = clauses::rows(&Scene { examined, findings: &judgement.findings });
    let on_clauses = judge(groups, &log, |run, outcome| {
        if let Run::Clauses(look) = run {
            look(examined, &rows, outcome);
        }
    });
    judgement.findings.extend(on_clauses.findings);
    judgement.clauses = rows;
    let waivers = waivers::apply(subject.case, subject.as_of, &mut judgement.findings);
    let on_waivers = judge(groups, &log, |run, outcome| {
        if let Run::Waivers(look) = run {
            look(&waivers, outcome);
        }
    });
    judgement.findings.extend(on_waivers.findings);
    judgement.waivers = waivers.records();
    sort(&mut judgement.findings, groups, log.log);
    judgement
}

/// Runs those checks of these groups that a hazard log alone can answer.
#[must_use]
pub fn judge_log(groups: &[Group], log: &LogSubject<'_>) -> Judgement {
    let texts = Texts::of_log(log.log);
    judge(groups, log, |run, outcome| match run {
        Run::Log(look) => look(log, outcome),
        Run::Case(_) | Run::Clauses(_) | Run::Waivers(_) => {}
        Run::Text(look) => texts.iter().for_each(|text| look(&text, outcome)),
    })
}

fn judge(groups: &[Group], log: &LogSubject<'_>, look: impl Fn(Run, &mut Outcome) + Sync) -> Judgement {
    let mut judgement = Judgement::default();
    let checks: Vec<&Check> = groups.iter().flat_map(|group| group.checks).collect();
    let outcomes = each(&checks, |check| {
        let mut outcome = Outcome::default();
        check.runs.iter().for_each(|run| look(*run, &mut outcome));
        outcome
    });
    for (check, outcome) in checks.into_iter().zip(outcomes) {
        judgement.findings.extend(outcome.hits.into_iter().map(|hit| finding(check, hit, log.provenance)));
        judgement.not_applicable.extend(outcome.exempt.into_iter().map(|(hazard, because)| NotApplicable {
            check: check.id,
            title: check.title,
            hazard,
            because,
        }));
    }
    sort(&mut judgement.findings, groups, log.log);
    judgement
}

/// A hit as the finding that its check makes of it.
pub(super) fn finding(check: &Check, hit: Hit, provenance: &Provenance) -> Finding {
    let (about, source) = match hit.at {
        At::Path(path) => {
            let source = place(provenance, &path);
            (Some(path), source)
        }
        At::Place(place) => (None, place),
    };
    Finding {
        check: check.id,
        level: check.level,
        clause: check.clause,
        title: check.title,
        hazard: hit.hazard,
        message: mask_nhs_numbers(&hit.message).into_owned(),
        remedy: mask_nhs_numbers(hit.remedy.as_deref().unwrap_or(check.remedy)).into_owned(),
        quote: source.as_ref().and_then(|place| quote(provenance, place)),
        about,
        source,
        waived: None,
    }
}

/// What stands at a place, without the patients' numbers in it.
fn quote(provenance: &Provenance, place: &Place) -> Option<Quote> {
    let quote = provenance.quote(place)?;
    Some(Quote { text: mask_nhs_numbers(&quote.text).into_owned(), ..quote })
}

/// The place of a path; what no input of its own holds is in the case file.
fn place(provenance: &Provenance, path: &str) -> Option<Place> {
    const OWN_INPUT: [&str; 12] = [
        "hazards",
        "hazard_log",
        "tom",
        "psa",
        "risk_assessment",
        "evidence",
        "narrative",
        "waivers",
        "compliance",
        "received",
        "outside_report",
        "printed",
    ];
    let of_case = || {
        let input = path.split('/').next().unwrap_or_default();
        (!OWN_INPUT.contains(&input)).then(|| provenance.place("case")).flatten()
    };
    provenance.place(path).or_else(of_case).cloned()
}

/// By level, check, hazard (those of no hazard first) and place.
fn sort(findings: &mut [Finding], groups: &[Group], log: &HazardLog) {
    let checks: HashMap<&str, usize> =
        groups.iter().flat_map(|group| group.checks).map(|check| check.id).zip(0..).collect();
    let hazards: HashMap<&str, usize> =
        log.hazards.iter().map(|hazard| hazard.key.as_str()).zip(1..).collect();
    findings.sort_by_cached_key(|finding| {
        let hazard = finding.hazard.as_deref().map_or(0, |key| *hazards.get(key).unwrap_or(&usize::MAX));
        (
            finding.level,
            checks.get(finding.check).copied(),
            hazard,
            finding.source.as_ref().map(reading_order),
        )
    });
}

/// Order in which a reader meets places: file, sheet, row, column, line.
fn reading_order(place: &Place) -> (String, Option<String>, u32, usize, String, Option<usize>) {
    let cell = place.cell.as_deref().unwrap_or_default();
    let cell = cell.split(':').next().unwrap_or_default();
    let column: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    let row = cell[column.len()..].parse().unwrap_or_default();
    (place.file.clone(), place.sheet.clone(), row, column.len(), column, place.line)
}

#[cfg(test)]
mod growth;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::assure;
    use crate::assurance::testing::{Fixture, rating, some};

    #[test]
    fn findings_are_sorted_by_level_check_hazard_and_place() {
        let mut fixture = Fixture::with(|fixture| {
            fixture.case.post_deployment = None;
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.residual = rating("Major", "High", 5);
                hazard.name = some("TBC");
            }
        });
        // The log's order counts, not that of the keys.
        fixture.case.hazard_log.hazards.reverse();
        let findings = assure(&fixture.subject()).findings;
        let order: Vec<(&str, Option<&str>)> =
            findings.iter().map(|finding| (finding.check, finding.hazard.as_deref())).collect();
        assert_eq!(
            order,
            [
                ("A9", Some("H02")),
                ("A9", Some("H01")),
                ("B5", Some("H02")),
                ("B5", Some("H01")),
                ("C7", Some("H02")),
                ("C7", Some("H01")),
                ("C11", Some("H02")),
                ("C11", Some("H01")),
                ("F1", None),
                ("F2", None),
                ("A3", Some("H01")),
                ("F16", None),
            ]
        );
    }

    #[test]
    fn cells_are_read_row_by_row() {
        let mut places: Vec<Place> = ["B10", "AA2", "B2", "A34:Q34", "C2"]
            .map(|cell| Place::cell("log.xlsx", "Hazard Log", cell))
            .into();
        places.sort_by_key(reading_order);
        let cells: Vec<&str> = places.iter().filter_map(|place| place.cell.as_deref()).collect();
        assert_eq!(cells, ["B2", "C2", "AA2", "B10", "A34:Q34"]);
    }

    #[test]
    fn what_no_other_input_holds_is_in_the_case_file() {
        let provenance = Fixture::new().provenance;
        let at = |path: &str| place(&provenance, path).map(|place| place.to_string());
        assert_eq!(at("system/intended_use").as_deref(), Some("case.toml"));
        assert_eq!(at("psa/PSA-1").as_deref(), Some("psa/1.toml"));
        assert_eq!(at("narrative/introduction"), None);
    }

    #[test]
    fn only_checks_of_the_log_run_on_a_log_alone() {
        let fixture = Fixture::with(|fixture| {
            fixture.hazard().residual = rating("Major", "High", 4);
            fixture.case.psa.clear();
        });
        let findings = fixture.imported();
        let checks: Vec<&str> = findings.iter().map(|finding| finding.check).collect();
        assert_eq!(checks, ["C7"]);
        let scope = |id: &str| crate::assurance::checks::check(id).map(Check::scope);
        assert_eq!(scope("C7"), Some(Scope::HazardLog));
        assert_eq!(scope("F9"), Some(Scope::HazardLog));
        assert_eq!(scope("E7"), Some(Scope::Case));
    }
}
