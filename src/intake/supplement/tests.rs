use super::*;
use crate::case::hazard::{Cause, ControlKind};
use crate::intake::files::tests::case_folder;

fn control(id: &str, kind: ControlKind) -> Control {
    Control {
        id: id.to_owned(),
        kind,
        stated_type: None,
        text: format!("text of {id}"),
        owner: None,
        action: None,
        status: None,
        state: ControlState::NotGiven,
        transferred_to: None,
        evidence: Vec::new(),
        stated_evidence: None,
        introduces: Declared::NotGiven,
    }
}

/// Two hazards, each with a control of the id `SHARED`; the first with an inferred link.
pub(crate) fn log() -> HazardLog {
    let cause = Cause {
        id: "H1.1".to_owned(),
        text: "Wrong patient".to_owned(),
        controls: vec!["H1.E1".to_owned()],
        link: LinkBasis::Inferred,
        without_control: None,
    };
    let first = Hazard {
        key: "H1".to_owned(),
        id: "H1".to_owned(),
        name: Some("Mix-up".to_owned()),
        causes: vec![cause],
        existing_controls: vec![control("H1.E1", ControlKind::Existing)],
        controls: vec![control("H1.D1", ControlKind::Design), control("SHARED", ControlKind::Test)],
        ..Hazard::default()
    };
    let second = Hazard {
        key: "H2".to_owned(),
        id: "H2".to_owned(),
        controls: vec![control("SHARED", ControlKind::Test)],
        ..Hazard::default()
    };
    HazardLog { hazards: vec![first, second], ..HazardLog::default() }
}

fn apply_text(text: &str, log: &mut HazardLog) -> Result<Provenance, InputError> {
    let (_directory, folder) = case_folder(&[("supplement.toml", text)]);
    apply(&read(&folder, "supplement.toml")?, log)
}

fn error(text: &str) -> String {
    apply_text(text, &mut log()).unwrap_err().to_string()
}

#[test]
fn a_hazard_gets_what_the_log_has_no_room_for() {
    let mut log = log();
    let provenance = apply_text(
        "[[hazard]]\nid = \"H1\"\ncondition = \"both\"\nrisk_benefit = \"Faster care\"\ntransferred_to = \"Trust\"\n\
         residual_acceptance = { by = \"ab\", on = 2026-09-01, reason = \"Rare\" }\n",
        &mut log,
    )
    .unwrap();
    let hazard = &log.hazards[0];
    assert_eq!(hazard.condition, Some(Condition::Both));
    assert_eq!(hazard.risk_benefit, Some(RiskBenefit::from("Faster care")));
    assert_eq!(hazard.residual_acceptance.as_ref().unwrap().reason, "Rare");
    assert_eq!(hazard.initial_acceptance, None);
    assert_eq!(provenance.place("hazards/H1/residual_acceptance"), Some(Place::line("supplement.toml", 6)));
}

#[test]
fn a_control_gets_owner_status_and_recipient() {
    let mut log = log();
    apply_text(
        "[[control]]\nhazard = \"H2\"\nid = \"SHARED\"\nowner = \"Ops\"\nstatus = \"Complete\"\n",
        &mut log,
    )
    .unwrap();
    assert_eq!(log.hazards[1].controls[0].owner.as_deref(), Some("Ops"));
    assert_eq!(log.hazards[1].controls[0].state, ControlState::Closed);
    assert_eq!(log.hazards[0].controls[1].owner, None);
}

#[test]
fn a_stated_link_replaces_an_inferred_one_and_joins_a_stated_one() {
    let link = "[[link]]\nhazard = \"H1\"\ncause = \"H1.1\"\ncontrols = [\"H1.D1\"]\n";
    let mut inferred = log();
    apply_text(link, &mut inferred).unwrap();
    assert_eq!(inferred.hazards[0].causes[0].controls, ["H1.D1"]);
    assert_eq!(inferred.hazards[0].causes[0].link, LinkBasis::Stated);

    let mut stated = log();
    stated.hazards[0].causes[0].link = LinkBasis::Stated;
    apply_text(link, &mut stated).unwrap();
    assert_eq!(stated.hazards[0].causes[0].controls, ["H1.E1", "H1.D1"]);

    let mut none = log();
    apply_text(&link.replace("\"H1.D1\"", ""), &mut none).unwrap();
    assert_eq!(none.hazards[0].causes[0].link, LinkBasis::None);
}

#[test]
fn unknown_names_are_refused_with_the_likely_one() {
    let cases = [
        ("[[hazard]]\nid = \"H01\"\n", "The hazard log has no hazard \"H01\"", "line 2", "\"H1\"?"),
        (
            "[[control]]\nhazard = \"H1\"\nid = \"H1.D7\"\n",
            "Hazard H1 has no control \"H1.D7\"",
            "line 3",
            "\"H1.D1\"?",
        ),
        (
            "[[link]]\nhazard = \"H1\"\ncause = \"H1.2\"\ncontrols = []\n",
            "Hazard H1 has no cause \"H1.2\"",
            "line 3",
            "\"H1.1\"?",
        ),
        (
            "[[link]]\nhazard = \"H1\"\ncause = \"H1.1\"\ncontrols = [\"H1.E2\"]\n",
            "Hazard H1 has no control \"H1.E2\"",
            "line 4",
            "\"H1.E1\"?",
        ),
    ];
    for (text, what, line, nearest) in cases {
        let error = error(text);
        assert!(error.starts_with(what) && error.contains(line) && error.contains(nearest), "{error}");
    }
}

