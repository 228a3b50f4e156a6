//! What became of every cell with content: read, not read, or left out with a reason.

use super::document::DocumentCells;
use super::explain::{Beside, CellCount, Explanation, IgnoredCells, SheetRole, UnmappedCell};
use super::groups::Grouping;
use super::layout::{Layout, one_line};
use crate::intake::workbook::address::column_letters;
use crate::intake::workbook::{Address, Cell, CellKind, Sheet, Workbook};
use ecow::{EcoString, eco_format};
use rustc_hash::{FxHashMap, FxHashSet};

/// Accounts for the cells of a table of hazards: of the rows that are told of with it.
pub(super) fn table(layout: &Layout<'_>, grouping: &Grouping, taken: &FxHashSet<Address>) -> Explanation {
    let mut explanation = Explanation::default();
    let mut ignored = Ignored::default();
    let mut headers: FxHashMap<u32, EcoString> = FxHashMap::default();
    for (address, cell) in filled(layout.sheet).filter(|(address, _)| layout.told.contains(&address.row)) {
        explanation.cells += 1;
        let unsaved = (cell.kind == CellKind::Unsaved).then_some(UNSAVED);
        if let Some(reason) = why_ignored(layout, grouping, address).or(unsaved) {
            ignored.add(address, reason);
            continue;
        }
        ignored.interrupt();
        if address.row <= layout.header_row || taken.contains(&address) {
            explanation.mapped += 1;
        } else {
            // Of a tracker's export most columns are not read, so the cells of one share its header.
            let header =
                headers.entry(address.column).or_insert_with(|| layout.header(address.column).into());
            explanation.unmapped.push(UnmappedCell {
                sheet: None,
                cell: eco_format!("{address}"),
                header: Some(header.clone()).filter(|header| !header.is_empty()),
                text: cell.text.trim().into(),
            });
        }
    }
    explanation.ignored = ignored.cells();
    explanation
}

const UNSAVED: &str = "a formula whose value was not saved";

fn why_ignored<'a>(layout: &'a Layout<'_>, grouping: &Grouping, address: Address) -> Option<&'a str> {
    if address.row < layout.top_row {
        Some("above the header row")
    } else if let Some(reason) = layout.ignored_columns.get(&address.column) {
        Some(reason)
    } else if address.row > layout.last_row {
        Some("below the last row of the table")
    } else if let Some(reason) = layout.left_out.get(&address.row) {
        Some(reason)
    } else if grouping.notes.contains(&address.row) {
        Some("a note, not a hazard")
    } else {
        None
    }
}

