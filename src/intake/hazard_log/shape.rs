//! What a row of the hazard sheet stands for: a hazard with lists in its cells, one cause, or one control.
//!
//! The rows say it themselves. A row *continues* a hazard where its number is that of the row above, blank, or
//! merged with it, and its name is no other. Where most rows do, each is a cause or a control: a cause, if no two
//! rows share one and their controls are lists. What is said beside it (whether the ids stand in the text, whether
//! a cause is written once and blank below) holds for the whole sheet too: one odd row does not change how the
//! others are read.

use super::field::{Field, Stage};
use super::ids::{self, Style};
use super::items;
use super::layout::Columns;
use super::list;
use super::merged::Merged;
use crate::case::hazard::ControlKind;
use crate::intake::workbook::{Address, Sheet};
use crate::parallel::{each, side_by_side};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a row of the sheet stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Shape {
    /// A hazard, with lists of causes and controls in its cells.
    #[serde(rename = "row-per-hazard")]
    Hazard,
    /// One cause, with its controls.
    #[serde(rename = "row-per-cause")]
    Cause,
    /// One control.
    #[serde(rename = "row-per-control")]
    Control,
    /// A hazard, a cause or a control, as a column says, with the key of what it belongs to.
    #[serde(rename = "row-per-item")]
    Item,
}

impl Shape {
    /// What these rows, in order, stand for.
    pub(super) fn of(sheet: &Sheet, rows: &[u32], columns: &Columns) -> Self {
        let merged = Merged::of(sheet);
        let seen = Rows { sheet, below: rows, columns, merged: &merged };
        seen.shape(&seen.continuing())
    }

    /// Its word in a mapping file.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Hazard => "row-per-hazard",
            Self::Cause => "row-per-cause",
            Self::Control => "row-per-control",
            Self::Item => "row-per-item",
        }
    }

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Hazard => "one row a hazard, with lists of causes and controls in its cells",
            Self::Cause => "one row a cause with its controls, the hazard repeated or left blank",
            Self::Control => "one row a control, with its hazard and cause repeated or left blank",
            Self::Item => {
                "one row an item: a hazard, a cause or a control, with the key of what it belongs to"
            }
        }
    }

    /// Whether a cell of this field may hold a list.
    pub(super) fn has_lists(self, field: Field) -> bool {
        match self {
            Self::Hazard => true,
            Self::Cause => field != Field::Causes,
            Self::Control => field == Field::ExistingControls,
            Self::Item => false,
        }
    }
}

/// How the rows of the sheet are to be read.
#[derive(Debug)]
pub(super) struct Form {
    pub shape: Shape,
    /// What the rows show that makes it so.
    pub why: String,
    pub merged: Merged,
    /// A hazard's number is written in the first of its rows and the cells below are blank.
    pub numbers_once: bool,
    /// A cause is written in the first of its rows and the cells below are blank.
    pub causes_once: bool,
    /// Rows of one hazard have ratings of their own, at the start and at the end.
    rated_by_row: [bool; 2],
    /// The ids of controls begin with those of their causes.
    pub nested_ids: bool,
    /// How the texts of a column give their ids.
    ids: Vec<(Field, Style)>,
    /// The cells of these fields separate the entries of their lists by semicolons.
    semicolons: Vec<Field>,
}

impl Form {
    /// The form of these rows, in order, each of which stands for what the shape says.
    pub(super) fn of(sheet: &Sheet, rows: &[u32], columns: &Columns, shape: Shape) -> Self {
        let merged = Merged::of(sheet);
        let seen = Rows { sheet, below: rows, columns, merged: &merged };
        let continuing = seen.continuing();
        let lists: Vec<Field> = seen.lists().collect();
        let styles = each(&lists, |field| seen.ids(*field, shape));
        let ids: Vec<(Field, Style)> =
            lists.iter().zip(styles).filter_map(|(field, style)| Some((*field, style?))).collect();
        Self {
            shape,
            why: match shape {
                Shape::Item => items::describe(seen.types()),
                _ => continuing.describe(shape),
            },
            rated_by_row: [Stage::Initial, Stage::Residual].map(|stage| seen.rates_by_row(stage)),
            nested_ids: seen.nests_ids(&ids),
            ids,
            numbers_once: continuing.gives_numbers_once(),
            causes_once: continuing.blank_causes > continuing.same_causes,
            semicolons: lists.into_iter().filter(|field| seen.has_semicolons(*field)).collect(),
            merged,
        }
    }

