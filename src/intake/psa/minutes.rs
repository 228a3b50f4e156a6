//! Understanding the lines of minutes: labels with their values, titles, and tables by the headers of their columns.
//!
//! Two layouts. A page holds one session: a block of labels and values, then tables. A register holds a row for each
//! discussed hazard, with the session in a column of its own. What nothing is made of stays marked as unused.

use super::draft::{Draft, Entry, Filled};
use super::line::{Cell, Line};
use super::word::{self, Table};
use crate::case::Place;

/// The sessions of a sheet or page. `at` is where it stands.
pub(super) fn read(lines: &mut [Line], at: &Place) -> Vec<Draft> {
    let mut reader =
        Reader { at, page: Draft::new(at.clone()), register: Vec::new(), state: State::default() };
    for line in lines {
        reader.read(line);
    }
    let Reader { page, register, .. } = reader;
    // Labels above a register are of each of its sessions: a title, the log's version.
    if register.is_empty() {
        return if page.is_empty() { Vec::new() } else { vec![page] };
    }
    register.into_iter().map(|draft| draft.with_common(&page)).collect()
}

struct Reader<'a> {
    at: &'a Place,
    page: Draft,
    register: Vec<Draft>,
    state: State,
}

/// What the lines before a line say of it.
#[derive(Default)]
struct State {
    section: Option<Table>,
    columns: Option<Columns>,
    /// The session's field that a title announced, and whether some of its value was read.
    awaiting: Option<(&'static str, bool)>,
}

/// What the columns of the table at hand hold, by their numbers.
enum Columns {
    Of(Table, Vec<(u32, &'static str)>),
    Register(Vec<(u32, Target)>),
}

/// What a column of a register holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Session(&'static str),
    /// Names of those who took part, one a line or between semicolons.
    Attendees,
    Of(Table, &'static str),
}

impl Reader<'_> {
    fn read(&mut self, line: &mut Line) {
        let [first, rest @ ..] = &mut line.cells[..] else {
            self.state.columns = None;
            self.state.section = None;
            if self.state.awaiting.is_some_and(|(_, has_value)| has_value) {
                self.state.awaiting = None;
            }
            return;
        };
        let is_label_line = rest.len() == 1 && word::label(&first.text).is_some();
        if rest.is_empty() && self.title(first, line.is_heading) {
            return;
        }
        if let Some(columns) = header(&line.cells, self.state.section) {
            line.cells
                .iter_mut()
                .filter(|cell| columns.knows(cell.column))
                .for_each(|cell| cell.is_used = true);
            self.state = State { columns: Some(columns), ..State::default() };
        } else if let Some(columns) = self.state.columns.take_if(|_| !is_label_line && !line.is_heading) {
            self.row(&columns, &mut line.cells);
            self.state.columns = Some(columns);
        } else {
            self.state.columns = None;
            self.block(&mut line.cells);
        }
    }

    /// A title, alone in its line: of a table, of a value below it, or of nothing.
    fn title(&mut self, cell: &mut Cell, is_heading: bool) -> bool {
        let in_table = self.state.columns.is_some() && !is_heading;
        let state = if let Some(table) = Table::titled(&cell.text) {
            State { section: Some(table), ..State::default() }
        } else if let Some(field) = word::label(&cell.text).filter(|_| !in_table) {
            State { awaiting: Some((field, false)), ..State::default() }
        } else if word::is_plain_title(&cell.text) || (is_heading && cell.text.is_empty()) {
            State::default()
        } else {
            if is_heading {
                self.state = State::default();
            }
            return is_heading;
        };
        cell.is_used = true;
        self.state = state;
        true
    }

    /// Labels with their values beside them; the value of a title above; an entry of a list.
    fn block(&mut self, cells: &mut [Cell]) {
        if let [only] = cells {
            return self.alone(only);
        }
        let mut at = 0;
        while at + 1 < cells.len() {
            let (label, value) = (&cells[at].text, Filled::of(&cells[at + 1]));
            let is_known = if let Some(field) = word::label(label) {
                self.page.say(field, value);
                true
            } else if Table::titled(label) == Some(Table::Attendees) {
                self.page.attend(&value);
                true
            } else {
                false
            };
            if is_known {
                self.state = State::default();
                cells[at].is_used = true;
                cells[at + 1].is_used = true;
            }
            at += if is_known { 2 } else { 1 };
        }
    }

    fn alone(&mut self, cell: &mut Cell) {
        let value = Filled::of(cell);
        if let Some((label, text)) = cell.text.split_once(':')
            && let Some(field) = word::label(label)
        {
            let text = text.trim_start_matches(['*', '_']).trim();
            if text.is_empty() {
                self.state.awaiting = Some((field, false));
            } else {
                self.page.say(field, Filled { text: text.to_owned(), ..value });
                self.state.awaiting = None;
            }
        } else if let Some((field, _)) = self.state.awaiting {
            self.page.say_more(field, value);
            self.state.awaiting = Some((field, true));
        } else if let Some((table, field)) =
            self.state.section.and_then(|table| Some((table, table.alone()?)))
        {
            self.page.add(table, vec![(field, value)]);
        } else {
            return;
        }
        cell.is_used = true;
    }

    fn row(&mut self, columns: &Columns, cells: &mut [Cell]) {
        match columns {
            Columns::Of(table, fields) => {
                let mut entry = Entry::new();
                for cell in cells {
                    if let Some((_, field)) = fields.iter().find(|(column, _)| *column == cell.column) {
                        entry.push((field, Filled::of(cell)));
                        cell.is_used = true;
                    }
                }
                if !entry.is_empty() {
                    self.page.add(*table, entry);
                }
            }
            Columns::Register(targets) => self.register_row(targets, cells),
        }
    }

    fn register_row(&mut self, targets: &[(u32, Target)], cells: &mut [Cell]) {
        let target_of = |cell: &Cell| Some(targets.iter().find(|(column, _)| *column == cell.column)?.1);
        let id = cells.iter().find(|cell| target_of(cell) == Some(Target::Session("id")));
        let at = match id.map(|cell| cell.text.as_str()) {
            Some(id) => self.register.iter().position(|draft| draft.id() == Some(id)),
            // Of a session whose id stands in the row above.
            None => self.register.len().checked_sub(1),
        };
        let at = at.unwrap_or_else(|| {
            self.register
                .push(Draft::new(cells.first().map_or_else(|| self.at.clone(), |cell| cell.place.clone())));
            self.register.len() - 1
        });
        let draft = &mut self.register[at];
        let (mut discussed, mut action) = (Entry::new(), Entry::new());
        for cell in cells {
            let value = Filled::of(cell);
            match target_of(cell) {
                Some(Target::Session(field)) => draft.say(field, value),
                Some(Target::Attendees) => draft.attend(&value),
                Some(Target::Of(Table::Actions, field)) => action.push((field, value)),
                Some(Target::Of(_, field)) => discussed.push((field, value)),
                None => continue,
            }
            cell.is_used = true;
        }
        let hazard = discussed.iter().find(|(field, _)| *field == "hazard").cloned();
        if !action.is_empty() {
            action.extend(hazard.clone());
            draft.add(Table::Actions, action);
        }
        // A further row of a hazard that holds nothing but an action discusses it no second time.
        let only_hazard = discussed.len() == usize::from(hazard.is_some());
        let is_known = hazard.is_some_and(|(_, hazard)| draft.discusses(&hazard.text));
        let says_nothing_new = discussed.is_empty() || (only_hazard && is_known);
        if !says_nothing_new {
            draft.add(Table::Discussed, discussed);
        }
    }
}

impl Columns {
    fn knows(&self, column: u32) -> bool {
        match self {
            Self::Of(_, fields) => fields.iter().any(|(known, _)| *known == column),
            Self::Register(targets) => targets.iter().any(|(known, _)| *known == column),
        }
    }
}

/// What the cells of a line head, if they are headers of a table at all. Where two tables would have as many of the
/// headers, the title above decides; without one, they are headers of neither.
fn header(cells: &[Cell], section: Option<Table>) -> Option<Columns> {
    if let Some(register) = register(cells) {
        return Some(Columns::Register(register));
    }
    let fields = |table: Table| -> Vec<(u32, &'static str)> {
        let mut fields: Vec<(u32, &'static str)> = Vec::new();
        for cell in cells {
            // Of two columns with one meaning the second is left unread, and said to be.
            if let Some(field) = table.column(&cell.text)
                && fields.iter().all(|(_, known)| *known != field)
            {
                fields.push((cell.column, field));
            }
        }
        fields
    };
    let needed = |table| if section == Some(table) { 1 } else { 2 };
    let mut known: Vec<(Table, Vec<(u32, &'static str)>)> = Table::ALL
        .into_iter()
        .map(|table| (table, fields(table)))
        .filter(|(table, fields)| fields.len() >= needed(*table))
        .collect();
    if let Some(at) = known.iter().position(|(table, _)| Some(*table) == section) {
        let (table, fields) = known.swap_remove(at);
        return Some(Columns::Of(table, fields));
    }
    let most = known.iter().map(|(_, fields)| fields.len()).max()?;
    known.retain(|(_, fields)| fields.len() == most);
    match known.pop() {
        Some((table, fields)) if known.is_empty() => Some(Columns::Of(table, fields)),
        _ => None,
    }
}

/// The columns of a register: it has one for the session and one for the hazard.
fn register(cells: &[Cell]) -> Option<Vec<(u32, Target)>> {
    let target = |text: &str| {
        if Table::titled(text) == Some(Table::Attendees) {
            return Some(Target::Attendees);
        }
        let of = |table: Table| table.column(text).map(|field| Target::Of(table, field));
        let session = word::label(text).map(Target::Session);
        session.or_else(|| of(Table::Discussed)).or_else(|| of(Table::Actions))
    };
    let mut targets: Vec<(u32, Target)> = Vec::new();
    for cell in cells {
        if let Some(target) = target(&cell.text)
            && targets.iter().all(|(_, known)| *known != target)
        {
            targets.push((cell.column, target));
        }
    }
    let has = |wanted: Target| targets.iter().any(|(_, target)| *target == wanted);
    (has(Target::Session("id")) && has(Target::Of(Table::Discussed, "hazard"))).then_some(targets)
}
