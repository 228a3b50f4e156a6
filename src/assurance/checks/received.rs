//! D4 to D6: what other organisations handed over, and what became of it here.

use crate::assurance::check::{Check, Examined, Hit, Outcome, Run};
use crate::assurance::finding::Level::{Blocking, Information, Warning};
use crate::assurance::graph::{Relation, Standing};
use crate::case::observation::ObservationKind;
use crate::case::received::{Origin, ReceivedHazard};
use crate::case::standard::StandardName;
use crate::case::tom::Answer;

/// TOM question whether the national hazard log was reviewed.
const NATIONAL_LOG_REVIEWED: &str = "CS-051";

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "D4",
        level: Blocking,
        // The text of DCB0160 that would give a number is not verified.
        clause: None,
        title: "Transferred hazard that the log does not take up",
        why: "What the manufacturer leaves to the deploying organisation, nobody controls while the organisation's own log does not hold it; and where nothing is said of it, nobody knows whether there is any. The same goes for what the supplier of a part of the product transfers to whoever builds it in.",
        remedy: "Adopt it: name the hazards of the own log that answer it; or say why none is needed.",
        how: Some(
            "`hazards` or `not_adopted_because` in received-hazards.toml, or `adopts` of the own hazard in the supplement",
        ),
        runs: &[Run::Case(transferred), Run::Case(transferred_by_supplier), Run::Case(nothing_received)],
        ..Check::DEFAULT
    },
    Check {
        id: "D5",
        level: Warning,
        clause: None,
        title: "Hazard of a national service that was not taken up",
        why: "A national service publishes its hazards so that whoever connects to it answers them; without a decision, one may stay without a control.",
        remedy: "Name the hazards of the own log that answer it, or say why none is needed.",
        how: Some(
            "`hazards` or `not_adopted_because` in received-hazards.toml, or `adopts` of the own hazard in the supplement",
        ),
        runs: &[Run::Case(national), Run::Case(national_log)],
        ..Check::DEFAULT
    },
    Check {
        id: "D6",
        level: Information,
        clause: None,
        title: "Remark on the hazard log of another organisation",
        why: "The log is its sender's to keep. What stands in it outside the hazards that were read, or could be read in two ways, may still be a risk that was handed over.",
        remedy: "Look at the place, and make sure that every hazard of the log was received.",
        runs: &[Run::Log(|subject, outcome| outcome.observed(subject, &[ObservationKind::ReceivedLog]))],
        ..Check::DEFAULT
    },
];

fn transferred(examined: &Examined<'_>, outcome: &mut Outcome) {
    if examined.subject.case.standard.name == StandardName::Dcb0160 {
        undecided(examined, outcome, |hazard| hazard.kind == Origin::Manufacturer && hazard.transferred);
    }
}

/// What a supplier leaves to whoever builds its part in concerns every standard.
fn transferred_by_supplier(examined: &Examined<'_>, outcome: &mut Outcome) {
    undecided(examined, outcome, |hazard| hazard.kind == Origin::Supplier && hazard.transferred);
}

/// A deploying organisation whose case says nothing of what the manufacturer handed over.
fn nothing_received(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let is_said = case.nothing_from_manufacturer.as_deref().is_some_and(|why| !why.trim().is_empty());
    let holds_some = case.received.iter().any(|hazard| hazard.kind == Origin::Manufacturer);
    if case.standard.name == StandardName::Dcb0160 && !is_said && !holds_some {
        let message = format!(
            "The case is one of {}, and holds no hazard that a manufacturer handed over, nor a reason why there is none.",
            case.standard.name.as_str()
        );
        let remedy = "List the hazards that the manufacturer's log hands over, each with what became of it; or say why there is none.";
        let how = "the manufacturer's hazard log, named under `[[hazard_logs]]` in case.toml; or received-hazards.toml, which `received` names under `[inputs]`, or `nothing_from_manufacturer` in it";
        outcome.hit(Hit::at("standard", message).remedy(remedy).how(how));
    }
}

fn national(examined: &Examined<'_>, outcome: &mut Outcome) {
    undecided(examined, outcome, |hazard| hazard.kind == Origin::NationalService);
}

