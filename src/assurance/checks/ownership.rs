//! C and D: who answers for each control, and whether that is said where it is somebody else.
//!
//! A hazard's owner answers for its controls, so a control without an owner of its own lacks none where the
//! hazard has one: the NHS template has a column for the hazard's owner and none for a control's. Where a whole
//! log names no owner, it is told so once; the same for the types of controls, and otherwise once a hazard, with
//! the controls and their cells. A finding a control would be read by nobody.

mod others;

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Exempt, Hit, Outcome, Run};
use crate::assurance::cross_reference::rules;
use crate::assurance::finding::Level::Warning;
use crate::case::hazard::{Control, ControlKind, Hazard, HazardState};
use others::Others;
use std::collections::BTreeMap;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C2",
        level: Warning,
        clause: Some("6.1.1, 6.3.1"),
        title: "Control without a type or an owner",
        why: "A control that nobody owns is implemented by nobody; and what kind of control it is says how far it can be relied on, because design holds where training is forgotten.",
        remedy: "Give the control its type and its owner.",
        exempt: Some(Exempt::Acceptable),
        how: Some("the log; an owner may also stand in supplement.toml"),
        runs: &[Run::Log(unowned)],
        ..Check::DEFAULT
    },
    Check {
        id: "D2",
        level: Warning,
        clause: Some("6.3.1"),
        title: "Control of another organisation that is not marked as transferred",
        why: "What another organisation has to do must be handed to it; where that is not said, each side may expect it of the other.",
        remedy: "Mark the control as transferred and name the recipient; or correct its owner.",
        how: Some("`transferred_to` of the control, in supplement.toml"),
        runs: &[Run::Log(others_controls)],
        ..Check::DEFAULT
    },
];

fn has_type(control: &Control) -> bool {
    control.kind != ControlKind::Unspecified || control.stated_type.is_some()
}

/// The control's owner, or whoever takes it over.
fn has_own_owner(control: &Control) -> bool {
    control.owner.is_some() || control.transferred_to.is_some()
}

fn unowned(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let is_told = |hazard: &Hazard| hazard.owner.is_some() && hazard.controls.iter().all(has_type);
    // What is not asked of a hazard is not counted among what a log lacks.
    let hazards: Vec<&Hazard> = subject
        .log
        .hazards
        .iter()
        .filter(|hazard| {
            is_told(hazard) || !super::is_exempt(subject.people, hazard, outcome, "no control is needed")
        })
        .collect();
    let controls = || hazards.iter().flat_map(|hazard| &hazard.controls);
    let several = hazards.len() > 1 && controls().next().is_some();
    let no_owner =
        several && hazards.iter().all(|hazard| hazard.owner.is_none()) && !controls().any(has_own_owner);
    let no_type = several && !controls().any(has_type);
    if no_owner {
        let message = format!(
            "None of the {} hazards names an owner, nor does any of their additional controls ({} in all).",
            hazards.len(),
            controls().count()
        );
        let hit = Hit::at(format!("hazards/{}/owner", hazards[0].key), message);
        outcome.hit(hit.of_hazards(hazards.iter().copied()));
    }
    if no_type && let Some((hazard, control)) = first_control(&hazards) {
        let message = format!(
            "None of the {} additional controls of the log says of what type it is.",
            controls().count()
        );
        let hit = Hit::at(format!("hazards/{}/controls/{}", hazard.key, control.id), message);
        outcome.hit(hit.of_hazards(hazards.iter().copied().filter(|hazard| !hazard.controls.is_empty())));
    }
    let follows_up = controls().any(|control| control.action.is_some() || control.status.is_some());
    for hazard in hazards {
        let lacks: Vec<(&Control, Vec<&str>)> = hazard
            .controls
            .iter()
            .map(|control| (control, lacks(control, hazard, [no_type, no_owner], follows_up)))
            .filter(|(_, lacks)| !lacks.is_empty())
            .collect();
        if let Some((first, missing)) = lacks.first() {
            let field = field_to_fill(subject, hazard, first, missing[0]);
            outcome.hit(Hit::hazard(&hazard.key, &field, hazard_message(subject, hazard, &lacks)));
        }
    }
}

/// Where the answer belongs: under the control's own header, or where the log has none under the hazard's owner.
fn field_to_fill(subject: &LogSubject<'_>, hazard: &Hazard, control: &Control, lacks: &str) -> String {
    let own = format!("controls/{}/{lacks}", control.id);
    let place = |field: &str| subject.provenance.place(&format!("hazards/{}/{field}", hazard.key));
    let has_column = place(&own) != place(&format!("controls/{}", control.id));
    if lacks == "owner" && !has_column { "owner".to_owned() } else { own }
}

fn first_control<'a>(hazards: &[&'a Hazard]) -> Option<(&'a Hazard, &'a Control)> {
    hazards.iter().find_map(|hazard| Some((*hazard, hazard.controls.first()?)))
}

