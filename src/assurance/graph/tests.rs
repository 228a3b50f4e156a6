use super::{Graph, Kind, NodeId, Relation, Standing};
use crate::assurance::testing::{Fixture, discussion, item, received, retired, some, waiver};
use crate::case::psa::Decision;
use crate::case::system::{Declared, TestIssue};

fn of(spoil: impl FnOnce(&mut Fixture)) -> Graph {
    Graph::of(&Fixture::with(spoil).case)
}

/// The node of this name, as the JSON form has it.
fn at(graph: &Graph, name: &str) -> NodeId {
    let found = graph.nodes.iter().position(|node| graph.name(node) == name);
    NodeId(found.unwrap_or_else(|| panic!("{name} is not in the graph")))
}

fn word(relation: Relation) -> String {
    let word = serde_json::to_value(relation).expect("a word");
    word.as_str().unwrap_or_default().to_owned()
}

/// What the links from a node lead to, each as `relation name`.
fn from(graph: &Graph, name: &str) -> Vec<String> {
    graph
        .links_out(at(graph, name))
        .map(|link| format!("{} {}", word(link.relation), graph.name(link.node)))
        .collect()
}

#[test]
fn a_hazard_leads_to_its_causes_controls_and_their_evidence() {
    let graph = of(|fixture| {
        fixture.hazard().transferred_to = some("The hospital");
        fixture.hazard().causes[0].controls.push("H01.D9".to_owned());
    });
    assert_eq!(
        from(&graph, "hazard:H01"),
        [
            "has-existing-control control:H01/H01.E1",
            "has-control control:H01/H01.D1",
            "has-cause cause:H01/H01.1",
            "transferred-to recipient:The hospital"
        ]
    );
    assert_eq!(
        from(&graph, "cause:H01/H01.1"),
        ["controlled-by control:H01/H01.D1", "controlled-by control:H01/H01.D9"]
    );
    let standing = |name: &str| graph.node(at(&graph, name)).standing;
    assert_eq!(standing("control:H01/H01.D1"), Standing::Present);
    assert_eq!(standing("control:H01/H01.D9"), Standing::Missing);
    let shown: Vec<&str> = graph
        .links_in(at(&graph, "control:H01/H01.D1"))
        .filter(|link| link.relation.is_evidence())
        .map(|link| link.node.id.as_str())
        .collect();
    assert_eq!(shown, ["EV-1", "EV-1"], "of its implementation and of its effectiveness");
}

#[test]
fn what_leads_nowhere_is_kept() {
    let graph = of(|fixture| {
        fixture.case.evidence[0].controls.push("H01.D9".to_owned());
        fixture.case.evidence[0].controls.push("H02/H02.D1".to_owned());
        fixture.case.psa[0].discussed.push(discussion("H99", Some(Decision::Close)));
        fixture.case.test_issues = Declared::Given(vec![TestIssue {
            id: "TI-1".to_owned(),
            summary: "Slow".to_owned(),
            clinical_impact: None,
            status: None,
            hazards: vec!["H99".to_owned()],
        }]);
    });
    let unknown: Vec<&str> =
        graph.nodes.iter().filter(|node| !node.is_known()).map(|node| node.id.as_str()).collect();
    assert_eq!(unknown, ["H01.D9", "H99"]);
    let on_h99: Vec<(&str, Option<Decision>)> =
        graph.links_in(at(&graph, "hazard:H99")).map(|link| (link.node.id.as_str(), link.decision)).collect();
    assert_eq!(on_h99, [("PSA-1", Some(Decision::Close)), ("TI-1", None)]);
}

#[test]
fn a_control_leads_to_the_hazards_that_it_brings() {
    let graph = of(|fixture| {
        let brought = ["H02", "H07", "H09"].map(str::to_owned).into();
        fixture.hazard().controls[0].introduces = Declared::Given(brought);
        fixture.case.hazard_log.retired.push(retired("H07"));
    });
    let brought: Vec<(&str, Standing)> = graph
        .links_out(at(&graph, "control:H01/H01.D1"))
        .map(|link| (link.node.id.as_str(), link.node.standing))
        .collect();
    assert_eq!(brought, [("H02", Standing::Present), ("H07", Standing::Retired), ("H09", Standing::Missing)]);
}

