//! Reading a hazard log: any sheet with recognisable headers becomes hazards, causes and controls.
//!
//! [`layout`] finds the hazard sheet and what its columns mean; [`groups`] says which rows make up which
//! hazard; [`build`] puts each hazard together. What the values cannot show (hidden rows, formulas that
//! read the wrong column, ids used twice) becomes observations. Every cell with content ends as mapped,
//! unmapped or ignored with a reason: [`Explanation`] accounts for them all.

mod build;
mod controls;
mod describe;
mod document;
mod entries;
mod explain;
mod field;
mod formula;
mod groups;
mod ids;
mod known;
mod layout;
mod linked;
mod links;
mod list;
mod members;
mod merged;
mod observe;
mod printed_matrix;
mod quote;
mod rating;
mod shape;
mod shifted;
mod source;
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
use crate::intake::workbook::{Address, Workbook};
use crate::parallel::{each, shares};
use build::Builder;
pub use explain::{
    ColumnReading, Explanation, HazardNote, HazardReading, IgnoredCells, NoteKind, SheetReading, SheetRole,
    UnmappedCell,
};
use groups::{Group, Grouping};
use layout::Layout;
use rustc_hash::FxHashSet;
pub use source::{LogFiles, ReadOptions, read_files};
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
        Self { main, others }
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
    read_rated_by(workbook, &RatedBy::from(policy))
}

/// Reads the hazard log of a workbook; each rating is recomputed from the policy of its hazard.
///
/// # Errors
/// If no sheet has a header row of a hazard log.
pub fn read_rated_by(workbook: &Workbook, rated_by: &RatedBy<'_>) -> Result<HazardLogInput, InputError> {
    let (layout, sheets) = layout::find(workbook)?;
    let grouping = groups::group(&layout);
    let mut builder = Builder::new(&workbook.file, &layout, rated_by);
    let mut log = HazardLog { hazards: hazards(&mut builder, &grouping.groups), ..HazardLog::default() };
    observe::formulas(&mut builder, &grouping, &log);
    shifted::observe(&mut builder, &grouping, &log);
    let Builder { mut provenance, mut observations, readings, taken, .. } = builder;
    observations.extend(document::read(workbook, rated_by, &mut log, &mut provenance));
    let mut explanation = account(&layout, &grouping, &taken);
    explanation.sheets = sheets;
    quote::record(workbook, &layout, provenance.quotes());
    explanation.hazards = readings;
    observations.extend(add_linked(workbook, &mut log, &mut provenance, &mut explanation));
    observations.extend(observe::sheet(workbook, &layout, &grouping, &explanation));
    observations.extend(observe::names(workbook));
    observations.extend(unread::sheets(workbook, &layout, &explanation));
    observations.extend(unread::text_boxes(workbook, &explanation));
    observations.extend(unread::blank_rows(workbook, &layout));
    observations.sort();
    Ok(HazardLogInput { log, provenance, observations, explanation })
}

/// Adds the causes and controls that stand on sheets of their own.
fn add_linked(
    workbook: &Workbook,
    log: &mut HazardLog,
    provenance: &mut Provenance,
    explanation: &mut Explanation,
) -> Vec<Observation> {
    let is_free = |at: usize| {
        let role = explanation.sheets.get(at).map(|reading| reading.role);
        matches!(role, Some(SheetRole::NotRead | SheetRole::OtherHazards))
    };
    let (sheets, observations) = linked::read(workbook, is_free, log, provenance);
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
    observations
}

/// Builds the hazards of all groups. No hazard needs another but for its key.
fn hazards(builder: &mut Builder<'_>, groups: &[Group]) -> Vec<Hazard> {
    let keys = build::keys(groups);
    let keyed: Vec<(&Group, &String)> = groups.iter().zip(&keys).collect();
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

/// Accounts for every cell of the hazard sheet with content.
fn account(layout: &Layout<'_>, grouping: &Grouping, taken: &FxHashSet<Address>) -> Explanation {
    let mut explanation = Explanation {
        layout: format!("{}: {}", layout.form.shape.describe(), layout.form.why),
        columns: layout.readings.clone(),
        ..Explanation::default()
    };
    let mut above = Vec::new();
    let mut notes = Vec::new();
    for (address, cell) in layout.sheet.cells().filter(|(_, cell)| !cell.text.trim().is_empty()) {
        explanation.cells += 1;
        if address.row < layout.header_row {
            above.push(address);
        } else if grouping.notes.contains(&address.row) {
            notes.push(address);
        } else if address.row == layout.header_row || taken.contains(&address) {
            explanation.mapped += 1;
        } else {
            explanation.unmapped.push(UnmappedCell {
                cell: address.to_string(),
                header: layout
                    .sheet
                    .text(Address { row: layout.header_row, column: address.column })
                    .map(layout::one_line),
                text: cell.text.trim().to_owned(),
            });
        }
    }
    for (cells, reason) in [(above, "above the header row"), (notes, "a note, not a hazard")] {
        if let (Some(first), Some(last)) = (cells.first(), cells.last()) {
            let range = if first == last { first.to_string() } else { format!("{first}:{last}") };
            explanation.ignored.push(IgnoredCells {
                cells: range,
                count: cells.len(),
                reason: reason.to_owned(),
            });
        }
    }
    explanation
}