/// What a control lacks, beyond what the whole log lacks. Action and status are only named to complete the
/// picture of a row that was left blank.
fn lacks(
    control: &Control,
    hazard: &Hazard,
    [no_type, no_owner]: [bool; 2],
    follows_up: bool,
) -> Vec<&'static str> {
    let mut lacks = Vec::new();
    if !no_type && !has_type(control) {
        lacks.push("type");
    }
    if !no_owner && !has_own_owner(control) && hazard.owner.is_none() {
        lacks.push("owner");
    }
    if lacks.len() == 2 && follows_up && control.action.is_none() && control.status.is_none() {
        lacks.extend(["action", "status"]);
    }
    lacks
}

fn hazard_message(subject: &LogSubject<'_>, hazard: &Hazard, lacks: &[(&Control, Vec<&str>)]) -> String {
    let mut by_lack: BTreeMap<&[&str], Vec<String>> = BTreeMap::new();
    for (control, missing) in lacks {
        by_lack.entry(missing).or_default().push(at_cell(subject, hazard, control, missing[0]));
    }
    let sentences: Vec<String> = by_lack
        .iter()
        .map(|(missing, controls)| {
            let no = missing.join(", ");
            let no = no.rsplit_once(", ").map_or(no.clone(), |(first, last)| format!("{first} or {last}"));
            match &controls[..] {
                [control] => format!("Control {control} of {} has no {no}.", hazard.key),
                controls => format!(
                    "{} controls of {} have no {no}: {}.",
                    controls.len(),
                    hazard.key,
                    super::some_of(controls)
                ),
            }
        })
        .collect();
    sentences.join(" ")
}

/// `030205 (K88)`
fn at_cell(subject: &LogSubject<'_>, hazard: &Hazard, control: &Control, field: &str) -> String {
    let path = format!("hazards/{}/controls/{}/{field}", hazard.key, control.id);
    match subject.provenance.place(&path).and_then(|place| place.cell) {
        Some(cell) => format!("{} ({cell})", control.id),
        None => control.id.clone(),
    }
}