/// Accounts for the sheets, and for the workbook as a whole, once the tables are accounted for.
pub(super) fn sheets(
    workbook: &Workbook,
    tables: &[(&Layout<'_>, CellCount, &[IgnoredCells])],
    documents: &[DocumentCells],
    explanation: &mut Explanation,
) {
    for (position, reading) in explanation.sheets.iter_mut().enumerate() {
        let sheet = &workbook.sheets[position];
        let of_sheet = tables.iter().filter(|(layout, ..)| std::ptr::eq(layout.sheet, sheet));
        for (_, count, ignored) in of_sheet {
            reading.count.add(*count);
            reading.ignored.extend_from_slice(ignored);
        }
        let taken = documents.iter().find(|cells| cells.sheet == position).map(|cells| &cells.taken);
        if reading.role != SheetRole::Hazards {
            let reason = match reading.role {
                SheetRole::CoverPage => "not a label that is known, nor a value beside one",
                SheetRole::VersionHistory => "not a version, a person, or the head of their table",
                SheetRole::RiskMatrix => "says what the words of the matrix mean",
                SheetRole::Linked => "nothing that is linked to a hazard",
                SheetRole::Ignored => "the mapping leaves the sheet out",
                SheetRole::Hazards | SheetRole::OtherHazards | SheetRole::NotRead => "the sheet was not read",
            };
            let mut ignored = Ignored::default();
            for (address, cell) in filled(sheet) {
                let reason = if cell.kind == CellKind::Unsaved { UNSAVED } else { reason };
                reading.count.cells += 1;
                if taken.is_some_and(|taken| taken.contains(&address)) {
                    reading.count.mapped += 1;
                } else {
                    reading.count.ignored += 1;
                    ignored.add(address, reason);
                }
            }
            reading.ignored = ignored.cells();
        }
        reading.beside = beside(sheet, reading.role);
        explanation.total.add(reading.count);
    }
}

/// What is on a sheet beside the values of its cells.
fn beside(sheet: &Sheet, role: SheetRole) -> Vec<Beside> {
    let fate = match role {
        SheetRole::Hazards => "reported as a finding",
        _ => "not read",
    };
    let all_the_same = if role.is_read() { "read all the same" } else { "not read" };
    let of = |cells: Option<String>, what: String, text: Option<&str>| Beside {
        cells,
        what,
        text: text.map(one_line),
    };
    let mut beside = Vec::new();
    if sheet.hidden {
        beside.push(of(None, format!("the sheet is hidden; {all_the_same}"), None));
    }
    for row in &sheet.hidden_rows {
        beside.push(of(
            Some(format!("row {}", row + 1)),
            format!("hidden or filtered out; {all_the_same}"),
            None,
        ));
    }
    for column in &sheet.hidden_columns {
        let cells = format!("column {}", column_letters(*column));
        beside.push(of(Some(cells), format!("hidden; {all_the_same}"), None));
    }
    for (address, cell) in filled(sheet).filter(|(_, cell)| cell.struck_through) {
        let what = format!("struck through; {all_the_same}");
        beside.push(of(Some(address.to_string()), what, Some(&cell.text)));
    }
    for (address, comment) in &sheet.comments {
        beside.push(of(Some(address.to_string()), format!("comment; {fate}"), Some(comment)));
    }
    for text in &sheet.drawing.text_boxes {
        beside.push(of(None, "text box; not read, and reported as a finding".to_owned(), Some(text)));
    }
    match sheet.drawing.pictures {
        0 => {}
        1 => beside.push(of(None, "a picture; not read".to_owned(), None)),
        count => beside.push(of(None, format!("{count} pictures; not read"), None)),
    }
    beside
}

/// The cells with content; a formula is content also where its value is not known.
fn filled(sheet: &Sheet) -> impl Iterator<Item = (Address, &Cell)> {
    sheet.cells().filter(|(_, cell)| !cell.text.trim().is_empty() || cell.kind == CellKind::Unsaved)
}

/// Cells that are left out, drawn together where they stand together and for one reason.
#[derive(Default)]
struct Ignored {
    groups: Vec<Group>,
    /// How many of the groups can no longer grow.
    closed: usize,
}

struct Group {
    reason: String,
    count: usize,
    first: Address,
    last: Address,
}

impl Ignored {
    fn add(&mut self, address: Address, reason: &str) {
        let open = self.groups[self.closed..].iter_mut().find(|group| group.reason == reason);
        match open {
            Some(group) => {
                group.count += 1;
                group.first.column = group.first.column.min(address.column);
                group.last = Address { row: address.row, column: group.last.column.max(address.column) };
            }
            None => {
                self.groups.push(Group {
                    reason: reason.to_owned(),
                    count: 1,
                    first: address,
                    last: address,
                });
            }
        }
    }

    /// A cell that is not left out stands between those before and those after it.
    fn interrupt(&mut self) {
        self.closed = self.groups.len();
    }

    fn cells(self) -> Vec<IgnoredCells> {
        let cells = |group: Group| {
            let (first, last) = (group.first, group.last);
            let cells = if first == last { first.to_string() } else { format!("{first}:{last}") };
            IgnoredCells { cells, count: group.count, reason: group.reason }
        };
        self.groups.into_iter().map(cells).collect()
    }
}
