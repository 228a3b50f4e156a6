//! C: links. Which cause does each control answer, and what does the whole rest on?
//!
//! What answers what is read from the graph. A link that was inferred from equal list numbers counts like one that
//! is stated. A log without any link at all is of a layout that has none, and nothing is said of it.

use crate::assurance::LogSubject;
use crate::assurance::check::{Check, Exempt, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Information, Warning};
use crate::assurance::graph::{Graph, NodeId};
use crate::assurance::wording::{WORDING, words};
use crate::case::excerpt::excerpt;
use crate::case::folding::{fold_into, folded};
use crate::case::hazard::{Cause, Control, ControlKind, Hazard};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher as _;

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "C19",
        level: Warning,
        clause: Some("6.1.1"),
        title: "Cause that no control answers",
        why: "A hazard is controlled cause by cause. One that no control answers leads to the hazard as before, however many controls the others have.",
        remedy: "Find a control for the cause; or record which control answers it.",
        exempt: Some(Exempt::Acceptable),
        how: Some("`[[link]]` in supplement.toml"),
        runs: &[Run::Log(unanswered_causes)],
        ..Check::DEFAULT
    },
    Check {
        id: "C20",
        level: Information,
        clause: Some("6.1.1"),
        title: "Control that answers no cause",
        why: "A control without a cause may be one that answers several and was not linked; or a cause is missing from the analysis.",
        remedy: "Record which causes the control answers; or add the cause that it is for.",
        how: Some("`[[link]]` in supplement.toml"),
        runs: &[Run::Log(idle_controls)],
        ..Check::DEFAULT
    },
    Check {
        id: "C21",
        level: Information,
        clause: None,
        title: "Control that many hazards lean on",
        why: "Where one measure stands under many hazards, its failure opens them all at once, and none of their ratings says so.",
        remedy: "Make sure that the control's own evidence is as strong as all those hazards need; consider its failure as a hazard or cause of its own.",
        runs: &[Run::Log(shared_controls)],
        ..Check::DEFAULT
    },
    Check {
        id: "C22",
        level: Warning,
        clause: Some("6.1.1"),
        title: "Hazard controlled by people's care alone",
        why: "Training and procedures wear off and are forgotten under pressure, which is when they are needed; nothing in the product holds if they fail.",
        remedy: "Look for a control by design; or say in the record of the PSA session, or in the reason for accepting the risk, why there is none.",
        exempt: Some(Exempt::Acceptable),
        runs: &[Run::Log(people_alone)],
        ..Check::DEFAULT
    },
];

fn has_links(graph: &Graph, hazard: NodeId) -> bool {
    graph.causes(hazard).any(|cause| graph.is_answered(cause))
}

fn unanswered_causes(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let graph = subject.graph;
    if !graph.logged().any(|hazard| has_links(graph, hazard)) {
        return;
    }
    let hazards = subject.log.hazards.iter().zip(graph.logged());
    for (hazard, at) in hazards.filter(|(hazard, _)| !is_answered_as_a_whole(hazard)) {
        let causes = hazard.causes.iter().zip(graph.causes(at));
        let open: Vec<&Cause> =
            causes.filter(|(_, at)| !graph.is_answered(*at)).map(|(cause, _)| cause).collect();
        let Some(first) = open.first() else { continue };
        if super::is_exempt(subject.people, hazard, outcome, "no control is needed for its causes") {
            continue;
        }
        outcome.hit(Hit::hazard(&hazard.key, &format!("causes/{}", first.id), open_message(hazard, &open)));
    }
}

/// A hazard with one cause has its controls for that one, whether or not anybody numbered them.
fn is_answered_as_a_whole(hazard: &Hazard) -> bool {
    hazard.causes.len() == 1 && hazard.all_controls().next().is_some()
}

fn open_message(hazard: &Hazard, open: &[&Cause]) -> String {
    let key = &hazard.key;
    let all = hazard.causes.len();
    let ids: Vec<String> = open.iter().map(|cause| cause.id.clone()).collect();
    match open {
        [cause] if all > 1 => {
            let instead = cause.without_control.as_deref().map_or_else(String::new, |said| {
                format!("; the log says in its place \"{}\"", excerpt(said))
            });
            format!("Cause {} of {key} has no control: \"{}\"{instead}.", cause.id, excerpt(&cause.text))
        }
        _ if open.len() < all => {
            format!("{} of the {all} causes of {key} have no control: {}.", open.len(), super::some_of(&ids))
        }
        _ if hazard.all_controls().next().is_none() => format!("{key} has no control for any of its causes."),
        _ => format!("No control of {key} is linked to any of its {all} causes."),
    }
}

