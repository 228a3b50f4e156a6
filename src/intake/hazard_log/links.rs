//! Which controls of a row answer which of its causes.

use super::build::Builder;
use super::controls::{Numbered, without_suffix};
use super::field::Field;
use super::ids;
use crate::case::hazard::{ControlKind, Hazard, LinkBasis};
use crate::case::observation::ObservationKind;

/// The causes and controls of one row.
pub(super) struct Row<'a> {
    /// Row of the sheet, from 0.
    pub number: u32,
    pub causes: &'a [Numbered],
    pub existing: &'a [Numbered],
    pub additional: &'a [Numbered],
}

impl Row<'_> {
    /// Observes lists that should run in parallel and do not.
    pub(super) fn compare_lengths(&self, builder: &mut Builder<'_>, key: &str) {
        let Self { causes, existing, .. } = self;
        if builder.is_row_per_control() || causes.is_empty() {
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

    /// Links the causes of the row with its controls: by the row where it holds one of each, else by equal
    /// list numbers.
    pub(super) fn link(&self, builder: &mut Builder<'_>, hazard: &mut Hazard) {
        let per_control = builder.is_row_per_control();
        let basis = if per_control { LinkBasis::Stated } else { LinkBasis::Inferred };
        for cause in self.causes {
            let answers = |control: &&Numbered| {
                !control.is_none
                    && (per_control || control.number.is_some() && control.number == cause.number)
            };
            // In a row a control, the existing controls are the hazard's and answer no one cause.
            let existing = if per_control { &[] } else { self.existing };
            for control in existing.iter().chain(self.additional).filter(answers) {
                if per_control {
                    self.compare_ids(builder, hazard, &cause.id, &control.id);
                }
                let Some(cause) = hazard.causes.iter_mut().find(|known| known.id == cause.id) else {
                    continue;
                };
                if !cause.controls.contains(&control.id) {
                    cause.controls.push(control.id.clone());
                }
                cause.link = basis;
            }
        }
    }

    /// A control's id should begin with its cause's, and that with the hazard's number.
    fn compare_ids(&self, builder: &mut Builder<'_>, hazard: &Hazard, cause: &str, control: &str) {
        let is_stated = |id: &str| id.starts_with(|c: char| c.is_ascii_digit());
        let control_cell = builder.cell(self.number, Field::AdditionalControls(ControlKind::Unspecified));
        let Some((address, _)) = control_cell.filter(|_| is_stated(control)) else { return };
        let (cause, control) = (without_suffix(cause), without_suffix(control));
        let digits = ids::hazard_digits(&hazard.id).unwrap_or_default();
        let message = if is_stated(cause) && !control.starts_with(cause) {
            format!("Control {control} stands in a row of cause {cause}.")
        } else if !control.starts_with(&digits) {
            format!("Control {control} stands in a row of hazard {}.", hazard.key)
        } else {
            return;
        };
        builder.observe(ObservationKind::IdPrefix, &hazard.key, address.to_string(), message);
    }
}
