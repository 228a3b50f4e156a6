//! Reading a hazard log: any sheet with recognisable headers becomes hazards, causes and controls.
//!
//! [`discover`] finds the tables of hazards and what their columns mean, unless a person says it in a
//! [`Mapping`]; [`layout`] lays that over the workbook; [`groups`] says which rows make up which hazard; [`build`]
//! puts each hazard together. What the values cannot show (hidden rows, formulas that read the wrong column, ids
//! used twice) becomes observations. Every cell with content ends as mapped, unmapped or ignored with a reason:
//! [`Explanation`] accounts for them all.

mod account;
mod build;
mod controls;
mod describe;
mod discover;
mod document;
mod entries;
mod explain;
mod field;
mod forms;
mod formula;
mod groups;
mod header;
mod ids;
mod items;
mod known;
mod layout;
mod linked;
mod links;
mod list;
mod mapping;
mod members;
mod merged;
mod observe;
mod pages;
mod printed_matrix;
mod product;
mod quote;
mod rating;
mod shape;
mod shifted;
mod source;
pub mod structured;
mod unread;

#[cfg(test)]
mod growth;
#[cfg(test)]
mod properties;

use crate::case::Provenance;
use crate::case::hazard::Hazard;
use crate::case::hazard_log::HazardLog;
use crate::case::matrix::RiskPolicy;
use crate::case::observation::Observation;
use crate::intake::InputError;
use crate::intake::workbook::{Sheet, Workbook};
use crate::parallel::{each, shares, side_by_side};
use build::Builder;
pub(crate) use describe::transferred_to;
use document::DocumentCells;
pub use explain::{
    Beside, CellCount, ColumnReading, Confidence, Explanation, HazardNote, HazardReading, IgnoredCells,
    NoteKind, SheetReading, SheetRole, TableReading, UnmappedCell,
};
pub use field::{Field, Stage};
pub use forms::{FormMapping, FormShape, LabelMapping};
use groups::{Group, Grouping};
use layout::Layout;
pub use mapping::{ColumnMapping, IgnoredRows, IgnoredSheet, LinkedSheetMapping, Mapping, TableMapping};
pub use shape::Shape;
pub use source::{Given, LogFiles, PageFile, ReadOptions, mapping_text, mapping_to_fill_in, read_files};
use std::collections::BTreeMap;

/// A hazard log as it was read.
#[derive(Debug, Clone)]
pub struct HazardLogInput {
    pub log: HazardLog,
    pub provenance: Provenance,
    pub observations: Vec<Observation>,
    pub explanation: Explanation,
}

/// Which risk policy each hazard is rated by.
#[derive(Debug, Clone)]
pub struct RatedBy<'a> {
    main: &'a RiskPolicy,
    /// By key of the hazard, for those that are not rated by the main one.
    others: BTreeMap<&'a str, &'a RiskPolicy>,
    /// Those that a log may name itself.
    known: &'a [RiskPolicy],
}

impl<'a> From<&'a RiskPolicy> for RatedBy<'a> {
    /// All hazards by one policy.
    fn from(policy: &'a RiskPolicy) -> Self {
        Self::new(policy, BTreeMap::new())
    }
}

impl<'a> RatedBy<'a> {
    /// All hazards by one policy, save those that are named with another.
    #[must_use]
    pub fn new(main: &'a RiskPolicy, others: BTreeMap<&'a str, &'a RiskPolicy>) -> Self {
        Self { main, others, known: &[] }
    }

    /// The same, where the log may name one of these policies itself.
    #[must_use]
    pub fn or_named(self, known: &'a [RiskPolicy]) -> Self {
        Self { known, ..self }
    }

    fn by_id(&self, id: &str) -> Option<&'a RiskPolicy> {
        self.all().chain(self.known).find(|policy| policy.id == id)
    }

    fn policy(&self, hazard: &str) -> &'a RiskPolicy {
        self.others.get(hazard).copied().unwrap_or(self.main)
    }

    /// Every policy that may rate a hazard, the main one first.
    fn all(&self) -> impl Iterator<Item = &'a RiskPolicy> {
        std::iter::once(self.main).chain(self.others.values().copied())
    }
}

/// Reads the hazard log of a workbook; every rating is recomputed from one policy.
///
/// # Errors
/// If no sheet has a header row of a hazard log.
pub fn read(workbook: &Workbook, policy: &RiskPolicy) -> Result<HazardLogInput, InputError> {
    read_mapped(workbook, None, &RatedBy::from(policy))
}

/// Reads the hazard log of a workbook by a mapping, or by what is found out where there is none; each rating is
/// recomputed from the policy of its hazard.
///
/// # Errors
/// If no sheet has a header row of a hazard log, or the workbook lacks what the mapping names.
pub fn read_mapped(
    workbook: &Workbook,
    mapping: Option<&Mapping>,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    let (quotes, input) =
        side_by_side(|| quote::cells(workbook), || read_unquoted(workbook, mapping, rated_by));
    let mut input = input?;
    input.provenance.quotes().extend(quotes);
    Ok(input)
}

