//! Showing how a hazard log was understood.

use super::terminal;
use crate::intake::hazard_log::{CellCount, Explanation, HazardNote, SheetReading, TableReading};
use std::fmt::Write as _;

/// All of it, as sections.
pub(super) fn page(explanation: &Explanation) -> String {
    let mut page = terminal::heading("File");
    let _ = writeln!(page, "Read as: {}", explanation.format);
    for note in &explanation.notes {
        let _ = writeln!(page, "  {note}");
    }
    page.push('\n');
    page += &terminal::heading("Sheets");
    let rows: Vec<Vec<String>> = explanation
        .sheets
        .iter()
        .map(|sheet| {
            vec![
                sheet.sheet.trim().to_owned(),
                sheet.role.to_string(),
                sheet.confidence.to_string(),
                sheet.why.clone(),
            ]
        })
        .collect();
    page += &terminal::fitted_table(&["Sheet", "Taken for", "Sure", "Why"], &rows);
    page.push('\n');
    for table in &explanation.tables {
        page += &columns(table);
    }
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
    page += &cells(explanation);
    page
}

/// What the columns of one table were taken for.
fn columns(table: &TableReading) -> String {
    let numbers: Vec<String> = table.header_rows.iter().map(ToString::to_string).collect();
    let mut page = terminal::heading(&format!("Columns of the sheet {}", table.sheet));
    let row = if numbers.len() == 1 { "row" } else { "rows" };
    let _ = writeln!(page, "Headers in {row} {}; {}", numbers.join(" and "), table.layout);
    let rows: Vec<Vec<String>> = table
        .columns
        .iter()
        .map(|column| {
            let header = if column.header.is_empty() { "(blank)".to_owned() } else { column.header.clone() };
            let field = column.field.map_or_else(|| "not read".to_owned(), |field| field.to_string());
            vec![column.cell.clone(), header, field, column.confidence.to_string(), column.why.clone()]
        })
        .collect();
    page += &terminal::fitted_table(&["Cell", "Header", "Taken for", "Sure", "Why"], &rows);
    page.push('\n');
    page
}

/// What became of every cell with content, and of what is beside the cells.
fn cells(explanation: &Explanation) -> String {
    let mut page = terminal::heading("Cells");
    let row = |name: &str, count: &CellCount| {
        let counts = [count.cells, count.mapped, count.unmapped, count.ignored];
        std::iter::once(name.trim().to_owned()).chain(counts.map(|count| count.to_string())).collect()
    };
    let mut rows: Vec<Vec<String>> =
        explanation.sheets.iter().map(|sheet| row(&sheet.sheet, &sheet.count)).collect();
    rows.push(row("All sheets", &explanation.total));
    page += &terminal::fitted_table(&["Sheet", "With content", "Read", "Not read", "Left out"], &rows);
    for sheet in &explanation.sheets {
        page += &left_out(sheet);
    }
    for cell in &explanation.unmapped {
        let sheet = cell.sheet.as_ref().map_or_else(String::new, |sheet| format!("{sheet}, "));
        let header = cell.header.as_ref().map_or_else(String::new, |header| format!(" under \"{header}\""));
        page += &line(&format!("{sheet}{}: not read{header}: \"{}\"", cell.cell, one_line(&cell.text)));
    }
    page.push('\n');
    page
}

fn left_out(sheet: &SheetReading) -> String {
    let name = sheet.sheet.trim();
    let mut page = String::new();
    for ignored in &sheet.ignored {
        let cells = terminal::plural(ignored.count, "cell");
        page += &line(&format!(
            "{name}, {}: {} {cells} left out: {}",
            ignored.cells, ignored.count, ignored.reason
        ));
    }
    for beside in &sheet.beside {
        let place = beside.cells.as_ref().map_or_else(|| name.to_owned(), |cells| format!("{name}, {cells}"));
        let text = beside.text.as_ref().map_or_else(String::new, |text| format!(": \"{}\"", one_line(text)));
        page += &line(&format!("{place}: {}{text}", beside.what));
    }
    page
}

/// One line of the terminal; the JSON has all of it.
fn line(text: &str) -> String {
    format!("  {}\n", super::findings::cut(text, 96))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
    section += &terminal::fitted_table(&["Hazard", "What", "Cells", "Why"], &rows);
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