/// Existing controls belong to the hazard as a whole; additional ones are for something.
fn idle_controls(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    let graph = subject.graph;
    for (hazard, at) in subject.log.hazards.iter().zip(graph.logged()) {
        if is_answered_as_a_whole(hazard) || !has_links(graph, at) {
            continue;
        }
        let controls = hazard.controls.iter().zip(graph.controls(at));
        let idle: Vec<&Control> =
            controls.filter(|(_, at)| !graph.answers(*at)).map(|(control, _)| control).collect();
        let Some(first) = idle.first() else { continue };
        let message = if let [control] = idle[..] {
            format!(
                "Control {} of {} answers none of its causes: \"{}\".",
                control.id,
                hazard.key,
                excerpt(&control.text)
            )
        } else {
            let ids: Vec<String> = idle.iter().map(|control| control.id.clone()).collect();
            format!(
                "{} controls of {} answer none of its causes: {}.",
                ids.len(),
                hazard.key,
                super::some_of(&ids)
            )
        };
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}", first.id), message));
    }
}

fn shared_controls(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    const MANY: usize = 3;
    // Nearly all of tens of thousands of texts come once. Of each a number is kept, and only of those whose number
    // comes often the words.
    let mut words = String::new();
    let mut number = |text| {
        fold_into(&mut words, text);
        FxBuildHasher.hash_one(words.as_str())
    };
    let all = subject.log.hazards.iter().flat_map(|hazard| hazard.all_controls().map(move |it| (hazard, it)));
    let mut numbered: Vec<_> =
        all.map(|(hazard, control)| (number(&control.text), hazard, control)).collect();
    numbered.sort_by_key(|(number, ..)| *number);
    let often = numbered.chunk_by(|(one, ..), (other, ..)| one == other).filter(|same| same.len() >= MANY);
    let mut holders: FxHashMap<String, Vec<(&Hazard, &Control)>> = FxHashMap::default();
    for (_, hazard, control) in often.flatten() {
        let held = holders.entry(folded(&control.text)).or_default();
        if held.last().is_none_or(|(last, _)| last.key != hazard.key) {
            held.push((hazard, control));
        }
    }
    let mut shared: Vec<_> =
        holders.into_iter().filter(|(text, held)| held.len() >= MANY && !text.is_empty()).collect();
    shared.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (_, held) in shared {
        let (hazard, control) = held[0];
        let keys: Vec<String> = held.iter().map(|(hazard, _)| hazard.key.clone()).collect();
        let message = format!(
            "{} hazards have the control \"{}\": {}.",
            keys.len(),
            excerpt(&control.text),
            super::some_of(&keys)
        );
        let path = format!("hazards/{}/controls/{}", hazard.key, control.id);
        outcome.hit(Hit::at(path, message).of_hazards(held.iter().map(|(hazard, _)| *hazard)));
    }
}

