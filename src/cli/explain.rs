//! Showing how a hazard log was understood.

use super::terminal;
use crate::intake::hazard_log::{
    CellCount, Explanation, HazardNote, HazardReading, SheetReading, TableReading, UnmappedCell,
};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// All of it, as sections; `verbose` draws nothing together.
pub(super) fn page(explanation: &Explanation, verbose: bool) -> String {
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
    page += &notes(explanation, verbose);
    page += &cells(explanation, verbose);
    page
}

/// What the columns of one table were taken for.
fn columns(table: &TableReading) -> String {
    let numbers: Vec<String> = table.header_rows.iter().map(ToString::to_string).collect();
    // Pages and forms have labels, and no header row.
    let (of, header) =
        if numbers.is_empty() { ("Labels of", "Label") } else { ("Columns of the sheet", "Header") };
    let mut page = terminal::heading(&format!("{of} {}", table.sheet));
    let row = if numbers.len() == 1 { "row" } else { "rows" };
    let _ = match &numbers[..] {
        [] => writeln!(page, "{}", capital(&table.layout)),
        numbers => writeln!(page, "Headers in {row} {}; {}", numbers.join(" and "), table.layout),
    };
    let rows: Vec<Vec<String>> = table
        .columns
        .iter()
        .map(|column| {
            let header = if column.header.is_empty() { "(blank)".to_owned() } else { column.header.clone() };
            let field = column.field.map_or_else(|| "not read".to_owned(), |field| field.to_string());
            vec![column.cell.clone(), header, field, column.confidence.to_string(), column.why.clone()]
        })
        .collect();
    page += &terminal::fitted_table(&["Cell", header, "Taken for", "Sure", "Why"], &rows);
    page.push('\n');
    page
}

/// What became of every cell with content, and of what is beside the cells.
fn cells(explanation: &Explanation, verbose: bool) -> String {
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
    page += &unmapped(explanation, verbose);
    page.push('\n');
    page
}