fn read_unquoted(
    workbook: &Workbook,
    mapping: Option<&Mapping>,
    rated_by: &RatedBy<'_>,
) -> Result<HazardLogInput, InputError> {
    if let Some(plan) = forms_plan(workbook, mapping, rated_by)? {
        return forms::read(workbook, plan, rated_by);
    }
    let plan = match mapping {
        Some(mapping) => Plan::given(workbook, mapping)?,
        None => Plan::found(workbook, rated_by)?,
    };
    let layouts = layout::of(workbook, &plan.mapping)?;
    if layouts.iter().any(|layout| layout.form.shape == Shape::Item) {
        return items::read(workbook, plan, layouts, rated_by);
    }
    let mut log = HazardLog::default();
    let mut provenance = Provenance::default();
    let mut observations = plan.doubts;
    let mut explanation = Explanation {
        format: workbook.format,
        notes: workbook.notes.clone(),
        sheets: plan.sheets,
        ..Explanation::default()
    };
    let tables = tables(workbook, &layouts, rated_by);
    for (table, columns) in tables.iter().zip(plan.columns) {
        explanation.tables.push(table.reading(columns));
    }
    let mut counts: Vec<(&Layout<'_>, CellCount, Vec<IgnoredCells>)> = Vec::new();
    for Table { layout, grouping, hazards, builder } in tables {
        let Builder { provenance: places, observations: seen, readings, taken, .. } = builder;
        let mut of_table = account::table(layout, &grouping, &taken);
        of_table.hazards = readings;
        observations.extend(seen);
        observations.extend(observe::sheet(workbook, layout, &grouping, &of_table));
        observations.extend(unread::blank_rows(workbook, layout));
        provenance.extend(places);
        log.hazards.extend(hazards);
        counts.push((layout, of_table.count(), of_table.ignored.clone()));
        explanation.absorb(of_table, layout, layouts.len() > 1);
    }
    let (mut documents, seen) =
        document::read(workbook, &explanation.sheets, rated_by, &mut log, &mut provenance);
    observations.extend(seen);
    let (linked, seen) = add_linked(workbook, mapping, &mut log, &mut provenance, &mut explanation)?;
    documents.extend(linked);
    observations.extend(seen);
    let counts: Vec<(&Layout<'_>, CellCount, &[IgnoredCells])> =
        counts.iter().map(|(layout, count, ignored)| (*layout, *count, &ignored[..])).collect();
    account::sheets(workbook, &counts, &documents, &mut explanation);
    quote::headers(workbook, &layouts, &explanation, provenance.quotes());
    observations.extend(observe::names(workbook));
    observations.extend(observe::format(workbook));
    observations.extend(unread::sheets(workbook, &layouts, &explanation));
    observations.extend(unread::text_boxes(workbook, &explanation));
    observations.extend(unread::values(workbook, &explanation));
    observations.sort();
    Ok(HazardLogInput { log, provenance, observations, explanation })
}

/// What a hazard log without a mapping is read by, as a mapping; and its sheets that nothing reads, with the reason.
///
/// # Errors
/// If no sheet has a header row of a hazard log.
pub fn found_mapping(
    workbook: &Workbook,
    rated_by: &RatedBy<'_>,
) -> Result<(Mapping, Vec<(String, String)>), InputError> {
    if let Some(plan) = forms_plan(workbook, None, rated_by)? {
        let unread = plan.unread();
        return Ok((plan.mapping, unread));
    }
    let Plan { mut mapping, .. } = Plan::found(workbook, rated_by)?;
    // Which sheets are linked to the hazards is known once these are read.
    let sheets = read_unquoted(workbook, None, rated_by)?.explanation.sheets;
    let linked = sheets.iter().filter(|reading| reading.role == SheetRole::Linked);
    mapping.linked_sheets =
        linked.map(|reading| LinkedSheetMapping { sheet: reading.sheet.clone() }).collect();
    let unread = sheets.into_iter().filter(|reading| !reading.role.is_read());
    Ok((mapping, unread.map(|reading| (reading.sheet, reading.why)).collect()))
}

/// What a workbook is read by, if its hazards are forms: as the mapping says, or as far as nothing looks more like a
/// table.
fn forms_plan(
    workbook: &Workbook,
    mapping: Option<&Mapping>,
    rated_by: &RatedBy<'_>,
) -> Result<Option<forms::Plan>, InputError> {
    match mapping {
        Some(mapping) if mapping.forms.is_empty() => Ok(None),
        Some(mapping) => forms::Plan::given(workbook, mapping).map(Some),
        None => Ok(forms::Plan::found(workbook, rated_by, || discover::most_understood(workbook))),
    }
}

/// What a workbook is read by, and why.
struct Plan {
    mapping: Mapping,
    sheets: Vec<SheetReading>,
    /// Of each table, what its columns were taken for.
    columns: Vec<Vec<ColumnReading>>,
    doubts: Vec<Observation>,
}

impl Plan {
    fn found(workbook: &Workbook, rated_by: &RatedBy<'_>) -> Result<Self, InputError> {
        let discover::Discovery { mapping, sheets, columns, doubts } =
            discover::discover(workbook, rated_by)?;
        Ok(Self { mapping, sheets, columns, doubts })
    }

    fn given(workbook: &Workbook, mapping: &Mapping) -> Result<Self, InputError> {
        let sheets = mapping.sheets(workbook)?;
        let columns = mapping.tables.iter().map(TableMapping::columns_as_given).collect();
        Ok(Self { mapping: mapping.clone(), sheets, columns, doubts: Vec::new() })
    }
}

/// A table of hazards that was read.
struct Table<'a> {
    layout: &'a Layout<'a>,
    grouping: Grouping,
    hazards: Vec<Hazard>,
    builder: Builder<'a>,
}

impl Table<'_> {
    fn reading(&self, columns: Vec<ColumnReading>) -> TableReading {
        TableReading {
            sheet: self.layout.sheet.name.trim().to_owned(),
            header_rows: (self.layout.top_row..=self.layout.header_row).map(|row| row + 1).collect(),
            layout: format!("{}: {}", self.layout.form.shape.describe(), self.layout.form.why),
            columns,
        }
    }
}