#[test]
fn two_senders_may_hand_over_one_id() {
    let graph = of(|fixture| {
        fixture.case.received = ["Maker Ltd", "A/S Host"].map(|from| received(from, "HAZ/1")).into();
        fixture.case.received[0].hazards.push("H01".to_owned());
    });
    assert_eq!(from(&graph, "sender:Maker Ltd"), ["handed-over received:Maker Ltd/HAZ%2F1"]);
    assert_eq!(from(&graph, "received:Maker Ltd/HAZ%2F1"), ["adopted-by hazard:H01"]);
    assert_eq!(from(&graph, "received:A%2FS Host/HAZ%2F1"), Vec::<String>::new());
    assert_eq!(graph.received().count(), 2);
}

#[test]
fn a_waiver_leads_to_its_check_and_its_hazard() {
    let graph = of(|fixture| {
        let of_hazard =
            |hazard: &str| crate::case::waiver::Waiver { hazard: some(hazard), ..waiver("C7", "cso") };
        fixture.case.waivers = vec![waiver("F16", "cso"), of_hazard("H01"), of_hazard("H99")];
    });
    assert_eq!(from(&graph, "waiver:1"), ["waives check:F16"]);
    assert_eq!(from(&graph, "waiver:2"), ["waives check:C7", "limited-to hazard:H01"]);
    assert!(graph.knows(Kind::Check, "C7") && !graph.knows(Kind::Hazard, "H99"));
}

#[test]
fn ids_with_a_slash_are_kept_apart() {
    let graph = of(|fixture| {
        let mut other = crate::assurance::testing::hazard("H01/A");
        other.controls[0].id = "B".to_owned();
        other.causes[0].controls = vec!["B".to_owned()];
        fixture.case.hazard_log.hazards.push(other);
        fixture.hazard().controls[0].id = "A/B".to_owned();
        fixture.hazard().causes[0].controls = vec!["A/B".to_owned()];
        fixture.case.evidence[0].controls =
            ["A/B", "H01/A/B", "H02/H02.D1", "H02/A/B"].map(str::to_owned).into();
    });
    assert_eq!(from(&graph, "cause:H01/H01.1"), ["controlled-by control:H01/A%2FB"]);
    assert_eq!(from(&graph, "cause:H01%2FA/H01%2FA.1"), ["controlled-by control:H01%2FA/B"]);
    let unknown: Vec<&str> =
        graph.nodes.iter().filter(|node| !node.is_known()).map(|node| node.id.as_str()).collect();
    assert_eq!(unknown, ["H02/A/B"]);
}

#[test]
fn what_is_said_twice_is_one_link() {
    let graph = of(|fixture| {
        fixture.case.risk_assessment[0].hazards.push("H01".to_owned());
        fixture.case.psa[0].discussed.push(discussion("H01", Some(Decision::Accept)));
        fixture.case.psa[0].discussed.push(discussion("H01", Some(Decision::Close)));
    });
    assert_eq!(
        from(&graph, "item:RA-1"),
        ["answered-by hazard:H01", "answered-by hazard:H02", "takes-up point:EP-1"]
    );
    assert_eq!(from(&graph, "session:PSA-1").len(), 3, "another decision is another link");
}

#[test]
fn a_log_alone_has_the_links_that_it_states() {
    let mut log = Fixture::new().case.hazard_log;
    log.hazards[0].controls[0].introduces = Declared::Given(vec!["H02".to_owned()]);
    let graph = Graph::of_log(&log);
    assert_eq!(graph.logged().count(), 2);
    assert_eq!(from(&graph, "control:H01/H01.D1"), ["introduces hazard:H02"]);
    assert!(graph.logged().flat_map(|hazard| graph.causes(hazard)).all(|cause| graph.is_answered(cause)));
}

#[test]
fn a_clause_is_shown_by_what_the_case_has() {
    let mut graph = of(|_| {});
    graph.show("6.3.2", Kind::Evidence, "EV-1");
    assert_eq!(from(&graph, "clause:6.3.2"), ["shown-by evidence:EV-1"]);
}

