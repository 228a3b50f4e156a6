//! Causes and controls on sheets of their own: `CA-001` on one, `CO-001` on another, and what links them to the
//! hazards: a column that names an id of the other sheet, a sheet of pairs, or a table of Y with ids at its edges.
//!
//! Such a sheet is told by what it holds, not by its headers: a column of ids that are all different, a column of
//! texts, and a word that says whether they are causes or controls. It is read only where something links it to a
//! hazard of the log; otherwise it stays what it is, a sheet that nothing reads. What is linked to no hazard, and every
//! cell of these sheets that says nothing of a cause or control, is observed.

mod attach;
mod table;

use super::ids::{self, Style};
use super::layout::one_line;
use crate::case::folding::folded;
use crate::case::hazard_log::HazardLog;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::{Place, Provenance};
use crate::intake::workbook::{Address, Workbook};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use table::Table;

/// A sheet that was read for the causes, controls or links on it.
#[derive(Debug)]
pub(super) struct LinkedSheet {
    /// Its position in the workbook.
    pub sheet: usize,
    pub why: String,
    /// Cells whose content reached the case or an observation.
    pub taken: FxHashSet<Address>,
}

/// What a sheet lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cause,
    Control,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Cause => "cause",
            Self::Control => "control",
        }
    }

    /// What these words speak of; `None` if of both or of neither.
    fn said_by(words: &str) -> Option<Self> {
        let words = folded(words);
        let has =
            |stems: &[&str]| words.split(' ').any(|word| stems.iter().any(|stem| word.starts_with(stem)));
        match (has(&["cause"]), has(&["control", "mitigation"])) {
            (true, false) => Some(Self::Cause),
            (false, true) => Some(Self::Control),
            _ => None,
        }
    }
}

/// A cause or control of a sheet of its own.
struct Listed<'a> {
    kind: Kind,
    id: &'a str,
    text: &'a str,
    /// Position of its sheet in the workbook.
    sheet: usize,
    /// The cell of its text.
    at: Address,
    /// What further columns say of it, by the folded words of their headers.
    said: Vec<(String, Address, &'a str)>,
}

/// What a link joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum End {
    /// A hazard, by its position.
    Hazard(usize),
    /// What a sheet lists, by its position.
    Listed(usize),
}

/// Everything that the sheets list, and what links it.
struct Reader<'a> {
    workbook: &'a Workbook,
    ends: FxHashMap<String, End>,
    listed: Vec<Listed<'a>>,
    links: BTreeSet<(End, End)>,
    sheets: Vec<LinkedSheet>,
}