fn people_alone(subject: &LogSubject<'_>, outcome: &mut Outcome) {
    for hazard in &subject.log.hazards {
        let alone = !hazard.controls.is_empty()
            && hazard.controls.iter().all(|control| {
                matches!(control.kind, ControlKind::Training | ControlKind::BusinessProcess)
            })
            // What kind an existing control is, the log does not say; its words may.
            && hazard.existing_controls.iter().all(|control| WORDING.writing.procedural.is_in(&words(&control.text)));
        if !alone || super::is_exempt(subject.people, hazard, outcome, "no control is needed") {
            continue;
        }
        let ids: Vec<String> = hazard.all_controls().map(|control| control.id.clone()).collect();
        let message = match &ids[..] {
            [only] => {
                format!("The only control of {} is training or a business process: {only}.", hazard.key)
            }
            _ => format!(
                "{} controls of {} are training or business processes: {}.",
                if ids.len() == 2 { "Both".to_owned() } else { format!("All {}", ids.len()) },
                hazard.key,
                super::some_of(&ids)
            ),
        };
        outcome.hit(Hit::hazard(&hazard.key, &format!("controls/{}", hazard.controls[0].id), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::testing::{Fixture, control, fires, hazard, rating, silent};
    use crate::case::hazard::LinkBasis;

    fn cause(id: &str, text: &str) -> Cause {
        Cause {
            id: id.to_owned(),
            text: text.to_owned(),
            controls: Vec::new(),
            link: LinkBasis::None,
            without_control: None,
        }
    }

    #[test]
    fn c19_a_cause_without_a_control() {
        let spoil = |fixture: &mut Fixture| fixture.hazard().causes.push(cause("H01.2", "The queue is full"));
        fires("C19", spoil, "Cause H01.2 of H01 has no control: \"The queue is full\".");
        let mut fixture = Fixture::with(spoil);
        fixture.hazard().causes[1].without_control = Some("None at present".to_owned());
        assert_eq!(
            fixture.messages("C19"),
            [
                "Cause H01.2 of H01 has no control: \"The queue is full\"; the log says in its place \"None at present\"."
            ]
        );
        fixture.hazard().causes.push(cause("H01.3", "The clock is wrong"));
        assert_eq!(fixture.messages("C19"), ["2 of the 3 causes of H01 have no control: H01.2 and H01.3."]);
        fixture.hazard().causes[0].controls.clear();
        assert_eq!(fixture.messages("C19"), ["No control of H01 is linked to any of its 3 causes."]);
        fixture.hazard().initial = rating("Minor", "Low", 1);
        assert_eq!(fixture.messages("C19"), Vec::<String>::new());
        let exempt = crate::assurance::assure(&fixture.subject()).not_applicable;
        assert!(exempt.iter().any(|exempt| exempt.check == "C19"));
    }

    #[test]
    fn c19_a_layout_without_links_and_a_single_cause_say_nothing() {
        let single = Fixture::with(|fixture| fixture.hazard().causes[0].controls.clear());
        assert_eq!(single.messages("C19"), Vec::<String>::new());
        let without = Fixture::with(|fixture| {
            for hazard in &mut fixture.case.hazard_log.hazards {
                hazard.causes[0].controls.clear();
                hazard.causes.push(cause("2", "The queue is full"));
            }
        });
        assert_eq!(without.messages("C19"), Vec::<String>::new());
    }

    #[test]
    fn c19_a_link_to_a_control_that_is_not_there_answers_nothing() {
        let lost = |fixture: &mut Fixture| {
            let controls = vec!["H01.D9".to_owned()];
            fixture.hazard().causes.push(Cause { controls, ..cause("H01.2", "The queue is full") });
        };
        fires("C19", lost, "Cause H01.2 of H01 has no control: \"The queue is full\".");
    }

    #[test]
    fn c20_a_control_without_a_cause() {
        let spoil = |fixture: &mut Fixture| {
            let hazard = fixture.hazard();
            let mut second = cause("H01.2", "The queue is full");
            second.controls.push("H01.D1".to_owned());
            hazard.causes.push(second);
            hazard.controls.push(control("H01.D2", ControlKind::Design));
        };
        fires("C20", spoil, "Control H01.D2 of H01 answers none of its causes: \"Delivery is confirmed\".");
        let mut linked = Fixture::with(spoil);
        linked.hazard().causes[1].controls.push("H01.D2".to_owned());
        assert_eq!(linked.messages("C20"), Vec::<String>::new());
    }

    #[test]
    fn c21_a_control_of_many_hazards() {
        silent("C21");
        let fixture = Fixture::with(|fixture| fixture.case.hazard_log.hazards.push(hazard("H03")));
        assert_eq!(
            fixture.messages("C21"),
            ["3 hazards have the control \"Delivery is confirmed\": H01, H02 and H03."]
        );
    }

    #[test]
    fn c22_training_alone() {
        silent("C22");
        let training = |fixture: &mut Fixture| {
            fixture.hazard().existing_controls.clear();
            fixture.hazard().controls[0].kind = ControlKind::Training;
        };
        fires("C22", training, "The only control of H01 is training or a business process: H01.D1.");
        let mut fixture = Fixture::with(training);
        fixture.hazard().existing_controls.push(control("H01.E1", ControlKind::Existing));
        assert_eq!(
            fixture.messages("C22"),
            Vec::<String>::new(),
            "nobody knows what kind the existing one is"
        );
        fixture.hazard().existing_controls[0].text = "Local procedure for referrals".to_owned();
        assert_eq!(
            fixture.messages("C22"),
            ["Both controls of H01 are training or business processes: H01.E1 and H01.D1."]
        );
        fixture.hazard().controls.push(control("H01.T1", ControlKind::Test));
        assert_eq!(fixture.messages("C22"), Vec::<String>::new());
    }
}