#[test]
fn the_json_form_is_sorted_and_does_not_depend_on_the_order_of_the_inputs() {
    let json = |reversed: bool| {
        let graph = of(|fixture| {
            fixture.case.risk_assessment.push(item("RA-2", &["H02", "H99"]));
            fixture.case.hazard_log.retired.push(retired("H98"));
            if reversed {
                fixture.case.risk_assessment.reverse();
                fixture.case.hazard_log.hazards.reverse();
            }
        });
        serde_json::to_value(graph).expect("a graph can be written")
    };
    let graph = json(false);
    assert_eq!(graph, json(true));
    let has = |list: &str, wanted: serde_json::Value| {
        let found = graph[list].as_array().is_some_and(|list| list.contains(&wanted));
        assert!(found, "{wanted} is not among the {list}: {graph:#}");
    };
    has("nodes", serde_json::json!({"id": "control:H01/H01.D1", "kind": "control"}));
    has("nodes", serde_json::json!({"id": "hazard:H99", "kind": "unknown"}));
    has("nodes", serde_json::json!({"id": "hazard:H98", "kind": "hazard", "retired": true}));
    has(
        "edges",
        serde_json::json!({"from": "session:PSA-1", "relation": "discussed", "to": "hazard:H01", "basis": "stated", "decision": "accept"}),
    );
    has(
        "edges",
        serde_json::json!({"from": "item:RA-2", "relation": "answered-by", "to": "hazard:H99", "basis": "stated"}),
    );
}

/// The kind after this one. A new kind does not compile until it is in the chain.
fn next_kind(kind: Kind) -> Option<Kind> {
    Some(match kind {
        Kind::Item => Kind::Question,
        Kind::Question => Kind::Point,
        Kind::Point => Kind::Step,
        Kind::Step => Kind::Hazard,
        Kind::Hazard => Kind::Cause,
        Kind::Cause => Kind::Control,
        Kind::Control => Kind::Evidence,
        Kind::Evidence => Kind::Session,
        Kind::Session => Kind::Action,
        Kind::Action => Kind::TestIssue,
        Kind::TestIssue => Kind::Incident,
        Kind::Incident => Kind::Recipient,
        Kind::Recipient => Kind::Sender,
        Kind::Sender => Kind::Received,
        Kind::Received => Kind::Waiver,
        Kind::Waiver => Kind::Check,
        Kind::Check => Kind::Clause,
        Kind::Clause => Kind::Section,
        Kind::Section => Kind::Part,
        Kind::Part => return None,
    })
}

/// The relation after this one, likewise.
fn next_relation(relation: Relation) -> Option<Relation> {
    use Relation as R;
    Some(match relation {
        R::AnsweredBy => R::TakesUp,
        R::TakesUp => R::HasCause,
        R::HasCause => R::HasExistingControl,
        R::HasExistingControl => R::HasControl,
        R::HasControl => R::ControlledBy,
        R::ControlledBy => R::Introduces,
        R::Introduces => R::EvidenceFor,
        R::EvidenceFor => R::EvidenceOfImplementation,
        R::EvidenceOfImplementation => R::EvidenceOfEffectiveness,
        R::EvidenceOfEffectiveness => R::Discussed,
        R::Discussed => R::Raised,
        R::Raised => R::Agreed,
        R::Agreed => R::ActionFor,
        R::ActionFor => R::TransferredTo,
        R::TransferredTo => R::HandedOver,
        R::HandedOver => R::AdoptedBy,
        R::AdoptedBy => R::BearsOn,
        R::BearsOn => R::Waives,
        R::Waives => R::LimitedTo,
        R::LimitedTo => R::ShownBy,
        R::ShownBy => return None,
    })
}

#[test]
fn the_page_in_the_repository_says_what_every_kind_and_relation_means() {
    let page = include_str!("../../../docs/graph.md");
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let kinds =
        std::iter::successors(Some(Kind::Item), |kind| next_kind(*kind)).map(|kind| kind.word().to_owned());
    let relations = std::iter::successors(Some(Relation::AnsweredBy), |relation| next_relation(*relation));
    assert_eq!(rows, kinds.chain(relations.map(word)).collect::<Vec<_>>());
}

