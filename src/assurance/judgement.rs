//! Judging: every check is run, and what it saw becomes findings, in the one order that every output prints.
//!
//! A [`Hit`] becomes a [`Finding`] here and nowhere else. Level, title and remedy are taken from the check's
//! definition, the clause from the table that the case is measured by, and the place from the provenance.

mod exemption;

use super::check::{At, Check, Exemption, Group, Hit, Outcome, Run};
use super::clauses::{self, ClauseRow, Scene};
use super::examined::Examined;
use super::finding::{Concerned, Finding};
use super::nhs_number::mask_nhs_numbers;
use super::text::Texts;
use super::waivers::{self, Record};
use super::{LogSubject, NotApplicable};
use crate::case::clause::ClauseTable;
use crate::case::hazard_log::HazardLog;
use crate::case::quote::Quote;
use crate::case::{Place, Provenance};
use crate::parallel::each;
use ecow::EcoString;
use std::collections::HashMap;

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
    let log = examined.log();
    let mut judgement = judge(groups, &log, |run, outcome| match run {
        Run::Log(look) => look(&log, outcome),
        Run::Case(look) => look(examined, outcome),
        Run::Text(look) => examined.texts.iter().for_each(|text| look(&text, outcome)),
        Run::Clauses(_) | Run::Waivers(_) => {}
    });
    // A clause is not held back by what somebody lets stand.
    let waivable_by = |id: &str| find(groups, id).map(Check::waivable_by);
    waivers::apply(subject.case, subject.as_of, waivable_by, &mut judgement.findings);
    let rows = clauses::rows(&Scene { examined, findings: &judgement.findings });
    let on_clauses = judge(groups, &log, |run, outcome| {
        if let Run::Clauses(look) = run {
            look(examined, &rows, outcome);
        }
    });
    judgement.findings.extend(on_clauses.findings);
    judgement.clauses = rows;
    let waivers = waivers::apply(subject.case, subject.as_of, waivable_by, &mut judgement.findings);
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
    let exempt_hazards = exemption::of(log.log, log.people);
    let checks: Vec<&Check> = groups.iter().flat_map(|group| group.checks).collect();
    let outcomes = each(&checks, |check| {
        let mut outcome = Outcome::default();
        check.runs.iter().for_each(|run| look(*run, &mut outcome));
        outcome
    });
    for (check, outcome) in checks.into_iter().zip(outcomes) {
        judgement.findings.extend(findings(check, outcome.hits, log.provenance, log.clause_table));
        debug_assert!(
            check.exempt.is_some() || outcome.exempt.is_empty(),
            "{} does not say whom it exempts",
            check.id
        );
        let silent = exemption::unsaid(check, &exempt_hazards, &outcome.exempt);
        let exempt = outcome.exempt.into_iter().chain(silent);
        judgement.not_applicable.extend(exempt.map(|exempt| not_applicable(check, exempt, log.clause_table)));
    }
    sort(&mut judgement.findings, groups, log.log);
    judgement
}

fn find<'a>(groups: &'a [Group], id: &str) -> Option<&'a Check> {
    groups.iter().flat_map(|group| group.checks).find(|check| check.id == id)
}

/// Hits as the findings that their check makes of them.
pub(super) fn findings(
    check: &Check,
    hits: Vec<Hit>,
    provenance: &Provenance,
    table: &ClauseTable,
) -> impl Iterator<Item = Finding> {
    let clause = check.clause.filter(|_| !hits.is_empty()).map(|clauses| clauses::cited(clauses, table));
    hits.into_iter().map(move |hit| finding(check, clause.clone(), hit, provenance))
}

fn not_applicable(check: &Check, exemption: Exemption, table: &ClauseTable) -> NotApplicable {
    let Exemption { hazard, what, clause, because } = exemption;
    let cited = clauses::cited(clause, table);
    let (because, reason) = match because {
        Some(reason) => (format!("{what} ({cited}): {reason}"), format!("{cited}: {reason}")),
        None => (format!("{what} ({cited})"), format!("{what} ({cited})")),
    };
    let [because, reason] = [because, reason].map(|text| mask_nhs_numbers(&text).into_owned());
    NotApplicable { check: check.id, title: check.title, hazard, because, reason }
}

fn finding(check: &Check, clause: Option<String>, hit: Hit, provenance: &Provenance) -> Finding {
    let (about, source) = match hit.at {
        At::Path(path) => {
            let on_line = hit.line.and_then(|line| provenance.place_of_line(&path, line));
            let source = on_line.or_else(|| place(provenance, &path));
            (Some(path), source)
        }
        At::Place(place) => (None, place),
    };
    let concerned = |hazard: String| {
        let source = provenance.place(&format!("hazards/{hazard}"));
        Concerned { hazard, source }
    };
    let hazards: Vec<Concerned> = hit.hazards.into_iter().map(concerned).collect();
    // What no input says has no place of its own.
    let source = source.or_else(|| hazards.first()?.source.clone());
    Finding {
        check: check.id,
        level: check.level,
        clause,
        title: check.title,
        hazard: hit.hazard,
        hazards,
        message: mask_nhs_numbers(&hit.message).into_owned(),
        how: if hit.remedy.is_some() { hit.how } else { check.how.map(str::to_owned) },
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
    provenance.place(path).or_else(of_case)
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
fn reading_order(place: &Place) -> (EcoString, Option<EcoString>, u32, usize, String, Option<usize>) {
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
    use crate::assurance::check::Scope;
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
                ("B5", Some("H02")),
                ("B5", Some("H01")),
                ("C7", Some("H02")),
                ("C7", Some("H01")),
                ("C11", Some("H02")),
                ("C11", Some("H01")),
                ("F1", None),
                ("F2", None),
                ("A9", Some("H02")),
                ("A9", Some("H01")),
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
