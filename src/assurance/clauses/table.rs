//! The rows: probes, findings and answers put together, clause by clause.

use super::answers;
use super::probes;
use super::{ClauseFinding, ClauseRow, ClauseState, Scene, Sight};
use crate::assurance::checks;
use crate::assurance::finding::Finding;
use crate::case::clause::{CheckedBy, Clause, ClauseGroup};
use crate::parallel::each;
use std::collections::{BTreeMap, HashMap};

pub(super) fn rows(scene: &Scene<'_>) -> Vec<ClauseRow> {
    let case = scene.examined.subject.case;
    let findings = by_clause(scene.findings);
    let of_clause = |number: &str| findings.get(number).map_or(&[][..], Vec::as_slice);
    let table = &case.clause_table;
    let clauses: Vec<(&ClauseGroup, &Clause)> = table
        .groups
        .iter()
        .flat_map(|group| group.clauses.iter().map(move |clause| (group, clause)))
        .collect();
    each(&clauses, |(group, clause)| {
        let findings = table.known_as(clause).map_or(&[][..], of_clause);
        let (mut row, seen) = row(scene, group, clause, findings);
        answers::set(
            &mut row,
            clause,
            &seen,
            case.compliance.iter().find(|answer| answer.clause == clause.number),
            &scene.examined.subject,
        );
        row
    })
}

/// The findings of the checks that name a clause of DCB0129, by that clause.
fn by_clause(findings: &[Finding]) -> BTreeMap<&str, Vec<&Finding>> {
    let named: HashMap<&str, &str> =
        checks::checks().filter_map(|check| Some((check.id, check.clause?))).collect();
    let mut by_clause: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let clauses = named.get(finding.check);
        for clause in clauses.iter().flat_map(|clauses| clauses.split(", ")) {
            by_clause.entry(clause).or_default().push(finding);
        }
    }
    by_clause
}

/// A row without its answer; and what the probes alone saw.
fn row(
    scene: &Scene<'_>,
    group: &ClauseGroup,
    clause: &Clause,
    findings: &[&Finding],
) -> (ClauseRow, ClauseState) {
    let sights: Vec<Sight> = clause.probes.iter().map(|probe| probes::look(*probe, scene)).collect();
    let mut anchors = Vec::new();
    let mut exempt = Vec::new();
    for sight in &sights {
        push_new(&mut anchors, &sight.anchors);
        push_new(&mut exempt, &sight.exempt);
    }
    let states: Vec<ClauseState> = sights.into_iter().map(|sight| sight.state).collect();
    let state = if states.is_empty() { unseen(clause) } else { together(states) };
    let findings = counted(findings);
    let row = ClauseRow {
        number: clause.number.clone(),
        table: scene.examined.subject.case.clause_table.name().to_owned(),
        group: group.number.clone(),
        heading: group.heading.clone(),
        requirement: clause.requirement.clone(),
        verified: scene.examined.subject.case.clause_table.verified,
        force: clause.force,
        checked_by: clause.checked_by,
        evidence_in: clause.evidence_in.clone(),
        state: limited(state.clone(), &findings),
        anchors,
        findings,
        exempt,
        answer: None,
        statement: None,
        by: None,
        on: None,
        disagreement: None,
        marks: Vec::new(),
    };
    (row, state)
}

fn push_new(all: &mut Vec<String>, some: &[String]) {
    for each in some {
        if !all.contains(each) {
            all.push(each.clone());
        }
    }
}

/// Nothing is looked at for the clause: said, and never taken for an answer.
fn unseen(clause: &Clause) -> ClauseState {
    let places: Vec<&str> = clause.evidence_in.iter().map(|place| place.words()).collect();
    let who = match clause.checked_by {
        CheckedBy::NobodyYet => "the case has no place for it",
        CheckedBy::Person | CheckedBy::Engine => "a person has to look",
    };
    ClauseState::NotLookedAt(format!("Its evidence lies in the {}; {who}", places.join(" and the ")))
}

/// The state that several sights have together.
///
/// What does not apply does not count beside what does; what is found beside what is lacking is partly found.
fn together(states: Vec<ClauseState>) -> ClauseState {
    use ClauseState::{
        AwaitingLaterPhase, EvidenceFound, NoneFound, NotApplicable, NotLookedAt, PartlyFound,
    };
    let applies = |state: &ClauseState| !matches!(state, NotApplicable(_));
    let some_apply = states.iter().any(applies);
    let counting: Vec<ClauseState> =
        states.into_iter().filter(|state| !some_apply || applies(state)).collect();
    let because = counting.iter().map(ClauseState::because).collect::<Vec<_>>().join(". ");
    let alike = |wanted: fn(&ClauseState) -> bool| counting.iter().all(wanted);
    if alike(|state| matches!(state, NotApplicable(_))) {
        NotApplicable(because)
    } else if alike(|state| matches!(state, EvidenceFound(_))) {
        EvidenceFound(because)
    } else if alike(|state| matches!(state, NoneFound(_))) {
        NoneFound(because)
    } else if alike(|state| matches!(state, AwaitingLaterPhase(_))) {
        AwaitingLaterPhase(because)
    } else if alike(|state| matches!(state, NotLookedAt(_))) {
        NotLookedAt(because)
    } else {
        PartlyFound(because)
    }
}

