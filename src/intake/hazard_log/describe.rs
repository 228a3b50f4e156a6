//! What the other columns of a row say of its control: type, owner, action, status, transfer.

use super::build::Builder;
use super::field::Field;
use crate::case::folding::fold;
use crate::case::hazard::{Control, ControlKind, ControlState};
use crate::case::observation::ObservationKind;
use crate::case::system::Declared;
use crate::intake::workbook::Address;
use ecow::eco_format;

/// A control with what its row says of it.
pub(super) fn control(
    builder: &mut Builder<'_>,
    row: u32,
    hazard: &str,
    id: String,
    kind: ControlKind,
    text: String,
) -> Control {
    // The columns describe additional controls; what was there before has none of them.
    let of_control = kind != ControlKind::Existing;
    let mut stated = |field, name: &str| {
        // A blank is at its cell too, so that a finding can say which cell to fill.
        let address = Address { row, column: builder.layout.columns.column(field).filter(|_| of_control)? };
        let place = builder.place(eco_format!("{address}"));
        builder.provenance.record(format!("hazards/{hazard}/controls/{id}/{name}"), place);
        let (address, cell) = builder.cell(row, field)?;
        builder.take(address);
        Some(cell.text.trim().to_owned())
    };
    let stated_type = stated(Field::ControlType, "type");
    let owner = stated(Field::ControlOwner, "owner");
    let action = stated(Field::ControlAction, "action");
    let status = stated(Field::ControlStatus, "status");
    let stated_evidence = stated(Field::ControlEvidence, "stated_evidence");
    let known_kind = stated_type.as_deref().and_then(kind_of);
    let transfer = action.as_deref().map_or(Transfer::No, Transfer::said_by);
    let transferred_to = transfer.recipient(owner.as_deref());
    if transfer != Transfer::No && transferred_to.is_none() {
        let cell = builder
            .cell(row, Field::ControlAction)
            .map_or_else(String::new, |(address, _)| address.to_string());
        let message = format!("Control {id} of {hazard} is said to be transferred, and not to whom.");
        builder.observe(ObservationKind::TransferWithoutRecipient, hazard, cell, message);
    }
    Control {
        id,
        kind: if kind == ControlKind::Unspecified { known_kind.unwrap_or(kind) } else { kind },
        stated_type: stated_type.filter(|_| known_kind.is_none()),
        text,
        state: ControlState::from_stated(status.as_deref()),
        transferred_to,
        owner,
        action,
        status,
        evidence: Vec::new(),
        stated_evidence,
        introduces: Declared::NotGiven,
    }
}

/// To whom a log hands a control over, by its action and its owner.
pub(crate) fn transferred_to(action: &str, owner: Option<&str>) -> Option<String> {
    Transfer::said_by(action).recipient(owner)
}

/// What an action says of a transfer to another organisation (6.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Transfer {
    No,
    /// To the control's owner, as far as the action says.
    ToOwner,
    To(String),
}

impl Transfer {
    pub(super) fn said_by(action: &str) -> Self {
        // "Not yet transferred", "to be transferred" and the like speak of what has not happened.
        const NOT_DONE: [&str; 8] = ["not", "never", "be", "until", "unless", "if", "when", "once"];
        let lower = action.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .collect();
        let Some(at) = words.iter().position(|word| *word == "transferred") else { return Self::No };
        if words[..at].iter().any(|word| NOT_DONE.contains(word)) {
            return Self::No;
        }
        let recipient = lower.find("transferred to ").map(|at| at + "transferred to ".len());
        match recipient.and_then(|at| action.get(at..)).map(|rest| rest.trim().trim_end_matches('.')) {
            Some(recipient) if !recipient.is_empty() => Self::To(recipient.to_owned()),
            _ => Self::ToOwner,
        }
    }

    pub(super) fn recipient(&self, owner: Option<&str>) -> Option<String> {
        match self {
            Self::No => None,
            Self::ToOwner => owner.map(str::to_owned),
            Self::To(recipient) => Some(recipient.clone()),
        }
    }
}

pub(super) fn kind_of(stated: &str) -> Option<ControlKind> {
    match fold(stated).as_str() {
        "design" => Some(ControlKind::Design),
        "test" | "testing" => Some(ControlKind::Test),
        "training" => Some(ControlKind::Training),
        "process" | "bpc" | "business process" | "business process change" => {
            Some(ControlKind::BusinessProcess)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_is_what_the_action_says_was_done() {
        assert_eq!(Transfer::said_by("Risk transferred in Hazard Log"), Transfer::ToOwner);
        assert_eq!(Transfer::said_by("Transferred to the Trust."), Transfer::To("the Trust".to_owned()));
        for action in [
            "Not yet transferred; awaiting trust",
            "To be transferred",
            "Validate the guide",
            "Transfer pending",
        ] {
            assert_eq!(Transfer::said_by(action), Transfer::No, "{action}");
        }
    }

    #[test]
    fn the_owner_takes_on_what_is_transferred_without_a_name() {
        assert_eq!(Transfer::ToOwner.recipient(Some("Trust")).as_deref(), Some("Trust"));
        assert_eq!(Transfer::ToOwner.recipient(None), None);
        assert_eq!(Transfer::No.recipient(Some("Maker")), None);
    }
}