/// Each cell that was not read; of many under one header the first.
fn unmapped(explanation: &Explanation, verbose: bool) -> String {
    const FEW: usize = 3;
    let mut headers: Vec<(Option<&str>, Vec<&UnmappedCell>)> = Vec::new();
    let mut known: FxHashMap<(Option<&str>, &str), usize> = FxHashMap::default();
    for cell in &explanation.unmapped {
        let header = cell.header.as_deref();
        let column = cell.cell.trim_end_matches(|c: char| c.is_ascii_digit());
        // Cells without a header have nothing in common.
        let at = match header {
            Some(header) => *known.entry((cell.sheet.as_deref(), header)).or_insert(headers.len()),
            None => *known.entry((cell.sheet.as_deref(), column)).or_insert(headers.len()),
        };
        if at == headers.len() {
            headers.push((header, Vec::new()));
        }
        headers[at].1.push(cell);
    }
    let mut page = String::new();
    let mut folded = 0;
    for (header, cells) in headers {
        let shown = if verbose || cells.len() <= FEW { cells.len() } else { 1 };
        folded += cells.len() - shown;
        for cell in &cells[..shown] {
            let sheet = cell.sheet.as_ref().map_or_else(String::new, |sheet| format!("{sheet}, "));
            let header = header.map_or_else(String::new, |header| format!(" under \"{header}\""));
            let more = match cells.len() - shown {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let text = one_line(&cell.text);
            page += &line(&format!("{sheet}{}{more}: not read{header}: \"{text}\"", cell.cell));
        }
    }
    page += &folding(folded);
    page
}

/// Says how many lines are drawn together with others.
fn folding(folded: usize) -> String {
    if folded == 0 {
        return String::new();
    }
    let lines = terminal::plural(folded, "line");
    let is = if folded == 1 { "is" } else { "are" };
    format!(
        "  {folded} {lines} like those above {is} not shown; --verbose and --format json show every one.\n"
    )
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

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was done to make the hazards of their rows: line by line, or with the lines that say the same of many cells
/// drawn together.
fn notes(explanation: &Explanation, verbose: bool) -> String {
    /// So many lines of one kind are read one by one.
    const FEW: usize = 3;
    let each =
        explanation.hazards.iter().flat_map(|hazard| hazard.notes.iter().map(move |note| (hazard, note)));
    let mut kinds: Vec<(String, Vec<(&HazardReading, &HazardNote)>)> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for (hazard, note) in each {
        let kind = if verbose { String::new() } else { format!("{}: {}", note.what, kind(&note.says)) };
        let at = *known.entry(kind.clone()).or_insert(kinds.len());
        if at == kinds.len() {
            kinds.push((kind, Vec::new()));
        }
        kinds[at].1.push((hazard, note));
    }
    if kinds.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    let mut folded = 0;
    for (_, lines) in &kinds {
        let shown = if verbose || lines.len() <= FEW { lines.len() } else { 1 };
        let more = lines.len() - shown;
        folded += more;
        rows.extend(lines[..shown].iter().map(|(hazard, note)| {
            let says = match more {
                0 => note.says.clone(),
                _ => format!("{} ({more} more like this)", note.says),
            };
            vec![hazard.hazard.clone(), note.what.to_string(), note.cells.clone(), says]
        }));
    }
    let mut section = terminal::heading("How the hazards were put together");
    section += &terminal::fitted_table(&["Hazard", "What", "Cells", "Why"], &rows);
    section += &folding(folded);
    section.push('\n');
    section
}

/// A sentence without what differs from cell to cell: quoted words, numbers, ids and their lists.
fn kind(says: &str) -> String {
    let unquoted = says.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let mut kind: Vec<&str> = Vec::new();
    for word in unquoted.split_whitespace() {
        let word = if word.contains(|c: char| c.is_ascii_digit()) { "#" } else { word };
        if word != "#" || kind.last() != Some(&"#") {
            kind.push(word);
        }
    }
    // One entry and several are said in two ways.
    kind.join(" ").replace("Entries # say that", "Entry # says that")
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
    use super::*;
    use crate::intake::hazard_log::NoteKind;

    fn split(hazard: &str, cells: &str, says: &str) -> HazardReading {
        HazardReading {
            hazard: hazard.to_owned(),
            rows: Vec::new(),
            causes: 0,
            existing_controls: 0,
            additional_controls: 0,
            none_entries: 0,
            notes: vec![HazardNote { what: NoteKind::Split, cells: cells.to_owned(), says: says.to_owned() }],
        }
    }

    #[test]
    fn lines_that_say_the_same_of_many_cells_are_drawn_together_and_counted() {
        let says = |entries| format!("The causes of this cell were taken apart into {entries} entries.");
        let mut hazards: Vec<HazardReading> =
            (1..=5).map(|at| split(&format!("H{at}"), &format!("E{at}"), &says(at + 1))).collect();
        hazards.push(split("H9", "F9", "Row 9 has no hazard number; it was joined to H9."));
        let explanation = Explanation { hazards, ..Explanation::default() };
        let page = notes(&explanation, false);
        assert!(page.contains("into 2 entries. (4 more like") && !page.contains("H2 "), "{page}");
        assert!(
            page.contains("Row 9 has no") && page.contains("4 lines like those above are not shown"),
            "{page}"
        );
        let whole = notes(&explanation, true);
        assert!((1..=5).all(|at| whole.contains(&format!("E{at}"))), "{whole}");
        assert!(!whole.contains("not shown"), "{whole}");
    }

    #[test]
    fn what_differs_from_cell_to_cell_is_no_part_of_a_kind() {
        let one = kind("Control id 0201 of H02 is used again for \"Alarm\"; it is called 0201~2 here.");
        assert_eq!(one, kind("Control id 7 of H1 is used again for \"A desk\"; it is called 7~3 here."));
        assert_eq!(
            kind("Entries 1, 2, 4 say that there is no control."),
            kind("Entry 2 says that there is no control.")
        );
        assert_ne!(kind("The causes of this cell"), kind("The controls of this cell"));
    }

    #[test]
    fn runs_of_rows_are_drawn_together() {
        assert_eq!(rows_of(&[2, 3, 4, 9]), "2-4, 9");
    }
}