fn undecided(examined: &Examined<'_>, outcome: &mut Outcome, concerns: fn(&ReceivedHazard) -> bool) {
    let graph = &examined.graph;
    let received = examined.subject.case.received.iter().zip(graph.received());
    for (received, at) in received.filter(|(received, _)| concerns(received)) {
        let ReceivedHazard { id, from, .. } = received;
        let name = received.name.as_deref().map(|name| format!(", \"{name}\",")).unwrap_or_default();
        let mut says = |what: &str| {
            outcome.hit(Hit::at(received.path(), format!("{id} of {from}{name} {what}.")));
        };
        let mut adopted = false;
        for own in graph.links_out(at).filter(|link| link.relation == Relation::AdoptedBy) {
            adopted = true;
            // A hazard that was taken out of the log controls nothing any more.
            if own.node.standing != Standing::Present {
                let own = &own.node.id;
                says(&format!("is said to be adopted by {own}, which is not in the hazard log"));
            }
        }
        if !adopted && received.refusal().is_none() {
            says("has neither a hazard that adopts it nor a reason why none does");
        }
    }
}

/// The TOM says that the national hazards were reviewed, and the case holds none of them.
fn national_log(examined: &Examined<'_>, outcome: &mut Outcome) {
    let case = examined.subject.case;
    let Some(tom) = &case.tom else { return };
    let says_so = tom
        .answers
        .iter()
        .any(|answer| answer.id == NATIONAL_LOG_REVIEWED && answer.answer == Some(Answer::Yes));
    if says_so && !case.received.iter().any(|hazard| hazard.kind == Origin::NationalService) {
        let message = format!(
            "{NATIONAL_LOG_REVIEWED} is answered with Yes: the national hazard log was reviewed; the case holds none of its hazards."
        );
        let remedy = "List the national service's hazards, each with the own hazards that adopt it or the reason why none does.";
        let hit = Hit::at(format!("tom/{NATIONAL_LOG_REVIEWED}"), message).remedy(remedy);
        outcome.hit(hit.how(
            "the service's hazard log, named under `[[hazard_logs]]` in case.toml; or received-hazards.toml, which `received` names under `[inputs]`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::assurance::testing::{self, Fixture, fires, fires_on_observation, retired, some, tom};
    use crate::case::Place;
    use crate::case::observation::ObservationKind;
    use crate::case::received::{Origin, ReceivedHazard};
    use crate::case::standard::{Standard, StandardName};
    use crate::case::tom::Answer;

    fn received(kind: Origin, hazards: &[&str], because: Option<&str>) -> ReceivedHazard {
        ReceivedHazard {
            kind,
            hazards: hazards.iter().map(|hazard| (*hazard).to_owned()).collect(),
            not_adopted_because: because.map(str::to_owned),
            ..testing::received("Example Ltd", "NH-1")
        }
    }

    fn deploying(hazard: ReceivedHazard) -> impl FnOnce(&mut Fixture) {
        move |fixture| {
            fixture.case.standard = Standard { name: StandardName::Dcb0160, version: "3.2".to_owned() };
            fixture.case.received.push(hazard);
        }
    }

    #[test]
    fn d4_a_deployer_decides_on_what_the_manufacturer_transferred() {
        fires(
            "D4",
            deploying(received(Origin::Manufacturer, &[], Some(" "))),
            "NH-1 of Example Ltd, \"Referral withheld\", has neither a hazard that adopts it nor a reason why none does.",
        );
        fires(
            "D4",
            deploying(received(Origin::Manufacturer, &["H01", "H77"], None)),
            "NH-1 of Example Ltd, \"Referral withheld\", is said to be adopted by H77, which is not in the hazard log.",
        );
        let kept = ReceivedHazard { transferred: false, ..received(Origin::Manufacturer, &[], None) };
        for hazard in [
            received(Origin::Manufacturer, &["H01"], None),
            received(Origin::Manufacturer, &[], Some("The function is switched off")),
            kept,
        ] {
            assert_eq!(Fixture::with(deploying(hazard)).messages("D4"), Vec::<String>::new());
        }
        let manufacturer =
            Fixture::with(|fixture| fixture.case.received.push(received(Origin::Manufacturer, &[], None)));
        assert_eq!(manufacturer.messages("D4"), Vec::<String>::new(), "only a deployer takes over");
    }

    #[test]
    fn d4_a_hazard_that_was_taken_out_of_the_log_adopts_nothing() {
        fires(
            "D4",
            |fixture| {
                fixture.case.hazard_log.retired.push(retired("H77"));
                deploying(received(Origin::Manufacturer, &["H77"], None))(fixture);
            },
            "NH-1 of Example Ltd, \"Referral withheld\", is said to be adopted by H77, which is not in the hazard log.",
        );
    }

    #[test]
    fn d5_each_sender_has_its_own_place_though_their_ids_are_equal() {
        let fixture = Fixture::with(|fixture| {
            for (line, sender) in [(1, "First Ltd"), (9, "Second Ltd")] {
                let received = ReceivedHazard {
                    from: sender.to_owned(),
                    ..received(Origin::NationalService, &[], None)
                };
                fixture.provenance.record(received.path(), Place::line("received-hazards.toml", line));
                fixture.case.received.push(received);
            }
        });
        let lines: Vec<Option<usize>> =
            fixture.findings("D5").into_iter().map(|finding| finding.source?.line).collect();
        assert_eq!(lines, [Some(1), Some(9)]);
    }

    #[test]
    fn d4_a_deployer_says_what_the_manufacturer_handed_over() {
        let deployer = |fixture: &mut Fixture| {
            fixture.case.standard = Standard { name: StandardName::Dcb0160, version: "3.2".to_owned() };
        };
        fires(
            "D4",
            deployer,
            "The case is one of DCB0160, and holds no hazard that a manufacturer handed over, nor a reason why there is none.",
        );
        let with = |why: &str| {
            let mut fixture = Fixture::with(deployer);
            fixture.case.nothing_from_manufacturer = some(why);
            fixture.messages("D4").len()
        };
        assert_eq!((with("The manufacturer's log 2.0 transfers no hazard."), with(" ")), (0, 1));
    }

    #[test]
    fn d5_a_national_hazard_without_a_decision() {
        fires(
            "D5",
            |fixture| fixture.case.received.push(received(Origin::NationalService, &[], None)),
            "NH-1 of Example Ltd, \"Referral withheld\", has neither a hazard that adopts it nor a reason why none does.",
        );
    }

    #[test]
    fn d4_what_a_supplier_transfers_is_decided_on_by_whoever_builds_it_in() {
        let with = |received: ReceivedHazard| Fixture::with(|fixture| fixture.case.received.push(received));
        let transferred = with(received(Origin::Supplier, &[], None));
        assert_eq!(
            transferred.messages("D4"),
            [
                "NH-1 of Example Ltd, \"Referral withheld\", has neither a hazard that adopts it nor a reason why none does."
            ]
        );
        let kept = ReceivedHazard { transferred: false, ..received(Origin::Supplier, &[], None) };
        for received in [kept, received(Origin::Supplier, &["H01"], None)] {
            assert_eq!(with(received).messages("D4"), Vec::<String>::new());
        }
    }

    #[test]
    fn d6_is_what_was_noted_of_a_received_log() {
        fires_on_observation("D6", ObservationKind::ReceivedLog);
    }

    #[test]
    fn d5_reviewed_says_the_tom_and_nothing_is_there() {
        let answer =
            |answer| move |fixture: &mut Fixture| fixture.case.tom = Some(tom(&[("CS-051", answer)]));
        fires(
            "D5",
            answer(Answer::Yes),
            "CS-051 is answered with Yes: the national hazard log was reviewed; the case holds none of its hazards.",
        );
        assert_eq!(Fixture::with(answer(Answer::No)).messages("D5"), Vec::<String>::new());
        let held = Fixture::with(|fixture| {
            answer(Answer::Yes)(fixture);
            fixture.case.received.push(received(Origin::NationalService, &["H01"], None));
        });
        assert_eq!(held.messages("D5"), Vec::<String>::new());
    }
}
