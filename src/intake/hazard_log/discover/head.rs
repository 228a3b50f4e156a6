//! Header rows: where a sheet has them, and what each of their cells says.
//!
//! Every row near the top is tried alone, and with the row below it: words such as "Initial" and "Residual" stand
//! above the others, often in merged cells. The row whose words are understood best is the header.

use crate::case::folding::fold;
use crate::intake::hazard_log::field::Field;
use crate::intake::hazard_log::header::{
    Axis, Basis, Header, Recognised, Said, is_known, recognise, said_by,
};
use crate::intake::hazard_log::layout::{header_text, merged_into};
use crate::intake::workbook::{Address, Sheet};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Rows with content in which a header is looked for that may have typing errors.
const HEADER_ROWS: usize = 100;
/// Fewer understood headers than this do not make a table of hazards.
const MIN_HEADERS: usize = 3;
/// A cell with more than this is no header.
const LONGEST: usize = 160;

/// A header: one row, or two.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub top: u32,
    pub row: u32,
    pub cells: BTreeMap<u32, HeadCell>,
}

/// The header of one column.
#[derive(Debug, Clone)]
pub(super) struct HeadCell {
    pub text: String,
    pub recognised: Option<Recognised>,
    /// The words above it that say a part of its meaning.
    pub group: Option<String>,
}

impl HeadCell {
    pub(super) fn header(&self) -> Option<Header> {
        self.recognised.as_ref()?.header()
    }
}

impl Head {
    /// How many of its cells are understood.
    pub(super) fn understood(&self) -> usize {
        self.cells.values().filter(|cell| cell.header().is_some()).count()
    }

    /// Whether it is of hazards: other lists have numbers, names and owners too, but no causes and no ratings.
    fn is_of_hazards(&self) -> bool {
        let has =
            |wanted: &dyn Fn(Header) -> bool| self.cells.values().filter_map(HeadCell::header).any(wanted);
        let names = |header| {
            matches!(header, Header::Field(Field::HazardId | Field::HazardName | Field::Description))
        };
        let analyses = |header| match header {
            Header::Field(field) => field.is_of_analysis(),
            Header::Rating(..) | Header::ImpactOrSeverity => true,
        };
        let speaks_of_hazards =
            self.cells.values().any(|cell| cell.header().is_some() && fold(&cell.text).contains("hazard"));
        self.understood() >= MIN_HEADERS && has(&names) && (has(&analyses) || speaks_of_hazards)
    }

    /// Whether it is sure enough to be the header of a second table on its sheet.
    fn is_strong(&self) -> bool {
        let exact = |cell: &&HeadCell| cell.recognised.as_ref().is_some_and(Recognised::is_exact);
        let exact = self.cells.values().filter(exact).count();
        exact > MIN_HEADERS && exact * 2 > self.cells.len()
    }

    /// How good it is: understood cells, then those that say when their rating holds, then a single row.
    fn rank(&self) -> (usize, usize, bool) {
        let says_when = |cell: &&HeadCell| matches!(cell.header(), Some(Header::Rating(_, Some(_))));
        (self.understood(), self.cells.values().filter(says_when).count(), self.top == self.row)
    }

    /// Whether a row has these headers once more.
    pub(super) fn is_repeated_by(&self, sheet: &Sheet, row: u32) -> bool {
        let mut same = 0;
        for (address, cell) in sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty()) {
            let is_header = |row: u32| {
                let header = sheet.text(Address { row, column: address.column });
                header.is_some_and(|header| fold(header) == fold(&cell.text))
            };
            // The texts of hazards are long; they need no comparing.
            if cell.text.len() > LONGEST || !(self.top..=self.row).any(is_header) {
                return false;
            }
            same += 1;
        }
        let headed = self.cells.values().filter(|cell| !cell.text.is_empty()).count();
        same >= 2 && (same * 2 >= headed || self.top < self.row)
    }
}

/// What the words of a sheet's cells say as headers. A row is looked at alone and with each of its neighbours, and many
/// cells say the same, so each text is understood once.
#[derive(Default)]
struct Understood {
    recognised: RefCell<FxHashMap<String, Option<Recognised>>>,
    said: RefCell<FxHashMap<String, Option<Said>>>,
}

impl Understood {
    fn recognise(&self, text: &str) -> Option<Recognised> {
        // No header, and not worth keeping.
        if text.len() > LONGEST { None } else { once(&self.recognised, text, recognise) }
    }

    fn said_by(&self, text: &str) -> Option<Said> {
        once(&self.said, text, said_by)
    }
}

fn once<T: Clone>(known: &RefCell<FxHashMap<String, T>>, text: &str, find: impl FnOnce(&str) -> T) -> T {
    if let Some(found) = known.borrow().get(text) {
        return found.clone();
    }
    let found = find(text);
    known.borrow_mut().insert(text.to_owned(), found.clone());
    found
}

