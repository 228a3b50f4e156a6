//! Which cells a risk formula reads.
//!
//! A formula that was filled down from the initial columns to the residual ones often still reads the
//! initial ones, and every risk below it is quietly wrong.

use crate::intake::workbook::Address;
use std::collections::BTreeSet;

/// What a formula reads of its own sheet by relative reference.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// Columns of its own row.
    pub own_row: BTreeSet<u32>,
    /// Cells of other rows.
    pub other_rows: BTreeSet<Address>,
}

/// What a formula in `row` of `sheet` reads; cells with a fixed row (`$D$2`) are tables, not ratings.
pub(super) fn reads(formula: &str, sheet: &str, row: u32) -> Reads {
    let mut reads = Reads::default();
    for (on, cell) in references(formula) {
        let fixed_row = cell.rfind('$').is_some_and(|dollar| dollar > 0);
        let Ok(address) = cell.parse::<Address>() else { continue };
        if fixed_row || on.is_some_and(|on| on != sheet) {
            continue;
        }
        if address.row == row {
            reads.own_row.insert(address.column);
        } else {
            reads.other_rows.insert(address);
        }
    }
    reads
}

/// The cell references of a formula, each with the sheet that it names.
fn references(formula: &str) -> impl Iterator<Item = (Option<String>, String)> {
    let mut found = Vec::new();
    let mut rest = formula;
    let mut sheet: Option<String> = None;
    while let Some(first) = rest.chars().next() {
        let (token, after) = if first == '\'' || first == '"' {
            quoted(rest, first)
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        } else {
            // The second corner of a range is on the sheet of the first.
            if first != ':' {
                sheet = None;
            }
            rest = &rest[first.len_utf8()..];
            continue;
        };
        if let Some(after) = after.strip_prefix('!') {
            sheet = Some(token);
            rest = after;
            continue;
        }
        if first != '"' && first != '\'' && !after.starts_with('(') {
            found.push((sheet.clone(), token));
        }
        rest = after;
    }
    found.into_iter()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '$' | '_' | '.')
}

/// A quoted name or text, in which a doubled quote stands for one, and what follows it.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut token = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            token.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            token.push(quote);
            chars.next();
        } else {
            return (token, &text[at + quote.len_utf8()..]);
        }
    }
    (token, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_row_references_are_found_and_tables_and_other_sheets_are_not() {
        let columns = |formula: &str| reads(formula, "Log 1", 1).own_row.into_iter().collect::<Vec<_>>();
        let formula = "IF(OR(ISBLANK(G2),ISBLANK(O2)),\"\",INDEX('Risk Matrix'!$D$2:$H$6,MATCH('Log 1'!O2,Likelihood,0),MATCH('Log 1'!G2,Consequence,0)))";
        assert_eq!(columns(formula), [6, 14]);
        assert_eq!(columns("Other!G2+$H2+H$2"), [7]);
        assert_eq!(columns("\"G2\"&LOG10(2)"), Vec::<u32>::new());
    }

    #[test]
    fn references_to_another_row_are_kept_apart() {
        let found = reads("G3&$H3&$I$3", "Log", 1);
        assert!(found.own_row.is_empty());
        let cells: Vec<String> = found.other_rows.iter().map(ToString::to_string).collect();
        assert_eq!(cells, ["G3", "H3"]);
    }
}