fn others_controls(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let others = Others::of(subject);
    for hazard in &subject.log.hazards {
        // A hazard that is handed over goes with its controls.
        if hazard.state == HazardState::Transferred || hazard.transferred_to.is_some() {
            continue;
        }
        let unmarked: Vec<&Control> = hazard
            .controls
            .iter()
            .filter(|control| !rules::is_transferred(control))
            .filter(|control| control.owner.as_deref().is_some_and(|owner| others.has(owner)))
            .collect();
        let Some(first) = unmarked.first() else { continue };
        let mut by_owner: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for control in &unmarked {
            let owner = control.owner.as_deref().unwrap_or_default().trim();
            by_owner.entry(owner).or_default().push(at_cell(subject, hazard, control, "owner"));
        }
        let whose: Vec<String> = by_owner
            .iter()
            .map(|(owner, controls)| {
                let part = if others.shares(owner) { " (in part)" } else { "" };
                format!("{} of \"{owner}\"{part}", super::some_of(controls))
            })
            .collect();
        let what = if unmarked.len() == 1 { "a control that is" } else { "controls that are" };
        let message = format!(
            "{} has {what} another organisation's and not marked as transferred: {}.",
            hazard.key,
            whose.join("; ")
        );
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}/owner", first.id), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, control, fires, rating, silent, some};
    use crate::case::hazard::ControlState;
    use crate::case::system::OrganisationRole;

    /// Neither hazard has an owner; the second's control has its own.
    fn without_hazard_owner(fixture: &mut Fixture) {
        for hazard in &mut fixture.case.hazard_log.hazards {
            hazard.owner = None;
        }
        fixture.case.hazard_log.hazards[1].controls[0].owner = some("Example Health Systems");
    }

    #[test]
    fn c2_a_control_without_an_owner() {
        fires("C2", without_hazard_owner, "Control H01.D1 (A2) of H01 has no owner.");
        let owned = Fixture::with(|fixture| {
            without_hazard_owner(fixture);
            fixture.hazard().owner = some("Example Health Systems");
        });
        assert_eq!(owned.messages("C2"), Vec::<String>::new(), "the hazard's owner answers for its controls");
        let transferred = Fixture::with(|fixture| {
            without_hazard_owner(fixture);
            fixture.hazard().controls[0].transferred_to = some("Trust");
        });
        assert_eq!(transferred.messages("C2"), Vec::<String>::new());
    }

    #[test]
    fn c2_a_row_that_was_left_blank() {
        let fixture = Fixture::with(|fixture| {
            without_hazard_owner(fixture);
            fixture.case.hazard_log.hazards[1].controls[0].status = some("Closed");
            fixture.hazard().controls[0].kind = ControlKind::Unspecified;
            fixture.hazard().controls[0].status = None;
        });
        assert_eq!(
            fixture.messages("C2"),
            ["Control H01.D1 (A2) of H01 has no type, owner, action or status."]
        );
    }

    #[test]
    fn c2_many_controls_are_one_finding() {
        let fixture = Fixture::with(|fixture| {
            without_hazard_owner(fixture);
            for number in 2..=12 {
                fixture.hazard().controls.push(control(&format!("H01.D{number}"), ControlKind::Design));
            }
        });
        assert_eq!(
            fixture.messages("C2"),
            [
                "12 controls of H01 have no owner: H01.D1 (A2), H01.D2 (A2), H01.D3 (A2), H01.D4 (A2), H01.D5 (A2), H01.D6 (A2), H01.D7 (A2), H01.D8 (A2) and 4 more."
            ]
        );
    }

    #[test]
    fn c2_a_log_without_owners_or_types_is_told_once() {
        let fixture = Fixture::with(|fixture| {
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.owner = None;
                hazard.controls[0].kind = ControlKind::Unspecified;
            }
        });
        let mut messages = fixture.messages("C2");
        messages.sort();
        assert_eq!(
            messages,
            [
                "None of the 2 additional controls of the log says of what type it is.",
                "None of the 2 hazards names an owner, nor does any of their additional controls (2 in all).",
            ]
        );
    }

    #[test]
    fn c2_says_where_5_1_2_needs_no_control() {
        let fixture = Fixture::with(|fixture| {
            without_hazard_owner(fixture);
            fixture.hazard().initial = rating("Minor", "Low", 1);
        });
        assert_eq!(fixture.messages("C2"), Vec::<String>::new());
        let exempt = crate::assurance::assure(&fixture.subject()).not_applicable;
        assert!(exempt.iter().any(|exempt| exempt.check == "C2" && exempt.hazard == "H01"));
    }

    fn owned_by(owner: &'static str) -> impl Fn(&mut Fixture) {
        move |fixture| fixture.hazard().controls[0].owner = some(owner)
    }

    #[test]
    fn d2_a_deploying_organisations_control() {
        fires(
            "D2",
            owned_by("Deploying organisation"),
            "H01 has a control that is another organisation's and not marked as transferred: H01.D1 (A2) of \"Deploying organisation\".",
        );
        let marked = Fixture::with(|fixture| {
            owned_by("Deploying organisation")(fixture);
            fixture.hazard().controls[0].state = ControlState::Transferred;
        });
        assert_eq!(marked.messages("D2"), Vec::<String>::new());
        let handed_over = Fixture::with(|fixture| {
            owned_by("Deploying organisation")(fixture);
            fixture.hazard().transferred_to = some("Eastmere Trust");
        });
        assert_eq!(handed_over.messages("D2"), Vec::<String>::new());
    }

    #[test]
    fn d2_own_teams_and_words_that_may_be_ones_own() {
        silent("D2");
        for owner in ["Example Health Systems, test and assurance", "Supplier", "Dr A", "Training team"] {
            assert_eq!(Fixture::with(owned_by(owner)).messages("D2"), Vec::<String>::new(), "{owner}");
        }
        let own_trust = Fixture::with(|fixture| {
            owned_by("Eastmere Trust")(fixture);
            fixture.case.organisation.name = some("Eastmere Hospitals NHS Trust");
        });
        assert_eq!(own_trust.messages("D2"), Vec::<String>::new());
        let unnamed = Fixture::with(|fixture| {
            owned_by("Deploying organisation")(fixture);
            fixture.case.organisation.name = some("[to be completed: name of the organisation]");
        });
        assert_eq!(unnamed.findings("D2").len(), 1);
    }

    #[test]
    fn d2_the_log_itself_says_who_is_another() {
        let mut fixture = Fixture::with(|fixture| {
            owned_by("EMS supplier")(fixture);
            let other = &mut fixture.case.hazard_log.hazards[1].controls[0];
            (other.owner, other.transferred_to) = (some("EMS Supplier "), some("EMS supplier"));
        });
        assert_eq!(fixture.findings("D2").len(), 1);
        assert!(fixture.imported().iter().any(|finding| finding.check == "D2"));
        fixture.case.hazard_log.hazards[1].controls[0].transferred_to = None;
        assert_eq!(fixture.messages("D2"), Vec::<String>::new());
    }

    #[test]
    fn d2_words_depend_on_whose_log_it_is() {
        let trust = Fixture::with(owned_by("Trust"));
        assert_eq!(trust.findings("D2").len(), 1, "a manufacturer is no trust");
        assert!(
            !trust.imported().iter().any(|finding| finding.check == "D2"),
            "whose log it is, is not known"
        );
        let deployer = |owner| {
            Fixture::with(|fixture| {
                owned_by(owner)(fixture);
                fixture.case.organisation.role = OrganisationRole::DeployingOrganisation;
            })
            .findings("D2")
            .len()
        };
        assert_eq!((deployer("Trust"), deployer("Supplier")), (0, 1));
    }
}
