//! The risk matrix that a log prints, and what it says of the acceptability of each score.
//!
//! The matrix is where a row of one axis' words meets a column of the other's. Likelihoods stand beside their
//! meanings too, in merged cells of one text: a row of the matrix has a text under more than one word. Criteria are
//! scores in a column with a text to the right of each. Which policy the sheet should print, and what a
//! difference weighs, is for assurance to say.

use super::layout::one_line;
use crate::case::hazard_log::{StatedCriterion, StatedMatrix, StatedMatrixCell};
use crate::case::matrix::RiskPolicy;
use crate::case::ordinal::Ordinal;
use crate::case::{Place, Provenance};
use crate::intake::workbook::{Address, Sheet};

/// A score is no longer than this: `12 (Moderate risk)`.
const LONGEST_SCORE: usize = 24;
/// A criterion says more than the word of a score.
const SHORTEST_CRITERION: usize = 8;

/// A matrix as it was read, with the cell of each of its parts.
struct Printed {
    cells: Vec<(Address, StatedMatrixCell)>,
    criteria: Vec<(Address, StatedCriterion)>,
    /// The words of its axes.
    heads: Vec<Address>,
    /// First and last cell of something that looks like a matrix.
    range: (Address, Address),
}

/// Whether a sheet has what looks like a matrix.
pub(super) fn is_on<'p>(sheet: &Sheet, mut policies: impl Iterator<Item = &'p RiskPolicy>) -> bool {
    policies.any(|policy| printed(sheet, policy).is_some())
}

/// Reads the sheet of the matrix, by whichever policy's words it has most of, and the cells that were read: scores,
/// criteria, and the words beside them.
pub(super) fn read<'p>(
    file: &str,
    sheet: &Sheet,
    policies: impl Iterator<Item = &'p RiskPolicy>,
    provenance: &mut Provenance,
) -> Option<(StatedMatrix, Vec<Address>)> {
    let read = policies.filter_map(|policy| printed(sheet, policy));
    let printed = read.reduce(|most, next| if next.cells.len() > most.cells.len() { next } else { most })?;
    let mut record = |path: String, cells: String| {
        provenance.record(path, Place::cell(file, sheet.name.clone(), cells));
    };
    let (first, last) = printed.range;
    record("hazard_log/matrix".to_owned(), format!("{first}:{last}"));
    for (number, (address, _)) in (1..).zip(&printed.cells) {
        record(format!("hazard_log/matrix/cells/{number}"), address.to_string());
    }
    for (number, (address, _)) in (1..).zip(&printed.criteria) {
        record(format!("hazard_log/matrix/criteria/{number}"), address.to_string());
    }
    let criteria = printed.criteria.iter().map(|(address, _)| *address);
    let scores_of_criteria =
        criteria.clone().map(|address| Address { column: address.column - 1, ..address });
    let taken = printed.cells.iter().map(|(address, _)| *address).chain(criteria).chain(scores_of_criteria);
    let taken = taken.chain(printed.heads).collect();
    let matrix = StatedMatrix {
        cells: printed.cells.into_iter().map(|(_, cell)| cell).collect(),
        criteria: printed.criteria.into_iter().map(|(_, criterion)| criterion).collect(),
    };
    Some((matrix, taken))
}

fn printed(sheet: &Sheet, policy: &RiskPolicy) -> Option<Printed> {
    let severities = words(sheet, |text| policy.severity_word(text));
    let likelihoods = words(sheet, |text| policy.likelihood_word(text));
    let down =
        crossing(sheet, &severities, &likelihoods, |above, beside| (above.to_owned(), beside.to_owned()));
    let across =
        crossing(sheet, &likelihoods, &severities, |above, beside| (beside.to_owned(), above.to_owned()));
    let cells = if across.len() > down.len() { across } else { down };
    let addresses = || cells.iter().map(|(address, _)| *address);
    let range = match (addresses().min(), addresses().max()) {
        (Some(first), Some(last)) => (first, last),
        _ => grid(sheet)?,
    };
    let is_of_matrix = |address| cells.iter().any(|(cell, _)| *cell == address);
    let criteria = criteria(sheet, policy).filter(|(address, _)| !is_of_matrix(*address)).collect();
    let heads = severities.iter().chain(&likelihoods).map(|(address, _)| *address).collect();
    Some(Printed { cells, criteria, heads, range })
}

/// The cells that hold a word of an axis.
fn words<'p>(sheet: &Sheet, known: impl Fn(&str) -> Option<&'p str>) -> Vec<(Address, &'p str)> {
    sheet.cells().filter_map(|(address, cell)| Some((address, known(&cell.text)?))).collect()
}

/// The cells where the row with most words of one axis meets the column with most of the other.
fn crossing(
    sheet: &Sheet,
    in_a_row: &[(Address, &str)],
    in_a_column: &[(Address, &str)],
    of: impl Fn(&str, &str) -> (String, String),
) -> Vec<(Address, StatedMatrixCell)> {
    let most = |all: &mut dyn Iterator<Item = u32>| {
        let all: Vec<u32> = all.collect();
        all.iter().copied().max_by_key(|one| all.iter().filter(|other| *other == one).count())
    };
    let row = most(&mut in_a_row.iter().map(|(address, _)| address.row));
    let column = most(&mut in_a_column.iter().map(|(address, _)| address.column));
    let heads = first_of_each(in_a_row.iter().filter(|(address, _)| Some(address.row) == row));
    let sides = first_of_each(in_a_column.iter().filter(|(address, _)| Some(address.column) == column));
    let mut cells = Vec::new();
    for (left, beside) in sides {
        let scores: Vec<_> = heads
            .iter()
            .filter_map(|(head, above)| {
                let address = Address { row: left.row, column: head.column };
                let risk = sheet.text(address).map(one_line).filter(|text| is_short(text))?;
                let (severity, likelihood) = of(above, beside);
                Some((address, StatedMatrixCell { severity, likelihood, risk }))
            })
            .collect();
        if scores.len() > 1 {
            cells.extend(scores);
        }
    }
    cells
}

