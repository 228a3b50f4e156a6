//! Putting what sheets list into the hazards that it is linked to.

use super::super::describe::kind_of;
use super::{End, Kind, Listed, Reader};
use crate::case::hazard::{Cause, Control, ControlKind, ControlState, Hazard, LinkBasis};
use crate::case::hazard_log::HazardLog;
use crate::case::observation::{Observation, ObservationKind};
use crate::case::system::Declared;
use crate::case::{Place, Provenance};
use crate::intake::workbook::Address;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// The ids of causes and controls that the log has on its own sheet.
pub(super) fn known_ids(log: &HazardLog) -> FxHashSet<String> {
    let causes = log.hazards.iter().flat_map(|hazard| hazard.causes.iter().map(|cause| cause.id.as_str()));
    let controls =
        log.hazards.iter().flat_map(|hazard| hazard.all_controls().map(|control| control.id.as_str()));
    causes.chain(controls).map(str::to_owned).collect()
}

/// Adds causes and controls to the hazards, and observes those that are linked to none.
pub(super) fn attach(
    reader: &mut Reader<'_>,
    log: &mut HazardLog,
    provenance: &mut Provenance,
) -> Vec<Observation> {
    let mut after: BTreeMap<End, Vec<usize>> = BTreeMap::new();
    for (one, other) in &reader.links {
        if let End::Listed(listed) = other {
            after.entry(*one).or_default().push(*listed);
        }
    }
    let linked = |end: End| after.get(&end).map_or(&[][..], Vec::as_slice);
    let mut used = FxHashSet::default();
    let mut taken = Vec::new();
    for (at, hazard) in log.hazards.iter_mut().enumerate() {
        for listed in linked(End::Hazard(at)) {
            let mut place = |of: usize, hazard: &Hazard| {
                used.insert(of);
                record(reader, &reader.listed[of], hazard, provenance);
            };
            let of = &reader.listed[*listed];
            if of.kind == Kind::Control {
                place(*listed, hazard);
                taken.extend(add_control(hazard, of));
                continue;
            }
            place(*listed, hazard);
            let controls = linked(End::Listed(*listed));
            for control in controls {
                place(*control, hazard);
                taken.extend(add_control(hazard, &reader.listed[*control]));
            }
            let controls = controls.iter().map(|control| reader.listed[*control].id.to_owned());
            add_cause(hazard, of, controls.collect());
        }
    }
    for (sheet, address) in taken {
        reader.take(sheet, address);
    }
    let unused = reader.listed.iter().enumerate().filter(|(at, _)| !used.contains(at));
    unused.map(|(_, listed)| unlinked(reader, listed)).collect()
}

fn record(reader: &Reader<'_>, listed: &Listed<'_>, hazard: &Hazard, provenance: &mut Provenance) {
    let path = format!("hazards/{}/{}s/{}", hazard.key, listed.kind.as_str(), listed.id);
    provenance.record(path, place(reader, listed));
}

fn place(reader: &Reader<'_>, listed: &Listed<'_>) -> Place {
    let sheet = reader.workbook.sheets[listed.sheet].name.clone();
    Place::cell(reader.workbook.file.clone(), sheet, listed.at.to_string())
}

fn unlinked(reader: &Reader<'_>, listed: &Listed<'_>) -> Observation {
    let kind = listed.kind.as_str();
    let message =
        format!("The {kind} {} is linked to no hazard and is in none: \"{}\".", listed.id, listed.text);
    let place = Some(place(reader, listed));
    Observation { kind: ObservationKind::Unmapped, hazard: None, place, message }
}

fn add_cause(hazard: &mut Hazard, listed: &Listed<'_>, controls: Vec<String>) {
    let link = if controls.is_empty() { LinkBasis::None } else { LinkBasis::Stated };
    let (id, text) = (listed.id.to_owned(), listed.text.to_owned());
    hazard.causes.push(Cause { id, text, controls, link, without_control: None });
}

/// Adds a control to a hazard unless it has it already; returns the cells that say more of it.
fn add_control(hazard: &mut Hazard, listed: &Listed<'_>) -> Vec<(usize, Address)> {
    let mut taken = Vec::new();
    let mut said = |header: &str| {
        let (_, address, text) =
            listed.said.iter().find(|(of, ..)| of == header || *of == format!("control {header}"))?;
        taken.push((listed.sheet, *address));
        Some((*text).to_owned())
    };
    let (stated_type, owner, action, status) = (said("type"), said("owner"), said("action"), said("status"));
    let stated_evidence = said("evidence");
    if hazard.all_controls().any(|control| control.id == listed.id) {
        return taken;
    }
    let kind = stated_type.as_deref().and_then(kind_of);
    hazard.controls.push(Control {
        id: listed.id.to_owned(),
        kind: kind.unwrap_or(ControlKind::Unspecified),
        stated_type: stated_type.filter(|_| kind.is_none()),
        text: listed.text.to_owned(),
        state: ControlState::from_stated(status.as_deref()),
        owner,
        action,
        status,
        transferred_to: None,
        evidence: Vec::new(),
        stated_evidence,
        introduces: Declared::NotGiven,
    });
    taken
}
