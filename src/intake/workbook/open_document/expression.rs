//! Formulas and references of `OpenDocument`, in the words of Excel, which all readers of a grid know.

/// A formula: `of:=IF([.A1]=1;"x";[$'Risk Matrix'.$D$7])` is `IF(A1=1,"x",'Risk Matrix'!$D$7)`.
pub(super) fn formula(text: &str) -> String {
    let text = match text.split_once('=') {
        Some((prefix, rest)) if prefix.chars().all(|c| c.is_alphanumeric() || c == ':') => rest,
        _ => text.split_once(':').filter(|(prefix, _)| *prefix == "of").map_or(text, |(_, rest)| rest),
    };
    let mut formula = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '[', ';']) {
        formula.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = match rest.as_bytes()[at] {
            b'"' => after.find('"').map(|end| {
                formula.push_str(&rest[at..at + end + 2]);
                end + 1
            }),
            b'[' => after.find(']').map(|end| {
                formula.push_str(&reference(&after[..end]));
                end + 1
            }),
            _ => {
                formula.push(',');
                Some(0)
            }
        };
        let Some(end) = end else {
            formula.push_str(&rest[at..]);
            return formula;
        };
        rest = &after[end..];
    }
    formula + rest
}

/// A cell or a range: `$'Risk Matrix'.$D$7:.$H$7` is `'Risk Matrix'!$D$7:$H$7`.
pub(super) fn reference(text: &str) -> String {
    let cells: Vec<(Option<&str>, &str)> = parts(text).into_iter().map(cell).collect();
    let sheet = cells.first().and_then(|(sheet, _)| *sheet);
    let range: Vec<&str> = cells.iter().map(|(_, cell)| *cell).collect();
    match sheet {
        Some(sheet) => format!("{sheet}!{}", range.join(":")),
        None => range.join(":"),
    }
}

/// The ends of a range; a colon in a quoted name parts nothing.
fn parts(text: &str) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|character| {
        is_quoted ^= character == '\'';
        character == ':' && !is_quoted
    })
    .collect()
}

/// The sheet, if one is named, and the cell.
fn cell(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once('.') {
        Some((sheet, cell)) => {
            let sheet = sheet.strip_prefix('$').unwrap_or(sheet);
            (Some(sheet).filter(|sheet| !sheet.is_empty()), cell)
        }
        None => (None, text),
    }
}

/// The drop-down list of a condition: quoted words, a range, or a name.
pub(super) fn list(condition: &str) -> Option<String> {
    let start = condition.find("cell-content-is-in-list(")? + "cell-content-is-in-list(".len();
    let inside = condition[start..].strip_suffix(')').unwrap_or(&condition[start..]).trim();
    if !inside.starts_with('"') {
        return Some(reference(inside.trim_start_matches('[').trim_end_matches(']')));
    }
    let words = inside.split(';').map(|word| word.trim().trim_matches('"')).collect::<Vec<_>>();
    Some(format!("\"{}\"", words.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_in_the_words_of_excel() {
        assert_eq!(
            formula("of:=INDEX([$'Risk Matrix'.$D$7:.$H$11];[.G2];[.H2])"),
            "INDEX('Risk Matrix'!$D$7:$H$11,G2,H2)"
        );
        assert_eq!(formula("of:=IF([.A1]=\"a;b[\";1;2)"), "IF(A1=\"a;b[\",1,2)");
        assert_eq!(formula("of:=[.A1"), "[.A1");
    }

    #[test]
    fn a_list_is_words_a_range_or_a_name() {
        assert_eq!(list("of:cell-content-is-in-list(\"Open\";\"Closed\")").unwrap(), "\"Open,Closed\"");
        assert_eq!(list("of:cell-content-is-in-list([$Lists.$A$1:.$A$5])").unwrap(), "Lists!$A$1:$A$5");
        assert_eq!(list("of:cell-content-is-in-list(Consequence)").unwrap(), "Consequence");
        assert_eq!(list("of:cell-content-is-between(1;2)"), None);
    }
}
