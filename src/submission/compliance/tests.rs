use super::*;
use crate::assurance::assure;
use crate::assurance::testing::Fixture;
use crate::intake::workbook::{Address, Limits, Sheet, Workbook as Read};

fn sheets(fixture: &Fixture, shown: &Shown) -> (Assurance, Read) {
    let assurance = assure(&fixture.subject());
    let bytes = workbook(&fixture.case, &assurance, shown).unwrap();
    assert_eq!(bytes, workbook(&fixture.case, &assurance, shown).unwrap(), "the same bytes each time");
    (assurance, Read::from_bytes(&bytes, "compliance.xlsx", &Limits::default()).unwrap())
}

fn column(header: &str) -> u32 {
    (0..).zip(&COLUMNS).find(|(_, column)| column.header == header).unwrap().0
}

fn cell<'a>(sheet: &'a Sheet, row: u32, header: &str) -> &'a str {
    sheet.text(Address { row, column: column(header) }).unwrap_or_default()
}

#[test]
fn every_clause_has_its_row_with_what_the_verdict_says() {
    let (assurance, read) = sheets(&Fixture::new(), &Shown::new());
    let sheet = read.sheet(SHEET).unwrap();
    assert_eq!(assurance.clauses.len(), 61);
    for (row, clause) in (1..).zip(&assurance.clauses) {
        assert_eq!(cell(sheet, row, "Clause"), clause.number);
        assert_eq!(cell(sheet, row, "What it demands"), clause.requirement);
        assert_eq!(cell(sheet, row, "Because"), clause.state.because().trim());
        assert_eq!(cell(sheet, row, "What the engine found"), found(&clause.state));
    }
    assert_eq!(sheet.rows().len(), 62, "and no other row");
    let about = read.sheet("About").unwrap();
    let words: Vec<&str> = about.cells().map(|(_, cell)| cell.text.as_str()).collect();
    assert!(
        words.contains(&assurance.digests.cscr.as_str()) && words.iter().any(|words| words.contains("DRAFT"))
    );
}

#[test]
fn answers_stand_beside_what_was_found_with_their_places_and_differences() {
    let mut fixture = Fixture::new();
    let answer = fixture.case.compliance.iter_mut().find(|answer| answer.clause == "4.4.1").unwrap();
    answer.answer = Answer::No;
    answer.statement = Some("=1+1 is what we say".to_owned());
    answer.by = Some("cso".to_owned());
    let before = assure(&fixture.subject());
    let clause = before.clauses.iter().find(|clause| clause.number == "4.4.1").unwrap();
    let shown = Shown::from([(clause.anchors[0].clone(), "6.1, p. 12".to_owned())]);
    let (assurance, read) = sheets(&fixture, &shown);
    let sheet = read.sheet(SHEET).unwrap();
    let row = (1..).zip(&assurance.clauses).find(|(_, clause)| clause.number == "4.4.1").unwrap().0;
    assert_eq!(cell(sheet, row, "Answer"), "No");
    assert_eq!(cell(sheet, row, "Section and page of the report"), "6.1, p. 12");
    assert!(cell(sheet, row, "Answered by").starts_with("Dr "), "{}", cell(sheet, row, "Answered by"));
    let statement = Address { row, column: column("Statement") };
    assert_eq!(sheet.text(statement), Some("=1+1 is what we say"));
    assert!(sheet.cell(statement).unwrap().formula.is_none(), "a text stays a text");
    let disagreement = assurance.clauses[row as usize - 1].disagreement.as_deref().unwrap();
    assert!(cell(sheet, row, "To be noted of the answer").contains(disagreement));
}

#[test]
fn what_the_report_does_not_show_and_nobody_answers_is_said() {
    let mut fixture = Fixture::new();
    fixture.case.compliance.clear();
    let (_, read) = sheets(&fixture, &Shown::new());
    let sheet = read.sheet(SHEET).unwrap();
    assert_eq!(cell(sheet, 1, "Answer"), "Not answered");
    assert_eq!(cell(sheet, 1, "Section and page of the report"), "Not in the report");
}