/// Reads the sheets that list causes and controls of the hazards; `is_free` says which sheets nothing else reads.
/// Their causes and controls are added to the hazards.
pub(super) fn read(
    workbook: &Workbook,
    is_free: impl Fn(usize) -> bool,
    log: &mut HazardLog,
    provenance: &mut Provenance,
) -> (Vec<LinkedSheet>, Vec<Observation>) {
    let mut reader = Reader {
        workbook,
        ends: hazard_ends(log),
        listed: Vec::new(),
        links: BTreeSet::new(),
        sheets: Vec::new(),
    };
    let known: FxHashSet<String> = attach::known_ids(log);
    let tables: Vec<(usize, Table<'_>)> = workbook
        .sheets
        .iter()
        .enumerate()
        .filter(|(at, _)| !reader.ends.is_empty() && is_free(*at))
        .filter_map(|(at, sheet)| Some((at, Table::of(sheet)?)))
        .collect();
    let is_list: Vec<bool> = tables.iter().map(|(at, table)| reader.list(*at, table, &known)).collect();
    if reader.listed.is_empty() {
        return (Vec::new(), Vec::new());
    }
    for ((at, table), is_list) in tables.iter().zip(is_list) {
        if is_list {
            reader.references(*at, table);
        } else {
            reader.pairs(*at, table);
        }
    }
    if !reader.links.iter().any(|(one, _)| matches!(one, End::Hazard(_))) {
        return (Vec::new(), Vec::new());
    }
    let mut observations = attach::attach(&mut reader, log, provenance);
    observations.extend(reader.unread());
    (reader.sheets, observations)
}

/// The hazards by their ids, as far as these cannot be mistaken for numbers or words.
fn hazard_ends(log: &HazardLog) -> FxHashMap<String, End> {
    let hazards = log.hazards.iter().enumerate().filter(|(_, hazard)| is_id(&hazard.id));
    hazards.map(|(at, hazard)| (ids::same_number(&hazard.id), End::Hazard(at))).collect()
}

/// Whether a text is an id and nothing else: `CA-001`.
fn is_id(text: &str) -> bool {
    Style::Letters.split(text).is_some_and(|(_, rest)| rest.is_empty())
}

impl<'a> Reader<'a> {
    /// Reads what a sheet lists, if it lists causes or controls that the log does not have yet.
    fn list(&mut self, sheet: usize, table: &Table<'a>, known: &FxHashSet<String>) -> bool {
        let Some((ids, texts)) = table.ids_and_texts() else { return false };
        let name = &self.workbook.sheets[sheet].name;
        let headers = [name.as_str(), table.header(ids), table.header(texts)];
        let Some(kind) = headers.into_iter().find_map(Kind::said_by) else { return false };
        let is_known =
            |row: &u32| table.text(*row, ids).is_some_and(|id| known.contains(id) || self.end(id).is_some());
        if table.rows.iter().any(is_known) {
            return false;
        }
        let mut taken: FxHashSet<Address> = table.head().collect();
        for row in &table.rows {
            let (Some(id), Some(text)) = (table.text(*row, ids), table.text(*row, texts)) else { continue };
            self.ends.insert(ids::same_number(id), End::Listed(self.listed.len()));
            taken.extend([ids, texts].map(|column| Address { row: *row, column }));
            let others = table.columns.iter().filter(|column| ![ids, texts].contains(column));
            let said = others.filter_map(|column| {
                let text = table.text(*row, *column)?;
                Some((folded(table.header(*column)), Address { row: *row, column: *column }, text))
            });
            let at = Address { row: *row, column: texts };
            self.listed.push(Listed { kind, id, text, sheet, at, said: said.collect() });
        }
        let why = format!("its column {} lists ids of {}s", one_line(table.header(ids)), kind.as_str());
        self.sheets.push(LinkedSheet { sheet, why, taken });
        true
    }

    fn end(&self, id: &str) -> Option<End> {
        self.ends.get(&ids::same_number(id)).copied().filter(|_| is_id(id))
    }

    /// What a cell names, if it holds nothing but ids that are known.
    fn named(&self, text: &str) -> Vec<End> {
        let ids = || text.split([',', ';', '\n', ' ']).map(str::trim).filter(|id| !id.is_empty());
        let ends: Option<Vec<End>> = ids().map(|id| self.end(id)).collect();
        ends.unwrap_or_default()
    }

    /// Takes the ids that a list's further columns name.
    fn references(&mut self, sheet: usize, table: &Table<'a>) {
        for row in &table.rows {
            let of_row = self.listed.iter().position(|listed| listed.sheet == sheet && listed.at.row == *row);
            let Some(listed) = of_row.map(End::Listed) else { continue };
            for column in &table.columns {
                let Some(text) = table.text(*row, *column) else { continue };
                for end in self.named(text) {
                    if end != listed {
                        self.link(listed, end);
                        self.take(sheet, Address { row: *row, column: *column });
                    }
                }
            }
        }
    }

    /// Takes a sheet whose rows name what belongs together, or whose edges do and whose cells say yes.
    fn pairs(&mut self, sheet: usize, table: &Table<'a>) {
        let edge: Vec<(u32, End)> = table
            .columns
            .iter()
            .filter_map(|column| Some((*column, self.end(table.header(*column))?)))
            .collect();
        let mut links = Vec::new();
        let mut taken = Vec::new();
        for row in &table.rows {
            let named: Vec<(u32, Vec<End>)> = table
                .columns
                .iter()
                .map(|column| (*column, self.named(table.text(*row, *column).unwrap_or_default())))
                .filter(|(_, ends)| !ends.is_empty())
                .collect();
            for (at, (column, ends)) in named.iter().enumerate() {
                let others = named[at + 1..].iter().flat_map(|(_, others)| others);
                links.extend(others.flat_map(|other| ends.iter().map(|end| (*end, *other))));
                taken.push(Address { row: *row, column: *column });
            }
            let Some((_, ends)) = named.first() else { continue };
            for (column, end) in &edge {
                let Some(says) = table.text(*row, *column).and_then(says_yes) else { continue };
                taken.push(Address { row: *row, column: *column });
                links.extend(ends.iter().filter(|_| says).map(|of_row| (*of_row, *end)));
            }
        }
        if links.is_empty() {
            return;
        }
        taken.extend(table.head());
        let why = "its cells link hazards, causes and controls by their ids".to_owned();
        self.sheets.push(LinkedSheet { sheet, why, taken: taken.into_iter().collect() });
        for (one, other) in links {
            self.link(one, other);
        }
    }

    /// Links hazard and cause, cause and control, or hazard and control: the one that comes first in this order first.
    fn link(&mut self, one: End, other: End) {
        let rank = |end: &End| match end {
            End::Hazard(_) => 0,
            End::Listed(at) => 1 + usize::from(self.listed[*at].kind == Kind::Control),
        };
        match rank(&one).cmp(&rank(&other)) {
            std::cmp::Ordering::Less => self.links.insert((one, other)),
            std::cmp::Ordering::Greater => self.links.insert((other, one)),
            std::cmp::Ordering::Equal => false,
        };
    }

    fn take(&mut self, sheet: usize, address: Address) {
        for linked in self.sheets.iter_mut().filter(|linked| linked.sheet == sheet) {
            linked.taken.insert(address);
        }
    }

    /// Observes the cells of the sheets that say nothing of a cause or control that was read.
    fn unread(&self) -> Vec<Observation> {
        let mut observations = Vec::new();
        for linked in &self.sheets {
            let sheet = &self.workbook.sheets[linked.sheet];
            for (address, cell) in sheet.cells() {
                if cell.text.trim().is_empty() || linked.taken.contains(&address) {
                    continue;
                }
                let message = format!(
                    "The cell on the sheet {} was not read into any hazard: \"{}\".",
                    sheet.name.trim(),
                    one_line(&cell.text)
                );
                let place =
                    Some(Place::cell(self.workbook.file.clone(), sheet.name.clone(), address.to_string()));
                observations.push(Observation {
                    kind: ObservationKind::Unmapped,
                    hazard: None,
                    place,
                    message,
                });
            }
        }
        observations
    }
}

/// Whether a cell of a table of Y says yes; `None` if it says something else.
fn says_yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "y" | "yes" | "x" | "1" | "true" | "✓" | "✔" => Some(true),
        "n" | "no" | "0" | "-" | "false" => Some(false),
        _ => None,
    }
}
