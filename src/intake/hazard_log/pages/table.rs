//! Small tables of a page: two columns of names and values, a row of values under its headers, or values under the
//! two ratings.

use super::heading::{self, Header, Meaning};
use crate::intake::hazard_log::field::Stage;
use crate::intake::hazard_log::header::recognise;

/// A value of a table with what it is a value of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub header: Header,
    pub stage: Option<Stage>,
    pub label: String,
    pub text: String,
}

/// The values of a table in their order, and the rows that it says nothing known with.
pub(super) fn values(rows: &[Vec<String>]) -> (Vec<Value>, Vec<String>) {
    let mut values = Vec::new();
    let mut left = Vec::new();
    let head = rows.iter().max_by_key(|row| known(row)).filter(|row| known(row) >= 2);
    let head_at = head.and_then(|head| rows.iter().position(|row| std::ptr::eq(row, head)));
    let names_down = rows.iter().filter(|row| first(row).is_some_and(is_known)).count();
    match head_at {
        // Of two names side by side and two names one below the other, the names are the first column.
        Some(head_at) if !(names_down >= 2 && is_narrow(rows)) => {
            under_headers(rows, head_at, &mut values, &mut left);
        }
        _ => beside_names(rows, &mut values, &mut left),
    }
    (values, left)
}

fn first(row: &[String]) -> Option<&str> {
    row.first().map(String::as_str)
}

fn is_narrow(rows: &[Vec<String>]) -> bool {
    rows.iter().all(|row| row.len() <= 3)
}

fn is_known(cell: &str) -> bool {
    heading::meaning(cell).header.is_some()
}

fn known(row: &[String]) -> usize {
    row.iter().filter(|cell| recognise(cell).is_some()).count()
}

/// A row of values below the names of their columns. A row may begin with which rating it gives.
fn under_headers(rows: &[Vec<String>], head_at: usize, values: &mut Vec<Value>, left: &mut Vec<String>) {
    let head = &rows[head_at];
    let mut given = 0;
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| *at != head_at) {
        if row.iter().all(|cell| cell.trim().is_empty())
            || at < head_at && row.iter().all(|cell| is_stage(cell))
        {
            continue;
        }
        let of_row = first(row).filter(|_| known(&head[..1.min(head.len())]) == 0).and_then(heading::stage);
        // A second row under one row of headers is another's, unless it says which rating it is.
        if at < head_at || given > 0 && of_row.is_none() {
            left.push(row.join(" | "));
            continue;
        }
        given += 1;
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            let label = head.get(column).map_or("", String::as_str);
            let Meaning { header, stage } = heading::meaning(label);
            match header {
                Some(header) => values.push(Value {
                    header,
                    stage: of_row.or(stage),
                    label: label.to_owned(),
                    text: cell.clone(),
                }),
                None if column == 0 && of_row.is_some() => {}
                None if label.is_empty() => left.push(cell.clone()),
                None => left.push(format!("{label}: {cell}")),
            }
        }
    }
}

fn is_stage(cell: &str) -> bool {
    cell.trim().is_empty() || heading::stage(cell).is_some()
}

/// Names in the first column; with a third column, the first row says which rating each column gives.
fn beside_names(rows: &[Vec<String>], values: &mut Vec<Value>, left: &mut Vec<String>) {
    let stages: Vec<Option<Stage>> =
        rows.first().map(|row| row.iter().map(|cell| heading::stage(cell)).collect()).unwrap_or_default();
    let has_head = stages.iter().skip(1).any(Option::is_some)
        && first(rows.first().map_or(&[], Vec::as_slice)).is_none_or(|cell| !is_known(cell));
    for (at, row) in rows.iter().enumerate() {
        let Some((label, cells)) = row.split_first() else { continue };
        if row.iter().all(|cell| cell.trim().is_empty()) || at == 0 && (has_head || is_generic(row)) {
            continue;
        }
        let Meaning { header: Some(header), stage } = heading::meaning(label.trim_end_matches(':')) else {
            left.push(row.join(" | "));
            continue;
        };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            values.push(Value { header, stage, label: label.clone(), text: String::new() });
        }
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            let of_column = stages.get(column + 1).copied().flatten().filter(|_| has_head);
            if column > 0 && of_column.is_none() {
                left.push(cell.clone());
                continue;
            }
            let stage = of_column.or(stage);
            values.push(Value { header, stage, label: label.clone(), text: cell.clone() });
        }
    }
}

/// `Field | Value` and the like, above what it heads.
fn is_generic(row: &[String]) -> bool {
    let words =
        ["", "field", "value", "item", "detail", "details", "attribute", "property", "key", "description"];
    row.iter().all(|cell| words.contains(&cell.trim().to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::hazard_log::field::Field;
    use crate::intake::hazard_log::header::Axis;

    type Stated = (Header, Option<Stage>, String);

    fn table(text: &str) -> (Vec<Stated>, Vec<String>) {
        let rows: Vec<Vec<String>> =
            text.lines().map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
        let (values, left) = values(&rows);
        (values.into_iter().map(|value| (value.header, value.stage, value.text)).collect(), left)
    }

    #[test]
    fn a_row_of_ratings_stands_under_its_headers() {
        let (values, left) =
            table("Likelihood|Consequence|Risk|Likelihood|Consequence|Risk\nLow|Major|3|Very Low|Minor|1");
        let texts: Vec<&str> = values.iter().map(|(_, _, text)| text.as_str()).collect();
        assert_eq!(texts, ["Low", "Major", "3", "Very Low", "Minor", "1"]);
        assert_eq!(
            (values[0].0, values[4].0, left.len()),
            (Header::Rating(Axis::Likelihood), Header::Rating(Axis::Severity), 0)
        );
        let (values, left) =
            table("|Severity|Likelihood\nInitial|Major|Low\nResidual|Minor|Low\nTarget|Minor|Low");
        assert_eq!(values[2], (Header::Rating(Axis::Severity), Some(Stage::Residual), "Minor".into()));
        assert_eq!((values.len(), left), (4, vec!["Target | Minor | Low".to_owned()]));
    }

    #[test]
    fn names_may_stand_in_the_first_column() {
        let (values, left) = table("Field|Value\nOwner:|Supplier\nStatus|Open\nWeather|fair");
        assert_eq!(values[0], (Header::Field(Field::Owner), None, "Supplier".into()));
        assert_eq!((values.len(), left), (2, vec!["Weather | fair".to_owned()]));
        let (values, _) = table("|Initial|Residual\nSeverity|Major|Minor\nLikelihood|Low|Low");
        assert_eq!(values[1], (Header::Rating(Axis::Severity), Some(Stage::Residual), "Minor".into()));
        assert_eq!(values.len(), 4);
    }
}