/// The headers of a sheet's tables of hazards, from top to bottom, and the position of the best.
pub(super) fn find(sheet: &Sheet) -> Option<(Vec<Head>, usize)> {
    let rows: Vec<u32> = sheet.rows().into_iter().collect();
    let mut heads: Vec<Head> = Vec::new();
    let understood = Understood::default();
    for (position, row) in rows.iter().enumerate() {
        let next = rows.get(position + 1).copied().filter(|next| *next == row + 1);
        let may_be = match position {
            ..HEADER_ROWS => may_be_header(sheet, *row),
            _ => may_be_far_header(sheet, *row, next),
        };
        if !may_be {
            continue;
        }
        heads.push(single(sheet, *row, &understood));
        heads.extend(next.and_then(|next| pair(sheet, *row, next, &understood)));
    }
    heads.retain(Head::is_of_hazards);
    // The first of equals: `max_by_key` would take the last.
    let best = heads.iter().rev().max_by_key(|head| head.rank())?.clone();
    let mut tables = vec![best.clone()];
    heads.sort_by_key(|head| std::cmp::Reverse(head.rank()));
    for head in heads.into_iter().filter(Head::is_strong) {
        let overlaps = |other: &Head| head.top <= other.row && other.top <= head.row;
        if !tables.iter().any(|other| overlaps(other) || other.is_repeated_by(sheet, head.row)) {
            tables.push(head);
        }
    }
    tables.sort_by_key(|head| head.top);
    let position = tables.iter().position(|head| head.row == best.row)?;
    Some((tables, position))
}

/// The row near the top with most texts that could be headers, of which something stands below.
pub(super) fn widest(sheet: &Sheet) -> Option<u32> {
    let rows: Vec<u32> = sheet.rows().into_iter().take(HEADER_ROWS).collect();
    let above = rows.split_last()?.1.iter().copied();
    let wide = above.filter(|row| may_be_header(sheet, *row)).map(|row| (texts(sheet, row).count(), row));
    // The first of equals.
    wide.max_by_key(|(width, row)| (*width, std::cmp::Reverse(*row))).map(|(_, row)| row)
}

/// Whether it is worth the time to look at this row: it has several texts, and none is a paragraph.
fn may_be_header(sheet: &Sheet, row: u32) -> bool {
    texts(sheet, row).all(|text| text.len() <= LONGEST) && texts(sheet, row).count() >= 2
}

/// Likewise far down, where a hazard log has its thousands of rows: some of the texts, or of those of the row below,
/// have to be headers as they stand. No other row would be sure enough to be the header of a further table.
fn may_be_far_header(sheet: &Sheet, row: u32, next: Option<u32>) -> bool {
    const SOME: usize = 2;
    let has_some = |row: u32| texts(sheet, row).filter(|text| is_known(text)).take(SOME).count() == SOME;
    may_be_header(sheet, row) && (has_some(row) || next.is_some_and(has_some))
}

fn texts(sheet: &Sheet, row: u32) -> impl Iterator<Item = &str> {
    sheet.row(row).map(|(_, cell)| cell.text.trim()).filter(|text| !text.is_empty())
}

fn single(sheet: &Sheet, row: u32, understood: &Understood) -> Head {
    let cell =
        |text: &str| HeadCell { text: text.to_owned(), recognised: understood.recognise(text), group: None };
    let columns = sheet.row(row).map(|(address, _)| address.column);
    let mut cells: BTreeMap<u32, HeadCell> =
        columns.map(|column| (column, cell(&header_text(sheet, row..=row, column)))).collect();
    cells.retain(|_, cell| !cell.text.is_empty());
    take_letters(&mut cells);
    Head { top: row, row, cells }
}

/// Single letters say nothing, but for S, L and R side by side, and S, O and RPN of a table of failure modes.
fn take_letters(cells: &mut BTreeMap<u32, HeadCell>) {
    take_failure_letters(cells);
    let axis_of = |cell: &HeadCell| axis_of_letter(&cell.text);
    let columns: Vec<u32> = cells.keys().copied().collect();
    for three in columns.windows(3) {
        let axes: Vec<Axis> = three.iter().filter_map(|column| axis_of(cells.get(column)?)).collect();
        let has = |axis| axes.contains(&axis);
        if three[2] == three[0] + 2 && has(Axis::Severity) && has(Axis::Likelihood) && has(Axis::Risk) {
            for (column, axis) in three.iter().zip(axes) {
                let recognised = Recognised::As(
                    Header::Rating(axis, None),
                    Basis::Part("S, L and R side by side".to_owned()),
                );
                cells.entry(*column).and_modify(|cell| cell.recognised = Some(recognised));
            }
        }
    }
}