#[test]
fn an_entry_that_is_there_twice_is_refused() {
    let text = error("[[hazard]]\nid = \"H1\"\n[[hazard]]\nid = \"H1\"\n");
    assert!(text.contains("The hazard id \"H1\" is used twice, first at line 1"), "{text}");
    let link = "[[link]]\nhazard = \"H1\"\ncause = \"H1.1\"\ncontrols = []\n";
    let text = error(&format!("{link}{link}"));
    assert!(text.contains("The cause id \"H1/H1.1\" is used twice"), "{text}");
}

#[test]
fn a_supplement_may_not_contradict_the_log() {
    let mut log = log();
    log.hazards[0].controls[0].owner = Some("Supplier".to_owned());
    let entry = |owner: &str| format!("[[control]]\nhazard = \"H1\"\nid = \"H1.D1\"\nowner = \"{owner}\"\n");
    apply_text(&entry("Supplier"), &mut log).unwrap();
    let error = apply_text(&entry("Trust"), &mut log).unwrap_err().to_string();
    assert!(
        error.starts_with("The supplement says owner \"Trust\", and the hazard log says \"Supplier\""),
        "{error}"
    );
    assert!(error.contains("supplement.toml, line 4"), "{error}");
}

#[test]
fn a_hazard_may_be_rated_by_another_policy_of_the_case() {
    let (_directory, folder) =
        case_folder(&[("supplement.toml", "[[hazard]]\nid = \"H1\"\nrisk_policy = \"own\"\n")]);
    let supplement = read(&folder, "supplement.toml").unwrap();
    let own = RiskPolicy { id: "own".to_owned(), ..RiskPolicy::nhs() };
    let known = [RiskPolicy::nhs(), own];
    let chosen = policies(&supplement, &known).unwrap();
    assert_eq!(chosen.get("H1").map(|policy| policy.id.as_str()), Some("own"));
    let place = apply(&supplement, &mut log()).unwrap().place("hazards/H1/initial/policy");
    assert_eq!(place, Some(Place::line("supplement.toml", 3)));

    let error = policies(&supplement, &known[..1]).unwrap_err().to_string();
    assert!(error.starts_with("The case has no risk policy \"own\""), "{error}");
    assert!(error.contains("at: supplement.toml, line 3"), "{error}");
}

#[test]
fn a_benefit_analysis_a_reappraisal_and_a_reason_for_the_severity_have_their_lines() {
    let mut log = log();
    let provenance = apply_text(
        "[[hazard]]\nid = \"H1\"\nseverity_reason = \"Doses are capped\"\n\
         risk_benefit = { analysis = \"Slower care\", outcome = \"risk-outweighs\" }\nreappraisal = \"Withdrawn\"\n",
        &mut log,
    )
    .unwrap();
    let hazard = &log.hazards[0];
    assert_eq!(hazard.severity_reason.as_deref(), Some("Doses are capped"));
    assert_eq!(
        hazard.risk_benefit.as_ref().unwrap().outcome,
        Some(crate::case::hazard::BenefitOutcome::RiskOutweighs)
    );
    assert_eq!(hazard.reappraisal.as_deref(), Some("Withdrawn"));
    for (field, line) in [("severity_reason", 3), ("risk_benefit", 4), ("reappraisal", 5)] {
        let place = provenance.place(&format!("hazards/H1/{field}"));
        assert_eq!(place, Some(Place::line("supplement.toml", line)), "{field}");
    }
}

#[test]
fn a_control_says_what_hazards_it_brings() {
    let entry = |what: &str| format!("[[control]]\nhazard = \"H1\"\nid = \"H1.D1\"\nintroduces = {what}\n");
    let introduced = |what: &str| {
        let mut log = log();
        apply_text(&entry(what), &mut log).unwrap();
        log.hazards[0].controls[0].introduces.clone()
    };
    assert_eq!(introduced("\"none\""), Declared::DeclaredNone);
    assert_eq!(introduced("[\"H2\"]"), Declared::Given(vec!["H2".to_owned()]));
    let error = error(&entry("[]"));
    assert!(error.contains("line 4") && error.contains("introduces = \"none\""), "{error}");
}

#[test]
fn a_retired_hazard_has_its_record_and_is_no_longer_in_the_log() {
    let entry = |id: &str| {
        format!("[[retired]]\nid = \"{id}\"\non = 2026-02-03\nby = \"cso\"\nreason = \"Joined with H1\"\n")
    };
    let mut log = log();
    let provenance = apply_text(&entry("H7"), &mut log).unwrap();
    assert_eq!(log.retired[0].reason, "Joined with H1");
    assert_eq!(provenance.place("hazard_log/retired/H7"), Some(Place::line("supplement.toml", 2)));
    let still = error(&entry("H1"));
    assert!(
        still.starts_with("The supplement retires the hazard \"H1\", and the hazard log still has it"),
        "{still}"
    );
    let twice = error(&(entry("H7") + &entry("H7")));
    assert!(twice.contains("The retired hazard id \"H7\" is used twice"), "{twice}");
}