/// A clause that a blocking finding stands against is at best partly answered.
fn limited(state: ClauseState, findings: &[ClauseFinding]) -> ClauseState {
    let blocking: usize = findings.iter().map(ClauseFinding::blocking).sum();
    match state {
        ClauseState::EvidenceFound(because) if blocking > 0 => {
            let stand = if blocking == 1 { "a blocking finding stands" } else { "blocking findings stand" };
            ClauseState::PartlyFound(format!("{because}; {stand} against it"))
        }
        state => state,
    }
}

/// How many there are of each check, in the order that findings come in.
fn counted(findings: &[&Finding]) -> Vec<ClauseFinding> {
    let mut counted: Vec<ClauseFinding> = Vec::new();
    for finding in findings {
        let waived = usize::from(!finding.stands());
        if let Some(known) = counted.iter_mut().find(|known| known.check == finding.check) {
            known.count += 1;
            known.waived += waived;
        } else {
            let Finding { check, level, .. } = **finding;
            counted.push(ClauseFinding { check, level, count: 1, waived });
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::assure;
    use crate::assurance::clauses::ClauseCounts;
    use crate::assurance::testing::{Fixture, rating, some};

    fn row_of(fixture: &Fixture, number: &str) -> ClauseRow {
        let rows = assure(&fixture.subject()).clauses;
        rows.into_iter().find(|row| row.number == number).expect("a clause of the table")
    }

    #[test]
    fn every_clause_has_a_row_in_the_order_of_the_table() {
        let fixture = Fixture::new();
        let assurance = assure(&fixture.subject());
        let rows: Vec<&str> = assurance.clauses.iter().map(|row| row.number.as_str()).collect();
        let table: Vec<&str> = fixture.case.clause_table.clauses().map(|c| c.number.as_str()).collect();
        assert_eq!(rows, table);
        let counts = ClauseCounts::of(&assurance.clauses);
        assert_eq!(assurance.clause_counts, counts);
        let states = counts.evidence_found
            + counts.partly_found
            + counts.none_found
            + counts.awaiting
            + counts.not_applicable
            + counts.not_looked_at;
        assert_eq!((counts.clauses, states), (61, 61));
    }

    #[test]
    fn a_blocking_finding_keeps_a_clause_from_being_answered() {
        let row = row_of(&Fixture::approved(), "6.1.4");
        assert!(matches!(row.state, ClauseState::EvidenceFound(_)), "{row:?}");
        let row =
            row_of(&Fixture::with(|fixture| fixture.hazard().residual = rating("Major", "Low", 1)), "6.1.4");
        assert_eq!(
            row.state,
            ClauseState::PartlyFound(
                "Residual severity, likelihood and risk: 2 of 2 hazards; a blocking finding stands against it".to_owned()
            )
        );
        let findings: Vec<(&str, usize)> =
            row.findings.iter().map(|found| (found.check, found.count)).collect();
        assert_eq!(findings, [("B5", 1)]);
    }

    #[test]
    fn what_nobody_looks_at_never_reads_as_answered() {
        let row = row_of(&Fixture::approved(), "3.1.1");
        assert_eq!(
            row.state,
            ClauseState::NotLookedAt(
                "Its evidence lies in the clinical risk management file; the case has no place for it"
                    .to_owned()
            )
        );
        assert_eq!(row.anchors, Vec::<String>::new());
    }

    #[test]
    fn exempt_hazards_are_listed_in_the_row() {
        let fixture = Fixture::with(|fixture| {
            fixture.hazard().initial = rating("Minor", "Low", 1);
            fixture.case.hazard_log.hazards[1].controls[0].transferred_to = some("The trust");
        });
        let row = row_of(&fixture, "5.1.2");
        assert_eq!(row.exempt, ["H01"]);
        assert_eq!(
            row.state,
            ClauseState::EvidenceFound(
                "The control of risk is not demanded of 1 of 2 hazards: H01".to_owned()
            )
        );
        assert_eq!(row_of(&fixture, "6.3.2").exempt, ["H01", "H02"]);
        assert!(matches!(row_of(&fixture, "6.3.2").state, ClauseState::NotApplicable(_)));
    }

    #[test]
    fn states_are_put_together_without_hiding_what_is_lacking() {
        use ClauseState::{EvidenceFound, NoneFound, NotApplicable, PartlyFound};
        let state = |make: fn(String) -> ClauseState, words: &str| make(words.to_owned());
        let found = || state(EvidenceFound, "A");
        assert_eq!(together(vec![found(), state(NotApplicable, "B")]), found());
        assert_eq!(together(vec![found(), state(NoneFound, "B")]), state(PartlyFound, "A. B"));
        assert_eq!(together(vec![state(NoneFound, "A"), state(NoneFound, "B")]), state(NoneFound, "A. B"));
    }
}
