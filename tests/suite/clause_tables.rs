//! The clause tables against the report's template.

use cscr::case::clause::ClauseTable;
use cscr::report::Templates;

/// The clauses that a chapter names: `2.1.1 to 2.4.2, 2.6.1`.
fn named(clauses: &str) -> impl Iterator<Item = &str> {
    clauses.split(", ").flat_map(|range| range.split(" to ")).filter(|clause| !clause.is_empty())
}

#[test]
fn every_clause_that_a_chapter_names_is_in_the_table_and_in_its_order() {
    let table = ClauseTable::dcb0129();
    let numbers: Vec<&str> = table.clauses().map(|clause| clause.number.as_str()).collect();
    let template = Templates::embedded().load("ers-cscr").unwrap();
    let mut seen = 0;
    for section in &template.manifest().sections {
        let clauses = section.clause.as_deref().unwrap_or_default();
        for clause in named(clauses) {
            assert!(numbers.contains(&clause), "{} names {clause}", section.id);
            seen += 1;
        }
        for range in clauses.split(", ").filter(|range| range.contains(" to ")) {
            let ends: Vec<usize> =
                named(range).filter_map(|end| numbers.iter().position(|n| *n == end)).collect();
            assert!(ends[0] < ends[1], "{}: {range}", section.id);
        }
    }
    assert!(seen > 30, "{seen}");
}