    /// How the texts of this column give their ids; `None` if they give none.
    pub(super) fn ids(&self, field: Field) -> Option<Style> {
        self.ids.iter().find(|(of, _)| *of == field).map(|(_, style)| *style)
    }

    /// Whether a rating is that of its row, a cause or control, and not of the hazard alone.
    pub(super) fn is_rated_by_row(&self, stage: Stage) -> bool {
        let [initial, residual] = self.rated_by_row;
        if stage == Stage::Initial { initial } else { residual }
    }

    pub(super) fn has_semicolons(&self, field: Field) -> bool {
        self.semicolons.contains(&field)
    }
}

/// How rows continue the hazard of the row above.
#[derive(Debug, Default)]
struct Continuing {
    /// Rows with something of a hazard in them.
    rows: usize,
    /// Rows with the number, or where there is none the name, of the row above.
    repeated: usize,
    /// Rows whose number is merged with the one above.
    merged: usize,
    /// Rows without a number or another name.
    blank: usize,
    /// Of the rows that continue a hazard, those with the cause of the row above,
    same_causes: usize,
    /// with none,
    blank_causes: usize,
    /// and with one of their own.
    own_causes: usize,
}

impl Continuing {
    fn all(&self) -> usize {
        self.repeated + self.merged + self.blank
    }

    /// What the rows show, as words that follow the shape.
    fn describe(&self, shape: Shape) -> String {
        let ways: Vec<String> = [
            (self.repeated, "repeat the hazard of the row above"),
            (self.merged, "have a number that is merged with the one above"),
            (self.blank, "leave its number blank"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, way)| format!("{count} {way}"))
        .collect();
        let same_cause = self.same_causes + self.blank_causes;
        match shape {
            Shape::Hazard if ways.is_empty() => "no row continues the hazard above".to_owned(),
            _ if ways.is_empty() => "each row has one control and columns that tell of it".to_owned(),
            Shape::Control if same_cause > 0 => format!(
                "of {} rows {}; {same_cause} of them go on with the cause above",
                self.rows,
                ways.join(", ")
            ),
            _ => format!("of {} rows {}", self.rows, ways.join(", ")),
        }
    }

    /// A few blanks among numbers that every row repeats, or has one of its own, were forgotten.
    fn gives_numbers_once(&self) -> bool {
        self.blank > self.repeated && self.blank * 4 >= self.rows
    }
}

/// The rows below the headers, as they are seen before anything is decided.
struct Rows<'a> {
    sheet: &'a Sheet,
    /// Their numbers, in order.
    below: &'a [u32],
    columns: &'a Columns,
    merged: &'a Merged,
}

