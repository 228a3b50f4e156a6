use super::*;
use crate::assurance::testing::{case, control, hazard, some};
use crate::case::hazard::{Control, ControlKind};

/// H01 is transferred, H02 has controls of its own and of two others, H03 is nobody else's.
fn manufacturers() -> Case {
    let mut case = case();
    let mut whole = hazard("H01");
    whole.transferred_to = some("The deploying organisation");
    let mut partly = hazard("H02");
    let given = |id: &str, text: &str, to: &str, action: Option<&str>| Control {
        text: text.to_owned(),
        transferred_to: some(to),
        action: action.map(str::to_owned),
        ..control(id, ControlKind::Training)
    };
    partly.controls.push(given("H02.T1", "Users are trained", "The trust", Some("Not before go-live")));
    partly.controls.push(given(
        "H02.T2",
        "Links are watched",
        "The network",
        Some("Agree the service level"),
    ));
    case.hazard_log.hazards = vec![whole, partly, hazard("H03")];
    case
}

fn made(case: &Case) -> HandOver {
    of(case, "2026-09-14".parse().unwrap()).unwrap().unwrap()
}

#[test]
fn all_that_is_transferred_comes_back_as_received_and_nothing_else() {
    let case = manufacturers();
    let made = made(&case);
    assert_eq!((made.hazards, made.controls, made.lost.as_slice()), (1, 2, [].as_slice()));
    let received = read_back(&case, &made.bytes).unwrap();
    let told: Vec<(&str, bool, Option<&str>)> = received
        .iter()
        .map(|back| (back.id.as_str(), back.transferred, back.transferred_to.as_deref()))
        .filter(|(id, ..)| !id.contains('/'))
        .collect();
    assert_eq!(told, [("R:H01", true, None), ("R:H02", false, None)]);
    let controls: Vec<(&str, Option<&str>)> = received
        .iter()
        .filter(|back| back.control_of.is_some())
        .map(|back| (back.text.as_deref().unwrap_or_default(), back.transferred_to.as_deref()))
        .collect();
    assert_eq!(
        controls,
        [("Users are trained", Some("The trust")), ("Links are watched", Some("The network"))]
    );
    assert!(
        received.iter().all(|back| back.hazards.is_empty() && back.refusal().is_none()),
        "nothing is decided"
    );
}

#[test]
fn an_existing_control_that_the_deployer_keeps_up_is_handed_over_too() {
    let mut case = manufacturers();
    case.hazard_log.hazards.truncate(1);
    let existing = &mut case.hazard_log.hazards[0].existing_controls[0];
    existing.transferred_to = some("The trust");
    existing.text = "Paper is kept ready".to_owned();
    let made = made(&case);
    assert_eq!((made.controls, made.lost.as_slice()), (1, [].as_slice()));
}

#[test]
fn a_case_that_transfers_nothing_hands_nothing_over() {
    assert_eq!(of(&case(), "2026-09-14".parse().unwrap()).unwrap(), None);
}

#[test]
fn the_lines_for_the_deployer_are_toml() {
    let mut case = manufacturers();
    case.organisation.name = some("Example \"Health\" Ltd");
    let lines: toml::Table = toml::from_str(&entry(&case, "from-maker/log.xlsx")).unwrap();
    let log = &lines["hazard_logs"][0];
    assert_eq!(log["kind"].as_str(), Some("manufacturer"));
    assert_eq!(log["from"].as_str(), Some("Example \"Health\" Ltd"));
    assert_eq!(
        (short_id("Referral Hub"), short_id("e-RS"), short_id("Hub"), short_id("")),
        ("RH".into(), "ER".into(), "HUB".into(), "MFR".into())
    );
}
