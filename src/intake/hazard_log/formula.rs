//! Which cells a risk formula reads.
//!
//! A formula that was filled down from the initial columns to the residual ones often still reads the
//! initial ones, and every risk below it is quietly wrong.

use crate::intake::workbook::Address;
use std::collections::BTreeSet;

/// The columns that a formula reads in its own row of its own sheet.
pub(super) fn columns_read(formula: &str, sheet: &str, row: u32) -> BTreeSet<u32> {
    references(formula)
        .filter(|(on, _)| on.as_deref().is_none_or(|on| on == sheet))
        .filter_map(|(_, cell)| cell.parse::<Address>().ok())
        .filter(|address| address.row == row)
        .map(|address| address.column)
        .collect()
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

    fn read(formula: &str) -> Vec<u32> {
        columns_read(formula, "Log 1", 1).into_iter().collect()
    }

    #[test]
    fn own_row_references_are_found_and_others_are_not() {
        let formula = "IF(OR(ISBLANK(G2),ISBLANK(O2)),\"\",INDEX('Risk Matrix'!$D$2:$H$6,MATCH('Log 1'!O2,Likelihood,0),MATCH('Log 1'!G2,Consequence,0)))";
        assert_eq!(read(formula), [6, 14]);
        assert_eq!(read("Other!G2+$H$2+H3"), [7]);
        assert_eq!(read("\"G2\"&LOG10(2)"), Vec::<u32>::new());
    }
}