/// Each word once: a table of meanings beside the matrix may have a word of it in the same row or column.
fn first_of_each<'a>(words: impl Iterator<Item = &'a (Address, &'a str)>) -> Vec<(Address, &'a str)> {
    let mut first: Vec<(Address, &str)> = Vec::new();
    for (address, word) in words {
        if !first.iter().any(|(_, known)| known == word) {
            first.push((*address, word));
        }
    }
    first
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= LONGEST_SCORE
}

/// Where the sheet has a table of scores though no word of the policy stands beside them: three rows, one under the
/// other, with a number in three columns.
fn grid(sheet: &Sheet) -> Option<(Address, Address)> {
    const SIDE: usize = 3;
    let scores = |row: u32| -> Vec<Address> {
        let is_score =
            |text: &str| is_short(text) && Ordinal::of(text).is_some_and(|score| score.number <= 25);
        sheet.row(row).filter(|(_, cell)| is_score(&cell.text)).map(|(address, _)| address).collect()
    };
    let rows: Vec<Vec<Address>> = sheet.rows().into_iter().map(scores).collect();
    let mut tables = rows.split(|row| row.len() < SIDE).filter(|rows| rows.len() >= SIDE);
    let cells = tables.next()?.concat();
    Some((*cells.first()?, *cells.last()?))
}

/// Scores, alone or as a range, with a text to the right of each.
fn criteria(sheet: &Sheet, policy: &RiskPolicy) -> impl Iterator<Item = (Address, StatedCriterion)> {
    let heads = sheet.cells().filter(|(_, cell)| is_of_scores(cell.text.trim()));
    heads.filter_map(|(address, cell)| {
        let beside = Address { column: address.column + 1, ..address };
        let says = sheet.text(beside).map(one_line)?;
        let is_criterion = says.chars().count() >= SHORTEST_CRITERION && !is_word(policy, &says);
        let criterion = StatedCriterion { scores: one_line(&cell.text), says };
        is_criterion.then_some((beside, criterion))
    })
}

/// `4`, `1 - 3`, `8 to 12`, `> 12`.
fn is_of_scores(text: &str) -> bool {
    let is_sign =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || "-\u{2013}<>=\u{2264}\u{2265}".contains(c);
    is_short(text)
        && text.contains(|c: char| c.is_ascii_digit())
        && text.replace("to", "").chars().all(is_sign)
}

/// The text is a word of an axis, and so a head of the matrix.
fn is_word(policy: &RiskPolicy, text: &str) -> bool {
    policy.severity_word(text).is_some() || policy.likelihood_word(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::workbook::Cell;

    fn printed_on(rows: &[&[&str]]) -> Option<(usize, Vec<String>, String)> {
        let mut sheet = Sheet::default();
        for (row, texts) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*texts) {
                sheet.insert(Address { row, column }, Cell { text: (*text).to_owned(), ..Cell::default() });
            }
        }
        let printed = printed(&sheet, &RiskPolicy::nhs())?;
        let (first, last) = printed.range;
        let criteria = printed.criteria.into_iter();
        let criteria = criteria.map(|(address, each)| format!("{address} {}: {}", each.scores, each.says));
        Some((printed.cells.len(), criteria.collect(), format!("{first}:{last}")))
    }

    #[test]
    fn a_matrix_is_read_whichever_axis_stands_above() {
        let down: &[&[&str]] = &[
            &["", "Minor", "Major"],
            &["Low", "1", "3"],
            &["High", "2", "4 - Mandatory"],
            &["Low", "rarely"],
        ];
        assert_eq!(printed_on(down), Some((4, vec![], "B2:C3".to_owned())));
        let across: &[&[&str]] =
            &[&["Minor", "1", "2", "2"], &["Major", "3", "3", "4"], &["", "Low", "Medium", "High"]];
        assert_eq!(printed_on(across), Some((6, vec![], "B1:D2".to_owned())));
    }

    #[test]
    fn a_table_of_scores_without_the_policys_words_is_seen() {
        let foreign: &[&[&str]] = &[
            &["", "1 Slight", "2 Grave", "3 Fatal"],
            &["Rare", "1", "2", "3"],
            &["Likely", "2", "4", "6"],
            &["Certain", "3", "6", "9"],
        ];
        assert_eq!(printed_on(foreign), Some((0, vec![], "B1:D4".to_owned())));
        assert_eq!(printed_on(&[&["See the picture below."]]), None);
    }

    #[test]
    fn criteria_are_scores_with_a_text_beside_each() {
        let sheet: &[&[&str]] = &[
            &["", "Minor", "Major", ""],
            &["Low", "1", "3", "Low to medium"],
            &["High", "2", "4", ""],
            &["1 - 2", "Accepted by all", "", ""],
            &["> 3", "Unacceptable", "", ""],
        ];
        let (_, criteria, _) = printed_on(sheet).unwrap();
        assert_eq!(criteria, ["D2 3: Low to medium", "B4 1 - 2: Accepted by all", "B5 > 3: Unacceptable"]);
    }
}