impl<'a> Rows<'a> {
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let understood = |row: &u32| {
            self.sheet.row(*row).any(|(address, cell)| {
                self.columns.field(address.column).is_some() && !cell.text.trim().is_empty()
            })
        };
        self.below.iter().copied().filter(understood)
    }

    /// What the rows say of their type.
    fn types(&self) -> impl Iterator<Item = &'a str> {
        self.below.iter().filter_map(|row| self.own(*row, Field::ItemType))
    }

    fn own(&self, row: u32, field: Field) -> Option<&'a str> {
        self.sheet.text(Address { row, column: self.columns.column(field)? })
    }

    fn is_merged(&self, row: u32, field: Field) -> bool {
        self.columns.column(field).is_some_and(|column| self.merged.continues(Address { row, column }))
    }

    fn texts(&self, field: Field) -> impl Iterator<Item = &str> {
        let columns: Vec<u32> = self.columns.columns(field).collect();
        let cells = self
            .below
            .iter()
            .flat_map(move |row| columns.clone().into_iter().map(|column| Address { row: *row, column }));
        cells.filter_map(|cell| self.sheet.text(cell))
    }

    fn continuing(&self) -> Continuing {
        let mut seen = Continuing::default();
        let identity = self.identity();
        let (mut number, mut name, mut cause) = (None, None, None);
        for row in self.numbers() {
            seen.rows += 1;
            let own_name = self.own(row, Field::HazardName);
            let same_name = own_name.is_none() || own_name == name;
            let continues = match self.own(row, identity) {
                _ if number.is_none() => None,
                Some(own) if Some(own) == number && same_name => Some(&mut seen.repeated),
                None if self.is_merged(row, identity) => Some(&mut seen.merged),
                None if same_name => Some(&mut seen.blank),
                _ => None,
            };
            let own_cause = self.cause(row);
            if let Some(count) = continues {
                *count += 1;
                match own_cause {
                    None => seen.blank_causes += 1,
                    Some(own) if Some(own) == cause => seen.same_causes += 1,
                    Some(_) => seen.own_causes += 1,
                }
            } else {
                (number, name) = (self.own(row, identity), own_name);
                cause = None;
            }
            cause = own_cause.or(cause);
        }
        seen
    }

    /// What tells the cause of a row from another: its id, else its text.
    fn cause(&self, row: u32) -> Option<&'a str> {
        self.own(row, Field::CauseId).or_else(|| self.own(row, Field::Causes))
    }

    /// Whether rows that go on with the hazard above have ratings of their own, most of them other than that above.
    fn rates_by_row(&self, stage: Stage) -> bool {
        let fields = [Field::Severity(stage), Field::Likelihood(stage), Field::Risk(stage)];
        let rating = |row: u32| fields.map(|field| self.own(row, field));
        let mut above = None;
        let (mut both, mut different) = (0, 0);
        for row in self.numbers() {
            let own = rating(row);
            if !self.goes_on(row, above.map(|(row, _)| row)) {
                above = Some((row, own));
            } else if own.iter().any(Option::is_some) {
                let is_rated = above.is_some_and(|(_, above)| above.iter().any(Option::is_some));
                both += usize::from(is_rated);
                different += usize::from(is_rated && above.is_some_and(|(_, above)| above != own));
                above = Some((above.map_or(row, |(first, _)| first), own));
            }
        }
        different > 1 && different * 2 > both
    }

    /// Whether a row has no other number, or where there are none no other name, than the row that began a hazard.
    fn goes_on(&self, row: u32, first: Option<u32>) -> bool {
        let identity = self.identity();
        let own = self.own(row, identity);
        first.is_some_and(|first| own.is_none() || own == self.own(first, identity))
    }

    /// The field that tells hazards apart.
    fn identity(&self) -> Field {
        if self.columns.column(Field::HazardId).is_some() { Field::HazardId } else { Field::HazardName }
    }

    fn shape(&self, continuing: &Continuing) -> Shape {
        if items::are_types(self.types()) {
            return Shape::Item;
        }
        let has = |field| self.columns.column(field).is_some();
        let describes_controls = has(Field::ControlId)
            || has(Field::AdditionalControls(ControlKind::Unspecified))
                && [Field::ControlType, Field::ControlOwner, Field::ControlAction].into_iter().any(has);
        let (numbered_causes, listed_controls) =
            side_by_side(|| self.lists_among(&[Field::Causes]), || self.lists_among(&self.control_fields()));
        let all = continuing.all();
        // One copied row says nothing, and where cells list causes it takes more rows to say something else.
        let continues =
            all * 2 > continuing.rows || all > 1 && all * 4 >= continuing.rows && !numbered_causes;
        if !continues {
            // One control each, and columns that tell of it.
            return if describes_controls && !listed_controls { Shape::Control } else { Shape::Hazard };
        }
        if numbered_causes && continuing.repeated == 0 {
            return Shape::Hazard;
        }
        if describes_controls {
            return Shape::Control;
        }
        let shares_causes = (continuing.same_causes + continuing.blank_causes) * 4 >= all;
        if listed_controls || !shares_causes && continuing.own_causes > 0 {
            Shape::Cause
        } else {
            Shape::Control
        }
    }

    fn control_fields(&self) -> Vec<Field> {
        self.columns
            .fields()
            .map(|(_, field)| field)
            .filter(|field| matches!(field, Field::AdditionalControls(_)))
            .collect()
    }

    /// The columns whose cells may hold lists.
    fn lists(&self) -> impl Iterator<Item = Field> {
        let is_list = |field: &Field| {
            matches!(field, Field::Causes | Field::ExistingControls | Field::AdditionalControls(_))
        };
        self.columns.fields().map(|(_, field)| field).filter(is_list)
    }

    /// Whether a fourth of the cells or more are lists: of several entries, the first with a mark of its own.
    fn lists_among(&self, fields: &[Field]) -> bool {
        let (mut cells, mut lists) = (0, 0);
        for text in fields.iter().flat_map(|field| self.texts(*field)) {
            cells += 1;
            let entries = list::entries(text);
            lists += usize::from(entries.len() > 1 && list::begins_with_mark(text, &entries));
        }
        lists > 0 && lists * 4 >= cells
    }

    /// The style of the ids in the texts of a column; of each line, where cells hold lists.
    fn ids(&self, field: Field, shape: Shape) -> Option<Style> {
        let of_lines = || Style::of(self.texts(field).flat_map(str::lines));
        let of_texts = Style::of(self.texts(field));
        of_texts.or_else(|| shape.has_lists(field).then(of_lines).flatten())
    }

    /// Whether in most rows that give both, the id of the control is a part of the cause's.
    fn nests_ids(&self, styles: &[(Field, Style)]) -> bool {
        let in_text = |row: u32, is: fn(&Field) -> bool| {
            styles
                .iter()
                .filter(|(field, _)| is(field))
                .find_map(|(field, style)| Some(style.split(self.own(row, *field)?)?.0))
        };
        let (mut rows, mut nested) = (0, 0);
        for row in self.numbers() {
            let cause =
                self.own(row, Field::CauseId).or_else(|| in_text(row, |field| *field == Field::Causes));
            let control = self
                .own(row, Field::ControlId)
                .or_else(|| in_text(row, |field| matches!(field, Field::AdditionalControls(_))));
            if let (Some(cause), Some(control)) = (cause, control) {
                rows += 1;
                nested += usize::from(ids::is_part(control, cause));
            }
        }
        nested * 2 > rows
    }

    /// Whether most cells of a column, and at least two, hold several entries with semicolons between them.
    fn has_semicolons(&self, field: Field) -> bool {
        let (mut cells, mut separated) = (0, 0);
        for text in self.texts(field) {
            cells += 1;
            // To take a list apart is dear, and most have none.
            if !text.contains(';') {
                continue;
            }
            let is_one = matches!(&list::entries(text)[..], [entry] if entry.number.is_none());
            separated += usize::from(is_one && list::by_semicolons(text).len() > 1);
        }
        separated > 1 && separated * 2 >= cells
    }
}

/// How many rows have the hazard number and name of the row above.
pub(super) fn repeated_rows(sheet: &Sheet, rows: &[u32], columns: &Columns) -> usize {
    let (Some(id), Some(name)) = (columns.column(Field::HazardId), columns.column(Field::HazardName)) else {
        return 0;
    };
    let identity = |row: u32| {
        Some((sheet.text(Address { row, column: id })?, sheet.text(Address { row, column: name })?))
    };
    let hazards: Vec<_> = rows.iter().copied().filter_map(identity).collect();
    hazards.windows(2).filter(|pair| pair[0] == pair[1]).count()
}