/// Reads every table; the keys of the hazards are unique among all of them.
fn tables<'a>(
    workbook: &'a Workbook,
    layouts: &'a [Layout<'a>],
    rated_by: &'a RatedBy<'a>,
) -> Vec<Table<'a>> {
    let groupings: Vec<Grouping> = layouts.iter().map(groups::group).collect();
    let groups: Vec<&Group> = groupings.iter().flat_map(|grouping| &grouping.groups).collect();
    let mut keys = build::keys(&groups).into_iter();
    let mut tables = Vec::new();
    for (layout, grouping) in layouts.iter().zip(groupings) {
        let keys: Vec<String> = keys.by_ref().take(grouping.groups.len()).collect();
        let mut builder = Builder::new(&workbook.file, layout, rated_by);
        let log =
            HazardLog { hazards: hazards(&mut builder, &grouping.groups, &keys), ..HazardLog::default() };
        observe::formulas(&mut builder, &grouping, &log);
        shifted::observe(&mut builder, &grouping, &log);
        tables.push(Table { layout, grouping, hazards: log.hazards, builder });
    }
    tables
}

/// Adds the causes and controls that stand on sheets of their own: on those that the mapping names, or without one on
/// whichever nothing else reads.
fn add_linked(
    workbook: &Workbook,
    mapping: Option<&Mapping>,
    log: &mut HazardLog,
    provenance: &mut Provenance,
    explanation: &mut Explanation,
) -> Result<(Vec<DocumentCells>, Vec<Observation>), InputError> {
    let is_free = |at: usize| {
        let role = explanation.sheets.get(at).map(|reading| reading.role);
        match mapping {
            Some(_) => role == Some(SheetRole::Linked),
            None => matches!(role, Some(SheetRole::NotRead | SheetRole::OtherHazards)),
        }
    };
    let (sheets, observations) = linked::read(workbook, is_free, log, provenance);
    if let Some(mapping) = mapping {
        let is_linked = |sheet: &Sheet| {
            sheets.iter().any(|linked| std::ptr::eq(&raw const workbook.sheets[linked.sheet], sheet))
        };
        mapping.hold_linked(workbook, is_linked)?;
    }
    for linked in &sheets {
        explanation.sheets[linked.sheet].role = SheetRole::Linked;
        explanation.sheets[linked.sheet].why.clone_from(&linked.why);
    }
    for (reading, hazard) in explanation.hazards.iter_mut().zip(&log.hazards).filter(|_| !sheets.is_empty()) {
        let causes = hazard.causes.len() - reading.causes;
        let controls = hazard.controls.len() - reading.additional_controls;
        (reading.causes, reading.additional_controls) = (hazard.causes.len(), hazard.controls.len());
        if causes + controls > 0 {
            let names = sheets.iter().map(|linked| workbook.sheets[linked.sheet].name.trim());
            let names = names.collect::<Vec<_>>().join(", ");
            let says =
                format!("{causes} causes and {controls} controls were joined to it from the sheets {names}.");
            reading.notes.push(HazardNote { what: NoteKind::Joined, cells: String::new(), says });
        }
    }
    let cells = sheets.into_iter().map(|linked| DocumentCells { sheet: linked.sheet, taken: linked.taken });
    Ok((cells.collect(), observations))
}

/// Builds the hazards of all groups. No hazard needs another but for its key.
fn hazards(builder: &mut Builder<'_>, groups: &[Group], keys: &[String]) -> Vec<Hazard> {
    let keyed: Vec<(&Group, &String)> = groups.iter().zip(keys).collect();
    let (file, layout, rated_by) = (builder.file, builder.layout, builder.rated_by);
    let built = each(&shares(&keyed), |groups| {
        let mut builder = Builder::new(file, layout, rated_by);
        let hazards: Vec<Hazard> = groups.iter().map(|(group, key)| builder.hazard(group, key)).collect();
        (builder, hazards)
    });
    let mut all = Vec::with_capacity(groups.len());
    for (part, hazards) in built {
        builder.absorb(part);
        all.extend(hazards);
    }
    all
}
