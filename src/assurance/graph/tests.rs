use super::{Graph, Kind, Relation};
use crate::assurance::testing::{Fixture, discussion, item, some};
use crate::case::psa::Decision;
use crate::case::system::{Declared, TestIssue};

fn of(spoil: impl FnOnce(&mut Fixture)) -> Graph {
    Graph::of(&Fixture::with(spoil).case)
}

/// What the links from a node lead to, each as `relation id`.
fn from(graph: &Graph, kind: Kind, id: &str) -> Vec<String> {
    let words = |relation: Relation| serde_json::to_value(relation).expect("a word");
    graph
        .links_from(kind, id)
        .map(|link| format!("{} {}", words(link.relation).as_str().unwrap_or_default(), link.node.id))
        .collect()
}

#[test]
fn a_hazard_leads_to_its_causes_controls_and_their_evidence() {
    let graph = of(|fixture| {
        fixture.hazard().transferred_to = some("The hospital");
        fixture.hazard().causes[0].controls.push("H01.D9".to_owned());
    });
    assert_eq!(
        from(&graph, Kind::Hazard, "H01"),
        [
            "has-existing-control H01/H01.E1",
            "has-control H01/H01.D1",
            "has-cause H01/H01.1",
            "transferred-to The hospital"
        ]
    );
    assert_eq!(
        from(&graph, Kind::Cause, "H01/H01.1"),
        ["controlled-by H01/H01.D1", "controlled-by H01/H01.D9"]
    );
    assert!(graph.knows(Kind::Control, "H01/H01.D1") && !graph.knows(Kind::Control, "H01/H01.D9"));
    let shown: Vec<&str> = graph
        .links_to(Kind::Control, "H01/H01.D1")
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
        graph.nodes.iter().filter(|node| !node.known).map(|node| node.id.as_str()).collect();
    assert_eq!(unknown, ["H01.D9", "H99"]);
    let on_h99: Vec<(&str, Option<Decision>)> =
        graph.links_to(Kind::Hazard, "H99").map(|link| (link.node.id.as_str(), link.decision)).collect();
    assert_eq!(on_h99, [("PSA-1", Some(Decision::Close)), ("TI-1", None)]);
}

#[test]
fn a_clause_is_shown_by_what_the_case_has() {
    let mut graph = of(|_| {});
    graph.show("6.3.2", Kind::Evidence, "EV-1");
    assert_eq!(from(&graph, Kind::Clause, "6.3.2"), ["shown-by EV-1"]);
}

#[test]
fn the_json_form_is_sorted_and_does_not_depend_on_the_order_of_the_inputs() {
    let json = |reversed: bool| {
        let graph = of(|fixture| {
            fixture.case.risk_assessment.push(item("RA-2", &["H02", "H99"]));
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
    has(
        "edges",
        serde_json::json!({"from": "session:PSA-1", "relation": "discussed", "to": "hazard:H01", "basis": "stated", "decision": "accept"}),
    );
    has(
        "edges",
        serde_json::json!({"from": "item:RA-2", "relation": "answered-by", "to": "hazard:H99", "basis": "stated"}),
    );
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