mod any_references {
    use crate::assurance::assure;
    use crate::assurance::testing::{Fixture, discussion, hazard, item, session};
    use crate::case::psa::NewHazard;
    use proptest::prelude::*;
    use std::collections::HashSet;

    /// Ids of hazards, of which the log has H01 to H04.
    fn ids() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec((1..7_u8).prop_map(|number| format!("H{number:02}")), 0..5)
    }

    fn case(items: &[Vec<String>], sessions: &[(Vec<String>, Vec<String>)], controls: &[String]) -> Fixture {
        Fixture::with(|fixture| {
            let case = &mut fixture.case;
            case.hazard_log.hazards = ["H01", "H02", "H03", "H04"].map(hazard).into();
            case.hazard_log.hazards[0].controls[0].evidence.push("EV-9".to_owned());
            case.evidence[0].controls.extend(controls.iter().cloned());

            case.risk_assessment = (1..)
                .zip(items)
                .map(|(number, hazards)| {
                    let mut item = item(&format!("RA-{number}"), &[]);
                    item.hazards.clone_from(hazards);
                    item
                })
                .collect();
            case.psa = (1..)
                .zip(sessions)
                .map(|(number, (discussed, raised))| {
                    let mut session = session(&format!("PSA-{number}"), &[]);
                    session.discussed = discussed.iter().map(|hazard| discussion(hazard, None)).collect();
                    let raise = |hazard: &String| NewHazard {
                        hazard: Some(hazard.clone()),
                        description: "Raised".to_owned(),
                    };
                    session.new_hazards = raised.iter().map(raise).collect();
                    session
                })
                .collect();
        })
    }

    proptest! {
        #[test]
        fn the_rows_agree_with_each_other_and_with_their_counts(
            items in prop::collection::vec(ids(), 0..4),
            sessions in prop::collection::vec((ids(), ids()), 0..4),
            controls in ids(),
        ) {
            let fixture = case(&items, &sessions, &controls);
            let cross_reference = assure(&fixture.subject()).cross_reference;
            for hazard in &cross_reference.hazards {
                for item in &cross_reference.items {
                    prop_assert_eq!(item.hazards.contains(&hazard.key), hazard.origins.contains(&item.id));
                }
                for (session, (discussed, raised)) in cross_reference.sessions.iter().zip(&sessions) {
                    let (discussed, raised) = (discussed.contains(&hazard.key), raised.contains(&hazard.key));
                    prop_assert_eq!(hazard.sessions.contains(&session.id), discussed);
                    prop_assert_eq!(hazard.origins.contains(&session.id), raised);
                    prop_assert_eq!(session.hazards.contains(&hazard.key), discussed || raised);
                }
            }
            let keys: HashSet<&str> = cross_reference.hazards.iter().map(|row| row.key.as_str()).collect();
            let named = |known: &[String], unknown: &[String]| {
                known.iter().all(|id| keys.contains(id.as_str()))
                    && !unknown.iter().any(|id| keys.contains(id.as_str()))
            };
            for row in &cross_reference.items {
                prop_assert!(named(&row.hazards, &row.unknown_hazards));
            }
            for row in &cross_reference.sessions {
                prop_assert!(named(&row.hazards, &row.unknown_hazards));
            }
            let counts = &cross_reference.counts;
            prop_assert_eq!(counts.items, cross_reference.items.len());
            prop_assert_eq!(
                counts.items_answered + counts.items_partly + counts.items_not_applicable + counts.items_unanswered,
                counts.items
            );
            let without = |lacks: fn(&crate::assurance::cross_reference::HazardRow) -> bool| {
                cross_reference.hazards.iter().filter(|row| lacks(row)).count()
            };
            prop_assert_eq!(counts.hazards_without_origin, without(|row| row.origins.is_empty()));
            prop_assert_eq!(counts.hazards_not_reviewed, without(|row| row.sessions.is_empty()));
        }
    }
}
