//! Showing how a hazard log was understood.

use super::terminal;
use crate::intake::hazard_log::{Explanation, HazardNote};
use std::fmt::Write as _;

/// All of it, as sections.
pub(super) fn page(explanation: &Explanation) -> String {
    let mut page = terminal::heading("Sheets");
    let rows: Vec<Vec<String>> = explanation
        .sheets
        .iter()
        .map(|sheet| vec![sheet.sheet.clone(), sheet.role.to_string(), sheet.why.clone()])
        .collect();
    page += &terminal::table(&["Sheet", "Taken for", "Why"], &rows);
    page.push('\n');
    page += &terminal::heading("Columns of the hazard sheet");
    let _ = writeln!(page, "Layout: {}", explanation.layout);
    let rows: Vec<Vec<String>> = explanation
        .columns
        .iter()
        .map(|column| {
            let field = column.field.map_or_else(|| "not understood".to_owned(), |field| field.to_string());
            vec![column.cell.clone(), column.header.clone(), field, column.why.clone()]
        })
        .collect();
    page += &terminal::table(&["Cell", "Header", "Taken for", "Why"], &rows);
    page.push('\n');
    page += &terminal::heading("Rows");
    let rows: Vec<Vec<String>> = explanation
        .hazards
        .iter()
        .map(|hazard| {
            vec![
                hazard.hazard.clone(),
                rows_of(&hazard.rows),
                hazard.causes.to_string(),
                hazard.existing_controls.to_string(),
                hazard.additional_controls.to_string(),
                hazard.none_entries.to_string(),
            ]
        })
        .collect();
    page += &terminal::table(&["Hazard", "Rows", "Causes", "Existing", "Additional", "\"None\""], &rows);
    page.push('\n');
    page += &notes(explanation);
    page += &terminal::heading("Cells");
    let ignored: usize = explanation.ignored.iter().map(|ignored| ignored.count).sum();
    let _ = writeln!(
        page,
        "{} with content: {} understood, {} not understood, {ignored} ignored",
        explanation.cells,
        explanation.mapped,
        explanation.unmapped.len()
    );
    for ignored in &explanation.ignored {
        let _ = writeln!(page, "  {}: ignored, {}", ignored.cells, ignored.reason);
    }
    page.push('\n');
    page
}

/// What was done to make the hazards of their rows.
fn notes(explanation: &Explanation) -> String {
    let row = |hazard: &str, note: &HazardNote| {
        vec![hazard.to_owned(), note.what.to_string(), note.cells.clone(), note.says.clone()]
    };
    let rows: Vec<Vec<String>> = explanation
        .hazards
        .iter()
        .flat_map(|hazard| hazard.notes.iter().map(|note| row(&hazard.hazard, note)))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut section = terminal::heading("How the hazards were put together");
    section += &terminal::table(&["Hazard", "What", "Cells", "Why"], &rows);
    section.push('\n');
    section
}

/// Row numbers with runs drawn together: `2-5, 9`.
fn rows_of(rows: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => runs.push((*row, *row)),
        }
    }
    let run = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    runs.iter().map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn runs_of_rows_are_drawn_together() {
        assert_eq!(super::rows_of(&[2, 3, 4, 9]), "2-4, 9");
    }
}