/// Severity, occurrence and risk priority number, with columns of texts between them; after the actions once more,
/// often as `S2` or `S'`. The detection has no field.
fn take_failure_letters(cells: &mut BTreeMap<u32, HeadCell>) {
    let axis = |cell: &HeadCell| {
        let letters = fold(&cell.text);
        match letters.trim_end_matches(|c: char| c.is_ascii_digit() || "'\u{2019}\u{2032} ".contains(c)) {
            "s" | "sev" => Some(Axis::Severity),
            "o" | "occ" => Some(Axis::Likelihood),
            "rpn" => Some(Axis::Risk),
            _ => None,
        }
    };
    let found: Vec<(u32, Axis)> =
        cells.iter().filter_map(|(column, cell)| Some((*column, axis(cell)?))).collect();
    let has = |wanted| found.iter().any(|(_, axis)| *axis == wanted);
    if has(Axis::Severity) && has(Axis::Likelihood) && has(Axis::Risk) {
        for (column, axis) in found {
            let basis = Basis::Part("S, O and RPN of failure modes".to_owned());
            let recognised = Recognised::As(Header::Rating(axis, None), basis);
            cells.entry(column).and_modify(|cell| cell.recognised = Some(recognised));
        }
    }
}

fn axis_of_letter(text: &str) -> Option<Axis> {
    match fold(text).as_str() {
        "s" | "c" => Some(Axis::Severity),
        "l" | "p" => Some(Axis::Likelihood),
        "r" | "rs" | "rr" | "sxl" | "s x l" | "score" => Some(Axis::Risk),
        _ => None,
    }
}

/// The header of two rows; `None` where the lower one is rather a row of hazards.
fn pair(sheet: &Sheet, top: u32, row: u32, understood: &Understood) -> Option<Head> {
    let texts = |row: u32| sheet.row(row).filter(|(_, cell)| !cell.text.trim().is_empty());
    if texts(row).any(|(_, cell)| cell.text.trim().len() > LONGEST) || texts(row).count() < 2 {
        return None;
    }
    let columns = texts(top).chain(texts(row)).map(|(address, _)| address.column);
    let covered = sheet.merges.iter().filter(|(first, last)| first.row == top && last.row <= row);
    let covered = covered.flat_map(|(first, last)| first.column..=last.column.min(first.column + 64));
    let columns: std::collections::BTreeSet<u32> = columns.chain(covered).collect();
    let mut cells = BTreeMap::new();
    for column in columns {
        let own = sheet.text(Address { row, column });
        let above = sheet.text(merged_into(sheet, Address { row: top, column }));
        let group = above.or_else(|| own.and_then(|_| carried(sheet, top, column, understood)));
        let (recognised, group) = match (group, own) {
            (Some(group), Some(own)) => together(group, own, understood),
            (Some(text), None) | (None, Some(text)) => (understood.recognise(text), None),
            (None, None) => continue,
        };
        let text = header_text(sheet, top..=row, column);
        cells.insert(column, HeadCell { text, recognised, group });
    }
    let head = Head { top, row, cells };
    let lower = texts(row)
        .filter(|(address, _)| head.cells.get(&address.column).is_some_and(|cell| cell.header().is_some()));
    (lower.count() * 2 >= texts(row).count()).then_some(head)
}

/// The group whose word stands in a cell to the left and is not merged.
fn carried<'s>(sheet: &'s Sheet, top: u32, column: u32, understood: &Understood) -> Option<&'s str> {
    let left =
        sheet.row(top).filter(|(address, cell)| address.column < column && !cell.text.trim().is_empty());
    let (address, cell) = left.last()?;
    let is_merged = sheet.merges.iter().any(|(first, last)| *first == address && last.column > first.column);
    // Only a word that says when is known to go on: "Hazard" above the first column does not.
    (!is_merged && understood.said_by(&cell.text).is_some()).then(|| cell.text.trim())
}

/// What a header says under the words of its group.
fn together(group: &str, own: &str, understood: &Understood) -> (Option<Recognised>, Option<String>) {
    let under = |header| {
        let basis = Basis::Words;
        (Some(Recognised::As(header, basis)), Some(group.split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    let said = understood.said_by(group);
    let of_group = understood.recognise(group).and_then(|found| found.header());
    let of_own = understood.recognise(own).and_then(|found| found.header());
    if let Some(axis) =
        axis_of_letter(own).filter(|_| said.is_some() || matches!(of_group, Some(Header::Rating(..))))
    {
        return under(Header::Rating(axis, said));
    }
    match (of_group, of_own) {
        (_, Some(Header::Rating(axis, None))) if said.is_some() => under(Header::Rating(axis, said)),
        (_, Some(Header::ImpactOrSeverity)) if said.is_some() => under(Header::Rating(Axis::Severity, said)),
        (Some(Header::Rating(..)), Some(Header::ImpactOrSeverity)) => {
            under(Header::Rating(Axis::Severity, said))
        }
        (Some(Header::Field(Field::ExistingControls)), Some(Header::Field(Field::AdditionalControls(_)))) => {
            under(Header::Field(Field::ExistingControls))
        }
        _ => match understood.recognise(&format!("{group} {own}")) {
            Some(Recognised::As(header, Basis::Words)) if of_own != Some(header) => under(header),
            _ => match (of_group, understood.recognise(own)) {
                (Some(header @ Header::Field(field)), None) if field.may_repeat() => under(header),
                (_, own) => (own, None),
            },
        },
    }
}

/// Whether a word of the header says that its rating is the one after control.
pub(super) fn is_residual(header: Header) -> bool {
    matches!(header, Header::Rating(_, Some(Said::Residual)))
}
