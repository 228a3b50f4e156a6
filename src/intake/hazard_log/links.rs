//! Which controls of a row answer which of its causes.

use super::build::Builder;
use super::field::Field;
use super::ids;
use super::known::{Known, Numbered};
use super::shape::Shape;
use crate::case::hazard::{ControlKind, Hazard, LinkBasis};
use crate::case::observation::ObservationKind;

/// The causes and controls of one row.
pub(super) struct Row<'a> {
    /// Row of the sheet, from 0.
    pub number: u32,
    pub causes: &'a [Numbered],
    pub existing: &'a [Numbered],
    pub additional: &'a [Numbered],
    /// The existing controls answer the causes of the row, rather than being the hazard's.
    pub existing_answer: bool,
}

impl Row<'_> {
    /// Observes lists that should run in parallel and do not.
    pub(super) fn compare_lengths(&self, builder: &mut Builder<'_>, key: &str) {
        let Self { causes, existing, .. } = self;
        // Entries without numbers are in no order that another list could keep.
        let has_numbers = causes.iter().chain(*existing).any(|entry| entry.number.is_some());
        if builder.shape() != Shape::Hazard || causes.is_empty() || !has_numbers {
            return;
        }
        let cell = builder
            .cell(self.number, Field::Causes)
            .map_or_else(String::new, |(address, _)| address.to_string());
        if existing.len() > 1 && existing.len() != causes.len() {
            let causes =
                if causes.len() == 1 { "1 cause".to_owned() } else { format!("{} causes", causes.len()) };
            let message = format!("{key} lists {causes} and {} existing controls.", existing.len());
            builder.observe(ObservationKind::ListLength, key, cell.clone(), message);
        }
        for control in self.additional.iter().filter(|control| !control.is_none) {
            let answers_none =
                control.number.is_some() && !causes.iter().any(|cause| cause.number == control.number);
            if answers_none {
                let message = format!("Control {} of {key} has a number that no cause has.", control.id);
                builder.observe(ObservationKind::ListLength, key, cell.clone(), message);
            }
        }
    }

    /// Links the causes of the row with its controls: by the row where it is one cause or control, by ids that are
    /// parts of one another, else by equal list numbers.
    pub(super) fn link(&self, builder: &mut Builder<'_>, hazard: &mut Hazard, known: &mut Known) {
        let by_row = builder.shape() != Shape::Hazard;
        for cause in self.causes {
            // In a row a control, existing controls that every row repeats are the hazard's and answer no one cause.
            let existing = if by_row && !self.existing_answer { &[] } else { self.existing };
            let existing = existing.iter().map(|control| (control, true));
            for (control, is_existing) in
                existing.chain(self.additional.iter().map(|control| (control, false)))
            {
                let Some(basis) = basis(by_row, cause, control) else { continue };
                if by_row {
                    self.compare_ids(builder, hazard, cause, control);
                }
                let Some(answered) = hazard.causes.get_mut(cause.at) else { continue };
                if known.linked.insert((cause.at, is_existing, control.at)) {
                    answered.controls.push(control.id.clone());
                }
                answered.link = basis;
            }
        }
    }

    /// A control's id should begin with its cause's, and that with the hazard's number.
    fn compare_ids(&self, builder: &mut Builder<'_>, hazard: &Hazard, cause: &Numbered, control: &Numbered) {
        let control_cell = builder
            .cell(self.number, Field::ControlId)
            .or_else(|| builder.cell(self.number, Field::AdditionalControls(ControlKind::Unspecified)));
        let Some((address, _)) = control_cell.filter(|_| control.has_stated_id) else { return };
        let (cause_id, id) = (without_suffix(&cause.id), without_suffix(&control.id));
        let is_nested = ids::is_number(id) || builder.layout.form.nested_ids;
        let message = if !is_nested {
            return;
        } else if cause.has_stated_id && id != cause_id && !ids::is_part(id, cause_id) {
            format!("Control {id} stands in a row of cause {cause_id}.")
        } else if !ids::is_of_hazard(id, &hazard.id) {
            format!("Control {id} stands in a row of hazard {}.", hazard.key)
        } else {
            return;
        };
        builder.observe(ObservationKind::IdPrefix, &hazard.key, address.to_string(), message);
    }
}

/// How it is known that a control answers a cause of its row; `None` if nothing says so.
fn basis(by_row: bool, cause: &Numbered, control: &Numbered) -> Option<LinkBasis> {
    let by_id = cause.has_stated_id && control.has_stated_id && ids::is_part(&control.id, &cause.id);
    let by_number = control.number.is_some() && control.number == cause.number;
    match () {
        () if control.is_none => None,
        () if by_row || by_id => Some(LinkBasis::Stated),
        () => by_number.then_some(LinkBasis::Inferred),
    }
}

/// The id as the log has it, where another was made of it.
fn without_suffix(id: &str) -> &str {
    id.split_once('~').map_or(id, |(id, _)| id)
}
